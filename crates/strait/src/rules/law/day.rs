//! The law of one day as known on one day: rows that bind or may, with the countries they reach.

use crate::catalog::{Chip, Form};
use crate::rules::chip::item::Item;
use crate::rules::law::history::within;
use crate::rules::law::live::{Live, Reach};
use crate::rules::law::verified::days_past;
use crate::rules::words::countries::Countries;
use crate::rules::{
    AsOf, ChinaRow, Classification, ConditionRow, EndUseRow, ExceptionRow, Instrument, JurisdictionRow,
    LawBook, LevyRow, PresumeRow, ProductRow, ProhibitionRow, RedFlagRow, Region, RequireRow, ReviewRow,
    RulesError, State, SubsidyRow, Ternary, ZItemRow,
};
use crate::scenario::Side;

/// The law of a day, ready to be asked many times.
#[derive(Debug, Clone)]
pub struct LawDay<'b> {
    pub(crate) book: &'b LawBook,
    pub(crate) as_of: AsOf,
    /// Whether the day lies before the first instrument.
    pub(crate) before_first: bool,
    /// Days past the last reading, without and with the China side.
    stale_days: [i64; 2],
    /// The classification table of processing circuits in force.
    table: Option<&'b Instrument>,
    /// That of stacks of memory (3A090.c), which no processing circuit is read under.
    memory_table: Option<&'b Instrument>,
    pub(crate) jurisdiction: Vec<Live<'b, JurisdictionRow>>,
    pub(crate) presume: Vec<Live<'b, PresumeRow>>,
    pub(crate) z_item: Vec<Live<'b, ZItemRow>>,
    pub(crate) require: Vec<Live<'b, RequireRow>>,
    pub(crate) product: Vec<Live<'b, ProductRow>>,
    pub(crate) end_use: Vec<Live<'b, EndUseRow>>,
    /// End-use rows of instruments that are stayed, or of which nobody has said whether they bind again
    /// (then `held` is unknown).
    pub(crate) stayed: Vec<Live<'b, EndUseRow>>,
    /// What stays them, by the id of the instrument stayed.
    pub(crate) stays: Vec<(&'b str, &'b Instrument)>,
    pub(crate) exception: Vec<Live<'b, ExceptionRow>>,
    pub(crate) review: Vec<Live<'b, ReviewRow>>,
    pub(crate) levy: Vec<Live<'b, LevyRow>>,
    pub(crate) prohibition: Vec<Live<'b, ProhibitionRow>>,
    pub(crate) red_flag: Vec<Live<'b, RedFlagRow>>,
    pub(crate) china: Vec<Live<'b, ChinaRow>>,
    pub(crate) subsidy: Vec<Live<'b, SubsidyRow>>,
    groups: Vec<(&'b str, Countries)>,
    /// What stands in the code that day and is not enforced, or not yet; none where the code is asked.
    unenforced: Vec<&'b Instrument>,
}

impl LawBook {
    /// The law of a day; cheap enough to make for every day of a timeline, and worth keeping for a batch.
    ///
    /// # Errors
    /// Two classification tables that both hold, neither said to prevail.
    pub fn day(&self, as_of: AsOf) -> Result<LawDay<'_>, RulesError> {
        let groups: Vec<(&str, Countries)> = self
            .places
            .groups()
            .map(|id| (id, self.places.members(id, as_of.on)))
            .collect();
        let mut day = LawDay {
            book: self,
            as_of,
            before_first: as_of.on < self.first_instrument,
            stale_days: [false, true].map(|china| days_past(self.verified_through.earliest(china), as_of.on)),
            table: None,
            memory_table: None,
            jurisdiction: Vec::new(),
            presume: Vec::new(),
            z_item: Vec::new(),
            require: Vec::new(),
            product: Vec::new(),
            end_use: Vec::new(),
            stayed: Vec::new(),
            stays: Vec::new(),
            exception: Vec::new(),
            review: Vec::new(),
            levy: Vec::new(),
            prohibition: Vec::new(),
            red_flag: Vec::new(),
            china: Vec::new(),
            subsidy: Vec::new(),
            groups,
            unenforced: Vec::new(),
        };
        for instrument in &self.instruments {
            match instrument.side {
                Side::Us => day.add_us(instrument)?,
                Side::Cn => day.add_china(instrument),
            }
        }
        Ok(day)
    }
}

impl<'b> LawDay<'b> {
    /// Whether it was known that on this day no license for a chip was issued, whatever was promised.
    pub fn none_issued(&self, chip: &Chip) -> bool {
        let rows = self.book.instruments.iter().flat_map(|i| &i.practice);
        rows.filter(|row| row.none_issued && row.about(chip, self.as_of.known))
            .any(|row| row.when.first() <= self.as_of.on && self.as_of.on <= row.when.last())
    }

    /// The days this law is of.
    pub fn as_of(&self) -> AsOf {
        self.as_of
    }

    /// What stands in the code and is not enforced, or not yet.
    pub(crate) fn unenforced(&self) -> &[&'b Instrument] {
        &self.unenforced
    }

    /// The same day under the codified text, where some of it is not enforced.
    pub fn codified_text(&self) -> Option<LawDay<'b>> {
        let text = || {
            self.book.day(AsOf {
                codified: true,
                ..self.as_of
            })
        };
        (!self.unenforced.is_empty()).then(text)?.ok()
    }

    /// The classification table in force for an item.
    pub(crate) fn table(&self, item: &Item<'_>) -> Option<&'b Instrument> {
        match item.chip.form {
            Form::MemoryStack => self.memory_table,
            _ => self.table,
        }
    }

    /// Days from the last reading of the families an answer rests on to the day asked.
    pub(crate) fn stale_days(&self, china: bool) -> i64 {
        self.stale_days[usize::from(china)]
    }

    /// Members of a group that day; nobody where the group is unknown.
    pub(crate) fn group(&self, id: &str) -> Countries {
        let found = self.groups.iter().find(|(name, _)| *name == id);
        found.map(|(_, set)| *set).unwrap_or_default()
    }

    /// The conditions of a checklist that stand on this day.
    pub(crate) fn standing<'c>(
        &self,
        checklist: &'c [ConditionRow],
    ) -> impl Iterator<Item = &'c ConditionRow> + Clone {
        let on = self.as_of.on;
        checklist.iter().filter(move |c| within(c.from, c.until, on))
    }

    fn set(&self, region: Option<&Region>) -> Option<Countries> {
        region.map(|r| r.countries(&|group| self.group(group), &|code| self.book.places.id(code)))
    }

    /// A row with the countries of `[place, who, other]`.
    fn live<R>(
        &self,
        by: &'b Instrument,
        held: Ternary,
        row: &'b R,
        regions: [&Option<Region>; 3],
    ) -> Live<'b, R> {
        let [place, who, other] = regions.map(|region| self.set(region.as_ref()));
        Live {
            by,
            row,
            held,
            reach: Reach { place, who },
            other,
        }
    }

    fn add_us(&mut self, by: &'b Instrument) -> Result<(), RulesError> {
        let as_of = self.as_of;
        let held = by.binds_on(as_of);
        let inside = |from, until| within(from, until, as_of.on);
        // A table classifies from its effective day, though compliance may come later.
        if by.classifies_on(as_of) && !by.classify.is_empty() {
            let of_memory = by.classify.iter().all(|row| row.result == Classification::C);
            let table = match of_memory {
                true => &mut self.memory_table,
                false => &mut self.table,
            };
            *table = Some(prevailing(*table, by)?);
        }
        let state = by.state_as_of(as_of);
        if !as_of.codified && matches!(state, Some(State::CodifiedNotEnforced | State::ComplianceLater)) {
            self.unenforced.push(by);
        }
        if matches!(state, Some(State::InForce | State::Unresolved)) {
            self.stays.extend(by.stays.iter().map(|id| (id.as_str(), by)));
        }
        if held == Ternary::No {
            let unsettled = match state {
                Some(State::Unresolved) => Ternary::Unknown,
                Some(State::Suspended) => Ternary::No,
                _ => return Ok(()),
            };
            for row in by.end_use.iter().filter(|row| inside(row.from, row.until)) {
                let live = self.live(by, unsettled, row, [&row.where_, &None, &None]);
                self.stayed.push(live);
            }
            return Ok(());
        }
        for row in by.jurisdiction.iter().filter(|row| inside(row.from, row.until)) {
            let live = self.live(by, held, row, [&row.where_, &row.who, &row.designers]);
            self.jurisdiction.push(live);
        }
        for row in by.presume.iter().filter(|_| held == Ternary::Yes) {
            let live = self.live(by, held, row, [&None, &None, &row.not_designers]);
            self.presume.push(live);
        }
        for row in by.z_item.iter().filter(|row| inside(row.from, row.until)) {
            if held == Ternary::Yes {
                self.z_item.push(self.live(by, held, row, [&None, &None, &None]));
            }
        }
        for row in by.require.iter().filter(|row| inside(row.from, row.until)) {
            let live = self.live(by, held, row, [&row.where_, &row.who, &row.within]);
            self.require.push(live);
        }
        for row in by.product.iter().filter(|row| inside(row.from, row.until)) {
            let live = self.live(by, held, row, [&row.where_, &row.who, &row.where_maybe]);
            self.product.push(live);
        }
        for row in by.end_use.iter().filter(|row| inside(row.from, row.until)) {
            self.end_use
                .push(self.live(by, held, row, [&row.where_, &None, &None]));
        }
        for row in by.exception.iter().filter(|row| inside(row.from, row.until)) {
            if held == Ternary::Yes {
                let live = self.live(by, held, row, [&row.where_, &row.who, &None]);
                self.exception.push(live);
            }
        }
        for row in by.review.iter().filter(|row| inside(row.from, row.until)) {
            let live = self.live(by, held, row, [&row.where_, &row.who, &row.within]);
            self.review.push(live);
        }
        for row in &by.levy {
            self.levy
                .push(self.live(by, held, row, [&row.where_, &None, &None]));
        }
        for row in by.prohibition.iter().filter(|_| held == Ternary::Yes) {
            self.prohibition
                .push(self.live(by, held, row, [&None, &None, &None]));
        }
        for row in &by.red_flag {
            let live = self.live(by, held, row, [&row.where_, &row.who, &row.remote_users]);
            self.red_flag.push(live);
        }
        Ok(())
    }

    fn add_china(&mut self, by: &'b Instrument) {
        let as_of = AsOf {
            codified: false,
            ..self.as_of
        };
        let held = by.binds_on(as_of);
        if held != Ternary::No {
            for row in &by.china {
                self.china.push(self.live(by, held, row, [&None, &None, &None]));
            }
            for row in &by.subsidy {
                self.subsidy.push(self.live(by, held, row, [&None, &None, &None]));
            }
        }
    }
}

/// Of two classification tables that both hold, the one said to prevail.
fn prevailing<'b>(kept: Option<&'b Instrument>, next: &'b Instrument) -> Result<&'b Instrument, RulesError> {
    match kept {
        None => Ok(next),
        Some(kept) if next.over.contains(&kept.id) => Ok(next),
        Some(kept) if kept.over.contains(&next.id) => Ok(kept),
        Some(kept) => Err(RulesError::Unordered {
            first: kept.id.clone(),
            second: next.id.clone(),
            what: "a classification table",
        }),
    }
}
