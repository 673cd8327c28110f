//! The Program Metadata program, as far as an IDL's upload uses it. No package registry has that program's file, so it is played here, by its
//! published source: who must sign, what each instruction wants of its accounts, how far an account may grow, and that none is left below its
//! rent. What it would refuse ends the test.

use {
    litesvm::LiteSVM,
    sessions_cli::deploy::{
        data_address,
        metadata::{HEADER, METADATA, MOST_GROWTH},
    },
    solana_account::Account,
    solana_address::Address,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
    std::collections::BTreeMap,
};

const SYSTEM: Address = Address::from_str_const("11111111111111111111111111111111");
/// What a signature costs, in lamports.
const FEE: u64 = 5_000;

/// A call of a program: its accounts, who of them signs, and its data.
struct Call<'a> {
    program: Address,
    accounts: Vec<(Address, bool)>,
    data: &'a [u8],
}

/// Runs a transaction that calls the program; `None` if this one does not.
pub fn play(svm: &mut LiteSVM, transaction: &VersionedTransaction) -> Option<Result<(), TransactionError>> {
    let (message, keys) = (&transaction.message, transaction.message.static_account_keys());
    let call = |compiled: &solana_message::compiled_instruction::CompiledInstruction| {
        let account = |index: &u8| (keys[usize::from(*index)], *index < message.header().num_required_signatures);
        (keys[usize::from(compiled.program_id_index)], compiled.accounts.iter().map(account).collect::<Vec<_>>())
    };
    let calls: Vec<Call<'_>> = message
        .instructions()
        .iter()
        .map(|compiled| (call(compiled), &compiled.data))
        .map(|((program, accounts), data)| Call { program, accounts, data })
        .collect();
    if calls.iter().all(|call| call.program != METADATA) {
        return None;
    }
    let mut changed = Changed { svm, accounts: BTreeMap::new() };
    changed.open(&keys[0]).lamports -= FEE * transaction.signatures.len() as u64;
    for call in &calls {
        let before: BTreeMap<Address, usize> = changed.accounts.iter().map(|(address, account)| (*address, account.data.len())).collect();
        match call.program {
            SYSTEM => changed.transfer(call),
            METADATA => changed.metadata(call),
            other => panic!("{other} is not played"),
        }
        for (address, account) in &changed.accounts {
            let length = before.get(address).copied().unwrap_or(account.data.len());
            assert!(account.data.len() <= length + MOST_GROWTH, "{address} grows by too much in one instruction");
        }
    }
    let Changed { svm, accounts } = changed;
    for (address, account) in accounts {
        let least = svm.minimum_balance_for_rent_exemption(account.data.len());
        assert!(account.lamports == 0 || account.lamports >= least, "{address} is left below its rent");
        svm.set_account(address, account).unwrap();
    }
    Some(Ok(()))
}

/// The ledger, and the accounts that a transaction has changed so far.
struct Changed<'a> {
    svm: &'a mut LiteSVM,
    accounts: BTreeMap<Address, Account>,
}

fn address(bytes: &[u8], offset: usize) -> Address {
    Address::new_from_array(*bytes[offset..].first_chunk().unwrap())
}

fn u32_at(bytes: &[u8], offset: usize) -> usize {
    u32::from_le_bytes(*bytes[offset..].first_chunk().unwrap()) as usize
}

impl Changed<'_> {
    fn open(&mut self, address: &Address) -> &mut Account {
        let svm = &self.svm;
        self.accounts.entry(*address).or_insert_with(|| svm.get_account(address).unwrap_or_default())
    }

    fn rent(&self, bytes: usize) -> u64 {
        self.svm.minimum_balance_for_rent_exemption(bytes)
    }

    fn transfer(&mut self, call: &Call<'_>) {
        let [(from, true), (to, _)] = call.accounts[..] else { panic!("no transfer") };
        assert_eq!(u32_at(call.data, 0), 2, "no transfer");
        let lamports = u64::from_le_bytes(call.data[4..].try_into().unwrap());
        let payer = self.open(&from);
        payer.lamports = payer.lamports.checked_sub(lamports).expect("the payer has enough");
        self.open(&to).lamports += lamports;
    }

    /// Whether the authority may upgrade the program.
    fn may_upgrade(&self, program: &Address, data: &Address, authority: &Address) -> bool {
        let there = self.svm.get_account(program).expect("there is a program");
        assert!(there.executable && address(&there.data, 4) == *data && *data == data_address(program), "it is no program with this data");
        let code = self.svm.get_account(data).expect("there is its code");
        code.data[12] == 1 && address(&code.data, 13) == *authority
    }

    /// The account is at the address of the seed, and who signs may write there.
    fn assert_derived(&self, at: &Address, program: &Address, data: &Address, authority: &Address, seed: &[u8]) {
        assert!(self.may_upgrade(program, data, authority), "not canonical");
        assert_eq!(Address::find_program_address(&[program.as_array(), seed], &METADATA).0, *at, "InvalidSeeds");
    }

    /// Who signs may change the account.
    fn assert_authorized(&mut self, at: &Address, program: &Address, data: &Address, authority: &Address) {
        let there = self.open(at).clone();
        assert!(there.owner == METADATA && there.data.len() >= HEADER, "UninitializedAccount");
        if there.data[0] == 1 && address(&there.data, 33) == *authority {
            return;
        }
        assert_eq!(*program, address(&there.data, 1), "IncorrectAuthority");
        assert!(self.may_upgrade(program, data, authority), "IncorrectAuthority");
    }

    fn metadata(&mut self, call: &Call<'_>) {
        let Call { accounts, data, .. } = call;
        let at = accounts[0].0;
        let (authority, signs) = accounts[1];
        assert!(signs, "MissingRequiredSignature");
        let place = |index: usize| accounts[index].0;
        match data[0] {
            0 => {
                let account = self.open(&at);
                assert!(account.data[0] == 1 && address(&account.data, 33) == authority, "IncorrectAuthority");
                let (offset, bytes) = (HEADER + u32_at(data, 1), &data[5..]);
                let length = account.data.len().max(offset + bytes.len());
                account.data.resize(length, 0);
                account.data[offset..offset + bytes.len()].copy_from_slice(bytes);
            }
            1 => {
                assert_eq!(data.len(), 21);
                self.assert_derived(&at, &place(2), &place(3), &authority, &data[1..17]);
                let account = self.open(&at);
                assert!(account.owner == METADATA && account.data[0] == 1, "InvalidAccountData");
                let length = (account.data.len() - HEADER) as u32;
                account.data[..HEADER].fill(0);
                account.data[0] = 2;
                account.data[1..33].copy_from_slice(place(2).as_array());
                account.data[65..67].copy_from_slice(&[1, 1]);
                account.data[67..87].copy_from_slice(&data[1..]);
                account.data[87..91].copy_from_slice(&length.to_le_bytes());
            }
            3 => {
                assert_eq!(data.len(), 5);
                self.assert_authorized(&at, &place(3), &place(4), &authority);
                let buffer = self.open(&place(2)).clone();
                assert!(buffer.owner == METADATA && buffer.data[0] == 1, "InvalidAccountData");
                let account = self.open(&at);
                assert!(account.data[0] == 2 && account.data[65] == 1, "InvalidAccountData");
                account.data[83..87].copy_from_slice(&data[1..]);
                let content = &buffer.data[HEADER..];
                account.data[87..91].copy_from_slice(&(content.len() as u32).to_le_bytes());
                account.data.resize(buffer.data.len(), 0);
                account.data[HEADER..].copy_from_slice(content);
            }
            5 => {
                self.assert_authorized(&at, &place(2), &place(3), &authority);
                let account = self.open(&at);
                let length = HEADER + u32_at(&account.data, 87);
                account.data.resize(length, 0);
                let least = self.rent(length);
                let account = self.open(&at);
                let over = account.lamports - least;
                account.lamports = least;
                self.open(&place(4)).lamports += over;
            }
            6 => {
                self.assert_authorized(&at, &place(2), &place(3), &authority);
                let closed = std::mem::take(self.open(&at));
                self.open(&place(4)).lamports += closed.lamports;
            }
            7 => {
                assert_eq!(data.len(), 17);
                self.assert_derived(&at, &place(2), &place(3), &authority, &data[1..]);
                let least = self.rent(HEADER);
                let account = self.open(&at);
                assert!(account.owner == SYSTEM && account.data.is_empty(), "AccountAlreadyInitialized");
                assert!(account.lamports >= least, "AccountNotRentExempt");
                account.owner = METADATA;
                account.data = [&[1], &place(2).as_array()[..], authority.as_array(), &[1], &data[1..], &[0; 14]].concat();
            }
            8 => {
                self.assert_authorized(&at, &place(2), &place(3), &authority);
                let account = self.open(&at);
                let length = account.data.len() + usize::from(u16::from_le_bytes(data[1..].try_into().unwrap()));
                account.data.resize(length, 0);
            }
            other => panic!("no instruction {other}"),
        }
    }
}
