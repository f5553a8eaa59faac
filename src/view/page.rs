//! Pages that are about many entries: home, listings, directories, the language chooser, "not found".

use schemars::JsonSchema;
use serde::Serialize;

use super::body::{self, Reader};
use super::json_ld::{self, About};
use super::network::{News, news};
use super::picture::{self, Pictures, WaysIn};
use super::social;
use super::{Alternate, CalendarLink, Crumb, FeedLink, Page, Switch, Text, feed_links, links_to_changes};
use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::document::Intro;
use crate::document::network::HOME;
use crate::html;
use crate::plan::{Agenda, Directory, Listing, Plan};
use crate::url::Address;

/// What a page's head is made from.
pub(super) struct Head<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) lang: Lang,
    pub(super) title: &'a str,
    /// What kind of thing the page is about, for its `title` element.
    pub(super) kind: Option<&'a str>,
    /// The language of title and description, where it may not be the page's.
    pub(super) title_lang: Option<Lang>,
    pub(super) description: &'a str,
    pub(super) canonical: &'a Address,
    pub(super) robots: Option<&'static str>,
    pub(super) section: Option<String>,
    pub(super) crumbs: Vec<Crumb>,
    /// The page in each language, and whether it is a real version there.
    pub(super) versions: Vec<(Lang, &'a Address, bool)>,
    /// Whether hreflang names the versions.
    pub(super) linked: bool,
    pub(super) feeds: Vec<FeedLink>,
}

impl Head<'_> {
    pub(super) fn page(self) -> Page {
        self.page_about(About::default(), None)
    }

    /// A page that is about something, for those who read its graph; `entry` is the one that it is the page of.
    pub(super) fn page_about(self, about: About<'_>, entry: Option<EntryId>) -> Page {
        let Head { catalog, lang, title, description, .. } = self;
        let config = &catalog.config;
        let site_title = config.title[lang.index()].as_str();
        let head_lang = self.title_lang.filter(|at| *at != lang).map(|at| config.tag(at).to_owned());
        // An element has one language: a foreign title stands alone.
        let head_title = if title == site_title || head_lang.is_some() {
            title.to_owned()
        } else {
            let kind = self.kind.map(|kind| format!(" – {kind}")).unwrap_or_default();
            format!("{title}{kind} – {site_title}")
        };
        let real: Vec<_> = self.versions.iter().filter(|(.., real)| *real).collect();
        let alternates = match self.linked && real.len() > 1 {
            true => real
                .iter()
                .map(|(each, address, _)| Alternate {
                    hreflang: config.tag(*each).to_owned(),
                    href: config.base.absolute(address),
                })
                .collect(),
            false => Vec::new(),
        };
        let switcher = self.versions.iter().map(|(each, address, real)| Switch {
            tag: config.tag(*each).to_owned(),
            name: catalog.locale(*each).own_name().to_owned(),
            href: config.base.href(address),
            current: *each == lang,
            facts: !real,
        });
        // A page that search engines are to leave alone tells them nothing.
        let json_ld = self.robots.is_none().then(|| {
            let own = self.versions.iter().find(|(each, ..)| *each == lang).map_or(self.canonical, |(_, own, _)| own);
            let of = json_ld::Of {
                catalog,
                lang,
                address: own,
                title,
                title_lang: self.title_lang,
                description,
                crumbs: &self.crumbs,
            };
            json_ld::graph(&of, about)
        });
        let mut feeds = self.feeds;
        // One that every reader of feeds understands will do.
        feeds.extend(feed_links(catalog, &Address::home(config.tag(lang)), site_title).next());
        Page {
            lang: config.tag(lang).to_owned(),
            dir: if catalog.locale(lang).is_rtl() { "rtl" } else { "ltr" },
            title: title.to_owned(),
            head_title,
            head_lang,
            description: description.to_owned(),
            canonical: config.base.absolute(self.canonical),
            robots: self.robots,
            alternates,
            feeds,
            calendar: None,
            data: None,
            picture: self.robots.is_none().then(|| social::picture(catalog, entry, lang)).flatten(),
            breadcrumbs: self.crumbs,
            switcher: switcher.collect(),
            section: self.section,
            json_ld,
        }
    }
}

/// The first step of every breadcrumb.
pub(super) fn home_crumb(catalog: &Catalog, lang: Lang) -> Crumb {
    Crumb {
        title: Text::own(catalog.message(lang, "home")),
        href: Some(catalog.config.base.href(&Address::home(catalog.config.tag(lang)))),
    }
}

/// The text above a listing or on the home page: the reader's, or none.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(super) struct IntroView {
    title: Option<String>,
    summary: Option<String>,
    html: String,
}

fn intro(catalog: &Catalog, type_index: Option<usize>, lang: Lang) -> IntroView {
    let of = |intro: &&Intro| intro.type_index == type_index && intro.text.lang == lang;
    let Some(intro) = catalog.intros.iter().find(of) else { return IntroView::default() };
    let reader = Reader { catalog, owner: None, text: lang, page: lang, ids: &[] };
    let html = body::fill(&intro.text.body, &intro.text.body.html, &reader);
    IntroView { title: intro.title.clone(), summary: intro.summary.clone(), html }
}

/// What `home.html` sees.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HomeView {
    /// Head and surroundings.
    pub page: Page,
    title: String,
    description: String,
    intro: IntroView,
    types: Vec<TypeTile>,
    ways_in: Option<WaysIn>,
    pictures: Pictures,
    /// What partners publish elsewhere.
    network: Vec<News>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TypeTile {
    id: String,
    label: String,
    description: String,
    href: String,
    count: usize,
}

/// The home page of a language.
pub fn home(catalog: &Catalog, plan: &Plan, lang: Lang) -> HomeView {
    let config = &catalog.config;
    let title = config.title[lang.index()].as_str();
    let description = config.description.as_ref().map_or("", |d| &d[lang.index()]);
    let mut page = front(catalog, lang, &Address::home(config.tag(lang)));
    page.calendar = calendar_link(catalog, plan.agendas[lang.index()].as_deref());
    let types = catalog.types.iter().enumerate().filter(|(_, t)| !t.root).filter_map(|(at, definition)| {
        let listing = plan.listing(at, lang)?;
        Some(TypeTile {
            id: definition.id.to_string(),
            label: definition.label[lang.index()].to_string(),
            description: definition.description.as_ref().map_or_else(String::new, |d| d[lang.index()].to_string()),
            href: config.base.href(&listing.address),
            count: listing.entries.len(),
        })
    });
    let mut types: Vec<TypeTile> = types.filter(|t| t.count > 0).collect();
    by_menu(catalog, &mut types, |t| &t.id);
    HomeView {
        page,
        title: title.to_owned(),
        description: description.to_owned(),
        intro: intro(catalog, None, lang),
        types,
        ways_in: picture::ways_in(catalog, plan, lang),
        pictures: Pictures::of_home(catalog, plan, lang),
        network: news(catalog, lang, HOME),
    }
}

/// The link to a calendar file, where there is one.
pub(super) fn calendar_link(catalog: &Catalog, agenda: Option<&Agenda>) -> Option<CalendarLink> {
    agenda.map(|agenda| CalendarLink { title: agenda.title.clone(), href: catalog.config.base.href(&agenda.address) })
}

/// Sorts what stands for types as the menu does; the others follow.
pub(super) fn by_menu<T>(catalog: &Catalog, types: &mut [T], id: impl Fn(&T) -> &str) {
    types.sort_by_key(|t| catalog.config.menu.iter().position(|(item, _)| item == id(t)).unwrap_or(usize::MAX));
}

/// Head and surroundings of the pages that stand for the whole portal; `x-default` is the language chooser.
fn front(catalog: &Catalog, lang: Lang, canonical: &Address) -> Page {
    let config = &catalog.config;
    let homes: Vec<Address> = config.langs().map(|each| Address::home(config.tag(each))).collect();
    let mut page = Head {
        catalog,
        lang,
        title: &config.title[lang.index()],
        title_lang: None,
        kind: None,
        description: config.description.as_ref().map_or("", |d| &d[lang.index()]),
        canonical,
        robots: None,
        section: None,
        crumbs: Vec::new(),
        versions: config.langs().map(|each| (each, &homes[each.index()], true)).collect(),
        linked: true,
        feeds: feed_links(catalog, &homes[lang.index()], &config.title[lang.index()])
            .skip(1)
            .chain(links_to_changes(catalog, lang))
            .collect(),
    }
    .page();
    if !page.alternates.is_empty() {
        let chooser = config.base.absolute(&Address::root());
        page.alternates.push(Alternate { hreflang: "x-default".into(), href: chooser });
    }
    page
}

/// What `listing.html` sees.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ListingView {
    /// Head and surroundings.
    pub page: Page,
    title: String,
    /// The title as HTML, foreign names marked.
    heading: String,
    description: String,
    intro: IntroView,
    count: usize,
    /// Facet values that this listing is narrowed by.
    selection: Vec<Selected>,
    /// Languages in which there is more that this one hides.
    elsewhere: Vec<String>,
    directory: Option<String>,
    /// In each format.
    feeds: Vec<FeedLink>,
    number: usize,
    pages: Vec<PageLink>,
    previous: Option<String>,
    next: Option<String>,
    kind: String,
    pictures: Pictures,
    /// What partners publish elsewhere.
    network: Vec<News>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Selected {
    facet: String,
    label: String,
    /// The language of the label, where it is not the page's.
    lang: Option<String>,
    /// The listing without it.
    remove: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PageLink {
    number: usize,
    href: String,
    current: bool,
    /// Whether pages are left out before this one.
    gap: bool,
}

/// One page of a listing.
pub fn listing(catalog: &Catalog, plan: &Plan, listing: &Listing, number: usize) -> ListingView {
    let lang = listing.lang;
    let config = &catalog.config;
    let definition = &catalog.types[listing.type_index];
    let label = definition.label[lang.index()].as_str();
    let title = listing.title(catalog);
    let numbered = numbered(catalog, lang, &title, number);
    let own = listing.page_address(catalog, number);
    let others: Vec<(Lang, Address)> = config
        .langs()
        .filter_map(|each| plan.counterpart(listing, each))
        .filter(|other| number <= other.page_count(catalog))
        .map(|other| (other.lang, other.page_address(catalog, number)))
        .collect();
    let intro = if listing.selection.is_empty() && number == 1 {
        intro(catalog, Some(listing.type_index), lang)
    } else {
        IntroView::default()
    };
    let description = definition.description.as_ref().map_or("", |d| &d[lang.index()]).to_owned();
    let feeds: Vec<FeedLink> =
        listing.feed.as_ref().map(|feed| feed_links(catalog, &feed.page, &title).collect()).unwrap_or_default();
    // Two facets at once are a reader's own cut: search engines keep to the single ones.
    let robots = (listing.selection.len() > 1).then_some("noindex, follow");
    let mut crumbs = vec![home_crumb(catalog, lang)];
    if listing.selection.is_empty() {
        crumbs.push(Crumb { title: Text::own(label), href: None });
    } else {
        let href = config.base.href(&catalog.listing_address(definition, lang));
        crumbs.push(Crumb { title: Text::own(label), href: Some(href) });
        for (at, chosen) in listing.selection.iter().enumerate() {
            // Of two values, the first alone is the listing without the second.
            let href = listing.selection.get(at + 1).map(|next| config.base.href(&next.without));
            let title = Text::new(chosen.label.text.as_str(), chosen.label.lang.unwrap_or(lang), lang, catalog);
            crumbs.push(Crumb { title, href });
        }
    }
    let mut page = Head {
        catalog,
        lang,
        title: &numbered,
        description: intro.summary.as_deref().unwrap_or(&description),
        canonical: &own,
        title_lang: None,
        kind: None,
        robots,
        section: Some(definition.id.to_string()),
        crumbs,
        versions: others.iter().map(|(each, address)| (*each, address, true)).collect(),
        linked: robots.is_none(),
        feeds: feeds.clone(),
    }
    .page_about(json_ld::listing(catalog, listing, number), None);
    page.calendar = calendar_link(catalog, listing.agenda.as_deref());
    let count = listing.page_count(catalog);
    let href = |number: usize| config.base.href(&listing.page_address(catalog, number));
    ListingView {
        page,
        heading: heading(catalog, listing),
        title,
        description,
        intro,
        count: listing.entries.len(),
        selection: listing
            .selection
            .iter()
            .map(|s| Selected {
                facet: s.facet.text.clone(),
                label: s.label.text.clone(),
                lang: s.label.lang.map(|lang| config.tag(lang).to_owned()),
                remove: config.base.href(&s.without),
            })
            .collect(),
        elsewhere: if listing.selection.is_empty() && number == 1 { elsewhere(catalog, listing) } else { Vec::new() },
        directory: definition
            .directory
            .then(|| config.base.href(&Directory::address(catalog, listing.type_index, lang))),
        feeds,
        number,
        pages: page_links(number, count, href),
        previous: (number > 1).then(|| href(number - 1)),
        next: (number < count).then(|| href(number + 1)),
        kind: definition.id.to_string(),
        pictures: match listing.selection.is_empty() && number == 1 {
            true => Pictures::of(catalog, listing),
            false => Pictures::default(),
        },
        network: match listing.selection.is_empty() && number == 1 {
            true => news(catalog, lang, &definition.id),
            false => Vec::new(),
        },
    }
}

/// A title that says which page of several this is.
pub(super) fn numbered(catalog: &Catalog, lang: Lang, title: &str, number: usize) -> String {
    let digits = catalog.locale(lang).integer(number as i64);
    match number {
        1 => title.to_owned(),
        _ => catalog.format(lang, "page-title", &[("title", title), ("number", &digits)]),
    }
}

/// A listing's name: the type and what it is narrowed by.
fn heading(catalog: &Catalog, listing: &Listing) -> String {
    let lang = listing.lang;
    let label = catalog.types[listing.type_index].label[lang.index()].as_str();
    let names: Vec<String> = listing
        .selection
        .iter()
        .map(|s| {
            html::in_language(html::escape(&s.label.text).into_owned(), s.label.lang.map(|l| catalog.config.tag(l)))
        })
        .collect();
    let label = html::escape(label);
    match names.is_empty() {
        true => label.into_owned(),
        false => format!("{label}{}{}", catalog.message(lang, "label-separator"), names.join(", ")),
    }
}

/// The first, the last, and those around the current one.
pub(super) fn page_links(current: usize, count: usize, href: impl Fn(usize) -> String) -> Vec<PageLink> {
    if count < 2 {
        return Vec::new();
    }
    let near = current.saturating_sub(2).max(2)..=(current + 2).min(count - 1);
    let mut links: Vec<PageLink> = Vec::with_capacity(7);
    for number in [1].into_iter().chain(near).chain([count]) {
        let gap = links.last().is_some_and(|last: &PageLink| last.number + 1 < number);
        links.push(PageLink { number, href: href(number), current: number == current, gap });
    }
    links
}

/// What other languages have that this one hides, counted.
fn elsewhere(catalog: &Catalog, listing: &Listing) -> Vec<String> {
    let lang = listing.lang;
    let hidden = |id: &EntryId| catalog.entry(*id).is_listed() && !catalog.lists(*id, lang);
    let mut counts = vec![0usize; catalog.config.languages.len()];
    for id in catalog.members(listing.type_index).map(|at| EntryId(at as u32)).filter(hidden) {
        counts[catalog.entry(id).source_language.index()] += 1;
    }
    let words = catalog.config.langs().filter(|at| counts[at.index()] > 0).map(|at| {
        let tag = catalog.config.tag(at);
        let name = catalog.locale(lang).language_name(tag).unwrap_or_else(|| tag.to_owned());
        catalog.count_with(lang, "more-elsewhere", counts[at.index()], &[("language", &name)])
    });
    words.collect()
}

/// What `directory.html` sees.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DirectoryView {
    /// Head and surroundings.
    pub page: Page,
    title: String,
    letters: Vec<Letter>,
    groups: Vec<LetterGroup>,
    count: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Letter {
    letter: String,
    href: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LetterGroup {
    letter: String,
    anchor: String,
    items: Vec<String>,
}

/// One page of an A–Z directory.
pub fn directory(catalog: &Catalog, plan: &Plan, directory: &Directory, number: usize) -> DirectoryView {
    let lang = directory.lang;
    let config = &catalog.config;
    let definition = &catalog.types[directory.type_index];
    let label = definition.label[lang.index()].as_str();
    let title = catalog.format(lang, "directory-title", &[("type", label)]);
    let numbered = numbered(catalog, lang, &title, number);
    let own = directory.page_address(catalog, number);
    let others: Vec<(Lang, Address)> = plan
        .directories
        .iter()
        .filter(|d| d.type_index == directory.type_index && number <= d.pages.len())
        .map(|d| (d.lang, d.page_address(catalog, number)))
        .collect();
    let crumbs = vec![
        home_crumb(catalog, lang),
        Crumb { title: Text::own(label), href: Some(config.base.href(&catalog.listing_address(definition, lang))) },
        Crumb { title: Text::own(catalog.message(lang, "directory")), href: None },
    ];
    let page = Head {
        catalog,
        lang,
        title: &numbered,
        description: definition.description.as_ref().map_or("", |d| &d[lang.index()]),
        canonical: &own,
        title_lang: None,
        kind: None,
        robots: None,
        section: Some(definition.id.to_string()),
        crumbs,
        versions: others.iter().map(|(each, address)| (*each, address, true)).collect(),
        linked: true,
        feeds: Vec::new(),
    }
    .page();
    let letters = directory.pages.iter().enumerate().flat_map(|(at, groups)| {
        let address = directory.page_address(catalog, at + 1);
        groups.iter().map(move |g| Letter {
            letter: g.letter.clone(),
            href: format!("{}#{}", config.base.href(&address), g.anchor),
        })
    });
    let groups = &directory.pages[number - 1];
    DirectoryView {
        page,
        title,
        letters: letters.collect(),
        count: directory.count,
        groups: groups
            .iter()
            .map(|g| LetterGroup {
                letter: g.letter.clone(),
                anchor: g.anchor.clone(),
                items: g.entries.iter().map(|id| catalog.entry_link(*id, lang).html).collect(),
            })
            .collect(),
    }
}

/// What `404.html` sees.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NotFoundView {
    /// Head and surroundings.
    pub page: Page,
    title: String,
}

/// "Not found" in a language.
pub fn not_found(catalog: &Catalog, lang: Lang) -> NotFoundView {
    let config = &catalog.config;
    let homes: Vec<Address> = config.langs().map(|each| Address::home(config.tag(each))).collect();
    let title = catalog.message(lang, "not-found-title");
    let page = Head {
        catalog,
        lang,
        title,
        description: "",
        canonical: &Address::home(config.tag(lang)).with_file("404.html"),
        title_lang: None,
        kind: None,
        robots: Some("noindex"),
        section: None,
        crumbs: vec![home_crumb(catalog, lang), Crumb { title: Text::own(title), href: None }],
        versions: config.langs().map(|each| (each, &homes[each.index()], true)).collect(),
        linked: false,
        feeds: Vec::new(),
    }
    .page();
    NotFoundView { page, title: title.to_owned() }
}

/// What `chooser.html` sees: each language in its own words.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChooserView {
    /// Head and surroundings, in the site's first language.
    pub page: Page,
    choices: Vec<Choice>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Choice {
    tag: String,
    name: String,
    href: String,
    title: String,
    prompt: String,
}

/// The language chooser, `/`.
pub fn chooser(catalog: &Catalog) -> ChooserView {
    let config = &catalog.config;
    let lang = Lang(0);
    let page = front(catalog, lang, &Address::root());
    let choices = config.langs().map(|each| {
        let tag = config.tag(each);
        Choice {
            tag: tag.to_owned(),
            name: catalog.locale(each).own_name().to_owned(),
            href: config.base.href(&Address::home(tag)),
            title: config.title[each.index()].to_string(),
            prompt: catalog.message(each, "choose-language").to_owned(),
        }
    });
    ChooserView { page, choices: choices.collect() }
}
