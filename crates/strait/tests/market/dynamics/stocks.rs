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

#[test]
fn a_levy_on_foreign_chips_never_lowers_domestic_sales() {
    let (_, env) = world();
    let levied =
        changed("[[market]]\nverb = \"levy\"\ngoods = [\"foreign\"]\namount = 0.9\nfrom = \"2024-01\"\n");
    let domestic = |p: &Path, through: usize| -> f64 {
        let own = (0..p.goods).filter(|g| env.goods[*g].domestic);
        own.flat_map(|g| (0..=through).map(move |t| (t, g)))
            .map(|(t, g)| p.mainland_usd(env, t, g))
            .sum()
    };
    let from = Month::of(date(2024, 1, 1)).0;
    for draw in 0..6 {
        let (free, dear) = (path(env, draw, 60), path(&levied, draw, 60));
        // What is sold earlier out of a bank is not there later: sums from the first month on. Limits are met to a
        // ten-thousandth.
        for t in (from + 2..60).step_by(3) {
            let (before, after) = (domestic(&free, t), domestic(&dear, t));
            assert!(
                after >= before * (1.0 - 1e-4),
                "draw {draw}, month {t}: {before} USD without the levy, {after} with it"
            );
        }
    }
}

#[test]
fn a_charge_is_booked_where_a_license_stops_and_nowhere_else() {
    let (_, env) = world();
    let quarter = |p: &Path, good: &str, (y, m): (i16, i8)| -> f64 {
        let (g, first) = (env.good(good).unwrap(), Month::of(date(y, m, 1)).0);
        (first..first + 3).map(|t| p.write_down[t * p.goods + g]).sum()
    };
    let h20_again = changed(
        "[[market]]\nverb = \"ban\"\ngoods = [\"nvidia-h20\", \"nvidia-h200\"]\nfrom = \"2026-12\"\n",
    );
    for draw in 0..4 {
        let p = path(env, draw, 60);
        // The makers booked 4.5 and 0.8 bn USD then.
        for good in ["nvidia-h20", "amd-mi308x"] {
            assert!(quarter(&p, good, (2025, 4)) > 0.0, "{good}");
        }
        // What was left of the A800 and H800 was sold elsewhere; from July 2025 on it was the Chinese side that refused.
        let all = |t: usize| (0..p.goods).map(|g| p.write_down[t * p.goods + g]).sum::<f64>();
        let spring = Month::of(date(2025, 4, 1)).0..Month::of(date(2025, 7, 1)).0;
        for t in (0..60).filter(|t| !spring.contains(t)) {
            assert_eq!(all(t), 0.0, "draw {draw}, {}", Month(t).first_day());
        }
        // A good that is sold all over the world leaves no stock that fits nowhere.
        let banned = path(&h20_again, draw, 61);
        let h200 = env.good("nvidia-h200").unwrap();
        assert!((0..61).all(|t| banned.write_down[t * p.goods + h200] == 0.0));
        let h20 = env.good("nvidia-h20").unwrap();
        let trailing: f64 = (56..59).map(|t| banned.mainland_usd(env, t, h20)).sum();
        let booked = banned.write_down[59 * p.goods + h20];
        assert!(
            (booked > 0.0) == (trailing > 0.0),
            "{booked} after sales of {trailing}"
        );
    }
}

#[test]
fn no_more_h20_are_sold_after_production_ended_than_were_there() {
    let (_, env) = world();
    let open = changed(
        "[[market]]\nverb = \"guidance\"\ngoods = [\"foreign\"]\nstate = \"none\"\nfrom = \"2025-04\"\n",
    );
    let good = env.good("nvidia-h20").unwrap();
    let stopped = Month::of(date(2025, 8, 1));
    let there: f64 = (stopped.0..108)
        .filter_map(|t| Some(env.arrivals[env.at(Month(t), good)]?[2]))
        .sum();
    assert!(there < 720_000.0, "{there}");
    for env in [env, &open] {
        for draw in 0..4 {
            let p = path(env, draw, 108);
            let all: f64 = (stopped.0..108).map(|t| sold(&p, t, good)).sum();
            // The end that is told is that of nine draws of ten, and July's arrivals that nobody might have are of the same
            // stock.
            assert!(all <= there * 1.15, "draw {draw}: {all} sold of {there}");
        }
    }
}

#[test]
fn what_the_state_pays_of_a_subsidised_chip_is_told() {
    let (_, env) = world();
    let subsidised =
        changed("[[market]]\nverb = \"subsidy\"\ngoods = [\"huawei\"]\namount = 0.3\nfrom = \"2024-01\"\n");
    let huawei = env.good("huawei").unwrap();
    let (plain, helped) = (path(env, 1, 60), path(&subsidised, 1, 60));
    for t in 0..60 {
        assert_eq!(plain.subsidies[t], 0.0);
        let due = if t < 24 { 0.0 } else { 0.3 / 1.3 };
        let spent = helped.mainland_usd(env, t, huawei);
        assert!(
            (helped.subsidies[t] - due * spent).abs() <= 1e-9 * spent.max(1.0),
            "month {t}"
        );
    }
    assert!(helped.subsidies.iter().sum::<f64>() > 1e9);
}
