//! Feeds as their publishers write them: Atom (RFC 4287), RSS 2.0 and its ancestors, RSS 1.0, JSON Feed 1.1. What is read is
//! plain text, full addresses and days; which of it is taken is not decided here.

use encoding_rs::Encoding;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;
use serde_json::Value;
use url::Url;

use super::text;

/// Deeper than any feed that was written on purpose.
const DEEPEST: usize = 200;

/// More elements than any feed that was written on purpose.
const MOST_ELEMENTS: usize = 300_000;

/// What a publisher says.
#[derive(Debug, Default)]
pub(super) struct Feed {
    /// The feed's name.
    pub(super) title: String,
    /// The page that it goes with.
    pub(super) link: Option<Url>,
    /// In the publisher's order.
    pub(super) items: Vec<Item>,
}

/// One piece of news.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// What the publisher tells it from others by.
    pub(super) id: String,
    /// Empty if there is none.
    pub(super) title: String,
    /// Where it can be read; of any scheme.
    pub(super) link: Option<Url>,
    /// What it is about; empty if nothing says so.
    pub(super) summary: String,
    /// When it was published, or else changed, as the publisher's clock shows it.
    pub(super) date: Option<Dated>,
    /// Its language, where it says one of its own.
    pub(super) lang: Option<String>,
}

/// A date in a feed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Dated {
    /// The instant; the beginning of the day where there is no time.
    pub(super) at: Timestamp,
    /// The day where it was published.
    pub(super) day: Date,
}

/// Reads a feed; else says why this is none.
pub(super) fn read(bytes: &[u8], charset: Option<&str>, address: &Url) -> Result<Feed, String> {
    let text = decoded(bytes, charset)?;
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    match text.bytes().next() {
        None => Err("it is empty".into()),
        Some(b'{') => json(text, address),
        Some(b'<') => xml(text, address),
        Some(_) => Err(format!(
            "it begins with `{}`, which is neither XML nor JSON",
            text::cut(&text::line(&text[..text.floor_char_boundary(200)]), 40)
        )),
    }
}

/// The text in the encoding that it is in, whatever it says; in the one that it says where it is no UTF-8.
fn decoded(bytes: &[u8], charset: Option<&str>) -> Result<String, String> {
    if Encoding::for_bom(bytes).is_none()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Ok(text.to_owned());
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declared = head.split("encoding=").nth(1).and_then(|rest| rest.split(['"', '\'']).nth(1)).map(str::to_owned);
    let label = charset.or(declared.as_deref()).unwrap_or("utf-8");
    let Some(encoding) = Encoding::for_label(label.as_bytes()) else {
        return Err(format!("it is in the encoding `{}`, which is not known", text::cut(&text::line(label), 40)));
    };
    let (text, used, broken) = encoding.decode(bytes);
    match broken {
        true => Err(format!("it is not {}, although it says so", used.name())),
        false => Ok(text.into_owned()),
    }
}

/// Whose an element is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Space {
    /// Of RSS without a namespace, or RSS 1.0.
    Rss,
    Atom,
    Rdf,
    DublinCore,
    Content,
    Other,
}

impl Space {
    fn of(resolved: ResolveResult<'_>) -> Space {
        match resolved {
            ResolveResult::Unbound => Space::Rss,
            ResolveResult::Bound(Namespace(name)) => match name {
                "http://www.w3.org/2005/Atom" | "http://purl.org/atom/ns#" => Space::Atom,
                "http://purl.org/rss/1.0/" | "http://my.netscape.com/rdf/simple/0.9/" => Space::Rss,
                "http://backend.userland.com/rss2" | "http://blogs.law.harvard.edu/tech/rss" => Space::Rss,
                "http://www.w3.org/1999/02/22-rdf-syntax-ns#" => Space::Rdf,
                "http://purl.org/dc/elements/1.1/" | "http://purl.org/dc/terms/" => Space::DublinCore,
                "http://purl.org/rss/1.0/modules/content/" => Space::Content,
                _ => Space::Other,
            },
            ResolveResult::Unknown(_) => Space::Other,
        }
    }
}

#[derive(Debug)]
struct Element {
    space: Space,
    name: String,
    /// By their names as written.
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
}

#[derive(Debug)]
enum Child {
    Text(String),
    Element(Element),
}

impl Element {
    fn is(&self, space: Space, name: &str) -> bool {
        self.space == space && self.name == name
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())
    }

    fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    fn all<'e>(&'e self, space: Space, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.elements().filter(move |element| element.is(space, name))
    }

    fn first(&self, space: Space, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.is(space, name))
    }

    /// All text in it, with tags between the pieces where there are elements, so that words stay apart.
    fn markup(&self) -> String {
        fn add(element: &Element, out: &mut String) {
            for child in &element.children {
                match child {
                    Child::Text(text) => out.push_str(&quick_xml::escape::escape(text)),
                    Child::Element(inner) => {
                        out.extend(["<", &inner.name, ">"]);
                        add(inner, out);
                        out.extend(["</", &inner.name, ">"]);
                    }
                }
            }
        }
        let mut out = String::new();
        add(self, &mut out);
        out
    }

    /// The text in it, without that of elements in it.
    fn text(&self) -> String {
        self.children.iter().map(|child| if let Child::Text(text) = child { text.as_str() } else { "" }).collect()
    }

    /// What an element that may hold markup says, as plain text.
    fn plain(&self) -> String {
        let has_elements = self.elements().next().is_some();
        let kind = self.attribute("type").unwrap_or(if self.space == Space::Atom { "text" } else { "html" });
        let text = match kind {
            _ if has_elements => text::of_html(&self.markup()),
            "text" | "text/plain" => text::of_plain(&self.text()),
            _ => text::of_html(&self.text()),
        };
        text::line(&text)
    }
}

/// Reads XML into a tree.
fn tree(text: &str) -> Result<Element, String> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<Element> = Vec::new();
    let mut count = 0;
    let line = |at: u64| text[..text.floor_char_boundary(at as usize)].matches('\n').count() + 1;
    loop {
        let event = match reader.read_resolved_event() {
            Ok((space, event)) => (Space::of(space), event),
            Err(error) => return Err(format!("its XML is broken in line {}: {error}", line(reader.error_position()))),
        };
        let done = match event {
            (space, Event::Start(start)) => {
                count += 1;
                if open.len() >= DEEPEST || count > MOST_ELEMENTS {
                    return Err("its XML has more elements, or deeper ones, than a feed".into());
                }
                open.push(element(space, &start));
                None
            }
            (space, Event::Empty(start)) => {
                count += 1;
                Some(element(space, &start))
            }
            (_, Event::End(_)) => open.pop(),
            (_, event) => {
                if let (Some(element), Some(text)) = (open.last_mut(), written(&event)) {
                    element.add(&text);
                }
                if matches!(event, Event::Eof) {
                    let name = open.last().map(|element| element.name.as_str());
                    return Err(match name {
                        Some(name) => format!("it ends before `<{name}>` is closed"),
                        None => "it holds no XML element".into(),
                    });
                }
                None
            }
        };
        match (done, open.last_mut()) {
            (Some(done), Some(parent)) => parent.children.push(Child::Element(done)),
            (Some(root), None) => return Ok(root),
            (None, _) => {}
        }
    }
}

/// The text that an event stands for.
fn written(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Text(text) => Some(text.xml10_content().into_owned()),
        Event::CData(text) => Some(text.xml10_content().into_owned()),
        // A document's own entities are not expanded.
        Event::GeneralRef(name) => Some(text::reference(name).unwrap_or_else(|| format!("&{};", &**name))),
        _ => None,
    }
}

fn element(space: Space, start: &BytesStart<'_>) -> Element {
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).flatten();
    let attributes = attributes.map(|a| (a.key.as_ref().to_owned(), text::decode(&a.value))).collect();
    Element { space, name: start.local_name().as_ref().to_owned(), attributes, children: Vec::new() }
}

impl Element {
    /// Adds text; what entities are between belongs together.
    fn add(&mut self, text: &str) {
        match self.children.last_mut() {
            Some(Child::Text(before)) => before.push_str(text),
            _ => self.children.push(Child::Text(text.to_owned())),
        }
    }
}

fn xml(text: &str, address: &Url) -> Result<Feed, String> {
    let head = text[..text.floor_char_boundary(2000)].to_ascii_lowercase();
    if head.contains("<html") || head.starts_with("<!doctype html") {
        return Err("it is a web page".into());
    }
    let root = tree(text)?;
    match (root.space, root.name.as_str()) {
        (Space::Atom, "feed") => Ok(atom(&root, address)),
        (Space::Rss, "rss") => match root.first(Space::Rss, "channel") {
            Some(channel) => Ok(rss(channel, channel, address)),
            None => Err("its `<rss>` has no `<channel>`".into()),
        },
        (Space::Rdf, "RDF") => match root.first(Space::Rss, "channel") {
            Some(channel) => Ok(rss(channel, &root, address)),
            None => Err("its `<RDF>` has no `<channel>`".into()),
        },
        (_, name) => {
            Err(format!("its outermost element is `<{}>`, which is no feed's", text::cut(&text::line(name), 40)))
        }
    }
}

/// The address that relative ones begin at.
fn base(element: &Element, outer: &Url) -> Url {
    element.attribute("xml:base").and_then(|base| outer.join(base).ok()).unwrap_or_else(|| outer.clone())
}

fn atom(root: &Element, address: &Url) -> Feed {
    let outer = base(root, address);
    let entry = |entry: &Element| {
        let base = base(entry, &outer);
        let title = entry.first(Space::Atom, "title");
        let of = |name| entry.first(Space::Atom, name);
        let summary = of("summary").or(of("content").filter(|content| content.attribute("src").is_none()));
        let date = ["published", "issued", "updated", "modified"].iter().find_map(|name| date(&of(name)?.text()));
        let lang = title.and_then(|title| title.attribute("xml:lang")).or(entry.attribute("xml:lang"));
        Item {
            id: of("id").map(|id| id.text().trim().to_owned()).unwrap_or_default(),
            title: title.map(Element::plain).unwrap_or_default(),
            link: alternate(entry, &base),
            summary: summary.map(Element::plain).unwrap_or_default(),
            date,
            lang: lang.map(str::to_owned),
        }
    };
    Feed {
        title: root.first(Space::Atom, "title").map(Element::plain).unwrap_or_default(),
        link: alternate(root, &outer),
        items: root.all(Space::Atom, "entry").map(entry).collect(),
    }
}

/// The page that an Atom element links to: the one for people, if there are several.
fn alternate(element: &Element, outer: &Url) -> Option<Url> {
    let links =
        || element.all(Space::Atom, "link").filter(|link| matches!(link.attribute("rel"), None | Some("alternate")));
    let page = links().find(|link| link.attribute("type").is_none_or(|kind| kind.contains("html")));
    let link = page.or_else(|| links().next())?;
    base(link, outer).join(link.attribute("href")?).ok()
}

/// RSS of any version: its channel, and the element that holds the items.
fn rss(channel: &Element, items: &Element, address: &Url) -> Feed {
    let outer = base(channel, address);
    let link = |element: &Element, base: &Url| {
        let text = element.first(Space::Rss, "link").map(Element::text);
        let text = text.filter(|text| !text.trim().is_empty())?;
        base.join(text.trim()).ok()
    };
    let item = |item: &Element| {
        let base = base(item, &outer);
        let of = |space, name| item.first(space, name);
        let guid = of(Space::Rss, "guid").map(|guid| (guid.text().trim().to_owned(), guid.attribute("isPermaLink")));
        let permanent = guid.as_ref().filter(|(_, permanent)| *permanent != Some("false"));
        let permanent = || permanent.and_then(|(guid, _)| Url::parse(guid).ok());
        let title = of(Space::Rss, "title").or(of(Space::DublinCore, "title"));
        let description = of(Space::Rss, "description").map(Element::plain).filter(|text| !text.is_empty());
        let content = || of(Space::Content, "encoded").map(Element::plain).unwrap_or_default();
        let dates = [(Space::Rss, "pubDate"), (Space::DublinCore, "date"), (Space::Atom, "updated")];
        Item {
            title: title.map(Element::plain).unwrap_or_default(),
            link: link(item, &base).or_else(permanent).or_else(|| alternate(item, &base)),
            summary: description.unwrap_or_else(content),
            date: dates.iter().find_map(|(space, name)| date(&of(*space, name)?.text())),
            lang: of(Space::DublinCore, "language").map(|lang| lang.text().trim().to_owned()),
            id: guid.map(|(guid, _)| guid).or(item.attribute("rdf:about").map(str::to_owned)).unwrap_or_default(),
        }
    };
    Feed {
        title: channel.first(Space::Rss, "title").map(Element::plain).unwrap_or_default(),
        link: link(channel, &outer),
        items: items.all(Space::Rss, "item").map(item).collect(),
    }
}

fn json(text: &str, address: &Url) -> Result<Feed, String> {
    let root: Value = serde_json::from_str(text).map_err(|error| format!("its JSON is broken: {error}"))?;
    let version = root["version"].as_str().unwrap_or_default();
    let (true, Some(items)) = (version.contains("jsonfeed.org/version/"), root["items"].as_array()) else {
        return Err("it is JSON, but no JSON Feed: that has a `version` of jsonfeed.org and a list of `items`".into());
    };
    let plain = |value: &Value| value.as_str().map(|text| text::line(&text::of_plain(text)));
    let html = |value: &Value| value.as_str().map(|text| text::line(&text::of_html(text)));
    let join = |value: &Value| value.as_str().and_then(|link| address.join(link.trim()).ok());
    let item = |item: &Value| {
        let summary = plain(&item["summary"]).or(plain(&item["content_text"])).or_else(|| html(&item["content_html"]));
        let id = match &item["id"] {
            Value::String(id) => id.trim().to_owned(),
            Value::Number(id) => id.to_string(),
            _ => String::new(),
        };
        Item {
            title: plain(&item["title"]).unwrap_or_default(),
            link: join(&item["url"]).or_else(|| join(&item["external_url"])).or_else(|| Url::parse(&id).ok()),
            summary: summary.unwrap_or_default(),
            date: ["date_published", "date_modified"].iter().find_map(|key| date(item[*key].as_str()?)),
            lang: item["language"].as_str().map(str::to_owned),
            id,
        }
    };
    Ok(Feed {
        title: plain(&root["title"]).unwrap_or_default(),
        link: join(&root["home_page_url"]),
        items: items.iter().map(item).collect(),
    })
}

/// A date of RFC 3339, RFC 2822 or a day alone; `None` for anything else.
fn date(text: &str) -> Option<Dated> {
    let text = text.trim();
    let mail = || {
        let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        let zoned = parser.parse_zoned(text).ok()?;
        Some(Dated { at: zoned.timestamp(), day: zoned.date() })
    };
    let Ok(pieces) = Pieces::parse(text) else { return mail() };
    let time = pieces.time().unwrap_or_default();
    let offset = match pieces.offset() {
        Some(jiff::fmt::temporal::PiecesOffset::Numeric(numeric)) => numeric.offset(),
        _ => jiff::tz::Offset::UTC,
    };
    Some(Dated { at: offset.to_timestamp(pieces.date().to_datetime(time)).ok()?, day: pieces.date() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_where_they_were_written() {
        let day = |text| date(text).map(|date| date.day.to_string());
        assert_eq!(day("2026-11-20T23:30:00-05:00").as_deref(), Some("2026-11-20"));
        assert_eq!(day("2026-11-20T23:30:00Z").as_deref(), Some("2026-11-20"));
        assert_eq!(day(" 2026-11-20 ").as_deref(), Some("2026-11-20"));
        assert_eq!(day("Fri, 20 Nov 2026 23:30:00 GMT").as_deref(), Some("2026-11-20"));
        assert_eq!(day("Mon, 20 Nov 2026 23:30 +0100").as_deref(), Some("2026-11-20"));
        assert_eq!(day("yesterday"), None);
        assert_eq!(day("20/11/2026"), None);
    }
}
