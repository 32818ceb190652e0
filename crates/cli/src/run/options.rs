//! `tiaoji options`.

use std::path::Path;

use tiaoji_formats::{NewPosting, find_posting, options_file, read_posting, standing};

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
    let (with, asking) = if let Some(asking) = find_posting(&scenario, side, named) {
        (None, asking)
    } else {
        let Ok(bytes) = std::fs::read(named) else {
            let message = Message::NoPosting { id: named.clone() };
            console.say(&Message::Error(message.say(console.language)));
            return Ok(Status::Input);
        };
        match read_posting(&scenario, side, &plans::name(Path::new(named)), &bytes) {
            Ok((with, asking)) => (Some(with), asking),
            Err(faults) => {
                Findings::from(faults).tell(args.json, console)?;
                return Ok(Status::Input);
            }
        }
    };
    let with = with.as_ref().unwrap_or(&scenario);
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
