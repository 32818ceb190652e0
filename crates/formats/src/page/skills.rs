//! Skills by week: offered, asked for, what remains; and what one more worker would be worth.

use maud::{Markup, html};
use tiaoji_core::scenario::{SkillIx, Span};
use tiaoji_core::units::{MicroFen, round_half_up};

use super::facts::{Balance, Facts};
use super::picture;
use super::table::{Cell, Table, cut};
use crate::pictures::{Caption, Heat, Leads, heat};
use crate::worth::worths;

/// Rows of a picture.
const DRAWN: usize = 24;
/// Rows of a table.
const ROWS: usize = 200;
/// Millionths of a fen in a yuan.
const YUAN: i128 = 100_000_000;

/// Id, tone, title in both languages, and what is shown.
type Panel = (&'static str, char, (&'static str, &'static str), fn(&Balance) -> i64);

impl Facts<'_> {
    /// Skills that anybody offers or asks for, those with the most worker-days first.
    fn busy_skills(&self) -> Vec<(SkillIx, Balance)> {
        let total = |periods: &Vec<Balance>| {
            let mut sum = Balance::default();
            for b in periods {
                sum.offered += b.offered;
                sum.asked += b.asked;
                sum.open += b.open;
                sum.idle += b.idle;
            }
            sum
        };
        let sums = (0..).map(SkillIx).zip(self.balance.iter().map(total));
        let mut skills: Vec<_> = sums.filter(|(_, sum)| sum.offered + sum.asked > 0).collect();
        skills.sort_by_key(|&(skill, sum)| (std::cmp::Reverse(sum.offered + sum.asked), skill));
        skills
    }

    pub(super) fn skills(&self) -> Option<Markup> {
        let skills = self.busy_skills();
        if skills.is_empty() {
            return None;
        }
        let names: Vec<String> = self.periods.iter().map(|(name, _)| name.clone()).collect();
        let row = |skill: SkillIx, of: fn(&Balance) -> i64| -> (SkillIx, Vec<i64>) {
            (skill, self.balance[skill.index()].iter().map(of).collect())
        };
        let first_days = self.first_days();
        let most = self.balance.iter().flatten().map(|b| b.offered.max(b.asked)).max().unwrap_or(1).max(1);
        let panels: [Panel; 4] = [
            ("asked", 'b', ("Asked for, worker-days", "缺工（人天）"), |b| b.asked),
            ("offered", 'a', ("Offered, worker-days", "余工（人天）"), |b| b.offered),
            ("open", 'c', ("Still open with this plan", "调剂后仍缺"), |b| b.open),
            ("idle", 'd', ("Still idle with this plan", "调剂后闲置"), |b| b.idle),
        ];
        let panels = panels.map(|(id, tone, (en, zh), of)| {
            let title = self.say(en, zh);
            let drawn = skills.iter().take(DRAWN).map(|&(skill, _)| row(skill, of));
            let rows: Vec<(SkillIx, Vec<i64>)> = drawn.filter(|(_, values)| values.iter().any(|v| *v != 0)).collect();
            let leads: Option<Vec<String>> = rows.iter().map(|(skill, _)| self.of_skill(*skill)).collect();
            let leads = leads.as_deref().map(|rows| Leads { rows, columns: &first_days });
            let rows: Vec<(String, Vec<i64>)> =
                rows.iter().map(|(skill, values)| (self.skill(*skill).to_string(), values.clone())).collect();
            let peak = rows.iter().max_by_key(|(_, values)| values.iter().sum::<i64>());
            let description = peak.map_or(String::new(), |(name, values)| {
                let days = self.worker_days(values.iter().sum());
                self.language.choose(format!("Most: {name}, {days} in all."), format!("最多：{name}，共 {days}。"))
            });
            let id = format!("skills-{id}");
            let caption = Caption { id: &id, title, description: &description };
            let svg = heat(&Heat { caption, columns: &names, rows: &rows, most, tone, leads });
            html! { h3 { (title) } @if rows.is_empty() { p { (self.say("Nothing.", "无。")) } } @else { (picture(title, svg)) } }
        });
        let totals = skills.iter().map(|&(skill, sum)| -> Vec<Cell> {
            vec![
                self.skill(skill).into(),
                sum.asked.into(),
                (sum.asked - sum.open).into(),
                sum.open.into(),
                sum.offered.into(),
                (sum.offered - sum.idle).into(),
                sum.idle.into(),
            ]
        });
        let (rows, more) = cut(totals.collect(), ROWS);
        let heads = |first: &[(&'static str, bool)]| -> Vec<(&'static str, bool)> {
            let numbers = [
                self.say("Asked", "缺工"),
                self.say("Filled", "满足"),
                self.say("Open", "仍缺"),
                self.say("Offered", "余工"),
                self.say("Lent", "借出"),
                self.say("Idle", "闲置"),
            ];
            first.iter().copied().chain(numbers.map(|name| (name, true))).collect()
        };
        let table = Table {
            caption: self.say("Worker-days by skill", "各工种人天"),
            heads: heads(&[(self.say("Skill", "工种"), false)]),
            rows,
            more,
        };
        let weekly = self
            .weekly(&skills, heads(&[(self.say("Skill", "工种"), false), (self.say("From", "自"), false)]));
        Some(html! {
            p {
                (self.say(
                    "The stronger the colour, the more; all four pictures share one scale, and columns start on the date above them.",
                    "颜色越深，人天越多；四幅图用同一标尺，列标题为起始日期。",
                ))
                @if skills.len() > DRAWN {
                    (self.say(" ", "")) (self.language.choose(
                        format!("The {DRAWN} largest of {} skills are drawn; the table has all.", skills.len()),
                        format!("图中为 {} 个工种中最大的 {DRAWN} 个，其余见表。", skills.len())))
                }
            }
            @for panel in &panels { (panel) }
            (self.table(&table))
            div class="on-screen" { (self.folded(&weekly)) }
        })
    }

    /// What stays open alone: the picture, and its table.
    pub(super) fn open_by_week(&self) -> Markup {
        let names: Vec<String> = self.periods.iter().map(|(name, _)| name.clone()).collect();
        let of =
            |skill: SkillIx| -> Vec<i64> { self.balance[skill.index()].iter().map(|b| b.open).collect() };
        let mut rows: Vec<(SkillIx, Vec<i64>)> =
            self.busy_skills().iter().map(|&(skill, _)| (skill, of(skill))).collect();
        rows.retain(|(_, open)| open.iter().any(|days| *days != 0));
        rows.sort_by_key(|(_, open)| std::cmp::Reverse(open.iter().sum::<i64>())); // stable
        let Some((foremost, open)) = rows.first() else {
            return html! { p { (self.say("Nothing.", "无。")) } };
        };
        let foremost = self.skill(*foremost);
        let days = self.worker_days(open.iter().sum());
        let description = self
            .language
            .choose(format!("Most: {foremost}, {days} in all."), format!("最多：{foremost}，共 {days}。"));
        let title = self.say("Still open, worker-days by skill and week", "各工种每周仍缺人天");
        let table_row = |(skill, open): &(SkillIx, Vec<i64>)| {
            let weeks = (0..).zip(open).filter(|(_, days)| **days != 0);
            weeks
                .map(|(at, days)| vec![self.skill(*skill).into(), self.period(*skill, at), (*days).into()])
                .collect::<Vec<_>>()
        };
        let (listed, more) = cut(rows.iter().flat_map(table_row).collect(), ROWS);
        rows.truncate(DRAWN);
        let first_days = self.first_days();
        let leads: Option<Vec<String>> = rows.iter().map(|(skill, _)| self.of_skill(*skill)).collect();
        let leads = leads.as_deref().map(|rows| Leads { rows, columns: &first_days });
        let rows: Vec<(String, Vec<i64>)> =
            rows.into_iter().map(|(skill, open)| (self.skill(skill).to_string(), open)).collect();
        let most = rows.iter().flat_map(|(_, open)| open).copied().max().unwrap_or(1);
        let caption = Caption { id: "open-by-week", title, description: &description };
        let svg = heat(&Heat { caption, columns: &names, rows: &rows, most, tone: 'c', leads });
        let heads = vec![
            (self.say("Skill", "工种"), false),
            (self.say("From", "自"), false),
            (self.say("Open", "仍缺"), true),
        ];
        html! {
            p { (description) }
            (picture(title, svg))
            // a field a line: on paper the picture says the same on half a page
            div class="on-screen" { (self.folded(&Table { caption: title, heads, rows: listed, more })) }
        }
    }

    /// A period of a skill by its name, which leads to its page where there is one.
    fn period(&self, skill: SkillIx, at: usize) -> Cell {
        let (name, span) = &self.periods[at];
        match self.of_skill(skill) {
            Some(page) => {
                Cell::Leads(name.clone(), format!("{page}/{}", self.scenario.days().day(span.start)))
            }
            None => name.as_str().into(),
        }
    }

    fn weekly<'t>(&self, skills: &[(SkillIx, Balance)], heads: Vec<(&'t str, bool)>) -> Table<'t>
    where
        Self: 't,
    {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for &(skill, _) in skills {
            for (b, at) in self.balance[skill.index()].iter().zip(0..) {
                if *b != Balance::default() {
                    let numbers = [b.asked, b.asked - b.open, b.open, b.offered, b.offered - b.idle, b.idle];
                    let texts = [self.skill(skill).into(), self.period(skill, at)];
                    rows.push(texts.into_iter().chain(numbers.map(Cell::Number)).collect());
                }
            }
        }
        let (rows, more) = cut(rows, 2 * ROWS);
        let caption = self.language.choose("Worker-days by skill and week", "各工种每周人天");
        Table { caption, heads, rows, more }
    }

    pub(super) fn worth(&self) -> Option<Markup> {
        let spans: Vec<Span> = self.periods.iter().map(|(_, span)| *span).collect();
        let worth = worths(self.scenario, self.plan, &spans)?;
        let columns: Vec<String> = self.periods.iter().map(|(name, _)| name.clone()).collect();
        let yuan = |micro: &MicroFen| round_half_up(i128::from(*micro), YUAN) as i64;
        let rows: Vec<(String, Vec<i64>)> = self
            .busy_skills()
            .into_iter()
            .map(|(skill, _)| {
                (self.skill(skill).to_string(), worth[skill.index()].iter().map(yuan).collect())
            })
            .filter(|(_, values): &(String, Vec<i64>)| values.iter().any(|v| *v != 0))
            .collect();
        let most = rows.iter().flat_map(|(_, values)| values).copied().max().unwrap_or(1).max(1);
        let title = self.say("CNY a day for one more worker", "多一名职工每天的价值（元）");
        let best = rows.iter().max_by_key(|(_, values)| values.iter().sum::<i64>());
        let description = best.map_or(String::new(), |(name, _)| {
            self.language
                .choose(format!("Worth most over the whole time: {name}."), format!("全期价值最高：{name}。"))
        });
        let svg = heat(&Heat {
            caption: Caption { id: "worth-p", title, description: &description },
            columns: &columns,
            rows: &rows[..rows.len().min(DRAWN)],
            most,
            tone: 'd',
            leads: None,
        });
        let heads = std::iter::once((self.say("Skill", "工种"), false));
        let table = Table {
            caption: title,
            heads: heads.chain(columns.iter().map(|name| (name.as_str(), true))).collect(),
            rows: rows
                .iter()
                .take(ROWS)
                .map(|(name, values)| {
                    std::iter::once(name.as_str().into())
                        .chain(values.iter().map(|v| Cell::Number(*v)))
                        .collect()
                })
                .collect(),
            more: rows.len().saturating_sub(ROWS),
        };
        Some(html! {
            p {
                (self.say(
                    "What the zone would save by one more worker of that skill, at the place that needs them most, trained for \
                     it if need be, on the best day of the week, what lending, a start and training would cost left out. It \
                     comes from the prices behind the bound, and is for a single worker and a single day. ",
                    "在最需要的企业、当周最好的一天，多一名该工种职工可为园区节省的金额，含允许的培训后转岗，未扣除出借、\
                     上岗与培训成本。由下界背后的价格得出，仅指单人单日。",
                ))
                (self.proven())
            }
            (picture(title, svg))
            (self.folded(&table))
        })
    }

    /// What the prices prove of the worth of one more: `bound - price` is a bound of the zone with one more worker, so that
    /// what that worker saves is at most the price and what the plan may have missed.
    fn proven(&self) -> String {
        let missed = self.plan.objective_fen - self.plan.bound_fen;
        match missed {
            _ if self.plan.bound_by != "prices" => self.language.choose(
                "An estimate, not a limit: these prices alone do not prove this plan's bound.".to_string(),
                "这是估计，并非上限：本方案的下界并非仅由这些价格证明。".to_string(),
            ),
            0 => self.language.choose(
                "It is a proven limit: this plan is the best, and no such worker saves more.".to_string(),
                "这是已证明的上限：本方案已是最优，多一人节省的金额不会超过它。".to_string(),
            ),
            _ => {
                let missed = self.yuan(missed);
                self.language.choose(
                    format!(
                        "An estimate, not a limit: this plan may have missed up to {missed}, and proven is only that no \
                         such worker saves more than the figure and that amount together."
                    ),
                    format!("这是估计，并非上限：本方案最多还可改进 {missed}，能证明的只是多一人节省的金额不超过该数与此差额之和。"),
                )
            }
        }
    }
}
