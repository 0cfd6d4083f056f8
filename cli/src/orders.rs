//! What a proposal orders of the contracts, as people write it.

pub mod registry;
