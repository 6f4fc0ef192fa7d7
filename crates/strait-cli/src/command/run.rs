//! `strait run`: what chips do on a workload.

mod energy;
mod serve;
mod served_rows;
mod train;

use crate::Exit;
use crate::args::{Global, RunArgs, RunCommand};
use miette::Result;

pub(crate) fn run(args: &RunArgs, global: &Global) -> Result<Exit> {
    match &args.what {
        RunCommand::Serve(args) => serve::run(args, global),
        RunCommand::Train(args) => train::run(args, global),
    }
}
