//! The pages of firms, skills and substitutions, without scripts.

mod common;

use common::{Answer, Zone};
use serde_json::{Value, json};

const FORM: &str = "content-type: application/x-www-form-urlencoded";

async fn send(zone: &Zone, role: &str, path: &str, form: &str) -> Answer {
    zone.ask(role, "POST", path, &[FORM, "accept-language: zh"], form.to_string()).await
}

async fn page(zone: &Zone, role: &str, path: &str) -> String {
    let page = zone.ask(role, "GET", path, &["accept-language: zh"], "").await;
    assert_eq!(page.status, 200, "{role} {path}: {}", page.text());
    page.text()
}

async fn read(zone: &Zone, path: &str) -> Value {
    zone.ask("zone", "GET", path, &[], "").await.json()
}

fn check_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} in {text}");
    }
}

fn firm(version: u8, name: &str, latitude: &str) -> String {
    format!(
        "version={version}&name={name}&uscc=&alliance=B&service_officer=Wang&latitude={latitude}&longitude=117.5\
         &staff=30&contact=Zhao&phone=19900000009"
    )
}

#[tokio::test]
async fn a_firm_is_added_changed_closed_and_removed() {
    let zone = Zone::new().await;
    let bad = send(&zone, "zone", "/settings/firms", &firm(0, "Nova", "north")).await;
    assert_eq!(bad.status, 422);
    check_has(
        &bad.text(),
        &["id=\"latitude-fault\"><p>", "value=\"Nova\"", "value=\"north\"", "role=\"alert\""],
    );
    let made = send(&zone, "zone", "/settings/firms", &format!("{}&key=k1", firm(0, "Nova", "36.6"))).await;
    let at = made.header("location").strip_suffix("?done=made").expect("made").to_string();
    // sent twice, made once
    let again = send(&zone, "zone", "/settings/firms", &format!("{}&key=k1", firm(0, "Nova", "36.6"))).await;
    assert_eq!(again.header("location"), made.header("location"));
    let own = read(&zone, &at.replace("/settings", "/v1")).await;
    assert_eq!(
        json!([own["name"], own["latitude"], own["staff"], own["service_officer"], own["uscc"]]),
        json!(["Nova", 36.6, 30, "Wang", null])
    );
    // what was typed for the version before is shown beside what stands now, and nothing is lost
    let saved = send(&zone, "zone", &at, &firm(1, "Nova+Foods", "36.6")).await;
    assert_eq!(saved.header("location"), format!("{at}?done=changed"), "{}", saved.text());
    let stale = send(&zone, "zone", &at, &firm(1, "Nova+Works", "36.6")).await;
    assert_eq!(stale.status, 412);
    check_has(
        &stale.text(),
        &[">Nova Foods</td>", ">Nova Works</td>", "value=\"Nova Works\"", "name=\"version\" value=\"2\""],
    );
    // found by what the list shows
    for (wanted, found) in [("nova", true), ("wang", true), ("19900000009", true), ("F2", false)] {
        let list = page(&zone, "zone", &format!("/settings/firms?q={wanted}")).await;
        assert_eq!(list.contains(&at), found, "{wanted}: {list}");
    }
    let closed = send(&zone, "zone", &format!("{at}/close"), "version=2").await;
    assert_eq!(closed.header("location"), format!("{at}?done=closed"), "{}", closed.text());
    check_has(&page(&zone, "zone", &at).await, &["已退出园区", "/reopen"]);
    let back = send(&zone, "zone", &format!("{at}/reopen"), "version=3").await;
    assert_eq!(back.header("location"), format!("{at}?done=reopened"), "{}", back.text());
    let old = send(&zone, "zone", &format!("{at}/remove"), "version=3").await;
    assert_eq!(old.status, 412, "{}", old.text());
    let gone = send(&zone, "zone", &format!("{at}/remove"), "version=4").await;
    assert_eq!(gone.header("location"), "/settings/firms?done=removed", "{}", gone.text());
    // a firm that has postings stays
    let named = send(&zone, "zone", "/settings/firms/F1/remove", "version=1").await;
    assert!(named.status == 409 && named.text().contains("role=\"alert\""), "{}", named.text());
}

#[tokio::test]
async fn others_read_what_is_theirs_and_change_nothing() {
    let zone = Zone::new().await;
    let list = page(&zone, "officer", "/settings/firms").await;
    assert!(list.contains("/settings/firms/F2") && !list.contains("F3"), "{list}");
    assert!(page(&zone, "viewer", "/settings/firms").await.contains("/settings/firms/F3"));
    for (role, path) in [("officer", "/settings/firms/F1"), ("viewer", "/settings/skills/packer")] {
        assert!(!page(&zone, role, path).await.contains("class=\"fields\""), "{role} {path}");
        assert_eq!(send(&zone, role, path, &firm(1, "Other", "36")).await.status, 403, "{role} {path}");
        assert_eq!(send(&zone, role, &format!("{path}/remove"), "version=1").await.status, 403);
    }
    for role in ["firm", "officer", "viewer"] {
        assert_eq!(send(&zone, role, "/settings/firms/F1/close", "version=1").await.status, 403, "{role}");
    }
    assert_eq!(read(&zone, "/v1/firms/F1").await["version"], 1);
}

#[tokio::test]
async fn skills_and_what_they_may_do_besides() {
    let zone = Zone::new().await;
    let form =
        "id=baker&name=烘焙工&aliases=糕点工，面包工&occupation_code=6-02-01-01&level=&certificate=健康证";
    let made = send(&zone, "zone", "/settings/skills", form).await;
    assert_eq!(made.header("location"), "/settings/skills/baker?done=made", "{}", made.text());
    assert_eq!(read(&zone, "/v1/skills/baker").await["aliases"], json!(["糕点工", "面包工"]));
    let twice = send(&zone, "zone", "/settings/skills", form).await;
    assert!(twice.status == 409 && twice.text().contains("value=\"烘焙工\""), "{}", twice.text());
    // a skill is named as people name it
    let pair = "from=bzg&to=面包工&training_cost_fen=120.5";
    let made = send(&zone, "zone", "/settings/substitutions", pair).await;
    let at = made.header("location").strip_suffix("?done=made").expect("made").to_string();
    let kept = read(&zone, &at.replace("/settings", "/v1")).await;
    assert_eq!(
        json!([kept["from"], kept["to"], kept["training_cost_fen"]]),
        json!(["packer", "baker", 12_050])
    );
    check_has(&page(&zone, "firm", "/settings/substitutions").await, &["包装工", "烘焙工", "120.50"]);
    let unknown =
        send(&zone, "zone", "/settings/substitutions", "from=bzg&to=nobody&training_cost_fen=1").await;
    check_has(&unknown.text(), &["id=\"to-fault\"><p>", "value=\"nobody\""]);
    let same = send(&zone, "zone", "/settings/substitutions", pair).await;
    assert_eq!(same.status, 422, "{}", same.text());
    let named = send(&zone, "zone", "/settings/skills/baker/remove", "version=1").await;
    assert_eq!(named.status, 409, "{}", named.text());
    let gone = send(&zone, "zone", &format!("{at}/remove"), "version=1").await;
    assert_eq!(gone.header("location"), "/settings/substitutions?done=removed", "{}", gone.text());
    let gone = send(&zone, "zone", "/settings/skills/baker/remove", "version=1").await;
    assert_eq!(gone.header("location"), "/settings/skills?done=removed", "{}", gone.text());
}

#[tokio::test]
async fn a_long_list_has_pages() {
    let zone = Zone::new().await;
    for n in 0..51 {
        let made = zone
            .send(
                "zone",
                "POST",
                "/v1/skills",
                &[],
                &json!({ "id": format!("Z{n:02}"), "name": format!("skill {n:02}") }),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    let (first, second) = (
        page(&zone, "zone", "/settings/skills?q=skill").await,
        page(&zone, "zone", "/settings/skills?q=skill&page=2").await,
    );
    check_has(&first, &["共 51 条", "/settings/skills/Z49\"", "q=skill&amp;page=2"]);
    assert!(!first.contains("/settings/skills/Z50\""), "{first}");
    check_has(&second, &["/settings/skills/Z50\"", "q=skill&amp;page=1"]);
    let none = zone.ask("zone", "GET", "/settings/skills?page=0", &[], "").await;
    assert_eq!(none.status, 400);
}
