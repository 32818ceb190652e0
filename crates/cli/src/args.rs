//! What may stand on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum, value_parser};
use clap_complete::Shell;
use tiaoji_core::plan::Method;
use tiaoji_core::units::Day;
use tiaoji_formats::duration;
use tiaoji_formats::messages::Language;

use crate::text;

/// Shared labour (共享用工): who lends how many workers to whom, and when.
#[derive(Debug, Parser)]
#[command(name = "tiaoji", version, arg_required_else_help = true, after_help = ABOUT_ALL)]
pub struct Args {
    /// Language of tables and faults [default: from `LC_ALL`, `LC_MESSAGES` or `LANG`]
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// The language asked for, else that of the environment.
    pub fn language(&self) -> Language {
        match self.lang {
            Some(Lang::Zh) => Language::Zh,
            Some(Lang::En) => Language::En,
            None => text::language_of(|name| std::env::var(name).ok()),
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

const ABOUT_ALL: &str = "\
A SCENARIO is a folder (scenario.toml and its CSV tables), an .xlsx workbook or one .json document.

Examples:
  tiaoji match fixtures/jibei                    make a plan and show it
  tiaoji match fixtures/jibei --out plan.json    and keep it
  tiaoji check fixtures/jibei plan.json          have it refereed

Exit status:
  0  done            1  check, replay or compare found a violation or a difference
  2  wrong usage     3  the input has defects, is missing or is not of its shape
  4  internal error, or the output could not be written";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a plan for a scenario, with a proven bound
    Match(MatchArgs),
    /// Show the defects of a scenario; with a plan, the referee's verdict
    Check(CheckArgs),
    /// Say why postings stay unfilled or idle, and what would change it
    Explain(ExplainArgs),
    /// Rank the partners that one posting, there or new, could have, by what each brings the whole zone
    Options(OptionsArgs),
    /// Solve a scenario with other values, alone or in a row
    WhatIf(WhatIfArgs),
    /// Put two plans of a scenario side by side
    Compare(CompareArgs),
    /// Turn a plan into a page or a workbook to look at, or into draft agreements to sign
    Report(ReportArgs),
    /// Solve every scenario below some folders and compare each with its expect.json
    Replay(ReplayArgs),
    /// Turn a scenario folder, an .xlsx workbook or a .json document into another of the three
    Convert(ConvertArgs),
    /// Write a workbook for an officer to fill, or the texts of the agreements for a zone to change
    Template(TemplateArgs),
    /// Make up a zone
    Generate(GenerateArgs),
    /// Print the JSON Schema of a document
    Schema(SchemaArgs),
    /// Print the completion script of a shell
    Completions(CompletionsArgs),
}

/// How to solve.
#[derive(Debug, clap::Args)]
pub struct SolveArgs {
    /// How the plan is made; auto takes what proves best within the limit
    #[arg(long, default_value = "auto", value_parser = method_parser())]
    pub method: Method,

    /// Stop at this share of the possible benefit missed [default: 0 for daily and exact, else 0.0005]
    #[arg(long, value_name = "G", value_parser = gap)]
    pub gap: Option<f64>,

    /// Stop with the best plan so far after this long: 500ms, 15s, 2m or bare seconds
    #[arg(long, value_name = "D", default_value = "60s", value_parser = duration)]
    pub time_limit: Duration,

    /// Threads to use; changes no result [default: all]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

fn method_parser() -> impl TypedValueParser<Value = Method> {
    PossibleValuesParser::new(Method::ALL.map(Method::name))
        .map(|name| Method::ALL.into_iter().find(|method| method.name() == name).unwrap_or_default())
}

fn day(text: &str) -> Result<Day, &'static str> {
    let mut parts = text.split('-');
    let mut next = || parts.next().unwrap_or_default();
    let (year, month, day) = (next().parse(), next().parse(), next().parse());
    let day = year.ok().zip(month.ok()).zip(day.ok()).and_then(|((y, m), d)| Day::new(y, m, d));
    day.filter(|&day| (Day::MIN..=Day::MAX).contains(&day)).ok_or("a date is like 2022-06-20")
}

fn gap(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(gap) if gap.is_finite() && gap >= 0.0 => Ok(gap),
        _ => Err("a gap is a fraction of 0 or more, like 0.001"),
    }
}

/// `match`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Ctrl-C or the time limit ends the run with the best plan so far and its gap (exit status 0).

Examples:
  tiaoji match fixtures/jibei
  tiaoji match fixtures/jibei --lang zh --out plan.json
  tiaoji match fixtures/jibei-peak --time-limit 15s --gap 0.001
  tiaoji match scenario.json --json --prices > plan.json
  tiaoji match changed.json --start-from plan.json --prices --out new-plan.json")]
pub struct MatchArgs {
    /// A scenario folder, .xlsx workbook or .json document
    pub scenario: PathBuf,

    #[command(flatten)]
    pub solve: SolveArgs,

    /// Start from an earlier plan, and keep it as far as the policy's `stability` makes worth it; its postings that the
    /// scenario does not have any more are withdrawn
    #[arg(long, value_name = "PLAN.json")]
    pub start_from: Option<PathBuf>,

    /// Write the prices that prove the bound into the plan; a plan that starts from it is done the sooner
    #[arg(long)]
    pub prices: bool,

    /// Write the plan into this file (exit status 4 where that fails)
    #[arg(long, value_name = "PLAN.json")]
    pub out: Option<PathBuf>,

    /// Print the plan, or the faults, as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit status: 0 nothing wrong (warnings go on), 1 the plan breaks a rule or states a wrong figure,
3 the scenario has defects, or either file is missing or not of its shape.

Examples:
  tiaoji check fixtures/jibei
  tiaoji check fixtures/jibei plan.json --json")]
pub struct CheckArgs {
    /// A scenario folder, .xlsx workbook or .json document
    pub scenario: PathBuf,

    /// A plan, as `match --out` writes it
    #[arg(value_name = "PLAN.json")]
    pub plan: Option<PathBuf>,

    /// Print defects, warnings and violations as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Every remedy is a single change, made and solved on from the plan; none is one that the labour rules forbid.
A plan without prices (`match --prices` writes them) is priced first.

Exit status: 0 explained, 1 the plan breaks a rule or states a wrong figure,
3 the scenario has defects, a file is missing or not of its shape, or no posting has that id.

Examples:
  tiaoji explain fixtures/jibei plan.json
  tiaoji explain fixtures/jibei plan.json D017 --lang zh
  tiaoji explain fixtures/jibei plan.json --json")]
pub struct ExplainArgs {
    /// A scenario folder, .xlsx workbook or .json document
    pub scenario: PathBuf,

    /// A plan, as `match --out` writes it
    #[arg(value_name = "PLAN.json")]
    pub plan: PathBuf,

    /// The posting to explain [default: all; the tables show the largest shortages]
    #[arg(value_name = "ID")]
    pub id: Option<String>,

    /// The first three remedies of each are solved until they miss at most this share of the possible benefit [default:
    /// the plan's gap]
    #[arg(long, value_name = "G", value_parser = gap)]
    pub gap: Option<f64>,

    /// Leave the remedies that are not solved so far by then as they are found at once: they bring at least that
    #[arg(long, value_name = "D", default_value = "5s", value_parser = tiaoji_formats::duration)]
    pub time_limit: Duration,

    /// Print everything as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `options`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A new posting is a .json file with one object, its keys those of a row in a scenario document.

Examples:
  tiaoji options fixtures/jibei plan.json --shortage D017
  tiaoji options fixtures/jibei plan.json --shortage new.json --lang zh
  tiaoji options fixtures/jibei plan.json --surplus S042 --json")]
#[command(group(clap::ArgGroup::new("posting").required(true).args(["shortage", "surplus"])))]
pub struct OptionsArgs {
    /// A scenario folder, .xlsx workbook or .json document
    pub scenario: PathBuf,

    /// A plan, as `match --prices --out` writes it (without prices they are found first)
    #[arg(value_name = "PLAN.json")]
    pub plan: PathBuf,

    /// Who could lend to this shortage: its id, or a file with a new one
    #[arg(long, value_name = "ID|FILE")]
    pub shortage: Option<String>,

    /// Who could borrow of this surplus: its id, or a file with a new one
    #[arg(long, value_name = "ID|FILE")]
    pub surplus: Option<String>,

    /// Print everything as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `what-if`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A field is a key of scenario.toml (policy.max_distance_km) or a cell of a table (shortage.D017.headcount). Values are
written as in the files; a blank one clears the field. Several sweeps are combined.

Examples:
  tiaoji what-if fixtures/jibei --set policy.max_distance_km=10
  tiaoji what-if fixtures/jibei --rules
  tiaoji what-if fixtures/jibei --sweep policy.max_distance_km=4..16:2 --out distance.csv
  tiaoji what-if fixtures/jibei --set policy.fairness=true --sweep policy.min_stay_days=1,3,5 --json")]
pub struct WhatIfArgs {
    /// A scenario folder, .xlsx workbook or .json document
    pub scenario: PathBuf,

    /// Set a field everywhere
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    pub set: Vec<(String, String)>,

    /// Solve for each of several values: FROM..TO:STEP, or a list with commas
    #[arg(long, value_name = "FIELD=VALUES", value_parser = assignment)]
    pub sweep: Vec<(String, String)>,

    /// Solve without each of the policy's rules in turn: what each of them costs the zone
    #[arg(long, conflicts_with_all = ["set", "sweep"])]
    pub rules: bool,

    #[command(flatten)]
    pub solve: SolveArgs,

    /// Write the rows into this CSV file too (exit status 4 where that fails)
    #[arg(long, value_name = "CSV")]
    pub out: Option<PathBuf>,

    /// Print everything as one JSON document
    #[arg(long)]
    pub json: bool,
}

fn assignment(text: &str) -> Result<(String, String), &'static str> {
    let (field, value) = text.split_once('=').ok_or("write FIELD=VALUE")?;
    Ok((field.trim().to_string(), value.trim().to_string()))
}

/// `compare`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit status: 0 the same secondments, 1 others, or a plan breaks a rule or states a wrong figure,
3 the scenario has defects, or a file is missing or not of its shape.

Example:
  tiaoji compare monday.json tuesday.json --scenario fixtures/jibei")]
pub struct CompareArgs {
    /// A plan
    #[arg(value_name = "PLAN.json")]
    pub before: PathBuf,

    /// Another
    #[arg(value_name = "PLAN.json")]
    pub after: PathBuf,

    /// The scenario of both: a folder, .xlsx workbook or .json document
    #[arg(long)]
    pub scenario: PathBuf,

    /// Print everything as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `report`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A page (.html) shows what the plan comes to, who lends to whom, skills by week, a calendar, a map, what stays open and
why, and a sheet for every alliance and every service officer; with the prices of `match --prices` also what one more
worker would be worth, and with an explanation what would fill what stays open. It needs no network and no script, and
prints. A workbook (.xlsx) holds the plan, what stays unfilled and idle, lists by firm and by alliance, a calendar and
the compliance lights. Any other name is a folder: for every pair of lender and borrower the draft co-operation agreement,
the amendment that each worker signs, and the settlement sheet (.docx, in Chinese).

Exit status: 0 written, 1 the plan breaks a rule or states a wrong figure and nothing is written,
3 the scenario has defects, or a file is missing or not of its shape.

Examples:
  tiaoji report fixtures/jibei plan.json --out plan.html --lang zh
  tiaoji explain fixtures/jibei plan.json --json > why.json
  tiaoji report fixtures/jibei plan.json --out plan.html --explanation why.json    with remedies
  tiaoji report fixtures/jibei plan.json --out plan.xlsx --lang zh
  tiaoji report fixtures/jibei plan.json --out agreements/
  tiaoji template agreement.txt                                      the texts of the agreements, to change
  tiaoji report fixtures/jibei plan.json --out agreements/ --template agreement.txt")]
pub struct ReportArgs {
    /// A scenario folder, .xlsx workbook or .json document
    pub scenario: PathBuf,

    /// A plan, as `match --out` writes it
    #[arg(value_name = "PLAN.json")]
    pub plan: PathBuf,

    /// Where to: an .html page, an .xlsx workbook, else a folder for agreements
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,

    /// Write over what is there; agreements of an earlier plan in the folder are removed
    #[arg(long)]
    pub force: bool,

    /// What `explain --json` says of the plan: the page shows what would fill what stays open
    #[arg(long, value_name = "EXPLANATION.json")]
    pub explanation: Option<PathBuf>,

    /// The zone's own texts of the agreements
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
}

/// `replay`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A scenario is a folder with a scenario.toml or an expect.json; an .xlsx or .json file may be named itself.
Every plan is written, read back and refereed. With --set or --against every scenario is shown before and after: against
results of an earlier run (another version of this program, or another policy), else against the same scenario without
--set. Of a scenario with other values only the limits of its expectation are judged (at most, at least).

Exit status: 0 every expectation holds (expected defects included), 1 one does not, or two results contradict
each other's bounds, 3 a scenario has defects that nobody expects.

Examples:
  tiaoji replay fixtures
  tiaoji replay fixtures/rules fixtures/features --method exact --time-limit 5m
  tiaoji replay seasons --record                              limits for scenarios that have none yet
  tiaoji replay seasons --set policy.max_distance_km=12       another policy over all of them
  tiaoji replay seasons --out before.json
  tiaoji replay seasons --against before.json                 another version over all of them")]
pub struct ReplayArgs {
    /// Folders to look for scenarios in
    #[arg(required = true, value_name = "DIR")]
    pub dirs: Vec<PathBuf>,

    #[command(flatten)]
    pub solve: SolveArgs,

    /// Set a field in every scenario: a key of scenario.toml (`policy.max_distance_km`) or a cell of a table
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    pub set: Vec<(String, String)>,

    /// Compare with the results of an earlier run
    #[arg(long, value_name = "RESULTS.json")]
    pub against: Option<PathBuf>,

    /// Write an expect.json into every scenario folder that has none, from what comes out
    #[arg(long, conflicts_with = "set")]
    pub record: bool,

    /// Keep the results (exit status 4 where that fails)
    #[arg(long, value_name = "RESULTS.json")]
    pub out: Option<PathBuf>,

    /// Print the results as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `convert`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tiaoji convert fixtures/jibei jibei.json
  tiaoji convert jibei.json jibei-folder
  tiaoji convert fixtures/jibei jibei.xlsx --lang zh    sheets and headers in Chinese")]
pub struct ConvertArgs {
    /// A scenario folder, .xlsx workbook or .json document
    pub scenario: PathBuf,

    /// Where to: an .xlsx workbook, a .json document, else a folder
    pub out: PathBuf,

    /// Write over what is there; in a folder only the scenario's own tables are touched
    #[arg(long)]
    pub force: bool,

    /// Print faults as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `template`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The workbook has drop-downs, a note on every column, and examples that are a valid scenario, so that it can be tried
as it is.

Examples:
  tiaoji template zone.xlsx --lang zh
  tiaoji check zone.xlsx --lang zh      when it is filled
  tiaoji template agreement.txt         for `report --template`")]
pub struct TemplateArgs {
    /// The workbook (.xlsx) or texts (.txt) to write
    #[arg(value_name = "OUT")]
    pub out: PathBuf,

    /// Write over what is there
    #[arg(long)]
    pub force: bool,
}

/// `generate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The same arguments make the same zone.

Examples:
  tiaoji generate zone
  tiaoji generate city --firms 10000 --surplus 50000 --shortage 50000 --days 365 --span-km 60 --skills 200
  tiaoji generate zone.json --firms 40 --surplus 60 --shortage 80 --days 30 --seed 1")]
pub struct GenerateArgs {
    /// Where to: an .xlsx workbook, a .json document, else a folder
    pub out: PathBuf,

    /// Firms, at least 1
    #[arg(long, value_name = "N", default_value_t = 125, value_parser = value_parser!(u32).range(1..=100_000))]
    pub firms: u32,

    /// Surplus postings
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = value_parser!(u32).range(0..=1_000_000))]
    pub surplus: u32,

    /// Shortage postings
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = value_parser!(u32).range(0..=1_000_000))]
    pub shortage: u32,

    /// Days from the first to the last, 1 to 3660
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = value_parser!(u32).range(1..=3660))]
    pub days: u32,

    /// How wide and high the area is, in km [default: a zone of 16 by 27 km]
    #[arg(long, value_name = "KM", value_parser = value_parser!(u32).range(1..=2_000))]
    pub span_km: Option<u32>,

    /// Skills: the twenty of the catalogue, and the same on further lines that do not stand in for each other
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u32).range(20..=10_000))]
    pub skills: u32,

    /// The first day, and with it the season
    #[arg(long, value_name = "DATE", default_value = "2022-03-01", value_parser = day)]
    pub from: Day,

    /// Another number, another zone
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub seed: u64,

    /// Write over what is there; in a folder only the scenario's own tables are touched
    #[arg(long)]
    pub force: bool,
}

/// `schema`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tiaoji schema scenario > scenario.schema.json
  tiaoji schema plan > plan.schema.json")]
pub struct SchemaArgs {
    /// Which document
    #[arg(value_enum)]
    pub document: Document,
}

/// The documents that have a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Document {
    /// A scenario in one file
    Scenario,
    /// A plan, as `match --out` writes it
    Plan,
    /// What `explain --json` prints
    Explanation,
    /// What `options --json` prints
    Options,
    /// What `what-if --json` prints
    WhatIf,
    /// What `compare --json` prints
    Comparison,
    /// What `replay --json` prints
    Replay,
}

/// `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tiaoji completions bash > ~/.local/share/bash-completion/completions/tiaoji
  tiaoji completions zsh > ~/.zfunc/_tiaoji
  tiaoji completions fish > ~/.config/fish/completions/tiaoji.fish")]
pub struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    pub shell: Shell,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_declaration_holds() {
        Args::command().debug_assert();
    }

    #[test]
    fn defaults_of_generate_are_those_of_the_format() {
        let args = Args::try_parse_from(["tiaoji", "generate", "zone"]).unwrap();
        let Command::Generate(args) = args.command else { panic!("another subcommand") };
        assert_eq!((args.firms, args.surplus, args.shortage, args.days, args.seed), (125, 400, 400, 90, 8));
    }

    #[test]
    fn usage() {
        let check = |line: &str, good: bool| {
            let parsed = Args::try_parse_from(line.split(' '));
            assert_eq!(parsed.is_ok(), good, "{line}");
        };
        check("tiaoji match zone", true);
        check(
            "tiaoji match zone --method exact --gap 0 --time-limit 2m --threads 2 --prices --json --lang zh",
            true,
        );
        check("tiaoji --lang en match zone", true);
        check("tiaoji match zone --start-from plan.json", true);
        check("tiaoji match zone --start-from", false);
        check("tiaoji replay zone --start-from plan.json", false);
        check("tiaoji match", false);
        check("tiaoji match zone --method best", false);
        check("tiaoji match zone --method priced", true);
        check("tiaoji generate zone --from 2022-06-20", true);
        check("tiaoji generate zone --from 2022-06-31", false);
        check("tiaoji match zone --gap -1", false);
        check("tiaoji match zone --gap=-0.1", false);
        check("tiaoji match zone --gap nan", false);
        check("tiaoji match zone --gap inf", false);
        check("tiaoji match zone --threads 0", false);
        check("tiaoji match zone --time-limit soon", false);
        check("tiaoji match zone --lang fr", false);
        check("tiaoji replay", false);
        check("tiaoji replay a b", true);
        check("tiaoji replay a --set policy.fairness=true --against before.json --out after.json", true);
        check("tiaoji replay a --set policy.fairness=true --record", false);
        check("tiaoji generate zone --firms 0", false);
        check("tiaoji generate zone --days 3661", false);
        check("tiaoji generate zone --surplus 0 --shortage 0", true);
        check("tiaoji schema plan", true);
        check("tiaoji schema zone", false);
        check("tiaoji completions zsh", true);
        check("tiaoji explain zone", false);
        check("tiaoji explain zone plan.json D1 --json", true);
        check("tiaoji what-if zone --set policy.fairness=true --sweep policy.max_distance_km=4..16:2", true);
        check("tiaoji what-if zone --set fairness", false);
        check("tiaoji compare a.json b.json --scenario zone", true);
        check("tiaoji compare a.json b.json", false);
    }
}
