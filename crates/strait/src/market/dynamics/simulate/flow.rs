//! A grey channel through which a scenario lets so many units a month to the mainland, whatever it could carry.
//!
//! Sites abroad take nothing of it: what a channel into China carries is not for them.
//! Where those who use the channel want more at its lowest price, the price clears at that number; where they want fewer,
//! the channel is opened to further buyers, the same part of each kind who are left out, until they take it or all may buy.

use super::super::calendar::Month;
use super::super::environment::Flow;
use super::Simulation;
use crate::rules::Site;

/// Tries at the part of further buyers.
const TRIES: usize = 20;
/// A flow is taken whole when further buyers take no more than this part of it beyond.
const CLOSE: f64 = 2e-4;

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
        for (g, p) in flow
            .goods
            .iter()
            .flat_map(|g| (0..self.out.points).map(move |p| (*g, p)))
        {
            if env.points[p].site == Site::Offshore {
                self.may[g * self.out.points + p] = 0.0;
            }
        }
        let before = self.may.clone();
        let least = self.taken(&flow.goods);
        if least < flow.units {
            self.open_to(month, &flow.goods, &before, 1.0);
            let most = self.taken(&flow.goods);
            if most > flow.units {
                self.open_until(month, flow, &before, (least, most));
            }
        }
        let taken = self.taken(&flow.goods);
        self.out.not_taken[month.0] += (flow.units - taken).max(0.0);
        let part = if taken > flow.units {
            flow.units / taken
        } else {
            1.0
        };
        for &g in &flow.goods {
            self.cap[g] = env.bounded(month, g, Some(self.wanted_of(g) * part));
        }
    }

    /// Opens goods to the part of further buyers with whom a flow is taken whole, which lies between none of them and all.
    ///
    /// By false position, the end that stays weighed by half each time (the Illinois method): units rise all but linearly.
    fn open_until(&mut self, month: Month, flow: &Flow, before: &[f64], (least, most): (f64, f64)) {
        let (mut low, mut high) = ((0.0, least - flow.units), (1.0, most - flow.units));
        let mut last = 0.0_f64;
        for _try in 0..TRIES {
            let part = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
            self.open_to(month, &flow.goods, before, part);
            let over = self.taken(&flow.goods) - flow.units;
            if over >= 0.0 && over <= CLOSE * flow.units {
                return;
            }
            if over < 0.0 {
                low = (part, over);
                high.1 *= if last < 0.0 { 0.5 } else { 1.0 };
            } else {
                high = (part, over);
                low.1 *= if last > 0.0 { 0.5 } else { 1.0 };
            }
            last = over;
        }
        self.open_to(month, &flow.goods, before, high.0);
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
