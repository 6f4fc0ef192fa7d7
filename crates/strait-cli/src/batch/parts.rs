//! A parts file: opened, its header read, its lines handed out in chunks.

use super::cells::{Shape, columns};
use super::column::Column;
use super::lines::{Chunk, Lines};
use miette::{Result, miette};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PartsFormat {
    /// Comma-separated values with a header; semicolons and tabs are seen
    Csv,
    /// One JSON object a line
    Jsonl,
}

/// An open parts file.
pub(crate) struct Parts {
    /// As it is named in messages.
    pub(crate) name: String,
    /// Bytes, where known.
    pub(crate) size: Option<u64>,
    /// How its lines are to be read.
    pub(crate) shape: Shape,
    lines: Lines,
}

impl Parts {
    /// Opens a file, or standard input for `-`, and reads the header.
    pub(crate) fn open(path: &Path, format: Option<PartsFormat>) -> Result<Self> {
        let standard = path == Path::new("-");
        let name = if standard {
            "<stdin>".to_owned()
        } else {
            path.display().to_string()
        };
        let by_name = match path.extension().and_then(|e| e.to_str()) {
            Some("csv" | "tsv") => Some(PartsFormat::Csv),
            Some("jsonl" | "ndjson") => Some(PartsFormat::Jsonl),
            _ => None,
        };
        let format = format.or(by_name).ok_or_else(|| {
            miette!(
                help = "say it with --batch-format csv or --batch-format jsonl",
                "`{name}` does not tell its format by its ending"
            )
        })?;
        let (inner, size): (Box<dyn io::BufRead>, _) = if standard {
            (Box::new(BufReader::new(io::stdin())), None)
        } else {
            let open = || -> io::Result<_> {
                let file = File::open(path)?;
                let size = file.metadata()?.is_file().then_some(file.metadata()?.len());
                Ok((file, size))
            };
            let (file, size) = open().map_err(|e| unreadable(&name, &e))?;
            (Box::new(BufReader::with_capacity(1 << 16, file)), size)
        };
        Self::of(name, size, inner, format)
    }

    /// Reads the header of rows that come from anywhere.
    fn of(name: String, size: Option<u64>, inner: Box<dyn io::BufRead>, format: PartsFormat) -> Result<Self> {
        let mut lines = Lines::new(inner);
        let shape = match format {
            PartsFormat::Jsonl => Shape::Jsonl,
            PartsFormat::Csv => header(&name, &mut lines)?,
        };
        Ok(Self {
            name,
            size,
            shape,
            lines,
        })
    }

    /// Fills a chunk with the next rows; it is empty at the end.
    pub(crate) fn fill(&mut self, chunk: &mut Chunk, most: usize) -> Result<()> {
        let filled = self.lines.fill(chunk, most);
        filled.map_err(|e| unreadable(&self.name, &e))
    }

    /// Bytes read so far.
    pub(crate) fn read_so_far(&self) -> u64 {
        self.lines.bytes()
    }

    /// Whether rows may say this.
    pub(crate) fn may_name(&self, wanted: Column) -> bool {
        match &self.shape {
            Shape::Csv { columns, .. } => columns.contains(&wanted),
            Shape::Jsonl => true,
        }
    }
}

fn unreadable(name: &str, error: &io::Error) -> miette::Report {
    miette!(
        help = "--batch takes a file that can be read, or - for standard input",
        "`{name}` cannot be read: {error}"
    )
}

/// Reads the header: the first line that is no `#` remark.
fn header(name: &str, lines: &mut Lines) -> Result<Shape> {
    let mut chunk = Chunk::default();
    loop {
        lines.fill(&mut chunk, 1).map_err(|e| unreadable(name, &e))?;
        if chunk.len() == 0 {
            return Err(miette!(
                help = "the first line names the columns, such as id,chip,to,on",
                "`{name}` is empty"
            ));
        }
        let line = chunk.line(0);
        if !line.bytes.starts_with(b"#") {
            let read = columns(line);
            return read.map_err(|e| {
                miette!(
                    help = "columns are the flags of `strait check` without the dashes, and `id`",
                    "{name}:{}: {}",
                    e.line,
                    e.message
                )
            });
        }
    }
}

#[cfg(test)]
#[path = "parts/tests.rs"]
mod tests;
