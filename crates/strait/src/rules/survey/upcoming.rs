//! What is dated to come: ends, starts and compliance days ahead.

use crate::rules::{Instrument, LawBook};
use crate::scenario::Side;
use jiff::civil::Date;
use serde::Serialize;

/// A dated end or start still ahead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Upcoming {
    /// The day, as exact as known.
    pub on: String,
    /// Instrument.
    pub instrument: String,
    /// Its title.
    pub title: String,
    /// What happens then.
    pub what: String,
}

impl LawBook {
    /// Dated starts, ends and compliance days after `on`, as known on `known`.
    pub fn upcoming(&self, on: Date, known: Date) -> Vec<Upcoming> {
        let mut found: Vec<(Date, Upcoming)> = Vec::new();
        let mut add = |instrument: &Instrument, when: crate::figure::When, what: String| {
            if when.first() > on {
                found.push((
                    when.first(),
                    Upcoming {
                        on: when.to_string(),
                        instrument: instrument.id.clone(),
                        title: instrument.title.clone(),
                        what,
                    },
                ));
            }
        };
        for instrument in &self.instruments {
            if instrument.dates.known_from.is_some_and(|k| k.last() > known) {
                continue;
            }
            let side = if instrument.side == Side::Us {
                "US"
            } else {
                "China"
            };
            for row in instrument.status.iter().map(toml::Spanned::get_ref) {
                if row.known_from.last() <= known {
                    let state = row.state.words();
                    add(instrument, row.from, format!("{side}: becomes {state}"));
                }
            }
            if let Some(day) = instrument.dates.compliance {
                add(instrument, day, format!("{side}: must be complied with"));
            }
            if let Some(day) = instrument.dates.ends {
                add(instrument, day, format!("{side}: ends"));
            }
        }
        found.sort_by(|a, b| (a.0, &a.1.instrument).cmp(&(b.0, &b.1.instrument)));
        found.dedup();
        found.into_iter().map(|(_, upcoming)| upcoming).collect()
    }
}
