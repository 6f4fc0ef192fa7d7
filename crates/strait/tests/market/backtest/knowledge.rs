//! What is shown when, and naive forecasts by hand.

use super::made::*;
use jiff::civil::date;
use strait::market::backtest::{Backtest, KnownBy, Series};
use strait::market::score::Primary;

#[test]
fn a_row_is_shown_from_its_day() {
    let all = made_up();
    assert_eq!(KnownBy::of(&all, date(2025, 1, 29)).points("s").len(), 3);
    assert_eq!(KnownBy::of(&all, date(2025, 1, 30)).points("s").len(), 4);
}

#[test]
fn later_rows_change_no_forecast() {
    let plain = made_up();
    let mut other = made_up();
    let day = date(2025, 2, 1);
    for p in other[0].points.iter_mut().filter(|p| p.known_from > day) {
        (p.low, p.high) = (p.low * 1e3, p.high * 1e3);
    }
    let medians =
        |b: Backtest| -> Vec<f64> { b.trials.iter().flat_map(|t| &t.said).map(|s| s.median).collect() };
    let (a, b) = (medians(naive(&plain, day)), medians(naive(&other, day)));
    assert!(!a.is_empty());
    assert_eq!(a, b);
}

#[test]
fn naive_forecasts_by_hand() {
    let found = naive(&made_up(), date(2025, 2, 1));
    let [first, second] = &found.trials[..] else {
        panic!("{found:?}")
    };
    assert_eq!(
        (first.period.as_str(), first.ahead, second.ahead),
        ("2025-Q1", 1, 2)
    );
    let said = |t: &strait::market::backtest::Trial, by: &str| {
        t.said
            .iter()
            .find(|s| s.by == by)
            .map(|s| (s.median / 1e9, s.error))
            .expect("said")
    };
    // The last quarter had 92 days, the next 90.
    let (last, error) = said(first, "last value");
    assert!((last - 8.0 * 90.0 / 92.0).abs() < 1e-9);
    assert!(matches!(error, Primary::Log(e) if (e - (last / 10.0).ln().abs()).abs() < 1e-12));
    // Sales double a quarter: about 16 next, up to the quarters' lengths.
    let (trend, _) = said(first, "trend");
    assert!((trend - 16.0).abs() < 0.6, "{trend}");
    // Next to nothing came: the error is in dollars.
    let (last, error) = said(second, "last value");
    assert!(matches!(error, Primary::Plain(e) if (e / 1e9 - (last - 0.05)).abs() < 1e-9));
}

#[test]
fn a_quarter_ended_but_not_reported_is_one_ahead_and_one_long_ended_none() {
    let ahead = |day| {
        naive(&made_up(), day)
            .trials
            .iter()
            .map(|t| (t.period.clone(), t.ahead))
            .collect::<Vec<_>>()
    };
    let all = [
        ("2024-Q4".to_owned(), 1),
        ("2025-Q1".to_owned(), 2),
        ("2025-Q2".to_owned(), 3),
    ];
    assert_eq!(ahead(date(2025, 1, 29)), all);
    assert_eq!(ahead(date(2025, 1, 30)).len(), 2);
    let mut late = made_up();
    late[0].points[3].known_from = date(2026, 1, 1);
    // Thirty days after its end it still counts as ahead, thirty-one after no more.
    let first = |day| naive(&late, day).trials.first().map(|t| t.period.clone());
    assert_eq!(first(date(2025, 1, 29)).as_deref(), Some("2024-Q4"));
    assert_eq!(first(date(2025, 1, 31)).as_deref(), Some("2025-Q1"));
    // Four quarters ahead and no further.
    let far = Series {
        points: vec![
            point("2024-Q1", 1e9, date(2024, 4, 30)),
            point("2025-Q4", 1e9, date(2026, 1, 30)),
        ],
        ..made_up().remove(0)
    };
    assert!(
        naive(std::slice::from_ref(&far), date(2024, 12, 1))
            .trials
            .is_empty()
    );
    assert_eq!(naive(&[far], date(2025, 2, 1)).trials[0].ahead, 4);
}
