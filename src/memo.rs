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
    by_name: FxHashMap<Name, Arc<Memo>>,
}

impl Memos {
    /// Reads what was written down.
    pub fn read(folder: &Path) -> Memos {
        let (rows, _): (Vec<(Name, Memo)>, _) = cache::read(&folder.join(FILE)).unwrap_or_default();
        Memos { by_name: rows.into_iter().map(|(name, memo)| (name, Arc::new(memo))).collect() }
    }

    /// What is remembered under a name.
    pub fn get(&self, name: Name) -> Option<&Arc<Memo>> {
        self.by_name.get(&name)
    }

    /// Writes down what this build remembers, unless it is what the last one did.
    pub fn replace(self, fresh: Vec<(Name, Arc<Memo>)>, folder: &Path) -> Memos {
        let known = |(name, memo): &(Name, Arc<Memo>)| self.get(*name).is_some_and(|old| Arc::ptr_eq(old, memo));
        if fresh.len() != self.by_name.len() || !fresh.iter().all(known) {
            let rows: Vec<(Name, &Memo)> = fresh.iter().map(|(name, memo)| (*name, &**memo)).collect();
            // What cannot be written will be found out again.
            let _ = cache::write(folder, FILE, &rows, &[]);
        }
        Memos { by_name: fresh.into_iter().collect() }
    }

    /// With what has been found out since.
    pub fn updated(mut self, fresh: Vec<(Name, Arc<Memo>)>) -> Memos {
        self.by_name.extend(fresh);
        self
    }
}

/// Where this build puts what it remembers of one view.
pub type Slot = OnceLock<Arc<Memo>>;
