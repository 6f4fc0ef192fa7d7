//! A folder of operators that other simulators published, in their own layouts.

use super::{decode, tables, with_file};
use miette::{Result, miette};
use std::fs;
use std::path::Path;
use strait::data::DataSet;
use strait::perf::measured::Records;
use strait::perf::published::{PublishedRow, Publisher, read_llmcompass, read_vidur, vidur_table};

/// What a folder held.
#[derive(Debug)]
pub(crate) struct Published {
    /// Rows of every file.
    pub(crate) rows: Vec<PublishedRow>,
    /// Whose they are.
    pub(crate) publisher: Publisher,
    /// Hash of the files read.
    pub(crate) hash: String,
    /// Files that are none of theirs.
    pub(crate) others: Vec<String>,
}

/// Reads a folder, where at least one of its files bears the name of a published one.
pub(crate) fn published(folder: &Path) -> Result<Option<Published>> {
    let mut files = tables(folder)?;
    files.sort();
    let mut found: Option<Published> = None;
    let mut others = Vec::new();
    let mut contents = DataSet::empty();
    for path in files {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let read =
            || fs::read(&path).map_err(|error| miette!("`{}` cannot be read: {error}", path.display()));
        let rows = if vidur_table(&name) {
            let bytes = read()?;
            contents = with_file(contents, name.clone(), &bytes);
            let empty = Records {
                file: name.clone(),
                ..Records::default()
            };
            let records = decode(&path, empty, bytes)?;
            // A published table is read whole or not at all.
            if let Some((line, wrong)) = records.malformed.first() {
                return Err(miette!("{name}:{line}: {wrong}"));
            }
            read_vidur(&records).transpose()?
        } else if read_llmcompass(&name, "").is_some() {
            let bytes = read()?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            contents = with_file(contents, name.clone(), &bytes);
            read_llmcompass(&name, &text).transpose()?
        } else {
            None
        };
        let Some(rows) = rows else {
            others.push(name);
            continue;
        };
        match &mut found {
            Some(found) => found.rows.extend(rows),
            None => {
                let Some(publisher) = rows.first().map(|r| r.publisher) else {
                    others.push(name);
                    continue;
                };
                found = Some(Published {
                    rows,
                    publisher,
                    hash: String::new(),
                    others: Vec::new(),
                });
            }
        }
    }
    if let Some(found) = &mut found {
        found.hash = contents.version();
        found.others = others;
    }
    Ok(found)
}
