//! Why a row is far off, as far as the row itself tells.

use super::{PublishedRow, Work};
use crate::perf::ops::Call;

/// The cause that a row more than twice off is filed under.
pub(super) fn of(row: &PublishedRow, computed: f64) -> &'static str {
    let slower = row.seconds > computed;
    match (&row.work, slower) {
        _ if row.seconds < 20e-6 => {
            "call under 20 us: launch, a clock of 1 us steps, and one block of threads a token outweigh the bytes"
        }
        (Work::Pointwise(_), true) if row.operator == "emb" => {
            "a table split over chips is masked, looked up and masked again, in kernels of their own"
        }
        (Work::Pointwise(_), true) if row.operator == "add" => {
            "a working set near the cache's size, taken for cached"
        }
        (Work::Pointwise(_), true) => {
            "kernels of 2023 that load one element at a time: bound by instructions where memory is fast"
        }
        (Work::Pointwise(_), false) => "operands found in a cache that the size says they exceed",
        (Work::Call(Call::Collective(_)) | Work::Send(_), true) => {
            "few repetitions: rows of nearly the same size differ several times"
        }
        (Work::Send(_), false) => "the sender's clock stops before the receiver has all",
        (Work::Call(Call::AttentionPrefill(_)), true) => {
            "a kernel over a cache of pages of 16 tokens, at a quarter of the peak where current ones reach half"
        }
        _ => "not explained",
    }
}
