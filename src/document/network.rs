//! News from the network as a site has it: which partners' feeds `relais.yaml` names, and what the files say that
//! `relais pull` wrote; how they are fetched is not known here, nor where they are shown.

use ecow::EcoString;

use super::read::Reader;
use crate::config::Config;
use crate::date::PartialDate;
use crate::diag::{Diagnostic, Diagnostics};
use crate::field::{date, url};
use crate::load::Inputs;
use crate::source::{FileId, Span};
use crate::yaml::{Entry, Node};

/// The folder of the files, at the site's root.
pub const FOLDER: &str = "network";

/// The path of a feed's file below the site's folder.
pub fn path(id: &str) -> String {
    format!("{FOLDER}/{id}.yaml")
}

/// What the home page is called among the pages that show news; the others go by their type.
pub const HOME: &str = "home";

/// Feeds that a site may follow.
const MOST_FEEDS: usize = 100;

/// Items of a feed that are kept if `limit` says nothing.
const LIMIT: usize = 10;

/// Items of a feed that may be kept.
const MOST_ITEMS: usize = 100;

/// Seconds that a feed may take, and that it may be given.
const TIMEOUT: (u64, u64) = (30, 600);

/// `network` in `relais.yaml`.
#[derive(Clone, Debug)]
pub struct Network {
    /// The partners' feeds.
    pub feeds: Vec<Feed>,
    /// Where their items are shown: `home`, or a type's listing, as written.
    pub on: Vec<(EcoString, Span)>,
    /// Seconds that one feed may take.
    pub timeout: u64,
}

impl Default for Network {
    fn default() -> Self {
        Network { feeds: Vec::new(), on: Vec::new(), timeout: TIMEOUT.0 }
    }
}

/// A partner's feed.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The name of its file.
    pub id: EcoString,
    /// Where it is written.
    pub span: Span,
    /// Its address, and where that is written.
    pub url: (EcoString, Span),
    /// BCP 47 tag of what it says, and of its source's name.
    pub lang: EcoString,
    /// What its source is called; otherwise as it calls itself.
    pub name: Option<EcoString>,
    /// The entry that is its source, as written.
    pub organisation: Option<(EcoString, Span)>,
    /// Items that are kept.
    pub limit: usize,
}

/// What was pulled of a feed: a file of [`FOLDER`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// The address that it came from.
    pub from: EcoString,
    /// What the feed calls itself.
    pub title: EcoString,
    /// The page that the feed goes with.
    pub link: Option<EcoString>,
    /// Items that were kept at most.
    pub limit: usize,
    /// What the server knows this version by.
    pub etag: Option<EcoString>,
    /// When the server says that this version was made.
    pub modified: Option<EcoString>,
    /// Latest first.
    pub items: Vec<Item>,
}

/// A piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its title: plain text.
    pub title: EcoString,
    /// Where it can be read.
    pub link: EcoString,
    /// What it is about; empty if it does not say so.
    pub summary: EcoString,
    /// When it was published, where it was.
    pub date: Option<PartialDate>,
    /// Its language, where that is not its feed's.
    pub lang: Option<EcoString>,
    /// Whether an editor keeps it off the pages.
    pub hide: bool,
}

/// Reads `network` of `relais.yaml`.
pub fn read(read: &mut Reader<'_>, node: &Node) -> Network {
    let mut network = Network::default();
    for Entry { key, value, .. } in read.map(node, "`network`", &["feeds", "on", "timeout"]).unwrap_or_default() {
        match key.as_str() {
            "feeds" => {
                for item in read.list(value) {
                    if let Some(feed) = feed(read, item, &network.feeds) {
                        network.feeds.push(feed);
                    }
                }
            }
            "on" => {
                let items = read.list(value).iter();
                let on = items.filter_map(|item| Some((read.text(item, "a page")?.clone(), read.at(item.range))));
                network.on = on.collect();
            }
            "timeout" => network.timeout = bounded(read, value, "`timeout`", TIMEOUT.1 as usize) as u64,
            _ => {}
        }
    }
    if network.feeds.len() > MOST_FEEDS {
        let message = format!("{} feeds are more than a site can follow ({MOST_FEEDS})", network.feeds.len());
        read.error("too-many-feeds", node.range, message, "remove some");
        network.feeds.truncate(MOST_FEEDS);
    }
    if node.get("on").is_none() && !network.feeds.is_empty() {
        network.on.push((HOME.into(), read.at(node.range)));
    }
    network
}

/// A number from one to a bound; beyond it is reported.
fn bounded(read: &mut Reader<'_>, node: &Node, what: &str, most: usize) -> usize {
    match read.count(node, what) {
        Some(n) if (1..=most).contains(&n) => n,
        Some(n) => {
            let help = format!("write a number from 1 to {most}");
            read.error("wrong-kind", node.range, format!("{what} cannot be {n}"), help);
            most
        }
        None => most,
    }
}

const FEED_KEYS: &[&str] = &["id", "url", "lang", "name", "organisation", "limit"];

fn feed(read: &mut Reader<'_>, node: &Node, others: &[Feed]) -> Option<Feed> {
    read.map(node, "a feed", FEED_KEYS)?;
    let mut required = |key: &str, help: &str| {
        let found = node.get(key);
        if found.is_none() {
            read.missing(node, key, format!("the feed has no `{key}`"), help);
        }
        found
    };
    let id = required("id", "add `id: …`, which names its file: lower-case letters, digits and hyphens");
    let at = required("url", "add `url: https://…`, the feed's address");
    let lang = required("lang", "add `lang: …`, the language that the feed is written in, such as `fr`");
    let (id, at, lang) = (id?, at?, lang?);
    let name = read.text(id, "`id`")?.clone();
    if !crate::url::is_segment(&name) {
        let help = format!("letters from a to z, digits and hyphens, such as `{}`", crate::url::slug(&name));
        read.error("bad-id", id.range, format!("`{name}` cannot be an id"), help);
        return None;
    }
    if let Some(other) = others.iter().find(|other| other.id == name) {
        let message = format!("`{name}` is already the id of the feed {}", other.url.0);
        read.error("duplicate-id", id.range, message, "rename one of the two");
        return None;
    }
    let address = read.text(at, "`url`")?.clone();
    if !url::check(&address, at.range, read) {
        return None;
    }
    if ::url::Url::parse(&address).is_err() {
        let message = format!("`{address}` is not a web address");
        read.error("bad-url", at.range, message, "copy the feed's address from a browser");
        return None;
    }
    Some(Feed {
        id: name,
        span: read.at(id.range),
        url: (address, read.at(at.range)),
        lang: url::language(lang, read)?,
        name: node.get("name").and_then(|n| read.text(n, "`name`").cloned()),
        organisation: node
            .get("organisation")
            .and_then(|n| Some((read.text(n, "an entry")?.clone(), read.at(n.range)))),
        limit: node.get("limit").map_or(LIMIT, |n| bounded(read, n, "`limit`", MOST_ITEMS)),
    })
}

const FILE_KEYS: &[&str] = &["from", "title", "link", "limit", "etag", "modified", "items"];

const ITEM_KEYS: &[&str] = &["title", "link", "summary", "date", "lang", "hide"];

/// Reads a file of [`FOLDER`]; `None` where not even its list of items can be found.
pub fn pulled(file: FileId, text: &str, languages: &[EcoString], diagnostics: &mut Diagnostics) -> Option<Pulled> {
    let before = diagnostics.errors();
    let node = super::yaml(file, text, 0, diagnostics);
    if node.is_null() && diagnostics.errors() > before {
        return None;
    }
    let mut read = Reader { file, diagnostics, languages };
    let read = &mut read;
    read.map(&node, "a file of pulled news", FILE_KEYS)?;
    let line = |read: &mut Reader<'_>, node: &Node, key: &str| {
        node.get(key).and_then(|n| read.text(n, &format!("`{key}`"))).cloned()
    };
    let Some(items) = node.get("items") else {
        read.missing(&node, "items", "the file has no `items`", "restore it, or write it anew: `relais pull`");
        return None;
    };
    Some(Pulled {
        from: line(read, &node, "from").unwrap_or_default(),
        title: line(read, &node, "title").unwrap_or_default(),
        link: node.get("link").and_then(|n| link(read, n)),
        limit: node.get("limit").and_then(|n| read.count(n, "`limit`")).unwrap_or_default(),
        etag: line(read, &node, "etag"),
        modified: line(read, &node, "modified"),
        items: read.list(items).iter().filter_map(|node| item(read, node)).collect(),
    })
}

fn link(read: &mut Reader<'_>, node: &Node) -> Option<EcoString> {
    let link = read.text(node, "`link`")?;
    url::check(link, node.range, read).then(|| link.clone())
}

fn item(read: &mut Reader<'_>, node: &Node) -> Option<Item> {
    read.map(node, "an item", ITEM_KEYS)?;
    for key in ["title", "link"] {
        if node.get(key).is_none() {
            read.missing(node, key, format!("the item has no `{key}`"), format!("add `{key}: …`, or remove the item"));
            return None;
        }
    }
    let title = read.text(node.get("title")?, "`title`")?.clone();
    let link = link(read, node.get("link")?)?;
    let date = node.get("date").and_then(|n| date::partial(n, "`date`", read));
    Some(Item {
        title,
        link,
        summary: node.get("summary").and_then(|n| read.text(n, "`summary`").cloned()).unwrap_or_default(),
        date,
        lang: node.get("lang").and_then(|n| url::language(n, read)),
        hide: node.get("hide").and_then(|n| read.boolean(n, "`hide`")).unwrap_or_default(),
    })
}

/// What was pulled of each feed; files that are none's are reported.
pub(super) fn all(config: &Config, inputs: &Inputs, diagnostics: &mut Diagnostics) -> Vec<Option<Pulled>> {
    let sources = &inputs.sources;
    let feeds = &config.network.feeds;
    for file in &inputs.network {
        let name = sources.path(*file);
        if !feeds.iter().any(|feed| path(&feed.id) == name) {
            let message = "this file is not part of anything and is not published";
            let help = "remove it, or name its feed in `network` of relais.yaml";
            diagnostics.push(Diagnostic::in_file("stray-file", name, message).as_warning().help(help));
        }
    }
    let of = |feed: &Feed| {
        let name = path(&feed.id);
        let Some(file) = inputs.network.iter().find(|file| sources.path(**file) == name) else {
            let message = format!("the feed `{}` has never been fetched", feed.id);
            let found = Diagnostic::warning("feed-not-pulled", feed.span, message);
            diagnostics.push(found.help("run `relais pull`, and commit the file that it writes"));
            return None;
        };
        pulled(*file, sources.text(*file), &config.languages, diagnostics)
    };
    feeds.iter().map(of).collect()
}
