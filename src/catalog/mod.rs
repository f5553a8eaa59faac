//! The catalog: every entry with its checked facts and texts, references both ways; it knows field kinds and no type.

mod checks;
mod dated;
mod entry;
mod envelope;
mod now;
mod pictures;
mod print;
mod resolve;
pub mod status;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use ecow::{EcoString, eco_format};
use rustc_hash::FxHashMap;

pub use self::dated::Dated;
pub use self::now::Now;
pub(crate) use self::pictures::broken;
pub use self::print::{name, prints};
pub use self::resolve::resolve;
use self::status::Status;
use crate::cache::{Bodies, Stored};
use crate::config::{Config, Lang};
use crate::date::PartialDate;
use crate::document::network::Pulled;
use crate::document::read::PerLang;
use crate::document::schema::{TypeDef, Untranslated, Vocabulary};
use crate::document::{self, Intro, TextDoc};
use crate::field::{ImageValue, Item, Show, Value, Values};
use crate::fingerprint::Fingerprint;
use crate::html;
use crate::ledger::Ledger;
use crate::ledger::content::Print;
use crate::locale::messages::{Arg, Messages};
use crate::locale::{Locale, Voice};
use crate::markdown::{self, Body};
use crate::raster::{Raster, Rendition};
use crate::source::{FileId, Range, Sources, Span};
use crate::theme::Theme;
use crate::url::Address;

/// The number of an entry in [`Catalog::entries`]; entries are sorted by type and id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EntryId(pub u32);

impl EntryId {
    /// As an index into [`Catalog::entries`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Everything that the site says, checked and connected.
#[derive(Debug)]
pub struct Catalog {
    /// `relais.yaml`.
    pub config: Config,
    /// Formats and order of each language.
    pub locales: PerLang<Locale>,
    /// Interface strings of each language.
    pub messages: Arc<PerLang<Messages>>,
    /// Templates and assets.
    pub theme: Theme,
    /// Content types.
    pub types: Vec<TypeDef>,
    /// Vocabularies.
    pub vocabularies: Vec<Vocabulary>,
    /// Types and vocabularies whose file is at fault: nothing complains about what would be in them.
    pub broken: BTreeSet<EcoString>,
    /// Entries, sorted by type and id.
    pub entries: Vec<Entry>,
    /// Texts above listings and on the home pages.
    pub intros: Vec<Intro>,
    /// Published files.
    pub assets: Vec<PublishedAsset>,
    /// Where the HTML of texts waits.
    pub bodies: Arc<Bodies>,
    /// The texts that all of this was read from.
    pub sources: Arc<Sources>,
    /// Typography of each language.
    pub voices: PerLang<Voice>,
    /// Fingerprint of all that the site declares: configuration, types, vocabularies, texts above listings.
    pub declared: Fingerprint,
    /// What earlier builds wrote down.
    pub ledger: Ledger,
    /// The site's own `robots.txt`.
    pub robots: Option<String>,
    /// What was pulled of partners' feeds, in their order.
    pub network: Vec<Option<Pulled>>,
    /// By type, by language, then in the order of [`status::ALL`].
    status_words: Vec<PerLang<Vec<String>>>,
    lost: Mutex<BTreeSet<FileId>>,
    /// By type and id.
    by_id: FxHashMap<(usize, EcoString), EntryId>,
}

/// A file of an entry, as it is published.
#[derive(Debug)]
pub struct PublishedAsset {
    /// The entry that it belongs to; `None` if it is not published.
    pub owner: Option<EntryId>,
    /// Where it is published.
    pub address: Address,
    /// The file's own name.
    pub name: EcoString,
    /// Its path below the site's folder, as messages name it.
    pub path: String,
    /// Where it is on disk.
    pub disk: std::path::PathBuf,
    /// Length in bytes.
    pub len: u64,
    /// Fingerprint of its bytes.
    pub fingerprint: Fingerprint,
    /// Width and height in pixels, for images.
    pub size: Option<(u32, u32)>,
    /// What it says of itself, for pictures of which renditions can be made.
    pub raster: Option<Raster>,
    /// Whether pages show it.
    pub shown: bool,
    /// Whether pages lead to it.
    pub linked: bool,
}

impl PublishedAsset {
    /// What is known of it, if it is a picture that pages show in renditions.
    fn in_renditions(&self) -> Option<&Raster> {
        self.raster.as_ref().filter(|_| self.shown)
    }

    /// The picture that stands for it where a browser knows no better; `None` where that is the file itself.
    pub fn fallback(&self) -> Option<Rendition> {
        self.in_renditions().and_then(Raster::fallback)
    }

    /// What most browsers get in its place, from the narrowest on.
    pub fn webps(&self) -> Vec<Rendition> {
        self.in_renditions().map(Raster::webps).unwrap_or_default()
    }

    /// Where a rendition of it is published: beside it.
    pub fn rendition_address(&self, rendition: &Rendition) -> Address {
        Address(rendition.name(&self.address.0).into())
    }

    /// Whether it is published as it is. What a picture's file says beside what it shows, such as where it was taken, is
    /// nobody's business, unless its author wants the file itself to be had.
    pub fn is_published(&self) -> bool {
        self.owner.is_some() && (self.linked || self.fallback().is_none())
    }
}

/// Whether and how an entry is published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Not built, unless drafts are asked for.
    Draft,
    /// Not built before its day, unless drafts are asked for.
    Scheduled,
    /// Built and listed.
    Published,
    /// At its address, with a banner, and in no list.
    Expired,
    /// At its address, with a link to its successor, and in no list.
    Superseded,
}

/// An entry.
#[derive(Debug)]
pub struct Entry {
    /// Index into [`Catalog::types`].
    pub type_index: usize,
    /// Unique within its type, for ever.
    pub id: EcoString,
    /// Where its facts are or belong, as messages name it.
    pub facts_file: String,
    /// Its facts file, or its first text: where to point at the entry as a whole.
    pub file: Option<FileId>,
    /// The language in which it was first written.
    pub source_language: Lang,
    /// Its texts.
    pub texts: PerLang<Option<Text>>,
    /// Its facts, by field.
    pub values: Vec<Option<Values>>,
    /// First day on which it is published.
    pub publish_on: Option<PartialDate>,
    /// Last day before which it must be looked at again.
    pub review_by: Option<(PartialDate, Range)>,
    /// Whether that day is over.
    pub review_overdue: bool,
    /// Last day on which it is current.
    pub expires_on: Option<PartialDate>,
    /// The entry that replaces it.
    pub superseded_by: Option<(EntryId, Range)>,
    /// Whether it leads on the home page.
    pub featured: bool,
    /// Whether it is there only to show a feature.
    pub demo: bool,
    /// Names under which it was published before, `type/id`, and where they are written.
    pub was: Vec<(EcoString, Range)>,
    /// Weak links, both ways.
    pub related: Vec<EntryId>,
    /// The published files of its folder: their path in it, and their index into [`Catalog::assets`].
    pub files: Vec<(EcoString, usize)>,
    /// Where its facts come from.
    pub sources: Vec<Source>,
    /// Where single facts come from, by field.
    pub provenance: Vec<(usize, Provenance)>,
    /// Whether it is published.
    pub state: State,
    /// Whether it has pages in this build.
    pub built: bool,
    /// Where it stands in time.
    pub status: Option<Status>,
    /// Entries that refer to it.
    pub inverse: Vec<Inverse>,
    /// Its pages' addresses; `None` where it has none.
    pub addresses: PerLang<Option<Address>>,
    /// Ids of its headings, for each text: those of the source text wherever the two run parallel.
    pub heading_ids: PerLang<Vec<EcoString>>,
    /// Whether a file of it is at fault.
    pub broken: bool,
    /// Its files as they were read.
    pub content: Vec<Read>,
    /// What it says, in each language, as the ledger tells it.
    pub own: PerLang<Print>,
    /// When it is from, and when it changed.
    pub dated: Dated,
}

/// A file of an entry, as it was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Read {
    /// The file.
    pub file: FileId,
    /// Its language; `None` for facts.
    pub lang: Option<Lang>,
    /// Fingerprint of the whole file.
    pub content: Fingerprint,
}

/// One side of a typed link, seen from the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inverse {
    /// The type that refers.
    pub type_index: usize,
    /// By which field.
    pub field: usize,
    /// The entries that do, in catalog order.
    pub from: Vec<EntryId>,
}

/// A language version of an entry.
#[derive(Debug)]
pub struct Text {
    /// Its file; the facts file where titles are written there.
    pub file: FileId,
    /// Its title, with the language's typography.
    pub title: EcoString,
    /// Its address segment.
    pub slug: EcoString,
    /// Where the slug or the title is written.
    pub slug_span: Span,
    /// What it is about, with the language's typography; taken from the body if the editor wrote none.
    pub summary: EcoString,
    /// Other names that find it.
    pub aliases: Vec<EcoString>,
    /// The Markdown.
    pub body: Option<Body>,
    /// Where the body's HTML waits; `None` where it is in `body`.
    pub stored: Option<Stored>,
    /// Fingerprint of all that a translator translates.
    pub revision: Fingerprint,
    /// What it says of being a translation.
    pub translation: Option<Translation>,
    /// Whether it is built only when drafts are asked for.
    pub draft: bool,
    /// Fingerprint of the front matter as written.
    pub front: Fingerprint,
    /// Whether the summary was taken from the body.
    pub summarized: bool,
}

/// What a translation says of itself.
#[derive(Clone, Debug)]
pub struct Translation {
    /// The language that it was made from.
    pub of: Lang,
    /// The revision that it was made from.
    pub revision: Option<EcoString>,
    /// Where the revision is written.
    pub range: Range,
    /// Who made it.
    pub by: Translator,
}

/// Who made a translation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Translator {
    /// A person.
    #[default]
    Human,
    /// A machine.
    Machine,
    /// A machine, and a person looked at it.
    Reviewed,
}

/// Where a fact comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its address.
    pub url: EcoString,
    /// Its title.
    pub title: Option<EcoString>,
    /// What it says, in its own words.
    pub says: Option<EcoString>,
    /// Its language.
    pub lang: Option<EcoString>,
    /// When it was read.
    pub accessed: Option<PartialDate>,
    /// Where it is written.
    pub range: Range,
}

/// What is known about one fact.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// When it was last checked.
    pub checked: Option<PartialDate>,
    /// Whether sources disagree.
    pub disputed: bool,
    /// A remark, in some languages.
    pub note: PerLang<Option<EcoString>>,
    /// Where it comes from.
    pub sources: Vec<Source>,
}

/// Where a link to an entry leads a reader.
#[derive(Clone, Debug)]
pub struct Destination<'c> {
    /// The page.
    pub address: &'c Address,
    /// The page's language, where it is not the reader's.
    pub foreign: Option<Lang>,
}

impl Entry {
    /// Whether it has pages in this build.
    pub fn is_published(&self) -> bool {
        self.built
    }

    /// Whether lists show it.
    pub fn is_listed(&self) -> bool {
        self.built && !matches!(self.state, State::Expired | State::Superseded)
    }

    /// Whether search engines and networks may show it.
    pub fn is_found(&self) -> bool {
        self.is_listed() && !self.demo && !matches!(self.state, State::Draft | State::Scheduled)
    }

    /// Whether there is a real text in this language.
    pub fn has_text(&self, lang: Lang) -> bool {
        self.texts[lang.index()].is_some()
    }

    /// The values of a field that do not differ by language.
    pub fn shared(&self, field: usize) -> &[Value] {
        self.values[field].as_ref().map(Values::shared).unwrap_or_default()
    }
}

thread_local! {
    /// The entries that this thread has looked at, while somebody wants to know.
    static SEEN: RefCell<Option<Vec<EntryId>>> = const { RefCell::new(None) };
}

/// Does something, and says which entries were looked at meanwhile, each once.
pub fn watch<T>(action: impl FnOnce() -> T) -> (T, Vec<EntryId>) {
    let outer = SEEN.replace(Some(Vec::new()));
    let done = action();
    let mut seen = SEEN.replace(outer).unwrap_or_default();
    seen.sort_unstable();
    seen.dedup();
    (done, seen)
}

impl Catalog {
    /// The entry with this number. Views reach entries through here alone, so that it is known what they looked at.
    pub fn entry(&self, id: EntryId) -> &Entry {
        SEEN.with_borrow_mut(|seen| {
            if let Some(seen) = seen
                && seen.last() != Some(&id)
            {
                seen.push(id);
            }
        });
        &self.entries[id.index()]
    }

    /// All entries with their numbers.
    pub fn ids(&self) -> impl Iterator<Item = EntryId> + use<> {
        (0..self.entries.len() as u32).map(EntryId)
    }

    /// Where the entries of a type stand in [`Catalog::entries`].
    pub fn members(&self, type_index: usize) -> std::ops::Range<usize> {
        let before = |end: usize| self.entries.partition_point(|entry| entry.type_index < end);
        before(type_index)..before(type_index + 1)
    }

    /// The type of an entry.
    pub fn type_of(&self, id: EntryId) -> &TypeDef {
        &self.types[self.entry(id).type_index]
    }

    /// `type/id`, unique in the site.
    pub fn key(&self, id: EntryId) -> EcoString {
        eco_format!("{}/{}", self.type_of(id).id, self.entry(id).id)
    }

    /// What an entry is called for ever, wherever its pages are (`tag:` URI, RFC 4151); the year is that of the scheme's
    /// birth.
    pub fn iri(&self, id: EntryId) -> String {
        format!("tag:{},2026:{}", self.config.base.host(), self.key(id))
    }

    /// The entry with this `type/id`.
    pub fn find_key(&self, key: &str) -> Option<EntryId> {
        let (kind, id) = key.split_once('/')?;
        let type_index = self.types.iter().position(|t| t.id == kind)?;
        self.by_id.get(&(type_index, id.into())).copied()
    }

    /// The vocabulary with this id.
    pub fn vocabulary(&self, id: &str) -> Option<&Vocabulary> {
        self.vocabularies.iter().find(|v| v.id == id)
    }

    /// A term's label.
    pub fn term_label(&self, vocabulary: usize, term: usize, lang: Lang) -> &str {
        &self.vocabularies[vocabulary].terms[term].label[lang.index()]
    }

    /// Formats of a language.
    pub fn locale(&self, lang: Lang) -> &Locale {
        &self.locales[lang.index()]
    }

    /// An interface string without arguments; its id where it is missing, which has been reported.
    pub fn message<'a>(&'a self, lang: Lang, id: &'a str) -> &'a str {
        self.messages[lang.index()].get(id).unwrap_or(id)
    }

    /// An interface string with texts in it.
    pub fn format(&self, lang: Lang, id: &str, args: &[(&str, &str)]) -> String {
        let args: Vec<(&str, Arg<'_>)> = args.iter().map(|(name, text)| (*name, Arg::Text(text))).collect();
        self.messages[lang.index()].format(id, &args).unwrap_or_else(|| id.to_owned())
    }

    /// An interface string with a number `count` and texts in it.
    pub fn count_with(&self, lang: Lang, id: &str, count: usize, texts: &[(&str, &str)]) -> String {
        let mut args: Vec<(&str, Arg<'_>)> = texts.iter().map(|(name, text)| (*name, Arg::Text(text))).collect();
        args.push(("count", Arg::Number(count as i64)));
        self.messages[lang.index()].format(id, &args).unwrap_or_else(|| id.to_owned())
    }

    /// What a status is called where it is said of an entry of this type: many languages have more than one word for it.
    pub fn status_word(&self, type_index: usize, lang: Lang, status: Status) -> &str {
        &self.status_words[type_index][lang.index()][status as usize]
    }

    /// How a time zone is called in a language: an interface string `zone-Europe-Brussels`, or by its city.
    pub fn zone_words(&self, lang: Lang, zone: &str) -> String {
        let id = format!("zone-{}", zone.replace(['/', '_'], "-"));
        if let Some(words) = self.messages[lang.index()].get(&id) {
            return words.to_owned();
        }
        let city = self.locale(lang).zone_exemplar(zone);
        let city = city.unwrap_or_else(|| zone.rsplit('/').next().unwrap_or(zone).replace('_', " "));
        self.format(lang, "zone-other", &[("city", &city)])
    }

    /// The text that a reader of this language is shown, and its language.
    pub fn text(&self, id: EntryId, lang: Lang) -> Option<(&Text, Lang)> {
        let entry = self.entry(id);
        self.config.fallback[lang.index()]
            .iter()
            .find_map(|&at| entry.texts[at.index()].as_ref().map(|text| (text, at)))
    }

    /// The version of an entry that is to be found for its page in a language: that page itself where it has a text of its own,
    /// else the one that the entry was first written in.
    pub fn version(&self, id: EntryId, lang: Lang) -> Lang {
        let entry = self.entry(id);
        let source = [lang, entry.source_language].into_iter().find(|at| entry.has_text(*at));
        let source = source.or_else(|| self.text(id, lang).map(|(_, at)| at));
        source.filter(|at| entry.addresses[at.index()].is_some()).unwrap_or(lang)
    }

    /// An entry's body in a language, with its HTML. One that was put aside and is damaged now is made again, unless its
    /// file has changed meanwhile: then it is not known any more.
    pub fn body(&self, id: EntryId, lang: Lang) -> Option<(&Body, Cow<'_, str>)> {
        let entry = self.entry(id);
        let text = entry.texts[lang.index()].as_ref()?;
        let body = text.body.as_ref()?;
        let Some(stored) = text.stored else { return Some((body, Cow::Borrowed(&body.html))) };
        debug_assert!(self.bodies.is_open(), "what was put aside is looked for where it is");
        if let Some(html) = self.bodies.get(stored) {
            return Some((body, html.into()));
        }
        let again = document::again(lang, text.file, &self.sources, &self.voices);
        if entry.content.iter().any(|read| read.file == text.file && read.content == again.content) {
            return Some((body, again.body.html.into_string().into()));
        }
        if let Ok(mut lost) = self.lost.lock() {
            lost.insert(text.file);
        }
        None
    }

    /// Files whose texts are not known any more, although pages show them.
    pub fn lost(&self) -> BTreeSet<FileId> {
        self.lost.lock().map(|lost| lost.clone()).unwrap_or_default()
    }

    /// Whether a text as it is now differs from the one that is known in its body alone, and that in nothing that anything
    /// but the entry's own pages and its card may show.
    pub fn differs_in_body_alone(&self, id: EntryId, now: &TextDoc) -> bool {
        let entry = self.entry(id);
        let Some(text) = &entry.texts[now.lang.index()] else { return false };
        let Some(body) = &text.body else { return false };
        let made_from_it = |t: &Text| t.translation.as_ref().is_some_and(|t| t.of == now.lang && t.revision.is_some());
        let heading = |h: &markdown::Heading| (h.level, h.id.clone(), h.explicit);
        let value = |l: &markdown::Literal| l.value.clone();
        text.front == now.front_fingerprint
            && self.stays_dated(id, now)
            && !entry.texts.iter().flatten().any(made_from_it)
            && body.headings.iter().map(heading).eq(now.body.headings.iter().map(heading))
            && body.literals.iter().map(value).eq(now.body.literals.iter().map(value))
            && body.holes.iter().map(|h| (&h.kind, h.alone)).eq(now.body.holes.iter().map(|h| (&h.kind, h.alone)))
    }

    /// Puts the body of a text in place of the one that is known; nothing but the body may differ. The text's revision
    /// stays: no translation refers to it.
    pub fn replace_body(&mut self, id: EntryId, now: TextDoc) {
        let entry = &mut self.entries[id.index()];
        entry.own[now.lang.index()].body = Print::of_body(now.body_fingerprint);
        for read in entry.content.iter_mut().filter(|read| read.file == now.file) {
            read.content = now.content;
        }
        if let Some(text) = &mut entry.texts[now.lang.index()] {
            if text.summarized {
                text.summary = now.body.excerpt.clone();
            }
            text.body = Some(now.body);
            text.stored = now.stored;
        }
    }

    /// The title that a reader is shown, and its language; the id for an entry without any text.
    pub fn title(&self, id: EntryId, lang: Lang) -> (&str, Lang) {
        match self.text(id, lang) {
            Some((text, at)) => (&text.title, at),
            None => (&self.entry(id).id, lang),
        }
    }

    /// Where a link to an entry leads a reader; `None` where it has no page.
    pub fn destination(&self, id: EntryId, lang: Lang) -> Option<Destination<'_>> {
        let entry = self.entry(id);
        if let Some(address) = &entry.addresses[lang.index()] {
            return Some(Destination { address, foreign: None });
        }
        self.config.fallback[lang.index()].iter().find_map(|&at| {
            entry.addresses[at.index()].as_ref().map(|address| Destination { address, foreign: Some(at) })
        })
    }

    /// An entry's title as a link; plain text where it has no page.
    pub fn entry_link(&self, id: EntryId, lang: Lang) -> Item {
        let (title, title_lang) = self.title(id, lang);
        let foreign = (title_lang != lang).then(|| self.config.tag(title_lang));
        let html = html::in_language(html::escape(title).into_owned(), foreign);
        let html = match self.destination(id, lang) {
            Some(to) => {
                let hreflang = to.foreign.map(|lang| self.config.tag(lang));
                html::link(&self.config.base.href(to.address), &html, hreflang)
            }
            None => html,
        };
        Item { html, text: title.to_owned() }
    }

    /// The image of an entry's facts that has this path.
    pub fn image_named(&self, id: EntryId, path: &str) -> Option<&ImageValue> {
        let values = self.entry(id).values.iter().flatten().flat_map(|values| values.shared());
        values.filter_map(|v| if let Value::Image(image) = v { Some(&**image) } else { None }).find(|i| i.path == path)
    }

    /// Whether a language's lists show this entry.
    pub fn lists(&self, id: EntryId, lang: Lang) -> bool {
        let entry = self.entry(id);
        let shown = entry.has_text(lang) || self.types[entry.type_index].untranslated != Untranslated::Hide;
        entry.is_listed() && shown && self.destination(id, lang).is_some()
    }

    /// Whether no file of the site's content was at this path, nor below it. Of themes, only texts are known by their paths.
    pub fn is_unknown(&self, path: &str) -> bool {
        let at_or_below =
            |file: &str| file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let published = self.assets.iter().map(|asset| asset.path.as_str());
        path.starts_with("content/") && !self.sources.paths().chain(published).any(at_or_below)
    }

    /// Where the search page of a language is.
    pub fn search_address(&self, lang: Lang) -> Address {
        Address::home(self.config.tag(lang)).below(self.message(lang, "search-slug"))
    }

    /// Where a type's listing is; the home page for types without one.
    pub fn listing_address(&self, definition: &TypeDef, lang: Lang) -> Address {
        let home = Address::home(self.config.tag(lang));
        if definition.root { home } else { home.below(&definition.slug[lang.index()]) }
    }

    /// How a field's values are shown to readers of a language.
    pub fn show(&self, id: EntryId, field: usize, lang: Lang) -> Show<'_> {
        let type_index = self.entry(id).type_index;
        let field = &self.types[type_index].fields[field];
        Show { catalog: self, lang, type_index, field, entry: Some(id), text: lang }
    }

    /// Whether the text that a translation was made from has moved on since.
    pub fn is_outdated(&self, id: EntryId, lang: Lang) -> bool {
        let entry = self.entry(id);
        let Some(translation) = entry.texts[lang.index()].as_ref().and_then(|t| t.translation.as_ref()) else {
            return false;
        };
        match (&translation.revision, &entry.texts[translation.of.index()]) {
            (Some(revision), Some(source)) => *revision != source.revision.short(),
            _ => false,
        }
    }
}
