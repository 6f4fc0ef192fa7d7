//! The sources a brief rests on, each with the lines of `data/` that cite it.

use super::{Brief, Library, Question, SourceUse};
use crate::figure::{FigureRef, Place, Source, SourceId};
use std::collections::{BTreeMap, BTreeSet};

/// Every figure that performance, cost and market say they rest on.
pub(crate) fn figures(brief: &Brief) -> Vec<FigureRef> {
    let mut refs = BTreeSet::new();
    for (_, run) in brief.performance.iter().flat_map(|row| &row.chips) {
        refs.extend(run.known().iter().flat_map(|run| run.rests_on.iter().cloned()));
    }
    for row in &brief.cost.prices {
        refs.extend(
            row.hourly
                .known()
                .iter()
                .flat_map(|cost| cost.rests_on.iter().cloned()),
        );
    }
    refs.extend(
        brief
            .market
            .cases
            .iter()
            .flat_map(|case| case.rests_on.iter().cloned()),
    );
    refs.into_iter().collect()
}

pub(crate) fn of(
    library: &Library,
    question: &Question,
    brief: &Brief,
    refs: &[FigureRef],
) -> Vec<SourceUse> {
    // Sources of the user's own files stand in no register.
    let rivals = question.rivals.iter().flatten();
    let own: Vec<&Source> = std::iter::once(&question.chip)
        .chain(rivals)
        .flat_map(|chip| &chip.own_sources)
        .collect();
    let mut uses: BTreeMap<SourceId, BTreeSet<Place>> = BTreeMap::new();
    for figure in refs {
        uses.entry(figure.source.clone())
            .or_default()
            .insert(figure.place.clone());
    }
    for weak in &brief.weak {
        uses.entry(weak.source.clone())
            .or_default()
            .insert(weak.place.clone());
    }
    for row in &brief.cost.prices {
        if let Some(price) = row.price.known() {
            let rows = price.rests_on.iter().map(|row| row.place.clone());
            uses.entry(price.source.clone()).or_default().extend(rows);
        }
    }
    for citation in &brief.law.verdict.citations {
        let place = library
            .law
            .instrument(&citation.instrument)
            .map(|instrument| instrument.place.clone());
        uses.entry(SourceId(citation.source.clone()))
            .or_default()
            .extend(place);
    }
    for practice in &brief.law.verdict.practice {
        let place = library
            .law
            .instrument(&practice.id)
            .map(|instrument| instrument.place.clone());
        uses.entry(SourceId(practice.source.clone()))
            .or_default()
            .extend(place);
    }
    for reported in brief.market.stake.iter().flat_map(|stake| &stake.reported) {
        uses.entry(reported.source.clone())
            .or_default()
            .insert(reported.place.clone());
    }
    uses.into_iter()
        .filter_map(|(id, places)| {
            let declared = || own.iter().copied().find(|source| source.id == id);
            let source = library.catalog.sources.get(&id).or_else(declared)?;
            Some(SourceUse {
                id,
                title: source.title.clone(),
                date: source.date.map(|d| d.to_string()),
                url: source.url.clone(),
                grade: source.grade,
                places: places.into_iter().collect(),
            })
        })
        .collect()
}
