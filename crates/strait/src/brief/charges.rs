//! What the law of a day makes of buying a chip for a place: whether it can be had, and the levies on it.

use crate::catalog::{Catalog, Chip, ChipId};
use crate::cost::{Levy, LevyOn, country_of};
use crate::figure::{Quantity, Ratio};
use crate::rules::{
    ChinaState, LawBook, LevyKind, License, Listed, RulesError, SupplyEffect, Ternary, Transaction, Verdict,
};
use jiff::civil::Date;
use serde::Serialize;

/// The law's part in what a chip costs somewhere, for a buyer that is on no list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Charges {
    /// Chip.
    pub chip: ChipId,
    /// Destination, two-letter code.
    pub to: String,
    /// License requirement.
    pub license: License,
    /// State on the China side.
    pub china: ChinaState,
    /// What is left to the supplier.
    pub supply: SupplyEffect,
    /// Instruments that decide.
    pub why: Vec<String>,
    /// Levies that apply or may.
    pub levies: Vec<Levy>,
}

impl Charges {
    /// Whether it can be had without a license, and nobody on the China side bars it.
    pub fn is_open(&self) -> bool {
        matches!(self.supply, SupplyEffect::Open | SupplyEffect::NotBound)
    }
}

/// Asks the law about buying `chip` for `place` on `on`, as the public knew it on `known`.
///
/// # Errors
/// An unknown country, or two instruments that contradict one another.
pub fn charges(
    law: &LawBook,
    catalog: &Catalog,
    chip: &Chip,
    place: &str,
    on: Date,
    known: Date,
) -> Result<Charges, RulesError> {
    let mut ask = Transaction::new(chip.id.clone(), country_of(place), on, known);
    ask.listed = Listed::None;
    let foundry = catalog.foundry_country_of(chip);
    let verdict = law.check(chip, catalog.designer_country(chip), foundry, &ask)?;
    let mut why = verdict.us.why.clone();
    why.extend(verdict.cn.why.iter().cloned());
    let mut found = levies(law, chip, &verdict);
    if found.iter().any(|levy| levy.on == LevyOn::Import) && !through_us(law, catalog, chip, &ask, &verdict)?
    {
        // Asked as if from the US, which no answer needs: shipped from where it is made it owes none.
        for levy in found.iter_mut().filter(|levy| levy.on == LevyOn::Import) {
            levy.certain = false;
        }
    }
    Ok(Charges {
        chip: chip.id.clone(),
        to: verdict.to.clone(),
        license: verdict.us.license,
        china: verdict.cn.state,
        supply: verdict.supply_effect,
        why,
        levies: found,
    })
}

/// Whether a sale has to pass the United States: the verdict on goods that leave there is another than on the same goods
/// shipped from where they are made.
fn through_us(
    law: &LawBook,
    catalog: &Catalog,
    chip: &Chip,
    ask: &Transaction,
    from_us: &Verdict,
) -> Result<bool, RulesError> {
    let Some(foundry) = catalog.foundry_country_of(chip) else {
        return Ok(false);
    };
    let mut direct = ask.clone();
    direct.from = Some(foundry.to_owned());
    let direct = law.check(chip, catalog.designer_country(chip), Some(foundry), &direct)?;
    Ok(direct.us.license != from_us.us.license || direct.us.review != from_us.us.review)
}

/// Part of the seller's revenue that surely applying levies take, by kind, whether it applies and rate. Each is taken of
/// what the others leave; a duty is the importer's and no part of it.
pub(super) fn revenue_share(levies: impl Iterator<Item = (LevyKind, Ternary, f64)>) -> f64 {
    let shares =
        levies.filter(|(kind, applies, _)| *kind == LevyKind::RevenueShare && *applies == Ternary::Yes);
    1.0 - shares.map(|(_, _, rate)| 1.0 - rate).product::<f64>()
}

/// Levies on a sale of `chip` that a verdict found, as cost takes them: those that apply or may, at a rate above nothing.
pub(super) fn levies(law: &LawBook, chip: &Chip, verdict: &Verdict) -> Vec<Levy> {
    let applying = verdict
        .us
        .levies
        .iter()
        .filter(|levy| levy.applies != Ternary::No);
    let levies = applying.filter_map(|levy| {
        let rate = levy.rate.parse::<f64>().ok().filter(|rate| *rate < 1.0)?;
        let dates = &law.instrument(&levy.id)?.dates;
        Some(Levy {
            chip: chip.id.clone(),
            instrument: levy.id.clone(),
            on: match levy.kind {
                LevyKind::RevenueShare => LevyOn::Revenue,
                LevyKind::ImportDuty => LevyOn::Import,
            },
            rate: Ratio::of(rate),
            certain: levy.applies == Ternary::Yes,
            from: dates.effective.or(dates.known_from)?,
        })
    });
    levies.filter(|levy| levy.rate.get() > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_duty_is_sure_only_where_goods_must_pass_the_us() {
        let library = crate::brief::Library::load(
            &crate::data::DataSet::embedded(),
            &crate::scenario::Scenario::default(),
        )
        .unwrap();
        let h200 = library.catalog.resolve("h200").unwrap().chip;
        let duty = |place: &str| {
            let day = jiff::civil::date(2026, 11, 20);
            let found = charges(&library.law, &library.catalog, h200, place, day, day).unwrap();
            let duty = found.levies.into_iter().find(|l| l.instrument == "us-s232-2026");
            duty.map(|l| l.certain)
        };
        // The case-by-case review is for exports from the US alone; Frankfurt is served from Taiwan.
        assert_eq!(duty("CN"), Some(true));
        assert_eq!(duty("DE"), Some(false));
    }

    #[test]
    fn only_a_sure_share_of_revenue_is_the_sellers() {
        use LevyKind::{ImportDuty, RevenueShare};
        let share = |levies: &[(LevyKind, Ternary, f64)]| revenue_share(levies.iter().copied());
        assert_eq!(share(&[]), 0.0);
        assert!((share(&[(RevenueShare, Ternary::Yes, 0.15)]) - 0.15).abs() < 1e-12);
        assert_eq!(share(&[(ImportDuty, Ternary::Yes, 0.25)]), 0.0);
        assert_eq!(share(&[(RevenueShare, Ternary::Unknown, 0.15)]), 0.0);
        let two = [
            (RevenueShare, Ternary::Yes, 0.15),
            (RevenueShare, Ternary::Yes, 0.9),
        ];
        assert!((share(&two) - (1.0 - 0.85 * 0.1)).abs() < 1e-12);
    }
}
