//! The market of one quarter on the shipped data, with offers made up for the test.

mod choice;
mod limits;
mod made;
