//! A package that is built as a module: by the recipe always, of edited crates, with a manifest of its own.

mod scratch;

use {
    scratch::Scratch,
    sessions_sbf::{
        Manifest,
        cache::{Cache, Key, Part},
        compiler, lld,
        manifest::Program,
        recipe::module::{EDITS, LLD, LOOSENED, PROFILE, TARGET},
        target::ModuleParts,
    },
    std::fs,
};

/// A module with a section that nobody runs.
const BUILT: &str = "\0asm\x01\0\0\0\x01\x02\x01\0\0\x03\x01a\x07";
/// The same without it.
const PLAIN: &str = "\0asm\x01\0\0\0\x01\x02\x01\0";

/// A machine with a complete toolchain, on which cargo puts this file where it would build it.
fn machine(built: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.change("programs/sessions/Cargo.toml", "name = \"sessions\"", "name = \"sessions\"\nmetadata.sbf.module = \"cards\"");
    scratch.change("Cargo.toml", "[profile.program]", "[profile.module]\n        lto = true\n        [profile.program]");
    for tool in ["cc", "sh", "cargo-build-sbf"] {
        scratch.tool(tool, "exit 1");
    }
    let cache = Cache::open(&scratch.path("cache"), || {}).unwrap();
    let part = |key: &Key| -> Part { cache.part(key, |_| Ok([(LLD.package.to_owned(), LLD.version.to_owned())].into())).unwrap() };
    let rust = part(&compiler::key());
    fs::create_dir_all(rust.folder.join("usr/src/rustc/library")).unwrap();
    let lld = part(&lld::key(&rust));
    let target = part(&ModuleParts { rust, lld }.key());
    let (folder, told) = (target.folder.file_name().unwrap().to_string_lossy().into_owned(), crates(&scratch));
    scratch.write("built.wasm", built);
    let out = scratch.path("target/sbf").join(folder).join(TARGET).join(PROFILE).display().to_string();
    let (built, told) = (scratch.path("built.wasm").display().to_string(), told.display().to_string());
    let build = format!("/bin/mkdir -p {out} && /bin/cp {built} {out}/sessions.wasm");
    scratch.tool("cargo", &format!("[ \"$1\" = metadata ] && exec /bin/cat {told}\n{build}"));
    scratch
}

/// The crates that are edited, each with what its edits look for; gives what cargo says of them.
fn crates(scratch: &Scratch) -> std::path::PathBuf {
    let mut packages = Vec::new();
    let mut package = |name: &str| {
        scratch.write(&format!("crates/{name}/Cargo.toml"), "");
        packages.push(serde_json::json!({ "name": name, "manifest_path": scratch.path(&format!("crates/{name}/Cargo.toml")) }));
    };
    for (name, edits) in EDITS {
        package(name);
        for edit in edits {
            let text: String = edits.iter().filter(|other| other.file == edit.file).map(|other| other.find).collect();
            scratch.write(&format!("crates/{name}/{}", edit.file), &format!("{text}// the rest\n"));
        }
    }
    for name in LOOSENED {
        package(name);
        scratch.write(&format!("crates/{name}/src/lib.rs"), "#[inline(always)]\nfn one() {}\n");
    }
    scratch.write("metadata.json", &serde_json::json!({ "packages": packages }).to_string());
    scratch.path("metadata.json")
}

#[test]
fn a_module_is_built_of_edited_crates_and_is_plain() {
    let scratch = machine(BUILT);
    let output = scratch.sbf(&["build"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.ends_with("there is no committed program to compare it with\n"), "{told}");
    assert_eq!(fs::read_to_string(scratch.path("target/deploy/cards.wasm")).unwrap(), PLAIN);
    let folder = fs::read_dir(scratch.path("target/sbf")).unwrap().next().unwrap().unwrap().path().join("edited");
    let text = |path: &str| fs::read_to_string(folder.join(path)).unwrap();
    assert_eq!(text("anchor-lang/src/cpi.rs"), "// the rest\n");
    assert_eq!(text("sessions-core/src/lib.rs"), "#[inline]\nfn one() {}\n");
}

#[test]
fn a_module_is_recorded_and_verified() {
    let scratch = machine(BUILT);
    let output = scratch.sbf(&["record"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let manifest = Manifest::check(scratch.root(), "sessions").unwrap();
    assert_eq!(manifest.program, Program::of(PLAIN.as_bytes()));
    let sources: Vec<&str> = manifest.inputs.sources.keys().map(String::as_str).collect();
    assert!(sources.contains(&"tools/sbf/src/recipe/module.rs") && sources.contains(&"Cargo.toml profile.module"), "{sources:?}");
    assert!(!sources.contains(&"Cargo.toml profile.program"), "{sources:?}");
    assert!(scratch.sbf(&["verify"]).status.success());

    scratch.write("programs/sessions/artifact/cards.wasm", "another");
    assert!(scratch.failure(&["verify"]).contains("the committed cards.wasm is not the one in its manifest"));
    scratch.write("programs/sessions/src/lib.rs", "// changed");
    assert!(scratch.failure(&["verify"]).contains("the committed cards.wasm was not built from these sources"));
}

#[test]
fn a_module_that_needs_something_is_refused() {
    let told = machine("\0asm\x01\0\0\0\x02\x01\x03").failure(&["build"]);
    assert!(told.starts_with("sbf: sessions imports 3 functions or other things, and a module is to need none"), "{told}");
    let told = machine("no module").failure(&["build"]);
    assert!(told.ends_with("what was built is no module\n"), "{told}");
}

#[test]
fn a_programs_manifest_knows_nothing_of_modules() {
    let inputs = Manifest::of_sources(Scratch::new().root(), "sessions").unwrap();
    assert!(inputs.sources.keys().all(|name| !name.contains("module")), "{inputs:?}");
}
