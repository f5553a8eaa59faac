//! Fonts: how wide words are, with kerning, and what each row of their letters adds to a picture's file. Letters, and letters that
//! stand so near to one another that they share a byte, are remembered, because they come again and again; so are small words.

use std::borrow::Cow;
use std::sync::atomic::{AtomicI16, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, RwLock};

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use ecow::EcoString;
use rustc_hash::FxHashMap;
use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{GlyphId, OutlineBuilder, Tag};

use super::png::Rows;

/// Bytes that a font may use to remember words.
const MEMORY: usize = 24_000_000;

/// Characters below this one are looked up at once when the font is read.
const COMMON: u32 = 0x2200;

/// A font (TrueType or OpenType).
pub struct Face {
    bytes: Cow<'static, [u8]>,
    /// Units to the em.
    units: f32,
    /// The first characters: their glyphs, 0 where they cannot be set, and their widths in units.
    common: Vec<(GlyphId, i32)>,
    /// By how many units the second of two glyphs stands nearer to the first.
    kerns: Kerns,
    /// Words, and parts of words, by their size and by how many pixels right of a byte's edge they begin.
    words: RwLock<FxHashMap<(EcoString, u32, u8), Arc<Word>>>,
    /// By size, then by glyph, and by how many pixels right of a byte's edge they begin.
    glyphs: Vec<(f32, Vec<Shifts>)>,
    memory: AtomicUsize,
}

/// A word, ready to be put into a file.
#[derive(Debug)]
pub(super) struct Word {
    /// Bytes from where it stands to where it begins.
    left: i32,
    /// Its first row, counted from its baseline.
    pub(super) top: i32,
    /// Bytes across.
    pub(super) stride: i32,
    /// What its rows, and the one below, tell of their difference from the row above.
    pub(super) rows: Rows,
}

/// Kerning between the first glyphs of a font, by both of them; 0 where nobody has asked yet.
struct Kerns(Vec<AtomicI16>);

impl Kerns {
    /// Glyphs of which it is remembered.
    const GLYPHS: usize = 640;
    /// What is added to it, so that none is 0.
    const KNOWN: i32 = 0x4000;

    fn get(&self, left: GlyphId, right: GlyphId, find: impl FnOnce() -> i32) -> i32 {
        let at = usize::from(left.0) * Kerns::GLYPHS + usize::from(right.0);
        let Some(cell) = self.0.get(at).filter(|_| usize::from(right.0) < Kerns::GLYPHS) else { return find() };
        match cell.load(Relaxed) {
            0 => {
                let found = find().clamp(1 - Kerns::KNOWN, Kerns::KNOWN - 1);
                cell.store((found + Kerns::KNOWN) as i16, Relaxed);
                found
            }
            known => i32::from(known) - Kerns::KNOWN,
        }
    }
}

/// A glyph, by how many pixels right of a byte's edge it begins.
type Shifts = [OnceLock<Box<Glyph>>; 4];

/// A glyph, as pixels and ready to be put into a file.
#[derive(Debug)]
struct Glyph {
    bitmap: Bitmap,
    word: Word,
}

/// A part of a line that shares no byte with others.
#[derive(Debug)]
pub(super) enum Piece<'f> {
    Glyph(&'f Word),
    Letters(Arc<Word>),
}

impl std::ops::Deref for Piece<'_> {
    type Target = Word;

    fn deref(&self) -> &Word {
        match self {
            Piece::Glyph(word) => word,
            Piece::Letters(word) => word,
        }
    }
}

/// Pixels, four to a byte.
#[derive(Debug, Default)]
struct Bitmap {
    /// Bytes right of the place where it stands, rows below its baseline.
    left: i32,
    top: i32,
    /// Bytes in a row.
    stride: usize,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl Face {
    /// The first font of a file, for these sizes in pixels to the em; `None` where it cannot be read, or has no outlines.
    pub fn new(bytes: Cow<'static, [u8]>, sizes: &[f32]) -> Option<Face> {
        let face = ttf_parser::Face::parse(&bytes, 0).ok()?;
        let units = f32::from(face.units_per_em());
        let tables = face.tables();
        if tables.glyf.is_none() && tables.cff.is_none() {
            return None;
        }
        let look = |c: u32| {
            let glyph =
                char::from_u32(c).filter(|c| is_plain(*c)).and_then(|c| face.glyph_index(c)).unwrap_or_default();
            (glyph, face.glyph_hor_advance(glyph).unwrap_or_default().into())
        };
        let common = (0..COMMON).map(look).collect();
        let kerns = Kerns((0..Kerns::GLYPHS * Kerns::GLYPHS).map(|_| AtomicI16::new(0)).collect());
        let words = RwLock::default();
        let count = usize::from(face.number_of_glyphs());
        let glyphs = sizes.iter().map(|size| (*size, (0..count).map(|_| Default::default()).collect())).collect();
        Some(Face { units, common, kerns, words, glyphs, memory: AtomicUsize::new(0), bytes })
    }

    /// The file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn parsed(&self) -> Option<ttf_parser::Face<'_>> {
        ttf_parser::Face::parse(&self.bytes, 0).ok()
    }

    /// Whether it has a character, and the character can be set as it stands: from left to right, beside others.
    pub(super) fn has(&self, c: char) -> bool {
        self.glyph_of(c).is_some()
    }

    /// The glyph of a character, and its width in units.
    fn glyph_of(&self, c: char) -> Option<(GlyphId, i32)> {
        let known = self.common.get(c as usize).copied();
        let known = known.or_else(|| {
            let face = self.parsed().filter(|_| is_plain(c))?;
            let glyph = face.glyph_index(c)?;
            Some((glyph, face.glyph_hor_advance(glyph).unwrap_or_default().into()))
        });
        known.filter(|(glyph, _)| glyph.0 > 0)
    }

    /// The glyphs of a text, each with its byte in it, and where it begins and ends, in units of the font. What the font does
    /// not have is left out.
    fn placed(&self, text: &str) -> impl Iterator<Item = (usize, GlyphId, i32, i32)> {
        let (mut end, mut before) = (0, None);
        let glyphs = text.char_indices().filter_map(|(at, c)| Some((at, self.glyph_of(c)?)));
        glyphs.map(move |(at, (glyph, width))| {
            let start = end + before.map_or(0, |before| self.kern(before, glyph));
            end = start + width;
            before = Some(glyph);
            (at, glyph, start, end)
        })
    }

    fn kern(&self, left: GlyphId, right: GlyphId) -> i32 {
        self.kerns.get(left, right, || self.parsed().map_or(0, |face| kerning(&face, left, right)))
    }

    /// How wide a word is, in ems.
    pub(super) fn width(&self, word: &str) -> f32 {
        self.placed(word).last().map_or(0.0, |(.., end)| end as f32) / self.units
    }

    /// A small word: the byte of a row in which it begins where it stands at this pixel, or at the next, and what it is.
    pub(super) fn word(&self, word: &str, size: f32, x: f32) -> (i32, Piece<'_>) {
        let x = even(x);
        let (byte, shift) = (x.div_euclid(4), x.rem_euclid(4) as u8);
        let word = self.known(word, size, shift);
        (byte + word.left, Piece::Letters(word))
    }

    /// A large word in parts that share no byte, each with the byte of a row in which it begins; how wide it is, in ems.
    pub(super) fn parts<'f>(&'f self, word: &str, size: f32, x: f32, parts: &mut Vec<(i32, Piece<'f>)>) -> f32 {
        let scale = size / self.units;
        let mut part: Option<Part<'f>> = None;
        let mut finish = |part: Part<'f>, end: usize| {
            let word = match part.glyph {
                Some(glyph) => Piece::Glyph(&glyph.word),
                None => Piece::Letters(self.known(&word[part.start..end], size, part.pixel.rem_euclid(4) as u8)),
            };
            parts.push((part.pixel.div_euclid(4) + word.left, word));
        };
        let mut width = 0;
        for (at, id, start, end) in self.placed(word) {
            width = end;
            let pixel = even(x + start as f32 * scale);
            let Some(glyph) = self.glyph(id, size, pixel.rem_euclid(4) as u8) else { continue };
            if glyph.bitmap.bytes.is_empty() {
                continue;
            }
            let left = pixel.div_euclid(4) + glyph.bitmap.left;
            let right = left + glyph.bitmap.stride as i32;
            match &mut part {
                Some(part) if left < part.right => {
                    // One byte more for what is rounded otherwise where it is a part of something.
                    part.right = part.right.max(right + 1);
                    part.glyph = None;
                }
                _ => {
                    if let Some(part) = part.take() {
                        finish(part, at);
                    }
                    part = Some(Part { start: at, pixel, right, glyph: Some(glyph) });
                }
            }
        }
        if let Some(part) = part {
            finish(part, word.len());
        }
        width as f32 / self.units
    }

    fn known(&self, word: &str, size: f32, shift: u8) -> Arc<Word> {
        let key = (EcoString::from(word), size.to_bits(), shift);
        if let Some(known) = self.words.read().ok().and_then(|words| words.get(&key).cloned()) {
            return known;
        }
        let made = Arc::new(self.made(word, size, shift));
        if self.has_room(made.rows.memory() + 128)
            && let Ok(mut words) = self.words.write()
        {
            words.insert(key, Arc::clone(&made));
        }
        made
    }

    /// Whether so many bytes more may be remembered.
    fn has_room(&self, bytes: usize) -> bool {
        self.memory.load(Relaxed) + bytes < MEMORY && self.memory.fetch_add(bytes, Relaxed) < MEMORY
    }

    fn made(&self, word: &str, size: f32, shift: u8) -> Word {
        let scale = size / self.units;
        let glyphs: Vec<(i32, &Glyph)> = self
            .placed(word)
            .filter_map(|(_, glyph, at, _)| {
                let pixel = i32::from(shift) + (at as f32 * scale).round() as i32;
                Some((pixel.div_euclid(4), self.glyph(glyph, size, pixel.rem_euclid(4) as u8)?))
            })
            .collect();
        let bitmaps: Vec<(i32, &Bitmap)> = glyphs.iter().map(|(at, glyph)| (*at, &glyph.bitmap)).collect();
        Word::of(&bitmaps)
    }

    /// A glyph in one of the font's sizes; there are so few that all are remembered.
    fn glyph(&self, glyph: GlyphId, size: f32, shift: u8) -> Option<&Glyph> {
        let (_, glyphs) = self.glyphs.iter().find(|(of, _)| *of == size)?;
        let cell = &glyphs.get(usize::from(glyph.0))?[usize::from(shift & 3)];
        Some(cell.get_or_init(|| {
            let bitmap =
                self.parsed().map(|face| Bitmap::of(&face, glyph, size / self.units, shift)).unwrap_or_default();
            let word = Word::of(&[(0, &bitmap)]);
            Box::new(Glyph { bitmap, word })
        }))
    }
}

/// The nearest of every other pixel, which is near enough, and makes half as many pictures of words and of large letters.
fn even(x: f32) -> i32 {
    (x / 2.0).round() as i32 * 2
}

/// Letters of a word that share bytes, while it is laid out.
struct Part<'f> {
    /// Its byte in the word.
    start: usize,
    /// Where its first letter stands.
    pixel: i32,
    /// The byte after its last.
    right: i32,
    /// The glyph, as long as it is one.
    glyph: Option<&'f Glyph>,
}

/// Whether a character is set as it stands. Those of Hebrew, Arabic and the scripts of India and its neighbours change their
/// order or their shapes, which is more than is done here; marks that stand on others do, too.
fn is_plain(c: char) -> bool {
    !matches!(c as u32,
        0x300..=0x36F | 0x483..=0x489 | 0x590..=0x109F | 0x1700..=0x1AFF | 0x1B00..=0x1C7F | 0x1DC0..=0x1DFF
        | 0x20D0..=0x20FF | 0xA800..=0xABFF | 0xFB1D..=0xFDFF | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F | 0xFE70..=0xFEFE
        | 0x10800..=0x11FFF)
}

/// By how many units a glyph stands nearer to the one before: what the font's feature `kern` says (OpenType, GPOS), or its
/// older table of that name.
fn kerning(face: &ttf_parser::Face<'_>, left: GlyphId, right: GlyphId) -> i32 {
    let tables = face.tables();
    if let Some(gpos) = tables.gpos {
        let kern = gpos.features.into_iter().find(|feature| feature.tag == Tag::from_bytes(b"kern"));
        let lookups = kern.into_iter().flat_map(|feature| feature.lookup_indices);
        let pairs = lookups.filter_map(|index| gpos.lookups.get(index)).map(|lookup| {
            let subtables = lookup.subtables.into_iter::<PositioningSubtable<'_>>();
            subtables.filter_map(|table| if let PositioningSubtable::Pair(pairs) = table { Some(pairs) } else { None })
        });
        // Of each lookup, the first table that knows the two counts.
        return pairs.filter_map(|mut pairs| pairs.find_map(|pair| advance(pair, left, right))).sum();
    }
    let tables = tables.kern.into_iter().flat_map(|kern| kern.subtables);
    let mut plain = tables
        .filter(|table| table.horizontal && !table.variable && !table.has_cross_stream && !table.has_state_machine);
    plain.find_map(|table| table.glyphs_kerning(left, right)).map_or(0, i32::from)
}

fn advance(pair: PairAdjustment<'_>, left: GlyphId, right: GlyphId) -> Option<i32> {
    let (first, _) = match pair {
        PairAdjustment::Format1 { coverage, sets } => sets.get(coverage.get(left)?)?.get(right)?,
        PairAdjustment::Format2 { coverage, classes, matrix } => {
            coverage.get(left)?;
            matrix.get((classes.0.get(left), classes.1.get(right)))?
        }
    };
    Some(first.x_advance.into())
}

/// An outline on its way to pixels, rows downwards.
struct Outline {
    to: Rasterizer,
    scale: f32,
    left: f32,
    top: f32,
    start: Point,
    at: Point,
}

impl Outline {
    fn place(&self, x: f32, y: f32) -> Point {
        point(x * self.scale - self.left, -y * self.scale - self.top)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.close();
        self.at = self.place(x, y);
        self.start = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.to.draw_line(self.at, to);
        self.at = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (by, to) = (self.place(x1, y1), self.place(x, y));
        self.to.draw_quad(self.at, by, to);
        self.at = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (by, then, to) = (self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        self.to.draw_cubic(self.at, by, then, to);
        self.at = to;
    }

    fn close(&mut self) {
        if self.at != self.start {
            self.to.draw_line(self.at, self.start);
            self.at = self.start;
        }
    }
}

impl Bitmap {
    fn of(face: &ttf_parser::Face<'_>, glyph: GlyphId, scale: f32, shift: u8) -> Bitmap {
        let Some(bounds) = face.glyph_bounding_box(glyph) else { return Bitmap::default() };
        let [left, right] = [bounds.x_min, bounds.x_max].map(|x| f32::from(x) * scale);
        let [top, bottom] = [bounds.y_max, bounds.y_min].map(|y| -f32::from(y) * scale);
        let (x, y) = (left.floor() as i32, top.floor() as i32);
        let [width, height] =
            [(x, right), (y, bottom)].map(|(from, to)| (to.ceil() as i32 - from).clamp(0, 4096) as usize + 1);
        let origin = Point::default();
        let to = Rasterizer::new(width, height);
        let mut outline = Outline { to, scale, left: x as f32, top: y as f32, start: origin, at: origin };
        face.outline_glyph(glyph, &mut outline);
        outline.close();
        let from = x + i32::from(shift);
        let (left, inner) = (from.div_euclid(4), from.rem_euclid(4) as usize);
        let stride = (inner + width).div_ceil(4);
        let mut bytes = vec![0; stride * height];
        outline.to.for_each_pixel_2d(|x, y, coverage| {
            let at = inner + x as usize;
            let level = (coverage * 3.0 + 0.5).clamp(0.0, 3.0) as u8;
            bytes[y as usize * stride + at / 4] |= level << (6 - 2 * (at % 4));
        });
        Bitmap { left, top: y, stride, bytes }.trimmed()
    }

    /// It without bytes on its right that are blank in every row, so that it stands free of the next more often.
    fn trimmed(self) -> Bitmap {
        let is_blank = |column: usize| self.bytes.iter().skip(column).step_by(self.stride).all(|byte| *byte == 0);
        let blank = (0..self.stride).rev().take_while(|column| is_blank(*column)).count();
        let rows = self.bytes.chunks_exact(self.stride);
        let bytes = rows.flat_map(|row| &row[..self.stride - blank]).copied().collect();
        Bitmap { stride: self.stride - blank, bytes, ..self }
    }

    fn height(&self) -> i32 {
        (self.bytes.len() / self.stride.max(1)) as i32
    }
}

impl Word {
    /// Glyphs beside one another, each with the byte that it stands at.
    fn of(glyphs: &[(i32, &Bitmap)]) -> Word {
        let seen = || glyphs.iter().filter(|(_, glyph)| !glyph.bytes.is_empty());
        let left = seen().map(|(at, glyph)| at + glyph.left).min().unwrap_or_default();
        let right = seen().map(|(at, glyph)| at + glyph.left + glyph.stride as i32).max().unwrap_or_default();
        let top = seen().map(|(_, glyph)| glyph.top).min().unwrap_or_default();
        let bottom = seen().map(|(_, glyph)| glyph.top + glyph.height()).max().unwrap_or_default();
        let stride = (right - left) as usize;
        let mut bytes = vec![0; stride * (bottom - top) as usize];
        for (at, glyph) in seen() {
            for (y, row) in glyph.bytes.chunks_exact(glyph.stride).enumerate() {
                let start = (y as i32 + glyph.top - top) as usize * stride + (at + glyph.left - left) as usize;
                bytes[start..start + row.len()].iter_mut().zip(row).for_each(|(into, from)| *into |= from);
            }
        }
        Word { left, top, stride: stride as i32, rows: Rows::of(&bytes, stride) }
    }
}
