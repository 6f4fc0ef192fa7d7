//! The events: arrivals, steps that end, caches that arrive at the pool that decodes.

use super::fleet::Refusal;
use super::outcome::served;
use super::replica::{Context, Replica};
use super::route::Router;
use super::sequence::Sequence;
use super::{Fleet, Load, Outcome, ReplicaUse, Settings, Trace};
use crate::figure::{Quantity, Seconds};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How far a simulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Requests that have ended.
    pub ended: usize,
    /// Requests of the trace.
    pub all: usize,
}

/// Events between two reports of progress.
const REPORT: u32 = 8192;

/// What happens, in the order in which events of one time are taken; within a kind by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    StepEnds(u32),
    /// A replica that was idle looks at what has come.
    Looks(u32),
    CacheArrives {
        id: u32,
        from: u32,
    },
    /// A request reaches the replicas.
    Reaches(u32),
    Arrives(u32),
}

/// A time as an integer of the same order; times are never negative.
fn key(time: f64) -> u64 {
    time.to_bits()
}

struct Simulation<'a> {
    trace: &'a Trace,
    fleet: &'a Fleet<'a>,
    settings: &'a Settings,
    sequences: Vec<Sequence>,
    replicas: Vec<Replica>,
    /// Replicas of the first pool.
    first: usize,
    routers: [Router; 2],
    events: BinaryHeap<Reverse<(u64, Event)>>,
    /// Replicas that may begin a step.
    woken: Vec<u32>,
    ended: usize,
    in_system: usize,
}

/// Serves a trace; `progress` is told now and then how far it is and stops the simulation with `false`.
///
/// # Errors
/// A fleet that cannot serve at all.
pub fn simulate(
    trace: &Trace,
    fleet: &Fleet<'_>,
    settings: &Settings,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Outcome, Refusal> {
    fleet.check(trace, settings)?;
    let mut s = Simulation::new(trace, fleet, settings);
    let mut arriving = 0;
    let (mut now, mut in_system, mut waiting) = (0.0, 0.0, 0.0);
    let mut taken = 0;
    let mut interrupted = false;
    loop {
        let arrival = trace.requests.get(arriving).map(|r| r.arrival.get());
        let next = s.events.peek().map(|e| f64::from_bits(e.0.0));
        let time = match (arrival, next) {
            (Some(a), Some(n)) => a.min(n),
            (Some(t), None) | (None, Some(t)) => t,
            (None, None) => break,
        };
        in_system += s.in_system as f64 * (time - now);
        waiting += s.replicas.iter().map(Replica::waiting).sum::<usize>() as f64 * (time - now);
        now = time;
        // Everything of this time is taken before any replica begins a step, so that requests that come
        // together are served together.
        while let Some(Reverse((at, event))) = s.events.peek().copied() {
            if at > key(now) {
                break;
            }
            s.events.pop();
            s.take(now, event);
        }
        while trace
            .requests
            .get(arriving)
            .is_some_and(|r| r.arrival.get() <= now)
        {
            s.take(now, Event::Arrives(arriving as u32));
            arriving += 1;
        }
        s.begin(now);
        taken += 1;
        if taken >= REPORT {
            taken = 0;
            let at = Progress {
                ended: s.ended,
                all: trace.requests.len(),
            };
            if !progress(at) {
                interrupted = true;
                break;
            }
        }
    }
    let over = |area: f64| if now > 0.0 { area / now } else { 0.0 };
    Ok(Outcome {
        served: served(trace, &s.sequences),
        replicas: s.uses(now),
        span: Seconds::of(now),
        mean_in_system: over(in_system),
        mean_waiting: over(waiting),
        interrupted,
    })
}

impl<'a> Simulation<'a> {
    fn new(trace: &'a Trace, fleet: &'a Fleet<'a>, settings: &'a Settings) -> Self {
        let mut s = Self {
            trace,
            fleet,
            settings,
            sequences: trace.requests.iter().map(Sequence::of).collect(),
            replicas: Vec::new(),
            first: fleet.pool.replicas as usize,
            routers: Default::default(),
            events: BinaryHeap::new(),
            woken: Vec::new(),
            ended: 0,
            in_system: 0,
        };
        let count = s.first + fleet.decodes.as_ref().map_or(0, |d| d.0.replicas as usize);
        s.replicas = (0..count).map(|i| Replica::new(&s.context(i))).collect();
        s
    }

    fn context(&self, replica: usize) -> Context<'a> {
        let second = self.fleet.decodes.as_ref().filter(|_| replica >= self.first);
        Context {
            trace: self.trace,
            settings: self.settings,
            pool: second.map_or(&self.fleet.pool, |d| &d.0),
            hands_over: second.is_none() && self.fleet.decodes.is_some(),
            // Caches that came from elsewhere have no parts to share.
            keeps_parts: self.settings.prefix_cache && second.is_none(),
        }
    }

    fn take(&mut self, now: f64, event: Event) {
        match event {
            Event::Arrives(id) => self.arrive(now, id),
            Event::Reaches(id) => self.reach(now, id),
            Event::Looks(replica) => {
                self.replicas[replica as usize].busy = false;
                self.woken.push(replica);
            }
            Event::StepEnds(replica) => self.end(now, replica),
            Event::CacheArrives { id, from } => {
                let c = self.context(from as usize);
                let of = &mut self.sequences[id as usize];
                let source = &mut self.replicas[from as usize];
                source.release(id, of.prompt, &c, of);
                source.in_flight -= 1;
                self.woken.push(from);
                self.send(id, 1);
            }
        }
    }

    fn arrive(&mut self, now: f64, id: u32) {
        let request = &self.trace.requests[id as usize];
        let block = u64::from(self.settings.block);
        let prompt = u64::from(request.input).div_ceil(block);
        let whole = (u64::from(request.input) + u64::from(request.output)).div_ceil(block);
        let fits = match &self.fleet.decodes {
            Some((decodes, _)) => prompt <= self.fleet.pool.blocks && whole <= decodes.blocks,
            None => whole <= self.fleet.pool.blocks,
        };
        if !fits {
            self.sequences[id as usize].rejected = true;
            self.ended += 1;
            return;
        }
        self.in_system += 1;
        let outside = self.settings.request.get();
        if outside > 0.0 {
            self.events
                .push(Reverse((key(now + outside), Event::Reaches(id))));
        } else {
            self.reach(now, id);
        }
    }

    fn reach(&mut self, now: f64, id: u32) {
        self.sequences[id as usize].reached = Some(now);
        self.send(id, 0);
    }

    /// Seconds before an idle replica looks at what has come: steps of decoding its first request alone.
    fn unseen(&self, replica: &Replica, c: &Context<'_>) -> Option<f64> {
        let id = replica
            .next()
            .filter(|_| replica.idle && self.fleet.decodes.is_none())?;
        let request = &self.trace.requests[id as usize];
        let load = Load {
            decodes: 1,
            decode_keys: u64::from(request.input) + u64::from(request.output) / 2,
            ..Load::default()
        };
        let seconds = self.settings.wait.get() * c.pool.step.time(&load).get();
        (seconds > 0.0).then_some(seconds)
    }

    /// Sends a request to a replica of a pool.
    fn send(&mut self, id: u32, pool: usize) {
        let from = if pool == 0 { 0 } else { self.first };
        let to = if pool == 0 {
            self.first
        } else {
            self.replicas.len()
        };
        let c = self.context(from);
        let chosen =
            from + self.routers[pool].choose(self.settings.routing, id, &self.replicas[from..to], &c);
        let of = &mut self.sequences[id as usize];
        of.replica = chosen as u32;
        of.handed = pool == 1;
        self.replicas[chosen].enqueue(id, &self.sequences);
        self.woken.push(chosen as u32);
    }

    fn end(&mut self, now: f64, replica: u32) {
        let c = self.context(replica as usize);
        let mut gone = Vec::new();
        let r = &mut self.replicas[replica as usize];
        r.end(now, &c, &mut self.sequences, &mut gone);
        for id in gone {
            let of = &self.sequences[id as usize];
            if of.finished.is_some() {
                self.ended += 1;
                self.in_system -= 1;
            } else if let Some((_, transfer)) = &self.fleet.decodes {
                let bytes = f64::from(of.prompt) * self.settings.token.get();
                r.link_free = r.link_free.max(now) + bytes / transfer.rate.get();
                let there = r.link_free + transfer.latency.get();
                let event = Event::CacheArrives { id, from: replica };
                self.events.push(Reverse((key(there), event)));
            }
        }
        self.woken.push(replica);
    }

    /// Lets every idle replica that something happened to begin a step.
    fn begin(&mut self, now: f64) {
        let mut woken = std::mem::take(&mut self.woken);
        for replica in woken.drain(..) {
            let c = self.context(replica as usize);
            let r = &self.replicas[replica as usize];
            if r.busy {
                continue;
            }
            let unseen = self.unseen(r, &c);
            let r = &mut self.replicas[replica as usize];
            if let Some(seconds) = unseen {
                (r.idle, r.busy) = (false, true);
                let looks = Event::Looks(replica);
                self.events.push(Reverse((key(now + seconds), looks)));
                continue;
            }
            if let Some(seconds) = r.begin(now, &c, &mut self.sequences) {
                let ends = Event::StepEnds(replica);
                self.events.push(Reverse((key(now + seconds), ends)));
            } else {
                r.idle = true;
            }
        }
        self.woken = woken;
    }

    fn uses(&self, span: f64) -> Vec<ReplicaUse> {
        let over = |x: f64, y: f64| if y > 0.0 { x / y } else { 0.0 };
        let of = |(i, r): (usize, &Replica)| {
            let c = self.context(i);
            let (t, total) = (&r.tally, r.blocks.total() as f64);
            ReplicaUse {
                role: match (i < self.first, c.hands_over) {
                    (true, false) => "prompts_and_decodes",
                    (true, true) => "prompts",
                    (false, _) => "decodes",
                },
                steps: t.steps,
                busy: over(t.busy, span),
                finished: t.finished,
                prompt_tokens: t.prompt_tokens,
                found_tokens: t.found_tokens,
                output_tokens: t.output_tokens,
                mean_step: t.loads.mean(t.steps),
                batch: over(t.decode_seconds, t.busy),
                cache_mean: over(t.block_seconds, t.busy * total),
                cache_most: t.most_blocks as f64 / total,
                preemptions: t.preemptions,
            }
        };
        self.replicas.iter().enumerate().map(of).collect()
    }
}
