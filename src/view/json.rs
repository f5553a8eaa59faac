//! JSON straight into a buffer, member by member; it knows no content.

use std::fmt::Display;
use std::io::Write;

/// A writer of one JSON text (RFC 8259).
pub(super) struct Json<'o> {
    out: &'o mut Vec<u8>,
}

impl<'o> Json<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        Json { out }
    }

    /// What must stand before another value: nothing at the beginning of a list or an object, and after a name.
    fn separate(&mut self) {
        if !matches!(self.out.last(), None | Some(b'{' | b'[' | b':' | b'\n')) {
            self.out.push(b',');
        }
    }

    /// A line of its own for what follows.
    pub(super) fn line(&mut self) {
        if !matches!(self.out.last(), Some(b'{' | b'[')) {
            self.out.push(b',');
        }
        self.out.push(b'\n');
    }

    /// The end of the last line.
    pub(super) fn end_line(&mut self) {
        self.out.push(b'\n');
    }

    /// A member's name.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        self.text(name);
        self.out.push(b':');
        self
    }

    /// An object.
    pub(super) fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.separate();
        self.out.push(b'{');
        members(self);
        self.out.push(b'}');
    }

    /// A list of what is made of each item.
    pub(super) fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut item: impl FnMut(&mut Self, T)) {
        self.array(|list| items.into_iter().for_each(|each| item(list, each)));
    }

    /// A list.
    pub(super) fn array(&mut self, items: impl FnOnce(&mut Self)) {
        self.separate();
        self.out.push(b'[');
        items(self);
        self.out.push(b']');
    }

    /// A string.
    pub(super) fn text(&mut self, text: &str) {
        self.separate();
        // Most texts are written as they are. No step of this depends on the one before, so that it takes many bytes at once.
        let is_escaped = |byte: u8| (byte < b' ') | (byte == b'"') | (byte == b'\\');
        if text.bytes().fold(false, |any, byte| any | is_escaped(byte)) {
            // Nothing that is written to memory fails.
            let _ = serde_json::to_writer(&mut *self.out, text);
        } else {
            self.out.push(b'"');
            self.out.extend_from_slice(text.as_bytes());
            self.out.push(b'"');
        }
    }

    /// A value that is JSON already.
    pub(super) fn written(&mut self, json: &[u8]) {
        self.separate();
        self.out.extend_from_slice(json);
    }

    /// A string that needs no escapes.
    pub(super) fn plain(&mut self, text: impl Display) {
        self.separate();
        let _ = write!(self.out, "\"{text}\"");
    }

    /// A number or a truth value.
    pub(super) fn bare(&mut self, value: impl Display) {
        self.separate();
        let _ = write!(self.out, "{value}");
    }
}
