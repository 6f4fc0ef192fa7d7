//! What the steps find, by reference: a whole verdict without a text made. `explain` writes it out.

use crate::rules::deal::assumed::Assumed;
use crate::rules::law::live::Live;
use crate::rules::steps::classify::{Classed, LimbRead};
use crate::rules::steps::line::{Classes, Line, What};
use crate::rules::steps::open::Open;
use crate::rules::{
    Check, ChinaRow, ChinaState, ConditionRow, ExceptionRow, Instrument, Jurisdiction, JurisdictionRow,
    LevyRow, License, ProhibitionRow, RedFlagRow, Review, ReviewRow, Site, Step, SubsidyRow, SupplyEffect,
    Ternary, ZItemRow,
};

/// A condition and how it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shown<'a> {
    pub(crate) by: &'a Instrument,
    pub(crate) row: &'a ConditionRow,
    pub(crate) state: Check,
}

/// A levy and whether it applies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Levied<'a> {
    pub(crate) by: &'a Instrument,
    pub(crate) row: &'a LevyRow,
    pub(crate) applies: Ternary,
}

/// A question nobody has answered, whose ways out are shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fork<'a> {
    /// Is the chip subject to the EAR? With the license were it so.
    Subject(License),
    /// Does a letter whose text is not public mean the chip? With the license if it does not.
    Letter(License),
    /// Was the chip made in violation, as is presumed?
    Prohibited(&'a Live<'a, JurisdictionRow>),
    /// Does the ownership rule bind again? With the license if it does, and if it does not.
    Affiliates(License, License),
}

/// A verdict by reference. Reused from one transaction to the next it allocates nothing.
#[derive(Debug, Clone)]
pub struct Findings<'a> {
    pub(crate) jurisdiction: Jurisdiction,
    pub(crate) classes: Classes,
    pub(crate) possible: Vec<Classed<'a>>,
    pub(crate) paragraph: Option<&'a str>,
    pub(crate) license: License,
    pub(crate) review: Option<Review>,
    pub(crate) why: Vec<&'a Instrument>,
    pub(crate) checks: Vec<Shown<'a>>,
    pub(crate) exceptions: Vec<(&'a Instrument, &'a ExceptionRow)>,
    /// Conditions of the exceptions offered: which exception, and how each stands.
    pub(crate) offered: Vec<(&'a ExceptionRow, Shown<'a>)>,
    pub(crate) levies: Vec<Levied<'a>>,
    pub(crate) prohibitions: Vec<(&'a Instrument, &'a ProhibitionRow)>,
    pub(crate) red_flags: Vec<(&'a Instrument, &'a RedFlagRow)>,
    pub(crate) z_items: Vec<(&'a Instrument, &'a ZItemRow)>,
    pub(crate) forks: Vec<Fork<'a>>,
    /// What presumes that a violation made the chip.
    pub(crate) violation: Option<&'a Live<'a, JurisdictionRow>>,
    /// Whether a Chinese place or party takes part.
    pub(crate) touches_china: bool,
    pub(crate) cn_state: ChinaState,
    pub(crate) cn_site: Site,
    pub(crate) cn_why: Vec<(&'a Instrument, &'a ChinaRow)>,
    /// Rows of the China side that bind, or may.
    pub(crate) cn_speaking: Vec<(&'a Live<'a, ChinaRow>, Ternary)>,
    pub(crate) subsidies: Vec<&'a Live<'a, SubsidyRow>>,
    pub(crate) supply_effect: SupplyEffect,
    pub(crate) open: Vec<Open<'a>>,
    pub(crate) assumed: Vec<Assumed<'a>>,
    pub(crate) trace: Vec<Line<'a>>,
    /// How each limb of the classification table stands, top to bottom as far as it was read.
    pub(crate) limbs: Vec<LimbRead>,
    /// Whether more than one case is worked through, so that a line may come twice.
    pub(crate) several: bool,
    /// Cases to work through: which of the item's cases, whether for data centers, and the class.
    pub(crate) combinations: Vec<(usize, bool, Classed<'a>)>,
    /// Review rows that reach the case at hand.
    pub(crate) matched: Vec<(&'a Live<'a, ReviewRow>, Ternary)>,
}

impl Default for Findings<'_> {
    fn default() -> Self {
        Self {
            jurisdiction: Jurisdiction::Unknown,
            classes: Classes::default(),
            possible: Vec::new(),
            paragraph: None,
            license: License::NoneFound,
            review: None,
            why: Vec::new(),
            checks: Vec::new(),
            exceptions: Vec::new(),
            offered: Vec::new(),
            levies: Vec::new(),
            prohibitions: Vec::new(),
            red_flags: Vec::new(),
            z_items: Vec::new(),
            forks: Vec::new(),
            violation: None,
            touches_china: false,
            cn_state: ChinaState::None,
            cn_site: Site::Offshore,
            cn_why: Vec::new(),
            cn_speaking: Vec::new(),
            subsidies: Vec::new(),
            supply_effect: SupplyEffect::Open,
            open: Vec::new(),
            assumed: Vec::new(),
            trace: Vec::with_capacity(24),
            limbs: Vec::with_capacity(8),
            several: false,
            combinations: Vec::new(),
            matched: Vec::new(),
        }
    }
}

impl<'a> Findings<'a> {
    /// What the US side alone leaves the supplier.
    pub fn us_supply(&self) -> SupplyEffect {
        SupplyEffect::of_license(self.license, self.review)
    }

    /// Empties it for the next transaction.
    pub(crate) fn clear(&mut self) {
        self.possible.clear();
        self.why.clear();
        self.checks.clear();
        self.exceptions.clear();
        self.offered.clear();
        self.levies.clear();
        self.prohibitions.clear();
        self.red_flags.clear();
        self.z_items.clear();
        self.forks.clear();
        self.violation = None;
        self.cn_why.clear();
        self.cn_speaking.clear();
        self.subsidies.clear();
        self.open.clear();
        self.assumed.clear();
        self.trace.clear();
        self.limbs.clear();
        self.several = false;
        self.combinations.clear();
        self.matched.clear();
        self.jurisdiction = Jurisdiction::Unknown;
        self.classes = Classes::default();
        self.paragraph = None;
        self.license = License::NoneFound;
        self.review = None;
        self.touches_china = false;
        self.cn_state = ChinaState::None;
        self.cn_site = Site::Offshore;
        self.supply_effect = SupplyEffect::Open;
    }

    /// A line without an instrument.
    pub(crate) fn note(&mut self, step: Step, what: What<'a>) {
        self.push(Line {
            step,
            by: None,
            paragraph: "",
            what,
            cited: false,
        });
    }

    /// A line of an instrument that the verdict relies on.
    pub(crate) fn found(&mut self, step: Step, by: &'a Instrument, paragraph: &'a str, what: What<'a>) {
        self.push(Line {
            step,
            by: Some(by),
            paragraph,
            what,
            cited: true,
        });
    }

    /// Several cases of one chip say the same thing once.
    pub(crate) fn push(&mut self, line: Line<'a>) {
        let same = |l: &Line<'_>| {
            l.step == line.step
                && l.paragraph == line.paragraph
                && l.by.map(std::ptr::from_ref) == line.by.map(std::ptr::from_ref)
                && l.what == line.what
        };
        if !self.several || !self.trace.iter().any(same) {
            self.trace.push(line);
        }
    }

    pub(crate) fn because(&mut self, by: &'a Instrument) {
        if !self.why.iter().any(|i| std::ptr::eq(*i, by)) {
            self.why.push(by);
        }
    }

    pub(crate) fn ask(&mut self, open: Open<'a>) {
        if !self.open.iter().any(|known| known.same(&open)) {
            self.open.push(open);
        }
    }
}
