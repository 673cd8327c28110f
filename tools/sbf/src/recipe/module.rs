//! How a WebAssembly module is built, beside what [`flags`](super::flags) and [`pins`](super::pins) say: by the compiler that programs are built
//! with, its standard library as it came, and Debian's linker of the compiler's own LLVM.

use super::{edits::Edit, pins::Pin};

/// The compiler's target; cargo's folder is called by it.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The cargo profile, of the workspace's root, that a module is built with.
pub const PROFILE: &str = "module";

/// The linker. It loads the compiler's own LLVM, whose very version it is of.
pub const LLD: Pin = Pin { package: "lld-22", version: "1:22.1.8-1~deb12u1", series: "1:22." };

/// The linker's file in its package.
pub const LLD_FILE: &str = "usr/lib/llvm-22/bin/lld";

/// Flags for everything that is compiled for the target. A panic is a trap without a message, and nothing is printed for programmers.
pub const RUSTFLAGS: [&str; 3] = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zfmt-debug=none"];

/// Arguments of `cargo rustc` that build the library along, in the form that is small where there is a choice.
pub const BUILD_STD: [&str; 3] =
    ["-Zbuild-std=core,alloc,std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--crate-type=cdylib"];

/// Flags for the module itself. The linker leaves five bytes for each number of a function or place unless it is told to write them as short as they are.
pub const OWN_FLAGS: [&str; 1] = ["-Clink-arg=--compress-relocations"];

/// Variables that let a stable compiler do so.
pub const BUILD_ENVIRONMENT: [(&str, &str); 1] = [("RUSTC_BOOTSTRAP", "1")];

/// The variable that tells the compiler's wrapper where the edited crates are, each in a folder called by its package.
pub const EDITED_VARIABLE: &str = "SESSIONS_SBF_EDITED";

/// Edits of crates of the registry, by their packages: each has to match exactly once.
///
/// Anchor looks at compile time whether a pointer has 64 bits, for the sake of a function that calls other programs. Nothing in a module does.
pub const EDITS: [(&str, &[Edit]); 1] = [(
    "anchor-lang",
    &[
        Edit {
            name: "size of a seed",
            file: "src/cpi.rs",
            find: "    const _: () =
        assert!(core::mem::size_of::<&[u8]>() == core::mem::size_of::<pinocchio::cpi::Seed>());
",
            replace: "",
        },
        Edit {
            name: "alignment of a seed",
            file: "src/cpi.rs",
            find: "    const _: () =
        assert!(core::mem::align_of::<&[u8]>() == core::mem::align_of::<pinocchio::cpi::Seed>());
",
            replace: "",
        },
    ],
)];

/// The workspace's own packages in which the compiler may choose what it inlines. On the chain a call costs more than its code; a module is downloaded,
/// and would be twice as long.
pub const LOOSENED: [&str; 3] = ["sessions", "sessions-core", "sessions-reducer"];

/// What is replaced in all their files, and by what.
pub const LOOSENING: (&str, &str) = ("#[inline(always)]", "#[inline]");

/// The compiler's wrapper: as the one for programs, but that it takes the edited crates in place of those that cargo names.
pub const COMPILER_WRAPPER: &str = r#"#!/bin/sh
here=${0%/*}
rust=$here/../@RUST@
target=
origin=program
for argument; do
    case $argument in
        wasm32-unknown-unknown) target=yes ;;
        force-unstable-if-unmarked) origin=library ;;
    esac
done
if [ -n "$target" ]; then
    edited=$SESSIONS_SBF_EDITED/$CARGO_PKG_NAME/src/lib.rs
    count=$#
    while [ "$count" -gt 0 ]; do
        argument=$1
        shift
        case $argument in
            */src/lib.rs) if [ -f "$edited" ]; then argument=$edited; fi ;;
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

/// The linker's wrapper. Of all that is to be exported it passes on what is ours by its name: crates far below export functions for other tools,
/// which would bring thousands more along.
pub const LINKER_WRAPPER: &str = r#"#!/bin/sh
here=${0%/*}
rust=$here/../@RUST@
count=$#
while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    count=$((count - 1))
    if [ "$argument" != --export ]; then
        set -- "$@" "$argument"
        continue
    fi
    argument=$1
    shift
    count=$((count - 1))
    case $argument in
        sessions_*) set -- "$@" --export "$argument" ;;
    esac
done
exec /lib64/ld-linux-x86-64.so.2 --library-path "$rust/usr/lib/x86_64-linux-gnu:$rust/lib/x86_64-linux-gnu" "$here/../@LLD@/usr/lib/llvm-22/bin/lld" "$@"
"#;
