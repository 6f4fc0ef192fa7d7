//! Measured serving runs of a folder, and reported rows of a file.

use super::csv_records;
use miette::{Result, miette};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use strait::catalog::ChipId;
use strait::data::DataSet;
use strait::perf::inference::{ServingNames, ServingRow};
use strait::perf::measured::{Cell, Records, Skipped, UNREAD};

/// Runs of a folder.
#[derive(Debug)]
pub(crate) struct Served {
    /// Those that can be read.
    pub(crate) rows: Vec<ServingRow>,
    /// The others, by reason.
    pub(crate) skipped: Skipped,
    /// Hash of the table.
    pub(crate) hash: String,
}

/// A column that tables of serving runs have and no other.
const MARK: &str = "silicon_ttft_ms";

/// The table of serving runs in a folder, or in its folder `serving`, where there is one.
pub(crate) fn table(folder: &Path) -> Option<PathBuf> {
    for folder in [folder.to_owned(), folder.join("serving")] {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        files.sort();
        let found = files
            .into_iter()
            .filter(|p| p.extension().is_some_and(|e| e == "csv"));
        let mut marked = found.filter(|p| first_line(p).split(',').any(|c| c.trim() == MARK));
        if let Some(path) = marked.next() {
            return Some(path);
        }
    }
    None
}

fn first_line(path: &Path) -> String {
    use std::io::{BufRead, BufReader};
    let mut line = String::new();
    if let Ok(file) = fs::File::open(path) {
        // A file that cannot be read has no mark.
        let _ = BufReader::new(file).read_line(&mut line);
    }
    line
}

/// Reads a table of serving runs.
pub(crate) fn read(path: &Path, names: &ServingNames, systems: &BTreeMap<String, ChipId>) -> Result<Served> {
    let records = records(path)?;
    let mut found = Served {
        rows: Vec::new(),
        skipped: Skipped::new(),
        hash: hash(path)?,
    };
    for row in each(&records) {
        match names.row(&|name| row(name), systems) {
            Ok(row) => found.rows.push(row),
            Err(why) => *found.skipped.entry(why).or_default() += 1,
        }
    }
    for (line, wrong) in &records.malformed {
        let why = format!("{UNREAD}: {}:{line}: {wrong}", records.file);
        *found.skipped.entry(why).or_default() += 1;
    }
    Ok(found)
}

/// Records of a CSV file.
pub(crate) fn records(path: &Path) -> Result<Records> {
    let bytes = fs::read(path).map_err(|error| miette!("`{}` cannot be read: {error}", path.display()))?;
    let empty = Records {
        file: path.display().to_string(),
        ..Records::default()
    };
    csv_records(empty, &bytes)
}

/// The cells of every record, by name of their column.
pub(crate) fn each(records: &Records) -> impl Iterator<Item = impl Fn(&str) -> Option<String> + '_> {
    records
        .cells
        .chunks(records.columns.len().max(1))
        .map(move |cells| {
            move |name: &str| {
                let at = records.columns.iter().position(|c| c == name)?;
                match cells.get(at)? {
                    Cell::Empty => None,
                    Cell::Text(text) => Some(text.to_string()),
                    Cell::Number(number) => Some(number.to_string()),
                }
            }
        })
}

fn hash(path: &Path) -> Result<String> {
    let text =
        fs::read_to_string(path).map_err(|error| miette!("`{}` cannot be read: {error}", path.display()))?;
    Ok(DataSet::empty().with("serving", text).version())
}
