//! The list-based requirement by destination and headquarters (742.6, 744.23(a)(3)).

use crate::rules::deal::ask::Ask;
use crate::rules::law::day::LawDay;
use crate::rules::steps::classify::base;
use crate::rules::steps::findings::{Findings, Open, What};
use crate::rules::{Classification, Step, Ternary};

/// Whether a license is required for a class at this destination or for this party.
pub(crate) fn required<'a>(
    day: &'a LawDay<'a>,
    ask: &Ask<'a>,
    class: Classification,
    out: &mut Findings<'a>,
) -> Ternary {
    let mut any = Ternary::No;
    for live in &day.require {
        let here = live.reach.of(ask);
        if !here || !live.row.classes.contains(&base(class)) {
            continue;
        }
        any = any.or(live.held);
        out.because(live.by);
        out.found(
            Step::Requirement,
            live.by,
            &live.row.paragraph,
            What::Required(class, live.row),
        );
        if live.row.except.is_some() && live.held == Ternary::Yes {
            out.ask(Open::Except(live.row));
        }
    }
    any
}
