//! The page that imports tables, without scripts: pasted, mended, imported, taken back.

mod common;

use std::fmt::Write as _;

use common::{Answer, Zone};

const FORM: &str = "content-type: application/x-www-form-urlencoded";

async fn send(zone: &Zone, role: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        write!(body, "&{name}=").expect("text");
        value.bytes().for_each(|byte| write!(body, "%{byte:02X}").expect("text"));
    }
    zone.ask(role, "POST", path, &[FORM, "accept-language: zh"], body).await
}

#[track_caller]
fn check(answer: &Answer, parts: &[&str]) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    for part in parts {
        assert!(answer.text().contains(part), "{part} in {}", answer.text());
    }
}

#[tokio::test]
async fn from_the_clipboard_to_the_undo() {
    let zone = Zone::new().await;
    // as a spreadsheet copies it; the skill by its name, the second row changes a posting
    let pasted = "工种\t人数\t开始日期\t结束日期\t编号\n包装工\t2x\t2022-04-01\t2022-04-02\t\nbzg\t6\t2022-03-07\t2022-03-18\tS-F1\n厨师\t1\t2022-04-02\t2022-04-01\t\n";
    let form = [("table", pasted), ("key", "k1"), ("act", "import")];
    let page = send(&zone, "firm", "/surplus/import", &form).await;
    check(
        &page,
        &[
            "共 3 行：有误 2 行",
            "id=\"cell-2-1\"",
            "id=\"cell-2-1-fault\"><p>",
            "id=\"cell-4-0-fault\"><p>",
            "重新检查",
        ],
    );
    assert!(!page.text().contains("id=\"cell-3-0\""), "only rows with faults are shown first");
    assert!(!page.text().contains("value=\"import\""), "nothing to import yet");
    let every = send(&zone, "firm", "/surplus/import", &[("table", pasted), ("show", "all")]).await;
    check(&every, &["id=\"cell-3-0\"", "value=\"bzg\""]);
    // one cell is mended, one row left out
    let page = page.text();
    let text = page.split("readonly").nth(1).and_then(|rest| rest.split_once('\n')).expect("the table").1;
    let text = text.split("</textarea>").next().expect("its end");
    assert!(text.starts_with("工种,人数"), "{text}");
    let mended = [("table", text), ("cell-2-1", "2"), ("drop-4", "on"), ("key", "k1")];
    let page = send(&zone, "firm", "/surplus/import", &mended).await;
    check(&page, &["共 2 行：新登记 1 行，修改 1 行", "导入 2 行", "value=\"2\""]);
    assert_eq!(zone.ask("zone", "GET", "/v1/surplus/S-1", &[], "").await.status, 404);
    for _ in 0..2 {
        // a second click imports nothing twice
        let whole: Vec<(&str, &str)> = mended.iter().copied().chain([("act", "import")]).collect();
        let done = send(&zone, "firm", "/surplus/import", &whole).await;
        assert_eq!(
            (done.status.as_u16(), done.header("location")),
            (303, "/imports/1?done=made"),
            "{}",
            done.text()
        );
    }
    let row = zone.ask("zone", "GET", "/v1/surplus/S-1", &[], "").await.json();
    assert_eq!((&row["firm"], &row["skill"], &row["headcount"]), (&"F1".into(), &"packer".into(), &2.into()));
    let page = zone.ask("firm", "GET", "/imports/1?done=made", &["accept-language: zh"], "").await;
    check(&page, &["新登记 1 条，修改 1 条", "S-F1", "/imports/1/undo"]);
    assert_eq!(zone.ask("firm", "GET", "/imports/9", &[], "").await.status, 404);
    let undone = send(&zone, "firm", "/imports/1/undo", &[]).await;
    assert_eq!((undone.status.as_u16(), undone.header("location")), (303, "/imports/1?done=undone"));
    assert_eq!(zone.ask("zone", "GET", "/v1/surplus/S-1", &[], "").await.status, 404);
    let twice = send(&zone, "firm", "/imports/1/undo", &[]).await;
    assert!(twice.status == 409 && twice.text().contains("已撤销"), "{}", twice.text());
}

#[tokio::test]
async fn files_templates_and_what_is_no_table() {
    let zone = Zone::new().await;
    for (role, has_firms) in [("firm", false), ("zone", true)] {
        let book = zone.ask(role, "GET", "/shortages/template", &["accept-language: zh"], "").await;
        assert_eq!(book.status, 200, "{}", book.text());
        // a blank template is a table without rows
        let page = zone
            .ask(
                role,
                "POST",
                "/shortages/import",
                &["content-type: application/octet-stream", "accept-language: zh"],
                book.body,
            )
            .await;
        check(&page, &["共 0 行", "优先级"]);
        assert_eq!(page.text().contains("<th scope=\"col\">企业</th>"), has_firms, "{}", page.text());
        assert!(!page.text().contains("value=\"import\""));
    }
    // the officer by the firms' names; a firm that is not theirs does not exist
    let table = "firm,skill,headcount,from,to\nFirm F1,packer,1,2022-04-01,2022-04-02\nFirm F3,packer,1,2022-04-01,2022-04-02\n";
    let page = send(&zone, "officer", "/shortages/import", &[("table", table)]).await;
    check(&page, &["有误 1 行", "id=\"cell-3-0-fault\"><p>"]);
    // a header that is none is mended in its cell
    let table = "skill,how many,from,to\npacker,1,2022-04-01,2022-04-02\n";
    let page = send(&zone, "firm", "/shortages/import", &[("table", table)]).await;
    check(&page, &["id=\"cell-1-1\"", "id=\"cell-1-1-fault\"><p>"]);
    let page = send(&zone, "firm", "/shortages/import", &[("table", table), ("cell-1-1", "headcount")]).await;
    check(&page, &["共 1 行：新登记 1 行"]);
    for text in ["", "one;two\n1;2\n"] {
        let no = send(&zone, "firm", "/surplus/import", &[("table", text)]).await;
        assert!(no.status == 422 && no.text().contains("role=\"alert\""), "{}", no.text());
    }
    assert_eq!(send(&zone, "viewer", "/surplus/import", &[("table", table)]).await.status, 403);
    assert_eq!(zone.ask("viewer", "GET", "/surplus/import", &[], "").await.status, 403);
    assert_eq!(zone.ask("viewer", "GET", "/surplus/template", &[], "").await.status, 403);
}
