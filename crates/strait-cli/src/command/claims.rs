//! `strait market claims`.

use crate::Exit;
use crate::args::{ClaimsArgs, Global};
use miette::{Result, miette};

pub(crate) fn run(_args: &ClaimsArgs, _global: &Global) -> Result<Exit> {
    Err(miette!("not yet"))
}
