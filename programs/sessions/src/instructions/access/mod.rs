//! Properties across sessions: granting access, and using it.

mod grant_access;
mod read_property;
mod revoke_access;
mod write_property;

pub use {grant_access::*, read_property::*, revoke_access::*, write_property::*};

use {
    crate::state::{Absence, AccessGrant, Layout, Property, Stored},
    sessions_core::{
        Refusal, SessionError,
        error::{Detail, Violation},
    },
};

/// That the other session grants no access.
pub struct NotGranted;

impl Absence for NotGranted {
    #[inline(always)]
    fn refusal<T: Layout>() -> Refusal {
        Refusal { error: SessionError::PolicyViolation, detail: Some(Detail::Violation(Violation::GrantMissing)) }
    }
}

/// The grant that an act across sessions needs.
pub type Granted = Stored<AccessGrant, NotGranted>;

/// That there is no property to read.
pub struct NoProperty;

impl Absence for NoProperty {
    #[inline(always)]
    fn refusal<T: Layout>() -> Refusal {
        Refusal { error: SessionError::PropertyNotFound, detail: None }
    }
}

/// A property that is read.
pub type ReadableProperty = Stored<Property, NoProperty>;
