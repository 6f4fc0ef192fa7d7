//! Observations, what is fitted to them, and what is known on a day.

use super::world::{KNOWN, run, with_earlier, world};
use jiff::civil::{Date, date};
use strait::brief::{Knowledge, Library};
use strait::market::Stream;
use strait::market::dynamics::{
    Fit, Month, Names, NoFit, Observations, Path, Period, Shocks, Target, drawn_policy, hazard, self_check,
    sensitivity, synthetic,
};
use strait::market::sampler::{Settings, Target as _};
use strait::scenario::Scenario;

#[test]
fn data_made_from_known_parameters_are_likeliest_near_them() {
    let (library, env) = world();
    let priors = &library.dynamics.priors;
    let fit = Fit::new(priors, env, &library.dynamics.observed);
    let truth = library.dynamics.posterior.draw(0).to_vec();
    // Several sets of data: one alone may lie to a side by chance.
    let made: Vec<Observations> = (0..8)
        .map(|n| synthetic(&fit, &truth, &mut Stream::new(11, n)))
        .collect();
    let again: Vec<Fit<'_>> = made.iter().map(|data| Fit::new(priors, env, data)).collect();
    let at = |k: usize, shift: f64| -> f64 {
        let mut z = truth.clone();
        z[k] += shift;
        again
            .iter()
            .map(|fit| fit.log_likelihood(&priors.theta(&z)))
            .sum()
    };
    let best = at(0, 0.0);
    // The parameters the observations say most of, by contraction: two standard deviations to either side must be worse.
    for id in ["growth_2023", "growth_2024", "prebuying", "gaming"] {
        let k = Names::ALL.iter().position(|n| *n == id).unwrap();
        assert!(
            at(k, 2.0) < best && at(k, -2.0) < best,
            "{id}: {} {} {}",
            at(k, -2.0),
            best,
            at(k, 2.0)
        );
    }
    // And one they say nothing of moves nothing.
    let later = Names::ALL.iter().position(|n| *n == "growth_later").unwrap();
    assert_eq!(at(later, 2.0), best);
}

#[test]
fn the_shipped_posterior_was_fitted_to_the_shipped_observations_and_priors() {
    let (library, _) = world();
    let d = &library.dynamics;
    let known: jiff::civil::Date = d.posterior.fitted.known.parse().unwrap();
    assert_eq!(
        d.posterior.fitted.observations,
        d.observed.known(known).hash(),
        "run `strait calibrate market --out data/market/posterior`"
    );
    assert_eq!(
        d.posterior.fitted.priors,
        d.priors.known(known).hash(),
        "run `strait calibrate market --out data/market/posterior`"
    );
    assert!(d.posterior.draws.len() >= 400);
    let learned = d.posterior.learned(&d.priors);
    // What no sale can tell stays assumed; what sales tell does not.
    let of = |id: &str| learned.iter().find(|l| l.id == id).unwrap().contraction;
    assert!(of("growth_2024") > 0.3 && of("growth_later") < 0.3);
    let page = include_str!("../../../../../docs/market_accuracy.md");
    assert!(
        page.contains(&d.observed.hash()),
        "write docs/market_accuracy.md anew: `strait validate market --page docs/market_accuracy.md`"
    );
}

#[test]
fn a_run_takes_the_latest_fit_that_is_not_after_its_day_and_reads_it_through_the_priors_of_that_day() {
    let data = with_earlier("2024-06-01", "2024-06-01");
    let library = Library::load(&data, &Scenario::default()).unwrap();
    let d = &library.dynamics;
    let day = |known: Date| d.fit_known(known).unwrap().posterior.day();
    assert_eq!(day(date(2024, 6, 1)), Some(date(2024, 6, 1)));
    assert!(day(date(2026, 11, 22)).unwrap() < date(2026, 11, 22));
    assert_eq!(day(date(2026, 11, 23)), Some(date(2026, 11, 23)));
    // 40 draws were written and read, and a prior whose source came later has the form it had before.
    let early = d.fit_known(date(2024, 6, 1)).unwrap();
    assert_eq!(early.posterior.draws.len(), 40);
    assert_eq!(early.priors.hash(), d.priors.known(date(2024, 6, 1)).hash());
    assert_ne!(early.priors.hash(), d.priors.hash());
    // Before the first there is none: what would decide it is a fit of that day.
    let none = d.fit_known(date(2022, 2, 1)).unwrap_err();
    assert!(matches!(none, NoFit::Later { .. }));
    let flag = none.need().flag.unwrap();
    assert!(flag.contains("calibrate market --known 2022-02-01"), "{flag}");
    let quarter = strait::market::Quarter {
        year: 2023,
        quarter: 1,
    };
    let told = library.over_time(quarter, date(2022, 2, 1), &[strait::market::MarketCase::AsIs]);
    assert!(matches!(told, Err(NoFit::Later { .. })));
    // The one-quarter market has its priors alone there, and the fit after.
    let license = |known: Date| {
        let lines = library.market.fitted(d, known).parameters();
        lines.into_iter().find(|l| l.id == "license_execution").unwrap()
    };
    assert!(license(date(2022, 2, 1)).assumed && !license(date(2026, 11, 23)).assumed);
}

#[test]
fn a_fit_in_the_folder_of_another_day_is_refused() {
    let wrong = Library::load(&with_earlier("2024-05-01", "2024-06-01"), &Scenario::default()).unwrap_err();
    let wrong = wrong.to_string();
    assert!(
        wrong.contains("market/posterior/2024-05-01/draws.csv") && wrong.contains("2024-06-01"),
        "{wrong}"
    );
}

#[test]
fn a_posterior_of_other_priors_or_observations_is_refused() {
    let (library, _) = world();
    let d = &library.dynamics;
    for fit in d.fits() {
        fit.check(&d.priors, &d.observed).unwrap();
    }
    let mut priors = d.priors.clone();
    priors.0.swap(0, 1);
    let wrong = d.posterior.check(&priors, &d.observed).unwrap_err().to_string();
    assert!(
        wrong.contains("made from priors") && wrong.contains("parameters.toml"),
        "{wrong}"
    );
    // Value, target and period of one observation each make it another.
    let hash = d.observed.hash();
    let changed = |change: &dyn Fn(&mut strait::market::dynamics::Observation)| {
        let mut observed = d.observed.clone();
        change(&mut observed.0[0]);
        assert_ne!(observed.hash(), hash);
        d.posterior.check(&d.priors, &observed).unwrap_err().to_string()
    };
    let other = d
        .observed
        .0
        .iter()
        .find(|o| o.target != d.observed.0[0].target)
        .unwrap();
    for wrong in [
        changed(&|o| o.high *= 2.0),
        changed(&|o| o.target = other.target.clone()),
        changed(&|o| o.period = Period::read("CY2023").unwrap()),
    ] {
        assert!(wrong.contains("made from observations"), "{wrong}");
    }
}

#[test]
fn nothing_learned_later_reaches_an_earlier_day() {
    let (library, _) = world();
    let day = date(2025, 8, 28);
    let known = library.dynamics.observed.known(day);
    assert!(known.0.iter().all(|o| o.known_from <= day) && known.0.len() < library.dynamics.observed.0.len());
    // Revenue by headquarters was first printed in November 2025.
    assert!(known.0.iter().all(|o| o.target != Target::NvidiaHeadquarters));
    let prior = |day| {
        library
            .dynamics
            .priors
            .known(day)
            .0
            .iter()
            .find(|p| p.id == "hbm_bank")
            .unwrap()
            .words()
    };
    assert_ne!(prior(day), prior(KNOWN));
    let then = library.environment(Knowledge::of(date(2023, 10, 20))).unwrap();
    let h20 = then.good("nvidia-h20").unwrap();
    assert!(
        !Month::all().any(|m| then.on_sale(m, h20)),
        "the H20 was announced later"
    );
    // Policy beyond the day is drawn: some draws tighten, and before the day none differs.
    let danger = hazard(&then);
    let shocks: Vec<Shocks> = (0..40)
        .map(|n| drawn_policy(&then, &danger, Shocks::default(), 1, n))
        .collect();
    let first = Month::of(date(2023, 10, 20)).0;
    assert!(
        shocks
            .iter()
            .all(|s| s.access[..=first].iter().all(|a| *a == 1.0))
    );
    assert!(shocks.iter().any(|s| s.access[first + 12] < 1.0));
}

#[test]
fn what_was_missed_of_a_series_is_carried_on_to_its_next_value() {
    let (library, env) = world();
    let day = date(2025, 4, 20);
    let observed = library.dynamics.observed.known(day);
    let fit = Fit::new(&library.dynamics.priors, env, &observed);
    let theta = run(library, env).theta(0);
    let seen = fit.predicted(&theta);
    let next = |target: &Target, period: &str, seen: &[f64]| {
        fit.next(target, &Period::read(period).unwrap(), &theta, seen)
    };
    let billing = Target::NvidiaBilling;
    let half: Vec<f64> = seen.iter().map(|x| x / 2.0).collect();
    // Where the model says half as much as before, more of what was seen is missed, and the next value lies higher.
    assert!(next(&billing, "FY2026Q1", &half).location > next(&billing, "FY2026Q1", &seen).location);
    // What lies far off is as wide as a series never seen, but for the source's own error.
    let soon = next(&billing, "FY2026Q1", &seen);
    assert!(soon.degrees > 4.0 && soon.scale < next(&billing, "CY2030", &seen).scale);
    let unseen = next(&Target::MarketDollars, "CY2025", &seen);
    assert_eq!((unseen.location, unseen.degrees), (0.0, 4.0));
}

/// Few data sets, short chains, and the three parameters the first observations say most of: that the check runs whole,
/// on any threads, and that ranks are no worse than chance allows. The long check is `strait calibrate market --self-check`.
#[test]
fn ranks_of_known_parameters_are_spread() {
    let (library, env) = world();
    let few = Observations(library.dynamics.observed.0[..4].to_vec());
    let fit = Fit::new(&library.dynamics.priors, env, &few);
    let settings = Settings {
        seed: 5,
        chains: 2,
        warm_up: 60,
        steps: 120,
        thin: 4,
        standard_scores: true,
        ..Settings::default()
    };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| self_check(&fit, 8, 19, &settings, &|| ()).unwrap())
    };
    let found = on(2);
    assert_eq!(found, on(1));
    assert_eq!(found.len(), fit.dimensions());
    let all: Vec<f64> = found
        .iter()
        .flat_map(|c| &c.ranks)
        .map(|r| *r as f64 / 19.0)
        .collect();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let central = all.iter().filter(|p| (0.05..=0.95).contains(*p)).count() as f64 / all.len() as f64;
    assert!((mean - 0.5).abs() < 0.06 && central > 0.75, "{mean} {central}");
}

#[test]
fn what_moves_an_answer_comes_with_indices_that_are_parts() {
    let (library, env) = world();
    let run = run(library, env);
    let spending = |p: &Path| {
        (0..12)
            .map(|t| (0..p.goods).map(|g| p.mainland_usd(env, t, g)).sum::<f64>())
            .sum()
    };
    let found = sensitivity(&run, (1, 2), |id| id == "growth_later", spending).unwrap();
    // Money spent in 2022 hangs on the budget of 2022 more than on anything else.
    assert_eq!(found.moved[0].bar.name, "budget_2022");
    assert!(found.moved[0].total.value > 0.3 && found.base > 0.0);
    assert!(
        found
            .moved
            .windows(2)
            .all(|w| w[0].bar.swing() >= w[1].bar.swing())
    );
    assert!(found.moved.iter().filter(|m| m.assumed).count() <= 1 && found.moved.len() == 12);
}
