//! Empty on purpose. `drink` depends on its macros whether or not they are used, and they on `contract-build`, whose
//! C++ `wasm-opt` takes a quarter of an hour to compile. `[patch.crates-io]` puts this crate in their place.
