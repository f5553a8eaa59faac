//! Raster pictures: what is known of one, and the renditions in which pages show it; not where those are written.

mod encode;
mod header;
mod store;

use serde::{Deserialize, Serialize};

pub use self::encode::{Broken, encode};
pub use self::header::read;
pub use self::store::Store;
use crate::fingerprint::Fingerprint;

/// Widths of WebP renditions, in pixels: a telephone, a telephone with fine pixels, and the widest column of a page on a
/// screen with fine pixels. The last is also the width beyond which nothing is shown.
const WIDTHS: [u32; 3] = [480, 960, 1600];

/// The widest rendition.
const WIDEST: u32 = WIDTHS[2];

/// Pictures up to this width, in pixels, are shown as they are.
const SMALL: u32 = WIDTHS[0];

/// A picture may have this many pixels: decoded, it takes three to eight times as many bytes of memory.
pub const MOST_PIXELS: u64 = 100_000_000;

/// WebP cannot say more (RFC 9649, section 2.7.1.1).
const TALLEST_WEBP: u32 = 16_383;

/// Names of files that promise a picture in one of the formats end in these, in upper case or lower.
const ENDINGS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// Raised when other bytes are made of the same picture.
const VERSION: u128 = 1;

/// A format that is decoded and encoded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Format {
    /// ITU T.81.
    Jpeg,
    /// W3C PNG.
    Png,
    /// RFC 9649.
    WebP,
}

/// What a file says of the picture in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Raster {
    /// What the bytes are, whatever the file's name says.
    pub format: Format,
    /// Width in pixels, as it is to be shown.
    pub width: u32,
    /// Height in pixels, as it is to be shown.
    pub height: u32,
    /// Whether the file is there to its end.
    pub whole: bool,
    /// Whether it moves.
    pub moves: bool,
    /// Whether it holds more than the picture, such as where and when it was taken, or that it lies on its side.
    pub notes: bool,
}

/// One way to encode a picture.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rendition {
    /// The format.
    pub format: Format,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Whether a file of this name should be a picture of which renditions can be made.
pub fn is_promised(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

impl Format {
    /// As file names end.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::WebP => "webp",
        }
    }
}

impl Raster {
    /// Whether it is too large to be decoded.
    pub fn is_too_large(&self) -> bool {
        u64::from(self.width) * u64::from(self.height) > MOST_PIXELS
    }

    /// What every browser can show, in the picture's own format; `None` where that is the file itself. What moves would
    /// stand still.
    pub fn fallback(&self) -> Option<Rendition> {
        // What a camera writes is finer than a page needs; what was drawn has been compressed with care.
        let fits = if self.format == Format::Jpeg { SMALL } else { WIDEST };
        let as_it_is = self.moves || !self.notes && self.width <= fits;
        (!as_it_is).then(|| self.scaled(self.format, self.width.min(WIDEST)))
    }

    /// Renditions that most browsers get in its place, from the narrowest on.
    pub fn webps(&self) -> Vec<Rendition> {
        if self.moves || self.width <= SMALL {
            return Vec::new();
        }
        let widest = self.width.min(WIDEST);
        // A rendition that is nearly as wide as the next one saves nothing.
        let narrower = WIDTHS.into_iter().filter(|width| width * 5 <= widest * 4);
        let webps = narrower.chain([widest]).map(|width| self.scaled(Format::WebP, width));
        // A WebP picture is its own fallback.
        let own = |rendition: &Rendition| {
            self.format == Format::WebP
                && (self.fallback().is_none_or(|fallback| fallback == *rendition))
                && rendition.width == widest
        };
        webps.filter(|webp| webp.height <= TALLEST_WEBP && !own(webp)).collect()
    }

    fn scaled(&self, format: Format, width: u32) -> Rendition {
        let height = u64::from(self.height) * u64::from(width) + u64::from(self.width) / 2;
        let height = (height / u64::from(self.width.max(1))).max(1);
        Rendition { format, width, height: u32::try_from(height).unwrap_or(u32::MAX) }
    }
}

impl Rendition {
    /// The name of the file that it is beside the file `original`.
    pub fn name(&self, original: &str) -> String {
        let stem = original.rsplit_once('.').map_or(original, |(stem, _)| stem);
        format!("{stem}-{}.{}", self.width, self.format.extension())
    }

    /// The fingerprint of all that it is made from.
    pub fn print(&self, original: Fingerprint) -> Fingerprint {
        let numbers = [VERSION, self.format as u128, self.width.into(), self.height.into(), original.0];
        Fingerprint::of_numbers(numbers)
    }
}
