//! `strait cost`: what chips cost by the hour, by tokens, by training run, against one another, and in a fleet.

mod compare;
mod desk;
mod fleet;
mod hour;
mod table;
mod tokens;
mod train;
mod workload;

pub(crate) use compare::Compared;
pub(crate) use desk::{About, Asked};
pub(crate) use fleet::{Alone, FleetAnswer, Planned};
pub(crate) use hour::Hour;
pub(crate) use tokens::Served;
pub(crate) use train::Trained;

use crate::Exit;
use crate::args::{CostArgs, CostCommand, Global};
use miette::Result;

pub(crate) fn run(args: &CostArgs, global: &Global) -> Result<Exit> {
    match &args.what {
        CostCommand::Hour(args) => hour::run(args, global),
        CostCommand::Tokens(args) => tokens::run(args, global),
        CostCommand::Train(args) => train::run(args, global),
        CostCommand::Compare(args) => compare::run(args, global),
        CostCommand::Fleet(args) => fleet::run(args, global),
    }
}
