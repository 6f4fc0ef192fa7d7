//! `strait brief`: the whole answer on the terminal and as a page.

use crate::args::{BriefArgs, Global};
use crate::input::{Inputs, bundle, chip, today};
use crate::text::Layout;
use crate::view::Page;
use crate::{Exit, html, output, text, view};
use miette::{Result, miette};
use std::path::{Path, PathBuf};
use strait::brief::{Brief, Library, Question, write};

pub(crate) fn run(args: &BriefArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let day = args.transaction.on.unwrap_or_else(today);
    let library = Library::load(&inputs.data, &inputs.scenario.on(Some(day))).map_err(bundle)?;
    let named = chip(&library.catalog, &args.chip)?;
    let rivals = match &args.vs {
        Some(names) => Some(
            names
                .iter()
                .map(|n| Ok(chip(&library.catalog, n)?.chip))
                .collect::<Result<Vec<_>>>()?,
        ),
        None => None,
    };
    let transaction = inputs.transaction(
        &args.transaction,
        &named.chip,
        library.catalog.designer_country(&named.chip),
        &library.law.places,
    )?;
    let question = Question {
        asked: named.asked,
        chip: named.chip,
        by_family: named.by_family,
        siblings: named.siblings,
        transaction,
        rivals,
    };
    let own = std::iter::once(&question.chip).chain(question.rivals.iter().flatten());
    library.cost.check_prices(&library.catalog, own).map_err(bundle)?;
    let brief = write(&library, &question).map_err(|e| miette!("{e}"))?;
    let page = view::brief_page(&brief);
    if global.json {
        output::print_json(&brief)?;
    } else {
        output::print(&text::page(&page, Layout::of_stdout(args.explain)))?;
    }
    let path = page_path(args.out.as_deref(), &brief);
    match output::write_whole(&path, &html::page(&page)) {
        Ok(()) => output::remark(&format!("page written to {}", path.display())),
        // The brief itself has been printed; only a place the user chose makes the failure theirs.
        Err(report) if args.out.is_some() => return Err(report),
        Err(report) => output::remark(&format!(
            "no page written: {report}; give another place with --out"
        )),
    }
    if let Some(folder) = &args.charts {
        charts(folder, &path, &page)?;
    }
    let stale = args.strict && brief.law.verdict.stale_days > 0;
    Ok(if stale { Exit::Stale } else { Exit::Answered })
}

/// Each chart of the page as `PAGE-NAME.svg` and `PAGE-NAME.csv`, with the lines to cite them by.
fn charts(folder: &Path, page_path: &Path, page: &Page) -> Result<()> {
    output::make_folder(folder)?;
    let stem = page_path.file_stem().unwrap_or_default().to_string_lossy();
    let cite = [
        format!("{}: {}", page.title, page.subtitle),
        "Data: strait contributors, CC BY 4.0; figures of third parties keep the sources the brief names."
            .to_owned(),
    ];
    for (name, chart) in page.charts() {
        let file = |ending: &str| folder.join(format!("{stem}-{name}.{ending}"));
        output::write_whole(&file("svg"), &chart.alone(&cite))?;
        output::write_whole(&file("csv"), &chart.csv(&cite)?)?;
    }
    output::remark(&format!("charts written to {}", folder.display()));
    Ok(())
}

/// `--out` is a file, or a folder for a file named after the question.
fn page_path(out: Option<&Path>, brief: &Brief) -> PathBuf {
    let safe: String = brief
        .subject
        .asked
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .trim_end_matches(".toml")
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "-._".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let name = format!("brief-{safe}-{}-{}.html", brief.to, brief.strait.on);
    match out {
        Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/') => path.join(name),
        Some(path) => path.to_owned(),
        None => PathBuf::from(name),
    }
}
