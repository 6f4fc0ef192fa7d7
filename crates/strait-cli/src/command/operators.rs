//! `strait validate perf --measured DIR`: operator models beside measured calls.

use crate::args::{Global, Part, ValidateArgs};
use crate::input::{Inputs, bundle};
use crate::text::Layout;
use crate::view::{Page, Section, Table, count};
use crate::{Exit, measured, output, text};
use miette::{Result, miette};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use strait::catalog::Catalog;
use strait::figure::Quantity;
use strait::perf::PerfModel;
use strait::perf::kernels::{
    self, Evaluation, Groups, Kernels, Origin, Score, Settings, evaluate, leave_one_out,
};
use strait::perf::measured::{RealShapes, Skipped};
use strait::perf::ops::{Device, End};

/// A measured folder, arranged.
pub(crate) struct Loaded {
    /// Rows by operator, precision and chip.
    pub(crate) groups: Groups,
    /// Rows that cannot be used, by reason.
    pub(crate) skipped: Skipped,
    /// Whose measurements they are, and the hash of the folder.
    pub(crate) origin: Origin,
    /// The fit of the data set.
    pub(crate) before: Arc<Kernels>,
    /// Shapes of the shipped models.
    pub(crate) real: RealShapes,
}

/// Reads and arranges a folder.
pub(crate) fn load(folder: &Path, map: &[String], inputs: &Inputs) -> Result<Loaded> {
    let mut catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    measured::add_chips(map, &mut catalog)?;
    let model = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    arrange(folder, map, inputs, (&catalog, &model))
}

/// Reads and arranges a folder under a catalog and a model already read.
pub(crate) fn arrange(
    folder: &Path,
    map: &[String],
    inputs: &Inputs,
    (catalog, model): (&Catalog, &PerfModel),
) -> Result<Loaded> {
    let found = measured::read(folder, map, &inputs.data, catalog)?;
    let (mut rows, mut skipped) = (found.rows, found.skipped);
    let mut devices = BTreeMap::new();
    for id in rows.iter().map(|r| r.chip.clone()).collect::<BTreeSet<_>>() {
        let chip = catalog
            .get(&id)
            .ok_or_else(|| miette!("`{id}` in perf/systems.toml is no chip of the catalog"))?;
        match Device::of(chip, &model.inference().typical, End::Middle) {
            Ok(device) => {
                devices.insert(id, device);
            }
            Err(needs) => {
                let facts: Vec<&str> = needs.iter().map(|n| n.fact.as_str()).collect();
                let all = rows.len();
                rows.retain(|row| row.chip != id);
                *skipped
                    .entry(format!("missing: {}", facts.join(", ")))
                    .or_default() += all - rows.len();
            }
        }
    }
    Ok(Loaded {
        groups: Groups::of(&rows, devices, &mut skipped),
        skipped,
        origin: Origin {
            source: found.source.0,
            data: found.hash,
        },
        before: Arc::clone(&model.inference().kernels),
        real: RealShapes::of(model.models()),
    })
}

pub(crate) fn run(args: &ValidateArgs, global: &Global) -> Result<Exit> {
    let (Some(folder), None | Some(Part::Perf)) = (&args.measured.measured, args.part) else {
        return Err(miette!(
            help = "strait validate perf --measured DIR",
            "measured operators are compared with performance, not with cost"
        ));
    };
    if let Some(table) = measured::serving::table(folder) {
        return super::serving::measured(&table, args, global);
    }
    if let Some(read) = measured::published(folder)? {
        return super::published::run(&read, args, global);
    }
    if args.page.is_some() && !args.leave_one_out {
        return Err(miette!(
            help = "add --leave-one-out, which takes some minutes",
            "the page of measured operators is that of chips left out"
        ));
    }
    let inputs = Inputs::read(global)?;
    let mut loaded = load(folder, &args.measured.map, &inputs)?;
    let found = if args.leave_one_out {
        let settings = Settings {
            seed: args.seed,
            ..Settings::default()
        };
        let step = &mut |step: &str| output::remark(step);
        let (mut fitted, found) = leave_one_out(&loaded.groups, &settings, &loaded.real, true, step);
        fitted.origin.clone_from(&loaded.origin);
        if let Some(path) = &args.page {
            let light = Settings {
                prior: settings.prior / 10.0,
                ..settings
            };
            let (_, light) = leave_one_out(&loaded.groups, &light, &loaded.real, false, step);
            let skipped: Vec<(String, usize)> = loaded.skipped.clone().into_iter().collect();
            super::accuracy::write_operators(path, &kernels::page(&fitted, &found, &light, &skipped))?;
        }
        found
    } else {
        let fitted = kernels::load(&inputs.data).map_err(bundle)?;
        evaluate(&loaded.groups, &fitted, &loaded.real)
    };
    for (why, n) in &found.unpredicted {
        *loaded.skipped.entry(why.clone()).or_default() += n;
    }
    if let Some(path) = &args.out {
        output::write_bytes(path, &csv(&found)?)?;
    }
    if global.json {
        let unpredicted = unpredicted(&loaded.skipped);
        let mut value =
            json!({ "strait": inputs.made(), "scores": found.scores, "unpredicted": unpredicted });
        if args.leave_one_out {
            value["floors"] = json!(found.floors);
            value["intervals"] = json!(found.intervals);
        }
        output::print_json(&value)?;
    } else {
        output::print(&text::page(
            &view(&found, &loaded.skipped),
            Layout::of_stdout(true),
        ))?;
    }
    Ok(Exit::Answered)
}

/// What could not be computed and how often, as written in JSON.
pub(crate) fn unpredicted(skipped: &Skipped) -> Vec<serde_json::Value> {
    skipped
        .iter()
        .map(|(why, n)| json!({ "why": why, "n": n }))
        .collect()
}

/// One line a measured call; the best of two engines has a line of its own.
fn csv(found: &Evaluation) -> Result<Vec<u8>> {
    let head = [
        "operator",
        "chip",
        "precision",
        "engine",
        "regime",
        "shapes",
        "call",
        "measured_ms",
        "computed_ms",
        "low_ms",
        "high_ms",
    ];
    let rows = found.calls.iter().flat_map(|of| {
        of.calls.iter().map(|c| {
            let computed = c.computed.get();
            let times = [
                c.measured.get(),
                computed,
                computed / c.half.exp(),
                computed * c.half.exp(),
            ];
            let words = [
                of.operator.to_string(),
                of.chip.to_string(),
                of.precision.clone(),
                of.engine.clone(),
                c.regime.to_owned(),
                c.shapes.to_owned(),
                c.call.sizes(),
            ];
            let times = times.map(|seconds| format!("{:.6}", seconds * 1e3));
            words.into_iter().chain(times).collect()
        })
    });
    output::csv_lines(&head, rows)
}

fn floor(found: &Evaluation, of: &Score) -> Option<f64> {
    let key = |s: &Score| {
        (
            s.operator.clone(),
            s.chip.clone(),
            s.precision.clone(),
            s.engine.clone(),
            s.regime.clone(),
            s.shapes,
        )
    };
    let wanted = key(of);
    found.floors.iter().find(|s| key(s) == wanted).map(|s| s.mape)
}

fn view(found: &Evaluation, skipped: &Skipped) -> Page {
    let mut section = Section::new("Operators");
    section.text(
        "Mean and median absolute error over the measured time; bias is the mean log of computed over measured; \
         inside is the share of rows in the 90 % interval.",
    );
    let mut table = Table::new(
        "",
        &[
            "operator",
            "chip",
            "precision",
            "engine",
            "calls",
            "shapes",
            "rows",
            "mean error",
            "median",
            "bias",
            "inside",
            "floor",
        ],
    );
    for s in &found.scores {
        table.row([
            s.operator.clone(),
            s.chip.to_string(),
            s.precision.clone(),
            s.engine.clone(),
            s.regime.replace('_', " "),
            s.shapes.to_owned(),
            count(s.n),
            format!("{:.1} %", s.mape),
            format!("{:.1} %", s.medape),
            format!("{:+.2}", s.bias),
            format!("{:.0} %", s.coverage90 * 100.0),
            floor(found, s).map_or_else(|| "–".to_owned(), |f| format!("{f:.1} %")),
        ]);
    }
    section.table(table);
    let why = skipped
        .iter()
        .map(|(why, n)| format!("{} rows: {why}", count(*n)))
        .collect();
    section.items("Not scored:", why);
    Page {
        title: "Computed beside measured".into(),
        sections: vec![section],
        ..Page::default()
    }
}
