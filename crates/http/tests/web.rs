//! The pages: every one for every role in both languages, and the roads through their forms, without scripts.

mod common;

use axum::body::Body;
use std::time::Duration;

use common::{Answer, ROLES, Zone, ask};
use serde_json::json;
use tiaoji_store::Access;

const FORM: &str = "content-type: application/x-www-form-urlencoded";

async fn send(zone: &Zone, role: &str, path: &str, form: &str) -> Answer {
    zone.ask(role, "POST", path, &[FORM, "accept-language: zh"], Body::from(form.to_string())).await
}

/// What every page is: under the policy, kept by nobody, nothing in it that the policy would refuse.
fn check_page(answer: &Answer, language: &str, what: &str) {
    let text = answer.text();
    assert!(answer.header("content-type").starts_with("text/html"), "{what}: {text}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{what}: {policy}");
    assert!(text.contains(&format!("<html lang=\"{language}\">")), "{what}: {text}");
    for never in [" style=\"", " onclick=", "<style", "javascript:"] {
        assert!(!text.contains(never), "{what}: {never}");
    }
    assert_eq!(text.matches("<script").count(), 1, "{what}");
    assert_eq!(text.matches("<h1").count(), 1, "{what}: one heading");
}

#[tokio::test]
async fn every_page_for_every_role() {
    let zone = Zone::new().await;
    zone.add_plan().await;
    let pages: &[(&str, [u16; 5])] = &[
        // firm, officer, zone, viewer, service
        ("/", [200; 5]),
        ("/login", [200; 5]),
        ("/invitation", [200; 5]),
        ("/surplus", [200, 200, 200, 200, 403]),
        ("/surplus?state=withdrawn", [200, 200, 200, 200, 403]),
        ("/shortages", [200, 200, 200, 200, 403]),
        ("/surplus/new", [200, 200, 200, 200, 403]),
        ("/shortages/new?copy=D-F1", [200, 200, 200, 200, 403]),
        ("/surplus/import", [200, 200, 200, 403, 403]),
        ("/shortages/import", [200, 200, 200, 403, 403]),
        ("/imports/9", [404, 404, 404, 404, 403]),
        ("/settings", [200; 5]),
        ("/settings/policy", [200, 200, 200, 200, 403]),
        ("/settings/calendar", [200, 200, 200, 200, 403]),
        ("/settings/people", [403, 200, 200, 200, 403]),
        ("/settings/firms", [200, 200, 200, 200, 403]),
        ("/settings/firms?q=F1&page=9", [200, 200, 200, 200, 403]),
        ("/settings/firms/new", [403, 403, 200, 403, 403]),
        ("/settings/firms/F1", [200, 200, 200, 200, 403]),
        ("/settings/firms/F3", [404, 404, 200, 200, 403]),
        ("/settings/skills", [200, 200, 200, 200, 403]),
        ("/settings/skills/new", [403, 403, 200, 403, 403]),
        ("/settings/skills/packer", [200, 200, 200, 200, 403]),
        ("/settings/skills/none", [404, 404, 404, 404, 403]),
        ("/settings/substitutions", [200, 200, 200, 200, 403]),
        ("/settings/substitutions/new", [403, 403, 200, 403, 403]),
        ("/register", [200, 200, 200, 200, 403]),
        ("/register/meetings", [200, 200, 200, 200, 403]),
        ("/register/problems", [200, 200, 200, 200, 403]),
        ("/register/problems?state=solved", [200, 200, 200, 200, 403]),
        ("/register/problems/Q-9", [404, 404, 404, 404, 403]),
        ("/register/alliances", [403, 200, 200, 200, 403]),
        ("/register/alliances/A", [403, 200, 200, 200, 403]),
        ("/register/alliances/B", [403, 404, 404, 404, 403]),
        ("/agreements/none/read/agreement", [404, 404, 404, 403, 403]),
        ("/register/figures", [403, 403, 200, 200, 403]),
        ("/surplus/S-F1", [200, 200, 200, 200, 403]),
        ("/surplus/S-F3", [200, 404, 200, 200, 403]),
        ("/shortages/D-F1", [200, 200, 200, 200, 403]),
        ("/surplus/S-F1/edit", [200, 200, 200, 200, 403]),
        ("/surplus/S-F3/edit", [404, 404, 200, 200, 403]),
        ("/surplus/none", [404, 404, 404, 404, 403]),
        ("/surplus?nonsense=1", [400, 400, 400, 400, 403]),
        ("/match", [403, 403, 200, 200, 403]),
        ("/runs/R-9", [403, 403, 404, 404, 403]),
        ("/plans/P-1", [403, 403, 200, 200, 403]),
        ("/plans/P-9", [403, 403, 404, 404, 403]),
        ("/plans/P-1/why/D-F1", [403, 403, 200, 200, 403]),
        ("/plans/P-1/why/none", [403, 403, 404, 404, 403]),
        ("/plans/P-1/skills/packer/2022-03-07", [403, 403, 200, 200, 403]),
        ("/plans/P-1/skills/packer/2022-03-08", [403, 403, 404, 404, 403]),
        ("/what-if", [403, 403, 200, 200, 403]),
        ("/proposals", [200, 200, 200, 403, 403]),
        ("/proposals?state=declined", [200, 200, 200, 403, 403]),
        ("/proposals/none", [404, 404, 404, 403, 403]),
        ("/agreements", [200, 200, 200, 403, 403]),
        ("/agreements/none", [404, 404, 404, 403, 403]),
    ];
    for (path, expect) in pages {
        for (role, expect) in ROLES.into_iter().zip(expect) {
            for (asked, tag, title) in [("en", "en", "· tiaoji</title>"), ("zh", "zh-CN", "· 调剂</title>")]
            {
                let what = format!("{role} {path} {asked}");
                let language = format!("accept-language: {asked}");
                let answer = zone.ask(role, "GET", path, &[&language], "").await;
                assert_eq!(answer.status, *expect, "{what}: {}", answer.text());
                check_page(&answer, tag, &what);
                assert!(answer.text().contains(title), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn coming_in_and_going_out() {
    let zone = Zone::new().await;
    let access = Access { role: "firm".to_string(), firms: vec!["F1".to_string()], ..Access::default() };
    let store = &zone.app.store;
    tiaoji_server::demo::add_user(store, "li", "Li Hua", "long enough", access).await.expect("a user");
    let nobody = |method: &'static str, path: &'static str, form: &'static str| {
        let router = zone.router.clone();
        async move { ask(&router, method, path, &[FORM], form).await }
    };
    let sent_on = nobody("GET", "/surplus?state=open", "").await;
    assert_eq!(
        (sent_on.status.as_u16(), sent_on.header("location")),
        (303, "/login?back=%2Fsurplus%3Fstate%3Dopen")
    );
    let wrong = nobody("POST", "/login", "login=li&password=wrong&back=/surplus").await;
    assert_eq!(wrong.status, 401);
    assert!(
        wrong.text().contains("登录名或密码不正确") && wrong.text().contains("value=\"li\""),
        "{}",
        wrong.text()
    );
    assert!(!wrong.text().contains("wrong"), "a password is not sent back");
    let elsewhere = nobody("POST", "/login", "login=li&password=long+enough&back=//evil.example").await;
    assert_eq!((elsewhere.status.as_u16(), elsewhere.header("location")), (303, "/"));
    let right = nobody("POST", "/login", "login=li&password=long+enough&back=/surplus").await;
    assert_eq!((right.status.as_u16(), right.header("location")), (303, "/surplus"));
    let cookie = format!("cookie: {}", right.header("set-cookie").split(';').next().expect("a cookie"));
    let home = ask(&zone.router, "GET", "/", &[&cookie], "").await;
    assert!(home.text().contains("Li Hua") && home.text().contains("S-F1"), "{}", home.text());
    let forged = [FORM, &cookie, "origin: https://evil.example"];
    assert_eq!(ask(&zone.router, "POST", "/logout", &forged, "").await.status, 403);
    let out = ask(&zone.router, "POST", "/logout", &[FORM, &cookie], "").await;
    assert_eq!((out.status.as_u16(), out.header("location")), (303, "/login?done=out"));
    // a form that is sent after the session has ended is not lost
    let late = ask(&zone.router, "POST", "/surplus", &[FORM, &cookie], "skill=bzg&remark=a%3Cb").await;
    assert_eq!(late.status, 401);
    assert!(late.text().contains("name=\"remark\" value=\"a&lt;b\""), "{}", late.text());
    check_page(&late, "zh-CN", "late");
    let english = nobody("GET", "/language/en?back=/surplus", "").await;
    assert_eq!((english.status.as_u16(), english.header("location")), (303, "/surplus"));
    assert!(english.header("set-cookie").starts_with("tiaoji-language=en;"));
    assert_eq!(nobody("GET", "/language/fr", "").await.status, 404);
}

#[tokio::test]
async fn invitations() {
    let zone = Zone::new().await;
    let made =
        zone.send("zone", "POST", "/v1/invitations", &[], &json!({ "name": "Wang", "role": "viewer" })).await;
    let link = made.json()["link"].as_str().expect("a link").to_string();
    let token = link.split('#').nth(1).expect("a token");
    let bad = send(&zone, "nobody", "/invitation", "token=x&login=wang&password=long+enough").await;
    assert!(bad.status == 404 && bad.text().contains("请重新索取"), "{}", bad.text());
    let short =
        send(&zone, "nobody", "/invitation", &format!("token={token}&login=wang&password=short")).await;
    assert!(short.status == 422 && short.text().contains("id=\"password-fault\"><p>"), "{}", short.text());
    let begun =
        send(&zone, "nobody", "/invitation", &format!("token={token}&login=wang&password=long+enough")).await;
    assert_eq!((begun.status.as_u16(), begun.header("location")), (303, "/"), "{}", begun.text());
}

#[tokio::test]
async fn a_posting_from_the_form_to_its_end() {
    let zone = Zone::new().await;
    // every fault at once, beside its field, and nothing typed is lost
    let faulty = "skill=bzg&headcount=18x&from=2022-03-31&to=2022-03-01&remark=by+the+%26gate&key=k1";
    let bad = send(&zone, "firm", "/shortages", faulty).await;
    assert_eq!(bad.status, 422);
    check_page(&bad, "zh-CN", "faulty");
    for part in [
        "value=\"18x\"",
        "value=\"bzg\"",
        "value=\"by the &amp;gate\"",
        "id=\"headcount-fault\"><p>",
        "role=\"alert\"",
    ] {
        assert!(bad.text().contains(part), "{part} in {}", bad.text());
    }
    let checked = send(&zone, "firm", "/shortages/check", faulty).await;
    assert_eq!(checked.json()["faults"]["headcount"].as_array().map(Vec::len), Some(1), "{}", checked.text());
    // the skill by the first letters of its pinyin; a second click makes no second posting
    let good = "skill=bzg&headcount=2&from=2022-03-07&to=2022-03-09&day_pay_fen=150.5&priority=urgent&key=k2";
    let checked = send(&zone, "firm", "/shortages/check", good).await;
    assert_eq!(checked.json(), json!({ "faults": {}, "days": "周一 至 周三：3 个工作日，0 天休息" }));
    for _ in 0..2 {
        let made = send(&zone, "firm", "/shortages", good).await;
        assert_eq!(
            (made.status.as_u16(), made.header("location")),
            (303, "/shortages/D-1?done=made"),
            "{}",
            made.text()
        );
    }
    let row = zone.ask("firm", "GET", "/v1/shortages/D-1", &[], "").await.json();
    assert_eq!(
        (&row["skill"], &row["day_pay_fen"], &row["priority_asked"]),
        (&json!("packer"), &json!(15_050), &json!("urgent"))
    );
    // who could lend, before any plan: name and distance, nothing that is their own affair
    let page = zone.ask("firm", "GET", "/shortages/D-1?done=made", &[], "").await;
    let text = page.text();
    assert!(text.contains("Firm F2") && text.contains("0.9 公里") && text.contains("待园区确认"), "{text}");
    assert!(!text.contains("123.45") && !text.contains("Contact of F2"), "{text}");
    // changed by somebody else meanwhile: both are shown, and nothing is overwritten
    let edit = zone.ask("firm", "GET", "/shortages/D-1/edit", &[], "").await;
    assert!(
        edit.text().contains("name=\"version\" value=\"1\"") && edit.text().contains("value=\"包装工\""),
        "{}",
        edit.text()
    );
    let theirs = zone
        .send("zone", "PATCH", "/v1/shortages/D-1", &["if-match: \"1\""], &json!({ "headcount": 7 }))
        .await;
    assert_eq!(theirs.status, 200);
    let mine = |version: &str| format!("version={version}&{}", good.replace("headcount=2", "headcount=3"));
    let stale = send(&zone, "firm", "/shortages/D-1", &mine("1")).await;
    assert_eq!(stale.status, 412);
    let text = stale.text();
    assert!(
        text.contains(">7</td>") && text.contains(">3</td>") && text.contains("name=\"version\" value=\"2\""),
        "{text}"
    );
    let saved = send(&zone, "firm", "/shortages/D-1", &mine("2")).await;
    assert_eq!(
        (saved.status.as_u16(), saved.header("location")),
        (303, "/shortages/D-1?done=changed"),
        "{}",
        saved.text()
    );
    assert_eq!(zone.ask("firm", "GET", "/v1/shortages/D-1", &[], "").await.json()["headcount"], 3);
    // withdrawn, and open again
    for (verb, state) in [("withdraw", "withdrawn"), ("reopen", "open")] {
        let version =
            zone.ask("firm", "GET", "/v1/shortages/D-1", &[], "").await.json()["version"].to_string();
        let done =
            send(&zone, "firm", &format!("/shortages/D-1/{verb}"), &format!("version={version}")).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(zone.ask("firm", "GET", "/v1/shortages/D-1", &[], "").await.json()["state"], state);
    }
    // of another firm: neither made, nor changed
    let other =
        send(&zone, "firm", "/surplus", "firm=F3&skill=bzg&headcount=1&from=2022-03-07&to=2022-03-09&key=k9")
            .await;
    assert_eq!(other.status, 403, "{}", other.text());
    let other =
        send(&zone, "firm", "/surplus/S-F3", "version=1&skill=bzg&headcount=1&from=2022-03-07&to=2022-03-09")
            .await;
    assert!([403, 404].contains(&other.status.as_u16()), "{}", other.text());
    assert_eq!(send(&zone, "viewer", "/surplus", good).await.status, 403);
}

#[tokio::test]
async fn from_a_run_to_a_plan_in_force() {
    let zone = Zone::ahead().await;
    let bad = send(&zone, "zone", "/match", "from=2022-13-01&time_limit=15s").await;
    assert!(bad.status == 400 && bad.text().contains("role=\"alert\""), "{}", bad.text());
    let begun = send(&zone, "zone", "/match", "from=&time_limit=15s").await;
    assert_eq!(
        (begun.status.as_u16(), begun.header("location")),
        (303, "/runs/R-1?done=begun"),
        "{}",
        begun.text()
    );
    let run = zone.ask("zone", "GET", "/runs/R-1", &[], "").await.text();
    assert!(run.contains("data-run=\"/v1/runs/R-1/events\"") && run.contains("/runs/R-1/stop"), "{run}");
    let viewer = zone.ask("viewer", "GET", "/runs/R-1", &[], "").await.text();
    assert!(!viewer.contains("/runs/R-1/stop"), "{viewer}");
    assert_eq!(send(&zone, "viewer", "/match", "").await.status, 403);
    let stopped = send(&zone, "zone", "/runs/R-1/stop", "").await;
    assert_eq!((stopped.status.as_u16(), stopped.header("location")), (303, "/runs/R-1"));
    // once more: it has ended, which is no fault
    assert_eq!(send(&zone, "zone", "/runs/R-1/stop", "").await.status, 303);
    assert_eq!(zone.ask("zone", "GET", "/runs/R-1/end", &[], "").await.header("location"), "/runs/R-1");
    // one that is done before its page is asked for
    assert_eq!(
        send(&zone, "zone", "/match", "from=&time_limit=15s").await.header("location"),
        "/runs/R-2?done=begun"
    );
    assert_eq!(zone.ask("zone", "GET", "/runs/R-2?done=begun", &[], "").await.status, 200);
    let (store, new) = (zone.app.store.clone(), zone.new_plan().await);
    let claim = store.claim("w", Duration::from_secs(30)).await.expect("a look").expect("a run");
    let done =
        store.write(move |tx| Box::pin(async move { tx.finish_run(&claim, None, None, Some(&new)).await }));
    let id = done.await.expect("a run").plan_id.expect("a plan");
    let onward = zone.ask("zone", "GET", "/runs/R-2?done=begun", &[], "").await;
    assert_eq!((onward.status.as_u16(), onward.header("location")), (303, "/plans/P-1"));

    let page = zone.ask("zone", "GET", "/plans/P-1", &["accept-language: zh"], "").await.text();
    for part in ["id=\"calendar\"", "id=\"skills\"", "href=\"/plans/P-1/why/D-F1#lent-", "/plans/P-1/publish"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
    let book = zone.ask("viewer", "GET", "/plans/P-1/book", &[], "").await;
    assert!(book.status == 200 && book.header("content-disposition").contains("plan-P-1.xlsx"));
    let published = send(&zone, "zone", "/plans/P-1/publish", "version=1").await;
    assert_eq!(
        (published.status.as_u16(), published.header("location")),
        (303, "/plans/P-1?done=published"),
        "{}",
        published.text()
    );
    let again = send(&zone, "zone", "/plans/P-1/unpublish", "version=1").await;
    assert!(again.status == 412 && again.text().contains("其他人刚操作过"), "{}", again.text());
    assert_eq!(send(&zone, "viewer", "/plans/P-1/publish", "version=2").await.status, 403);
    // what has begun already is not proposed, and that is said
    let past = Zone::new().await;
    past.add_plan().await;
    let but = send(&past, "zone", "/plans/P-1/publish", "version=1").await;
    assert!(but.status == 200 && but.text().contains("首日已到"), "{}", but.text());
    // a second plan is shown beside the one in force
    let other = zone.add_plan().await;
    assert_ne!(other, id);
    let page = zone.ask("zone", "GET", &format!("/plans/{other}"), &["accept-language: zh"], "").await.text();
    assert!(page.contains("与已公布的 P-1 相比"), "{page}");
    let list = zone.ask("viewer", "GET", "/match", &["accept-language: zh"], "").await.text();
    assert!(list.contains("已公布") && !list.contains("开始调剂"), "{list}");
}

#[tokio::test]
async fn from_a_proposal_to_a_signed_agreement() {
    let zone = Zone::ahead().await;
    zone.add_plan().await;
    let published = send(&zone, "zone", "/plans/P-1/publish", "version=1").await;
    assert_eq!(published.status, 303, "{}", published.text());
    let all = zone.ask("zone", "GET", "/v1/proposals", &[], "").await.json();
    let firm =
        |deal: &serde_json::Value, side: &str| deal[side]["firm"].as_str().unwrap_or_default().to_string();
    // the officer looks after both
    let is_between = |deal: &&serde_json::Value| {
        let mut pair = [firm(deal, "lender"), firm(deal, "borrower")];
        pair.sort();
        pair == ["F1", "F2"]
    };
    let deal =
        all["items"].as_array().and_then(|all| all.iter().find(is_between)).expect("one between F1 and F2");
    let at = format!("/proposals/{}", deal["id"].as_str().expect("an id"));
    let (mine, theirs) =
        if firm(deal, "lender") == "F1" { ("lender", "borrower") } else { ("borrower", "lender") };
    let home = zone.ask("firm", "GET", "/", &["accept-language: zh"], "").await.text();
    assert!(home.contains("等您答复") && home.contains(&at), "{home}");
    let page = zone.ask("firm", "GET", &at, &["accept-language: zh"], "").await;
    check_page(&page, "zh-CN", &at);
    for part in ["接受", "谢绝", "Contact of F2", "微信文字", "（未答复）", &format!("{at}</textarea>")]
    {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let looked_at = zone.ask("zone", "GET", &at, &[], "").await;
    assert!(looked_at.status == 200 && !looked_at.text().contains("/accept"), "the zone looks on");
    let accepted = send(&zone, "firm", &format!("{at}/accept"), "version=1").await;
    assert_eq!(
        (accepted.status.as_u16(), accepted.header("location")),
        (303, format!("{at}?done=accept").as_str()),
        "{}",
        accepted.text()
    );
    let stale = send(&zone, "firm", &format!("{at}/decline"), "version=1&reason=pay&note=too+little").await;
    assert!(stale.status == 412 && stale.text().contains("value=\"too little\""), "{}", stale.text());
    let faulty = send(&zone, "firm", &format!("{at}/counter"), "version=2&count=many&from=&to=").await;
    assert!(
        faulty.status == 422 && faulty.text().contains("id=\"counter-count-fault\"><p>"),
        "{}",
        faulty.text()
    );
    let agreed = send(&zone, "officer", &format!("{at}/accept"), &format!("version=2&side={theirs}")).await;
    assert_eq!(
        (agreed.status.as_u16(), agreed.header("location")),
        (303, "/agreements/G-1?done=accept"),
        "{}",
        agreed.text()
    );
    let agreement = zone.ask("firm", "GET", "/agreements/G-1", &["accept-language: zh"], "").await;
    check_page(&agreement, "zh-CN", "agreement");
    assert_eq!(agreement.text().contains("/agreements/G-1/sign"), mine == "lender", "the lender signs");
    let signed = send(
        &zone,
        "officer",
        "/agreements/G-1/sign",
        &format!("version=1&side=lender&consented={}", deal["count"]),
    )
    .await;
    assert_eq!(
        (signed.status.as_u16(), signed.header("location")),
        (303, "/agreements/G-1?done=sign"),
        "{}",
        signed.text()
    );
    for (paper, says) in [
        ("agreement", "共享用工合作协议（已签）"),
        ("amendment", "劳动合同变更协议"),
        ("settlement", "结算单"),
    ] {
        let at = format!("/agreements/G-1/read/{paper}");
        let read = zone.ask("firm", "GET", &at, &["accept-language: en"], "").await;
        check_page(&read, "en", &at);
        assert!(read.text().contains(says) && read.text().contains("Firm F2"), "{}", read.text());
        assert!(agreement.text().contains(&format!("href=\"{at}\"")), "{}", agreement.text());
    }
    let other = Access { role: "firm".to_string(), firms: vec!["F3".to_string()], ..Access::default() };
    let key = tiaoji_server::demo::add_key(&zone.app.store, "F3", other, None).await.expect("a key");
    let key = format!("authorization: Bearer {key}");
    assert_eq!(ask(&zone.router, "GET", "/agreements/G-1/read/agreement", &[&key], "").await.status, 404);
    assert_eq!(zone.ask("firm", "GET", "/agreements/G-1/read/none", &[], "").await.status, 404);
    for paper in ["agreement", "amendment", "settlement"] {
        let paper = zone.ask("firm", "GET", &format!("/agreements/G-1/papers/{paper}"), &[], "").await;
        assert!(
            paper.status == 200 && paper.header("content-disposition").contains(".docx"),
            "{}",
            paper.text()
        );
    }
    assert_eq!(zone.ask("firm", "GET", "/agreements/G-1/papers/none", &[], "").await.status, 400);
    assert_eq!(send(&zone, "firm", "/agreements/G-1/none", "version=1").await.status, 404);
}

#[tokio::test]
async fn other_rules() {
    let zone = Zone::new().await;
    let tried =
        send(&zone, "zone", "/what-if", "max_distance_km=1&min_stay_days=1&cross_alliance=15&onboarding=150")
            .await;
    assert_eq!(tried.status, 200, "{}", tried.text());
    assert!(
        tried.text().contains("改变后")
            && tried.text().contains("<output for=\"max_distance_km\">1</output>"),
        "{}",
        tried.text()
    );
    let bad = send(&zone, "zone", "/what-if", "max_distance_km=far").await;
    assert!(bad.status == 422 && bad.text().contains("role=\"alert\""), "{}", bad.text());
    let policy = zone.ask("zone", "GET", "/v1/policy", &[], "").await.json();
    assert!(policy["max_distance_km"].is_null(), "nothing is stored");
}

#[tokio::test]
async fn styles_and_scripts_are_kept() {
    let zone = Zone::new().await;
    let page = zone.ask("firm", "GET", "/", &[], "").await.text();
    let mut found = 0;
    for (before, media) in [("stylesheet\" href=\"", "text/css"), ("defer src=\"", "text/javascript")] {
        let path = page.split(before).nth(1).and_then(|rest| rest.split('"').next()).expect("a path");
        let asset = zone.ask("nobody", "GET", path, &[], "").await;
        assert!(asset.status == 200 && asset.header("content-type").starts_with(media), "{path}");
        assert!(asset.header("cache-control").contains("immutable"), "{path}");
        found += 1;
    }
    assert_eq!(found, 2);
}

#[tokio::test]
async fn pages_are_sent_compressed() {
    let zone = Zone::new().await;
    let plan = format!("/plans/{}", zone.add_plan().await);
    let plain = zone.ask("zone", "GET", &plan, &[], "").await;
    let small = zone.ask("zone", "GET", &plan, &["accept-encoding: br, gzip"], "").await;
    assert_eq!((plain.header("content-encoding"), small.header("content-encoding")), ("", "gzip"));
    assert!(small.body.len() * 4 < plain.body.len(), "{} of {}", small.body.len(), plain.body.len());
    // the ETag of an answer of the API is of its bytes
    let policy = zone.ask("zone", "GET", "/v1/policy", &["accept-encoding: gzip"], "").await;
    assert!(policy.header("content-encoding").is_empty() && policy.json()["version"] == 1);
}

#[tokio::test]
async fn a_page_knows_the_last_change_before_it() {
    let zone = Zone::new().await;
    let since = |page: &str| page.split("data-since=\"").nth(1)?.split('"').next()?.parse::<i64>().ok();
    assert_eq!(since(&zone.ask("", "GET", "/login", &[], "").await.text()), None);
    let before = since(&zone.ask("firm", "GET", "/", &[], "").await.text()).expect("a number");
    let again = since(&zone.ask("firm", "GET", "/", &[], "").await.text());
    assert_eq!(again, Some(before), "nothing has changed");
    let change = json!({ "remark": "theirs" });
    assert_eq!(zone.send("zone", "PATCH", "/v1/surplus/S-F1", &["if-match: *"], &change).await.status, 200);
    assert_eq!(since(&zone.ask("firm", "GET", "/", &[], "").await.text()), Some(before + 1));
}
