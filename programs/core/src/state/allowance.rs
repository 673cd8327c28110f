//! Allowances: what one member may take out of its session's vault, of one mint. Without one it may take nothing.
//!
//! An allowance is paid from in two ways: by [`spend`](AllowanceState::spend), to a wallet, and by what a function took out of the vault
//! ([`AllowanceState::charge_outflow`]). Both count against the same limits.

use {
    super::{
        AccountHeader, Act, At, Creation, Held, MemberState, SessionState, Single, all_hold,
        child::child,
        header::{account, tell},
        session::{Vault, only},
    },
    crate::{
        Address, NOBODY, Result,
        error::{Denial, InvalidField, SessionError, Violation},
        events::{AllowanceSet, AllowanceSpent, EventSink},
        rules::{
            allowance::AllowanceTerms,
            lifecycle::When,
            permissions::{Permissions, covers},
            quotas::Used,
        },
        same,
    },
    bytemuck::{Pod, Zeroable},
};

/// First seed of an allowance's address; the address of the member's account and the mint follow.
pub const SEED_ALLOWANCE: &[u8] = b"allowance";

/// What a member may take out of the vault, of one mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct AllowanceState {
    /// What every account begins with.
    pub header: AccountHeader,
    /// The address of the session.
    pub session: Address,
    /// The address of the member's account.
    pub member: Address,
    /// The mint; zeros for SOL.
    pub mint: Address,
    /// What is allowed.
    pub terms: AllowanceTerms,
    /// What was taken.
    pub used: Used,
    /// The member's join revision when it was last set: one who left and came back has to be allowed anew.
    pub join_revision: u64,
    /// Zero; for later versions.
    pub reserved: [u8; 16],
}

account!(AllowanceState = "Allowance", 0x9008_b8d5_31f8_4983, AllowanceNotFound);
child!(AllowanceState);

/// What is to be paid.
#[derive(Clone, Copy, Debug)]
pub struct Payment<'a> {
    /// The mint; zeros for SOL.
    pub mint: &'a Address,
    /// How much leaves the vault, in lamports or the mint's smallest parts.
    pub amount: u64,
    /// The wallet that gets it.
    pub destination: &'a Address,
}

impl AllowanceState {
    /// The seeds of an allowance's address, without the bump.
    pub const fn seeds<'a>(member: &'a Address, mint: &'a Address) -> [&'a [u8]; 3] {
        [SEED_ALLOWANCE, member.as_array(), mint.as_array()]
    }

    /// Makes an allowance, by the authority, from Created to Active, for an active member: `self` is the zeroed account, `made` how it came about,
    /// and `vault` the session's, if it is not known yet.
    ///
    /// Or changes the one that is there: as one is made or, to what allows nothing more than before, in any status before Closed. What was used
    /// stays used, also by one who left and came back; a limit below it allows nothing more ([`AllowanceTerms::apply_to`]).
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; AllowanceNotFound if it is another member's or another mint's; PermissionDenied; SessionNotActive,
    /// StepTimedOut, SessionExpired; MemberNotActive; InvalidConfiguration with the field's name.
    #[inline(always)]
    pub fn set(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        vault: Option<Vault>,
        member: At<'_, &MemberState>,
        mint: &Address,
        terms: &AllowanceTerms,
        made: Option<&Creation<'_>>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let At { address, state: session } = session;
        let At { address: of, state: member } = member;
        if made.is_none() {
            self.check_belongs(address, session)?;
        }
        member.check_belongs(address, session)?;
        if made.is_none() {
            self.check_is(of, mint)?;
        }
        only(&session.authority, act)?;
        // Set for one who came back, it is a new allowance, however low.
        let lowers = made.is_none() && (self.join_revision == member.join_revision || !member.is_active()) && terms.are_within(&self.terms);
        session.check_allows(if lowers { When::Leaving } else { When::Joining }, act.now)?;
        if !lowers {
            member.check_present(act.now)?;
        }
        terms.validate()?;
        if let Some(made) = made {
            session.adopt()?;
            session.settle(vault);
            self.header = AccountHeader::new(*made.payer, session.header.epoch, made.bump);
            self.session = *address;
            self.member = *of;
            self.mint = *mint;
        }
        self.header.count_write()?;
        if !lowers {
            self.join_revision = member.join_revision;
        }
        self.used = self.used.under(&self.terms.quota, &terms.quota, session.elapsed(act.now));
        self.terms = *terms;
        self.terms.apply_to(&mut self.used);
        tell(&mut self.header, &session.id, act.account, act, events, |about| AllowanceSet::new(about, member.wallet, *mint));
        Ok(())
    }

    /// Pays from the allowance, by the member with SPEND or its session key, while the session is active. The member and, if it has shared
    /// limits, the session are charged for one operation. The payment itself is the caller's to make; `act` is on the allowance.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; AllowanceNotFound if it is another member's or another mint's; those of [`authorize`](super::authorize); PermissionDenied for an
    /// allowance from before the member left; InvalidConfiguration naming an amount of 0; PolicyViolation for a destination that is not
    /// listed; AllowanceExceeded.
    #[inline(always)]
    pub fn spend(
        &mut self,
        act: &Act<'_>,
        session: At<'_, Held<'_>>,
        member: At<'_, &mut MemberState>,
        payment: &Payment<'_>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let At { address, state: mut session } = session;
        self.check_belongs(address, &session)?;
        self.check_is(member.address, payment.mint)?;
        let single = Single::new(act, address, Permissions::SPEND);
        match self.after(act, &session, member.state, payment) {
            Ok(used) => {
                self.header.check_writes(1)?;
                single.take(&mut session, member.state)?;
                self.take(act, &session, used, payment.destination, payment.amount, events)
            }
            // Whoever may not act at all is told that first.
            Err(refusal) => {
                single.check(&session, member.state)?;
                Err(refusal)
            }
        }
    }

    /// What is used once a payment is made, if the allowance has it.
    #[inline(always)]
    fn after(&self, act: &Act<'_>, session: &SessionState, member: &MemberState, payment: &Payment<'_>) -> Result<Used> {
        if payment.amount == 0 {
            return Err(InvalidField::Amount.into());
        }
        if !self.terms.lists(payment.destination) {
            return Err(Violation::DestinationNotListed.into());
        }
        self.check_room(act, session, member, payment.amount)
    }

    /// Charges what functions took out of the vault, to the member whose execution it is, with the permissions that it began with. `act` is on
    /// the allowance.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied without SPEND, or for an allowance from before the member left; PolicyViolation for an
    /// allowance with destinations; AllowanceExceeded.
    #[inline(always)]
    pub fn charge_outflow(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &SessionState>,
        member: &MemberState,
        amount: u64,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let At { address, state: session } = session;
        self.check_belongs(address, session)?;
        if !covers(member.executing, Permissions::SPEND.bits()) {
            return Err(Denial::NotPermitted.into());
        }
        if self.terms.destination_count != 0 {
            return Err(Violation::AllowanceRestricted.into());
        }
        let used = self.check_room(act, session, member, amount)?;
        self.take(act, session, used, &NOBODY, amount, events)
    }

    /// Whether this is the allowance of the member whose account is at `member`, of `mint`.
    #[inline(always)]
    pub fn is_of(&self, member: &Address, mint: &Address) -> bool {
        same(&self.member, member) && same(&self.mint, mint)
    }

    /// Refuses an allowance of another member, or of another mint.
    #[inline(always)]
    fn check_is(&self, member: &Address, mint: &Address) -> core::result::Result<(), SessionError> {
        if self.is_of(member, mint) { Ok(()) } else { Err(SessionError::AllowanceNotFound) }
    }

    /// What is used once `amount` more is, by the member as it is in the session now.
    #[inline(always)]
    fn check_room(&self, act: &Act<'_>, session: &SessionState, member: &MemberState, amount: u64) -> Result<Used> {
        if self.join_revision != member.join_revision {
            return Err(Denial::AllowanceEnded.into());
        }
        self.terms.plus(&self.used, amount, session.elapsed(act.now))
    }

    /// Writes what was taken.
    #[inline(always)]
    fn take(
        &mut self,
        act: &Act<'_>,
        session: &SessionState,
        used: Used,
        destination: &Address,
        amount: u64,
        events: &mut impl EventSink,
    ) -> Result<()> {
        self.header.count_write()?;
        self.used = used;
        let Self { header, mint, .. } = self;
        tell(header, &session.id, act.account, act, events, |about| AllowanceSpent::new(about, *mint, *destination, amount));
        Ok(())
    }

    /// Checks what must hold between two instructions; the error says what does not. Tests and fuzzing call it after every step.
    pub fn invariant(&self) -> core::result::Result<(), &'static str> {
        let rules = [
            (self.reserved == [0; 16], "reserved bytes are zero"),
            (self.terms.validate().is_ok(), "the terms are sound"),
            (self.used.is_within(&self.terms.quota), "nothing is taken beyond its limit"),
            (self.join_revision > 0, "it was set for a member"),
        ];
        all_hold(self.header.invariant().iter().chain(&rules))
    }
}
