//! How many chips of foreign makers there are: stocks, quotas and the grey channel.

use super::calendar::Month;
use super::capacity::place;
use super::environment::Environment;
use super::parameters::Theta;
use crate::rules::{Channel, ChinaState};

/// Units there are in a month by good; those of Chinese vendors are left as they stand.
pub(crate) fn limits(env: &Environment, theta: &Theta, month: Month, cap: &mut [Option<f64>]) {
    for (g, facts) in env.goods.iter().enumerate().filter(|(_, f)| !f.domestic) {
        let at = env.at(month, g);
        let z = if facts.channel == Channel::Grey {
            theta.supply_grey
        } else {
            theta.supply_foreign
        };
        let mut units = env.cap[at].map(|i| place(i, z) * env.supply[at]);
        let by_quota = |p: usize| {
            env.access[env.cell(month, g, p)]
                .iter()
                .any(|s| s.china == ChinaState::Quota && s.part > 0.0)
        };
        if (0..env.points.len()).any(by_quota) {
            units = units.map(|u| u * theta.quota_execution);
        }
        cap[g] = units;
    }
}
