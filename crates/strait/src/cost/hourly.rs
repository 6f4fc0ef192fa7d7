//! The formulas of owning: capital recovery, electricity, and their sum for a chip-hour.
//!
//! Money is US dollars, power watts, time hours, inside this module as plain numbers; the public
//! functions of [`super::CostModel`] wrap them in quantities.

use super::parameters::{Term, Terms};
use super::{CostBasis, CostParts};
use crate::figure::{Estimate, HOURS_A_YEAR as YEAR, Quantity, UsdPerHour};

/// Watts of a kilowatt.
const KILO: f64 = 1000.0;

/// One chip in one place under one load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Unit {
    pub(crate) bought: f64,
    pub(crate) has_server: bool,
    pub(crate) has_network: bool,
    pub(crate) card: bool,
    pub(crate) tdp: f64,
    pub(crate) tariff: f64,
    /// Chip power in use where a workload gives it; the load parameter times the board power otherwise.
    pub(crate) power: Option<f64>,
}

/// Server share of one chip, USD.
pub(crate) fn server_share(terms: &Terms, card: bool) -> f64 {
    terms.get(if card {
        Term::ServerCard
    } else {
        Term::ServerModule
    })
}

/// Network share of one chip, USD.
pub(crate) fn network_share(terms: &Terms, card: bool) -> f64 {
    terms.get(if card {
        Term::NetworkCard
    } else {
        Term::NetworkModule
    })
}

/// Power of the switches for one chip, W; card servers hang on the room's ordinary network.
fn network_power(terms: &Terms, card: bool) -> f64 {
    if card {
        0.0
    } else {
        terms.get(Term::NetworkPowerModule)
    }
}

/// The server's share of one chip at its rating, W.
fn server_rated(terms: &Terms, card: bool) -> f64 {
    terms.get(if card {
        Term::ServerRatedCard
    } else {
        Term::ServerRatedModule
    })
}

/// Power of the server's share for one chip in use, W.
fn server_power(terms: &Terms, card: bool) -> f64 {
    terms.get(if card {
        Term::ServerPowerCard
    } else {
        Term::ServerPowerModule
    })
}

/// Straight-line write-off of one dollar bought, a year: `(1 - residual) / years`.
pub(crate) fn straight_line(terms: &Terms) -> f64 {
    (1.0 - terms.get(Term::Residual)) * YEAR / terms.get(Term::Amortisation)
}

/// Yearly payment that recovers one dollar bought and its interest (capital recovery factor, any
/// engineering-economics text): `(1 - residual/(1+r)^n) * r / (1 - (1+r)^-n)`; at `r = 0` the straight line.
pub(crate) fn recovery(terms: &Terms) -> f64 {
    let rate = terms.get(Term::CapitalRate);
    if rate < 1e-12 {
        return straight_line(terms);
    }
    let discount = (1.0 + rate).powf(-terms.get(Term::Amortisation) / YEAR);
    (1.0 - terms.get(Term::Residual) * discount) * rate / (1.0 - discount)
}

impl Unit {
    /// A chip as its basis has it, with a workload's own power where known.
    pub(crate) fn of(basis: &CostBasis, power: Option<f64>) -> Self {
        Self {
            bought: basis.bought.value.get(),
            has_server: basis.form.has_server(),
            has_network: basis.form.has_network(),
            card: basis.card,
            tdp: basis.tdp.value.get(),
            tariff: basis.tariff.value.get(),
            power,
        }
    }

    /// What the server adds to what was bought, USD; zero where it was part of it.
    fn server_added(&self, terms: &Terms) -> f64 {
        if self.has_server {
            0.0
        } else {
            server_share(terms, self.card)
        }
    }

    fn network_added(&self, terms: &Terms) -> f64 {
        if self.has_network {
            0.0
        } else {
            network_share(terms, self.card)
        }
    }

    /// Purchase for one chip with server and network, USD.
    pub(crate) fn purchase(&self, terms: &Terms) -> f64 {
        self.bought + self.server_added(terms) + self.network_added(terms)
    }

    /// Power that a room must provide, W, cooling apart: board power + server share at its rating + switches.
    pub(crate) fn rated_power(&self, terms: &Terms) -> f64 {
        self.tdp + server_rated(terms, self.card) + network_power(terms, self.card)
    }

    /// Power at the wall in use, W: PUE × (chip + server share + switches).
    pub(crate) fn wall_power(&self, terms: &Terms) -> f64 {
        let chip = self.power.unwrap_or(terms.get(Term::Load) * self.tdp);
        terms.get(Term::Pue) * (chip + server_power(terms, self.card) + network_power(terms, self.card))
    }

    /// Electricity for an hour in use, USD. Idle hours are not charged.
    pub(crate) fn power_cost(&self, terms: &Terms) -> f64 {
        self.wall_power(terms) / KILO * self.tariff
    }

    /// Space and cooling plant for an hour owned, USD: provisioned power × hosting.
    fn hosting(&self, terms: &Terms) -> f64 {
        self.rated_power(terms) / KILO * terms.get(Term::Hosting)
    }

    /// Hosting and electricity of an hour, USD: what a chip on hand costs, whatever was paid for it.
    pub(crate) fn running(&self, terms: &Terms) -> f64 {
        self.hosting(terms) + self.power_cost(terms)
    }

    /// Cost of a chip-hour in use, USD:
    /// `(purchase × (recovery + maintenance)/8766 + hosting) / utilisation + electricity`.
    pub(crate) fn total(&self, terms: &Terms) -> f64 {
        let owned = self.purchase(terms) * yearly(terms) / YEAR + self.hosting(terms);
        owned / terms.get(Term::Utilisation) + self.power_cost(terms)
    }

    /// Price of the chip alone at which [`Unit::total`] is `target`: the same line solved for the
    /// purchase, less server and network. Negative where even a gift would cost more.
    pub(crate) fn price_for_total(&self, terms: &Terms, target: f64) -> f64 {
        let owned = (target - self.power_cost(terms)) * terms.get(Term::Utilisation);
        let purchase = (owned - self.hosting(terms)) * YEAR / yearly(terms);
        purchase - server_share(terms, self.card) - network_share(terms, self.card)
    }

    /// The parts of [`Unit::total`].
    pub(crate) fn parts(&self, terms: &Terms) -> CostParts {
        let (server, network) = (server_share(terms, self.card), network_share(terms, self.card));
        let purchase = self.purchase(terms);
        let hour = |yearly_usd: f64| UsdPerHour::of(yearly_usd / YEAR / terms.get(Term::Utilisation));
        let line = straight_line(terms);
        CostParts {
            chip: hour((purchase - server - network) * line),
            server: hour(server * line),
            network: hour(network * line),
            capital: hour(purchase * (recovery(terms) - line)),
            power: UsdPerHour::of(self.power_cost(terms)),
            operations: hour(purchase * terms.get(Term::Maintenance) + self.hosting(terms) * YEAR),
        }
    }
}

/// What one dollar bought costs a year: recovery and maintenance.
fn yearly(terms: &Terms) -> f64 {
    recovery(terms) + terms.get(Term::Maintenance)
}

/// A value with the interval that its inputs' ranges make: each input is set to its low and high end
/// alone, and the deviations add as the root of the sum of squares, up and down apart. Inputs that two
/// sides of a comparison share belong in one shift, so that they move both sides together.
pub(crate) fn spread<Q: Quantity, S: Copy>(
    centre: S,
    shifts: &[(S, S)],
    f: impl Fn(S) -> f64,
) -> Estimate<Q> {
    let value = f(centre);
    let (mut down, mut up) = (0.0_f64, 0.0_f64);
    for (a, b) in shifts {
        let (a, b) = (f(*a) - value, f(*b) - value);
        up += a.max(b).max(0.0).powi(2);
        down += a.min(b).min(0.0).powi(2);
    }
    let low = (value - down.sqrt()).max(0.0);
    Estimate::new(Q::of(value), Q::of(low), Q::of(value + up.sqrt()))
}
