//! `strait validate perf --chip CHIP`: published runs of one chip, each beside what is computed.

use crate::input::{Inputs, bundle, chip};
use crate::view::{Page, Section, Table, count, number, word};
use miette::{Result, miette};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use strait::catalog::Catalog;
use strait::figure::{Quantity, SourceId};
use strait::perf::{PerfModel, RowError, validate};

/// The page and its facts.
pub(super) fn of_chip(named: &str, inputs: &Inputs, catalog: &Catalog) -> Result<(Page, Value)> {
    let chip = chip(catalog, named)?.chip;
    let model = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let scored = validate(&model, |id| catalog.get(id));
    let rows: Vec<&RowError> = scored.rows.iter().filter(|row| row.chip == chip.id).collect();
    if rows.is_empty() {
        let measured: BTreeSet<&str> = scored.rows.iter().map(|row| row.chip.0.as_str()).collect();
        let list: Vec<&str> = measured.into_iter().collect();
        return Err(miette!(
            help = format!("published runs there are of {}", list.join(", ")),
            "no published run of `{}` in data/validation/performance.csv",
            chip.id
        ));
    }
    let page = Page {
        title: format!("Computed beside published: {}", chip.name),
        subtitle: format!(
            "{} of the {} published runs · strait {} · data {}",
            rows.len(),
            scored.rows.len(),
            env!("CARGO_PKG_VERSION"),
            inputs.data.version()
        ),
        sections: vec![runs(&rows), sources(&rows, catalog)],
    };
    let found = rows.iter().map(|row| {
        json!({ "id": row.id, "source": row.source, "use": row.role, "measured": row.measured.get(),
            "computed": row.modelled.get(), "log_error": row.log_error, "covered": row.covered, "place": row.place })
    });
    Ok((
        page,
        json!({ "chip": chip.id, "rows": found.collect::<Vec<_>>() }),
    ))
}

fn runs(rows: &[&RowError]) -> Section {
    let mut section = Section::new("Runs");
    let mut apart: Vec<f64> = rows.iter().map(|row| row.log_error.abs().exp()).collect();
    apart.sort_by(f64::total_cmp);
    let inside = rows.iter().filter(|row| row.covered).count();
    section.text(format!(
        "Half of the {} runs lie within a factor of {:.2} of what is computed, the farthest within {:.2}; {} lie inside \
         the interval given, which is meant to hold nine of ten. None took part in a fit: calibrate and test \
         name what an earlier model did with them.",
        count(rows.len()),
        apart[(apart.len() - 1) / 2],
        apart[apart.len() - 1],
        count(inside)
    ));
    let head = [
        "run",
        "use",
        "measured",
        "computed",
        "computed / measured",
        "inside",
        "source",
        "written in",
    ];
    let mut table = Table::new("Tokens a second and chip", &head);
    for row in rows {
        table.row([
            row.id.clone(),
            word(&row.role),
            number(row.measured.get()),
            number(row.modelled.get()),
            format!("{:.2}", row.log_error.exp()),
            if row.covered { "yes" } else { "no" }.to_owned(),
            row.source.to_string(),
            row.place.to_string(),
        ]);
    }
    section.table(table);
    section
}

fn sources(rows: &[&RowError], catalog: &Catalog) -> Section {
    let ids: BTreeSet<&SourceId> = rows.iter().map(|row| &row.source).collect();
    let mut section = Section::new("Sources");
    section.table(Table::of_sources(ids, &catalog.sources));
    section
}
