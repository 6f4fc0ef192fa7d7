//! `strait validate perf` of measured serving runs, and `strait calibrate serving`.

use crate::args::{CalibrateArgs, Global, MeasuredArgs, ValidateArgs};
use crate::input::{Inputs, bundle};
use crate::measured::serving::{self, Served};
use crate::text::Layout;
use crate::view::{Page, Section, Table, count};
use crate::{Exit, output, text};
use miette::{Result, miette};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use strait::brief::Made;
use strait::catalog::{Catalog, ChipId};
use strait::perf::PerfModel;
use strait::perf::inference::{
    FarRow, Inference, ServedRun, ServingFit, ServingNames, ServingRow, ServingScore, Timed, leave_one_out,
    runs, scores, time,
};
use strait::perf::kernels::{Settings, calibrate_without};
use strait::perf::measured::{Harness, Skipped};

/// Names, kernels and everything else that rows are read with.
struct Known {
    catalog: Catalog,
    perf: PerfModel,
    names: ServingNames,
    harness: Harness,
}

impl Known {
    fn read(inputs: &Inputs, map: &[String]) -> Result<Self> {
        let mut catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
        crate::measured::add_chips(map, &mut catalog)?;
        let perf = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
        let file = |path: &'static str| inputs.data.require(path);
        let names = ServingNames::read(file("perf/serving_rows.toml")?, &catalog.sources).map_err(bundle)?;
        let mut harness = Harness::read(file("perf/systems.toml")?, &catalog.sources).map_err(bundle)?;
        crate::measured::mapped(map, &catalog, &mut harness)?;
        Ok(Self {
            catalog,
            perf,
            names,
            harness,
        })
    }

    /// The runs of a table.
    fn served(&self, path: &Path) -> Result<Served> {
        serving::read(path, &self.names, &self.harness.systems)
    }

    /// Runs with their steps; why others have none is counted.
    fn timed(&self, rows: Vec<ServingRow>, inference: &Inference, skipped: &mut Skipped) -> Vec<Timed> {
        time(
            rows,
            inference,
            &self.names.clients(),
            |id| self.perf.model(id),
            |id| self.catalog.get(id),
            skipped,
        )
    }

    /// For every chip that a folder of operators and the runs share: the runs timed by operators fitted without it.
    fn unseen(
        &self,
        rows: &[ServingRow],
        measured: &MeasuredArgs,
        seed: u64,
        inputs: &Inputs,
    ) -> Result<BTreeMap<ChipId, Vec<Timed>>> {
        let mut found = BTreeMap::new();
        let Some(folder) = &measured.operators else {
            return Ok(found);
        };
        let loaded = super::operators::arrange(folder, &measured.map, inputs, (&self.catalog, &self.perf))?;
        let settings = Settings {
            seed,
            ..Settings::default()
        };
        let served: BTreeSet<&ChipId> = rows.iter().map(|row| &row.chip).collect();
        for chip in loaded.groups.devices.keys().filter(|chip| served.contains(chip)) {
            output::remark(&format!("operators fitted without {chip}"));
            let kernels = calibrate_without(&loaded.groups, &settings, chip);
            let inference = Inference {
                kernels: Arc::new(kernels),
                ..self.perf.inference().clone()
            };
            let timed = self.timed(rows.to_vec(), &inference, &mut Skipped::new());
            found.insert(chip.clone(), timed);
        }
        Ok(found)
    }
}

/// `strait validate perf --measured DIR` of serving runs.
pub(crate) fn measured(path: &Path, args: &ValidateArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let known = Known::read(&inputs, &args.measured.map)?;
    let Served {
        rows,
        mut skipped,
        hash,
    } = known.served(path)?;
    if args.measured.operators.is_some() && !args.leave_one_out {
        return Err(miette!(
            help = "add --leave-one-out",
            "--operators refits the operators without the chip left out, and no chip is left out"
        ));
    }
    let unseen = known.unseen(&rows, &args.measured, args.seed, &inputs)?;
    let timed = known.timed(rows, known.perf.inference(), &mut skipped);
    let (found, floors) = if args.leave_one_out {
        let (mut fit, out, alone) = leave_one_out(&timed, &unseen, known.perf.inference().kernels.between);
        fit.data.clone_from(&hash);
        if let Some(page) = &args.page {
            let chips: Vec<&ChipId> = unseen.keys().collect();
            let text = strait::perf::inference::page(&fit, [&out, &alone], &chips, &skipped);
            super::accuracy::write_section(page, "serving", &text)?;
        }
        (out, scores(&alone))
    } else {
        (runs(&timed, &known.perf.inference().fit), Vec::new())
    };
    if let Some(path) = &args.out {
        output::write_bytes(path, &run_lines(&found)?)?;
    }
    let scored = scores(&found);
    let about = (
        "Serving",
        "Runs are steady, queued (requests waited for room) or apart (prompts on replicas of their own).",
    );
    let nothing = Skipped::new();
    show(
        about,
        &scored,
        &floors,
        (&skipped, &nothing, &[]),
        (&inputs.made(), global.json),
    )
}

/// `strait calibrate serving`.
pub(crate) fn calibrate(args: &CalibrateArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let path = args
        .measured
        .measured
        .as_ref()
        .and_then(|folder| serving::table(folder));
    let Some(path) = path else {
        return Err(miette!(
            help = "name a folder with --measured DIR that holds a CSV file with the column silicon_ttft_ms",
            "no measured serving runs given"
        ));
    };
    let known = Known::read(&inputs, &args.measured.map)?;
    let Served {
        rows,
        mut skipped,
        hash,
    } = known.served(&path)?;
    let unseen = known.unseen(&rows, &args.measured, args.seed, &inputs)?;
    let timed = known.timed(rows, known.perf.inference(), &mut skipped);
    let (fit, _, _) = leave_one_out(&timed, &unseen, known.perf.inference().kernels.between);
    if args.measured.operators.is_none() {
        output::remark(
            "without --operators DIR the spreads are those of chips that the fit of operators has seen; \
             data/perf/serving.toml is written with it",
        );
    }
    let text = ServingFit { data: hash, ..fit }.to_toml();
    match &args.out {
        Some(path) => output::write_whole(path, &text)?,
        None => output::print(&text)?,
    }
    Ok(Exit::Answered)
}

/// Scores, what could not be computed, and what rows left out and how it was taken.
pub(super) fn show(
    (title, regimes): (&str, &str),
    scored: &[ServingScore],
    floors: &[ServingScore],
    (skipped, taken, far): (&Skipped, &Skipped, &[FarRow]),
    (made, json): (&Made, bool),
) -> Result<Exit> {
    if json {
        let unpredicted = super::operators::unpredicted(skipped);
        let mut value = json!({ "strait": made, "scores": scored, "unpredicted": unpredicted });
        if !floors.is_empty() {
            value["floors"] = json!(floors);
        }
        if !taken.is_empty() {
            value["taken"] = json!(super::operators::unpredicted(taken));
        }
        if !far.is_empty() {
            value["far"] = json!(far);
        }
        output::print_json(&value)?;
        return Ok(Exit::Answered);
    }
    let mut section = Section::new(title);
    section.text(format!(
        "Mean and median absolute error over the measured figure; bias is the mean log of computed over measured; \
         inside is the share of rows in the 90 % interval. {regimes}"
    ));
    let head = [
        "phase",
        "runs",
        "chip",
        "precision",
        "engine",
        "number",
        "mean error",
        "median",
        "bias",
        "inside",
        "floor",
    ];
    let mut table = Table::new("", &head);
    for s in scored {
        let same = |f: &&ServingScore| {
            (f.phase, f.regime, &f.chip, &f.precision, &f.engine)
                == (s.phase, s.regime, &s.chip, &s.precision, &s.engine)
        };
        table.row([
            s.phase.to_owned(),
            s.regime.to_owned(),
            s.chip.clone(),
            s.precision.clone(),
            s.engine.clone(),
            count(s.n),
            format!("{:.1} %", s.mape),
            format!("{:.1} %", s.medape),
            format!("{:+.2}", s.bias),
            format!("{:.0} %", s.coverage90 * 100.0),
            floors
                .iter()
                .find(same)
                .map_or_else(|| "–".to_owned(), |f| format!("{:.1} %", f.medape)),
        ]);
    }
    section.table(table);
    let counted = |whys: &Skipped| {
        let line = |(why, n): (&String, &usize)| {
            let rows = if *n == 1 { "row" } else { "rows" };
            format!("{} {rows}: {why}", count(*n))
        };
        whys.iter().map(line).collect()
    };
    let line = |f: &FarRow| {
        format!(
            "{} on {}, {}: computed {:.2} times the measured; {}",
            f.id, f.chip, f.phase, f.ratio, f.why
        )
    };
    section.items(
        "Wrong by more than a factor of two:",
        far.iter().map(line).collect(),
    );
    section.items("Left out, and taken as:", counted(taken));
    section.items("Not scored:", counted(skipped));
    let page = Page {
        title: "Computed beside measured".into(),
        sections: vec![section],
        ..Page::default()
    };
    output::print(&text::page(&page, Layout::of_stdout(true)))?;
    Ok(Exit::Answered)
}

/// One line a run.
fn run_lines(found: &[ServedRun]) -> Result<Vec<u8>> {
    let head = [
        "id",
        "chip",
        "model",
        "engine",
        "precision",
        "regime",
        "users",
        "input",
        "output",
        "ttft_ms",
        "ttft_computed_ms",
        "tpot_ms",
        "tpot_computed_ms",
    ];
    let rows = found.iter().map(|run| {
        let row = &run.timed.row;
        let words = [
            row.id.to_string(),
            row.chip.to_string(),
            row.model.to_string(),
            row.engine.to_string(),
            row.precision.to_string(),
            run.regime().to_string(),
            row.users.to_string(),
            row.input.to_string(),
            row.output.to_string(),
        ];
        let times = [row.ttft, run.seen.ttft, row.tpot, run.seen.tpot];
        words
            .into_iter()
            .chain(times.map(|seconds| format!("{:.3}", seconds * 1e3)))
            .collect()
    });
    output::csv_lines(&head, rows)
}
