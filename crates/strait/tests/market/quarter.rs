//! One quarter, as the brief tells it: read off the paths of the market over time, so that there is one answer.

use crate::dynamics::world::{KNOWN, world};
use jiff::civil::date;
use std::collections::BTreeSet;
use strait::figure::Quantity;
use strait::market::dynamics::{Detail, Key, Path, Run, name, read, variables};
use strait::market::{LimitedBy, MarketCase, MarketOutcome, Quarter};
use strait::rules::{Channel, ChinaState, Site, SupplyEffect};

const ALL: [MarketCase; 3] = [
    MarketCase::AsIs,
    MarketCase::WithoutGuidance,
    MarketCase::WithoutUsRule,
];

fn told(year: i16, quarter: i8, cases: &[MarketCase]) -> Vec<MarketOutcome> {
    let (library, _) = world();
    let found = library.over_time(Quarter { year, quarter }, KNOWN, cases);
    found.unwrap().expect("the model reaches the quarter")
}

#[test]
fn a_quarter_is_that_of_the_run_good_by_good() {
    let (library, env) = world();
    let quarter = Quarter {
        year: 2025,
        quarter: 4,
    };
    let outcome = told(2025, 4, &[MarketCase::AsIs]).remove(0);
    let run = Run {
        env,
        priors: &library.dynamics.priors,
        posterior: &library.dynamics.posterior,
        held: &[],
        seed: 1,
    };
    let all = variables(env, Detail::Totals);
    let find = |key: Key<'_>| all.iter().find(|v| v.key() == key).unwrap();
    let months = 48;
    // As `strait market run` reads its paths: thousands of units, millions of dollars, a column a quarter.
    let rows: Vec<Vec<f32>> = (0..outcome.draws)
        .map(|n| {
            let index = n * run.posterior.draws.len() / outcome.draws;
            let whole = run.path(index);
            let short = Path::simulate(env, &run.theta(index), &run.shocks(index), months);
            assert_eq!(
                whole.flows.usd[..short.flows.usd.len()],
                short.flows.usd,
                "no look ahead"
            );
            read(&whole, env, Detail::Totals)
        })
        .collect();
    let at = usize::try_from((quarter.year - 2022) * 4 + i16::from(quarter.quarter) - 1).unwrap();
    let median = |key: Key<'_>| {
        let variable = find(key);
        let mut column: Vec<f64> = rows.iter().map(|row| variable.over(row, at..at + 1)).collect();
        column.sort_by(f64::total_cmp);
        strait::market::score::quantile(&column, 0.5)
    };
    let near = |here: f64, there: f64, what: &str| {
        assert!(
            (here - there).abs() <= 1e-5 * there.abs().max(1e-3),
            "{what}: {here} and {there}"
        );
    };
    assert!(outcome.goods.len() > 10);
    for good in &outcome.goods {
        let facts = env.goods.iter().find(|g| g.id == good.good).unwrap();
        let of = |what: &str| format!("{what}|{}|{}", facts.seller, facts.name);
        let units = median(Key::mainland(&of("Sales|Units")));
        near(good.units.value.get() / 1e3, units, &good.good);
        let usd = median(Key::mainland(&of("Spending")));
        near(good.usd.value.get() / 1e6, usd, &good.good);
    }
    near(
        outcome.spending.value.get() / 1e6,
        median(name::SPENDING),
        "spending",
    );
    let nvidia = outcome.revenue.iter().find(|r| r.vendor == "nvidia").unwrap();
    assert!(nvidia.usd.low.get() / 1e6 < median(name::NVIDIA_MAINLAND) + median(name::NVIDIA_OFFSHORE));
}

#[test]
fn shares_add_up_within_their_bands() {
    for outcome in told(2025, 3, &ALL) {
        assert_eq!(outcome.buyers.len(), 5);
        for buyer in &outcome.buyers {
            let sum: f64 = buyer.shares.iter().map(|s| s.share).sum::<f64>() + buyer.outside.0;
            assert!((sum - 1.0).abs() < 1e-9, "{sum}");
            for s in &buyer.shares {
                assert!(
                    -1e-12 <= s.low && s.low <= s.share && s.share <= s.high && s.high <= 1.0,
                    "{s:?}"
                );
            }
            assert!(buyer.budget.low < buyer.budget.value && buyer.budget.value < buyer.budget.high);
            assert!(!buyer.segments.is_empty());
        }
        assert!(
            outcome
                .rests_on
                .iter()
                .any(|r| r.path == "dynamics.parameters.price_exponent")
        );
        assert!(
            outcome
                .rests_on
                .iter()
                .any(|r| r.path.starts_with("supply.ascend-2025"))
        );
    }
}

#[test]
fn cases_share_the_past_and_each_goes_on_by_its_own_law() {
    let [as_is, no_guidance, no_us_rule] = told(2025, 3, &ALL).try_into().unwrap();
    let units = |o: &MarketOutcome, good: &str| {
        let found = o.goods.iter().find(|g| g.good == good).unwrap();
        found.units.value.get()
    };
    // What is bought out of a budget is the past's; budgets are equal.
    assert_eq!(as_is.budget, no_guidance.budget);
    assert_eq!(as_is.budget, no_us_rule.budget);
    assert!(units(&no_guidance, "nvidia-h20") > 1.5 * units(&as_is, "nvidia-h20"));
    assert!(units(&as_is, "nvidia-h100") < 1.0);
    assert!(units(&no_us_rule, "nvidia-h100") > 1e3);
    // Fewer go around a law that is not there: those alone who ask nobody.
    assert!(units(&as_is, "grey-hopper") > 1.5 * units(&no_us_rule, "grey-hopper"));
    let platforms = |o: &MarketOutcome| {
        let buyer = o.buyers.iter().find(|b| b.buyer == "platforms").unwrap();
        let share = buyer.shares.iter().find(|s| s.good == "nvidia-h20").unwrap();
        (share.supply_effect, share.china)
    };
    // Orders were halted at the end of July 2025.
    assert_eq!(platforms(&as_is).1, Some(ChinaState::Banned));
    assert_eq!(platforms(&no_guidance).1, Some(ChinaState::None));
    assert_eq!(platforms(&no_us_rule).0, Some(SupplyEffect::Open));
}

#[test]
fn a_good_that_is_short_names_its_limit_and_what_one_more_is_worth() {
    let outcome = told(2026, 4, &[MarketCase::AsIs]).remove(0);
    let short = |good: &str| outcome.shortages.iter().find(|s| s.good == good).unwrap();
    let huawei = short("huawei");
    assert!(huawei.shadow_price.value.get() > 0.0 && huawei.units.value.get() > 1e4);
    assert_ne!(huawei.limited_by, LimitedBy::Units);
    assert_eq!(short("nvidia-h200").limited_by, LimitedBy::Units);
    assert!(
        outcome
            .shortages
            .iter()
            .all(|s| (0.0..=1.0).contains(&s.at_least))
    );
    let capped = |good: &str| {
        let mainland = outcome.buyers.iter().filter(|b| b.site == Site::Mainland);
        mainland
            .flat_map(|b| &b.shares)
            .any(|s| s.good == good && s.capped)
    };
    assert!(capped("huawei") && !capped("nvidia-h20"));
}

#[test]
fn the_same_bits_on_any_number_of_threads_and_no_quarter_beyond_the_model() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| told(2022, 3, &ALL))
    };
    assert_eq!(with(1), with(3));
    let (library, _) = world();
    for (year, quarter) in [(2021, 4), (2031, 1)] {
        let found = library.over_time(Quarter { year, quarter }, KNOWN, &ALL);
        assert!(found.unwrap().is_none());
    }
}

#[test]
fn what_was_reported_is_not_used_before_its_day() {
    let (library, _) = world();
    let periods = |known| {
        let quarter = Quarter {
            year: 2025,
            quarter: 4,
        };
        let rows = library.market.seller_baseline("nvidia", quarter, known);
        rows.into_iter().map(|r| (r.basis, r.period)).collect::<Vec<_>>()
    };
    let row = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(periods(date(2025, 11, 18)), [row("billing_location", "FY2026Q2")]);
    assert_eq!(
        periods(date(2025, 11, 19)),
        [
            row("billing_location", "FY2026Q2"),
            row("customer_headquarters", "FY2026Q3")
        ]
    );
}

#[test]
fn candidates_follow_the_calendar() {
    let chips = |year, quarter, known| {
        let found = world().0.market.candidates(Quarter { year, quarter }, known);
        found
            .into_iter()
            .map(|c| (c.chip.0, c.channel))
            .collect::<BTreeSet<_>>()
    };
    let early = chips(2022, 4, date(2022, 12, 1));
    assert!(early.contains(&("nvidia-a800-sxm".into(), Channel::Direct)));
    assert!(!early.iter().any(|(c, _)| c.contains("h20-")));
    let late = chips(2025, 3, date(2025, 9, 30));
    for chip in [
        "nvidia-h20-96gb",
        "nvidia-h20-141gb",
        "huawei-ascend-910c",
        "amd-mi308x",
        "t-head-zhenwu-810e",
    ] {
        assert!(late.contains(&(chip.into(), Channel::Direct)), "{chip}");
    }
    assert!(late.contains(&("nvidia-h100-sxm".into(), Channel::Grey)));
    assert!(!late.iter().any(|(c, _)| c == "nvidia-rtx-4090d"));
}
