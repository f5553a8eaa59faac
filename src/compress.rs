//! Compressed copies of files, for hosts that serve them as they lie there: which files get them and what is in them, not
//! where they are written.

use std::io::{self, Write};
use std::ops::RangeInclusive;

use crate::fingerprint::Fingerprint;

/// Files below this many bytes fit in one packet as they are.
const SMALLEST: usize = 1024;

/// Endings of files that are text.
const TEXT: [&str; 10] = ["html", "css", "js", "svg", "xml", "json", "txt", "ics", "ttl", "csv"];

/// A content coding of HTTP (RFC 9110, section 8.4.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Coding {
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

/// A coding, and how hard it tries.
#[derive(Clone, Copy, Debug)]
pub struct Encoder {
    /// The coding.
    pub coding: Coding,
    /// One of [`Coding::levels`].
    pub level: u32,
}

impl Coding {
    /// All of them.
    pub const ALL: [Coding; 2] = [Coding::Gzip, Coding::Brotli];

    /// Its name in `relais.yaml`.
    pub fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Brotli => "brotli",
        }
    }

    /// What hosts expect at the end of a copy's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Coding::Gzip => ".gz",
            Coding::Brotli => ".br",
        }
    }

    /// From the fastest to the smallest.
    pub fn levels(self) -> RangeInclusive<u32> {
        match self {
            Coding::Gzip => 1..=9,
            Coding::Brotli => 0..=11,
        }
    }

    /// The last one that is worth its time in every build.
    pub fn default_level(self) -> u32 {
        match self {
            Coding::Gzip => 6,
            Coding::Brotli => 5,
        }
    }
}

impl Encoder {
    /// The fingerprint of all that a copy is made from: a file's bytes, and how they are encoded.
    pub fn print(self, of: Fingerprint) -> Fingerprint {
        let how = format!("{} {}", self.coding.name(), self.level);
        Fingerprint::of_parts([how.as_bytes(), &of.0.to_le_bytes()])
    }

    /// The bytes, encoded: the same on every machine and at any time.
    pub fn encode(self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let out = Vec::with_capacity(bytes.len() / 2);
        match self.coding {
            Coding::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(out, flate2::Compression::new(self.level));
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Coding::Brotli => {
                let params = brotli::enc::BrotliEncoderParams {
                    quality: self.level as i32,
                    // A window of 256 KiB holds any page; with 64 KiB, level 5 takes ten times as long.
                    lgwin: 18,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                let mut out = out;
                brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
                Ok(out)
            }
        }
    }
}

/// Whether a file of this name is text.
pub fn is_text(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| TEXT.contains(&ending))
}

/// Whether so many bytes are worth a copy.
pub fn is_large(len: usize) -> bool {
    len >= SMALLEST
}

/// The file that a file of this name would be a copy of.
pub fn original(path: &str) -> Option<&str> {
    Coding::ALL.iter().find_map(|coding| path.strip_suffix(coding.suffix()))
}
