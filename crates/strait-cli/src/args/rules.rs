//! The flags of `strait rules`.

use super::TransactionArgs;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;
use strait::rules::{BadFact, InstrumentForm, Knower, State, read_day, read_word};

/// `strait rules`.
#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) what: Option<RulesCommand>,
}

/// What of the rules.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// The instruments, all or some (every one without a subcommand)
    List(ListArgs),
    /// One instrument in full
    Show {
        /// Its id, as `strait rules` lists it
        id: String,
    },
    /// Every day on which the law changed for a chip and a destination
    Timeline {
        /// A chip's name or the path of a chip file
        chip: String,
        /// Tell it in two sentences instead: what the United States required when, and what Beijing said
        #[arg(long)]
        sentences: bool,
        #[command(flatten)]
        transaction: Box<TransactionArgs>,
    },
    /// What changed between two days, or what a what-if changes on one: verdicts that turn, with the cause
    Diff(DiffArgs),
    /// The smallest single change that would move a chip to another class or across a bound
    Nearest(NearestArgs),
}

/// `strait rules nearest`.
#[derive(Debug, Args)]
pub(crate) struct NearestArgs {
    /// A chip's name or the path of a chip file
    pub(crate) chip: String,
    /// Day whose rules are asked, as 2025-04-20; default: today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(crate) on: Option<Date>,
    /// Day of knowledge: nothing the public learned later is used; default: today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(crate) known: Option<Date>,
}

/// Whose instruments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SideArg {
    /// United States
    Us,
    /// China
    Cn,
}

/// `strait rules list`.
#[derive(Debug, Default, Args)]
pub(crate) struct ListArgs {
    /// Only those of a state on the day: proposed, announced, `compliance_later`, `in_force`, suspended,
    /// `codified_not_enforced`, rescinded, expired, unresolved
    #[arg(long, value_parser = state)]
    pub(crate) status: Option<State>,
    /// The day whose state is shown; default: today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(crate) on: Option<Date>,
    /// Day of knowledge; default: today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(crate) known: Option<Date>,
    /// Whose knowledge: public, addressee
    #[arg(long, value_parser = knower)]
    pub(crate) known_to: Option<Knower>,
    /// Only one side's
    #[arg(long, value_enum)]
    pub(crate) side: Option<SideArg>,
    /// Only those of a form: regulation, letter, guidance, `unpublished_guidance`, statement, proclamation,
    /// bill, practice
    #[arg(long, value_parser = form)]
    pub(crate) form: Option<InstrumentForm>,
}

/// `strait rules diff`.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// First day
    #[arg(value_name = "D1", value_parser = read_day)]
    pub(crate) first: Date,
    /// Second day
    #[arg(value_name = "D2", value_parser = read_day, required_unless_present = "against")]
    pub(crate) second: Option<Date>,
    /// Instead of a second day: the first under a what-if (a TOML file, or a name in data/scenarios). Which
    /// chips are caught, which freed, whose they are, and which are no data-center parts
    #[arg(long, value_name = "SCENARIO", conflicts_with = "second")]
    pub(crate) against: Option<String>,
    /// Destinations of the catalog's chips
    #[arg(
        long,
        value_name = "COUNTRY,COUNTRY",
        value_delimiter = ',',
        default_value = "CN"
    )]
    pub(crate) to: Vec<String>,
    /// Parts to compare, a file as for `check --batch`; default: every accelerator of the catalog
    #[arg(long, value_name = "FILE|-", conflicts_with = "to")]
    pub(crate) parts: Option<PathBuf>,
    /// Day of knowledge for both days; default: today, so that the law itself is compared
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    pub(crate) known: Option<Date>,
    /// Each day as it was known on that day: what somebody would have said then
    #[arg(long, conflicts_with_all = ["known", "against"])]
    pub(crate) as_known: bool,
    /// Whose knowledge: public, addressee
    #[arg(long, value_parser = knower)]
    pub(crate) known_to: Option<Knower>,
}

fn state(text: &str) -> Result<State, BadFact> {
    read_word("state of an instrument", text)
}

fn form(text: &str) -> Result<InstrumentForm, BadFact> {
    read_word("form of an instrument", text)
}

fn knower(text: &str) -> Result<Knower, BadFact> {
    read_word("knower", text)
}
