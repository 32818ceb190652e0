//! What happened to a proposal or an agreement, event by event, led to what is stored.
#![allow(unreachable_pub)]

use serde_json::{Value, json};
use tiaoji_core::practice::{
    Agreement, AgreementAct, DeclineReason, Proposal, ProposalAct, ReturnReason, Side, Terms,
};
use tiaoji_core::units::Day;

pub fn day(value: &Value) -> Day {
    let date = value.as_str().expect("a date").parse::<jiff::civil::Date>().expect("a date");
    Day::new(date.year(), date.month(), date.day()).expect("a date")
}

fn terms(event: &Value) -> Terms {
    Terms {
        count: event["count"].as_i64().expect("a count"),
        from: day(&event["from"]),
        to: day(&event["to"]),
        day_pay: event["day_pay_fen"].as_i64(),
    }
}

fn side(event: &Value) -> Side {
    Side::of(event["side"].as_str().unwrap_or_default()).unwrap_or_else(|| panic!("no side: {event}"))
}

pub fn replay_proposal(stored: &Value, events: &[Value]) {
    let mut now = Proposal::new(terms(&events[0]), 0);
    if events[0].get("replaces").is_some() {
        now.accepted[side(&events[0]) as usize] = true;
    }
    for event in &events[1..] {
        let act = match event["event"].as_str().expect("a verb") {
            "accept" => ProposalAct::Accept(side(event)),
            "retract" => ProposalAct::Retract(side(event)),
            "hold" => ProposalAct::Hold(side(event), 0),
            "counter" => ProposalAct::Counter(side(event)),
            "decline" => {
                let reason = DeclineReason::of(event["reason"].as_str().expect("a reason"));
                ProposalAct::Decline(side(event), reason.expect("a known one"))
            }
            "expire" => ProposalAct::Expire,
            "supersede" => ProposalAct::Supersede,
            "withdraw" => ProposalAct::Withdraw,
            "keep" => ProposalAct::Keep,
            other => panic!("{other}"),
        };
        now = now.after(act).unwrap_or_else(|| panic!("{event} is not allowed: {stored:#}"));
        assert_eq!(now.state.code(), event["state"], "{stored:#}");
    }
    let accepted = Side::BOTH.map(|side| stored["sides"][side.name()]["decision"] == "accepted");
    let held = Side::BOTH.map(|side| stored["sides"][side.name()]["held"] == true);
    assert_eq!((now.accepted, now.held), (accepted, held), "{stored:#}");
}

pub fn replay_agreement(stored: &Value, events: &[Value]) {
    let pay = stored["day_pay_fen"].as_i64();
    let mut now = Agreement::new(Terms { day_pay: pay, ..terms(&events[0]) });
    for event in &events[1..] {
        let number = |name: &str| event[name].as_i64();
        let act = match event["event"].as_str().expect("a verb") {
            "sign" => AgreementAct::Sign { consented: number("consented").expect("a count") },
            "cancel" => AgreementAct::Cancel,
            "lapse" => AgreementAct::Lapse,
            "end" => AgreementAct::End,
            "start" => {
                AgreementAct::Start { count: number("count").expect("a count"), day: day(&event["day"]) }
            }
            "return" => AgreementAct::Return {
                count: number("count").expect("a count"),
                last_day: day(&event["last_day"]),
                reason: ReturnReason::of(event["reason"].as_str().expect("a reason")).expect("a known one"),
            },
            "extend" => AgreementAct::Extend {
                side: side(event),
                to: day(&event["to"]),
                consented: number("consented"),
            },
            "settle" => match (event["side"].as_str(), number("worker_days")) {
                (Some("lender"), _) => AgreementAct::Confirm,
                (None, Some(worker_days)) => AgreementAct::Decide { worker_days },
                (_, worker_days) => AgreementAct::State { worker_days: worker_days.expect("worker-days") },
            },
            "dispute" => AgreementAct::Dispute,
            other => panic!("{other}"),
        };
        now = now.after(act).unwrap_or_else(|why| panic!("{event}: {why:?}: {stored:#}"));
        assert_eq!(now.state.code(), event["state"], "{stored:#}");
    }
    let spans: Vec<Value> = now
        .stints
        .iter()
        .map(|s| json!({ "count": s.count, "from": s.from.to_string(), "to": s.to.to_string(), "returned": s.returned }))
        .collect();
    assert_eq!(json!(spans), stored["spans"], "{stored:#}");
    assert_eq!(json!(now.worker_days), stored["stated_worker_days"], "{stored:#}");
}
