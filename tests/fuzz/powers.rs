//! What a session can do besides talking: its functions, its vault and its allowances, and what other programs charge. As instructions, and as
//! the rules have it.

use {
    crate::{
        life::{Life, creation},
        step::{Absent, Told},
    },
    rogue::Instruction as Rogue,
    sessions_client::{
        address,
        core::{
            Act, AllowanceState, FunctionState, Refusal, SessionError,
            rules::{
                allowance::AllowanceTerms,
                functions::Selector,
                outflow::{SOL, is_rent_safe},
            },
            state::{
                At, Execution, Held, NewFunction, Payment, Vault,
                session::vault::{Withdrawal, check_balance},
            },
        },
        instruction::{self, Acting, FunctionCall},
    },
    sessions_tests::{programs::ROGUE, session::TestSession},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// What someone does.
#[derive(Clone, Debug)]
pub enum Power {
    Deposit(u64),
    Allow {
        of: Address,
        terms: AllowanceTerms,
    },
    Spend {
        to: Address,
        amount: u64,
    },
    Withdraw(u64),
    Register {
        units: u64,
        composable: bool,
    },
    Unregister,
    /// So many calls, the first of which takes so many lamports out of the vault.
    Execute {
        calls: u64,
        composed: bool,
        takes: u64,
    },
    Consume {
        permissions: u32,
        units: u64,
    },
}

impl Power {
    /// The name under which it is counted.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deposit(_) => "deposit",
            Self::Allow { .. } => "set_allowance",
            Self::Spend { .. } => "spend",
            Self::Withdraw(_) => "withdraw",
            Self::Register { .. } => "register_function",
            Self::Unregister => "unregister_function",
            Self::Execute { takes: 0, composed: false, .. } => "execute_function",
            Self::Execute { takes: 0, composed: true, .. } => "compose_functions",
            Self::Execute { .. } => "an execution that takes something",
            Self::Consume { .. } => "consume",
        }
    }
}

/// Who does it: the signer, the wallet whose membership it is, and who pays.
pub struct By<'a> {
    pub signer: &'a Address,
    pub wallet: &'a Address,
    pub payer: &'a Address,
}

/// Any data at all.
const ANY: Selector = Selector { bytes: [0; 8], length: 0 };

impl Power {
    /// As an instruction.
    pub fn instruction(&self, session: &TestSession, life: &Life, by: &By<'_>) -> Instruction {
        let (at, signer, wallet, payer) = (session.address, *by.signer, *by.wallet, *by.payer);
        let acting = Acting { signer, session: at, wallet, shared: false }.in_session(&life.session);
        match self {
            Self::Deposit(amount) => instruction::deposit(signer, at, None, *amount),
            Self::Allow { of, terms } => instruction::set_allowance(signer, payer, at, *of, None, *terms),
            Self::Spend { to, amount } => instruction::spend(acting, *to, None, *amount),
            Self::Withdraw(amount) => {
                let (session_id, recipient) = (session.args.id, session.creator.address());
                instruction::withdraw(signer, instruction::Withdrawal { session: at, session_id, recipient, tokens: None, amount: *amount })
            }
            Self::Register { units, composable } => {
                let new = instruction::NewFunction { program: ROGUE, selector: ANY, units: *units, composable: *composable };
                instruction::register_function(signer, payer, at, new)
            }
            Self::Unregister => {
                let absent = FunctionState { program: ROGUE, ..bytemuck::Zeroable::zeroed() };
                instruction::unregister_function(signer, at, &life.function.unwrap_or(absent))
            }
            Self::Execute { calls, composed, takes } => {
                let allowance = address::allowance(&address::member(&at, &wallet), &SOL);
                let calls: Vec<FunctionCall> = (0..*calls).map(|i| call(&at, session, if i == 0 { *takes } else { 0 })).collect();
                if *composed {
                    instruction::compose_functions(acting, &calls, &[allowance])
                } else {
                    instruction::execute_function(acting, &calls[0], &[allowance])
                }
            }
            Self::Consume { permissions, units } => instruction::consume(acting, *permissions, *units),
        }
    }

    /// As the rules have it; `rent` is what a vault has to hold if it holds anything.
    pub fn predict(
        &self,
        at: &Address,
        life: &mut Life,
        by: &By<'_>,
        now: (i64, u64),
        rent: u64,
        told: &mut Told,
    ) -> Result<Result<(), Refusal>, Absent> {
        let act = |account| Act { account, signer: by.signer, now: now.0, slot: now.1 };
        let (here, place) = (act(at), address::member(at, by.wallet));
        let unknown = life.session.vault().is_none().then(|| {
            let (address, bump) = Address::find_program_address(&sessions_client::core::SessionState::vault_seeds(at), &address::PROGRAM);
            Vault { address, bump }
        });
        let Life { session: state, members, allowances, function, vault, .. } = life;
        let outcome = match self {
            Self::Deposit(amount) => state.check_deposit(&here, *amount).and_then(|()| {
                if *vault + amount < rent {
                    return Err(SessionError::VaultBelowRent.into());
                }
                *vault += amount;
                state.deposit(&here, unknown, &SOL, *amount, told)
            }),
            Self::Allow { of, terms } => {
                let seat = address::member(at, of);
                let member = At { address: &seat, state: members.get(of).ok_or(Absent)? };
                let account = address::allowance(&seat, &SOL);
                let made = creation(&AllowanceState::seeds(&seat, &SOL), by.payer);
                let made = (!allowances.contains_key(of)).then_some(made);
                let allowance = allowances.entry(*of).or_insert(bytemuck::Zeroable::zeroed());
                let session = At { address: at, state };
                allowance.set(&act(&account), session, unknown, member, &SOL, terms, made.as_ref(), told)
            }
            Self::Spend { to, amount } => {
                let member = At { address: &place, state: members.get_mut(by.wallet).ok_or(Absent)? };
                let allowance = allowances.get_mut(by.wallet).ok_or(Absent)?;
                let payment = Payment { mint: &SOL, amount: *amount, destination: to };
                let session = At { address: at, state: Held::Writable(state) };
                let outcome = allowance.spend(&act(&address::allowance(&place, &SOL)), session, member, &payment, told);
                outcome.and_then(|()| {
                    check_balance(*vault, *amount, if *vault == *amount { 0 } else { rent })?;
                    *vault -= amount;
                    Ok(())
                })
            }
            Self::Withdraw(amount) => {
                let creator = state.creator;
                let withdrawal =
                    Withdrawal { mint: &SOL, amount: *amount, balance: *vault, recipient: &creator, minimum: rent, closes: false };
                state.withdraw(&here, &withdrawal, told).map(|taken| *vault -= taken)
            }
            Self::Register { units, composable } => {
                if function.is_some() {
                    return Ok(Err(SessionError::FunctionAlreadyRegistered.into()));
                }
                let (seed, account) = (ANY.seed(), address::function(at, &ROGUE, &ANY));
                let made = creation(&FunctionState::seeds(at, &ROGUE, &seed), by.payer);
                let composable = u8::from(*composable);
                let new = NewFunction { program: &ROGUE, is_executable: true, selector: ANY, units: *units, composable, reserved: [0; 6] };
                let session = At { address: at, state };
                let mut registered: FunctionState = bytemuck::Zeroable::zeroed();
                let outcome = registered.register(&act(&account), session, unknown, &new, &made, told);
                *function = Some(registered);
                outcome
            }
            Self::Unregister => {
                let account = address::function(at, &ROGUE, &ANY);
                let outcome = function.as_mut().ok_or(Absent)?.unregister(&act(&account), At { address: at, state }, told);
                *function = None;
                outcome
            }
            Self::Execute { calls, composed, takes } => {
                let (function, member) = (function.ok_or(Absent)?, members.get_mut(by.wallet).ok_or(Absent)?);
                let execution = Execution { calls: *calls, units: function.units * calls, composed: *composed };
                let (seat, mut session) = (act(&place), At { address: at, state: Held::Writable(state) });
                if let Err(refusal) = member.begin_execution(&seat, &mut session, &execution) {
                    return Ok(Err(refusal));
                }
                if let Err(violation) = function.check_call(&[], *composed) {
                    return Ok(Err(violation.into()));
                }
                if *takes > *vault {
                    // The system program says so.
                    return Err(Absent);
                }
                for _ in 0..*calls {
                    member.record_call(&seat, &mut session, &function, 0, told).unwrap();
                }
                *vault -= takes;
                let outcome = match allowances.get_mut(by.wallet) {
                    _ if *takes == 0 => Ok(()),
                    _ if !is_rent_safe(*vault, rent) => Err(SessionError::VaultBelowRent.into()),
                    None => Err(SessionError::AllowanceNotFound.into()),
                    Some(allowance) => {
                        let (session, account) = (At { address: at, state: &*session.state }, address::allowance(&place, &SOL));
                        allowance.charge_outflow(&act(&account), session, member, *takes, told)
                    }
                };
                member.end_execution();
                outcome
            }
            Self::Consume { permissions, units } => {
                let member = members.get_mut(by.wallet).ok_or(Absent)?;
                let session = At { address: at, state: Held::Writable(state) };
                member.consume(&act(&place), session, *permissions, *units, told).map(|_| ())
            }
        };
        if outcome.is_err() {
            // A payment that the vault cannot make is told before it is tried, and then never happened.
            told.0.clear();
        }
        Ok(outcome)
    }
}

/// A call that takes so many lamports out of the vault.
fn call(at: &Address, session: &TestSession, takes: u64) -> FunctionCall {
    let what = if takes == 0 { Rogue::Nothing } else { Rogue::DrainLamports { amount: takes } };
    let accounts = vec![
        AccountMeta::new(address::vault(at), true),
        AccountMeta::new(session.stranger.address(), false),
        AccountMeta::new_readonly(Address::default(), false),
    ];
    FunctionCall { selector: ANY, instruction: Instruction { program_id: ROGUE, accounts, data: what.data() } }
}
