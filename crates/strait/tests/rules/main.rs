//! The law: what the engine answers, held against cases derived by hand from the texts, made-up chips and a second
//! encoding of the tables.

mod arithmetic;
mod boundaries;
mod causes;
mod changes;
mod china;
mod edges;
mod generated_boundaries;
mod history;
mod made_up;
mod nearest;
mod needs;
mod paragraphs;
mod properties;
mod second_encoding;
mod shipped;
mod trace;
mod verdicts;
