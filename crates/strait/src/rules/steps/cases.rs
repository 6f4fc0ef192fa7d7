//! License and review of every case still possible, and what all agree on.

use crate::rules::chip::item::Item;
use crate::rules::deal::ask::Ask;
use crate::rules::law::day::LawDay;
use crate::rules::steps::classify;
use crate::rules::steps::end_use;
use crate::rules::steps::exceptions;
use crate::rules::steps::findings::{Findings, Fork};
use crate::rules::steps::letters;
use crate::rules::steps::requirement::{self, Required};
use crate::rules::steps::review;
use crate::rules::{License, Review, RulesError, Ternary};

/// License and review of one case.
#[derive(Clone, Copy)]
struct Outcome {
    license: License,
    review: Option<Review>,
    /// The license if the letters that may mean the case do not; `None` where none may.
    unlettered: Option<License>,
}

impl Outcome {
    /// What two cases agree on.
    fn and(self, other: Self) -> Self {
        let unlettered = match (self.unlettered, other.unlettered) {
            (None, None) => None,
            // A case that no letter may mean stays as it is.
            (a, b) if a.unwrap_or(self.license) == b.unwrap_or(other.license) => a.or(b),
            _ => Some(License::Unknown),
        };
        Self {
            license: if self.license == other.license {
                self.license
            } else {
                License::Unknown
            },
            review: if self.review == other.review {
                self.review
            } else {
                Some(Review::Unknown)
            },
            unlettered,
        }
    }
}

impl LawDay<'_> {
    /// Works through every case still possible and keeps what all agree on.
    pub(crate) fn license<'a>(
        &'a self,
        item: &'a Item<'a>,
        ask: &Ask<'a>,
        out: &mut Findings<'a>,
    ) -> Result<(), RulesError> {
        let combinations = std::mem::take(&mut out.combinations);
        let mut joined: Option<Outcome> = None;
        for (case, datacenter, class) in &combinations {
            let one = self.one(item, ask, (*case, *datacenter, *class), out)?;
            joined = Some(joined.map_or(one, |kept: Outcome| kept.and(one)));
        }
        out.combinations = combinations;
        let mut excepted = false;
        if let Some(joined) = joined {
            out.license = joined.license;
            out.review = joined.review;
            excepted = joined.license == License::ExceptionAvailable;
            if let Some(unlettered) = joined.unlettered
                && joined.license == License::Unknown
                && unlettered != License::Unknown
            {
                out.forks.push(Fork::Letter(unlettered));
                excepted = unlettered == License::ExceptionAvailable;
            }
        }
        if !excepted {
            out.exceptions.clear();
            out.offered.clear();
        }
        Ok(())
    }

    /// License and review of one case.
    fn one<'a>(
        &'a self,
        item: &'a Item<'a>,
        ask: &Ask<'a>,
        (case, datacenter, class): (usize, bool, classify::Classed<'a>),
        out: &mut Findings<'a>,
    ) -> Result<Outcome, RulesError> {
        let measured = &item.exact[case];
        let mut policy: Option<Review> = None;
        let Required { listed, barred } = requirement::required(self, ask, class.0, &mut policy, out);
        let letters = letters::reached(self, ask, item, datacenter, measured, &mut policy, out);
        let rest = end_use::reached(self, ask, &mut policy, out).or(barred);
        let other = letters.or(rest);
        let mut excepted = false;
        if listed.is_possible() {
            if other != Ternary::Yes {
                excepted = exceptions::offered(self, ask, class, datacenter, measured, out);
            }
            let stated = review::policy(self, ask, class.0, datacenter, measured, out)?;
            letters::raise(&mut policy, stated);
        }
        let license = |other| match (listed, other) {
            (_, Ternary::Yes) => License::Required,
            (Ternary::Yes, _) if !excepted => License::Required,
            (Ternary::Yes, Ternary::No) => License::ExceptionAvailable,
            (Ternary::No, Ternary::No) => License::NoneFound,
            _ => License::Unknown,
        };
        let unlettered = (letters == Ternary::Unknown).then(|| license(rest));
        let license = license(other);
        let review = match license {
            License::NoneFound => None,
            License::Unknown => Some(Review::Unknown),
            _ => policy.or(Some(Review::NotStated)),
        };
        Ok(Outcome {
            license,
            review,
            unlettered,
        })
    }
}
