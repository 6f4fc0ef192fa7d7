//! License exceptions: alternatives to a license, each with its checklist (part 740).

use crate::rules::chip::metrics::Measured;
use crate::rules::deal::ask::Ask;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::steps::classify::Classed;
use crate::rules::steps::findings::{Findings, Shown};
use crate::rules::steps::line::What;
use crate::rules::steps::review::{is_item, stands};
use crate::rules::words::exact::Exact;
use crate::rules::{Check, Step, Ternary};

/// Whether an exception could be used; one of whose conditions fails is named and not offered.
pub(crate) fn offered<'a>(
    day: &'a LawDay<'a>,
    ask: &Ask<'a>,
    class: Classed<'a>,
    datacenter: bool,
    measured: &Measured<Exact>,
    out: &mut Findings<'a>,
) -> bool {
    let mut any = false;
    for live in &day.exception {
        let row = live.row;
        let stated = |id: &String| ask.tx.conditions.get(id) == Some(&true);
        if !is_item(row.items, class.0, datacenter)
            || !live.reach.of(ask)
            || row.transfer.is_some_and(|t| t != (ask.from.id == ask.to.id))
            || !row.only_if_stated.as_ref().is_none_or(stated)
            || condition::all(&row.when, measured, Some(datacenter)) != Ternary::Yes
        {
            continue;
        }
        let states = day.standing(&row.conditions).map(|c| (c, stands(day, ask, c)));
        if let Some((failed, _)) = states.clone().find(|(_, state)| *state == Check::Fail) {
            let what = What::ExceptionFails(row, failed);
            out.found(Step::Exceptions, live.by, &row.paragraph, what);
            continue;
        }
        any = true;
        out.found(Step::Exceptions, live.by, &row.paragraph, What::Exception(row));
        if out.exceptions.iter().any(|(_, known)| std::ptr::eq(*known, row)) {
            continue;
        }
        out.exceptions.push((live.by, row));
        out.offered.extend(states.map(|(condition, state)| {
            (
                row,
                Shown {
                    by: live.by,
                    row: condition,
                    state,
                },
            )
        }));
    }
    any
}
