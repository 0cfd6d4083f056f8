//! What a proposal can order of the contracts, as people write it down in a file.

pub mod treasury;
