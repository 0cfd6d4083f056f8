use std::{cell::RefCell, fs, path::Path};

use bundler::{BuildError, BuildOptions, Built, Bundle, CodeHash, MANIFEST, Manifest, Progress, build, build_code};

use crate::repository;

/// The smallest contract there is.
const SMALLEST: &str = "baseline";

fn manifest() -> Manifest {
    Manifest::load(repository().join(MANIFEST)).unwrap()
}

/// A manifest with nothing but the smallest contract, of which it allows `budget` bytes.
fn manifest_of(folder: &Path, path: &str, budget: u64) -> Manifest {
    let file = folder.join(MANIFEST);
    fs::write(&file, format!("[contracts.{SMALLEST}]\npath = \"{path}\"\nbudget = {budget}\n")).unwrap();
    Manifest::load(file).unwrap()
}

fn smallest_path() -> String {
    manifest().contract(SMALLEST).unwrap().path.to_str().unwrap().to_owned()
}

/// Copies the contracts' workspace without build products.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if !entry.file_type().unwrap().is_dir() {
            fs::copy(entry.path(), target).unwrap();
        } else if entry.file_name() != "target" {
            copy(&entry.path(), &target);
        }
    }
}

#[test]
fn a_bundle_is_written_once_and_again_when_it_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest_of(folder.path(), &smallest_path(), 50_000);
    let news = RefCell::new(Vec::new());
    let progress = |progress: Progress<'_>| {
        if let Progress::Finished { new, .. } = progress {
            news.borrow_mut().push(new);
        }
    };
    let options = BuildOptions {
        root: Some(repository()),
        output: Some(folder.path().join("bundles")),
        progress: Some(&progress),
        ..BuildOptions::default()
    };
    let first = build(&manifest, &options).unwrap();
    assert_eq!(build(&manifest, &options).unwrap(), first);

    let [Built { name, code_hash, wasm_bytes, budget, path }] = first.as_slice() else { panic!("{first:?}") };
    assert_eq!((name.as_str(), *budget), (SMALLEST, 50_000));
    let written = fs::read(path).unwrap();
    let bundle = Bundle::read(path).unwrap();
    assert_eq!(bundle.code_hash, *code_hash);
    assert_eq!(u64::try_from(bundle.wasm.len()).unwrap(), *wasm_bytes);
    assert_eq!(bundle.wasm, fs::read(path.with_extension("wasm")).unwrap());
    assert_eq!(bundle.metadata["version"], 5);
    assert_eq!(bundle.metadata["contract"]["name"], SMALLEST);
    assert!(bundle.metadata["spec"]["messages"].is_array());
    let metadata: serde_json::Value = serde_json::from_slice(&fs::read(path.with_extension("json")).unwrap()).unwrap();
    assert_eq!(metadata, bundle.metadata);

    fs::write(path, &written[..written.len() / 2]).unwrap();
    assert_eq!(build(&manifest, &options).unwrap(), first);
    assert_eq!(fs::read(path).unwrap(), written);
    assert_eq!(*news.borrow(), [true, false, true]);
}

#[test]
fn a_contract_over_its_budget_fails_the_build_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest_of(folder.path(), &smallest_path(), 100);
    let output = folder.path().join("bundles");
    let options = BuildOptions { root: Some(repository()), output: Some(output.clone()), ..BuildOptions::default() };
    let error = build(&manifest, &options).unwrap_err();
    let BuildError::OverBudget { bytes, budget: 100, .. } = &error else { panic!("{error}") };
    assert!(
        error.to_string().starts_with(&format!("baseline is {bytes} bytes, {} over its budget of 100", bytes - 100))
    );
    assert!(!output.exists());
}

#[test]
fn a_crate_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest_of(folder.path(), "contracts/nowhere", 100);
    let message = build(&manifest, &BuildOptions { root: Some(repository()), ..BuildOptions::default() })
        .unwrap_err()
        .to_string();
    let expected =
        "contracts.baseline.path says contracts/nowhere, where there is no Cargo.toml; give the crate's folder";
    assert!(message.ends_with(expected), "{message}");
}

/// Compiles `core` and ink! once more, the first time in a target folder; later only our own code.
#[test]
fn the_same_source_gives_the_same_code_in_another_folder() {
    let options = BuildOptions::default();
    let here = build_code(&manifest(), &options, SMALLEST).unwrap();

    let elsewhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("elsewhere");
    let (root, target) = (elsewhere.join("a folder with another name"), elsewhere.join("products"));
    if root.exists() {
        fs::remove_dir_all(&root).unwrap();
    }
    copy(&repository().join("contracts"), &root.join("contracts"));
    fs::copy(repository().join(MANIFEST), root.join(MANIFEST)).unwrap();
    share_host_programs(&options.folders(&manifest()).unwrap().target, &target);

    let manifest = Manifest::load(root.join(MANIFEST)).unwrap();
    let there = build_code(&manifest, &BuildOptions { target: Some(target), ..options }, SMALLEST).unwrap();
    assert_eq!(CodeHash::of(&there), CodeHash::of(&here));
}

/// Lets a build in `target` use the macros and build scripts that a build in `from` compiled. They are programs of
/// this machine, to which no path is passed that would differ, and compiling them takes longer than all the rest.
fn share_host_programs(from: &Path, target: &Path) {
    fs::create_dir_all(target).unwrap();
    let link = target.join("release");
    if fs::read_link(&link).is_ok_and(|old| old == from.join("release")) {
        return;
    }
    fs::remove_file(&link).ok();
    std::os::unix::fs::symlink(from.join("release"), link).unwrap();
}
