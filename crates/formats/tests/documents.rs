//! JSON documents: what is read of them, and each fault with its place.

use tiaoji_formats::{read_json, to_draft};

const GOOD: &str = r#"{
  "name": "x",
  "policy": {
    "onboarding_fen": 15000, "daily_base_fen": 1000, "transport_per_km_fen": 600, "cross_alliance_fen": 1500,
    "max_distance_km": 8.5, "rest_weekdays": ["Sun"],
    "unmet": { "urgent_fen": 60000, "normal_fen": 40000, "low_fen": 30000 }
  },
  "horizon": null,
  "firms": [ { "id": "F1", "name": "a", "latitude": 37.05, "longitude": 117.25, "alliance": null },
             { "id": "F2", "name": "b", "latitude": 37.06, "longitude": 117.26, "alliance": "A" } ],
  "skills": [ { "id": "K1", "name": "k", "aliases": ["p", "q"], "certificate": "c" }, { "id": "K2", "name": "l" } ],
  "substitutions": [ { "from": "K1", "to": "K2", "training_cost_fen": 15050 } ],
  "surplus": [ { "id": "S1", "firm": "F1", "skill": "K1", "headcount": 5, "from": "2022-03-01", "to": "2022/3/10",
                 "certificates": ["c", "d@2022-12-31"], "min_day_pay_fen": 12000, "no_night": true } ],
  "shortage": [ { "id": "D1", "firm": "F2", "skill": "K1", "headcount": 4, "from": "2022-03-01", "to": "2022-03-10",
                  "priority": "urgent", "max_distance_km": 6.125 } ]
}"#;

/// The faults of the good document with one part of it replaced: code, row, column, what was read.
fn check(part: &str, by: &str, expect: &[(&str, Option<u32>, &str, &str)]) {
    assert!(GOOD.contains(part), "{part}");
    let text = GOOD.replacen(part, by, 1);
    let faults = read_json("x.json", text.as_bytes()).map(|_| ()).map_err(|faults| faults.defects);
    let reports = faults.err().unwrap_or_default();
    assert!(reports.iter().all(|r| r.file.as_deref() == Some("x.json")));
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let found: Vec<_> =
        reports.iter().map(|r| (r.code.as_str(), r.row, text(&r.column), text(&r.read))).collect();
    let expect: Vec<_> = expect
        .iter()
        .map(|(code, row, column, read)| (*code, *row, column.to_string(), read.to_string()))
        .collect();
    assert_eq!(found, expect, "{by}");
}

#[test]
fn a_document_reads() {
    let loaded = read_json("x.json", GOOD.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    let draft = to_draft(&loaded.scenario);
    assert_eq!(draft.policy.max_distance.value(), Some(&8_500));
    assert_eq!(draft.shortage.rows[0].cells.max_distance.value(), Some(&6_125));
    assert_eq!(draft.substitutions.rows[0].cells.training_cost.value(), Some(&15_050));
    assert_eq!(draft.surplus.rows[0].cells.certificates.value().map(Vec::len), Some(2));
    assert_eq!(draft.skills.rows[0].cells.aliases.value().map(Vec::len), Some(2));
}

#[test]
fn cells_of_the_wrong_type() {
    check(r#""headcount": 5"#, r#""headcount": "5""#, &[("bad_number", Some(1), "surplus.headcount", "5")]);
    check(r#""headcount": 5"#, r#""headcount": 5.5"#, &[("bad_number", Some(1), "surplus.headcount", "5.5")]);
    check(r#""headcount": 5"#, r#""headcount": 5.0"#, &[]);
    check(
        r#""headcount": 5"#,
        r#""headcount": null"#,
        &[("missing_value", Some(1), "surplus.headcount", "")],
    );
    check(
        r#""headcount": 5"#,
        r#""headcount": 5e30"#,
        &[("out_of_range", Some(1), "surplus.headcount", "5000000000000000000000000000000")],
    );
    check("12000", "12000.5", &[("bad_money", Some(1), "surplus.min_day_pay_fen", "12000.5")]);
    check("15000", r#""150""#, &[("bad_money", None, "policy.onboarding_fen", "150")]);
    check("15000", "-1", &[("out_of_range", None, "policy.onboarding_fen", "-1")]);
    check("\"2022/3/10\"", "20220310", &[("bad_date", Some(1), "surplus.to", "20220310")]);
    check("\"2022/3/10\"", "\"2022-02-10\"", &[("dates_reversed", Some(1), "surplus.to", "2022-02-10")]);
    check(r#""no_night": true"#, r#""no_night": 1"#, &[("bad_boolean", Some(1), "surplus.no_night", "1")]);
    check(r#""urgent", "max"#, r#""hurry", "max"#, &[("bad_choice", Some(1), "shortage.priority", "hurry")]);
    check(r#""urgent", "max"#, r#"1, "max"#, &[("bad_choice", Some(1), "shortage.priority", "1")]);
    check(r#"["Sun"]"#, r#"["So"]"#, &[("bad_choice", None, "policy.rest_weekdays", "[\"So\"]")]);
    check(r#"["Sun"]"#, r#""Sun""#, &[("bad_choice", None, "policy.rest_weekdays", "Sun")]);
    check(r#""name": "x""#, r#""name": 5"#, &[("bad_text", None, "name", "5")]);
    check(r#""name": "x""#, r#""name": "x\u0000""#, &[("bad_text", None, "name", "x\0")]);
    check(r#"["p", "q"]"#, r#"["p;q"]"#, &[("bad_text", Some(1), "skills.aliases", "[\"p;q\"]")]);
    check("6.125", "6.1255", &[("bad_number", Some(1), "shortage.max_distance_km", "6.1255")]);
    check("d@2022-12-31", "d@", &[("bad_date", Some(1), "surplus.certificates", "[\"c\",\"d@\"]")]);
}

#[test]
fn keys_and_shapes() {
    check(
        r#""headcount": 5"#,
        r#""head_count": 5, "headcount": 5"#,
        &[("unknown_key", Some(1), "surplus.head_count", "5")],
    );
    check("min_day_pay_fen", "min_day_pay", &[("unknown_key", Some(1), "surplus.min_day_pay", "12000")]);
    check(
        "daily_base_fen",
        "daily_base",
        &[
            ("unknown_key", None, "policy.daily_base", "1000"),
            ("missing_value", None, "policy.daily_base_fen", ""),
        ],
    );
    check(
        r#""headcount": 5"#,
        r#""headcount": 5, "headcount": 6"#,
        &[("duplicate_column", Some(1), "surplus.headcount", "6")],
    );
    check(r#""name": "x","#, r#""name": "x", "colour": [1], "#, &[("unknown_key", None, "colour", "[1]")]);
    check(r#""name": "x","#, r#""name": "x", "format": 2, "other": 1,"#, &[("format", None, "format", "2")]);
    check(
        r#""horizon": null"#,
        r#""horizon": {}"#,
        &[("missing_value", None, "horizon.from", ""), ("missing_value", None, "horizon.to", "")],
    );
    check(r#""horizon": null"#, r#""horizon": "March""#, &[("unreadable", None, "horizon", "March")]);
    check(r#""horizon": null"#, r#""pins": {}"#, &[("unreadable", None, "pins", "{}")]);
    check(r#""horizon": null"#, r#""pins": [7]"#, &[("unreadable", Some(1), "pins", "7")]);
    check(
        r#""skills": ["#,
        r#""skills": null, "pins": [], "ignored": ["#,
        &[
            (
                "unknown_key",
                None,
                "ignored",
                "[{\"id\":\"K1\",\"name\":\"k\",\"aliases\":[\"p\",\"q\"],\"certificate\":\"c\"},{\"id\":\"K2\",\"name\":…",
            ),
            ("missing_value", None, "skills", ""),
        ],
    );
    check(r#""horizon": null"#, r#""pins": [], "pins": [7]"#, &[("duplicate_column", None, "pins", "[7]")]);
    check(
        r#""K1", "headcount": 5"#,
        r#""K9", "headcount": 5"#,
        &[("unknown_reference", Some(1), "surplus.skill", "K9")],
    );
}

#[test]
fn what_is_no_document() {
    for (text, code) in [
        (&b"{"[..], "unreadable"),
        (b"", "unreadable"),
        (b"[]", "unreadable"),
        (b"\0", "encoding"),
        (b"\xFF\xFE{\0", "encoding"),
    ] {
        let faults = read_json("x.json", text).expect_err("no document");
        let codes: Vec<&str> = faults.defects.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, [code], "{text:?}");
    }
    let deep = "[".repeat(100_000);
    assert!(read_json("x.json", deep.as_bytes()).is_err());
}

#[test]
fn a_mark_and_gb18030_are_read() {
    let marked = [b"\xEF\xBB\xBF", GOOD.as_bytes()].concat();
    assert!(read_json("x.json", &marked).is_ok());
    let chinese: Vec<u8> = GOOD
        .replace("\"x\"", "\"@\"")
        .bytes()
        .flat_map(|b| if b == b'@' { b"\xC6\xF3".to_vec() } else { vec![b] })
        .collect();
    // Only the first `@` stands in a name; the others are dates of certificates.
    let faults = read_json("x.json", &chinese).map(|loaded| loaded.scenario.name().to_string());
    assert_eq!(faults.map_err(|f| f.to_string()), Ok("企".to_string()));
}
