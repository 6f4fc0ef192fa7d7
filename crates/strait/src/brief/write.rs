//! Writes a brief: asks every part of the flow and puts the answers in order.

use super::performance::Runs;
use super::weak::Probe;
use super::{
    Answer, Brief, Header, Library, Made, PeerNote, Question, Role, SiblingNote, Subject, cost, law, market,
    performance, sentences, sources, weak, worth,
};
use crate::catalog::Chip;
use crate::rules::{Listed, RulesError, Transaction, Verdict};
use std::collections::BTreeSet;

/// Seed of every draw in a brief; results are functions of it and of the data alone.
pub const SEED: u64 = 1;

/// Writes the brief that `question` asks for.
///
/// # Errors
/// When the law's data contradict themselves for this transaction.
pub fn write(library: &Library, question: &Question) -> Result<Brief, RulesError> {
    let ask = &question.transaction;
    let chip = &question.chip;
    let verdict = law::check(library, &library.law, chip, ask)?;
    let subject = subject(library, question, &verdict)?;
    let compared = compared(library, question);
    let peers: Vec<&Chip> = compared.iter().map(|(chip, _)| *chip).collect();
    let notes = notes(library, &compared, ask)?;

    let runs = Runs::make(library, peers.iter().copied());
    let model = cost::levied(library, &peers, ask)?;
    let costs = cost::section(library, &model, &peers, &runs, ask);
    let hourly: Vec<_> = costs.prices.iter().map(|row| row.hourly.clone()).collect();
    let values = worth::all_values(library, &peers, &hourly, &runs);
    let worth = worth::worth(library, &notes, &hourly, &values, &runs);

    let names = |code: &str| library.law.places.name(code).unwrap_or(code).to_owned();
    let to_name = names(&ask.to);
    let answer = Answer {
        sentences: vec![
            sentences::may_it(
                &subject,
                &to_name,
                ask,
                &names(ask.origin(library.catalog.designer_country(chip))),
                &verdict,
            ),
            sentences::is_it_worth(library, &subject, &to_name, &worth),
        ],
        buyer_note: buyer_note(ask),
        buyers: law::buyers(library, chip, ask)?,
        worth,
    };
    let market = market::section(library, chip, ask);
    let in_goods = market
        .cases
        .iter()
        .flat_map(|case| &case.goods)
        .flat_map(|good| &good.chips);
    let in_goods = in_goods.filter_map(|id| library.catalog.get(id));
    let mut brief = Brief {
        strait: Header {
            made: Made::from_version(library.version.clone(), &library.scenario),
            on: ask.on,
            known: ask.known,
            seed: SEED,
        },
        to: ask.to.clone(),
        to_name,
        subject,
        answer,
        law: law::section(library, chip, ask, verdict),
        performance: performance::section(library, &peers, &runs),
        cost: costs,
        peers: notes,
        names: peers
            .iter()
            .copied()
            .chain(in_goods)
            .map(|chip| (chip.id.clone(), chip.name.clone()))
            .collect(),
        market,
        weak: Vec::new(),
        sources: Vec::new(),
    };
    let refs = sources::figures(&brief);
    let chips: BTreeSet<&str> = library.catalog.iter().map(|chip| chip.id.0.as_str()).collect();
    let probe = Probe {
        library,
        model: &model,
        peers: &peers,
        notes: &brief.peers,
        costs: &brief.cost,
        values: &values,
        runs: &runs,
        ask,
    };
    let mut weak_figures = probe.figures(&refs);
    weak_figures.extend(probe.prices());
    weak_figures.extend(weak::parameters(&refs, &chips));
    brief.weak = weak_figures;
    brief.sources = sources::of(library, question, &brief, &refs);
    Ok(brief)
}

fn compared<'a>(library: &'a Library, question: &'a Question) -> Vec<(&'a Chip, Role)> {
    match &question.rivals {
        None => library
            .rivals
            .of(&library.catalog, &question.chip, &question.transaction),
        Some(named) => {
            let mut peers = vec![(&question.chip, Role::Subject)];
            for chip in named {
                if peers.iter().all(|(peer, _)| peer.id != chip.id) {
                    peers.push((chip, Role::Named));
                }
            }
            peers
        }
    }
}

fn notes(
    library: &Library,
    compared: &[(&Chip, Role)],
    ask: &Transaction,
) -> Result<Vec<PeerNote>, RulesError> {
    compared
        .iter()
        .map(|(chip, role)| {
            let verdict = law::check(library, &library.law, chip, ask)?;
            Ok(PeerNote {
                chip: chip.id.clone(),
                name: chip.name.clone(),
                role: *role,
                supply_effect: verdict.supply_effect,
                china: verdict.cn.state,
                on_sale: market::on_sale(library, chip, ask),
            })
        })
        .collect()
}

fn subject(library: &Library, question: &Question, verdict: &Verdict) -> Result<Subject, RulesError> {
    let chip = &question.chip;
    let mut siblings = Vec::new();
    for sibling in &question.siblings {
        let other = law::check(library, &library.law, sibling, &question.transaction)?;
        let differs = sentences::difference(verdict, &other);
        if !differs.is_empty() {
            siblings.push(SiblingNote {
                chip: sibling.id.clone(),
                differs,
            });
        }
    }
    let note = if question.by_family {
        format!(
            "`{}` names a family; its default member {} was taken.",
            question.asked, chip.id
        )
    } else {
        format!("`{}` names {}.", question.asked, chip.id)
    };
    let announced = chip.market.announced.as_ref().map(|fact| fact.value.to_string());
    Ok(Subject {
        asked: question.asked.clone(),
        chip: chip.id.clone(),
        name: chip.name.clone(),
        note,
        siblings,
        before_launch: chip.announced_by(question.transaction.on, question.transaction.known) == Some(false),
        announced,
        never_sold: chip.market.never_sold.as_ref().is_some_and(|fact| fact.value),
    })
}

fn buyer_note(ask: &Transaction) -> String {
    let headquarters = ask
        .parent
        .as_ref()
        .or(ask.headquarters.as_ref())
        .unwrap_or(&ask.to);
    let screened = match ask.listed {
        Listed::Unknown => "not screened against any list",
        Listed::None => "screened and on no list",
        Listed::Entity | Listed::EntityFn1 | Listed::EntityFn4 | Listed::Meu => "on a list",
    };
    format!(
        "The sentences assume a {} buyer headquartered in {headquarters}, {screened}.",
        ask.segment.words()
    )
}
