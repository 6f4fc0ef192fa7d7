//! `strait validate`: what strait computes beside what was published.

use crate::args::{Global, Part, ValidateArgs};
use crate::input::{Inputs, bundle};
use crate::text::Layout;
use crate::view::{Page, Section, Table, count, word};
use crate::{Exit, output, text};
use miette::{Result, miette};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use strait::catalog::Catalog;
use strait::perf::{ErrorSummary, PerfModel, validate};

/// Refuses a file or flag that what is asked would leave alone without a word.
fn used(args: &ValidateArgs) -> Result<()> {
    let flags = [
        ("--measured", args.measured.measured.is_some()),
        ("--rows", args.rows.is_some()),
        ("--leave-one-out", args.leave_one_out),
        ("--out", args.out.is_some()),
        ("--page", args.page.is_some()),
        ("--chip", args.chip.is_some()),
    ];
    let of_perf = matches!(args.part, None | Some(Part::Perf));
    let (asked, used): (&str, &[&str]) = if of_perf && args.measured.measured.is_some() {
        (
            "--measured",
            &["--measured", "--leave-one-out", "--out", "--page"],
        )
    } else if of_perf && args.rows.is_some() {
        ("--rows", &["--rows", "--out"])
    } else {
        match args.part {
            Some(Part::Training) => ("`training`", &["--leave-one-out", "--out", "--page"]),
            Some(Part::Market) => ("`market`", &["--page"]),
            Some(Part::Cost) => ("`cost`", &[]),
            None => ("without a part it", &["--chip"]),
            Some(Part::Perf) => ("without --measured or --rows it", &["--chip", "--page"]),
        }
    };
    match flags.iter().find(|(flag, given)| *given && !used.contains(flag)) {
        None => Ok(()),
        Some((flag, _)) => Err(miette!(
            help = "--measured, --rows and --chip go with performance, --leave-one-out and --out with --measured or `training`, \
                    --page with `perf`, `training` and `market`",
            "`strait validate`: {asked} has no use for {flag}"
        )),
    }
}

pub(crate) fn run(args: &ValidateArgs, global: &Global) -> Result<Exit> {
    used(args)?;
    for path in args.out.iter().chain(&args.page) {
        output::expect_folder_of(path)?;
    }
    if let (Some(path), None | Some(Part::Perf)) = (&args.rows, args.part) {
        return super::rows::run(path, args, global);
    }
    if args.measured.measured.is_some() {
        return super::operators::run(args, global);
    }
    if args.part == Some(Part::Training) {
        return super::training::validate(args, global);
    }
    if args.part == Some(Part::Market) {
        return super::backtest::run(args, global);
    }
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    if let Some(path) = &args.page {
        super::elsewhere::write(path, &inputs, &catalog)?;
    }
    let mut page = Page {
        title: "Computed beside published".into(),
        ..Page::default()
    };
    let mut facts = serde_json::Map::new();
    if let Some(named) = &args.chip {
        let (part, found) = super::validated_runs::of_chip(named, &inputs, &catalog)?;
        page = part;
        facts.insert("runs".into(), found);
    } else {
        sections(args, &inputs, &catalog, &mut page, &mut facts)?;
    }
    let about = inputs.made();
    if global.json {
        output::print_json(&json!({ "strait": about, "validation": facts }))?;
    } else {
        output::print(&text::page(&page.under(&about), Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}

/// The parts asked for, each scored as a whole.
fn sections(
    args: &ValidateArgs,
    inputs: &Inputs,
    catalog: &Catalog,
    page: &mut Page,
    facts: &mut serde_json::Map<String, Value>,
) -> Result<()> {
    if args.part != Some(Part::Cost) {
        let (section, found) = perf(inputs, catalog)?;
        page.sections.push(section);
        facts.insert("perf".into(), found);
        let (section, found) = super::power::validated(inputs, catalog)?;
        page.sections.push(section);
        facts.insert("power".into(), found);
    }
    if args.part != Some(Part::Perf) {
        let (section, found) = super::cost_published::validated(inputs, catalog)?;
        page.sections.push(section);
        facts.insert("cost".into(), found);
    }
    Ok(())
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
