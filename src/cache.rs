//! What earlier builds into an output folder learnt of the site's files, by their content; it knows neither what files
//! mean nor whether an output is up to date, and whatever is missing, damaged or foreign in it is found out anew.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64, xxh3_128};

use crate::fingerprint::{ENGINE, Fingerprint};
use crate::source::utf8;

const SIGNATURE: &str = "relais cache ";

/// Bodies of texts that are no longer there may take this much more room than those that are.
const SLACK: u64 = 32 << 20;

/// How a file looks from outside. Equal stamps mean equal content, once the clock has moved on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// Length in bytes.
    pub len: u64,
    /// Nanoseconds since 1970 at which the content was last changed.
    modified: i64,
    /// Nanoseconds since 1970 at which anything was last changed, where the system tells; it cannot be set back.
    changed: i64,
    /// The file's number on its disk, where the system tells.
    inode: u64,
}

impl Stamp {
    /// Of a file.
    pub fn of(metadata: &fs::Metadata) -> Stamp {
        let modified = metadata.modified().ok().map_or(0, nanoseconds);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let changed = metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec());
            Stamp { len: metadata.len(), modified, changed, inode: metadata.ino() }
        }
        #[cfg(not(unix))]
        Stamp { len: metadata.len(), modified, changed: modified, inode: 0 }
    }

    /// Whether a later change must show in the stamp: it is older than the clock's grain before the file was read.
    fn is_settled(self, read: i64) -> bool {
        let last = self.modified.max(self.changed);
        // Some file systems count in whole seconds, FAT in two.
        let grain = if last % 1_000_000_000 == 0 { Duration::from_secs(3) } else { Duration::from_millis(100) };
        last.saturating_add(grain.as_nanos() as i64) < read
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64)
}

/// Where a body waits in [`Bodies`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stored {
    at: u64,
    len: u32,
    check: u64,
}

/// Rendered texts, on disk until a page needs them.
#[derive(Debug, Default)]
pub struct Bodies {
    file: Option<File>,
    end: AtomicU64,
}

impl Bodies {
    /// Whether any can be put aside.
    pub fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// Puts a body aside; `None` where that is impossible, and then it must be kept.
    pub fn put(&self, body: &str) -> Option<Stored> {
        let file = self.file.as_ref()?;
        let len = u32::try_from(body.len()).ok()?;
        let at = self.end.fetch_add(u64::from(len), Ordering::Relaxed);
        write_at(file, body.as_bytes(), at).ok()?;
        Some(Stored { at, len, check: xxh3_64(body.as_bytes()) })
    }

    /// Fetches a body; `None` where it is damaged.
    pub fn get(&self, stored: Stored) -> Option<String> {
        let mut bytes = vec![0; stored.len as usize];
        read_at(self.file.as_ref()?, &mut bytes, stored.at).ok()?;
        (xxh3_64(&bytes) == stored.check).then(|| utf8(bytes).ok()).flatten()
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
        bytes = &bytes[written..];
        at += written as u64;
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => (bytes, at) = (&mut bytes[read..], at + read as u64),
        }
    }
    Ok(())
}

/// What is known of one file, as it is written down.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Slot {
    path: String,
    stamp: Stamp,
    /// Whether the stamp tells every later change.
    settled: bool,
    content: Fingerprint,
    /// What else the record was made from.
    salt: u64,
    /// Where its record is.
    at: u64,
    len: u32,
    /// How many bytes of [`Bodies`] it refers to.
    body: u32,
}

/// The part of the file before the records.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Table {
    /// The bodies that the records refer to.
    generation: u64,
    slots: Vec<Slot>,
}

/// A record that was found or made in this build.
#[derive(Debug)]
struct Fresh {
    stamp: Stamp,
    content: Fingerprint,
    salt: u64,
    record: Vec<u8>,
    body: u32,
}

/// What a file is made into: a value that can be written down, and whether it may be.
pub struct Made<T> {
    /// The value.
    pub value: T,
    /// False where something was found that every build must report.
    pub keep: bool,
    /// How many bytes of [`Bodies`] it refers to.
    pub body: u32,
}

/// The cache of one output folder. The folder's lock keeps other builds away from it.
#[derive(Debug, Default)]
pub struct Cache {
    folder: PathBuf,
    started: i64,
    generation: u64,
    slots: Vec<Slot>,
    records: Vec<u8>,
    paths: Vec<String>,
    /// Which of `slots` belongs to a file; the file's number is its place in `paths`.
    known: Vec<u32>,
    stamps: Vec<Option<Stamp>>,
    fresh: Vec<OnceLock<Fresh>>,
    bodies: Arc<Bodies>,
}

const UNKNOWN: u32 = u32::MAX;

/// What was written down, before it is known which files there are.
#[derive(Debug)]
pub struct Remembered {
    folder: PathBuf,
    table: Table,
    records: Vec<u8>,
}

impl Remembered {
    /// Nothing.
    pub fn none(folder: PathBuf) -> Remembered {
        Remembered { folder, table: Table::default(), records: Vec::new() }
    }

    /// Reads what there is.
    pub fn read(folder: PathBuf) -> Remembered {
        let (table, records) = read(&folder.join("documents")).unwrap_or_default();
        Remembered { folder, table, records }
    }

    /// The cache of these files, sorted by path, with their stamps.
    pub fn of(self, started: SystemTime, paths: Vec<String>, stamps: Vec<Option<Stamp>>) -> Cache {
        let Remembered { folder, table, records } = self;
        let started = nanoseconds(started);
        let live: u64 = table.slots.iter().map(|slot| u64::from(slot.body)).sum();
        let (bodies, generation, slots) = match open_bodies(&folder, table.generation, live) {
            Some(bodies) => (bodies, table.generation, table.slots),
            None => {
                let generation = started as u64 ^ u64::from(std::process::id()).rotate_left(40) | 1;
                (new_bodies(&folder, generation).unwrap_or_default(), generation, Vec::new())
            }
        };
        let mut next = 0;
        let mut find = |path: &String| {
            while slots.get(next).is_some_and(|slot: &Slot| slot.path < *path) {
                next += 1;
            }
            let is_known = slots.get(next).is_some_and(|slot| slot.path == *path);
            if is_known { next as u32 } else { UNKNOWN }
        };
        let known: Vec<u32> = paths.iter().map(&mut find).collect();
        let fresh = known.iter().map(|_| OnceLock::new()).collect();
        let bodies = Arc::new(bodies);
        Cache { folder, started, generation, slots, records, paths, known, stamps, fresh, bodies }
    }
}

impl Cache {
    /// Where rendered texts wait.
    pub fn bodies(&self) -> &Arc<Bodies> {
        &self.bodies
    }

    /// All of it but the rendered texts, which pages are still to be made of.
    pub fn take_records(&mut self) -> Cache {
        let bodies = Arc::clone(&self.bodies);
        std::mem::replace(self, Cache { bodies, ..Cache::default() })
    }

    /// What a file says: from the cache where its stamp or its content is the recorded one, else made from its text.
    /// `read` gives the content, `make` makes a value of it.
    pub fn document<T, B, E>(
        &self,
        file: usize,
        salt: u64,
        read: impl FnOnce() -> Result<B, E>,
        make: impl FnOnce(B) -> Made<T>,
    ) -> Result<(T, Fingerprint), E>
    where
        T: Serialize + DeserializeOwned,
        B: AsRef<[u8]>,
    {
        let slot = self.known.get(file).and_then(|at| self.slots.get(*at as usize)).filter(|slot| slot.salt == salt);
        let stamp = self.stamps.get(file).copied().flatten();
        if let Some(slot) = slot.filter(|slot| slot.settled && Some(slot.stamp) == stamp)
            && let Some(value) = self.decode(slot)
        {
            return Ok((value, slot.content));
        }
        let bytes = read()?;
        let content = Fingerprint::of(bytes.as_ref());
        let learn = |record: Vec<u8>, body: u32| {
            if let (Some(place), Some(stamp)) = (self.fresh.get(file), stamp) {
                let _ = place.set(Fresh { stamp, content, salt, record, body });
            }
        };
        if let Some(slot) = slot.filter(|slot| slot.content == content)
            && let Some(value) = self.decode(slot)
        {
            learn(self.record(slot).to_vec(), slot.body);
            return Ok((value, content));
        }
        let Made { value, keep, body } = make(bytes);
        if keep && let Ok(record) = postcard::to_stdvec(&value) {
            learn(record, body);
        }
        Ok((value, content))
    }

    /// Whether a file is not as the last build found it.
    pub fn is_new(&self, file: usize) -> bool {
        let slot = self.known.get(file).and_then(|at| self.slots.get(*at as usize));
        let fresh = self.fresh.get(file).and_then(OnceLock::get);
        slot.is_none() || fresh.zip(slot).is_some_and(|(fresh, slot)| fresh.content != slot.content)
    }

    fn record(&self, slot: &Slot) -> &[u8] {
        let at = slot.at as usize;
        self.records.get(at..at.saturating_add(slot.len as usize)).unwrap_or_default()
    }

    fn decode<T: DeserializeOwned>(&self, slot: &Slot) -> Option<T> {
        postcard::from_bytes(self.record(slot)).ok()
    }

    /// Writes down what this build knows, if that is anything new. What cannot be written will be found out again.
    pub fn save(self) {
        let gone = self.slots.len() - self.known.iter().filter(|at| **at != UNKNOWN).count();
        if gone == 0 && self.fresh.iter().all(|fresh| fresh.get().is_none()) {
            return;
        }
        let mut table = Table { generation: self.generation, slots: Vec::with_capacity(self.known.len()) };
        let mut records: Vec<&[u8]> = Vec::with_capacity(self.known.len());
        let mut end = 0;
        for (file, path) in self.paths.iter().enumerate() {
            let (record, slot) = match (self.fresh[file].get(), self.slots.get(self.known[file] as usize)) {
                (Some(fresh), _) => {
                    let Fresh { stamp, content, salt, ref record, body } = *fresh;
                    let settled = stamp.is_settled(self.started);
                    let len = record.len() as u32;
                    (&**record, Slot { path: path.clone(), stamp, settled, content, salt, at: end, len, body })
                }
                (None, Some(slot)) => (self.record(slot), Slot { at: end, ..slot.clone() }),
                (None, None) => continue,
            };
            end += record.len() as u64;
            table.slots.push(slot);
            records.push(record);
        }
        let _ = write(&self.folder, "documents", &table, &records);
    }
}

/// The folder in which builds into `out` remember: below the site's `.relais`, the same on every machine where the
/// output folder lies within the site.
pub fn folder(site: &Path, out: &Path) -> PathBuf {
    let name = match out.strip_prefix(site) {
        Ok(inside) => inside.as_os_str().to_owned(),
        Err(_) => std::path::absolute(out).unwrap_or_else(|_| out.to_owned()).into_os_string(),
    };
    site.join(".relais").join(format!("cache-{}", Fingerprint::of(name.as_encoded_bytes()).short()))
}

/// Reads a table and the records behind it; `None` where the file is not there, damaged, or of another program.
pub fn read<T: DeserializeOwned + Default>(path: &Path) -> Option<(T, Vec<u8>)> {
    let mut bytes = fs::read(path).ok()?;
    let body = bytes.len().checked_sub(16)?;
    let check = u128::from_le_bytes(bytes[body..].try_into().ok()?);
    if xxh3_128(&bytes[..body]) != check || !bytes.starts_with(&header()) {
        return None;
    }
    bytes.truncate(body);
    let (table, rest) = postcard::take_from_bytes::<T>(&bytes[header().len()..]).ok()?;
    let records = bytes.len() - rest.len();
    bytes.drain(..records);
    Some((table, bytes))
}

/// Writes a table and records under another name, then puts them in place.
pub fn write(folder: &Path, name: &str, table: &impl Serialize, records: &[&[u8]]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let table = postcard::to_extend(table, header()).map_err(io::Error::other)?;
    let new = folder.join(format!("{name}.new"));
    let mut file = BufWriter::with_capacity(1 << 16, File::create(&new)?);
    let mut check = Xxh3Default::new();
    for part in iter::once(&*table).chain(records.iter().copied()) {
        check.update(part);
        file.write_all(part)?;
    }
    file.write_all(&check.digest128().to_le_bytes())?;
    file.flush()?;
    drop(file);
    // Some file systems (ext4) wait for the disk where a file takes another's place; of what can be lost that is too much.
    let _ = fs::remove_file(folder.join(name));
    fs::rename(new, folder.join(name))
}

/// What another version of the program wrote might be read wrongly.
fn header() -> Vec<u8> {
    [SIGNATURE.as_bytes(), ENGINE.as_bytes()].concat()
}

/// The bodies of this generation, unless most of them are of texts that are gone.
fn open_bodies(folder: &Path, generation: u64, live: u64) -> Option<Bodies> {
    let file = OpenOptions::new().read(true).write(true).open(folder.join("bodies")).ok()?;
    let mut head = [0; 8];
    read_at(&file, &mut head, 0).ok()?;
    let end = file.metadata().ok()?.len();
    let good = generation != 0 && u64::from_le_bytes(head) == generation && end <= live.saturating_mul(2) + SLACK;
    good.then(|| Bodies { file: Some(file), end: AtomicU64::new(end) })
}

fn new_bodies(folder: &Path, generation: u64) -> Option<Bodies> {
    fs::create_dir_all(folder).ok()?;
    let path = folder.join("bodies");
    // Another process may still read the old one.
    let _ = fs::remove_file(&path);
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path).ok()?;
    write_at(&file, &generation.to_le_bytes(), 0).ok()?;
    Some(Bodies { file: Some(file), end: AtomicU64::new(8) })
}
