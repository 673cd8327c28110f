//! Functions: what a session lets its members call, with its vault's signature.

mod compose_functions;
mod execute_function;
mod register_function;
mod unregister_function;

pub use {compose_functions::*, execute_function::*, register_function::*, unregister_function::*};
