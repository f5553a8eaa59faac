//! Addresses that last: what the ledger is to say, and what stands at the addresses that it remembers and nobody has now.

use std::cell::OnceCell;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Calendar, Listing};
use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::diag::{Diagnostic, Diagnostics};
use crate::ledger::{self, Live, Next, Old, Site};
use crate::source::Span;
use crate::url::Address;

/// What the ledger remembers and what it is to be told.
#[derive(Debug, Default)]
pub struct Addresses {
    /// The ledger as it will be.
    pub next: Next,
    /// What stands at old addresses, sorted by address.
    pub old: Vec<Arc<Past>>,
}

/// An address at which something was.
#[derive(Debug)]
pub struct Past {
    /// Where.
    pub address: Address,
    /// Whose it was.
    pub owner: EcoString,
    /// The language of whoever comes there.
    pub lang: Lang,
    /// What has become of it.
    pub fate: Fate,
    /// Where the ledger says so.
    pub span: Option<Span>,
}

/// What has become of what was at an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is elsewhere, perhaps in another language.
    Moved {
        /// Where.
        to: Address,
        /// The language there.
        lang: Lang,
        /// What it is, if it is an entry.
        entry: Option<EntryId>,
    },
    /// It is not there any more; what was listed with it is, at this address, if there is such a listing.
    Gone(Option<usize>),
    /// A listing that has no entries now.
    Empty(usize),
}

impl Past {
    /// The finding that something else is at its address, and nobody who follows an old link will be led on.
    pub(super) fn lost(&self, owner: &str) -> Diagnostic {
        let Past { address, owner: before, .. } = self;
        let message = format!("/{} was the address of {before} and is now that of {owner}", address.0);
        let help =
            "give what is there now another address; if the old one is to be forgotten, delete its line in urls.lock";
        let found = match self.span {
            Some(span) => Diagnostic::error("address-taken", span, message),
            None => Diagnostic::in_file("address-taken", ledger::NAME, message),
        };
        found.help(help)
    }
}

/// What is published now, as the ledger sees it.
struct Now<'c> {
    catalog: &'c Catalog,
    live: &'c [Live],
    /// Former names of entries.
    was: FxHashMap<&'c str, EntryId>,
    /// By owner and language.
    by_owner: OnceCell<FxHashMap<(&'c str, Lang), &'c Address>>,
    owners: OnceCell<FxHashSet<&'c str>>,
}

impl Now<'_> {
    fn address(&self, owner: &str, lang: Lang) -> Option<&Address> {
        let make = || self.live.iter().map(|live| ((live.owner.as_str(), live.lang), &live.address)).collect();
        self.by_owner.get_or_init(make).get(&(owner, lang)).copied()
    }

    /// What has become of an address.
    fn fate(&self, old: &Old) -> (Lang, Fate) {
        let catalog = self.catalog;
        let config = &catalog.config;
        let tag = old.address.0.split('/').next().unwrap_or_default();
        let known = Lang::find(&config.languages, tag);
        // Whoever comes in a language that the portal has no more is answered in its first.
        let lang = known.unwrap_or(Lang(0));
        let owner = old.owner.as_str();
        if let Some(id) = catalog.find_key(owner) {
            let from = known.unwrap_or(catalog.entry(id).source_language);
            if let Some(to) = catalog.destination(id, from) {
                let at = to.foreign.unwrap_or(from);
                return (known.unwrap_or(at), Fate::Moved { to: to.address.clone(), lang: at, entry: Some(id) });
            }
        }
        if let Some(to) = self.address(owner, lang) {
            return (lang, Fate::Moved { to: to.clone(), lang, entry: None });
        }
        let kind = owner.split(['/', '?']).next().unwrap_or_default();
        let kind = catalog.types.iter().position(|t| t.id == kind && !t.root);
        match kind {
            Some(kind) if owner.contains('?') => (lang, Fate::Empty(kind)),
            kind => (lang, Fate::Gone(kind)),
        }
    }
}

impl Site for Now<'_> {
    fn renamed(&self, owner: &str) -> Option<EcoString> {
        self.was.get(owner).map(|id| self.catalog.key(*id))
    }

    fn exists(&self, owner: &str) -> bool {
        let make = || self.live.iter().map(|live| live.owner.as_str()).collect();
        self.owners.get_or_init(make).contains(owner) || self.catalog.find_key(owner).is_some()
    }

    fn place(&self, owner: &str, address: &Address) -> Option<Span> {
        let entry = self.catalog.entry(self.catalog.find_key(owner)?);
        let lang = entry.addresses.iter().position(|own| own.as_ref() == Some(address))?;
        entry.texts[lang].as_ref().map(|text| text.slug_span).or(entry.file.map(|file| file.start()))
    }
}

/// Compares what is published now with what once was.
pub(super) fn all(
    catalog: &Catalog,
    listings: &[Vec<Vec<Arc<Listing>>>],
    calendars: &[Arc<Calendar>],
    found: &mut Diagnostics,
) -> Addresses {
    let live = live(catalog, listings, calendars);
    let events: Vec<_> = catalog.entries.iter().flat_map(|entry| entry.dated.events.iter().cloned()).collect();
    let now = Now {
        catalog,
        live: &live,
        was: catalog.ids().flat_map(|id| former(catalog, id)).collect(),
        by_owner: OnceCell::new(),
        owners: OnceCell::new(),
    };
    let next = catalog.ledger.next(&live, &events, &now, found);
    let past = next.old.iter().map(|old| {
        let (lang, fate) = now.fate(old);
        Arc::new(Past { address: old.address.clone(), owner: old.owner.clone(), lang, fate, span: old.span })
    });
    Addresses { old: past.collect(), next }
}

/// Names under which an entry was published before.
fn former(catalog: &Catalog, id: EntryId) -> impl Iterator<Item = (&str, EntryId)> {
    catalog.entries[id.index()].was.iter().map(move |(name, _)| (name.as_str(), id))
}

/// Every address that people link to, sorted.
fn live(catalog: &Catalog, listings: &[Vec<Vec<Arc<Listing>>>], calendars: &[Arc<Calendar>]) -> Vec<Live> {
    let keys: Vec<EcoString> = catalog.ids().map(|id| catalog.key(id)).collect();
    let langs: Vec<Lang> = catalog.config.langs().collect();
    let mut live: Vec<Live> = langs
        .par_iter()
        .flat_map(|lang| {
            let keys = &keys;
            catalog.entries.par_iter().enumerate().filter_map(move |(at, entry)| {
                let address = entry.addresses[lang.index()].clone()?;
                let record = Some(catalog.record(EntryId(at as u32), *lang));
                Some(Live { address, owner: keys[at].clone(), lang: *lang, record })
            })
        })
        .collect();
    let page = |address: Address, owner: EcoString, lang: Lang| Live { address, owner, lang, record: None };
    for lang in langs {
        live.push(page(Address::home(catalog.config.tag(lang)), "@home".into(), lang));
        live.push(page(catalog.search_address(lang), "@search".into(), lang));
        if catalog.config.data.is_some() {
            live.push(page(super::page_address(catalog, lang), "@data".into(), lang));
        }
    }
    live.extend(calendars.iter().map(|c| page(Calendar::address(catalog, c.lang), "@calendar".into(), c.lang)));
    for listing in listings.iter().flatten().flatten().filter(|listing| listing.selection.len() < 2) {
        let kind = &catalog.types[listing.type_index];
        let owner = match listing.selection.first() {
            Some(chosen) => eco_format!("{}?{}={}", kind.id, kind.fields[chosen.field].name, chosen.key),
            None => kind.id.clone(),
        };
        live.push(page(listing.address.clone(), owner, listing.lang));
    }
    live.retain(|live| ledger::can_tell(&live.address.0, &live.owner));
    live.par_sort_by(|a, b| a.address.cmp(&b.address));
    // Two of one address have been reported, or will be.
    live.dedup_by(|second, first| second.address == first.address);
    live
}
