//! One line a request, or a rate of a sweep, as columns of a CSV or Parquet file.

use crate::output::columns::{Columns, write};
use crate::view::serve::{Rate, Series};
use miette::Result;
use std::path::Path;
use strait::figure::{Quantity, Seconds};
use strait::perf::simulation::{Figures, Percentiles, Served, State};

fn number(time: Option<Seconds>) -> Option<f64> {
    time.map(Quantity::get)
}

/// Requests, with their times in the simulations at both ends where these were had; a time to a first token is off by
/// `first` at least.
pub(super) fn requests(path: &Path, served: &[Served], ends: &[&[Served]], first: f64) -> Result<()> {
    let mut c = Columns::default();
    c.whole("request", (0..served.len()).map(|i| i as i64));
    c.real("arrival_s", served.iter().map(|r| Some(r.arrival.get())));
    c.whole("input", served.iter().map(|r| i64::from(r.input)));
    c.whole("output", served.iter().map(|r| i64::from(r.output)));
    c.text(
        "state",
        served.iter().map(|r| {
            match r.state {
                State::Finished => "finished",
                State::Rejected => "rejected",
                State::Unfinished => "unfinished",
            }
            .to_owned()
        }),
    );
    c.whole("replica", served.iter().map(|r| i64::from(r.replica)));
    c.whole("cached", served.iter().map(|r| i64::from(r.cached)));
    c.whole("preemptions", served.iter().map(|r| i64::from(r.preemptions)));
    c.real("queue_s", served.iter().map(|r| number(r.queue)));
    type Time = fn(&Served) -> Option<Seconds>;
    let times: [(&str, Time, f64); 3] = [
        ("ttft_s", |r| r.ttft, first),
        ("tpot_s", |r| r.tpot, 1.0),
        ("latency_s", |r| r.latency, 1.0),
    ];
    for (name, of, factor) in times {
        c.real(name, served.iter().map(|r| number(of(r))));
        let hull = |pick: fn(f64, f64) -> f64, factor: f64| {
            let at = move |i: usize| {
                let own = number(of(&served[i]))?;
                let mut there = ends.iter().map(|e| number(of(&e[i])));
                // Not served at an end: nothing bounds it.
                there.try_fold(pick(own, own * factor), |a, b| Some(pick(a, b?)))
            };
            let known = !ends.is_empty();
            (0..served.len()).map(move |i| at(i).filter(|_| known))
        };
        c.real(&format!("{name}_low"), hull(f64::min, 1.0 / factor));
        c.real(&format!("{name}_high"), hull(f64::max, factor));
    }
    write(path, &c)
}

/// Chips and rates.
pub(super) fn points(path: &Path, series: &[Series<'_>]) -> Result<()> {
    let mut c = Columns::default();
    let of = |s: &Series<'_>| {
        s.rates
            .iter()
            .map(|_| s.shown.chip.id.0.clone())
            .collect::<Vec<_>>()
    };
    c.text("chip", series.iter().flat_map(of));
    let of = |s: &Series<'_>| s.rates.iter().map(|_| i64::from(s.chips)).collect::<Vec<_>>();
    c.whole("chips", series.iter().flat_map(of));
    let points: Vec<&Rate> = series.iter().flat_map(|s| &s.rates).collect();
    c.real(
        "rate",
        points
            .iter()
            .map(|p| p.point.rate.or(p.point.report.arrival_rate)),
    );
    let figures = |p: &Rate| {
        let ends = p.ends.as_ref();
        [
            Some(Figures::of(&p.point.report)),
            ends.map(|e| e.low),
            ends.map(|e| e.high),
        ]
    };
    let mut real = |name: &str, of: &dyn Fn(&Figures) -> Option<f64>| {
        for (at, end) in ["", "_low", "_high"].into_iter().enumerate() {
            let value = |p: &&Rate| figures(p)[at].as_ref().and_then(of);
            c.real(&format!("{name}{end}"), points.iter().map(value));
        }
    };
    real("throughput", &|f| Some(f.throughput));
    real("goodput", &|f| Some(f.goodput));
    real("good_share", &|f| Some(f.good_share));
    real("output_tokens_per_s", &|f| Some(f.output_tokens_per_second));
    type Times = fn(&Figures) -> Option<Percentiles>;
    let times: [(&str, Times); 3] = [
        ("ttft", |f| f.ttft),
        ("tpot", |f| f.tpot),
        ("latency", |f| f.latency),
    ];
    for (name, of) in times {
        real(&format!("{name}_p50_s"), &|f| of(f).map(|t| t.p50.get()));
        real(&format!("{name}_p90_s"), &|f| of(f).map(|t| t.p90.get()));
        real(&format!("{name}_p99_s"), &|f| of(f).map(|t| t.p99.get()));
    }
    c.whole(
        "preemptions",
        points
            .iter()
            .map(|p| i64::try_from(p.point.report.preemptions).unwrap_or(i64::MAX)),
    );
    c.whole(
        "rejected",
        points
            .iter()
            .map(|p| i64::try_from(p.point.report.rejected).unwrap_or(i64::MAX)),
    );
    write(path, &c)
}
