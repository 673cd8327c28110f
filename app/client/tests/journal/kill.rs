//! A journal killed at every write, sync and change of length of its life loses nothing, invents nothing, and goes on.

use {
    crate::{
        disk::{Counts, Disk, Loss},
        story::{Call, End, Story, calls},
    },
    fastrand::Rng,
};

const NEVER: u64 = u64::MAX;
const SMALL: usize = 600;
const LARGE: usize = 14_000;

/// What a trial came to, so that one which tried nothing is seen.
#[derive(Debug, Default)]
struct Tried {
    kills: u64,
    in_opening: u64,
    in_a_call: u64,
    in_closing: u64,
    killed_again: u64,
    torn: u64,
    found_undone: u64,
    found_done: u64,
}

impl Tried {
    fn count(&mut self, end: End) {
        match end {
            End::InOpening => self.in_opening += 1,
            End::InACall => self.in_a_call += 1,
            End::InClosing => self.in_closing += 1,
            End::Quiet => {}
        }
    }
}

/// Lives through the story from these bytes on, once for every operation of the disk and every kind of loss: killed there, killed once more at random (maybe
/// while it is opened), and then left in peace to the end, and for some calls more.
fn kill_everywhere(story: &Story, bytes: &[u8], rng: &mut Rng, tried: &mut Tried) -> Counts {
    let disk = Disk::new(bytes.to_vec(), NEVER);
    assert_eq!(story.clone().live(&disk), Ok(End::Quiet));
    let counts = disk.counts();
    for dies_at in 0..counts.total() {
        for loss in Loss::EACH {
            let point = || format!("killed at {dies_at} of {}, {loss:?}", counts.total());
            let mut story = story.clone();
            let disk = Disk::new(bytes.to_vec(), dies_at);
            let end = story.live(&disk).unwrap_or_else(|broken| panic!("{}: {broken}", point()));
            assert!(disk.is_dead(), "{}: it was not killed", point());
            tried.kills += 1;
            tried.count(end);
            let (left, torn) = disk.survivors(loss, rng);
            tried.torn += torn;

            let again = rng.u64(..counts.total());
            let disk = Disk::new(left, again);
            story.live(&disk).unwrap_or_else(|broken| panic!("{}, then: {broken}", point()));
            tried.killed_again += u64::from(disk.is_dead());
            let (left, torn) = disk.survivors(loss, rng);
            tried.torn += torn;

            let mut story = story.and_then(calls(rng, 3, SMALL));
            let disk = Disk::new(left, NEVER);
            let end = story.live(&disk);
            assert_eq!(end, Ok(End::Quiet), "{}, then at {again}, then in peace", point());
            assert!(story.is_over());
            let (left, _) = disk.survivors(Loss::None, rng);
            assert_eq!(story.live(&Disk::new(left, NEVER)), Ok(End::Quiet), "{}, then at {again}, then opened once more", point());
            tried.found_undone += story.found.0;
            tried.found_done += story.found.1;
        }
    }
    counts
}

#[test]
fn a_journal_killed_anywhere_keeps_what_it_took_and_nothing_else() {
    let (mut tried, mut counts) = (Tried::default(), Counts::default());
    for seed in 0..6 {
        println!("seed {seed}");
        let mut rng = Rng::with_seed(seed);
        let story = Story::new(calls(&mut rng, 8, SMALL));
        let lived = kill_everywhere(&story, &[], &mut rng, &mut tried);
        assert!(lived.resizes > 0, "{lived:?}");
        counts =
            Counts { writes: counts.writes + lived.writes, syncs: counts.syncs + lived.syncs, resizes: counts.resizes + lived.resizes };
    }
    println!("{tried:?} {counts:?}");
    assert_eq!(tried.kills, 4 * counts.total());
    assert!(counts.syncs > 60 && counts.writes > 200, "{counts:?}");
    assert!(tried.in_opening > 100 && tried.in_a_call > 400 && tried.in_closing > 20, "{tried:?}");
    assert!(tried.killed_again > 400 && tried.torn > 400, "{tried:?}");
    assert!(tried.found_undone > 100 && tried.found_done > 100, "{tried:?}");
}

#[test]
fn a_journal_killed_while_its_file_grows_keeps_what_it_took() {
    let seed = 100;
    println!("seed {seed}");
    let (mut rng, mut tried) = (Rng::with_seed(seed), Tried::default());
    // Filled in peace until little room is left.
    let mut story = Story::new(vec![Call::Take { data: LARGE }; 67]);
    let disk = Disk::new(vec![], NEVER);
    assert_eq!(story.live(&disk), Ok(End::Quiet));
    let (bytes, _) = disk.survivors(Loss::None, &mut rng);

    let story = story.and_then(vec![Call::Take { data: LARGE }; 3]);
    let counts = kill_everywhere(&story, &bytes, &mut rng, &mut tried);
    println!("{tried:?} {counts:?}");
    assert!(counts.resizes > 0, "it did not grow: {counts:?}");
    assert!(tried.kills == 4 * counts.total() && tried.in_a_call > 50 && tried.found_done > 10, "{tried:?}");
}

#[test]
fn a_disk_that_does_not_sync_is_found_out() {
    let seed = 200;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let mut story = Story::new(calls(&mut rng, 8, SMALL));
    let disk = Disk::new(vec![], NEVER).lying();
    assert_eq!(story.live(&disk), Ok(End::Quiet));
    let (left, _) = disk.survivors(Loss::All, &mut rng);
    assert!(story.live(&Disk::new(left, NEVER)).unwrap_err().contains("only this could be"));
}
