//! What the operators of a step move, and what a chip draws for it.

use super::explain::least;
use super::floor::held;
use super::{Demand, Item, Operating, Part, Replica, Software, StepBatch, StepModel, Steps, Work};
use crate::figure::{Quantity, Ratio};
use crate::perf::energy::{Activity, Moved};
use crate::perf::ops::{Call, Device, resident};

/// What one run of an operator moves. Bytes that a cache holds are not moved by memory.
fn moved(item: &Item, d: &Device) -> Moved {
    let over = |chips: f64, passes: f64, bytes: f64| Moved {
        links: passes * (chips - 1.0) / chips * bytes / d.link,
        ..Moved::default()
    };
    match &item.work {
        Work::Pointwise(p) => Moved {
            memory: (p.cold + p.warm * (1.0 - resident(p.warm, d.cache, 1.0))) / d.memory,
            ..Moved::default()
        },
        Work::Call(Call::Collective(c)) => over(c.chips, c.kind.passes(), c.bytes),
        Work::Call(Call::CustomAllReduce(c)) => over(c.chips, 2.0, c.bytes),
        Work::Call(Call::GroupedGemm(_)) => Moved {
            arithmetic: least(item, d).0,
            memory: held(item, d),
            links: 0.0,
        },
        Work::Call(_) | Work::Linear(_) => {
            let (arithmetic, memory) = least(item, d);
            Moved {
                arithmetic,
                memory,
                links: 0.0,
            }
        }
    }
}

impl StepModel<'_> {
    /// What a chip draws of its power above idle, mean over a step. While it waits for its host it draws nothing of it.
    #[must_use]
    pub fn drawn(&self, batch: &StepBatch, software: &Software, activity: &Activity) -> Ratio {
        let mut seconds = software.waited(&self.step(batch), batch.prompts + batch.decodes);
        let mut drawn = 0.0;
        self.each(batch, &mut |item, work, launch| {
            let links = if item.part == Part::Communication {
                software.links
            } else {
                1.0
            };
            let time = links * work + software.captured * launch;
            seconds += item.count * time;
            drawn += item.count * activity.drawn(time, &moved(item, self.device()));
        });
        Ratio::of(drawn / seconds)
    }
}

impl Replica<'_> {
    /// What a chip draws of its power above idle with so many users, mean over time: that of prompts and of steps by
    /// their time, as much of the time as there is a request for the chip to work at. With fewer users than stages
    /// or attention replicas the others wait.
    #[must_use]
    pub fn drawn(&self, activity: &Activity, demand: &Demand, users: f64) -> Ratio {
        let steps = Steps::of(&self.steps, demand, users);
        let of = |batch: &StepBatch| self.steps.drawn(batch, &self.software, activity).get();
        let (first, further) = (of(&steps.prompt_batch()), of(&steps.decode_batch()));
        let prompts = self.spent(demand, users).prompts;
        let work = prompts * first + (1.0 - prompts) * further;
        let operating = self.at(demand, users);
        Ratio::of(self.occupied(activity, work, demand, &operating))
    }

    /// The same of decoding alone, where prompts have replicas of their own.
    #[must_use]
    pub fn drawn_decoding(&self, activity: &Activity, steps: &Steps, users: f64) -> Ratio {
        let work = self
            .steps
            .drawn(&steps.decode_batch(), &self.software, activity)
            .get();
        Ratio::of(self.share(activity, work, users))
    }

    fn occupied(&self, activity: &Activity, work: f64, demand: &Demand, way: &Operating) -> f64 {
        // A request that is outside the replica gives it nothing to do.
        let life = way.ttft + (demand.output - 1.0).max(0.0) * way.tpot;
        let inside = 1.0 - (self.software.request * 1e-3 / life).min(1.0);
        self.share(activity, work, way.users * inside)
    }

    /// A chip's part of what those at work draw, of so many users inside.
    fn share(&self, activity: &Activity, work: f64, users: f64) -> f64 {
        let spread = self.steps.spread();
        let stages = (users / f64::from(spread.pipeline)).min(1.0);
        let replicas = (users / f64::from(spread.pipeline) / f64::from(spread.data)).min(1.0);
        // Attention replicas that share experts keep step: those without a request run empty ones.
        let empty = if spread.experts > 1 && self.steps.model.experts.is_some() {
            (stages - replicas) * activity.running()
        } else {
            0.0
        };
        replicas * work + empty
    }
}
