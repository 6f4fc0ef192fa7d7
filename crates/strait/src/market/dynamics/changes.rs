//! A scenario's changes of the quarterly market, applied to what buyers meet.

use super::calendar::Month;
use super::environment::{AccessShare, Environment, Flow};
use super::parameters::Names;
use crate::data::nearest;
use crate::figure::Place;
use crate::rules::{Channel, ChinaState, Site, SupplyEffect};
use crate::scenario::{MarketChange, Verb};

/// A name that is no good, vendor or buyer of the model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("{place}: `{name}` is no {kind} of the quarterly model")]
pub struct UnknownName {
    /// As written.
    pub name: String,
    /// What was expected.
    pub kind: &'static str,
    /// Valid names near it.
    #[help]
    pub near: String,
    /// Where the scenario writes it.
    pub place: Place,
}

fn goods(env: &Environment, names: &[String], place: &Place) -> Result<Vec<usize>, UnknownName> {
    let mut found = Vec::new();
    for name in names {
        let before = found.len();
        found.extend(env.goods.iter().enumerate().filter_map(|(g, facts)| {
            let meant = match name.as_str() {
                "domestic" => facts.domestic,
                "foreign" => facts.is_foreign_direct(),
                name => {
                    facts.id == name || facts.vendor == name && (facts.domestic || facts.is_foreign_direct())
                }
            };
            meant.then_some(g)
        }));
        if found.len() == before {
            let words = ["domestic", "foreign"].into_iter();
            let goods = env.goods.iter().map(|g| g.id.as_str());
            let vendors = env.goods.iter().map(|g| g.vendor.as_str());
            let near = nearest(name, goods.clone().chain(vendors).chain(words));
            return Err(UnknownName {
                name: name.clone(),
                kind: "good, vendor, `domestic` or `foreign`",
                near: if near.is_empty() {
                    format!("the goods are `{}`", goods.collect::<Vec<_>>().join("`, `"))
                } else {
                    format!("did you mean `{}`?", near.join("`, `"))
                },
                place: place.clone(),
            });
        }
    }
    Ok(found)
}

fn points(env: &Environment, names: &[String], place: &Place) -> Result<Vec<usize>, UnknownName> {
    if names.is_empty() {
        return Ok((0..env.points.len()).collect());
    }
    let find = |name: &String| {
        env.points
            .iter()
            .position(|p| p.id == *name)
            .ok_or_else(|| UnknownName {
                name: name.clone(),
                kind: "kind of buyer",
                near: env
                    .points
                    .iter()
                    .map(|p| p.id.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
                place: place.clone(),
            })
    };
    names.iter().map(find).collect()
}

/// Multiplies what packaging lines can do: those on the mainland, which all Chinese makers share, and those of foreign
/// makers abroad; all of them where nothing is named.
fn packaging(
    env: &mut Environment,
    change: &MarketChange,
    months: &[Month],
    amount: f64,
) -> Result<(), UnknownName> {
    let names = &change.goods[..];
    let both = ["domestic".to_owned(), "foreign".to_owned()];
    let names = if names.is_empty() { &both[..] } else { names };
    let makers: Vec<&str> = env
        .goods
        .iter()
        .filter(|g| g.is_foreign_direct())
        .map(|g| g.vendor.as_str())
        .collect();
    if let Some(name) = names
        .iter()
        .find(|n| !both.contains(n) && !makers.contains(&n.as_str()))
    {
        return Err(UnknownName {
            name: name.clone(),
            kind: "packaging line",
            near: "`domestic` (the lines on the mainland, shared by all makers there), `foreign` or a foreign vendor".into(),
            place: change.written.clone(),
        });
    }
    let scale = |of: &mut Option<[f64; 3]>| *of = of.map(|i| i.map(|x| x * amount));
    for month in months {
        if names.contains(&both[0]) {
            scale(&mut env.interposers[month.0]);
        }
        for g in 0..env.goods.len() {
            let foreign = env.goods[g].is_foreign_direct()
                && names.iter().any(|n| *n == both[1] || *n == env.goods[g].vendor);
            if foreign {
                let at = env.at(*month, g);
                scale(&mut env.packages[at]);
            }
        }
    }
    Ok(())
}

/// Sets what gets through the grey channel; of flows over the same months and goods the last one written holds.
fn flow(
    env: &mut Environment,
    change: &MarketChange,
    months: &[Month],
    goods: Vec<usize>,
) -> Result<(), UnknownName> {
    if let Some(g) = goods.iter().find(|g| env.goods[**g].channel != Channel::Grey) {
        let grey = env.goods.iter().filter(|f| f.channel == Channel::Grey);
        return Err(UnknownName {
            name: env.goods[*g].id.clone(),
            kind: "good of the grey channel",
            near: format!(
                "its goods are `{}`",
                grey.map(|f| f.id.as_str()).collect::<Vec<_>>().join("`, `")
            ),
            place: change.written.clone(),
        });
    }
    env.flows.push(Flow {
        months: (months[0], months[months.len() - 1]),
        goods,
        units: change.amount.unwrap_or(0.0) / 3.0,
    });
    Ok(())
}

/// That a scenario's `assume` names a parameter.
fn parameter(change: &MarketChange) -> Result<(), UnknownName> {
    let name = change.parameter.as_deref().unwrap_or_default();
    if Names::ALL.contains(&name) {
        return Ok(());
    }
    let near = nearest(name, Names::ALL.iter().copied()).join("`, `");
    Err(UnknownName {
        name: name.to_owned(),
        kind: "parameter",
        near: if near.is_empty() {
            "parameters stand in data/market/dynamics/parameters.toml".into()
        } else {
            format!("did you mean `{near}`?")
        },
        place: change.written.clone(),
    })
}

/// Applies one change; `add` and `assume` are applied elsewhere.
///
/// # Errors
/// On a name the model does not have.
pub fn apply(env: &mut Environment, change: &MarketChange) -> Result<(), UnknownName> {
    let within = |m: &Month| {
        change.from.is_none_or(|w| w.first() <= m.last_day())
            && change.until.is_none_or(|w| m.first_day() <= w.last())
    };
    let months: Vec<Month> = Month::all().filter(within).collect();
    if months.is_empty() {
        let day = change.from.or(change.until);
        return Err(UnknownName {
            name: day.map(|w| w.to_string()).unwrap_or_default(),
            kind: "month",
            near: "its months are 2022-01 to 2030-12".into(),
            place: change.written.clone(),
        });
    }
    let amount = change.amount.unwrap_or(1.0);
    match (change.verb, change.of.as_deref()) {
        (Verb::Demand, _) => {
            months.iter().for_each(|m| env.demand[m.0] *= amount);
            return Ok(());
        }
        (Verb::Supply, Some("memory")) => {
            months.iter().for_each(|m| env.memory[m.0] *= amount);
            return Ok(());
        }
        (Verb::Supply, Some("wafers")) => {
            months.iter().for_each(|m| env.wafers[m.0] *= amount);
            return Ok(());
        }
        (Verb::Supply, Some("packaging")) => return packaging(env, change, &months, amount),
        (Verb::Assume, _) => return parameter(change),
        (Verb::Add, _) => return Ok(()),
        _ => {}
    }
    let chosen = goods(env, &change.goods, &change.written)?;
    if change.verb == Verb::Flow {
        return flow(env, change, &months, chosen);
    }
    let buyers = points(env, &change.buyers, &change.written)?;
    for month in months {
        for &g in &chosen {
            let at = env.at(month, g);
            match change.verb {
                Verb::Cap => {
                    let most = amount / 3.0;
                    env.ceiling[at] = Some(env.ceiling[at].map_or(most, |c| c.min(most)));
                }
                Verb::Levy => env.levy[at] = amount,
                Verb::Supply => env.supply[at] *= amount,
                _ => {}
            }
            for &p in &buyers {
                let cell = env.cell(month, g, p);
                match change.verb {
                    Verb::Subsidy => {
                        env.value[cell] += (1.0 + amount).ln();
                        env.subsidy[cell] = (1.0 + env.subsidy[cell]) * (1.0 + amount) - 1.0;
                    }
                    Verb::Ban => env.access[cell]
                        .iter_mut()
                        .for_each(|a| a.supply = SupplyEffect::Blocked),
                    Verb::License => env.access[cell]
                        .iter_mut()
                        .for_each(|a| a.supply = SupplyEffect::Licensed),
                    Verb::Allow => env.access[cell]
                        .iter_mut()
                        .for_each(|a| a.supply = SupplyEffect::Open),
                    Verb::Guidance if env.points[p].site == Site::Mainland => {
                        let state = match change.state.as_deref() {
                            Some("discouraged") => ChinaState::Discouraged,
                            Some("conditional") => ChinaState::Conditional,
                            Some("banned") => ChinaState::Banned,
                            _ => ChinaState::None,
                        };
                        env.access[cell]
                            .iter_mut()
                            .for_each(|a: &mut AccessShare| a.china = state);
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(())
}
