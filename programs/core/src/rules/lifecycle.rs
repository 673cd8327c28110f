//! The lifecycle: one total table from status and transition to the next status.
//!
//! `Requested → Creating → Created → Activating → Active ⇄ Paused → Closing → Closed`, with exits to Closed from every status. The table says
//! what is *possible*; who may do it, and when, is checked beside it in [`crate::state::SessionState`], in the order: who, transition, time.

macro_rules! byte_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $byte:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $variant = $byte),+ }

        impl $name {
            /// Every value, in the order of its byte.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The value with this byte, if there is one.
            #[inline(always)]
            pub const fn from_byte(byte: u8) -> Option<Self> {
                match byte { $($byte => Some($name::$variant),)+ _ => None }
            }

            /// The value's name in Rust's spelling.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => stringify!($variant)),+ }
            }
        }
    };
}
pub(crate) use byte_enum;

byte_enum! {
    /// Where a session stands in its life. The byte is stored in the account.
    Status {
        /// The creator asked for the session; the host has to begin its creation.
        Requested = 0,
        /// The host prepares the session.
        Creating = 1,
        /// The session exists and waits for its authority to begin the activation.
        Created = 2,
        /// The host prepares the start.
        Activating = 3,
        /// Members can act; the time runs.
        Active = 4,
        /// Members cannot act; the authority can resume.
        Paused = 5,
        /// The authority closes the session; the host winds it up.
        Closing = 6,
        /// The session is over, whatever the reason. What is left is to reclaim its accounts.
        Closed = 7,
    }
}

byte_enum! {
    /// A step of the lifecycle, named like the instruction that takes it.
    Transition {
        /// `begin_creation`
        BeginCreation = 0,
        /// `complete_creation`
        CompleteCreation = 1,
        /// `begin_activation`
        BeginActivation = 2,
        /// `complete_activation`
        CompleteActivation = 3,
        /// `pause_session`
        Pause = 4,
        /// `resume_session`
        Resume = 5,
        /// `update_session`, which leaves the status as it is
        Update = 6,
        /// `close_session`
        Close = 7,
        /// `complete_close`
        CompleteClose = 8,
        /// `abort_session`
        Abort = 9,
        /// `expire_session`
        Expire = 10,
        /// `reclaim_session`, after which the account is gone
        Reclaim = 11,
    }
}

/// The table: the status after `transition` from `status`, or `None` where the transition is not possible.
///
/// [`Transition::Reclaim`] leads from Closed to Closed: it deletes the account, and there is no status after that.
#[inline(always)]
pub const fn next(status: Status, transition: Transition) -> Option<Status> {
    use {Status as S, Transition as T};
    match (transition, status) {
        (T::BeginCreation, S::Requested) => Some(S::Creating),
        (T::CompleteCreation, S::Creating) => Some(S::Created),
        (T::BeginActivation, S::Created) => Some(S::Activating),
        (T::CompleteActivation, S::Activating) => Some(S::Active),
        (T::Pause, S::Active) => Some(S::Paused),
        (T::Resume, S::Paused) => Some(S::Active),
        (T::Update, S::Created | S::Activating | S::Active | S::Paused) => Some(status),
        (T::Close, S::Active | S::Paused) => Some(S::Closing),
        (T::CompleteClose, S::Closing) => Some(S::Closed),
        (T::Abort, S::Requested | S::Creating | S::Created | S::Activating) => Some(S::Closed),
        (T::Expire, S::Active | S::Paused) => Some(S::Closed),
        (T::Reclaim, S::Closed) => Some(S::Closed),
        _ => None,
    }
}

/// What kind of act something is, as far as a session's status decides about it. Steps of the lifecycle have their own table ([`next`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// Inviting, joining, giving a session key: from Created to Active.
    Joining,
    /// What members do with the session: Active.
    Acting,
    /// What the authority changes about members and about itself: from Created to Paused, like `update_session`.
    Ruling,
    /// What the host records: Active, Paused and Closing.
    Serving,
    /// What gives something up: in any status before Closed, whatever the time, so that nothing blocks an emergency brake.
    Leaving,
}

/// Whether a session in this status allows an act of this kind, while its time is not over.
#[inline(always)]
pub const fn allows(status: Status, when: When) -> bool {
    use Status as S;
    match when {
        When::Joining => matches!(status, S::Created | S::Activating | S::Active),
        When::Acting => matches!(status, S::Active),
        When::Ruling => matches!(status, S::Created | S::Activating | S::Active | S::Paused),
        When::Serving => matches!(status, S::Active | S::Paused | S::Closing),
        When::Leaving => !matches!(status, S::Closed),
    }
}

byte_enum! {
    /// Why a session was closed. The byte is stored in the account and in the events; bytes from [`APPLICATION_REASONS`] on are the
    /// application's own and have no name here.
    CloseReason {
        /// The session is not closed.
        None = 0,
        /// The authority closed it after use.
        Completed = 1,
        /// The creator withdrew it before it was active, or the authority called it off.
        Cancelled = 2,
        /// The host could not create or activate it.
        Failed = 3,
        /// A step's deadline passed.
        TimedOut = 4,
        /// Its time was over.
        Expired = 5,
    }
}

/// The first reason that an application may give a meaning of its own, in `close_session`.
pub const APPLICATION_REASONS: u8 = 16;

/// Whether the authority may give `reason` when it closes a session: completed, cancelled or one of the application's own.
#[inline(always)]
pub const fn may_close_with(reason: u8) -> bool {
    reason == CloseReason::Completed as u8 || reason == CloseReason::Cancelled as u8 || reason >= APPLICATION_REASONS
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        std::{vec, vec::Vec},
    };

    /// The promised table again, as text: a row a status, a column a transition, in the order of their bytes; `.` is "not possible".
    const TABLE: &str = "
        Requested   Creating .       .          .      .      .      .          .       .      Closed .      .
        Creating    .        Created .          .      .      .      .          .       .      Closed .      .
        Created     .        .       Activating .      .      .      Created    .       .      Closed .      .
        Activating  .        .       .          Active .      .      Activating .       .      Closed .      .
        Active      .        .       .          .      Paused .      Active     Closing .      .      Closed .
        Paused      .        .       .          .      .      Active Paused     Closing .      .      Closed .
        Closing     .        .       .          .      .      .      .          .       Closed .      .      .
        Closed      .        .       .          .      .      .      .          .       .      .      .      Closed
    ";

    #[test]
    fn the_table_is_the_promised_one() {
        let rows: Vec<Vec<&str>> = TABLE.lines().map(|l| l.split_whitespace().collect()).filter(|r: &Vec<_>| !r.is_empty()).collect();
        assert_eq!(rows.len(), Status::ALL.len());
        for (row, status) in rows.iter().zip(Status::ALL) {
            assert_eq!(row[0], status.name());
            assert_eq!(row.len(), Transition::ALL.len() + 1);
            for (cell, transition) in row[1..].iter().zip(Transition::ALL) {
                let after = next(*status, *transition).map_or(".", Status::name);
                assert_eq!(*cell, after, "{status:?} {transition:?}");
            }
        }
    }

    #[test]
    fn closed_is_final_and_reachable_from_every_status() {
        for status in Status::ALL {
            let mut reached = vec![*status];
            let mut i = 0;
            while i < reached.len() {
                for transition in Transition::ALL {
                    if let Some(after) = next(reached[i], *transition)
                        && !reached.contains(&after)
                    {
                        reached.push(after);
                    }
                }
                i += 1;
            }
            assert!(reached.contains(&Status::Closed), "{status:?}");
            if *status == Status::Closed {
                assert_eq!(reached, [Status::Closed]);
            }
        }
    }

    #[test]
    fn what_is_allowed_when_is_the_promised_table() {
        let table = [
            (When::Joining, "..xxx..."),
            (When::Acting, "....x..."),
            (When::Ruling, "..xxxx.."),
            (When::Serving, "....xxx."),
            (When::Leaving, "xxxxxxx."),
        ];
        for (when, row) in table {
            for (cell, status) in row.chars().zip(Status::ALL) {
                assert_eq!(allows(*status, when), cell == 'x', "{when:?} {status:?}");
            }
        }
    }

    #[test]
    fn bytes_lead_back_to_their_values() {
        for byte in 0..=u8::MAX {
            assert_eq!(Status::from_byte(byte).map(|s| s as u8), (byte < 8).then_some(byte));
            assert_eq!(Transition::from_byte(byte).map(|t| t as u8), (byte < 12).then_some(byte));
            assert_eq!(CloseReason::from_byte(byte).map(|r| r as u8), (byte < 6).then_some(byte));
        }
    }

    #[test]
    fn only_the_authoritys_reasons_close_a_session() {
        let allowed: Vec<u8> = (0..=u8::MAX).filter(|b| may_close_with(*b)).collect();
        assert_eq!(allowed[..2], [1, 2]);
        assert_eq!(allowed[2..], (16..=255).collect::<Vec<u8>>());
    }
}
