//! `relais.yaml`: what the portal is called, where it lives, which languages it has; not what its content is.

use std::sync::OnceLock;

use ecow::EcoString;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::compress::{Coding, Encoder};
use crate::diag::{self, Diagnostic, Diagnostics};
use crate::document::network::{self, Network};
use crate::document::read::{PerLang, Reader};
use crate::field;
use crate::locale::typography::Profile;
use crate::source::{FileId, Span};
use crate::url::{Base, Rebase};
use crate::yaml::{self, Entry, Node};

/// A language of the site: its index in [`Config::languages`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Lang(pub u8);

impl Lang {
    /// As an index into a [`PerLang`].
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The language with this BCP 47 tag.
    pub fn find(languages: &[EcoString], tag: &str) -> Option<Lang> {
        languages.iter().position(|l| l == tag).map(|at| Lang(at as u8))
    }
}

/// The site's configuration, checked.
#[derive(Debug)]
pub struct Config {
    /// `relais.yaml` itself.
    pub file: FileId,
    /// The portal's name.
    pub title: PerLang<EcoString>,
    /// One sentence about the portal.
    pub description: Option<PerLang<EcoString>>,
    /// Where the site will live.
    pub base: Base,
    /// BCP 47 tags, in the switcher's order.
    pub languages: Vec<EcoString>,
    /// For each language, all languages in the order in which a text is looked for: itself first.
    pub fallback: PerLang<Vec<Lang>>,
    /// The zone of dates without one.
    pub time_zone: TimeZone,
    /// The theme's name, and where it is written.
    pub theme: (EcoString, Span),
    /// Types (`funding`) or entries (`pages/about`) in the header, as written.
    pub menu: Vec<(EcoString, Span)>,
    /// The same in the footer.
    pub footer: Vec<(EcoString, Span)>,
    /// What the home page shows of types.
    pub home: Home,
    /// Who publishes, for feeds and data.
    pub publisher: Option<Publisher>,
    /// Which typographic rules each language follows.
    pub typography: PerLang<Profile>,
    /// Budgets.
    pub limits: Limits,
    /// Codings in which files of text get a copy beside them.
    pub compress: Vec<Encoder>,
    /// Data for other programs; `None` where there are to be none.
    pub data: Option<OpenData>,
    /// Whether there are calendars as files.
    pub calendars: bool,
    /// Whether there are pictures for networks.
    pub cards: bool,
    /// Partners whose news are shown.
    pub network: Network,
    /// What feeds there are, and what is in them.
    pub feeds: Feeds,
}

/// What is said of the data for other programs.
#[derive(Clone, Debug, Default)]
pub struct OpenData {
    /// The address of the licence that they are under.
    pub license: Option<EcoString>,
    /// Addresses of what they are about (`dcat:theme`).
    pub themes: Vec<EcoString>,
}

/// What the home page shows of types, as written.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// The type with the map.
    pub map: Option<(EcoString, Span)>,
    /// The type with the timeline.
    pub timeline: Option<(EcoString, Span)>,
    /// The facet whose values are ways in, such as `sheets.audience`.
    pub ways_in: Option<(EcoString, Span)>,
}

/// Who publishes the portal.
#[derive(Clone, Debug)]
pub struct Publisher {
    /// The name.
    pub name: PerLang<EcoString>,
    /// The publisher's own site.
    pub url: Option<EcoString>,
}

/// Budgets; what goes over them is reported.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Pages for two facet values at once, in each language.
    pub facet_pairs: usize,
    /// Entries on a page of a listing.
    pub page_size: usize,
    /// Entries in a feed.
    pub feed_entries: usize,
    /// Entries in an archived part of a feed.
    pub feed_archive: usize,
    /// Entries on a page of an A–Z directory.
    pub directory_page: usize,
    /// Addresses in a sitemap.
    pub sitemap: usize,
    /// Partners' news on a page.
    pub network_items: usize,
    /// Dates in a calendar file.
    pub calendar_dates: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            facet_pairs: 200,
            page_size: 20,
            feed_entries: 20,
            feed_archive: 100,
            directory_page: 500,
            sitemap: 50_000,
            network_items: 6,
            calendar_dates: 1000,
        }
    }
}

/// A format of feeds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
pub enum FeedFormat {
    /// Atom (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl FeedFormat {
    /// In the order in which pages name them.
    pub const ALL: [FeedFormat; 3] = [FeedFormat::Atom, FeedFormat::Rss, FeedFormat::Json];

    /// What `relais.yaml` calls it.
    fn id(self) -> &'static str {
        ["atom", "rss", "json"][self as usize]
    }

    /// Its own name, the same in every language.
    pub fn name(self) -> &'static str {
        ["Atom", "RSS", "JSON Feed"][self as usize]
    }

    /// The name of its file.
    pub fn file(self) -> &'static str {
        ["feed.xml", "rss.xml", "feed.json"][self as usize]
    }

    /// The name of the file of changes.
    pub fn file_of_changes(self) -> &'static str {
        ["changes.xml", "changes.rss.xml", "changes.json"][self as usize]
    }

    /// Its media type.
    pub fn mime(self) -> &'static str {
        ["application/atom+xml", "application/rss+xml", "application/feed+json"][self as usize]
    }
}

/// What feeds there are, and what is in them.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// In the order of [`FeedFormat::ALL`]; none where feeds are switched off.
    pub formats: Vec<FeedFormat>,
    /// Whether items hold the whole text, not only its summary.
    pub full: bool,
    /// The WebSub hub that tells subscribers of changes.
    pub hub: Option<EcoString>,
}

impl Default for Feeds {
    fn default() -> Self {
        Feeds { formats: FeedFormat::ALL.to_vec(), full: false, hub: None }
    }
}

impl Config {
    /// All languages, in order.
    pub fn langs(&self) -> impl DoubleEndedIterator<Item = Lang> + Clone + use<> {
        (0..self.languages.len() as u8).map(Lang)
    }

    /// The BCP 47 tag of a language.
    pub fn tag(&self, lang: Lang) -> &str {
        &self.languages[lang.index()]
    }
}

const KEYS: &[&str] = &[
    "title",
    "description",
    "base_url",
    "languages",
    "fallback",
    "time_zone",
    "theme",
    "menu",
    "footer",
    "home",
    "publisher",
    "typography",
    "limits",
    "compress",
    "data",
    "calendars",
    "cards",
    "network",
    "feeds",
];

/// Reads `relais.yaml`; `None` where not even the languages are known.
pub fn parse(file: FileId, text: &str, rebase: Option<&Rebase>, diagnostics: &mut Diagnostics) -> Option<Config> {
    let before = diagnostics.errors();
    let node = crate::document::yaml(file, text, 0, diagnostics);
    if node.is_null() && diagnostics.errors() > before {
        return None;
    }
    let languages = languages(file, &node, diagnostics)?;
    let mut read = Reader { file, diagnostics, languages: &languages };
    read.map(&node, "relais.yaml", KEYS)?;
    let title = match node.get("title") {
        Some(title) => read.per_language(title, "the portal's title")?,
        None => {
            read.missing(&node, "title", "relais.yaml has no `title`", "add `title: { en: \"My portal\", … }`");
            return None;
        }
    };
    let description = node.get("description").and_then(|n| read.per_language(n, "the portal's description"));
    let base = match rebase {
        Some(Rebase::Address(base)) => base.clone(),
        Some(Rebase::Origin(origin)) => Base { origin: origin.clone(), ..read_base(&mut read, &node) },
        None => read_base(&mut read, &node),
    };
    let fallback = read_fallback(&mut read, node.get("fallback"));
    let time_zone = read_zone(&mut read, node.get("time_zone"));
    let theme = node.get("theme").and_then(|n| Some((read.text(n, "`theme`")?.clone(), read.at(n.range))));
    let theme = theme.unwrap_or_else(|| ("relais".into(), file.start()));
    let menu = read_links(&mut read, node.get("menu"));
    let footer = read_links(&mut read, node.get("footer"));
    let home = node.get("home").map(|n| read_home(&mut read, n)).unwrap_or_default();
    let publisher = node.get("publisher").and_then(|n| read_publisher(&mut read, n));
    let typography = read_typography(&mut read, node.get("typography"));
    let limits = read_limits(&mut read, node.get("limits"));
    let compress = node.get("compress").map(|n| read_compress(&mut read, n)).unwrap_or_default();
    let data = read_data(&mut read, node.get("data"));
    let calendars = node.get("calendars").and_then(|n| read.boolean(n, "`calendars`")).unwrap_or(true);
    let cards = node.get("cards").and_then(|n| read.boolean(n, "`cards`")).unwrap_or(true);
    let network = node.get("network").map(|n| network::read(&mut read, n)).unwrap_or_default();
    let feeds = node.get("feeds").map(|n| read_feeds(&mut read, n)).unwrap_or_default();
    Some(Config {
        file,
        title,
        description,
        base,
        fallback,
        time_zone,
        theme,
        menu,
        footer,
        home,
        publisher,
        typography,
        limits,
        compress,
        data,
        calendars,
        cards,
        network,
        feeds,
        languages,
    })
}

fn languages(file: FileId, node: &Node, diagnostics: &mut Diagnostics) -> Option<Vec<EcoString>> {
    let mut read = Reader { file, diagnostics, languages: &[] };
    let Some(list) = node.get("languages") else {
        read.missing(node, "languages", "relais.yaml has no `languages`", "add `languages: [en]`, or more than one");
        return None;
    };
    let mut tags: Vec<EcoString> = Vec::new();
    for item in read.list(list) {
        let Some(tag) = read.text(item, "a language") else { continue };
        if crate::locale::Locale::new(tag).is_err() {
            let message = format!("`{tag}` is not a language tag");
            read.error("unknown-language", item.range, message, "write a BCP 47 tag, such as `fr`, `sv` or `pt-BR`");
        } else if tags.contains(tag) {
            read.error("duplicate-language", item.range, format!("`{tag}` is listed twice"), "remove one of the two");
        } else if tags.len() >= 250 {
            read.error("too-many-languages", item.range, "a site can have 250 languages", "remove some");
        } else {
            tags.push(tag.clone());
        }
    }
    if tags.is_empty() {
        read.error("missing-key", list.range, "`languages` is empty", "list at least one, such as `[en]`");
        return None;
    }
    Some(tags)
}

fn read_base(read: &mut Reader<'_>, node: &Node) -> Base {
    let Some(at) = node.get("base_url") else {
        read.missing(node, "base_url", "relais.yaml has no `base_url`", "add `base_url: https://portal.example/`");
        return Base::default();
    };
    let Some(text) = read.text(at, "`base_url`") else { return Base::default() };
    Base::parse(text).unwrap_or_else(|cause| {
        read.error(
            "bad-url",
            at.range,
            format!("`base_url` {cause}"),
            "write the site's address, such as `https://portal.example/path/`",
        );
        Base::default()
    })
}

fn read_fallback(read: &mut Reader<'_>, node: Option<&Node>) -> PerLang<Vec<Lang>> {
    let all: Vec<Lang> = (0..read.languages.len() as u8).map(Lang).collect();
    let mut chains: PerLang<Vec<Lang>> = all.iter().map(|&lang| vec![lang]).collect();
    for Entry { key, key_range, value } in node.and_then(|n| read.any_map(n, "`fallback`")).unwrap_or_default() {
        let Some(lang) = read.language(key, *key_range) else { continue };
        for item in read.list(value) {
            if let Some(tag) = read.text(item, "a language")
                && let Some(next) = read.language(tag, item.range)
                && !chains[lang.index()].contains(&next)
            {
                chains[lang.index()].push(next);
            }
        }
    }
    for chain in &mut chains {
        chain.extend(all.iter().copied().filter(|lang| !chain.contains(lang)).collect::<Vec<_>>());
    }
    chains
}

fn read_zone(read: &mut Reader<'_>, node: Option<&Node>) -> TimeZone {
    let Some(node) = node else { return TimeZone::UTC };
    let Some(name) = read.text(node, "`time_zone`") else { return TimeZone::UTC };
    zone(name).unwrap_or_else(|| {
        read.error("unknown-zone", node.range, format!("`{name}` is not a time zone"), zone_help(name));
        TimeZone::UTC
    })
}

/// The IANA time zone of this name, from the database that is part of the program.
pub fn zone(name: &str) -> Option<TimeZone> {
    zones().get(name).ok()
}

/// One database for the whole program, so that each zone is read once.
fn zones() -> &'static TimeZoneDatabase {
    static ZONES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    ZONES.get_or_init(TimeZoneDatabase::bundled)
}

/// What to write instead of an unknown zone.
pub fn zone_help(name: &str) -> String {
    let names: Vec<String> = zones().available().map(|n| n.to_string()).collect();
    match crate::suggest::nearest(name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write an IANA zone, such as `Europe/Brussels`".into(),
    }
}

fn read_links(read: &mut Reader<'_>, node: Option<&Node>) -> Vec<(EcoString, Span)> {
    let Some(node) = node else { return Vec::new() };
    let items = read.list(node);
    items.iter().filter_map(|item| Some((read.text(item, "a menu item")?.clone(), read.at(item.range)))).collect()
}

fn read_home(read: &mut Reader<'_>, node: &Node) -> Home {
    let mut home = Home::default();
    for entry in read.map(node, "`home`", &["map", "timeline", "ways_in"]).unwrap_or_default() {
        let named = read.text(&entry.value, "a type").cloned().map(|id| (id, read.at(entry.value.range)));
        match entry.key.as_str() {
            "map" => home.map = named,
            "timeline" => home.timeline = named,
            _ => home.ways_in = named,
        }
    }
    home
}

fn read_publisher(read: &mut Reader<'_>, node: &Node) -> Option<Publisher> {
    read.map(node, "`publisher`", &["name", "url"])?;
    let Some(name) = node.get("name") else {
        read.missing(node, "name", "the publisher has no `name`", "add `name: …`, in every language");
        return None;
    };
    let name = read.per_language(name, "the publisher's name")?;
    let url = node.get("url").and_then(|n| Some((read.text(n, "`url`")?.clone(), n.range)));
    let url = url.filter(|(url, range)| field::url::check(url, *range, read)).map(|(url, _)| url);
    Some(Publisher { name, url })
}

fn read_typography(read: &mut Reader<'_>, node: Option<&Node>) -> PerLang<Profile> {
    let mut profiles = vec![Profile::National; read.languages.len()];
    for entry in node.and_then(|n| read.any_map(n, "`typography`")).unwrap_or_default() {
        let Some(lang) = read.language(&entry.key, entry.key_range) else { continue };
        match read.text(&entry.value, "a typography profile").map(EcoString::as_str) {
            Some("national") => profiles[lang.index()] = Profile::National,
            Some("eu") => profiles[lang.index()] = Profile::Eu,
            Some("none") => profiles[lang.index()] = Profile::None,
            Some(other) => {
                let message = format!("`{other}` is not a typography profile");
                read.error("unknown-term", entry.value.range, message, "profiles: national, eu, none");
            }
            None => {}
        }
    }
    profiles
}

fn read_limits(read: &mut Reader<'_>, node: Option<&Node>) -> Limits {
    let mut limits = Limits::default();
    let Some(node) = node else { return limits };
    let known = [
        "facet_pairs",
        "page_size",
        "feed_entries",
        "feed_archive",
        "directory_page",
        "sitemap",
        "network_items",
        "calendar_dates",
    ];
    for entry in read.map(node, "`limits`", &known).unwrap_or_default() {
        let Some(value) = read.count(&entry.value, &format!("`{}`", entry.key)) else { continue };
        match entry.key.as_str() {
            "facet_pairs" => limits.facet_pairs = value,
            "page_size" => limits.page_size = value.max(1),
            "feed_entries" => limits.feed_entries = value.max(1),
            "feed_archive" => limits.feed_archive = value.max(1),
            "directory_page" => limits.directory_page = value.max(1),
            // No more are allowed (sitemaps.org).
            "sitemap" => limits.sitemap = value.clamp(1, 50_000),
            "network_items" => limits.network_items = value,
            "calendar_dates" => limits.calendar_dates = value.max(1),
            _ => {}
        }
    }
    limits
}

/// `false`, or settings.
fn read_feeds(read: &mut Reader<'_>, node: &Node) -> Feeds {
    let mut feeds = Feeds::default();
    if node.as_str().is_some() {
        if read.boolean(node, "`feeds`") == Some(false) {
            feeds.formats.clear();
        }
        return feeds;
    }
    for entry in read.map(node, "`feeds`", &["content", "hub", "formats"]).unwrap_or_default() {
        let value = &entry.value;
        match entry.key.as_str() {
            "content" => match read.text(value, "`content`").map(EcoString::as_str) {
                Some("full") => feeds.full = true,
                Some("summary") | None => {}
                Some(other) => {
                    let help = crate::suggest::remedy(other, ["summary", "full"], "contents of feeds");
                    read.error("unknown-term", value.range, format!("`{other}` is not a content of feeds"), help);
                }
            },
            "hub" => {
                let hub = read.text(value, "`hub`").cloned();
                feeds.hub = hub.filter(|hub| field::url::check(hub, value.range, read));
            }
            _ => {
                let items = read.list(value);
                let mut chosen = Vec::new();
                for item in items {
                    let Some(name) = read.text(item, "a format") else { continue };
                    match FeedFormat::ALL.into_iter().find(|format| format.id() == name) {
                        Some(format) => chosen.push(format),
                        None => {
                            let known = FeedFormat::ALL.map(FeedFormat::id);
                            let help = crate::suggest::remedy(name, known, "formats of feeds");
                            read.error("unknown-term", item.range, format!("`{name}` is not a format of feeds"), help);
                        }
                    }
                }
                feeds.formats.retain(|format| chosen.contains(format));
            }
        }
    }
    feeds
}

/// A list of codings, or a map from codings to levels.
fn read_compress(read: &mut Reader<'_>, node: &Node) -> Vec<Encoder> {
    let mut encoders: Vec<Encoder> = Vec::new();
    let mut add = |read: &mut Reader<'_>, name: &str, range, level: Option<&Node>| {
        let Some(coding) = Coding::ALL.into_iter().find(|coding| coding.name() == name) else {
            return read.error("unknown-term", range, format!("`{name}` is not a coding"), "codings: gzip, brotli");
        };
        let levels = coding.levels();
        let known = |node: &Node| node.as_str().and_then(|text| text.parse().ok()).filter(|n| levels.contains(n));
        let level = level.map_or(Some(coding.default_level()), known);
        let Some(level) = level else {
            let help = format!("levels: {} (fast) to {} (small)", levels.start(), levels.end());
            return read.error("wrong-kind", range, format!("`{name}` is not followed by one of its levels"), help);
        };
        if !encoders.iter().any(|known| known.coding == coding) {
            encoders.push(Encoder { coding, level });
        }
    };
    match node.as_map() {
        Some(entries) => {
            entries.iter().for_each(|entry| add(read, &entry.key, entry.key_range, Some(&entry.value)));
        }
        None => {
            for item in read.list(node) {
                if let Some(name) = read.text(item, "a coding") {
                    add(read, name, item.range, None);
                }
            }
        }
    }
    encoders
}

/// `false`, or what is said of the data.
fn read_data(read: &mut Reader<'_>, node: Option<&Node>) -> Option<OpenData> {
    let mut data = OpenData::default();
    let Some(node) = node else { return Some(data) };
    match node.as_str() {
        Some("false") => return None,
        Some("true") => return Some(data),
        _ => {}
    }
    let address = |read: &mut Reader<'_>, node: &Node| {
        let text = read.text(node, "an address").cloned()?;
        field::url::check(&text, node.range, read).then_some(text)
    };
    for entry in read.map(node, "`data`", &["license", "themes"]).unwrap_or_default() {
        match entry.key.as_str() {
            "license" => data.license = address(read, &entry.value),
            _ => data.themes = read.list(&entry.value).iter().filter_map(|item| address(read, item)).collect(),
        }
    }
    Some(data)
}

/// Reports the errors of a YAML text.
pub fn report_yaml(file: FileId, errors: Vec<yaml::Error>, diagnostics: &mut Diagnostics) {
    for error in errors {
        let mut diagnostic = Diagnostic::error(error.kind.code(), file.at(error.range), diag::phrase(&error.message));
        diagnostic.help = error.help;
        if let Some((range, text)) = error.related {
            diagnostic = diagnostic.related(file.at(range), text);
        }
        diagnostics.push(diagnostic);
    }
}
