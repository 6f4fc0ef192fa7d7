//! Properties of the nearest change over random chips.

use super::{made, near, rule, set};
use crate::shipped::BOOK;
use proptest::prelude::*;
use strait::catalog::Chip;
use strait::rules::{Classification, Lever, NearestRule, Reach, Relation, RuleKind, Transaction};

/// The chip with one lever at a value.
fn with(chip: &Chip, lever: Lever, value: f64) -> Chip {
    let mut chip = chip.clone();
    match lever {
        Lever::Tpp => set(&mut chip.peaks[0].rate, value / 16.0),
        Lever::DieArea => set(chip.dies[0].area.as_mut().unwrap(), value),
        Lever::MemoryBandwidth => set(chip.memory.bandwidth.as_mut().unwrap(), value),
        Lever::Io => set(chip.io.scale_up_bidirectional.as_mut().unwrap(), value),
        Lever::PackageArea | Lever::Datacenter => unreachable!("no figure of a made-up chip"),
    }
    chip
}

/// Class by the engine's own verdict, and the state of every bound by a fresh evaluation.
fn stands(chip: &Chip, day: &str, kind: RuleKind, instrument: &str) -> Vec<String> {
    if kind == RuleKind::Classification {
        let on = day.parse().unwrap();
        let tx = Transaction::new(chip.id.clone(), "CN", on, "2026-11-23".parse().unwrap());
        let us = BOOK.check(chip, Some("US"), Some("TW"), &tx).unwrap().us;
        let classes = match us.classification {
            Classification::Unknown => us.possible,
            one => vec![one],
        };
        let words = classes.iter().map(|c| serde_json::to_value(c).unwrap());
        return words.map(|w| w.as_str().unwrap().to_owned()).collect();
    }
    let all = near(chip, day);
    let same = |r: &&NearestRule| r.kind == kind && r.instrument == instrument;
    all.rules.iter().find(same).expect("the rule").now.clone()
}

/// At the limit and past it the chip is there; a millionth short of it it is not.
fn verify(chip: &Chip, day: &str) -> Result<usize, TestCaseError> {
    let mut verified = 0;
    for rule in &near(chip, day).rules {
        for target in &rule.targets {
            for change in target.changes.iter().filter(|c| c.reach == Reach::Reachable) {
                let is = |chip: &Chip| stands(chip, day, rule.kind, &rule.instrument) == [target.to.clone()];
                if let Some(fact) = change.fact {
                    let mut other = chip.clone();
                    match &mut other.market.datacenter {
                        Some(known) => known.value = fact,
                        none => *none = made(1.0, 1.0, 1.0, 1.0, Some(fact)).market.datacenter,
                    }
                    prop_assert!(is(&other), "{change:?}");
                    verified += 1;
                    continue;
                }
                let needed = change.needed.as_ref().unwrap();
                let limit: f64 = needed.limit.to_string().parse().unwrap();
                let at = with(chip, change.lever, limit);
                let step = limit.max(1.0) * 1e-6;
                let up = matches!(needed.relation, Relation::AtLeast | Relation::Above);
                let (past, short) = if up {
                    (limit + step, limit - step)
                } else {
                    (limit - step, limit + step)
                };
                let closed = matches!(needed.relation, Relation::AtLeast | Relation::AtMost);
                if needed.exact {
                    prop_assert_eq!(is(&at), closed, "at {:?}", change);
                }
                let room = change
                    .up_to
                    .as_ref()
                    .is_none_or(|far| (far.limit.to_string().parse::<f64>().unwrap() - limit).abs() > step);
                if room && past >= 0.0 {
                    prop_assert!(is(&with(chip, change.lever, past)), "past {change:?}");
                }
                // Short of the limit it has not got there: nothing smaller than the change does.
                let by: f64 = change.change.as_ref().unwrap().to_string().parse().unwrap();
                if by.abs() > step && short >= 0.0 {
                    prop_assert!(!is(&with(chip, change.lever, short)), "short {change:?}");
                }
                verified += 1;
            }
        }
    }
    Ok(verified)
}

/// Numbers as datasheets give them, half of them beside a bound.
fn figure(bounds: &'static [f64], high: u32) -> impl Strategy<Value = f64> {
    let beside = (0..bounds.len(), -200i32..=200)
        .prop_map(|(n, off)| ((bounds[n] * 8.0).round() + f64::from(off)).max(8.0) / 8.0);
    let any = (8..high * 8).prop_map(|eighths| f64::from(eighths) / 8.0);
    prop_oneof![beside, any]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_change_moves_the_chip_and_nothing_less_does(
        tpp in figure(&[1600.0, 2400.0, 4800.0, 21000.0], 25_000),
        area in figure(&[400.0, 740.0, 814.0], 2_500),
        bandwidth in figure(&[1400.0, 4000.0, 4100.0, 5000.0, 6500.0], 9_000),
        link in figure(&[472.0, 600.0, 900.0, 1100.0], 2_000),
        datacenter in prop_oneof![Just(None), Just(Some(true)), Just(Some(false))],
        day in prop_oneof![Just("2023-06-01"), Just("2024-06-01"), Just("2026-02-01")],
    ) {
        verify(&made(tpp, area, bandwidth, link, datacenter), day)?;
    }

    #[test]
    fn what_is_not_reachable_is_reached_by_no_value(
        tpp in figure(&[1600.0, 2400.0, 4800.0], 8_000),
        area in figure(&[400.0, 740.0, 814.0], 2_500),
        other in figure(&[1600.0, 2400.0, 4800.0, 400.0, 740.0], 8_000),
        datacenter in prop_oneof![Just(Some(true)), Just(Some(false))],
    ) {
        let chip = made(tpp, area, 1000.0, 400.0, datacenter);
        let day = "2024-06-01";
        let all = near(&chip, day);
        for target in &rule(&all, RuleKind::Classification).targets {
            for change in &target.changes {
                let figure = !matches!(change.lever, Lever::Datacenter | Lever::PackageArea);
                if figure && change.reach == Reach::NotReachable {
                    let moved = with(&chip, change.lever, other);
                    let class = stands(&moved, day, RuleKind::Classification, "");
                    prop_assert_ne!(class, [target.to.clone()], "{:?} at {}", change, other);
                }
            }
        }
    }
}

#[test]
fn the_properties_are_not_empty() {
    let found = verify(&made(2368.0, 814.0, 4000.0, 900.0, Some(true)), "2026-02-01").unwrap();
    assert!(found >= 10, "only {found} changes verified");
}
