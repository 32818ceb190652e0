//! One small zone, worked out by hand, with one thing in the way at a time.
//!
//! F1 offers two packers from Monday 2022-03-07 to Wednesday, F2, at the same place, asks for two then: 6 worker-days. Unfilled they cost
//! 6 x 600.00 = 3,600.00; filled 6 x 10.00 for the days and 2 x 100.00 for the starts = 260.00. So what takes the one thing
//! out of the way brings 6 worker-days and saves 3,340.00.

use std::collections::BTreeMap;

use tiaoji_core::analysis::{Standing, remedies};
use tiaoji_core::plan::{Claim, Secondment};
use tiaoji_core::scenario::ShortageIx;
use tiaoji_core::solve::{Options, solve};
use tiaoji_core::stop::Never;
use tiaoji_formats::messages::{Language, change_text};
use tiaoji_formats::{read_folder_files, to_draft, with_cells};

const ZONE: [(&str, &str); 6] = [
    (
        "scenario.toml",
        "name = \"one thing\"\n[policy]\nonboarding = 100.00\ndaily_base = 10.00\ntransport_per_km = 0.00\n\
         cross_alliance = 0.00\n[policy.unmet]\nurgent = 600.00\nnormal = 400.00\nlow = 300.00\n",
    ),
    (
        "firms.csv",
        "id,name,alliance,latitude,longitude\nF1,晨光食品,食品联盟,36.98,117.21\nF2,北河饮品,,36.98,117.21\n\
         F3,安泰机械,,37.98,117.21\n",
    ),
    ("skills.csv", "id,name,certificate\npack,包装工,\nfill,灌装工,\nweld,焊工,焊工证\n"),
    ("substitutions.csv", "from,to,training_cost\nweld,fill,50.00\n"),
    ("surplus.csv", "id,firm,skill,headcount,from,to\nS1,F1,pack,2,2022-03-07,2022-03-09\n"),
    ("shortage.csv", "id,firm,skill,headcount,from,to,priority\nD1,F2,pack,2,2022-03-07,2022-03-09,urgent\n"),
];

/// The remedies of D1, in English, with worker-days and fen, after some cells were set and rows blocked.
fn found(cells: &[(&str, &str)], blocked: &str) -> Vec<(String, i64, i64)> {
    let mut files: BTreeMap<String, Vec<u8>> =
        ZONE.iter().map(|(name, text)| ((*name).to_string(), text.as_bytes().to_vec())).collect();
    if !blocked.is_empty() {
        files.insert("blocked.csv".into(), format!("lender,borrower\n{blocked}").into_bytes());
    }
    let loaded = read_folder_files(&files).expect("a valid zone");
    let cells: Vec<(String, String)> =
        cells.iter().map(|(path, text)| ((*path).to_string(), (*text).to_string())).collect();
    let scenario = with_cells(&to_draft(&loaded.scenario), &cells).expect("still valid");
    let plan = solve(&scenario, &Options::default());
    let claims: Vec<Claim> = plan.secondments.iter().map(Secondment::claim).collect();
    let standing = Standing::new(&scenario, &claims, plan.prices.clone()).expect("small numbers");
    let found = remedies(&standing, &[ShortageIx(0)], 0.0, &Never).remove(0);
    let told = |remedy: &tiaoji_core::analysis::Remedy| {
        let text = change_text(&scenario, remedy.change, Language::En);
        (text, remedy.worker_days, remedy.saved)
    };
    found.iter().map(told).collect()
}

#[test]
fn one_thing_in_the_way() {
    let check = |cells: &[(&str, &str)], blocked: &str, expect: &[(&str, i64, i64)]| {
        let found = found(cells, blocked);
        let found: Vec<(&str, i64, i64)> = found.iter().map(|(text, d, s)| (text.as_str(), *d, *s)).collect();
        assert_eq!(found, expect, "{cells:?} {blocked}");
    };
    let all = |text| [(text, 6, 334_000)];
    // nothing is missing
    check(&[], "", &[]);
    // F3 is one degree of latitude north: 6,371,008.8 m x pi / 180 = 111,195 m
    let far = ("shortage.D1.firm", "F3");
    check(
        &[far, ("policy.max_distance_km", "100")],
        "",
        &all("the zone's distance limit raised to 111.2 km"),
    );
    check(&[far, ("surplus.S1.max_distance_km", "5")], "", &all("S1 of 晨光食品: up to 111.2 km"));
    check(&[far, ("shortage.D1.max_distance_km", "5")], "", &all("D1 of 安泰机械: up to 111.2 km"));
    // more than a quarter further is another zone; two limits are two changes
    check(&[far, ("policy.max_distance_km", "8")], "", &[]);
    check(&[far, ("surplus.S1.max_distance_km", "5"), ("shortage.D1.max_distance_km", "5")], "", &[]);
    check(&[("surplus.S1.consented", "0")], "", &all("S1 of 晨光食品: all workers consent"));
    // one of two: 3 worker-days, 1,800.00 less 30.00 and 100.00
    check(&[("surplus.S1.consented", "1")], "", &[("S1 of 晨光食品: all workers consent", 3, 167_000)]);
    check(
        &[("surplus.S1.min_day_pay", "200"), ("shortage.D1.day_pay", "180")],
        "",
        &all("D1 of 北河饮品: pays 200.00 CNY a day"),
    );
    check(&[], "F1,F2\n", &all("晨光食品 lends to 北河饮品 after all"));
    check(&[("surplus.S1.within_alliance", "true")], "", &all("S1 of 晨光食品: lends outside its alliance"));
    check(
        &[("shortage.D1.within_alliance", "true")],
        "",
        &all("D1 of 北河饮品: takes workers from outside its alliance"),
    );
    check(&[("surplus.S1.min_stay_days", "5")], "", &all("S1 of 晨光食品: stays from 3 days"));
    check(&[("shortage.D1.min_stay_days", "5")], "", &all("D1 of 北河饮品: stays from 3 days"));
    // trained for 50.00 a start, as the zone's dearest training is: 100.00 less saved
    check(
        &[("surplus.S1.skill", "fill")],
        "",
        &[("灌装工 may be trained for 包装工, at 50.00 CNY a start", 6, 324_000)],
    );
    // two workers stay one day longer: 2 worker-days, 1,200.00 less 20.00
    check(&[("surplus.S1.to", "2022-03-08")], "", &[("S1 of 晨光食品: until 2022-03-09", 2, 118_000)]);
    check(&[("surplus.S1.from", "2022-03-08")], "", &[("S1 of 晨光食品: from 2022-03-07 on", 2, 118_000)]);
}

#[test]
fn what_the_law_fixes_is_no_remedy() {
    let check = |cells: &[(&str, &str)]| assert_eq!(found(cells, ""), [], "{cells:?}");
    check(&[("surplus.S1.dispatched", "true")]);
    check(&[("surplus.S1.contract_until", "2022-03-08"), ("surplus.S1.to", "2022-03-08")]);
    check(&[("surplus.S1.contract_until", "2022-03-06")]);
    check(&[("surplus.S1.skill", "weld"), ("shortage.D1.skill", "weld")]);
    check(&[("shortage.D1.firm", "F1")]);
    check(&[("surplus.S1.no_night", "true"), ("shortage.D1.night_shift", "true")]);
    // and not together with something that could be changed
    check(&[("surplus.S1.dispatched", "true"), ("surplus.S1.consented", "0")]);
}
