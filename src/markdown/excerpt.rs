//! The plain beginning of a text, and how many words it has: knows characters; does not know where they came from.

use ecow::EcoString;

/// The longest excerpt, in characters.
const LIMIT: usize = 300;

/// Gathers the first paragraphs.
#[derive(Default)]
pub(super) struct Excerpt {
    text: String,
    chars: usize,
    open: bool,
}

impl Excerpt {
    pub(super) fn open(&mut self) {
        if self.chars <= LIMIT {
            self.open = true;
            self.push(" ");
        }
    }

    pub(super) fn close(&mut self) {
        self.open = false;
    }

    /// Adds text if a paragraph is open; runs of ordinary white space become one space.
    pub(super) fn push(&mut self, text: &str) {
        if !self.open {
            return;
        }
        for word in text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
            if self.chars > LIMIT {
                self.open = false;
                return;
            }
            let letters = word.trim_ascii_end();
            self.text.push_str(letters);
            self.chars += letters.chars().count();
            if letters.len() < word.len() && !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
                self.chars += 1;
            }
        }
    }

    pub(super) fn finish(self) -> EcoString {
        let text = self.text.trim_end();
        // Facts and titles are filled in later; of nothing else there is nothing to say.
        if text.chars().all(|c| !c.is_alphanumeric()) {
            return EcoString::new();
        }
        if text.chars().count() <= LIMIT {
            return text.into();
        }
        let end = text.char_indices().nth(LIMIT - 1).map_or(text.len(), |(at, _)| at);
        let cut = match text[..end].rfind(' ') {
            Some(space) if !text[end..].starts_with(' ') => &text[..space],
            _ => &text[..end],
        };
        let cut =
            cut.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '…' | '–' | '-'));
        let mut excerpt = EcoString::from(cut);
        excerpt.push('…');
        excerpt
    }
}

/// What one look at the bytes of a text tells.
pub(super) struct Signs {
    pub digit: bool,
    pub brace: bool,
    pub caret: bool,
}

/// Counts words across the text nodes of a block.
#[derive(Default)]
pub(super) struct Words {
    pub count: u32,
    inside: bool,
}

impl Words {
    /// Ends the word, if any: a block or a line ends here.
    pub(super) fn interrupt(&mut self) {
        self.inside = false;
    }

    /// Something that reads as one word.
    pub(super) fn one(&mut self) {
        self.count += u32::from(!self.inside);
        self.inside = true;
    }

    /// Counts, and notes on the way what else may be worth looking for.
    pub(super) fn read(&mut self, text: &str) -> Signs {
        let mut seen = 0;
        for byte in text.bytes() {
            let class = CLASSES[usize::from(byte)];
            seen |= class;
            let word = class & WORD != 0;
            self.count += u32::from(word & !self.inside);
            self.inside = (self.inside | word) & (class & SPACE == 0);
        }
        Signs { digit: seen & DIGIT != 0, brace: seen & BRACE != 0, caret: seen & CARET != 0 }
    }
}

const WORD: u8 = 1;
const SPACE: u8 = 2;
const DIGIT: u8 = 4;
const BRACE: u8 = 8;
const CARET: u8 = 16;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        classes[byte] = match b {
            b' ' | b'\n' | b'\t' | b'\r' => SPACE,
            b'0'..=b'9' => WORD | DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' | 0xc3..=0xff => WORD,
            b'{' => BRACE,
            b'^' => CARET,
            _ => 0,
        };
        byte += 1;
    }
    classes
};
