//! The catalog: what each chip is, every figure with its source. Physics and marketing facts only;
//! law, prices and stock are computed or dated elsewhere.

mod chip;

pub use chip::{
    Chip, ChipId, Die, DieRole, Engine, Fact, Form, Format, IoRates, Market, Memory, Peak, Software,
    Transistor, Variant,
};
