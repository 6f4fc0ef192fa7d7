//! Accounts, limits, seeds and scenarios of a path.

use super::world::{changed, path, run, world};
use jiff::civil::date;
use strait::market::dynamics::{BLOCK, Detail, Environment, Month, Path, Period, Target, apply};
use strait::rules::{Channel, ChinaState, Site, SupplyEffect};
use strait::scenario::Scenario;

#[test]
fn every_good_of_the_model_is_valued_and_law_comes_from_rules() {
    let (_, env) = world();
    assert!(env.left_out.is_empty(), "{:?}", env.left_out);
    let cell = |day: (i16, i8), good: &str, point: usize| {
        env.access[env.cell(Month::of(date(day.0, day.1, 15)), env.good(good).unwrap(), point)].clone()
    };
    // H20: open in 2024, under a license from April 2025 of which none came before August, banned by guidance in the
    // autumn; an H100 blocked; Huawei not bound.
    let only = |cells: &[strait::market::dynamics::AccessShare]| {
        assert_eq!(cells.len(), 1, "{cells:?}");
        (cells[0].supply, cells[0].china)
    };
    assert_eq!(only(&cell((2024, 6), "nvidia-h20", 0)).0, SupplyEffect::Open);
    assert_eq!(only(&cell((2025, 6), "nvidia-h20", 0)).0, SupplyEffect::Blocked);
    assert_eq!(only(&cell((2025, 10), "nvidia-h20", 0)).0, SupplyEffect::Licensed);
    assert_eq!(only(&cell((2025, 11), "nvidia-h20", 0)).1, ChinaState::Banned);
    assert_eq!(only(&cell((2024, 6), "nvidia-h100", 0)).0, SupplyEffect::Blocked);
    assert_eq!(only(&cell((2025, 6), "huawei", 0)).0, SupplyEffect::NotBound);
    // The month of the letter is split: some of its days are open, some licensed.
    assert_eq!(cell((2025, 4), "nvidia-h20", 0).len(), 2);
    for cell in env.access.iter().filter(|c| !c.is_empty()) {
        let whole: f64 = cell.iter().map(|a| a.part).sum();
        assert!((whole - 1.0).abs() < 1e-9, "{cell:?}");
    }
}

#[test]
fn stocks_conserve_and_money_adds_up() {
    let (_, env) = world();
    for draw in [0, 1] {
        let p = path(env, draw, 72);
        for g in 0..p.goods {
            let mut held = 0.0;
            for t in 0..p.months {
                let row = (t * p.goods + g) * p.points;
                let bought: f64 = p.flows.units[row..row + p.points].iter().sum();
                held += bought - p.retired[t * p.goods + g];
                let shown = p.installed[t * p.goods + g];
                assert!(
                    (held - shown).abs() <= 1e-9 * shown.max(1.0),
                    "{} in month {t}",
                    env.goods[g].id
                );
                assert!(p.stock[t * p.goods + g] >= -1e-9);
            }
        }
        for t in 0..p.months {
            for point in 0..p.points {
                let usd: f64 = (0..p.goods)
                    .map(|g| p.flows.usd[(t * p.goods + g) * p.points + point])
                    .sum();
                let ahead = p.prebought[t * p.points + point];
                // Spending is within the budget, but for what is bought ahead.
                assert!(
                    usd <= p.budget[t * p.points + point] * (1.0 + 1e-9) + ahead + 1.0,
                    "month {t}"
                );
            }
        }
    }
}

#[test]
fn no_limit_is_exceeded_and_a_slack_one_changes_nothing() {
    let (_, env) = world();
    let free = path(env, 2, 60);
    let h20 = env.good("nvidia-h20").unwrap();
    let most = (0..60)
        .map(|t| free.mainland_units(env, t, h20) + 1.0)
        .fold(0.0, f64::max);
    let slack = changed(&format!(
        "[[market]]\nverb = \"cap\"\ngoods = [\"nvidia-h20\"]\namount = {}\nuntil = \"2025-07\"\n",
        most * 30.0
    ));
    assert_eq!(path(&slack, 2, 60).flows.usd, free.flows.usd);
    let tight =
        changed("[[market]]\nverb = \"cap\"\ngoods = [\"nvidia-h20\"]\namount = 3000\nfrom = \"2024-02\"\n");
    let p = path(&tight, 2, 60);
    for t in 0..60 {
        let row = (t * p.goods + h20) * p.points;
        let units: f64 = p.flows.units[row..row + p.points].iter().sum();
        assert!(units <= 1000.0 + 1e-6, "month {t}: {units}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_one_thread_and_two() {
    let (library, env) = world();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| run(library, env).block(0, 6, Detail::Everything))
    };
    let (one, two) = (on(1), on(2));
    assert_eq!(one.len(), 6.min(BLOCK));
    let bits = |rows: &[Vec<f32>]| rows.iter().flatten().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&one), bits(&two));
}

#[test]
fn scenarios_move_what_they_should_and_the_way_they_should() {
    let (_, env) = world();
    let sales = |p: &Path, env: &Environment, good: &str, from: usize, to: usize| -> f64 {
        let g = env.good(good).unwrap();
        (from..to).map(|t| p.mainland_usd(env, t, g)).sum()
    };
    let month = |y, m| Month::of(date(y, m, 1)).0;
    let calm = changed(
        "[[market]]\nverb = \"guidance\"\ngoods = [\"foreign\"]\nstate = \"none\"\nfrom = \"2025-07-15\"\n",
    );
    let banned = changed("[[market]]\nverb = \"ban\"\ngoods = [\"nvidia-h20\"]\nfrom = \"2025-05\"\n");
    let cut = changed("[[market]]\nverb = \"supply\"\nof = \"memory\"\namount = 0.1\nfrom = \"2025-01\"\n");
    let poor = changed("[[market]]\nverb = \"demand\"\namount = 0.5\nfrom = \"2025-01\"\n");
    for draw in 0..3 {
        let base = path(env, draw, 60);
        let (a, b) = (month(2025, 8), 60);
        let without = path(&calm, draw, 60);
        assert!(sales(&without, &calm, "nvidia-h20", a, b) > sales(&base, env, "nvidia-h20", a, b));
        assert_eq!(
            base.flows.usd[..month(2025, 7) * base.goods * base.points],
            without.flows.usd[..month(2025, 7) * base.goods * base.points]
        );
        let refused = path(&banned, draw, 60);
        assert_eq!(sales(&refused, &banned, "nvidia-h20", month(2025, 5), 60), 0.0);
        let short = path(&cut, draw, 60);
        assert!(
            sales(&short, &cut, "huawei", month(2025, 1), 60)
                <= sales(&base, env, "huawei", month(2025, 1), 60) * (1.0 + 1e-6)
        );
        let spent = |p: &Path, e: &Environment| {
            (36..60)
                .map(|t| (0..p.goods).map(|g| p.mainland_usd(e, t, g)).sum::<f64>())
                .sum::<f64>()
        };
        assert!(spent(&path(&poor, draw, 60), &poor) < spent(&base, env));
    }
    let unknown = Scenario::read("s.toml", "[[market]]\nverb = \"ban\"\ngoods = [\"nvidia-h2O\"]\n").unwrap();
    let said = apply(&mut env.clone(), &unknown.market[0])
        .unwrap_err()
        .to_string();
    assert_eq!(
        said,
        "s.toml:1: `nvidia-h2O` is no good, vendor, `domestic` or `foreign` of the quarterly model"
    );
    for (text, words) in [
        (
            "verb = \"assume\"\nparameter = \"yield_2052\"\nscore = 1.0",
            "`yield_2052` is no parameter",
        ),
        (
            "verb = \"ban\"\ngoods = [\"nvidia-h20\"]\nfrom = \"2035\"",
            "`2035` is no month",
        ),
    ] {
        let change = Scenario::read("s.toml", &format!("[[market]]\n{text}\n")).unwrap();
        let said = apply(&mut env.clone(), &change.market[0])
            .unwrap_err()
            .to_string();
        assert!(said.contains(words), "{said}");
    }
    for (text, words) in [
        (
            "[[market]]\nverb = \"cap\"\ngoods = [\"nvidia-h20\"]\n",
            "`cap` without `amount`",
        ),
        (
            "[[market]]\nverb = \"guidance\"\ngoods = [\"foreign\"]\nstate = \"strict\"\n",
            "`guidance` with `state = strict`",
        ),
        ("[[market]]\nverb = \"ban\"\n", "`ban` names no goods"),
        (
            "[[market]]\nverb = \"cap\"\ngoods = [\"nvidia-h20\"]\namount = 5\nbuyers = [\"platforms\"]\n",
            "`cap` does nothing with `buyers`",
        ),
        (
            "[[market]]\nverb = \"demand\"\namount = 0.5\nbuyers = [\"platforms\"]\n",
            "`demand` does nothing with `buyers`",
        ),
        (
            "[[market]]\nverb = \"supply\"\nof = \"memory\"\namount = 0.5\ngoods = [\"huawei\"]\n",
            "`supply` does nothing with `goods`",
        ),
        (
            "[[market]]\nverb = \"add\"\ngoods = [\"b30a\"]\namount = -5\n",
            "`add` with `amount = -5`",
        ),
        (
            "[[market]]\nverb = \"ban\"\ngoods = [\"nvidia-h20\"]\nfrom = \"2026-02\"\nuntil = \"2026-01\"\n",
            "`until = 2026-01` lies before `from = 2026-02`",
        ),
    ] {
        let problem = Scenario::read("s.toml", text).unwrap_err().to_string();
        assert!(problem.contains(words), "{problem}");
    }
}

#[test]
fn the_two_geographic_bases_differ_by_what_is_bought_abroad() {
    let (library, env) = world();
    let theta = run(library, env).theta(0);
    let p = path(env, 0, 60);
    let period = Period::read("FY2025Q3").unwrap();
    let of = |t: &Target| t.of(&p, env, &theta, &period);
    let abroad = p.over_period(&period, |t| {
        (0..p.goods)
            .filter(|g| env.goods[*g].vendor == "nvidia" && env.goods[*g].channel == Channel::Direct)
            .map(|g| p.offshore_usd(env, t, g))
            .sum()
    });
    let gap = of(&Target::NvidiaHeadquarters) - of(&Target::NvidiaBilling);
    assert!(abroad > 0.0 && (gap - abroad).abs() < 1.0, "{gap} {abroad}");
    assert!(env.points.iter().filter(|p| p.site == Site::Offshore).count() == 1);
}

#[test]
fn demand_without_limits_is_above_what_was_bought_when_goods_were_refused() {
    let (library, env) = world();
    let theta = run(library, env).theta(1);
    let p = path(env, 1, 60);
    let of = |target: Target, period: &str| target.of(&p, env, &theta, &Period::read(period).unwrap());
    for period in ["2025-Q3", "2025-Q4"] {
        let (wanted, bought) = (of(Target::Demand, period), of(Target::MarketDollars, period));
        assert!(wanted > bought, "{period}: {wanted} {bought}");
        let budget: f64 = (0..60)
            .filter(|t| {
                let first = Month(*t).first_day();
                Period::read(period).is_some_and(|q| q.from <= first && first <= q.to)
            })
            .flat_map(|t| {
                (0..p.points)
                    .filter(|n| env.points[*n].site == Site::Mainland)
                    .map(move |n| (t, n))
            })
            .map(|(t, n)| p.budget[t * p.points + n])
            .sum();
        assert!(wanted < budget);
    }
}
