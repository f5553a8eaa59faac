//! Renditions that earlier builds encoded, each in a file that is named by what it was made from; whatever is missing,
//! damaged or foreign is encoded again. All output folders of a site share them.

use std::fs;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::cache;
use crate::fingerprint::Fingerprint;

/// The renditions of a site.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// Whether what is there is used.
    trusted: bool,
}

impl Store {
    /// That of a site; a full build encodes everything anew.
    pub fn of(site: &Path, full: bool) -> Store {
        Store { folder: site.join(".relais").join("pictures"), trusted: !full }
    }

    /// The bytes of a rendition, where they are known.
    pub fn get(&self, print: Fingerprint) -> Option<Vec<u8>> {
        self.trusted.then(|| cache::read::<()>(&self.folder.join(print.to_string())))?.map(|((), bytes)| bytes)
    }

    /// Keeps the bytes of a rendition. What cannot be written will be encoded again.
    pub fn put(&self, print: Fingerprint, bytes: &[u8]) {
        let _ = cache::write(&self.folder, &print.to_string(), &(), &[bytes]);
    }

    /// Removes all but these.
    pub fn keep(&self, prints: impl Iterator<Item = Fingerprint>) {
        let Ok(files) = fs::read_dir(&self.folder) else { return };
        let names: FxHashSet<String> = prints.map(|print| print.to_string()).collect();
        for file in files.flatten().filter(|file| !file.file_name().to_str().is_some_and(|name| names.contains(name))) {
            // Somebody may be reading it; the next build tries again.
            let _ = fs::remove_file(file.path());
        }
    }
}
