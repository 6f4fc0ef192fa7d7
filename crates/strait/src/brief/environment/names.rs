//! Goods that a scenario names, by the names of the model: a chip goes by any of its own, where it is a good alone.

use crate::brief::Library;
use crate::catalog::ChipId;
use crate::market::dynamics::{GoodSpec, Specification, UnknownName};
use crate::rules::Channel;
use crate::scenario::{MarketChange, Verb};

/// The good sold by its maker that a chip is of.
pub(super) fn good_of<'s>(spec: &'s Specification, chip: &ChipId) -> Option<&'s GoodSpec> {
    let mut direct = spec.goods.iter().filter(|g| g.facts.channel == Channel::Direct);
    direct.find(|g| g.mix.iter().any(|m| m.chip.as_ref() == Some(chip)))
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
        let chip = &found.chip.id;
        let unknown = |near: String| UnknownName {
            name: name.clone(),
            kind: "good, vendor, `domestic` or `foreign`",
            near,
            place: change.written.clone(),
        };
        let Some(good) = good_of(spec, chip) else {
            let near = format!("it is the chip `{chip}`: `verb = \"add\"` makes it a good");
            return Err(unknown(near));
        };
        let id = &good.facts.id;
        if good
            .mix
            .iter()
            .any(|m| m.chip.as_ref().is_some_and(|c| c != chip))
        {
            let near =
                format!("`{chip}` is sold within the good `{id}`: name that where all its chips are meant");
            return Err(unknown(near));
        }
        name.clone_from(id);
    }
    Ok(out)
}
