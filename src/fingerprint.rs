//! 128-bit fingerprints of bytes and of views (XXH3): equal fingerprints mean equal content; not for security.

use std::cell::Cell;
use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

/// Another one for every version of the program, which might write other bytes for the same view.
pub const ENGINE: &str = env!("RELAIS_SOURCES");

/// Bytes of memory that a thread keeps to put pieces together in.
const LARGEST_BUFFER: usize = 1 << 20;

/// An XXH3-128 fingerprint, stable across machines and releases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
    /// Of a byte string.
    pub fn of(bytes: &[u8]) -> Self {
        Fingerprint(xxh3_128(bytes))
    }

    /// Of several byte strings, each with its length, so that no two lists coincide.
    pub fn of_parts<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> Self {
        Self::of_written(|out| {
            for part in parts {
                out.extend_from_slice(&(part.len() as u64).to_le_bytes());
                out.extend_from_slice(part);
            }
        })
    }

    /// Of a list of numbers, such as other fingerprints.
    pub fn of_numbers(numbers: impl IntoIterator<Item = u128>) -> Self {
        Self::of_written(|out| numbers.into_iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes())))
    }

    /// Of everything that a template may see, as it is serialized.
    pub fn of_view(view: &impl Serialize, salt: Fingerprint) -> Self {
        Self::of_written(|out| {
            out.extend_from_slice(&salt.0.to_le_bytes());
            if postcard::to_io(view, &mut *out).is_err() {
                // What the compact format cannot say, JSON can.
                out.truncate(size_of_val(&salt.0));
                let _ = serde_json::to_writer(out, view);
            }
        })
    }

    /// Of what is written: to hash many small pieces one by one takes longer than to put them together first.
    fn of_written(write: impl FnOnce(&mut Vec<u8>)) -> Self {
        thread_local!(static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) });
        let mut buffer = BUFFER.take();
        buffer.clear();
        write(&mut buffer);
        let print = Self::of(&buffer);
        if buffer.capacity() <= LARGEST_BUFFER {
            BUFFER.set(buffer);
        }
        print
    }

    /// The first eight hexadecimal digits, as `translation.revision` has them.
    pub fn short(self) -> String {
        format!("{:08x}", (self.0 >> 96) as u32)
    }

    /// Reads what [`fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        const_hex::decode_to_array(text).ok().map(|bytes| Fingerprint(u128::from_be_bytes(bytes)))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(const_hex::Buffer::<16>::new().format(&self.0.to_be_bytes()))
    }
}
