//! Reads a folder of measured operator tables: `<system>.<table>.csv` and, where built with it, `.parquet`.

use crate::input::{bundle, chip, is_path};
use miette::{Result, miette};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use strait::catalog::Catalog;
use strait::data::{DataSet, nearest};
use strait::figure::SourceId;
use strait::perf::measured::{Cell, Harness, Records, Row, Skipped, rows};

#[cfg(feature = "parquet")]
mod parquet;
mod published;
pub(crate) mod rows;
pub(crate) mod serving;

pub(crate) use published::{Published, published};

/// What a folder held.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Rows of every table that has a model.
    pub(crate) rows: Vec<Row>,
    /// Rows without one, by reason.
    pub(crate) skipped: Skipped,
    /// Whose measurements they are: the user's, where a system is named by `--map`.
    pub(crate) source: SourceId,
    /// Names and contents of the files, for a hash that tells whether a fit rests on the same data.
    pub(crate) hash: String,
}

/// Reads every table of a folder, in order of name.
pub(crate) fn read(folder: &Path, map: &[String], data: &DataSet, catalog: &Catalog) -> Result<Folder> {
    const FILE: &str = "perf/systems.toml";
    let file = data.require(FILE)?;
    let mut harness = Harness::read(file, &catalog.sources).map_err(bundle)?;
    mapped(map, catalog, &mut harness)?;
    let mut files = tables(folder)?;
    files.sort();
    if files.is_empty() {
        return Err(miette!(
            help = "files are named <system>.<table>.csv or .parquet, for example l40s.gemm.parquet",
            "`{}` holds no measured table",
            folder.display()
        ));
    }
    let mut found = Folder {
        rows: Vec::new(),
        skipped: Skipped::new(),
        source: harness.source.clone(),
        hash: String::new(),
    };
    let mut systems = BTreeSet::new();
    let mut contents = DataSet::empty();
    for path in files {
        let bytes =
            fs::read(&path).map_err(|error| miette!("`{}` cannot be read: {error}", path.display()))?;
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let Some(empty) = Records::named(&name) else {
            *found
                .skipped
                .entry(format!("file `{name}` is not named <system>.<table>.<ending>"))
                .or_default() += 1;
            continue;
        };
        contents = with_file(contents, name, &bytes);
        systems.insert(empty.system.clone());
        let records = decode(&path, empty, bytes)?;
        found.rows.extend(rows(&records, &harness, &mut found.skipped)?);
    }
    for pair in map {
        let (system, _) = system_and_chip(pair)?;
        if !systems.contains(system) {
            return Err(unused(folder, system, &systems));
        }
    }
    if !systems.iter().any(|system| harness.systems.contains_key(system)) {
        return Err(unmapped(folder, &systems, &harness));
    }
    if found.rows.is_empty() {
        let why: Vec<String> = found
            .skipped
            .iter()
            .map(|(why, n)| format!("{n} rows: {why}"))
            .collect();
        return Err(miette!(
            help = "docs/perf.md describes the tables",
            "no row of `{}` can be used: {}",
            folder.display(),
            why.join("; ")
        ));
    }
    let own = |row: &Row| map.iter().any(|pair| pair.split('=').next() == Some(&row.system));
    if found.rows.iter().any(own) {
        found.source = SourceId("user".to_owned());
    }
    found.hash = contents.version();
    Ok(found)
}

fn list(names: &mut dyn Iterator<Item = &String>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// A system that `--map` names has no table in the folder.
fn unused(folder: &Path, system: &str, systems: &BTreeSet<String>) -> miette::Report {
    let near = nearest(system, systems.iter().map(String::as_str));
    let near = near
        .first()
        .map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    miette!(
        help = format!("{near}its systems are {}", list(&mut systems.iter())),
        "--map names `{system}`, of which `{}` has no table",
        folder.display()
    )
}

/// No system of a folder is known.
fn unmapped(folder: &Path, systems: &BTreeSet<String>, harness: &Harness) -> miette::Report {
    let first = systems.first().map_or("my_server", String::as_str);
    miette!(
        help = format!(
            "say which chip it is, by name or by the path of your chip's file: --map {first}=nvidia-h20-96gb or \
             --map {first}=./chip.toml; known without --map are {}",
            list(&mut harness.systems.keys())
        ),
        "no system of `{}` is mapped to a chip: {}",
        folder.display(),
        if systems.is_empty() {
            "no file is named <system>.<table>.csv or .parquet".to_owned()
        } else {
            list(&mut systems.iter())
        }
    )
}

/// Puts the chips that `--map system=./chip.toml` names by their files into the catalog.
pub(crate) fn add_chips(map: &[String], catalog: &mut Catalog) -> Result<()> {
    for pair in map {
        let (_, typed) = system_and_chip(pair)?;
        if is_path(typed) {
            let chip = chip(catalog, typed)?.chip;
            catalog.insert(chip);
        }
    }
    Ok(())
}

/// Adds the systems that `--map system=chip` names.
pub(crate) fn mapped(map: &[String], catalog: &Catalog, harness: &mut Harness) -> Result<()> {
    for pair in map {
        let (system, typed) = system_and_chip(pair)?;
        let chip = chip(catalog, typed)?.chip.id;
        harness.systems.insert(system.to_owned(), chip);
    }
    Ok(())
}

fn system_and_chip(pair: &str) -> Result<(&str, &str)> {
    pair.split_once('=').ok_or_else(|| {
        miette!(
            help = "for example --map my_server=nvidia-h20-96gb or --map my_server=./chip.toml",
            "--map `{pair}` is not of the form system=chip"
        )
    })
}

/// A data set with one more file, whose version tells whether two folders are the same.
fn with_file(contents: DataSet, name: String, bytes: &[u8]) -> DataSet {
    contents.with(name, DataSet::empty().with("", hex(bytes)).version())
}

/// Bytes as text that a data set can hash.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn tables(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error: std::io::Error| {
        miette!(
            help = "--measured takes a folder that can be read",
            "`{}` cannot be read: {error}",
            folder.display()
        )
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|e| e == "csv" || e == "parquet") {
            files.push(path);
        }
    }
    Ok(files)
}

fn decode(path: &Path, records: Records, bytes: Vec<u8>) -> Result<Records> {
    if path.extension().is_some_and(|e| e == "csv") {
        return csv_records(records, &bytes);
    }
    #[cfg(feature = "parquet")]
    return parquet::records(records, bytes);
    #[cfg(not(feature = "parquet"))]
    Err(miette!(
        help = "build with --features parquet, or convert the table to CSV",
        "`{}` is Parquet, which this build cannot read",
        path.display()
    ))
}

/// Line on which a record begins: the reader's position lies before empty lines and the rest of a line's end.
fn line(position: &::csv::Position, bytes: &[u8]) -> usize {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let rest = bytes.get(number(position.byte())..).unwrap_or_default();
    let blank = rest.iter().take_while(|b| matches!(b, b'\n' | b'\r'));
    number(position.line()) + blank.filter(|b| **b == b'\n').count()
}

/// Why a CSV record has no field for every column.
fn wrong(error: &::csv::Error) -> String {
    match error.kind() {
        ::csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("{len} fields where the header has {expected_len}")
        }
        ::csv::ErrorKind::Utf8 { .. } => "not UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}

/// Records of a CSV table with a header line; a field that is no number is text. A record that does not fit the
/// header is kept apart with its line.
fn csv_records(mut records: Records, bytes: &[u8]) -> Result<Records> {
    let mut reader = ::csv::ReaderBuilder::new()
        .trim(::csv::Trim::All)
        .from_reader(bytes);
    let malformed = |file: &str, error: &::csv::Error| {
        let line = error.position().map_or(1, |p| p.line());
        miette!("{file}:{line}: not a CSV record: {error}")
    };
    records.columns = match reader.headers() {
        Ok(heads) => heads.iter().map(str::to_owned).collect(),
        Err(error) => return Err(malformed(&records.file, &error)),
    };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) if error.is_io_error() => return Err(malformed(&records.file, &error)),
            Err(error) => {
                let line = error.position().map_or(1, |p| line(p, bytes));
                records.malformed.push((line, wrong(&error)));
                continue;
            }
        };
        records
            .lines
            .push(record.position().map_or(1, |p| line(p, bytes)));
        records.cells.extend(record.iter().map(|field| {
            match field {
                "" => Cell::Empty,
                text => text
                    .parse()
                    .map_or_else(|_| Cell::Text(text.into()), Cell::Number),
            }
        }));
    }
    Ok(records)
}
