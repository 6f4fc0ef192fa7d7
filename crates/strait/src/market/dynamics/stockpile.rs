//! What buyers buy ahead for fear of a cut-off, and draw on when the good is gone.

use super::environment::Environment;
use super::parameters::Theta;
use crate::rules::Site;

/// Months a stock is built up over.
const BUILD: f64 = 3.0;
/// Part of a month's budget that stock in hand can replace at most.
const REPLACED: f64 = 0.9;
/// A good that fewer may have than this counts as lost.
pub(crate) const OPEN: f64 = 0.5;

/// Units in hand, what one of them cost, and the use they are reckoned from, by good and point.
#[derive(Debug, Clone)]
pub(crate) struct Stockpile {
    units: Vec<f64>,
    /// Mean price that was paid for those in hand, US dollars.
    cost: Vec<f64>,
    habit: Vec<f64>,
}

impl Stockpile {
    pub(crate) fn new(cells: usize) -> Self {
        Self {
            units: vec![0.0; cells],
            cost: vec![0.0; cells],
            habit: vec![0.0; cells],
        }
    }

    /// Units in hand.
    pub(crate) fn at(&self, cell: usize) -> f64 {
        self.units[cell]
    }

    /// Buyers who lost a good draw on what they bought ahead, which takes its worth out of this month's money; says what
    /// it is worth, US dollars. It is worth what was paid for it: a levy of today is not paid on what was bought before.
    pub(crate) fn draw(&mut self, env: &Environment, may: &[f64], money: &mut [f64]) -> f64 {
        let (goods, points) = (env.goods.len(), env.points.len());
        let mut all = 0.0;
        for (p, money) in money.iter_mut().enumerate() {
            let limit = *money * REPLACED;
            let mut taken = 0.0;
            for g in 0..goods {
                let cell = g * points + p;
                let price = self.cost[cell];
                if self.units[cell] <= 0.0 || price <= 0.0 || may[cell] > OPEN {
                    continue;
                }
                let need = self.habit[cell] * (1.0 - may[cell]).max(0.0);
                let drawn = need.min(self.units[cell]).min((limit - taken).max(0.0) / price);
                self.units[cell] -= drawn;
                taken += drawn * price;
            }
            *money -= taken;
            all += taken;
        }
        all
    }

    /// Buys a good ahead at the price `paid` where a cut-off is feared, within the room that supply leaves; `used` and the
    /// answer are units by point.
    pub(crate) fn build(
        &mut self,
        env: &Environment,
        theta: &Theta,
        (good, chance, room, paid): (usize, f64, f64, f64),
        used: &[f64],
        may: &[f64],
    ) -> Vec<f64> {
        let points = env.points.len();
        let mut ahead = vec![0.0; points];
        let wanted: f64 = used.iter().sum();
        if env.goods[good].is_foreign_direct() && wanted > 0.0 {
            for (p, point) in env.points.iter().enumerate() {
                let cell = good * points + p;
                if point.site == Site::Mainland && may[p] > OPEN {
                    let aim = theta.prebuying * chance * used[p] * 12.0;
                    ahead[p] = ((aim - self.units[cell]) / BUILD).max(0.0);
                }
            }
            let all: f64 = ahead.iter().sum();
            if all > room {
                ahead.iter_mut().for_each(|a| *a *= room / all);
            }
        }
        for p in 0..points {
            let cell = good * points + p;
            if ahead[p] > 0.0 {
                let all = self.units[cell] + ahead[p];
                self.cost[cell] += (paid - self.cost[cell]) * ahead[p] / all;
            }
            self.units[cell] += ahead[p];
            if may[p] > OPEN {
                self.habit[cell] = used[p];
            }
        }
        ahead
    }
}
