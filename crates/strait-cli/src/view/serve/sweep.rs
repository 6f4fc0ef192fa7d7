//! A simulated serving system of several chips, or at several rates, as a page.

use super::{
    ENDS, NO_ENDS, Operators, Page, STOPPED, Section, Shown, Table, asked_text, count, fleet_text, operators,
    replicas_text, title, two,
};
use serde::Serialize;
use strait::catalog::ChipId;
use strait::figure::{Quantity, Seconds};
use strait::perf::Model;
use strait::perf::simulation::{Figures, Percentiles, Point, ReportEnds};

/// One rate of several with the ends of its 90 % interval.
#[derive(Debug, Serialize)]
pub(crate) struct Rate {
    #[serde(flatten)]
    pub(crate) point: Point,
    pub(crate) ends: Option<ReportEnds>,
}

/// One chip of several with what it did at every rate.
pub(crate) struct Series<'a> {
    pub(crate) shown: Shown<'a>,
    /// Chips of all replicas.
    pub(crate) chips: u32,
    pub(crate) rates: Vec<Rate>,
    /// Of the mean step at the last rate, where they were asked for.
    pub(crate) operators: Vec<Operators>,
}

/// A chip's rate in JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'a> {
    chip: &'a ChipId,
    chips: u32,
    #[serde(flatten)]
    rate: &'a Rate,
}

impl Series<'_> {
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let (chip, chips) = (&self.shown.chip.id, self.chips);
        self.rates.iter().map(move |rate| Row { chip, chips, rate })
    }
}

fn milliseconds(time: Seconds) -> String {
    let ms = time.get() * 1e3;
    if ms < 100.0 {
        format!("{ms:.1}")
    } else {
        count(ms.round() as usize)
    }
}

/// Chips and rates.
pub(crate) fn page(model: &Model, series: &[Series<'_>], unable: &[(String, String)], stopped: bool) -> Page {
    let mut section = Section::new(if series.len() > 1 { "Chips" } else { "Rates" });
    match series {
        [] => {}
        [one] => section.text(fleet_text(&one.shown)),
        [first, ..] => {
            section.text(asked_text(&first.shown));
            let systems = series.iter().map(|s| {
                let mut text = format!("{}: {}", s.shown.chip.name, replicas_text(&s.shown));
                if !s.shown.measured {
                    text.push_str(&format!("; {}", s.shown.software.unmeasured()));
                }
                text
            });
            section.items("Systems:", systems.collect());
        }
    }
    if stopped {
        section.text(STOPPED);
    }
    let points = || series.iter().flat_map(|s| s.rates.iter().map(move |r| (s, r)));
    let known = points().any(|(_, p)| p.ends.is_some());
    section.text(if known { ENDS } else { NO_ENDS });
    let mut table = Table::new(
        "",
        &[
            "chip",
            "requests a second",
            "finished",
            "good",
            "good, %",
            "output tok/s",
            "a chip",
            "TTFT p50, ms",
            "p99, ms",
            "TPOT p50, ms",
            "p99, ms",
        ],
    );
    for (of, p) in points() {
        let r = &p.point.report;
        let middle = Figures::of(r);
        type Cell<'c> = &'c dyn Fn(&Figures) -> String;
        fn at(x: Option<Percentiles>, which: fn(&Percentiles) -> Seconds) -> String {
            x.map_or_else(|| "–".to_owned(), |x| milliseconds(which(&x)))
        }
        let chips = f64::from(of.chips);
        let cells: [Cell<'_>; 9] = [
            &|f| two(f.throughput),
            &|f| two(f.goodput),
            &|f| format!("{:.0}", 100.0 * f.good_share),
            &|f| count(f.output_tokens_per_second.round() as usize),
            &|f| count((f.output_tokens_per_second / chips).round() as usize),
            &|f| at(f.ttft, |x| x.p50),
            &|f| at(f.ttft, |x| x.p99),
            &|f| at(f.tpot, |x| x.p50),
            &|f| at(f.tpot, |x| x.p99),
        ];
        let rate = p.point.rate.or(r.arrival_rate);
        let rate = rate.map_or_else(|| "at once".to_owned(), two);
        let mut row = vec![of.shown.chip.id.0.clone(), rate];
        row.extend(cells.iter().map(|cell| cell(&middle)));
        table.row(row);
        if let Some(ends) = &p.ends {
            let mut row = vec![String::new(), "90 %".to_owned()];
            row.extend(
                cells
                    .iter()
                    .map(|cell| format!("{} to {}", cell(&ends.low), cell(&ends.high))),
            );
            table.row(row);
        }
    }
    section.table(table);
    for of in series {
        let best = of
            .rates
            .iter()
            .max_by(|a, b| a.point.report.goodput.total_cmp(&b.point.report.goodput));
        let (Some(best), true) = (best, of.rates.len() > 1) else {
            continue;
        };
        section.text(format!(
            "Most good requests a second on {}: {}, at a rate of {}.",
            of.shown.chip.name,
            two(best.point.report.goodput),
            best.point.rate.map_or_else(String::new, two)
        ));
    }
    let unable = unable.iter().map(|(chip, why)| format!("{chip}: {why}"));
    section.items("Not answered:", unable.collect());
    let title = match series {
        [one] => title(&one.shown),
        _ => format!("{} served by several chips", model.name),
    };
    let mut sections = vec![section];
    for s in series {
        sections.extend(s.operators.iter().map(operators));
    }
    Page {
        title,
        sections,
        ..Page::default()
    }
}
