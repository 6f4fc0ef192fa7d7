//! What first tokens wait for in a closed loop of users, replayed step by step.
//!
//! A user sends its next request when its last one ends, and requests end only where steps do. Where lengths are
//! alike, requests whose prompts were computed one after the other end one after the other too: in every round, the
//! steps that a new request waits for hold the prompts of those before it. Lengths drawn apart break the chain after
//! some rounds. Which step computes which prompt does not depend on how long steps take: a replay counts steps and
//! prompts, and an engine's parameters make seconds of them.

use super::{Client, Demand, Intake};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Steps between a request's coming and the first look at it that are replayed; between them waits are interpolated.
const DELAYS: usize = 5;
/// Replays of drawn lengths, of which the mean counts.
const DRAWS: u64 = 4;
/// Tokens of a step that are left to prompts however many sequences decode.
const ROOM: f64 = 256.0;

/// What a first token waits for, mean over all requests.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Wait {
    /// Steps from its coming to its first token, those of its own prompt among them.
    pub steps: f64,
    /// Prompts that are computed in these steps, its own among them.
    pub prompts: f64,
}

/// What first tokens wait for, by the steps that a new request waits before its engine looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Waits([Wait; DELAYS]);

impl Waits {
    /// Replays a load generator's rounds on one attention replica of `sequences` users.
    #[must_use]
    pub fn of(demand: &Demand, sequences: f64, client: &Client, intake: &Intake) -> Self {
        let rounds = Rounds {
            users: whole(sequences).max(1),
            demand,
            client,
            intake,
        };
        let draws = if client.lengths < 1.0 { DRAWS } else { 1 };
        let mut waits = Self::default();
        for (delay, wait) in waits.0.iter_mut().enumerate() {
            for draw in 0..draws {
                let one = rounds.replay(delay as u64, draw);
                #[allow(clippy::cast_precision_loss)]
                let share = 1.0 / draws as f64;
                wait.steps += one.steps * share;
                wait.prompts += one.prompts * share;
            }
        }
        waits
    }

    /// The wait at so many steps before the first look.
    #[must_use]
    pub fn at(&self, delay: f64) -> Wait {
        #[allow(clippy::cast_precision_loss)]
        let delay = delay.clamp(0.0, (DELAYS - 1) as f64);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let below = (delay as usize).min(DELAYS - 2);
        #[allow(clippy::cast_precision_loss)]
        let share = delay - below as f64;
        let (a, b) = (self.0[below], self.0[below + 1]);
        Wait {
            steps: a.steps + share * (b.steps - a.steps),
            prompts: a.prompts + share * (b.prompts - a.prompts),
        }
    }
}

/// A request whose prompt is not yet computed.
struct Waiting {
    /// Step at whose beginning it came.
    came: u64,
    /// Prompts computed until then.
    before: f64,
    /// Tokens of its prompt that are left.
    left: f64,
    /// Steps that make its answer.
    answer: u64,
}

struct Rounds<'a> {
    users: u64,
    demand: &'a Demand,
    client: &'a Client,
    intake: &'a Intake,
}

impl Rounds<'_> {
    /// The `number`th request, whose lengths are drawn evenly between the named ones and as far below their mean.
    fn request(&self, number: u64, draw: u64, came: u64, before: f64) -> Waiting {
        let spread = (1.0 - self.client.lengths) / self.client.lengths;
        let length = |which: u64| 1.0 + spread * (2.0 * even(2 * number + which, draw) - 1.0);
        let fresh = self.demand.input * (1.0 - self.demand.cached);
        let steps = self.demand.output / (1.0 + self.demand.accepted);
        Waiting {
            came,
            before,
            left: fresh * length(0),
            answer: whole(steps * length(1)).max(2),
        }
    }

    /// All users' rounds from the first request to the last first token.
    fn replay(&self, delay: u64, draw: u64) -> Wait {
        let total = self.users * whole(self.client.rounds.clamp(1.0, 64.0));
        let fresh = self.demand.input * (1.0 - self.demand.cached);
        let (poll, hold) = (whole(self.intake.poll).max(1), whole(self.intake.hold));
        let mut sent = self.users.min(total);
        let mut queue: VecDeque<Waiting> = (0..sent).map(|n| self.request(n, draw, 0, 0.0)).collect();
        // Requests on their way with the step that first sees them, and the last steps of those that decode.
        let mut coming: VecDeque<(u64, Waiting)> = VecDeque::new();
        let mut decoding: BinaryHeap<Reverse<u64>> = BinaryHeap::new();
        let mut held: Option<u64> = None;
        let (mut step, mut computed, mut begun) = (0u64, 0.0, 0u64);
        let mut sum = Wait::default();
        while begun < total {
            if queue.is_empty() {
                let seen = coming.front().map(|(at, _)| *at);
                let ends = decoding.peek().map(|Reverse(at)| *at);
                let Some(next) = seen.into_iter().chain(ends).min() else {
                    break;
                };
                step = step.max(next);
            }
            while let Some((_, request)) = coming.pop_front_if(|(at, _)| *at <= step) {
                queue.push_back(request);
            }
            #[allow(clippy::cast_precision_loss)]
            let mut room = (self.intake.tokens - decoding.len() as f64).max(ROOM);
            let mut ended = 0;
            if !self.holds(&queue, &mut held, step, hold, decoding.is_empty()) {
                let mut begins = Vec::new();
                while let Some(first) = queue.front_mut() {
                    let taken = if first.left <= room || self.intake.chunked {
                        first.left.min(room)
                    } else if begins.is_empty() {
                        // A prompt longer than a step is split whatever the setting.
                        first.left.min(room.max(self.intake.tokens))
                    } else {
                        0.0
                    };
                    first.left -= taken;
                    room -= taken;
                    computed += taken / fresh;
                    if first.left > 0.0 {
                        break;
                    }
                    begins.extend(queue.pop_front());
                    if room <= 0.0 {
                        break;
                    }
                }
                #[allow(clippy::cast_precision_loss)]
                for request in begins {
                    sum.steps += (step + 1 - request.came) as f64;
                    sum.prompts += computed - request.before;
                    begun += 1;
                    decoding.push(Reverse(step + request.answer - 1));
                }
            }
            while decoding.peek().is_some_and(|Reverse(at)| *at <= step) {
                decoding.pop();
                ended += 1;
            }
            for _ in 0..ended {
                if sent < total {
                    let seen = (step + 1 + delay).div_ceil(poll) * poll;
                    coming.push_back((seen, self.request(sent, draw, step + 1, computed)));
                    sent += 1;
                }
            }
            step += 1;
        }
        #[allow(clippy::cast_precision_loss)]
        let requests = begun.max(1) as f64;
        Wait {
            steps: sum.steps / requests,
            prompts: sum.prompts / requests,
        }
    }

    /// Whether prompts are held back in a step, and since when.
    fn holds(
        &self,
        queue: &VecDeque<Waiting>,
        held: &mut Option<u64>,
        step: u64,
        hold: u64,
        idle: bool,
    ) -> bool {
        if hold == 0 || idle || queue.is_empty() {
            *held = None;
            return false;
        }
        let since = *held.get_or_insert(step);
        let tokens: f64 = queue.iter().map(|w| w.left).sum();
        let holds = tokens < self.intake.full * self.intake.tokens && step - since < hold;
        if !holds {
            *held = None;
        }
        holds
    }
}

/// A number drawn evenly from 0 to 1, the same on every machine (splitmix64: Steele, Lea and Flood 2014).
fn even(number: u64, draw: u64) -> f64 {
    let mut x = number
        .wrapping_add(draw.wrapping_mul(1_000_003))
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    #[allow(clippy::cast_precision_loss)]
    let high = ((x ^ (x >> 31)) >> 11) as f64;
    high / 9_007_199_254_740_992.0
}

fn whole(x: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    {
        x.round().max(0.0) as u64
    }
}
