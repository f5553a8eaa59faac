//! The portal as a browser finds it: built once by the real program, every page parsed by an HTML5 parser into plain
//! values. It knows HTML, and of the theme only what a caller asks it for.

#![allow(dead_code, reason = "each test crate uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use scraper::{ElementRef, Html, Node, Selector};

/// A built site.
pub(crate) struct Site {
    /// Where it was written.
    pub(crate) folder: PathBuf,
    /// The base URL that it was built for, with a slash at its end.
    pub(crate) base: String,
    /// Every HTML page, by path below the folder.
    pub(crate) pages: BTreeMap<String, Page>,
    /// Every file, HTML included, by path.
    pub(crate) files: BTreeSet<String>,
}

/// What the tests look at in a page.
pub(crate) struct Page {
    /// `<html lang>`.
    pub(crate) lang: String,
    /// `<title>`.
    pub(crate) title: String,
    /// `<link rel=canonical>`: there must be one, so that two are a fault.
    pub(crate) canonical: Vec<String>,
    /// `<link rel=alternate hreflang>`.
    pub(crate) alternates: Vec<(String, String)>,
    /// All `id`s, in order.
    pub(crate) ids: Vec<String>,
    /// Every `href` of an `<a>`, with its text and the language of that text.
    pub(crate) links: Vec<Link>,
    /// Addresses that a browser fetches by itself: element, attribute, address.
    pub(crate) fetched: Vec<(String, String, String)>,
    /// Every value of `lang` and `hreflang`.
    pub(crate) tags: BTreeSet<String>,
    /// What a strict Content-Security-Policy refuses.
    pub(crate) inline: Vec<String>,
    /// Every text between tags, white space aside, with its language.
    pub(crate) texts: Vec<Text>,
    /// Every attribute, as `name="value"`, with the language of its element.
    pub(crate) attributes: Vec<Text>,
    /// The texts of `<title>`s, those of pictures included: HTML allows no element in them.
    pub(crate) titles: Vec<Text>,
    /// How many `<h1>` there are.
    pub(crate) first_headings: usize,
    source: String,
}

/// A link.
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) text: String,
    /// The language of its first letter.
    pub(crate) lang: String,
}

/// A run of text.
pub(crate) struct Text {
    pub(crate) text: String,
    /// The nearest `lang` around it.
    pub(crate) lang: String,
}

impl Site {
    /// Builds this repository's site with further arguments.
    pub(crate) fn build(name: &str, base: &str, arguments: &[&str]) -> Site {
        Site::build_from(Path::new(env!("CARGO_MANIFEST_DIR")), name, base, arguments)
    }

    /// The same of a site like it.
    pub(crate) fn build_from(source: &Path, name: &str, base: &str, arguments: &[&str]) -> Site {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("portal-{name}"));
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("an earlier run's output can be removed");
        }
        let output = Command::new(env!("CARGO_BIN_EXE_relais"))
            .arg("build")
            .arg(source)
            .arg("--out")
            .arg(&folder)
            .args(["--base-url", base])
            .args(arguments)
            .env_remove("SOURCE_DATE_EPOCH")
            .output()
            .expect("the program can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the portal does not build:\n{said}");
        assert_eq!(said, "", "the portal builds with findings");
        Site::read(folder, base)
    }

    /// A site that is there already.
    pub(crate) fn read(folder: PathBuf, base: &str) -> Site {
        let mut files = BTreeSet::new();
        collect(&folder, &folder, &mut files);
        let pages = files.iter().filter(|path| path.ends_with(".html"));
        let pages = pages.map(|path| (path.clone(), Page::parse(&read(&folder.join(path))))).collect();
        Site { folder, base: base.to_owned(), pages, files }
    }

    /// A page by its path.
    pub(crate) fn page(&self, path: &str) -> &Page {
        self.pages.get(path).unwrap_or_else(|| panic!("there is no page {path}"))
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> String {
        read(&self.folder.join(path))
    }

    /// The file that a static host serves for an address on the page at `from`, and the fragment; `None` for what leads
    /// to another site.
    pub(crate) fn resolve(&self, from: &str, href: &str) -> Option<(String, Option<String>)> {
        let (address, fragment) = match href.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment.to_owned())),
            None => (href, None),
        };
        if address.is_empty() {
            return Some((from.to_owned(), fragment));
        }
        let below = if let Some(below) = address.strip_prefix(&self.base) {
            below
        } else if address.contains(':') || address.starts_with("//") {
            return None;
        } else {
            // Links of a site below a path begin with that path; one that does not leaves the site by mistake.
            match address.strip_prefix(self.path().as_str()) {
                Some(below) => below,
                None => return Some((format!("(outside {}) {address}", self.path()), fragment)),
            }
        };
        let file = match below {
            "" => "index.html".to_owned(),
            below if below.ends_with('/') => format!("{below}index.html"),
            below => below.to_owned(),
        };
        Some((file, fragment))
    }

    /// The full address of a page.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{}", self.base, path.strip_suffix("index.html").unwrap_or(path))
    }

    /// The base URL's path.
    fn path(&self) -> String {
        let rest = self.base.split_once("://").map_or("", |(_, rest)| rest);
        rest[rest.find('/').unwrap_or(rest.len())..].to_owned()
    }

    /// The page that `path` is the facts of, where it is not a version of its own.
    pub(crate) fn source_of(&self, path: &str) -> Option<&str> {
        let page = self.page(path);
        let (canonical, _) = self.resolve(path, page.canonical.first()?)?;
        let (key, _) = self.pages.get_key_value(canonical.as_str())?;
        (key != path).then_some(key.as_str())
    }
}

impl Page {
    pub(crate) fn parse(source: &str) -> Page {
        let html = Html::parse_document(source);
        let mut page = Page {
            lang: html.root_element().value().attr("lang").unwrap_or_default().to_owned(),
            title: String::new(),
            canonical: Vec::new(),
            alternates: Vec::new(),
            ids: Vec::new(),
            links: Vec::new(),
            fetched: Vec::new(),
            tags: BTreeSet::new(),
            inline: Vec::new(),
            texts: Vec::new(),
            attributes: Vec::new(),
            titles: Vec::new(),
            first_headings: 0,
            source: source.to_owned(),
        };
        page.walk(html.root_element(), "");
        page
    }

    /// Looks at an element and at all below it; `lang` is the language around it.
    fn walk(&mut self, element: ElementRef<'_>, lang: &str) {
        let lang = element.value().attr("lang").unwrap_or(lang);
        self.element(element, lang);
        if matches!(element.value().name(), "script" | "style" | "title") {
            return;
        }
        for child in element.children() {
            match child.value() {
                Node::Text(text) if !text.trim().is_empty() => {
                    self.texts.push(Text { text: squeeze(text), lang: lang.to_owned() });
                }
                Node::Element(_) => self.walk(ElementRef::wrap(child).expect("an element"), lang),
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, lang: &str) {
        let name = element.value().name();
        let attribute = |wanted: &str| element.value().attr(wanted).map(str::to_owned);
        let text = || squeeze(&element.text().collect::<String>());
        if name == "title" {
            self.titles.push(Text { text: text(), lang: lang.to_owned() });
        }
        for (key, value) in element.value().attrs() {
            // What previews of the page call it is its title once more.
            if key == "content" && attribute("property").as_deref() == Some("og:title") {
                self.titles.push(Text { text: squeeze(value), lang: lang.to_owned() });
                continue;
            }
            self.attributes.push(Text { text: format!("{key}=\"{value}\""), lang: lang.to_owned() });
            match key {
                "id" => self.ids.push(value.to_owned()),
                "lang" | "hreflang" => drop(self.tags.insert(value.to_owned())),
                "style" => self.inline.push(format!("<{name} style>")),
                "src" | "srcset" | "poster" | "data" | "action" | "formaction" => {
                    self.fetched.push((name.to_owned(), key.to_owned(), value.to_owned()));
                }
                _ if key.starts_with("on") => self.inline.push(format!("<{name} {key}>")),
                _ => {}
            }
        }
        match name {
            "title" if self.title.is_empty() => self.title = text(),
            "h1" => self.first_headings += 1,
            "style" => self.inline.push("<style>".to_owned()),
            "script" if attribute("src").is_none() && attribute("type").as_deref() != Some("application/ld+json") => {
                self.inline.push("<script>".to_owned());
            }
            "a" => self.links.extend(attribute("href").map(|href| Link {
                href,
                text: text(),
                lang: first_language(element, lang),
            })),
            "link" => self.link(attribute("rel"), attribute("hreflang"), attribute("href").unwrap_or_default()),
            _ => {}
        }
    }

    fn link(&mut self, rel: Option<String>, hreflang: Option<String>, href: String) {
        match (rel.as_deref().unwrap_or_default(), hreflang) {
            ("canonical", _) => self.canonical.push(href),
            ("alternate", Some(tag)) => self.alternates.push((tag, href)),
            ("alternate", None) => self.links.push(Link { href, text: String::new(), lang: String::new() }),
            (rel, _) => self.fetched.push(("link".to_owned(), rel.to_owned(), href)),
        }
    }

    /// The texts of all elements that match a CSS selector.
    pub(crate) fn select(&self, selector: &str) -> Vec<String> {
        let chosen = Selector::parse(selector).expect("a CSS selector");
        let html = Html::parse_document(&self.source);
        html.select(&chosen).map(|found| squeeze(&found.text().collect::<String>())).collect()
    }

    /// Whether an element matches a CSS selector.
    pub(crate) fn has(&self, selector: &str) -> bool {
        let chosen = Selector::parse(selector).expect("a CSS selector");
        Html::parse_document(&self.source).select(&chosen).next().is_some()
    }

    /// The values of an attribute of all elements that match a CSS selector.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> Vec<String> {
        let chosen = Selector::parse(selector).expect("a CSS selector");
        let html = Html::parse_document(&self.source);
        html.select(&chosen).filter_map(|found| found.value().attr(name).map(str::to_owned)).collect()
    }

    /// What is inside the elements that match a CSS selector, read as a page of its own.
    pub(crate) fn part(&self, selector: &str) -> Vec<Page> {
        let chosen = Selector::parse(selector).expect("a CSS selector");
        let html = Html::parse_document(&self.source);
        let parts = html.select(&chosen).map(|found| {
            let lang = found.ancestors().filter_map(ElementRef::wrap).find_map(|e| e.value().attr("lang"));
            let lang = found.value().attr("lang").or(lang).unwrap_or_default();
            Page::parse(&format!("<html lang=\"{lang}\"><title>.</title>{}", found.inner_html()))
        });
        parts.collect()
    }
}

/// The language of the first text in an element.
fn first_language(element: ElementRef<'_>, around: &str) -> String {
    for child in element.children() {
        match child.value() {
            Node::Text(text) if !text.trim().is_empty() => break,
            Node::Element(inner) => {
                let around = inner.attr("lang").unwrap_or(around);
                return ElementRef::wrap(child).map_or_else(String::new, |child| first_language(child, around));
            }
            _ => {}
        }
    }
    around.to_owned()
}

/// One space for every run of ASCII white space; no-break spaces stay.
fn squeeze(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the output folder can be read") {
        let path = entry.expect("an entry of the output folder").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let relative = path.strip_prefix(root).expect("a path below the output folder");
            let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            files.insert(parts.join("/"));
        }
    }
}
