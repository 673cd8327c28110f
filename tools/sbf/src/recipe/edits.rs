//! What is changed in the standard library so that it builds for `target_os = "solana"`.
//!
//! The frameworks that programs are written with use `std` in a few types. Each edit gives solana what the same file gives to the
//! single-threaded targets `vexos` and `zkvm`. No edit may match more or less than once: then the library is another than the one they were made for.

/// A replacement in one file of the library.
#[derive(Clone, Copy, Debug)]
pub struct Edit {
    /// What it is for, in an error.
    pub name: &'static str,
    /// The file, below the library's folder.
    pub file: &'static str,
    /// The text to find, exactly once.
    pub find: &'static str,
    /// What takes its place.
    pub replace: &'static str,
}

/// All edits, in order.
pub const EDITS: [Edit; 8] = [
    Edit {
        name: "smallest alignment",
        file: "std/src/sys/alloc/mod.rs",
        find: r#"    target_arch = "csky",
"#,
        replace: r#"    target_arch = "bpf",
    target_arch = "csky",
"#,
    },
    // The program brings its own global allocator; this one only has to exist.
    Edit {
        name: "system allocator",
        file: "std/src/sys/alloc/mod.rs",
        find: r#"    target_os = "uefi" => {
"#,
        replace: r#"    target_os = "solana" => {
        mod solana {
            use crate::alloc::{GlobalAlloc, Layout, System};

            #[stable(feature = "alloc_system_type", since = "1.28.0")]
            unsafe impl GlobalAlloc for System {
                unsafe fn alloc(&self, _layout: Layout) -> *mut u8 {
                    crate::ptr::null_mut()
                }

                unsafe fn dealloc(&self, _ptr: *mut u8, _layout: Layout) {}
            }
        }
    }
    target_os = "uefi" => {
"#,
    },
    Edit {
        name: "I/O errors",
        file: "std/src/sys/io/error/mod.rs",
        find: r#"        target_os = "vexos",
"#,
        replace: r#"        target_os = "solana",
        target_os = "vexos",
"#,
    },
    Edit {
        name: "thread locals",
        file: "std/src/sys/thread_local/mod.rs",
        find: r#"        target_os = "vexos",
    ) => {
        mod no_threads;"#,
        replace: r#"        target_os = "solana",
        target_os = "vexos",
    ) => {
        mod no_threads;"#,
    },
    Edit {
        name: "thread locals' guard",
        file: "std/src/sys/thread_local/mod.rs",
        find: r#"            target_os = "vexos",
        ) => {
            pub(crate) fn enable()"#,
        replace: r#"            target_os = "solana",
            target_os = "vexos",
        ) => {
            pub(crate) fn enable()"#,
    },
    Edit {
        name: "random bytes",
        file: "std/src/sys/random/mod.rs",
        find: r#"        target_os = "vexos",
    ) => {"#,
        replace: r#"        target_os = "solana",
        target_os = "vexos",
    ) => {"#,
    },
    Edit {
        name: "random hash keys",
        file: "std/src/sys/random/mod.rs",
        find: r#"    target_os = "vexos",
)))]"#,
        replace: r#"    target_os = "solana",
    target_os = "vexos",
)))]"#,
    },
    // The keys are otherwise kept in a writable static, which a program cannot have.
    Edit {
        name: "constant hash keys",
        file: "std/src/hash/random.rs",
        find: r#"    pub fn new() -> RandomState {
"#,
        replace: r#"    pub fn new() -> RandomState {
        if cfg!(target_os = "solana") {
            return RandomState { k0: 0, k1: 0 };
        }
"#,
    },
];
