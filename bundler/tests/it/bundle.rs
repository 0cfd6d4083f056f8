use std::fs;

use bundler::{Bundle, CodeHash};
use serde_json::json;

fn read(text: &str) -> Result<Bundle, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token.contract");
    fs::write(&path, text).unwrap();
    Bundle::read(&path).map_err(|error| error.to_string().replace(path.to_str().unwrap(), "token.contract"))
}

#[test]
fn a_bundle_is_its_code_and_its_metadata() {
    let code = b"\0asm\x01\0\0\0";
    let hash = CodeHash::of(code);
    let text = json!({ "source": { "hash": hash, "wasm": "0x0061736d01000000" }, "spec": { "messages": [] } });
    let bundle = read(&text.to_string()).unwrap();
    assert_eq!(bundle.code_hash, hash);
    assert_eq!(bundle.wasm, code);
    assert_eq!(bundle.metadata, json!({ "source": { "hash": hash }, "spec": { "messages": [] } }));
}

#[test]
fn code_hashes_are_those_of_the_chain() {
    // BLAKE2b-256 of nothing, from the reference implementation.
    let nothing = "0x0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8";
    assert_eq!(CodeHash::of(b"").to_string(), nothing);
    assert_eq!(nothing.parse(), Ok(CodeHash::of(b"")));
    assert!("0x0e57".parse::<CodeHash>().is_err());
}

#[test]
fn damaged_bundles_are_refused() {
    let other = CodeHash::of(b"other");
    let text = json!({ "source": { "hash": other, "wasm": "0x00" } }).to_string();
    let message = read(&text).unwrap_err();
    assert_eq!(
        message,
        format!(
            "token.contract is not a contract bundle: its code does not have the hash {other} that it says; build the \
             contracts again"
        )
    );
    for broken in ["", "{}", "[]", r#"{"source":{"hash":"0x00","wasm":""}}"#, &text.replace("0x00", "0x0")] {
        assert!(read(broken).unwrap_err().starts_with("token.contract is not a contract bundle: "), "{broken:?}");
    }
}
