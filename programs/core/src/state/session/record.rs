//! What is recorded in a session: its members' messages, as a chain of hashes, and its host's checkpoints.

use {
    super::{SessionState, lifecycle::only},
    crate::{
        Address, Result,
        error::SessionError,
        events::{CheckpointCommitted, EventSink, MessageBroadcast, MessageBytes, MessageSent},
        rules::{
            lifecycle::When,
            messages::{EVERYONE, MAX_MESSAGE, Message, link},
            permissions::Permissions,
            quotas::Cost,
        },
        same,
        state::{Act, Asked, Held, MemberState},
    },
};

impl SessionState {
    /// Sends `data` to everyone, by a member with SEND_MESSAGES or its session key, while the session is active.
    ///
    /// # Errors
    /// Those of [`authorize`](crate::state::authorize); ValueTooLong.
    #[inline(always)]
    pub fn broadcast_message(&mut self, act: &Act<'_>, sender: &mut MemberState, data: &[u8], events: &mut impl EventSink) -> Result<()> {
        let ask = self.ask_to_send(act, sender, data)?;
        self.take_message(&ask, act, sender, &EVERYONE, data)?;
        let (sequence, head) = (self.message_sequence, self.message_head);
        let mut event = MessageBroadcast::new(self.about(act), sequence, sender.wallet, head, [0; 4], MessageBytes::EMPTY);
        event.message.put(data);
        events.emit(&event);
        Ok(())
    }

    /// Sends `data` to another member, by a member with SEND_MESSAGES or its session key, while the session is active.
    ///
    /// The message is as public as all others: it says whom it is for, and hides nothing.
    ///
    /// # Errors
    /// AccountsMustDiffer for a message to oneself; those of [`authorize`](crate::state::authorize), for `recipient` too WrongSession and StaleEpoch; ValueTooLong;
    /// MemberNotActive.
    #[inline(always)]
    pub fn send_direct_message(
        &mut self,
        act: &Act<'_>,
        sender: &mut MemberState,
        recipient: &MemberState,
        data: &[u8],
        events: &mut impl EventSink,
    ) -> Result<()> {
        if same(&recipient.wallet, &sender.wallet) {
            return Err(SessionError::AccountsMustDiffer.into());
        }
        recipient.check_belongs(act.account, self)?;
        let ask = self.ask_to_send(act, sender, data)?;
        recipient.check_present(act.now)?;
        self.take_message(&ask, act, sender, &recipient.wallet, data)?;
        let (sequence, head, to) = (self.message_sequence, self.message_head, recipient.wallet);
        let mut event = MessageSent::new(self.about(act), sequence, sender.wallet, to, head, [0; 4], MessageBytes::EMPTY);
        event.message.put(data);
        events.emit(&event);
        Ok(())
    }

    /// Whether the signer may send this as `sender`.
    #[inline(always)]
    fn ask_to_send<'a>(&self, act: &Act<'a>, sender: &MemberState, data: &[u8]) -> Result<Asked<'a>> {
        let ask = Asked::new(act, act.account, Permissions::SEND_MESSAGES, Cost::of_bytes(data.len()));
        ask.check(self, sender)?;
        if data.len() > MAX_MESSAGE { Err(SessionError::ValueTooLong.into()) } else { Ok(ask) }
    }

    /// Charges for a message and makes it the next link of the chain.
    #[inline(always)]
    fn take_message(&mut self, ask: &Asked<'_>, act: &Act<'_>, sender: &mut MemberState, recipient: &Address, data: &[u8]) -> Result<()> {
        let sequence = self.message_sequence.checked_add(1).ok_or(SessionError::ArithmeticOverflow)?;
        sender.header.check_writes(1)?;
        self.header.count_write()?;
        ask.charge(&mut Held::Counted(self), sender)?;
        let message = Message { session: act.account, sequence, time: act.now, sender: &sender.wallet, recipient, data };
        self.message_sequence = sequence;
        self.message_head = link(&self.message_head, &message);
        Ok(())
    }

    /// Records where the live state stands, by the host, while the session is active, paused or closing.
    ///
    /// # Errors
    /// PermissionDenied; SessionNotActive, StepTimedOut, SessionExpired; SequenceNotRising.
    #[inline(always)]
    pub fn commit_checkpoint(&mut self, act: &Act<'_>, sequence: u64, root: &[u8; 32], events: &mut impl EventSink) -> Result<()> {
        only(&self.host, act)?;
        self.check_allows(When::Serving, act.now)?;
        if sequence <= self.checkpoint_sequence {
            return Err(SessionError::SequenceNotRising.into());
        }
        self.header.count_write()?;
        self.checkpoint_sequence = sequence;
        self.checkpoint_root = *root;
        self.tell(act, events, |state, about| {
            CheckpointCommitted::new(about, state.checkpoint_sequence, state.checkpoint_root, state.header.epoch)
        });
        Ok(())
    }
}
