//! A session's steps, from its request to the last account reclaimed.

use {
    super::arguments::{Changes, Configuration, Hash},
    crate::{
        context::{Context, Open},
        describe::{MEMBER, SESSION},
        draft::Draft,
        failed::Failed,
        keys,
        place::Place,
        ready::BUDGET_BYTES,
        scenario::{transaction::divided, values},
    },
    clap::{Args, Subcommand},
    sessions_client::{
        Ledger, account, address,
        core::rules::{config::SessionChanges, lifecycle::CloseReason},
        instruction as build,
        instruction::SessionArgs,
        ledger::{MAX_TRANSACTION_BYTES, Snapshot},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// A session, and nothing else.
#[derive(Args, Clone, Debug)]
pub struct Of {
    /// The session: its address, an id of yours, or CREATOR/ID.
    pub session: String,
}

/// A new session.
#[derive(Args, Clone, Debug)]
pub struct New {
    /// What you call it: any text, or 64 hex digits.
    id: String,
    /// Who serves it: an address or a key file. [left out: you]
    #[arg(long, value_name = "WALLET")]
    host: Option<String>,
    /// The metadata's hash: 0x and 64 hex digits, or a text to be hashed. [left out: none]
    #[arg(long, value_name = "HASH", value_parser = values::hash)]
    metadata: Option<Hash>,
    #[command(flatten)]
    configuration: Configuration,
}

/// A session that ends.
#[derive(Args, Clone, Debug)]
pub struct Ending {
    #[command(flatten)]
    of: Of,
    /// Why: completed, cancelled, failed, or an application's own number from 16 to 255.
    #[arg(long, value_parser = values::reason)]
    reason: Option<u8>,
}

/// Commands about a session's life.
#[derive(Subcommand, Clone, Debug)]
pub enum Lifecycle {
    /// Open a session that is active at once; you create it and serve it.
    #[command(
        after_help = "Examples:\n  sessions open-session night\n  sessions open-session room --max-members 4 --max-duration 2h --settings INVITE_ONLY\n  sessions open-session night --nonce NONCE_ACCOUNT_ADDRESS --nonce-authority ops.json"
    )]
    OpenSession(New),
    /// Ask a host to serve a new session; it goes on with begin-creation.
    #[command(
        after_help = "Examples:\n  sessions request-session night --host relay.json\n  sessions request-session night --host relay.json --activation-window 1d"
    )]
    RequestSession(New),
    /// Begin to create a session that was requested, as its host.
    #[command(after_help = "Examples:\n  sessions begin-creation gm.json/night -k relay.json")]
    BeginCreation(Of),
    /// Say that a session is created, as its host.
    #[command(after_help = "Examples:\n  sessions complete-creation gm.json/night -k relay.json")]
    CompleteCreation(Of),
    /// Start a created session, as its authority.
    #[command(after_help = "Examples:\n  sessions begin-activation night")]
    BeginActivation(Of),
    /// Say that a session is active, as its host: its time begins.
    #[command(after_help = "Examples:\n  sessions complete-activation gm.json/night -k relay.json")]
    CompleteActivation(Of),
    /// Pause a session, as its authority.
    #[command(after_help = "Examples:\n  sessions pause-session night")]
    PauseSession(Of),
    /// Go on with a paused session, as its authority.
    #[command(after_help = "Examples:\n  sessions resume-session night")]
    ResumeSession(Of),
    /// Change a session's host, seats, permissions, limits or end, as its authority.
    #[command(
        after_help = "Examples:\n  sessions update-session night --max-members 8\n  sessions update-session night --expires-in 30m --quota units=1000,20/1m"
    )]
    UpdateSession {
        #[command(flatten)]
        #[expect(missing_docs, reason = "the type says it")]
        of: Of,
        #[command(flatten)]
        #[expect(missing_docs, reason = "the type says it")]
        changes: Changes,
    },
    /// Close a session, as its authority; its host completes that.
    #[command(after_help = "Examples:\n  sessions close-session night\n  sessions close-session night --reason cancelled")]
    CloseSession(Ending),
    /// Complete the closing of a session, as its host; after its deadline anyone can.
    #[command(after_help = "Examples:\n  sessions complete-close night")]
    CompleteClose(Of),
    /// End a session before it is active: its creator, its host, and after a deadline anyone.
    #[command(after_help = "Examples:\n  sessions abort-session night")]
    AbortSession(Ending),
    /// Close a session whose time is over.
    #[command(after_help = "Examples:\n  sessions expire-session night")]
    ExpireSession(Of),
    /// Delete the accounts of a closed session; the rent of each goes back to who paid it.
    #[command(
        after_help = "Examples:\n  sessions reclaim-children night\n  sessions reclaim-children night --only MEMBER_ACCOUNT_ADDRESS --dry-run"
    )]
    ReclaimChildren {
        #[command(flatten)]
        #[expect(missing_docs, reason = "the type says it")]
        of: Of,
        /// The address of an account to delete; can be given several times. [left out: all of them]
        #[arg(long, value_name = "ADDRESS")]
        only: Vec<Address>,
    },
    /// Delete a closed session that has no accounts left; its rent goes back to who paid it, its vault to its creator.
    #[command(after_help = "Examples:\n  sessions reclaim-session night")]
    ReclaimSession(Of),
}

impl Lifecycle {
    /// What the command is going to do.
    ///
    /// # Errors
    /// What is wrong with an argument, a key file or the session; the ledger's.
    pub async fn draft<L: Ledger>(self, context: &Context<'_, L>) -> Result<Draft, Failed> {
        let step = async |name, of: Of, build: fn(Address, Address) -> Instruction| {
            let session = context.session(&of.session).await?;
            let built = build(context.who.wallet()?, session.address());
            Ok(Draft::new(name, session.place, built))
        };
        match self {
            Self::OpenSession(new) => new.served_by_its_creator(context)?.draft(context, "open_session", build::open_session),
            Self::RequestSession(new) => new.draft(context, "request_session", build::request_session),
            Self::BeginCreation(of) => step("begin_creation", of, build::begin_creation).await,
            Self::CompleteCreation(of) => step("complete_creation", of, build::complete_creation).await,
            Self::BeginActivation(of) => step("begin_activation", of, build::begin_activation).await,
            Self::CompleteActivation(of) => step("complete_activation", of, build::complete_activation).await,
            Self::PauseSession(of) => step("pause_session", of, build::pause_session).await,
            Self::ResumeSession(of) => step("resume_session", of, build::resume_session).await,
            Self::CompleteClose(of) => step("complete_close", of, build::complete_close).await,
            Self::ExpireSession(of) => step("expire_session", of, build::expire_session).await,
            Self::UpdateSession { of, changes } => {
                let session = context.session(&of.session).await?;
                let wanted = SessionChanges {
                    host: changes.host.as_deref().map(keys::address).transpose()?,
                    metadata: changes.metadata,
                    max_members: changes.max_members,
                    permissions: changes.permissions,
                    quotas: changes.quotas(),
                    expires_in: changes.expires_in,
                };
                if wanted == SessionChanges::default() {
                    let hint = "say what to change, like --max-members 8; `sessions update-session --help` lists what can be";
                    return Err(Failed::argument("this changes nothing", hint));
                }
                let built = build::update_session(context.who.wallet()?, session.address(), wanted);
                Ok(Draft::new("update_session", session.place, built))
            }
            Self::CloseSession(ending) => ending.draft(context, "close_session", CloseReason::Completed, build::close_session).await,
            Self::AbortSession(ending) => ending.draft(context, "abort_session", CloseReason::None, build::abort_session).await,
            Self::ReclaimChildren { of, only } => reclaim_children(context, &of, &only).await,
            Self::ReclaimSession(of) => {
                let session = context.session(&of.session).await?;
                let (address, vault) = (session.address(), address::vault(&session.address()));
                let held = context.snapshot(vault).await?.account.map_or(0, |account| account.lamports);
                let built = build::reclaim_session(address, &session.state);
                let mut draft = Draft::new("reclaim_session", session.place, built).ends(address);
                draft.moves.push((session.state.creator, held.into()));
                Ok(draft)
            }
        }
    }
}

impl New {
    /// The same, if no other host is named: that one would have to agree first.
    fn served_by_its_creator<L>(self, context: &Context<'_, L>) -> Result<Self, Failed> {
        let creator = context.who.wallet()?;
        match self.host.as_deref().map(keys::address).transpose()? {
            Some(host) if host != creator => {
                let message = format!("a session that is opened at once is served by its creator, and {host} is another wallet");
                Err(Failed::argument(message, "ask another host with `sessions request-session`, or leave --host out"))
            }
            _ => Ok(self),
        }
    }

    fn draft<L: Ledger>(
        self,
        context: &Context<'_, L>,
        name: &'static str,
        build: fn(Address, Address, SessionArgs) -> Instruction,
    ) -> Result<Draft, Failed> {
        let creator = context.who.wallet()?;
        let place = Place::of(creator, &self.id)?;
        let (address, id) = (place.address, place.named.map(|(_, id)| id).unwrap_or_default());
        let host = self.host.as_deref().map(keys::address).transpose()?.unwrap_or(creator);
        let args = SessionArgs { config: self.configuration.config(), host, metadata: self.metadata.unwrap_or_default(), id };
        let member = address::member(&address, &creator);
        let built = build(creator, context.who.payer()?, args);
        Ok(Draft::new(name, place, built).makes(SESSION, address).makes(MEMBER, member))
    }
}

impl Ending {
    async fn draft<L: Ledger>(
        self,
        context: &Context<'_, L>,
        name: &'static str,
        otherwise: CloseReason,
        build: fn(Address, Address, u8) -> Instruction,
    ) -> Result<Draft, Failed> {
        let Open { place, .. } = context.session(&self.of.session).await?;
        let built = build(context.who.wallet()?, place.address, self.reason.unwrap_or(otherwise as u8));
        Ok(Draft::new(name, place, built))
    }
}

/// All accounts of a session, or some, in as many transactions as they need.
async fn reclaim_children<L: Ledger>(context: &Context<'_, L>, of: &Of, only: &[Address]) -> Result<Draft, Failed> {
    // The session itself may be gone: what is left of it then is still to be had.
    let place = context.place(&of.session)?;
    let children = context.ledger.children(&place.address).await?;
    let payer_of = |account| account::child(&Snapshot { slot: 0, account: Some(account) }).map(|child| child.header.payer);
    let pairs: Vec<(Address, Address)> = children
        .into_iter()
        .filter(|(address, _)| only.is_empty() || only.contains(address))
        .filter_map(|(address, account)| Some((address, payer_of(account)?)))
        .collect();
    if let Some(missing) = only.iter().find(|address| !pairs.iter().any(|(known, _)| known == *address)) {
        let message = format!("there is no account of the session {} at {missing}", place.address);
        return Err(Failed::unusable("ChildNotFound", message, "`sessions show SESSION --json` lists the addresses of its accounts"));
    }
    if pairs.is_empty() && context.find(place.address, account::session).await?.is_none() {
        return Err(place.absent());
    }
    if pairs.is_empty() {
        let message = format!("the session {} has no accounts left", place.address);
        return Err(Failed::unusable("ChildNotFound", message, "there is nothing to do but `sessions reclaim-session SESSION`"));
    }
    let fee_payer = context.who.fee_payer()?;
    let parts = divided(build::reclaim_children(place.address, &pairs), Some(&fee_payer), MAX_TRANSACTION_BYTES - BUDGET_BYTES);
    let mut draft = Draft::new("reclaim_children", place, Instruction::new_with_bytes(Address::default(), &[], Vec::new()));
    draft.transactions = parts.into_iter().map(|part| vec![part]).collect();
    draft.ends = pairs.into_iter().map(|(address, _)| address).collect();
    Ok(draft)
}
