//! `strait market`: the quarterly model under scenarios.

mod exposure;
pub(crate) mod extra;
mod files;
mod kept;
mod rests;
mod run;
mod span;
mod unknown;
mod world;

use crate::Exit;
use crate::args::{Global, MarketArgs, MarketCommand};
use miette::Result;

pub(crate) use unknown::unknown;
pub(crate) use world::enough;

pub(crate) fn run(args: &MarketArgs, global: &Global) -> Result<Exit> {
    match &args.what {
        MarketCommand::Run(run) => run::run(run, global),
        MarketCommand::Exposure(exposure) => exposure::run(exposure, global),
        MarketCommand::Equilibrium(equilibrium) => super::equilibrium::run(equilibrium, global),
        MarketCommand::Supply(supply) => super::supply::run(supply, global),
        MarketCommand::Claims(claims) => super::claims::run(claims, global),
    }
}
