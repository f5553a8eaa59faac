//! Phase 6, render: from views to bytes, through the theme's templates; it decides neither what is written nor where.

use std::sync::{Mutex, OnceLock, RwLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;
use tera::{Context, TeraResult, Value};

use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::delta::Delta;
use crate::diag::{Diagnostic, Diagnostics};
use crate::fingerprint::{ENGINE_EPOCH, Fingerprint};
use crate::manifest::Record;
use crate::plan::{Listing, Output, Plan, Subject};
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

/// The record of every output, in the plan's order, and what went wrong in templates or in writing.
pub fn render(
    renderer: &Renderer<'_>,
    delta: &Delta,
    sink: &dyn Sink,
    progress: &(dyn Fn() + Sync),
) -> (Vec<Record>, Diagnostics) {
    let problems: Mutex<Vec<Diagnostic>> = Mutex::new(Vec::new());
    let one = |buffer: &mut Vec<u8>, (output, kept): (&Output, &Option<Record>)| {
        progress();
        if let Some(record) = kept {
            return *record;
        }
        buffer.clear();
        renderer.output(output, buffer, sink).unwrap_or_else(|problem| {
            if let Ok(mut problems) = problems.lock()
                && !problems.contains(&problem)
            {
                problems.push(*problem);
            }
            Record::default()
        })
    };
    let records = renderer.plan.outputs.par_iter().zip(&delta.kept).map_init(Vec::new, one).collect();
    let mut diagnostics = Diagnostics::new();
    for problem in problems.into_inner().unwrap_or_default() {
        diagnostics.push(problem);
    }
    (records, diagnostics)
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

/// A page before it is rendered: its template and everything that the template may see.
struct Prepared<'p> {
    template: &'static str,
    lang: Lang,
    view: Box<dyn View>,
    /// Lists of cards, by the name under which the template finds them.
    cards: Vec<(&'static str, Vec<EntryId>)>,
    /// The listing whose facets stand beside it.
    facets: Option<&'p Listing>,
}

/// One card in one language: rendered once, whatever lists it is in.
#[derive(Default)]
struct CardCell {
    print: OnceLock<Fingerprint>,
    html: OnceLock<Value>,
}

/// What pages share while they are rendered: the site's values, and the parts that are the same on many.
pub struct Renderer<'c> {
    catalog: &'c Catalog,
    plan: &'c Plan,
    /// What all fingerprints are salted with: engine, theme, interface strings.
    pub epoch: Fingerprint,
    sites: Vec<(Value, Fingerprint)>,
    cards: Vec<Vec<CardCell>>,
    /// By language, then by section.
    menus: Vec<RwLock<FxHashMap<String, Value>>>,
    footers: Vec<OnceLock<Value>>,
}

type Failure = Box<Diagnostic>;

impl<'c> Renderer<'c> {
    /// Ready to render a plan.
    pub fn new(catalog: &'c Catalog, plan: &'c Plan) -> Self {
        let mut parts = vec![ENGINE_EPOCH.to_le_bytes().to_vec(), catalog.theme.digest.0.to_le_bytes().to_vec()];
        parts.extend(catalog.messages.iter().map(|set| set.fingerprint().to_le_bytes().to_vec()));
        let epoch = Fingerprint::of_parts(parts.iter().map(Vec::as_slice));
        let site = |lang| {
            let value = view::site(catalog, lang);
            let print = Fingerprint::of_view(&value, epoch);
            (value, print)
        };
        Renderer {
            catalog,
            plan,
            epoch,
            sites: catalog.config.langs().map(site).collect(),
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

    /// The fingerprint of everything that goes into an output.
    pub fn fingerprint(&self, subject: &Subject) -> Fingerprint {
        match subject {
            Subject::Asset(index) => self.catalog.assets[*index].fingerprint,
            Subject::ThemeAsset(index) => Fingerprint::of(&self.catalog.theme.assets[*index].bytes),
            Subject::Feed(feed) => Fingerprint::of_view(&view::feed(self.catalog, feed), self.epoch),
            page => self.prepare(page).map_or_else(Fingerprint::default, |page| self.print(&page)),
        }
    }

    fn print(&self, page: &Prepared<'_>) -> Fingerprint {
        let own = page.view.fingerprint(self.sites[page.lang.index()].1);
        let mut parts: Vec<Vec<u8>> = vec![own.0.to_le_bytes().to_vec(), page.template.as_bytes().to_vec()];
        for (name, ids) in &page.cards {
            parts.push(name.as_bytes().to_vec());
            parts.extend(ids.iter().map(|id| self.card_print(*id, page.lang).0.to_le_bytes().to_vec()));
        }
        if let Some(listing) = page.facets {
            parts.push(listing.panel_print().0.to_le_bytes().to_vec());
        }
        Fingerprint::of_parts(parts.iter().map(Vec::as_slice))
    }

    fn card_print(&self, id: EntryId, lang: Lang) -> Fingerprint {
        let cell = &self.cards[lang.index()][id.index()];
        *cell.print.get_or_init(|| Fingerprint::of_view(&view::card(self.catalog, id, lang), self.epoch))
    }

    fn output(&self, output: &Output, buffer: &mut Vec<u8>, sink: &dyn Sink) -> Result<Record, Failure> {
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
            Subject::Feed(feed) => {
                let view = view::feed(self.catalog, feed);
                let mut text = String::new();
                view.write(&mut text);
                buffer.extend_from_slice(text.as_bytes());
                Fingerprint::of_view(&view, self.epoch)
            }
            page => match self.prepare(page) {
                Some(page) => {
                    self.page(&page, buffer)?;
                    self.print(&page)
                }
                None => Fingerprint::default(),
            },
        };
        let content = Fingerprint::of(buffer);
        self.store(output, Content::Bytes(buffer), content, sink)?;
        Ok(Record { len: buffer.len() as u64, content: Some(content), view })
    }

    fn store(&self, output: &Output, content: Content<'_>, print: Fingerprint, sink: &dyn Sink) -> Result<(), Failure> {
        sink.put(&output.path, content, print).map_err(|error| {
            Box::new(
                Diagnostic::in_file("cannot-write", output.path.clone(), format!("cannot be written: {error}"))
                    .help("check the permissions of the output folder, and that the disk has room"),
            )
        })
    }

    /// The view of a page; `None` for what is not a page.
    fn prepare<'s>(&self, subject: &'s Subject) -> Option<Prepared<'s>> {
        let (catalog, plan) = (self.catalog, self.plan);
        let plain =
            |template, lang, view: Box<dyn View>| Prepared { template, lang, view, cards: Vec::new(), facets: None };
        Some(match subject {
            Subject::Chooser => plain("chooser.html", Lang(0), Box::new(view::chooser(catalog))),
            Subject::NotFound(lang) => plain("404.html", *lang, Box::new(view::not_found(catalog, *lang))),
            Subject::Directory(directory, number) => {
                plain("directory.html", directory.lang, Box::new(view::directory(catalog, plan, directory, *number)))
            }
            Subject::Home(lang) => {
                let mut view = view::home(catalog, plan, *lang);
                let cards = vec![
                    ("featured", std::mem::take(&mut view.featured)),
                    ("open", std::mem::take(&mut view.open)),
                    ("latest", std::mem::take(&mut view.latest)),
                ];
                Prepared { cards, ..plain("home.html", *lang, Box::new(view)) }
            }
            Subject::Listing(listing, number) => {
                let mut view = view::listing(catalog, plan, listing, *number);
                let cards = vec![("cards", std::mem::take(&mut view.cards))];
                Prepared { cards, facets: Some(listing), ..plain("listing.html", listing.lang, Box::new(view)) }
            }
            Subject::Entry(id, lang) => {
                let mut view = view::entry(catalog, *id, *lang);
                let cards = vec![("cards", std::mem::take(&mut view.cards))];
                Prepared { cards, ..plain("entry.html", *lang, Box::new(view)) }
            }
            Subject::Feed(_) | Subject::Asset(_) | Subject::ThemeAsset(_) => return None,
        })
    }

    fn page(&self, page: &Prepared<'_>, buffer: &mut Vec<u8>) -> Result<(), Failure> {
        let failed = |error: tera::Error| Box::new(self.catalog.theme.explain(&error, page.template));
        let mut context = page.view.context().map_err(failed)?;
        for (name, ids) in &page.cards {
            let cards: Result<Vec<Value>, Failure> = ids.iter().map(|id| self.card(*id, page.lang)).collect();
            context.insert_value(*name, Value::from(cards?.as_slice()));
        }
        if let Some(listing) = page.facets {
            let facets = listing.panel_html(|| {
                let mut context = Context::new();
                context.insert("facets", &listing.panels);
                self.fragment("facets.html", context, page.lang)
            });
            context.insert_value("facets", facets?.clone());
        }
        context.insert_value("menu", self.menu(page.view.section(), page.lang)?);
        context.insert_value("footer", self.footer(page.lang)?);
        self.template(page.template, context, page.lang, buffer)
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
        Ok(Value::safe_string(String::from_utf8_lossy(&buffer).trim_ascii()))
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
        let context = Context::from_serialize(&Alone { card: view::card(self.catalog, id, lang) }).map_err(failed)?;
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
