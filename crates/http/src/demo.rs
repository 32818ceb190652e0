//! A made-up zone to try the service with, and the first rows of a new one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tiaoji_core::draft::{Cell, ScenarioDraft};
use tiaoji_core::scenario::{Firm, Scenario};
use tiaoji_core::units::Day;
use tiaoji_formats::{draft_to_json, to_draft};
use tiaoji_store::{Access, By, Error, Kind, NewKey, NewUser, State, Store};

use crate::people::KEY_PREFIX;
use crate::problem::Problem;
use crate::register::{ALLIANCES, MEETINGS, PROBLEMS, read_row, stage};
use crate::secrets::{fingerprint, hash_password, token};
use crate::who::Role;
use crate::zone::sort::Sort;

macro_rules! fixture {
    ($($name:literal),*) => {
        [$(($name, include_bytes!(concat!("../../../fixtures/jibei/", $name)).as_slice())),*]
    };
}

const JIBEI: [(&str, &[u8]); 7] = fixture!(
    "scenario.toml",
    "firms.csv",
    "skills.csv",
    "substitutions.csv",
    "surplus.csv",
    "shortage.csv",
    "blocked.csv"
);

/// Somebody to log in as.
#[derive(Debug)]
pub struct Login {
    /// The role's name.
    pub role: &'static str,
    /// What to log in with.
    pub login: String,
    /// Random, of this start.
    pub password: String,
}

/// Who may come into a demonstration.
#[derive(Debug)]
pub struct Guests {
    /// One of each role that people have.
    pub logins: Vec<Login>,
    /// Keys of programs: role and secret.
    pub keys: Vec<(&'static str, String)>,
}

/// How far ahead the first posting begins at least, in days.
const AHEAD: i32 = 7;

/// Loads the zone of `fixtures/jibei`, by whole weeks later so that all of it is still to come, and makes a login of each role with a random password.
///
/// # Errors
/// What the database says, as text.
pub async fn load(store: &Store) -> Result<Guests, String> {
    let files: BTreeMap<String, Vec<u8>> =
        JIBEI.iter().map(|(name, bytes)| ((*name).to_string(), bytes.to_vec())).collect();
    let loaded = tiaoji_formats::read_folder_files(&files).map_err(|faults| faults.to_string())?;
    let firm = loaded.scenario.firms().first().map(|firm| firm.id.clone()).unwrap_or_default();
    let officer = loaded.scenario.firms().iter().find_map(|firm| firm.service_officer.clone());
    let now = store.view().await.map_err(|fault| fault.to_string())?.now().await;
    let today = Day::from_number((now.map_err(|fault| fault.to_string())? / DAY) as i32);
    let document: Value = serde_json::from_slice(&draft_to_json(&still_to_come(&loaded.scenario, today)))
        .map_err(|error| error.to_string())?;
    let by = By::actor("demo");
    let rows = register(loaded.scenario.firms(), today);
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.load_scenario(&by, &document).await?;
                for (sort, row) in rows {
                    let id = tx.new_id(sort.kind).await?;
                    let row = read_row(tx, sort, &id, row.as_object().unwrap_or(&Map::new())).await;
                    let row = row.map_err(|fault| Error::Other(format!("{id}: {}", fault.code())))?;
                    tx.create(&by, sort.kind, &id, stage(&row), &row.into()).await?;
                }
                Ok(())
            })
        })
        .await
        .map_err(|fault| fault.to_string())?;
    let mut logins = Vec::new();
    for role in [Role::Zone, Role::Officer, Role::Firm, Role::Viewer] {
        let access = Access {
            role: role.name().to_string(),
            firms: if role == Role::Firm { vec![firm.clone()] } else { Vec::new() },
            officer: officer.clone().filter(|_| role == Role::Officer),
        };
        let password = token("")[..16].to_string();
        add_user(store, role.name(), role.name(), &password, access).await?;
        logins.push(Login { role: role.name(), login: role.name().to_string(), password });
    }
    let mut keys = Vec::new();
    for role in [Role::Service, Role::Zone] {
        let access = Access { role: role.name().to_string(), ..Access::default() };
        keys.push((role.name(), add_key(store, "demo", access, None).await?));
    }
    Ok(Guests { logins, keys })
}

/// A day in milliseconds.
const DAY: i64 = 24 * 3600 * 1000;

/// The scenario with every date so many whole weeks later that it begins [`AHEAD`] days after today or later.
fn still_to_come(scenario: &Scenario, today: Day) -> ScenarioDraft {
    let mut draft = to_draft(scenario);
    let first =
        scenario.surplus().iter().map(|s| s.from).chain(scenario.shortages().iter().map(|d| d.from)).min();
    let short = first.map_or(0, |first| (today + AHEAD) - first);
    let days = (short + 6).div_euclid(7).max(0) * 7;
    let later = |cell: &mut Cell<Day>| {
        if let Cell::Value(day) = cell {
            *day = *day + days;
        }
    };
    for row in &mut draft.surplus.rows {
        let s = &mut row.cells;
        for cell in [&mut s.from, &mut s.to, &mut s.contract_until, &mut s.posted, &mut s.withdrawn] {
            later(cell);
        }
        if let Cell::Value(certificates) = &mut s.certificates {
            for until in certificates.iter_mut().filter_map(|held| held.valid_until.as_mut()) {
                *until = *until + days;
            }
        }
    }
    for row in &mut draft.shortage.rows {
        let d = &mut row.cells;
        for cell in [&mut d.from, &mut d.to, &mut d.posted, &mut d.withdrawn] {
            later(cell);
        }
    }
    draft.calendar.rows.iter_mut().for_each(|row| later(&mut row.cells.date));
    draft
}

/// An alliance register of these firms in the month before today: each alliance with a liaison, some meetings and visits,
/// some problems.
fn register(firms: &[Firm], today: Day) -> Vec<(&'static Sort, Value)> {
    let on = |day: usize| (today + (day as i32 - 30)).to_string();
    let mut members: BTreeMap<&str, Vec<&Firm>> = BTreeMap::new();
    for firm in firms {
        if let Some(alliance) = firm.alliance.as_deref() {
            members.entry(alliance).or_default().push(firm);
        }
    }
    let mut rows = Vec::new();
    for (n, (alliance, members)) in members.iter().enumerate() {
        let officer = members[0].service_officer.as_deref();
        let came: Vec<&str> = members.iter().take(8).map(|firm| firm.id.as_str()).collect();
        let day = n + 1;
        rows.push((
            &ALLIANCES,
            json!({ "name": alliance, "liaison": format!("联络人{day:02}"), "officer": officer }),
        ));
        rows.push((
            &MEETINGS,
            json!({ "date": on(day), "kind": "exchange", "alliance": alliance, "firms": came,
                "officer": officer, "note": "用工交流会" }),
        ));
        for (visit, firm) in members.iter().take(3).enumerate() {
            rows.push((
                &MEETINGS,
                json!({ "date": on(day + 7 * visit), "kind": "visit", "alliance": alliance,
                    "firms": [firm.id], "officer": firm.service_officer }),
            ));
        }
        let problems = [
            ("financing", "设备更新贷款如何申请贴息？", Some(2), Some(9)),
            ("technology", "需要自动包装线的技术对接", Some(5), None),
            ("policy", "稳岗返还的申报材料有哪些？", None, None),
        ];
        for (firm, (kind, text, answered, solved)) in members.iter().zip(problems) {
            let after = |days: Option<usize>| days.map(|days| on(day + days));
            rows.push((
                &PROBLEMS,
                json!({ "firm": firm.id, "kind": kind, "text": text, "raised": on(day),
                    "answered": after(answered), "solved": after(solved) }),
            ));
        }
    }
    rows
}

/// Adds a user on the program's account.
///
/// # Errors
/// What the database says, as text: the login is taken.
pub async fn add_user(
    store: &Store,
    login: &str,
    name: &str,
    password: &str,
    access: Access,
) -> Result<String, String> {
    let failed = |problem: Problem| problem.code().to_string();
    let password_hash = hash_password(password.to_string()).await.map_err(failed)?;
    let new =
        NewUser { login: login.to_string(), name: name.to_string(), password_hash, access, disabled: false };
    let user =
        store.write(move |tx| Box::pin(async move { tx.add_user(&By::actor("tiaoji-server"), &new).await }));
    user.await.map(|user| user.id).map_err(|fault| fault.to_string())
}

/// Makes a key on the program's account, and gives its secret, which is kept nowhere; `lifetime` in milliseconds.
///
/// # Errors
/// What the database says, as text.
pub async fn add_key(
    store: &Store,
    name: &str,
    access: Access,
    lifetime: Option<i64>,
) -> Result<String, String> {
    let secret = token(KEY_PREFIX);
    let new = NewKey { name: name.to_string(), hash: fingerprint(&secret), access, user: None, lifetime };
    let made =
        store.write(move |tx| Box::pin(async move { tx.add_key(&By::actor("tiaoji-server"), &new).await }));
    made.await.map(|_| secret).map_err(|fault| fault.to_string())
}

/// Gives a new database a name and a policy to begin with: the costs of the example in the formats. The zone changes them.
///
/// # Errors
/// What the database says.
pub async fn begin(store: &Store) -> Result<(), Error> {
    match store.view().await?.record(Kind::Policy, "policy").await {
        Err(Error::NotFound) => {}
        other => return other.map(drop),
    }
    let policy = json!({
        "onboarding_fen": 15_000, "daily_base_fen": 1_000, "transport_per_km_fen": 600, "cross_alliance_fen": 1_500,
        "unmet": { "urgent_fen": 60_000, "normal_fen": 40_000, "low_fen": 30_000 },
    });
    let by = By::actor("tiaoji-server");
    let made = store.write(move |tx| {
        Box::pin(async move {
            tx.create(&by, Kind::Zone, "zone", State::Open, &json!({ "name": "zone" })).await?;
            tx.create(&by, Kind::Policy, "policy", State::Open, &policy).await
        })
    });
    match made.await {
        Err(Error::Conflict(_)) | Ok(_) => Ok(()), // another server was faster
        Err(fault) => Err(fault),
    }
}
