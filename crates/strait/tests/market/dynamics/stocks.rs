//! Stocks of makers: dies made and not yet sold, and chips made for this market that a license keeps from buyers.

use super::world::{changed, path, world};
use jiff::civil::date;
use strait::brief::Knowledge;
use strait::market::dynamics::{Environment, Month, Path};
use strait::rules::SupplyEffect;

fn sold(p: &Path, t: usize, good: usize) -> f64 {
    let row = (t * p.goods + good) * p.points;
    p.flows.units[row..row + p.points].iter().sum()
}

/// Dies in the packages sold of the maker whose capacity is modelled, through a month.
fn dies_sold(p: &Path, env: &Environment, through: usize) -> f64 {
    (0..=through)
        .flat_map(|t| (0..p.goods).map(move |g| (t, g)))
        .filter_map(|(t, g)| {
            let dies = env.dies[env.at(Month(t), g)];
            dies.is_finite().then(|| sold(p, t, g) * dies)
        })
        .sum()
}

#[test]
fn dies_made_are_sold_or_banked_and_none_is_lost() {
    let (_, env) = world();
    let short = changed("[[market]]\nverb = \"supply\"\nof = \"memory\"\namount = 0.1\nfrom = \"2025-01\"\n");
    let thin =
        changed("[[market]]\nverb = \"supply\"\nof = \"packaging\"\namount = 0.2\ngoods = [\"domestic\"]\n");
    for (env, name) in [(env, "as it is"), (&short, "memory"), (&thin, "packaging")] {
        for draw in 0..3 {
            let p = path(env, draw, 84);
            for t in 0..p.months {
                let (made, kept) = (p.dies_made[t], p.banks[t].0);
                let gone = dies_sold(&p, env, t);
                assert!(
                    (made - gone - kept).abs() <= 1e-9 * made.max(1.0),
                    "{name}, draw {draw}, month {t}: {made} made, {gone} sold, {kept} banked"
                );
                assert!(kept >= 0.0);
            }
        }
    }
}

#[test]
fn dies_banked_for_want_of_memory_are_packaged_once_stacks_come() {
    let (_, env) = world();
    let month = |y, m| Month::of(date(y, m, 1)).0;
    let cut = |until: &str| {
        changed(&format!(
            "[[market]]\nverb = \"supply\"\nof = \"memory\"\namount = 0.02\nfrom = \"2025-01\"\nuntil = \"{until}\"\n"
        ))
    };
    let (spell, plenty) = (cut("2025-12"), |env: &Environment| {
        let mut env = env.clone();
        env.memory[month(2026, 1)..].fill(1e3);
        env.interposers.fill(None);
        env
    });
    let (spell, free) = (plenty(&spell), plenty(env));
    let (a, b) = (path(&spell, 0, 72), path(&free, 0, 72));
    let huawei = env.good("huawei").unwrap();
    let of = |p: &Path, from: usize, to: usize| (from..to).map(|t| sold(p, t, huawei)).sum::<f64>();
    let (then, after) = ((month(2025, 1), month(2026, 1)), (month(2026, 1), month(2027, 1)));
    assert!(of(&a, then.0, then.1) < 0.5 * of(&b, then.0, then.1));
    assert!(a.banks[then.1 - 1].0 > b.banks[then.1 - 1].0);
    // What was not sold in the short year comes back in the next.
    assert!(of(&a, after.0, after.1) > of(&b, after.0, after.1));
}

#[test]
fn chips_that_a_license_keeps_from_buyers_stay_with_the_maker_and_are_sold_when_it_comes() {
    let (_, env) = world();
    let good = env.good("amd-mi308x").unwrap();
    let month = |y, m| Month::of(date(y, m, 1)).0;
    let mut env = env.clone();
    for t in month(2025, 1)..month(2026, 1) {
        let at = env.at(Month(t), good);
        env.arrivals[at] = Some([5_000.0; 3]);
    }
    let p = path(&env, 0, month(2026, 1));
    let unsold = |t: usize| p.unsold[t * p.goods + good];
    // Before the letter makers make to order.
    assert!(unsold(month(2025, 3)).abs() < 1e-9);
    for t in month(2025, 5)..p.months {
        let expected = unsold(t - 1) + 5_000.0 - sold(&p, t, good);
        assert!(
            (unsold(t) - expected).abs() < 1e-6,
            "month {t}: {} for {expected}",
            unsold(t)
        );
    }
    // No license came before August: nothing was sold on the mainland in June.
    assert!(p.mainland_usd(&env, month(2025, 6), good) == 0.0);
    assert!(unsold(month(2025, 7)) > 10_000.0);
    let mut open = env.clone();
    for t in month(2025, 10)..month(2026, 1) {
        for point in 0..env.points.len() {
            let cell = env.cell(Month(t), good, point);
            open.access[cell].iter_mut().for_each(|a| {
                a.supply = SupplyEffect::Open;
                a.china = strait::rules::ChinaState::None;
            });
        }
    }
    let q = path(&open, 0, month(2026, 1));
    let most = 5_000.0 + q.unsold[(month(2025, 10) - 1) * q.goods + good] / 7.0;
    let first = sold(&q, month(2025, 10), good);
    assert!(
        first > 5_000.0 && first <= most * (1.0 + 1e-9),
        "{first} of {most}"
    );
}

#[test]
fn a_license_that_did_not_come_is_read_from_the_day_it_was_known() {
    let (library, env) = world();
    let june = |env: &Environment, good: &str| {
        let cell = env.cell(Month::of(date(2025, 6, 1)), env.good(good).unwrap(), 0);
        env.access[cell].iter().map(|a| a.supply).collect::<Vec<_>>()
    };
    let before = library.environment(Knowledge::of(date(2025, 8, 4))).unwrap();
    for good in ["nvidia-h20", "amd-mi308x"] {
        assert_eq!(june(&before, good), [SupplyEffect::Licensed], "{good}");
        assert_eq!(june(env, good), [SupplyEffect::Blocked], "{good}");
    }
    let october = env.cell(Month::of(date(2025, 10, 1)), env.good("amd-mi308x").unwrap(), 0);
    assert_eq!(env.access[october][0].supply, SupplyEffect::Licensed);
}
