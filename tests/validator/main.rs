//! The client against a validator, over real JSON-RPC and web sockets, and against the embedded ledger: one suite on both.
//!
//! | module | what |
//! |---|---|
//! | `promises` | what every ledger promises, run on each |
//! | `caching` | the optimistic cache, run on each, and through connections that break |
//! | `landing` | transactions that land, run on each |
//! | `cluster` | what only a cluster can be: absent, without the program, behind, something else |
//! | `faults` | connections that break |
//! | `support` | a local validator in this process, a proxy that breaks connections, actors and transactions |

mod caching;
mod cluster;
mod faults;
mod landing;
mod promises;
mod support;

/// Runs each of these on the embedded ledger and on a local validator: that of `sessions localnet`, or for `make test-validator` the real one.
macro_rules! on_both {
    ($suite:ident: $($name:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test]
            async fn $name() {
                super::$name(sessions_client::Embedded::new().unwrap()).await;
            })*
        }

        mod rpc {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let started = crate::support::Started::anew().await;
                super::$name(started.ledger()).await;
            })*
        }
    };
}
pub(crate) use on_both;
