//! The binary, on machines where something is missing or in the way.

mod scratch;

use {scratch::Scratch, std::fs};

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
    assert!(told.starts_with("sbf: `apt-get` is not on this machine: ") && told.lines().count() == 1, "{told}");
    assert!(!scratch.path("cache").exists());
}

#[test]
fn packages_that_cannot_be_fetched_are_one_line_the_log_and_its_end() {
    let scratch = machine(DEBIAN);
    scratch.tool("apt-get", "echo 'E: the mirror does not answer' >&2; exit 100");
    let told = scratch.failure(&["build", "--registry"]);
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("sbf: fetching Debian's package lists failed (exit status: 100); all it said is in "), "{told}");
    assert!(lines[0].ends_with("logs/rust.log"), "{told}");
    assert_eq!(lines[1..], ["    E: the mirror does not answer"]);
    assert_eq!(fs::read_dir(scratch.path("cache/unfinished")).unwrap().count(), 0);
}

#[test]
fn a_machine_without_debian_sources_is_told() {
    let told = machine("deb http://mirror.example/ubuntu noble main").failure(&["build"]);
    assert!(told.contains("apt's sources name no Debian archive (") && told.contains("machine.list"), "{told}");
    assert_eq!(told.lines().count(), 1);
}

#[test]
fn a_package_that_is_no_longer_served_is_told() {
    // Here apt knows no version of anything.
    let told = machine(DEBIAN).failure(&["build"]);
    assert!(told.starts_with("sbf: the Debian archive serves no rustc-web 1.96.*"), "{told}");
}

#[test]
fn a_cache_that_cannot_be_made_is_told() {
    let scratch = machine(DEBIAN);
    scratch.write("cache", "a file is in the way");
    let told = scratch.failure(&["build"]);
    assert!(told.starts_with("sbf: cannot create the cache folder ") && told.lines().count() == 1, "{told}");
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
    let inputs = sessions_sbf::Manifest::of_sources(scratch.root(), "sessions").unwrap();
    let program = sessions_sbf::manifest::Program::of(b"program");
    let manifest = sessions_sbf::Manifest { program, toolchain: [].into(), inputs };
    scratch.write("programs/sessions/artifact/manifest.json", &manifest.text().unwrap());

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
