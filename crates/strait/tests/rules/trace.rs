//! The trace shows every limb of the table in force that was read, and how it stands.

use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources};
use strait::rules::{Classification, LawBook, Step, Transaction, Verdict};
use strait::scenario::Scenario;

struct Law {
    book: LawBook,
    catalog: Catalog,
}

impl Law {
    fn load() -> Self {
        let data = DataSet::embedded();
        let sources = load_sources(&data).expect("sources");
        Self {
            book: LawBook::load(&data, &Scenario::default(), &sources).expect("law"),
            catalog: Catalog::load(&data, &Scenario::default()).expect("catalog"),
        }
    }

    fn check(&self, name: &str, on: jiff::civil::Date) -> Verdict {
        let chip = self.catalog.resolve(name).expect("chip").chip;
        let tx = Transaction::new(chip.id.clone(), "CN", on, on);
        let designer = self.catalog.designer_country(chip);
        self.book
            .check(chip, designer, Some("TW"), &tx)
            .expect("a verdict")
    }
}

/// Paragraph and outcome of every limb line.
fn limbs(verdict: &Verdict) -> Vec<(&str, &str)> {
    verdict
        .trace
        .iter()
        .filter(|line| line.step == Step::Classification)
        .filter_map(|line| {
            let (outcome, _) = line.found.split_once(": ")?;
            Some((line.paragraph.as_deref()?, outcome))
        })
        .collect()
}

/// 88 FR 73458, 3A090 and its Note 2, read top to bottom; the first limb that holds ends the reading.
#[test]
fn each_limb_read_is_named_with_its_outcome() {
    let law = Law::load();
    let on = jiff::civil::date(2026, 2, 1);
    assert_eq!(
        limbs(&law.check("h20", on)),
        [
            ("Note 2 to 3A090", "does not hold"),
            ("3A090.a.1", "does not hold"),
            ("3A090.a.2", "does not hold"),
            ("3A090.b.1", "does not hold"),
            ("3A090.b.2", "does not hold"),
        ]
    );
    assert_eq!(
        limbs(&law.check("h100", on)),
        [("Note 2 to 3A090", "does not hold"), ("3A090.a.1", "holds")]
    );
    // Two variants: capped it is below every limb, uncapped above 4800.
    assert_eq!(
        limbs(&law.check("mi308x", on))[1],
        ("3A090.a.1", "holds in some of the cases still possible")
    );
}

#[test]
fn the_limb_that_gives_the_class_holds_and_outside_none_does() {
    let law = Law::load();
    let mut seen = 0;
    for on in [(2022, 11, 1), (2024, 1, 15), (2025, 2, 1), (2026, 10, 1)] {
        let on = jiff::civil::date(on.0, on.1, on.2);
        for chip in law.catalog.iter() {
            let verdict = law.check(&chip.id.0, on);
            let read = limbs(&verdict);
            match (verdict.us.classification, verdict.us.paragraph.as_deref()) {
                (Classification::Unknown, _) => {}
                (Classification::Outside3A090, None) => {
                    seen += 1;
                    assert!(
                        read.iter().all(|(_, o)| *o != "holds"),
                        "{} {on}: {read:?}",
                        chip.id.0
                    );
                }
                (_, Some(limb)) if read.iter().any(|(paragraph, _)| *paragraph == limb) => {
                    seen += 1;
                    assert_eq!(
                        read.last(),
                        Some(&(limb, "holds")),
                        "{} {on}: {read:?}",
                        chip.id.0
                    );
                }
                // A presumption gives the class, not a limb of the table.
                (_, _) => {}
            }
        }
    }
    assert!(seen > 200, "{seen}");
}
