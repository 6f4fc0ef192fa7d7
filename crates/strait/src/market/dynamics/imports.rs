//! How many chips of foreign makers there are: stocks, quotas, packaging lines and the grey channel.

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

/// Limits what each foreign maker sells directly to what its packaging lines could have made, and says whether that is
/// less than `units` (by good and point): a package of one good takes its part of the line from all others, and where
/// there are too few all goods of the maker shrink alike.
pub(crate) fn packaging(
    env: &Environment,
    theta: &Theta,
    month: Month,
    units: &[f64],
    cap: &mut [Option<f64>],
) -> bool {
    let points = env.points.len();
    // Part of the maker's lines that a good takes.
    let mut part: Vec<(usize, f64, f64)> = Vec::new();
    for (g, _) in env
        .goods
        .iter()
        .enumerate()
        .filter(|(_, f)| f.is_foreign_direct())
    {
        let Some(all) = env.packages[env.at(month, g)].map(|i| place(i, theta.supply_packaging)) else {
            continue;
        };
        let sold: f64 = units[g * points..(g + 1) * points].iter().sum();
        if sold > 0.0 {
            part.push((g, sold, sold / all));
        }
    }
    let mut tight = false;
    for &(g, sold, _) in &part {
        let maker = &env.goods[g].vendor;
        let used: f64 = part
            .iter()
            .filter(|p| env.goods[p.0].vendor == *maker)
            .map(|p| p.2)
            .sum();
        tight |= used > 1.0;
        let room = sold / used;
        cap[g] = Some(cap[g].map_or(room, |c| c.min(room)));
    }
    tight
}
