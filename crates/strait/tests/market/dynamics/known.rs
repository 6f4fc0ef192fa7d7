//! What lies beyond the day of knowledge: chips and review policies go on as they were last known; and what a seller said
//! that a rule cost it.

use super::world::{KNOWN, changed, run, world};
use jiff::civil::date;
use strait::brief::{Knowledge, Library};
use strait::data::DataSet;
use strait::market::dynamics::{Fit, Month, Observations, Path, Shocks, Target};
use strait::rules::{Site, SupplyEffect};
use strait::scenario::Scenario;

#[test]
fn a_good_goes_on_with_the_last_chip_that_was_known() {
    let (library, today) = world();
    for day in [date(2024, 6, 1), date(2025, 4, 10)] {
        let then = library.environment(Knowledge::of(day)).unwrap();
        let huawei = then.good("huawei").unwrap();
        for month in [date(2026, 3, 1), date(2027, 6, 1)] {
            let month = Month::of(month);
            assert!(then.on_sale(month, huawei), "{day}");
            let at = then.at(month, huawei);
            // Dies and stacks are those of chips that were known: one die before the 910C was.
            assert!(then.dies[at] <= today.dies[at].max(1.4), "{day}");
            let platform = then.cell(month, huawei, 0);
            let whole: f64 = then.access[platform].iter().map(|share| share.part).sum();
            assert!((whole - 1.0).abs() < 1e-9, "{day}: {whole} of the month's buyers");
        }
    }
    let early = library.environment(Knowledge::of(date(2024, 6, 1))).unwrap();
    let huawei = early.good("huawei").unwrap();
    assert_eq!(early.dies[early.at(Month::of(date(2027, 6, 1)), huawei)], 1.0);
}

#[test]
fn denial_is_presumed_on_where_its_text_is_only_known_to_end_later() {
    let (library, _) = world();
    let then = library.environment(Knowledge::of(date(2024, 6, 1))).unwrap();
    for good in ["nvidia-h100", "nvidia-ampere"] {
        let g = then.good(good).unwrap();
        for t in Month::of(date(2024, 1, 1)).0..108 {
            for p in (0..then.points.len()).filter(|p| then.points[*p].site == Site::Mainland) {
                for share in &then.access[then.cell(Month(t), g, p)] {
                    assert_eq!(
                        share.supply,
                        SupplyEffect::Blocked,
                        "{good} in {}",
                        Month(t).first_day()
                    );
                }
            }
        }
    }
    // A license that may come is still one that may come.
    let spring = library.environment(Knowledge::of(date(2025, 4, 20))).unwrap();
    let h20 = spring.good("nvidia-h20").unwrap();
    let cell = spring.cell(Month::of(date(2026, 4, 1)), h20, 0);
    assert!(
        spring.access[cell]
            .iter()
            .all(|share| share.supply == SupplyEffect::Licensed)
    );
}

#[test]
fn what_a_rule_cost_a_seller_is_read_off_a_path_on_which_the_good_stayed_open() {
    let (library, env) = world();
    let of = |target: &str| -> Observations {
        let rows = library.dynamics.observed.0.iter();
        Observations(rows.filter(|o| o.target.key() == target).cloned().collect())
    };
    let stated = of("revenue_if_open:nvidia-h20");
    assert_eq!(
        (stated.0.len(), stated.0[0].value()),
        (1, 8e9),
        "NVIDIA's outlook of May 2025"
    );
    let fit = Fit::new(&library.dynamics.priors, env, &stated);
    // Open on the mainland alone: chips for buyers abroad come off the same lines.
    let open = changed(
        "[[market]]\nverb = \"allow\"\ngoods = [\"nvidia-h20\"]\nbuyers = [\"platforms\", \"state\", \"other\"]\n\
         from = \"2025-04\"\nuntil = \"2025-07\"\n",
    );
    for draw in 0..3 {
        let theta = run(library, env).theta(draw);
        let predicted = fit.predicted(&theta)[0];
        let path = Path::simulate(&open, &theta, &Shocks::default(), fit.months);
        let target = Target::Revenue("nvidia-h20".into());
        let asked = target.of(&path, &open, &theta, &stated.0[0].period);
        assert_eq!(predicted, asked, "draw {draw}");
        // In history next to nothing was sold in those months.
        let path = Path::simulate(env, &theta, &Shocks::default(), fit.months);
        assert!(target.of(&path, env, &theta, &stated.0[0].period) < 0.1 * predicted);
    }
    // All other observations are read off history as before.
    let rest = of("nvidia_billing");
    let theta = run(library, env).theta(0);
    let alone = Fit::new(&library.dynamics.priors, env, &rest).predicted(&theta);
    let mut both = rest.clone();
    both.0.extend(stated.0.clone());
    let beside = Fit::new(&library.dynamics.priors, env, &both).predicted(&theta);
    assert_eq!(alone, beside[..alone.len()]);
}

#[test]
fn what_others_published_of_a_question_stands_beside_it_once_it_was_public() {
    let text = DataSet::embedded();
    let file = text.get("scenarios/h20-free.toml").unwrap();
    let of = |text: &str| {
        let scenario = Scenario::read("h20-free.toml", text).unwrap();
        Library::load(&DataSet::embedded(), &scenario).unwrap()
    };
    let library = of(file.text);
    let all = library.beside(KNOWN).unwrap();
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(
        all[0].contains("FY2026Q2: 8 USD_bn") && all[2].contains("16.8"),
        "{all:?}"
    );
    // In May 2025 the chief executive had spoken, the outlook and the analyst had not.
    let early = library.beside(date(2025, 5, 20)).unwrap();
    assert!(early.len() == 1 && early[0].contains("Huang"), "{early:?}");
    let wrong = of("beside = [\"share:sh999\"]\n")
        .beside(KNOWN)
        .unwrap_err()
        .to_string();
    assert!(wrong.contains("share:sh999"), "{wrong}");
}

#[test]
fn the_run_of_history_has_published_values_of_chinese_makers_beside_it() {
    let text = DataSet::embedded();
    let file = text.get("scenarios/history.toml").unwrap();
    let scenario = Scenario::read("history.toml", file.text).unwrap();
    // Values beside it change nothing.
    assert!(scenario.is_baseline() && scenario.provisions().is_empty());
    let library = Library::load(&text, &scenario).unwrap();
    let all = library.beside(KNOWN).unwrap();
    let heads = [
        "FT, huawei Ascend revenue_usd_bn, CY2025: 7.5 USD_bn",
        "Bernstein/DigiTimes, huawei Ascend revenue_usd_bn, CY2025: 8.16 USD_bn",
        "Bernstein, domestic all supply_usd_bn, CY2027: 39 USD_bn",
        "Bernstein, all all market_usd_bn, CY2025: 37 USD_bn",
        "Bernstein, all all market_usd_bn, CY2027: 69 USD_bn",
        "IDC, domestic all share_units, CY2025: 0.41 fraction",
    ];
    assert_eq!(all.len(), heads.len(), "{all:?}");
    for (line, head) in all.iter().zip(heads) {
        assert!(line.starts_with(head), "{line}");
    }
    // At the end of 2025 only Bernstein's table of December was public.
    assert_eq!(library.beside(date(2025, 12, 31)).unwrap().len(), 3);
}
