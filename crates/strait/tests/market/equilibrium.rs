//! Market equilibria against PyBLP 1.3.0 (`fixtures/equilibrium/README.md`), and what must hold in any market.

mod identities;
mod nevo;
mod reference;
mod synthetic;
mod tables;
