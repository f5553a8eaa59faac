//! What stands at old addresses: pages that work on any host, and the lists by which hosts answer themselves; and the other
//! files that hosts and search engines look for at the root.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::page::{Head, home_crumb};
use super::{Crumb, Page, Text, sitemap};
use crate::catalog::{Catalog, EntryId};
use crate::plan::{Fate, Past, Plan};
use crate::url::Address;

/// What pages may load, all of it their own: there is no inline script and no inline style.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'";

/// What `moved.html` and `gone.html` see.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PastView {
    /// Head and surroundings.
    pub page: Page,
    title: String,
    text: String,
    /// Where to go on; none where that is the home page.
    to: Option<Target>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Target {
    href: String,
    title: String,
    /// The language of the title, where it is not the page's.
    lang: Option<String>,
    /// The language of what is there, where it is not the page's.
    hreflang: Option<String>,
}

/// The page at an old address.
pub fn past(catalog: &Catalog, plan: &Plan, past: &Past) -> PastView {
    let (config, lang) = (&catalog.config, past.lang);
    let listing = |kind: usize| {
        let listing = plan.listing(kind, lang)?;
        let title = catalog.types[kind].label[lang.index()].to_string();
        Some(Target { href: config.base.href(&listing.address), title, lang: None, hreflang: None })
    };
    let ([title, text], to) = match &past.fate {
        Fate::Moved { to, lang: at, entry } => {
            let target = target(catalog, past, to, *entry);
            let hreflang = (*at != lang).then(|| config.tag(*at).to_owned());
            (["moved-title", ""], Some(Target { hreflang, ..target }))
        }
        Fate::Gone(kind) => (["gone-title", "gone-text"], kind.and_then(listing)),
        Fate::Empty(kind) => (["empty-title", "empty-text"], listing(*kind)),
    };
    let title = catalog.message(lang, title);
    let (canonical, robots) = match &past.fate {
        Fate::Moved { to, .. } => (to, None),
        _ => (&past.address, Some("noindex")),
    };
    let homes: Vec<Address> = config.langs().map(|each| Address::home(config.tag(each))).collect();
    let page = Head {
        catalog,
        lang,
        title,
        description: "",
        canonical,
        title_lang: None,
        kind: None,
        robots,
        section: None,
        crumbs: vec![home_crumb(catalog, lang), Crumb { title: Text::own(title), href: None }],
        versions: config.langs().map(|each| (each, &homes[each.index()], true)).collect(),
        linked: false,
        feeds: Vec::new(),
    }
    .page();
    let text = if text.is_empty() { String::new() } else { catalog.message(lang, text).to_owned() };
    PastView { page, title: title.to_owned(), text, to }
}

/// The link to a new address: an entry by its title, anything else by its address.
fn target(catalog: &Catalog, past: &Past, to: &Address, entry: Option<EntryId>) -> Target {
    let base = &catalog.config.base;
    let href = base.href(to);
    match entry {
        Some(id) => {
            let (title, at) = catalog.title(id, past.lang);
            let lang = (at != past.lang).then(|| catalog.config.tag(at).to_owned());
            Target { href, title: title.to_owned(), lang, hreflang: None }
        }
        None => Target { title: base.absolute(to), href, lang: None, hreflang: None },
    }
}

/// A file by which hosts answer requests for old addresses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HostFile {
    /// `_redirects`, of Netlify, Cloudflare, GitLab Pages and others.
    Redirects,
    /// `.htaccess` of Apache (mod_alias).
    Htaccess,
    /// Two maps to be included by nginx.
    Nginx,
    /// `_headers`: what Netlify, Cloudflare and others send with each page.
    Headers,
    /// `sitemap.xml`, the index of sitemaps.
    SitemapIndex,
    /// `robots.txt`.
    Robots,
}

impl HostFile {
    /// All of them.
    pub const ALL: [HostFile; 6] = [
        HostFile::Redirects,
        HostFile::Htaccess,
        HostFile::Nginx,
        HostFile::Headers,
        HostFile::SitemapIndex,
        HostFile::Robots,
    ];

    /// Whether it is about old addresses alone.
    pub fn is_of_past(self) -> bool {
        matches!(self, HostFile::Redirects | HostFile::Htaccess | HostFile::Nginx)
    }

    /// Its name below the output folder.
    pub fn name(self) -> &'static str {
        match self {
            HostFile::Redirects => "_redirects",
            HostFile::Htaccess => ".htaccess",
            HostFile::Nginx => "redirects.nginx",
            HostFile::Headers => "_headers",
            HostFile::SitemapIndex => "sitemap.xml",
            HostFile::Robots => "robots.txt",
        }
    }

    /// What is in it.
    pub fn text(self, catalog: &Catalog, plan: &Plan) -> String {
        let base = &catalog.config.base;
        let past = || plan.addresses.old.iter().map(|past| (base.href(&past.address), past));
        let moved = past().filter_map(|(from, past)| match &past.fate {
            Fate::Moved { to, .. } => Some((from, base.href(to))),
            _ => None,
        });
        let gone = past().filter(|(_, past)| matches!(past.fate, Fate::Gone(_))).map(|(from, _)| from);
        let mut out = String::new();
        match self {
            // Some hosts refuse the whole file for a status that they do not know, and 410 is one.
            HostFile::Redirects => {
                moved.for_each(|(from, to)| out.extend([&*from, " ", &*to, " 301\n"]));
            }
            HostFile::Htaccess => {
                out.push_str("<IfModule mod_alias.c>\n");
                for (from, to) in moved {
                    let _ = writeln!(out, "RedirectMatch 301 \"^{}(index\\.html)?$\" \"{to}\"", pattern(&from));
                }
                for from in gone {
                    let _ = writeln!(out, "RedirectMatch 410 \"^{}$\"", pattern(&from));
                }
                out.push_str("</IfModule>\n");
                for tag in &catalog.config.languages {
                    let page = base.href(&Address::home(tag).with_file("404.html"));
                    let below = pattern(&base.href(&Address::home(tag)));
                    let _ = writeln!(out, "<If \"%{{REQUEST_URI}} =~ m#^{below}#\">\nErrorDocument 410 {page}\n</If>");
                }
            }
            HostFile::Nginx => {
                out.push_str("map $uri $relais_moved {\n");
                moved.for_each(|(from, to)| out.extend(["    ", &*from, " ", &*to, ";\n"]));
                out.push_str("}\nmap $uri $relais_gone {\n");
                gone.for_each(|from| out.extend(["    ", &*from, " 1;\n"]));
                out.push_str("}\n");
            }
            HostFile::Headers => {
                let path = base.href(&Address::root().with_file("*"));
                let _ = write!(out, "{path}\n  Content-Security-Policy: {POLICY}\n  X-Content-Type-Options: nosniff\n");
            }
            HostFile::SitemapIndex => out = sitemap::sitemap_index(catalog, plan),
            HostFile::Robots => out = sitemap::robots(catalog),
        }
        out
    }
}

/// An address as a regular expression; of the characters that addresses have, only the full stop means anything else.
fn pattern(address: &str) -> String {
    address.replace('.', "\\.")
}
