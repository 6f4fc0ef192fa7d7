//! Checks the rates that the maturity of other makers' kernels is fitted to (`data/validation/chip_rates.csv`).

use crate::catalog::{Catalog, ChipId};
use crate::data::{DataFile, Problem, Problems, nearest, read_table, source_fault};
use crate::figure::{Grade, SourceId};
use serde::Deserialize;

/// What is checked of a rate beside that it reads.
#[derive(Deserialize)]
struct Row {
    chip: String,
    achieved: f64,
    source: String,
    grade: Grade,
}

/// Checks the file: every chip is of the catalog, every rate a positive number from a registered source.
///
/// # Errors
/// Every row that does not fit, with its line.
pub fn check_rates(file: DataFile<'_>, catalog: &Catalog) -> Result<(), Problems> {
    let mut problems = Problems::default();
    read_table::<super::makers::Rate>(file)?;
    for (place, row) in read_table::<Row>(file)? {
        let mut note = |text: String, help: &str| {
            let mut problem = Problem::at(place.clone(), text);
            if !help.is_empty() {
                problem = problem.help(help);
            }
            problems.push(problem);
        };
        if catalog.get(&ChipId(row.chip.clone())).is_none() {
            let known = catalog.iter().map(|chip| chip.id.0.as_str());
            let near = nearest(&row.chip, known).join("`, `");
            let help = if near.is_empty() {
                String::new()
            } else {
                format!("did you mean `{near}`?")
            };
            note(format!("`{}` is no chip of the catalog", row.chip), &help);
        }
        if !(row.achieved.is_finite() && row.achieved > 0.0) {
            note(format!("`achieved` is `{}`", row.achieved), "a positive number");
        }
        let source = SourceId(row.source);
        let fault = source_fault(
            &catalog.sources,
            &source,
            row.grade,
            "add it to data/sources/perf.toml",
        );
        if let Some((text, help)) = fault {
            note(text, &help);
        }
    }
    problems.or(())
}
