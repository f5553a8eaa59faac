//! Collections that are still being read: what they hold so far, and which keys they refuse.
//!
//! It knows mappings, keys and anchors, but neither events nor places beyond the ranges of nodes.

use std::collections::HashMap;

use ecow::EcoString;

use super::{Entry, Error, ErrorKind, Node, Range, Scalar, Style, Value};

/// An anchored value.
pub(super) enum Anchor {
    /// Its end has not been read.
    Open,
    Done {
        node: Node,
        count: usize,
        depth: usize,
    },
}

/// A collection whose end has not been read.
pub(super) struct Open {
    pub(super) start: usize,
    /// The byte after the last thing in it.
    pub(super) end: usize,
    pub(super) in_flow: bool,
    pub(super) anchor: Option<EcoString>,
    pub(super) body: Body,
}

pub(super) enum Body {
    Seq(Vec<Node>),
    Map(Mapping, Slot),
}

/// What a mapping expects next.
pub(super) enum Slot {
    Key,
    Value(EcoString, Range),
    /// The value of a key that was refused: read for its errors, then dropped.
    Dropped,
}

#[derive(Default)]
pub(super) struct Mapping {
    pub(super) entries: Vec<Entry>,
    /// Place of each key; only kept for mappings too long to be searched.
    index: HashMap<EcoString, usize>,
}

/// Accepts a node as the next key, or says why not.
pub(super) fn key(text: &str, base: u32, mapping: &Mapping, node: Node) -> Result<(EcoString, Range), Error> {
    let range = node.range;
    let refuse = |message: &str, help: &str| Err(Error::new(ErrorKind::Key, range, message).help(help));
    let key = match node.value {
        Value::Scalar(Scalar { text, style: Style::Plain }) if text == "<<" => {
            return refuse(
                "The merge key `<<` is not supported.",
                "Write the keys out, or repeat a whole value with `&name` and `*name`.",
            );
        }
        Value::Scalar(scalar) => scalar.text,
        Value::Null if range.is_empty() => {
            return refuse(
                "There is no key before this colon.",
                "Write `key: value`; if the colon belongs to a text, put the text in quotation marks.",
            );
        }
        // As keys, `~` and `null` are the text that they look like.
        Value::Null => {
            let slice = (range.start - base) as usize..(range.end - base) as usize;
            text.get(slice).unwrap_or_default().into()
        }
        Value::Seq(_) | Value::Map(_) => {
            return refuse(
                "A list or mapping cannot be a key.",
                "A key is a text; if the brackets belong to a text, put the text in quotation marks.",
            );
        }
    };
    match mapping.find(&key) {
        Some(first) => Err(duplicate(&key, range, first)),
        None => Ok((key, range)),
    }
}

pub(super) fn duplicate(key: &str, range: Range, first: Range) -> Error {
    Error::new(ErrorKind::DuplicateKey, range, format!("The key `{key}` is written twice."))
        .help("Remove one of the two, or put both values under one key.")
        .related(first, "first written here")
}

impl Mapping {
    /// Shorter mappings are searched faster without an index.
    const SHORT: usize = 16;

    pub(super) fn push(&mut self, key: EcoString, key_range: Range, value: Node) {
        if self.entries.len() >= Self::SHORT {
            if self.index.is_empty() {
                let keys = self.entries.iter().map(|entry| entry.key.clone());
                self.index = keys.zip(0..).collect();
            }
            self.index.insert(key.clone(), self.entries.len());
        }
        self.entries.push(Entry { key, key_range, value });
    }

    /// Where a key was first written.
    pub(super) fn find(&self, key: &str) -> Option<Range> {
        let at = if self.index.is_empty() {
            self.entries.iter().position(|entry| entry.key == key)
        } else {
            self.index.get(key).copied()
        };
        at.map(|at| self.entries[at].key_range)
    }
}

impl Anchor {
    pub(super) fn of(node: &Node) -> Self {
        let (count, depth) = measure(node);
        Self::Done { node: node.clone(), count, depth }
    }
}

/// How many nodes there are, and how many levels of collections.
fn measure(node: &Node) -> (usize, usize) {
    let fold = |(count, depth): (usize, usize), child: &Node| {
        let (more, below) = measure(child);
        (count + more, depth.max(below))
    };
    let (count, depth) = match &node.value {
        Value::Seq(items) => items.iter().fold((1, 0), fold),
        Value::Map(entries) => entries.iter().map(|entry| &entry.value).fold((1, 0), fold),
        _ => return (1, 0),
    };
    (count, depth + 1)
}
