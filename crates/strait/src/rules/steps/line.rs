//! One line of the trace, by reference, and how it reads.

use crate::rules::{
    ChinaState, Classification, ConditionRow, Except, ExceptionRow, Instrument, Jurisdiction, LevyRow,
    PresumeRow, RequireRow, Review, Step, SubsidyRow, Ternary,
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
