//! Skills as people name them: by name, another name, code, id, or the first letters of the pinyin.

use pinyin::ToPinyin;
use serde_json::{Map, Value};
use tiaoji_store::{Kind, View};

use crate::problem::Problem;
use crate::zone::document::all;

/// The skills of the zone: id and row.
pub struct Skills(Vec<(String, Map<String, Value>)>);

impl Skills {
    /// # Errors
    /// The database's.
    pub async fn of(view: &mut View) -> Result<Skills, Problem> {
        Ok(Skills(all(view, Kind::Skill).await?))
    }

    /// The name of a skill; its id where there is none.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        let found = self.0.iter().find(|(known, _)| known == id);
        found.and_then(|(_, row)| row.get("name")?.as_str()).unwrap_or(id)
    }

    /// Names to choose from, each with what else it is found by.
    pub fn choices(&self) -> Vec<(String, String)> {
        let choice = |(id, row): &(String, Map<String, Value>)| {
            (self.name(id).to_string(), words(id, row).skip(1).collect::<Vec<_>>().join(" "))
        };
        self.0.iter().map(choice).collect()
    }

    /// The skill that is meant, where it is one alone; else what was typed, for the reader to say what is wrong with it.
    pub fn meant<'a>(&'a self, typed: &'a str) -> &'a str {
        let wanted = typed.trim().to_lowercase();
        let is = |(id, row): &&(String, Map<String, Value>)| {
            words(id, row).any(|word| word.to_lowercase() == wanted)
        };
        let mut found = self.0.iter().filter(is);
        match (found.next(), found.next()) {
            (Some((id, _)), None) => id,
            _ => typed,
        }
    }
}

/// The name, its letters, other names and theirs, the code, the id.
fn words<'a>(id: &'a str, row: &'a Map<String, Value>) -> impl Iterator<Item = String> + 'a {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let aliases =
        row.get("aliases").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let names = [text("name")].into_iter().chain(aliases);
    let with_letters = names.flat_map(|name| [name.to_string(), letters(name)]);
    let codes = [text("occupation_code"), id].map(str::to_string);
    with_letters.chain(codes).filter(|word| !word.is_empty())
}

/// The first letters of the pinyin of a name; other characters as they are.
pub fn letters(name: &str) -> String {
    let one = |(c, pinyin): (char, Option<pinyin::Pinyin>)| {
        pinyin.map_or_else(|| c.to_lowercase().to_string(), |pinyin| pinyin.first_letter().to_string())
    };
    name.chars().zip(name.to_pinyin()).map(one).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_meant() {
        let row = |row: Value| row.as_object().cloned().unwrap_or_default();
        let skills = Skills(vec![
            (
                "K01".to_string(),
                row(json!({ "name": "普工", "aliases": ["操作工"], "occupation_code": "6-99-00-00" })),
            ),
            ("K02".to_string(), row(json!({ "name": "包装工", "aliases": ["打包工"] }))),
            ("K05".to_string(), row(json!({ "name": "CNC 操作工", "aliases": ["操作工"] }))),
        ]);
        let check = |typed, expect| assert_eq!(skills.meant(typed), expect, "{typed}");
        check("包装工", "K02");
        check("bzg", "K02");
        check("BZG ", "K02");
        check("打包工", "K02");
        check("dbg", "K02");
        check("6-99-00-00", "K01");
        check("k02", "K02");
        check("操作工", "操作工"); // two skills
        check("焊工", "焊工");
        check("cnc czg", "K05");
        assert_eq!(skills.name("K02"), "包装工");
        assert_eq!(skills.choices()[1], ("包装工".to_string(), "bzg 打包工 dbg K02".to_string()));
    }
}
