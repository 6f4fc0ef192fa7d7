//! The first question: is the item subject to the EAR?

use super::engine::Asked;
use super::{Jurisdiction, Step, Ternary};
use crate::figure::{Flip, Need};

/// Is the item subject to the EAR?
pub(crate) fn jurisdiction(asked: &mut Asked<'_>) -> (Jurisdiction, Vec<String>) {
    let mut basis = Vec::new();
    let mut answer = Jurisdiction::Unknown;
    if asked.designer == Some("US") {
        basis.push("US-origin technology of a US maker (734.3)".to_owned());
        answer = Jurisdiction::Yes;
    }
    if asked.from == "US" {
        basis.push("leaves from the US (734.3(a)(1))".to_owned());
        answer = Jurisdiction::Yes;
    }
    if answer != Jurisdiction::Yes {
        for (instrument, held) in asked.active.clone() {
            // Whether a chip is a direct product of US technology is not known here; the need below asks for it.
            for row in instrument.jurisdiction.iter().filter(|row| !row.direct_product) {
                let maker = asked.designer.unwrap_or_default();
                let book = asked.book;
                let on = asked.tx.on;
                let holds = row
                    .designers
                    .as_ref()
                    .is_none_or(|r| r.holds(maker, &|g| book.places.in_group(maker, g, on)));
                if held == Ternary::Yes && holds {
                    answer = Jurisdiction::Presumed;
                    basis.push(format!("{} ({})", row.basis, row.paragraph));
                    asked.cite(instrument, &row.paragraph);
                    asked.trace(
                        Step::Jurisdiction,
                        Some((instrument, &row.paragraph)),
                        row.basis.clone(),
                    );
                }
            }
        }
        if answer == Jurisdiction::Unknown {
            basis.push("foreign maker: direct product (734.9) and de minimis (734.4) not settled".to_owned());
        }
        asked.needs.push(Need {
            fact: "the fab, its tools' origin, and the share of US-controlled content".to_owned(),
            flag: Some("--deal".to_owned()),
            why: "they decide whether a foreign chip is subject to the EAR (734.9(e), (h), (i); 734.4)"
                .to_owned(),
            flips: vec![Flip {
                when: "not subject".to_owned(),
                then: "not_subject".to_owned(),
            }],
        });
    }
    let word = match answer {
        Jurisdiction::Yes => "subject to the EAR",
        Jurisdiction::No => "not subject to the EAR",
        Jurisdiction::Presumed => "presumed subject to the EAR",
        Jurisdiction::Unknown => "not settled whether subject to the EAR",
    };
    asked.trace(Step::Jurisdiction, None, format!("{word}: {}", basis.join("; ")));
    (answer, basis)
}
