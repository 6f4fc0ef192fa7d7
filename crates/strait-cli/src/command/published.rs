//! `strait validate perf --measured DIR` of a folder that another simulator published.

use crate::args::{Global, ValidateArgs};
use crate::input::{Inputs, bundle};
use crate::measured::Published;
use crate::text::Layout;
use crate::view::{Page, Section, Table, count};
use crate::{Exit, output, text};
use miette::{Result, miette};
use serde_json::json;
use strait::catalog::Catalog;
use strait::perf::kernels;
use strait::perf::ops::{Device, End, Typical};
use strait::perf::published::{PublishedScores, page, score};

pub(crate) fn run(read: &Published, args: &ValidateArgs, global: &Global) -> Result<Exit> {
    if args.leave_one_out || args.out.is_some() || !args.measured.map.is_empty() {
        return Err(miette!(
            help = "give --json, --page or nothing beside a folder of published operators",
            "a folder of {} takes no --leave-one-out, --out or --map: nothing is fitted to it",
            read.publisher.name()
        ));
    }
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let fitted = kernels::load(&inputs.data).map_err(bundle)?;
    let typical = Typical::load(&inputs.data, &catalog.sources).map_err(bundle)?;
    let mut found = score(&read.rows, &fitted, |id| {
        catalog
            .get(id)
            .and_then(|chip| Device::of(chip, &typical, End::Middle).ok())
    });
    for other in &read.others {
        found
            .unpredicted
            .insert(format!("file `{other}` holds no operator that is timed"), 0);
    }
    if let Some(path) = &args.page {
        let section = read.publisher.name().to_lowercase();
        super::accuracy::write_section(path, &section, &page(&found, read.publisher, &read.hash))?;
    }
    if global.json {
        output::print_json(&json!({ "strait": inputs.made(), "published": found }))?;
    } else {
        output::print(&text::page(&view(&found), Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}

fn view(found: &PublishedScores) -> Page {
    let mut section = Section::new("Operators");
    let mut table = Table::new(
        "",
        &[
            "published by",
            "chip",
            "operator",
            "rows",
            "mean error",
            "median",
            "bias",
            "three constants",
            "over 2x",
        ],
    );
    for s in &found.scores {
        table.row([
            s.publisher.name().to_owned(),
            s.chip.to_string(),
            s.operator.to_owned(),
            count(s.n),
            format!("{:.1} %", s.mape),
            format!("{:.1} %", s.medape),
            format!("{:+.2}", s.bias),
            s.constants
                .map_or_else(|| "–".to_owned(), |c| format!("{c:.1} %")),
            count(s.far),
        ]);
    }
    section.table(table);
    let mut far = Table::new(
        "More than twice off",
        &["cause", "chip", "operator", "rows", "measured over computed"],
    );
    for f in &found.far {
        far.row([
            f.cause.to_owned(),
            f.chip.to_string(),
            f.operator.to_owned(),
            count(f.n),
            format!("{:.2} ({})", f.worst, f.example),
        ]);
    }
    section.table(far);
    let why = found
        .unpredicted
        .iter()
        .map(|(why, n)| format!("{} rows: {why}", count(*n)))
        .collect();
    section.items("Not scored:", why);
    Page {
        title: "Computed beside published operators".into(),
        sections: vec![section],
        ..Page::default()
    }
}
