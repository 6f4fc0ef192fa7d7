//! Which chips are on offer when: `data/market/goods.toml`.

use super::result::Quarter;
use crate::catalog::ChipId;
use crate::data::{DataFile, Problem, Problems, Reader, nearest};
use crate::figure::{Grade, Place, SourceId, Sources, When};
use crate::rules::Channel;

use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeSet;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    good: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    chip: Spanned<String>,
    vendor: String,
    channel: Channel,
    #[serde(default)]
    domestic: bool,
    /// Sold to consumers and workstations.
    #[serde(default)]
    consumer: bool,
    /// Part of its value per dollar that counts.
    work_factor: Option<f64>,
    from: When,
    until: Option<When>,
    known_from: Option<Date>,
    source: Spanned<String>,
    grade: Grade,
    #[allow(dead_code, reason = "for the reader of the file")]
    note: Option<String>,
}

/// A chip that buyers in China's market may consider in a quarter, if law and supply let them.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Chip.
    pub chip: ChipId,
    /// Vendor id.
    pub vendor: String,
    /// Channel.
    pub channel: Channel,
    /// Made by a Chinese vendor.
    pub domestic: bool,
}

/// One row of the file.
#[derive(Debug, Clone)]
pub(crate) struct Good {
    candidate: Candidate,
    consumer: bool,
    work_factor: f64,
    from: Date,
    until: Option<Date>,
    known_from: Date,
    #[allow(dead_code, reason = "kept for tracing")]
    source: SourceId,
    place: Place,
}

impl Good {
    fn in_quarter(&self, quarter: Quarter, known: Date) -> bool {
        self.known_from <= known
            && self.from <= quarter.last_day()
            && self.until.is_none_or(|until| until >= quarter.first_day())
    }
}

pub(crate) fn candidates(goods: &[Good], quarter: Quarter, known: Date) -> Vec<Candidate> {
    goods
        .iter()
        .filter(|g| g.in_quarter(quarter, known))
        .map(|g| g.candidate.clone())
        .collect()
}

/// Whether a chip is to be had directly in a quarter; `None` where no row names it.
pub(crate) fn on_sale(goods: &[Good], chip: &ChipId, quarter: Quarter, known: Date) -> Option<bool> {
    let direct = |g: &&Good| g.candidate.chip == *chip && g.candidate.channel == Channel::Direct;
    let named = goods.iter().any(|g| g.candidate.chip == *chip);
    named.then(|| goods.iter().filter(direct).any(|g| g.in_quarter(quarter, known)))
}

/// What there is to know of a chip as a card, beside its rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Card {
    /// For consumers and workstations.
    pub(crate) consumer: bool,
    /// Part of its value per dollar that counts: below one for cards without a link between them or a large memory.
    pub(crate) work_factor: f64,
}

/// A chip as a card.
pub(crate) fn card(goods: &[Good], chip: &ChipId) -> Card {
    let rows = || goods.iter().filter(|g| g.candidate.chip == *chip);
    Card {
        consumer: rows().any(|g| g.consumer),
        work_factor: rows().map(|g| g.work_factor).fold(1.0, f64::min),
    }
}

pub(crate) fn check_chips(goods: &[Good], ids: &BTreeSet<&str>) -> Problems {
    let mut problems = Problems::default();
    for good in goods {
        problems
            .0
            .extend(unknown_chip(&good.candidate.chip, &good.place, ids));
    }
    problems
}

pub(crate) fn unknown_chip(chip: &ChipId, place: &Place, ids: &BTreeSet<&str>) -> Option<Problem> {
    if ids.contains(chip.0.as_str()) {
        return None;
    }
    let near = nearest(&chip.0, ids.iter().copied()).join("`, `");
    let problem = Problem::at(place.clone(), format!("`{chip}` is no chip of the catalog"));
    Some(if near.is_empty() {
        problem
    } else {
        problem.help(format!("did you mean `{near}`?"))
    })
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Vec<Good> {
    let raw: File = match toml::from_str(file.text) {
        Ok(raw) => raw,
        Err(error) => {
            problems.push(Problem::from_toml(file.path, file.text, &error));
            return Vec::new();
        }
    };
    let mut reader = Reader::new(file, sources, None);
    let mut goods: Vec<Good> = Vec::new();
    for raw in raw.good {
        let chip = raw.chip.get_ref().clone();
        let source = reader.source(raw.source.get_ref(), raw.grade, raw.source.span());
        let good = Good {
            candidate: Candidate {
                chip: ChipId(chip.clone()),
                vendor: raw.vendor,
                channel: raw.channel,
                domestic: raw.domestic,
            },
            consumer: raw.consumer,
            work_factor: raw.work_factor.unwrap_or(1.0),
            from: raw.from.first(),
            until: raw.until.map(When::last),
            known_from: raw.known_from.unwrap_or(raw.from.first()),
            source,
            place: reader.place(&raw.chip.span()),
        };
        if !(good.work_factor > 0.0 && good.work_factor <= 1.0) {
            reader.problem(
                raw.chip.span(),
                format!(
                    "`{chip}`: work_factor {} where a part above 0, at most 1, was expected",
                    good.work_factor
                ),
                None,
            );
        }
        if good.until.is_some_and(|until| until < good.from) {
            reader.problem(raw.chip.span(), format!("`{chip}` leaves before it comes"), None);
        }
        let overlap = goods.iter().find(|g| {
            g.candidate.chip == good.candidate.chip
                && g.candidate.channel == good.candidate.channel
                && g.until.is_none_or(|until| until >= good.from)
                && good.until.is_none_or(|until| until >= g.from)
        });
        if let Some(other) = overlap {
            let message = format!("`{chip}` overlaps its row at {} in the same channel", other.place);
            reader.problem(
                raw.chip.span(),
                message,
                Some("end one the day before the other begins".into()),
            );
        }
        goods.push(good);
    }
    problems.0.append(&mut reader.problems.0);
    goods
}
