//! `tiaoji generate`.

use tiaoji_formats::generate::{GenerateOptions, generate_from};

use super::output::Output;
use crate::args::GenerateArgs;
use crate::console::{Console, Failure, Status};

/// Makes up a zone and writes it.
pub fn generate(args: &GenerateArgs, console: &Console) -> Result<Status, Failure> {
    let output = Output::choose(&args.out, args.force)?;
    let options = GenerateOptions {
        firms: args.firms as usize,
        surplus: args.surplus as usize,
        shortage: args.shortage as usize,
        days: args.days as usize,
        span_km: args.span_km,
        skills: args.skills as usize,
        seed: args.seed,
    };
    output.write(&generate_from(&options, args.from), console)
}
