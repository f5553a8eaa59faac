//! YAML as a tree with places: knows what an editor wrote and where, not what it means.
//!
//! Scalars stay text: `no`, `017`, `17:00` and `1.10` are the characters in the file. Only an
//! absent value, `~` and a plain `null` are [`Value::Null`]. Deciding whether a text is a date,
//! a number or a language is the business of whoever reads the tree.
//!
//! Two parsers give the same tree: `plain` handles the small subset that nearly every file uses
//! and declines everything else; `events` handles all of YAML and all the errors, which `explain`
//! words for editors.

mod events;
mod explain;
mod growth;
mod plain;
mod scene;

use ecow::EcoString;
use serde::{Deserialize, Serialize};

pub use crate::source::Range;

/// Collections may be nested this deep, aliases included.
pub const MAX_DEPTH: usize = 64;

/// All aliases of a document together may repeat this many nodes.
pub const MAX_ALIAS_NODES: usize = 10_000;

/// A value and the place where it is written.
///
/// - A quoted text includes its quotation marks.
/// - A block text begins at its `|` or `>` and ends with its last line that is not blank.
/// - A list or mapping written by indentation begins at its first dash or key and ends with
///   its last value; one in brackets includes them.
/// - An absent value is the empty range after its colon or dash.
/// - What an alias stands for has the range of the alias; the nodes inside it keep theirs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Node {
    /// Where it is written.
    pub range: Range,
    /// What is written.
    pub value: Value,
}

/// What a node holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Value {
    /// Nothing, `~` or a plain `null`.
    Null,
    /// A text.
    Scalar(Scalar),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping in the order of the file; keys are unique.
    Map(Vec<Entry>),
}

/// A text: the raw characters, after unescaping and folding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Scalar {
    /// The characters.
    pub text: EcoString,
    /// How they were written.
    pub style: Style,
}

/// How a text was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Style {
    /// Without marks.
    Plain,
    /// In single or double quotation marks.
    Quoted,
    /// On the lines after a `|` or a `>`.
    Block,
}

/// One key of a mapping with its value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The key, unquoted.
    pub key: EcoString,
    /// Where the key is written, quotation marks included.
    pub key_range: Range,
    /// What it leads to.
    pub value: Node,
}

/// A mistake in the text, worded for the person who wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// The family of the mistake.
    pub kind: ErrorKind,
    /// The place to look at.
    pub range: Range,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// A second place, and what is there.
    pub related: Option<(Range, String)>,
}

/// The family of a mistake.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum ErrorKind {
    /// The text is not YAML, or holds several documents.
    Syntax,
    /// A key stands twice in one mapping.
    DuplicateKey,
    /// A tag such as `!!str`.
    Tag,
    /// An alias to nothing, to itself, or to too much.
    Alias,
    /// A key that is not a text, or a merge key.
    Key,
    /// Nested too deeply.
    Depth,
    /// Too long a text.
    Size,
}

impl ErrorKind {
    /// A stable name for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Syntax => "yaml-syntax",
            Self::DuplicateKey => "duplicate-key",
            Self::Tag => "yaml-tag",
            Self::Alias => "yaml-alias",
            Self::Key => "yaml-key",
            Self::Depth => "yaml-depth",
            Self::Size => "yaml-size",
        }
    }
}

/// Reads one document. `base` is added to every range, since front matter begins inside a file.
///
/// An empty document is [`Value::Null`]. There is always a tree, partial if there are errors:
/// a key whose value could not be read has the value [`Value::Null`].
#[must_use]
pub fn parse(text: &str, base: u32) -> (Node, Vec<Error>) {
    match parse_plain(text, base) {
        Some(node) => (node, Vec::new()),
        None => parse_full(text, base),
    }
}

/// The fast path of [`parse`] alone, for tests and measurements.
#[doc(hidden)]
#[must_use]
pub fn parse_plain(text: &str, base: u32) -> Option<Node> {
    fits(text, base).then(|| plain::parse(text, base)).flatten()
}

/// The full parser of [`parse`] alone, for tests and measurements.
#[doc(hidden)]
#[must_use]
pub fn parse_full(text: &str, base: u32) -> (Node, Vec<Error>) {
    if fits(text, base) {
        return events::parse(text, base);
    }
    let range = Range::new(base, base);
    let error =
        Error::new(ErrorKind::Size, range, "This file is too large to be read.").help("Split it into several files.");
    (Node::null(range), vec![error])
}

/// Every range must fit 32 bits.
fn fits(text: &str, base: u32) -> bool {
    u32::try_from(text.len()).is_ok_and(|len| base.checked_add(len).is_some())
}

impl Node {
    /// Nothing, at this place.
    #[must_use]
    pub fn null(range: Range) -> Self {
        Self { range, value: Value::Null }
    }

    /// The value of a key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key, if this is a mapping that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_map()?.iter().find(|entry| entry.key == key)
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_scalar().map(|scalar| scalar.text.as_str())
    }

    /// The text with its style, if this is one.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The items, if this is a list.
    #[must_use]
    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if this is a mapping.
    #[must_use]
    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// What this is, in the words of a message.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a text",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

impl Value {
    /// A plain text as YAML understands it here: `~` and `null` are no texts.
    fn plain(text: &str) -> Self {
        if text == "~" || text == "null" {
            return Self::Null;
        }
        Self::text(text, Style::Plain)
    }

    fn text(text: &str, style: Style) -> Self {
        Self::Scalar(Scalar { text: text.into(), style })
    }
}

impl Error {
    fn new(kind: ErrorKind, range: Range, message: impl Into<String>) -> Self {
        Self { kind, range, message: message.into(), help: None, related: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn related(mut self, range: Range, note: impl Into<String>) -> Self {
        self.related = Some((range, note.into()));
        self
    }
}
