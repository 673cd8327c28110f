//! Permission bits and setting bits. Deny by default: what is not set is not allowed, and a bit without a name is refused.

macro_rules! bit_set {
    ($(#[$meta:meta])* $name:ident: $bits:ty { $($(#[$doc:meta])* $flag:ident = $bit:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name($bits);

        impl $name {
            $($(#[$doc])* pub const $flag: Self = Self(1 << $bit);)+

            /// No bit.
            pub const NONE: Self = Self(0);
            /// Every bit that has a name.
            pub const ALL: Self = Self(0 $(| 1 << $bit)+);
            /// Every bit with its name, as it is written in scenarios and on the command line.
            pub const NAMES: &[(&'static str, Self)] = &[$((stringify!($flag), Self::$flag)),+];

            /// The set with these bits, or `None` if one of them has no name.
            #[inline(always)]
            pub const fn from_bits(bits: $bits) -> Option<Self> {
                if bits & !Self::ALL.0 == 0 { Some(Self(bits)) } else { None }
            }

            /// The set's bits, as they are stored.
            #[inline(always)]
            pub const fn bits(self) -> $bits {
                self.0
            }

            /// Whether every bit of `other` is in this set.
            #[inline(always)]
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// The bits that both sets have.
            pub const fn and(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }

            /// The bits that either set has.
            pub const fn or(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// The names of the bits in this set.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                Self::NAMES.iter().filter(move |(_, flag)| self.contains(*flag)).map(|(name, _)| *name)
            }
        }
    };
}

pub(crate) use bit_set;

bit_set! {
    /// What members of a session can be allowed to do.
    Permissions: u32 {
        /// Call a registered function.
        EXECUTE_FUNCTIONS = 0,
        /// Call several registered functions, all or nothing.
        COMPOSE_FUNCTIONS = 1,
        /// Read another session's properties, if it grants access.
        READ_CROSS_SESSION = 2,
        /// Write another session's properties, if it grants access.
        WRITE_CROSS_SESSION = 3,
        /// Write the session's own properties.
        WRITE_PROPERTIES = 4,
        /// Send messages.
        SEND_MESSAGES = 5,
        /// Invite members.
        INVITE_MEMBERS = 6,
        /// Remove members.
        REMOVE_MEMBERS = 7,
        /// Spend from an allowance.
        SPEND = 8,
    }
}

bit_set! {
    /// How a session behaves.
    Settings: u16 {
        /// Anyone may end the session once its time is over.
        AUTO_EXPIRE = 0,
        /// An event tells of every execution and consumption.
        LOG_EXECUTION = 1,
        /// The compute units of executions are recorded.
        MONITOR_PERFORMANCE = 2,
        /// While the session is paused, its time stands still, up to its hard end.
        PAUSE_STOPS_CLOCK = 3,
        /// Nobody joins without an invitation.
        INVITE_ONLY = 4,
    }
}

/// Whether one who has the bits `had` has all of `needed`: the one comparison behind every question of permission.
#[inline(always)]
pub const fn covers(had: u32, needed: u32) -> bool {
    needed & !had == 0
}

#[cfg(test)]
mod tests {
    use {super::*, std::vec::Vec};

    #[test]
    fn a_bit_without_a_name_is_refused() {
        assert_eq!(Permissions::from_bits(0), Some(Permissions::NONE));
        assert_eq!(Permissions::from_bits(0x1ff), Some(Permissions::ALL));
        assert_eq!(Permissions::from_bits(0x200), None);
        assert_eq!(Permissions::from_bits(u32::MAX), None);
        assert_eq!(Settings::from_bits(0x1f), Some(Settings::ALL));
        assert_eq!(Settings::from_bits(0x20), None);
    }

    #[test]
    fn nothing_covers_a_bit_that_it_does_not_have() {
        assert!(covers(0b110, 0b100) && covers(0b110, 0b110) && covers(0b110, 0) && covers(0, 0));
        assert!(!covers(0b110, 0b001) && !covers(0b110, 0b111) && !covers(0, 1));
    }

    #[test]
    fn names_are_those_of_the_bits() {
        let set = Permissions::SPEND.or(Permissions::SEND_MESSAGES);
        assert_eq!(set.names().collect::<Vec<_>>(), ["SEND_MESSAGES", "SPEND"]);
        assert_eq!(Permissions::ALL.names().count(), 9);
        assert_eq!(set.and(Permissions::SPEND), Permissions::SPEND);
        assert!(set.contains(Permissions::SPEND) && !set.contains(Permissions::INVITE_MEMBERS));
    }
}
