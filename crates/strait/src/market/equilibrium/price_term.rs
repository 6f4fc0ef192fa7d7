//! How price enters utility, and what a share of demand earns.
//!
//! Everything is solved in a price index y that utility is linear in: u_ij = v_ij + α_i·y_j with α_i < 0.

/// How price enters utility.
#[derive(Debug, Clone, PartialEq)]
pub enum PriceTerm {
    /// y = p; each buyer takes one unit or none, and shares are of buyers (Berry 1994; PyBLP).
    Linear,
    /// y = ln(1 − φ + φ·p/p⁰): the price is the part φ of the cost of use at p⁰. Each unit of money is spent on
    /// one product or none, shares are of money, and units are share / p. φ = 1 is the logarithm of price.
    CostOfUse {
        /// p⁰ by product, above zero.
        reference: Vec<f64>,
        /// φ, above 0 and at most 1.
        share: f64,
    },
}

/// What a product earns per unit of its share, as a function of y.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Margin {
    /// r: margin on a unit (linear), or on a unit of money spent.
    pub(crate) value: f64,
    /// dr/dy.
    pub(crate) first: f64,
    /// d²r/dy².
    pub(crate) second: f64,
    /// −∂r/∂c.
    pub(crate) by_cost: f64,
    /// −∂²r/∂c∂y.
    pub(crate) first_by_cost: f64,
}

impl PriceTerm {
    /// y of a price.
    pub(crate) fn index(&self, product: usize, price: f64) -> f64 {
        match self {
            Self::Linear => price,
            Self::CostOfUse { reference, share } => (share * (price / reference[product] - 1.0)).ln_1p(),
        }
    }

    /// Price of y.
    pub(crate) fn price(&self, product: usize, y: f64) -> f64 {
        match self {
            Self::Linear => y,
            Self::CostOfUse { reference, share } => reference[product] * (y.exp_m1() / share + 1.0),
        }
    }

    /// dp/dy at a price.
    pub(crate) fn slope(&self, product: usize, price: f64) -> f64 {
        match self {
            Self::Linear => 1.0,
            // e^y = 1 − φ + φ·p/p⁰ and dp/dy = p⁰·e^y/φ.
            Self::CostOfUse { reference, share } => price + reference[product] * (1.0 - share) / share,
        }
    }

    /// Units for each unit of share.
    pub(crate) fn units(&self, price: f64) -> f64 {
        match self {
            Self::Linear => 1.0,
            Self::CostOfUse { .. } => 1.0 / price,
        }
    }

    /// d ln(units per share)/dy.
    pub(crate) fn units_slope(&self, product: usize, price: f64) -> f64 {
        match self {
            Self::Linear => 0.0,
            Self::CostOfUse { .. } => -self.slope(product, price) / price,
        }
    }

    /// The margin and its derivatives; `keep` is what the levy leaves of the price.
    pub(crate) fn margin(&self, product: usize, price: f64, keep: f64, cost: f64) -> Margin {
        match self {
            Self::Linear => Margin {
                value: keep * price - cost,
                first: keep,
                second: 0.0,
                by_cost: 1.0,
                first_by_cost: 0.0,
            },
            Self::CostOfUse { .. } => {
                // p'' = p', as p − p⁰(1 − 1/φ) is an exponential in y.
                let rise = self.slope(product, price) / price;
                let part = cost / price;
                Margin {
                    value: keep - part,
                    first: part * rise,
                    second: part * rise * (1.0 - 2.0 * rise),
                    by_cost: 1.0 / price,
                    first_by_cost: -rise / price,
                }
            }
        }
    }

    /// The price at which a first-order condition a·r = x − r′ holds for one product, others held: a step of the
    /// fixed point of Morrow and Skerlos (2011).
    pub(crate) fn reprice(&self, product: usize, price: f64, keep: f64, cost: f64, a: f64, x: f64) -> f64 {
        match self {
            Self::Linear => ((x - keep) / a + cost) / keep,
            Self::CostOfUse { .. } => {
                let rise = self.slope(product, price) / price;
                let margin = ((x - keep * rise) / (a - rise)).min(0.98 * keep);
                cost / (keep - margin)
            }
        }
    }

    /// r₀ and r₁ in r′ = r₀ − r₁·r: the margin's slope in the price index as a function of the margin at one price.
    pub(crate) fn first_by_margin(&self, product: usize, price: f64, keep: f64) -> (f64, f64) {
        match self {
            Self::Linear => (keep, 0.0),
            Self::CostOfUse { .. } => {
                let rise = self.slope(product, price) / price;
                (keep * rise, rise)
            }
        }
    }

    /// Cost that gives a margin at a price.
    pub(crate) fn cost(&self, price: f64, keep: f64, margin: f64) -> f64 {
        match self {
            Self::Linear => keep * price - margin,
            Self::CostOfUse { .. } => (keep - margin) * price,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_margin() {
        let terms = [
            PriceTerm::Linear,
            PriceTerm::CostOfUse {
                reference: vec![9.0],
                share: 0.55,
            },
        ];
        let h = 1e-4;
        for term in terms {
            let at = |y: f64, cost: f64| term.margin(0, term.price(0, y), 0.8, cost);
            let y = term.index(0, 12.0);
            assert!((term.price(0, y) - 12.0).abs() < 1e-12);
            let near =
                |found: f64, want: f64| assert!((found - want).abs() < 1e-6, "{term:?} {found} {want}");
            let (here, up, down) = (at(y, 5.0), at(y + h, 5.0), at(y - h, 5.0));
            near(here.first, (up.value - down.value) / (2.0 * h));
            near(here.second, (up.first - down.first) / (2.0 * h));
            near(
                -here.by_cost,
                (at(y, 5.0 + h).value - at(y, 5.0 - h).value) / (2.0 * h),
            );
            near(
                -here.first_by_cost,
                (at(y, 5.0 + h).first - at(y, 5.0 - h).first) / (2.0 * h),
            );
            let slope = (term.price(0, y + h) - term.price(0, y - h)) / (2.0 * h);
            near(term.slope(0, 12.0), slope);
            let units = |y: f64| term.units(term.price(0, y)).ln();
            near(
                term.units_slope(0, 12.0),
                (units(y + h) - units(y - h)) / (2.0 * h),
            );
            let (r0, r1) = term.first_by_margin(0, 12.0, 0.8);
            near(here.first, r0 - r1 * here.value);
            near(term.cost(12.0, 0.8, here.value), 5.0);
        }
    }
}
