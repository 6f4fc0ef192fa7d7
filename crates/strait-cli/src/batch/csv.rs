//! Answers as CSV: one row each, lists within a cell set apart by ` | `.

use super::ask::Row;
use jiff::civil::Date;
use serde::Serialize;
use strait::rules::{
    ChinaState, Classification, Jurisdiction, License, Review, Summary, SupplyEffect, Ternary,
};

/// The header; a test holds it against the fields of [`Record`].
pub(super) const HEADER: &str = "id,line,chip,to,on,known,classification,paragraph,jurisdiction,license,review,\
                                 exceptions,levies,cn_state,supply_effect,why,needs,stale_days,hypothetical,\
                                 codified_text\n";

#[derive(Serialize)]
struct Record<'a> {
    id: &'a str,
    line: u64,
    chip: &'a str,
    to: &'a str,
    on: Date,
    known: Date,
    classification: Classification,
    paragraph: Option<&'a str>,
    jurisdiction: Jurisdiction,
    license: License,
    review: Option<Review>,
    exceptions: &'a str,
    levies: &'a str,
    cn_state: ChinaState,
    supply_effect: SupplyEffect,
    why: &'a str,
    needs: &'a str,
    stale_days: i64,
    hypothetical: bool,
    codified_text: Option<&'a str>,
}

/// Writes records; its buffers serve every row of a piece.
pub(super) struct CsvRows {
    writer: ::csv::Writer<Vec<u8>>,
    lists: [String; 4],
}

impl CsvRows {
    pub(super) fn new() -> Self {
        let writer = ::csv::WriterBuilder::new()
            .has_headers(false)
            .from_writer(Vec::new());
        Self {
            writer,
            lists: Default::default(),
        }
    }

    pub(super) fn row(&mut self, row: &Row<'_>, found: &Summary<'_>) {
        let [exceptions, levies, why, needs] = &mut self.lists;
        join(exceptions, found.exceptions.iter().copied());
        join(why, found.why.iter().copied());
        join(needs, found.needs.iter().copied());
        levies.clear();
        for levy in &found.levies {
            if !levies.is_empty() {
                levies.push_str(" | ");
            }
            levies.push_str(levy.id);
            if levy.applies == Ternary::Unknown {
                levies.push_str(" (unknown)");
            }
        }
        let record = Record {
            id: &row.id,
            line: row.line,
            chip: found.chip,
            to: found.to,
            on: found.on,
            known: found.known,
            classification: found.classification,
            paragraph: found.paragraph,
            jurisdiction: found.jurisdiction,
            license: found.license,
            review: found.review,
            exceptions,
            levies,
            cn_state: found.cn_state,
            supply_effect: found.supply_effect,
            why,
            needs,
            stale_days: found.stale_days,
            hypothetical: found.hypothetical,
            codified_text: found.codified_text.as_ref().map(|text| text.differs.as_str()),
        };
        self.writer.serialize(record).expect("plain values into memory");
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.writer.into_inner().expect("flushes into memory")
    }
}

fn join<'a>(out: &mut String, items: impl Iterator<Item = &'a str>) {
    out.clear();
    for item in items {
        if !out.is_empty() {
            out.push_str(" | ");
        }
        out.push_str(item);
    }
}
