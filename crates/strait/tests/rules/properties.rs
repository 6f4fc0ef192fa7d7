//! Properties of a US verdict on (license, review, exceptions), levies left out: the section 232 duty falls away again
//! above its bands, so that more performance may well cost less.

use crate::made_up::Made;
use crate::made_up::draw::draw;
use crate::shipped::BOOK;
use proptest::prelude::*;
use strait::catalog::{Chip, Transistor};
use strait::figure::{Alternative, AlternativeState, Figure, Grade, Quantity, SourceId};
use strait::rules::{Classification, ExporterRole, License, Listed, Review, Transaction, UsVerdict, Verdict};

/// What a deal may be: any day of the law, any place that some text tells apart.
fn deals() -> impl Strategy<Value = Transaction> {
    let place = || {
        prop::sample::select(vec![
            "CN", "HK", "MO", "AE", "SA", "VN", "KH", "SG", "MY", "TW", "IN", "DE", "IL",
        ])
    };
    let party = || {
        prop::option::weighted(
            0.4,
            prop::sample::select(vec!["CN", "MO", "KH", "US", "SG", "DE", "AE"]),
        )
    };
    let listed = prop::sample::select(vec![Listed::Unknown, Listed::None, Listed::Entity, Listed::Meu]);
    let leaves = prop::sample::select(vec!["US", "US", "SG", "TW"]);
    let role = prop::sample::select(vec![
        ExporterRole::Seller,
        ExporterRole::Seller,
        ExporterRole::Foundry,
    ]);
    (
        place(),
        party(),
        party(),
        listed,
        leaves,
        0..1600_i64,
        any::<bool>(),
        any::<bool>(),
        role,
    )
        .prop_map(|(to, hq, parent, listed, from, day, later, codified, role)| {
            let on = jiff::civil::date(2022, 8, 1) + jiff::Span::new().days(day);
            let known = if later {
                jiff::civil::date(2026, 12, 20)
            } else {
                on
            };
            let mut tx = Transaction::new(crate::made_up::id(), to, on, known);
            tx.headquarters = hq.map(Into::into);
            tx.parent = parent.map(Into::into);
            tx.from = Some(from.into());
            (tx.listed, tx.codified, tx.exporter) = (listed, codified, role);
            tx
        })
}

fn chips() -> impl Strategy<Value = Made> {
    let datacenter = prop::sample::select(vec![Some(true), Some(true), Some(false), None]);
    (any::<u64>(), datacenter).prop_map(|(number, datacenter)| Made {
        datacenter,
        ..draw(number)
    })
}

fn check(chip: &Chip, tx: &Transaction) -> Verdict {
    crate::made_up::verdict(&BOOK, chip, tx)
}

/// Order of strictness of the license, as least and most it may be: what is not known may be any.
fn license(us: &UsVerdict) -> (u8, u8) {
    match us.license {
        License::NotInForce | License::NotSubject | License::NoneFound => (0, 0),
        License::ExceptionAvailable => (1, 1),
        License::Required => (2, 2),
        License::Unknown => (0, 2),
    }
}

/// Order of strictness of the review, as least and most it may be.
///
/// A policy not stated may be any: the letters of April 2025 name none, and a part past the bounds of 3A090 besides
/// comes under a stated one, which is the stricter only by guess.
fn review(us: &UsVerdict) -> (u8, u8) {
    match us.review {
        None => (0, 0),
        Some(Review::PresumptionOfApproval) => (1, 1),
        Some(Review::CaseByCase) => (2, 2),
        Some(Review::CaseByCaseIfConditions) => (3, 3),
        Some(Review::PresumptionOfDenial) => (4, 4),
        Some(Review::Unknown | Review::NotStated) => (0, 4),
    }
}

/// Whether the second verdict is in some way looser than the first.
///
/// The exceptions of a class are compared with those of the same class alone. The codified text of 90 FR 4544 gives
/// 3A090.a two of its own (AIA, and LPP up to 26,900,000 TPP a consignee and year), so that a part which grows from .b
/// to .a loses ACA and gains LPP: neither holds the other, and which is the wider depends on the volume. That text
/// reviews what such an exception covers under a presumption of approval too, and .b, whose paragraph (b)(10)(iv) is
/// gone, case by case since 2026-07-10: its review is compared within a class alone.
fn looser(first: &UsVerdict, second: &UsVerdict) -> bool {
    if license(first) != license(second) {
        return license(first).0 > license(second).1;
    }
    let offered = |id: &&str| ids(first).contains(id);
    let same = first.classification == second.classification;
    let allocated = ids(second).iter().any(|id| ["AIA", "LPP"].contains(id));
    let milder = (same || !allocated) && review(first).0 > review(second).1;
    milder || same && !ids(second).iter().all(offered)
}

/// Exceptions offered.
fn ids(us: &UsVerdict) -> Vec<&str> {
    us.exceptions.iter().map(|e| e.id.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn more_performance_more_bandwidth_or_less_area_never_loosens_a_verdict(
        low in chips(), tx in deals(), what in 0..5_u8, more in prop::sample::select(vec![1, 2, 16, 100, 10_000, 1_000_000]),
    ) {
        let mut high = low.clone();
        match what {
            0 => high.rates[0].tera_e4 += more,
            1 => high.memory_e2 += more,
            2 => high.scale_up_e2 += more,
            3 => high.host_e2 += more,
            _ => high.dies.iter_mut().for_each(|d| d.mm2_e2 = (d.mm2_e2 - more).max(1)),
        }
        let (low, high) = (check(&low.chip(), &tx).us, check(&high.chip(), &tx).us);
        prop_assert!(
            !looser(&low, &high),
            "{:?} {:?} {:?} {:?} then {:?} {:?} {:?} {:?} for {tx:?}",
            low.license, low.review, low.paragraph, ids(&low), high.license, high.review, high.paragraph, ids(&high)
        );
    }

    #[test]
    fn a_display_name_changes_nothing(made in chips(), tx in deals(), name in "[ A-Za-z0-9]{1,20}") {
        let chip = made.chip();
        let mut named = chip.clone();
        named.name.clone_from(&name);
        named.aliases = vec![name];
        named.notes.clear();
        prop_assert_eq!(check(&chip, &tx), check(&named, &tx));
    }

    /// What is open here are facts of the chip. Defaults of a deal are no unknowns but assumptions told as such (the end
    /// user sits in the destination), and screening, end use and ownership are asked for without holding up the answer:
    /// "none found" says so, and a listed buyer may well make it "required".
    #[test]
    fn a_fact_inside_what_is_open_never_changes_what_was_determined(
        made in chips(), tx in deals(), open in prop::collection::vec(0..3_u8, 5), spread in 1..40_000_i64, datacenter: bool, unknown_kind: bool,
        draw in prop::collection::vec(0.0..=1.0_f64, 5),
    ) {
        // The fact: somewhere from the figure drawn to `spread` parts above it; dies and marketing as they are.
        let mut fact = made.clone();
        let at = |n: usize| if open[n] == 0 { 0 } else { (draw[n] * spread as f64) as i64 };
        fact.rates[0].tera_e4 += at(0);
        fact.memory_e2 += at(1);
        fact.scale_up_e2 += at(2);
        fact.host_e2 += at(3);
        fact.dies[0].mm2_e2 += at(4);
        fact.datacenter = made.datacenter.or(Some(datacenter));
        // What is open: the same figures as intervals that hold it, or not known at all.
        let mut chip = made.chip();
        spread_out(&mut chip.peaks[0].rate, open[0].min(1), spread as f64 / 1e4);
        spread_out(chip.dies[0].area.as_mut().unwrap(), open[4], spread as f64 / 1e2);
        let io = &mut chip.io;
        for (figure, how) in [
            (&mut chip.memory.bandwidth, open[1]),
            (&mut io.scale_up_bidirectional, open[2]),
            (&mut io.host_bidirectional, open[3]),
        ] {
            spread_out(figure.as_mut().unwrap(), how, spread as f64 / 1e2);
            if how == 2 {
                *figure = None;
            }
        }
        if open[4] == 2 {
            chip.dies[0].area = None;
        }
        if unknown_kind {
            chip.dies[0].transistor = Transistor::Unknown;
        }
        let (open, fact) = (check(&chip, &tx).us, check(&fact.chip(), &tx).us);
        if open.classification != Classification::Unknown {
            prop_assert_eq!(open.classification, fact.classification);
            prop_assert_eq!(open.paragraph.or_else(|| fact.paragraph.clone()), fact.paragraph);
        }
        if open.license != License::Unknown {
            prop_assert_eq!(open.license, fact.license);
        }
        if open.review != Some(Review::Unknown) {
            prop_assert_eq!(open.review, fact.review);
        }
    }
}

/// Makes a figure an interval from its value to `more` above.
fn spread_out<Q: Quantity>(figure: &mut Figure<Q>, how: u8, more: f64) {
    if how > 0 {
        figure.alternatives.push(Alternative {
            value: Q::of(figure.value.get() + more),
            source: SourceId("recalled".into()),
            grade: Grade::Recalled,
            state: AlternativeState::Live,
            why: None,
        });
    }
}

/// A die of unknown transistor kind may be planar, and then no density limb is met whatever its area.
#[test]
fn an_unknown_transistor_kind_leaves_the_density_open() {
    let made = Made::simple(3152 * 10_000, 32_496);
    let (mut open, mut planar) = (made.chip(), made.chip());
    open.dies[0].transistor = Transistor::Unknown;
    planar.dies[0].transistor = Transistor::Planar;
    let tx = crate::made_up::deal(&open, "CN", "2024-06-01");
    let (open, planar) = (check(&open, &tx).us, check(&planar, &tx).us);
    assert!(
        open.classification == Classification::Unknown || open.classification == planar.classification,
        "{:?} was what was determined, {:?} if planar",
        open.classification,
        planar.classification
    );
}
