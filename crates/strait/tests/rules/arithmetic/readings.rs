//! Other readings of the text, variants and disputed inputs: what each would give.

use super::{chip, on, public, work};
use crate::shipped::BOOK;
use strait::rules::{Classification, End, Ternary};

#[test]
fn the_width_of_tf32_opens_trainium2() {
    // 667 x 19 = 12673 and 667 x 32 = 21344; FP8 1299 x 8 = 10392 lies below both.
    let a = on("trainium2", "2026-02-01");
    let tpp = a.tpp.unwrap();
    assert_eq!(tpp.result.to_string(), "21344 (12673 to 21344)");
    let tf32 = &tpp.rows[0];
    assert!(tf32.sets.contains(&End::Low) && tf32.sets.contains(&End::High));
    let limit = tpp
        .comparisons
        .iter()
        .find(|c| c.instrument == "us-h200-review-2026")
        .unwrap();
    assert_eq!(
        (limit.text.as_str(), limit.holds),
        ("21344 (12673 to 21344) < 21000: not determined", Ternary::Unknown)
    );
    let widths = a.readings.iter().find(|r| r.reading == "R3").unwrap();
    let values: Vec<String> = widths.gives.iter().map(|g| g.value.to_string()).collect();
    assert_eq!(values, ["12673", "21344"]);
    // Its die area is not known: no density, and the comparison says so.
    let density = a.density.unwrap();
    assert!(density.shown.is_none());
    assert!(density.comparisons.iter().all(|c| c.right.is_none()));
}

#[test]
fn other_readings_of_h20() {
    let a = work("h20");
    let gives = |id: &str| {
        let reading = a.readings.iter().find(|r| r.reading == id).unwrap();
        assert_eq!(reading.instrument, "us-acs-ifr-2023");
        reading
    };
    // Units added: (74 + 44) x 32 = 3776, density 3776 / 814 = 4.64: 3A090.b.
    let added = gives("R1");
    assert!(added.question.contains("summed") && added.other.contains("3776"));
    assert_eq!(added.gives[0].text, "(74 + 44) x 32 = 3776");
    assert_eq!(added.gives[0].classes, [Classification::B]);
    assert!(added.gives[0].flips);
    // Eight on a baseboard: 8 x 2368 = 18944: 3A090.a.
    let board = gives("R2");
    assert!(board.question.contains("to what"));
    assert_eq!(board.gives[0].text, "8 x 2368 = 18944");
    assert_eq!(board.gives[0].classes, [Classification::A]);
    // TF32 changes nothing here: FP16 gives 2368 as well.
    let tf32 = gives("R3");
    assert!(tf32.question.contains("TF32"));
    assert!(
        tf32.gives
            .iter()
            .all(|g| !g.flips && g.value.to_string() == "2368")
    );
    // A card is no module: no baseboard.
    assert!(work("a10").readings.iter().all(|r| r.reading != "R2"));
}

#[test]
fn a_baseboard_has_the_area_of_its_modules() {
    // A made-up module of 25 x 16 = 400: eight give 3200 over 8 x 814 mm2, a density of 0.49, outside.
    let mut small = chip("h20");
    small.peaks.truncate(2);
    small.peaks.remove(0);
    small.peaks[0].rate.value = strait::figure::Quantity::of(25.0);
    let day = public("2025-04-20", "2025-04-20");
    let a = BOOK.arithmetic(&small, day).unwrap();
    let board = a.readings.iter().find(|r| r.reading == "R2").unwrap();
    assert_eq!(board.gives[0].text, "8 x 400 = 3200");
    assert_eq!(board.gives[0].classes, [Classification::Outside3A090]);
}

#[test]
fn variants_and_disputed_inputs_are_named() {
    let a = work("mi308x");
    let tpp: Vec<_> = a
        .variants
        .iter()
        .map(|v| (v.name.as_str(), v.tpp.to_string()))
        .collect();
    // 688 x 8 = 5504 and 413.984 x 8 = 3311.872.
    assert_eq!(
        tpp,
        [("uncapped", "5504".to_owned()), ("capped", "3311.872".to_owned())]
    );
    let ascend = work("ascend-910c");
    let headline = ascend
        .tpp
        .as_ref()
        .unwrap()
        .rows
        .iter()
        .find(|r| r.text.contains("752 ("))
        .unwrap();
    let others: Vec<_> = headline
        .rate
        .others
        .iter()
        .map(|o| (o.value.to_string(), o.source.0.as_str()))
        .collect();
    assert_eq!(
        others,
        [
            ("800".to_owned(), "heim-910c-2025-03"),
            ("780".to_owned(), "epoch-ml-hardware-2026-07")
        ]
    );
}
