//! Knows the messages of one language, written in Project Fluent 1.0, and resolves them.
//! It does not know files: it is given their texts and answers with numbers and byte ranges.
//!
//! Only the syntax comes from `fluent-syntax`. The resolver is ours because that of `fluent-bundle` takes plurals from
//! CLDR 37 and finds broken references when a page is rendered; here references are followed once, when messages are
//! built, and numbers are counted and written by the [`Locale`]. Functions other than `NUMBER` do not exist.

mod compile;
mod source;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use icu_plurals::PluralCategory;
use xxhash_rust::xxh3::xxh3_128;

use super::Locale;
use super::numbers::Numbers;
use compile::Compiler;
use source::Source;

/// The messages of one language, resolved as far as they can be without arguments. `Send` and `Sync`.
#[derive(Debug)]
pub struct Messages {
    numbers: Arc<Numbers>,
    entries: BTreeMap<Box<str>, Entry>,
    fingerprint: u128,
}

/// The value of a variable of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arg<'a> {
    /// A text, written as it is; it selects the variant of its name.
    Text(&'a str),
    /// A number, written and counted by the rules of the language.
    Number(i64),
}

/// What is wrong with a message, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageError {
    /// The number under which the file was given.
    pub file: usize,
    /// The bytes of the file that the error is about.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A message or one of its attributes.
#[derive(Debug)]
enum Entry {
    Plain(Box<str>),
    Template { nodes: Vec<Node>, variables: Vec<Box<str>> },
}

/// A piece of a message that is left to do when it is formatted.
#[derive(Debug, Clone)]
enum Node {
    Text(String),
    Variable(Box<str>),
    Select { variable: Box<str>, ordinal: bool, variants: Vec<(Key, Vec<Node>)>, default: usize },
}

/// The name of a variant: a number stands for itself, a word for itself or for a plural category.
#[derive(Debug, Clone, PartialEq)]
enum Key {
    Number(f64),
    Word(Box<str>),
}

impl Messages {
    /// Reads the files of one language. A message of a later file replaces that of an earlier one, attributes included.
    ///
    /// What is wrong is reported and the rest kept: a broken reference shows as its own name in braces.
    pub fn build(locale: &Locale, files: &[(usize, &str)]) -> (Messages, Vec<MessageError>) {
        let mut errors = Vec::new();
        let resources: Vec<Source<'_>> =
            files.iter().map(|(file, text)| Source::parse(*file, text, &mut errors)).collect();
        let mut compiler = Compiler::new(&locale.numbers, &resources, &mut errors);
        let entries = compiler.entries();
        // A message that others refer to is compiled with each of them; its errors are told once.
        errors.sort_by(|a, b| (a.file, a.range.start, &a.message).cmp(&(b.file, b.range.start, &b.message)));
        errors.dedup();
        let fingerprint = fingerprint(locale.tag(), &entries);
        (Messages { numbers: Arc::clone(&locale.numbers), entries, fingerprint }, errors)
    }

    /// The text of a message without variables, or of an attribute as `message.attribute`.
    pub fn get(&self, id: &str) -> Option<&str> {
        match self.entries.get(id)? {
            Entry::Plain(text) => Some(text),
            Entry::Template { .. } => None,
        }
    }

    /// The text of a message with its variables filled in; a variable without argument shows as `{$name}`.
    pub fn format(&self, id: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        match self.entries.get(id)? {
            Entry::Plain(text) => Some(text.to_string()),
            Entry::Template { nodes, .. } => {
                let mut out = String::with_capacity(64);
                write(&mut out, nodes, &self.numbers, args);
                Some(out)
            }
        }
    }

    /// Every message and attribute (`message.attribute`), sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(AsRef::as_ref)
    }

    /// Whether there is such a message.
    pub fn contains(&self, id: &str) -> bool {
        self.entries.contains_key(id)
    }

    /// The messages without variables and their texts, sorted by id.
    pub fn plain(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().filter_map(|(id, entry)| match entry {
            Entry::Plain(text) => Some((id.as_ref(), text.as_ref())),
            Entry::Template { .. } => None,
        })
    }

    /// The variables that a message uses in any of its variants, sorted.
    pub fn variables(&self, id: &str) -> Vec<&str> {
        match self.entries.get(id) {
            Some(Entry::Template { variables, .. }) => variables.iter().map(AsRef::as_ref).collect(),
            _ => Vec::new(),
        }
    }

    /// A number that changes with any text that these messages can give; the same on every machine.
    pub fn fingerprint(&self) -> u128 {
        self.fingerprint
    }
}

fn write(out: &mut String, nodes: &[Node], numbers: &Numbers, args: &[(&str, Arg<'_>)]) {
    let argument = |name: &str| args.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Variable(name) => match argument(name) {
                Some(Arg::Text(text)) => out.push_str(text),
                Some(Arg::Number(number)) => out.push_str(&numbers.integer(number)),
                None => {
                    out.push_str("{$");
                    out.push_str(name);
                    out.push('}');
                }
            },
            Node::Select { variable, ordinal, variants, default } => {
                let chosen = match argument(variable) {
                    Some(Arg::Text(text)) => position(variants, |key| is_word(key, text)),
                    Some(Arg::Number(number)) => {
                        by_number(variants, number as f64, || numbers.plural(number, *ordinal))
                    }
                    None => None,
                };
                if let Some((_, nodes)) = variants.get(chosen.unwrap_or(*default)) {
                    write(out, nodes, numbers, args);
                }
            }
        }
    }
}

fn position<T>(variants: &[(Key, T)], test: impl Fn(&Key) -> bool) -> Option<usize> {
    variants.iter().position(|(key, _)| test(key))
}

fn is_word(key: &Key, word: &str) -> bool {
    matches!(key, Key::Word(name) if **name == *word)
}

/// The first variant of this number or of its category; a category that the message leaves out reads as `other`.
fn by_number<T>(variants: &[(Key, T)], number: f64, category: impl Fn() -> PluralCategory) -> Option<usize> {
    let category = category_name(category());
    position(variants, |key| match key {
        Key::Number(exact) => *exact == number,
        Key::Word(name) => **name == *category,
    })
    .or_else(|| position(variants, |key| is_word(key, "other")))
}

fn category_name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// Hashes all texts with their ids, each preceded by its length so that no two sets of messages look alike.
fn fingerprint(tag: &str, entries: &BTreeMap<Box<str>, Entry>) -> u128 {
    let mut bytes = Vec::new();
    digest_text(&mut bytes, tag);
    for (id, entry) in entries {
        digest_text(&mut bytes, id);
        match entry {
            Entry::Plain(text) => digest_text(&mut bytes, text),
            Entry::Template { nodes, .. } => digest(&mut bytes, nodes),
        }
    }
    xxh3_128(&bytes)
}

fn digest(bytes: &mut Vec<u8>, nodes: &[Node]) {
    digest_number(bytes, nodes.len());
    for node in nodes {
        match node {
            Node::Text(text) => {
                bytes.push(b'T');
                digest_text(bytes, text);
            }
            Node::Variable(name) => {
                bytes.push(b'V');
                digest_text(bytes, name);
            }
            Node::Select { variable, ordinal, variants, default } => {
                bytes.push(if *ordinal { b'O' } else { b'S' });
                digest_text(bytes, variable);
                digest_number(bytes, *default);
                digest_number(bytes, variants.len());
                for (key, nodes) in variants {
                    match key {
                        Key::Number(number) => bytes.extend(number.to_le_bytes()),
                        Key::Word(word) => digest_text(bytes, word),
                    }
                    digest(bytes, nodes);
                }
            }
        }
    }
}

fn digest_text(bytes: &mut Vec<u8>, text: &str) {
    digest_number(bytes, text.len());
    bytes.extend(text.bytes());
}

fn digest_number(bytes: &mut Vec<u8>, number: usize) {
    bytes.extend((number as u64).to_le_bytes());
}
