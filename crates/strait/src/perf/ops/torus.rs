//! Groups on a torus: which block of it they lie on, and how long exchanges take there.
//!
//! A chip has two links along each axis, so that a link is `1 / (2 axes)` of its aggregate rate. Along an axis whose ends
//! meet, data goes round both ways and uses both; along one whose ends do not, the middle link carries half of it.
//! Gathers and scatters go axis by axis, shrinking in between, all axes at once with a part of the buffer each, or one axis
//! after another (Chan et al. 2007, "Collective communication: theory, practice, and experience", section 5; Austin et al.
//! 2025, "How to scale your model", section 3). An exchange of all with all is bound by the links that cut the block in two:
//! with shortest routes along each axis in turn, a link of an axis of m chips whose ends meet carries
//! `floor(m^2 / 4) / 2m` of a chip's buffer, m / 8 where m is even, and twice that where they do not (Dally and Towles
//! 2004, section 3.3).

use crate::catalog::Torus;

/// One axis of a block.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    /// Members of the group along it.
    members: f64,
    /// Whether its ends meet.
    closed: bool,
    /// Share of a chip's aggregate rate that one direction of its link has for this group; groups that lie between each
    /// other's members share links.
    link: f64,
}

impl Axis {
    /// Seconds of gathering a buffer of one second at the aggregate rate, along this axis alone.
    fn gather(&self) -> f64 {
        let ways = if self.closed { 2.0 } else { 1.0 };
        (self.members - 1.0) / self.members / (ways * self.link)
    }
}

/// Seconds on the wire of a buffer that takes a second at the aggregate rate, and steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OnWire {
    pub(super) seconds: f64,
    pub(super) steps: f64,
    /// Whether every axis is busy all the time.
    pub(super) together: bool,
}

/// The block of a torus that a group lies on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slice {
    axes: [Axis; 3],
}

impl Slice {
    /// The block of a group of `chips`, every `stride`-th of a block of `chips x stride`.
    pub(super) fn of(torus: &Torus, chips: f64, stride: f64) -> Self {
        let link = 0.5 / f64::from(torus.axes);
        let none = Axis {
            members: 1.0,
            closed: false,
            link,
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (group, mut inner) = (chips.round() as u64, stride.round().max(1.0) as u64);
        // Where no block has so many chips, one ring winds through those there are.
        let ring = Self {
            axes: [
                Axis {
                    members: chips,
                    closed: true,
                    link: link / stride,
                },
                none,
                none,
            ],
        };
        let Some((shape, closed)) = shape(torus, group * inner) else {
            return ring;
        };
        let mut axes = [none; 3];
        for (axis, (extent, closed)) in axes.iter_mut().zip(shape.into_iter().zip(closed)) {
            // The chips between two members lie along the first axes.
            let between = common(extent, inner);
            inner /= between;
            *axis = Axis {
                members: (extent / between) as f64,
                closed,
                link: link / between as f64,
            };
        }
        if inner > 1 { ring } else { Self { axes } }
    }

    /// Axes with more than one member.
    pub(super) fn active(&self) -> f64 {
        self.busy().count().max(1) as f64
    }

    fn busy(&self) -> impl Iterator<Item = &Axis> {
        self.axes.iter().filter(|axis| axis.members > 1.0)
    }

    /// Gathering a buffer, or scattering the sums of one: axes one after another in the better order, or all at once.
    pub(super) fn gather(&self) -> OnWire {
        let mut held = [self.axes[0]; 3];
        let mut count = 0;
        for axis in self.busy() {
            held[count] = *axis;
            count += 1;
        }
        let busy = &held[..count];
        let mut best = self.in_turn(busy);
        if count > 1 {
            let together = Self::together(busy);
            if together.seconds < best.seconds {
                best = together;
            }
        }
        best
    }

    /// The whole buffer along the axis that carries it fastest, what is left of it along the next.
    fn in_turn(&self, busy: &[Axis]) -> OnWire {
        let mut sorted = [self.axes[0]; 3];
        let sorted = &mut sorted[..busy.len()];
        sorted.copy_from_slice(busy);
        // Exchanging two neighbours shows that the order by rate is the best one.
        let rate = |axis: &Axis| if axis.closed { 2.0 * axis.link } else { axis.link };
        sorted.sort_by(|a, b| rate(b).total_cmp(&rate(a)));
        let (mut left, mut seconds, mut steps) = (1.0, 0.0, 0.0);
        for axis in sorted.iter() {
            seconds += left * axis.gather();
            steps += axis.members - 1.0;
            left /= axis.members;
        }
        OnWire {
            seconds,
            steps,
            together: false,
        }
    }

    /// As many parts as axes, each beginning on another axis.
    fn together(busy: &[Axis]) -> OnWire {
        let parts = busy.len();
        let mut left = [1.0; 3];
        let (mut seconds, mut steps) = (0.0, 0.0);
        for phase in 0..parts {
            let (mut longest, mut most) = (0.0_f64, 0.0_f64);
            for (part, left) in left.iter_mut().enumerate().take(parts) {
                let axis = &busy[(part + phase) % parts];
                longest = longest.max(*left * axis.gather());
                most = most.max(axis.members - 1.0);
                *left /= axis.members;
            }
            seconds += longest / parts as f64;
            steps += most;
        }
        OnWire {
            seconds,
            steps,
            together: true,
        }
    }

    /// An exchange of all with all.
    pub(super) fn exchange(&self) -> OnWire {
        let (mut seconds, mut steps) = (0.0_f64, 0.0);
        for axis in self.busy() {
            let m = axis.members;
            let (pairs, ways) = ((m * m / 4.0).floor(), if axis.closed { 2.0 } else { 1.0 });
            seconds = seconds.max(pairs / (ways * m * axis.link));
            steps += if axis.closed { (m / 2.0).floor() } else { m - 1.0 };
        }
        OnWire {
            seconds,
            steps,
            together: true,
        }
    }
}

/// Extents of the block of so many chips with the fewest steps, and which of its axes close; cubes whole where they can be.
fn shape(torus: &Torus, chips: u64) -> Option<([u64; 3], [bool; 3])> {
    let bounds = torus.extents.map(u64::from);
    let whole = |extents: &[u64; 3]| {
        torus.cube.is_some_and(|edge| {
            let axes = extents.iter().take(usize::from(torus.axes));
            axes.clone().all(|extent| extent % u64::from(edge) == 0)
        })
    };
    let mut best: Option<((bool, u64), [u64; 3])> = None;
    let mut short = 1;
    while short * short * short <= chips && short <= bounds[2] {
        if chips.is_multiple_of(short) {
            let face = chips / short;
            let mut middle = short;
            while middle * middle <= face && middle <= bounds[1] {
                let long = face / middle;
                if face.is_multiple_of(middle) && long <= bounds[0] {
                    let extents = [long, middle, short];
                    let rank = (!whole(&extents), long + middle + short);
                    if best.is_none_or(|(known, _)| rank < known) {
                        best = Some((rank, extents));
                    }
                }
                middle += 1;
            }
        }
        short += 1;
    }
    let (_, extents) = best?;
    let mut closed = [false; 3];
    for ((closed, extent), bound) in closed.iter_mut().zip(extents).zip(bounds) {
        *closed = match torus.cube {
            Some(_) => whole(&extents),
            None => extent == bound && extent > 1,
        };
    }
    Some((extents, closed))
}

/// Greatest common divisor.
fn common(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common(b, a % b) }
}
