//! What a new plan changes for a firm, on its first page and on the plan's; and the pages that the marks of a plan lead to.

mod common;

use common::Zone;
use serde_json::{Value, json};

async fn page(zone: &Zone, role: &str, path: &str) -> String {
    let page = zone.ask(role, "GET", path, &["accept-language: zh"], "").await;
    assert_eq!(page.status, 200, "{role} {path}: {}", page.text());
    page.text()
}

async fn publish(zone: &Zone) -> String {
    let plan = zone.add_plan().await;
    let done = zone.ask("zone", "POST", &format!("/v1/plans/{plan}/publish"), &[], "").await;
    assert_eq!(done.status, 200, "{}", done.text());
    plan
}

/// The pairs of firms between which a plan lends.
async fn lent(zone: &Zone, plan: &str) -> Vec<(String, String)> {
    let found = zone.ask("zone", "GET", &format!("/v1/plans/{plan}"), &[], "").await.json();
    let firm = |s: &Value, side: &str| format!("Firm {}", &s[side].as_str().expect("an id")[2..]);
    let all = found["plan"]["secondments"].as_array().expect("secondments");
    all.iter().map(|s| (firm(s, "surplus"), firm(s, "shortage"))).collect()
}

/// The lines of the tables of a section: their cells.
fn lines(page: &str, section: &str) -> Vec<String> {
    let inside =
        page.split(section).nth(1).unwrap_or_default().split("</section>").next().unwrap_or_default();
    inside
        .split("<tr>")
        .skip(1)
        .filter(|line| line.starts_with("<th scope=\"row\""))
        .map(str::to_string)
        .collect()
}

#[tokio::test]
async fn what_a_new_plan_changes() {
    let zone = Zone::ahead().await;
    let first = publish(&zone).await;
    assert!(!page(&zone, "firm", "/").await.contains("id=\"changes\""), "there is no plan before");
    let before = lent(&zone, &first).await;
    // what the firm lends is wanted no more, and somebody else has more to spare
    let (_, borrower) = before.iter().find(|(lender, _)| lender == "Firm F1").expect("F1 lends").clone();
    let gone = borrower.replace("Firm ", "D-");
    let version =
        zone.ask("zone", "GET", &format!("/v1/shortages/{gone}"), &[], "").await.json()["version"].clone();
    let head = format!("if-match: \"{version}\"");
    let done = zone.ask("zone", "DELETE", &format!("/v1/shortages/{gone}"), &[&head], "").await;
    assert_eq!(done.status, 204, "{}", done.text());
    let second = publish(&zone).await;
    let after = lent(&zone, &second).await;
    assert_ne!(before, after);
    let home = page(&zone, "firm", "/").await;
    let told = lines(&home, "<section id=\"changes\">");
    let is_told = |lender: &str, borrower: &str| {
        let (from, to) = (format!(">{lender}</th>"), format!(">{borrower}</td>"));
        told.iter().find(|line| line.contains(&from) && line.contains(&to))
    };
    let line = is_told("Firm F1", &borrower).unwrap_or_else(|| panic!("{home}"));
    for part in [format!("缺工 {gone} 已撤回或到期"), ">无</span>".to_string()] {
        assert!(line.contains(&part), "{part} in {line}");
    }
    // and of what the others do among themselves nothing
    for (lender, borrower) in
        before.iter().chain(&after).filter(|pair| pair.0 != "Firm F1" && pair.1 != "Firm F1")
    {
        assert_eq!(is_told(lender, borrower), None);
    }
    // the zone sees all of it, on the plan's page
    let plan = page(&zone, "zone", &format!("/plans/{second}")).await;
    let all = lines(&plan, "<section class=\"against\">");
    for (lender, borrower) in before.iter().filter(|pair| !after.contains(pair)) {
        let (from, to) = (format!(">{lender}</th>"), format!(">{borrower}</td>"));
        assert!(
            all.iter().any(|line| line.contains(&from) && line.contains(&to)),
            "{lender} {borrower} in {plan}"
        );
    }
}

#[tokio::test]
async fn who_declined_is_why() {
    let zone = Zone::ahead().await;
    publish(&zone).await;
    let open = zone.ask("firm", "GET", "/v1/proposals?state=open", &[], "").await.json();
    let own = &open["items"][0];
    let id = own["id"].as_str().expect("a proposal");
    let head = format!("if-match: \"{}\"", own["version"]);
    let body = json!({ "reason": "trust" });
    let done = zone.send("firm", "POST", &format!("/v1/proposals/{id}/decline"), &[&head], &body).await;
    assert_eq!(done.status, 200, "{}", done.text());
    publish(&zone).await;
    let side = if own["lender"]["firm"] == "F1" { "出借方谢绝" } else { "借入方谢绝" };
    let home = page(&zone, "firm", "/").await;
    assert!(lines(&home, "<section id=\"changes\">").iter().any(|line| line.contains(side)), "{home}");
    assert!(
        !page(&zone, "viewer", "/plans/P-2").await.contains(side),
        "those who look on are not told who said what"
    );
    assert!(page(&zone, "zone", "/plans/P-2").await.contains(side));
}

#[tokio::test]
async fn every_mark_leads_to_what_explains_it() {
    let zone = Zone::ahead().await;
    let plan = zone.add_plan().await;
    let shown = page(&zone, "zone", &format!("/plans/{plan}")).await;
    let below = format!("/plans/{plan}");
    let links: std::collections::BTreeSet<&str> = shown
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| {
            link.starts_with(&format!("{below}/why/")) || link.starts_with(&format!("{below}/skills/"))
        })
        .collect();
    assert!(links.iter().any(|link| link.contains("#lent-S-F")), "{links:?}");
    assert!(links.iter().any(|link| link.starts_with(&format!("{below}/skills/packer/20"))), "{links:?}");
    for link in links {
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let text = page(&zone, "viewer", path).await;
        assert!(anchor.is_empty() || text.contains(&format!("id=\"{anchor}\"")), "{link}: {text}");
        if path.contains("/skills/") {
            assert!(
                text.contains("Firm F2") && text.contains(&format!("{below}/why/D-F2")),
                "{link}: {text}"
            );
        }
    }
    for (path, status) in
        [("skills/packer/2022-03-06", 404), ("skills/none/2022-03-07", 404), ("skills/packer/soon", 404)]
    {
        assert_eq!(
            zone.ask("zone", "GET", &format!("{below}/{path}"), &[], "").await.status,
            status,
            "{path}"
        );
    }
}
