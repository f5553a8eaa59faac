//! `relais pull`: fetches partners' feeds into files that are committed with the site. Here alone Relais speaks to the
//! network; a build reads the files, and knows nothing of feeds.

mod feed;
mod fetch;
mod text;

use std::fmt::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ecow::EcoString;
use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashSet;
use url::Url;

use self::fetch::{Answer, Document, Refusal, Wanted};
use crate::date::PartialDate;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::network::{self, Feed, Item, Pulled};
use crate::load::{self, Declared};
use crate::source::Sources;
use crate::{commit, config};

/// Feeds that are fetched at the same time.
const AT_ONCE: usize = 8;

/// Characters of a title, of a summary, of an address.
const TITLE: usize = 200;
const SUMMARY: usize = 300;
const ADDRESS: usize = 2000;

/// The first year in which a piece of news can be from: the web began in it.
const FIRST_YEAR: i16 = 1990;

/// Clocks may differ, and places be ahead of one another, by so many hours.
const AHEAD: i64 = 24;

/// What was pulled.
#[derive(Debug, Default)]
pub struct Report {
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// What the editor should know, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// What happened to each feed, in words.
    pub outcomes: Vec<String>,
    /// Whether every feed was fetched.
    pub complete: bool,
}

/// Fetches all feeds of a site, as of an instant.
pub fn pull(site: &Path, now: Timestamp) -> Report {
    if let Err(problem) = load::find_site(site) {
        return Report { diagnostics: vec![*problem], ..Report::default() };
    }
    let (Declared { sources, config, network: files }, mut found) = load::declared(site);
    let config = config.and_then(|file| config::parse(file, sources.text(file), None, &mut found));
    let Some(config) = config.filter(|_| !found.has_errors()) else {
        return Report { diagnostics: found.sorted(&sources), sources, ..Report::default() };
    };
    let feeds = &config.network.feeds;
    let agent =
        format!("Relais/{} (feed reader of {}{})", env!("CARGO_PKG_VERSION"), config.base.origin, config.base.path);
    let known = |feed: &Feed| {
        let name = network::path(&feed.id);
        let file = files.iter().copied().find(|file| sources.path(*file) == name)?;
        // A file that is at fault is written anew.
        let mut faults = Diagnostics::new();
        let pulled = network::pulled(file, sources.text(file), &config.languages, &mut faults);
        Some((pulled.filter(|_| !faults.has_errors()), sources.text(file)))
    };
    let timeout = Duration::from_secs(config.network.timeout);
    let one = |feed: &Feed| {
        let (old, text) = known(feed).unwrap_or_default();
        let mut update = Update { feed, old: old.unwrap_or_default(), notes: Diagnostics::new(), now };
        let outcome = update.run(&agent, timeout, text, &|text| commit::write_news(site, &feed.id, text));
        (outcome, update.notes)
    };
    let mut outcomes = Vec::with_capacity(feeds.len());
    if feeds.is_empty() {
        outcomes.push("relais.yaml names no feeds: `network: { feeds: … }`".into());
    }
    let mut complete = true;
    for (feed, (outcome, notes)) in feeds.iter().zip(all(feeds, &one)) {
        found.extend(notes);
        match outcome {
            Ok(outcome) => outcomes.push(format!("{}: {outcome}", feed.id)),
            Err(problem) => {
                complete = false;
                outcomes.push(format!("{}: failed, its file stays as it was", feed.id));
                found.push(*problem);
            }
        }
    }
    Report { diagnostics: found.sorted(&sources), sources, outcomes, complete }
}

/// Does something for every feed, a few at the same time; the results are in the order of the feeds.
fn all<T: Send>(feeds: &[Feed], one: &(impl Fn(&Feed) -> T + Sync)) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(feeds.len()));
    std::thread::scope(|scope| {
        for _ in 0..feeds.len().min(AT_ONCE) {
            scope.spawn(|| {
                while let at = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(feed) = feeds.get(at)
                {
                    let result = one(feed);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// One feed on its way into its file.
struct Update<'f> {
    feed: &'f Feed,
    /// What the file holds; empty if there is none.
    old: Pulled,
    notes: Diagnostics,
    now: Timestamp,
}

type Failure = Box<Diagnostic>;

impl Update<'_> {
    /// Fetches the feed and writes its file, if it has news; says in words what happened.
    fn run(
        &mut self,
        agent: &str,
        timeout: Duration,
        text: &str,
        put: &dyn Fn(&str) -> std::io::Result<()>,
    ) -> Result<String, Failure> {
        let failed = |Refusal { code, message, help }| Box::new(Diagnostic { code, ..self.at("", message) }.help(help));
        let url = Url::parse(&self.feed.url.0)
            .map_err(|error| Box::new(self.at("bad-url", format!("the address cannot be read: {error}"))))?;
        // What another address or another number of items gave is no version of this.
        let same = self.old.from == self.feed.url.0 && self.old.limit == self.feed.limit;
        let wanted = Wanted {
            url: &url,
            etag: self.old.etag.as_deref().filter(|_| same),
            modified: self.old.modified.as_deref().filter(|_| same),
            timeout,
            agent,
        };
        let document = match fetch::fetch(&wanted).map_err(failed)? {
            Answer::Same => return Ok("nothing new".into()),
            Answer::New(document) => document,
        };
        let pulled = self.taken(*document)?;
        let known: FxHashSet<&str> = self.old.items.iter().map(|item| item.link.as_str()).collect();
        let new = pulled.items.iter().filter(|item| !known.contains(item.link.as_str())).count();
        // Servers give versions new names without need: that alone is no reason to write.
        let versionless = |pulled: &Pulled| Pulled { etag: None, modified: None, ..pulled.clone() };
        let written = write(&pulled);
        if versionless(&pulled) == versionless(&self.old) || written == text {
            return Ok("nothing new".into());
        }
        put(&written).map_err(|error| {
            let path = network::path(&self.feed.id);
            let problem = Diagnostic::in_file("cannot-write", path, format!("cannot be written: {error}"));
            Box::new(problem.help("check the permissions of the folder, and that the disk has room"))
        })?;
        let items = pulled.items.len();
        Ok(format!("{items} {}, {new} new", if items == 1 { "item" } else { "items" }))
    }

    /// A finding at the feed's address.
    fn at(&self, code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.feed.url.1, message)
    }

    /// Reads a document and takes from it what is fit to be shown.
    fn taken(&mut self, document: Document) -> Result<Pulled, Failure> {
        let Document { bytes, charset, etag, modified, address, moved } = document;
        if let Some(moved) = moved {
            let message = format!("the feed has moved to {moved}");
            let note = Diagnostic::warning("feed-moved", self.feed.url.1, message);
            self.notes.push(note.help("write the new address"));
        }
        let read = feed::read(&bytes, charset.as_deref(), &address).map_err(|why| {
            let help =
                "look on the publisher's site for the feed's address; what is there must be RSS, Atom or JSON Feed";
            let message = format!("what is at this address cannot be read as a feed: {why}");
            Box::new(self.at("feed-unreadable", text::line(&message)).help(help))
        })?;
        let mut items = self.items(read.items)?;
        items.truncate(self.feed.limit);
        let header = |value: Option<String>| value.filter(|v| v.len() < 500).map(EcoString::from);
        Ok(Pulled {
            from: self.feed.url.0.clone(),
            title: text::cut(&read.title, TITLE).into(),
            link: read.link.as_ref().and_then(public).map(Into::into),
            limit: self.feed.limit,
            etag: header(etag),
            modified: header(modified),
            items,
        })
    }

    /// The items that can be shown, each once, latest first; what is wrong with the others is told.
    fn items(&mut self, read: Vec<feed::Item>) -> Result<Vec<Item>, Failure> {
        let count = read.len();
        let (mut refused, mut undated) = (Tally::default(), Tally::default());
        let (mut ids, mut links) = (FxHashSet::default(), FxHashSet::default());
        let mut twice = 0;
        let mut taken = Vec::with_capacity(read.len());
        for item in read {
            let Some(link) = item.link.as_ref().and_then(public) else {
                let why = if item.link.is_some() { "with a link that is no web address" } else { "without a link" };
                refused.add(why);
                continue;
            };
            if item.title.is_empty() {
                refused.add("without a title");
                continue;
            }
            if !links.insert(link.clone()) || !(item.id.is_empty() || ids.insert(item.id)) {
                twice += 1;
                continue;
            }
            let latest = self.now.checked_add(SignedDuration::from_hours(AHEAD)).unwrap_or(self.now);
            let date = match item.date {
                Some(date) if date.day.year() < FIRST_YEAR => {
                    undated.add("dated before 1990");
                    None
                }
                Some(date) if date.at > latest => {
                    undated.add("dated in the future");
                    None
                }
                date => date,
            };
            let lang = item.lang.filter(|tag| crate::locale::endonym(tag).is_some());
            // Many publishers say `en-US` and mean English.
            let lang = lang.map(EcoString::from).filter(|tag| primary(tag) != primary(&self.feed.lang));
            let hide = self.old.items.iter().any(|old| old.hide && old.link == link);
            let item = Item {
                title: text::cut(&item.title, TITLE).into(),
                link: link.into(),
                summary: text::cut(&item.summary, SUMMARY).into(),
                date: date.map(|date| PartialDate::Day(date.day)),
                lang,
                hide,
            };
            taken.push((date.map(|date| date.at), item));
        }
        if taken.is_empty() && count > 0 {
            let message = format!("no item of the feed can be shown: {}", refused.words());
            return Err(Box::new(self.at("feed-items", message).help("tell its publisher")));
        }
        let mut notes = Vec::new();
        if refused.total() > 0 {
            notes.push(format!("items that cannot be shown, {} of {count}: {}", refused.total(), refused.words()));
        }
        if undated.total() > 0 {
            notes.push(format!("items kept without a date: {}", undated.words()));
        }
        if twice > 0 {
            notes.push(format!("items that are there twice: {twice}"));
        }
        if !notes.is_empty() {
            let message = format!("the feed has faults: {}", notes.join("; "));
            let note = Diagnostic::warning("feed-faults", self.feed.url.1, message);
            self.notes.push(note.help("nothing, if what is left is enough; else tell its publisher"));
        }
        // Those without a date come last, in the publisher's order.
        taken.sort_by(|(a, _), (b, _)| b.cmp(a));
        Ok(taken.into_iter().map(|(_, item)| item).collect())
    }
}

/// Reasons, and how often each applies, in the order in which they came up.
#[derive(Default)]
struct Tally(Vec<(&'static str, usize)>);

impl Tally {
    fn add(&mut self, why: &'static str) {
        match self.0.iter_mut().find(|(known, _)| *known == why) {
            Some((_, count)) => *count += 1,
            None => self.0.push((why, 1)),
        }
    }

    fn total(&self) -> usize {
        self.0.iter().map(|(_, count)| count).sum()
    }

    fn words(&self) -> String {
        let words: Vec<String> = self.0.iter().map(|(why, count)| format!("{count} {why}")).collect();
        words.join(", ")
    }
}

/// The language of a BCP 47 tag, without script and region.
fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

/// An address that readers may be sent to.
fn public(url: &Url) -> Option<String> {
    let plain = url.username().is_empty() && url.password().is_none();
    let good = matches!(url.scheme(), "http" | "https") && url.has_host() && plain && url.as_str().len() <= ADDRESS;
    good.then(|| url.as_str().replace('\\', "%5C").replace('"', "%22"))
}

/// The text of a feed's file.
fn write(pulled: &Pulled) -> String {
    let mut out = String::from(
        "# Written by `relais pull`, to be committed; the next pull writes it anew.\n\
         # `hide: true` in an item keeps it off the pages, and outlasts the next pull.\n",
    );
    let Pulled { from, title, link, limit, etag, modified, items } = pulled;
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let line = |out: &mut String, before: &str, key: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "{before}{key}: {}", quoted(value));
        }
    };
    line(&mut out, "", "from", from);
    line(&mut out, "", "title", title);
    line(&mut out, "", "link", link.as_deref().unwrap_or_default());
    let _ = writeln!(out, "limit: {limit}");
    line(&mut out, "", "etag", etag.as_deref().unwrap_or_default());
    line(&mut out, "", "modified", modified.as_deref().unwrap_or_default());
    out.push_str(if items.is_empty() { "items: []\n" } else { "items:\n" });
    for Item { title, link, summary, date, lang, hide } in items {
        line(&mut out, "  - ", "title", title);
        line(&mut out, "    ", "link", link);
        line(&mut out, "    ", "summary", summary);
        if let Some(date) = date {
            let _ = writeln!(out, "    date: {date}");
        }
        if let Some(lang) = lang {
            let _ = writeln!(out, "    lang: {lang}");
        }
        if *hide {
            out.push_str("    hide: true\n");
        }
    }
    out
}
