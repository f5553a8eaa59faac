//! Phase 4, plan: which files the site consists of, each claimed once; what is in them is the views' to say.

mod directory;
mod facet;
mod feed;
mod home;
mod listing;

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;
use rustc_hash::{FxHashMap, FxHashSet};

pub use self::directory::{Directory, LetterEntries};
pub use self::facet::{FacetPanel, FacetValueView, Selection};
pub use self::feed::Feed;
pub use self::home::Shelves;
pub use self::listing::Listing;
use crate::catalog::{Catalog, EntryId};
use crate::compress::Encoder;
use crate::config::Lang;
use crate::diag::{Diagnostic, Diagnostics};
use crate::fingerprint::Fingerprint;
use crate::source::{FileId, Span};
use crate::url::Address;

/// All outputs of a build.
#[derive(Debug)]
pub struct Plan {
    /// Every file, sorted by path.
    pub outputs: Vec<Output>,
    /// Every A–Z directory.
    pub directories: Vec<Arc<Directory>>,
    /// What the home pages show, by language.
    pub homes: Vec<Shelves>,
    /// Codings in which files of text get a copy beside them.
    pub copies: Vec<Encoder>,
    /// What budgets left out, in words.
    pub notes: Vec<String>,
    listings: FxHashMap<ListingKey, Arc<Listing>>,
    feeds: FxHashSet<Address>,
}

type ListingKey = (usize, Vec<(usize, EcoString)>, Lang);

/// One file of the site.
#[derive(Debug)]
pub struct Output {
    /// Its path below the output folder, with `/`.
    pub path: String,
    /// What it is about.
    pub subject: Subject,
}

/// What a file is about: enough to make its view from the catalog.
#[derive(Clone, Debug)]
pub enum Subject {
    /// The language chooser.
    Chooser,
    /// A home page.
    Home(Lang),
    /// "Not found", in a language.
    NotFound(Lang),
    /// A page of a listing.
    Listing(Arc<Listing>, usize),
    /// A page of an A–Z directory.
    Directory(Arc<Directory>, usize),
    /// An entry's page.
    Entry(EntryId, Lang),
    /// An Atom feed.
    Feed(Arc<Feed>),
    /// A published file of an entry, by index into [`Catalog::assets`].
    Asset(usize),
    /// An asset of the theme, by index.
    ThemeAsset(usize),
}

impl Subject {
    /// What an editor would call it.
    pub fn owner(&self, catalog: &Catalog) -> String {
        let tag = |lang: &Lang| catalog.config.tag(*lang).to_owned();
        let kind = |index: usize| catalog.types[index].id.as_str();
        match self {
            Subject::Chooser => "the language chooser".into(),
            Subject::Home(lang) => format!("the home page in {}", tag(lang)),
            Subject::NotFound(lang) => format!("the page \"not found\" in {}", tag(lang)),
            Subject::Listing(listing, number) => {
                let names: Vec<String> =
                    listing.selection.iter().map(|s| format!("{} = {}", s.facet.text, s.key)).collect();
                let narrowed = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
                format!(
                    "page {number} of the listing of {}{narrowed} in {}",
                    kind(listing.type_index),
                    tag(&listing.lang)
                )
            }
            Subject::Directory(directory, _) => {
                format!("the directory of {} in {}", kind(directory.type_index), tag(&directory.lang))
            }
            Subject::Entry(id, lang) => format!("{} in {}", catalog.key(*id), tag(lang)),
            Subject::Feed(feed) => format!("the feed of {} in {}", feed.title, tag(&feed.lang)),
            Subject::Asset(index) => format!("the file {}", catalog.assets[*index].disk.display()),
            Subject::ThemeAsset(index) => format!("the theme's {}", catalog.theme.assets[*index].name),
        }
    }
}

impl Plan {
    /// The listing of a type narrowed by facet values (field and key), in a language.
    pub fn listing(&self, type_index: usize, keys: &[(usize, EcoString)], lang: Lang) -> Option<&Arc<Listing>> {
        self.listings.get(&(type_index, keys.to_vec(), lang))
    }

    /// The fingerprint of all that a listing's pages show but entries.
    pub fn print(&self, catalog: &Catalog, listing: &Listing) -> Fingerprint {
        listing.print(|| {
            let keys = listing.keys();
            let others = || catalog.config.langs().map(|lang| self.listing(listing.type_index, &keys, lang));
            let mut words: Vec<&str> = vec![&listing.address.0];
            words.extend(others().flatten().map(|other| other.address.0.as_str()));
            for chosen in &listing.selection {
                words.extend([&*chosen.facet.text, &*chosen.label.text, &*chosen.key, &*chosen.without.0]);
            }
            let words = Fingerprint::of_parts(words.into_iter().map(str::as_bytes));
            let langs = listing.selection.iter().map(|s| s.label.lang.map_or(0, |lang| 1 + u128::from(lang.0)));
            let fields = listing.selection.iter().map(|s| s.field as u128);
            let others = others().map(|other| other.map_or(0, |other| other.page_count(catalog) as u128));
            let head = [listing.type_index, listing.entries.len(), self.has_feed(listing).into()].map(|n| n as u128);
            let head = head.into_iter().chain([words.0, listing.panel_print().0]);
            Fingerprint::of_numbers(head.chain(langs).chain(fields).chain(others))
        })
    }

    /// Whether a feed lies beside this listing.
    pub fn has_feed(&self, listing: &Listing) -> bool {
        self.feeds.contains(&listing.address.with_file("feed.xml"))
    }
}

/// Decides what there is to write.
pub fn plan(catalog: &Catalog) -> (Plan, Diagnostics) {
    let mut notes = Vec::new();
    let listings = listing::all(catalog, &mut notes);
    let directories = directory::all(catalog);
    let feeds = feed::all(catalog, &listings);
    let homes = catalog.config.langs().map(|lang| home::shelves(catalog, lang)).collect();
    let mut claims = Claims { catalog, outputs: BTreeMap::new(), diagnostics: Diagnostics::new() };
    claims.claim(&Address::root(), Subject::Chooser);
    // Hosts that know one "not found" page show the first language's.
    claims.claim(&Address::root().with_file("404.html"), Subject::NotFound(Lang(0)));
    for lang in catalog.config.langs() {
        let home = Address::home(catalog.config.tag(lang));
        claims.claim(&home, Subject::Home(lang));
        claims.claim(&home.with_file("404.html"), Subject::NotFound(lang));
    }
    for listing in &listings {
        for number in 1..=listing.page_count(catalog) {
            claims.claim(&listing.page_address(catalog, number), Subject::Listing(Arc::clone(listing), number));
        }
    }
    for directory in &directories {
        for number in 1..=directory.pages.len() {
            claims.claim(&directory.page_address(catalog, number), Subject::Directory(Arc::clone(directory), number));
        }
    }
    for id in catalog.ids() {
        for lang in catalog.config.langs() {
            if let Some(address) = &catalog.entry(id).addresses[lang.index()] {
                claims.claim(address, Subject::Entry(id, lang));
            }
        }
    }
    let mut feed_addresses = FxHashSet::default();
    for feed in feeds {
        feed_addresses.insert(feed.address.clone());
        claims.claim(&feed.address.clone(), Subject::Feed(feed));
    }
    for (index, asset) in catalog.assets.iter().enumerate().filter(|(_, a)| a.owner.is_some()) {
        claims.claim(&asset.address, Subject::Asset(index));
    }
    for (index, asset) in catalog.theme.assets.iter().enumerate() {
        claims.claim(&asset.address, Subject::ThemeAsset(index));
    }
    let outputs = claims.outputs.into_iter().map(|(path, subject)| Output { path, subject }).collect();
    let listings = listings.into_iter().map(|l| ((l.type_index, l.keys(), l.lang), l)).collect();
    let copies = catalog.config.compress.clone();
    (Plan { outputs, copies, directories, homes, notes, listings, feeds: feed_addresses }, claims.diagnostics)
}

/// Output paths and who owns them.
struct Claims<'c> {
    catalog: &'c Catalog,
    outputs: BTreeMap<String, Subject>,
    diagnostics: Diagnostics,
}

impl Claims<'_> {
    fn claim(&mut self, address: &Address, subject: Subject) {
        let path = address.file();
        if let Some(owner) = self.outputs.get(&path) {
            if !Self::reported(owner, &subject) {
                let message = format!(
                    "/{} is claimed twice: by {} and by {}",
                    address.0,
                    owner.owner(self.catalog),
                    subject.owner(self.catalog)
                );
                let found = match self.place(&subject).or(self.place(owner)) {
                    Some(span) => Diagnostic::error("path-collision", span, message),
                    None => Diagnostic::in_file("path-collision", "relais.yaml", message),
                };
                self.diagnostics.push(found.help("give one of the two another `slug`"));
            }
            return;
        }
        self.outputs.insert(path, subject);
    }

    /// Two entries have been reported with both places, and feeds collide where their pages do.
    fn reported(owner: &Subject, subject: &Subject) -> bool {
        match (owner, subject) {
            (Subject::Entry(..), Subject::Entry(..)) => true,
            (Subject::Feed(a), Subject::Feed(b)) => a.page == b.page,
            (Subject::Listing(_, a), Subject::Listing(_, b)) => *a > 1 && *b > 1,
            _ => false,
        }
    }

    /// Where the address of a page comes from.
    fn place(&self, subject: &Subject) -> Option<Span> {
        match subject {
            Subject::Entry(id, lang) => {
                let entry = self.catalog.entry(*id);
                let slug = entry.texts[lang.index()].as_ref().map(|t| t.slug_span);
                slug.or(entry.file.map(FileId::start))
            }
            Subject::Listing(listing, _) => {
                let definition = &self.catalog.types[listing.type_index];
                let field = listing.selection.last().map(|s| definition.fields[s.field].span);
                Some(field.unwrap_or(definition.file.start()))
            }
            _ => None,
        }
    }
}
