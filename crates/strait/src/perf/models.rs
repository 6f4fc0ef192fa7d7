//! Architectures of language models: a Hugging Face `config.json`, or a file of `data/models/` with the
//! same fields, in one typed form, and what follows from it: parameters, KV cache, arithmetic.

mod architecture;
mod blocks;
mod count;
mod families;
mod fields;
mod read;
mod shape;

pub use architecture::{Block, Experts, Feed, Indexer, Latent, Linear, Mixer, Model};
pub(crate) use count::in_chunk;
pub use families::family_names;
pub use read::read_config;
pub(crate) use read::read_model;
