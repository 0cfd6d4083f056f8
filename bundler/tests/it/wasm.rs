use bundler::{WasmFault, wasm};

/// A contract as the compiler makes it: two entry points, two exports too many, and a custom section.
const RAW: &str = r#"(module
    (import "seal0" "seal_return" (func $return (param i32 i32 i32)))
    (import "env" "memory" (memory 2 16))
    (global $heap i32 (i32.const 1024))
    (func $call (call $return (i32.const 0) (i32.const 0) (i32.const 0)))
    (func $deploy)
    (func $memcpy (param i32 i32 i32) (result i32) local.get 0)
    (export "call" (func $call))
    (export "deploy" (func $deploy))
    (export "memcpy" (func $memcpy))
    (export "__heap_base" (global $heap))
    (@custom "producers" "someone")
    (data (i32.const 0) "kept"))"#;

fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// What is wrong with the contract [`RAW`], stripped, when the first `from` in it reads `to`.
fn fault(from: &str, to: &str) -> WasmFault {
    assert!(RAW.contains(from));
    wasm::check(&wasm::strip(&module(&RAW.replacen(from, to, 1))).unwrap()).unwrap_err()
}

#[test]
fn stripping_leaves_the_entry_points_and_no_custom_section() {
    let raw = module(RAW);
    assert_eq!(wasm::check(&raw), Err(WasmFault::Export("memcpy".to_owned())));
    let stripped = wasm::strip(&raw).unwrap();
    wasm::check(&stripped).unwrap();
    let contains = |text: &str| stripped.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(contains("deploy") && contains("kept"));
    assert!(!contains("memcpy") && !contains("__heap_base") && !contains("producers"));
    // Names are custom sections as well, so nothing is left to strip.
    assert_eq!(wasm::strip(&stripped).unwrap(), stripped);
}

#[test]
fn imports_from_elsewhere_are_refused() {
    for module in ["__unstable__", "env", "wasi_snapshot_preview1"] {
        let expected = WasmFault::UnknownImport { module: module.to_owned(), name: "seal_return".to_owned() };
        assert_eq!(fault("seal0", module), expected);
    }
    let global = r#"(import "seal0" "g" (global i32)) (import "env" "memory""#;
    assert_eq!(fault(r#"(import "env" "memory""#, global), WasmFault::ImportKind { name: "g".to_owned() });
}

#[test]
fn the_memory_must_be_the_chains_and_small_enough() {
    let most = |maximum: &str| WasmFault::Memory { maximum: maximum.to_owned(), allowed: wasm::MEMORY_PAGES };
    assert_eq!(fault("(memory 2 16)", "(memory 2 17)"), most("17"));
    assert_eq!(fault("(memory 2 16)", "(memory 2)"), most("any number of"));
    assert_eq!(fault(r#"(import "env" "memory" (memory 2 16))"#, "(memory 2 16)"), WasmFault::NoMemoryImport);
}

#[test]
fn entry_points_are_needed_and_nothing_may_run_before_them() {
    assert_eq!(fault(r#"(export "deploy" (func $deploy))"#, ""), WasmFault::NoEntry("deploy"));
    assert_eq!(fault("(global $heap", "(start $deploy) (global $heap"), WasmFault::Start);
}

#[test]
fn floats_and_later_additions_are_refused() {
    for body in [
        "(func $deploy (drop (f32.const 1)))",
        "(func $deploy (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))",
        "(func $deploy (local externref))",
    ] {
        assert!(matches!(fault("(func $deploy)", body), WasmFault::Invalid(_)), "{body}");
    }
    // Sign extension is the one addition that the chain takes.
    let extended = RAW.replacen("(func $deploy)", "(func $deploy (drop (i32.extend8_s (i32.const 1))))", 1);
    wasm::check(&wasm::strip(&module(&extended)).unwrap()).unwrap();
}

#[test]
fn what_is_no_module_is_refused() {
    assert!(matches!(wasm::strip(b"#!/bin/sh"), Err(WasmFault::Invalid(_))));
    let cut = module(RAW);
    assert!(wasm::strip(&cut[..cut.len() - 3]).is_err());
}
