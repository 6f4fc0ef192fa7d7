//! The flags of a batch.

use crate::batch::{Format, PartsFormat};
use clap::Args;
use std::path::PathBuf;

/// Many rows at once.
#[derive(Debug, Args)]
#[command(next_help_heading = "Batch")]
pub(crate) struct BatchArgs {
    /// Ask of every row of a file, or of standard input (-). Columns are the flags without the dashes, `chip`
    /// and `id`; several conditions stand in one cell of `conditions` as `a=yes; b=no`; flags given here hold for
    /// rows that leave the column empty
    #[arg(long, value_name = "FILE|-")]
    pub(crate) batch: Option<PathBuf>,
    /// How the rows are written; default: by the file's ending
    #[arg(long, value_enum, requires = "batch")]
    pub(crate) batch_format: Option<PartsFormat>,
    /// How the answers are written; default: csv
    #[arg(long, value_enum, requires = "batch")]
    pub(crate) format: Option<Format>,
    /// Write the answers to a file, whole or not at all; default: standard output
    #[arg(long, value_name = "FILE", requires = "batch")]
    pub(crate) out: Option<PathBuf>,
    /// In SARIF, also rows in which nothing was found
    #[arg(long, requires = "batch")]
    pub(crate) all: bool,
}
