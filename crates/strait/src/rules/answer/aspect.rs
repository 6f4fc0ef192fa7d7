//! The parts of an answer, each with the instruments it rests on: what a change is told by, and put down to.

use crate::rules::law::alike::Rows;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::open::Open;
use crate::rules::{Instrument, LawDay, Step};
use serde::{Deserialize, Serialize};

/// A part of an answer that is watched for changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Class, and the limb that gives it.
    Classification,
    /// Whether it is subject to the EAR.
    Jurisdiction,
    /// License requirement.
    License,
    /// Review policy.
    Review,
    /// License exceptions that could be used.
    Exceptions,
    /// Conditions of the review policy and of the exceptions, and how each stands.
    Conditions,
    /// Levies that apply or may.
    Levies,
    /// Notices under general prohibition 10.
    Prohibitions,
    /// Red flags raised by what was stated.
    RedFlags,
    /// State for this buyer on the China side, with its quota.
    CnState,
    /// Subsidies there.
    Subsidies,
}

impl Aspect {
    /// Every one, in the order shown.
    pub const ALL: [Self; 11] = [
        Self::Classification,
        Self::Jurisdiction,
        Self::License,
        Self::Review,
        Self::Exceptions,
        Self::Conditions,
        Self::Levies,
        Self::Prohibitions,
        Self::RedFlags,
        Self::CnState,
        Self::Subsidies,
    ];

    /// The word used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Classification => "classification",
            Self::Jurisdiction => "jurisdiction",
            Self::License => "license",
            Self::Review => "review",
            Self::Exceptions => "exceptions",
            Self::Conditions => "conditions",
            Self::Levies => "levies",
            Self::Prohibitions => "prohibitions",
            Self::RedFlags => "red_flags",
            Self::CnState => "cn_state",
            Self::Subsidies => "subsidies",
        }
    }

    /// The words people read.
    pub fn words(self) -> &'static str {
        match self {
            Self::Jurisdiction => "subject to the EAR",
            Self::RedFlags => "red flags",
            Self::CnState => "China side",
            other => other.name(),
        }
    }

    /// Parts whose change changes this one too.
    pub fn rests_on(self) -> &'static [Self] {
        match self {
            Self::Jurisdiction => &[Self::Classification],
            Self::License => &[Self::Classification, Self::Jurisdiction],
            Self::Review | Self::Exceptions => &[Self::Classification, Self::Jurisdiction, Self::License],
            Self::Conditions => &[
                Self::Classification,
                Self::Jurisdiction,
                Self::License,
                Self::Review,
                Self::Exceptions,
            ],
            _ => &[],
        }
    }

    /// Rows that this part is read from.
    fn rows(self) -> &'static [Rows] {
        match self {
            Self::Classification => &[Rows::Classify, Rows::Presume, Rows::ZItem],
            Self::Jurisdiction => &[Rows::Jurisdiction, Rows::Product],
            // A direct-product row that presumes a violation leaves the license open (736.2(b)(10)).
            Self::License => &[
                Rows::Require,
                Rows::Product,
                Rows::EndUse,
                Rows::Exception,
                Rows::Jurisdiction,
            ],
            Self::Review => &[Rows::Review, Rows::Product, Rows::EndUse],
            Self::Exceptions => &[Rows::Exception],
            Self::Conditions => &[Rows::Review, Rows::Exception],
            Self::Levies => &[Rows::Levy],
            Self::Prohibitions => &[Rows::Prohibition],
            Self::RedFlags => &[Rows::RedFlag],
            Self::CnState => &[Rows::China],
            Self::Subsidies => &[Rows::Subsidy],
        }
    }
}

impl LawDay<'_> {
    /// Whether what an instrument says on one part of an answer is the same in another law.
    pub fn agrees(&self, other: &LawDay<'_>, instrument: &str, on: Aspect) -> bool {
        on.rows()
            .iter()
            .all(|rows| self.says_the_same(other, instrument, *rows))
    }
}

impl<'a> Findings<'a> {
    /// The instruments that one part of the answer rests on, each once, in the order met.
    pub(crate) fn behind(&self, aspect: Aspect) -> Vec<&'a Instrument> {
        let mut found: Vec<&'a Instrument> = Vec::new();
        self.each_behind(aspect, &mut |by| {
            if !found.iter().any(|known| std::ptr::eq(*known, by)) {
                found.push(by);
            }
        });
        found
    }

    fn each_behind(&self, aspect: Aspect, see: &mut dyn FnMut(&'a Instrument)) {
        let mut steps = |steps: &[Step]| {
            let lines = self.trace.iter().filter(|line| steps.contains(&line.step));
            lines.filter_map(|line| line.by).for_each(&mut *see);
        };
        match aspect {
            Aspect::Classification => steps(&[Step::Classification]),
            // Where a letter settles it, the step's own line names none.
            Aspect::Jurisdiction => steps(&[Step::Jurisdiction, Step::Letters]),
            Aspect::License => {
                steps(&[Step::Requirement, Step::Letters, Step::EndUse, Step::Exceptions]);
                for open in &self.open {
                    if let Open::Violation(live) = open {
                        see(live.by);
                    }
                }
            }
            Aspect::Review => steps(&[Step::Review, Step::Letters, Step::EndUse]),
            Aspect::Exceptions => steps(&[Step::Exceptions]),
            Aspect::Conditions => {
                self.checks.iter().for_each(|shown| see(shown.by));
                self.offered.iter().for_each(|(_, shown)| see(shown.by));
            }
            Aspect::Levies => self.levies.iter().for_each(|levied| see(levied.by)),
            Aspect::Prohibitions => self.prohibitions.iter().for_each(|(by, _)| see(by)),
            Aspect::RedFlags => self.red_flags.iter().for_each(|(by, _)| see(by)),
            Aspect::CnState => self.cn_why.iter().for_each(|(by, _)| see(by)),
            Aspect::Subsidies => self.subsidies.iter().for_each(|live| see(live.by)),
        }
    }
}
