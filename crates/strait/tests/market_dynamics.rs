//! The market over time, on the shipped data: what must hold on every path.

use jiff::civil::date;
use std::sync::OnceLock;
use strait::brief::{Knowledge, Library};
use strait::data::DataSet;
use strait::market::Stream;
use strait::market::dynamics::{
    BLOCK, Detail, Environment, Fit, Month, Names, Observations, Path, Period, Run, Shocks, Target, answered,
    answers, apply, drawn_policy, hazard, self_check, sensitivity, synthetic,
};
use strait::market::sampler::{Settings, Target as _};
use strait::rules::{Channel, ChinaState, Site, SupplyEffect};
use strait::scenario::Scenario;

const KNOWN: jiff::civil::Date = date(2026, 11, 23);

fn world() -> &'static (Library, Environment) {
    static WORLD: OnceLock<(Library, Environment)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let library =
            Library::load(&DataSet::embedded(), &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
        let env = library.environment(Knowledge::of(KNOWN)).unwrap();
        (library, env)
    })
}

fn run<'a>(library: &'a Library, env: &'a Environment) -> Run<'a> {
    Run {
        env,
        priors: &library.dynamics.priors,
        posterior: &library.dynamics.posterior,
        held: &[],
        seed: 7,
    }
}

/// The environment with a scenario's changes.
fn changed(text: &str) -> Environment {
    let scenario = Scenario::read("s.toml", text).unwrap();
    let mut env = world().1.clone();
    for change in &scenario.market {
        apply(&mut env, change).unwrap();
    }
    env
}

fn path(env: &Environment, draw: usize, months: usize) -> Path {
    let run = run(&world().0, env);
    Path::simulate(env, &run.theta(draw), &run.shocks(draw), months)
}

#[test]
fn every_good_of_the_model_is_valued_and_law_comes_from_rules() {
    let (_, env) = world();
    assert!(env.left_out.is_empty(), "{:?}", env.left_out);
    let cell = |day: (i16, i8), good: &str, point: usize| {
        env.access[env.cell(Month::of(date(day.0, day.1, 15)), env.good(good).unwrap(), point)].clone()
    };
    // H20: open in 2024, licensed from April 2025, banned by guidance in the autumn; an H100 blocked; Huawei not bound.
    let only = |cells: &[strait::market::dynamics::AccessShare]| {
        assert_eq!(cells.len(), 1, "{cells:?}");
        (cells[0].supply, cells[0].china)
    };
    assert_eq!(only(&cell((2024, 6), "nvidia-h20", 0)).0, SupplyEffect::Open);
    assert_eq!(only(&cell((2025, 6), "nvidia-h20", 0)).0, SupplyEffect::Licensed);
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
                let ahead: f64 = (0..p.goods)
                    .map(|g| {
                        let now = p.stock[t * p.goods + g];
                        let before = if t > 0 {
                            p.stock[(t - 1) * p.goods + g]
                        } else {
                            0.0
                        };
                        (now - before).max(0.0) * p.paid[t * p.goods + g].max(0.0)
                    })
                    .filter(|x| x.is_finite())
                    .sum();
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
        pool.install(|| run(library, env).block(0, 6, Detail::Totals))
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
            "[[market]]\nverb = \"cap\"\ngoods = [\"nvidia-h20\"]\n",
            "`cap` with `amount = NaN`",
        ),
        (
            "[[market]]\nverb = \"guidance\"\ngoods = [\"foreign\"]\nstate = \"strict\"\n",
            "`guidance` with `state = strict`",
        ),
        ("[[market]]\nverb = \"ban\"\n", "`ban` names no goods"),
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
fn data_made_from_known_parameters_are_likeliest_near_them() {
    let (library, env) = world();
    let priors = &library.dynamics.priors;
    let fit = Fit::new(priors, env, &library.dynamics.observed);
    let truth = library.dynamics.posterior.draw(0).to_vec();
    let made = synthetic(&fit, &truth, &mut Stream::new(11, 0));
    let again = Fit::new(priors, env, &made);
    let at = |k: usize, shift: f64| {
        let mut z = truth.clone();
        z[k] += shift;
        again.log_likelihood(&priors.theta(&z))
    };
    let best = at(0, 0.0);
    // Parameters the observations speak of: two standard deviations to either side must be worse.
    for id in ["budget_2022", "growth_2023", "offshore_level", "nvidia_quality"] {
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
    let page = include_str!("../../../docs/market_accuracy.md");
    assert!(
        page.contains(&d.observed.hash()),
        "write docs/market_accuracy.md anew: `strait validate market --page docs/market_accuracy.md`"
    );
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

#[test]
fn makers_answer_a_lost_market_after_the_day_and_never_before() {
    let (library, _) = world();
    let then = library.environment(Knowledge::of(date(2023, 10, 20))).unwrap();
    let found = answers(&then);
    // By then one loss had been answered, by the A800; the rule of that week is the next.
    assert_eq!(found.rate.shape, 2.0);
    // It holds from 17 November: of that month's three days asked one is lost, of the next all.
    assert_eq!(found.losses.last(), Some(&Month::of(date(2023, 12, 1)).0));
    let lost = found.lost.expect("a good was lost");
    assert!(then.goods[lost].vendor == "nvidia");
    // Without a good that stands for the answer nothing is drawn.
    assert!(answered(&then, &found, Shocks::default(), 1, 0).answer.is_empty());
    // A good that would leave the market in 2024 was not known to.
    let a800 = then.good("nvidia-a800").unwrap();
    assert!(then.on_sale(Month::of(date(2024, 9, 1)), a800));
}

#[test]
fn a_successor_sells_as_far_as_it_is_drawn_to() {
    let (library, _) = world();
    let mut env = library.environment(Knowledge::of(date(2023, 10, 20))).unwrap();
    // The A800 as the answer to its own loss.
    let a800 = env.good("nvidia-a800").unwrap();
    env.goods[a800].id = "successor".into();
    let found = answers(&env);
    let theta = run(library, &env).theta(0);
    let known = Month::of(env.known).0;
    let mut sales = 0;
    for draw in 0..20 {
        let shocks = answered(&env, &found, Shocks::default(), 1, draw);
        assert_eq!(shocks.successor, Some(a800));
        assert!(shocks.answer[..=known].iter().all(|a| *a == 0.0));
        let path = Path::simulate(&env, &theta, &shocks, known + 8);
        for t in known + 1..known + 8 {
            let sold = path.mainland_usd(&env, t, a800) > 0.0;
            assert_eq!(sold, shocks.answer[t] > 0.0, "draw {draw}, month {t}");
            sales += usize::from(sold);
        }
    }
    assert!(sales > 0);
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
