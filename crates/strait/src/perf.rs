//! What a chip does: an analytic simulator of LLM workloads, with an interval.

mod result;

pub use result::{
    Limit, LimitShares, ModelId, PerfFamilyId, Performance, Plan, Scale, WorkloadClass, WorkloadId,
};
