//! The metrics worked out, against numbers computed by hand from the chips' figures and the technical
//! notes to 3A090.a and 3A090.b (eCFR of 2026-07-23) and to 3A090.c.

use std::sync::LazyLock;
use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, load_sources};
use strait::rules::{
    Arithmetic, AsOf, Classification, Comparison, End, Knower, LawBook, MetricName, Ternary,
};
use strait::scenario::Scenario;

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap());
fn public(on: &str, known: &str) -> AsOf {
    AsOf {
        on: on.parse().unwrap(),
        known: known.parse().unwrap(),
        known_to: Knower::Public,
        codified: false,
    }
}

static BOOK: LazyLock<LawBook> = LazyLock::new(|| {
    let data = DataSet::embedded();
    LawBook::load(&data, &Scenario::default(), &load_sources(&data).unwrap()).unwrap()
});

fn chip(name: &str) -> Chip {
    CATALOG.resolve(name).unwrap().chip.clone()
}

fn on(name: &str, day: &str) -> Arithmetic {
    BOOK.arithmetic(&chip(name), public(day, "2026-11-23")).unwrap()
}

fn work(name: &str) -> Arithmetic {
    on(name, "2025-04-20")
}

fn find<'a>(all: &'a [Comparison], paragraph: &str, comparator: &str) -> &'a Comparison {
    all.iter()
        .find(|c| c.paragraph == paragraph && c.comparator == comparator)
        .expect("the bound")
}

#[test]
fn h20_row_by_row() {
    let a = work("h20");
    let tpp = a.tpp.unwrap();
    // 74 x 19..32, 148 x 16, 296 x 8 twice, 44 x 32 and 1 x 64 (technical notes 1 to 3).
    let texts: Vec<&str> = tpp.rows.iter().map(|r| r.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "74 x 19 to 32 = 2368 (1406 to 2368)",
            "148 x 16 = 2368",
            "296 x 8 = 2368",
            "296 x 8 = 2368",
            "44 x 32 = 1408",
            "1 x 64 = 64"
        ]
    );
    let wins: Vec<usize> = (0..6)
        .filter(|n| tpp.rows[*n].sets.contains(&End::Value))
        .collect();
    assert_eq!(
        wins,
        [1],
        "the first of those that tie and whose width nobody disputes"
    );
    assert_eq!(tpp.result.to_string(), "2368");
    assert_eq!(tpp.rows[4].rate.source.0, "zangshuxian-h20");
    let b1 = find(&tpp.comparisons, "3A090.b.1", ">=");
    assert_eq!((b1.text.as_str(), b1.holds), ("2368 >= 2400: no", Ternary::No));
    let density = a.density.unwrap();
    assert_eq!(density.text, "814");
    assert_eq!(density.shown.unwrap().to_string(), "2.909");
    assert_eq!(
        find(&density.comparisons, "3A090.b.2", ">=").text,
        "2368 >= 3.2 x 814 = 2604.8: no"
    );
    assert_eq!(
        find(&density.comparisons, "3A090.b.1", ">=").text,
        "2368 >= 1.6 x 814 = 1302.4: yes"
    );
    let rate = |metric| a.rates.iter().find(|r| r.metric == metric).unwrap();
    assert_eq!(rate(MetricName::Io2022).text, "900 + 128 = 1028");
    assert_eq!(rate(MetricName::MemoryPlusIo).text, "4000 + 900 + 128 = 5028");
    assert_eq!(rate(MetricName::MemoryPlusScaleUp).text, "4000 + 900 = 4900");
    let letter = &rate(MetricName::MemoryBandwidth).comparisons[0];
    assert_eq!(
        (letter.instrument.as_str(), letter.text.as_str()),
        ("us-letter-2025-04-nvidia", "4000 >= 4000: yes")
    );
}

#[test]
fn a_density_is_compared_unrounded() {
    // A10: 125 x 16 = 2000 over 628 mm2 is 3.1847, shown as 3.185; the product with 3.2 is 2009.6.
    let density = work("a10").density.unwrap();
    assert_eq!(density.shown.unwrap().to_string(), "3.185");
    assert_eq!(
        find(&density.comparisons, "3A090.b.2", ">=").text,
        "2000 >= 3.2 x 628 = 2009.6: no"
    );
    // A30: 661 x 4 = 2644 (INT4), over 826 mm2 is 3.201; 3.2 x 826 = 2643.2 lies 0.8 below.
    let a30 = work("a30");
    assert_eq!(a30.tpp.unwrap().result.to_string(), "2644");
    let density = a30.density.unwrap();
    assert_eq!(
        find(&density.comparisons, "3A090.b.2", ">=").text,
        "2644 >= 3.2 x 826 = 2643.2: yes"
    );
}

#[test]
fn io_dies_count_and_memory_does_not() {
    // MI300X: 8 x 115 + 4 x 370 = 2400 mm2; 2614.9 x 8 = 20919.2; 20919.2 / 2400 = 8.716.
    let a = work("mi300x");
    let density = a.density.unwrap();
    assert_eq!(density.text, "920 + 1480 = 2400");
    let rows: Vec<_> = density.dies.iter().map(|d| (d.text.as_str(), d.counts)).collect();
    assert_eq!(
        rows,
        [("8 x 115 = 920", Ternary::Yes), ("4 x 370 = 1480", Ternary::Yes)]
    );
    assert_eq!(density.shown.unwrap().to_string(), "8.716");
    assert_eq!(a.tpp.unwrap().result.to_string(), "20919.2");
    for chip in CATALOG.iter() {
        let day = public("2025-04-20", "2025-04-20");
        let Some(density) = BOOK.arithmetic(chip, day).unwrap().density else {
            continue;
        };
        for die in density.dies {
            let out = die.why.ends_with(": out");
            assert_eq!(out, die.counts == Ternary::No, "{} {}", chip.id, die.name);
            assert_eq!(out, die.total.is_none(), "{} {}", chip.id, die.name);
        }
    }
}

#[test]
fn both_sums_where_the_headline_adds_engines() {
    // Ascend 910C: headline 752 x 16 = 12032 (780 and 800 also said); matrix 707.8 x 16 = 11324.8.
    let tpp = work("ascend-910c").tpp.unwrap();
    let fp16 = &tpp.headlines[0];
    assert_eq!(fp16.headline.to_string(), "12032 (12032 to 12800)");
    assert_eq!(fp16.matrix.unwrap().to_string(), "11324.8");
    assert!(fp16.text.contains("752 (752 to 800) x 16") && fp16.text.contains("707.8 x 16 = 11324.8"));
    assert_eq!(tpp.result.to_string(), "12032 (12032 to 12800)");
    assert!(work("h20").tpp.unwrap().headlines.is_empty());
}

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
fn the_bounds_and_definitions_are_those_of_the_day() {
    // 2023-06: the text of 2022 asks for I/O and knows no density.
    let a = on("h800-sxm", "2023-06-01");
    let io = a.rates.iter().find(|r| r.metric == MetricName::Io2022).unwrap();
    assert!(
        io.definitions[0]
            .quote
            .as_ref()
            .unwrap()
            .contains("other than volatile memories")
    );
    assert_eq!(io.comparisons[0].instrument, "us-ac-ifr-2022");
    assert!(a.density.as_ref().unwrap().comparisons.is_empty());
    let tpp = a.tpp.unwrap();
    assert!(tpp.definitions.iter().all(|d| d.instrument == "us-ac-ifr-2022"));
    // Beside it stands the letter of 2022, which nothing ended for Russia.
    let by: Vec<_> = tpp.comparisons.iter().map(|c| c.instrument.as_str()).collect();
    assert_eq!(by, ["us-ac-ifr-2022", "us-letter-2022-08-nvidia"]);
    // From 2023-11-17 the technical notes define it.
    let tpp = on("h800-sxm", "2023-11-17").tpp.unwrap();
    assert_eq!(tpp.definitions.len(), 4);
    assert!(
        tpp.definitions[1]
            .quote
            .as_ref()
            .unwrap()
            .contains("largest bit-length of the inputs")
    );
    // Link alone under 2022: H800's 400 GB/s instead of 528.
    let link = a
        .readings
        .iter()
        .find(|r| r.instrument == "us-ac-ifr-2022")
        .unwrap();
    assert_eq!(link.gives[0].text, "scale-up link alone: 400");
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

#[test]
fn a_memory_stack_has_a_bandwidth_density() {
    // HBM3: 819.2 GB/s over 121 mm2 is 6.77; 110 mm2 is also said (7.447).
    let a = work("SK hynix HBM3");
    assert!(a.tpp.is_none() && a.density.is_none());
    let density = a
        .rates
        .iter()
        .find(|r| r.metric == MetricName::HbmDensity)
        .unwrap();
    assert_eq!(density.result.to_string(), "6.77 (6.77 to 7.447)");
    assert!(
        density.definitions[0]
            .quote
            .as_ref()
            .unwrap()
            .starts_with("'Memory bandwidth density'")
    );
}

#[test]
fn the_json_carries_exact_decimals_as_text() {
    let json = serde_json::to_value(work("h20")).unwrap();
    assert_eq!(json["tpp"]["result"]["value"], "2368");
    let b2 = json["density"]["comparisons"].as_array().unwrap();
    let b2 = b2
        .iter()
        .find(|c| c["paragraph"] == "3A090.b.2" && c["comparator"] == ">=")
        .unwrap();
    assert_eq!(
        (
            b2["limit"].as_str(),
            b2["right"]["value"].as_str(),
            b2["holds"].as_str()
        ),
        (Some("3.2"), Some("2604.8"), Some("no"))
    );
    assert_eq!(json["tpp"]["rows"][0]["rate"]["grade"], "analysis");
}
