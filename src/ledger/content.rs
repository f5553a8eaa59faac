//! Fingerprints of what an entry says, the same for ever: neither the order of keys, nor comments, nor the way in which YAML
//! writes a value, nor a version of the program makes another one. What values mean is not known here.

use ecow::EcoString;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::document::EntryDoc;
use crate::document::read::PerLang;
use crate::fingerprint::Fingerprint;
use crate::yaml::{Entry, Node, Value};

/// Keys that say what is to be done with an entry, and nothing to its readers.
const NOT_CONTENT: &[&str] = &["draft", "featured", "review_by", "publish_on", "slug", "was"];

/// What a text is told by: facts, front matter and files; and the words below.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Print {
    /// Facts, front matter and files.
    pub base: u64,
    /// The Markdown.
    pub body: u64,
}

impl Print {
    /// Of a Markdown text.
    pub fn of_body(fingerprint: Fingerprint) -> u64 {
        fingerprint.0 as u64
    }

    /// As one number.
    pub fn whole(self) -> u64 {
        super::combine([self.base, self.body])
    }
}

/// The fingerprint of an entry in each language: of its facts and files, and of its text in that language if it has one.
/// `asset` tells the fingerprint of a file.
pub fn prints(doc: &EntryDoc, languages: &[EcoString], asset: impl Fn(usize) -> Fingerprint) -> PerLang<Print> {
    let mut bases = vec![Vec::new(); languages.len()];
    if let Some(facts) = &doc.facts {
        add(&mut bases, &facts.node, languages);
    }
    for (path, index) in &doc.files {
        let (file, print) = (xxh3_64(path.as_bytes()), asset(*index).0 as u64);
        let own = languages.iter().position(|tag| is_of(path, tag));
        let langs = own.map_or(0..languages.len(), |own| own..own + 1);
        bases[langs].iter_mut().for_each(|base| base.push((file, print)));
    }
    let mut prints: PerLang<Print> = vec![Print::default(); languages.len()];
    for text in &doc.texts {
        let at = text.lang.index();
        if let Some(entries) = text.front.as_map() {
            let own = entries.iter().filter(|entry| counts(entry));
            bases[at].extend(own.map(|entry| (key(&entry.key), of(&entry.value, languages, at))));
        }
        prints[at].body = Print::of_body(text.body_fingerprint);
    }
    for (print, base) in prints.iter_mut().zip(bases) {
        print.base = together(base, 3);
    }
    prints
}

/// Adds what a facts file says, to each language what counts there.
fn add(bases: &mut [Vec<(u64, u64)>], node: &Node, languages: &[EcoString]) {
    for entry in node.as_map().unwrap_or_default().iter().filter(|entry| counts(entry)) {
        let name = key(&entry.key);
        if differs(&entry.value, languages) {
            for (at, base) in bases.iter_mut().enumerate() {
                base.push((name, of(&entry.value, languages, at)));
            }
        } else {
            let print = of(&entry.value, languages, 0);
            bases.iter_mut().for_each(|base| base.push((name, print)));
        }
    }
}

fn counts(entry: &Entry) -> bool {
    !NOT_CONTENT.contains(&entry.key.as_str())
}

/// Whether a file's name says that it is in a language: `conditions.en.pdf`.
fn is_of(path: &str, tag: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.rsplit_once('.').is_some_and(|(_, language)| language == tag)
}

/// Whether a mapping says something once a language.
fn is_localized(entries: &[Entry], languages: &[EcoString]) -> bool {
    !entries.is_empty() && entries.iter().all(|entry| languages.contains(&entry.key))
}

/// Whether anything in a value is said once a language.
fn differs(node: &Node, languages: &[EcoString]) -> bool {
    match &node.value {
        Value::Null | Value::Scalar(_) => false,
        Value::Seq(items) => items.iter().any(|item| differs(item, languages)),
        Value::Map(entries) => {
            is_localized(entries, languages) || entries.iter().any(|entry| differs(&entry.value, languages))
        }
    }
}

/// The fingerprint of a value in a language; of what is said in other languages only where it is not said in this one. No
/// value and an empty list are the same, and so are a value and a list of it alone.
fn of(node: &Node, languages: &[EcoString], lang: usize) -> u64 {
    match &node.value {
        Value::Null => 0,
        Value::Scalar(scalar) => xxh3_64_with_seed(scalar.text.trim().as_bytes(), 1),
        Value::Seq(items) => match items.as_slice() {
            [] => 0,
            [only] => of(only, languages, lang),
            items => numbers(items.iter().map(|item| of(item, languages, lang)), 2),
        },
        Value::Map(entries) => {
            let own = entries.iter().find(|entry| entry.key == languages[lang]);
            match own.filter(|_| is_localized(entries, languages)) {
                Some(own) => of(&own.value, languages, lang),
                None => {
                    let each = entries.iter().map(|entry| (key(&entry.key), of(&entry.value, languages, lang)));
                    together(each.collect(), 3)
                }
            }
        }
    }
}

fn key(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// The fingerprint of a mapping, whatever the order of its keys; those without a value say nothing.
fn together(mut pairs: Vec<(u64, u64)>, seed: u64) -> u64 {
    pairs.retain(|(_, value)| *value != 0);
    pairs.sort_unstable();
    if pairs.is_empty() { 0 } else { numbers(pairs.into_iter().flat_map(|(key, value)| [key, value]), seed) }
}

fn numbers(numbers: impl Iterator<Item = u64>, seed: u64) -> u64 {
    let bytes: Vec<u8> = numbers.flat_map(u64::to_le_bytes).collect();
    xxh3_64_with_seed(&bytes, seed)
}
