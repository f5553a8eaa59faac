//! Sitemaps: which pages search engines are told of, in which files; not how these are written.

use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::Listing;
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::document::read::PerLang;
use crate::fingerprint::Fingerprint;
use crate::url::Address;

/// The most bytes in one file, by the protocol (sitemaps.org).
const LARGEST: usize = 50 << 20;

/// Bytes of an address's elements but for the addresses themselves, at most.
const MARKUP: usize = 96;

/// A page in all of its languages.
#[derive(Debug)]
pub struct Versions {
    /// Where it is in each; only real versions count.
    pub addresses: PerLang<Option<Address>>,
    /// When it was last seen to change in each.
    pub updated: PerLang<Option<Timestamp>>,
    /// Whether the language chooser stands for readers of other languages.
    pub has_default: bool,
    /// Fingerprint of all but the times, of which a sitemap tells those of its own language.
    print: Fingerprint,
}

/// One sitemap: pages of a language.
#[derive(Debug)]
pub struct Sitemap {
    /// The language.
    pub lang: Lang,
    /// Where it is.
    pub address: Address,
    /// What is in it.
    pub pages: Vec<Arc<Versions>>,
    /// Fingerprint of that.
    pub print: Fingerprint,
}

impl Sitemap {
    /// When the latest of its pages changed.
    pub fn updated(&self) -> Option<Timestamp> {
        self.pages.iter().filter_map(|page| page.updated[self.lang.index()]).max()
    }
}

impl Versions {
    fn new(
        addresses: PerLang<Option<Address>>,
        updated: PerLang<Option<Timestamp>>,
        has_default: bool,
    ) -> Arc<Versions> {
        let paths = addresses.iter().map(|address| address.as_ref().map_or("", |a| a.0.as_str()).as_bytes());
        let print = Fingerprint::of_numbers([Fingerprint::of_parts(paths).0, has_default.into()]);
        Arc::new(Versions { addresses, updated, has_default, print })
    }

    /// Bytes that it takes in the sitemap of a language, at most.
    fn len(&self, base: usize) -> usize {
        let own = self.addresses.iter().flatten().map(|address| address.0.len() + base + MARKUP);
        let longest = own.clone().max().unwrap_or_default();
        own.sum::<usize>() + longest + base + 2 * MARKUP
    }
}

/// The sitemaps of all languages, each in as many parts as it takes.
pub(super) fn all(catalog: &Catalog, listings: &[Vec<Vec<Arc<Listing>>>]) -> Vec<Arc<Sitemap>> {
    let pages = pages(catalog, listings);
    let base = catalog.config.base.absolute(&Address::root());
    let base_print = Fingerprint::of(base.as_bytes());
    let of_lang = |lang: Lang| {
        let own = pages.iter().filter(|page| page.addresses[lang.index()].is_some());
        let mut parts: Vec<Vec<Arc<Versions>>> = vec![Vec::new()];
        let mut bytes = 0;
        for page in own {
            let len = page.len(base.len());
            let full =
                parts.last().is_some_and(|part| part.len() >= catalog.config.limits.sitemap || bytes + len > LARGEST);
            if full {
                parts.push(Vec::new());
            }
            bytes = if full { len } else { bytes + len };
            if let Some(part) = parts.last_mut() {
                part.push(Arc::clone(page));
            }
        }
        let home = Address::home(catalog.config.tag(lang));
        parts.into_iter().enumerate().map(move |(at, pages)| {
            let name = if at == 0 { "sitemap.xml".to_owned() } else { format!("sitemap-{}.xml", at + 1) };
            let head = [base_print.0, u128::from(lang.0)];
            let updated = |page: &Versions| page.updated[lang.index()].map_or(0, |at| at.as_second() as u128);
            let told = pages.iter().flat_map(|page| [page.print.0, updated(page)]);
            let print = Fingerprint::of_numbers(head.into_iter().chain(told));
            Arc::new(Sitemap { lang, address: home.with_file(&name), pages, print })
        })
    };
    catalog.config.langs().flat_map(of_lang).collect()
}

/// Every page that is its own canonical version and is to be found, once for all its languages: home pages, listings whole and
/// narrowed by one value, entries.
fn pages(catalog: &Catalog, listings: &[Vec<Vec<Arc<Listing>>>]) -> Vec<Arc<Versions>> {
    let langs: Vec<Lang> = catalog.config.langs().collect();
    let newest = |lang: Lang| {
        let shown = catalog.entries.iter().filter(|entry| entry.is_listed() && entry.has_text(lang));
        shown.filter_map(|entry| entry.dated.seen[lang.index()]).max()
    };
    let homes = langs.iter().map(|lang| Some(Address::home(catalog.config.tag(*lang)))).collect();
    let mut pages = vec![Versions::new(homes, langs.iter().map(|lang| newest(*lang)).collect(), true)];
    let kinds: Vec<usize> = (0..catalog.types.len()).collect();
    let narrowed: Vec<Vec<Arc<Versions>>> = kinds.par_iter().map(|kind| of_type(catalog, listings, *kind)).collect();
    pages.extend(narrowed.into_iter().flatten());
    pages.par_extend(catalog.entries.par_iter().filter_map(|entry| {
        let address = |lang: &Lang| entry.addresses[lang.index()].clone().filter(|_| entry.has_text(*lang));
        let addresses: PerLang<_> = langs.iter().map(address).collect();
        let is_found = entry.is_found() && addresses.iter().any(Option::is_some);
        is_found.then(|| Versions::new(addresses, entry.dated.seen.clone(), false))
    }));
    pages
}

/// The listings of a type that have entries and are narrowed by one value at most.
fn of_type(catalog: &Catalog, listings: &[Vec<Vec<Arc<Listing>>>], kind: usize) -> Vec<Arc<Versions>> {
    let find = |lang: usize, of: &Listing| {
        let all = &listings[lang][kind];
        let at = all.binary_search_by_key(&of.narrowing, |listing| listing.narrowing).ok()?;
        Some(&all[at]).filter(|listing| !listing.entries.is_empty())
    };
    let newest = |listing: &Listing| {
        let own = listing.entries.iter().map(|id| catalog.entries[id.index()].dated.seen[listing.lang.index()]);
        own.flatten().max()
    };
    let mut pages = Vec::new();
    for lang in 0..listings.len() {
        for listing in listings[lang][kind].iter().filter(|l| l.selection.len() < 2 && !l.entries.is_empty()) {
            if (0..lang).any(|before| find(before, listing).is_some()) {
                continue;
            }
            let versions: PerLang<_> = (0..listings.len()).map(|other| find(other, listing)).collect();
            let addresses = versions.iter().map(|v| v.map(|listing| listing.address.clone())).collect();
            let updated = versions.iter().map(|v| v.and_then(|listing| newest(listing))).collect();
            pages.push(Versions::new(addresses, updated, false));
        }
    }
    pages
}
