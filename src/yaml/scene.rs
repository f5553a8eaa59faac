//! Where things stand in the text around a place: lines, indentation, quotation marks, dashes.
//!
//! It knows just enough of the look of YAML to find a place that the event parser does not give,
//! and nothing of what the text means.

use super::Range;

/// What had been read when the syntax broke. Offsets count from the start of the text.
pub(super) struct Scene<'t> {
    pub(super) text: &'t str,
    base: u32,
    /// The end of the last token that was understood.
    pub(super) last: usize,
    /// The last text that was understood.
    pub(super) scalar: Option<(usize, usize)>,
    /// Where the brackets that are still open stand, outermost first.
    pub(super) flows: Vec<usize>,
}

impl<'t> Scene<'t> {
    pub(super) fn new(text: &'t str, base: u32) -> Self {
        Self { text, base, last: 0, scalar: None, flows: Vec::new() }
    }

    pub(super) fn restart(&mut self, at: usize) {
        self.last = at;
        self.scalar = None;
        self.flows.clear();
    }

    /// From the `|` or `>` of a block text to the end of its last line that is not blank.
    pub(super) fn block_text(&self, from: usize, to: usize) -> (usize, usize) {
        let start = self.seek(false).filter(|&start| start <= to).unwrap_or(from);
        let header = self.line_end(start).min(to.max(start));
        let end = self.text[..to].trim_end_matches([' ', '\t', '\r', '\n']).len();
        // A header without text ends before its comment.
        let bare = start + self.text[start..header].find([' ', '\t']).unwrap_or(header - start);
        (start, if end > header { end } else { bare })
    }

    /// The next `|` or `>`, or the next dash, past what may stand between a key and its value.
    fn seek(&self, dash: bool) -> Option<usize> {
        let mut at = self.last;
        loop {
            let rest = &self.text[at..];
            at += match rest.chars().next()? {
                '|' | '>' if !dash => return Some(at),
                '-' if dash => return Some(at),
                ' ' | '\t' | '\r' | '\n' | ':' | '-' | '?' => 1,
                '\u{feff}' => '\u{feff}'.len_utf8(),
                '#' => rest.find(['\r', '\n'])?,
                _ => rest.find([' ', '\t', '\r', '\n'])?,
            };
        }
    }

    /// The first dash of the list that is the value of the last key.
    pub(super) fn first_dash(&self) -> Option<usize> {
        self.seek(true)
    }

    /// The dash of a list item between the last token and `at`.
    pub(super) fn dash(&self, at: usize) -> Option<usize> {
        let mut pos = self.last;
        while pos < at {
            let rest = &self.text[pos..at];
            pos += match rest.chars().next()? {
                '-' => return Some(pos),
                ' ' | '\t' | '\r' | '\n' => 1,
                '#' => rest.find(['\r', '\n'])?,
                _ => return None,
            };
        }
        None
    }

    /// The quotation mark that opens the text which ends or breaks at `at`.
    pub(super) fn opening_quote(&self, at: usize) -> Option<usize> {
        let mut open = self.last;
        while open < at {
            let rest = &self.text[open..];
            let first = rest.chars().next()?;
            if !matches!(first, '"' | '\'') {
                let comment = first == '#' && rest.contains('\n');
                open += if comment { rest.find('\n')? } else { first.len_utf8() };
                continue;
            }
            match quoted_len(rest) {
                Some(len) if open + len + 1 < at && !self.text[open + len..at].trim().is_empty() => open += len,
                _ => return Some(open),
            }
        }
        None
    }

    /// Whether a line between the two places, except the first, begins like a key.
    pub(super) fn swallows_key(&self, from: usize, to: usize) -> bool {
        let lines = self.text[from..to.max(from)].split('\n').skip(1);
        lines.into_iter().any(is_key_line)
    }

    /// Whether nothing but blanks stands between the last text and `at`.
    pub(super) fn follows_scalar(&self, at: usize) -> bool {
        self.scalar.is_some_and(|(_, to)| to <= at && self.text[to..at].trim().is_empty())
    }

    /// The first tab that indents a line, from the line of `at` on.
    pub(super) fn indenting_tab(&self, at: usize) -> Option<usize> {
        let mut start = self.line_start(at);
        for line in self.text[start..].split_inclusive('\n') {
            let blank = line.len() - line.trim_start_matches([' ', '\t', '-']).len();
            if let Some(tab) = line[..blank].find('\t').filter(|_| !line.trim().is_empty()) {
                return Some(start + tab);
            }
            start += line.len();
        }
        self.text[at..].find('\t').map(|tab| at + tab)
    }

    pub(super) fn char_at(&self, at: usize) -> char {
        self.text[at..].chars().next().unwrap_or(' ')
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    /// The end of the content of a line.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        at + rest[..rest.find('\n').unwrap_or(rest.len())].trim_end().len()
    }

    pub(super) fn indent_of(&self, at: usize) -> &str {
        let line = &self.text[self.line_start(at)..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// The first character of a line's content, but not after `at`.
    pub(super) fn content_start(&self, at: usize) -> usize {
        (self.line_start(at) + self.indent_of(at).len()).min(at)
    }

    pub(super) fn range(&self, start: usize, end: usize) -> Range {
        Range::new(self.base + start as u32, self.base + end as u32)
    }
}

/// The next line after `at` that begins a top-level key.
pub(super) fn next_key_line(text: &str, at: usize) -> Option<usize> {
    let mut start = at + text[at..].find('\n')? + 1;
    for line in text[start..].split_inclusive('\n') {
        if is_key_line(line) {
            return Some(start);
        }
        start += line.len();
    }
    None
}

/// Whether a line looks like a top-level `key: value`.
fn is_key_line(line: &str) -> bool {
    let after = word(line);
    after.len() < line.len()
        && after.strip_prefix(':').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// The colon of a line like `key:value`.
pub(super) fn key_colon(line: &str) -> Option<usize> {
    let after = word(line);
    let colon = line.len() - after.len();
    let rest = after.strip_prefix(':')?;
    let glued = !rest.is_empty() && !rest.starts_with([' ', '\t', '\r', '\n', ':', '/']);
    (colon > 0 && glued).then_some(colon)
}

/// What follows a word such as keys are made of.
fn word(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\''))
}

/// The end of the character at `at`.
pub(super) fn char_end(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

/// The length of a quoted text with its marks.
fn quoted_len(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    let (_, mark) = chars.next()?;
    while let Some((at, c)) = chars.next() {
        if c == '\\' && mark == '"' {
            chars.next();
        } else if c == mark {
            if mark == '"' || !text[at + 1..].starts_with('\'') {
                return Some(at + 1);
            }
            chars.next();
        }
    }
    None
}
