//! One line a request, or a rate of a sweep, as columns of a CSV or Parquet file.

use crate::output::columns::{Columns, write};
use miette::Result;
use std::path::Path;
use strait::figure::{Quantity, Seconds};
use strait::perf::simulation::{Percentiles, Point, Served, State};

fn number(time: Option<Seconds>) -> Option<f64> {
    time.map(Quantity::get)
}

/// Requests.
pub(super) fn requests(path: &Path, served: &[Served]) -> Result<()> {
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
    c.real("ttft_s", served.iter().map(|r| number(r.ttft)));
    c.real("tpot_s", served.iter().map(|r| number(r.tpot)));
    c.real("latency_s", served.iter().map(|r| number(r.latency)));
    write(path, &c)
}

/// Rates.
pub(super) fn points(path: &Path, points: &[Point]) -> Result<()> {
    let mut c = Columns::default();
    let mut real = |name: &str, of: &dyn Fn(&Point) -> Option<f64>| c.real(name, points.iter().map(of));
    real("rate", &|p| Some(p.rate));
    real("throughput", &|p| Some(p.report.throughput));
    real("goodput", &|p| Some(p.report.goodput));
    real("good_share", &|p| Some(p.report.good_share));
    real("output_tokens_per_s", &|p| {
        Some(p.report.output_tokens_per_second)
    });
    type Times = fn(&Point) -> Option<Percentiles>;
    let times: [(&str, Times); 3] = [
        ("ttft", |p| p.report.ttft),
        ("tpot", |p| p.report.tpot),
        ("latency", |p| p.report.latency),
    ];
    for (name, of) in times {
        real(&format!("{name}_p50_s"), &|p| of(p).map(|t| t.p50.get()));
        real(&format!("{name}_p90_s"), &|p| of(p).map(|t| t.p90.get()));
        real(&format!("{name}_p99_s"), &|p| of(p).map(|t| t.p99.get()));
    }
    c.whole(
        "preemptions",
        points
            .iter()
            .map(|p| i64::try_from(p.report.preemptions).unwrap_or(i64::MAX)),
    );
    c.whole(
        "rejected",
        points
            .iter()
            .map(|p| i64::try_from(p.report.rejected).unwrap_or(i64::MAX)),
    );
    write(path, &c)
}
