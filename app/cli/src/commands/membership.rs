//! Who is in a session: inviting, joining, leaving; rights, session keys, authority.

use {
    super::{
        arguments::{Rights, permissions},
        lifecycle::Of,
    },
    crate::{
        context::{Context, Open},
        describe::{INVITATION, MEMBER, TOKEN},
        draft::{Draft, Secret},
        failed::Failed,
        invite::{self, Link},
        keys,
        scenario::values,
    },
    clap::{Args, Subcommand},
    sessions_client::{
        Ledger, account, address,
        core::{
            SessionError,
            rules::membership::{MemberChanges, NO_EXPIRY, OF_ROLE},
        },
        instruction as build,
        instruction::{CreateInviteTokenArgs, InviteMemberArgs, SetSessionKeyArgs},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::{Keypair, Signer},
    std::{path::PathBuf, sync::Arc},
};

/// A member of a session.
#[derive(Args, Clone, Debug)]
pub struct Member {
    #[command(flatten)]
    of: Of,
    /// Whose membership: an address or a key file.
    member: String,
}

/// What an invitation or a token offers.
#[derive(Args, Clone, Debug)]
pub struct Offer {
    #[command(flatten)]
    rights: Rights,
    /// How long the offer stands: a time, or never. [left out: as long as the session says]
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    ttl: Option<u32>,
}

/// Commands about who is in a session.
#[derive(Subcommand, Clone, Debug)]
#[expect(missing_docs, reason = "the types of what is flattened say it")]
pub enum Membership {
    /// Invite a wallet.
    #[command(
        after_help = "Examples:\n  sessions invite-member night ana.json\n  sessions invite-member night WALLET_ADDRESS --role moderator --ttl 1d"
    )]
    InviteMember {
        #[command(flatten)]
        member: Member,
        #[command(flatten)]
        offer: Offer,
    },
    /// Make a link that admits whoever has it.
    #[command(
        after_help = "Examples:\n  sessions create-invite-token night\n  sessions create-invite-token night --uses 5 --out night.link --role observer"
    )]
    CreateInviteToken {
        #[command(flatten)]
        of: Of,
        /// How many can join with it.
        #[arg(long, default_value_t = 1)]
        uses: u32,
        /// The file to write the link to, which only you can read. [left out: it is shown, this once]
        #[arg(long, short = 'o', value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        offer: Offer,
    },
    /// Take an invitation or a link back.
    #[command(
        after_help = "Examples:\n  sessions revoke-invitation night --member ben.json\n  sessions revoke-invitation night --token night.link"
    )]
    RevokeInvitation {
        #[command(flatten)]
        of: Of,
        /// Whose invitation: an address or a key file.
        #[arg(long, value_name = "WALLET", conflicts_with = "token", required_unless_present = "token")]
        member: Option<String>,
        /// The token: its address, a link or the file with one.
        #[arg(long, value_name = "TOKEN")]
        token: Option<String>,
    },
    /// Join with an invitation.
    #[command(after_help = "Examples:\n  sessions accept-invitation gm.json/night -k ana.json")]
    AcceptInvitation(Of),
    /// Join with a link.
    #[command(
        after_help = "Examples:\n  sessions join-with-token night.link -k ben.json\n  sessions join-with-token 'sessions:join/ADDRESS#SECRET'"
    )]
    JoinWithToken {
        /// The link, the file with it, or - for standard input. A link that is typed can be read by others on the same machine; a file cannot.
        link: String,
    },
    /// Join a session that is open to everyone.
    #[command(after_help = "Examples:\n  sessions join-session gm.json/night -k cleo.json")]
    JoinSession(Of),
    /// Decline an invitation.
    #[command(after_help = "Examples:\n  sessions decline-invitation gm.json/night -k ben.json")]
    DeclineInvitation(Of),
    /// Leave a session.
    #[command(after_help = "Examples:\n  sessions leave-session gm.json/night -k ana.json")]
    LeaveSession(Of),
    /// Remove a member.
    #[command(after_help = "Examples:\n  sessions remove-member night ben.json")]
    RemoveMember(Member),
    /// Change a member's role, permissions, limits or end, as the authority.
    #[command(
        after_help = "Examples:\n  sessions update-member night ana.json --role moderator\n  sessions update-member night ana.json --quota units=100/1d --expires-in 2h"
    )]
    UpdateMember {
        #[command(flatten)]
        member: Member,
        #[command(flatten)]
        rights: Rights,
    },
    /// Propose a member as the new authority.
    #[command(after_help = "Examples:\n  sessions propose-authority night ana.json")]
    ProposeAuthority(Member),
    /// Accept to be the new authority.
    #[command(after_help = "Examples:\n  sessions accept-authority gm.json/night -k ana.json")]
    AcceptAuthority(Of),
    /// Let a key act for you in a session, without your wallet.
    #[command(
        after_help = "Examples:\n  sessions keygen agent.json\n  sessions set-session-key night agent.json --permissions SEND_MESSAGES --ttl 1d\n  sessions broadcast-message night hello --session-key agent.json"
    )]
    SetSessionKey {
        #[command(flatten)]
        of: Of,
        /// The key: its address or its file.
        key: String,
        /// What it may do: names with commas between them, all or none. [left out: what you may]
        #[arg(long, value_name = "NAMES", value_parser = permissions)]
        permissions: Option<u32>,
        /// How long it may: a time, or never.
        #[arg(long, value_name = "TIME", value_parser = values::span)]
        ttl: Option<u32>,
    },
    /// Take your session key back.
    #[command(after_help = "Examples:\n  sessions clear-session-key night")]
    ClearSessionKey(Of),
}

impl Membership {
    /// What the command is going to do; a new token gets `token` as its key.
    ///
    /// # Errors
    /// What is wrong with an argument, a key file or the session; the ledger's.
    pub async fn draft<L: Ledger>(self, context: &Context<'_, L>, token: Keypair) -> Result<Draft, Failed> {
        let wallet = context.who.wallet()?;
        let of_member = async |name, of: Of, build: fn(Address, Address) -> Instruction| {
            let Open { place, .. } = context.session(&of.session).await?;
            let built = build(wallet, place.address);
            Ok(Draft::new(name, place, built))
        };
        match self {
            Self::InviteMember { member, offer } => invite(context, wallet, &member, &offer).await,
            Self::CreateInviteToken { of, uses, out, offer } => {
                let Open { place, .. } = context.session(&of.session).await?;
                let (link, ttl) = (Link { session: place.address, token }, offer.ttl.unwrap_or(0));
                let key = link.token.pubkey();
                let args = CreateInviteTokenArgs { token: key, terms: offer.rights.terms(), ttl, uses };
                let built = build::create_invite_token(wallet, context.who.payer()?, place.address, args);
                let at = address::invite_token(&place.address, &key);
                let secret = Some(Secret { file: out, text: link.text() });
                Ok(Draft { secret, ..Draft::new("create_invite_token", place, built).makes(TOKEN, at).notes("token", key.to_string()) })
            }
            Self::RevokeInvitation { of, member, token } => {
                let Open { place, .. } = context.session(&of.session).await?;
                let not_found = SessionError::InvitationNotFound;
                let (at, built) = match (member, token) {
                    (Some(member), _) => {
                        let at = address::invitation(&place.address, &keys::address(&member)?);
                        let invitation = context.get(at, account::invitation, not_found).await?;
                        (at, build::revoke_invitation(wallet, place.address, &invitation))
                    }
                    (None, token) => {
                        let at = address::invite_token(&place.address, &invite::token(&token.unwrap_or_default())?);
                        let token = context.get(at, account::invite_token, not_found).await?;
                        (at, build::revoke_token(wallet, place.address, &token))
                    }
                };
                Ok(Draft::new("revoke_invitation", place, built).ends(at))
            }
            Self::AcceptInvitation(of) => {
                let Open { place, .. } = context.session(&of.session).await?;
                let (at, member) = (address::invitation(&place.address, &wallet), address::member(&place.address, &wallet));
                let invitation = context.get(at, account::invitation, SessionError::InvitationNotFound).await?;
                let built = build::accept_invitation(wallet, context.who.payer()?, place.address, &invitation);
                Ok(Draft::new("accept_invitation", place, built).makes(MEMBER, member).ends(at))
            }
            Self::DeclineInvitation(of) => {
                let Open { place, .. } = context.session(&of.session).await?;
                let at = address::invitation(&place.address, &wallet);
                let invitation = context.get(at, account::invitation, SessionError::InvitationNotFound).await?;
                let built = build::decline_invitation(wallet, place.address, &invitation);
                Ok(Draft::new("decline_invitation", place, built).ends(at))
            }
            Self::JoinWithToken { link } => {
                let Link { session, token } = Link::read(&link)?;
                let Open { place, .. } = context.session(&session.to_string()).await?;
                let at = address::invite_token(&session, &token.pubkey());
                let offered = context.get(at, account::invite_token, SessionError::InvitationNotFound).await?;
                let built = build::join_with_token(wallet, context.who.payer()?, session, &offered);
                let draft = Draft::new("join_with_token", place, built).makes(MEMBER, address::member(&session, &wallet));
                Ok(Draft { keys: vec![Arc::new(token)], ..draft })
            }
            Self::JoinSession(of) => {
                let Open { place, .. } = context.session(&of.session).await?;
                let built = build::join_session(wallet, context.who.payer()?, place.address);
                let member = address::member(&place.address, &wallet);
                Ok(Draft::new("join_session", place, built).makes(MEMBER, member))
            }
            Self::LeaveSession(of) => of_member("leave_session", of, build::leave_session).await,
            Self::AcceptAuthority(of) => of_member("accept_authority", of, build::accept_authority).await,
            Self::ClearSessionKey(of) => of_member("clear_session_key", of, build::clear_session_key).await,
            Self::RemoveMember(Member { of, member }) => {
                let (Open { place, .. }, member) = (context.session(&of.session).await?, keys::address(&member)?);
                let own = context.find(address::member(&place.address, &wallet), account::member).await?;
                // One's own membership goes with it, if there is one; without it only who has expired is removed.
                let build = if own.is_some() && member != wallet { build::remove_member } else { build::remove_expired_member };
                let built = build(wallet, place.address, member);
                Ok(Draft::new("remove_member", place, built).notes("member", member.to_string()))
            }
            Self::UpdateMember { member: Member { of, member }, rights } => {
                let (Open { place, .. }, member) = (context.session(&of.session).await?, keys::address(&member)?);
                let changes = rights.changes();
                if changes == MemberChanges::default() {
                    let hint = "say what to change, like --role moderator; `sessions update-member --help` lists what can be";
                    return Err(Failed::argument("this changes nothing", hint));
                }
                let built = build::update_member(wallet, place.address, member, changes);
                Ok(Draft::new("update_member", place, built).notes("member", member.to_string()))
            }
            Self::ProposeAuthority(Member { of, member }) => {
                let (Open { place, .. }, member) = (context.session(&of.session).await?, keys::address(&member)?);
                let built = build::propose_authority(wallet, place.address, member);
                Ok(Draft::new("propose_authority", place, built).notes("member", member.to_string()))
            }
            Self::SetSessionKey { of, key, permissions, ttl } => {
                let (Open { place, .. }, key) = (context.session(&of.session).await?, keys::address(&key)?);
                let args = SetSessionKeyArgs { key, permissions: permissions.unwrap_or(OF_ROLE), ttl: ttl.unwrap_or(NO_EXPIRY) };
                let built = build::set_session_key(wallet, place.address, args);
                Ok(Draft::new("set_session_key", place, built).notes("key", key.to_string()))
            }
        }
    }
}

async fn invite<L: Ledger>(context: &Context<'_, L>, wallet: Address, member: &Member, offer: &Offer) -> Result<Draft, Failed> {
    let Open { place, .. } = context.session(&member.of.session).await?;
    let member = keys::address(&member.member)?;
    let args = InviteMemberArgs { member, terms: offer.rights.terms(), ttl: offer.ttl.unwrap_or(0), reserved: 0 };
    let built = build::invite_member(wallet, context.who.payer()?, place.address, args);
    let at = address::invitation(&place.address, &member);
    Ok(Draft::new("invite_member", place, built).makes(INVITATION, at).notes("member", member.to_string()))
}
