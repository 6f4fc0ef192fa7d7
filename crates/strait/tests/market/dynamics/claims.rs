//! The fifteen claims as they could be judged on an early day.

use super::world::{with_earlier, world};
use jiff::civil::date;
use strait::brief::{Claim, ClaimVerdict, Knowledge, Library};
use strait::data::DataSet;
use strait::scenario::Scenario;

#[test]
fn nothing_that_happened_later_decides_a_claim() {
    let none = world()
        .0
        .claims(&DataSet::embedded(), date(2022, 1, 31), 20, 1)
        .unwrap()
        .unwrap_err();
    assert!(
        none.fact.contains("a fit of the market over time"),
        "{}",
        none.fact
    );
    let data = with_earlier("2025-01-20", "2025-01-20");
    let library = Library::load(&data, &Scenario::default()).unwrap();
    let found = library.claims(&data, date(2025, 1, 20), 20, 1).unwrap().unwrap();
    let numbers: Vec<u32> = found.iter().map(|c| c.n).collect();
    assert_eq!(numbers, (1..=15).collect::<Vec<_>>());
    let claim = |n: usize| -> &Claim { &found[n - 1] };
    // The refusal of 2025, the year that followed it and the turns of guidance were all to come.
    for n in [2, 4, 5, 8, 9, 10, 12, 13, 14] {
        let c = claim(n);
        assert_eq!(c.verdict, ClaimVerdict::CannotTell, "{n}: {}", c.figure);
        assert_eq!(c.needs.len(), 1, "{n}");
    }
    // What was known then stands: the law of 2024, three reported years, the prices of 2024, the chips.
    assert_eq!(claim(1).verdict, ClaimVerdict::Supported, "{}", claim(1).figure);
    assert!(
        claim(1)
            .figure
            .contains("free on 2024-06-01: h20, l20, l2; TPP of the H20 2368 against a bound of 4800")
    );
    assert_eq!(claim(3).verdict, ClaimVerdict::Supported);
    assert!(
        claim(3).figure.ends_with("by customer headquarters none yet"),
        "{}",
        claim(3).figure
    );
    // Arithmetic fell and bandwidth did not; dear by arithmetic and cheap by bandwidth.
    assert_eq!(claim(6).verdict, ClaimVerdict::DependsOnMeasure);
    assert_eq!(
        claim(7).verdict,
        ClaimVerdict::DependsOnMeasure,
        "{}",
        claim(7).figure
    );
    assert!(!claim(15).figure.contains("reported"), "{}", claim(15).figure);
    assert!(!claim(4).remark.contains("ordered"), "{}", claim(4).remark);

    // The same library with a scenario that adds a chip nobody knows.
    let mut library = library;
    let added = "[[market]]\nverb = \"add\"\ngoods = [\"h2000\"]\n";
    library.scenario.market = Scenario::read("s.toml", added).unwrap().market;
    let said = library
        .environment(Knowledge::of(date(2025, 1, 20)))
        .unwrap_err()
        .to_string();
    assert!(said.contains("`h2000` is no chip"), "{said}");
}

#[test]
fn a_band_that_leaves_no_room_contradicts_and_figures_show_theirs() {
    let data = DataSet::embedded();
    let library = Library::load(&data, &Scenario::default()).unwrap();
    let found = library.claims(&data, date(2026, 11, 23), 20, 1).unwrap().unwrap();
    let claim = |n: usize| -> &Claim { &found[n - 1] };
    // Where supply binds their revenue moves by next to nothing, while their share of dollars rises.
    let rebuff = claim(10);
    assert_eq!(rebuff.verdict, ClaimVerdict::CannotTell, "{}", rebuff.figure);
    assert!(rebuff.figure.contains("of dollars +"), "{}", rebuff.figure);
    // Purchases by headquarters go on as reported; whether the mainland keeps a fifth is open in so few draws.
    let apart = claim(15);
    assert!(
        matches!(
            apart.verdict,
            ClaimVerdict::Contradicted | ClaimVerdict::CannotTell
        ),
        "{}",
        apart.figure
    );
    assert!(apart.figure.contains("in the four of FY2025"), "{}", apart.figure);
    assert!(rebuff.test.contains("contradicts it"), "{}", rebuff.test);
    // Chinese compute is some percent of the production it is set against: nowhere near a half.
    assert_eq!(claim(12).verdict, ClaimVerdict::Supported, "{}", claim(12).figure);
    for (n, bands) in [(4, 3), (5, 6), (11, 4)] {
        let figure = &claim(n).figure;
        assert!(figure.matches(" to ").count() >= bands, "{n}: {figure}");
    }
}
