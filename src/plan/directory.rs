//! A–Z directories: a type's entries under the letters that the language's collation files them under.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::paginate;
use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::url::Address;

/// The directory of a type in a language.
#[derive(Debug)]
pub struct Directory {
    /// Index of the type.
    pub type_index: usize,
    /// The language.
    pub lang: Lang,
    /// How many entries there are.
    pub count: usize,
    /// Letters with their entries, page by page; a letter is not divided unless it is larger than a page.
    pub pages: Vec<Vec<LetterEntries>>,
}

/// A letter and what is filed under it.
#[derive(Debug)]
pub struct LetterEntries {
    /// The letter.
    pub letter: String,
    /// Its anchor on its page.
    pub anchor: String,
    /// The entries, in order.
    pub entries: Vec<EntryId>,
}

impl Directory {
    /// Where the directory of a type is.
    pub fn address(catalog: &Catalog, type_index: usize, lang: Lang) -> Address {
        catalog.listing_address(&catalog.types[type_index], lang).below("a-z")
    }

    /// Where one of its pages is.
    pub fn page_address(&self, catalog: &Catalog, number: usize) -> Address {
        Self::address(catalog, self.type_index, self.lang).page(catalog.message(self.lang, "page-slug"), number)
    }
}

/// Every directory of the site.
pub(super) fn all(catalog: &Catalog, listed: &[Vec<bool>]) -> Vec<Arc<Directory>> {
    let wanted: Vec<(usize, Lang)> = (0..catalog.types.len())
        .filter(|t| catalog.types[*t].directory && !catalog.types[*t].root)
        .flat_map(|t| catalog.config.langs().map(move |lang| (t, lang)))
        .collect();
    let one = |(type_index, lang): &(usize, Lang)| directory(catalog, *type_index, *lang, &listed[lang.index()]);
    wanted.par_iter().map(|wanted| Arc::new(one(wanted))).collect()
}

fn directory(catalog: &Catalog, type_index: usize, lang: Lang, listed: &[bool]) -> Directory {
    let locale = catalog.locale(lang);
    let members = catalog.members(type_index).filter(|at| listed[*at]);
    let mut entries: Vec<(&str, EntryId)> =
        members.map(|at| EntryId(at as u32)).map(|id| (filed(catalog.title(id, lang).0), id)).collect();
    entries.par_sort_by_cached_key(|(title, _)| locale.sort_key(title));
    let count = entries.len();
    let headings = locale.index_letters_of(&entries.iter().map(|(title, _)| *title).collect::<Vec<_>>());
    let mut chunks: FxHashMap<&str, usize> = FxHashMap::default();
    let mut letters: Vec<LetterEntries> = Vec::new();
    for ((_, id), letter) in entries.into_iter().zip(headings) {
        match letters.last_mut() {
            Some(last) if last.letter == letter && last.entries.len() < catalog.config.limits.directory_page => {
                last.entries.push(id)
            }
            _ => {
                let taken = chunks.entry(letter).or_default();
                *taken += 1;
                let suffix = if *taken == 1 { String::new() } else { format!("-{taken}") };
                letters.push(LetterEntries {
                    anchor: format!("{}{suffix}", anchor(letter)),
                    letter: letter.to_owned(),
                    entries: vec![id],
                });
            }
        }
    }
    let pages = paginate(letters, catalog.config.limits.directory_page, |letter| letter.entries.len());
    Directory { type_index, lang, count, pages }
}

/// A title as it is filed: without what stands before its first letter or digit.
fn filed(title: &str) -> &str {
    let bare = title.trim_start_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() { title } else { bare }
}

fn anchor(letter: &str) -> String {
    if letter == "#" { "0-9".into() } else { letter.to_lowercase() }
}
