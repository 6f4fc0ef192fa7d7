//! What stands beside a verdict: what happened, and whether the chip was there yet.

use super::{ask, check, named};
use crate::made_up::law;
use crate::shipped::BOOK;
use strait::rules::{Findings, Item};

fn practice(name: &str, to: &str, on: &str, known: &str) -> Vec<(String, String)> {
    let mut tx = ask(name, to, on);
    tx.known = known.parse().unwrap();
    let told = check(name, &tx).practice.into_iter();
    told.map(|p| (p.id, p.when)).collect()
}

/// What US instruments say happened to H200: the announcement, licenses, and two quarters (10-Q of May and of August).
#[test]
fn what_happened_is_told_from_its_day_and_once_known() {
    let of = |name: &str, to: &str, on: &str, known: &str| -> Vec<String> {
        let told = practice(name, to, on, known).into_iter();
        let ours = told.filter(|(id, _)| id.starts_with("us-h200"));
        ours.map(|(_, when)| when).collect()
    };
    let h200 = |on: &str, known: &str| of("h200", "CN", on, known);
    assert!(h200("2025-12-07", "2026-10-01").is_empty());
    assert!(h200("2025-12-08", "2025-12-07").is_empty());
    assert_eq!(h200("2025-12-08", "2025-12-08"), ["2025-12-08"]);
    let spring = ["2025-12-08", "2026-02"];
    assert_eq!(h200("2026-04-25", "2026-06-01"), spring);
    assert_eq!(h200("2026-04-26", "2026-05-30"), spring, "known some day of May");
    let quarter = ["2025-12-08", "2026-02", "2026-04-26"];
    assert_eq!(h200("2026-04-26", "2026-05-31"), quarter);
    assert_eq!(of("h200", "HK", "2026-04-26", "2026-05-31"), quarter);
    assert!(of("h200", "SG", "2026-04-26", "2026-05-31").is_empty());
    assert!(of("mi308x", "CN", "2026-04-26", "2026-05-31").is_empty());
}

/// Rows on a vendor reach all its chips, rows on a family that family alone, rows on neither every chip.
#[test]
fn what_happened_is_told_of_the_chips_it_is_about() {
    let told = |name: &str, id: &str| {
        let all = practice(name, "CN", "2026-10-01", "2026-10-01");
        all.iter().any(|(by, _)| by == id)
    };
    let of = |id: &str| ["h20", "h100", "mi308x"].map(|name| told(name, id));
    assert_eq!(of("cn-h20-production-stop-2025-08"), [true, false, false]);
    assert_eq!(of("cn-customs-campaign-2025-10"), [true, true, false]);
    assert_eq!(of("us-diffusion-nonenforcement-2025-05"), [true, true, true]);
}

/// H20 is announced on 2023-11-09 by its file: hypothetical before that day, in words and in a line of a batch alike.
#[test]
fn a_chip_is_hypothetical_until_the_day_of_its_announcement() {
    for (on, hypothetical) in [("2023-11-08", true), ("2023-11-09", false), ("2023-11-10", false)] {
        let tx = ask("h20", "CN", on);
        assert_eq!(check("h20", &tx).hypothetical, hypothetical, "{on}");
        let (day, item) = (law(&BOOK, on), Item::new(named("h20"), Some("US"), Some("TW")));
        let mut found = Findings::default();
        day.decide(&item, &tx, &mut found).unwrap();
        assert_eq!(
            day.summary(None, &item, &tx, &found).hypothetical,
            hypothetical,
            "{on}"
        );
    }
}
