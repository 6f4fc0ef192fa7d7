//! Variables of a run: parts are parts of totals in every draw, one account of the money beside another, and what the
//! documentation says of each.

use super::world::{changed, path, run, world};
use std::collections::BTreeSet;
use std::ops::Range;
use strait::market::Quarter;
use strait::market::dynamics::{Detail, Ensemble, Key, Region, name};

const DRAWS: usize = 4;

fn ensemble() -> Ensemble {
    let (library, env) = world();
    run(library, env).ensemble(DRAWS, Detail::Everything, |_| true)
}

/// Every quarter and every year.
fn spans(e: &Ensemble) -> Vec<Range<usize>> {
    let n = e.quarters.len();
    (0..n)
        .map(|q| q..q + 1)
        .chain((0..n).step_by(4).map(|q| q..q + 4))
        .collect()
}

fn of(e: &Ensemble, key: Key<'_>, over: &Range<usize>) -> Vec<f64> {
    e.over(e.find(key).unwrap_or_else(|| panic!("no {key}")), over.clone())
}

/// Names one level below a beginning, in a region.
fn below<'e>(e: &'e Ensemble, region: Region, root: &str) -> Vec<Key<'e>> {
    let is = |key: &Key<'_>| {
        let rest = key
            .name
            .strip_prefix(root)
            .and_then(|rest| rest.strip_prefix('|'));
        key.region == region && rest.is_some_and(|rest| !rest.contains('|'))
    };
    e.variables.iter().map(|v| v.key()).filter(is).collect()
}

/// Draws of several variables added up.
fn added(e: &Ensemble, keys: &[Key<'_>], over: &Range<usize>) -> Vec<f64> {
    assert!(!keys.is_empty());
    let mut sum = vec![0.0; e.values.len()];
    for key in keys {
        for (sum, x) in sum.iter_mut().zip(of(e, *key, over)) {
            *sum += x;
        }
    }
    sum
}

fn near(a: &[f64], b: &[f64], what: &str) {
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 2e-6 * (1.0 + a.abs()), "{what}: {a} and {b}");
    }
}

#[test]
fn shares_sum_to_one_in_every_draw_and_quarter_and_year() {
    let e = ensemble();
    let mut wholes = 0;
    for over in spans(&e) {
        for region in Region::ALL {
            for (what, amount) in [
                ("Units", "Sales|Units"),
                ("Dollars", "Spending"),
                ("Compute", "Compute acquired"),
            ] {
                let total = of(&e, Key { name: amount, region }, &over);
                let ones: Vec<f64> = total.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
                wholes += ones.iter().filter(|x| **x > 0.0).count();
                for root in [format!("Share|{what}"), format!("Share by origin|{what}")] {
                    near(&added(&e, &below(&e, region, &root), &over), &ones, &root);
                }
                for seller in below(&e, region, &format!("Share|{what}")) {
                    let goods = below(&e, region, seller.name);
                    near(&added(&e, &goods, &over), &of(&e, seller, &over), seller.name);
                }
            }
        }
        for region in [Region::Mainland, Region::Offshore] {
            for what in ["Units", "Dollars"] {
                let root = format!("Share by segment|{what}");
                let ones = vec![1.0; DRAWS];
                near(&added(&e, &below(&e, region, &root), &over), &ones, &root);
                for segment in below(&e, region, &root) {
                    let within = segment.name.replace("Share by segment", "Share within segment");
                    let sellers = below(&e, region, &within);
                    // A buyer that bought nothing has no parts.
                    let bought = of(&e, segment, &over);
                    let ones: Vec<f64> = bought.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
                    near(&added(&e, &sellers, &over), &ones, &within);
                }
            }
        }
        let sites = added(&e, &below(&e, Region::Both, "Share by site|Dollars"), &over);
        near(&sites, &[1.0; DRAWS], "sites");
    }
    // Not one whole was empty: something is bought everywhere in every quarter.
    assert_eq!(wholes, spans(&e).len() * 9 * DRAWS);
}

#[test]
fn every_account_of_units_and_money_adds_up_to_the_same() {
    let e = ensemble();
    for over in spans(&e) {
        for region in Region::ALL {
            for root in [
                "Sales|Units",
                "Spending",
                "Compute acquired",
                "Revenue|Accelerators",
            ] {
                let total = of(&e, Key { name: root, region }, &over);
                let sellers = below(&e, region, root);
                near(&added(&e, &sellers, &over), &total, root);
                for seller in sellers {
                    let goods = below(&e, region, seller.name);
                    near(&added(&e, &goods, &over), &of(&e, seller, &over), seller.name);
                }
                let sites = [Key::mainland(root), Key::offshore(root)];
                near(&added(&e, &sites, &over), &of(&e, Key::both(root), &over), root);
            }
        }
        for region in [Region::Mainland, Region::Offshore] {
            let spending = of(
                &e,
                Key {
                    name: "Spending",
                    region,
                },
                &over,
            );
            let segments = below(&e, region, "Spending by segment");
            near(&added(&e, &segments, &over), &spending, "segments");
            for segment in segments {
                let sellers = below(&e, region, segment.name);
                near(&added(&e, &sellers, &over), &of(&e, segment, &over), segment.name);
            }
        }
        let spending = of(&e, name::SPENDING, &over);
        near(
            &added(&e, &[name::FOR_USE, name::FOR_STOCK], &over),
            &spending,
            "purposes",
        );
        // What is paid in the grey channel is no seller's revenue.
        let revenue = Key::mainland("Revenue|Accelerators");
        near(&added(&e, &[revenue, name::GREY], &over), &spending, "revenue");
    }
}

#[test]
fn a_share_of_a_year_is_that_of_its_sums_as_the_path_itself_has_it() {
    let (_, env) = world();
    let e = ensemble();
    let year = e.year(2025).unwrap();
    let found = of(&e, Key::mainland("Share|Dollars|NVIDIA|H20"), &year);
    let h20 = env.good("nvidia-h20").unwrap();
    for (draw, found) in found.iter().enumerate() {
        let p = path(env, draw, 72);
        let sum = |good: &dyn Fn(usize) -> bool| -> f64 {
            let months = year.start * 3..year.end * 3;
            months
                .flat_map(|t| (0..p.goods).map(move |g| (t, g)))
                .filter(|(_, g)| good(*g))
                .map(|(t, g)| p.mainland_usd(env, t, g))
                .sum()
        };
        let share = sum(&|g| g == h20) / sum(&|_| true);
        assert!((share - found).abs() < 1e-6, "{share} and {found}");
        // It was sold in the first quarter above all: the mean of quarters is another number.
        let quarters = year
            .clone()
            .map(|q| of(&e, Key::mainland("Share|Dollars|NVIDIA|H20"), &(q..q + 1))[draw]);
        assert!((quarters.sum::<f64>() / 4.0 - share).abs() > 0.005);
    }
}

#[test]
fn names_are_told_apart_by_region_alone_and_every_one_is_documented() {
    let (_, env) = world();
    let e = ensemble();
    // A table escapes the bars within its cells.
    let text = include_str!("../../../../../docs/market.md").replace("\\|", "|");
    let mut seen = BTreeSet::new();
    let units = [
        "million USD",
        "thousand",
        "thousand H100-equiv",
        "million",
        "USD/unit",
        "1",
    ];
    for v in &e.variables {
        assert!(seen.insert((v.region, v.name.clone())), "{} twice", v.name);
        assert!(
            v.name.split('|').all(|level| !level.trim().is_empty()),
            "{}",
            v.name
        );
        assert!(units.contains(&v.unit), "{} in {}", v.name, v.unit);
        // As the documentation has it: placeholders for who sells, what, and to whom.
        let mut written = v.name.clone();
        for good in &env.goods {
            // Whole levels: an H200 is no H20.
            let own = format!("|{}|{}", good.seller, good.name);
            let level = format!("{written}|");
            if level.contains(&format!("{own}|")) {
                let named = level.replace(&format!("{own}|"), "|SELLER|GOOD|");
                written = named.trim_end_matches('|').to_owned();
            } else if let Some(root) = written.strip_suffix(&format!("|{}", good.seller))
                && !root.starts_with("Revenue by ")
                && !root.contains("by origin")
            {
                written = format!("{root}|SELLER");
            }
        }
        for point in &env.points {
            written = written.replace(&format!("|{}", point.name), "|SEGMENT");
        }
        for origin in ["Foreign vendors", "Chinese vendors", "Grey channel"] {
            if written.contains("by origin") {
                written = written.replace(origin, "ORIGIN");
            }
        }
        for region in Region::ALL {
            written = written.replace(&format!("|{region}"), "|REGION");
        }
        assert!(
            text.contains(&format!("`{written}`")),
            "docs/market.md lacks `{written}`"
        );
    }
    // The same by every measure: none was left out.
    for key in [
        name::BILLING,
        name::HEADQUARTERS,
        name::NVIDIA_MAINLAND,
        name::HUAWEI,
    ] {
        assert!(e.find(key).is_some(), "{key}");
    }
}

#[test]
fn what_is_at_stake_is_told_path_by_path_on_each_basis_by_itself() {
    let (library, env) = world();
    let base = run(library, env).ensemble(DRAWS, Detail::Totals, |_| true);
    // Buyers on the mainland lose all of NVIDIA's, buyers abroad nothing.
    let banned = changed(
        "[[market]]\nverb = \"guidance\"\ngoods = [\"nvidia\"]\nstate = \"banned\"\nfrom = \"2026-01\"\n",
    );
    let branch = run(library, &banned).ensemble(DRAWS, Detail::Totals, |_| true);
    let year = base.year(2026).unwrap();
    let less = |key| branch.less(&base, key, &year).unwrap();
    let (billing, customers) = (less(name::BILLING), less(name::HEADQUARTERS));
    assert_eq!((billing.less, billing.more), (1.0, 0.0));
    let gaps: Vec<f64> = of(&branch, name::HEADQUARTERS, &year)
        .iter()
        .zip(of(&base, name::HEADQUARTERS, &year))
        .map(|(x, y)| x - y)
        .collect();
    let (low, high) = gaps
        .iter()
        .fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(*x), b.max(*x)));
    assert!(
        low <= customers.amount.p05 && customers.amount.p95 <= high,
        "{customers:?}"
    );
    // By location all of it can go, by customer the part that is bought abroad stays.
    let part = |d: &strait::market::dynamics::Difference| d.part.unwrap().median;
    assert!(part(&billing) < part(&customers) && part(&customers) < 0.0);
    let same = base.less(&base, name::BILLING, &year).unwrap();
    assert_eq!((same.more, same.less, same.amount.p95), (0.0, 0.0, 0.0));
    assert!(
        base.quarter(Quarter {
            year: 2026,
            quarter: 1
        })
        .is_some()
    );
}
