//! Sensitivities against closed forms.

use std::f64::consts::PI;
use strait::market::Stream;
use strait::market::sensitivity::{Factor, SensitivityError, data_worth, shapley, sobol_indices, tornado};

/// Ishigami and Homma (1990) with a = 7, b = 0.1 over −π to π.
fn ishigami(u: &[f64]) -> f64 {
    let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

#[test]
fn indices_of_ishigami() {
    let found = sobol_indices(1, 3, 1024, &ishigami).unwrap();
    // V₁ = (1 + bπ⁴/5)²/2, V₂ = a²/8, V₁₃ = b²π⁸(1/18 − 1/50).
    let (v1, v2, v13) = (
        (1.0 + PI.powi(4) / 50.0).powi(2) / 2.0,
        49.0 / 8.0,
        0.01 * PI.powi(8) * 8.0 / 225.0,
    );
    let v = v1 + v2 + v13;
    assert!((found.variance / v - 1.0).abs() < 0.01, "{}", found.variance);
    for (i, (first, total)) in [(v1, v1 + v13), (v2, v2), (0.0, v13)].into_iter().enumerate() {
        for (index, want) in [(found.first[i], first / v), (found.total[i], total / v)] {
            assert!(index.error < 0.03, "{index:?}");
            assert!(
                (index.value - want).abs() < 4.0 * index.error + 0.005,
                "input {i}: {index:?} for {want}"
            );
        }
    }
    assert_eq!(found.runs, 8 * 1024 * 5);
}

#[test]
fn threads_change_no_index() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| sobol_indices(3, 3, 64, &ishigami).unwrap())
    };
    assert_eq!(on(1), on(2));
}

#[test]
fn a_constant_has_no_indices_and_too_many_inputs_are_refused() {
    let flat = sobol_indices(1, 2, 8, &|_: &[f64]| 3.0).unwrap();
    assert_eq!(
        (flat.variance, flat.first[0].value, flat.total[1].value),
        (0.0, 0.0, 0.0)
    );
    assert_eq!(
        sobol_indices(1, 33, 8, &|_: &[f64]| 3.0),
        Err(SensitivityError::TooMany {
            what: "inputs",
            found: 33,
            most: 32
        })
    );
}

#[test]
fn a_tornado_by_hand() {
    let factor = |name: &str, low, base, high| Factor {
        name: name.into(),
        low,
        base,
        high,
    };
    let factors = [
        factor("a", 0.0, 1.0, 3.0),
        factor("b", -5.0, 0.0, 5.0),
        factor("c", 1.0, 1.0, 1.0),
    ];
    let (base, bars) = tornado(&factors, |x| 2.0 * x[0] - x[1] + x[2]).unwrap();
    assert_eq!(base, 3.0);
    assert_eq!(
        bars.iter().map(|b| b.name.as_str()).collect::<Vec<_>>(),
        ["b", "a", "c"]
    );
    assert_eq!(
        (bars[0].at_low, bars[0].at_high, bars[0].swing()),
        (8.0, -2.0, 10.0)
    );
    assert!(tornado(&[factor("a", 2.0, 1.0, 3.0)], |x| x[0]).is_err());
}

#[test]
fn the_datum_that_explains_most_is_worth_most() {
    // y = 2a + b: a has 4/5 of the variance; with a known, √(1/5) of the width is left. c says nothing.
    let mut s = Stream::new(2, 2);
    let mut draw = || (0..4_000).map(|_| s.normal()).collect::<Vec<f64>>();
    let (a, b, c) = (draw(), draw(), draw());
    let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 2.0 * a + b).collect();
    let named = [("c".to_owned(), c), ("b".to_owned(), b), ("a".to_owned(), a)];
    let found = data_worth(&named, &y).unwrap();
    assert_eq!(
        found.iter().map(|w| w.name.as_str()).collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    assert!((found[0].variance_gone - 0.8).abs() < 0.04, "{found:?}");
    assert!((found[0].width_left - 0.2_f64.sqrt()).abs() < 0.08, "{found:?}");
    assert!(
        (found[1].variance_gone - 0.2).abs() < 0.04 && found[2].variance_gone < 0.01,
        "{found:?}"
    );
    assert!(data_worth(&named, &y[..50]).is_err());
    assert!(data_worth(&[("short".into(), vec![0.0; 200])], &y).is_err());
}

#[test]
fn an_additive_effect_splits_without_interactions() {
    let weights = [3.0, -1.0, 0.5, 2.0];
    let found = shapley(&["a", "b", "c", "d"], |on| {
        10.0 + on
            .iter()
            .zip(weights)
            .map(|(on, w)| if *on { w } else { 0.0 })
            .sum::<f64>()
    })
    .unwrap();
    for (part, want) in found.parts.iter().zip(weights) {
        assert!((part.value - want).abs() < 1e-12 && (part.alone - want).abs() < 1e-12);
        assert!(!part.sign_depends());
    }
    assert!(found.interactions.iter().all(|i| i.value.abs() < 1e-12) && found.interactions.len() == 6);
    assert!((found.whole - 4.5).abs() < 1e-12);
}

#[test]
fn gloves() {
    // Two left gloves and a right one, a pair is worth 1: 1/6, 1/6 and 2/3; the left ones replace each other.
    let found = shapley(&["left", "left too", "right"], |on| {
        f64::from(u8::from(on[2] && (on[0] || on[1])))
    })
    .unwrap();
    for (part, want) in found.parts.iter().zip([1.0 / 6.0, 1.0 / 6.0, 2.0 / 3.0]) {
        assert!((part.value - want).abs() < 1e-12, "{part:?}");
    }
    assert!((found.parts.iter().map(|p| p.value).sum::<f64>() - found.whole).abs() < 1e-12);
    // v(S+ij) − v(S+i) − v(S+j) + v(S): left with left 0 and −1, left with right 1 and 0, each half.
    for (interaction, want) in found.interactions.iter().zip([-0.5, 0.5, 0.5]) {
        assert!((interaction.value - want).abs() < 1e-12, "{interaction:?}");
    }
}

#[test]
fn a_cause_whose_sign_hangs_on_another_says_so() {
    // Exclusive or: each cause adds one alone and takes it away in company.
    let found = shapley(&["a", "b"], |on| f64::from(u8::from(on[0] != on[1]))).unwrap();
    assert!(found.parts.iter().all(|p| p.sign_depends() && p.value == 0.0));
    assert!((found.interactions[0].value + 2.0).abs() < 1e-12);
    assert!(shapley(&["a"; 7], |_| 0.0).is_err());
}

#[test]
fn whole_effects_split_exactly() {
    let found = shapley(&["a", "b", "c", "d"], |on| {
        (1..=4_u8)
            .zip(on)
            .map(|(k, on)| if *on { f64::from(k) } else { 0.0 })
            .sum()
    })
    .unwrap();
    let parts: Vec<f64> = found.parts.iter().map(|p| p.value).collect();
    assert_eq!(parts, [1.0, 2.0, 3.0, 4.0]);
    assert!((found.whole - 10.0).abs() < 1e-12);
}
