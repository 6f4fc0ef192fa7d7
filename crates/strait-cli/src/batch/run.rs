//! `strait check --batch`: rows in, answers out, in the order of the file.

use super::ask::{Asker, Row};
use super::baseline::{Answered, Baseline};
use super::cells::{Cells, Shape};
use super::column::Column;
use super::lines::Chunk;
use super::parts::Parts;
use super::progress::Progress;
use super::totals::{Met, Piece, Stale, Totals};
use super::writer::{Format, RowWriter};
use super::{csv, json, sarif};
use crate::Exit;
use crate::args::{CheckArgs, Global};
use crate::input::{Inputs, bundle};
use crate::output::Sink;
use miette::{Result, miette};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use strait::catalog::Catalog;
use strait::rules::{Fact, Findings, LawBook};

/// Rows read together; what memory holds at one time.
const CHUNK: usize = 4096;
/// Rows one thread takes at a time.
const PIECE: usize = 64;

/// Inputs and versions, written beside the answers.
#[derive(Debug, Serialize)]
struct About<'a> {
    version: &'static str,
    data: String,
    /// Day asked where a row does not say.
    on: jiff::civil::Date,
    /// Day of knowledge where a row does not say.
    known: jiff::civil::Date,
    scenario: Option<&'a str>,
}

/// What every piece needs.
struct Job<'j, 'a> {
    asker: &'j Asker<'a>,
    shape: &'j Shape,
    format: Format,
    uri: &'j str,
    all: bool,
    compared: bool,
}

impl Job<'_, '_> {
    fn piece(&self, chunk: &Chunk, from: usize) -> Piece {
        let mut writer = RowWriter::new(self.format, self.uri, self.all);
        let mut piece = Piece {
            text: Vec::new(),
            rules: BTreeSet::new(),
            errors: Vec::new(),
            stale: Stale::default(),
            met: Vec::new(),
        };
        let mut met = |one: &dyn Fn() -> Met| {
            if self.compared {
                piece.met.push(one());
            }
        };
        let mut rows: Vec<Row<'_>> = Vec::with_capacity(PIECE);
        for at in from..chunk.len().min(from + PIECE) {
            match self.shape.cells(chunk.line(at)) {
                Err(wrong) => piece.errors.push(wrong),
                Ok(cells) => match self.asker.row(&cells) {
                    Ok(row) => rows.push(row),
                    Err(wrong) => {
                        piece.errors.push(wrong);
                        met(&|| bad(&cells));
                    }
                },
            }
        }
        let mut findings = Findings::default();
        for row in &rows {
            match row.decide(&mut findings) {
                Ok(found) => {
                    writer.row(row, &found);
                    if found.stale_days > 0 {
                        piece.stale.rows += 1;
                        piece.stale.days = piece.stale.days.max(found.stale_days);
                    }
                    met(&|| Met::Answered(Box::new(Answered::row(row, &found))));
                }
                Err(wrong) => {
                    piece.errors.push(wrong);
                    met(&|| Met::Bad(row.id.clone(), row.asked.clone()));
                }
            }
        }
        piece.errors.sort_by_key(|wrong| wrong.line);
        (piece.text, piece.rules) = writer.finish();
        piece
    }
}

fn bad(cells: &Cells<'_>) -> Met {
    let mut asked = String::new();
    cells.stated(&mut asked);
    Met::Bad(cells.id.trim().to_owned(), asked)
}

pub(crate) fn run(path: &Path, args: &CheckArgs, global: &Global) -> Result<Exit> {
    let batch = &args.batch;
    let format = format(args, global)?;
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let law = LawBook::load(&inputs.data, &inputs.scenario, &catalog.sources).map_err(bundle)?;
    let stated = inputs.stated(&args.transaction)?;
    let mut baseline = baseline(args, &law)?;
    for (read, flag) in [
        (Some(path), "--batch"),
        (args.fail_on_change.as_deref(), "--fail-on-change"),
    ] {
        refuse_overwriting(batch.out.as_deref(), read, flag)?;
    }
    let mut parts = Parts::open(path, batch.batch_format)?;
    if args.chip.is_none() && !parts.may_name(Column::Chip) {
        return Err(miette!(
            help = "add a column `chip`, or name one chip for every row on the command line",
            "`{}` names no chips",
            parts.name
        ));
    }
    if stated.tx.to.is_empty() && !parts.may_name(Column::Fact(Fact::To)) {
        return Err(miette!(
            help = "add a column `to`, or give --to for every row",
            "`{}` names no destinations",
            parts.name
        ));
    }
    let about = About {
        version: env!("CARGO_PKG_VERSION"),
        data: inputs.data.version(),
        on: stated.tx.on,
        known: stated.tx.known,
        scenario: (!inputs.scenario.is_baseline()).then_some(inputs.scenario.id.as_str()),
    };
    let uri = sarif::uri(parts.name.trim_matches(['<', '>']));
    let asker = Asker::new(&catalog, &law, stated, args.chip.clone());
    let mut sink = Sink::open(batch.out.as_deref())?;
    let mut spool = match format {
        Format::Sarif => Some(Sink::spool()?),
        _ => None,
    };
    match format {
        Format::Csv => sink.write(csv::HEADER.as_bytes())?,
        Format::Json => sink.write(json::head(&about).as_bytes())?,
        Format::Sarif => {}
    }
    let progress = Progress::new(parts.size);
    let mut chunk = Chunk::default();
    let mut all = Totals::default();
    loop {
        parts.fill(&mut chunk, CHUNK)?;
        if chunk.len() == 0 || sink.is_closed() {
            break;
        }
        let job = Job {
            asker: &asker,
            shape: &parts.shape,
            format,
            uri: &uri,
            all: batch.all,
            compared: baseline.is_some(),
        };
        let starts: Vec<usize> = (0..chunk.len()).step_by(PIECE).collect();
        let pieces: Vec<Piece> = starts.par_iter().map(|from| job.piece(&chunk, *from)).collect();
        for piece in pieces {
            let rows = spool.as_mut().unwrap_or(&mut sink);
            rows.write(all.joined(format, &piece.text))?;
            all.add(piece, baseline.as_mut(), &parts.name, &progress);
        }
        all.rows += chunk.len() as u64;
        progress.at(all.rows, parts.read_so_far());
    }
    progress.done();
    if let Some(baseline) = &baseline {
        all.changes.extend(baseline.gone());
    }
    match format {
        Format::Csv => {}
        Format::Json => {
            let changes = baseline.is_some().then_some(all.changes.as_slice());
            sink.write(json::tail(&all.errors, changes, &law).as_bytes())?;
        }
        Format::Sarif => {
            let head = sarif::head(&about, &all.rules, &law, &catalog.sources, &all.errors, &uri);
            sink.write(head.as_bytes())?;
            if let Some(spool) = spool {
                spool.pour(&mut sink)?;
            }
            sink.write(sarif::TAIL.as_bytes())?;
        }
    }
    sink.finish()?;
    Ok(all.tell(&parts.name, &law, args.strict))
}

/// The former answer to compare with, where one is named.
fn baseline<'b>(args: &CheckArgs, law: &'b LawBook) -> Result<Option<Baseline<'b>>> {
    let read = |path| Baseline::read(path, law);
    args.fail_on_change.as_deref().map(read).transpose()
}

/// Refuses to put the answers where the question stands.
fn refuse_overwriting(out: Option<&Path>, read: Option<&Path>, flag: &str) -> Result<()> {
    let (Some(out), Some(read)) = (out, read) else {
        return Ok(());
    };
    match (out.canonicalize(), read.canonicalize()) {
        (Ok(a), Ok(b)) if a == b => Err(miette!(
            help = "give another file with --out",
            "--out `{}` is the file that {flag} reads",
            out.display()
        )),
        _ => Ok(()),
    }
}

/// The format asked: `--format`, else JSON under `--json`, else CSV.
fn format(args: &CheckArgs, global: &Global) -> Result<Format> {
    match (args.batch.format, global.json) {
        (Some(format), true) if format != Format::Json => Err(miette!(
            help = "leave one of the two away",
            "--json contradicts --format"
        )),
        (Some(format), _) => Ok(format),
        (None, true) => Ok(Format::Json),
        (None, false) => Ok(Format::Csv),
    }
}
