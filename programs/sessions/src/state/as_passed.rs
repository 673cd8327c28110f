//! `AsPassed<T>`: an account that is loaded for writing where the transaction passes it as writable, and for reading where it does not.

use {
    super::{Absence, Layout, Named, Session, Stored},
    anchor_lang::prelude::*,
    core::ops::Deref,
    sessions_core::state::Held,
};

/// A [`Stored`] account that an instruction writes only sometimes. Where it does, and the account was not passed so, the transition refuses it by
/// name.
///
/// It is the session of members' acts: they write it only if it has limits that its members share, so that members of one that has none act
/// in parallel.
pub struct AsPassed<T: Layout, A: Absence = Named>(Stored<T, A>);

impl AsPassed<Session> {
    /// The session's state, as the act holds it.
    #[inline(always)]
    pub fn held(&mut self) -> Held<'_> {
        if self.0.account().is_writable() { Held::Writable(&mut self.0.state) } else { Held::ReadOnly(&self.0.state) }
    }
}

impl<T: Layout, A: Absence> AnchorAccount for AsPassed<T, A> {
    type Data = T;
    const MIN_DATA_LEN: usize = <Stored<T, A> as AnchorAccount>::MIN_DATA_LEN;
    const RELAX_READONLY_CPI_BORROW_FROM_MUT: bool = <Stored<T, A> as AnchorAccount>::RELAX_READONLY_CPI_BORROW_FROM_MUT;

    #[inline(always)]
    fn load(view: AccountView) -> Result<Self> {
        Stored::load_for(view, view.is_writable()).map(Self)
    }

    #[inline(always)]
    #[allow(unsafe_code, reason = "the trait's method is unsafe")]
    unsafe fn load_mut(view: AccountView) -> Result<Self> {
        // SAFETY: the caller guarantees what `Stored::load_mut` asks for: no other live `&mut` to the account's data.
        unsafe { Stored::load_mut(view) }.map(Self)
    }

    #[inline(always)]
    fn account(&self) -> &AccountView {
        self.0.account()
    }
}

impl<T: Layout, A: Absence> Deref for AsPassed<T, A> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

#[doc(hidden)]
impl<T: Layout + IdlAccountType, A: Absence> IdlAccountType for AsPassed<T, A> {
    const __IDL_ACCOUNT_ENTRY: Option<&'static str> = T::__IDL_ACCOUNT_ENTRY;

    fn __idl_type_def() -> Option<&'static str> {
        T::__idl_type_def()
    }

    fn __register_idl_deps(accounts: &mut Vec<&'static str>, types: &mut Vec<&'static str>) {
        T::__register_idl_deps(accounts, types);
    }
}
