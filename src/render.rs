//! Phase 6, render: from views to bytes, through the theme's templates; it decides neither what is written nor where.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use ecow::EcoString;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use tera::{Context, TeraResult, Value};
use xxhash_rust::xxh3::xxh3_64;

use crate::catalog::{self, Catalog, EntryId, PublishedAsset};
use crate::config::{FeedFormat, Lang};
use crate::delta::Delta;
use crate::diag::{Diagnostic, Diagnostics};
use crate::fingerprint::{ENGINE, Fingerprint};
use crate::locale::messages::Messages;
use crate::manifest::Record;
use crate::memo::{self, Memo, Memos, Name, Slot};
use crate::plan::{Agenda, Calendar, DataFile, Directory, Fate, Feed, Listing, Output, Plan, Shelves, Subject, Tables};
use crate::raster::{self, Broken, Rendition, Store};
use crate::source::utf8;
use crate::view::{self, Paged};

/// Receives every output that is not kept, from several threads, in no order.
pub trait Sink: Sync {
    /// Takes a file's content.
    fn put(&self, path: &str, content: Content<'_>, print: Fingerprint) -> std::io::Result<()>;
}

/// What a file is to hold.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// The bytes of a file of the site.
    CopyOf(&'a std::path::Path),
}

/// How many outputs a thread takes at once: few, because some take a thousand times as long as others.
const TOGETHER: usize = 32;

/// The record of every output, in the plan's order, and what went wrong in templates, in pictures or in writing.
pub fn render(
    renderer: &Renderer<'_>,
    delta: &Delta,
    store: &Store,
    sink: &dyn Sink,
    progress: &(dyn Fn() + Sync),
) -> (Vec<Record>, Diagnostics) {
    let problems: Mutex<Vec<Diagnostic>> = Mutex::new(Vec::new());
    let report = |problem: Failure| {
        if let Ok(mut problems) = problems.lock()
            && !problems.contains(&problem)
        {
            problems.push(*problem);
        }
    };
    let pictures = renderer.pictures(delta);
    let buffers = Buffers::default();
    let one = |Buffer(_, buffer): &mut Buffer<'_>, (at, kept): (usize, &Option<Record>)| {
        progress();
        if let Some(record) = kept {
            return *record;
        }
        buffer.clear();
        renderer.output(at, buffer, sink).unwrap_or_else(|problem| {
            report(problem);
            Record::default()
        })
    };
    let picture = |outputs: &Vec<usize>| {
        renderer.renditions(outputs, store, sink).unwrap_or_else(|problem| {
            report(problem);
            Vec::new()
        })
    };
    let (mut records, pictures): (Vec<Record>, Vec<Vec<(usize, Record)>>) = rayon::join(
        || delta.kept.par_iter().enumerate().with_max_len(TOGETHER).map_init(|| buffers.take(), one).collect(),
        || pictures.par_iter().map(picture).collect(),
    );
    pictures.into_iter().flatten().for_each(|(at, record)| records[at] = record);
    let mut diagnostics = Diagnostics::new();
    for problem in problems.into_inner().unwrap_or_default() {
        diagnostics.push(problem);
    }
    for file in renderer.catalog.lost() {
        let message = "the file was changed while the site was being built";
        let found = Diagnostic::error("changed-meanwhile", file.start(), message);
        diagnostics.push(found.help("build again"));
    }
    (records, diagnostics)
}

/// What files are made in, as large as the largest so far: a thread takes one for a few files, and gives it back.
#[derive(Default)]
struct Buffers(Mutex<Vec<Vec<u8>>>);

struct Buffer<'b>(&'b Buffers, Vec<u8>);

impl Buffers {
    fn take(&self) -> Buffer<'_> {
        let free = self.0.lock().ok().and_then(|mut free| free.pop());
        Buffer(self, free.unwrap_or_default())
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        if let Ok(mut free) = self.0.0.lock() {
            free.push(std::mem::take(&mut self.1));
        }
    }
}

/// A view whose type no longer matters.
trait View {
    fn fingerprint(&self, salt: Fingerprint) -> Fingerprint;
    fn context(&self) -> TeraResult<Context>;
    fn section(&self) -> Option<&str>;
}

impl<T: Serialize + Paged> View for T {
    fn fingerprint(&self, salt: Fingerprint) -> Fingerprint {
        Fingerprint::of_view(self, salt)
    }

    fn context(&self) -> TeraResult<Context> {
        Context::from_serialize(self)
    }

    fn section(&self) -> Option<&str> {
        self.page().section.as_deref()
    }
}

/// A page but for its view: its template, and the parts of it that other pages have, too.
struct Frame<'p> {
    template: &'p str,
    lang: Lang,
    /// Lists of cards, by the name under which the template finds them.
    cards: Vec<(&'static str, Cow<'p, [EntryId]>)>,
    /// The listing whose facets stand beside it.
    facets: Option<&'p Listing>,
}

/// One card in one language: rendered once, whatever lists it is in.
#[derive(Default)]
struct CardCell {
    print: OnceLock<Fingerprint>,
    memo: memo::Slot,
    html: OnceLock<Value>,
}

/// What pages share while they are rendered: the site's values, and the parts that are the same on many.
pub struct Renderer<'c> {
    catalog: &'c Catalog,
    plan: &'c Plan,
    /// What all fingerprints are salted with: engine, theme, interface strings.
    pub epoch: Fingerprint,
    sites: Vec<(Value, Fingerprint)>,
    /// By type.
    entry_templates: Vec<EcoString>,
    memos: &'c Memos,
    /// Names of the entries, and fingerprints of what may be seen of them.
    names: Vec<Name>,
    prints: FxHashMap<Name, Fingerprint>,
    /// What was looked at for each output, in the plan's order.
    outputs: Vec<memo::Slot>,
    cards: Vec<Vec<CardCell>>,
    /// Dates as calendar files tell them, by language, then in the plan's order: each is written once for all files.
    events: Vec<Vec<OnceLock<view::Event>>>,
    /// Items of feeds, by language, then by entry: each is written once for all feeds.
    feed_items: Vec<Vec<OnceLock<Box<view::FeedItem>>>>,
    /// Terms as the data have them.
    terms: view::Terms,
    /// By language, then by section.
    menus: Vec<RwLock<FxHashMap<String, Value>>>,
    footers: Vec<OnceLock<Value>>,
}

/// A view of one kind or the other.
enum Made {
    Page(Box<dyn View>),
    SocialCard(view::SocialCard),
    /// The file itself.
    Data,
}

/// What an output is remembered by.
fn output_name(output: &Output) -> Name {
    xxh3_64(output.path.as_bytes())
}

/// The renditions of a picture, encoded from its file.
fn encode(picture: &PublishedAsset, renditions: &[Rendition]) -> Result<Vec<Vec<u8>>, Failure> {
    let bytes = std::fs::read(&picture.disk).ok().filter(|bytes| Fingerprint::of(bytes) == picture.fingerprint);
    let bytes = bytes.ok_or_else(|| {
        let message = "the file was changed while the site was being built";
        Diagnostic::in_file("changed-meanwhile", picture.path.clone(), message).help("build again")
    })?;
    let broken = |Broken(why)| catalog::broken(&picture.path, &format!("the picture cannot be decoded: {why}"));
    Ok(raster::encode(&bytes, renditions).map_err(broken)?)
}

/// What a card is remembered by.
fn card_name(entry: Name, lang: Lang) -> Name {
    entry.rotate_left(8) ^ u64::from(lang.0)
}

type Failure = Box<Diagnostic>;

impl<'c> Renderer<'c> {
    /// Ready to render a plan.
    pub fn new(catalog: &'c Catalog, plan: &'c Plan, memos: &'c Memos) -> Self {
        let names: Vec<Name> = catalog.ids().map(|id| catalog::name(catalog, id)).collect();
        let prints = catalog::prints(catalog, &names);
        let messages = catalog.messages.iter().map(Messages::fingerprint);
        let copies = plan.copies.iter().map(|encoder| encoder.print(Fingerprint::default()).0);
        let engine = [Fingerprint::of(ENGINE.as_bytes()), catalog.theme.digest].map(|print| print.0);
        let epoch = Fingerprint::of_numbers(engine.into_iter().chain(messages).chain(copies));
        let site = |lang| {
            let value = view::site(catalog, lang);
            let print = Fingerprint::of_view(&value, epoch);
            (value, print)
        };
        Renderer {
            catalog,
            plan,
            epoch,
            memos,
            prints: names.iter().copied().zip(prints).collect(),
            names,
            outputs: plan.outputs.iter().map(|_| memo::Slot::default()).collect(),
            sites: catalog.config.langs().map(site).collect(),
            entry_templates: catalog.types.iter().map(|t| catalog.theme.entry_template(&t.id)).collect(),
            events: catalog.config.langs().map(|_| plan.dates.iter().map(|_| OnceLock::new()).collect()).collect(),
            feed_items: catalog
                .config
                .langs()
                .map(|_| catalog.entries.iter().map(|_| OnceLock::new()).collect())
                .collect(),
            terms: view::Terms::of(catalog),
            menus: catalog.config.langs().map(|_| RwLock::default()).collect(),
            footers: catalog.config.langs().map(|_| OnceLock::new()).collect(),
            cards: catalog
                .config
                .langs()
                .map(|_| catalog.entries.iter().map(|_| CardCell::default()).collect())
                .collect(),
        }
    }

    /// The plan that this renders.
    pub fn plan(&self) -> &'c Plan {
        self.plan
    }

    /// The fingerprint of everything that goes into the output with this number.
    pub fn fingerprint(&self, at: usize) -> Fingerprint {
        let output = &self.plan.outputs[at];
        match &output.subject {
            Subject::Asset(index) => self.catalog.assets[*index].fingerprint,
            Subject::Rendition(index, rendition) => rendition.print(self.catalog.assets[*index].fingerprint),
            Subject::ThemeAsset(index) => Fingerprint::of(&self.catalog.theme.assets[*index].bytes),
            Subject::Sitemap(map) => Fingerprint::of_numbers([self.epoch.0, map.print.0]),
            Subject::HostFile(file) => Fingerprint::of(file.text(self.catalog, self.plan).as_bytes()),
            page => {
                let own = match self.key(page) {
                    Some(key) => {
                        self.remembered(output_name(output), key, &self.outputs[at], || self.print_of_view(page))
                    }
                    None => self.print_of_view(page),
                };
                self.complete(page, own)
            }
        }
    }

    fn print_of_view(&self, subject: &Subject) -> Fingerprint {
        self.view_print(subject, &mut Vec::new()).0
    }

    /// The fingerprint of a view by itself, and the view; one for other programs is put into the buffer, which is empty.
    fn view_print(&self, subject: &Subject, buffer: &mut Vec<u8>) -> (Fingerprint, Option<Made>) {
        match subject {
            Subject::Feed(feed, format) => {
                let items = &self.feed_items[feed.lang.index()];
                view::feed(self.catalog, feed, *format, items, buffer);
                (Fingerprint::of(buffer), Some(Made::Data))
            }
            Subject::SocialCard(id, lang) => {
                let view = view::social_card(self.catalog, *id, *lang);
                (Fingerprint::of_view(&view, self.epoch), Some(Made::SocialCard(view)))
            }
            Subject::Agenda(agenda) => {
                view::agenda(self.catalog, self.plan, agenda, &self.events[agenda.lang.index()], buffer);
                (Fingerprint::of(buffer), Some(Made::Data))
            }
            Subject::Data(_, file) => {
                view::data(self.catalog, self.plan, &self.terms, file, buffer);
                (Fingerprint::of(buffer), Some(Made::Data))
            }
            page => match self.view(page) {
                Some((lang, view)) => (view.fingerprint(self.sites[lang.index()].1), Some(Made::Page(view))),
                None => Default::default(),
            },
        }
    }

    /// The fingerprint of a view, remembered if everything that was looked at for it is as it was; else made.
    fn remembered(&self, name: Name, key: Fingerprint, slot: &Slot, make: impl FnOnce() -> Fingerprint) -> Fingerprint {
        if let Some(memo) = slot.get() {
            return memo.view;
        }
        if let Some(memo) = self.memos.get(name)
            && memo.key == self.with_seen(key, &memo.seen)
        {
            let _ = slot.set(Arc::clone(memo));
            return memo.view;
        }
        let (view, seen) = catalog::watch(make);
        self.remember(slot, key, seen, view);
        view
    }

    fn remember(&self, slot: &Slot, key: Fingerprint, seen: Vec<EntryId>, view: Fingerprint) {
        let seen: Box<[Name]> = seen.into_iter().map(|id| self.names[id.index()]).collect();
        let _ = slot.set(Arc::new(Memo { key: self.with_seen(key, &seen), view, seen }));
    }

    /// A key with the entries that were looked at, as they are now.
    fn with_seen(&self, key: Fingerprint, seen: &[Name]) -> Fingerprint {
        let print = |name: &Name| self.prints.get(name).map_or(0, |print| print.0);
        Fingerprint::of_numbers([key.0].into_iter().chain(seen.iter().map(print)))
    }

    /// The fingerprint of all that a view is made from but entries; `None` for views of the whole site, which are made
    /// anew each time.
    fn key(&self, subject: &Subject) -> Option<Fingerprint> {
        let (kind, lang, own) = match subject {
            Subject::Entry(id, lang) => (1, *lang, self.names[id.index()].into()),
            Subject::Listing(listing, number) if *number > 1 || !listing.selection.is_empty() => {
                let of_page = Fingerprint::of_numbers([self.plan.print(self.catalog, listing).0, *number as u128]);
                (2, listing.lang, of_page.0)
            }
            Subject::Directory(directory, number) => (3, directory.lang, self.directory_print(directory, *number).0),
            Subject::Data(tables, file) => {
                let (lang, print) = self.data_print(tables, file)?;
                (7, lang, print.0)
            }
            Subject::Agenda(agenda) => (8, agenda.lang, self.agenda_print(agenda).0),
            Subject::Feed(feed, format) => (4, feed.lang, self.feed_print(feed, *format).0),
            Subject::Calendar(calendar, at) => (6, calendar.lang, self.calendar_print(calendar, *at).0),
            Subject::SocialCard(Some(id), lang) => (9, *lang, self.names[id.index()].into()),
            _ => return None,
        };
        Some(self.global(kind, lang, own))
    }

    fn global(&self, kind: u128, lang: Lang, own: u128) -> Fingerprint {
        let Lang(number) = lang;
        let site = self.sites[lang.index()].1;
        Fingerprint::of_numbers([kind, self.epoch.0, self.catalog.declared.0, number.into(), site.0, own])
    }

    fn directory_print(&self, directory: &Directory, number: usize) -> Fingerprint {
        let pages = self.plan.directories.iter().filter(|d| d.type_index == directory.type_index);
        let pages = pages.flat_map(|d| [u128::from(d.lang.0), d.pages.len() as u128]);
        let letters = directory.pages.iter().enumerate().flat_map(|(at, letters)| {
            letters.iter().flat_map(move |l| [at as u128, Fingerprint::of(l.letter.as_bytes()).0])
        });
        let entries = directory.pages[number - 1].iter().flat_map(|letter| {
            letter.entries.iter().map(|id| self.names[id.index()].into()).chain([letter.entries.len() as u128])
        });
        let head = [directory.type_index as u128, number as u128, directory.count as u128];
        Fingerprint::of_numbers(head.into_iter().chain(pages).chain(letters).chain(entries))
    }

    fn calendar_print(&self, calendar: &Calendar, at: Option<(i16, usize)>) -> Fingerprint {
        let page = at.map_or([0, 0], |(year, number)| [year as u128, number as u128]);
        let all = self.plan.calendars.iter();
        let years = all.flat_map(|other| {
            other.years.iter().flat_map(|y| [y.year as u128, y.count as u128, y.pages.len() as u128])
        });
        let dates = calendar.months(at).iter().flat_map(|month| {
            let dates = month.dates.iter();
            dates.flat_map(|date| [self.names[date.entry.index()].into(), date.field as u128, date.value as u128])
        });
        Fingerprint::of_numbers([calendar.coming.into()].into_iter().chain(page).chain(years).chain(dates))
    }

    /// The language of a data file, and the fingerprint of which entries it is about; `None` for those of the whole site.
    fn data_print(&self, tables: &Tables, file: &DataFile) -> Option<(Lang, Fingerprint)> {
        let of_entries = |kind: u128, table: usize, entries: &[EntryId]| {
            let head = [kind, tables[table].type_index as u128, tables[table].entries.len() as u128];
            Fingerprint::of_numbers(head.into_iter().chain(entries.iter().map(|id| self.names[id.index()].into())))
        };
        match file {
            DataFile::Entry(id) => Some((Lang(0), Fingerprint::of_numbers([0, u128::from(self.names[id.index()])]))),
            DataFile::Json(table, part) => {
                Some((Lang(0), of_entries(*part as u128, *table, tables[*table].part(*part))))
            }
            DataFile::Csv(table, lang) => Some((*lang, of_entries(0, *table, &tables[*table].entries))),
            _ => None,
        }
    }

    fn feed_print(&self, feed: &Feed, format: FeedFormat) -> Fingerprint {
        let words = [feed.title.as_str(), format.file(), &feed.address(format).0, &feed.archives.to_string()];
        let words = Fingerprint::of_parts(words.map(str::as_bytes));
        let entries = feed
            .items
            .iter()
            .flat_map(|told| [u128::from(self.names[told.entry.index()])].into_iter().chain(told.numbers()));
        Fingerprint::of_numbers([words.0].into_iter().chain(entries))
    }

    fn agenda_print(&self, agenda: &Agenda) -> Fingerprint {
        let words = [agenda.title.as_str(), agenda.address.0.as_str(), agenda.page.0.as_str()];
        let words = Fingerprint::of_parts(words.map(str::as_bytes));
        let dates = agenda.dates.iter().map(|at| self.plan.dates[*at as usize]);
        let dates =
            dates.flat_map(|date| [self.names[date.entry.index()].into(), date.field as u128, date.value as u128]);
        Fingerprint::of_numbers([words.0].into_iter().chain(dates))
    }

    /// The fingerprint of a page: of its view and of the parts that it shares with others.
    fn complete(&self, subject: &Subject, own: Fingerprint) -> Fingerprint {
        let Some(frame) = self.frame(subject) else { return own };
        let cards = frame.cards.iter().flat_map(|(name, ids)| {
            let name = Fingerprint::of(name.as_bytes()).0;
            [name, ids.len() as u128].into_iter().chain(ids.iter().map(|id| self.card_print(*id, frame.lang).0))
        });
        let facets = frame.facets.map(|listing| listing.panel_print().0);
        let template = Fingerprint::of(frame.template.as_bytes()).0;
        Fingerprint::of_numbers([own.0, template].into_iter().chain(cards).chain(facets))
    }

    fn card_print(&self, id: EntryId, lang: Lang) -> Fingerprint {
        let cell = &self.cards[lang.index()][id.index()];
        *cell.print.get_or_init(|| {
            let name = self.names[id.index()];
            let make = || Fingerprint::of_view(&view::card(self.catalog, id, lang), self.epoch);
            self.remembered(card_name(name, lang), self.global(5, lang, name.into()), &cell.memo, make)
        })
    }

    /// The template of a page; `None` for what is not a page.
    pub fn template_of<'s>(&'s self, subject: &'s Subject) -> Option<&'s str> {
        self.frame(subject).map(|frame| frame.template)
    }

    /// The entries that were looked at for the view of the output with this number, and those whose cards are on it.
    pub fn seen(&self, at: usize) -> (Vec<EntryId>, Vec<EntryId>) {
        let subject = &self.plan.outputs[at].subject;
        let (_, seen) = catalog::watch(|| self.print_of_view(subject));
        let frame = self.frame(subject);
        let cards = frame.iter().flat_map(|frame| &frame.cards).flat_map(|(_, ids)| ids.iter().copied());
        (seen, cards.collect())
    }

    /// Which outputs may show something of these entries, in the plan's order, as far as it is remembered what they showed.
    pub fn showing(&self, entries: &FxHashSet<EntryId>) -> Vec<bool> {
        let names: FxHashSet<Name> = entries.iter().map(|id| self.names[id.index()]).collect();
        let saw = |name: Name| match self.memos.get(name) {
            Some(memo) => memo.seen.iter().any(|name| names.contains(name)),
            None => true,
        };
        let cards = |lang: usize| self.names.par_iter().map(move |name| saw(card_name(*name, Lang(lang as u8))));
        let cards: Vec<Vec<bool>> = (0..self.sites.len()).map(|lang| cards(lang).collect()).collect();
        let shows = |output: &Output| {
            let Some(frame) = self.frame(&output.subject) else { return saw(output_name(output)) };
            let card = |id: &EntryId| cards[frame.lang.index()][id.index()];
            saw(output_name(output)) || frame.cards.iter().any(|(_, ids)| ids.iter().any(card))
        };
        let is_file = |output: &Output| {
            matches!(
                output.subject,
                Subject::Sitemap(_)
                    | Subject::HostFile(_)
                    | Subject::Asset(_)
                    | Subject::Rendition(..)
                    | Subject::ThemeAsset(_)
            )
        };
        self.plan.outputs.par_iter().map(|output| !is_file(output) && shows(output)).collect()
    }

    /// All that is remembered of this build, for the next one.
    pub fn memos(&self) -> Vec<(Name, Arc<Memo>)> {
        let outputs = self.plan.outputs.par_iter().zip(&self.outputs);
        let of_outputs = outputs.filter_map(|(output, slot)| Some((output_name(output), slot.get()?.clone())));
        let of_cards = self.cards.par_iter().enumerate().flat_map(|(lang, cells)| {
            let lang = Lang(lang as u8);
            let cells = self.names.par_iter().zip(cells);
            cells.filter_map(move |(name, cell)| Some((card_name(*name, lang), cell.memo.get()?.clone())))
        });
        of_outputs.chain(of_cards).collect()
    }

    fn output(&self, at: usize, buffer: &mut Vec<u8>, sink: &dyn Sink) -> Result<Record, Failure> {
        let output = &self.plan.outputs[at];
        let view = match &output.subject {
            Subject::Asset(index) => {
                let asset = &self.catalog.assets[*index];
                self.store(output, Content::CopyOf(&asset.disk), asset.fingerprint, sink)?;
                return Ok(Record { len: asset.len, content: Some(asset.fingerprint), view: asset.fingerprint });
            }
            Subject::ThemeAsset(index) => {
                buffer.extend_from_slice(&self.catalog.theme.assets[*index].bytes);
                Fingerprint::of(buffer)
            }
            Subject::Sitemap(map) => {
                view::sitemap(self.catalog, map, buffer);
                self.fingerprint(at)
            }
            Subject::HostFile(file) => {
                buffer.extend_from_slice(file.text(self.catalog, self.plan).as_bytes());
                Fingerprint::of(buffer)
            }
            // Made with the others of the same picture.
            Subject::Rendition(..) => return Ok(Record::default()),
            page => {
                let ((own, made), seen) = catalog::watch(|| self.view_print(page, buffer));
                if let Some(key) = self.key(page) {
                    self.remember(&self.outputs[at], key, seen, own);
                }
                match made {
                    Some(Made::SocialCard(card)) => {
                        if let Some(painter) = &self.catalog.theme.painter {
                            painter.paint(&card.words(painter), buffer);
                        }
                    }
                    Some(Made::Page(view)) => self.page(page, &*view, buffer)?,
                    Some(Made::Data) | None => {}
                }
                self.complete(page, own)
            }
        };
        let content = Fingerprint::of(buffer);
        self.store(output, Content::Bytes(buffer), content, sink)?;
        Ok(Record { len: buffer.len() as u64, content: Some(content), view })
    }

    /// The renditions that are to be made, by the picture that they are of: one thread decodes a picture, once.
    fn pictures(&self, delta: &Delta) -> Vec<Vec<usize>> {
        let mut pictures: BTreeMap<Fingerprint, Vec<usize>> = BTreeMap::new();
        let outputs = self.plan.outputs.iter().zip(&delta.kept).enumerate();
        for (at, (output, _)) in outputs.filter(|(_, (_, kept))| kept.is_none()) {
            if let Subject::Rendition(index, _) = output.subject {
                pictures.entry(self.catalog.assets[index].fingerprint).or_default().push(at);
            }
        }
        pictures.into_values().collect()
    }

    /// Renditions of one picture: from the store, else encoded.
    fn renditions(&self, outputs: &[usize], store: &Store, sink: &dyn Sink) -> Result<Vec<(usize, Record)>, Failure> {
        let mut wanted: BTreeMap<Rendition, Vec<usize>> = BTreeMap::new();
        let mut picture = None;
        for at in outputs {
            if let Subject::Rendition(index, rendition) = self.plan.outputs[*at].subject {
                wanted.entry(rendition).or_default().push(*at);
                picture = Some(&self.catalog.assets[index]);
            }
        }
        let Some(picture) = picture else { return Ok(Vec::new()) };
        let print = |rendition: &Rendition| rendition.print(picture.fingerprint);
        let mut made: BTreeMap<Rendition, Vec<u8>> =
            wanted.keys().filter_map(|rendition| Some((*rendition, store.get(print(rendition))?))).collect();
        let missing: Vec<Rendition> =
            wanted.keys().filter(|rendition| !made.contains_key(*rendition)).copied().collect();
        if !missing.is_empty() {
            let encoded = encode(picture, &missing)?;
            for (rendition, bytes) in missing.iter().zip(encoded) {
                store.put(print(rendition), &bytes);
                made.insert(*rendition, bytes);
            }
        }
        let mut records = Vec::with_capacity(outputs.len());
        for (rendition, bytes) in &made {
            let content = Fingerprint::of(bytes);
            for at in &wanted[rendition] {
                self.store(&self.plan.outputs[*at], Content::Bytes(bytes), content, sink)?;
                let record = Record { len: bytes.len() as u64, content: Some(content), view: print(rendition) };
                records.push((*at, record));
            }
        }
        Ok(records)
    }

    fn store(&self, output: &Output, content: Content<'_>, print: Fingerprint, sink: &dyn Sink) -> Result<(), Failure> {
        sink.put(&output.path, content, print).map_err(|error| {
            Box::new(
                Diagnostic::in_file("cannot-write", output.path.clone(), format!("cannot be written: {error}"))
                    .help("check the permissions of the output folder, and that the disk has room"),
            )
        })
    }

    /// The view of a page, and its language; `None` for what is not a page.
    fn view(&self, subject: &Subject) -> Option<(Lang, Box<dyn View>)> {
        let (catalog, plan) = (self.catalog, self.plan);
        Some(match subject {
            Subject::Chooser => (Lang(0), Box::new(view::chooser(catalog))),
            Subject::NotFound(lang) => (*lang, Box::new(view::not_found(catalog, *lang))),
            Subject::Home(lang) => (*lang, Box::new(view::home(catalog, plan, *lang))),
            Subject::Directory(directory, number) => {
                (directory.lang, Box::new(view::directory(catalog, plan, directory, *number)))
            }
            Subject::Listing(listing, number) => {
                (listing.lang, Box::new(view::listing(catalog, plan, listing, *number)))
            }
            Subject::Calendar(calendar, at) => (calendar.lang, Box::new(view::calendar(catalog, plan, calendar, *at))),
            Subject::Search(lang) => (*lang, Box::new(view::search(catalog, plan, *lang))),
            Subject::DataPage(lang) => (*lang, Box::new(view::data_page(catalog, plan, *lang))),
            Subject::Entry(id, lang) => (*lang, Box::new(view::entry(catalog, *id, *lang))),
            Subject::Past(past) => (past.lang, Box::new(view::past(catalog, plan, past))),
            Subject::Feed(..)
            | Subject::SocialCard(..)
            | Subject::Agenda(_)
            | Subject::Data(..)
            | Subject::Sitemap(_)
            | Subject::HostFile(_)
            | Subject::Asset(_)
            | Subject::Rendition(..)
            | Subject::ThemeAsset(_) => return None,
        })
    }

    /// What surrounds a page's view; `None` for what is not a page.
    fn frame<'s>(&'s self, subject: &'s Subject) -> Option<Frame<'s>> {
        let plain = |template, lang| Frame { template, lang, cards: Vec::new(), facets: None };
        Some(match subject {
            Subject::Chooser => plain("chooser.html", Lang(0)),
            Subject::NotFound(lang) => plain("404.html", *lang),
            Subject::Directory(directory, _) => plain("directory.html", directory.lang),
            Subject::Calendar(calendar, _) => plain("calendar.html", calendar.lang),
            Subject::Search(lang) => plain("search.html", *lang),
            Subject::DataPage(lang) => plain("data.html", *lang),
            Subject::Home(lang) => {
                let Shelves { featured, open, latest } = &self.plan.homes[lang.index()];
                let cards = vec![
                    ("featured", Cow::Borrowed(featured.as_slice())),
                    ("open", Cow::Borrowed(open.as_slice())),
                    ("latest", Cow::Borrowed(latest.as_slice())),
                ];
                Frame { cards, ..plain("home.html", *lang) }
            }
            Subject::Listing(listing, number) => {
                let cards = vec![("cards", Cow::Borrowed(listing.page(self.catalog, *number)))];
                Frame { cards, facets: Some(listing), ..plain("listing.html", listing.lang) }
            }
            Subject::Entry(id, lang) => {
                let related = self.catalog.entry(*id).related.iter().copied();
                let cards = related.filter(|other| self.catalog.lists(*other, *lang)).collect();
                Frame { cards: vec![("cards", Cow::Owned(cards))], ..plain(self.template_of_entry(*id), *lang) }
            }
            Subject::Past(past) => match past.fate {
                Fate::Moved { .. } => plain("moved.html", past.lang),
                Fate::Gone(_) | Fate::Empty(_) => plain("gone.html", past.lang),
            },
            Subject::Feed(..)
            | Subject::SocialCard(..)
            | Subject::Agenda(_)
            | Subject::Data(..)
            | Subject::Sitemap(_)
            | Subject::HostFile(_)
            | Subject::Asset(_)
            | Subject::Rendition(..)
            | Subject::ThemeAsset(_) => return None,
        })
    }

    fn template_of_entry(&self, id: EntryId) -> &str {
        &self.entry_templates[self.catalog.entries[id.index()].type_index]
    }

    fn page(&self, subject: &Subject, view: &dyn View, buffer: &mut Vec<u8>) -> Result<(), Failure> {
        let Some(frame) = self.frame(subject) else { return Ok(()) };
        let failed = |error: tera::Error| Box::new(self.catalog.theme.explain(&error, frame.template));
        let mut context = view.context().map_err(failed)?;
        for (name, ids) in &frame.cards {
            let cards: Result<Vec<Value>, Failure> = ids.iter().map(|id| self.card(*id, frame.lang)).collect();
            context.insert_value(*name, Value::from(cards?.as_slice()));
        }
        if let Some(listing) = frame.facets {
            let facets = listing.panel_html(|| {
                let mut context = Context::new();
                context.insert("facets", &listing.panels);
                self.fragment("facets.html", context, frame.lang)
            });
            context.insert_value("facets", facets?.clone());
        }
        context.insert_value("menu", self.menu(view.section(), frame.lang)?);
        context.insert_value("footer", self.footer(frame.lang)?);
        self.template(frame.template, context, frame.lang, buffer)
    }

    /// The menu as a page of this section shows it.
    fn menu(&self, section: Option<&str>, lang: Lang) -> Result<Value, Failure> {
        let key = section.unwrap_or_default();
        let menus = &self.menus[lang.index()];
        if let Ok(known) = menus.read()
            && let Some(menu) = known.get(key)
        {
            return Ok(menu.clone());
        }
        let mut context = Context::new();
        context.insert("section", &section);
        let menu = self.fragment("menu.html", context, lang)?;
        if let Ok(mut known) = menus.write() {
            known.insert(key.to_owned(), menu.clone());
        }
        Ok(menu)
    }

    fn footer(&self, lang: Lang) -> Result<Value, Failure> {
        let slot = &self.footers[lang.index()];
        if let Some(footer) = slot.get() {
            return Ok(footer.clone());
        }
        let footer = self.fragment("footer.html", Context::new(), lang)?;
        Ok(slot.get_or_init(|| footer).clone())
    }

    /// A part of pages, rendered once for all that have it.
    fn fragment(&self, template: &str, context: Context, lang: Lang) -> Result<Value, Failure> {
        let mut buffer = Vec::new();
        self.template(template, context, lang, &mut buffer)?;
        // Templates and views are texts.
        Ok(Value::safe_string(utf8(buffer).unwrap_or_default().trim_ascii()))
    }

    fn card(&self, id: EntryId, lang: Lang) -> Result<Value, Failure> {
        #[derive(Serialize)]
        struct Alone {
            card: view::Card,
        }
        let cell = &self.cards[lang.index()][id.index()];
        if let Some(card) = cell.html.get() {
            return Ok(card.clone());
        }
        let failed = |error: tera::Error| Box::new(self.catalog.theme.explain(&error, "card.html"));
        let (view, seen) = catalog::watch(|| view::card(self.catalog, id, lang));
        let name = self.names[id.index()];
        let print = Fingerprint::of_view(&view, self.epoch);
        self.remember(&cell.memo, self.global(5, lang, name.into()), seen, print);
        let _ = cell.print.set(print);
        let context = Context::from_serialize(&Alone { card: view }).map_err(failed)?;
        let card = self.fragment("card.html", context, lang)?;
        Ok(cell.html.get_or_init(|| card).clone())
    }

    fn template(&self, name: &str, mut context: Context, lang: Lang, buffer: &mut Vec<u8>) -> Result<(), Failure> {
        context.insert_value("site", self.sites[lang.index()].0.clone());
        context.insert_value("lang", Value::normal_string(self.catalog.config.tag(lang)));
        let theme = &self.catalog.theme;
        theme.tera.render_to(name, &context, buffer).map_err(|error| Box::new(theme.explain(&error, name)))
    }
}
