//! Knows the order of words in one language (CLDR collation) and the letters under which an index files them.
//! It does not fold text for search: at any strength Swedish å is not a, which a reader without that key expects.

use std::cmp::Ordering;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale::exemplar_chars::ExemplarCharactersBorrowed;
use icu_locale::{DataLocale, Locale as IcuLocale};
use icu_properties::CodePointMapData;
use icu_properties::props::Script;

/// The heading for what begins with no letter of the language.
const OTHER: &str = "#";

/// The order and the index letters of one language.
#[derive(Debug)]
pub(super) struct Collation {
    order: CollatorBorrowed<'static>,
    /// Compares letters and nothing finer.
    letters: CollatorBorrowed<'static>,
    /// Index headings in collation order, no two of them the same letter to the collator.
    headings: Vec<String>,
}

impl Collation {
    pub(super) fn new(data: &IcuLocale) -> Option<Self> {
        let prefs = CollatorPreferences::from(data);
        let order = CollatorBorrowed::try_new(prefs, CollatorOptions::default()).ok()?;
        let mut primary = CollatorOptions::default();
        primary.strength = Some(Strength::Primary);
        let letters = CollatorBorrowed::try_new(prefs, primary).ok()?;
        let mut headings = exemplar_letters(data);
        headings.sort_by(|a, b| order.compare(a, b));
        headings.dedup_by(|b, a| letters.compare(a, b) == Ordering::Equal);
        Some(Collation { order, letters, headings })
    }

    pub(super) fn compare(&self, a: &str, b: &str) -> Ordering {
        self.order.compare(a, b)
    }

    pub(super) fn sort_key(&self, text: &str) -> Vec<u8> {
        let mut key = Vec::with_capacity(text.len() * 2 + 8);
        let Ok(()) = self.order.write_sort_key_to(text, &mut key);
        key
    }

    pub(super) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The last heading that does not sort after the text, as long as both begin in the same script.
    /// Quotation marks and the like before the first letter or digit do not count.
    pub(super) fn heading(&self, text: &str) -> &str {
        let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        self.heading_at(text, self.headings.partition_point(|heading| !self.is_before(text, heading)))
    }

    /// The headings of texts that are in order and begin with what they are filed by: each heading is looked for among
    /// the texts, of which there are more.
    pub(super) fn headings_of(&self, texts: &[&str]) -> Vec<&str> {
        let mut found = Vec::with_capacity(texts.len());
        for at in 0..=self.headings.len() {
            let rest = &texts[found.len()..];
            let before =
                self.headings.get(at).map(|heading| rest.partition_point(|text| self.is_before(text, heading)));
            found.extend(rest[..before.unwrap_or(rest.len())].iter().map(|text| self.heading_at(text, at)));
        }
        found
    }

    fn is_before(&self, text: &str, heading: &str) -> bool {
        self.letters.compare(heading, text) == Ordering::Greater
    }

    /// The heading of a text that has so many headings before it.
    fn heading_at(&self, text: &str, before: usize) -> &str {
        let Some(first) = text.chars().next().filter(|c| c.is_alphanumeric()) else {
            return OTHER;
        };
        let Some(heading) = before.checked_sub(1).and_then(|at| self.headings.get(at)) else {
            return OTHER;
        };
        let script = |c: char| CodePointMapData::<Script>::new().get(c);
        match heading.chars().next().is_some_and(|letter| script(letter) == script(first)) {
            true => heading,
            false => OTHER,
        }
    }
}

/// CLDR's index characters; for a language that has none, its alphabet in capitals.
fn exemplar_letters(data: &IcuLocale) -> Vec<String> {
    let locale = DataLocale::from(data);
    let index = ExemplarCharactersBorrowed::try_new_index(&locale).map(letters_of).unwrap_or_default();
    if !index.is_empty() {
        return index;
    }
    let alphabet = ExemplarCharactersBorrowed::try_new_main(&locale).map(letters_of).unwrap_or_default();
    match alphabet.is_empty() {
        true => ('A'..='Z').map(String::from).collect(),
        false => alphabet.iter().map(|letter| letter.to_uppercase()).collect(),
    }
}

fn letters_of(set: ExemplarCharactersBorrowed<'static>) -> Vec<String> {
    let letters = set.code_points().iter_chars().map(String::from);
    letters.chain(set.strings().iter().map(str::to_owned)).collect()
}
