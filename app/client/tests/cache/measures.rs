//! What the cache counts and measures reaches whatever is installed behind the `metrics` facade.

use {
    super::{PATIENCE, room},
    metrics_util::{
        MetricKind,
        debugging::{DebugValue, DebuggingRecorder, Snapshotter},
    },
    sessions_client::{
        cache::{
            core::{Operation, Stage},
            measures,
        },
        instruction,
    },
    std::{
        collections::{BTreeMap, BTreeSet},
        sync::atomic::Ordering::SeqCst,
        time::Duration,
    },
    tokio::time::{Instant, sleep},
};

/// What was told of one metric: by its label, if it has one.
type Told = BTreeMap<(String, Option<String>), DebugValue>;

/// Everything that was told since the last time; each metric has a unit and a description.
fn told(snapshotter: &Snapshotter) -> Told {
    let all = snapshotter.snapshot().into_vec().into_iter().map(|(key, unit, description, value)| {
        let (kind, key) = key.into_parts();
        let expected = match kind {
            MetricKind::Histogram => "seconds",
            MetricKind::Counter | MetricKind::Gauge => "count",
        };
        assert_eq!(unit.map(|unit| unit.as_str()), Some(expected), "{key}");
        assert!(description.is_some_and(|description| !description.is_empty()), "{key}");
        let labels: Vec<String> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        assert!(labels.len() <= 1, "{key}");
        ((key.name().to_owned(), labels.into_iter().next()), value)
    });
    all.collect()
}

fn value<'a>(told: &'a Told, name: &str, label: Option<&str>) -> &'a DebugValue {
    told.get(&(name.to_owned(), label.map(str::to_owned))).unwrap_or_else(|| panic!("{name} with {label:?} was not told: {told:#?}"))
}

fn count(told: &Told, name: &str, label: Option<&str>) -> u64 {
    match value(told, name, label) {
        DebugValue::Counter(count) => *count,
        other => panic!("{name} is {other:?}"),
    }
}

fn gauge(told: &Told, name: &str) -> f64 {
    match value(told, name, None) {
        DebugValue::Gauge(gauge) => gauge.0,
        other => panic!("{name} is {other:?}"),
    }
}

fn seconds(told: &Told, name: &str, label: &str) -> Vec<f64> {
    match value(told, name, Some(label)) {
        DebugValue::Histogram(samples) => samples.iter().map(|sample| sample.0).collect(),
        other => panic!("{name} is {other:?}"),
    }
}

/// As often as the cache tells what it counted, and a little longer.
async fn a_while() {
    sleep(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn readings_loads_landings_and_rollbacks_are_told_by_name_with_their_units() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    // The runtime has this thread alone, and no other test has it meanwhile.
    let _installed = metrics::set_default_local_recorder(&recorder);
    let room = room().await;
    let cache = room.cache().await;

    // A miss, and the load that it costs: a node takes 50 ms to answer here. Then hits.
    assert!(cache.session_at_hand(&room.session).is_none());
    cache.load(&room.session, &[room.session]).await.unwrap();
    a_while().await;
    for _ in 0..3 {
        cache.session_at_hand(&room.session).unwrap();
    }
    a_while().await;
    let first = told(&snapshotter);
    assert_eq!(count(&first, measures::READS, Some("result=miss")), 1);
    assert_eq!(count(&first, measures::READS, Some("result=hit")), 3);
    let loads = seconds(&first, measures::LOAD_SECONDS, "result=loaded");
    assert_eq!(count(&first, measures::LOADS, None), loads.len() as u64);
    assert!(!loads.is_empty() && loads.iter().all(|took| (0.050..0.100).contains(took)), "{loads:?}");
    assert_eq!((gauge(&first, measures::SESSIONS), gauge(&first, measures::PENDING)), (1.0, 0.0));

    // One lands. Time is paused, so it took exactly as long as it is said to have taken.
    cache.load(&room.session, &[sessions_client::address::member(&room.session, &room.wallet)]).await.unwrap();
    let begun = Instant::now();
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    assert!(matches!(pending.ended().await, Stage::Finalized { .. }));
    let took = begun.elapsed().as_secs_f64();
    a_while().await;
    let second = told(&snapshotter);
    assert_eq!(seconds(&second, measures::LANDING_SECONDS, "stage=finalized"), [took]);
    for stage in ["local", "sent", "confirmed", "finalized"] {
        assert_eq!(count(&second, measures::OPERATIONS, Some(&format!("stage={stage}"))), 1, "{stage}");
    }
    assert!(count(&second, measures::REBASES, None) > 0);

    // Another is on its way for ever, and what waits behind it is rolled back.
    room.ledger.faults.swallows.store(true, SeqCst);
    let mut stuck = cache.submit(room.say("one")).await.unwrap();
    let second = cache.submit(room.say("two")).await.unwrap();
    let third = Operation { after: Some(second.id()), ..room.operation(instruction::pause_session(room.wallet, room.session)) };
    let mut third = cache.submit(third).await.unwrap();
    assert_eq!(stuck.next().await, Some(Stage::Sent));
    a_while().await;
    assert_eq!(gauge(&told(&snapshotter), measures::PENDING), 3.0);
    assert!(cache.cancel(second.id()).await.unwrap());
    assert!(matches!(third.ended().await, Stage::RolledBack(_)));
    a_while().await;
    let third = told(&snapshotter);
    assert_eq!(count(&third, measures::OPERATIONS, Some("stage=rolled back")), 2);
    assert_eq!(gauge(&third, measures::PENDING), 1.0);

    // A load that fails is told as one, with all that was tried in it.
    room.ledger.faults.unreachable.store(true, SeqCst);
    let begun = Instant::now();
    let absent = solana_address::Address::new_from_array([9; 32]);
    cache.session(&absent).await.unwrap_err();
    let took = begun.elapsed().as_secs_f64();
    assert_eq!(seconds(&told(&snapshotter), measures::LOAD_SECONDS, "result=failed"), [took]);
    room.ledger.faults.unreachable.store(false, SeqCst);
    room.ledger.faults.swallows.store(false, SeqCst);
    assert_eq!(cache.close(PATIENCE).await, 0);
}

#[test]
fn the_table_names_what_is_told_and_nothing_else() {
    let source = include_str!("../../src/cache/measures.rs");
    let rows = source.lines().filter_map(|line| line.strip_prefix("//! | `")).map(|row| row.split('`').next().unwrap());
    let names = [
        measures::READS,
        measures::EVICTIONS,
        measures::LOADS,
        measures::LOAD_SECONDS,
        measures::OPERATIONS,
        measures::REBASES,
        measures::PENDING,
        measures::SESSIONS,
        measures::LANDING_SECONDS,
    ];
    assert_eq!(rows.collect::<Vec<_>>(), names);
    let constants: BTreeSet<&str> = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split('"').nth(1)).collect();
    assert_eq!(constants, names.into());
}
