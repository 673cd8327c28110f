//! What other programs ask of a membership, and charge it, by calling this one.

mod consume;
mod validate_session;

pub use {consume::*, validate_session::*};

use {
    crate::refusal::refuse,
    anchor_lang::{pinocchio::cpi::set_return_data, prelude::*},
    sessions_core::{error::InvalidField, state::Standing},
};

/// What both ask for.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
#[wincode(assert_zero_copy)]
pub struct ConsumeArgs {
    /// How many units the act costs.
    pub units: u64,
    /// What the member must be permitted, all of it: bits of `Permissions`; 0 for EXECUTE_FUNCTIONS.
    pub permissions: u32,
    /// Zero.
    pub reserved: u32,
}

impl ConsumeArgs {
    /// Checks what is not for the transition to look at.
    #[inline(always)]
    fn validate(&self) -> Result<()> {
        if self.reserved == 0 { Ok(()) } else { Err(refuse(InvalidField::Reserved.into())) }
    }
}

/// Answers how the member stands.
#[inline(always)]
fn answer(standing: &Standing) {
    set_return_data(bytemuck::bytes_of(standing));
}
