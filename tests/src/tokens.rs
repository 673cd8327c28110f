//! Tokens: mints and token accounts of the real token programs.

use {
    crate::{Actor, World, world::SOL},
    sessions_client::{
        address,
        core::{rules::allowance::AllowanceTerms, rules::quotas::Quota},
        instruction::Tokens,
    },
    solana_account::Account,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    spl_token_2022_interface::{
        extension::{ExtensionType, transfer_fee::instruction::initialize_transfer_fee_config},
        instruction as token,
        pod::PodMint,
        state::Mint,
    },
};

/// The mint of wrapped SOL.
pub const NATIVE_MINT: Address = Address::from_str_const("So11111111111111111111111111111111111111112");
/// SPL Token.
pub const TOKEN: Address = Address::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// Token-2022.
pub const TOKEN_2022: Address = Address::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
/// The memo program: it takes any text as its data, and every account that it is given has to sign.
pub const MEMO: Address = Address::from_str_const("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");

/// The decimals of every mint here.
pub const DECIMALS: u8 = 6;

/// A mint with its authority, who pays for it.
#[derive(Clone)]
pub struct Minted {
    /// The mint and its program.
    pub tokens: Tokens,
    /// Who mints.
    pub authority: Actor,
}

/// What a Token-2022 mint is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// A fee of so many hundredths of a percent, up to so much.
    TransferFee(u16, u64),
    /// Somebody who can move anyone's tokens.
    PermanentDelegate,
    /// A program that is called in every transfer.
    TransferHook,
    /// Somebody who can close the mint when there are none of it.
    MintCloseAuthority,
}

impl Extension {
    fn kind(self) -> ExtensionType {
        match self {
            Self::TransferFee(..) => ExtensionType::TransferFeeConfig,
            Self::PermanentDelegate => ExtensionType::PermanentDelegate,
            Self::TransferHook => ExtensionType::TransferHook,
            Self::MintCloseAuthority => ExtensionType::MintCloseAuthority,
        }
    }

    fn initialize(self, mint: &Address, authority: &Address) -> Instruction {
        let by = Some(authority);
        match self {
            Self::TransferFee(points, maximum) => initialize_transfer_fee_config(&TOKEN_2022, mint, by, by, points, maximum),
            Self::PermanentDelegate => token::initialize_permanent_delegate(&TOKEN_2022, mint, authority),
            Self::TransferHook => spl_token_2022_interface::extension::transfer_hook::instruction::initialize(
                &TOKEN_2022,
                mint,
                Some(*authority),
                Some(*authority),
            ),
            Self::MintCloseAuthority => token::initialize_mint_close_authority(&TOKEN_2022, mint, by),
        }
        .unwrap()
    }
}

impl World {
    /// A mint of SPL Token with this name.
    #[track_caller]
    pub fn mint(&self, name: &str) -> Minted {
        self.make_mint(name, TOKEN, &[])
    }

    /// A mint of Token-2022 with this name and these extensions.
    #[track_caller]
    pub fn mint_2022(&self, name: &str, extensions: &[Extension]) -> Minted {
        self.make_mint(name, TOKEN_2022, extensions)
    }

    #[track_caller]
    fn make_mint(&self, name: &str, program: Address, extensions: &[Extension]) -> Minted {
        let (mint, authority) = (Actor::named(&format!("mint {name}")), self.actor("mint authority"));
        let kinds: Vec<ExtensionType> = extensions.iter().map(|extension| extension.kind()).collect();
        let space = ExtensionType::try_calculate_account_len::<Mint>(&kinds).unwrap();
        let rent = self.ledger.with_svm(|svm| svm.minimum_balance_for_rent_exemption(space)).unwrap();
        let mut steps = vec![create_account(&authority.address(), &mint.address(), rent, space, &program)];
        steps.extend(extensions.iter().map(|extension| extension.initialize(&mint.address(), &authority.address())));
        steps.push(token::initialize_mint2(&program, &mint.address(), &authority.address(), None, DECIMALS).unwrap());
        self.ok_with(&steps, &[&authority, &mint]);
        Minted { tokens: Tokens { mint: mint.address(), program }, authority }
    }

    /// The mint whose tokens are wrapped SOL, which a ledger of its own does not begin with.
    pub fn native_mint(&self) -> Tokens {
        let tokens = Tokens { mint: NATIVE_MINT, program: TOKEN };
        let mint = PodMint { decimals: 9, is_initialized: true.into(), ..PodMint::default() };
        let data = bytemuck::bytes_of(&mint).to_vec();
        self.put(tokens.mint, Account { lamports: SOL, data, owner: TOKEN, executable: false, rent_epoch: u64::MAX });
        tokens
    }

    /// Gives `owner` an associated token account with so much in it.
    #[track_caller]
    pub fn give(&self, minted: &Minted, owner: &Address, amount: u64) -> Address {
        let Minted { tokens, authority } = minted;
        let account = tokens.of(owner);
        let mut steps = vec![tokens.create_account(authority.address(), *owner)];
        if amount > 0 {
            steps.push(token::mint_to(&tokens.program, &tokens.mint, &account, &authority.address(), &[], amount).unwrap());
        }
        self.ok_with(&steps, &[authority]);
        account
    }

    /// How much the token account at this address holds.
    #[track_caller]
    pub fn held(&self, account: &Address) -> u64 {
        let data = self.account(account).unwrap().data;
        u64::from_le_bytes(data[64..72].try_into().unwrap())
    }

    /// How much the vault of the session at `session` holds of a mint.
    #[track_caller]
    pub fn vault_holds(&self, session: &Address, tokens: &Tokens) -> u64 {
        self.held(&tokens.of(&address::vault(session)))
    }
}

/// The system program's `create_account`.
pub fn create_account(payer: &Address, account: &Address, lamports: u64, space: usize, owner: &Address) -> Instruction {
    let mut data = 0u32.to_le_bytes().to_vec();
    data.extend(lamports.to_le_bytes());
    data.extend((space as u64).to_le_bytes());
    data.extend(owner.as_array());
    let accounts = vec![AccountMeta::new(*payer, true), AccountMeta::new(*account, true)];
    Instruction { program_id: Address::default(), accounts, data }
}

/// A memo with this text, which the vault of the session at `session` signs.
pub fn memo(session: &Address, text: &str) -> Instruction {
    let accounts = vec![AccountMeta::new_readonly(address::vault(session), true)];
    Instruction { program_id: MEMO, accounts, data: text.as_bytes().to_vec() }
}

/// An allowance of so much in all, as much of it in one call, to these destinations or to any.
pub fn allowing(limit: u64, destinations: &[Address]) -> AllowanceTerms {
    let mut terms = AllowanceTerms {
        quota: Quota { limit, ..Quota::UNLIMITED },
        per_call: limit,
        destination_count: destinations.len() as u8,
        ..bytemuck::Zeroable::zeroed()
    };
    for (place, destination) in terms.destinations.iter_mut().zip(destinations) {
        *place = *destination;
    }
    terms
}
