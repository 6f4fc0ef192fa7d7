//! Goods by the names of the model: a chip goes by any of its own, where it is a good alone.

use crate::brief::Library;
use crate::catalog::ChipId;
use crate::market::dynamics::{Environment, GoodSpec, Specification, UnknownName};
use crate::rules::Channel;
use crate::scenario::{MarketChange, Verb};

/// The good sold by its maker that a chip is of.
pub(super) fn good_of<'s>(spec: &'s Specification, chip: &ChipId) -> Option<&'s GoodSpec> {
    let mut direct = spec.goods.iter().filter(|g| g.facts.channel == Channel::Direct);
    direct.find(|g| g.mix.iter().any(|m| m.chip.as_ref() == Some(chip)))
}

/// The good that a chip is alone.
///
/// # Errors
/// In words, where the chip is no good, or is one together with others.
fn alone<'s>(spec: &'s Specification, chip: &ChipId) -> Result<&'s str, String> {
    let Some(good) = good_of(spec, chip) else {
        return Err(format!(
            "it is the chip `{chip}`: `verb = \"add\"` makes it a good"
        ));
    };
    let id = &good.facts.id;
    let mut others = good.mix.iter().filter_map(|m| m.chip.as_ref());
    if others.any(|c| c != chip) {
        return Err(format!(
            "`{chip}` is sold within the good `{id}`: name that where all its chips are meant"
        ));
    }
    Ok(id)
}

/// The change with every chip it names replaced by its good.
///
/// # Errors
/// On a chip that is no good, or is one together with others.
pub(super) fn resolved(
    library: &Library,
    spec: &Specification,
    change: &MarketChange,
) -> Result<MarketChange, UnknownName> {
    let mut out = change.clone();
    let lines = change.verb == Verb::Supply && change.of.as_deref() == Some("packaging");
    if change.verb == Verb::Add || lines {
        return Ok(out);
    }
    for name in &mut out.goods {
        let of_model = |g: &GoodSpec| g.facts.id == *name || g.facts.vendor == *name;
        if ["domestic", "foreign"].contains(&name.as_str()) || spec.goods.iter().any(of_model) {
            continue;
        }
        let Ok(found) = library.catalog.resolve(name) else {
            continue;
        };
        let id = alone(spec, &found.chip.id).map_err(|near| UnknownName {
            name: name.clone(),
            kind: "good, vendor, `domestic` or `foreign`",
            near,
            place: change.written.clone(),
        })?;
        id.clone_into(name);
    }
    Ok(out)
}

impl Library {
    /// Position in an environment of the good that a name means: the good's own, or any of a chip that is a good alone.
    ///
    /// # Errors
    /// In words: what the name means instead, or the names there are.
    pub fn good(&self, env: &Environment, name: &str) -> Result<usize, String> {
        if let Some(good) = env.good(name) {
            return Ok(good);
        }
        let goods = || {
            let ids: Vec<&str> = env.goods.iter().map(|g| g.id.as_str()).collect();
            format!("one of `{}`, or a chip that is one of them", ids.join("`, `"))
        };
        let chip = &self.catalog.resolve(name).map_err(|_| goods())?.chip.id;
        // One that the scenario adds goes by the chip's own id.
        if let Some(good) = env.good(&chip.0) {
            return Ok(good);
        }
        let id = alone(&self.dynamics.spec, chip)?;
        env.good(id).ok_or_else(goods)
    }
}
