//! Fingerprints of views, remembered by all that was looked at to make them, so that a view is only made again where it
//! may have changed; it does not know what views are. Whatever is missing here costs time and nothing else.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::cache;
use crate::fingerprint::Fingerprint;

const FILE: &str = "views";

/// The name of an entry or of an output: 64 bits of the fingerprint of what it is called.
pub type Name = u64;

/// What is remembered of one view.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Memo {
    /// Fingerprint of everything that the view was made from.
    pub key: Fingerprint,
    /// Fingerprint of the view.
    pub view: Fingerprint,
    /// The entries that were looked at.
    pub seen: Box<[Name]>,
}

/// What an earlier build remembered.
#[derive(Debug, Default)]
pub struct Memos {
    rows: Vec<(Name, Arc<Memo>)>,
    /// The same, once somebody asks.
    by_name: OnceLock<FxHashMap<Name, Arc<Memo>>>,
}

impl Memos {
    /// Reads what was written down.
    pub fn read(folder: &Path) -> Memos {
        let (rows, _): (Vec<(Name, Memo)>, _) = cache::read(&folder.join(FILE)).unwrap_or_default();
        Memos::of(rows.into_iter().map(|(name, memo)| (name, Arc::new(memo))).collect())
    }

    /// What a build remembers.
    pub fn of(rows: Vec<(Name, Arc<Memo>)>) -> Memos {
        Memos { rows, by_name: OnceLock::new() }
    }

    fn by_name(&self) -> &FxHashMap<Name, Arc<Memo>> {
        self.by_name.get_or_init(|| self.rows.iter().cloned().collect())
    }

    /// What is remembered under a name.
    pub fn get(&self, name: Name) -> Option<&Arc<Memo>> {
        self.by_name().get(&name)
    }

    /// Writes down what a build remembers after this one, unless it is the same.
    pub fn write(&self, fresh: &[(Name, Arc<Memo>)], folder: &Path) {
        let known = |(name, memo): &(Name, Arc<Memo>)| self.get(*name).is_some_and(|old| Arc::ptr_eq(old, memo));
        if fresh.len() != self.rows.len() || !fresh.iter().all(known) {
            let rows: Vec<(Name, &Memo)> = fresh.iter().map(|(name, memo)| (*name, &**memo)).collect();
            // What cannot be written will be found out again.
            let _ = cache::write(folder, FILE, &rows, &[]);
        }
    }

    /// With what has been found out since.
    pub fn updated(self, fresh: Vec<(Name, Arc<Memo>)>) -> Memos {
        let mut by_name = self.by_name.into_inner().unwrap_or_else(|| self.rows.into_iter().collect());
        by_name.extend(fresh);
        Memos { rows: Vec::new(), by_name: by_name.into() }
    }
}

/// Where this build puts what it remembers of one view.
pub type Slot = OnceLock<Arc<Memo>>;
