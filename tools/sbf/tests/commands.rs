//! The binary, on machines where something is missing or in the way.

mod scratch;

use {
    scratch::Scratch,
    sessions_sbf::{
        Manifest,
        cache::{Cache, Key, Part, Versions},
        compiler, library, linker,
        manifest::Program,
        recipe::{
            flags::{PROFILE, TARGET},
            pins::{LLVM, RUST, RUST_LLVM},
        },
        target::Parts,
    },
    std::fs,
};

/// A machine with the tools that the recipe starts, which all say that they worked, and with these apt sources.
fn machine(sources: &str) -> Scratch {
    let scratch = Scratch::new();
    for tool in ["cargo", "cc", "sh", "apt-get", "apt-cache", "dpkg"] {
        scratch.tool(tool, "exit 0");
    }
    scratch.write("apt/machine.list", sources);
    let folder = scratch.path("apt").display().to_string();
    scratch.tool("apt-config", &format!("echo \"LIST='{folder}/none.list'\"; echo \"PARTS='{folder}/'\""));
    scratch
}

const DEBIAN: &str = "deb http://mirror.example/debian bookworm main\n";

#[test]
fn without_apt_it_says_what_to_do() {
    let scratch = machine(DEBIAN);
    fs::remove_file(scratch.path("bin/apt-get")).unwrap();
    let told = scratch.failure(&["build"]);
    assert!(told.starts_with("sbf: `apt-get` is not on this machine: "), "{told}");
    assert!(!scratch.path("cache").exists());
}

#[test]
fn packages_that_cannot_be_fetched_are_one_line_that_says_what_to_do() {
    let scratch = machine(DEBIAN);
    scratch.tool("apt-get", "echo 'E: the mirror does not answer' >&2; exit 100");
    let told = scratch.failure(&["build", "--registry"]);
    assert_eq!(
        told,
        format!(
            "sbf: fetching Debian's package lists failed (exit status: 100): E: the mirror does not answer; check the network and apt's \
             sources, then run it again; see the log, {}\n",
            scratch.path("cache/logs/rust.log").display()
        )
    );
    assert_eq!(fs::read_dir(scratch.path("cache/unfinished")).unwrap().count(), 0);
}

#[test]
fn a_machine_without_debian_sources_is_told() {
    let told = machine("deb http://mirror.example/ubuntu noble main").failure(&["build"]);
    assert!(told.contains("apt's sources name no Debian archive (") && told.contains("machine.list); add one"), "{told}");
}

#[test]
fn a_package_that_is_no_longer_served_is_told() {
    // Here apt knows no version of anything.
    let told = machine(DEBIAN).failure_with(3, &["build"]);
    assert!(told.starts_with("sbf: the Debian archive serves no rustc-web 1.96.*"), "{told}");
    assert!(told.contains("nothing is said about the committed file; a maintainer moves the pins"), "{told}");
}

#[test]
fn a_cache_that_cannot_be_made_is_told() {
    let scratch = machine(DEBIAN);
    scratch.write("cache", "a file is in the way");
    let told = scratch.failure(&["build"]);
    assert!(told.starts_with("sbf: cannot create the cache folder "), "{told}");
}

#[test]
fn a_package_that_is_no_member_is_told() {
    let told = machine(DEBIAN).failure(&["build", "--package", "arena"]);
    assert!(told.ends_with("the workspace has no member `arena`\n"), "{told}");
}

#[test]
fn cargo_build_sbf_is_used_where_it_is_installed() {
    let scratch = machine(DEBIAN);
    scratch.tool("cargo-build-sbf", "exit 0");
    // Its arguments: build-sbf --manifest-path … --sbf-out-dir <folder> -- --locked
    scratch.tool("cargo", "[ \"$1\" = build-sbf ] || exit 1; /bin/mkdir -p \"$5\"; printf program > \"$5/sessions.so\"");
    scratch.write("programs/sessions/artifact/sessions.so", "program");
    let output = scratch.sbf(&["build"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.ends_with("equal to the committed program\n"), "{told}");
    assert_eq!(fs::read_to_string(scratch.path("target/deploy/sessions.so")).unwrap(), "program");
    assert!(!scratch.path("cache").exists());
}

#[test]
fn verify_names_a_source_that_has_changed_before_it_builds() {
    let scratch = machine(DEBIAN);
    recorded(&scratch, "program", Versions::new());
    fs::remove_file(scratch.path("programs/sessions/artifact/sessions.so")).unwrap();

    let told = scratch.failure(&["verify"]);
    assert!(told.ends_with("sessions.so is not committed; run `make artifact`\n"), "{told}");
    scratch.write("programs/sessions/artifact/sessions.so", "another");
    let told = scratch.failure(&["verify"]);
    assert!(told.contains("sessions.so is not the one in its manifest"), "{told}");
    scratch.write("programs/sessions/src/lib.rs", "// changed");
    let told = scratch.failure(&["verify"]);
    assert!(told.contains("programs/sessions/src/lib.rs has changed; run `make artifact`"), "{told}");
    assert!(!scratch.path("cache").exists());
}

/// Commits this program, recorded as built with these versions.
fn recorded(scratch: &Scratch, program: &str, toolchain: Versions) {
    let inputs = Manifest::of_sources(scratch.root(), "sessions").unwrap();
    let manifest = Manifest { program: Program::of(program.as_bytes()), toolchain, inputs };
    scratch.write("programs/sessions/artifact/manifest.json", &manifest.text().unwrap());
    scratch.write("programs/sessions/artifact/sessions.so", program);
}

/// Fills the cache with a toolchain of the pinned versions, but for this one of the linker's LLVM. Returns its versions.
fn toolchain(scratch: &Scratch, llvm: &str) -> Versions {
    let cache = Cache::open(&scratch.path("cache"), || {}).unwrap();
    let part = |key: &Key, versions: &[(&str, &str)]| -> Part {
        let versions = versions.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect();
        cache.part(key, |_| Ok(versions)).unwrap()
    };
    let rust = part(&compiler::key(), &[(RUST.package, RUST.version), (RUST_LLVM.package, RUST_LLVM.version), ("rustc", "1.96.0")]);
    let llvm = part(&linker::llvm_key(), &[(LLVM.package, llvm)]);
    let (linker, library) = (part(&linker::key(&llvm), &[]), part(&library::key(&rust), &[]));
    let versions: Versions = rust.versions.clone().into_iter().chain(llvm.versions.clone()).collect();
    let parts = Parts { rust, llvm, linker, library };
    let target = cache.part(&parts.key(), |_| Ok(versions.clone())).unwrap();
    // Instead of cargo: it puts the program where cargo would.
    let folder = scratch.path("target/sbf").join(target.folder.file_name().unwrap()).join(TARGET).join(PROFILE);
    let built = scratch.path("built.so").display().to_string();
    let folder = folder.display();
    scratch.tool("cargo", &format!("/bin/mkdir -p {folder} && /bin/cp {built} {folder}/libsessions.so"));
    versions
}

/// An ELF file whose one section is its own table of names and its `.text`.
fn program(ending: &str) -> String {
    const NAMES: &str = ".text\0\0\0";
    let mut file = vec![0_u8; 64 + NAMES.len() + 64];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"\x7fELF");
    put(0x28, &[64 + 8]);
    put(0x3c, &[1]);
    put(64, NAMES.as_bytes());
    put(64 + 8 + 0x18, &[64]);
    put(64 + 8 + 0x20, &[8]);
    String::from_utf8(file).unwrap() + ending
}

#[test]
fn verify_tells_another_file_from_another_toolchain() {
    let scratch = machine(DEBIAN);
    let versions = toolchain(&scratch, LLVM.version);
    scratch.write("built.so", &program("one"));
    recorded(&scratch, &program("one"), versions.clone());
    let output = scratch.sbf(&["verify"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    // Another file from the same toolchain.
    recorded(&scratch, &program("two"), versions.clone());
    let told = scratch.failure(&["verify"]);
    assert!(
        told.contains("from byte 136 on, with the same toolchain versions: the committed file is not what these sources build"),
        "{told}"
    );

    // The same file from another toolchain, and another one.
    let scratch = machine(DEBIAN);
    toolchain(&scratch, "1:23.9.9-1");
    scratch.write("built.so", &program("one"));
    recorded(&scratch, &program("one"), versions.clone());
    let output = scratch.sbf(&["verify"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.contains("note: libllvm23 1:23.9.9-1 stands in for "), "{told}");
    recorded(&scratch, &program("two"), versions);
    let told = scratch.failure_with(3, &["verify"]);
    let expected = format!("no longer serves the recorded versions: libllvm23 was {} and is 1:23.9.9-1; this does not mean", LLVM.version);
    assert!(told.contains(&expected) && told.ends_with("records anew (`make artifact`)\n"), "{told}");
}

#[test]
fn the_exit_codes_are_in_the_help() {
    let scratch = machine(DEBIAN);
    for arguments in [["--help"].as_slice(), &["verify", "--help"]] {
        let told = String::from_utf8(scratch.sbf(arguments).stdout).unwrap();
        assert!(told.contains("Exit codes:") && told.contains("\n  3  the Debian archive no longer serves the pinned versions"), "{told}");
    }
}

#[test]
fn doctor_tells_and_changes_nothing() {
    let scratch = machine(DEBIAN);
    let output = scratch.sbf(&["doctor"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("Debian archive: http://mirror.example/debian") && told.contains("to make  rust"), "{told}");
    fs::remove_file(scratch.path("bin/dpkg")).unwrap();
    assert!(scratch.failure(&["doctor"]).starts_with("sbf: dpkg: a build by the recipe cannot work here"));
    assert!(!scratch.path("cache").exists());
}
