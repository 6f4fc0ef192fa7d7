//! Limits of supply: packaging lines on the mainland and abroad.

use super::world::{changed, path, run, world};
use jiff::civil::date;
use strait::brief::Knowledge;
use strait::market::dynamics::{Binding, Environment, Month, Path, Shocks, apply};
use strait::scenario::Scenario;

/// Interposers that Chinese makers' sales of a month took.
fn interposers(p: &Path, env: &Environment, t: usize) -> f64 {
    (0..p.goods)
        .filter(|g| env.goods[*g].domestic)
        .map(|g| {
            let dies = env.dies[env.at(Month(t), g)];
            let row = (t * p.goods + g) * p.points;
            let units: f64 = p.flows.units[row..row + p.points].iter().sum();
            units * if dies.is_finite() { dies } else { 1.0 }
        })
        .sum()
}

#[test]
fn packaging_on_the_mainland_is_a_limit_of_its_own() {
    let (_, env) = world();
    let (from, to) = (Month::of(date(2026, 1, 1)).0, 60);
    let limited = |packages: f64| {
        let mut env = env.clone();
        env.interposers[from..].fill(Some([packages; 3]));
        env
    };
    let (tight, slack) = (limited(4_000.0), limited(1e9));
    let mut none = env.clone();
    none.interposers[from..].fill(None);
    for draw in 0..2 {
        let p = path(&tight, draw, to);
        for t in from..to {
            let used = interposers(&p, &tight, t);
            assert!(used <= 4_000.0 * (1.0 + 1e-9), "month {t}: {used}");
            assert!(
                p.binding[t] == Binding::Packaging,
                "month {t}: {:?}",
                p.binding[t]
            );
        }
        // A line nobody fills changes nothing, to the last bit.
        assert!(path(&slack, draw, to).flows.usd == path(&none, draw, to).flows.usd);
    }
}

#[test]
fn a_maker_abroad_shares_its_lines_among_its_goods() {
    let (_, env) = world();
    let (from, to) = (Month::of(date(2024, 3, 1)).0, 44);
    let nvidia: Vec<usize> = (0..env.goods.len())
        .filter(|g| env.goods[*g].vendor == "nvidia" && env.goods[*g].is_foreign_direct())
        .collect();
    let limited = |packages: f64| {
        let mut env = env.clone();
        for t in from..to {
            for &g in &nvidia {
                let at = env.at(Month(t), g);
                env.packages[at] = Some([packages; 3]);
            }
        }
        env
    };
    let tight = limited(2_000.0);
    let p = path(&tight, 0, to);
    for t in from..to {
        let units: f64 = nvidia
            .iter()
            .map(|g| {
                let row = (t * p.goods + g) * p.points;
                p.flows.units[row..row + p.points].iter().sum::<f64>()
            })
            .sum();
        assert!(units <= 2_000.0 * (1.0 + 1e-9), "month {t}: {units}");
    }
    let told = (from..to).filter(|t| p.packaging_abroad[*t]).count();
    assert!(told > (to - from) / 2, "{told}");
    let mut none = env.clone();
    none.packages.fill(None);
    assert!(path(&limited(1e12), 0, to).flows.usd == path(&none, 0, to).flows.usd);
}

#[test]
fn packaging_is_known_from_its_day_and_straight_between_its_rows() {
    let (library, env) = world();
    let april = Month::of(date(2025, 4, 1)).0;
    // 5,000 wafers of 29 on 1 April 2025, 21,000 on 1 December 2028, 1,340 days later; two weeks of these have gone.
    let [low, value, high] = env.interposers[april].unwrap();
    let straight = 29.0 * (5_000.0 + 16_000.0 * 14.0 / 1_340.0);
    assert!(
        (value - straight).abs() < 1e-6 && low < value && value < high,
        "{value}"
    );
    assert!(env.interposers[Month::of(date(2024, 6, 1)).0].is_none());
    let then = library.environment(Knowledge::of(date(2025, 11, 3))).unwrap();
    assert!(then.interposers.iter().all(Option::is_none));
    // Half of TSMC's 36,000 wafers at the end of 2024, 29 an H20.
    let h20 = |env: &Environment, day| env.packages[env.at(Month::of(day), env.good("nvidia-h20").unwrap())];
    let [_, value, _] = h20(env, date(2024, 12, 1)).unwrap();
    assert!((400_000.0..650_000.0).contains(&value), "{value}");
    assert!(
        h20(
            &library.environment(Knowledge::of(date(2024, 6, 1))).unwrap(),
            date(2024, 5, 1)
        )
        .is_none()
    );
}

#[test]
fn yield_is_that_of_2025_once_all_was_made_as_planned() {
    let (library, env) = world();
    let mut theta = run(library, env).theta(0);
    // Without growth of its own the plan's last wafers go on to the end of the year.
    (theta.state_wafers, theta.reinvestment, theta.yield_learning) = (0.0, 0.0, 0.5);
    let made = Path::simulate(env, &theta, &Shocks::default(), 49);
    assert!(
        (made.yields[48] - theta.yield_2025).abs() < 1e-12,
        "{}",
        made.yields[48]
    );
    assert!(made.yields[47] < made.yields[48] && made.yields[0] < made.yields[1]);
}

#[test]
fn a_smaller_vendor_grows_with_wafers_after_its_last_figure() {
    let (library, env) = world();
    let theta = run(library, env).theta(0);
    let mut longer = env.clone();
    let good = env.good("baidu").unwrap();
    let last = Month::of(date(2026, 12, 31));
    // The last figure carried on by hand is what the model takes before growth.
    let carried = env.cap[env.at(last, good)];
    assert!(carried.is_some() && env.cap[env.at(Month(last.0 + 1), good)].is_none());
    for t in last.0 + 1..72 {
        longer.cap[env.at(Month(t), good)] = carried;
    }
    let rate = |env: &Environment, t: usize| {
        let p = Path::simulate(env, &theta, &Shocks::default(), t + 1);
        p.mainland_units(env, t, good)
    };
    let (grown, flat) = (rate(env, 71), rate(&longer, 71));
    assert!(grown >= flat && flat > 0.0, "{grown} {flat}");
}

#[test]
fn a_scenario_shocks_packaging() {
    let (_, env) = world();
    let verb = |goods: &str| {
        format!(
            "[[market]]\nverb = \"supply\"\nof = \"packaging\"\namount = 0.5\nfrom = \"2026-01\"\n{goods}"
        )
    };
    let march = Month::of(date(2026, 3, 1));
    let at = env.at(march, env.good("nvidia-h200").unwrap());
    let half = |a: Option<[f64; 3]>, b: Option<[f64; 3]>| {
        a.unwrap()
            .iter()
            .zip(b.unwrap())
            .all(|(a, b)| (a - 0.5 * b).abs() < 1e-9 * b)
    };
    let home = changed(&verb("goods = [\"domestic\"]\n"));
    assert!(half(home.interposers[march.0], env.interposers[march.0]));
    assert_eq!(home.packages[at], env.packages[at]);
    assert_eq!(home.interposers[40], env.interposers[40]);
    let abroad = changed(&verb("goods = [\"nvidia\"]\n"));
    assert!(half(abroad.packages[at], env.packages[at]));
    assert_eq!(abroad.interposers, env.interposers);
    let both = changed(&verb(""));
    assert!(
        half(both.packages[at], env.packages[at])
            && half(both.interposers[march.0], env.interposers[march.0])
    );
    let wrong = Scenario::read("s.toml", &verb("goods = [\"huawei\"]\n")).unwrap();
    let said = apply(&mut env.clone(), &wrong.market[0]).unwrap_err().to_string();
    assert_eq!(
        said,
        "s.toml:1: `huawei` is no packaging line of the quarterly model"
    );
}

#[test]
fn one_more_of_an_input_is_worth_what_a_tenth_is_over_its_units() {
    let (library, env) = world();
    let run = run(library, env);
    let found = strait::market::dynamics::inputs(&run, &[2023, 2027], 6);
    for input in &found {
        let wafers = input.input.starts_with("wafers");
        // Packaging lines and memory are not counted in 2023.
        assert_eq!(input.usd_each[0].1.is_some(), wafers, "{input:?}");
    }
    let memory = found.iter().find(|i| i.input == "memory").unwrap();
    let (tenth, each) = (memory.usd_million[1].1, memory.usd_each[1].1.unwrap());
    assert_eq!(tenth.median > 0.0, each.median > 0.0);
    // Six stacks a package of some ten thousand dollars: a stack alone can be worth no more than the package.
    assert!(each.p95 < 30_000.0, "{each:?}");
    let p = path(env, 0, 72);
    let (a, b) = (p.inputs[60], p.inputs[70]);
    assert!(a.wafers > 1e3 && b.wafers > a.wafers && a.stacks > 1e5 && a.interposers > 1e4);
}
