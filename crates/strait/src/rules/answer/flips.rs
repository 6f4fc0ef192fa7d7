//! What each value of a missing fact would make of the answer: the same question asked again with that value.

use crate::figure::{Flip, NOTHING};
use crate::rules::answer::again::{Outcome, measuring};
use crate::rules::answer::needs::Again;
use crate::rules::chip::item::Item;
use crate::rules::chip::metrics::Measured;
use crate::rules::law::live::{Live, Reach};
use crate::rules::words::countries::Countries;
use crate::rules::{ConditionRow, DealFact, Instrument, Listed, ProductRow, Transaction, Trigger};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

impl Again<'_> {
    pub(super) fn flip(&self, when: &str, then: Option<Outcome>) -> Flip {
        Flip {
            when: when.to_owned(),
            then: then.map_or_else(|| NOTHING.to_owned(), |then| then.against(&self.now)),
        }
    }

    /// The same question with another fact.
    pub(super) fn with(&self, when: &str, set: impl FnOnce(&mut Transaction)) -> Flip {
        let mut tx = self.tx.clone();
        set(&mut tx);
        self.flip(when, self.day.outcome(self.item, &tx))
    }

    /// The same question of another item.
    pub(super) fn of(&self, when: &str, item: &Item<'_>) -> Flip {
        self.flip(when, self.day.outcome(item, self.tx))
    }

    /// The same question of the item with other figures.
    pub(super) fn measuring(&self, when: &str, measured: Measured) -> Flip {
        self.of(when, &measuring(self.item, measured))
    }

    pub(super) fn datacenter(&self, is: bool) -> Flip {
        let other = Item {
            datacenter: Some(is),
            ..self.item.clone()
        };
        self.of(&is.to_string(), &other)
    }

    pub(super) fn variants(&self) -> Vec<Flip> {
        let chip = self.item.chip;
        let filed = std::iter::once(("as filed", Measured::of(chip)));
        let others = chip
            .variants
            .iter()
            .map(|variant| (variant.name.as_str(), Measured::under(chip, Some(variant))));
        filed
            .chain(others)
            .map(|(name, measured)| self.measuring(name, measured))
            .collect()
    }

    /// Yes, no, and no together with the fact that it leaves open.
    pub(super) fn direct_product(&self) -> Vec<Flip> {
        let mut flips = [true, false]
            .map(|is| self.with(&is.to_string(), |tx| tx.direct_product = Some(is)))
            .to_vec();
        if self.tx.us_content_percent.is_none() {
            flips.push(self.with("false and no US content", |tx| {
                tx.direct_product = Some(false);
                tx.us_content_percent = Some(0.0);
            }));
        }
        flips
    }

    /// On each side of every share that a row names; stretches that come to the same are one.
    pub(super) fn content(&self) -> Vec<Flip> {
        let shares = self
            .day
            .jurisdiction
            .iter()
            .filter_map(|l| l.row.content_gt_percent);
        let mut shares: Vec<f64> = shares.filter_map(|limit| limit.0.to_f64()).collect();
        shares.sort_by(f64::total_cmp);
        shares.dedup();
        // Each stretch by its last share; none has an end at the top.
        let mut stretches: Vec<(Option<f64>, String)> = Vec::new();
        for end in shares.into_iter().map(Some).chain([None]) {
            let then = self
                .with("", |tx| tx.us_content_percent = Some(end.unwrap_or(100.0)))
                .then;
            match stretches.last_mut() {
                Some((last, same)) if *same == then => *last = end,
                _ => stretches.push((end, then)),
            }
        }
        let mut from: Option<f64> = None;
        let mut flips = Vec::new();
        for (end, then) in stretches {
            let when = match (from, end) {
                (None, None) => "any".to_owned(),
                (None, Some(end)) => format!("{end} percent or less"),
                (Some(from), None) => format!("above {from} percent"),
                (Some(from), Some(end)) => format!("above {from} to {end} percent"),
            };
            flips.push(Flip { when, then });
            from = end;
        }
        flips
    }

    /// With the letter as if it named the chip and the place, and as if it did not.
    pub(super) fn letter(&self, letter: &Instrument) -> Vec<Flip> {
        let mut without = self.day.clone();
        without.product.retain(|live| live.by.id != letter.id);
        let named: Vec<ProductRow> = letter
            .product
            .iter()
            .map(|row| ProductRow {
                families: vec![self.item.chip.family.clone()],
                ..row.clone()
            })
            .collect();
        let mut with = without.clone();
        with.product.extend(named.iter().map(|row| Live {
            by: letter,
            row,
            held: crate::rules::Ternary::Yes,
            reach: Reach {
                place: Some(Countries::ALL),
                who: None,
            },
            other: None,
        }));
        vec![
            self.flip("it does", with.outcome(self.item, self.tx)),
            self.flip("it does not", without.outcome(self.item, self.tx)),
        ]
    }

    /// A condition by its id, met and not met.
    pub(super) fn stated(&self, id: &str, [met, unmet]: [&str; 2]) -> Vec<Flip> {
        [(met, true), (unmet, false)]
            .map(|(when, is)| {
                self.with(when, |tx| {
                    tx.conditions.insert(id.to_owned(), is);
                })
            })
            .into()
    }

    pub(super) fn condition(&self, row: &ConditionRow) -> Vec<Flip> {
        let number = |limit: Option<crate::rules::Limit>| limit.and_then(|l| l.0.to_f64());
        let (most, least) = (number(row.le), number(row.ge));
        let met = |met: &str, unmet: &str, set: &dyn Fn(&mut Transaction, bool)| {
            [(met, true), (unmet, false)]
                .map(|(when, is)| self.with(when, |tx| set(tx, is)))
                .to_vec()
        };
        // A number on the side asked: at the bound, or one beyond it.
        let at = |is: bool| match (most, least, is) {
            (Some(most), _, true) => most,
            (Some(most), _, false) => most + 1.0,
            (None, Some(least), true) => least,
            (None, Some(least), false) => (least - 1.0).max(0.0),
            (None, None, _) => 0.0,
        };
        match (row.field, &row.id) {
            (Some(DealFact::ChinaToUsTppPercent), _) => met("met", "not met", &|tx, is| {
                tx.china_to_us_tpp_percent = Some(at(is))
            }),
            (Some(DealFact::UsLaboratory), _) => met("true", "false", &|tx, is| tx.us_laboratory = Some(is)),
            // Where no country is shut out, to state them is all that is asked.
            (Some(DealFact::RemoteUsers), _) if row.none_of.is_empty() => {
                vec![self.with("stated, or none", |tx| tx.remote_users = Some(Vec::new()))]
            }
            (Some(DealFact::RemoteUsers), _) => met("none of them there", "some there", &|tx, is| {
                tx.remote_users = Some(if is { Vec::new() } else { self.member(row) });
            }),
            (Some(DealFact::NotifiedDaysBefore), _) => met("met", "not met", &|tx, is| {
                tx.notified_days_before = at(is).to_u32();
            }),
            (Some(DealFact::Quantity), _) => met("met", "not met", &|tx, is| tx.quantity = at(is).to_u64()),
            (Some(DealFact::NoPart744), _) => met("none", "any", &|tx, is| {
                tx.listed = if is { Listed::None } else { Listed::Entity };
                tx.military = Some(!is);
                tx.supercomputer = Some(!is);
            }),
            (Some(DealFact::Headquarters), _) | (None, None) => Vec::new(),
            (None, Some(id)) => self.stated(id, ["met", "not met"]),
        }
    }

    /// A country that a condition shuts out.
    pub(super) fn member(&self, row: &ConditionRow) -> Vec<String> {
        let places = &self.day.book.places;
        let shut = |code: &&String| {
            row.none_of.iter().any(|named| {
                named == *code
                    || places
                        .id(code)
                        .is_some_and(|id| self.day.group(named).contains(id))
            })
        };
        places.codes().iter().find(shut).cloned().into_iter().collect()
    }

    pub(super) fn end_use(&self, trigger: Trigger) -> Vec<Flip> {
        let yes_no = |set: &dyn Fn(&mut Transaction, bool)| {
            [true, false]
                .map(|is| self.with(&is.to_string(), |tx| set(tx, is)))
                .to_vec()
        };
        match trigger {
            Trigger::Supercomputer => yes_no(&|tx, is| tx.supercomputer = Some(is)),
            Trigger::Military => yes_no(&|tx, is| tx.military = Some(is)),
            Trigger::EntityList | Trigger::MilitaryEndUserList => [
                ("none", Listed::None),
                ("entity", Listed::Entity),
                ("entity-fn4", Listed::EntityFn4),
                ("meu", Listed::Meu),
            ]
            .map(|(word, listed)| self.with(word, |tx| tx.listed = listed))
            .to_vec(),
            Trigger::OwnedByListed => {
                let rows = self.day.end_use.iter().chain(&self.day.stayed);
                let limit = rows
                    .filter_map(|live| live.row.ge_percent)
                    .map(|limit| limit.0)
                    .min()
                    .unwrap_or(Decimal::ONE_HUNDRED);
                let share = limit.to_f64().unwrap_or(100.0);
                vec![
                    self.with(&format!("below {}", limit.normalize()), |tx| {
                        tx.owned_by_listed_percent = Some((share - 1.0).max(0.0));
                    }),
                    self.with(&format!("{} or more", limit.normalize()), |tx| {
                        tx.owned_by_listed_percent = Some(share);
                    }),
                ]
            }
        }
    }

    /// The item under each host's ECCN.
    pub(super) fn hosts(&self) -> Vec<Flip> {
        let rows = self.day.z_item.iter().map(|live| live.row);
        rows.map(|row| Flip {
            when: row.host.clone(),
            then: format!("item {}", row.item),
        })
        .collect()
    }
}
