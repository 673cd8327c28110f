//! What can be opened as a journal, and what is said of the rest.

use {
    crate::{disk::Disk, story::Holding},
    fastrand::Rng,
    redb::{Database, ReadableDatabase, TableDefinition},
    sessions_cache::{Operation, OperationId},
    sessions_client::cache::journal::{Journal, JournalError, MAX_KEY_BYTES, Record, RecordError, Stored, StoredError},
    solana_address::Address,
    std::{fs, path::Path},
};

const JOURNAL: TableDefinition<'_, &str, u64> = TableDefinition::new("journal");
const RECORDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("records");

/// The length of a database's header.
const HEADER: usize = 320;

fn record(id: u64) -> Record {
    let operation = Operation { session: Address::new_from_array([9; 32]), instructions: vec![], after: None };
    Record { id: OperationId(id), key: None, operation, signed: None, attempts: 0 }
}

/// Alters what is in a journal's tables, past what the journal itself would write.
fn tamper(path: &Path, with: impl FnOnce(&redb::WriteTransaction)) {
    let database = Database::create(path).unwrap();
    let transaction = database.begin_write().unwrap();
    with(&transaction);
    transaction.commit().unwrap();
}

fn refused(path: &Path) -> StoredError {
    let error = Stored::open(path).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with(&format!("the journal {}", path.display())) && !text.contains('\n'), "{text}");
    error
}

#[test]
fn a_file_is_created_and_opened_again_with_what_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pending");
    let journal = Stored::open(&path).unwrap();
    assert_eq!(Holding::of(&journal).unwrap(), Holding::default());
    journal.record(&record(4)).unwrap();
    journal.record(&record(2)).unwrap();
    drop(journal);
    let journal = Stored::open(&path).unwrap();
    assert_eq!(journal.records().unwrap(), [record(2), record(4)]);
    assert_eq!(journal.next().unwrap(), OperationId(5));
}

#[test]
fn numbers_rise_when_everything_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pending");
    let journal = Stored::open(&path).unwrap();
    journal.record(&record(0)).unwrap();
    journal.record(&record(1)).unwrap();
    journal.forget(&[OperationId(1), OperationId(0), OperationId(77)]).unwrap();
    journal.forget(&[OperationId(1)]).unwrap();
    drop(journal);
    let journal = Stored::open(&path).unwrap();
    assert_eq!((journal.records().unwrap(), journal.next().unwrap()), (vec![], OperationId(2)));
}

#[test]
fn a_journal_has_one_owner_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pending");
    let journal = Stored::open(&path).unwrap();
    assert!(matches!(refused(&path), StoredError::InUse { .. }));
    journal.record(&record(0)).unwrap();
    drop(journal);
    assert_eq!(Stored::open(&path).unwrap().records().unwrap(), [record(0)]);
}

#[test]
fn a_place_that_cannot_have_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for path in [folder.path().join("no such folder/pending"), file.join("pending"), folder.path().to_owned()] {
        assert!(matches!(refused(&path), StoredError::Unusable { .. }), "{}", path.display());
    }
}

#[test]
fn a_file_that_is_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let zeros_and_more = [vec![0; 40_000], b"an image of a disk, say".to_vec()].concat();
    let large_and_empty = vec![0; 9 * 1024 * 1024];
    for (name, bytes) in [("text", b"{}".to_vec()), ("zeros", zeros_and_more), ("large", large_and_empty), ("mark", b"redb? no".to_vec())] {
        let path = folder.path().join(name);
        fs::write(&path, &bytes).unwrap();
        assert!(matches!(refused(&path), StoredError::NotAJournal { .. }), "{name}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{name}");
    }
}

#[test]
fn a_database_of_something_else_keeps_what_it_has() {
    const OTHER: TableDefinition<'_, &str, &str> = TableDefinition::new("other");
    const OTHER_JOURNAL: TableDefinition<'_, &str, &str> = TableDefinition::new("journal");
    let folder = tempfile::tempdir().unwrap();
    for table in [OTHER, OTHER_JOURNAL] {
        let path = folder.path().join(table.to_string());
        tamper(&path, |transaction| {
            transaction.open_table(table).unwrap().insert("key", "value").unwrap();
        });
        assert!(matches!(refused(&path), StoredError::NotAJournal { .. }));
        let database = Database::create(&path).unwrap();
        let read = database.begin_read().unwrap();
        assert_eq!(read.list_tables().unwrap().count(), 1);
        assert_eq!(read.open_table(table).unwrap().get("key").unwrap().unwrap().value(), "value");
    }
}

#[test]
fn a_newer_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pending");
    drop(Stored::open(&path).unwrap());
    tamper(&path, |transaction| {
        transaction.open_table(JOURNAL).unwrap().insert("format", 2).unwrap();
    });
    assert!(matches!(refused(&path), StoredError::NewerFormat { format: 2, .. }));
}

#[test]
fn a_record_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pending");
    Stored::open(&path).unwrap().record(&record(0)).unwrap();
    for (bytes, reason) in [(&[1, 2, 3][..], "it is damaged"), (&[9, 0], "its layout is version 9")] {
        tamper(&path, |transaction| {
            transaction.open_table(RECORDS).unwrap().insert(7, bytes).unwrap();
        });
        let error = Stored::open(&path).unwrap().records().unwrap_err();
        assert!(matches!(error, JournalError::Unreadable { id: OperationId(7), .. }));
        let text = error.to_string();
        assert!(text.starts_with("operation 7 in the journal cannot be read") && text.contains(reason), "{text}");
    }
}

#[test]
fn a_record_over_the_limits_is_refused_and_leaves_no_trace() {
    let journal = Stored::with_backend(Disk::new(vec![], u64::MAX)).unwrap();
    journal.record(&record(3)).unwrap();
    let before = Holding::of(&journal).unwrap();
    let error = journal.record(&Record { key: Some(vec![0; MAX_KEY_BYTES + 1]), ..record(3) }).unwrap_err();
    assert_eq!(error.to_string(), "operation 3 cannot be recorded: its key has 65 bytes, and 64 is the most");
    assert!(matches!(journal.record(&record(u64::MAX)), Err(JournalError::Refused { reason: RecordError::LastNumber, .. })));
    assert_eq!(Holding::of(&journal).unwrap(), before);
}

#[test]
fn writers_at_the_same_time_all_get_what_they_asked_for() {
    let journal = Stored::with_backend(Disk::new(vec![], u64::MAX)).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let journal = &journal;
            scope.spawn(move || {
                for nth in 0..5 {
                    journal.record(&record(nth * 4 + writer)).unwrap();
                }
                journal.forget(&[OperationId(writer)]).unwrap();
            });
        }
    });
    let held = Holding::of(&journal).unwrap();
    assert_eq!(held.next, 20);
    assert!(held.records.keys().map(|id| id.0).eq(4..20));
}

/// Every flip is found out when the journal is opened, or alters nothing: a page that is in no use.
#[test]
fn damage_is_found_out_when_a_journal_is_opened() {
    let seed = 300;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pending");
    let journal = Stored::open(&path).unwrap();
    (0..20).for_each(|id| journal.record(&record(id)).unwrap());
    let held = Holding::of(&journal).unwrap();
    drop(journal);
    let sound = fs::read(&path).unwrap();
    let used: Vec<usize> = (0..sound.len()).filter(|at| sound[*at] != 0).collect();

    let (mut found_out, mut harmless) = (0, 0);
    for nth in 0..800 {
        let mut bytes = sound.clone();
        // The header, or anything.
        let at = if nth % 4 == 0 { rng.usize(..HEADER) } else { *rng.choice(&used).unwrap() };
        bytes[at] ^= rng.u8(1..);
        match Stored::with_backend(Disk::new(bytes, u64::MAX)) {
            Err(StoredError::Damaged { .. } | StoredError::NotAJournal { .. }) => found_out += 1,
            Err(error) => panic!("{error}"),
            Ok(journal) => {
                assert_eq!(Holding::of(&journal).unwrap(), held, "byte {at}");
                harmless += 1;
            }
        }
    }
    println!("found out {found_out}, harmless {harmless}");
    assert!(found_out > 50 && harmless > 50, "{found_out}, {harmless}");
}
