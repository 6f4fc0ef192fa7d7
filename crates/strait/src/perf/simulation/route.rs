//! Which replica a request goes to.

use super::replica::{Context, Replica};
use serde::Serialize;

/// How requests find a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// Each in turn.
    RoundRobin,
    /// The one with the fewest requests in flight; of equals the one with the fewest prompt tokens to compute.
    LeastLoaded,
    /// The one with the fewest prompt tokens to compute, those it would find in its cache not counted, among
    /// those that are not far busier than the idlest (as Mooncake's and SGLang's routers weigh them).
    PrefixAware,
}

/// How much busier a replica may be and still be chosen for what it holds.
const BUSIER: (f64, u32) = (1.5, 32);

/// The state of routing to one pool.
#[derive(Debug, Default)]
pub(super) struct Router {
    turn: usize,
}

impl Router {
    /// The replica for a request, counted within the pool.
    pub(super) fn choose(
        &mut self,
        routing: Routing,
        id: u32,
        replicas: &[Replica],
        c: &Context<'_>,
    ) -> usize {
        let best = |key: &dyn Fn(&Replica) -> (u64, u64)| {
            let found = (0..replicas.len()).min_by_key(|i| key(&replicas[*i]));
            found.unwrap_or(0)
        };
        match routing {
            Routing::RoundRobin => {
                let chosen = self.turn % replicas.len();
                self.turn = chosen + 1;
                chosen
            }
            Routing::LeastLoaded => best(&|r| (u64::from(r.in_flight), r.pending)),
            Routing::PrefixAware => {
                let idlest = replicas.iter().map(|r| r.in_flight).min().unwrap_or(0);
                let most = (f64::from(idlest) * BUSIER.0) as u32 + BUSIER.1;
                let parts = c.parts(id);
                best(&|r| {
                    if r.in_flight > most {
                        return (u64::MAX, u64::from(r.in_flight));
                    }
                    let found = r.blocks.resident(parts) as u64 * u64::from(c.trace.part);
                    let own = u64::from(c.trace.requests[id as usize].input).saturating_sub(found);
                    (r.pending + own, u64::from(r.in_flight))
                })
            }
        }
    }
}
