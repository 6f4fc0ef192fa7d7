//! A grey channel through which a scenario lets so many units a month, whatever it could carry.
//!
//! Where those who use the channel want more at its lowest price, the price clears at that number; where they want fewer,
//! the channel is opened to further buyers, the same part of each kind who are left out, until they take it or all may buy.

use super::super::calendar::Month;
use super::super::environment::Flow;
use super::Simulation;
use crate::rules::Site;

/// Halvings of the part of further buyers: to a thousandth of those left out.
const HALVINGS: usize = 10;

impl Simulation<'_> {
    pub(super) fn let_through(&mut self, month: Month) {
        let env = self.env;
        let held = |f: &&Flow| f.months.0 <= month && month <= f.months.1;
        for flow in env.flows.iter().filter(held) {
            self.let_flow(month, flow);
        }
    }

    fn let_flow(&mut self, month: Month, flow: &Flow) {
        let env = self.env;
        for &g in &flow.goods {
            self.cap[g] = None;
        }
        let before = self.may.clone();
        if self.taken(&flow.goods) < flow.units {
            let (mut least, mut most) = (0.0, 1.0);
            self.open_to(month, &flow.goods, &before, most);
            if self.taken(&flow.goods) > flow.units {
                for _halving in 0..HALVINGS {
                    let part = (least + most) / 2.0;
                    self.open_to(month, &flow.goods, &before, part);
                    if self.taken(&flow.goods) < flow.units {
                        least = part;
                    } else {
                        most = part;
                    }
                }
                self.open_to(month, &flow.goods, &before, most);
            }
        }
        let taken = self.taken(&flow.goods);
        let part = if taken > flow.units {
            flow.units / taken
        } else {
            1.0
        };
        for &g in &flow.goods {
            self.cap[g] = env.bounded(month, g, Some(self.wanted_of(g) * part));
        }
    }

    fn wanted_of(&self, good: usize) -> f64 {
        let row = good * self.out.points;
        self.solution.units[row..row + self.out.points].iter().sum()
    }

    /// Units of goods that buyers take as things stand.
    fn taken(&mut self, goods: &[usize]) -> f64 {
        self.solve();
        goods.iter().map(|g| self.wanted_of(*g)).sum()
    }

    /// Opens goods to a part of the mainland's buyers that are left out; who may buy directly is left out of nothing.
    fn open_to(&mut self, month: Month, goods: &[usize], before: &[f64], part: f64) {
        let (env, points) = (self.env, self.out.points);
        for &g in goods.iter().filter(|g| env.on_sale(month, **g)) {
            let direct = env.goods[g].detour_of;
            for p in (0..points).filter(|p| env.points[*p].site == Site::Mainland) {
                let cell = g * points + p;
                let open = direct.map_or(0.0, |d| before[d * points + p]);
                self.may[cell] = before[cell] + part * (1.0 - open - before[cell]).max(0.0);
            }
        }
    }
}
