//! Tables of postings: judged, imported as a whole, undone.

mod common;

use common::{Answer, Zone};
use serde_json::{Value, json};

const CSV: &str = "content-type: text/csv";
const SURPLUS: &str = "/v1/surplus:import";

async fn import(zone: &Zone, role: &str, path: &str, table: &str) -> Answer {
    zone.ask(role, "POST", path, &[CSV], table.to_string()).await
}

async fn row(zone: &Zone, id: &str) -> Value {
    zone.ask("zone", "GET", &format!("/v1/surplus/{id}"), &[], "").await.json()
}

/// The members of the defects that say where they stand.
fn places(defects: &Value) -> Vec<String> {
    let place = |d: &Value| {
        let text = |name: &str| d[name].as_str().unwrap_or("-").to_string();
        format!("{} {} {} {} {}", text("sheet"), d["row"], text("column"), text("code"), text("read"))
    };
    defects.as_array().expect("defects").iter().map(place).collect()
}

#[tokio::test]
async fn a_firms_table_from_the_dry_run_to_the_undo() {
    let zone = Zone::new().await;
    let table = "编号,工种,人数,开始日期,结束日期,备注\nS-F1,packer,6,2022-03-07,2022-03-18,six\n,packer,2,2022/4/1,2022/4/2,\n";
    let dry = import(&zone, "firm", "/v1/surplus:import?dry_run=true", table).await;
    assert_eq!(dry.status, 200, "{}", dry.text());
    assert_eq!(
        dry.json()["rows"],
        json!([{ "row": 2, "id": "S-F1", "verdict": "update", "defects": [] },
            { "row": 3, "id": null, "verdict": "create", "defects": [] }])
    );
    assert_eq!(row(&zone, "S-F1").await["version"], 1);

    let done = import(&zone, "firm", SURPLUS, table).await;
    assert_eq!(done.status, 201, "{}", done.text());
    let answer = done.json();
    assert_eq!((&answer["created"], &answer["updated"]), (&json!(["S-1"]), &json!(["S-F1"])));
    let changed = row(&zone, "S-F1").await;
    // what the table has no column for has stayed
    let expect = json!([6, 4, "2060-12-31", "six", 2]);
    assert_eq!(
        json!([
            changed["headcount"],
            changed["consented"],
            changed["contract_until"],
            changed["remark"],
            changed["version"]
        ]),
        expect
    );
    assert_eq!(row(&zone, "S-1").await["firm"], "F1");
    let trail = zone.ask("zone", "GET", "/v1/audit?kind=surplus&id=S-1", &[], "").await.json();
    assert_eq!(trail["items"][0]["import"], answer["import_id"]);

    // the same once more changes nothing but adds the row without an id
    let again = import(&zone, "firm", SURPLUS, table).await.json();
    assert_eq!((&again["unchanged"], &again["created"]), (&json!(["S-F1"]), &json!(["S-2"])));
    let at = done.header("location").to_string();
    assert_eq!(at, format!("/v1/imports/{}", answer["import_id"]));
    let undone = zone.ask("firm", "POST", &format!("{at}/undo"), &[], "").await;
    assert_eq!(undone.status, 200, "{}", undone.text());
    assert!(undone.json()["undone"].is_string());
    let before = row(&zone, "S-F1").await;
    assert_eq!((&before["headcount"], &before["remark"]), (&json!(5), &json!("the remark")));
    assert_eq!(zone.ask("zone", "GET", "/v1/surplus/S-1", &[], "").await.status, 404);
    let twice = zone.ask("firm", "POST", &format!("{at}/undo"), &[], "").await;
    assert_eq!((twice.status.as_u16(), &twice.json()["code"]), (409, &json!("state_conflict")));
}

#[tokio::test]
async fn what_was_changed_since_is_not_undone() {
    let zone = Zone::new().await;
    let table = "id,firm,skill,headcount,from,to\n,F1,packer,1,2022-04-01,2022-04-02\nS-F2,F2,packer,7,2022-03-07,2022-03-18\n";
    let done = import(&zone, "officer", SURPLUS, table).await;
    assert_eq!(done.status, 201, "{}", done.text());
    let trail = zone.ask("zone", "GET", "/v1/audit?kind=surplus&id=S-F2", &[], "").await.json();
    assert_eq!(trail["items"][1]["reason"], "on behalf of F2");
    let patch = json!({ "headcount": 8 });
    assert_eq!(zone.send("zone", "PATCH", "/v1/surplus/S-F2", &["if-match: *"], &patch).await.status, 200);
    let undo = format!("{}/undo", done.header("location"));
    let refused = zone.ask("officer", "POST", &undo, &[], "").await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.json()["detail"].as_str().is_some_and(|text| text.contains("S-F2")),
        "{}",
        refused.text()
    );
    assert_eq!(row(&zone, "S-1").await["headcount"], 1);
    // of the two firms only one is the caller's
    assert_eq!(zone.ask("firm", "POST", &undo, &[], "").await.status, 404);
    assert_eq!(zone.ask("firm", "GET", done.header("location"), &[], "").await.status, 404);
    assert_eq!(zone.ask("zone", "GET", "/v1/imports/77", &[], "").await.status, 404);
}

#[tokio::test]
async fn every_fault_and_nothing_kept() {
    let zone = Zone::new().await;
    let head = "id,firm,skill,headcount,from,to\n";
    let rows = ",F1,packer,2,2022-04-01,2022-04-02\nS-F2,F1,packer,2,2022-04-01,2022-04-02\nS-77,F1,packer,2,2022-04-01,2022-04-02\n\
                ,F2,packer,2,2022-04-01,2022-04-02\n,F1,cook,many,soon,2022-04-02\n";
    let expect = [
        // another firm's posting and one that does not exist are told the same
        "- 3 id unknown_reference S-F2",
        "- 4 id unknown_reference S-77",
        "- 5 firm unknown_reference F2",
        "- 6 skill unknown_reference cook",
        "- 6 headcount bad_number many",
        "- 6 from bad_date soon",
    ];
    let table = format!("{head}{rows}");
    let refused = import(&zone, "firm", SURPLUS, &table).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (422, &json!("defects")));
    assert_eq!(places(&refused.json()["defects"]), expect);
    let (other, none) = (&refused.json()["defects"][0], &refused.json()["defects"][1]);
    let text = |defect: &Value| defect["message_zh"].as_str().unwrap_or_default().replace("S-F2", "S-77");
    assert_eq!(text(other), text(none));
    assert_eq!(zone.ask("zone", "GET", "/v1/surplus/S-1", &[], "").await.status, 404);
    let dry = import(&zone, "firm", "/v1/surplus:import?dry_run=true", &table).await.json();
    let verdicts: Vec<&str> =
        dry["rows"].as_array().expect("rows").iter().filter_map(|row| row["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["create", "faulty", "faulty", "faulty", "faulty"]);
    assert_eq!(places(&dry["rows"][4]["defects"]), expect[3..]);

    // a withdrawn posting is not changed by a table
    assert_eq!(zone.ask("zone", "DELETE", "/v1/surplus/S-F1", &["if-match: *"], "").await.status, 204);
    let table = format!("{head}S-F1,F1,packer,2,2022-04-01,2022-04-02\n");
    let refused = import(&zone, "zone", SURPLUS, &table).await.json();
    assert_eq!(places(&refused["defects"]), ["- 2 id conflict S-F1"]);
    // a header that is none is wrong for every row
    let dry = import(
        &zone,
        "zone",
        "/v1/surplus:import?dry_run=true",
        "firm,skill,from,to\nF1,packer,2022-04-01,2022-04-02\n",
    )
    .await;
    assert_eq!(places(&dry.json()["defects"]), ["- 1 headcount missing_column -"]);
    assert_eq!(dry.json()["rows"][0]["verdict"], "faulty");
    let empty = import(&zone, "zone", "/v1/surplus:import?dry_run=true", "").await;
    assert_eq!(places(&empty.json()["defects"]), ["- null - unreadable -"]);
    assert_eq!(import(&zone, "zone", SURPLUS, "").await.status, 422);
    let json = zone.send("zone", "POST", SURPLUS, &[], &json!([])).await;
    assert_eq!((json.status.as_u16(), &json.json()["code"]), (415, &json!("unsupported_media_type")));
}

#[tokio::test]
async fn a_workbook_names_its_sheet_and_urgent_is_asked_for() {
    let zone = Zone::new().await;
    let document = zone.ask("zone", "GET", "/v1/scenario", &[], "").await;
    let loaded = tiaoji_formats::read_json("zone", &document.body).expect("valid");
    let book = tiaoji_formats::to_workbook(&loaded.scenario, tiaoji_formats::messages::Language::Zh);
    // the firm's login knows one row of three
    let refused =
        zone.ask("firm", "POST", SURPLUS, &["content-type: application/octet-stream"], book.clone()).await;
    assert_eq!(places(&refused.json()["defects"])[0], "余工 3 id unknown_reference S-F2");
    let whole = zone.ask("zone", "POST", SURPLUS, &["content-type: application/octet-stream"], book).await;
    assert_eq!((whole.status.as_u16(), &whole.json()["unchanged"]), (201, &json!(["S-F1", "S-F2", "S-F3"])));

    let table = "id,skill,headcount,from,to,priority\nD-F1,packer,3,2022-03-07,2022-03-18,urgent\n,packer,1,2022-03-07,2022-03-18,紧急\n";
    let done = import(&zone, "firm", "/v1/shortages:import", table).await;
    assert_eq!(done.status, 201, "{}", done.text());
    for (id, priority) in [("D-F1", json!("low")), ("D-1", Value::Null)] {
        let row = zone.ask("zone", "GET", &format!("/v1/shortages/{id}"), &[], "").await.json();
        assert_eq!((&row["priority"], &row["priority_asked"]), (&priority, &json!("urgent")), "{row}");
    }
    // an officer's table without that column leaves the question open
    let table = "id,firm,skill,headcount,from,to\nD-F1,F1,packer,4,2022-03-07,2022-03-18\n";
    assert_eq!(import(&zone, "officer", "/v1/shortages:import", table).await.status, 201);
    let row = zone.ask("zone", "GET", "/v1/shortages/D-F1", &[], "").await.json();
    assert_eq!((&row["headcount"], &row["priority_asked"]), (&json!(4), &json!("urgent")));
}

#[tokio::test]
async fn an_idempotency_key_imports_once() {
    let zone = Zone::new().await;
    let table = "skill,headcount,from,to\npacker,1,2022-04-01,2022-04-02\n";
    let send = async || zone.ask("firm", "POST", SURPLUS, &[CSV, "idempotency-key: i-1"], table).await;
    let (first, again) = (send().await, send().await);
    assert_eq!((first.status.as_u16(), first.body == again.body), (201, true), "{}", first.text());
    assert_eq!(again.header("idempotency-replayed"), "true");
}
