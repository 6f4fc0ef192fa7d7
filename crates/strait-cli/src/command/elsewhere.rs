//! `strait validate perf --page`: the parts of `docs/accuracy.md` about chips whose calls nobody measured.

use super::accuracy::write_section;
use crate::input::{Inputs, bundle};
use miette::Result;
use std::path::Path;
use strait::catalog::Catalog;
use strait::perf::crossovers::{Crossovers, page};
use strait::perf::{PerfModel, makers_page, validate};

/// Replaces the parts about chips of other makers and about crossovers.
pub(super) fn write(path: &Path, inputs: &Inputs, catalog: &Catalog) -> Result<()> {
    let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let file = inputs.data.require("validation/crossovers.toml")?;
    let asked = Crossovers::read(file, catalog, &perf).map_err(bundle)?;
    let served = validate(&perf, |id| catalog.get(id));
    let trained = perf.validate_training(|id| catalog.get(id), false);
    write_section(path, "makers", &makers_page(&perf, catalog, &served))?;
    let text = page(&perf, catalog, &asked, &served, &trained);
    write_section(path, "crossovers", &text)
}
