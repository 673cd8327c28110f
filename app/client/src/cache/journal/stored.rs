//! The journal in a file, or another store: an embedded database.
//!
//! | table | key | value |
//! |---|---|---|
//! | `journal` | `format` | the version of the journal's format |
//! | `journal` | `next` | the first number that was never given |
//! | `records` | an operation's number | the operation |
//!
//! Every call is one transaction, durable when it returns: it is there wholly or not at all, whenever the process or the machine dies. So are the two tables: a
//! store with neither is a new journal, and one with other tables is none.

use {
    super::{Journal, JournalError, Record, unfinished::Unfinished},
    redb::{
        Database, DatabaseError, Durability, ReadableDatabase, ReadableTable, StorageBackend, StorageError, TableDefinition, TableError,
        WriteTransaction, backends::FileBackend,
    },
    sessions_cache::OperationId,
    std::{
        fs::{File, OpenOptions},
        io,
        path::Path,
    },
};

const JOURNAL: TableDefinition<'_, &str, u64> = TableDefinition::new("journal");
const RECORDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("records");

const FORMAT_KEY: &str = "format";
const NEXT_KEY: &str = "next";

/// The version of the journal's format: its tables, and what they hold. A record's own layout has its own version.
const FORMAT: u64 = 1;

/// Pages of the database that are kept in memory, in bytes. A journal is small, and is read once.
const CACHE_BYTES: usize = 1024 * 1024;

/// Why a stored journal could not be opened or used. `journal` says which: its path, if it is a file.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// Another process, or another client in this one, has it open.
    #[error("{journal} is in use; end the process that has it open, or name another file")]
    InUse {
        /// Which.
        journal: String,
    },
    /// It is something else: what it holds was left as it is.
    #[error("{journal} is not a journal of sessions; name another file, or move this one away")]
    NotAJournal {
        /// Which.
        journal: String,
    },
    /// A later version of sessions wrote it.
    #[error("{journal} has format {format}, and this version of sessions knows {FORMAT}; use the version that wrote it")]
    NewerFormat {
        /// Which.
        journal: String,
        /// Its format.
        format: u64,
    },
    /// It is neither what was written nor what a crash leaves of it.
    #[error("{journal} is damaged ({reason}); move it away, and see in the sessions' histories what of it has landed")]
    Damaged {
        /// Which.
        journal: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It cannot be opened or created.
    #[error("{journal} cannot be opened ({error}); name a file in a folder that exists and can be written to")]
    Unusable {
        /// Which.
        journal: String,
        /// What the system says.
        error: io::Error,
    },
    /// It failed while it was open: it must be opened again, and then has all of the last call or nothing of it.
    #[error("{journal} failed ({error}); check its disk, and open it again")]
    Failed {
        /// Which.
        journal: String,
        /// What the database says.
        error: Box<redb::Error>,
    },
}

/// A journal in an embedded database.
#[derive(Debug)]
pub struct Stored {
    database: Database,
    /// What it is called in errors.
    name: String,
}

impl Stored {
    /// Opens the journal in this file, and creates it if there is none.
    ///
    /// # Errors
    /// [`StoredError`]; what the file holds is left as it is.
    pub fn open(path: &Path) -> Result<Self, StoredError> {
        let name = format!("the journal {}", path.display());
        let unusable = |error| StoredError::Unusable { journal: name.clone(), error };
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(unusable)?;
        // The file's name must last as long as what is in it. Only on Unix can a folder be told to.
        if cfg!(unix) {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(unusable)?;
        }
        let store = FileBackend::new(file).map_err(|error| not_opened(&name, error))?;
        Self::with_name(store, name)
    }

    /// Opens the journal in this store, and creates it if the store is empty.
    ///
    /// # Errors
    /// [`StoredError`]; what the store holds is left as it is.
    pub fn with_backend(store: impl StorageBackend) -> Result<Self, StoredError> {
        Self::with_name(store, "the journal".to_owned())
    }

    fn with_name(store: impl StorageBackend, name: String) -> Result<Self, StoredError> {
        // Every page is checked at once: later, a page that is not what was written could not be told from one that is.
        let database = Database::builder()
            .set_cache_size(CACHE_BYTES)
            .set_check_integrity_on_open(true)
            .create_with_backend(Unfinished::new(store))
            .map_err(|error| not_opened(&name, error))?;
        let journal = Self { database, name };
        let format = journal.format().map_err(|error| match error {
            // A table of that name with other types.
            redb::Error::TableTypeMismatch { .. } | redb::Error::TableIsMultimap(_) => {
                StoredError::NotAJournal { journal: journal.name.clone() }
            }
            error => journal.failed(error),
        })?;
        match format {
            Format::Known => Ok(journal),
            Format::New => {
                journal.create().map_err(|error| journal.failed(error))?;
                Ok(journal)
            }
            Format::Newer(format) => Err(StoredError::NewerFormat { journal: journal.name, format }),
            Format::None => Err(StoredError::NotAJournal { journal: journal.name }),
        }
    }

    fn format(&self) -> Result<Format, redb::Error> {
        let transaction = self.database.begin_read()?;
        match transaction.open_table(JOURNAL) {
            Ok(table) => Ok(match table.get(FORMAT_KEY)?.map(|format| format.value()) {
                Some(FORMAT) => Format::Known,
                Some(format) if format > FORMAT => Format::Newer(format),
                _ => Format::None,
            }),
            Err(TableError::TableDoesNotExist(_)) => {
                let is_new = transaction.list_tables()?.next().is_none() && transaction.list_multimap_tables()?.next().is_none();
                Ok(if is_new { Format::New } else { Format::None })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn create(&self) -> Result<(), redb::Error> {
        let transaction = self.begin()?;
        {
            let mut journal = transaction.open_table(JOURNAL)?;
            journal.insert(FORMAT_KEY, FORMAT)?;
            journal.insert(NEXT_KEY, 0)?;
            transaction.open_table(RECORDS)?;
        }
        Ok(transaction.commit()?)
    }

    fn begin(&self) -> Result<WriteTransaction, redb::Error> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        Ok(transaction)
    }

    fn failed(&self, error: redb::Error) -> StoredError {
        let journal = self.name.clone();
        match error {
            redb::Error::Corrupted(reason) => StoredError::Damaged { journal, reason },
            error => StoredError::Failed { journal, error: Box::new(error) },
        }
    }
}

/// What a database is, as a journal.
enum Format {
    /// A journal of this version's format.
    Known,
    /// One of a later format.
    Newer(u64),
    /// A journal that is to be.
    New,
    /// No journal.
    None,
}

fn not_opened(name: &str, error: DatabaseError) -> StoredError {
    let journal = name.to_owned();
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => StoredError::InUse { journal },
        // The database's own formats: this one has only ever been written in its present one.
        DatabaseError::UpgradeRequired(_) => StoredError::NotAJournal { journal },
        DatabaseError::Storage(StorageError::Io(error)) => match error.kind() {
            io::ErrorKind::InvalidData => StoredError::NotAJournal { journal },
            io::ErrorKind::UnexpectedEof => StoredError::Damaged { journal, reason: "its end is missing".to_owned() },
            _ => StoredError::Unusable { journal, error },
        },
        DatabaseError::Storage(StorageError::Corrupted(reason)) => StoredError::Damaged { journal, reason },
        error => StoredError::Failed { journal, error: Box::new(error.into()) },
    }
}

impl Journal for Stored {
    fn records(&self) -> Result<Vec<Record>, JournalError> {
        let read = || -> Result<_, redb::Error> {
            let records = self.database.begin_read()?.open_table(RECORDS)?;
            let mut found = Vec::new();
            for entry in records.iter()? {
                let (id, bytes) = entry?;
                let id = OperationId(id.value());
                found.push(Record::decode(id, bytes.value()).map_err(|reason| JournalError::Unreadable { id, reason }));
            }
            Ok(found)
        };
        read().map_err(|error| self.failed(error))?.into_iter().collect()
    }

    fn next(&self) -> Result<OperationId, JournalError> {
        let read = || -> Result<_, redb::Error> { next(&self.database.begin_read()?.open_table(JOURNAL)?) };
        Ok(OperationId(read().map_err(|error| self.failed(error))?))
    }

    fn record(&self, record: &Record) -> Result<(), JournalError> {
        let id = record.id;
        let bytes = record.encode().map_err(|reason| JournalError::Refused { id, reason })?;
        let write = || -> Result<(), redb::Error> {
            let transaction = self.begin()?;
            {
                let mut journal = transaction.open_table(JOURNAL)?;
                // There is a number after every one that can be encoded.
                let after = id.0.saturating_add(1);
                if next(&journal)? < after {
                    journal.insert(NEXT_KEY, after)?;
                }
                transaction.open_table(RECORDS)?.insert(id.0, bytes.as_slice())?;
            }
            Ok(transaction.commit()?)
        };
        Ok(write().map_err(|error| self.failed(error))?)
    }

    fn forget(&self, ended: &[OperationId]) -> Result<(), JournalError> {
        let write = || -> Result<(), redb::Error> {
            let transaction = self.begin()?;
            let mut found = false;
            {
                let mut records = transaction.open_table(RECORDS)?;
                for id in ended {
                    found |= records.remove(id.0)?.is_some();
                }
            }
            // What alters nothing needs no disk.
            if found {
                transaction.commit()?;
            } else {
                transaction.abort()?;
            }
            Ok(())
        };
        Ok(write().map_err(|error| self.failed(error))?)
    }
}

/// The first number that was never given.
fn next(journal: &impl ReadableTable<&'static str, u64>) -> Result<u64, redb::Error> {
    let next = journal.get(NEXT_KEY)?.map(|next| next.value());
    next.ok_or_else(|| redb::Error::Corrupted("it does not say which numbers were given".to_owned()))
}
