//! The contracts' code, as `gaia contracts build` made it.

use std::{env, fs, path::PathBuf};

/// The code in `$GAIA_BUNDLES/NAME.contract`.
pub fn code(name: &str) -> Vec<u8> {
    let Some(folder) = env::var_os("GAIA_BUNDLES") else {
        panic!("GAIA_BUNDLES must name the folder of contract bundles: run `gaia contracts build` to make them");
    };
    let path = PathBuf::from(folder).join(name).with_extension("contract");
    let shown = path.display();
    let Ok(text) = fs::read_to_string(&path) else {
        panic!("{shown} cannot be read: run `gaia contracts build` to make it");
    };
    let bundle: serde_json::Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{shown} is not JSON: {error}"));
    bundle["source"]["wasm"]
        .as_str()
        .and_then(|digits| unhex(digits.strip_prefix("0x")?))
        .unwrap_or_else(|| panic!("{shown} holds no code: run `gaia contracts build` to make it anew"))
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()).collect()
}
