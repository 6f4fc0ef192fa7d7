//! What a scenario writes is what a run does.

use crate::world::{KNOWN, changed, path, run, world};
use jiff::civil::date;
use strait::brief::{Knowledge, Library};
use strait::catalog::Catalog;
use strait::data::DataSet;
use strait::market::dynamics::{Binding, Detail, Environment, Month, Path, name, read, refusal, variables};
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
        assert!(
            units(&p, &capped, "cambricon", t) > units(&free, &capped, "cambricon", t),
            "month {t}"
        );
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
