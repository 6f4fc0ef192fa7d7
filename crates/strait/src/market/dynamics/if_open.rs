//! What would have been sold, had the US side left a good open: a seller's own statement of what a license requirement
//! cost it is held against such a path.
//!
//! The path goes apart from history in the month in which the US side ceased to leave the good open to every buyer on the
//! mainland, and is followed to the end of the period that the statement is of. What the Chinese side says stays as it was.

use super::calendar::{Month, Period};
use super::environment::Environment;
use super::observations::Observations;
use super::parameters::Theta;
use super::path::Path;
use super::shocks::Shocks;
use super::target::Target;
use crate::rules::{Site, SupplyEffect};

/// A good's history without what closed it.
#[derive(Debug, Clone)]
pub(crate) struct IfOpen {
    target: Target,
    env: Environment,
    from: usize,
    until: usize,
}

/// The path of history, and those on which a good stayed open.
pub(crate) struct Paths<'f> {
    history: Path,
    open: Vec<(&'f IfOpen, Path)>,
}

impl IfOpen {
    /// One for every observation of such a target; none of a good that the model does not have or that was never closed.
    pub(crate) fn all(env: &Environment, observed: &Observations) -> Vec<Self> {
        let mut out: Vec<Self> = Vec::new();
        for o in &observed.0 {
            let Target::RevenueIfOpen(good) = &o.target else {
                continue;
            };
            let same = |there: &&mut Self| there.target == o.target;
            let last = o.period.months().last().map_or(0, |(month, _)| month.0 + 1);
            match (out.iter_mut().find(same), env.good(good)) {
                (Some(there), _) => there.until = there.until.max(last),
                (None, Some(g)) => out.extend(Self::of(env, o.target.clone(), g, &o.period)),
                (None, None) => {}
            }
        }
        out
    }

    fn of(env: &Environment, target: Target, good: usize, period: &Period) -> Option<Self> {
        let months = period.months();
        let (first, last) = (months.first()?.0, months.last()?.0);
        let begins = (0..=first.0)
            .rev()
            .take_while(|t| closed(env, Month(*t), good))
            .last()?;
        let mut open = env.clone();
        for month in (begins..=last.0).map(Month) {
            for p in 0..env.points.len() {
                if env.points[p].site == Site::Mainland {
                    let cell = env.cell(month, good, p);
                    open.access[cell]
                        .iter_mut()
                        .for_each(|share| share.supply = SupplyEffect::Open);
                }
            }
        }
        Some(Self {
            target,
            env: open,
            from: begins,
            until: last.0 + 1,
        })
    }
}

/// Whether the US side keeps a good from some buyer on the mainland for some part of a month.
fn closed(env: &Environment, month: Month, good: usize) -> bool {
    let of_point = |p: usize| {
        env.points[p].site == Site::Mainland
            && env.access[env.cell(month, good, p)].iter().any(|share| {
                share.part > 0.0
                    && matches!(
                        share.supply,
                        SupplyEffect::Blocked | SupplyEffect::Licensed | SupplyEffect::Unknown
                    )
            })
    };
    (0..env.points.len()).any(of_point)
}

impl<'f> Paths<'f> {
    /// Without shocks, as a fit needs them.
    pub(crate) fn of(env: &'f Environment, open: &'f [IfOpen], theta: &Theta, months: usize) -> Self {
        let shocks = Shocks::default();
        let branches: Vec<_> = open.iter().map(|o| (&o.env, o.from, o.until)).collect();
        let (history, apart) = Path::with_branches(env, &branches, theta, &shocks, months);
        Self {
            history,
            open: open.iter().zip(apart).collect(),
        }
    }

    /// The value of a target over a period: on the path where its good stayed open, or on that of history.
    pub(crate) fn value(&self, target: &Target, env: &Environment, theta: &Theta, period: &Period) -> f64 {
        match self.open.iter().find(|(o, _)| o.target == *target) {
            Some((o, path)) => target.of(path, &o.env, theta, period),
            None => target.of(&self.history, env, theta, period),
        }
    }
}
