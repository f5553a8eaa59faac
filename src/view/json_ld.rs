//! What a page says of itself to search engines: one JSON-LD graph (schema.org); which of its facts say what, the types
//! declare. It says nothing that the page does not show.

use std::borrow::Cow;

use ecow::EcoString;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::Crumb;
use super::json::Json;
use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::document::schema::Field;
use crate::field::{self, Moment, Money};
use crate::plan::Listing;
use crate::source::utf8;
use crate::url::Address;

/// A node of the graph.
type Node = Map<String, Value>;

/// Types of schema.org that an entry's own text is: its language, dates and publisher are the page's. A `Report` or any
/// other `CreativeWork` is what the entry is about: of that, only its facts say anything.
const TEXTS: &[&str] = &[
    "AnalysisNewsArticle",
    "Article",
    "BackgroundNewsArticle",
    "BlogPosting",
    "Guide",
    "HowTo",
    "LearningResource",
    "NewsArticle",
    "ReportageNewsArticle",
    "TechArticle",
];

/// What a page is about, beside itself.
pub(super) struct About<'a> {
    /// The page's own type: `WebPage` or one below it.
    pub(super) page: Cow<'static, str>,
    /// The thing that it is about.
    pub(super) main: Option<Main<'a>>,
    /// When the page's content was last seen to change.
    pub(super) modified: Option<Timestamp>,
}

/// The thing that a page is about.
pub(super) enum Main<'a> {
    Thing(Node),
    /// Entries of a list that is longer.
    List(Part<'a>),
}

/// A part of a list of entries.
pub(super) struct Part<'a> {
    entries: &'a [EntryId],
    /// How many come before them.
    before: usize,
    /// How many the list has.
    count: usize,
}

impl Default for About<'_> {
    fn default() -> Self {
        About { page: "WebPage".into(), main: None, modified: None }
    }
}

/// A page, as its graph names it.
pub(super) struct Of<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) lang: Lang,
    pub(super) address: &'a Address,
    pub(super) title: &'a str,
    pub(super) title_lang: Option<Lang>,
    pub(super) description: &'a str,
    pub(super) crumbs: &'a [Crumb],
}

/// The graph, ready to stand in a `script` element that no browser runs. Names of members are in their alphabetical order.
pub(super) fn graph(of: &Of<'_>, about: About<'_>) -> String {
    let config = &of.catalog.config;
    let address = config.base.absolute(of.address);
    let home = config.base.absolute(&Address::home(config.tag(of.lang)));
    let mut out = Vec::with_capacity(2048);
    Json::new(&mut out).object(|graph| {
        graph.name("@context").text("https://schema.org");
        graph.name("@graph").array(|nodes| {
            if of.crumbs.len() > 1 {
                breadcrumbs(nodes, of, &address);
            }
            let main = about.main.and_then(|main| main.write(nodes, of, &address));
            page(nodes, of, [&address, &home], &about.page, about.modified, main.as_deref());
            site(nodes, of, &home);
        });
    });
    // Nothing but texts went into it.
    let graph = utf8(out).unwrap_or_default();
    // Nothing in a text may end the element that holds the graph.
    if graph.contains('<') { graph.replace('<', "\\u003c") } else { graph }
}

impl Main<'_> {
    /// Adds it to the nodes; what the page calls it by.
    fn write(self, nodes: &mut Json<'_>, of: &Of<'_>, address: &str) -> Option<String> {
        match self {
            Main::Thing(mut thing) => {
                thing.insert("mainEntityOfPage".into(), reference(&format!("{address}#page")));
                // Nothing that is written to memory fails.
                nodes.written(&serde_json::to_vec(&thing).unwrap_or_default());
                thing.remove("@id").and_then(|id| id.as_str().map(str::to_owned))
            }
            Main::List(part) => {
                let id = format!("{address}#list");
                nodes.object(|list| {
                    list.name("@id").text(&id);
                    list.name("@type").text("ItemList");
                    list.name("itemListElement").list(part.entries.iter().enumerate(), |items, (at, id)| {
                        if let Some(to) = of.catalog.destination(*id, of.lang) {
                            let (title, title_lang) = of.catalog.title(*id, of.lang);
                            items.object(|item| {
                                item.name("@type").text("ListItem");
                                words(item.name("name"), of, title, title_lang);
                                item.name("position").bare(part.before + at + 1);
                                item.name("url").text(&of.catalog.config.base.absolute(to.address));
                            });
                        }
                    });
                    refer(list.name("mainEntityOfPage"), &format!("{address}#page"));
                    list.name("numberOfItems").bare(part.count);
                });
                Some(id)
            }
        }
    }
}

fn page(
    nodes: &mut Json<'_>,
    of: &Of<'_>,
    [address, home]: [&str; 2],
    kind: &str,
    modified: Option<Timestamp>,
    main: Option<&str>,
) {
    let text_lang = of.title_lang.unwrap_or(of.lang);
    nodes.object(|page| {
        page.name("@id").text(&format!("{address}#page"));
        page.name("@type").text(kind);
        if of.crumbs.len() > 1 {
            refer(page.name("breadcrumb"), &format!("{address}#breadcrumbs"));
        }
        if let Some(modified) = modified {
            page.name("dateModified").plain(modified);
        }
        if !of.description.is_empty() {
            words(page.name("description"), of, of.description, text_lang);
        }
        page.name("inLanguage").text(of.catalog.config.tag(of.lang));
        refer(page.name("isPartOf"), &format!("{home}#site"));
        if let Some(main) = main {
            refer(page.name("mainEntity"), main);
        }
        words(page.name("name"), of, of.title, text_lang);
        page.name("url").text(address);
    });
}

fn site(nodes: &mut Json<'_>, of: &Of<'_>, home: &str) {
    let config = &of.catalog.config;
    nodes.object(|site| {
        site.name("@id").text(&format!("{home}#site"));
        site.name("@type").text("WebSite");
        site.name("inLanguage").text(config.tag(of.lang));
        site.name("name").text(&config.title[of.lang.index()]);
        if let Some(publisher) = publisher(of.catalog, of.lang) {
            site.name("publisher").written(publisher.to_string().as_bytes());
        }
        site.name("url").text(home);
    });
}

fn breadcrumbs(nodes: &mut Json<'_>, of: &Of<'_>, address: &str) {
    nodes.object(|list| {
        list.name("@id").text(&format!("{address}#breadcrumbs"));
        list.name("@type").text("BreadcrumbList");
        list.name("itemListElement").list(of.crumbs.iter().zip(1..), |items, (crumb, position)| {
            items.object(|item| {
                item.name("@type").text("ListItem");
                match &crumb.href {
                    Some(href) => item.name("item").text(&[&of.catalog.config.base.origin, href.as_str()].concat()),
                    None => item.name("item").text(address),
                }
                in_language(item.name("name"), &crumb.title.text, crumb.title.lang.as_deref());
                item.name("position").bare(position);
            });
        });
    });
}

/// A text, with its language where it is not the page's.
fn words(json: &mut Json<'_>, of: &Of<'_>, text: &str, lang: Lang) {
    in_language(json, text, (lang != of.lang).then(|| of.catalog.config.tag(lang)));
}

fn in_language(json: &mut Json<'_>, text: &str, lang: Option<&str>) {
    match lang {
        None => json.text(text),
        Some(lang) => json.object(|worded| {
            worded.name("@language").text(lang);
            worded.name("@value").text(text);
        }),
    }
}

fn refer(json: &mut Json<'_>, id: &str) {
    json.object(|reference| reference.name("@id").text(id));
}

/// What a listing is: a page of a collection, with the entries on it in their order.
pub(super) fn listing<'a>(catalog: &'a Catalog, listing: &'a Listing, number: usize) -> About<'a> {
    let lang = listing.lang;
    let definition = &catalog.types[listing.type_index];
    let page = "CollectionPage".into();
    // A set of terms is what its terms say they belong to; it has no order.
    if definition.schema_org.as_deref() == Some("DefinedTerm") && listing.selection.is_empty() {
        let mut set = node("DefinedTermSet", term_set(catalog, listing.type_index, lang));
        set.insert("name".into(), json!(definition.label[lang.index()]));
        set.insert("url".into(), json!(catalog.config.base.absolute(&listing.page_address(catalog, 1))));
        return About { page, main: Some(Main::Thing(set)), modified: None };
    }
    let entries = listing.page(catalog, number);
    let before = (number - 1) * catalog.config.limits.page_size;
    let part = Part { entries, before, count: listing.entries.len() };
    About { page, main: Some(Main::List(part)), modified: None }
}

/// What an entry is, by the declarations of its type.
pub(super) fn entry(catalog: &Catalog, id: EntryId, lang: Lang) -> About<'static> {
    let entry = catalog.entry(id);
    let definition = catalog.type_of(id);
    // The date that its facts place an entry on says nothing of its page.
    let modified = catalog.updated(id, lang).filter(|at| Some(*at) != entry.dated.from);
    let Some(kind) = &definition.schema_org else { return About { modified, ..About::default() } };
    // An entry that is a page is this one.
    if kind.ends_with("Page") {
        return About { page: kind.to_string().into(), main: None, modified };
    }
    let mut thing = node(kind, catalog.iri(id));
    let (title, title_lang) = catalog.title(id, lang);
    thing.insert("name".into(), worded(catalog, title, title_lang, lang));
    if let Some(address) = &entry.addresses[lang.index()] {
        thing.insert("url".into(), json!(catalog.config.base.absolute(address)));
    }
    if let Some((text, at)) = catalog.text(id, lang) {
        if !text.summary.is_empty() {
            thing.insert("description".into(), worded(catalog, &text.summary, at, lang));
        }
        let aliases = text.aliases.iter().map(|alias| worded(catalog, alias, at, lang)).collect();
        put(&mut thing, "alternateName", aliases);
        if TEXTS.contains(&kind.as_str()) {
            thing.insert("inLanguage".into(), json!(catalog.config.tag(at)));
            if kind.ends_with("Article") {
                thing.insert("headline".into(), worded(catalog, title, title_lang, lang));
                thing.extend(publisher(catalog, lang).map(|publisher| ("publisher".to_owned(), publisher)));
            }
            thing.extend(modified.map(|at| ("dateModified".to_owned(), json!(at))));
            thing.extend(entry.publish_on.map(|day| ("datePublished".to_owned(), json!(day.to_string()))));
        }
    }
    if kind == "DefinedTerm" {
        thing.insert("termCode".into(), json!(entry.id));
        thing.insert("inDefinedTermSet".into(), reference(&term_set(catalog, entry.type_index, lang)));
    }
    for (index, field) in definition.fields.iter().enumerate() {
        facts(catalog, id, index, field, lang, &mut thing);
    }
    for inverse in &entry.inverse {
        let field = &catalog.types[inverse.type_index].fields[inverse.field];
        if let Some(property) = &field.inverse_schema_org {
            let from = inverse.from.iter().filter(|from| catalog.lists(**from, lang));
            put(&mut thing, property, from.map(|from| other(catalog, *from, lang)).collect());
        }
    }
    About { page: "WebPage".into(), main: Some(Main::Thing(thing)), modified }
}

/// What a field says, under the properties that its type declares for it.
fn facts(catalog: &Catalog, id: EntryId, index: usize, field: &Field, lang: Lang, thing: &mut Node) {
    let [property, rest @ ..] = field.schema_org.as_slice() else { return };
    let Some((values, at)) =
        catalog.entry(id).values[index].as_ref().and_then(|v| v.for_reader(&catalog.config.fallback[lang.index()]))
    else {
        return;
    };
    // Of two fields that say when, the first one counts.
    let when = |value: &field::Value| {
        use field::Value::{Date, Deadline, Instant, Period};
        matches!(value, Date(_) | Deadline(_) | Instant(_) | Period(_))
    };
    if thing.contains_key(property.as_str()) && values.iter().any(when) {
        return;
    }
    let at = at.unwrap_or(lang);
    put(thing, property, values.iter().filter_map(|one| value(catalog, field, one, at, lang)).collect());
    if let [until, ..] = rest {
        let ends = values.iter().filter_map(|value| match value {
            field::Value::Period(period) => period.to.map(|to| json!(to.to_string())),
            _ => None,
        });
        put(thing, until, ends.collect());
    }
}

/// A value as schema.org has it; none where it has nothing of the kind.
fn value(catalog: &Catalog, field: &Field, value: &field::Value, at: Lang, lang: Lang) -> Option<Value> {
    Some(match value {
        field::Value::Text(text) => worded(catalog, text, at, lang),
        field::Value::Boolean(yes) => json!(yes),
        field::Value::Integer(number) => json!(number),
        field::Value::Decimal(digits) => number(digits),
        field::Value::Url(link) => json!(link.url),
        field::Value::Date(date) => json!(date.to_string()),
        field::Value::Period(period) => json!(period.from.to_string()),
        field::Value::Instant(moment) => instant(moment, &catalog.config.time_zone),
        field::Value::Deadline(deadline) => instant(&deadline.at, &catalog.config.time_zone),
        field::Value::Money(money) => amount(money),
        field::Value::Code(code) if field.kind.name() == "language" => json!(code),
        field::Value::Code(code) => area(catalog, code, lang),
        field::Value::Term(vocabulary, term) => json!(catalog.term_label(*vocabulary, *term, lang)),
        field::Value::Reference(to) => {
            catalog.destination(to.to, lang)?;
            other(catalog, to.to, lang)
        }
        field::Value::Image(image) => {
            let (_, asset) = image.variants.iter().find(|(of, _)| of.is_none_or(|of| of == lang))?;
            let asset = catalog.assets.get(*asset)?;
            let shown = asset.fallback().map(|rendition| asset.rendition_address(&rendition));
            json!(catalog.config.base.absolute(&shown.unwrap_or_else(|| asset.address.clone())))
        }
        field::Value::File(file) => Value::Array(
            file.variants
                .iter()
                .filter_map(|(of, asset)| {
                    let asset = catalog.assets.get(*asset)?;
                    let mut media = json!({
                        "@type": "MediaObject",
                        "contentUrl": catalog.config.base.absolute(&asset.address),
                        "contentSize": asset.len.to_string(),
                    });
                    if let Some(kind) = mime_guess::from_path(&asset.path).first_raw() {
                        media["encodingFormat"] = json!(kind);
                    }
                    let of = of.map(|of| catalog.config.tag(of)).or(file.lang.as_deref());
                    if let Some(of) = of {
                        media["inLanguage"] = json!(of);
                    }
                    Some(media)
                })
                .collect(),
        ),
        field::Value::Markdown(_) | field::Value::Group(_) => return None,
    })
}

/// Another entry, as far as a card shows it.
fn other(catalog: &Catalog, id: EntryId, lang: Lang) -> Value {
    let kind = catalog.type_of(id).schema_org.clone().unwrap_or_else(|| "Thing".into());
    let (title, title_lang) = catalog.title(id, lang);
    let mut thing = node(&kind, catalog.iri(id));
    thing.insert("name".into(), worded(catalog, title, title_lang, lang));
    if let Some(to) = catalog.destination(id, lang) {
        thing.insert("url".into(), json!(catalog.config.base.absolute(to.address)));
    }
    Value::Object(thing)
}

fn publisher(catalog: &Catalog, lang: Lang) -> Option<Value> {
    let publisher = catalog.config.publisher.as_ref()?;
    let mut node = json!({ "@type": "Organization", "name": publisher.name[lang.index()] });
    if let Some(url) = &publisher.url {
        node["url"] = json!(url);
    }
    Some(node)
}

/// The set that the entries of a type of terms belong to, in a language.
fn term_set(catalog: &Catalog, type_index: usize, lang: Lang) -> String {
    let address = catalog.listing_address(&catalog.types[type_index], lang);
    format!("{}#terms", catalog.config.base.absolute(&address))
}

/// A country with its name; the European Union, which is none, and regions are administrative areas.
fn area(catalog: &Catalog, code: &EcoString, lang: Lang) -> Value {
    let is_country = code.len() == 2 && code != "EU" && code.bytes().all(|b| b.is_ascii_uppercase());
    match catalog.locale(lang).country_name(code) {
        Some(name) if is_country => json!({ "@type": "Country", "name": name, "identifier": code }),
        Some(name) => json!({ "@type": "AdministrativeArea", "name": name, "identifier": code }),
        None => json!(code),
    }
}

/// ISO 8601 with the zone's offset, or the day alone.
fn instant(moment: &Moment, site: &TimeZone) -> Value {
    if moment.time.is_none() {
        return json!(moment.date.to_string());
    }
    let zone = moment.zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| site.clone());
    json!(moment.begins.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

fn amount(money: &Money) -> Value {
    let mut amount = json!({ "@type": "MonetaryAmount", "currency": money.currency });
    match (&money.min, &money.max) {
        (Some(min), Some(max)) if min == max => amount["value"] = number(min),
        (min, max) => {
            for (name, digits) in [("minValue", min), ("maxValue", max)] {
                if let Some(digits) = digits {
                    amount[name] = number(digits);
                }
            }
        }
    }
    amount
}

/// Digits as a number where JSON can hold it exactly, else as they are.
fn number(digits: &str) -> Value {
    match digits.parse::<i64>() {
        Ok(whole) => json!(whole),
        Err(_) => match digits.parse::<f64>() {
            Ok(part) if part.to_string() == digits => json!(part),
            _ => json!(digits),
        },
    }
}

/// A text, with its language where it is not the page's.
fn worded(catalog: &Catalog, text: &str, of: Lang, page: Lang) -> Value {
    match of == page {
        true => text.into(),
        false => object([("@value", text.into()), ("@language", catalog.config.tag(of).into())]),
    }
}

fn node(kind: &str, id: String) -> Node {
    Map::from_iter([("@type".to_owned(), kind.into()), ("@id".to_owned(), id.into())])
}

fn reference(id: &str) -> Value {
    object([("@id", id.into())])
}

/// An object of values that are moved into it; `json!` copies them, with all that is in them.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Adds values of a property to those that are there already: one as itself, several as a list.
fn put(node: &mut Node, property: &str, values: Vec<Value>) {
    let mut all: Vec<Value> = match node.remove(property) {
        None => Vec::new(),
        Some(Value::Array(several)) => several,
        Some(one) => vec![one],
    };
    for value in values {
        match value {
            Value::Array(several) => all.extend(several),
            one => all.push(one),
        }
    }
    let value = match all.len() {
        0 => return,
        1 => all.remove(0),
        _ => Value::Array(all),
    };
    node.insert(property.to_owned(), value);
}
