//! `tiaoji convert`.

use tiaoji_formats::{read_path, to_draft};

use super::output::Output;
use crate::args::ConvertArgs;
use crate::console::{Console, Failure, Status};
use crate::faults::Findings;

/// Reads a scenario and writes it in the other form.
pub fn convert(args: &ConvertArgs, console: &Console) -> Result<Status, Failure> {
    let output = Output::choose(&args.out, args.force)?;
    match read_path(&args.scenario) {
        Ok(loaded) => {
            let status = output.write(&to_draft(&loaded.scenario), console)?;
            Findings { warnings: loaded.warnings, ..Findings::default() }.tell(args.json, console)?;
            Ok(status)
        }
        Err(faults) => {
            Findings::from(faults).tell(args.json, console)?;
            Ok(Status::Input)
        }
    }
}
