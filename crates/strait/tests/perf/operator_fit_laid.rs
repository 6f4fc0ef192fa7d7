//! A fit to a folder of few tables beside the fit shipped: what it replaces, what stays, and what a file must hold.

use crate::operator_fit::device;
use std::collections::BTreeMap;
use strait::catalog::ChipId;
use strait::data::DataSet;
use strait::perf::kernels::{Groups, Kernels, Origin, Settings, leave_one_out, load, read};
use strait::perf::measured::{RealShapes, Row, Skipped};
use strait::perf::ops::gemm::{Fit, Gemm, seconds};
use strait::perf::ops::{Cache, Call, Engine, Operator, Parameters, Precision};

fn shipped() -> Kernels {
    load(&DataSet::embedded()).unwrap_or_else(|p| panic!("{p}"))
}

/// Products in BF16 on chips that differ in nothing but scale.
fn groups(chips: &[(&str, f64)]) -> Groups {
    let known = Fit::from_list(&Fit::LIST.iter().map(|p| p.prior).collect::<Vec<_>>());
    let (mut rows, mut devices) = (Vec::new(), BTreeMap::new());
    for (name, scale) in chips {
        let id = ChipId((*name).to_owned());
        let device = device(*scale, 1.4e9);
        for (m, n, k) in [
            (1.0, 4096.0, 4096.0),
            (512.0, 4096.0, 8192.0),
            (4096.0, 8192.0, 8192.0),
        ] {
            let cache = Cache::Warm { copies: 5 };
            let precision = Precision::BF16;
            let call = Gemm {
                m,
                n,
                k,
                precision,
                cache,
            };
            rows.push(Row {
                system: (*name).to_owned(),
                chip: id.clone(),
                engine: "ours".into(),
                version: "1".into(),
                precision: "bf16",
                call: Call::Gemm(call),
                seconds: seconds(&call, &device, &known, &Engine::BEST),
            });
        }
        devices.insert(id, device);
    }
    Groups::of(&rows, devices, &mut Skipped::new())
}

fn fitted(groups: &Groups) -> Kernels {
    let settings = Settings {
        sample: 10,
        moves: 40,
        ..Settings::default()
    };
    let (mut own, _) = leave_one_out(groups, &settings, &RealShapes::default(), false, &mut |_| {});
    own.origin = Origin {
        source: "user".into(),
        data: "0123456789ab".into(),
    };
    own
}

#[test]
fn what_few_tables_do_not_measure_stays_as_it_was() {
    let before = shipped();
    let groups = groups(&[("mine", 1.0)]);
    let own = fitted(&groups).over(&before, &groups);
    let products = (Operator::Gemm, "bf16".to_owned());
    assert_eq!(
        own.sets.keys().collect::<Vec<_>>(),
        before.sets.keys().collect::<Vec<_>>()
    );
    for (key, set) in &own.sets {
        if *key == products {
            assert_eq!(
                (set.chips.as_slice(), &set.kept),
                (["mine".to_owned()].as_slice(), &None)
            );
        } else {
            assert_eq!(set.values, before.sets[key].values, "{key:?}");
            assert_eq!(set.kept.as_ref(), Some(&before.origin), "{key:?}");
            assert_eq!(own.spreads[key], before.spreads[key], "{key:?}");
        }
    }
    // One chip says nothing of how chips differ, nor of calls beyond those it was fitted to.
    let (spread, was) = (own.spreads[&products], before.spreads[&products]);
    assert!(spread.between >= was.between && spread.short >= was.short && spread.long >= was.long);
    assert!(own.between >= before.between && own.half_width(products.0, "bf16", 1e-3) > 0.3);
    // Engines of products that the folder does not measure keep their factors.
    let engine = |k: &Kernels| k.engines[&(products.0, products.1.clone(), "VLLM".to_owned())].factors;
    assert_eq!(engine(&own), engine(&before));
}

#[test]
fn the_file_says_what_is_the_users_and_what_was_kept() {
    let before = shipped();
    let groups = groups(&[("mine", 1.0), ("ours", 0.7)]);
    let own = fitted(&groups).over(&before, &groups);
    let text = own.to_toml();
    assert!(
        text.contains("source  = \"user\"\n") && text.contains("data    = \"0123456789ab\""),
        "{text}"
    );
    let kept = format!(
        "source    = \"aiconfigurator-ops\"\ndata      = \"{}\"\n",
        before.origin.data
    );
    assert_eq!(
        text.matches(&kept).count(),
        before.sets.len() - 1 + before.engines.len(),
        "every set and engine but those measured"
    );
    // It is read back as it is, and takes the place of the file shipped.
    let data = DataSet::embedded()
        .overlaid("perf/operators.toml", text.clone())
        .unwrap();
    let again = load(&data).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(again.to_toml(), text);
    // What was kept twice still names where it was first from.
    let twice = fitted(&groups).over(&again, &groups);
    let prompts = (Operator::AttentionPrefill, "bf16".to_owned());
    assert_eq!(twice.sets[&prompts].kept.as_ref(), Some(&before.origin));
}

#[test]
fn numbers_that_no_fit_can_have_are_refused_with_their_line() {
    let text = DataSet::embedded()
        .get("perf/operators.toml")
        .unwrap()
        .text
        .to_owned();
    for (name, wrong, said) in [
        ("between ", "nan", "`between` is `NaN`"),
        ("short ", "inf", "`short` is `inf`"),
        ("reach ", "nan", "`reach` of gemm in bf16 is `NaN`"),
        ("compute ", "-inf", "`compute` is `-inf`"),
        ("memory    = ", "0.0", "`memory` is `0`"),
    ] {
        // The first line that begins so: parameters of a set stand in a wider column than an engine's.
        let old = text.lines().find(|line| line.starts_with(name)).expect(name);
        let new = format!("{} = {wrong}", name.trim_end_matches([' ', '=']));
        let broken = text.replacen(&format!("\n{old}\n"), &format!("\n{new}\n"), 1);
        let data = DataSet::empty().with("operators.toml", broken);
        let problem = read(data.get("operators.toml").unwrap())
            .expect_err(wrong)
            .to_string();
        assert!(
            problem.contains(said) && problem.contains("operators.toml"),
            "{problem}"
        );
    }
}

#[test]
fn an_operator_without_parameters_is_refused() {
    let mut few = shipped();
    few.sets.retain(|key, _| key.0 == Operator::Gemm);
    let data = DataSet::embedded()
        .overlaid("perf/operators.toml", few.to_toml())
        .unwrap();
    let problems = load(&data).unwrap_err().to_string();
    for said in [
        "`attention_prefill` in precision `bf16`",
        "`collective` in precision `any`",
    ] {
        assert!(problems.contains(said), "{problems}");
    }
    assert!(!problems.contains("`gemm`"), "{problems}");
}

#[test]
fn the_tables_of_the_fit_before_read_again_replace_it_as_a_whole() {
    let before = shipped();
    let mut again = before.clone();
    again
        .spreads
        .values_mut()
        .for_each(|spread| spread.between *= 0.5);
    again.between *= 0.5;
    let four = groups(&[("a", 1.0), ("b", 0.7), ("c", 1.4), ("d", 2.0)]);
    assert_eq!(
        again.clone().over(&before, &four),
        again,
        "no spread is held up by the one before"
    );
    // The same tables of one chip alone say less.
    let one = groups(&[("a", 1.0)]);
    assert!(again.clone().over(&before, &one).between >= before.between);
}
