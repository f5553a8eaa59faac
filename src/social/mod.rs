//! Social cards: a few words as a picture of 1200 x 630 pixels, which networks show beside a link. This knows where the words
//! stand and how large they are; neither what they are, nor whose picture it is.

mod font;
mod png;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

pub use self::font::Face;
use self::font::Piece;
use self::png::{Begun, Part, Picture};
use crate::fingerprint::Fingerprint;

/// Pixels across, as readers of Open Graph recommend.
pub const WIDTH: usize = 1200;
/// Pixels down.
pub const HEIGHT: usize = 630;

/// Pixels left free on the left and on the right.
const MARGIN: i32 = 84;
const ROOM: f32 = (WIDTH as i32 - 2 * MARGIN) as f32;
/// Pixels across of the bar along the left edge.
const BAR: usize = 24;
/// The sizes that titles come in, in pixels to the em: the largest in which a title has no more lines than this is taken. Last,
/// the pixels from one line to the next.
const TITLES: [(f32, usize, i32); 3] = [(68.0, 3, 82), (56.0, 4, 69), (46.0, 5, 58)];
/// The size of all other words.
const SMALL: f32 = 34.0;
/// All sizes.
pub const SIZES: [f32; 4] = [TITLES[0].0, TITLES[1].0, TITLES[2].0, SMALL];
/// Where the first and the last line stand, and between which rows the others are put.
const TOP: i32 = 92;
const FOOT: i32 = 570;
const BETWEEN: Range<i32> = 130..516;
/// Characters below this one are looked up in the fonts once.
const COMMON: u32 = 0x250;
/// How many beginnings of cards are remembered; each takes about 2 kB.
const BEGUN: usize = 4096;
/// From the line above a title to the title's own first line, beside the title's own height.
const ABOVE: i32 = 8;

/// What a card says, one after the other; all but the title may be empty.
#[derive(Clone, Debug, Default)]
pub struct Words<'w> {
    /// Above everything: the portal's name.
    pub top: &'w str,
    /// Above the title: what kind of thing it is.
    pub kind: &'w str,
    /// The title.
    pub title: &'w str,
    /// At the foot: where it stands.
    pub status: &'w str,
    /// After that: its dates, or another fact.
    pub fact: &'w str,
}

/// Paints cards in two fonts and two colours. What it finds out about words, it keeps.
#[derive(Debug)]
pub struct Painter {
    regular: Face,
    bold: Face,
    head: Vec<u8>,
    print: Fingerprint,
    /// Whether the first characters can be painted.
    common: Vec<bool>,
    /// By their words, and where these stand.
    begun: RwLock<FxHashMap<Fingerprint, Arc<Begun>>>,
}

/// Words beside one another.
struct Line<'f> {
    /// From left to right: the byte of a row in which it begins, and the word.
    words: Vec<(i32, Piece<'f>)>,
    baseline: i32,
}

impl Painter {
    /// With these fonts and colours (sRGB).
    pub fn new(regular: Face, bold: Face, background: [u8; 3], ink: [u8; 3]) -> Painter {
        let head = png::head(WIDTH, HEIGHT, background, ink);
        let print = Fingerprint::of_parts([&head[..], regular.bytes(), bold.bytes()]);
        let common = (0..COMMON).map(|c| char::from_u32(c).is_some_and(|c| is_set(c, &regular, &bold))).collect();
        Painter { regular, bold, head, print, common, begun: RwLock::default() }
    }

    /// The fingerprint of its fonts and colours.
    pub fn print(&self) -> Fingerprint {
        self.print
    }

    /// The characters of a text that cannot be painted as it should be.
    pub fn missing(&self, text: &str) -> impl Iterator<Item = char> {
        let is_set =
            |c: char| self.common.get(c as usize).copied().unwrap_or_else(|| is_set(c, &self.regular, &self.bold));
        text.chars().filter(move |c| !is_set(*c))
    }

    /// Adds the file of a card (W3C PNG, third edition) to a buffer. What the fonts do not have is left out.
    pub fn paint(&self, words: &Words<'_>, out: &mut Vec<u8>) {
        let title = clean(words.title);
        let ((size, _, pitch), titles) = wrap(&self.bold, &title);
        // Between the first line and the last, a little above the middle.
        let above = if words.kind.is_empty() { 0 } else { SMALL as i32 + ABOVE };
        let height = above + pitch * titles.len() as i32;
        let mut baseline = BETWEEN.start + (BETWEEN.len() as i32 - height).max(0) * 2 / 5 + above;
        let mut picture = self.begun(words.top, words.kind, baseline - ABOVE).resume(out);
        for text in &titles {
            baseline += pitch;
            line(&self.bold, size, text, MARGIN as f32, baseline - (pitch - size as i32) / 2).put(&mut picture);
        }
        let status = cut(&self.bold, words.status, ROOM);
        let mut foot = line(&self.bold, SMALL, &status, MARGIN as f32, FOOT);
        let after = if status.is_empty() { 0.0 } else { width(&self.bold, &status) * SMALL + 24.0 };
        let fact = cut(&self.regular, words.fact, ROOM - after);
        foot.words.extend(line(&self.regular, SMALL, &fact, MARGIN as f32 + after, FOOT).words);
        foot.put(&mut picture);
        picture.finish();
    }

    /// A card down to its title, which many cards have in common.
    fn begun(&self, top: &str, kind: &str, baseline: i32) -> Arc<Begun> {
        let key = Fingerprint::of_parts([top.as_bytes(), kind.as_bytes(), &baseline.to_le_bytes()]);
        if let Some(known) = self.begun.read().ok().and_then(|begun| begun.get(&key).cloned()) {
            return known;
        }
        let mut bytes = Vec::new();
        let mut picture = Picture::new(&mut bytes, &self.head, [WIDTH, HEIGHT], BAR);
        line(&self.bold, SMALL, &cut(&self.bold, top, ROOM), MARGIN as f32, TOP).put(&mut picture);
        line(&self.regular, SMALL, &cut(&self.regular, kind, ROOM), MARGIN as f32, baseline).put(&mut picture);
        let made = Arc::new(picture.pause());
        if let Ok(mut begun) = self.begun.write()
            && begun.len() < BEGUN
        {
            begun.insert(key, Arc::clone(&made));
        }
        made
    }
}

impl Line<'_> {
    fn put(&self, picture: &mut Picture<'_>) {
        let Some(top) = self.words.iter().map(|(_, word)| word.top).min() else { return };
        // Lines keep out of each other's rows.
        let baseline = self.baseline.max(picture.row() as i32 - top);
        let place = |word: &Piece<'_>| (baseline + word.top) as usize;
        let parts =
            self.words.iter().map(|(left, word)| Part { left: *left as usize, top: place(word), rows: &word.rows });
        picture.put_beside(&parts.collect::<Vec<_>>());
    }
}

/// Whether a character can be painted as it should be.
fn is_set(c: char, regular: &Face, bold: &Face) -> bool {
    is_silent(c) || regular.has(c) && bold.has(c)
}

/// Characters that take no room, or say how others are joined and divided.
fn is_silent(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// A text without characters that are not seen.
fn clean(text: &str) -> Cow<'_, str> {
    match text.contains(is_silent) {
        true => text.chars().filter(|c| !is_silent(*c)).collect::<String>().into(),
        false => text.into(),
    }
}

/// How wide a text is, in ems.
fn width(face: &Face, text: &str) -> f32 {
    text.split(' ').map(|word| face.width(word)).sum::<f32>() + face.width(" ") * text.matches(' ').count() as f32
}

/// A small text as far as it has room.
fn cut<'t>(face: &Face, text: &'t str, room: f32) -> Cow<'t, str> {
    let text = clean(text);
    if width(face, &text) * SMALL <= room { text } else { shortened(face, &text, room / SMALL).into() }
}

/// As much of a text as has room beside an ellipsis; where it can be, up to the end of a word.
fn shortened(face: &Face, text: &str, room: f32) -> String {
    let room = room - face.width("…");
    let fits = |end: &usize| width(face, text[..*end].trim_end()) <= room;
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let end = ends[..ends.partition_point(fits)].last().copied().unwrap_or(0);
    let word = text[..end].rfind(' ').filter(|at| at * 2 > end);
    let kept = text[..word.unwrap_or(end)].trim_end_matches([' ', ',', ';', ':', '–', '-', '(']);
    format!("{kept}…")
}

/// The largest size in which a title fits, and its lines.
fn wrap(face: &Face, title: &str) -> ((f32, usize, i32), Vec<String>) {
    let words: Vec<(&str, f32)> = title.split(' ').map(|word| (word, face.width(word))).collect();
    for style in &TITLES[..TITLES.len() - 1] {
        let room = ROOM / style.0;
        if words.iter().all(|(_, width)| *width <= room) {
            let lines = lines(face, &words, room);
            if lines.len() <= style.1 {
                return (*style, lines);
            }
        }
    }
    let style = TITLES[TITLES.len() - 1];
    let room = ROOM / style.0;
    let mut lines = lines(face, &words, room);
    if lines.len() > style.1 {
        let rest = lines.split_off(style.1 - 1).join(" ");
        lines.push(shortened(face, &rest, room));
    }
    (style, lines)
}

/// Words on lines, each as full as it can be; a word that no line has room for breaks where it must.
fn lines(face: &Face, words: &[(&str, f32)], room: f32) -> Vec<String> {
    let space = face.width(" ");
    let mut lines: Vec<String> = Vec::new();
    let mut used = f32::INFINITY;
    for (word, width) in words {
        match lines.last_mut() {
            Some(line) if used + space + width <= room => {
                line.push(' ');
                line.push_str(word);
                used += space + width;
            }
            _ => {
                let mut rest = *word;
                used = *width;
                while used > room {
                    let end = breaks(face, rest, room);
                    lines.push(rest[..end].to_owned());
                    rest = &rest[end..];
                    used = face.width(rest);
                }
                lines.push(rest.to_owned());
            }
        }
    }
    lines
}

/// Where a word that is too long is broken: after a hyphen or a slash if there is one late enough, else anywhere.
fn breaks(face: &Face, word: &str, room: f32) -> usize {
    let ends: Vec<usize> = word.char_indices().skip(1).map(|(at, _)| at).collect();
    let end = ends[..ends.partition_point(|end| face.width(&word[..*end]) <= room)].last().or(ends.first());
    let end = end.copied().unwrap_or(word.len());
    let hyphen =
        word[..end].rfind(['-', '/', '–', '.', '_']).map(|at| at + word[at..].chars().next().map_or(1, char::len_utf8));
    hyphen.filter(|at| at * 2 > end).unwrap_or(end)
}

/// A line that begins at this pixel and stands on this row.
fn line<'f>(face: &'f Face, size: f32, text: &str, x: f32, baseline: i32) -> Line<'f> {
    let mut words = Vec::new();
    let (mut at, space) = (x, face.width(" ") * size);
    let mut end = 0;
    let mut made = Vec::new();
    for text in text.split(' ') {
        if !text.is_empty() {
            let width = match size > SMALL {
                true => face.parts(text, size, at, &mut made),
                false => {
                    made.push(face.word(text, size, at));
                    face.width(text)
                }
            };
            for (left, word) in made.drain(..) {
                // No two share a byte, and nothing goes over the edge.
                let left = left.max(end);
                if left + word.stride <= (WIDTH / 4) as i32 {
                    end = left + word.stride;
                    words.push((left, word));
                }
            }
            at += width * size;
        }
        at += space;
    }
    Line { words, baseline }
}
