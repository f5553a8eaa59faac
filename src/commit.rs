//! Phase 7, commit: the only writer. Outputs go to a stage beside the output folder while nothing is certain; only a build
//! without errors moves them in. A crash at any point leaves a folder that the next build repairs.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustc_hash::FxHashSet;

use crate::delta::{self, Delta};
use crate::diag::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::manifest::{self, FolderState, Manifest, Record};
use crate::plan::Plan;
use crate::render::{Content, Sink};

/// What a commit did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Files written.
    pub written: usize,
    /// Files left as they were.
    pub kept: usize,
    /// Files deleted.
    pub deleted: usize,
}

/// Keeps other builds away from an output folder, for as long as it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of an output folder; it lies in the site's cache folder and is freed by the system at the latest.
    pub fn take(site: &Path, out: &Path) -> Result<Lock, Box<Diagnostic>> {
        let cache = site.join(".relais");
        let problem = |cause: String, help: &str| {
            let path = out.display().to_string();
            Box::new(Diagnostic::in_file("locked", path, cause).help(help))
        };
        let place = fs::canonicalize(out).or_else(|_| std::path::absolute(out)).unwrap_or_else(|_| out.to_owned());
        let name = format!("lock-{}", Fingerprint::of(place.as_os_str().as_encoded_bytes()).short());
        let open = || {
            fs::create_dir_all(&cache)?;
            OpenOptions::new().create(true).truncate(false).write(true).open(cache.join(name))
        };
        let file = open().map_err(|e| {
            problem(
                format!("cannot be locked: {e}"),
                "check the permissions of the site's folder: .relais/ is made in it",
            )
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => {
                Err(problem("another build is writing this folder".into(), "wait until it has ended, then build again"))
            }
            Err(fs::TryLockError::Error(e)) => Err(problem(format!("cannot be locked: {e}"), "check the file system")),
        }
    }
}

/// Refuses to write into a folder that holds something else.
pub fn refuse_foreign(out: &Path, state: FolderState) -> Result<(), Box<Diagnostic>> {
    if out.exists() && !out.is_dir() {
        let found = Diagnostic::in_file("foreign-output", out.display().to_string(), "is not a folder");
        return Err(Box::new(found.help("name another output folder with --out")));
    }
    if state != FolderState::Foreign {
        return Ok(());
    }
    let message = "this folder holds files that Relais did not write";
    let help = "name another folder with --out, or empty this one yourself";
    Err(Box::new(Diagnostic::in_file("foreign-output", out.display().to_string(), message).help(help)))
}

/// Where outputs wait: a folder beside the output folder, on the same file system.
#[derive(Debug)]
pub struct Stage<'m> {
    out: PathBuf,
    folder: PathBuf,
    manifest: &'m Manifest,
    folders: Mutex<FxHashSet<PathBuf>>,
    staged: Mutex<BTreeSet<String>>,
}

impl<'m> Stage<'m> {
    /// An empty stage; what an interrupted build left is removed.
    pub fn new(out: &Path, manifest: &'m Manifest) -> io::Result<Stage<'m>> {
        let parent = match out.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => Path::new("."),
        };
        let name = out.file_name().map_or_else(|| "out".into(), |n| n.to_string_lossy().into_owned());
        let folder = parent.join(format!(".{name}.relais-stage"));
        remove(&folder)?;
        Ok(Stage {
            out: out.to_owned(),
            folder,
            manifest,
            folders: Mutex::new(FxHashSet::default()),
            staged: Mutex::new(BTreeSet::new()),
        })
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let Some(folder) = path.parent() else { return Ok(()) };
        if self.folders.lock().is_ok_and(|known| known.contains(folder)) {
            return Ok(());
        }
        // Most folders are leaves of a folder that is there: one call instead of a walk up.
        match fs::create_dir(folder) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_) => fs::create_dir_all(folder)?,
        }
        if let Ok(mut known) = self.folders.lock() {
            known.insert(folder.to_owned());
        }
        Ok(())
    }

    /// Moves everything into the output folder, deletes what is stale, and records it; the manifest is written before,
    /// with everything that is about to change marked as unknown, and after.
    pub fn commit(self, plan: &Plan, delta: &Delta, records: &[Record], epoch: Fingerprint) -> io::Result<Outcome> {
        let mut files: std::collections::BTreeMap<String, Record> =
            plan.outputs.iter().zip(records).map(|(o, r)| (o.path.clone(), *r)).collect();
        let staged = self.staged.into_inner().unwrap_or_default();
        let outcome =
            Outcome { written: staged.len(), kept: plan.outputs.len() - staged.len(), deleted: delta.stale.len() };
        let complete = Manifest { state: FolderState::Ours, epoch, files: files.clone() };
        let nothing_to_do = staged.is_empty()
            && delta.stale.is_empty()
            && self.manifest.epoch == epoch
            && self.manifest.files == complete.files;
        if nothing_to_do {
            return Ok(outcome);
        }
        // A folder that is there and cannot be exchanged, such as a mount point, is filled file by file.
        if self.manifest.state == FolderState::Fresh && (!self.out.exists() || fs::remove_dir(&self.out).is_ok()) {
            // The whole site appears at once.
            fs::create_dir_all(&self.folder)?;
            fs::write(self.folder.join(manifest::NAME), complete.write())?;
            fs::rename(&self.folder, &self.out)?;
            return Ok(outcome);
        }
        for path in staged.iter().chain(&delta.stale) {
            files.insert(path.clone(), Record { content: None, ..Record::default() });
        }
        replace(&self.out, &Manifest { state: FolderState::Ours, epoch, files })?;
        for path in &delta.stale {
            delete(&self.out, path)?;
        }
        let mut last_folder = PathBuf::new();
        for path in &staged {
            let to = self.out.join(path);
            if let Some(folder) = to.parent()
                && folder != last_folder
            {
                make_way(&self.out, folder)?;
                folder.clone_into(&mut last_folder);
            }
            if to.is_dir() {
                remove(&to)?;
            }
            fs::rename(self.folder.join(path), to)?;
        }
        replace(&self.out, &complete)?;
        remove(&self.folder)?;
        Ok(outcome)
    }

    /// Leaves the output folder as it was.
    pub fn discard(self) -> io::Result<()> {
        remove(&self.folder)
    }
}

impl Sink for Stage<'_> {
    /// Stages a file, unless the output folder has the same bytes already.
    fn put(&self, path: &str, content: Content<'_>, print: Fingerprint) -> io::Result<()> {
        let same = self
            .manifest
            .files
            .get(path)
            .is_some_and(|r| r.content == Some(print) && delta::length(&self.out, path) == Some(r.len));
        if same {
            return Ok(());
        }
        let to = self.folder.join(path);
        self.make_folder(&to)?;
        match content {
            Content::Bytes(bytes) => OpenOptions::new().write(true).create_new(true).open(&to)?.write_all(bytes)?,
            Content::CopyOf(from) => drop(fs::copy(from, &to)?),
        }
        if let Ok(mut staged) = self.staged.lock() {
            staged.insert(path.to_owned());
        }
        Ok(())
    }
}

/// Writes the manifest under another name, then exchanges the two.
fn replace(out: &Path, manifest: &Manifest) -> io::Result<()> {
    let new = out.join(format!("{}.new", manifest::NAME));
    fs::write(&new, manifest.write())?;
    fs::rename(new, out.join(manifest::NAME))
}

/// Makes a folder where an old file may stand in its way.
fn make_way(out: &Path, folder: &Path) -> io::Result<()> {
    let mut at = out.to_owned();
    for part in folder.strip_prefix(out).unwrap_or(Path::new("")) {
        at.push(part);
        if at.is_file() {
            fs::remove_file(&at)?;
        }
    }
    fs::create_dir_all(folder)
}

/// Deletes a file of ours and the folders that it leaves empty.
fn delete(out: &Path, path: &str) -> io::Result<()> {
    match fs::remove_file(out.join(path)) {
        Ok(()) => {}
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
        // Somebody put a folder in its place: that is not ours to delete.
        Err(_) if out.join(path).is_dir() => {}
        Err(e) => return Err(e),
    }
    let mut folder = path;
    while let Some((parent, _)) = folder.rsplit_once('/') {
        if fs::remove_dir(out.join(parent)).is_err() {
            break;
        }
        folder = parent;
    }
    Ok(())
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}
