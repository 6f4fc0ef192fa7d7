//! Why a row is far off, as far as the row itself tells.

use super::{PublishedRow, Work};
use crate::perf::ops::Call;

/// The cause that a row more than twice off is filed under.
pub(super) fn of(row: &PublishedRow, computed: f64) -> &'static str {
    let slower = row.seconds > computed;
    match (&row.work, slower) {
        _ if row.seconds < 20e-6 => {
            "call under 20 us: launch, and a clock that counts in steps of 1 us, outweigh the work"
        }
        (Work::Pointwise(_), true) => {
            "plain framework kernels: several passes or launches where one fused pass is counted"
        }
        (Work::Pointwise(_), false) => "operands found in a cache that the size says they exceed",
        (Work::Call(Call::Collective(_)) | Work::Send(_), true) => {
            "a link shared with others, or its protocol changing where the message grows"
        }
        (Work::Call(Call::AttentionDecode(_)), _) => {
            "an older attention kernel: heads that share keys are not read together"
        }
        (Work::Call(Call::AttentionPrefill(_)), _) => "an older attention kernel over a paged cache",
        _ => "not explained",
    }
}
