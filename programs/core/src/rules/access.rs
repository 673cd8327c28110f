//! Access across sessions: what one session lets another do with its properties.

use super::permissions::{Permissions, bit_set};

bit_set! {
    /// What a session is granted in another.
    AccessRights: u32 {
        /// Read the other session's properties.
        READ = 0,
        /// Write the other session's properties.
        WRITE = 1,
    }
}

impl AccessRights {
    /// The permission that a member needs in its own session to use all of these rights in another.
    #[inline(always)]
    pub const fn permission(self) -> Permissions {
        let read = if self.contains(Self::READ) { Permissions::READ_CROSS_SESSION } else { Permissions::NONE };
        let write = if self.contains(Self::WRITE) { Permissions::WRITE_CROSS_SESSION } else { Permissions::NONE };
        read.or(write)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_right_needs_its_own_permission() {
        assert_eq!(AccessRights::READ.permission(), Permissions::READ_CROSS_SESSION);
        assert_eq!(AccessRights::WRITE.permission(), Permissions::WRITE_CROSS_SESSION);
        assert_eq!(AccessRights::ALL.permission(), Permissions::READ_CROSS_SESSION.or(Permissions::WRITE_CROSS_SESSION));
    }
}
