//! Cards for a part of the work, and buyers who go round the law: who may have what, and what it moves.

use super::world::{path, world};
use jiff::civil::date;
use strait::brief::{Knowledge, Library};
use strait::data::DataSet;
use strait::market::dynamics::{Environment, Month, Path, Period, Target};
use strait::rules::{ChinaState, Site, SupplyEffect};
use strait::scenario::Scenario;

fn month(year: i16, month: i8) -> usize {
    Month::of(date(year, month, 1)).0
}

fn sold(p: &Path, env: &Environment, good: &str, site: Site, months: std::ops::Range<usize>) -> f64 {
    let g = env.good(good).unwrap();
    let points = (0..p.points).filter(|q| env.points[*q].site == site);
    points
        .flat_map(|q| months.clone().map(move |t| (t, q)))
        .map(|(t, q)| p.flows.units[(t * p.goods + g) * p.points + q])
        .sum()
}

#[test]
fn l20_and_l2_are_sold_on_the_mainland_alone_under_the_law_of_the_day() {
    let (_, env) = world();
    let law = |good: &str, year: i16, m: i8| {
        let cell = &env.access[env.cell(Month(month(year, m)), env.good(good).unwrap(), 0)];
        assert_eq!(cell.len(), 1, "{cell:?}");
        (cell[0].supply, cell[0].china)
    };
    for good in ["nvidia-l20", "nvidia-l2"] {
        // Below every bound of October 2023 and no chip of the letters of April 2025.
        assert_eq!(law(good, 2024, 6), (SupplyEffect::Open, ChinaState::None));
        assert_eq!(law(good, 2025, 6), (SupplyEffect::Open, ChinaState::None));
        assert_eq!(law(good, 2025, 9), (SupplyEffect::Open, ChinaState::Discouraged));
        for draw in [0, 4, 11] {
            let p = path(env, draw, 60);
            assert_eq!(sold(&p, env, good, Site::Mainland, 0..month(2024, 3)), 0.0);
            assert!(sold(&p, env, good, Site::Mainland, month(2024, 3)..60) > 1_000.0);
            assert_eq!(sold(&p, env, good, Site::Offshore, 0..60), 0.0);
            // No license stopped, so that nothing is charged for them.
            let g = env.good(good).unwrap();
            assert!((0..60).all(|t| p.write_down[t * p.goods + g] == 0.0));
        }
    }
    // NVIDIA's cards that IDC counts beside the H20 leave room for them in nine draws of ten.
    let beyond = |draw: &usize| {
        let p = path(env, *draw, 48);
        let of = |year: i16| -> f64 {
            let months = month(year, 1)..month(year, 12) + 1;
            let cards = ["nvidia-l20", "nvidia-l2"].into_iter();
            cards
                .map(|g| sold(&p, env, g, Site::Mainland, months.clone()))
                .sum()
        };
        of(2024) > 900_000.0 || of(2025) > 1_700_000.0
    };
    let draws = 60;
    let beyond = (0..draws).filter(beyond).count();
    assert!(beyond * 10 <= draws, "{beyond} of {draws}");
}

#[test]
fn what_nvidia_reports_of_china_holds_the_cards_and_no_one_elses() {
    let (library, env) = world();
    let theta = super::world::run(library, env).theta(3);
    let p = path(env, 3, 60);
    let period: Period = Period::read("CY2024").unwrap();
    let months = month(2024, 1)..month(2024, 12) + 1;
    let usd = |own: &dyn Fn(usize) -> bool| -> f64 {
        let goods = (0..p.goods).filter(|g| own(*g));
        goods
            .flat_map(|g| months.clone().map(move |t| (t, g)))
            .map(|(t, g)| p.mainland_usd(env, t, g))
            .sum()
    };
    let direct = |g: usize| env.goods[g].vendor == "nvidia" && env.goods[g].is_foreign_direct();
    let told = Target::NvidiaBilling.of(&p, env, &theta, &period);
    let sum = usd(&direct) + 12.0 * p.gaming;
    assert!((told / sum - 1.0).abs() < 1e-9, "{told} for {sum}");
    let cards = usd(&|g| ["nvidia-l20", "nvidia-l2"].contains(&env.goods[g].id.as_str()));
    assert!(cards > 0.0 && cards < 0.5 * sum, "{cards} of {sum}");
}

#[test]
fn a_card_for_a_part_of_the_work_moves_nobodys_zero() {
    let (library, env) = world();
    let whole = |g: &usize| library.dynamics.spec.goods[*g].work_factor >= 1.0;
    for (year, m) in [(2024, 2), (2024, 6), (2025, 9), (2027, 1)] {
        let month = Month(month(year, m));
        for p in 0..env.points.len() {
            let of = |g: usize| env.value[env.cell(month, g, p)];
            let goods: Vec<usize> = (0..env.goods.len()).filter(|g| of(*g).is_finite()).collect();
            let fit: Vec<f64> = goods.iter().filter(|g| whole(g)).map(|g| of(*g)).collect();
            let mean = fit.iter().sum::<f64>() / fit.len() as f64;
            assert!(mean.abs() < 1e-9, "{year}-{m}, point {p}: {mean}");
        }
    }
}

#[test]
fn who_buys_round_the_law_alone_buys_of_the_maker_where_there_is_none() {
    let scenario = "[rules]\nwithout_side = [\"us\", \"cn\"]\n";
    let free = Library::load(&DataSet::embedded(), &Scenario::read("s.toml", scenario).unwrap()).unwrap();
    let free = free.environment(Knowledge::of(super::world::KNOWN)).unwrap();
    let (_, env) = world();
    let point = env.points.iter().position(|p| p.grey_only).unwrap();
    let of = |p: &Path, env: &Environment, good: &str, t: usize| {
        p.flows.units[(t * p.goods + env.good(good).unwrap()) * p.points + point]
    };
    for draw in [0, 6] {
        let (law, none) = (path(env, draw, 60), path(&free, draw, 60));
        for t in month(2025, 6)..60 {
            assert_eq!(of(&law, env, "nvidia-blackwell", t), 0.0);
            assert!(of(&law, env, "grey-blackwell", t) > 0.0, "month {t}");
            assert_eq!(of(&none, &free, "grey-blackwell", t), 0.0, "month {t}");
            assert!(of(&none, &free, "nvidia-blackwell", t) > 0.0, "month {t}");
            // What it never went round the law for it does not buy without it either.
            assert_eq!(of(&none, &free, "nvidia-h20", t), 0.0);
        }
    }
}
