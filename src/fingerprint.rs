//! 128-bit fingerprints of bytes and of views (XXH3): equal fingerprints mean equal content; not for security.

use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// Another one for every version of the program, which might write other bytes for the same view.
pub const ENGINE: &str = env!("RELAIS_SOURCES");

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
        let mut hash = Xxh3::new();
        for part in parts {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Fingerprint(hash.digest128())
    }

    /// Of a list of numbers, such as other fingerprints.
    pub fn of_numbers(numbers: impl IntoIterator<Item = u128>) -> Self {
        let mut hash = Xxh3::new();
        for number in numbers {
            hash.update(&number.to_le_bytes());
        }
        Fingerprint(hash.digest128())
    }

    /// Of everything that a template may see, as it is serialized.
    pub fn of_view(view: &impl Serialize, salt: Fingerprint) -> Self {
        let salted = || {
            let mut sink = Sink(Xxh3::new());
            sink.0.update(&salt.0.to_le_bytes());
            sink
        };
        let mut sink = salted();
        if postcard::to_io(view, &mut sink).is_ok() {
            return Fingerprint(sink.0.digest128());
        }
        // What the compact format cannot say, JSON can.
        let mut sink = salted();
        let _ = serde_json::to_writer(&mut sink, view);
        Fingerprint(sink.0.digest128())
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

struct Sink(Xxh3);

impl std::io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
