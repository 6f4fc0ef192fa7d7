//! Who buys: `data/market/segments.toml`, and what a quarter's budget is as known on a day.

use super::result::{Quarter, days};
use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{Estimate, Figure, FigureRef, Quantity, Ratio, Sources, Usd, When};
use crate::perf::WorkloadClass;
use crate::rules::{Segment, Site};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    total: Vec<RawTotal>,
    segment: Vec<RawSegment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTotal {
    id: Spanned<String>,
    site: Site,
    from: When,
    to: When,
    usd: RawFigure,
    known_from: Date,
    #[allow(dead_code, reason = "for the reader of the file")]
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSegment {
    segment: Segment,
    site: Spanned<Site>,
    name: String,
    share: RawFigure,
    grey: RawFigure,
    home: RawFigure,
    work: BTreeMap<WorkloadClass, f64>,
    work_source: Spanned<String>,
    installed: Vec<RawInstalled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInstalled {
    from: Spanned<Date>,
    shares: BTreeMap<String, f64>,
    source: Spanned<String>,
}

/// A buyer segment at a site.
#[derive(Debug, Clone)]
pub struct BuyerSegment {
    /// Kind of buyer.
    pub segment: Segment,
    /// Where it deploys.
    pub site: Site,
    /// Name as people read it.
    pub name: String,
    /// Its part of the spending at its site, 0 to 1.
    pub share: Figure<Ratio>,
    /// Share of its spending by class of work; sums to one.
    pub work: BTreeMap<WorkloadClass, f64>,
    /// Multiplies demand through the grey channel.
    pub(crate) grey: Figure<Ratio>,
    /// Utility of a Chinese vendor's chip over another's, beyond value per dollar.
    pub(crate) home: Figure<Ratio>,
    installed: Vec<(Date, BTreeMap<String, f64>)>,
}

impl BuyerSegment {
    /// Where its split, workload mix and installed ecosystems are written.
    pub(crate) fn reference(&self) -> FigureRef {
        FigureRef {
            of: "market".into(),
            path: format!("segments.{}", self.name),
            source: self.share.source.clone(),
            grade: self.share.grade,
            place: self.share.place.clone(),
        }
    }

    /// Share of its software that already runs in an ecosystem on a day; zero where none is written.
    pub fn installed(&self, software: &str, on: Date) -> f64 {
        self.installed
            .iter()
            .rev()
            .find(|(from, _)| *from <= on)
            .or(self.installed.first())
            .and_then(|(_, shares)| shares.get(software))
            .copied()
            .unwrap_or(0.0)
    }
}

/// Spending on accelerators at a site over a period, somebody's figure.
#[derive(Debug, Clone)]
struct Total {
    id: String,
    site: Site,
    from: Date,
    to: Date,
    usd: Figure<Usd>,
    known_from: Date,
}

/// Segments and totals.
#[derive(Debug, Clone, Default)]
pub(crate) struct Segments {
    pub(crate) rows: Vec<BuyerSegment>,
    totals: Vec<Total>,
}

impl Segments {
    /// Spending at a site in a quarter as known on a day, with the rows it rests on.
    ///
    /// Each period's total becomes a rate for its middle day; rows of the same period known by then
    /// form an interval around the one known last; between middles the logarithm is linear, beyond the
    /// ends the rate stays. `None` where nothing was known.
    pub(crate) fn total(
        &self,
        site: Site,
        quarter: Quarter,
        known: Date,
    ) -> Option<(Estimate<Usd>, Vec<FigureRef>)> {
        let mut anchors: Vec<(f64, Estimate<Usd>, Date, FigureRef)> = Vec::new();
        for total in self
            .totals
            .iter()
            .filter(|t| t.site == site && t.known_from <= known)
        {
            let days = days(total.from, total.to);
            let middle = day_number(total.from) + days / 2.0;
            let rate = total.usd.estimate().map(|u| u * (QUARTER_DAYS / days));
            let reference = FigureRef {
                of: "market".into(),
                path: format!("segments.total.{}", total.id),
                source: total.usd.source.clone(),
                grade: total.usd.grade,
                place: total.usd.place.clone(),
            };
            match anchors.iter_mut().find(|(m, ..)| *m == middle) {
                Some((_, other, since, which)) => {
                    let newer = total.known_from >= *since;
                    let value = if newer { rate.value } else { other.value };
                    let low = if rate.low < other.low { rate.low } else { other.low };
                    let high = if rate.high > other.high {
                        rate.high
                    } else {
                        other.high
                    };
                    *other = Estimate::new(value, low, high);
                    if newer {
                        *since = total.known_from;
                        *which = reference;
                    }
                }
                None => anchors.push((middle, rate, total.known_from, reference)),
            }
        }
        anchors.sort_by(|a, b| a.0.total_cmp(&b.0));
        let middle = day_number(quarter.first_day()) + QUARTER_DAYS / 2.0;
        let after = anchors.partition_point(|(m, ..)| *m < middle);
        let (before, after) = match (after.checked_sub(1).map(|b| &anchors[b]), anchors.get(after)) {
            (Some(b), Some(a)) => (b, a),
            (Some(only), None) | (None, Some(only)) => (only, only),
            (None, None) => return None,
        };
        let t = if after.0 > before.0 {
            (middle - before.0) / (after.0 - before.0)
        } else {
            0.0
        };
        let blend = |a: Usd, b: Usd| Usd::of((a.get().ln() * (1.0 - t) + b.get().ln() * t).exp());
        let mut rests = vec![before.3.clone()];
        if after.0 > before.0 {
            rests.push(after.3.clone());
        }
        let (b, a) = (before.1, after.1);
        Some((
            Estimate::new(
                blend(b.value, a.value),
                blend(b.low, a.low),
                blend(b.high, a.high),
            ),
            rests,
        ))
    }
}

/// Mean length of a quarter in days.
const QUARTER_DAYS: f64 = 365.25 / 4.0;

fn day_number(day: Date) -> f64 {
    days(jiff::civil::date(2000, 1, 1), day)
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Segments {
    let raw: File = match toml::from_str(file.text) {
        Ok(raw) => raw,
        Err(error) => {
            problems.push(Problem::from_toml(file.path, file.text, &error));
            return Segments::default();
        }
    };
    let mut reader = Reader::new(file, sources, None);
    let mut out = Segments::default();
    for total in raw.total {
        let id = total.id.get_ref().clone();
        if total.from.first() > total.to.last() {
            reader.problem(
                total.id.span(),
                format!("period of `{id}` ends before it begins"),
                None,
            );
        }
        if *total.usd.value.get_ref() <= 0.0 {
            reader.problem(
                total.usd.value.span(),
                "a total of zero",
                Some("leave the row out".into()),
            );
        }
        if out.totals.iter().any(|t| t.id == id) {
            reader.problem(total.id.span(), format!("total `{id}` stands twice"), None);
        }
        if let Some(usd) = reader.figure(&total.usd) {
            out.totals.push(Total {
                id,
                site: total.site,
                from: total.from.first(),
                to: total.to.last(),
                usd,
                known_from: total.known_from,
            });
        }
    }
    for raw in raw.segment {
        let at = raw.site.span();
        let site = *raw.site.get_ref();
        let sum: f64 = raw.work.values().sum();
        if (sum - 1.0).abs() > 1e-9 || raw.work.values().any(|w| *w < 0.0) {
            reader.problem(
                at.clone(),
                format!("workload mix sums to `{sum}`"),
                Some("shares of spending by class of work, zero or more, sum to 1".into()),
            );
        }
        if out
            .rows
            .iter()
            .any(|s| s.segment == raw.segment && s.site == site)
        {
            reader.problem(at.clone(), "the same segment and site twice", None);
        }
        reader.source(
            raw.work_source.get_ref(),
            crate::figure::Grade::Assumed,
            raw.work_source.span(),
        );
        let mut installed: Vec<(Date, BTreeMap<String, f64>)> = Vec::new();
        for row in raw.installed {
            reader.source(
                row.source.get_ref(),
                crate::figure::Grade::Assumed,
                row.source.span(),
            );
            let from = *row.from.get_ref();
            if installed.last().is_some_and(|(before, _)| *before >= from) {
                reader.problem(
                    row.from.span(),
                    "installed shares out of order",
                    Some("oldest first".into()),
                );
            }
            if row.shares.values().any(|s| !(0.0..=1.0).contains(s))
                || row.shares.values().sum::<f64>() > 1.0 + 1e-9
            {
                reader.problem(row.from.span(), "installed shares are not parts of one", None);
            }
            installed.push((from, row.shares));
        }
        let [share, grey, home] = [&raw.share, &raw.grey, &raw.home].map(|f| reader.figure::<Ratio>(f));
        if let (Some(share), Some(grey), Some(home)) = (share, grey, home) {
            out.rows.push(BuyerSegment {
                segment: raw.segment,
                site,
                name: raw.name,
                share,
                work: raw.work,
                grey,
                home,
                installed,
            });
        }
    }
    for site in [Site::Mainland, Site::Offshore] {
        let here: Vec<_> = out.rows.iter().filter(|s| s.site == site).collect();
        let sum: f64 = here.iter().map(|s| s.share.value.get()).sum();
        if !here.is_empty() && (sum - 1.0).abs() > 1e-9 {
            problems.push(Problem::at(
                here[0].share.place.clone(),
                format!("segment shares at one site sum to `{sum}` where 1 was expected"),
            ));
        }
    }
    problems.0.append(&mut reader.problems.0);
    out
}
