//! Fifteen claims about the H20, its buyers and decoupling, each with the run that tests it.
//!
//! A claim's verdict follows from its figure by the rule stated with it; where runs differ in sign over draws, or one
//! event has several causes, the verdict is that it cannot be told.

mod ahead;
mod law;
mod reported;
mod runs;
mod sales;

use super::{Knowledge, Library};
use crate::catalog::Chip;
use crate::data::{DataSet, Problem, Problems};
use crate::figure::Need;
use crate::market::PublishedShare;
use crate::market::dynamics::{Band, Detail, Ensemble, Environment, Key, KnownFit, NoFit, Run, apply, held};
use crate::scenario::Scenario;
use jiff::civil::Date;
use serde::Serialize;

/// What the run says of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimVerdict {
    /// Holds.
    Supported,
    /// Does not hold.
    Contradicted,
    /// Holds on some days and not on others.
    DependsOnDate,
    /// Holds by one measure and not by another.
    DependsOnMeasure,
    /// The data do not decide.
    CannotTell,
}

/// Part of draws from which on a claim counts as decided.
const DECIDED: f64 = 0.95;

impl ClaimVerdict {
    /// By the part of draws in which a claim holds.
    pub(crate) fn by_draws(part: f64) -> Self {
        if part >= DECIDED {
            Self::Supported
        } else if part <= 1.0 - DECIDED {
            Self::Contradicted
        } else {
            Self::CannotTell
        }
    }

    /// Of several measures, a verdict each: what all say; where one supports and one contradicts, it depends on the measure.
    pub(crate) fn by_measures(each: &[Self]) -> Self {
        let any = |of: Self| each.contains(&of);
        match each.first() {
            Some(first) if each.iter().all(|v| v == first) => *first,
            _ if any(Self::Supported) && any(Self::Contradicted) => Self::DependsOnMeasure,
            _ => Self::CannotTell,
        }
    }

    /// Of whether a claim holds by day (rows) and measure (columns).
    pub(crate) fn by_days(days: &[Vec<bool>]) -> Self {
        let all = |of: bool| days.iter().flatten().all(|holds| *holds == of);
        if days.iter().all(Vec::is_empty) {
            Self::CannotTell
        } else if all(true) {
            Self::Supported
        } else if all(false) {
            Self::Contradicted
        } else if days.iter().any(|d| d.contains(&true) && d.contains(&false)) {
            Self::DependsOnMeasure
        } else {
            Self::DependsOnDate
        }
    }
}

/// One claim.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Claim {
    /// Number.
    pub n: u32,
    /// What is claimed.
    pub claim: &'static str,
    /// The run that tests it, and the rule from figure to verdict.
    pub test: String,
    /// What it found.
    pub figure: String,
    /// Its band, where it is a quantity of the model.
    pub band: Option<Band>,
    /// Verdict.
    pub verdict: ClaimVerdict,
    /// What the verdict leaves open.
    pub remark: String,
    /// What would decide it, where it cannot be told for want of a fact.
    pub needs: Vec<Need>,
}

/// A claim and how it is tested.
pub(crate) struct Test {
    n: u32,
    claim: &'static str,
    test: String,
    remark: String,
}

/// What a test found, or the fact it lacks.
pub(crate) struct Found {
    figure: String,
    band: Option<Band>,
    verdict: ClaimVerdict,
}

impl Test {
    fn found(self, found: Result<Found, Need>) -> Claim {
        let Self {
            n,
            claim,
            test,
            remark,
        } = self;
        let (found, needs) = match found {
            Ok(found) => (found, Vec::new()),
            Err(need) => {
                let figure = format!("unknown: {}", need.fact);
                let verdict = ClaimVerdict::CannotTell;
                (
                    Found {
                        figure,
                        band: None,
                        verdict,
                    },
                    vec![need],
                )
            }
        };
        let Found {
            figure,
            band,
            verdict,
        } = found;
        Claim {
            n,
            claim,
            test,
            figure,
            band,
            verdict,
            remark,
            needs,
        }
    }
}

/// A fact a test lacks, and why it asks for it.
pub(crate) fn lacks(fact: String, why: &str) -> Need {
    Need {
        fact,
        flag: None,
        why: why.to_owned(),
        flips: Vec::new(),
    }
}

/// What the claims are tested with.
pub(crate) struct Bench<'a> {
    pub(crate) library: &'a Library,
    pub(crate) data: &'a DataSet,
    pub(crate) known: Date,
    /// The fit that paths are drawn from.
    pub(crate) fit: KnownFit<'a>,
    pub(crate) env: Environment,
    pub(crate) draws: usize,
    pub(crate) seed: u64,
    /// History.
    pub(crate) base: Ensemble,
}

impl Bench<'_> {
    pub(crate) fn run<'e>(&'e self, env: &'e Environment, held: &'e [(usize, f64)]) -> Run<'e> {
        Run {
            env,
            priors: &self.fit.priors,
            posterior: self.fit.posterior,
            held,
            seed: self.seed,
        }
    }

    /// A shipped scenario that changes the market alone, over the same draws.
    pub(crate) fn scenario(&self, id: &str) -> Result<Ensemble, Problems> {
        let path = format!("scenarios/{id}.toml");
        let file = self.data.require(&path)?;
        let scenario = Scenario::read(file.path, file.text)?;
        let mut env = self.env.clone();
        for change in &scenario.market {
            apply(&mut env, change).map_err(|e| Problem::in_file(&path, e.to_string()))?;
        }
        let held = held(&scenario.market);
        Ok(self
            .run(&env, &held)
            .ensemble(self.draws, Detail::Totals, |_| true))
    }

    /// Draws of a variable summed over a year; one a path.
    pub(crate) fn year(&self, of: &Ensemble, variable: Key<'_>, year: i16) -> Result<Vec<f64>, Need> {
        let (Some(v), Some(over)) = (of.find(variable), of.year(year)) else {
            return Err(lacks(
                format!("`{variable}` of {year} in the model"),
                "the test reads it",
            ));
        };
        Ok(of.over(v, over))
    }

    /// The chip of a name.
    pub(crate) fn chip(&self, name: &str) -> Result<&Chip, Need> {
        let found = self.library.catalog.resolve(name).map(|r| r.chip);
        found.map_err(|_| lacks(format!("the chip `{name}`"), "the claim is about it"))
    }

    /// A chip's total processing performance.
    pub(crate) fn tpp(&self, chip: &Chip) -> Result<f64, Need> {
        let tpp = super::environment::tpp(&self.library.catalog, &chip.id);
        tpp.ok_or_else(|| lacks(format!("TPP of {}", chip.id), "the test compares it"))
    }

    /// A row of `china_share.csv` by id, where it was public by the day of knowledge.
    pub(crate) fn published(&self, id: &str) -> Result<&PublishedShare, Need> {
        let rows = self.library.market.published_shares().iter();
        let mut known = rows.filter(|r| r.made_on.last() <= self.known);
        known.find(|r| r.id == id).ok_or_else(|| {
            lacks(
                format!("row `{id}` of china_share.csv by {}", self.known),
                "the test reads it",
            )
        })
    }

    /// That a day lies no later than the day of knowledge.
    pub(crate) fn reached(&self, day: Date) -> Result<(), Need> {
        if day <= self.known {
            return Ok(());
        }
        let fact = format!("what happened by {day}, which is after {}", self.known);
        Err(lacks(
            fact,
            "the test looks at what happened, not at what was to be expected",
        ))
    }
}

impl Library {
    /// Tests every claim on `draws` paths; what is missing where no fit is of the day of knowledge or an earlier one.
    ///
    /// # Errors
    /// Where a scenario the claims use is missing or wrong, and where the fit is of other data.
    pub fn claims(
        &self,
        data: &DataSet,
        known: Date,
        draws: usize,
        seed: u64,
    ) -> Result<Result<Vec<Claim>, Need>, Problems> {
        let wrong = |e: crate::market::dynamics::UnknownName| {
            Problems::from(Problem::at(
                e.place.clone(),
                format!("`{}` is no {} of the quarterly model", e.name, e.kind),
            ))
        };
        let fit = match self.dynamics.fit_known(known) {
            Ok(fit) => fit,
            Err(NoFit::Wrong(wrong)) => return Err(wrong.into()),
            Err(none) => return Ok(Err(none.need())),
        };
        let env = self.environment(Knowledge::of(known)).map_err(wrong)?;
        let mut bench = Bench {
            library: self,
            data,
            known,
            fit,
            env,
            draws,
            seed,
            base: Ensemble::default(),
        };
        bench.base = bench
            .run(&bench.env, &[])
            .ensemble(draws, Detail::Totals, |_| true);
        let mut claims = law::claims(&bench);
        claims.extend(reported::claims(&bench));
        claims.extend(runs::claims(&bench)?);
        claims.extend(sales::claims(&bench));
        claims.extend(ahead::claims(&bench)?);
        claims.sort_by_key(|c| c.n);
        Ok(Ok(claims))
    }
}

#[cfg(test)]
mod tests {
    use super::ClaimVerdict::{self, CannotTell, Contradicted, DependsOnDate, DependsOnMeasure, Supported};

    #[test]
    fn one_rule_makes_verdicts_of_draws_measures_and_days() {
        let draws = [1.0, 0.95, 0.94, 0.06, 0.05].map(ClaimVerdict::by_draws);
        assert_eq!(
            draws,
            [Supported, Supported, CannotTell, CannotTell, Contradicted]
        );
        let of = ClaimVerdict::by_measures;
        assert_eq!(of(&[]), CannotTell);
        assert_eq!(of(&[Supported, Supported]), Supported);
        assert_eq!(of(&[Supported, CannotTell]), CannotTell);
        assert_eq!(of(&[Supported, CannotTell, Contradicted]), DependsOnMeasure);
        let days =
            |rows: &[&[bool]]| ClaimVerdict::by_days(&rows.iter().map(|r| r.to_vec()).collect::<Vec<_>>());
        assert_eq!(days(&[&[]]), CannotTell);
        assert_eq!(days(&[&[true, true], &[true, true]]), Supported);
        assert_eq!(days(&[&[false]]), Contradicted);
        assert_eq!(days(&[&[true, true], &[false, false]]), DependsOnDate);
        assert_eq!(days(&[&[true, false], &[true, false]]), DependsOnMeasure);
    }
}
