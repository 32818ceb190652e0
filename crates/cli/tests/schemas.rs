//! Every document that the program writes is as its schema says.

mod common;

use common::{Temp, fixtures, text, tiaoji};
use serde_json::{Value, json};

/// What of a value is not as a schema says. Knows the words that our schemas use, and refuses others.
fn faults(value: &Value, schema: &Value, root: &Value, path: &str, found: &mut Vec<String>) {
    let Some(words) = schema.as_object() else { return }; // `true`
    for (word, said) in words {
        let holds = match word.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" | "format" | "multipleOf" => true,
            "required" | "additionalProperties" if !value.is_object() => true,
            "$ref" => {
                let place = said.as_str().unwrap().trim_start_matches('#');
                faults(value, root.pointer(place).unwrap(), root, path, found);
                true
            }
            "type" => match said {
                Value::Array(types) => types.iter().any(|said| is(value, said)),
                said => is(value, said),
            },
            "enum" => said.as_array().unwrap().contains(value),
            "const" => said == value,
            "minimum" => value.as_f64().is_none_or(|value| value >= said.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|value| value <= said.as_f64().unwrap()),
            "exclusiveMinimum" => value.as_f64().is_none_or(|value| value > said.as_f64().unwrap()),
            "minLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 >= said.as_u64().unwrap())
            }
            "maxLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 <= said.as_u64().unwrap())
            }
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= said.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= said.as_u64().unwrap()),
            "anyOf" => said.as_array().unwrap().iter().any(|schema| {
                let mut own = Vec::new();
                faults(value, schema, root, path, &mut own);
                own.is_empty()
            }),
            "required" => {
                said.as_array().unwrap().iter().all(|key| value.get(key.as_str().unwrap()).is_some())
            }
            "properties" => {
                for (key, schema) in said.as_object().unwrap() {
                    if let Some(value) = value.get(key) {
                        faults(value, schema, root, &format!("{path}/{key}"), found);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = |key: &String| schema["properties"].get(key).is_some();
                for (key, value) in value.as_object().unwrap().iter().filter(|(key, _)| !known(key)) {
                    match said {
                        Value::Bool(false) => found.push(format!("{path}/{key} is not known")),
                        said => faults(value, said, root, &format!("{path}/{key}"), found),
                    }
                }
                true
            }
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    faults(item, said, root, &format!("{path}/{at}"), found);
                }
                true
            }
            other => panic!("a word that this test does not know: {other}"),
        };
        if !holds {
            found.push(format!("{path}: {word} {said}, and it is {value}"));
        }
    }
}

fn is(value: &Value, kind: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("no type: {other}"),
    }
}

#[track_caller]
fn check(kind: &str, document: &Value) {
    let schema = tiaoji(&["schema", kind]).expect(0).json();
    let found = |value: &Value| {
        let mut found = Vec::new();
        faults(value, &schema, &schema, "", &mut found);
        found
    };
    assert_eq!(found(document), Vec::<String>::new(), "{kind}");
    assert!(!found(&json!({})).is_empty(), "{kind} demands nothing");
    for key in document.as_object().unwrap().keys() {
        assert!(schema["properties"].get(key).is_some(), "{kind} does not know {key}");
    }
}

#[test]
fn documents_are_as_their_schemas_say() {
    let temp = Temp::new();
    let (zone, plan) = (temp.scenario("zone"), temp.path("plan.json"));
    let (zone, plan) = (text(&zone), text(&plan));
    let run = |args: &[&str], status| tiaoji(args).expect(status).json();

    tiaoji(&["convert", zone, text(&temp.path("zone.json"))]).expect(0);
    let scenario = std::fs::read_to_string(temp.path("zone.json")).unwrap();
    check("scenario", &serde_json::from_str(&scenario).unwrap());
    check("plan", &run(&["match", zone, "--prices", "--json", "--out", plan], 0));
    let explanation = run(&["explain", zone, plan, "--json"], 0);
    let whole = ["blocked", "rivals", "remedies", "stretches"].map(|part| {
        explanation["unfilled"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| !one[part].as_array().unwrap().is_empty())
    });
    assert_eq!(whole, [true; 4], "{explanation}");
    check("explanation", &explanation);
    let new = explanation["unfilled"][0]["id"].as_str().unwrap();
    let options = run(&["options", zone, plan, "--shortage", new, "--json"], 0);
    assert!(!options["options"].as_array().unwrap().is_empty(), "{options}");
    check("options", &options);
    let set = ["--set", "policy.cross_alliance=500", "--sweep", "policy.min_stay_days=1..3"];
    check("what-if", &run(&[&["what-if", zone, "--json"], &set[..]].concat(), 0));

    let blocked = temp.write("zone/blocked.csv", "lender,borrower\nF1,F2\n");
    let other = temp.path("other.json");
    tiaoji(&["match", zone, "--out", text(&other)]).expect(0);
    std::fs::remove_file(blocked).unwrap();
    let both = run(&["compare", plan, text(&other), "--scenario", zone, "--json"], 1);
    assert!(!both["moved"].as_array().unwrap().is_empty(), "{both}");
    check("comparison", &both);

    temp.write("zone/expect.json", "{ \"objective_fen\": 1 }");
    let results = run(&["replay", zone, "--set", "policy.cross_alliance=500", "--json"], 0);
    assert!(results["scenarios"][0]["before"].is_object(), "{results}");
    check("replay", &results);
    check("replay", &run(&["replay", zone, "--json"], 1));
    check("replay", &run(&["replay", text(&fixtures().join("defects/bad_date")), "--json"], 0));
}
