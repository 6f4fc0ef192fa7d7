//! How words are scored.

use super::made::*;
use jiff::civil::{Date, date};
use std::sync::Mutex;
use strait::brief::{Effort, Library};
use strait::data::DataSet;
use strait::market::backtest::{
    Forecast, Forecaster, Guidance, GuidanceRow, Kind, KnownBy, LastValue, PolicyPath, Published, Question,
    all_series, backtest, between, lost_to, page,
};
use strait::market::dynamics::Period;
use strait::market::score::Primary;
use strait::scenario::Scenario;

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
    let page = page(&found, "about");
    assert!(page.contains("oracle, policy known"));
    // Beside the last value, by origin and series: on the one target both have a log error.
    assert!(
        page.contains("| 1 | oracle, policy unknown | 0.00 | 0.25 |"),
        "{page}"
    );
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

#[test]
fn an_outcome_that_is_only_bounded_is_missed_by_the_distance_to_the_bound() {
    let mut all = made_up();
    let last = all[0].points.last_mut().unwrap();
    (last.low, last.high, last.bound) = (0.0, 0.1e9, true);
    let said = |draws: Vec<f64>| {
        let model = Fixed(draws);
        let found = backtest(
            &all,
            &[origin(date(2025, 5, 1))],
            &[(&model, Kind::Model)],
            &[],
            &mut |_| (),
        );
        let trial = found
            .trials
            .into_iter()
            .find(|t| t.period == "2025-Q2")
            .expect("asked");
        assert!(trial.bound && trial.outcome == 0.1e9);
        let inside = found
            .tallies
            .iter()
            .find(|t| t.by == "fixed")
            .unwrap()
            .coverage
            .unwrap();
        (trial.said[0].clone(), inside)
    };
    // Anything under the bound is what may have come, up to the bound itself.
    for draws in [vec![0.0; 9], vec![0.05e9; 9], vec![0.1e9; 9]] {
        let (word, inside) = said(draws);
        assert_eq!(
            (word.error, word.crps, word.interval_90),
            (Primary::Plain(0.0), 0.0, 0.0)
        );
        assert_eq!(inside, (1.0, 1.0));
    }
    let (word, inside) = said(vec![0.11e9; 9]);
    let Primary::Plain(error) = word.error else {
        panic!("{:?}", word.error)
    };
    assert!((error - 0.01e9).abs() < 1.0 && (word.crps - 0.01e9).abs() < 1.0);
    assert_eq!(inside, (0.0, 0.0));
}

/// Says the same of everything.
struct Fixed(Vec<f64>);

impl Forecaster for Fixed {
    fn name(&self) -> &'static str {
        "fixed"
    }

    fn forecast(&self, _: &KnownBy<'_>, questions: &[Question<'_>], _: PolicyPath) -> Vec<Option<Forecast>> {
        questions
            .iter()
            .map(|_| Some(Forecast::Draws(self.0.clone())))
            .collect()
    }
}
