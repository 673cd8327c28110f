//! Ten operations of which each depends on the one before, by what it writes and by name: what becomes of all of them when the first does not happen.
//!
//! After each step what a reader sees is compared with the naive model, as in the worlds of chance; here every step is chosen.

use {
    crate::{
        table::{self, AT, KEYS, ME, OTHER},
        world::World,
    },
    sessions_cache::{Cause, Level, Operation, OperationId, Stage},
    sessions_client::{
        address,
        core::PropertyState,
        instruction::{self, SetPropertyArgs},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// How many there are.
const TEN: usize = 10;

/// A world with one session, in whose property each of ten operations writes what the one before left.
struct Ten {
    world: World,
    session: Address,
    property: Address,
    ids: Vec<OperationId>,
}

/// `wallet` writes the property, which is to be at this version still.
fn write(wallet: Address, session: Address, expected_version: u64, value: &[u8]) -> Instruction {
    instruction::set_property(wallet, wallet, session, wallet, SetPropertyArgs { expected_version, capacity: 64, key: KEYS[0], value })
}

impl Ten {
    /// All ten are submitted; nobody has heard of the first, which is sent, and the others wait.
    fn submitted() -> Self {
        let (state, mut tables) = table::three(1);
        tables.truncate(1);
        let session = tables[0].session;
        let mut world = World::new(1, state, tables, 1, AT);
        world.ask_for(0);
        world.settle();
        world.deliver_all();
        let mut ten = Self { world, session, property: address::property(&session, KEYS[0]), ids: Vec::new() };
        assert_eq!(ten.sees(), (0, Level::Confirmed));
        for turn in 0..TEN as u64 {
            let instructions = vec![write(ME, session, turn, &turn.to_le_bytes())];
            let operation = Operation { session, instructions, after: ten.ids.last().copied() };
            ten.ids.push(ten.world.take(operation).unwrap());
            ten.world.release();
            ten.world.settle();
            assert_eq!(ten.sees(), (turn + 1, Level::Predicted));
        }
        ten.has(["sent", "local", "local", "local", "local", "local", "local", "local", "local", "local"]);
        ten
    }

    /// The property's version that a reader sees, 0 if it is not there, and how sure that is.
    fn sees(&mut self) -> (u64, Level) {
        let (data, freshness) = self.world.read(0, &self.property);
        (data.map_or(0, |data| PropertyState::read(&data).unwrap().version), freshness.level)
    }

    /// The operations are at these stages.
    fn has(&self, stages: [&str; TEN]) {
        let told: Vec<&Stage> = self.ids.iter().map(|id| self.world.stage(*id)).collect();
        assert_eq!(told.iter().map(|stage| stage.name()).collect::<Vec<_>>(), stages, "{told:?}");
    }

    /// Those from this place on were taken back, each because of the one before.
    fn taken_back_from(&self, first: usize) {
        for place in first..TEN {
            assert_eq!(*self.world.stage(self.ids[place]), Stage::RolledBack(Cause::Predecessor(self.ids[place - 1])), "the {place}th");
        }
    }

    /// The one at this place ran and failed, since the property was not at the version that it expected.
    fn failed(&self, place: usize) {
        let Stage::Failed { slot, failure } = self.world.stage(self.ids[place]) else { panic!("{:?}", self.world.stage(self.ids[place])) };
        let (block, result) = self.world.chain.find(self.ids[place].0).unwrap();
        assert_eq!((*slot, Err(failure.text.clone())), (self.world.chain.blocks[block].slot, result.clone()));
        assert!(failure.text.contains("VersionConflict"), "{failure}");
    }

    /// Goes on until nothing is left to do: all ended, and what is held is the chain's, byte for byte, with the property at this version.
    fn ends(mut self, version: u64, sent: u64) {
        self.world.quiet();
        assert_eq!(self.sees(), (version, Level::Finalized));
        assert!(self.ids.iter().all(|id| self.world.stage(*id).is_final()));
        let counts = &self.world.counts;
        assert_eq!((counts["submitted"], counts["handed over"]), (TEN as u64, sent));
        assert_eq!(counts["accounts compared after quiet"], 5);
        assert!(counts["views compared"] > 40, "{counts:?}");
    }
}

#[test]
fn ten_that_depend_on_each_other_happen_one_after_the_other() {
    let mut ten = Ten::submitted();
    for turn in 0..TEN {
        let waiting = ten.world.waiting();
        assert_eq!(waiting.iter().map(|transaction| transaction.number).collect::<Vec<_>>(), [ten.ids[turn].0]);
        ten.world.block_of(waiting);
        ten.world.ask_and_hear();
        // The next one has gone by that, except behind the last.
        let sure = if turn + 1 < TEN { Level::Predicted } else { Level::Processed };
        assert_eq!(ten.sees(), (TEN as u64, sure));
    }
    ten.has(["processed"; TEN]);
    ten.world.chain.confirm(4);
    ten.world.ask_and_hear();
    let processed = ["processed"; TEN];
    ten.has(std::array::from_fn(|place| if place < 4 { "confirmed" } else { processed[place] }));
    assert_eq!(ten.sees(), (TEN as u64, Level::Processed));
    ten.world.chain.confirm(TEN);
    ten.world.ask_and_hear();
    assert_eq!(ten.sees(), (TEN as u64, Level::Confirmed));
    ten.world.chain.finalize(TEN);
    ten.world.ask_and_hear();
    let ids = ten.ids.clone();
    ten.world.deliver_all();
    assert!(ids.iter().all(|id| ten.world.stage(*id).has_landed()));
    ten.ends(TEN as u64, TEN as u64);
}

#[test]
fn when_the_first_of_ten_fails_on_the_chain_all_others_are_taken_back_because_of_it() {
    let mut ten = Ten::submitted();
    // Somebody else was there before.
    let theirs = ten.world.of_another(vec![write(OTHER, ten.session, 0, b"theirs")]);
    let waiting = ten.world.waiting();
    ten.world.block_of([theirs].into_iter().chain(waiting).collect());
    ten.world.settle();
    assert_eq!(ten.sees(), (TEN as u64, Level::Predicted), "nobody has heard of it");
    // A block that may disappear decides nothing, and nothing that follows goes.
    ten.world.ask_and_hear();
    ten.has(["sent", "local", "local", "local", "local", "local", "local", "local", "local", "local"]);
    assert_eq!(ten.sees(), (TEN as u64, Level::Predicted));

    ten.world.chain.confirm(1);
    ten.world.ask_and_hear();
    ten.failed(0);
    ten.taken_back_from(1);
    assert_eq!(ten.sees(), (0, Level::Confirmed), "what a reader sees is what was read last, without any of the ten");
    assert_eq!(ten.world.cache.pending(), 0);
    ten.ends(1, 1);
}

#[test]
fn when_the_first_of_ten_expires_all_others_are_taken_back_because_of_it() {
    let mut ten = Ten::submitted();
    ten.world.waiting();
    ten.world.block_of(Vec::new());
    ten.world.chain.confirm(1);
    ten.world.ask_and_hear();
    ten.has(["sent", "local", "local", "local", "local", "local", "local", "local", "local", "local"]);
    assert_eq!(ten.sees(), (TEN as u64, Level::Predicted), "it may still land");

    ten.world.expire_one(ten.ids[0]);
    ten.world.settle();
    assert_eq!(*ten.world.stage(ten.ids[0]), Stage::Expired);
    ten.taken_back_from(1);
    assert_eq!(ten.sees(), (0, Level::Confirmed));
    assert_eq!(ten.world.cache.pending(), 0);
    ten.ends(0, 1);
}

#[test]
fn what_was_sent_before_the_first_is_seen_to_fail_ends_as_the_chain_says_and_the_others_are_taken_back() {
    let mut ten = Ten::submitted();
    // Three are in blocks and the fourth is sent when those blocks disappear.
    for _ in 0..3 {
        let waiting = ten.world.waiting();
        ten.world.block_of(waiting);
        ten.world.ask_and_hear();
    }
    ten.has(["processed", "processed", "processed", "sent", "local", "local", "local", "local", "local", "local"]);
    let mut gone = ten.world.chain.fork();
    assert_eq!(gone.len(), 3);
    // Now somebody else is first, so often that none of the ten applies any more. Two of them run again, and fail; the third and the fourth are lost.
    gone.truncate(2);
    let theirs = [0, 1, 2, 3, 4].map(|version| write(OTHER, ten.session, version, b"theirs"));
    let theirs = ten.world.of_another(theirs.into());
    ten.world.waiting();
    ten.world.block_of([theirs].into_iter().chain(gone).collect());
    ten.world.settle();
    assert_eq!(ten.sees(), (TEN as u64, Level::Predicted), "nobody has heard of it");
    ten.world.ask_and_hear();
    ten.has(["sent", "sent", "sent", "sent", "local", "local", "local", "local", "local", "local"]);
    assert_eq!(ten.sees(), (TEN as u64, Level::Predicted));

    ten.world.chain.confirm(1);
    ten.world.ask_and_hear();
    ten.failed(0);
    ten.failed(1);
    // The third and the fourth may still land, by all that is known: they stay, and show no more. The fifth was to follow the fourth, which is not lost,
    // but the rules refuse it by now; the others were to follow it.
    let Stage::RolledBack(Cause::Refused { instruction: 0, rejection }) = ten.world.stage(ten.ids[4]) else { panic!("it is refused") };
    assert!(rejection.to_string().contains("VersionConflict"), "{rejection}");
    ten.taken_back_from(5);
    let [third, fourth] = [ten.ids[2], ten.ids[3]].map(|id| ten.world.stage(id).clone());
    assert_eq!((third, fourth), (Stage::Sent, Stage::Sent));
    assert_eq!(ten.sees(), (0, Level::Confirmed));
    assert_eq!(ten.world.cache.pending(), 2);

    // The session is read again, and shows what somebody else wrote.
    ten.world.cache.refresh(&ten.session);
    ten.world.settle();
    ten.world.deliver_all();
    assert_eq!(ten.sees(), (5, Level::Confirmed));
    for id in [ten.ids[2], ten.ids[3]] {
        ten.world.expire_one(id);
        ten.world.settle();
        assert_eq!(*ten.world.stage(id), Stage::Expired);
    }
    assert_eq!(ten.world.cache.pending(), 0);
    ten.ends(5, 4);
}
