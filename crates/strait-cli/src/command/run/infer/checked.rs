//! Flags of a plan that contradict the model or each other.

use crate::args::InferArgs;
use miette::{Result, miette};
use strait::perf::Model;

/// Refuses a plan that no chip could run.
pub(super) fn checked(args: &InferArgs, model: &Model) -> Result<()> {
    if let Some(tensor) = args.tp {
        crate::command::run::heads(model, "--tp", tensor)?;
    }
    if args.pp > model.layers {
        return Err(miette!(
            help = format!("give --pp {} or less", model.layers),
            "--pp {} makes more stages than {} has layers: {}",
            args.pp,
            model.name,
            model.layers
        ));
    }
    let stage = args.tp.unwrap_or(1) * args.dp.unwrap_or(1);
    crate::command::run::experts(model, "--ep", args.ep, ("--tp x --dp", stage))?;
    let named = stage * args.pp;
    match args.chips {
        Some(chips) if named > chips => Err(miette!(
            help = "give more --chips, or fewer with --tp, --dp and --pp",
            "--tp x --dp x --pp takes {named} chips, --chips says that there are {chips}"
        )),
        _ => Ok(()),
    }
}
