//! `strait validate perf`: power of nodes beside those measured at the wall.

use crate::args::Global;
use crate::input::{Inputs, bundle};
use crate::view::{Section, Table, word};
use crate::{Exit, output};
use miette::{Result, miette};
use serde_json::{Value, json};
use strait::catalog::Catalog;
use strait::figure::{JoulesPerToken, Quantity};
use strait::perf::PerfModel;
use strait::perf::energy::EnergyModel;

/// Prints the host's power that data/perf/energy.toml should hold.
pub(crate) fn calibrate(global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let model = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let energy = EnergyModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let host = energy.fitted_host(&model, |id| catalog.get(id));
    let host = host.ok_or_else(|| miette!("no row of validation/node_power.csv is marked calibrate"))?;
    output::print(&format!("host = {:.0} W\n", host.get()))?;
    Ok(Exit::Answered)
}

/// The section and its JSON.
pub(crate) fn validated(inputs: &Inputs, catalog: &Catalog) -> Result<(Section, Value)> {
    let model = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let energy = EnergyModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let found = energy.validate(&model, |id| catalog.get(id));
    let mut table = Table::new(
        "Power of nodes at the wall",
        &[
            "row",
            "used to",
            "measured",
            "computed",
            "error",
            "inside the interval",
            "J/token measured",
            "J/token computed",
        ],
    );
    let joules = |j: Option<JoulesPerToken>| j.map_or_else(|| "–".to_owned(), |j| format!("{:.3}", j.get()));
    for row in &found.rows {
        table.row([
            row.id.clone(),
            word(&row.role),
            format!("{:.2} kW", row.measured.get()),
            format!("{:.2} kW", row.computed.get()),
            format!("{:+.1} %", row.error * 100.0),
            if row.inside { "yes" } else { "no" }.to_owned(),
            joules(row.joules_measured),
            joules(row.joules_computed),
        ]);
    }
    let mut section = Section::new("Power");
    section.table(table);
    if let Some(error) = found.test_error {
        section.text(format!(
            "Rows kept out of calibration: mean absolute error {:.1} %. One unknown, the host's power, was fitted to \
             the calibration row; fans and supplies were chosen with the rows in view.",
            error * 100.0
        ));
    }
    Ok((section, json!(found)))
}
