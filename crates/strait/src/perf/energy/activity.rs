//! A chip's power by what its time is spent on.

use crate::perf::LimitShares;
use crate::perf::family::System;

/// Share of board power: idle power, and of the rest what each activity takes by its share of the time. Time
/// spent on launches and the host leaves the chip idle.
///
/// Form: linear in utilisation, as Fan, Weber and Barroso (ISCA 2007) found of servers, one slope an activity.
pub(crate) fn share_of_board_power(shares: &LimitShares, s: &System) -> f64 {
    let busy = shares.compute * s.compute_power
        + shares.memory_bandwidth * s.memory_power
        + shares.network * s.network_power;
    s.idle_power + (1.0 - s.idle_power) * busy
}
