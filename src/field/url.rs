//! `url`: an address elsewhere, with the language of what is there.

use ecow::EcoString;

use super::number::cut;
use super::{Cx, Item, Kind, Show, Value};
use crate::document::read::Reader;
use crate::html;
use crate::source::Range;
use crate::yaml::{Node, Value as Yaml};

/// The kind.
pub struct Url;

/// An address elsewhere.
#[derive(Clone, Debug)]
pub struct Link {
    /// http or https.
    pub url: EcoString,
    /// BCP 47 tag of what is there.
    pub lang: Option<EcoString>,
}

impl Kind for Url {
    fn name(&self) -> &'static str {
        "url"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        parse_link(node, &what, &mut cx.read).map(|link| Value::Url(Box::new(link)))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::Url(link) = value else { return Item::default() };
        let lang = link.lang.as_deref().filter(|lang| *lang != show.catalog.config.tag(show.lang));
        Item { html: html::link(&link.url, &html::escape(&shown(&link.url)), lang), text: link.url.to_string() }
    }
}

/// An address as readers see it: without scheme, `www.` and a lone slash at the end, cut in the middle if long.
pub fn shown(url: &str) -> String {
    let rest = url.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let count = rest.chars().count();
    if count <= 60 {
        return rest.to_owned();
    }
    let start: String = rest.chars().take(40).collect();
    let end: String = rest.chars().skip(count - 15).collect();
    format!("{start}…{end}")
}

fn parse_link(node: &Node, what: &str, read: &mut Reader<'_>) -> Option<Link> {
    if !matches!(node.value, Yaml::Map(_)) {
        let url = read.text(node, what)?.clone();
        return check(&url, node.range, read).then_some(Link { url, lang: None });
    }
    read.map(node, what, &["url", "lang"])?;
    let Some(at) = node.get("url") else {
        read.missing(node, "url", format!("{what} has no `url`"), "add `url: https://…`");
        return None;
    };
    let url = read.text(at, "`url`")?.clone();
    let lang = match node.get("lang") {
        Some(node) => Some(language(node, read)?),
        None => None,
    };
    check(&url, at.range, read).then_some(Link { url, lang })
}

/// Reads a BCP 47 tag.
pub fn language(node: &Node, read: &mut Reader<'_>) -> Option<EcoString> {
    let tag = read.text(node, "`lang`")?.clone();
    if crate::locale::endonym(&tag).is_some() {
        return Some(tag);
    }
    read.error(
        "unknown-language",
        node.range,
        format!("`{}` is not a language tag", cut(&tag)),
        "write a BCP 47 tag, such as `fr` or `lv`",
    );
    None
}

/// Whether this is an address that may be published; reports it if not.
pub fn check(url: &str, range: Range, read: &mut Reader<'_>) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let good = host.is_some_and(|h| !h.is_empty() && !h.starts_with('/'))
        && !url.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\'));
    if !good {
        let help = if url.starts_with("www.") || url.contains('.') && !url.contains([':', ' ']) {
            format!("write it in full: `https://{}`", cut(url))
        } else {
            "write a full address that begins with https://".to_owned()
        };
        read.error("bad-url", range, format!("`{}` is not a web address", cut(url)), help);
    }
    good
}
