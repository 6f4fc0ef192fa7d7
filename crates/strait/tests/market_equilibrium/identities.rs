//! What must hold in any market.
