//! Functions: what a session lets its members call, and calling it.
//!
//! A function is written `PROGRAM` or `PROGRAM/SELECTOR`: the program's name or address, and what the data of a call must begin with.

use {
    super::{content::data, lifecycle::Of},
    crate::{
        context::{Context, Open},
        describe::FUNCTION,
        draft::Draft,
        failed::Failed,
        keys,
        scenario::{arena, fields::FunctionRef, names::quote, values},
    },
    clap::{Args, Subcommand},
    sessions_client::{
        Ledger, account, address,
        core::{SessionError, rules::outflow::SOL},
        instruction as build,
        instruction::{Acting, FunctionCall, NewFunction},
        ledger::Snapshot,
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// A function of a session.
#[derive(Args, Clone, Debug)]
pub struct Function {
    #[command(flatten)]
    of: Of,
    /// The program that is called, by name (memo, arena …) or address, and after a slash what the data must begin with: memo, memo/0x01.
    #[arg(value_name = "PROGRAM[/SELECTOR]")]
    function: String,
}

/// Which allowances a call may charge.
#[derive(Args, Clone, Debug)]
pub struct Charged {
    /// SOL or the mint of an allowance that may be charged; can be given several times. [left out: all that you have]
    #[arg(long = "allowance", value_name = "MINT")]
    allowances: Vec<String>,
}

/// Commands about functions.
#[derive(Subcommand, Clone, Debug)]
#[expect(missing_docs, reason = "the types of what is flattened say it")]
pub enum Functions {
    /// Let members call a program with the vault's signature, as the authority.
    #[command(
        after_help = "Examples:\n  sessions register-function night memo\n  sessions register-function night PROGRAM_ADDRESS/0x01 --units 5 --composable"
    )]
    RegisterFunction {
        #[command(flatten)]
        function: Function,
        /// How many units a call takes.
        #[arg(long, default_value_t = 0)]
        units: u64,
        /// Let it be called together with others.
        #[arg(long)]
        composable: bool,
    },
    /// Let members call it no longer, as the authority.
    #[command(after_help = "Examples:\n  sessions unregister-function night memo")]
    UnregisterFunction(Function),
    /// Call a function.
    #[command(
        visible_alias = "execute",
        after_help = "An account is an address, a key file, vault, session, member, or tokens:OWNER/MINT; with :w behind it, it may be \
                      written.\n\nExamples:\n  sessions execute-function night memo --data hello --account vault\n  sessions execute night \
                      PROGRAM_ADDRESS/0x01 --data 0x0102 --account vault:w --account ADDRESS:w"
    )]
    ExecuteFunction {
        #[command(flatten)]
        function: Function,
        /// What it is called with: a text, or 0x and hex digits.
        #[arg(long, default_value = "", hide_default_value = true)]
        data: String,
        /// An account of the call, in the program's order; can be given several times.
        #[arg(long = "account", value_name = "ACCOUNT")]
        accounts: Vec<String>,
        #[command(flatten)]
        charged: Charged,
    },
    /// Call up to eight functions, all or none of them.
    #[command(
        visible_alias = "compose",
        after_help = "A call is a function, its data and its accounts, with blanks between them; - stands for no data.\n\nExamples:\n  sessions \
                      compose-functions night --call 'memo hello vault' --call 'memo 0x4869 vault'\n  sessions compose night --call \
                      'PROGRAM_ADDRESS/0x01 0x0102 vault:w' --call 'memo - vault'"
    )]
    ComposeFunctions {
        #[command(flatten)]
        of: Of,
        /// A call: PROGRAM[/SELECTOR] DATA ACCOUNT…; can be given several times.
        #[arg(long = "call", value_name = "CALL", required = true)]
        calls: Vec<String>,
        #[command(flatten)]
        charged: Charged,
    },
}

impl Functions {
    /// What the command is going to do.
    ///
    /// # Errors
    /// What is wrong with an argument, a key file or the session; the ledger's.
    pub async fn draft<L: Ledger>(self, context: &Context<'_, L>) -> Result<Draft, Failed> {
        match self {
            Self::RegisterFunction { function: Function { of, function }, units, composable } => {
                let Open { place, .. } = context.session(&of.session).await?;
                let FunctionRef { program, selector } = read(context, &function)?;
                let new = NewFunction { program, selector, units, composable };
                let built = build::register_function(context.who.wallet()?, context.who.payer()?, place.address, new);
                let at = address::function(&place.address, &program, &selector);
                Ok(Draft::new("register_function", place, built).makes(FUNCTION, at).notes("function", function))
            }
            Self::UnregisterFunction(Function { of, function }) => {
                let Open { place, .. } = context.session(&of.session).await?;
                let FunctionRef { program, selector } = read(context, &function)?;
                let at = address::function(&place.address, &program, &selector);
                let known = context.get(at, account::function, SessionError::FunctionNotFound).await?;
                let built = build::unregister_function(context.who.wallet()?, place.address, &known);
                Ok(Draft::new("unregister_function", place, built).ends(at).notes("function", function))
            }
            Self::ExecuteFunction { function: Function { of, function }, data, accounts, charged } => {
                let session = context.session(&of.session).await?;
                let acting = context.acting(&session)?;
                let accounts: Vec<&str> = accounts.iter().map(String::as_str).collect();
                let call = call(context, &acting, &function, &data, &accounts).await?;
                let allowances = charged.read(context, &acting).await?;
                let built = build::execute_function(acting, &call, &allowances);
                Ok(Draft::new("execute_function", session.place, built).notes("function", function))
            }
            Self::ComposeFunctions { of, calls, charged } => {
                let session = context.session(&of.session).await?;
                let acting = context.acting(&session)?;
                let mut read = Vec::new();
                for text in &calls {
                    read.push(one_call(context, &acting, text).await?);
                }
                let allowances = charged.read(context, &acting).await?;
                let built = build::compose_functions(acting, &read, &allowances);
                Ok(Draft::new("compose_functions", session.place, built).notes("calls", calls.len().to_string()))
            }
        }
    }
}

/// The function that is written as `text`; one of the arena's can have its instruction's name as its selector.
fn read<L: Ledger>(context: &Context<'_, L>, text: &str) -> Result<FunctionRef, Failed> {
    let (program, selector) = text.split_once('/').unwrap_or((text, ""));
    let program = context.program(program)?;
    let named = program == arena::ARENA && arena::INSTRUCTIONS.contains(&selector);
    let selector = if named { format!("0x{}", hex::encode(arena::discriminator(selector))) } else { selector.to_owned() };
    let selector =
        values::selector(&selector).map_err(|wrong| Failed::argument(wrong, "write the first bytes of the data as 0x and hex digits"))?;
    Ok(FunctionRef { program, selector })
}

/// A call in one text.
async fn one_call<L: Ledger>(context: &Context<'_, L>, acting: &Acting, text: &str) -> Result<FunctionCall, Failed> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match &words[..] {
        [function, rest @ ..] => {
            let (data, accounts) = rest.split_first().map_or(("-", &[][..]), |(data, accounts)| (*data, accounts));
            call(context, acting, function, if data == "-" { "" } else { data }, accounts).await
        }
        [] => Err(Failed::argument("a call is empty", "write it like 'memo hello vault'")),
    }
}

async fn call<L: Ledger>(
    context: &Context<'_, L>,
    acting: &Acting,
    function: &str,
    text: &str,
    accounts: &[&str],
) -> Result<FunctionCall, Failed> {
    let FunctionRef { program, selector } = read(context, function)?;
    let mut metas = Vec::new();
    for account in accounts {
        metas.push(meta(context, acting, account).await?);
    }
    Ok(FunctionCall { selector, instruction: Instruction { program_id: program, accounts: metas, data: data(text)? } })
}

/// An account of a call.
async fn meta<L: Ledger>(context: &Context<'_, L>, acting: &Acting, text: &str) -> Result<AccountMeta, Failed> {
    let (name, is_writable) = text.strip_suffix(":w").map_or((text, false), |name| (name, true));
    let pubkey = match name.strip_prefix("tokens:") {
        Some(tokens) => {
            let hint = "write it like tokens:vault/MINT_ADDRESS";
            let (owner, mint) = tokens.rsplit_once('/').ok_or_else(|| Failed::argument(format!("{} names no mint", quote(text)), hint))?;
            context.mint(mint).await?.tokens.of(&own(acting, owner)?)
        }
        None => own(acting, name)?,
    };
    Ok(AccountMeta { pubkey, is_signer: false, is_writable })
}

/// One of the caller's own accounts by its name, or any by its address.
fn own(acting: &Acting, name: &str) -> Result<Address, Failed> {
    match name {
        "vault" => Ok(address::vault(&acting.session)),
        "session" => Ok(acting.session),
        "member" => Ok(acting.member()),
        _ => keys::address(name),
    }
}

impl Charged {
    /// The addresses of the allowances: those that were named, or all that the member has.
    async fn read<L: Ledger>(&self, context: &Context<'_, L>, acting: &Acting) -> Result<Vec<Address>, Failed> {
        let member = acting.member();
        if !self.allowances.is_empty() {
            let mint = |text: &String| if text == "SOL" { Ok(SOL) } else { keys::address(text) };
            return self.allowances.iter().map(|text| Ok(address::allowance(&member, &mint(text)?))).collect();
        }
        let children = context.ledger.children(&acting.session).await?;
        let is_own =
            |account| account::allowance(&Snapshot { slot: 0, account: Some(account) }).is_ok_and(|allowance| allowance.member == member);
        Ok(children.into_iter().filter(|(_, account)| is_own(account.clone())).map(|(address, _)| address).collect())
    }
}
