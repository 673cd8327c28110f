//! Where to report a weakness, inside the program file itself (`solana-security-txt`'s format).
//!
//! The file is the same for everyone who builds it, so it points at the source; who deploys it under an address of their own puts their own
//! contact here.

#[cfg(not(feature = "no-entrypoint"))]
solana_security_txt::security_txt! {
    name: "Sessions",
    project_url: "see README.md of the source",
    contacts: "other:see SECURITY.md of the source",
    policy: "see SECURITY.md of the source"
}
