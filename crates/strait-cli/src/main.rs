//! The `strait` command: reads the clock and the files, asks the library, shows what it answers.

mod args;
mod batch;
mod chart;
mod command;
mod html;
mod input;
mod interrupt;
mod measured;
mod output;
mod revision;
mod text;
mod view;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

/// How a command ended, as the process tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Answered; `unknown` is an answer.
    Answered = 0,
    /// A difference was found.
    Differs = 1,
    /// Bad input.
    BadInput = 2,
    /// Nothing fits: no plan, no chip.
    Infeasible = 3,
    /// The law was read through an earlier day than the one asked, and `--strict` was given.
    Stale = 4,
    /// Stopped by the user before the end; what was done is shown.
    Interrupted = 130,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let global = &cli.global;
    let done = match &cli.command {
        Command::Brief(args) => command::brief::run(args, global),
        Command::Check(args) => command::check::run(args, global),
        Command::Chips(args) => command::chips::run(args, global),
        Command::Models(args) => command::models::run(args, global),
        Command::Rules(args) => command::rules::run(args, global),
        Command::Data(args) => command::data::run(args, global),
        Command::Validate(args) => command::validate::run(args, global),
        Command::Run(args) => command::run::run(args, global),
        Command::Cost(args) => command::cost::run(args, global),
        Command::Market(args) => command::market::run(args, global),
        Command::Calibrate(args) => command::calibrate::run(args, global),
    };
    match done {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(report) => {
            output::complain(&report);
            ExitCode::from(Exit::BadInput as u8)
        }
    }
}
