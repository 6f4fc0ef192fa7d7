use super::*;

fn one_segment(units: f64) -> Clearing {
    Clearing {
        decisions: vec![Decision {
            segment: 0,
            money: 1e9,
            goods: vec![(0, 0, 2.0), (1, 0, 1.0), (2, 1, 1.5)],
        }],
        limits: vec![
            Limit {
                goods: vec![0],
                segment: None,
                units,
                by: LimitedBy::Made,
            },
            Limit {
                goods: vec![2],
                segment: Some(0),
                units: units * 0.7,
                by: LimitedBy::Made,
            },
        ],
        price: vec![12_000.0, 20_000.0, 16_000.0],
        segments: 1,
        steepness: 5.0,
        rho: 0.6,
        outside: 0.4,
        chip_share: 0.5,
    }
}

#[test]
fn a_binding_limit_is_met_exactly_at_a_positive_rent() {
    let clearing = one_segment(10_000.0);
    let rents = clearing.solve(1e-10, None);
    assert!(rents.residual <= 1e-10);
    for (limit, rent) in rents.of_limit.iter().enumerate() {
        assert!(*rent > 0.0);
        let demand = clearing.demand(limit, &rents, &mut Vec::new());
        assert!((demand / clearing.limits[limit].units - 1.0).abs() < 1e-9);
    }
}

#[test]
fn newton_and_one_by_one_agree() {
    for units in [100.0, 3_000.0, 20_000.0, 60_000.0] {
        let clearing = one_segment(units);
        let fast = clearing.solve(1e-11, None);
        let mut slow = Rents {
            of_limit: vec![0.0; 2],
            by_good: vec![0.0; 3],
            factor: vec![1.0; 3],
            residual: 0.0,
        };
        for _ in 0..200 {
            for limit in 0..2 {
                clearing.clear_one(limit, &mut slow, 1e-12, &mut Vec::new());
            }
        }
        for (a, b) in fast.of_limit.iter().zip(&slow.of_limit) {
            assert!((a - b).abs() <= 1e-7 * b.max(1.0), "{units}: {a} {b}");
        }
    }
}

#[test]
fn a_slack_limit_has_no_rent() {
    let rents = one_segment(1e9).solve(1e-10, None);
    assert_eq!(rents.of_limit, [0.0, 0.0]);
    assert_eq!(rents.residual, 0.0);
}

#[test]
fn a_warm_start_finds_the_same_rents() {
    let clearing = one_segment(10_000.0);
    let cold = clearing.solve(1e-11, None);
    let warm = clearing.solve(1e-11, Some(&[90_000.0, 1.0]));
    for (a, b) in cold.of_limit.iter().zip(&warm.of_limit) {
        assert!((a / b - 1.0).abs() < 1e-8, "{a} {b}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever the market, every cap is met or slack without rent, and shares sum to one.
    #[test]
    fn every_market_clears(
        bases in proptest::collection::vec((0usize..NESTS, -8.0f64..8.0, 1e3f64..1e5), 2..8),
        caps in proptest::collection::vec((0usize..8, 0usize..8, proptest::bool::ANY, 1.0f64..1e6), 0..6),
        money in proptest::collection::vec(1e6f64..1e10, 1..4),
        exponent in 1.0f64..4.0,
        rho in 0.0f64..0.9,
    ) {
        let goods = bases.len();
        let decision = |(segment, money): (usize, &f64)| Decision {
            segment,
            money: *money,
            goods: bases
                .iter()
                .enumerate()
                .map(|(g, (nest, u, _))| (g, *nest, ((u + segment as f64) / (1.0 - rho)).exp()))
                .collect(),
        };
        let mut limits: Vec<Limit> = Vec::new();
        for (a, b, one, units) in caps {
            let mut pool = vec![a % goods, b % goods];
            pool.sort_unstable();
            pool.dedup();
            let segment = one.then_some(a % money.len());
            if !limits.iter().any(|l| l.goods == pool && l.segment == segment) {
                limits.push(Limit { goods: pool, segment, units, by: LimitedBy::Made });
            }
        }
        let clearing = Clearing {
            decisions: money.iter().enumerate().map(decision).collect(),
            limits,
            price: bases.iter().map(|(_, _, price)| *price).collect(),
            segments: money.len(),
            steepness: exponent / (1.0 - rho),
            rho,
            outside: 0.5,
            chip_share: 0.5,
        };
        let rents = clearing.solve(1e-8, None);
        proptest::prop_assert!(rents.residual <= 1e-8, "{}", rents.residual);
        let mut shares = Vec::new();
        for decision in &clearing.decisions {
            let outside = clearing.shares(decision, &rents, &mut shares);
            proptest::prop_assert!((shares.iter().sum::<f64>() + outside - 1.0).abs() < 1e-9);
        }
        for (l, rent) in rents.of_limit.iter().enumerate() {
            proptest::prop_assert!(*rent >= 0.0);
            let demand = clearing.demand(l, &rents, &mut Vec::new());
            proptest::prop_assert!(demand <= clearing.limits[l].units * (1.0 + 1e-7));
        }
    }
}
