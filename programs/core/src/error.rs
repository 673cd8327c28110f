//! The errors of the program: one for each condition that a caller can meet.
//!
//! The list stands in [`for_each_error!`](crate::for_each_error) alone; the enum here, the program's IDL and the clients' messages are made
//! from it. Codes are positions in the list, starting at [`ERROR_OFFSET`], and are append-only.

use crate::texts::Texts;

/// The first error code: where Anchor's custom errors begin.
pub const ERROR_OFFSET: u32 = 6000;

/// Calls the macro `$define` with every error: documentation, name and the message that users see.
///
/// A message says what was wrong and what would be right.
#[macro_export]
macro_rules! for_each_error {
    ($define:ident) => {
        $define! {
            SessionNotFound = "There is no session at this address; check the creator and the session id.",
            SessionNotActive = "The session's present status does not allow this; for most acts it has to be active.",
            SessionExpired = "The session's time is over; only expire_session is left.",
            PermissionDenied = "The signer may not do this; the log or the protocol's tables say who may.",
            InvalidConfiguration = "An argument is out of its range; the field's name is in the log.",
            CreationFailed = "The session was closed because its creation failed; request a new one.",
            ActivationFailed = "The session was closed because its activation failed; request a new one.",
            QuotaExceeded = "A quota of the session or of the member is used up.",
            PolicyViolation = "The session's policy forbids this.",
            InvalidTransition = "The session's present status does not allow this step.",
            StepTimedOut = "The deadline of the current step has passed; only its timeout exit is left.",
            NotYetExpired = "It is too early: the deadline or the end that this waits for has not come.",
            StaleEpoch = "The account belongs to an earlier life of this session id.",
            UnsupportedVersion = "The account was written by a version of the program that this one does not know.",
            SessionAlreadyExists = "This creator already has a session with this id; reclaim it or choose another id.",
            SessionTooNew = "A session cannot be deleted in the slot in which it was requested; try again in the next slot.",
            ChildrenRemain = "Accounts of the session remain; reclaim them first.",
            WrongRentRecipient = "Rent goes back only to the recorded payer, and what the vault holds only to the session's creator.",
            ArithmeticOverflow = "A number would leave its range; nothing was changed.",
            SessionFull = "Every seat of the session is taken; someone has to leave, or max_members has to rise.",
            MemberNotFound = "There is no such member of the session at this address; check the session and the wallet.",
            MemberNotActive = "The member that this is about left, was removed or has expired.",
            AlreadyMember = "The wallet is an active member of the session already.",
            InvitationNotFound = "There is no such invitation: it was never made, or it was used, declined or revoked.",
            InvitationAlreadyExists = "There is such an invitation already; revoke it before making another.",
            InvitationExpired = "The invitation's time is over; ask for a new one.",
            InvitationRevoked = "The invitation no longer counts: its inviter lost the right to it, or it is older than a removal.",
            InvitationExhausted = "The token's uses are used up; ask for a new one.",
            InvitationRequired = "This wallet joins only with an invitation; one who was removed needs a later one, in their own name.",
            InvitationNotForSigner = "The invitation is another wallet's, or the token another key's.",
            PermissionsTooWide = "What is given is wider than what the giver has, in permissions, quotas or time; narrow it or leave it out.",
            SessionKeyNotFound = "The member has no session key.",
            WrongSession = "An account belongs to another session than the one it was passed with.",
            AccountsMustDiffer = "One account stands for two that must differ.",
            VersionConflict = "The property is not at the version that was expected; read it again.",
            ValueTooLong = "The value is longer than its room: a property's capacity (at most 704 bytes), or 768 bytes of a message.",
            SequenceNotRising = "A checkpoint's sequence number must be above the last one's.",
            ChildNotFound = "An account to be reclaimed is not there, or none that can belong to a session.",
            SessionReadOnly = "The session has limits that its members share, and the act counts in them; pass the session as writable.",
            FunctionNotFound = "No such function is registered with the session; its authority registers it first.",
            FunctionAlreadyRegistered = "The function is registered with the session already; unregister it first to change it.",
            AllowanceNotFound = "The member has no such allowance from the session's vault; the authority sets one, for each mint.",
            AllowanceExceeded = "The allowance does not reach this far: in one call, in this window, or in all.",
            VaultBelowRent = "The vault has to end with nothing or with at least the rent minimum of an empty account.",
            InsufficientVault = "The vault does not hold that much.",
            InvalidTokenAccount = "A token account is another mint's, another owner's, or not the vault's associated one.",
            UnsupportedMint = "The mint has an extension by which value could be taken in another way: a permanent delegate, a hook, confidential amounts, or one that is not known.",
            AccessNotFound = "There is no such grant: it was never made, or it was revoked.",
            PropertyNotFound = "The other session has no such property."
        }
    };
}

macro_rules! define_errors {
    ($($name:ident = $message:literal),+ $(,)?) => {
        /// A condition under which the program refuses an instruction. Its documentation is its [message](SessionError::message).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u32)]
        #[non_exhaustive]
        pub enum SessionError {
            $(#[doc = $message] $name),+
        }

        impl SessionError {
            /// Every error, in the order of its code.
            pub const ALL: &[SessionError] = &[$(SessionError::$name),+];

            /// The error's name, as it stands in the IDL and in scenarios.
            pub const fn name(self) -> &'static str {
                match self { $(SessionError::$name => stringify!($name)),+ }
            }

            /// What was wrong and what would be right, in one sentence.
            pub const fn message(self) -> &'static str {
                match self { $(SessionError::$name => $message),+ }
            }
        }
    };
}

for_each_error!(define_errors);

impl SessionError {
    /// The code that a failed transaction carries, `ERROR_OFFSET` onward.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "a list of errors does not reach four thousand million entries")]
    pub const fn code(self) -> u32 {
        ERROR_OFFSET + self as u32
    }

    /// The error with this code, if it is one of this program's.
    pub fn from_code(code: u32) -> Option<Self> {
        let index = usize::try_from(code.checked_sub(ERROR_OFFSET)?).ok()?;
        Self::ALL.get(index).copied()
    }

    /// The error with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|error| error.name() == name)
    }
}

impl core::fmt::Display for SessionError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.name(), self.message())
    }
}

impl core::error::Error for SessionError {}

macro_rules! define_fields {
    ($($field:ident = $name:literal),+ $(,)?) => {
        /// A field of an argument that is out of its range. It becomes [`SessionError::InvalidConfiguration`].
        ///
        /// A byte and not a name, so that a check costs the program next to nothing until it fails.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum InvalidField { $(#[doc = concat!("`", $name, "`")] $field),+ }

        impl InvalidField {
            /// The field's name, as callers write it.
            #[inline(always)]
            pub fn name(self) -> &'static str {
                const NAMES: Texts<{ [$($name),+].len() }> = Texts::new(concat!($($name),+), [$($name.len()),+]);
                NAMES.get(self as usize)
            }
        }
    };
}

define_fields! {
    Host = "host",
    Kind = "kind",
    Reserved = "reserved",
    MaxMembers = "max_members",
    MaxDuration = "max_duration",
    HardLimit = "hard_limit",
    StepTimeout = "step_timeout",
    InvitationTtl = "invitation_ttl",
    Permissions = "permissions",
    Settings = "settings",
    QuotaOfOperations = "quotas.operations",
    QuotaOfUnits = "quotas.units",
    QuotaOfBytes = "quotas.bytes",
    Changes = "changes",
    ExpiresIn = "expires_in",
    Reason = "reason",
    Role = "role",
    Ttl = "ttl",
    Uses = "uses",
    Member = "member",
    Token = "token",
    Key = "key",
    Capacity = "capacity",
    Program = "program",
    Selector = "selector",
    Composable = "composable",
    Accounts = "accounts",
    Calls = "calls",
    Amount = "amount",
    QuotaOfAllowance = "quota",
    Destinations = "destinations",
    AccessRights = "rights",
    Reader = "reader",
}

macro_rules! define_reasons {
    ($(#[$meta:meta])* $name:ident { $($reason:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $name { $(#[doc = $text] $reason),+ }

        impl $name {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$reason),+];

            /// The reason in words.
            #[inline(always)]
            pub fn text(self) -> &'static str {
                const TEXTS: Texts<{ [$($text),+].len() }> = Texts::new(concat!($($text),+), [$($text.len()),+]);
                TEXTS.get(self as usize)
            }
        }
    };
}

define_reasons! {
    /// Why exactly a signer may not do something. It becomes [`SessionError::PermissionDenied`].
    Denial {
        NotAMember = "the signer is no member of the session, or did not act as one",
        NotThisMember = "the signer is neither the member's wallet nor its session key",
        NotTheWallet = "only the member's own wallet may do this, and no session key",
        NotActive = "the member left the session or was removed from it",
        Expired = "the membership has expired",
        KeyExpired = "the session key has expired",
        NotPermitted = "the session, the member or the session key does not have the permission",
        AuthorityStays = "the authority cannot leave or be removed; hand the session over first",
        MorePermitted = "the member has permissions that the signer does not have",
        AllowanceEnded = "the allowance was set before the member left the session",
        NotTheVault = "the vault did not sign, or is another session's",
    }
}

define_reasons! {
    /// Which rule of the session's policy something breaks. It becomes [`SessionError::PolicyViolation`].
    Violation {
        ForbiddenProgram = "this program is never called with a session: value moves by allowance alone",
        SelectorMismatch = "the data does not begin with the bytes that the function is registered for",
        NotComposable = "the function is not registered to be composed",
        ForeignAccount = "of this program's accounts only the vault, the session and the caller's membership are passed on",
        WritableState = "the session and the membership are passed on for reading only",
        VaultChanged = "the vault has to stay without data and the system program's",
        TokenAccountChanged = "a token account of the vault was closed or resized, or has another mint, owner, delegate, close authority or fewer lamports",
        TokenAccountUnsafe = "a new token account of the vault has a delegate, a close authority or an extension of its own",
        AllowanceRestricted = "an allowance with destinations pays for spend alone",
        DestinationNotListed = "the allowance does not list this destination",
        GrantMissing = "the other session grants this one no access",
        GrantOfAnother = "the grant is between other sessions",
        GrantExpired = "the grant has expired",
        GrantTooNarrow = "the grant does not include this right",
    }
}

/// What an error's name leaves open; the program logs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// With [`SessionError::InvalidConfiguration`]: the field that was out of its range.
    Field(InvalidField),
    /// With [`SessionError::PermissionDenied`]: why.
    Denial(Denial),
    /// With [`SessionError::PolicyViolation`]: the rule that was broken.
    Violation(Violation),
}

impl Detail {
    /// The error that leaves it open.
    pub const fn error(self) -> SessionError {
        match self {
            Self::Field(_) => SessionError::InvalidConfiguration,
            Self::Denial(_) => SessionError::PermissionDenied,
            Self::Violation(_) => SessionError::PolicyViolation,
        }
    }

    /// The field's name, or the reason in words.
    #[inline(always)]
    pub fn text(self) -> &'static str {
        match self {
            Self::Field(field) => field.name(),
            Self::Denial(denial) => denial.text(),
            Self::Violation(violation) => violation.text(),
        }
    }
}

/// Why a transition did not happen: an error, and what its name leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The error that the transaction carries.
    pub error: SessionError,
    /// What its name leaves open; the program logs it.
    pub detail: Option<Detail>,
}

impl Refusal {
    /// The field that was out of its range, if one was.
    pub const fn field(&self) -> Option<InvalidField> {
        match self.detail {
            Some(Detail::Field(field)) => Some(field),
            _ => None,
        }
    }
}

impl From<SessionError> for Refusal {
    #[cold]
    #[inline(never)]
    fn from(error: SessionError) -> Self {
        Self { error, detail: None }
    }
}

impl From<InvalidField> for Refusal {
    #[cold]
    #[inline(never)]
    fn from(field: InvalidField) -> Self {
        Detail::Field(field).into()
    }
}

impl From<Denial> for Refusal {
    #[cold]
    #[inline(never)]
    fn from(denial: Denial) -> Self {
        Detail::Denial(denial).into()
    }
}

impl From<Detail> for Refusal {
    #[inline(always)]
    fn from(detail: Detail) -> Self {
        Self { error: detail.error(), detail: Some(detail) }
    }
}

impl From<Violation> for Refusal {
    #[cold]
    #[inline(never)]
    fn from(violation: Violation) -> Self {
        Detail::Violation(violation).into()
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.detail {
            Some(detail) => write!(f, "{} ({})", self.error, detail.text()),
            None => self.error.fmt(f),
        }
    }
}

impl core::error::Error for Refusal {}

#[cfg(feature = "anchor")]
impl From<SessionError> for anchor_lang::Error {
    #[inline(always)]
    fn from(error: SessionError) -> Self {
        anchor_lang::Error::Custom(error.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_errors_keep_their_promised_order() {
        let promised = [
            "SessionNotFound",
            "SessionNotActive",
            "SessionExpired",
            "PermissionDenied",
            "InvalidConfiguration",
            "CreationFailed",
            "ActivationFailed",
            "QuotaExceeded",
            "PolicyViolation",
        ];
        for (error, name) in SessionError::ALL.iter().zip(promised) {
            assert_eq!(error.name(), name);
        }
    }

    #[test]
    fn codes_and_names_lead_back_to_the_error() {
        for (code, error) in (ERROR_OFFSET..).zip(SessionError::ALL) {
            assert_eq!(error.code(), code);
            assert_eq!(SessionError::from_code(code), Some(*error));
            assert_eq!(SessionError::from_name(error.name()), Some(*error));
        }
        assert_eq!(SessionError::from_code(ERROR_OFFSET - 1), None);
        assert_eq!(SessionError::from_code(ERROR_OFFSET + SessionError::ALL.len() as u32), None);
        assert_eq!(SessionError::from_name("NoSuchError"), None);
    }
}
