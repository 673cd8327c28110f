//! The command without the local validator in it: `--no-default-features`.

#![cfg(not(feature = "localnet"))]

use std::process::Command;

#[test]
fn it_says_how_to_get_the_local_validator() {
    let output = Command::new(env!("CARGO_BIN_EXE_sessions")).arg("localnet").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), told.lines().count()), (Some(2), 1));
    assert!(told.contains("built without the local validator; install it with its default features"), "{told}");
}
