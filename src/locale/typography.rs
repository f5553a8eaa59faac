//! Typographic marks of running text: knows each language's quotes, apostrophes and no-break spaces; knows nothing of
//! Markdown or HTML, and is given text nodes only.

use std::borrow::Cow;

/// Which convention a site follows where a language has more than one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// The language's national usage: French sets no-break spaces before `: ; ! ?` and inside guillemets.
    National,
    /// The EU Interinstitutional Style Guide (6.4): French sets none.
    Eu,
    /// Leave texts as they are typed.
    None,
}

/// The typography of one language in one profile.
#[derive(Clone, Debug)]
pub struct Typography {
    rules: Option<&'static Rules>,
    /// The bytes at which a rule may apply.
    triggers: [bool; 256],
}

/// What one text node leaves for the next one of the same block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Run {
    previous: Option<char>,
    open: Quotes,
}

#[derive(Debug)]
struct Rules {
    language: &'static str,
    /// `None` where the profiles agree.
    profile: Option<Profile>,
    outer: [&'static str; 2],
    inner: [&'static str; 2],
    /// The space that goes inside « and ».
    inside: Option<&'static str>,
    /// The space that goes before a mark.
    before: &'static [(u8, &'static str)],
}

const NBSP: &str = "\u{a0}";
const NNBSP: &str = "\u{202f}";

const RULES: &[Rules] = &[
    Rules { language: "en", profile: None, outer: ["“", "”"], inner: ["‘", "’"], inside: None, before: &[] },
    Rules { language: "es", profile: None, outer: ["«", "»"], inner: ["“", "”"], inside: None, before: &[] },
    Rules {
        language: "fr",
        profile: Some(Profile::National),
        outer: ["«\u{a0}", "\u{a0}»"],
        inner: ["“", "”"],
        inside: Some(NBSP),
        before: &[(b';', NNBSP), (b'!', NNBSP), (b'?', NNBSP), (b':', NBSP)],
    },
    Rules {
        language: "fr",
        profile: Some(Profile::Eu),
        outer: ["«", "»"],
        inner: ["“", "”"],
        inside: None,
        before: &[],
    },
    Rules { language: "lv", profile: None, outer: ["„", "”"], inner: ["‚", "’"], inside: None, before: &[] },
    Rules { language: "sv", profile: None, outer: ["”", "”"], inner: ["’", "’"], inside: None, before: &[] },
];

/// How far a single opening quote looks for its closing one, in bytes.
const LOOKAHEAD: usize = 300;

impl Typography {
    /// The rules for a BCP 47 language tag. A language without rules, or `Profile::None`, leaves every text unchanged.
    pub fn new(language: &str, profile: Profile) -> Self {
        let primary = language.split(['-', '_']).next().unwrap_or(language);
        let rules = RULES.iter().find(|rules| {
            profile != Profile::None
                && rules.language.eq_ignore_ascii_case(primary)
                && rules.profile.is_none_or(|own| own == profile)
        });
        let mut triggers = [false; 256];
        if let Some(rules) = rules {
            // The colon also marks an address, whose characters are left alone.
            for byte in *b"\"'.-:" {
                triggers[usize::from(byte)] = true;
            }
            for (mark, _) in rules.before {
                triggers[usize::from(*mark)] = true;
            }
            // The first byte of « and ».
            triggers[0xc2] = rules.inside.is_some();
        }
        Self { rules, triggers }
    }

    /// Sets one text node, after those that `state` has seen. Text that is right already is borrowed.
    pub fn run<'t>(&self, text: &'t str, state: &mut Run) -> Cow<'t, str> {
        let Some(rules) = self.rules else {
            return Cow::Borrowed(text);
        };
        let mut pass =
            Pass { rules, text, out: String::new(), copied: 0, resumed: 0, before: state.previous, open: state.open };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(step) = bytes[at..].iter().position(|byte| self.triggers[usize::from(*byte)]) {
            at = pass.mark(at + step);
        }
        state.open = pass.open;
        let before = pass.before;
        let end = pass.resumed;
        let set = pass.finish();
        state.previous = text[end..].chars().next_back().or(before);
        set
    }
}

impl Run {
    /// Forgets everything: a new block begins.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Something that is not a text node stands here and ends, as far as spacing goes, with this character.
    pub fn follows(&mut self, previous: char) {
        self.previous = Some(previous);
    }
}

/// One pass over one text node. `copied` is how much of the text has reached `out`.
struct Pass<'t> {
    rules: &'static Rules,
    text: &'t str,
    out: String,
    copied: usize,
    /// The character before position `resumed` is `before`: a replaced one, or the previous node's last.
    resumed: usize,
    before: Option<char>,
    open: Quotes,
}

impl<'t> Pass<'t> {
    /// Treats the mark at `at`; returns where to go on.
    fn mark(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        match bytes[at] {
            b'"' => self.double(at),
            b'\'' => self.single(at),
            b'.' => {
                let dots = bytes[at..].iter().take_while(|byte| **byte == b'.').count();
                if dots == 3 && self.previous(at) != Some('.') {
                    self.replace(at, at + 3, "…");
                }
                at + dots
            }
            b'-' => {
                let dashes = bytes[at..].iter().take_while(|byte| **byte == b'-').count();
                let after = bytes.get(at + 2);
                if dashes == 2 && matches!(self.previous(at), Some(' ' | '\n')) && matches!(after, Some(b' ' | b'\n')) {
                    self.replace(at, at + 2, "–");
                }
                at + dashes
            }
            0xc2 => self.guillemet(at),
            b':' if bytes[at..].starts_with(b"://") => self.address(at),
            mark => self.spaced(at, mark),
        }
    }

    fn previous(&self, at: usize) -> Option<char> {
        if at == self.resumed { self.before } else { self.text[..at].chars().next_back() }
    }

    fn next(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    fn replace(&mut self, from: usize, to: usize, with: &str) {
        self.out.push_str(&self.text[self.copied..from]);
        self.out.push_str(with);
        self.copied = to;
        self.resumed = to;
        self.before = with.chars().next_back();
    }

    fn finish(mut self) -> Cow<'t, str> {
        if self.copied == 0 && self.out.is_empty() {
            return Cow::Borrowed(self.text);
        }
        self.out.push_str(&self.text[self.copied..]);
        Cow::Owned(self.out)
    }

    /// An address ends at a space or a delimiter.
    fn address(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        at + rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '»' | '”')).unwrap_or(rest.len())
    }

    fn double(&mut self, at: usize) -> usize {
        let previous = self.previous(at);
        let next = self.next(at + 1);
        let opens = match previous {
            None => true,
            Some(c) if c.is_whitespace() => match next {
                None => !self.open.has(Kind::Double),
                Some(c) => !c.is_whitespace(),
            },
            Some('’' | '\'' | '-' | '–' | '—' | '/') if self.open.has(Kind::Double) => {
                next.is_some_and(char::is_alphanumeric)
            }
            Some(c) if is_opening(c) => !self.open.has(Kind::Double) || next.is_none_or(char::is_alphanumeric),
            Some(_) => false,
        };
        let spaced = previous.is_none_or(char::is_whitespace) && next.is_some_and(char::is_whitespace);
        if opens && !spaced {
            if let Some(inner) = self.open.push(Kind::Double) {
                self.replace(at, at + 1, self.pair(inner)[0]);
            }
        } else if (previous.is_some_and(|c| !c.is_whitespace()) || next.is_none())
            && let Some(inner) = self.open.pop(Kind::Double)
        {
            self.replace(at, at + 1, self.pair(inner)[1]);
        }
        at + 1
    }

    fn pair(&self, inner: bool) -> [&'static str; 2] {
        if inner { self.rules.inner } else { self.rules.outer }
    }

    fn single(&mut self, at: usize) -> usize {
        let previous = self.previous(at);
        let next = self.next(at + 1);
        let after_word = previous.is_some_and(char::is_alphanumeric);
        let before_word = next.is_some_and(char::is_alphanumeric);
        let mark = if previous.is_none_or(|c| c.is_whitespace() || is_opening(c)) {
            if next.is_some_and(char::is_alphabetic) && self.closes_later(at + 1) {
                self.open.push(Kind::Single).map_or("’", |_| self.rules.inner[0])
            } else if before_word {
                "’"
            } else {
                return at + 1;
            }
        } else if !before_word && self.open.top() == Some(Kind::Single) {
            self.open.pop(Kind::Single);
            self.rules.inner[1]
        } else if after_word && !before_word && previous.is_some_and(char::is_numeric) {
            // Feet and minutes.
            return at + 1;
        } else {
            "’"
        };
        self.replace(at, at + 1, mark);
        at + 1
    }

    /// Whether a single quote soon closes after a word.
    fn closes_later(&self, from: usize) -> bool {
        let bytes = self.text.as_bytes();
        let limit = bytes.len().min(from + LOOKAHEAD);
        (from + 1..limit).any(|at| {
            bytes[at] == b'\''
                && !bytes[at - 1].is_ascii_whitespace()
                && !self.next(at + 1).is_some_and(char::is_alphanumeric)
        })
    }

    fn guillemet(&mut self, at: usize) -> usize {
        let Some(inside) = self.rules.inside else {
            return at + 1;
        };
        match self.text.as_bytes().get(at + 1) {
            Some(0xab) => match self.next(at + 2) {
                Some(' ') => {
                    self.replace(at + 2, at + 3, inside);
                    return at + 3;
                }
                Some(c) if !c.is_whitespace() => self.replace(at + 2, at + 2, inside),
                _ => {}
            },
            Some(0xbb) => match self.previous(at) {
                Some(' ') => self.respace(at, inside),
                Some(c) if !c.is_whitespace() => self.replace(at, at, inside),
                _ => {}
            },
            _ => {}
        }
        at + 2
    }

    /// Replaces the ordinary space that ends just before `at`, if this node holds it.
    fn respace(&mut self, at: usize, space: &str) {
        if at > self.copied && self.text.as_bytes()[at - 1] == b' ' {
            self.replace(at - 1, at, space);
        }
    }

    /// A mark that wants a space before it, when it ends a word or a sentence.
    fn spaced(&mut self, at: usize, mark: u8) -> usize {
        let Some((_, space)) = self.rules.before.iter().find(|(own, _)| *own == mark) else {
            return at + 1;
        };
        let rest = &self.text[at + 1..];
        let ends = rest.starts_with("...")
            || rest.strip_prefix('\'').is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            || rest
                .chars()
                .next()
                .is_none_or(|c| c.is_whitespace() || matches!(c, '!' | '?' | ')' | ']' | '"' | '»' | '”' | '…'));
        if ends {
            match self.previous(at) {
                Some(' ') if at > 0 && self.is_word_before(at - 1) => self.respace(at, space),
                Some(c) if wants_space(c) => self.replace(at, at, space),
                _ => {}
            }
        }
        at + 1
    }

    fn is_word_before(&self, at: usize) -> bool {
        self.previous(at).is_some_and(wants_space)
    }
}

/// Whether a spaced mark after this character is set apart from it.
fn wants_space(c: char) -> bool {
    !c.is_whitespace() && !is_opening(c) && !matches!(c, ':' | ';' | '!' | '?')
}

/// Characters after which a quote opens, spaces aside.
fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '«' | '“' | '„' | '‘' | '‚' | '—' | '–' | '-' | '/' | '’' | '\'' | '¿' | '¡')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Single,
    Double,
}

/// The quotes that are open, innermost last: two bits each, the kind and the level.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Quotes {
    bits: u32,
    len: u8,
}

impl Quotes {
    /// Opens a quote, and says whether it is an inner one; `None` when too many are open.
    fn push(&mut self, kind: Kind) -> Option<bool> {
        if self.len == 16 {
            return None;
        }
        let inner = kind == Kind::Single || self.len % 2 == 1;
        self.bits = (self.bits << 2) | (u32::from(kind == Kind::Double) << 1) | u32::from(inner);
        self.len += 1;
        Some(inner)
    }

    /// Closes the innermost quote of this kind, and says whether it was an inner one.
    fn pop(&mut self, kind: Kind) -> Option<bool> {
        if !self.has(kind) {
            return None;
        }
        loop {
            let top = self.top();
            let inner = self.bits & 1 == 1;
            self.bits >>= 2;
            self.len -= 1;
            if top == Some(kind) {
                return Some(inner);
            }
        }
    }

    fn top(self) -> Option<Kind> {
        let kind = if self.bits & 2 == 0 { Kind::Single } else { Kind::Double };
        (self.len > 0).then_some(kind)
    }

    fn has(self, kind: Kind) -> bool {
        (0..u32::from(self.len)).any(|n| {
            let double = (self.bits >> (2 * n)) & 2 != 0;
            double == (kind == Kind::Double)
        })
    }
}
