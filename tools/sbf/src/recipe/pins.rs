//! The versions that make up the toolchain.

/// A Debian package at one version.
#[derive(Clone, Copy, Debug)]
pub struct Pin {
    /// The package.
    pub package: &'static str,
    /// The version that the recipe was tried with.
    pub version: &'static str,
    /// How a version that may stand in for it begins, once the archive no longer serves it.
    pub series: &'static str,
}

/// The release that the compiler comes from.
pub const RUST_SUITE: &str = "bookworm";

/// The compiler.
pub const RUST: Pin = Pin { package: "rustc-web", version: "1.96.0+dfsg1-1~deb12u2", series: "1.96." };

/// What has to be of the compiler's very version: its own library, for procedural macros and build scripts, and the library's source.
pub const RUST_COMPANIONS: [&str; 3] = ["libstd-rust-web-1.96", "libstd-rust-web-dev", "rust-web-src"];

/// The compiler's LLVM, which optimises the program as a whole.
pub const RUST_LLVM: Pin = Pin { package: "libllvm22", version: "1:22.1.8-1~deb12u1", series: "1:22." };

/// The shared libraries that the compiler and its LLVM load, but for the C library: that one is the host's, because procedural macros are
/// linked with the host's and loaded by the compiler.
pub const RUST_LIBRARIES: [&str; 13] = [
    "libbsd0",
    "libedit2",
    "libffi8",
    "libgcc-s1",
    "libicu72",
    "liblzma5",
    "libmd0",
    "libstdc++6",
    "libtinfo6",
    "libxml2",
    "libz3-4",
    "libzstd1",
    "zlib1g",
];

/// Where the compiler's source package has the standard library, below the folder of its version.
pub const LIBRARY_SOURCE: (&str, &str) = ("usr/src", "library");

/// The release that the linker's LLVM comes from.
pub const LLVM_SUITE: &str = "sid";

/// The linker's LLVM, which generates the program's code: the first whose BPF backend knows stack arguments, 128-bit returns and libcalls.
pub const LLVM: Pin = Pin { package: "libllvm23", version: "1:23.1.4-2", series: "1:23." };

/// The LLVM library's file in its package.
pub const LLVM_LIBRARY: &str = "libLLVM.so.23.1";

/// The linker on crates.io, built with the versions of its own lock file.
pub const LINKER: (&str, &str) = ("sbpf-linker", "0.2.6");

/// The linker's feature that takes the LLVM above.
pub const LINKER_FEATURES: &str = "bpf-linker/llvm-23";
