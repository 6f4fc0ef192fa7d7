//! The backtest shows nobody what was not public, counts horizons and scores as said, and runs on the shipped data.

use jiff::civil::{Date, date};
use std::sync::Mutex;
use strait::brief::{Effort, Library};
use strait::data::DataSet;
use strait::figure::Grade;
use strait::market::backtest::{
    Backtest, Forecast, Forecaster, Guidance, GuidanceRow, Kind, KnownBy, LastValue, Measure, Origin, Point,
    PolicyPath, Published, Question, Series, Trend, all_series, backtest, between, lost_to, page,
};
use strait::market::dynamics::Period;
use strait::market::score::Primary;
use strait::scenario::Scenario;

fn point(name: &str, value: f64, known_from: Date) -> Point {
    Point {
        id: name.to_owned(),
        period: Period::read(name).expect("a period"),
        low: value,
        high: value,
        known_from,
        grade: Grade::Official,
        bound: false,
    }
}

/// 1, 2, 4 and 8 bn USD in the quarters of 2024, each known a month later, then 10 and next to nothing.
fn made_up() -> Vec<Series> {
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

fn origin(day: Date) -> Origin {
    Origin {
        day,
        weak: false,
        why: String::new(),
    }
}

fn naive(series: &[Series], day: Date) -> Backtest {
    backtest(
        series,
        &[origin(day)],
        &[(&LastValue, Kind::Naive), (&Trend, Kind::Naive)],
        &[],
        &mut |_| (),
    )
}

#[test]
fn a_row_is_shown_from_its_day_and_a_leaked_one_is_refused() {
    let all = made_up();
    assert_eq!(KnownBy::of(&all, date(2025, 1, 29)).points("s").len(), 3);
    assert_eq!(KnownBy::of(&all, date(2025, 1, 30)).points("s").len(), 4);
    let rows = || all[0].points.iter().take(4).map(|p| ("s", p));
    assert!(KnownBy::admit(rows(), date(2025, 1, 30)).is_ok());
    assert_eq!(
        KnownBy::admit(rows(), date(2025, 1, 29)).unwrap_err().to_string(),
        "`2024-Q4` was public from 2025-01-30 and cannot be shown on 2025-01-29"
    );
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

#[test]
fn a_year_begun_is_scored_on_what_was_unseen() {
    let mut all = made_up();
    all[0].points.push(point("CY2024", 15e9, date(2025, 2, 28)));
    all[0].points.retain(|p| p.id != "2024-Q4");
    let found = naive(&all, date(2024, 11, 1));
    let year = found
        .trials
        .iter()
        .find(|t| t.period == "CY2024")
        .expect("the year is asked");
    assert_eq!((year.seen, year.outcome), (7e9, 8e9));
    // Last value: 4 bn in 92 days over 366, less the 7 seen.
    let last = year.said.iter().find(|s| s.by == "last value").unwrap();
    assert!(
        (last.median / 1e9 - (4.0 * 366.0 / 92.0 - 7.0)).abs() < 1e-9,
        "{}",
        last.median
    );
}

/// Says a density around ten, and remembers the last day it was shown.
struct Oracle(Mutex<Vec<(PolicyPath, Option<Date>)>>);

impl Forecaster for Oracle {
    fn name(&self) -> &'static str {
        "oracle"
    }
    fn reads_policy(&self) -> bool {
        true
    }
    fn forecast(
        &self,
        known: &KnownBy<'_>,
        questions: &[Question<'_>],
        policy: PolicyPath,
    ) -> Vec<Option<Forecast>> {
        let latest = known.points("s").iter().map(|p| p.known_from).max();
        self.0.lock().unwrap().push((policy, latest));
        questions
            .iter()
            .map(|_| {
                Some(Forecast::Draws(
                    (0..=100).map(|k| 9e9 + f64::from(k) * 2e7).collect(),
                ))
            })
            .collect()
    }
}

#[test]
fn models_are_asked_on_both_policy_paths_and_tallied_beside_the_last_value() {
    let oracle = Oracle(Mutex::new(Vec::new()));
    let day = date(2025, 2, 1);
    let found = backtest(
        &made_up(),
        &[origin(day)],
        &[(&LastValue, Kind::Naive), (&oracle, Kind::Model)],
        &[],
        &mut |_| (),
    );
    let asked = oracle.0.into_inner().unwrap();
    assert_eq!(
        asked.iter().map(|a| a.0).collect::<Vec<_>>(),
        [PolicyPath::Unknown, PolicyPath::Known]
    );
    assert!(asked.iter().all(|a| a.1.is_some_and(|d| d <= day)));
    let tally = found
        .tallies
        .iter()
        .find(|t| t.by == "oracle, policy unknown")
        .unwrap();
    assert_eq!(tally.n, 2);
    // The first target is hit, the second missed by both bands.
    assert_eq!(tally.coverage, Some((0.5, 0.5)));
    let (own, last, n) = tally.log_error_beside.unwrap();
    assert!(
        own < 1e-9 && (last - (80.0_f64 / 92.0 * 0.9).ln().abs()).abs() < 1e-9 && n == 1,
        "{own} {last}"
    );
    // On the second the last value says less and comes nearer.
    let lost = lost_to(&found);
    assert!(
        lost[0].starts_with("last value against oracle, policy unknown: nearer on 1 of 2"),
        "{lost:?}"
    );
    assert!(page(&found, "about").contains("oracle, policy known"));
}

#[test]
fn guidance_speaks_of_its_own_period_from_its_own_day() {
    let row = |low: f64, high: f64, made_on| GuidanceRow {
        series: "s".into(),
        period: "2025-Q1".into(),
        low,
        high,
        made_on,
    };
    let guidance = Guidance(vec![
        row(9e9, 9e9, date(2025, 1, 30)),
        row(8e9, 14e9, date(2025, 2, 10)),
    ]);
    let said = |day| {
        let found = backtest(
            &made_up(),
            &[origin(day)],
            &[(&guidance, Kind::Naive)],
            &[],
            &mut |_| (),
        );
        found.trials[0].said.first().map(|s| (s.median, s.in_range))
    };
    assert_eq!(said(date(2025, 1, 29)), None);
    assert_eq!(said(date(2025, 2, 9)), Some((9e9, None)));
    assert_eq!(said(date(2025, 2, 10)), Some((11e9, Some(true))));
}

#[test]
fn published_forecasts_are_scored_on_the_days_reported() {
    let all = made_up();
    let year = &all[0];
    // Half of 2025 is reported, the second quarter of 91 days within 181.
    let (sum, part) = between(year, date(2025, 1, 1), date(2025, 12, 31)).unwrap();
    assert!((sum / 1e9 - 10.05).abs() < 1e-9 && (part - 181.0 / 365.0).abs() < 1e-12);
    let forecast = |period: &str, low: f64, high: f64| Published {
        id: "f".into(),
        organisation: "Bank".into(),
        series: "s".into(),
        period: Period::read(period).unwrap(),
        low,
        high,
        made_on: date(2025, 2, 1),
        condition: "if cleared".into(),
    };
    let run = |p: Published| backtest(&all, &[], &[(&LastValue, Kind::Naive)], &[p], &mut |_| ());
    let found = run(forecast("CY2025", 36.5e9, 36.5e9));
    let said = found.published[0]
        .said
        .iter()
        .find(|s| s.kind == Kind::Published)
        .unwrap();
    assert!((said.median / 1e9 - 18.1).abs() < 1e-9, "{}", said.median);
    assert_eq!(
        (said.by.as_str(), said.condition.as_str()),
        ("Bank (f)", "if cleared")
    );
    assert_eq!(found.published[0].said.len(), 2);
    // Of 2026 nothing is reported: it waits.
    assert_eq!(run(forecast("CY2026", 1e9, 1e9)).waiting, ["f"]);
}

#[test]
fn the_shipped_data_without_the_model() {
    let data = DataSet::embedded();
    let library = Library::load(&data, &Scenario::default()).expect("the library loads");
    let effort = Effort {
        steps: 0,
        draws: 0,
        seed: 1,
    };
    let (found, notes) = library
        .backtest(&data, date(2026, 11, 1), effort, &mut |_| ())
        .unwrap();
    assert!(notes.is_empty());
    let days: Vec<String> = found
        .targets
        .iter()
        .map(|t| t.0.to_string()[..7].to_owned())
        .collect();
    assert_eq!(
        days,
        ["2022-10", "2023-10", "2025-04", "2025-08", "2025-12", "2026-02"]
    );
    assert!(
        found.trials.iter().filter(|t| !t.reference).count() >= 18,
        "{:?}",
        found.targets
    );
    // The first two origins rest on recalled figures and say so.
    assert!(
        found
            .trials
            .iter()
            .filter(|t| t.origin < date(2024, 1, 1))
            .all(|t| t.weak)
    );
    // Recast quarters on the headquarters basis were not public in August 2025: nothing naive can be said of them.
    let hq = |t: &&strait::market::backtest::Trial| {
        t.series == "nvidia_headquarters" && t.origin == date(2025, 8, 28)
    };
    assert!(found.trials.iter().filter(hq).count() > 0);
    assert!(found.trials.iter().filter(hq).all(|t| t.said.is_empty()));
    // Bernstein, July 2025: 54 percent of dollars for NVIDIA in 2025; 40 came.
    let bernstein = found
        .published
        .iter()
        .find(|t| t.series == "share_dollars:nvidia")
        .expect("scored");
    let said = bernstein.said.iter().find(|s| s.kind == Kind::Published).unwrap();
    assert_eq!(said.error, Primary::Log((0.54_f64 / 0.4).ln().abs()));
    assert!(found.waiting.len() > 5 && found.spread.is_some());
    // Every row that a view shows was public.
    let series = all_series(
        &library.dynamics.observed.0,
        library.market.reported(),
        library.market.published_shares(),
    );
    for (day, _) in &found.targets {
        let view = KnownBy::of(&series, *day);
        assert!(
            series
                .iter()
                .flat_map(|s| view.points(&s.key))
                .all(|p| p.known_from <= *day)
        );
    }
}
