//! The threshold tables a second time, typed from the rule texts as decisions over whole numbers, against the engine on
//! 100,000 made-up chips, half of them within one percent of a bound.

use crate::made_up::draw::{DENSITY_E2, Draw, LINK, MEMORY, TPP, draw};
use crate::made_up::{Area, Made, Rate, book, deal, law};
use crate::shipped::BOOK;
use rayon::prelude::*;
use std::fmt::Debug;
use std::sync::LazyLock;
use strait::rules::{
    Classification, Findings, Item, LawBook, LawDay, License, Review, Summary, Ternary, Transaction,
};

/// Ten-thousandths of the unit, in which every bound of the texts is whole.
const E4: i128 = 10_000;

/// What the definitions make of a chip; TPP and bandwidths times 10,000, areas in hundredths of a mm².
struct Measured {
    tpp: i128,
    area_e2: i128,
    memory: i128,
    scale_up: i128,
    io: i128,
}

impl Measured {
    /// Technical notes to 3A090: 2 x MacTOPS (the datasheet's TOPS) x bit length, the highest over bit lengths (1, 2);
    /// applicable die area is that of logic dies of non-planar transistors (4). Text of 2022: every input and output but
    /// to volatile memory, both directions.
    fn of(made: &Made) -> Self {
        let rate = |r: &Rate| i128::from(r.tera_e4) * i128::from(r.bits);
        let area = |a: &Area| i128::from(a.count) * i128::from(a.mm2_e2);
        Self {
            tpp: made.rates.iter().map(rate).max().unwrap(),
            area_e2: made
                .dies
                .iter()
                .filter(|a| a.logic && a.non_planar)
                .map(area)
                .sum(),
            memory: i128::from(made.memory_e2) * 100,
            scale_up: i128::from(made.scale_up_e2) * 100,
            io: i128::from(made.scale_up_e2 + made.host_e2) * 100,
        }
    }

    /// Performance density of `bound_e2` hundredths or more; undefined, so never, without applicable area.
    fn dense(&self, bound_e2: i128) -> bool {
        self.area_e2 > 0 && self.tpp >= bound_e2 * self.area_e2
    }
}

/// 87 FR 62186, 3A090.a: 600 Gbyte/s or more and any of a.1 to a.4, 4800 or more.
fn text_of_2022(m: &Measured) -> Option<&'static str> {
    (m.io >= 600 * E4 && m.tpp >= 4800 * E4).then_some("3A090.a")
}

/// 88 FR 73458, Note 2 and items .a and .b, in that order.
fn text_of_2023(m: &Measured, datacenter: bool) -> Option<&'static str> {
    match () {
        () if !datacenter && m.tpp < 4800 * E4 => Some("Note 2 to 3A090"),
        () if m.tpp >= 4800 * E4 => Some("3A090.a.1"),
        () if m.tpp >= 1600 * E4 && m.dense(592) => Some("3A090.a.2"),
        () if m.tpp >= 2400 * E4 && m.tpp < 4800 * E4 && m.dense(160) && !m.dense(592) => Some("3A090.b.1"),
        () if m.tpp >= 1600 * E4 && m.dense(320) && !m.dense(592) => Some("3A090.b.2"),
        () => None,
    }
}

/// 8-K of 2025-04-15: the H20's memory bandwidth (4,000 GB/s) or interconnect (900 GB/s).
fn letter_names(m: &Measured) -> bool {
    m.memory >= 4000 * E4 || m.scale_up >= 900 * E4
}

/// Intel to its clients, April 2025: DRAM 1,400 or more, I/O 1,100 or more, or the sum 1,700 or more.
fn letter_reported(m: &Measured) -> bool {
    m.memory >= 1400 * E4 || m.io >= 1100 * E4 || m.memory + m.io >= 1700 * E4
}

/// S.3374: a data-center circuit of any of six bounds.
fn safe_chips(m: &Measured, datacenter: bool) -> bool {
    datacenter
        && (m.tpp >= 4800 * E4
            || m.tpp >= 2400 * E4 && m.dense(160)
            || m.tpp >= 1600 * E4 && m.dense(320)
            || m.memory >= 4100 * E4
            || m.scale_up >= 1100 * E4
            || m.memory + m.scale_up >= 5000 * E4)
}

/// 91 FR 1684: less than 21,000 and less than 6,500 GB/s.
fn reviewed_case_by_case(m: &Measured) -> bool {
    m.tpp < 21_000 * E4 && m.memory < 6500 * E4
}

/// Annex to the proclamation of 2026-01-14: two bands, every end strict.
fn dutiable(m: &Measured) -> bool {
    let between = |v: i128, low: i128, high: i128| v > low * E4 && v < high * E4;
    between(m.tpp, 14_000, 17_500) && between(m.memory, 4500, 5000)
        || between(m.tpp, 20_800, 21_100) && between(m.memory, 5800, 6200)
}

/// The class that stands before the limb (`3A090.b.2` is 3A090.b).
fn class(paragraph: Option<&str>) -> Classification {
    match paragraph {
        Some(p) if p.starts_with("3A090.a") => Classification::A,
        Some(p) if p.starts_with("3A090.b") => Classification::B,
        _ => Classification::Outside3A090,
    }
}

/// License for an export from the US to China on 2026-02-01: 742.6(a)(6)(iii), the letters, exception NAC.
fn license(made: &Made, m: &Measured, class: Classification) -> License {
    let datacenter = made.datacenter == Some(true);
    match made.vendor {
        _ if class == Classification::A && datacenter => License::Required,
        "nvidia" if letter_names(m) => License::Required,
        "intel" if letter_reported(m) => License::Required,
        "nvidia" if letter_reported(m) => License::Unknown,
        _ if class == Classification::Outside3A090 => License::NoneFound,
        _ => License::ExceptionAvailable,
    }
}

static WITH_BILL: LazyLock<LawBook> = LazyLock::new(|| book("[rules]\nwith = [\"us-bill-safe-chips\"]\n"));

/// The laws asked: of 2022, of 2026, of 2026 with the bill passed.
static LAWS: LazyLock<[LawDay<'static>; 3]> = LazyLock::new(|| {
    [
        law(&BOOK, "2023-06-01"),
        law(&BOOK, "2026-02-01"),
        law(&WITH_BILL, "2026-02-01"),
    ]
});

fn same<T: PartialEq + Debug>(wrong: &mut Vec<String>, what: &str, expected: &T, found: &T) {
    if expected != found {
        wrong.push(format!("{what} is {found:?}, by the text {expected:?}"));
    }
}

/// A deal whose parties are stated, so that nothing is asked about them.
fn among_chinese_parties(tx: Transaction) -> Transaction {
    Transaction {
        headquarters: Some("CN".to_owned()),
        parent: Some("CN".to_owned()),
        ..tx
    }
}

/// The answer as a batch gives it: what decides, without the texts.
fn answer<'a>(
    law: &'a LawDay<'_>,
    item: &'a Item<'a>,
    tx: &'a Transaction,
    findings: &mut Findings<'a>,
) -> Summary<'a> {
    law.decide(item, tx, findings).unwrap();
    law.summary(None, item, tx, findings)
}

/// What differs on the chip of a number.
fn differences(number: u64) -> Option<String> {
    let made = draw(number);
    let m = Measured::of(&made);
    let chip = made.chip();
    let item = Item::new(&chip, Some("US"), Some("TW"));
    let tx = among_chinese_parties(deal(&chip, "CN", "2026-02-01"));
    let datacenter = made.datacenter == Some(true);
    let [of_2022, now, billed] = &*LAWS;
    let mut wrong = Vec::new();
    let first = of_2022.threshold(&item, &mut Findings::default());
    same(&mut wrong, "class of 2022", &class(text_of_2022(&m)), &first);
    let mut findings = Findings::default();
    let us = answer(now, &item, &tx, &mut findings);
    let paragraph = text_of_2023(&m, datacenter);
    let class = class(paragraph);
    let licensed = license(&made, &m, class);
    same(&mut wrong, "paragraph", &paragraph, &us.paragraph);
    same(&mut wrong, "class", &class, &us.classification);
    same(&mut wrong, "license", &licensed, &us.license);
    if class == Classification::A && datacenter {
        let review = match reviewed_case_by_case(&m) {
            true => Review::CaseByCaseIfConditions,
            false => Review::PresumptionOfDenial,
        };
        same(&mut wrong, "review", &Some(review), &us.review);
    }
    let duty = us
        .levies
        .iter()
        .any(|l| l.id == "us-s232-2026" && l.applies == Ternary::Yes);
    same(&mut wrong, "duty", &dutiable(&m), &duty);
    // The bill changes the license alone; a quarter of the chips will do.
    if number % 8 < 2 {
        let licensed = match safe_chips(&m, datacenter) {
            true => License::Required,
            false => licensed,
        };
        let mut findings = Findings::default();
        let license = answer(billed, &item, &tx, &mut findings).license;
        same(&mut wrong, "license with the bill", &licensed, &license);
    }
    (!wrong.is_empty()).then(|| format!("chip {number} {made:?}: {}", wrong.join("; ")))
}

#[test]
fn the_tables_typed_a_second_time_agree_on_100_000_chips() {
    // Made before the threads share them: a thread that makes one may be given work that waits for it.
    LazyLock::force(&LAWS);
    draw(0).chip();
    let wrong: Vec<String> = (0..100_000).into_par_iter().filter_map(differences).collect();
    let shown: Vec<_> = wrong.iter().take(5).cloned().collect();
    assert!(
        wrong.is_empty(),
        "{} of 100,000 differ:\n{}",
        wrong.len(),
        shown.join("\n")
    );
}

/// 89 FR 96790, 3A090.c: memory bandwidth density greater than 2; 740.25(c): exception HBM below 3.3.
#[test]
fn memory_stacks_agree_with_the_density_of_2024() {
    let law = law(&BOOK, "2025-02-01");
    let mut classes = [0; 3];
    for number in 0..10_000_u64 {
        let mut d = Draw(number);
        let area = 20 * d.within(400, 700);
        let mut made = draw(number);
        made.memory_e2 = match number % 4 {
            0 => d.near(2 * area, 1),
            1 => d.near(area * 33 / 10, 1),
            _ => d.within(5_000, 200_000),
        };
        let bandwidth = made.memory_e2;
        let chip = made.stack(area);
        let item = Item::new(&chip, Some("US"), Some("US"));
        let tx = among_chinese_parties(deal(&chip, "CN", "2025-02-01"));
        let mut findings = Findings::default();
        let us = answer(&law, &item, &tx, &mut findings);
        let (class, license, n) = match () {
            () if bandwidth <= 2 * area => (Classification::Outside3A090, License::NoneFound, 0),
            () if 10 * bandwidth < 33 * area => (Classification::C, License::ExceptionAvailable, 1),
            () => (Classification::C, License::Required, 2),
        };
        assert_eq!(
            (us.classification, us.license),
            (class, license),
            "{bandwidth} over {area}, hundredths"
        );
        classes[n] += 1;
    }
    assert!(classes.iter().all(|n| *n > 1000), "{classes:?}");
}

#[test]
fn the_draw_meets_every_limb_and_both_sides_of_every_bound() {
    let made: Vec<_> = (0..100_000).map(draw).collect();
    let measured: Vec<_> = made.iter().map(Measured::of).collect();
    for limb in [
        Some("Note 2 to 3A090"),
        Some("3A090.a.1"),
        Some("3A090.a.2"),
        Some("3A090.b.1"),
        Some("3A090.b.2"),
        None,
    ] {
        let met = made
            .iter()
            .zip(&measured)
            .filter(|(c, m)| text_of_2023(m, c.datacenter == Some(true)) == limb);
        assert!(met.count() > 200, "{limb:?}");
    }
    for what in [dutiable, letter_names, letter_reported, reviewed_case_by_case] {
        let met = measured.iter().filter(|m| what(m)).count();
        assert!(met > 200 && met < 99_950, "{met}");
    }
    // On the bound, one part below it and one above, for every bound of every metric.
    let seen = |of: fn(&Measured) -> i128, at: i128, part: i128| {
        [at - part, at, at + part]
            .iter()
            .all(|v| measured.iter().any(|m| of(m) == *v))
    };
    for bound in TPP {
        assert!(seen(|m| m.tpp, i128::from(bound) * E4, 16), "tpp {bound}");
    }
    for bound in MEMORY {
        assert!(seen(|m| m.memory, i128::from(bound) * E4, 100), "memory {bound}");
    }
    for bound in LINK {
        assert!(
            seen(|m| m.scale_up, i128::from(bound) * E4, 100),
            "scale-up {bound}"
        );
        assert!(seen(|m| m.io, i128::from(bound) * E4, 100), "i/o {bound}");
    }
    for bound in DENSITY_E2 {
        for beside in [-16, 0, 16] {
            let met = measured
                .iter()
                .any(|m| m.tpp == i128::from(bound) * m.area_e2 + beside && m.area_e2 > 0);
            assert!(met, "density {bound} {beside}");
        }
    }
}
