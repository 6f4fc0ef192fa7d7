//! The list-based requirement by destination and headquarters (742.6, 744.23(a)(3)), and by destination alone for
//! every listed item (part 746).

use crate::rules::deal::ask::Ask;
use crate::rules::law::day::LawDay;
use crate::rules::steps::classify::base;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::letters::raise;
use crate::rules::steps::line::What;
use crate::rules::steps::open::Open;
use crate::rules::{Classification, Review, Step, Ternary};

/// What the list requires of a case.
pub(crate) struct Required {
    /// A license that an exception may stand in for, reviewed by the policies of the list.
    pub(crate) listed: Ternary,
    /// A license that no exception modelled overcomes, reviewed as its own paragraph says.
    pub(crate) barred: Ternary,
}

/// Whether a license is required for a class at this destination or for this party; raises `review` to the
/// policy of those rows that state their own.
pub(crate) fn required<'a>(
    day: &'a LawDay<'a>,
    ask: &Ask<'a>,
    class: Classification,
    review: &mut Option<Review>,
    out: &mut Findings<'a>,
) -> Required {
    let mut found = Required {
        listed: Ternary::No,
        barred: Ternary::No,
    };
    for live in &day.require {
        let row = live.row;
        let ours = row.classes.is_empty() || row.classes.contains(&base(class));
        if !ours || !live.speaks_of(ask) {
            continue;
        }
        let stated = row.except.as_ref().and_then(|e| ask.tx.conditions.get(&e.id));
        if let (Some(except), Some(true)) = (&row.except, stated) {
            let what = What::Excepted(except);
            out.found(Step::Requirement, live.by, &row.paragraph, what);
            continue;
        }
        if row.no_exception {
            found.barred = found.barred.or(live.held);
            raise(review, row.review.unwrap_or(Review::NotStated));
        } else {
            found.listed = found.listed.or(live.held);
        }
        out.because(live.by);
        out.found(
            Step::Requirement,
            live.by,
            &row.paragraph,
            What::Required(class, row),
        );
        if let (Some(except), None, Ternary::Yes) = (&row.except, stated, live.held) {
            out.ask(Open::Except(except, &row.paragraph));
        }
    }
    found
}
