//! Power of nodes beside those measured at the wall, and what the files may hold.

use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources};
use strait::figure::{Outcome, Quantity, Watts};
use strait::perf::energy::EnergyModel;
use strait::perf::inference::{Demand, Formats, Setup, Spread};
use strait::perf::ops::End;
use strait::perf::{ModelId, PerfModel, RowUse, Scale, WorkloadId};
use strait::scenario::Scenario;

fn loaded() -> (DataSet, Catalog, PerfModel, EnergyModel) {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap();
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
    let model = PerfModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}"));
    let energy = EnergyModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}"));
    (data, catalog, model, energy)
}

#[test]
fn measured_nodes_are_met() {
    let (_, catalog, model, energy) = loaded();
    let found = energy.validate(&model, |id| catalog.get(id));
    assert!(found.skipped.is_empty(), "{:?}", found.skipped);
    for row in &found.rows {
        let within = if row.role == RowUse::Calibrate { 0.02 } else { 0.15 };
        assert!(
            row.error.abs() < within,
            "{}: {} for {}",
            row.id,
            row.computed,
            row.measured
        );
    }
    let host = energy.fitted_host(&model, |id| catalog.get(id)).unwrap();
    assert!(
        (host / energy.node().host - 1.0).abs() < 0.01,
        "`strait calibrate power`: {host}"
    );
    let mean = found.test_error.unwrap();
    assert!(mean < 0.10, "{mean}");
    // What docs/serving.md says of them is what `strait validate perf` prints.
    let tests = found.rows.iter().filter(|r| r.role == RowUse::Test);
    let worst = tests.map(|r| r.error.abs()).fold(0.0, f64::max);
    let said = format!("within {:.1} %, {:.1} % on average", worst * 100.0, mean * 100.0);
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/serving.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    assert!(docs.contains(&said), "docs/serving.md should say `{said}`");
}

#[test]
fn a_card_takes_less_of_its_host_than_a_module() {
    let (_, catalog, _, energy) = loaded();
    let wall = |name: &str| {
        let chip = catalog.resolve(name).unwrap().chip;
        let each = Watts::of(54.0);
        energy.node_of(chip.form).wall_per_chip(each, true).get()
    };
    // cost/parameters.toml has 60 to 160 W for the server of a card.
    assert!((114.0..214.0).contains(&wall("t4")), "{}", wall("t4"));
    assert!(wall("h100-sxm") > wall("t4") + 100.0);
}

#[test]
fn a_node_adds_to_its_chips_and_air_to_liquid() {
    let (_, _, _, energy) = loaded();
    let node = energy.node();
    for each in [0.0, 70.0, 400.0, 1000.0] {
        let each = Watts::of(each);
        let (air, liquid) = (node.wall(each, true), node.wall(each, false));
        assert!(liquid > each * node.chips + node.host);
        assert!((air.get() / liquid.get() - 1.0 - node.fans.get()).abs() < 1e-12);
        assert!((node.wall_per_chip(each, true).get() * node.chips - air.get()).abs() < 1e-9);
    }
}

#[test]
fn joules_a_token_are_power_over_rate() {
    let (_, catalog, model, energy) = loaded();
    let h100 = catalog.resolve("h100-sxm").unwrap().chip;
    for workload in ["dense-pretraining", "chat"] {
        let w = model.workload(&WorkloadId(workload.into())).unwrap();
        let scale: Scale = model.scales(w)[0];
        let Outcome::Known(p) = model.run(h100, &w.id, scale) else {
            panic!("{workload}");
        };
        let e = energy.of(&p, h100.form).expect("an H100 has a board power");
        let by_hand = p.power.unwrap().value.get() / p.per_chip.value.get();
        assert!((e.per_token.value.get() / by_hand - 1.0).abs() < 1e-12);
        assert!(e.per_token.low < e.per_token.value && e.per_token.value < e.per_token.high);
        assert!(e.wall_per_token.value > e.per_token.value);
        assert!(
            e.chip.value.get() > 100.0 && e.chip.value.get() < 700.0,
            "{:?}",
            e.chip
        );
    }
}

#[test]
fn spoiled_files_are_told() {
    let (data, _, _, _) = loaded();
    let sources = load_sources(&data).unwrap();
    let spoil = |path: &str, from: &str, to: &str| {
        let text = data.get(path).unwrap().text.replacen(from, to, 1);
        assert_ne!(text, data.get(path).unwrap().text);
        let spoiled = data.clone().with(path.to_owned(), text);
        EnergyModel::load(&spoiled, &sources).unwrap_err().to_string()
    };
    assert!(spoil("perf/energy.toml", "value = 0.94", "value = 1.94").contains("supply"));
    assert!(spoil("perf/energy.toml", "unit = \"W\"", "unit = \"V\"").contains("`V`"));
    let csv = "validation/node_power.csv";
    assert!(spoil(csv, "8.4,,test", "-8.4,,test").contains("kilowatts"));
    assert!(spoil(csv, "smc-power", "nobody").contains("nobody"));
    assert!(spoil(csv, "llama-3.1-8b,fp16", ",fp16").contains("without `model`"));
}

/// Watts of a chip of a replica, by users.
fn watts(
    model: &PerfModel,
    catalog: &Catalog,
    on: &str,
    of: &str,
    spread: Spread,
    users: &[f64],
) -> Vec<f64> {
    let chip = catalog.resolve(on).unwrap().chip;
    let system = model.inference().system(chip, End::Middle).unwrap();
    let setup = Setup {
        model: model.model(&ModelId(of.into())).unwrap(),
        formats: Formats::of(Formats::usual(&system)).unwrap(),
        spread,
        system,
        engine: None,
    };
    let replica = model.inference().replica(&setup).unwrap();
    let demand = Demand::new(1000.0, 1000.0);
    let of = |users: &f64| {
        let drawn = replica.drawn(model.activity(), &demand, *users);
        model.power(chip, drawn).unwrap().value.get()
    };
    users.iter().map(of).collect()
}

#[test]
fn one_user_more_changes_watts_by_a_few_percent() {
    let (_, catalog, model, _) = loaded();
    let users: Vec<f64> = (1..=48).map(f64::from).collect();
    for on in ["h100-sxm", "b200", "h20", "mi300x", "ascend-910c"] {
        for (of, spread) in [
            ("gpt-oss-120b", Spread::tensor(8)),
            ("llama-3.1-70b", Spread::tensor(8)),
            ("llama-3.1-8b", Spread::ONE),
        ] {
            let found = watts(&model, &catalog, on, of, spread, &users);
            let board = catalog
                .resolve(on)
                .unwrap()
                .chip
                .tdp
                .as_ref()
                .unwrap()
                .value
                .get();
            for (n, two) in found.windows(2).enumerate() {
                let step = (two[1] / two[0]).ln().abs();
                assert!(step < 0.07, "{of} on {on}, {} users: {two:?} W", n + 1);
                assert!(two[0] > 0.16 * board && two[0] < board, "{of} on {on}: {two:?} W");
            }
        }
    }
}

#[test]
fn chips_that_wait_for_other_stages_or_for_users_draw_less() {
    let (_, catalog, model, _) = loaded();
    let stages = Spread {
        pipeline: 8,
        ..Spread::ONE
    };
    let replicas = Spread {
        data: 8,
        ..Spread::ONE
    };
    for spread in [stages, replicas] {
        let found = watts(
            &model,
            &catalog,
            "h100-sxm",
            "llama-3.1-8b",
            spread,
            &[1.0, 4.0, 8.0],
        );
        let idle = 0.16 * 700.0;
        // What is above idle goes with the stages or replicas that have a user.
        let above: Vec<f64> = found.iter().map(|w| w - idle).collect();
        assert!((above[1] / above[0] / 4.0 - 1.0).abs() < 0.1, "{above:?}");
        assert!((above[2] / above[0] / 8.0 - 1.0).abs() < 0.1, "{above:?}");
    }
    // Sixty-four stages of which one works are near idle.
    let deep = Spread {
        pipeline: 64,
        ..Spread::ONE
    };
    let found = watts(&model, &catalog, "h100-sxm", "llama-3.1-70b", deep, &[1.0]);
    assert!(found[0] < 125.0, "{found:?}");
}

#[test]
fn readings_of_chips_are_met() {
    let (_, catalog, model, _) = loaded();
    let eight = Spread::tensor(8);
    let found = watts(&model, &catalog, "h100-sxm", "gpt-oss-120b", eight, &[4.0, 8.0]);
    // 222 and 253 W (InferenceX, issue 828; 1,024 and 8,192 tokens).
    assert!(
        (found[0] / 222.0 - 1.0).abs() < 0.12 && (found[1] / 253.0 - 1.0).abs() < 0.15,
        "{found:?}"
    );
}
