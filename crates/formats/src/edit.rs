//! Single cells of a scenario by their path, as `what-if` names them: `policy.max_distance_km`, `shortage.D-7.headcount`.

use tiaoji_core::defect::{Defect, DefectCode, Detail, Table};
use tiaoji_core::draft::{Rows, ScenarioDraft};
use tiaoji_core::scenario::Scenario;

use crate::analysis::RefusedFile;
use crate::columns::{Field, Record, Visitor, nearest, visit_tables};
use crate::messages;
use crate::report::Report;

/// A scenario with some cells set, each `(path, text)`; a path is a key of `scenario.toml`, or table, id and column; a text is
/// read as a CSV cell is, and a blank one clears the cell.
///
/// # Errors
/// `unknown_key` for a path that leads nowhere, what is wrong with a text, and every defect of the scenario that comes out.
pub fn with_cells(draft: &ScenarioDraft, cells: &[(String, String)]) -> Result<Scenario, Vec<Report>> {
    let mut draft = draft.clone();
    let mut defects: Vec<Defect> =
        cells.iter().filter_map(|(path, text)| set(&mut draft, path, text)).collect();
    let named = |defects: &[Defect]| -> Vec<Report> {
        defects.iter().map(|defect| messages::defect(defect, &messages::Names::Folder)).collect()
    };
    match Scenario::new(&draft) {
        Ok(scenario) if defects.is_empty() => Ok(scenario),
        Ok(_) => Err(named(&defects)),
        Err(found) => {
            defects.extend(found);
            Err(named(&defects))
        }
    }
}

/// Cells for [`with_cells`].
type Set = Vec<(String, String)>;

/// A scenario with each of these sets of cells, and those that make it no valid one.
pub fn with_each_set(draft: &ScenarioDraft, sets: Vec<Set>) -> (Vec<(Set, Scenario)>, Vec<RefusedFile>) {
    let (mut valid, mut refused) = (Vec::with_capacity(sets.len()), Vec::new());
    for set in sets {
        match with_cells(draft, &set) {
            Ok(scenario) => valid.push((set, scenario)),
            Err(defects) => refused.push(RefusedFile::new(&set, defects)),
        }
    }
    (valid, refused)
}

/// A path on its way through the tables.
struct At<'a> {
    path: &'a str,
    text: &'a str,
    /// Whether the path led to a cell, and what is wrong with the text then.
    found: bool,
    defect: Option<Defect>,
}
impl Visitor for At<'_> {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        let rest = self.path.strip_prefix(T::TABLE.name()).and_then(|rest| rest.strip_prefix('.'));
        // an id may hold dots; a column does not
        let Some((id, name)) = rest.and_then(|rest| rest.rsplit_once('.')) else { return };
        let Some(own) = T::COLUMNS.iter().find(|column| column.name == "id") else { return };
        let Some(column) = T::COLUMNS.iter().find(|column| column.name == name && name != "id") else {
            return;
        };
        for row in &mut rows.rows {
            let is = match (own.field)(&mut row.cells) {
                Field::Id(cell) => cell.value().is_some_and(|own| own == id),
                _ => false,
            };
            if is {
                self.found = true;
                self.defect = put((column.field)(&mut row.cells), self.text, T::TABLE, self.path);
            }
        }
    }
}

fn set(draft: &mut ScenarioDraft, path: &str, text: &str) -> Option<Defect> {
    if let Some(column) = ScenarioDraft::COLUMNS.iter().find(|column| column.name == path) {
        return put((column.field)(draft), text, Table::Scenario, path);
    }
    let mut at = At { path, text, found: false, defect: None };
    visit_tables(draft, &mut at);
    if at.found {
        return at.defect;
    }
    let known = ScenarioDraft::COLUMNS.iter().map(|column| column.name);
    let detail = nearest(path, known).map_or(Detail::None, |key| Detail::DidYouMean(key.to_string()));
    Some(Defect::cell(DefectCode::UnknownKey, Table::Scenario, None, path.to_string(), None, detail))
}

fn put(field: Field<'_>, text: &str, table: Table, path: &str) -> Option<Defect> {
    let text = text.trim();
    if text.is_empty() {
        field.clear();
        return None;
    }
    let unread = field.set_text(text).err()?;
    let read = Some(text.to_string());
    Some(Defect::cell(unread.code, table, None, path.to_string(), read, unread.detail))
}

/// The rules of a policy that keep pairs apart or weigh them otherwise, each in turn without effect and the others as they
/// are: as cells for [`with_cells`], with the same fields in every set. None of a rule that is without effect already.
pub fn without_each_rule(scenario: &Scenario) -> Vec<Vec<(String, String)>> {
    let policy = scenario.policy();
    let blank = String::new;
    let metres = |limit: i64| {
        let text = format!("{}.{:03}", limit / 1000, limit % 1000);
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    };
    let money = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
    let rules = [
        ("policy.max_distance_km", policy.max_distance.map_or_else(blank, metres), blank()),
        ("policy.min_stay_days", policy.min_stay_days.to_string(), "1".to_string()),
        ("policy.fairness", policy.fairness.to_string(), "false".to_string()),
        ("policy.cross_alliance", money(policy.cross_alliance), money(0)),
    ];
    let in_force: Vec<_> = rules.into_iter().filter(|(_, is, without)| is != without).collect();
    let without = |lifted: usize| {
        let cell = |(at, (field, is, without)): (usize, &(&str, String, String))| {
            ((*field).to_string(), if at == lifted { without } else { is }.clone())
        };
        in_force.iter().enumerate().map(cell).collect()
    };
    (0..in_force.len()).map(without).collect()
}

/// The values of a sweep: `4..16:2` (both ends included, decimals allowed, the step 1 where none is given) or a list `a,b,c`.
/// None where it is neither, or has more than 10,000 values.
pub fn sweep_values(text: &str) -> Option<Vec<String>> {
    const MOST: i64 = 10_000;
    let Some((from, rest)) = text.split_once("..") else {
        let values: Vec<String> = text.split(',').map(|value| value.trim().to_string()).collect();
        return (values.len() > 1 || !text.trim().is_empty()).then_some(values);
    };
    let (to, step) = rest.split_once(':').unwrap_or((rest, "1"));
    let thousandths = |text: &str| crate::cell::decimal(text.trim(), 3);
    let (from, to, step) = (thousandths(from)?, thousandths(to)?, thousandths(step)?);
    let number = to.checked_sub(from).filter(|&range| range >= 0 && step > 0)? / step;
    let shown = |value: i64| {
        let sign = if value < 0 { "-" } else { "" };
        let text = format!("{sign}{}.{:03}", value.abs() / 1000, value.abs() % 1000);
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    };
    (number < MOST).then(|| (0..=number).map(|at| shown(from + at * step)).collect())
}

/// Every set of cells with every value of one more field, which runs fastest.
pub fn with_each_value(
    sets: &[Vec<(String, String)>],
    field: &str,
    values: &[String],
) -> Vec<Vec<(String, String)>> {
    let with = |set: &Vec<(String, String)>, value: &String| {
        [&set[..], &[(field.to_string(), value.clone())]].concat()
    };
    sets.iter().flat_map(|set| values.iter().map(move |value| with(set, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{GenerateOptions, generate};

    #[test]
    fn cells_by_path() {
        let draft =
            generate(&GenerateOptions { firms: 5, surplus: 3, shortage: 3, ..GenerateOptions::default() });
        let check = |path: &str, text: &str, expect: Option<&str>| {
            let cells = [(path.to_string(), text.to_string())];
            let found = with_cells(&draft, &cells);
            let code = found.err().map(|reports| reports[0].code.clone());
            assert_eq!(code.as_deref(), expect, "{path}={text}");
        };
        let id = draft.shortage.rows[1].cells.id.value().cloned().unwrap_or_default();
        check("policy.max_distance_km", "10", None);
        check("policy.max_distance_km", "", None);
        check("policy.max_distance_km", "far", Some("bad_number"));
        check("policy.max_distance", "10", Some("unknown_key"));
        check("policy.onboarding", "", Some("missing_value"));
        check(&format!("shortage.{id}.headcount"), "4", None);
        check(&format!("shortage.{id}.headcount"), "-4", Some("out_of_range"));
        check("shortage.nobody.headcount", "4", Some("unknown_key"));
    }

    #[test]
    fn rules_one_at_a_time() {
        let mut draft = generate(&GenerateOptions::default());
        draft.policy.max_distance = 8_500.into();
        draft.policy.min_stay_days = 3.into();
        draft.policy.fairness = false.into();
        draft.policy.cross_alliance = 0.into();
        let scenario = Scenario::new(&draft).expect("a valid zone");
        let found = without_each_rule(&scenario);
        let told: Vec<Vec<&str>> =
            found.iter().map(|set| set.iter().map(|(_, value)| value.as_str()).collect()).collect();
        assert_eq!(told, [["", "3"], ["8.5", "1"]]);
        for set in found {
            with_cells(&draft, &set).expect("valid without it");
        }
    }

    #[test]
    fn values_of_a_sweep() {
        let check = |text: &str, expect: Option<&[&str]>| {
            let found = sweep_values(text);
            let found: Option<Vec<&str>> = found.as_ref().map(|all| all.iter().map(String::as_str).collect());
            assert_eq!(found.as_deref(), expect, "{text}");
        };
        check("4..8:2", Some(&["4", "6", "8"]));
        check("4..7:2", Some(&["4", "6"]));
        check("0.5..1:0.25", Some(&["0.5", "0.75", "1"]));
        check("3..5", Some(&["3", "4", "5"]));
        check("true,false", Some(&["true", "false"]));
        check("5", Some(&["5"]));
        check("5..4", None);
        check("1..2:0", None);
        check("a..b", None);
        check("", None);
        check("0..1000:0.001", None);
    }
}
