//! `tiaoji options`.

use std::path::Path;

use tiaoji_core::analysis::Asking;
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};
use tiaoji_formats::{NewPosting, options_file, read_posting, standing};

use crate::args::OptionsArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::Findings;
use crate::plans::{self, Held};
use crate::summary::options;
use crate::text::Message;

/// Ranks the partners of one posting against a plan as it stands.
pub fn options(args: &OptionsArgs, console: &Console) -> Result<Status, Failure> {
    let Held { scenario, plans } = match plans::held(&args.scenario, &[&args.plan], args.json, console)? {
        Ok(held) => held,
        Err(status) => return Ok(status),
    };
    let Some(plan) = plans.first() else { return Ok(Status::Input) };
    let (side, named) = match (&args.shortage, &args.surplus) {
        (Some(named), _) => (NewPosting::Shortage, named),
        (None, Some(named)) => (NewPosting::Surplus, named),
        (None, None) => return Ok(Status::Usage),
    };
    let mut with = None;
    if known(&scenario, side, named).is_none() {
        let Ok(bytes) = std::fs::read(named) else {
            let message = Message::NoPosting { id: named.clone() };
            console.say(&Message::Error(message.say(console.language)));
            return Ok(Status::Input);
        };
        match read_posting(&scenario, side, &plans::name(Path::new(named)), &bytes) {
            Ok(more) => with = Some(more),
            Err(faults) => {
                Findings::from(faults).tell(args.json, console)?;
                return Ok(Status::Input);
            }
        }
    }
    let with = with.as_ref().unwrap_or(&scenario);
    let last = match side {
        NewPosting::Shortage => Asking::Shortage(ShortageIx(with.shortages().len().saturating_sub(1) as u32)),
        NewPosting::Surplus => Asking::Surplus(SurplusIx(with.surplus().len().saturating_sub(1) as u32)),
    };
    let asking = known(&scenario, side, named).unwrap_or(last);
    let found = options_file(&standing(&scenario, plan), with, asking);
    if args.json {
        let text = serde_json::to_string_pretty(&found);
        let text = text.unwrap_or_else(|error| unreachable!("texts serialise: {error}"));
        console.print(&(text + "\n"))?;
    } else {
        console.print(&options::of(with, &found, side, console.language))?;
    }
    Ok(Status::Done)
}

/// The posting with an id.
fn known(scenario: &Scenario, side: NewPosting, id: &str) -> Option<Asking> {
    match side {
        NewPosting::Shortage => {
            let mut all = scenario.shortage_indices();
            all.find(|j| scenario.shortages()[j.index()].id == id).map(Asking::Shortage)
        }
        NewPosting::Surplus => {
            let mut all = scenario.surplus_indices();
            all.find(|i| scenario.surplus()[i.index()].id == id).map(Asking::Surplus)
        }
    }
}
