//! A chip at one end of what is disputed about it.

use crate::catalog::Chip;
use crate::figure::{Figure, Quantity};

/// Which end of a disputed figure is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Low,
    High,
}

fn settle<Q: Quantity>(figure: &mut Option<Figure<Q>>, end: End) -> bool {
    figure.as_mut().is_some_and(|figure| settle_one(figure, end))
}

/// Moves a figure to its end; whether that changed it.
fn settle_one<Q: Quantity>(figure: &mut Figure<Q>, end: End) -> bool {
    let estimate = figure.estimate();
    let taken = match end {
        End::Low => estimate.low,
        End::High => estimate.high,
    };
    let moved = taken.get() != figure.value.get();
    figure.value = taken;
    figure.alternatives.clear();
    moved
}

/// The chip with every disputed rate and capacity at that end; none where nothing moves.
///
/// More of each makes a chip faster, so that the two ends bound what the disputes leave open.
pub(crate) fn at_end(chip: &Chip, end: End) -> Option<Chip> {
    let mut other = chip.clone();
    let mut moved = [
        settle(&mut other.memory.bandwidth, end),
        settle(&mut other.memory.capacity, end),
        settle(&mut other.io.scale_up_bidirectional, end),
        settle(&mut other.io.host_bidirectional, end),
        settle(&mut other.io.scale_out, end),
        settle(&mut other.last_level_cache, end),
        settle(&mut other.micro.cores, end),
        settle(&mut other.micro.boost_clock, end),
    ]
    .contains(&true);
    for peak in &mut other.peaks {
        moved |= settle_one(&mut peak.rate, end);
    }
    moved.then_some(other)
}
