//! Who buys: `data/market/segments.toml`.

use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{Figure, FigureRef, Quantity, Ratio, Sources};
use crate::perf::WorkloadClass;
use crate::rules::{Segment, Site};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    segment: Vec<RawSegment>,
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

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Vec<BuyerSegment> {
    let raw: File = match toml::from_str(file.text) {
        Ok(raw) => raw,
        Err(error) => {
            problems.push(Problem::from_toml(file.path, file.text, &error));
            return Vec::new();
        }
    };
    let mut reader = Reader::new(file, sources, None);
    let mut out: Vec<BuyerSegment> = Vec::new();
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
        if out.iter().any(|s| s.segment == raw.segment && s.site == site) {
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
            out.push(BuyerSegment {
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
        let here: Vec<_> = out.iter().filter(|s| s.site == site).collect();
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
