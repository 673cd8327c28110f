//! How the parts are called.
//!
//! A program must come out the same whatever the folders of its checkout, of the cache and of cargo's registry, and whichever cargo runs
//! the build. Paths are therefore given to the compiler by its wrapper, which cargo does not see, and replaced by fixed names in what the
//! compiler writes; and the names that cargo makes up for packages, hashes that contain paths, are replaced by package and version.

/// The version of the virtual machine's instruction set: the one that every cluster runs.
pub const ARCH: &str = "v0";

/// The compiler's target that ours is made from.
pub const BASE_TARGET: &str = "bpfel-unknown-none";

/// The name of our target: its file and cargo's folder are called by it.
pub const TARGET: &str = "sbpf-solana-solana";

/// What is changed in the base target: a key and its JSON value, or nothing to remove it.
pub const TARGET_CHANGES: [(&str, Option<&str>); 5] = [
    ("os", Some(r#""solana""#)),
    ("vendor", Some(r#""solana""#)),
    ("target-family", Some(r#"["solana"]"#)),
    ("atomic-cas", Some("true")),
    ("min-atomic-width", None),
];

/// The cargo profile, of the workspace's root, that a program is built with.
pub const PROFILE: &str = "program";

/// Flags for everything that is compiled for the target.
///
/// A panic is an abort without a message: a program returns typed errors. The virtual machine reads and writes at any address; without the
/// feature that says so, whatever is not aligned, every address to begin with, is copied byte by byte.
///
/// LLVM weighs size too little for a program that pays rent for each byte. The compiler's unrolls loops fully only if they run twice. The
/// linker's unrolls short loops only, without which to make an account costs a hundred units more, inlines what is hardly longer than a call,
/// and fills with zeros by a call what would be more than sixteen writes: the room of a message, for one, which is a hundred.
pub const RUSTFLAGS: [&str; 6] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Ctarget-feature=+allows-misaligned-mem-access",
    "-Cllvm-args=-unroll-full-max-count=2",
    "-Clink-arg=--llvm-args=--bpf-stack-size=4096,--unroll-threshold-aggressive=60,--inline-threshold=25,--max-store-memset=16",
    "-Clink-arg=--arch=v0",
];

/// Arguments of `cargo rustc` that build the library along.
pub const BUILD_STD: [&str; 4] =
    ["-Zjson-target-spec", "-Zbuild-std=core,alloc,std,panic_abort", "-Zbuild-std-features=", "--crate-type=cdylib"];

/// Variables that let a stable compiler do so, and the library take the target for one with `std`.
pub const BUILD_ENVIRONMENT: [(&str, &str); 2] = [("RUSTC_BOOTSTRAP", "1"), ("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1")];

/// The variable that names the library's folder to cargo.
pub const LIBRARY_VARIABLE: &str = "__CARGO_TESTS_ONLY_SRC_ROOT";

/// The variables that tell the compiler's wrapper which folders to give fixed names.
pub const WORKSPACE_VARIABLE: &str = "SESSIONS_SBF_WORKSPACE";
/// See [`WORKSPACE_VARIABLE`].
pub const CARGO_HOME_VARIABLE: &str = "SESSIONS_SBF_CARGO_HOME";

/// The compiler's wrapper. The host's loader starts it, so that the libraries unpacked with it are found without a variable that the
/// host's own compiler and linker, run by it, would see as well.
///
/// The library's crates and the program's may be the same package at the same version; cargo marks the former by one flag.
pub const COMPILER_WRAPPER: &str = r#"#!/bin/sh
here=${0%/*}
rust=$here/../@RUST@
target=
origin=program
for argument; do
    case $argument in
        *sbpf-solana-solana.json) target=yes ;;
        force-unstable-if-unmarked) origin=library ;;
    esac
done
if [ -n "$target" ]; then
    count=$#
    while [ "$count" -gt 0 ]; do
        argument=$1
        shift
        case $argument in
            metadata=*) argument="metadata=$origin-$CARGO_PKG_NAME-$CARGO_PKG_VERSION" ;;
        esac
        set -- "$@" "$argument"
        count=$((count - 1))
    done
    set -- "$@" -C "linker=$here/linker" \
        --remap-path-prefix "$SESSIONS_SBF_WORKSPACE=/workspace" \
        --remap-path-prefix "$SESSIONS_SBF_CARGO_HOME=/cargo" \
        --remap-path-prefix "$__CARGO_TESTS_ONLY_SRC_ROOT=/library"
fi
exec /lib64/ld-linux-x86-64.so.2 --library-path "$rust/usr/lib/x86_64-linux-gnu:$rust/lib/x86_64-linux-gnu" "$rust/usr/bin/rustc" "$@"
"#;

/// The linker's wrapper. The loader unpacked with its LLVM starts it: that LLVM needs a newer C library than the host's.
///
/// Without `--deploy=false` the linker also writes whatever it links to `target/deploy`, under the library's name: the session program as another
/// program depends on it, with other features, would take the place of the one that was built to be deployed.
pub const LINKER_WRAPPER: &str = r#"#!/bin/sh
here=${0%/*}
llvm=$here/../@LLVM@
exec "$llvm/usr/lib64/ld-linux-x86-64.so.2" --library-path "$llvm/usr/lib/x86_64-linux-gnu:$llvm/usr/lib64" "$here/../@LINKER@/bin/sbpf-linker" --deploy=false "$@"
"#;
