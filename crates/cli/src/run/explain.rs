//! `tiaoji explain`.

use crate::args::ExplainArgs;
use crate::console::{Console, Failure, Status};
use crate::limit::{Interrupt, Limit};
use crate::plans::{self, Held};
use crate::summary::explained;
use crate::text::Message;

/// Says why postings stay unfilled or idle, and what would change it.
pub fn explain(args: &ExplainArgs, console: &Console) -> Result<Status, Failure> {
    let Held { scenario, plans } = match plans::held(&args.scenario, &[&args.plan], args.json, console)? {
        Ok(held) => held,
        Err(status) => return Ok(status),
    };
    let Some(plan) = plans.first() else { return Ok(Status::Input) };
    let asked = args.id.as_deref();
    let interrupt = Interrupt::listen();
    let limit = Limit::start(args.time_limit, &interrupt);
    let gap = args.gap.unwrap_or(plan.gap);
    let Some(explanation) = tiaoji_formats::explain(&scenario, plan, asked, gap, &limit) else {
        let id = asked.unwrap_or_default().to_string();
        console.say(&Message::Error(Message::NoPosting { id }.say(console.language)));
        return Ok(Status::Input);
    };
    if args.json {
        let text = serde_json::to_string_pretty(&explanation);
        let text = text.unwrap_or_else(|error| unreachable!("texts serialise: {error}"));
        console.print(&(text + "\n"))?;
    } else {
        console.print(&explained::of(&scenario, &explanation, asked.is_some(), console.language))?;
    }
    Ok(Status::Done)
}
