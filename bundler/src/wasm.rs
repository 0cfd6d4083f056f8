//! A contract's code: what the chain accepts, and taking out what it does not.

use wasm_encoder::{ExportKind, ExportSection, Module, RawSection};
use wasmparser::{BinaryReaderError, ExternalKind, Parser, Payload, TypeRef, Validator, WasmFeatures};

use crate::error::WasmFault;

/// The most memory a contract may have, in pages of 64 KiB: pallet-contracts' default schedule.
pub const MEMORY_PAGES: u64 = 16;

/// The functions that the chain calls, and the only ones it lets a contract export.
const ENTRIES: [&str; 2] = ["call", "deploy"];

/// Where pallet-contracts has its stable host functions. The unstable ones are in `__unstable__`.
const HOST_MODULES: [&str; 3] = ["seal0", "seal1", "seal2"];

/// What pallet-contracts' engine takes: WebAssembly 1.0 without floats, and sign extension.
fn features() -> WasmFeatures {
    let without = WasmFeatures::FLOATS | WasmFeatures::MUTABLE_GLOBAL;
    WasmFeatures::WASM1.difference(without) | WasmFeatures::SIGN_EXTENSION
}

/// The module without custom sections, and without exports other than the entry points.
///
/// # Errors
///
/// If it is not a WebAssembly module.
pub fn strip(wasm: &[u8]) -> Result<Vec<u8>, WasmFault> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(invalid)? {
            Payload::CustomSection(_) => (),
            Payload::ExportSection(exports) => {
                let mut kept = ExportSection::new();
                for export in exports {
                    let export = export.map_err(invalid)?;
                    if export.kind == ExternalKind::Func && ENTRIES.contains(&export.name) {
                        kept.export(export.name, ExportKind::Func, export.index);
                    }
                }
                module.section(&kept);
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    let [start, end] =
                        [range.start, range.end].map(|offset| usize::try_from(offset).unwrap_or(usize::MAX));
                    let data = wasm.get(start..end).ok_or_else(|| WasmFault::Invalid("a section is cut off".into()))?;
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(module.finish())
}

/// Whether the chain would accept the module as a contract's code.
///
/// # Errors
///
/// The first thing that it would not accept.
pub fn check(wasm: &[u8]) -> Result<(), WasmFault> {
    Validator::new_with_features(features()).validate_all(wasm).map_err(invalid)?;
    let mut memory = false;
    let mut exported = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(invalid)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(invalid)?;
                    memory |= check_import(import.module, import.name, import.ty)?;
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export.map_err(invalid)?;
                    if export.kind != ExternalKind::Func || !ENTRIES.contains(&export.name) {
                        return Err(WasmFault::Export(export.name.to_owned()));
                    }
                    exported.push(export.name);
                }
            }
            Payload::StartSection { .. } => return Err(WasmFault::Start),
            _ => (),
        }
    }
    if let Some(missing) = ENTRIES.into_iter().find(|entry| !exported.contains(entry)) {
        return Err(WasmFault::NoEntry(missing));
    }
    if memory { Ok(()) } else { Err(WasmFault::NoMemoryImport) }
}

/// Whether the import is the memory.
fn check_import(module: &str, name: &str, ty: TypeRef) -> Result<bool, WasmFault> {
    match ty {
        TypeRef::Func(_) if HOST_MODULES.contains(&module) => Ok(false),
        TypeRef::Memory(memory) if (module, name) == ("env", "memory") => match memory.maximum {
            Some(maximum) if maximum <= MEMORY_PAGES => Ok(true),
            maximum => Err(WasmFault::Memory {
                maximum: maximum.map_or_else(|| "any number of".to_owned(), |pages| pages.to_string()),
                allowed: MEMORY_PAGES,
            }),
        },
        TypeRef::Func(_) | TypeRef::FuncExact(_) | TypeRef::Memory(_) => {
            Err(WasmFault::UnknownImport { module: module.to_owned(), name: name.to_owned() })
        }
        TypeRef::Table(_) | TypeRef::Global(_) | TypeRef::Tag(_) => {
            Err(WasmFault::ImportKind { name: name.to_owned() })
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn invalid(error: BinaryReaderError) -> WasmFault {
    WasmFault::Invalid(format!("{} (at byte {})", error.message(), error.offset()))
}
