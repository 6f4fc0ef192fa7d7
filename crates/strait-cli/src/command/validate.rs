//! `strait validate`: what strait computes beside what was published.

use crate::args::{Global, Part, ValidateArgs};
use crate::input::{Inputs, bundle};
use crate::text::Layout;
use crate::view::{Page, Section, Table, count, estimate, unknown, word};
use crate::{Exit, output, text};
use miette::Result;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use strait::catalog::Catalog;
use strait::cost::CostModel;
use strait::figure::{Outcome, Quantity, Ratio};
use strait::perf::{ErrorSummary, PerfModel, validate};

pub(crate) fn run(args: &ValidateArgs, global: &Global) -> Result<Exit> {
    if let (Some(path), None | Some(Part::Perf)) = (&args.rows, args.part) {
        return super::serving::reported(path, args, global);
    }
    if args.measured.measured.is_some() {
        return super::operators::run(args, global);
    }
    if args.part == Some(Part::Market) {
        return super::backtest::run(args, global);
    }
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let mut page = Page {
        title: "Computed beside published".into(),
        ..Page::default()
    };
    let mut facts = serde_json::Map::new();
    if args.part != Some(Part::Cost) {
        let (section, found) = perf(&inputs, &catalog)?;
        page.sections.push(section);
        facts.insert("perf".into(), found);
        let (section, found) = super::power::validated(&inputs, &catalog)?;
        page.sections.push(section);
        facts.insert("power".into(), found);
    }
    if args.part != Some(Part::Perf) {
        let (section, found) = cost(&inputs, &catalog)?;
        page.sections.push(section);
        facts.insert("cost".into(), found);
    }
    if global.json {
        let about = json!({ "version": env!("CARGO_PKG_VERSION"), "data": inputs.data.version() });
        output::print_json(&json!({ "strait": about, "validation": facts }))?;
    } else {
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}

fn perf(inputs: &Inputs, catalog: &Catalog) -> Result<(Section, Value)> {
    let model = PerfModel::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let found = validate(&model, |id| catalog.get(id));
    let mut section = Section::new("Performance");
    section.text(
        "Errors are natural logarithms of computed over measured throughput (0.1 is about 10 %); coverage is the \
         share of rows whose measured value lies inside the interval.",
    );
    let uses = found
        .by_use
        .iter()
        .map(|(key, value)| (word(key), value))
        .collect();
    section.table(summary("By use", &uses));
    let chips = found
        .by_chip
        .iter()
        .map(|(key, value)| (key.clone(), value))
        .collect();
    section.table(summary("By chip", &chips));
    let sources = found
        .by_source
        .iter()
        .map(|(key, value)| (key.clone(), value))
        .collect();
    section.table(summary("By source", &sources));
    if !found.skipped.is_empty() {
        section.text(format!(
            "Rows that could not be scored: {}.",
            found.skipped.join(", ")
        ));
    }
    let json = json!({ "rows": found.rows.len(), "skipped": found.skipped, "by_use": numbers(&uses),
        "by_chip": numbers(&chips), "by_source": numbers(&sources) });
    Ok((section, json))
}

fn summary(title: &str, groups: &BTreeMap<String, &ErrorSummary>) -> Table {
    let mut table = Table::new(
        title,
        &["group", "rows", "median absolute error", "bias", "coverage"],
    );
    for (name, of) in groups {
        table.row([
            name.clone(),
            count(of.rows),
            format!("{:.3}", of.median_abs_log_error),
            format!("{:+.3}", of.bias),
            format!("{:.0} %", of.coverage * 100.0),
        ]);
    }
    table
}

fn numbers(groups: &BTreeMap<String, &ErrorSummary>) -> Value {
    let of = |(name, e): (&String, &&ErrorSummary)| {
        let facts = json!({ "rows": e.rows, "median_abs_log_error": e.median_abs_log_error, "bias": e.bias,
            "coverage": e.coverage });
        (name.clone(), facts)
    };
    Value::Object(groups.iter().map(of).collect())
}

fn cost(inputs: &Inputs, catalog: &Catalog) -> Result<(Section, Value)> {
    let model = CostModel::load(&inputs.data, &inputs.scenario, &catalog.sources).map_err(bundle)?;
    let find = |name: &str, place: &str| {
        let chip = catalog.resolve(name).ok()?.chip;
        Some((chip, catalog.designer_country(chip) == Some(place)))
    };
    let found = model
        .validate(&inputs.data, &catalog.sources, find)
        .map_err(bundle)?;
    let mut table = Table::new(
        "Owning one chip for an hour, US dollars",
        &[
            "row",
            "chip",
            "used to",
            "published",
            "computed",
            "error",
            "inside the interval",
        ],
    );
    for check in &found.checks {
        table.row([
            check.id.clone(),
            check.chip.to_string(),
            word(&check.for_use),
            format!("{:.2}", check.published.get()),
            match &check.modelled {
                Outcome::Known(value) => estimate(value),
                Outcome::Unknown(needs) => unknown(needs),
            },
            percent(check.error),
            check
                .inside
                .map_or_else(|| "–".to_owned(), |yes| if yes { "yes" } else { "no" }.to_owned()),
        ]);
    }
    let mut section = Section::new("Cost");
    section.table(table);
    section.text(format!(
        "Rows kept out of calibration: median absolute error {}, published value inside the interval {}.",
        percent(found.median_error),
        percent(found.coverage)
    ));
    let json =
        json!({ "checks": found.checks, "median_error": found.median_error, "coverage": found.coverage });
    Ok((section, json))
}

fn percent(value: Option<Ratio>) -> String {
    value.map_or_else(|| "–".to_owned(), |r| format!("{:.0} %", r.get() * 100.0))
}
