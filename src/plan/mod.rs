//! Phase 4, plan: which files the site consists of, each claimed once; what is in them is the views' to say.

mod calendar;
mod data;
mod directory;
mod facet;
mod feed;
mod home;
mod ics;
mod listing;
mod lists;
mod redirect;
mod sitemap;
mod social;
mod tally;

use std::sync::Arc;

use rayon::prelude::*;

pub use self::calendar::{Calendar, Month, Occasion};
pub use self::data::{DataFile, Notation, Table, Tables, entry_address, page_address};
pub use self::directory::{Directory, LetterEntries};
pub use self::facet::{FacetPanel, FacetPanelView, FacetValueView, Selection};
pub use self::feed::{Change, Feed, Told};
pub use self::home::Shelves;
pub use self::ics::Agenda;
pub(crate) use self::ics::end_of;
pub use self::listing::Listing;
pub use self::redirect::{Addresses, Fate, Past};
pub use self::sitemap::Sitemap;
use crate::catalog::{Catalog, EntryId, Now};
use crate::compress::Encoder;
use crate::config::{FeedFormat, Lang};
use crate::diag::{Diagnostic, Diagnostics};
use crate::fingerprint::Fingerprint;
use crate::raster::Rendition;
use crate::source::{FileId, Span};
use crate::url::Address;
use crate::view::HostFile;

/// All outputs of a build.
#[derive(Debug)]
pub struct Plan {
    /// Every file, sorted by path.
    pub outputs: Vec<Output>,
    /// The calendar of every language, or none.
    pub calendars: Vec<Arc<Calendar>>,
    /// All dates that belong into calendars, in order.
    pub dates: Vec<Occasion>,
    /// The calendar of each language as a file, if it has one.
    pub agendas: Vec<Option<Arc<Agenda>>>,
    /// Every A–Z directory.
    pub directories: Vec<Arc<Directory>>,
    /// How many entries have a text in which language, by type.
    pub texts: Vec<Texts>,
    /// What the home pages show, by language.
    pub homes: Vec<Shelves>,
    /// Codings in which files of text get a copy beside them.
    pub copies: Vec<Encoder>,
    /// What budgets left out, in words.
    pub notes: Vec<String>,
    /// What the ledger remembers, and what it is to be told.
    pub addresses: Addresses,
    /// What there is of each type for other programs.
    pub tables: Tables,
    /// Every sitemap, by language.
    pub sitemaps: Vec<Arc<Sitemap>>,
    /// By language, by type, in the order of their narrowings.
    listings: Vec<Vec<Vec<Arc<Listing>>>>,
}

/// How many entries of a type have a text in which language.
#[derive(Debug)]
pub struct Texts {
    /// How many entries there are.
    pub total: usize,
    /// Those with a text, by language.
    pub by_lang: Vec<usize>,
}

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
    /// A page of a calendar: of a year, or the first one.
    Calendar(Arc<Calendar>, Option<(i16, usize)>),
    /// All ways in, in a language.
    Search(Lang),
    /// An entry's page.
    Entry(EntryId, Lang),
    /// The social card of an entry in a language, or of the whole portal.
    SocialCard(Option<EntryId>, Lang),
    /// A calendar in a file.
    Agenda(Arc<Agenda>),
    /// The page about the data for other programs, in a language.
    DataPage(Lang),
    /// A file of these.
    Data(Tables, DataFile),
    /// A feed in a format.
    Feed(Arc<Feed>, FeedFormat),
    /// What stands at an old address.
    Past(Arc<Past>),
    /// A sitemap.
    Sitemap(Arc<Sitemap>),
    /// A file at the output folder's root for hosts and search engines.
    HostFile(HostFile),
    /// A published file of an entry, by index into [`Catalog::assets`].
    Asset(usize),
    /// A rendition of a picture of an entry, by index into [`Catalog::assets`].
    Rendition(usize, Rendition),
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
            Subject::Calendar(calendar, None) => format!("the calendar in {}", tag(&calendar.lang)),
            Subject::Calendar(calendar, Some((year, _))) => {
                format!("the calendar of {year} in {}", tag(&calendar.lang))
            }
            Subject::Search(lang) => format!("the search page in {}", tag(lang)),
            Subject::Entry(id, lang) => format!("{} in {}", catalog.key(*id), tag(lang)),
            Subject::SocialCard(None, lang) => format!("the portal's social card in {}", tag(lang)),
            Subject::SocialCard(Some(id), lang) => {
                format!("the social card of {} in {}", catalog.key(*id), tag(lang))
            }
            Subject::Agenda(agenda) => format!("the calendar file {}", agenda.address.0),
            Subject::DataPage(lang) => format!("the page about data in {}", tag(lang)),
            Subject::Data(tables, file) => file.owner(catalog, tables),
            Subject::Feed(feed, _) => format!("the feed of {} in {}", feed.title, tag(&feed.lang)),
            Subject::Past(past) => format!("what was {}", past.owner),
            Subject::Sitemap(map) => format!("a sitemap in {}", tag(&map.lang)),
            Subject::HostFile(file) => format!("{}, for hosts and search engines", file.name()),
            Subject::Asset(index) => format!("the file {}", catalog.assets[*index].disk.display()),
            Subject::Rendition(index, rendition) => {
                format!("{}, {} pixels wide", catalog.assets[*index].path, rendition.width)
            }
            Subject::ThemeAsset(index) => format!("the theme's {}", catalog.theme.assets[*index].name),
        }
    }
}

impl Plan {
    /// The listing of a type in a language; none for types without one.
    pub fn listing(&self, type_index: usize, lang: Lang) -> Option<&Arc<Listing>> {
        self.listings[lang.index()][type_index].first()
    }

    /// The fingerprints of what all renditions of pictures are made from.
    pub fn renditions(&self, catalog: &Catalog) -> impl Iterator<Item = Fingerprint> {
        self.outputs.iter().filter_map(|output| match &output.subject {
            Subject::Rendition(index, rendition) => Some(rendition.print(catalog.assets[*index].fingerprint)),
            _ => None,
        })
    }

    /// A listing's counterpart in a language.
    pub fn counterpart(&self, listing: &Listing, lang: Lang) -> Option<&Arc<Listing>> {
        let listings = &self.listings[lang.index()][listing.type_index];
        listings.binary_search_by_key(&listing.narrowing, |other| other.narrowing).ok().map(|at| &listings[at])
    }

    /// The fingerprint of all that a listing's pages show but entries.
    pub fn print(&self, catalog: &Catalog, listing: &Listing) -> Fingerprint {
        listing.print(|| {
            let others = || catalog.config.langs().map(|lang| self.counterpart(listing, lang));
            let mut words: Vec<&str> = vec![&listing.address.0];
            words.extend(others().flatten().map(|other| other.address.0.as_str()));
            for chosen in &listing.selection {
                words.extend([&*chosen.facet.text, &*chosen.label.text, &*chosen.key, &*chosen.without.0]);
            }
            let words = Fingerprint::of_parts(words.into_iter().map(str::as_bytes));
            let langs = listing.selection.iter().map(|s| s.label.lang.map_or(0, |lang| 1 + u128::from(lang.0)));
            let fields = listing.selection.iter().map(|s| s.field as u128);
            let others = others().map(|other| other.map_or(0, |other| other.page_count(catalog) as u128));
            let beside = [listing.feed.is_some(), listing.agenda.is_some()].map(usize::from);
            let head = [listing.type_index, listing.entries.len(), beside[0], beside[1]].map(|n| n as u128);
            let head = head.into_iter().chain([words.0, listing.panel_print().0]);
            Fingerprint::of_numbers(head.chain(langs).chain(fields).chain(others))
        })
    }
}

/// Decides what there is to write.
pub fn plan(catalog: &Catalog, now: &Now) -> (Plan, Diagnostics) {
    let mut notes = Vec::new();
    let langs: Vec<Lang> = catalog.config.langs().collect();
    let listed = listed(catalog, &langs);
    let recency = feed::Recency::of(catalog);
    let dates = ics::Dates::of(catalog, calendar::dates(catalog));
    let listings = listing::all(catalog, &listed, &recency, &dates, &mut notes);
    let directories = directory::all(catalog, &listed);
    let calendars = calendar::all(catalog, &langs, &listed, &dates.all, now);
    let agendas = agendas(catalog, &listed, &dates, &mut notes);
    let homes = home::all(catalog, &langs, &listed, &recency, now);
    let mut claims = Claims { catalog, claims: Vec::new() };
    claims.claim(&Address::root(), Subject::Chooser);
    // Hosts that know one "not found" page show the first language's.
    claims.claim(&Address::root().with_file("404.html"), Subject::NotFound(Lang(0)));
    for lang in catalog.config.langs() {
        let home = Address::home(catalog.config.tag(lang));
        claims.claim(&home, Subject::Home(lang));
        claims.claim(&home.with_file("404.html"), Subject::NotFound(lang));
        claims.claim(&catalog.search_address(lang), Subject::Search(lang));
    }
    for calendar in &calendars {
        let lang = calendar.lang;
        claims.claim(&Calendar::address(catalog, lang), Subject::Calendar(Arc::clone(calendar), None));
        for year in &calendar.years {
            for number in 1..=year.pages.len() {
                let address = Calendar::year_address(catalog, lang, year.year, number);
                claims.claim(&address, Subject::Calendar(Arc::clone(calendar), Some((year.year, number))));
            }
        }
    }
    for listing in listings.iter().flatten().flatten() {
        for number in 1..=listing.page_count(catalog) {
            claims.claim(&listing.page_address(catalog, number), Subject::Listing(Arc::clone(listing), number));
        }
    }
    for directory in &directories {
        for number in 1..=directory.pages.len() {
            claims.claim(&directory.page_address(catalog, number), Subject::Directory(Arc::clone(directory), number));
        }
    }
    claims.entries(&langs);
    let mut found = Diagnostics::new();
    claims.claims.extend(social::all(catalog, &mut found));
    let changes = feed::changes(catalog, now);
    let is_moving = Feed::has_changes(catalog);
    for lang in catalog.config.langs() {
        let mut feed = Feed::of_lang(catalog, &recency, lang);
        for archive in feed.archived(catalog, &recency, &recency.told(lang).collect::<Vec<_>>()) {
            claims.feed(&Arc::new(archive));
        }
        claims.feed(&Arc::new(feed));
        if is_moving {
            claims.feed(&Arc::new(Feed::of_changes(catalog, &changes, &listed[lang.index()], lang)));
        }
    }
    let of_listing =
        |listing: &'_ Arc<Listing>| listing.archives.iter().chain(&listing.feed).cloned().collect::<Vec<_>>();
    for feed in listings.iter().flatten().flatten().flat_map(of_listing).collect::<Vec<_>>().iter() {
        claims.feed(feed);
    }
    let beside = listings.iter().flatten().flatten().filter_map(|listing| listing.agenda.as_ref());
    for agenda in agendas.iter().flatten().chain(beside) {
        claims.claim(&agenda.address, Subject::Agenda(Arc::clone(agenda)));
    }
    for (index, asset) in catalog.assets.iter().enumerate().filter(|(_, a)| a.owner.is_some()) {
        if asset.is_published() {
            claims.claim(&asset.address, Subject::Asset(index));
        }
        for rendition in asset.fallback().into_iter().chain(asset.webps()) {
            claims.claim(&asset.rendition_address(&rendition), Subject::Rendition(index, rendition));
        }
    }
    for (index, asset) in catalog.theme.assets.iter().enumerate() {
        claims.claim(&asset.address, Subject::ThemeAsset(index));
    }
    let tables = data::tables(catalog);
    if let Some(open) = &catalog.config.data {
        for lang in catalog.config.langs() {
            claims.claim(&page_address(catalog, lang), Subject::DataPage(lang));
        }
        for file in data::files(catalog, &tables) {
            claims.claim(&file.address(catalog, &tables), Subject::Data(Arc::clone(&tables), file));
        }
        if open.license.is_none() {
            notes.push("the data have no licence, so that nobody may use them; name one in relais.yaml, `data: { license: … }`".into());
        }
    }
    let addresses = redirect::all(catalog, &listings, &calendars, &mut found);
    for past in &addresses.old {
        claims.claim(&past.address, Subject::Past(Arc::clone(past)));
    }
    let sitemaps = sitemap::all(catalog, &listings);
    for map in &sitemaps {
        claims.claim(&map.address, Subject::Sitemap(Arc::clone(map)));
    }
    for file in HostFile::ALL.into_iter().filter(|file| !file.is_of_past() || !addresses.old.is_empty()) {
        claims.claim(&Address::root().with_file(file.name()), Subject::HostFile(file));
    }
    let (outputs, mut diagnostics) = claims.settle();
    diagnostics.extend(found);
    let copies = catalog.config.compress.clone();
    let texts = texts(catalog);
    let plan = Plan {
        outputs,
        copies,
        texts,
        calendars,
        dates: dates.all,
        agendas,
        directories,
        homes,
        notes,
        addresses,
        tables,
        sitemaps,
        listings,
    };
    (plan, diagnostics)
}

/// The calendar of each language as a file; a note says what the budget leaves out of it.
fn agendas(
    catalog: &Catalog,
    listed: &[Vec<bool>],
    dates: &ics::Dates<'_>,
    notes: &mut Vec<String>,
) -> Vec<Option<Arc<Agenda>>> {
    let of_lang = |lang: Lang| dates.of_lang(lang, &listed[lang.index()]).map(Arc::new);
    let agendas: Vec<Option<Arc<Agenda>>> = catalog.config.langs().map(of_lang).collect();
    let short = agendas.iter().flatten().filter(|agenda| agenda.left_out > 0);
    notes.extend(short.map(|agenda| {
        let most = catalog.config.limits.calendar_dates;
        format!("{} leaves out the {} oldest dates (limits.calendar_dates: {most})", agenda.address.0, agenda.left_out)
    }));
    agendas
}

/// Counts what entries have texts in.
fn texts(catalog: &Catalog) -> Vec<Texts> {
    let count = |type_index: usize| {
        let shown = || catalog.entries[catalog.members(type_index)].iter().filter(|entry| entry.is_listed());
        let by_lang = catalog.config.langs().map(|lang| shown().filter(|entry| entry.has_text(lang)).count());
        Texts { total: shown().count(), by_lang: by_lang.collect() }
    };
    (0..catalog.types.len()).into_par_iter().map(count).collect()
}

/// Groups on pages of so many members; a group is not divided.
fn paginate<G>(groups: Vec<G>, size: usize, count: impl Fn(&G) -> usize) -> Vec<Vec<G>> {
    let mut pages: Vec<Vec<G>> = vec![Vec::new()];
    let mut filled = 0;
    for group in groups {
        if filled > 0 && filled + count(&group) > size {
            pages.push(Vec::new());
            filled = 0;
        }
        filled += count(&group);
        if let Some(page) = pages.last_mut() {
            page.push(group);
        }
    }
    pages
}

/// Which entries the lists of each language show.
fn listed(catalog: &Catalog, langs: &[Lang]) -> Vec<Vec<bool>> {
    let ids = (0..catalog.entries.len() as u32).into_par_iter().map(EntryId);
    // Entry by entry, since to come to an entry is what takes time.
    let by_entry: Vec<bool> = ids.flat_map_iter(|id| langs.iter().map(move |lang| catalog.lists(id, *lang))).collect();
    langs.iter().map(|lang| by_entry.iter().skip(lang.index()).step_by(langs.len()).copied().collect()).collect()
}

/// Output paths and who wants them, in the order of their claims.
struct Claims<'c> {
    catalog: &'c Catalog,
    claims: Vec<Output>,
}

impl Claims<'_> {
    fn claim(&mut self, address: &Address, subject: Subject) {
        self.claims.push(Output { path: address.file(), subject });
    }

    /// A feed, in each format.
    fn feed(&mut self, feed: &Arc<Feed>) {
        for format in feed.formats(self.catalog).iter().copied() {
            self.claim(&feed.address(format), Subject::Feed(Arc::clone(feed), format));
        }
    }

    /// The pages of entries, language by language.
    fn entries(&mut self, langs: &[Lang]) {
        let entries = &self.catalog.entries;
        self.claims.par_extend(langs.par_iter().flat_map(|lang| {
            entries.par_iter().enumerate().filter_map(|(at, entry)| {
                let path = entry.addresses[lang.index()].as_ref()?.file();
                Some(Output { path, subject: Subject::Entry(EntryId(at as u32), *lang) })
            })
        }));
    }

    /// Gives each path to whoever claimed it first.
    fn settle(mut self) -> (Vec<Output>, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        let mut claims = std::mem::take(&mut self.claims);
        // Equal paths stay in the order of their claims.
        claims.par_sort_by(|a, b| a.path.cmp(&b.path));
        claims.dedup_by(|second, owner| {
            let twice = second.path == owner.path;
            if twice && !Self::reported(&owner.subject, &second.subject) {
                diagnostics.push(self.collision(&second.path, &owner.subject, &second.subject));
            }
            twice
        });
        (claims, diagnostics)
    }

    fn collision(&self, path: &str, owner: &Subject, subject: &Subject) -> Diagnostic {
        let address = path.strip_suffix("index.html").unwrap_or(path);
        if let Subject::Past(past) = subject {
            return past.lost(&owner.owner(self.catalog));
        }
        let message = format!(
            "/{address} is claimed twice: by {} and by {}",
            owner.owner(self.catalog),
            subject.owner(self.catalog)
        );
        let found = match (self.place(subject).or(self.place(owner)), subject) {
            (Some(span), _) => Diagnostic::error("path-collision", span, message),
            (None, Subject::Asset(index) | Subject::Rendition(index, _)) => {
                Diagnostic::in_file("path-collision", self.catalog.assets[*index].path.clone(), message)
            }
            (None, _) => Diagnostic::in_file("path-collision", "relais.yaml", message),
        };
        found.help(match subject {
            Subject::Asset(_) | Subject::Rendition(..) => "give one of the two files another name",
            _ => "give one of the two another `slug`",
        })
    }

    /// Two entries have been reported with both places, and feeds and cards collide where their pages do.
    fn reported(owner: &Subject, subject: &Subject) -> bool {
        match (owner, subject) {
            (Subject::Entry(..), Subject::Entry(..)) | (Subject::SocialCard(..), Subject::SocialCard(..)) => true,
            (Subject::Agenda(a), Subject::Agenda(b)) => a.page == b.page,
            (Subject::Feed(a, _), Subject::Feed(b, _)) => a.page == b.page,
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
