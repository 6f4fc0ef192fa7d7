//! `strait validate training` and `strait calibrate training`: steps beside published ones, and the fit to them.

use crate::args::{CalibrateArgs, Global, ValidateArgs};
use crate::input::{Inputs, bundle};
use crate::text::Layout;
use crate::view::{Page, Section, Table, count};
use crate::{Exit, output, text};
use miette::Result;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use strait::catalog::Catalog;
use strait::figure::Quantity;
use strait::perf::PerfModel;
use strait::perf::training::{StepError, StepReport, StepSummary, page};

pub(crate) fn validate(args: &ValidateArgs, global: &Global) -> Result<Exit> {
    let (model, catalog, inputs) = loaded(global)?;
    let leave_out = args.leave_one_out || args.page.is_some();
    if leave_out {
        output::remark("Fitting with each family left out, and to each alone; a minute or so.");
    }
    let report = model.validate_training(|id| catalog.get(id), leave_out);
    if let Some(path) = &args.page {
        output::write_whole(path, &page(&report, model.training_fit()))?;
    }
    if let Some(path) = &args.out {
        rows(path, &report)?;
    }
    if global.json {
        let about = inputs.made();
        output::print_json(&json!({ "strait": about, "training": report, "scores": scores(&report) }))?;
    } else {
        output::print(&text::page(&view(&report, leave_out), Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}

pub(crate) fn calibrate(args: &CalibrateArgs, global: &Global) -> Result<Exit> {
    let (model, catalog, _) = loaded(global)?;
    let fitted = model.calibrate_training(|id| catalog.get(id)).to_toml();
    match &args.out {
        Some(path) => output::write_whole(path, &fitted)?,
        None => output::print(&fitted)?,
    }
    Ok(Exit::Answered)
}

fn loaded(global: &Global) -> Result<(PerfModel, Catalog, Inputs)> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let model = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    Ok((model, catalog, inputs))
}

/// Rows of one kind, by source and chip.
fn groups(report: &StepReport, specified: bool) -> BTreeMap<(String, String), Vec<&StepError>> {
    let mut found: BTreeMap<(String, String), Vec<&StepError>> = BTreeMap::new();
    for row in report.rows.iter().filter(|r| r.specified == specified) {
        let key = (row.source.to_string(), row.chip.to_string());
        found.entry(key).or_default().push(row);
    }
    found
}

fn scores(report: &StepReport) -> serde_json::Value {
    let mut all = Vec::new();
    for specified in [true, false] {
        for ((source, chip), rows) in groups(report, specified) {
            all.push(
                json!({ "phase": "training", "source": source, "chip": chip, "plan_published": specified,
                "fitted": StepSummary::of(rows.iter().map(|r| r.error)),
                "left_out": StepSummary::of(rows.iter().filter_map(|r| r.left_out)),
                "floor": StepSummary::of(rows.iter().filter_map(|r| r.floor)) }),
            );
        }
    }
    serde_json::Value::Array(all)
}

fn view(report: &StepReport, leave_out: bool) -> Page {
    let mut section = Section::new("Training steps");
    section.text(
        "Errors of the seconds of a step. Where a plan was not published whole, the rest of it is searched: what could \
         be run, not what was. No such row enters the fit.",
    );
    for (title, specified) in [("Plan published", true), ("Plan searched", false)] {
        section.table(table(report, title, specified, leave_out && specified));
    }
    let far: Vec<String> = report
        .rows
        .iter()
        .filter(|r| r.is_far())
        .map(|r| {
            format!(
                "{} on {}: {:+.0} %; {}",
                r.id,
                r.chip,
                r.error * 100.0,
                r.reason()
            )
        })
        .collect();
    section.items("Wrong by more than a factor of two:", far);
    let skipped = report.skipped.iter().map(|(id, why)| format!("{id}: {why}"));
    section.items("Not computed:", skipped.collect());
    Page {
        title: "Computed beside published".into(),
        sections: vec![section],
        ..Page::default()
    }
}

fn table(report: &StepReport, title: &str, specified: bool, leave_out: bool) -> Table {
    let mut head = vec!["source", "chip", "rows", "median error", "within 20 %", "bias"];
    if leave_out {
        head.extend(["left out: median", "within 20 %", "floor: median"]);
    }
    let mut table = Table::new(title, &head);
    let percent = |x: f64| format!("{:.1} %", x * 100.0);
    let mut line = |source: &str, chip: &str, rows: &[&StepError]| {
        let Some(s) = StepSummary::of(rows.iter().map(|r| r.error)) else {
            return;
        };
        let mut cells = vec![
            source.to_owned(),
            chip.to_owned(),
            count(s.rows),
            percent(s.median),
            format!("{:.0} %", s.within_20 * 100.0),
            format!("{:+.3}", s.bias),
        ];
        if leave_out {
            let left = StepSummary::of(rows.iter().filter_map(|r| r.left_out));
            let floor = StepSummary::of(rows.iter().filter_map(|r| r.floor));
            cells.push(left.map_or_else(|| "–".to_owned(), |s| percent(s.median)));
            cells.push(left.map_or_else(|| "–".to_owned(), |s| format!("{:.0} %", s.within_20 * 100.0)));
            cells.push(floor.map_or_else(|| "–".to_owned(), |s| percent(s.median)));
        }
        table.row(cells);
    };
    for ((source, chip), rows) in groups(report, specified) {
        line(&source, &chip, &rows);
    }
    let all: Vec<&StepError> = report.rows.iter().filter(|r| r.specified == specified).collect();
    line("all", "", &all);
    table
}

/// One line a row.
fn rows(path: &Path, report: &StepReport) -> Result<()> {
    let head = [
        "id",
        "chip",
        "source",
        "plan_published",
        "measured_s",
        "computed_s",
        "error",
        "left_out",
        "floor",
    ];
    let given = |x: Option<f64>| x.map_or_else(String::new, |x| format!("{x:.4}"));
    let lines = report.rows.iter().map(|r| {
        vec![
            r.id.to_string(),
            r.chip.to_string(),
            r.source.to_string(),
            r.specified.to_string(),
            format!("{:.4}", r.measured.get()),
            format!("{:.4}", r.computed.get()),
            format!("{:.4}", r.error),
            given(r.left_out),
            given(r.floor),
        ]
    });
    output::write_bytes(path, &output::csv_lines(&head, lines)?)
}
