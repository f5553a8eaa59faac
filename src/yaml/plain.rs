//! The fast path: knows the plain subset of YAML that nearly every file uses, and reports nothing.
//!
//! Mappings and lists by indentation, lists and mappings in brackets on one line, one-line texts,
//! comments. Whatever it does not surely understand, errors included, it declines as a whole by
//! returning `None`; then the full parser reads the text again. Where it accepts, its tree is the
//! full parser's, which `tests/yaml.rs` checks on generated texts.

use ecow::EcoString;

use super::{Entry, MAX_DEPTH, Node, Range, Style, Value};

/// YAML limits keys on one line to 1,024 characters; well below it nothing needs counting.
const MAX_KEY: usize = 512;

/// Reads the document, or declines.
pub(super) fn parse(text: &str, base: u32) -> Option<Node> {
    let bytes = text.as_bytes();
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !is_ordinary(body) {
        return None;
    }
    let mut reader = Reader { text, bytes, pos: text.len() - body.len(), indent: 0, depth: 0, base };
    reader.next_line()?;
    if reader.at_end() {
        return Some(Node::null(Range::new(base, base)));
    }
    if reader.indent != 0 {
        return None;
    }
    let root = reader.block()?;
    reader.at_end().then_some(root)
}

/// Whether the text has no character that YAML treats specially outside its punctuation: no tab,
/// no control character, no lone carriage return, no invisible mark or Unicode line break.
fn is_ordinary(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut rest = bytes.iter().enumerate();
    rest.all(|(at, &byte)| match byte {
        b'\n' | b' '..=b'~' => true,
        b'\r' => bytes.get(at + 1) == Some(&b'\n'),
        0xC2 => bytes.get(at + 1).is_some_and(|&next| next > 0xA0),
        0xE2 => bytes.get(at + 1) != Some(&0x80) || !matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)),
        0xEF => bytes.get(at + 1).is_some_and(|&next| next < 0xBB),
        0x80.. => true,
        _ => false,
    })
}

/// Between two calls of a parsing function, `pos` is at the first character of a line's content
/// and `indent` is its column; or at the end of the text.
struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    pos: usize,
    indent: usize,
    depth: usize,
    base: u32,
}

impl Reader<'_> {
    /// A mapping or list by indentation, beginning at `pos` in column `indent`.
    fn block(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let node = if self.at_dash() { self.block_seq() } else { self.block_map() }?;
        self.depth -= 1;
        Some(node)
    }

    fn block_map(&mut self) -> Option<Node> {
        let (column, start) = (self.indent, self.pos);
        let mut entries = Vec::new();
        let mut end = start;
        while !self.at_end() && self.indent == column {
            let (key, key_range) = self.block_key()?;
            let value = match self.block_value(column, true)? {
                Some(value) => value,
                None => self.inline_line(column)?,
            };
            end = (value.range.end - self.base) as usize;
            entries.push(Entry { key, key_range, value });
        }
        self.map(start, end, entries)
    }

    fn block_seq(&mut self) -> Option<Node> {
        let (column, start) = (self.indent, self.pos);
        let mut items = Vec::new();
        let mut end = start;
        while !self.at_end() && self.indent == column && self.at_dash() {
            let dash = self.pos;
            self.pos += 1;
            let item = match self.block_value(column, false)? {
                Some(item) => item,
                None => self.item(column, dash)?,
            };
            end = (item.range.end - self.base) as usize;
            items.push(item);
        }
        Some(self.node(start, end, Value::Seq(items)))
    }

    /// What follows on the line of a dash: a mapping that may go on below, or one value.
    fn item(&mut self, column: usize, dash: usize) -> Option<Node> {
        let start = self.pos;
        let is_map = self.block_key().is_some();
        self.pos = start;
        if !is_map {
            return self.inline_line(column);
        }
        // Between the dash and the key are only spaces, so bytes count columns.
        self.indent = column + (start - dash);
        let node = self.block()?;
        self.shallow(column)?;
        Some(node)
    }

    /// The value of a key or dash in `column`, if it does not stand on the same line; `None`
    /// inside if it does, and `pos` is then at its first character. `pos` is after the colon or
    /// the dash.
    fn block_value(&mut self, column: usize, of_key: bool) -> Option<Option<Node>> {
        let after = self.pos;
        self.skip_spaces();
        if !self.at_line_end(after) {
            return Some(None);
        }
        self.end_line()?;
        let deeper = !self.at_end() && self.indent > column;
        let list = of_key && !self.at_end() && self.indent == column && self.at_dash();
        if deeper || list {
            let node = self.block()?;
            self.shallow(column)?;
            return Some(Some(node));
        }
        Some(Some(self.node(after, after, Value::Null)))
    }

    /// A value on the rest of this line, which nothing below continues.
    fn inline_line(&mut self, column: usize) -> Option<Node> {
        let node = self.inline(false)?;
        let after = self.pos;
        self.skip_spaces();
        if !self.at_line_end(after) {
            return None;
        }
        self.end_line()?;
        self.shallow(column)?;
        Some(node)
    }

    /// A line indented deeper than `column` would continue what has been read.
    fn shallow(&self, column: usize) -> Option<()> {
        (self.at_end() || self.indent <= column).then_some(())
    }

    /// `key:` with what separates it from its value; leaves `pos` after the colon.
    fn block_key(&mut self) -> Option<(EcoString, Range)> {
        let start = self.pos;
        let key = match self.peek() {
            b'"' | b'\'' => self.quoted()?,
            _ => self.plain_key()?.into(),
        };
        let range = self.range(start, self.pos);
        let separated = matches!(self.peek_at(1), b' ' | b'\n' | b'\r' | 0);
        if self.peek() != b':' || !separated || self.pos - start > MAX_KEY {
            return None;
        }
        self.pos += 1;
        Some((key, range))
    }

    /// The characters up to a colon, if they are such as keys are usually made of.
    fn plain_key(&mut self) -> Option<&str> {
        let start = self.pos;
        if !(self.peek().is_ascii_alphanumeric() || matches!(self.peek(), b'_' | 0x80..)) {
            return None;
        }
        while matches!(self.peek(), b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'/' | b' ' | b'@' | b'+' | 0x80..)
        {
            self.pos += 1;
        }
        let key = &self.text[start..self.pos];
        (self.peek() == b':' && !key.ends_with(' ')).then_some(key)
    }

    /// A value on one line.
    fn inline(&mut self, in_flow: bool) -> Option<Node> {
        let start = self.pos;
        let value = match self.peek() {
            b'[' | b'{' => return self.flow(),
            b'"' | b'\'' => {
                let text = self.quoted()?;
                Value::Scalar(super::Scalar { text, style: Style::Quoted })
            }
            _ => Value::plain(self.plain(in_flow)?),
        };
        Some(self.node(start, self.pos, value))
    }

    /// A plain text: up to the end of the line, a comment or, in brackets, their punctuation.
    fn plain(&mut self, in_flow: bool) -> Option<&str> {
        let start = self.pos;
        let begins = match self.peek() {
            b'-' => self.peek_at(1).is_ascii_alphanumeric(),
            b'~' | b'_' | b'/' | b'.' | b'<' | b'(' | b'+' | b'$' | b'=' | b'^' | b';' | 0x80.. => true,
            byte => byte.is_ascii_alphanumeric(),
        };
        if !begins {
            return None;
        }
        loop {
            match self.peek() {
                b'\n' | b'\r' | 0 => break,
                b'#' if self.bytes[self.pos - 1] == b' ' => break,
                b':' => match self.peek_at(1) {
                    b' ' | b'\n' | b'\r' | 0 => break,
                    b',' | b'[' | b']' | b'{' | b'}' if in_flow => return None,
                    _ => self.pos += 1,
                },
                b',' | b']' | b'}' if in_flow => break,
                b'[' | b'{' if in_flow => return None,
                _ => self.pos += 1,
            }
        }
        while self.pos > start && self.bytes[self.pos - 1] == b' ' {
            self.pos -= 1;
        }
        Some(&self.text[start..self.pos])
    }

    /// A text in quotation marks on one line.
    fn quoted(&mut self) -> Option<EcoString> {
        let mark = self.peek();
        self.pos += 1;
        let mut text = EcoString::new();
        let mut run = self.pos;
        loop {
            match self.peek() {
                b'\n' | b'\r' | 0 => return None,
                byte if byte == mark => {
                    text.push_str(&self.text[run..self.pos]);
                    self.pos += 1;
                    if mark == b'"' || self.peek() != b'\'' {
                        return Some(text);
                    }
                    run = self.pos;
                    self.pos += 1;
                }
                b'\\' if mark == b'"' => {
                    text.push_str(&self.text[run..self.pos]);
                    text.push(match self.peek_at(1) {
                        b'"' => '"',
                        b'\\' => '\\',
                        b'/' => '/',
                        b'n' => '\n',
                        b't' => '\t',
                        _ => return None,
                    });
                    self.pos += 2;
                    run = self.pos;
                }
                _ => self.pos += 1,
            }
        }
    }

    /// A list or mapping in brackets on one line.
    fn flow(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let start = self.pos;
        let is_map = self.peek() == b'{';
        let close = if is_map { b'}' } else { b']' };
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        self.pos += 1;
        self.skip_spaces();
        while self.peek() != close {
            if is_map {
                entries.push(self.flow_entry()?);
            } else {
                items.push(self.inline(true)?);
            }
            self.skip_spaces();
            match self.peek() {
                b',' => self.pos += 1,
                byte if byte == close => {}
                _ => return None,
            }
            self.skip_spaces();
        }
        self.pos += 1;
        self.depth -= 1;
        if is_map {
            return self.map(start, self.pos, entries);
        }
        Some(self.node(start, self.pos, Value::Seq(items)))
    }

    /// `key: value` or `key:` in brackets.
    fn flow_entry(&mut self) -> Option<Entry> {
        let (key, key_range) = self.block_key()?;
        let after = self.pos;
        self.skip_spaces();
        let value = match self.peek() {
            b',' | b'}' => self.node(after, after, Value::Null),
            _ => self.inline(true)?,
        };
        Some(Entry { key, key_range, value })
    }

    /// A mapping, unless a key stands twice.
    fn map(&self, start: usize, end: usize, entries: Vec<Entry>) -> Option<Node> {
        if has_duplicates(&entries) {
            return None;
        }
        Some(self.node(start, end, Value::Map(entries)))
    }

    fn node(&self, start: usize, end: usize, value: Value) -> Node {
        Node { range: self.range(start, end), value }
    }

    fn range(&self, start: usize, end: usize) -> Range {
        // `fits` has checked that every offset does.
        Range::new(self.base + start as u32, self.base + end as u32)
    }

    /// Goes from the end of a line's content to the content of the next.
    fn end_line(&mut self) -> Option<()> {
        while !self.at_end() && self.peek() != b'\n' {
            self.pos += 1;
        }
        self.pos = (self.pos + 1).min(self.bytes.len());
        self.next_line()
    }

    /// Goes from the start of a line to the next content, past blank lines and comments.
    fn next_line(&mut self) -> Option<()> {
        loop {
            let start = self.pos;
            self.skip_spaces();
            self.indent = self.pos - start;
            match self.peek() {
                b'\n' => self.pos += 1,
                b'\r' => self.pos += 2,
                b'#' => self.skip_comment(),
                _ => break,
            }
        }
        let marker = self.indent == 0
            && (self.bytes[self.pos..].starts_with(b"---") || self.bytes[self.pos..].starts_with(b"..."));
        (!marker).then_some(())
    }

    fn skip_comment(&mut self) {
        let rest = &self.bytes[self.pos..];
        let length = rest.iter().position(|&byte| byte == b'\n');
        self.pos += length.map_or(rest.len(), |length| length + 1);
    }

    fn skip_spaces(&mut self) {
        while self.peek() == b' ' {
            self.pos += 1;
        }
    }

    /// Whether the line ends here, or with a comment set off from what ended at `after`.
    fn at_line_end(&self, after: usize) -> bool {
        match self.peek() {
            b'\n' | b'\r' => true,
            b'#' => self.pos > after,
            _ => self.at_end(),
        }
    }

    fn at_dash(&self) -> bool {
        self.peek() == b'-' && matches!(self.peek_at(1), b' ' | b'\n' | b'\r' | 0)
    }

    fn at_end(&self) -> bool {
        self.pos >= self.bytes.len()
    }

    /// The byte at `pos`; zero, which no ordinary text holds, past the end.
    fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos + ahead).copied().unwrap_or(0)
    }
}

fn has_duplicates(entries: &[Entry]) -> bool {
    if entries.len() <= 24 {
        return (1..entries.len()).any(|at| entries[..at].iter().any(|entry| entry.key == entries[at].key));
    }
    let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}
