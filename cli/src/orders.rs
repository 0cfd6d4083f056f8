//! What a proposal can order of each contract, as people write it in a file.

pub mod settings;
