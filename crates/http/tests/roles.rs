//! Every route, every role, one's own and another's objects: from the table of roles as the API's page has it.

mod common;

use common::{ROLES, Zone};
use serde_json::{Value, json};
use tiaoji_server::routes::{ROUTES, Route};

/// What comes back for an own object, another firm's that is seen in part, and one that is not seen: a status each.
/// `-` of the page is 403; what is not visible is 404.
fn expect(role: &str, method: &str, matter: &str) -> [u16; 3] {
    let reads = method == "get";
    let changed = match method {
        "post" => 201,
        "delete" => 204,
        _ => 200,
    };
    match (role, matter) {
        ("zone", _) => [changed; 3],
        // everybody of the zone reads its rules; of postings others see a part, of blocks nothing
        ("viewer", _) | ("firm" | "officer", "rules") | ("firm", "posting") if reads => [200; 3],
        // of the firms here, looked after as F1, F2 and F3 are, none is F1
        ("firm", "firms") if reads => [404; 3],
        ("officer", "firms") if reads => [200, 200, 404],
        ("firm", "register") if reads => [200, 404, 404],
        ("firm" | "officer", "rules" | "firms") | ("firm", "register") => [403; 3],
        ("firm", _) if matter == "posting" || method == "post" => [changed, 403, 403],
        ("firm", _) => [changed, 404, 404],
        // the officer's firms are F1 and F2
        ("officer", _) if method == "post" => [changed, changed, 403],
        ("officer", _) => [changed, changed, 404],
        _ => [403; 3],
    }
}

/// The sorts of rows, and whose they are.
const ROWS: [(&str, &str); 10] = [
    ("/v1/firms", "firms"),
    ("/v1/skills", "rules"),
    ("/v1/substitutions", "rules"),
    ("/v1/surplus", "posting"),
    ("/v1/shortages", "posting"),
    ("/v1/blocked", "block"),
    ("/v1/calendar", "rules"),
    ("/v1/alliances", "rules"),
    ("/v1/meetings", "register"),
    ("/v1/problems", "register"),
];

const OWNERS: [&str; 3] = ["F1", "F2", "F3"];

/// A body of a new row.
fn body(path: &str, owner: &str, n: usize) -> Value {
    match path {
        "/v1/firms" => {
            let officer = if owner == "F3" { "Wang" } else { "Li" };
            json!({ "id": format!("N{n}"), "name": "New", "latitude": 36.5, "longitude": 117.0, "service_officer": officer })
        }
        "/v1/skills" => json!({ "id": format!("N{n}"), "name": format!("新工种{n}") }),
        "/v1/substitutions" => json!({ "from": "packer", "to": "welder", "training_cost_fen": n }),
        "/v1/surplus" | "/v1/shortages" => {
            json!({ "firm": owner, "skill": "packer", "headcount": 1, "from": "2022-04-01", "to": "2022-04-02" })
        }
        "/v1/blocked" => {
            json!({ "lender": owner, "borrower": if owner == "F1" { "F2" } else { "F1" }, "shortage": null })
        }
        "/v1/calendar" => json!({ "date": format!("2022-05-{:02}", n % 28 + 1), "working": true }),
        "/v1/alliances" => json!({ "name": format!("N{n}"), "liaison": "Zhao" }),
        "/v1/meetings" => json!({ "date": "2022-03-09", "kind": "visit", "alliance": "A", "firms": [owner] }),
        "/v1/problems" => json!({ "firm": owner, "kind": "policy", "text": "?", "raised": "2022-03-09" }),
        other => unreachable!("{other}"),
    }
}

#[tokio::test]
async fn rows() {
    let mut cases = 0;
    for (path, matter) in ROWS {
        for role in ROLES {
            let zone = Zone::new().await;
            for (n, owner) in OWNERS.into_iter().enumerate() {
                let check = |method: &str, status: u16, what: &str| {
                    assert_eq!(
                        status,
                        expect(role, method, matter)[n],
                        "{role} {method} {path} {owner} {what}"
                    );
                };
                // made by the zone, looked at and changed by the role
                let made = zone.send("zone", "POST", path, &[], &body(path, owner, n)).await;
                assert_eq!(made.status, 201, "{path} {owner}: {}", made.text());
                let (at, tag) = (made.header("location").to_string(), made.header("etag").to_string());
                let tag = format!("if-match: {tag}");
                let read = zone.ask(role, "GET", &at, &[], "").await;
                check("get", read.status.as_u16(), &read.text());
                let patch = match path {
                    "/v1/firms" | "/v1/skills" => json!({ "name": "Other" }),
                    "/v1/substitutions" => json!({ "training_cost_fen": 7 }),
                    "/v1/calendar" => json!({ "working": false }),
                    "/v1/blocked" => json!({ "surplus": null }),
                    "/v1/alliances" => json!({ "liaison": "Qian" }),
                    "/v1/meetings" => json!({ "note": "!" }),
                    "/v1/problems" => json!({ "answered": "2022-03-10" }),
                    _ => json!({ "headcount": 2 }),
                };
                let changed = zone.send(role, "PATCH", &at, &[&tag], &patch).await;
                check("patch", changed.status.as_u16(), &changed.text());
                let tag = format!(
                    "if-match: {}",
                    if changed.status == 200 { changed.header("etag") } else { &tag[10..] }
                );
                let gone = zone.ask(role, "DELETE", &at, &[&tag], "").await;
                check("delete", gone.status.as_u16(), &gone.text());
                if path != "/v1/substitutions" {
                    let own = zone.send(role, "POST", path, &[], &body(path, owner, n + 10)).await;
                    check("post", own.status.as_u16(), &own.text());
                }
                // nobody at all
                for method in ["GET", "PATCH", "DELETE"] {
                    assert_eq!(zone.ask("nobody", method, &at, &[], "").await.status, 401, "{method} {at}");
                }
                if path == "/v1/substitutions" {
                    zone.ask("zone", "DELETE", &at, &["if-match: *"], "").await;
                }
                cases += 4;
            }
            let list = zone.ask(role, "GET", path, &[], "").await;
            let expect = if expect(role, "get", matter)[2] == 403 { 403 } else { 200 };
            assert_eq!(list.status, expect, "{role} {path}");
        }
    }
    assert_eq!(cases, ROWS.len() * 5 * 3 * 4);
}

/// The other routes: what each role gets, where the request is otherwise in order.
#[tokio::test]
async fn other_routes() {
    let table: &[(&str, &str, Value, [u16; 5])] = &[
        // firm, officer, zone, viewer, service
        ("GET", "/v1/policy", Value::Null, [200, 200, 200, 200, 403]),
        ("PATCH", "/v1/policy", json!({ "fairness": true }), [403, 403, 200, 403, 403]),
        ("GET", "/v1/scenario", Value::Null, [403, 403, 200, 200, 403]),
        ("POST", "/v1/match", json!({}), [403, 403, 422, 422, 422]),
        ("GET", "/v1/session", Value::Null, [200; 5]),
        ("DELETE", "/v1/session", Value::Null, [204; 5]),
        ("GET", "/v1/users", Value::Null, [403, 200, 200, 200, 403]),
        (
            "POST",
            "/v1/users",
            json!({ "login": "x", "name": "X", "password": "long enough", "role": "viewer" }),
            [403, 403, 201, 403, 403],
        ),
        ("GET", "/v1/users/U-1", Value::Null, [403, 200, 200, 200, 403]),
        ("GET", "/v1/users/U-2", Value::Null, [403, 404, 200, 200, 403]),
        ("PATCH", "/v1/users/U-1", json!({ "password": "another long one" }), [403, 200, 200, 403, 403]),
        ("PATCH", "/v1/users/U-1", json!({ "name": "Y" }), [403, 403, 200, 403, 403]),
        ("PATCH", "/v1/users/U-2", json!({ "password": "another long one" }), [403, 404, 200, 403, 403]),
        ("GET", "/v1/invitations", Value::Null, [403, 200, 200, 200, 403]),
        ("POST", "/v1/invitations", json!({ "name": "X", "role": "viewer" }), [403, 403, 201, 403, 403]),
        ("GET", "/v1/invitations/I-1", Value::Null, [403, 404, 200, 200, 403]),
        ("DELETE", "/v1/invitations/I-1", Value::Null, [403, 403, 204, 403, 403]),
        ("GET", "/v1/keys", Value::Null, [403, 200, 200, 200, 403]),
        ("POST", "/v1/keys", json!({ "name": "X", "role": "service" }), [403, 403, 201, 403, 403]),
        ("GET", "/v1/keys/K-3", Value::Null, [403, 404, 200, 200, 403]),
        ("POST", "/v1/keys/K-3/rotate", Value::Null, [403, 403, 200, 403, 403]),
        ("DELETE", "/v1/keys/K-6", Value::Null, [403, 403, 204, 403, 403]),
        ("GET", "/v1/audit", Value::Null, [200, 200, 200, 403, 403]),
        ("POST", "/v1/runs", json!({}), [403, 403, 422, 422, 422]),
        ("POST", "/v1/runs?source=zone", Value::Null, [403, 403, 202, 403, 403]),
        ("GET", "/v1/runs", Value::Null, [403, 403, 200, 200, 200]),
        // of the zone's data: its plans are read by the viewer
        ("GET", "/v1/runs/R-1", Value::Null, [403, 403, 200, 200, 404]),
        ("GET", "/v1/runs/R-1/scenario", Value::Null, [403, 403, 200, 200, 404]),
        ("GET", "/v1/runs/R-1/plan", Value::Null, [403, 403, 409, 409, 404]),
        ("DELETE", "/v1/runs/R-1", Value::Null, [403, 403, 202, 403, 404]),
        ("GET", "/v1/plans", Value::Null, [403, 403, 200, 200, 403]),
        ("GET", "/v1/plans/P-1", Value::Null, [403, 403, 200, 200, 403]),
        ("GET", "/v1/plans/P-1/report", Value::Null, [403, 403, 200, 200, 403]),
        ("GET", "/v1/plans/P-1/compare/P-1", Value::Null, [403, 403, 200, 200, 403]),
        ("GET", "/v1/plans/P-1/explanation", Value::Null, [403, 403, 200, 200, 403]),
        ("POST", "/v1/options", json!({ "shortage": "D-F1" }), [200, 200, 200, 403, 403]),
        ("POST", "/v1/options", json!({ "shortage": "D-F2" }), [404, 200, 200, 403, 403]),
        ("POST", "/v1/options", json!({ "surplus": "S-F3" }), [404, 404, 200, 403, 403]),
        ("POST", "/v1/plans/P-1/publish", Value::Null, [403, 403, 200, 403, 403]),
        ("POST", "/v1/plans/P-1/unpublish", Value::Null, [403, 403, 409, 403, 403]),
        ("POST", "/v1/what-if", json!({}), [403, 403, 200, 403, 403]),
        ("GET", "/v1/proposals", Value::Null, [200, 200, 200, 403, 403]),
        ("GET", "/v1/proposals/O-9", Value::Null, [404, 404, 404, 403, 403]),
        ("POST", "/v1/proposals/O-9/accept", Value::Null, [404, 404, 403, 403, 403]),
        ("POST", "/v1/proposals/O-9/retract", Value::Null, [404, 404, 403, 403, 403]),
        ("POST", "/v1/proposals/O-9/hold", Value::Null, [404, 404, 403, 403, 403]),
        ("POST", "/v1/proposals/O-9/decline", json!({ "reason": "pay" }), [404, 404, 403, 403, 403]),
        ("POST", "/v1/proposals/O-9/counter", json!({ "count": 1 }), [404, 404, 403, 403, 403]),
        ("GET", "/v1/agreements", Value::Null, [200, 200, 200, 403, 403]),
        ("GET", "/v1/agreements/G-9", Value::Null, [404, 404, 404, 403, 403]),
        ("GET", "/v1/agreements/G-9/document", Value::Null, [404, 404, 404, 403, 403]),
        ("GET", "/v1/agreements/G-9/settlement", Value::Null, [404, 404, 404, 403, 403]),
        ("POST", "/v1/agreements/G-9/sign", json!({ "consented": 1 }), [404, 404, 403, 403, 403]),
        (
            "POST",
            "/v1/agreements/G-9/start",
            json!({ "count": 1, "day": "2022-03-07" }),
            [404, 404, 403, 403, 403],
        ),
        (
            "POST",
            "/v1/agreements/G-9/return",
            json!({ "count": 1, "last_day": "2022-03-07", "reason": "recall" }),
            [404, 404, 403, 403, 403],
        ),
        ("POST", "/v1/agreements/G-9/extend", json!({ "to": "2022-03-07" }), [404, 404, 403, 403, 403]),
        ("POST", "/v1/agreements/G-9/cancel", Value::Null, [404, 404, 403, 403, 403]),
        // of a dispute the zone has the last word
        ("POST", "/v1/agreements/G-9/settle", Value::Null, [404, 404, 404, 403, 403]),
        ("POST", "/v1/agreements/G-9/dispute", Value::Null, [404, 404, 404, 403, 403]),
        // everybody's own, but of keys, which all of these are
        ("PATCH", "/v1/session", json!({ "current": "?", "password": "quite another" }), [403; 5]),
        // JSON is no table
        ("POST", "/v1/surplus:import", json!({}), [415, 415, 415, 403, 403]),
        ("POST", "/v1/shortages:import", json!({}), [415, 415, 415, 403, 403]),
        ("GET", "/v1/imports/1", Value::Null, [404, 404, 404, 404, 403]),
        ("POST", "/v1/imports/1/undo", Value::Null, [404, 404, 404, 403, 403]),
        ("GET", "/v1/follow-ups", Value::Null, [200, 200, 200, 200, 403]),
        ("GET", "/v1/reports/alliances", Value::Null, [403, 403, 200, 200, 403]),
        ("GET", "/v1/reports/skills", Value::Null, [403, 403, 200, 200, 403]),
        // somebody's own
        ("GET", "/v1/runs/R-2", Value::Null, [403, 403, 404, 404, 200]),
        ("GET", "/v1/runs/R-2/events", Value::Null, [403, 403, 404, 404, 200]),
    ];
    for (method, path, body, expect) in table {
        for (role, expect) in ROLES.into_iter().zip(expect) {
            let zone = Zone::new().await;
            let users = if path.contains("users") { 2 } else { 0 };
            for (login, role, firms) in
                [("one", "firm", json!(["F2"])), ("three", "firm", json!(["F3"]))].into_iter().take(users)
            {
                let user = json!({ "login": login, "name": login, "password": "long enough", "role": role, "firms": firms });
                assert_eq!(zone.send("zone", "POST", "/v1/users", &[], &user).await.status, 201);
            }
            let invited = json!({ "name": "X", "role": "viewer" });
            assert_eq!(zone.send("zone", "POST", "/v1/invitations", &[], &invited).await.status, 201);
            let key = json!({ "name": "spare", "role": "service" });
            assert_eq!(zone.send("zone", "POST", "/v1/keys", &[], &key).await.status, 201);
            assert_eq!(zone.ask("zone", "POST", "/v1/runs?source=zone", &[], "").await.status, 202);
            let own = common::document("features/competition");
            assert_eq!(zone.ask("service", "POST", "/v1/runs", &[common::JSON], own).await.status, 202);
            assert_eq!(zone.ask("service", "DELETE", "/v1/runs/R-2", &[], "").await.status, 202);
            if ["plans/", "options", "reports"].iter().any(|part| path.contains(part)) {
                zone.add_plan().await;
            }
            let answer = if body.is_null() {
                zone.ask(role, method, path, &["if-match: *"], "").await
            } else {
                zone.send(role, method, path, &["if-match: *"], body).await
            };
            assert_eq!(answer.status.as_u16(), *expect, "{role} {method} {path}: {}", answer.text());
            let nobody = zone.ask("nobody", method, path, &[], "").await;
            assert_eq!(nobody.status, 401, "{method} {path}");
        }
    }
    // every route is in one of the two tests, or for whoever comes
    let public = ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/v1/invitations:accept"];
    // which never ends: the test of the stream asks as every role
    let elsewhere = ["/v1/events"];
    for route in ROUTES.iter() {
        let template = |path: &str| {
            path.replace("imports/1", "imports/{id}")
                .replace("O-9", "{id}")
                .replace("G-9", "{id}")
                .replace("U-1", "{id}")
                .replace("I-1", "{id}")
                .replace("K-3", "{id}")
                .replace("K-6", "{id}")
                .replace("R-1", "{id}")
                .replace("R-2", "{id}")
                .replace("?source=zone", "")
                .replace("compare/P-1", "compare/{other}")
                .replace("P-1", "{id}")
        };
        let is_here = table.iter().any(|(method, path, ..)| {
            method.eq_ignore_ascii_case(route.method) && template(path) == route.path
        });
        let is_row = ROWS.iter().any(|(row, _)| route.path == *row || route.path == format!("{row}/{{id}}"));
        let is_public = public.contains(&route.path.as_str())
            || (route.method, route.path.as_str()) == ("post", "/v1/session");
        let is_elsewhere = elsewhere.contains(&route.path.as_str());
        assert!(
            is_here || is_row || is_public || is_elsewhere,
            "{} {} is not tested",
            route.method,
            route.path
        );
    }
}

/// Nothing that is never shown is in any answer that a firm gets, of another's objects.
#[tokio::test]
async fn what_another_firm_never_sees() {
    let zone = Zone::new().await;
    let block = json!({ "lender": "F3", "borrower": "F1" });
    assert_eq!(zone.send("zone", "POST", "/v1/blocked", &[], &block).await.status, 201);
    for owner in ["F1", "F2"] {
        for path in ["/v1/meetings", "/v1/problems"] {
            assert_eq!(zone.send("zone", "POST", path, &[], &body(path, owner, 1)).await.status, 201);
        }
    }
    let draft = json!({ "id": "S-draft", "firm": "F2", "skill": "packer", "headcount": 1, "from": "2022-04-01", "to": "2022-04-02", "state": "draft" });
    assert_eq!(zone.send("zone", "POST", "/v1/surplus", &[], &draft).await.status, 201);

    let reads = |route: &&Route| route.method == "get" && route.path.starts_with("/v1");
    for route in ROUTES.iter().filter(|route| reads(route) && route.path != "/v1/events") {
        for id in ["S-F2", "D-F2", "S-F3", "D-F3", "S-draft", "F2", "B-1", "U-1", "K-1", "M-2", "Q-2"] {
            let answer = zone.ask("firm", "GET", &route.path.replace("{id}", id), &[], "").await;
            let text = answer.text();
            for row in rows_of(&answer.body) {
                let is_rule =
                    ROWS.iter().any(|(path, matter)| *matter == "rules" && route.path.starts_with(path));
                let is_own = ["firm", "lender", "id"].iter().any(|column| row[*column] == "F1")
                    || row["firms"][0] == "F1";
                if is_own || is_rule || ["/v1/session", "/v1/policy"].contains(&route.path.as_str()) {
                    continue;
                }
                for never in [
                    "min_day_pay_fen",
                    "consented",
                    "contract_until",
                    "priority",
                    "lender",
                    "contact",
                    "phone",
                    "firm",
                    "remark",
                    "version",
                ] {
                    assert!(row.get(never).is_none(), "{}: {never} in {row}", route.path);
                }
            }
            for never in [
                "12345",
                "Contact of F2",
                "Contact of F3",
                "the remark\",\"to\":\"2022-03-18\",\"firm\":\"F2",
            ] {
                assert!(!text.contains(never), "{}: {never} in {text}", route.path);
            }
        }
    }
    let seen = zone.ask("firm", "GET", "/v1/surplus", &[], "").await.json();
    let ids: Vec<&str> =
        seen["items"].as_array().expect("items").iter().filter_map(|row| row["id"].as_str()).collect();
    // the lender that blocks is absent, and so is a draft
    assert_eq!(ids, ["S-F1", "S-F2"]);
    assert_eq!(zone.ask("firm", "GET", "/v1/surplus/S-F3", &[], "").await.status, 404);
    assert_eq!(zone.ask("firm", "GET", "/v1/surplus/S-draft", &[], "").await.status, 404);
    let partner = zone.ask("firm", "GET", "/v1/surplus/S-F2", &[], "").await.json();
    let expect = json!({ "id": "S-F2", "state": "open", "skill": "packer", "headcount": 5, "from": "2022-03-07",
        "to": "2022-03-18", "firm_name": "Firm F2", "alliance": "A", "distance_km": 0.9 });
    assert_eq!(partner, expect);
    let partner = zone.ask("firm", "GET", "/v1/shortages/D-F2", &[], "").await.json();
    assert_eq!(partner["day_pay_fen"], 20_000);
    // one's own is whole
    let own = zone.ask("firm", "GET", "/v1/surplus/S-F1", &[], "").await.json();
    assert_eq!((&own["min_day_pay_fen"], &own["consented"]), (&json!(11_111), &json!(4)));
    // the trail shows one's own objects, nobody else's
    let trail = zone.ask("firm", "GET", "/v1/audit", &[], "").await.json();
    let entries = trail["items"].as_array().expect("items");
    assert!(!entries.is_empty() && entries.iter().all(|entry| entry["firm"] == "F1"), "{trail:#}");
}

/// The rows of an answer: those of a list, or the one.
fn rows_of(body: &[u8]) -> Vec<Value> {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    match value["items"].as_array() {
        Some(items) => items.clone(),
        None => vec![value],
    }
}
