//! What a file of an instrument must hold to: its source and grade, its dates, the places and ids that it names.

use crate::data::{DataFile, Problem, Problems, nearest};
use crate::figure::{Grade, SourceId, Sources};
use crate::rules::{Instrument, Places, Region, StatusRow};
use std::collections::BTreeSet;
use toml::Spanned;

pub(crate) fn check(
    read: &Instrument,
    file: DataFile<'_>,
    sources: &Sources,
    places: &Places,
    problems: &mut Problems,
) {
    let id = SourceId(read.source.get_ref().clone());
    let at = |range, message: String| Problem::spanned(file.path, file.text, range, message);
    match sources.get(&id) {
        None => {
            let near = nearest(&id.0, sources.0.keys().map(|k| k.0.as_str())).join("`, `");
            let help = if near.is_empty() {
                "add it to data/sources/rules.toml".to_owned()
            } else {
                format!("did you mean `{near}`? otherwise add it to data/sources/rules.toml")
            };
            problems.push(
                at(
                    read.source.span(),
                    format!("source `{id}` is not in the register"),
                )
                .help(help),
            );
        }
        Some(source) if read.grade < source.grade && !is_verified(read) => problems.push(
            at(
                read.source.span(),
                format!("grade `{}` is better than source `{id}` allows", read.grade),
            )
            .help(format!(
                "`{}` is the best grade it may have without a `[[verified]]` entry of grade `{}`",
                source.grade, read.grade
            )),
        ),
        Some(_) if read.grade == Grade::Official && !is_verified(read) => problems.push(
            at(
                read.source.span(),
                format!("instrument `{}` is `official` without a `[[verified]]` entry", read.id),
            )
            .help("say what it was compared with, on which day, and with which grade; or give it a lesser grade"),
        ),
        Some(_) => {}
    }
    for row in &read.practice {
        if let Some(source) = &row.source
            && sources.get(&SourceId(source.clone())).is_none()
        {
            problems.push(at(0..0, format!("source `{source}` is not in the register")));
        }
    }
    for row in &read.exception {
        if let Some(id) = &row.only_if_stated
            && !row.conditions.iter().any(|c| c.id.as_ref() == Some(id))
        {
            problems.push(
                at(
                    0..0,
                    format!(
                        "`only_if_stated` names `{id}`, no condition of exception `{}`",
                        row.id
                    ),
                )
                .help("give one of its conditions that `id`"),
            );
        }
    }
    if read.status.is_empty() && read.practice.is_empty() {
        problems.push(
            at(0..0, format!("instrument `{}` has no `[[status]]` row", read.id))
                .help("say at least when it became known and what it was then"),
        );
    }
    check_status(&read.status, file, problems);
    check_dates(read, file, problems);
    for region in regions(read) {
        for code in region.codes().into_iter().filter(|c| !places.has_country(c)) {
            problems.push(
                at(
                    0..0,
                    format!("country `{code}` of `{}` is unknown", region.as_str()),
                )
                .help("countries stand in places/countries.toml"),
            );
        }
        for group in region.groups().into_iter().filter(|g| !places.has_group(g)) {
            problems.push(
                at(
                    0..0,
                    format!("group `{group}` of `{}` is unknown", region.as_str()),
                )
                .help("groups stand in places/groups.toml"),
            );
        }
    }
}

/// Whether somebody compared it with a text as good as the grade it claims.
fn is_verified(read: &Instrument) -> bool {
    read.verified.iter().any(|v| v.grade <= read.grade)
}

fn check_status(rows: &[Spanned<StatusRow>], file: DataFile<'_>, problems: &mut Problems) {
    for (n, row) in rows.iter().enumerate() {
        let this = row.get_ref();
        if this.until.is_some_and(|until| until.last() <= this.from.first()) {
            problems.push(Problem::spanned(
                file.path,
                file.text,
                row.span(),
                format!(
                    "status ends `{}` before it begins `{}`",
                    this.until.map(|u| u.to_string()).unwrap_or_default(),
                    this.from
                ),
            ));
        }
        for other in rows[..n].iter().map(Spanned::get_ref) {
            let apart = |a: &StatusRow, b: &StatusRow| a.until.is_some_and(|u| u.first() <= b.from.first());
            if this.known_from == other.known_from && !apart(this, other) && !apart(other, this) {
                problems.push(
                    Problem::spanned(
                        file.path,
                        file.text,
                        row.span(),
                        format!(
                            "two status rows hold on the same days for the same knowledge: `{}` from {} and from {}",
                            this.known_from, other.from, this.from
                        ),
                    )
                    .help("end the first with `until`, or give the second the day it became known"),
                );
            }
        }
    }
}

fn check_dates(read: &Instrument, file: DataFile<'_>, problems: &mut Problems) {
    let dates = &read.dates;
    let ordered = [
        (
            "known_to_addressee",
            dates.known_to_addressee,
            "known_from",
            dates.known_from,
        ),
        ("effective", dates.effective, "compliance", dates.compliance),
        ("effective", dates.effective, "ends", dates.ends),
        ("known_from", dates.known_from, "published", dates.published),
    ];
    for (first_name, first, second_name, second) in ordered {
        if let (Some(first), Some(second)) = (first, second)
            && second.last() < first.first()
        {
            problems.push(Problem::in_file(
                file.path,
                format!("`{second_name}` ({second}) lies before `{first_name}` ({first})"),
            ));
        }
    }
}

fn regions(read: &Instrument) -> Vec<&Region> {
    let pairs = read
        .require
        .iter()
        .flat_map(|r| [[&r.where_, &r.who], [&r.within, &r.who]])
        .chain(
            read.review
                .iter()
                .flat_map(|r| [[&r.where_, &r.who], [&r.within, &r.who]]),
        )
        .chain(read.exception.iter().map(|r| [&r.where_, &r.who]))
        .chain(
            read.product
                .iter()
                .flat_map(|r| [[&r.where_, &r.who], [&r.where_maybe, &r.who]]),
        )
        .chain(read.end_use.iter().map(|r| [&r.where_, &r.where_]))
        .chain(read.levy.iter().map(|r| [&r.where_, &r.where_]))
        .chain(
            read.jurisdiction
                .iter()
                .flat_map(|r| [[&r.where_, &r.who], [&r.designers, &r.who]]),
        )
        .chain(
            read.red_flag
                .iter()
                .flat_map(|r| [[&r.where_, &r.who], [&r.remote_users, &r.who]]),
        );
    pairs.flatten().flatten().collect()
}

pub(crate) fn check_ids(instruments: &[Instrument], problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for instrument in instruments {
        if !seen.insert(instrument.id.as_str()) {
            problems.push(Problem::at(
                instrument.place.clone(),
                format!("instrument `{}` stands twice", instrument.id),
            ));
        }
    }
    for instrument in instruments {
        let named = instrument.replaces.iter().map(|r| &r.id);
        let named = named.chain(&instrument.over).chain(&instrument.stays);
        for id in named.filter(|id| !seen.contains(id.as_str())) {
            problems.push(Problem::at(
                instrument.place.clone(),
                format!("instrument `{id}` named by `{}` does not exist", instrument.id),
            ));
        }
    }
    for (n, one) in instruments.iter().enumerate() {
        for other in &instruments[..n] {
            if one.over.contains(&other.id) && other.over.contains(&one.id) {
                problems.push(
                    Problem::at(
                        one.place.clone(),
                        format!("`{}` and `{}` each prevail over the other", one.id, other.id),
                    )
                    .help("`over` says which of two speaks where both do: keep it in one file"),
                );
            }
        }
    }
}
