//! What a scenario writes is what a run does.

use super::world::{KNOWN, changed, path, run, world};
use jiff::civil::date;
use strait::brief::{Knowledge, Library};
use strait::catalog::Catalog;
use strait::data::DataSet;
use strait::market::dynamics::{
    Binding, Detail, Ensemble, Environment, Key, Month, Path, name, read, refusal, variables,
};
use strait::rules::Site;
use strait::scenario::Scenario;

fn month(year: i16, month: i8) -> usize {
    Month::of(date(year, month, 1)).0
}

fn shipped(id: &str) -> String {
    let data = DataSet::embedded();
    data.require(&format!("scenarios/{id}.toml"))
        .unwrap()
        .text
        .to_owned()
}

/// Units of a good in a month, wherever they go.
fn units(p: &Path, env: &Environment, good: &str, t: usize) -> f64 {
    let row = (t * p.goods + env.good(good).unwrap()) * p.points;
    p.flows.units[row..row + p.points].iter().sum()
}

#[test]
fn a_cap_holds_whatever_the_supply_is_multiplied_by() {
    let capped = changed(&shipped("h20-cap"));
    let open = changed(&shipped("h20-free"));
    let (from, to) = (month(2025, 5), month(2026, 3));
    for draw in 0..2 {
        let (p, free) = (path(&capped, draw, to), path(&open, draw, to));
        for t in from..to {
            // A hundred thousand a quarter.
            assert!(
                units(&p, &capped, "nvidia-h20", t) <= 100_000.0 / 3.0 + 1e-6,
                "month {t}"
            );
        }
        let sold = |p: &Path, env| (from..to).map(|t| units(p, env, "nvidia-h20", t)).sum::<f64>();
        assert!(sold(&p, &capped) < sold(&free, &open));
    }
}

#[test]
fn a_cap_holds_for_the_maker_whose_capacity_is_modelled() {
    let text = "[[market]]\nverb = \"cap\"\ngoods = [\"huawei\"]\namount = 1000\nfrom = \"2026-01\"\n";
    let capped = changed(text);
    let (from, to) = (month(2026, 1), month(2026, 7));
    let p = path(&capped, 0, to);
    let free = path(&world().1, 0, to);
    for t in from..to {
        assert!(units(&free, &capped, "huawei", t) > 10_000.0, "month {t}");
        assert!(
            units(&p, &capped, "huawei", t) <= 1_000.0 / 3.0 + 1e-6,
            "month {t}"
        );
        // Huawei is short of what it may sell, not of what it can make, and leaves that to the others.
        assert_eq!(p.binding[t], Binding::Demand, "month {t}");
    }
}

#[test]
fn the_h20_without_levy_pays_none() {
    for id in ["h20-free", "h20-cap"] {
        let env = changed(&shipped(id));
        let h20 = env.good("nvidia-h20").unwrap();
        for t in month(2025, 4)..month(2030, 12) {
            assert_eq!(env.levy[env.at(Month(t), h20)], 0.0, "{id}, month {t}");
        }
    }
    let (_, history) = world();
    let h20 = history.good("nvidia-h20").unwrap();
    assert!(history.levy[history.at(Month(month(2025, 9)), h20)] > 0.1);
}

#[test]
fn without_limits_chinese_vendors_gain_more_of_what_is_refused() {
    let (library, env) = world();
    let h20 = env.good("nvidia-h20").unwrap();
    let found = refusal(&run(library, env), h20, month(2025, 8)..month(2026, 8), 3);
    let huawei = found.to.iter().find(|d| d.to == "huawei").unwrap();
    assert!(
        huawei.part_unlimited.median > huawei.part.median + 0.02,
        "{huawei:?}"
    );
}

#[test]
fn a_rent_beyond_five_times_the_price_is_told_as_at_least_that() {
    let (_, env) = world();
    let p = path(env, 0, month(2027, 12));
    let mut far = 0;
    for (at, rent) in p.rent.iter().enumerate() {
        if !p.paid[at].is_finite() {
            continue;
        }
        let most = 5.0 * p.paid[at];
        // Goods sold by price pay the rent themselves.
        let by_price = p.paid[at] > env.price[at] * 1.5;
        if p.rent_at_least[at] {
            far += 1;
            assert!(by_price || (rent / most - 1.0).abs() < 0.05, "{rent} {most}");
        } else if !by_price && rent.is_finite() {
            assert!(*rent <= most * 1.0001, "{rent} {most}");
        }
    }
    // The H200 of 2027 is rationed to far fewer than are wanted.
    assert!(far > 0);
}

#[test]
fn spending_is_for_use_within_budgets_and_for_stock_beside_them() {
    let env = changed(&shipped("b30a-allowed"));
    let p = path(&env, 0, strait::market::dynamics::MONTHS);
    let mut ensemble = Ensemble::new(variables(&env, Detail::Totals));
    ensemble.values.push(read(&p, &env, Detail::Totals));
    let quarters = ensemble.quarters.len();
    let of = |key: Key<'_>, q: usize| ensemble.draws(ensemble.find(key).unwrap(), q)[0];
    for q in 0..quarters {
        let (all, used, stocked) = (
            of(name::SPENDING, q),
            of(name::FOR_USE, q),
            of(name::FOR_STOCK, q),
        );
        assert!((used + stocked - all).abs() <= all * 1e-5, "quarter {q}");
        let budget: f64 = (q * 3..q * 3 + 3)
            .flat_map(|t| (0..p.points).map(move |n| (t, n)))
            .filter(|(_, n)| env.points[*n].site == Site::Mainland)
            .map(|(t, n)| p.budget[t * p.points + n] / 1e6)
            .sum();
        assert!(
            used + of(name::FROM_STOCK, q) <= budget * (1.0 + 1e-5),
            "quarter {q}"
        );
    }
    // In its first quarter the B30A is laid in besides.
    let first = month(2026, 1) / 3;
    let laid_in = of(Key::mainland("Units laid in for stock|NVIDIA|B30A"), first);
    assert!(laid_in > 0.0);
    assert!(laid_in < of(Key::mainland("Sales|Units|NVIDIA|B30A"), first));
}

#[test]
fn bills_and_figures_hold_from_the_day_the_scenario_names_and_chips_go_by_their_names() {
    let text = format!(
        "{}\n[[figure]]\nchip = \"h20\"\nfigure = \"memory.bandwidth\"\nvalue = 1000\nfrom = \"2027-03\"\n\
         [[market]]\nverb = \"ban\"\ngoods = [\"H20\"]\nfrom = \"2028-01\"\n",
        shipped("safe-chips")
    );
    let scenario = Scenario::read("s.toml", &text).unwrap();
    let data = DataSet::embedded();
    // What asks of no day cannot tell which value holds.
    let refused = Catalog::load(&data, &scenario)
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("changes from 2027-03, and no day is asked for"),
        "{refused}"
    );
    assert_eq!(scenario.on(Some(date(2027, 2, 28))).figures, []);
    assert_eq!(scenario.on(Some(date(2027, 3, 1))).figures.len(), 1);
    let mut library = Library::load(&data, &scenario).unwrap_or_else(|p| panic!("{p}"));
    let env = library.environment(Knowledge::of(KNOWN)).unwrap();
    let (_, history) = world();
    let bits = |of: &[f64]| of.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    let cells =
        |t: usize| env.cell(Month(t), 0, 0)..env.cell(Month(t), 0, 0) + env.goods.len() * env.points.len();
    for t in 0..month(2028, 1) {
        let same_value = bits(&env.value[cells(t)]) == bits(&history.value[cells(t)]);
        assert_eq!(same_value, t < month(2027, 3), "month {t}");
        let same_law = env.access[cells(t)] == history.access[cells(t)];
        assert_eq!(same_law, t < month(2026, 1), "month {t}");
    }
    let h20 = env.good("nvidia-h20").unwrap();
    let supply = |t: usize| env.access[env.cell(Month(t), h20, 0)][0].supply;
    assert_eq!(supply(month(2028, 1)), strait::rules::SupplyEffect::Blocked);
    assert_ne!(supply(month(2027, 12)), strait::rules::SupplyEffect::Blocked);

    for (change, words, help) in [
        (
            "add\"\ngoods = [\"b30a\"]",
            "`b30a` is no new good",
            "the good `nvidia-b30a` already, on sale from 2026-01-01",
        ),
        (
            "add\"\ngoods = [\"nosuch\"]",
            "`nosuch` is no chip",
            "`strait chips` lists every name",
        ),
        (
            "ban\"\ngoods = [\"b300\"]",
            "`b300` is no good",
            "is sold within the good `nvidia-blackwell`",
        ),
        (
            "ban\"\ngoods = [\"mi325x\"]",
            "`mi325x` is no good",
            "`verb = \"add\"` makes it a good",
        ),
        (
            "ban\"\ngoods = [\"qqq\"]",
            "`qqq` is no good",
            "the goods are `nvidia-ampere`",
        ),
    ] {
        library.scenario = Scenario::read("s.toml", &format!("[[market]]\nverb = \"{change}\n")).unwrap();
        let said = library.environment(Knowledge::of(KNOWN)).unwrap_err();
        assert!(said.to_string().contains(words), "{said}");
        assert!(said.near.contains(help), "{}", said.near);
    }
    // A chip added takes its maker's lines as the largest of the maker's others does.
    let add = "[[market]]\nverb = \"add\"\ngoods = [\"b100\", \"mi325x\"]\namount = 30000\n";
    library.scenario = Scenario::read("s.toml", add).unwrap();
    let env = library.environment(Knowledge::of(KNOWN)).unwrap();
    let of = |good: &str| env.packages[env.at(Month(month(2026, 6)), env.good(good).unwrap())];
    assert!(of("nvidia-b100").is_some());
    assert_eq!(of("nvidia-b100"), of("nvidia-blackwell"));
    assert!(of("amd-mi325x").is_some());
    assert_eq!(of("amd-mi325x"), of("amd-mi308x"));
}

#[test]
fn smuggling_is_the_flow_of_its_name_as_far_as_buyers_take_it() {
    let (_, env) = world();
    let grey: Vec<usize> = ["grey-hopper", "grey-blackwell"]
        .map(|id| env.good(id).unwrap())
        .into();
    let flow = |p: &Path, env: &Environment, t: usize| -> f64 {
        grey.iter().map(|g| p.mainland_units(env, t, *g)).sum()
    };
    let between = "[[market]]\nverb = \"flow\"\ngoods = [\"grey-hopper\", \"grey-blackwell\"]\namount = 20000\nfrom = \"2025-01\"\n";
    let flows = [
        (changed(&shipped("smuggling-25k")), 25_000.0),
        (changed(between), 80_000.0),
        (changed(&shipped("smuggling-400k")), 400_000.0),
        // More than are taken in most months.
        (changed(&between.replace("20000", "1000000")), 4_000_000.0),
    ];
    let everything = changed(&between.replace("20000", "1e9"));
    let begins = month(2025, 1);
    let (mut whole, mut fewer, mut ordered) = (0, 0, 0);
    for draw in [0, 3, 5, 7, 9, 14] {
        let base = path(env, draw, 84);
        let most = path(&everything, draw, 84);
        let found: Vec<Path> = flows.iter().map(|(env, _)| path(env, draw, 84)).collect();
        for ((env, a_year), path) in flows.iter().zip(&found) {
            // Before the scenario begins nothing differs.
            let row = begins * base.goods * base.points;
            assert_eq!(base.flows.usd[..row], path.flows.usd[..row]);
            assert!(path.not_taken[..begins].iter().all(|n| *n == 0.0));
            for t in begins..84 {
                // The whole flow, but for what it says that nobody takes.
                let (got, asked) = (flow(path, env, t), a_year / 12.0);
                let missing = path.not_taken[t];
                assert!(
                    ((got + missing) / asked - 1.0).abs() < 0.01,
                    "draw {draw}, month {t}: {got} and {missing} of {asked}"
                );
                assert!(got <= asked * 1.0001, "{got} of {asked}");
                if missing > 0.0 {
                    // All may buy then, and about as many are taken as where there is no end of them.
                    assert!(got < 1.1 * flow(&most, &everything, t), "draw {draw}, month {t}");
                    fewer += 1;
                } else {
                    whole += 1;
                }
            }
        }
        // The fewer get through, the more is one of them worth.
        let mut dearer = 0;
        for t in month(2026, 1)..84 {
            let premium = |(path, (env, _)): (&Path, &(Environment, f64))| {
                let worth = grey
                    .iter()
                    .map(|g| path.rent[t * path.goods + g] * path.mainland_units(env, t, *g));
                worth.sum::<f64>() / flow(path, env, t)
            };
            let told: Vec<f64> = found.iter().zip(&flows[..3]).map(premium).collect();
            // Where a flow has further buyers it clears within a thousandth of the price.
            let falls = |w: &[f64]| w[0] >= w[1] - 60.0;
            assert!(told.windows(2).all(falls), "draw {draw}, month {t}: {told:?}");
            dearer += usize::from(told[0] > told[1] + 1_000.0 && told[1] > told[2] + 1_000.0);
        }
        ordered += dearer;
    }
    assert!(ordered > 0, "in no month are three flows three premiums");
    assert!(
        whole > 0 && fewer > 0,
        "{whole} months with the whole flow, {fewer} with less"
    );
}

#[test]
fn only_the_grey_channel_has_a_flow() {
    let text = "[[market]]\nverb = \"flow\"\ngoods = [\"nvidia-h20\"]\namount = 10\n";
    let scenario = strait::scenario::Scenario::read("s.toml", text).unwrap();
    let wrong = strait::market::dynamics::apply(&mut world().1.clone(), &scenario.market[0]).unwrap_err();
    assert!(
        wrong
            .to_string()
            .contains("`nvidia-h20` is no good of the grey channel"),
        "{wrong}"
    );
    assert!(wrong.near.contains("grey-hopper"));
}
