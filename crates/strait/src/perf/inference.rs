//! Inference end to end: from a model, a chip, a spread and an engine to the time of a step, and from steps to
//! what users see.
//!
//! ```text
//! replica ─► lower (layers to operators) ─► step (operators to seconds) ─► closed (TTFT, TPOT) ─► plan
//!                 rows, intake ─► rounds (waits) ─► fit (an engine's parameters) ─► score
//! ```

mod alone;
mod batch;
mod closed;
mod drawn;
mod explain;
mod far;
mod file;
mod fit;
mod floor;
mod intake;
mod lower;
mod lower_attention;
mod lower_feed;
mod lower_latent;
mod lower_sparse;
mod makers;
mod makers_drawn;
mod makers_file;
mod makers_rates;
mod makers_served;
mod model;
mod names;
mod page;
mod plan;
mod pools;
mod repeats;
mod replica;
mod reported;
mod reported_cells;
mod reported_read;
mod rounds;
mod rows;
mod score;
mod software;
mod step;
mod traffic;
mod turns;
mod work;

pub use batch::StepBatch;
pub use closed::{Demand, Seen, Steps};
pub use explain::{Line, Spent, explain, shares};
pub use fit::{ServingFit, Timed, fit};
pub use floor::Floor;
pub use intake::Intake;
pub use lower::{Mixture, Stack};
pub use makers::{Makers, Maturity};
pub use makers_rates::check_rates;
pub use makers_served::{OfReports, Served};
pub use model::{Inference, Operating, Replica};
pub use names::ServingNames;
pub use page::page;
pub use plan::{Chosen, Limits, best, frontier, spreads, undominated, within};
pub use pools::{Pair, Pools};
pub use repeats::{Repeated, repeated};
pub use replica::{Formats, Memory, Spread, System};
pub use reported::{ReportedError, ReportedRow, reported_scores};
pub use reported_cells::{Load, Measures};
pub use reported_read::NamedChip;
pub use rounds::{Wait, Waits};
pub use rows::{Apart, ServingRow};
pub use score::{ServedRun, ServingScore, leave_one_out, runs, scores, time};
pub use software::{Client, Mode, Software};
pub use step::{Setup, StepModel, StepTime};
pub use work::{Item, Part, Role, Work};
