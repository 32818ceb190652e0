//! The pages of those who look after firms, without scripts: follow-ups, meetings and visits, problems, figures.

mod common;

use common::{Answer, Zone};
use serde_json::json;

const FORM: &str = "content-type: application/x-www-form-urlencoded";

async fn send(zone: &Zone, role: &str, path: &str, form: &str) -> Answer {
    zone.ask(role, "POST", path, &[FORM, "accept-language: zh"], form.to_string()).await
}

async fn page(zone: &Zone, role: &str, path: &str) -> String {
    let page = zone.ask(role, "GET", path, &["accept-language: zh"], "").await;
    assert_eq!(page.status, 200, "{role} {path}: {}", page.text());
    page.text()
}

#[tokio::test]
async fn what_a_plan_leaves_open_is_seen_to() {
    let zone = Zone::new().await;
    for (id, firm) in [("D-1", "F1"), ("D-3", "F3")] {
        let welders = json!({ "id": id, "firm": firm, "skill": "welder", "headcount": 2, "from": "2022-03-07", "to": "2022-03-08" });
        assert_eq!(zone.send("zone", "POST", "/v1/shortages", &[], &welders).await.status, 201);
    }
    assert!(page(&zone, "officer", "/register").await.contains("没有需要跟进的缺工"));
    let id = zone.add_plan().await;
    let done = zone.ask("zone", "POST", &format!("/v1/plans/{id}/publish"), &[], "").await;
    assert_eq!(done.status, 200, "{}", done.text());

    // Li looks after F1, Wang after F3
    for path in ["/", "/register"] {
        let list = page(&zone, "officer", path).await;
        for part in
            ["Contact of F1", "href=\"/shortages/D-1\"", "href=\"/register/problems/Q-1\"", "无人可借（4）"]
        {
            assert!(list.contains(part), "{part} on {path} in {list}");
        }
        assert!(!list.contains("Firm F3</a>"), "{path}: {list}");
    }
    let all = page(&zone, "viewer", "/register").await;
    assert!(all.contains("Firm F1</a>") && all.contains("Firm F3</a>"), "{all}");
    let of_one = page(&zone, "zone", "/register?officer=Wang").await;
    assert!(!of_one.contains("Firm F1</a>") && of_one.contains("Firm F3</a>"), "{of_one}");
    // a firm reads its own, and writes nothing
    let own = page(&zone, "firm", "/").await;
    assert!(own.contains("href=\"/shortages/D-1\"") && !own.contains("D-3"), "{own}");
    let own = page(&zone, "firm", "/register/problems/Q-1").await;
    assert!(!own.contains("name=\"today\"") && !own.contains("/plans/"), "{own}");
    for role in ["firm", "officer"] {
        assert_eq!(zone.ask(role, "GET", "/register/problems/Q-2", &[], "").await.status, 404, "{role}");
    }
    assert_eq!(send(&zone, "firm", "/register/problems/Q-1", "version=1&today=answered").await.status, 403);

    let one = page(&zone, "officer", "/register/problems/Q-1").await;
    let message =
        one.split("<textarea id=\"message\"").nth(1).and_then(|rest| rest.split("</textarea>").next());
    let message = message.expect("a message to pass on");
    assert!(message.contains("尚缺 4 人天") && message.ends_with("/shortages/D-1"), "{message}");
    let one = page(&zone, "viewer", "/register/problems/Q-1").await;
    assert!(
        one.contains("/plans/P-1/why/D-1") && !one.contains("<form method=\"post\" action=\"/register"),
        "{one}"
    );
    let answered = send(&zone, "officer", "/register/problems/Q-1", "version=1&today=answered").await;
    assert_eq!(answered.header("location"), "/register/problems/Q-1?done=changed", "{}", answered.text());
    let stale = send(&zone, "officer", "/register/problems/Q-1", "version=1&today=solved").await;
    assert!(stale.status == 412 && stale.text().contains("role=\"alert\""), "{}", stale.text());
    let late =
        send(&zone, "officer", "/register/problems/Q-1", "version=2&answered=2999-01-01&owner=Li").await;
    assert!(late.status == 422 && late.text().contains("id=\"answered-fault\"><p>"), "{}", late.text());
    let solved = send(&zone, "officer", "/register/problems/Q-1", "version=2&today=solved").await;
    assert_eq!(solved.status, 303, "{}", solved.text());
    assert!(page(&zone, "officer", "/register").await.contains("没有需要跟进的缺工"));
    assert!(page(&zone, "officer", "/register/problems?state=solved").await.contains("Q-1"));
}

#[tokio::test]
async fn meetings_and_visits() {
    let zone = Zone::new().await;
    let sent =
        "date=2022-03-09&kind=visit&firm=F1&firms=Firm+F2%EF%BC%8CF1&alliance=A&note=%E8%B5%B0%E8%AE%BF";
    let made = send(&zone, "officer", "/register/meetings", sent).await;
    assert_eq!(made.header("location"), "/register/meetings?done=made", "{}", made.text());
    let rows = zone.ask("zone", "GET", "/v1/meetings", &[], "").await.json();
    assert_eq!(
        (&rows["items"][0]["firms"], &rows["items"][0]["officer"]),
        (&json!(["F1", "F2"]), &json!("Li"))
    );
    let unknown =
        send(&zone, "officer", "/register/meetings", "date=2022-13-09&kind=visit&firm=F1&firms=F9").await;
    assert_eq!(unknown.status, 422);
    for part in ["id=\"date-fault\"><p>", "id=\"firms-fault\"><p>", "value=\"F9\""] {
        assert!(unknown.text().contains(part), "{part} in {}", unknown.text());
    }
    // an officer holds none without a firm of theirs
    let of_others = send(&zone, "officer", "/register/meetings", "date=2022-03-09&kind=visit&firm=F3").await;
    assert!(of_others.status == 403 && of_others.text().contains("role=\"alert\""), "{}", of_others.text());
    let list = page(&zone, "viewer", "/register/meetings").await;
    assert!(list.contains("Firm F1、Firm F2") && !list.contains("/remove"), "{list}");
    let own = page(&zone, "firm", "/register/meetings").await;
    assert!(
        own.contains("2022-03-09") && !own.contains("Firm F2"),
        "who else came is not a firm's to know: {own}"
    );
    assert_eq!(send(&zone, "viewer", "/register/meetings", sent).await.status, 403);
    let id = rows["items"][0]["id"].as_str().unwrap_or_default();
    let gone = send(&zone, "officer", &format!("/register/meetings/{id}/remove"), "version=1").await;
    assert_eq!(gone.header("location"), "/register/meetings?done=removed", "{}", gone.text());
    assert!(!page(&zone, "zone", "/register/meetings").await.contains("走访</td>"));
}

#[tokio::test]
async fn problems_and_what_a_zone_reports() {
    let zone = Zone::new().await;
    let made =
        send(&zone, "officer", "/register/problems", "firm=F1&kind=policy&text=%3Cb%3E%3F&owner=").await;
    assert_eq!(made.header("location"), "/register/problems?done=made", "{}", made.text());
    let blank = send(&zone, "officer", "/register/problems", "firm=F1&kind=policy&text=").await;
    assert!(blank.status == 422 && blank.text().contains("id=\"text-fault\"><p>"), "{}", blank.text());
    let list = page(&zone, "officer", "/register/problems").await;
    assert!(list.contains("&lt;b&gt;?</a>") && list.contains(">Li</td>"), "{list}");
    let done = send(&zone, "officer", "/register/problems/Q-1", "version=1&today=solved").await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(page(&zone, "viewer", "/register/problems?state=solved").await.contains("&lt;b&gt;?</a>"));

    let figures = page(&zone, "viewer", "/register/figures").await;
    for part in ["按服务专员", "<th scope=\"row\">Li</th>", "<th scope=\"row\">A</th>"] {
        assert!(figures.contains(part), "{part} in {figures}");
    }
    let count = |text: &str| {
        text.split("<dt>已解决</dt><dd>").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_string)
    };
    assert_eq!(count(&figures).as_deref(), Some("1"));
    let before = page(&zone, "zone", "/register/figures?from=&to=2022-01-01").await;
    assert_eq!(count(&before).as_deref(), Some("0"));
    assert_eq!(zone.ask("zone", "GET", "/register/figures?from=March", &[], "").await.status, 400);
    let table = zone.ask("viewer", "GET", "/register/figures/table?from=&to=", &[], "").await;
    assert!(
        table.header("content-disposition").contains("alliances.csv")
            && table.text().contains("\r\nofficer,Li,"),
        "{}",
        table.text()
    );
    for role in ["firm", "officer"] {
        assert_eq!(zone.ask(role, "GET", "/register/figures", &[], "").await.status, 403, "{role}");
        assert!(!page(&zone, role, "/register").await.contains("/register/figures"));
    }
}

#[tokio::test]
async fn the_sheet_of_an_alliance() {
    let zone = Zone::new().await;
    let other = json!({ "id": "F4", "name": "Firm F4", "alliance": "B", "latitude": 36.5, "longitude": 117.0, "service_officer": "Wang" });
    assert_eq!(zone.send("zone", "POST", "/v1/firms", &[], &other).await.status, 201);
    let before = zone.ask("zone", "GET", "/register/alliances/A", &[], "").await;
    assert_eq!(before.status, 409, "{}", before.text());
    zone.add_plan().await;
    let sheet = page(&zone, "officer", "/register/alliances/A").await;
    for part in ["<h3>A</h3>", "3 家企业", "方案 P-1", "尚未公布", "谁还缺人"] {
        assert!(sheet.contains(part), "{part} in {sheet}");
    }
    // Li looks after no firm of the other
    assert_eq!(zone.ask("officer", "GET", "/register/alliances/B", &[], "").await.status, 404);
    let list = page(&zone, "officer", "/register/alliances").await;
    assert!(list.contains("/register/alliances/A") && !list.contains("/register/alliances/B"), "{list}");
    assert!(page(&zone, "viewer", "/register/alliances").await.contains("/register/alliances/B"));
    assert!(!page(&zone, "firm", "/register").await.contains("/register/alliances"));
}

#[tokio::test]
async fn what_the_zone_sees_first() {
    let zone = Zone::ahead().await;
    let bare = page(&zone, "zone", "/").await;
    assert!(bare.contains("参与企业") && !bare.contains("id=\"lights\""), "{bare}");
    assert!(
        bare.contains("<td data-head=\"企业\">Firm F1</td>"),
        "postings stand under the firm's name: {bare}"
    );
    // a remark that no firm may make
    let remark = json!({ "remark": "限男" });
    let marked = zone.send("zone", "PATCH", "/v1/shortages/D-F3", &["if-match: *"], &remark).await;
    assert_eq!(marked.status, 200, "{}", marked.text());
    let plan = zone.add_plan().await;
    let done = zone.ask("zone", "POST", &format!("/v1/plans/{plan}/publish"), &[], "").await;
    assert_eq!(done.status, 200, "{}", done.text());
    for role in ["zone", "viewer"] {
        let first = page(&zone, role, "/").await;
        for part in ["id=\"open\"", "id=\"flows\"", "id=\"lights\"", "<svg", "已公布", "措辞", "就业促进法"]
        {
            assert!(first.contains(part), "{part} for {role} in {first}");
        }
        // three firms of one alliance, all with postings, none with an agreement yet
        let cells = "<th scope=\"row\">A</th><td class=\"number\" data-head=\"企业\">3</td>";
        assert!(first.contains(cells) && first.contains("共 0 份协议"), "{first}");
    }
    for role in ["firm", "officer"] {
        let first = page(&zone, role, "/").await;
        assert!(!first.contains("id=\"lights\"") && !first.contains("参与企业"), "{role}: {first}");
    }
    // both sides accept one
    let all = zone.ask("zone", "GET", "/v1/proposals", &[], "").await.json();
    let deal = &all["items"][0];
    let at = format!("/v1/proposals/{}/accept", deal["id"].as_str().expect("an id"));
    for (side, version) in [("lender", 1), ("borrower", 2)] {
        let access = tiaoji_store::Access {
            role: "firm".to_string(),
            firms: vec![deal[side]["firm"].as_str().expect("a firm").to_string()],
            ..Default::default()
        };
        let key = tiaoji_server::demo::add_key(&zone.app.store, side, access, None).await.expect("a key");
        let head = [format!("authorization: Bearer {key}"), format!("if-match: \"{version}\"")];
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let done = common::ask(&zone.router, "POST", &at, &head, "").await;
        assert!(done.status.is_success(), "{}", done.text());
    }
    let agreement = zone.ask("zone", "GET", "/v1/agreements", &[], "").await.json()["items"][0].clone();
    let days = agreement["worker_days"].as_i64().expect("worker-days");
    let first = page(&zone, "zone", "/").await;
    assert!(
        first.contains("共 1 份协议") && first.contains(&format!("<dd class=\"value\">{days}</dd>")),
        "{first}"
    );
}
