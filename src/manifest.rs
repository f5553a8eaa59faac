//! The manifest: what an output folder holds and what each file was made from; kept in that folder, so that a site is
//! always with the record of it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use crate::fingerprint::Fingerprint;

/// Its name in the output folder.
pub const NAME: &str = ".relais-manifest";

const SIGNATURE: &str = "relais-manifest 1";

/// What an earlier build wrote.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// Whether the folder is one that Relais wrote, is empty, or is not there.
    pub state: FolderState,
    /// Fingerprint of the engine, theme and configuration that made it.
    pub epoch: Fingerprint,
    /// Files by path, with `/`.
    pub files: BTreeMap<String, Record>,
}

/// What an output folder is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FolderState {
    /// There is no such folder, or nothing is in it.
    #[default]
    Fresh,
    /// It has a manifest.
    Ours,
    /// It holds files and no manifest.
    Foreign,
}

/// A file of the output folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// Length in bytes.
    pub len: u64,
    /// Fingerprint of its bytes; `None` where a build was interrupted and nobody knows.
    pub content: Option<Fingerprint>,
    /// Fingerprint of the view that it was made from.
    pub view: Fingerprint,
}

impl Manifest {
    /// The record in an output folder. One that cannot be read counts as a folder of ours about which nothing is known.
    pub fn recorded(out: &Path) -> Manifest {
        match std::fs::read_to_string(out.join(NAME)) {
            Ok(text) => Manifest { state: FolderState::Ours, ..Manifest::parse(&text).unwrap_or_default() },
            Err(_) if out.join(NAME).exists() => Manifest { state: FolderState::Ours, ..Manifest::default() },
            Err(_) => {
                let empty = std::fs::read_dir(out).map_or(!out.exists(), |mut entries| entries.next().is_none());
                let state = if empty { FolderState::Fresh } else { FolderState::Foreign };
                Manifest { state, ..Manifest::default() }
            }
        }
    }

    /// The same files, none of which is taken to be up to date.
    pub fn distrusted(mut self) -> Manifest {
        self.epoch = Fingerprint::default();
        for record in self.files.values_mut() {
            record.content = None;
        }
        self
    }

    /// The text of the file: a signature, the epoch, a line for each file.
    pub fn write(&self) -> String {
        let mut out = String::with_capacity(64 + self.files.len() * 120);
        let _ = writeln!(out, "{SIGNATURE}\n{}", self.epoch);
        for (path, record) in &self.files {
            let content = record.content.map_or_else(|| "?".into(), |c| c.to_string());
            let _ = writeln!(out, "{}\t{content}\t{}\t{path}", record.len, record.view);
        }
        out
    }

    fn parse(text: &str) -> Option<Manifest> {
        let mut lines = text.lines();
        if lines.next()? != SIGNATURE {
            return None;
        }
        let epoch = Fingerprint::parse(lines.next()?)?;
        let mut files = BTreeMap::new();
        for line in lines {
            let mut parts = line.splitn(4, '\t');
            let len = parts.next()?.parse().ok()?;
            let content = match parts.next()? {
                "?" => None,
                text => Some(Fingerprint::parse(text)?),
            };
            let view = Fingerprint::parse(parts.next()?)?;
            files.insert(checked(parts.next()?)?, Record { len, content, view });
        }
        Some(Manifest { state: FolderState::Ours, epoch, files })
    }
}

/// A path that stays inside the output folder: nobody makes a build delete files elsewhere by editing a manifest.
fn checked(path: &str) -> Option<String> {
    let inside = !path.is_empty() && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    inside.then(|| path.to_owned())
}
