//! How long one operator takes on one chip: pure functions of the call, the chip's rates and a few
//! fitted physical parameters. `docs/accuracy.md` has the error of each on chips left out of the fit.

mod algorithm;
pub mod attention_decode;
pub mod attention_prefill;
mod call;
pub mod collective;
pub mod custom_all_reduce;
mod device;
pub mod elementwise;
mod fabric;
pub mod gemm;
pub mod grouped_gemm;
pub mod linear_attention;
pub mod mla;
mod model;
mod parameters;
pub mod point_to_point;
pub mod pointwise;
mod torus;
mod typical;
mod typical_file;
mod typical_of;

pub use algorithm::{Algorithm, Exchange};
pub use call::{Arithmetic, Cache, Call, Operator, Precision};
pub(crate) use device::resident;
pub use device::{Assumed, Device};
pub use fabric::Fabric;
pub use model::{Family, seconds};
pub(crate) use parameters::parameters;
pub use parameters::{Parameter, Parameters};
pub use typical::{End, Relation, Siblings, Typical, Unstated};

/// How an engine's kernels stand to the best: factors on launch cost, arithmetic and memory time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Engine {
    /// On the cost of a call beside its work.
    pub launch: f64,
    /// On time of arithmetic.
    pub compute: f64,
    /// On time of memory and links.
    pub memory: f64,
}

impl Engine {
    /// What good current software reaches.
    pub const BEST: Self = Self {
        launch: 1.0,
        compute: 1.0,
        memory: 1.0,
    };
}
