//! The catalogue of events, once: the structs, the decoder, the program's IDL and the protocol page are made from it.

/// Calls the macro `$define` with every event: documentation, name, discriminator and the fields after the header. `+ message` names a last
/// field that is only as long in the log as it has to be.
#[macro_export]
macro_rules! for_each_event {
    ($define:ident) => {
        $define! {
            /// A creator asked for a session.
            SessionRequested = 0x32f588e9eb3b038b {}
            /// The host began to create the session.
            SessionCreating = 0xecaa2734876b8c3b {}
            /// The session was created.
            SessionCreated = 0x6b6ffe19157adce1 {
                /// Who asked for it.
                creator: Address,
                /// What it is.
                config: SessionConfig,
            }
            /// The authority began the session's activation.
            SessionActivating = 0xbd9a59a91f309136 {}
            /// The session was activated; its time runs.
            SessionActivated = 0xb1220b7f995dff22 {
                /// When it ends, if no pause moves it.
                expires_at: i64,
                /// When it ends in any case.
                hard_end: i64,
            }
            /// The session was paused.
            SessionPaused = 0xdbb30e178f5fcc86 {}
            /// The session was resumed.
            SessionResumed = 0xcc77dedbedc77545 {
                /// When it ends now.
                expires_at: i64,
            }
            /// The session's host, metadata, configuration or end was changed.
            SessionUpdated = 0x2cd0e10bcbd022c5 {}
            /// The session's time was over; it is closed with the reason Expired.
            SessionExpired = 0x04fc495eb79ba6ce {}
            /// The authority began to close the session.
            SessionClosing = 0xabaf656b6c16c8c5 {
                /// Why: a byte of `CloseReason`, or the application's own.
                reason: u8,
                /// Zero.
                reserved: [u8; 7],
            }
            /// The session was closed, in another way than by the end of its time.
            SessionClosed = 0x39ed0bf3c222781b {
                /// Why: a byte of `CloseReason`, or the application's own.
                reason: u8,
                /// Zero.
                reserved: [u8; 7],
            }
            /// The session's account was deleted and its rent paid back.
            SessionDeleted = 0xc6cbc1130caa0b71 {
                /// The slot in which it was requested.
                epoch: u64,
            }
            /// A member invited a wallet. About the invitation.
            MemberInvited = 0xa00ae0c841a5ac4b {
                /// Who is invited.
                target: Address,
                /// Who invites.
                inviter: Address,
                /// When the invitation expires.
                expires_at: i64,
                /// What it admits to: bits of `Permissions`.
                permissions: u32,
                /// A byte of `Role`.
                role: u8,
                /// Zero.
                reserved: [u8; 3],
            }
            /// A member made a token that admits whoever holds its key. About the token's account.
            TokenCreated = 0xec1329ff824e93ac {
                /// The token's key.
                token: Address,
                /// Who invites.
                inviter: Address,
                /// When the token expires.
                expires_at: i64,
                /// What it admits to: bits of `Permissions`.
                permissions: u32,
                /// How many it admits.
                uses: u32,
                /// A byte of `Role`.
                role: u8,
                /// Zero.
                reserved: [u8; 7],
            }
            /// Someone came in with an invitation or a token. About its account.
            InvitationAccepted = 0x819fb1e3d0211733 {
                /// Who came in.
                wallet: Address,
                /// How many the token still admits; 0 for an invitation, whose account is gone.
                uses_left: u32,
                /// Zero.
                reserved: [u8; 4],
            }
            /// The invited wallet declined; the invitation's account is gone.
            InvitationDeclined = 0xa1eaa2f7ee53242c {
                /// Who declined.
                target: Address,
            }
            /// The inviter or the authority took an invitation or a token back; its account is gone.
            InvitationRevoked = 0xad14a84530f1c3b0 {
                /// Who took it back.
                by: Address,
            }
            /// Someone became a member, or came back. About the member's account.
            MemberJoined = 0x9cc79558c1cbbfd2 {
                /// Who.
                wallet: Address,
                /// When the membership expires.
                expires_at: i64,
                /// Bits of `Permissions`.
                permissions: u32,
                /// A byte of `Role`.
                role: u8,
                /// Zero.
                reserved: [u8; 3],
            }
            /// A member left.
            MemberLeft = 0x3053485c6fe3858e {
                /// Who.
                wallet: Address,
            }
            /// A member was removed.
            MemberRemoved = 0xfa420371a10a3b27 {
                /// Who.
                wallet: Address,
                /// By whom.
                by: Address,
            }
            /// The authority changed a member's rights.
            MemberUpdated = 0x7ae1fa793cbd0b93 {
                /// Whose.
                wallet: Address,
                /// When the membership expires now.
                expires_at: i64,
                /// Bits of `Permissions`.
                permissions: u32,
                /// A byte of `Role`.
                role: u8,
                /// Zero.
                reserved: [u8; 3],
            }
            /// The authority proposed another. About the session.
            AuthorityProposed = 0xf4755e7035972359 {
                /// Who may accept; zeros if the proposal was taken back.
                proposed: Address,
            }
            /// The proposed authority accepted. About the session.
            AuthorityTransferred = 0xf56db336875c1640 {
                /// Who ruled before.
                from: Address,
                /// Who rules now.
                to: Address,
            }
            /// A member gave itself a session key; what it may do, and until when, is in the member's account.
            SessionKeySet = 0x5e4cf452c05febc7 {
                /// The key.
                key: Address,
            }
            /// A member took its session key back.
            SessionKeyCleared = 0x389bc1fe4394ac15 {
                /// Whose.
                wallet: Address,
            }
            /// A property was written; its key and its value are in its account.
            PropertySet = 0x0d03e88108ea018c {
                /// The property's version now.
                version: u64,
                /// The member who wrote it.
                writer: Address,
            }
            /// A property was deleted; its account is gone.
            PropertyDeleted = 0x42e0f06a6e0f5250 {
                /// The version it had.
                version: u64,
                /// The member who deleted it.
                writer: Address,
                /// The property's key, with zeros behind it.
                key: [u8; 32],
                /// The length of the key.
                key_length: u8,
                /// Zero.
                reserved: [u8; 7],
            }
            /// A member sent a message to everyone. About the session.
            MessageBroadcast = 0x001ef956601d8b68 + message {
                /// The message's number in the session.
                sequence: u64,
                /// The member who sent it.
                sender: Address,
                /// The head of the chain of messages after this one.
                head: [u8; 32],
                /// Zero.
                reserved: [u8; 4],
                /// What it says.
                message: MessageBytes,
            }
            /// A member sent a message to another. About the session.
            MessageSent = 0x7446e04c801c6e37 + message {
                /// The message's number in the session.
                sequence: u64,
                /// The member who sent it.
                sender: Address,
                /// The member whom it is for.
                recipient: Address,
                /// The head of the chain of messages after this one.
                head: [u8; 32],
                /// Zero.
                reserved: [u8; 4],
                /// What it says.
                message: MessageBytes,
            }
            /// The host recorded where the live state stands. About the session.
            CheckpointCommitted = 0x019359c773335e0a {
                /// The checkpoint's number; it rises from one to the next.
                sequence: u64,
                /// The root of the live state.
                root: [u8; 32],
                /// The slot in which the session was requested.
                epoch: u64,
            }
            /// The authority allowed a call. About the function's account.
            FunctionRegistered = 0x161d7a83c9f225e6 {
                /// The program that may be called.
                program: Address,
                /// What a call costs.
                units: u64,
                /// What its data must begin with, with zeros behind it.
                selector: [u8; 8],
                /// How many bytes of the selector count.
                selector_length: u8,
                /// 1 if it may be composed.
                composable: u8,
                /// Zero.
                reserved: [u8; 6],
            }
            /// The authority allows a call no longer; the function's account is gone.
            FunctionUnregistered = 0x2bc739f5cb8cd3ee {
                /// The program that might be called.
                program: Address,
                /// What its data had to begin with, with zeros behind it.
                selector: [u8; 8],
                /// How many bytes of the selector counted.
                selector_length: u8,
                /// Zero.
                reserved: [u8; 7],
            }
            /// A member called a function, where the session logs executions. About the member's account.
            FunctionExecuted = 0xaf85529a7a674b30 {
                /// Who.
                wallet: Address,
                /// The program that was called.
                program: Address,
                /// What the call cost.
                units: u64,
                /// How many compute units it took; 0 where that is not measured.
                compute_units: u64,
                /// The bytes that the function is registered for, with zeros behind them.
                selector: [u8; 8],
                /// How many bytes of the selector count.
                selector_length: u8,
                /// Zero.
                reserved: [u8; 7],
            }
            /// Another program charged a member, where the session logs executions. About the member's account.
            UsageRecorded = 0xa630283a3a6ec059 {
                /// Who was charged.
                wallet: Address,
                /// How many units.
                units: u64,
                /// What was asked for: bits of `Permissions`.
                permissions: u32,
                /// Zero.
                reserved: [u8; 4],
            }
            /// Something came into the vault by a deposit. About the session.
            Deposited = 0x6f8d1a2da1236439 {
                /// Whose it was.
                depositor: Address,
                /// The mint; zeros for SOL.
                mint: Address,
                /// How much arrived, in lamports or the mint's smallest parts.
                amount: u64,
            }
            /// Something was taken out of the vault by the authority, or once the session was over by anyone. About the session; of one that is gone
            /// both revisions are 0.
            Withdrawn = 0x1459dfc6c27cdb0d {
                /// Whose it is now.
                recipient: Address,
                /// The mint; zeros for SOL.
                mint: Address,
                /// How much left the vault, in lamports or the mint's smallest parts.
                amount: u64,
            }
            /// The authority set what a member may take out of the vault. About the allowance; its limits are in its account.
            AllowanceSet = 0x33383e92eb0a6cbd {
                /// Whose allowance it is.
                wallet: Address,
                /// The mint; zeros for SOL.
                mint: Address,
            }
            /// Something left the vault on a member's allowance. About the allowance; whose it is, AllowanceSet told.
            AllowanceSpent = 0x78311b1f2162f95b {
                /// The mint; zeros for SOL.
                mint: Address,
                /// Whose it is now; zeros if a function took it.
                destination: Address,
                /// How much left the vault, in lamports or the mint's smallest parts.
                amount: u64,
            }
            /// The authority granted another session access to this one's properties. About the grant.
            AccessGranted = 0x15d453c0c61a3eb9 {
                /// The other session.
                reader: Address,
                /// When the grant expires.
                expires_at: i64,
                /// Bits of `AccessRights`.
                rights: u32,
                /// Zero.
                reserved: [u8; 4],
            }
            /// The authority took a grant back; its account is gone.
            AccessRevoked = 0xc8a0492bc9a52b9f {
                /// The other session.
                reader: Address,
            }
        }
    };
}
