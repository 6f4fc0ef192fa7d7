//! Puts each `[[dispute]]` on the figure it is about.

use super::chip::FactDispute;
use super::raw_chip::RawDispute;
use crate::data::{RawAlternative, RawFigure, RawState, Reader, nearest};
use crate::figure::{AlternativeState, Figure, Quantity};
use std::collections::BTreeMap;

/// Paths of facts that are no figures, the die index left out.
const FACTS: [&str; 10] = [
    "die.count",
    "die.foundry",
    "die.process",
    "die.applicable_area",
    "memory.kind",
    "market.announced",
    "market.designed_or_marketed_for_datacenter",
    "io.scale_up_domain",
    "io.scale_up_topology",
    "software",
];

/// The disputes of one file by path, taken off as the figures are read.
pub(crate) struct Disputes {
    by_path: BTreeMap<String, Vec<RawDispute>>,
    figures: Vec<String>,
}

impl Disputes {
    pub(crate) fn new(raw: Vec<RawDispute>) -> Self {
        let mut by_path: BTreeMap<String, Vec<RawDispute>> = BTreeMap::new();
        for dispute in raw {
            by_path
                .entry(dispute.figure.get_ref().clone())
                .or_default()
                .push(dispute);
        }
        Self {
            by_path,
            figures: Vec::new(),
        }
    }

    /// Reads a figure together with its disputes.
    pub(crate) fn figure<Q: Quantity>(
        &mut self,
        reader: &mut Reader<'_>,
        path: &str,
        raw: Option<&RawFigure>,
    ) -> Option<Figure<Q>> {
        let raw = raw?;
        self.figures.push(path.to_owned());
        let mut raw = raw.clone();
        for dispute in self.by_path.remove(path).unwrap_or_default() {
            let value = match dispute.value.get_ref() {
                toml::Value::Float(value) => *value,
                #[allow(clippy::cast_precision_loss)] // figures stay far below 2^53
                toml::Value::Integer(value) => *value as f64,
                other => {
                    let message = format!("`{other}` where a number was expected");
                    let help = format!("`{path}` is a figure; write it in the unit of the figure above");
                    reader.problem(dispute.value.span(), message, Some(help));
                    continue;
                }
            };
            if dispute.state == RawState::Live && value == *raw.value.get_ref() {
                let help = "delete the dispute, or give the other value".to_owned();
                reader.problem(
                    dispute.value.span(),
                    format!("`{path}` is disputed with one value, `{value}`"),
                    Some(help),
                );
            }
            raw.alternatives.push(RawAlternative {
                value,
                source: dispute.source,
                grade: dispute.grade,
                state: dispute.state,
                why: dispute.why,
            });
        }
        reader.figure(&raw)
    }

    /// What is left: disputes about facts, and figures set aside that the chip does not have.
    pub(crate) fn rest(self, reader: &mut Reader<'_>) -> Vec<FactDispute> {
        let mut kept = Vec::new();
        for (path, dispute) in self
            .by_path
            .into_iter()
            .flat_map(|(path, all)| all.into_iter().map(move |d| (path.clone(), d)))
        {
            let short: String = path
                .split('.')
                .filter(|part| part.parse::<usize>().is_err())
                .collect::<Vec<_>>()
                .join(".");
            let set_aside = dispute.state != RawState::Live;
            let known_path = FACTS.contains(&short.as_str());
            let a_peak_it_lacks = set_aside && path.starts_with("peak.");
            if !known_path && !a_peak_it_lacks {
                let names = self.figures.iter().map(String::as_str).chain(FACTS);
                let near = nearest(&path, names).join("`, `");
                let help = if near.is_empty() {
                    "name a figure that the file gives above, or a fact such as `memory.kind`".to_owned()
                } else {
                    format!("did you mean `{near}`?")
                };
                reader.problem(
                    dispute.figure.span(),
                    format!("a dispute about `{path}`, which the file does not give"),
                    Some(help),
                );
                continue;
            }
            if set_aside && dispute.why.is_none() {
                reader.problem(
                    dispute.value.span(),
                    "an alternative set aside without a reason",
                    Some("add `why = \"…\"`".into()),
                );
            }
            let source = reader.source(dispute.source.get_ref(), dispute.grade, dispute.source.span());
            let value = match dispute.value.get_ref() {
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            kept.push(FactDispute {
                path,
                value,
                source,
                grade: dispute.grade,
                state: AlternativeState::from(dispute.state),
                why: dispute.why,
                place: reader.place(&dispute.value.span()),
            });
        }
        kept
    }
}
