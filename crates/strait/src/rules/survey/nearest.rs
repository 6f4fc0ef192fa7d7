//! The smallest single change that would move a chip into or out of each class, and across the bounds
//! of letters, bills, review policies and levies.
//!
//! One lever moves and everything else stays as filed. Each rule is evaluated as it is everywhere else
//! in strait, on both sides of every bound the lever can meet; nothing is solved by hand.

mod lever;
mod rule;
mod search;

use crate::catalog::Chip;
use crate::figure::SourceId;
use crate::rules::law::bounds::{RuleKind, bounded};
use crate::rules::{Amount, AsOf, Interval, LawBook, RulesError, Ternary};
use jiff::civil::Date;
use lever::Base;
use rule::Rule;
use serde::Serialize;

pub use lever::Lever;

/// How the needed value lies to its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The limit itself and more.
    AtLeast,
    /// More than the limit.
    Above,
    /// The limit itself and less.
    AtMost,
    /// Less than the limit.
    Below,
}

/// One end of the values that will do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Edge {
    /// Inclusive or exclusive, from which side.
    pub relation: Relation,
    /// The limit for this lever.
    pub limit: Amount,
    /// Whether `limit` is written out in full; a quotient without end is rounded to nine decimals.
    pub exact: bool,
    /// The bound it comes from (`performance_density 3.2: tpp / 3.2`).
    pub by: String,
}

/// Whether one lever alone does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It does.
    Reachable,
    /// No value of this lever does.
    NotReachable,
    /// The chip's own value is not known, so no change can be measured.
    NotKnown,
}

/// What one lever would have to become.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What moves.
    pub lever: Lever,
    /// Whether it suffices alone.
    pub reach: Reach,
    /// The nearest value that does.
    pub needed: Option<Edge>,
    /// The other end of the values that do, where there is one.
    pub up_to: Option<Edge>,
    /// The value of a fact, where the lever is one.
    pub fact: Option<bool>,
    /// Limit minus filed value.
    pub change: Option<Amount>,
    /// Its size as a fraction of the filed value, to six decimals; none where that is zero.
    pub relative: Option<Amount>,
    /// Limb or bound it would meet then; none where it meets none.
    pub meets: Option<String>,
    /// Whether the result stands whatever live alternative of the other figures is right.
    pub certain: Option<bool>,
    /// Whether it is the smallest by fraction for this target.
    pub smallest: bool,
    /// Why it is not reachable or not known.
    pub why: Option<String>,
}

/// A class or state the chip is not in, and how each lever would bring it there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target {
    /// Class (`3A090.b`), or `met`, `not_met`, `unknown` of a bound.
    pub to: String,
    /// One change a lever.
    pub changes: Vec<Change>,
}

/// One rule with bounds, where the chip stands and how far everything else is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearestRule {
    /// What kind of rule.
    pub kind: RuleKind,
    /// Instrument.
    pub instrument: String,
    /// Its source.
    pub source: SourceId,
    /// Paragraph; none for a whole table.
    pub paragraph: Option<String>,
    /// Whether it binds that day; a bill is asked as if it did.
    pub binds: Ternary,
    /// Whether it names the chip by family, which binds whatever its figures; the bounds are for other names.
    pub named: bool,
    /// Class or state by the filed figures alone; several classes where they leave it open.
    pub now: Vec<String>,
    /// Limb or bound it meets now.
    pub meets: Option<String>,
    /// Every other class or state.
    pub targets: Vec<Target>,
}

/// A lever and where the chip stands on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeverNow {
    /// Lever.
    pub lever: Lever,
    /// The filed value with its live alternatives; none where undefined.
    pub filed: Option<Interval>,
    /// The filed value of a fact.
    pub fact: Option<bool>,
    /// Unit.
    pub unit: &'static str,
    /// Whether alternatives are live; the answer is given from the filed value.
    pub disputed: bool,
}

/// Everything near a chip on a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearestChanges {
    /// Chip.
    pub chip: String,
    /// Day.
    pub on: Date,
    /// Day of knowledge.
    pub known: Date,
    /// Levers and filed values.
    pub levers: Vec<LeverNow>,
    /// Rules, classification first.
    pub rules: Vec<NearestRule>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

impl NearestChanges {
    /// The smallest change of class by fraction, with the class it leads to.
    pub fn smallest(&self) -> Option<(&Target, &Change)> {
        let table = self.rules.iter().find(|r| r.kind == RuleKind::Classification)?;
        let all = table
            .targets
            .iter()
            .flat_map(|t| t.changes.iter().map(move |c| (t, c)));
        all.filter(|(_, c)| c.smallest && c.relative.is_some())
            .min_by_key(|(_, c)| c.relative)
    }
}

impl LawBook {
    /// The smallest single change to every class and across every bound of a day.
    ///
    /// # Errors
    /// Two classification tables, neither said to prevail.
    pub fn nearest(&self, chip: &Chip, as_of: AsOf) -> Result<NearestChanges, RulesError> {
        let base = Base::of(chip);
        let bounds = bounded(self, chip, as_of)?;
        let rules: Vec<Rule<'_>> = rule::rules(&bounds, chip);
        Ok(NearestChanges {
            chip: chip.id.0.clone(),
            on: as_of.on,
            known: as_of.known,
            levers: Lever::of(chip).into_iter().map(|l| base.now(l)).collect(),
            rules: rules.iter().map(|r| search::nearest(r, &base, chip)).collect(),
            notes: notes(chip, &base, &rules),
        })
    }
}

fn notes(chip: &Chip, base: &Base, rules: &[Rule<'_>]) -> Vec<String> {
    let mut notes = Vec::new();
    if rules.is_empty() {
        notes.push("no rule with bounds is in force that day".to_owned());
    }
    let disputed = Lever::of(chip).into_iter().any(|l| base.now(l).disputed);
    if disputed {
        notes.push(
            "figures with live alternatives: the answer starts from the filed value; `certain` says whether it stands for the others"
                .to_owned(),
        );
    }
    if !chip.variants.is_empty() {
        let names: Vec<&str> = chip.variants.iter().map(|v| v.name.as_str()).collect();
        notes.push(format!(
            "as filed, not under the variants `{}`",
            names.join("`, `")
        ));
    }
    if rules.iter().any(Rule::may) {
        notes.push(
            "unknown, of a letter: only bounds that may be meant reach it; the text is not public".to_owned(),
        );
    }
    if chip.is_accelerator() {
        notes.push(
            "less TPP means that every format and engine claimed stays below; I/O moves by the scale-up link, the host link stays"
                .to_owned(),
        );
    }
    notes
}
