//! Made-up series and what naive forecasters make of them.

use jiff::civil::{Date, date};
use strait::figure::Grade;
use strait::market::backtest::{Backtest, Kind, LastValue, Measure, Origin, Point, Series, Trend, backtest};
use strait::market::dynamics::Period;

pub(crate) fn point(name: &str, value: f64, known_from: Date) -> Point {
    Point {
        id: name.to_owned(),
        period: Period::read(name).expect("a period"),
        low: value,
        high: value,
        bound: false,
        known_from,
        grade: Grade::Official,
    }
}

/// 1, 2, 4 and 8 bn USD in the quarters of 2024, each known a month later, then 10 and next to nothing.
pub(crate) fn made_up() -> Vec<Series> {
    let points = vec![
        point("2024-Q1", 1e9, date(2024, 4, 30)),
        point("2024-Q2", 2e9, date(2024, 7, 30)),
        point("2024-Q3", 4e9, date(2024, 10, 30)),
        point("2024-Q4", 8e9, date(2025, 1, 30)),
        point("2025-Q1", 10e9, date(2025, 4, 30)),
        point("2025-Q2", 0.05e9, date(2025, 7, 30)),
    ];
    vec![Series {
        key: "s".into(),
        words: "sales".into(),
        measure: Measure::Usd,
        reference: false,
        points,
    }]
}

pub(crate) fn origin(day: Date) -> Origin {
    Origin {
        day,
        weak: false,
        why: String::new(),
    }
}

pub(crate) fn naive(series: &[Series], day: Date) -> Backtest {
    backtest(
        series,
        &[origin(day)],
        &[(&LastValue, Kind::Naive), (&Trend, Kind::Naive)],
        &[],
        &mut |_| (),
    )
}
