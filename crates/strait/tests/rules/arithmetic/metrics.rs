//! Each metric row by row, its definition of the day, and the bounds it stands beside.

use super::{find, on, public, work};
use crate::shipped::{BOOK, CATALOG};
use strait::rules::{End, MetricName, Ternary};

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
