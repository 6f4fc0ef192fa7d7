//! Classification under the table in force.

use crate::catalog::Form;
use crate::rules::chip::item::Item;
use crate::rules::chip::metrics::Measured;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::line::What;
use crate::rules::steps::open::Open;
use crate::rules::words::exact::Number;
use crate::rules::{Classification, ClassifyRow, Step, Ternary, Transaction};

/// A class and the limb that gives it.
pub(crate) type Classed<'a> = (Classification, Option<&'a str>);

/// Every class still possible for one case of a chip.
pub(crate) fn classes<'a, N: Number>(
    rows: &'a [ClassifyRow],
    measured: &Measured<N>,
    datacenter: Option<bool>,
    form: Form,
) -> Vec<Classed<'a>> {
    let mut found = Vec::new();
    let keep = |class| {
        if !found.contains(&class) {
            found.push(class);
        }
    };
    each(rows, measured, datacenter, form, keep, |_, _| {});
    found
}

/// Reads the table top to bottom; the first limb that certainly holds ends it. `read` is told of every limb
/// looked at, by its place in the table.
fn each<'a, N: Number>(
    rows: &'a [ClassifyRow],
    measured: &Measured<N>,
    datacenter: Option<bool>,
    form: Form,
    mut found: impl FnMut(Classed<'a>),
    mut read: impl FnMut(usize, Ternary),
) {
    for (at, row) in rows.iter().enumerate() {
        let held = condition::all(&row.when, measured, datacenter);
        read(at, held);
        if held != Ternary::No {
            found((in_form(row.result, form), Some(row.paragraph.as_str())));
        }
        if held == Ternary::Yes {
            return;
        }
    }
    found((Classification::Outside3A090, None));
}

/// A server or rack is looked at through each IC it holds (4A090).
pub(crate) fn in_form(class: Classification, form: Form) -> Classification {
    match (class, form) {
        (Classification::A, Form::Server | Form::Rack) => Classification::ComputerA,
        (Classification::B, Form::Server | Form::Rack) => Classification::ComputerB,
        (class, _) => class,
    }
}

/// The 3A090 class behind a 4A090 one.
pub(crate) fn base(class: Classification) -> Classification {
    match class {
        Classification::ComputerA => Classification::A,
        Classification::ComputerB => Classification::B,
        other => other,
    }
}

/// Fills `out` with the cases to work through and the classes still possible; with a transaction also what
/// is presumed of its exporter.
pub(crate) fn combine<'a>(
    day: &'a LawDay<'a>,
    item: &'a Item<'a>,
    tx: Option<&Transaction>,
    out: &mut Findings<'a>,
) {
    let rows = day.table(item).map_or(&[][..], |table| &table.classify);
    let both = [true, false];
    let one = item.datacenter.map(|known| [known]);
    let datacenter: &[bool] = one.as_ref().map_or(&both, |known| known);
    let mut combinations = std::mem::take(&mut out.combinations);
    let mut limbs = std::mem::take(&mut out.limbs);
    for (case, measured) in item.exact.iter().enumerate() {
        for datacenter in datacenter {
            let first = combinations.len();
            let keep = |class| {
                let same = |c: &(usize, bool, Classed<'_>)| c.2 == class;
                if !combinations[first..].iter().any(same) {
                    combinations.push((case, *datacenter, class));
                }
            };
            let read = |at: usize, held| match limbs.get_mut(at) {
                None => limbs.push(LimbRead::from(held)),
                Some(before) if *before == LimbRead::from(held) => {}
                Some(before) => *before = LimbRead::Differs,
            };
            each(rows, measured, Some(*datacenter), item.chip.form, keep, read);
            if let Some(tx) = tx {
                presume(day, item, tx, (case, *datacenter), &mut combinations, out);
            }
        }
    }
    for (_, _, class) in &combinations {
        out.classes.insert(class.0);
        if !out.possible.contains(class) {
            out.possible.push(*class);
        }
    }
    out.several = combinations.len() > 1;
    out.combinations = combinations;
    out.limbs = limbs;
}

/// How a limb of the table stands over every case worked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimbRead {
    /// The same in every case.
    Held(Ternary),
    /// It depends on the case.
    Differs,
}

impl From<Ternary> for LimbRead {
    fn from(held: Ternary) -> Self {
        Self::Held(held)
    }
}

impl LimbRead {
    /// What the trace says of it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Held(Ternary::Yes) => "holds",
            Self::Held(Ternary::No) => "does not hold",
            Self::Held(Ternary::Unknown) => "may hold",
            Self::Differs => "holds in some of the cases still possible",
        }
    }
}

/// What a presumption makes of a logic die whose exporter it binds: the class presumed, and no other, until
/// it is rebutted. It binds nobody else, and no authorized designer's chips.
fn presume<'a>(
    day: &'a LawDay<'a>,
    item: &Item<'a>,
    tx: &Transaction,
    (case, datacenter): (usize, bool),
    combinations: &mut Vec<(usize, bool, Classed<'a>)>,
    out: &mut Findings<'a>,
) {
    if !item.non_planar_logic {
        return;
    }
    let designer = item.designer.and_then(|code| day.book.places.id(code));
    for live in day
        .presume
        .iter()
        .filter(|live| live.row.roles.contains(&tx.exporter))
    {
        let row = live.row;
        let authorized = live
            .other
            .is_some_and(|there| designer.is_some_and(|id| there.contains(id)));
        let here = |c: &(usize, bool, Classed<'a>)| c.0 == case && c.1 == datacenter;
        if authorized
            || combinations
                .iter()
                .filter(|c| here(c))
                .all(|c| c.2.0 == row.result)
        {
            continue;
        }
        let stated = row.rebut_id.as_ref().and_then(|id| tx.conditions.get(id));
        if stated == Some(&true) {
            out.found(Step::Classification, live.by, &row.paragraph, What::Rebutted(row));
            continue;
        }
        combinations.retain(|c| !here(c));
        combinations.push((case, datacenter, (row.result, Some(&row.paragraph))));
        out.found(Step::Classification, live.by, &row.paragraph, What::Presumed(row));
        if stated.is_none() {
            out.ask(Open::Rebut(row));
        }
    }
}

/// Leaves the line of the trace, the limb where one alone is possible, and the items of other ECCNs.
pub(crate) fn conclude<'a>(day: &'a LawDay<'a>, item: &Item<'a>, host: Option<&str>, out: &mut Findings<'a>) {
    if out.classes.one().is_some()
        && let [(_, paragraph)] = out.possible.as_slice()
    {
        out.paragraph = *paragraph;
    }
    let what = What::Class(out.classes);
    match day.table(item) {
        Some(table) => {
            let limb = out.paragraph.unwrap_or_default();
            out.found(Step::Classification, table, limb, what);
        }
        None => out.note(
            Step::Classification,
            What::Fixed("no classification table is in force"),
        ),
    }
    let held_in = matches!(item.chip.form, Form::Server | Form::Rack);
    if !held_in && host.is_none() {
        return;
    }
    for live in &day.z_item {
        let here = host.is_none_or(|host| host.eq_ignore_ascii_case(&live.row.host));
        let ours = out
            .classes
            .iter()
            .any(|class| live.row.classes.contains(&base(class)) || live.row.classes.contains(&class));
        if here && ours {
            out.found(
                Step::Classification,
                live.by,
                &live.row.item,
                What::Text(&live.row.item),
            );
            out.z_items.push((live.by, live.row));
        }
    }
    if host.is_none() && out.z_items.len() > 1 {
        out.ask(Open::Host);
    }
}
