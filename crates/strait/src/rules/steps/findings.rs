//! What the steps find, by reference: a whole verdict without a text made. `explain` writes it out.

use crate::rules::deal::assumed::Assumed;
use crate::rules::law::day::Live;
use crate::rules::steps::classify::{Classed, LimbRead};
use crate::rules::{
    Check, ChinaRow, ChinaState, Classification, ConditionRow, Except, ExceptionRow, Instrument,
    Jurisdiction, JurisdictionRow, LevyRow, License, MetricName, PresumeRow, ProhibitionRow, RedFlagRow,
    RequireRow, Review, ReviewRow, Site, Step, SubsidyRow, SupplyEffect, Ternary, ZItemRow,
};
use rust_decimal::Decimal;
use std::fmt;

/// One line of the trace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line<'a> {
    pub(crate) step: Step,
    pub(crate) by: Option<&'a Instrument>,
    pub(crate) paragraph: &'a str,
    pub(crate) what: What<'a>,
    /// Whether the verdict relies on the instrument, so that it is cited.
    pub(crate) cited: bool,
}

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum What<'a> {
    /// A fixed sentence.
    Fixed(&'static str),
    /// A sentence of the instrument's file.
    Text(&'a str),
    Subject(Jurisdiction),
    Tpp(Option<[Decimal; 3]>),
    /// Classes still possible, as bits of [`Classes`].
    Class(Classes),
    Presumed(&'a PresumeRow),
    Rebutted(&'a PresumeRow),
    Required(Classification, &'a RequireRow),
    /// A requirement from which the parties are stated to be excepted.
    Excepted(&'a Except),
    Exception(&'a ExceptionRow),
    ExceptionFails(&'a ExceptionRow, &'a ConditionRow),
    Reviewed(Review),
    Levied(&'a LevyRow, Ternary),
    /// State for a buyer, with the row's remark.
    China(ChinaState, crate::rules::Segment, Option<&'a str>),
    /// A row that an exception sets aside.
    SetAside(ChinaState, &'a Instrument),
    Subsidised(&'a SubsidyRow),
    BeforeFirst(jiff::civil::Date),
}

/// A set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Classes(u8);

impl Classes {
    pub(crate) fn insert(&mut self, class: Classification) {
        self.0 |= 1 << class as u8;
    }

    pub(crate) fn contains(self, class: Classification) -> bool {
        self.0 & (1 << class as u8) != 0
    }

    /// In the order of the vocabulary.
    pub(crate) fn iter(self) -> impl Iterator<Item = Classification> {
        Classification::ALL.into_iter().filter(move |c| self.contains(*c))
    }

    /// The only one, where there is only one.
    pub(crate) fn one(self) -> Option<Classification> {
        let mut all = self.iter();
        all.next().filter(|_| all.next().is_none())
    }
}

impl fmt::Display for What<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(text) => f.write_str(text),
            Self::Text(text) => f.write_str(text),
            Self::Subject(jurisdiction) => f.write_str(match jurisdiction {
                Jurisdiction::Yes => "subject to the EAR",
                Jurisdiction::No => "not subject to the EAR",
                Jurisdiction::Presumed => "presumed subject to the EAR",
                Jurisdiction::Unknown => "not settled whether subject to the EAR",
            }),
            Self::Tpp(None) => f.write_str("tpp not known"),
            Self::Tpp(Some([value, low, high])) if low == high => write!(f, "tpp {}", value.normalize()),
            Self::Tpp(Some([value, low, high])) => write!(
                f,
                "tpp {} ({} to {})",
                value.normalize(),
                low.normalize(),
                high.normalize()
            ),
            Self::Class(classes) => {
                for (n, class) in classes.iter().enumerate() {
                    write!(f, "{}{}", if n == 0 { "" } else { " or " }, class.name())?;
                }
                Ok(())
            }
            Self::Presumed(row) => write!(f, "presumed {} unless {}", row.result.name(), row.rebut),
            Self::Rebutted(row) => write!(f, "presumption of {} stated to be rebutted", row.result.name()),
            Self::Required(_, row) if row.classes.is_empty() => {
                f.write_str("license required by destination for every listed item, whatever its class")
            }
            Self::Required(class, row) => {
                write!(f, "license required for {}", class.name())?;
                row.except
                    .as_ref()
                    .map_or(Ok(()), |except| write!(f, "; not where {}", except.what))
            }
            Self::Excepted(except) => write!(f, "not required: stated that {}", except.what),
            Self::Exception(row) => {
                write!(
                    f,
                    "license exception {} may be used where its conditions hold",
                    row.id
                )
            }
            Self::ExceptionFails(row, condition) => {
                write!(f, "license exception {} fails: {}", row.id, condition.what)
            }
            Self::Reviewed(review) => write!(f, "review: {}", review.name()),
            Self::Levied(row, applies) => {
                write!(f, "{} of {}: applies {}", row.rate.0, row.base, applies.name())
            }
            Self::China(state, segment, note) => {
                write!(
                    f,
                    "{} for {}",
                    state.name(),
                    crate::rules::steps::china::buyer(*segment)
                )?;
                note.map_or(Ok(()), |note| write!(f, " ({note})"))
            }
            Self::SetAside(state, by) => {
                write!(f, "{} set aside by {}, an exception from it", state.name(), by.id)
            }
            Self::Subsidised(row) => write!(
                f,
                "up to {} of the {} taken off in {}",
                row.rate_high.0,
                row.base,
                row.places.join(", ")
            ),
            Self::BeforeFirst(day) => write!(f, "before the first instrument ({day})"),
        }
    }
}

/// A fact that is missing; `needs` says in words what it would change.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Open<'a> {
    Datacenter,
    Variant,
    Metric(MetricName),
    DirectProduct,
    UsContent,
    Rebut(&'a PresumeRow),
    Letter(&'a Instrument),
    /// The figure that straddles a limit of the review policy.
    ReviewLimit(MetricName, Decimal),
    /// Parties that a requirement excepts, with its paragraph.
    Except(&'a Except, &'a str),
    Condition(&'a ConditionRow),
    EndUse(crate::rules::Trigger),
    Host,
    /// Where the designer sits, for guidance on foreign chips.
    Designer,
    /// The day on which an instrument began or ceased to hold.
    Day(&'a Instrument),
    /// Whether what is presumed made in violation was.
    Violation(&'a Live<'a, JurisdictionRow>),
}

impl Open<'_> {
    /// Whether it asks for the same fact; rows are the same where they stand in the same place.
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rebut(a), Self::Rebut(b)) => std::ptr::eq(*a, *b),
            (Self::Letter(a), Self::Letter(b)) | (Self::Day(a), Self::Day(b)) => std::ptr::eq(*a, *b),
            (Self::Except(a, _), Self::Except(b, _)) => a == b,
            (Self::Condition(a), Self::Condition(b)) => std::ptr::eq(*a, *b),
            (Self::ReviewLimit(a, x), Self::ReviewLimit(b, y)) => a == b && x == y,
            (Self::Metric(a), Self::Metric(b)) => a == b,
            (Self::EndUse(a), Self::EndUse(b)) => a == b,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }

    /// A word for tables.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::Datacenter => "datacenter",
            Self::Variant => "variant",
            Self::Metric(metric) | Self::ReviewLimit(metric, _) => metric.as_str(),
            Self::DirectProduct => "direct_product",
            Self::UsContent => "us_content",
            Self::Rebut(_) => "rebuttal",
            Self::Letter(_) => "letter_text",
            Self::Except(..) => "exempted_party",
            Self::Condition(_) => "conditions",
            Self::EndUse(trigger) => trigger.key(),
            Self::Host => "host",
            Self::Designer => "designer",
            Self::Day(_) => "day",
            Self::Violation(_) => "violation",
        }
    }
}

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
