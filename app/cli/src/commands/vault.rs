//! A session's vault: what goes in, what members may take out, and what comes back.

use {
    super::{
        arguments::{amount, limit},
        lifecycle::Of,
    },
    crate::{
        book::Book,
        context::{Context, Mint, Open},
        describe::ALLOWANCE,
        draft::Draft,
        failed::Failed,
        keys,
        report::naming::Naming,
        scenario::values,
    },
    clap::{Args, Subcommand},
    sessions_client::{
        Ledger, account, address,
        core::{
            NOBODY,
            rules::{
                allowance::{AllowanceTerms, MAX_DESTINATIONS},
                outflow::SOL,
                quotas::{Quota, UNLIMITED},
            },
            state::session::vault::EVERYTHING,
        },
        instruction as build,
        instruction::Withdrawal,
    },
    solana_address::Address,
};

/// The bytes of a token account without extensions.
const TOKEN_ACCOUNT_BYTES: usize = 165;

/// Of what an amount is.
#[derive(Args, Clone, Debug)]
pub struct OfMint {
    /// The mint of the tokens. [left out: SOL]
    #[arg(long, value_name = "MINT")]
    mint: Option<String>,
}

/// What a member may take out of the vault.
#[derive(Args, Clone, Debug)]
pub struct Allowance {
    #[command(flatten)]
    of_mint: OfMint,
    /// The most in one payment. [left out: unlimited]
    #[arg(long, value_name = "AMOUNT", default_value = "unlimited", hide_default_value = true)]
    per_call: String,
    /// The most in all. [left out: unlimited]
    #[arg(long, value_name = "AMOUNT", default_value = "unlimited", hide_default_value = true)]
    limit: String,
    /// The most in each window of time, like 0.5SOL/1d. [left out: unlimited]
    #[arg(long, value_name = "AMOUNT/TIME")]
    window: Option<String>,
    /// A wallet that can be paid: an address or a key file; up to four. [left out: any, and functions too]
    #[arg(long = "destination", value_name = "WALLET")]
    destinations: Vec<String>,
}

/// Commands about a session's vault.
#[derive(Subcommand, Clone, Debug)]
#[expect(missing_docs, reason = "the types of what is flattened say it")]
pub enum Vault {
    /// Put SOL or tokens into the vault.
    #[command(after_help = "Examples:\n  sessions deposit night 0.5SOL\n  sessions deposit night 25.5tokens --mint MINT_ADDRESS")]
    Deposit {
        #[command(flatten)]
        of: Of,
        /// How much, with its unit: 0.5SOL or 5000lamports; 25.5tokens or 100parts.
        amount: String,
        #[command(flatten)]
        of_mint: OfMint,
    },
    /// Let a member take something out of the vault, as the authority.
    #[command(
        after_help = "Examples:\n  sessions set-allowance night agent.json --window 0.5SOL/1d\n  sessions set-allowance night agent.json --limit 2SOL --per-call 0.1SOL --destination shop.json"
    )]
    SetAllowance {
        #[command(flatten)]
        of: Of,
        /// Who may: an address or a key file.
        member: String,
        #[command(flatten)]
        allowance: Allowance,
    },
    /// Pay out of the vault, with an allowance.
    #[command(after_help = "Examples:\n  sessions spend gm.json/night shop.json 0.1SOL -k agent.json")]
    Spend {
        #[command(flatten)]
        of: Of,
        /// To whom: an address or a key file.
        to: String,
        /// How much, with its unit: 0.5SOL or 5000lamports; 25.5tokens or 100parts.
        amount: String,
        #[command(flatten)]
        of_mint: OfMint,
    },
    /// Take out of the vault, as the authority; once the session is over anyone can, for its creator.
    #[command(after_help = "Examples:\n  sessions withdraw night all\n  sessions withdraw night 0.2SOL --to ana.json")]
    Withdraw {
        #[command(flatten)]
        of: Of,
        /// How much, with its unit, or all.
        amount: String,
        /// To whom: an address or a key file. [left out: the session's creator]
        #[arg(long, value_name = "WALLET")]
        to: Option<String>,
        #[command(flatten)]
        of_mint: OfMint,
    },
}

impl OfMint {
    async fn read<L: Ledger>(&self, context: &Context<'_, L>) -> Result<Option<Mint>, Failed> {
        match &self.mint {
            Some(text) => context.mint(text).await.map(Some),
            None => Ok(None),
        }
    }
}

/// The draft with what is known of a mint, and the token account that its amount goes to.
fn with_tokens(draft: Draft, mint: Option<Mint>, to: &Address, payer: Address) -> Draft {
    let Some(Mint { tokens, decimals }) = mint else { return draft };
    let draft = draft.behind([tokens.create_account(payer, *to)]).makes_bytes("token account", tokens.of(to), TOKEN_ACCOUNT_BYTES);
    Draft { book: Book::default().with(tokens.mint, decimals), ..draft }
}

/// An amount for a note.
fn shown(amount: u64, mint: Option<Mint>) -> String {
    let book = mint.map_or_else(Book::default, |mint| Book::default().with(mint.tokens.mint, mint.decimals));
    book.amount(amount, &mint.map_or(SOL, |mint| mint.tokens.mint))
}

impl Vault {
    /// What the command is going to do.
    ///
    /// # Errors
    /// What is wrong with an argument, a key file or the session; the ledger's.
    pub async fn draft<L: Ledger>(self, context: &Context<'_, L>) -> Result<Draft, Failed> {
        let who = context.who;
        match self {
            Self::Deposit { of, amount: text, of_mint } => {
                let (Open { place, .. }, mint) = (context.session(&of.session).await?, of_mint.read(context).await?);
                let (amount, depositor, vault) = (amount(&text, mint.as_ref())?, who.wallet()?, address::vault(&place.address));
                let built = build::deposit(depositor, place.address, mint.map(|mint| mint.tokens), amount);
                let mut draft = Draft::new("deposit", place, built).notes("amount", shown(amount, mint));
                if mint.is_none() {
                    draft.moves.push((depositor, -i128::from(amount)));
                }
                Ok(with_tokens(draft, mint, &vault, who.payer()?))
            }
            Self::SetAllowance { of, member, allowance } => {
                let (Open { place, .. }, member) = (context.session(&of.session).await?, keys::address(&member)?);
                let mint = allowance.of_mint.read(context).await?;
                let terms = allowance.terms(mint.as_ref())?;
                let of_mint = mint.map(|mint| mint.tokens.mint);
                let built = build::set_allowance(who.wallet()?, who.payer()?, place.address, member, of_mint, terms);
                let at = address::allowance(&address::member(&place.address, &member), &of_mint.unwrap_or(SOL));
                Ok(Draft::new("set_allowance", place, built).makes(ALLOWANCE, at).notes("member", member.to_string()))
            }
            Self::Spend { of, to, amount: text, of_mint } => {
                let (session, to, mint) = (context.session(&of.session).await?, keys::address(&to)?, of_mint.read(context).await?);
                let amount = amount(&text, mint.as_ref())?;
                let built = build::spend(context.acting(&session)?, to, mint.map(|mint| mint.tokens), amount);
                let name = if mint.is_some() { "spend_tokens" } else { "spend" };
                let mut draft = Draft::new(name, session.place, built).notes("to", to.to_string()).notes("amount", shown(amount, mint));
                if mint.is_none() {
                    draft.moves.push((to, amount.into()));
                }
                Ok(with_tokens(draft, mint, &to, who.payer()?))
            }
            Self::Withdraw { of, amount: text, to, of_mint } => {
                // The session itself may be gone: what its vault holds then is still to be had, for its creator.
                let place = context.place(&of.session)?;
                let there = context.find(place.address, account::session).await?.map(|state| (state.creator, state.id));
                let (creator, session_id) = there.or(place.named).ok_or_else(|| place.absent())?;
                let mint = of_mint.read(context).await?;
                if there.is_none() && !holds_something(context, &place.address, mint.as_ref()).await? {
                    return Err(place.absent());
                }
                let amount = if text == "all" { EVERYTHING } else { amount(&text, mint.as_ref())? };
                let recipient = to.as_deref().map(keys::address).transpose()?.unwrap_or(creator);
                let withdrawal = Withdrawal { session: place.address, session_id, recipient, tokens: mint.map(|mint| mint.tokens), amount };
                let vault = context.snapshot(address::vault(&place.address)).await?.account.map_or(0, |account| account.lamports);
                let built = build::withdraw(who.wallet()?, withdrawal);
                let said = if amount == EVERYTHING { "all of it".to_owned() } else { shown(amount, mint) };
                let mut draft = Draft::new("withdraw", place, built).notes("to", recipient.to_string()).notes("amount", said);
                if mint.is_none() {
                    draft.moves.push((recipient, amount.min(vault).into()));
                }
                Ok(with_tokens(draft, mint, &recipient, who.payer()?))
            }
        }
    }
}

/// Whether a vault has anything of what can be taken out of it.
async fn holds_something<L: Ledger>(context: &Context<'_, L>, session: &Address, mint: Option<&Mint>) -> Result<bool, Failed> {
    let vault = address::vault(session);
    let holder = mint.map_or(vault, |mint| mint.tokens.of(&vault));
    Ok(context.snapshot(holder).await?.account.is_some_and(|account| account.lamports > 0))
}

impl Allowance {
    fn terms(&self, mint: Option<&Mint>) -> Result<AllowanceTerms, Failed> {
        let (window_limit, window_seconds) = match &self.window {
            None => (UNLIMITED, 0),
            Some(text) => {
                let hint = "write an amount and a time, like 0.5SOL/1d";
                let (most, time) =
                    text.split_once('/').ok_or_else(|| Failed::argument(format!("the window {text:?} has no time"), hint))?;
                (limit(most, mint)?, values::window(time).map_err(|wrong| Failed::argument(wrong, hint))?)
            }
        };
        let mut destinations = [NOBODY; MAX_DESTINATIONS];
        if self.destinations.len() > MAX_DESTINATIONS {
            let message = format!("{} destinations were given, and the most is {MAX_DESTINATIONS}", self.destinations.len());
            return Err(Failed::argument(message, "leave --destination out to allow any"));
        }
        for (place, text) in destinations.iter_mut().zip(&self.destinations) {
            *place = keys::address(text)?;
        }
        Ok(AllowanceTerms {
            quota: Quota { limit: limit(&self.limit, mint)?, window_limit, window_seconds },
            per_call: limit(&self.per_call, mint)?,
            destinations,
            destination_count: u8::try_from(self.destinations.len()).unwrap_or(u8::MAX),
            reserved: [0; 7],
        })
    }
}
