//! The parameters of owning: `data/cost/parameters.toml`, each a figure with source and grade.

use crate::data::{DataSet, Problem, Problems, RawFigure, Reader, nearest};
use crate::figure::{
    Count, Estimate, FigureRef, Grade, Hours, Place, Quantity, Ratio, SourceId, Sources, Usd,
    UsdPerKilowattHour, Watts,
};
use std::collections::BTreeMap;
use toml::Spanned;

/// Path of the parameters below `data/`.
pub(crate) const PARAMETERS: &str = "cost/parameters.toml";

/// One parameter, as an index of [`Terms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    /// Years over which a purchase is written off, in hours.
    Amortisation,
    /// Share of the purchase that it still sells for at the end.
    Residual,
    /// Cost of capital, a year.
    CapitalRate,
    /// Server around one module, USD.
    ServerModule,
    /// Server around one card, USD.
    ServerCard,
    /// Cluster network for one module, USD.
    NetworkModule,
    /// Cluster network for one card, USD.
    NetworkCard,
    /// Spares and staff, share of the purchase a year.
    Maintenance,
    /// Space and cooling plant, USD for a provisioned kW and hour.
    Hosting,
    /// Power usage effectiveness.
    Pue,
    /// Share of owned hours in use.
    Utilisation,
    /// Mean chip power in use, share of board power, where a workload's own power is not known.
    Load,
    /// Power of the server's share for one module in use, W.
    ServerPowerModule,
    /// Power of the server's share for one card in use, W.
    ServerPowerCard,
    /// The server's share of a module at its rating, which a room must provide, W.
    ServerRatedModule,
    /// The same for a card, W.
    ServerRatedCard,
    /// Power of the cluster network's switches for one module, W.
    NetworkPowerModule,
    /// Prices this many days apart describe the same market and may dispute one another.
    DisputeDays,
    /// Part of a levy on the seller that the buyer pays.
    LevyPassThrough,
}

/// Number of parameters.
pub(crate) const TERMS: usize = 19;

type Read = fn(&mut Reader<'_>, &RawFigure) -> Option<Entry>;

/// Name in the file, index, reader of its unit, and the values it may take.
const SPECS: [(&str, Term, Read, (f64, f64)); TERMS] = [
    (
        "amortisation",
        Term::Amortisation,
        entry::<Hours>,
        (1.0, f64::MAX),
    ),
    ("residual", Term::Residual, entry::<Ratio>, (0.0, 0.99)),
    ("capital_rate", Term::CapitalRate, entry::<Ratio>, (0.0, 1.0)),
    ("server_module", Term::ServerModule, entry::<Usd>, (0.0, f64::MAX)),
    ("server_card", Term::ServerCard, entry::<Usd>, (0.0, f64::MAX)),
    (
        "network_module",
        Term::NetworkModule,
        entry::<Usd>,
        (0.0, f64::MAX),
    ),
    ("network_card", Term::NetworkCard, entry::<Usd>, (0.0, f64::MAX)),
    ("maintenance", Term::Maintenance, entry::<Ratio>, (0.0, 1.0)),
    (
        "hosting",
        Term::Hosting,
        entry::<UsdPerKilowattHour>,
        (0.0, f64::MAX),
    ),
    ("pue", Term::Pue, entry::<Ratio>, (1.0, f64::MAX)),
    ("utilisation", Term::Utilisation, entry::<Ratio>, (0.01, 1.0)),
    ("load", Term::Load, entry::<Ratio>, (0.0, 1.0)),
    (
        "server_power_module",
        Term::ServerPowerModule,
        entry::<Watts>,
        (0.0, f64::MAX),
    ),
    (
        "server_power_card",
        Term::ServerPowerCard,
        entry::<Watts>,
        (0.0, f64::MAX),
    ),
    (
        "server_rated_module",
        Term::ServerRatedModule,
        entry::<Watts>,
        (0.0, f64::MAX),
    ),
    (
        "server_rated_card",
        Term::ServerRatedCard,
        entry::<Watts>,
        (0.0, f64::MAX),
    ),
    (
        "network_power_module",
        Term::NetworkPowerModule,
        entry::<Watts>,
        (0.0, f64::MAX),
    ),
    ("dispute_days", Term::DisputeDays, entry::<Count>, (0.0, 3660.0)),
    (
        "levy_pass_through",
        Term::LevyPassThrough,
        entry::<Ratio>,
        (0.0, 1.0),
    ),
];

/// A user's figure that is not possible.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("`{name}` is {value}; {} is possible", range(*.least, *.most))]
pub struct OutOfRange {
    /// Name of the parameter.
    pub name: &'static str,
    /// Value given.
    pub value: f64,
    /// Smallest possible.
    pub least: f64,
    /// Largest possible.
    pub most: f64,
}

fn range(least: f64, most: f64) -> String {
    if most < f64::MAX {
        format!("from {least} to {most}")
    } else {
        format!("{least} or more")
    }
}

/// Where a parameter stands among them.
fn position(term: Term) -> usize {
    SPECS.iter().position(|(_, t, ..)| *t == term).unwrap_or(0)
}

#[derive(Debug, Clone)]
struct Entry {
    value: f64,
    low: f64,
    high: f64,
    reference: FigureRef,
}

fn entry<Q: Quantity>(reader: &mut Reader<'_>, raw: &RawFigure) -> Option<Entry> {
    let figure = reader.figure::<Q>(raw)?;
    let Estimate { value, low, high } = figure.estimate();
    Some(Entry {
        value: value.get(),
        low: low.get(),
        high: high.get(),
        reference: FigureRef {
            of: String::new(),
            path: "value".to_owned(),
            source: figure.source,
            grade: figure.grade,
            place: figure.place,
        },
    })
}

/// One value for every parameter, in the unit [`Term`] names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Terms([f64; TERMS]);

impl Terms {
    /// The value of one.
    pub(crate) fn get(&self, term: Term) -> f64 {
        self.0[term as usize]
    }

    /// The same with one replaced.
    pub(crate) fn with(mut self, term: Term, value: f64) -> Self {
        self.0[term as usize] = value;
        self
    }
}

/// The parameters with their ranges.
#[derive(Debug, Clone)]
pub(crate) struct Parameters(Vec<Entry>);

impl Parameters {
    pub(crate) fn read(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let file = data.require(PARAMETERS)?;
        let raw: BTreeMap<Spanned<String>, RawFigure> =
            toml::from_str(file.text).map_err(|error| Problem::from_toml(file.path, file.text, &error))?;
        let mut reader = Reader::new(file, sources, None);
        for name in raw.keys() {
            if !SPECS.iter().any(|(known, ..)| known == name.get_ref()) {
                let near = nearest(name.get_ref(), SPECS.iter().map(|(known, ..)| *known)).join("`, `");
                let help = (!near.is_empty()).then(|| format!("did you mean `{near}`?"));
                reader.problem(name.span(), format!("`{}` is no parameter", name.get_ref()), help);
            }
        }
        let mut entries = Vec::new();
        for (name, _, read, (least, most)) in SPECS {
            let Some((key, figure)) = raw.iter().find(|(key, _)| key.get_ref() == name) else {
                reader.problem(0..0, format!("parameter `{name}` is missing"), None);
                continue;
            };
            let Some(mut entry) = read(&mut reader, figure) else {
                continue;
            };
            if entry.low < least || entry.high > most {
                let message = format!("`{name}` is {} to {}", entry.low, entry.high);
                let help = format!("from {least} to {most} is possible");
                reader.problem(key.span(), message, Some(help));
            }
            entry.reference.of = name.to_owned();
            entries.push(entry);
        }
        reader.problems.or(Self(entries))
    }

    /// Central values.
    pub(crate) fn centre(&self) -> Terms {
        let mut terms = Terms([0.0; TERMS]);
        for ((_, term, ..), entry) in SPECS.iter().zip(&self.0) {
            terms = terms.with(*term, entry.value);
        }
        terms
    }

    /// One parameter's range.
    pub(crate) fn range(&self, term: Term) -> (f64, f64) {
        let at = position(term);
        (self.0[at].low, self.0[at].high)
    }

    /// For every parameter not in `fixed`, `from` with it at its low and at its high end.
    pub(crate) fn shifts(&self, from: Terms, fixed: &[Term]) -> Vec<(Terms, Terms)> {
        SPECS
            .iter()
            .zip(&self.0)
            .filter(|((_, term, ..), _)| !fixed.contains(term))
            .map(|((_, term, ..), e)| (from.with(*term, e.low), from.with(*term, e.high)))
            .collect()
    }

    /// Puts a user's value in place of a parameter and its range.
    pub(crate) fn fix(&mut self, term: Term, value: f64) -> Result<(), OutOfRange> {
        let at = position(term);
        let (name, _, _, (least, most)) = SPECS[at];
        if !(least..=most).contains(&value) {
            return Err(OutOfRange {
                name,
                value,
                least,
                most,
            });
        }
        let entry = &mut self.0[at];
        (entry.value, entry.low, entry.high) = (value, value, value);
        entry.reference.source = SourceId("user".to_owned());
        entry.reference.grade = Grade::Assumed;
        entry.reference.place = Place::whole("stated");
        Ok(())
    }

    /// References to every parameter.
    pub(crate) fn rests_on(&self) -> impl Iterator<Item = FigureRef> + '_ {
        self.0.iter().map(|entry| entry.reference.clone())
    }

    /// A parameter that counts days.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "checked against its possible values when read"
    )]
    pub(crate) fn whole_days(&self, term: Term) -> i64 {
        self.centre().get(term).floor() as i64
    }

    /// Reference to one.
    pub(crate) fn reference(&self, term: Term) -> FigureRef {
        let at = position(term);
        self.0[at].reference.clone()
    }
}
