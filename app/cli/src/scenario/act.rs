//! An instruction with its arguments, and how it comes about.
//!
//! Most of what an instruction names follows from the scenario. Who paid for an account and who made an invitation, only the account knows:
//! such an act says which accounts it has to look at, and is built when its turn comes. Steps that go together are built before any of them
//! runs, so what an earlier one of them makes is taken as that step makes it. Of what is not there nothing is known, and the act is built
//! with somebody in the unknown place: that it is not there is for the program to say.

use {
    super::{actors::Wallet, arena},
    sessions_client::{Ledger, LedgerError, account, instruction as build, ledger::Snapshot},
    solana_address::Address,
    solana_instruction::Instruction,
    std::{fmt, sync::Arc},
};

/// Who takes a step.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The actor, whose membership it is that acts.
    pub actor: &'a Wallet,
    /// Who signs for it: the actor, or the actor's session key.
    pub signer: Address,
    /// Who pays the fee, and the rent of what the step creates.
    pub payer: Address,
}

/// A session that a scenario knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRef {
    /// Its address.
    pub address: Address,
    /// Who created it.
    pub creator: Address,
    /// Who paid its rent.
    pub payer: Address,
    /// Its id.
    pub id: [u8; 32],
}

/// Where an account comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Who paid its rent.
    pub payer: Address,
    /// Who made it: a session's creator, an invitation's inviter; of other accounts nobody asks.
    pub maker: Address,
}

impl Origin {
    /// The origin of an account of the program, or of the arena, if it is one.
    pub fn of(snapshot: &Snapshot) -> Option<Self> {
        if let Ok(session) = account::session(snapshot) {
            return Some(Self { payer: session.header.payer, maker: session.creator });
        }
        if let Some(payer) = arena::payer_of(snapshot) {
            return Some(Self { payer, maker: payer });
        }
        let payer = account::child(snapshot)?.header.payer;
        let invitation = account::invitation(snapshot).map(|invitation| invitation.offer.inviter);
        let maker = invitation.or_else(|_| account::invite_token(snapshot).map(|token| token.offer.inviter)).unwrap_or_default();
        Some(Self { payer, maker })
    }
}

/// An account that an act has to know the origin of.
#[derive(Clone, Copy, Debug)]
pub struct Needed {
    /// Its address.
    pub address: Address,
    /// Its origin, if an earlier step of the same transaction makes it.
    pub made: Option<Origin>,
}

impl Needed {
    /// The origins of these accounts, or `None` of what is not there.
    async fn origins<L: Ledger>(all: &[Self], ledger: &L) -> Result<Vec<Option<Origin>>, LedgerError> {
        let addresses: Vec<Address> = all.iter().map(|needed| needed.address).collect();
        let snapshots = ledger.read(&addresses).await?;
        Ok(all.iter().zip(&snapshots).map(|(needed, snapshot)| needed.made.or_else(|| Origin::of(snapshot))).collect())
    }
}

/// An instruction with its arguments.
#[derive(Clone, Debug)]
pub struct Act {
    /// The session it is about, if it is about one; its status before and after is reported.
    pub session: Option<SessionRef>,
    /// Whether it makes that session, so that `save` can name it.
    pub makes: bool,
    /// What stands before it in its transaction: instructions of other programs, which make what it needs.
    pub before: Vec<Instruction>,
    /// How the instruction comes about.
    pub build: Build,
}

/// How an instruction comes about.
#[derive(Clone)]
pub enum Build {
    /// It follows from the scenario alone.
    Ready(Instruction),
    /// It follows from where an account comes from; `None` if it is not there.
    FromState(Needed, Arc<dyn Fn(Option<Origin>) -> Instruction + Send + Sync>),
    /// It deletes accounts of its session, each of which knows who paid for it: these (with who is named in the payer's place of one that is
    /// not there), or all that there are.
    Reclaim(Option<Vec<Needed>>, Address),
}

impl Act {
    /// An act on a session that follows from the scenario alone.
    pub const fn ready(session: SessionRef, instruction: Instruction) -> Self {
        Self { session: Some(session), makes: false, before: Vec::new(), build: Build::Ready(instruction) }
    }

    /// An act of another program, which is about no session.
    pub const fn foreign(before: Vec<Instruction>, instruction: Instruction) -> Self {
        Self { session: None, makes: false, before, build: Build::Ready(instruction) }
    }

    /// An act on a session that follows from where an account comes from.
    pub fn from_state(session: SessionRef, needed: Needed, build: impl Fn(Option<Origin>) -> Instruction + Send + Sync + 'static) -> Self {
        Self { session: Some(session), makes: false, before: Vec::new(), build: Build::FromState(needed, Arc::new(build)) }
    }

    /// The act with other programs' instructions before it.
    pub fn behind(self, before: Vec<Instruction>) -> Self {
        Self { before, ..self }
    }

    /// The address of the session it is about.
    pub fn about(&self) -> Option<Address> {
        self.session.as_ref().map(|session| session.address)
    }

    /// Whether it may take several transactions: the accounts behind the instruction's first then go by pairs.
    pub const fn is_divisible(&self) -> bool {
        matches!(self.build, Build::Reclaim(..))
    }

    /// Whether `address` has to sign, which does not depend on what any account holds.
    pub fn is_signed_by(&self, address: &Address) -> bool {
        let sketch = match &self.build {
            Build::Ready(instruction) => instruction.clone(),
            Build::FromState(_, build) => build(None),
            Build::Reclaim(..) => return false,
        };
        let mut accounts = self.before.iter().chain([&sketch]).flat_map(|instruction| &instruction.accounts);
        accounts.any(|account| account.is_signer && account.pubkey == *address)
    }

    /// How many instructions it is.
    pub const fn count(&self) -> usize {
        self.before.len().saturating_add(1)
    }

    /// Its instructions, from what the accounts hold now: those before it, and its own.
    ///
    /// # Errors
    /// The ledger's, when it cannot be read.
    pub async fn instructions<L: Ledger>(&self, ledger: &L) -> Result<Vec<Instruction>, LedgerError> {
        let own = self.own(ledger).await?;
        Ok(self.before.iter().cloned().chain([own]).collect())
    }

    async fn own<L: Ledger>(&self, ledger: &L) -> Result<Instruction, LedgerError> {
        let about = self.about().unwrap_or_default();
        let children = match &self.build {
            Build::Ready(instruction) => return Ok(instruction.clone()),
            Build::FromState(needed, build) => {
                let origins = Needed::origins(std::slice::from_ref(needed), ledger).await?;
                return Ok(build(origins.into_iter().next().flatten()));
            }
            Build::Reclaim(Some(named), stranger) => {
                let payer = |origin: Option<Origin>| origin.map_or(*stranger, |origin| origin.payer);
                let origins = Needed::origins(named, ledger).await?;
                named.iter().zip(origins).map(|(child, origin)| (child.address, payer(origin))).collect()
            }
            Build::Reclaim(None, _) => {
                let children = ledger.children(&about).await?.into_iter();
                let whose = |(address, account)| Some((address, Origin::of(&Snapshot { slot: 0, account: Some(account) })?.payer));
                children.filter_map(whose).collect::<Vec<_>>()
            }
        };
        Ok(build::reclaim_children(about, &children))
    }
}

impl fmt::Debug for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(instruction) => f.debug_tuple("Ready").field(instruction).finish(),
            Self::FromState(needed, _) => f.debug_tuple("FromState").field(needed).finish(),
            Self::Reclaim(named, _) => f.debug_tuple("Reclaim").field(named).finish(),
        }
    }
}
