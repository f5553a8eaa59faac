//! An entry's page: its facts in the reader's language, its text in its own, and what refers to it.

use ecow::EcoString;
use schemars::JsonSchema;
use serde::Serialize;

use super::body::{self, Reader};
use super::card::{self, StatusView};
use super::json_ld;
use super::page::{self, Head};
use super::{Crumb, Page, Text};
use crate::catalog::{Catalog, EntryId, Provenance, Source, State, Translator};
use crate::config::Lang;
use crate::document::schema::GroupBy;
use crate::field::reference::Reference;
use crate::field::url::shown;
use crate::field::{self, FacetLabel, Show, Value};
use crate::html;
use crate::locale::typography::Run;
use crate::plan::entry_address;

/// How many entries an inverse list shows before it only counts them.
const LONGEST_INVERSE: usize = 100;

/// What `entry.html` sees.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EntryView {
    /// Head and surroundings.
    pub page: Page,
    /// The entry.
    pub entry: EntryPart,
}

/// The entry itself.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EntryPart {
    id: String,
    kind: String,
    kind_label: String,
    title: Text,
    summary: Text,
    /// Other names, in the language of the text.
    aliases: Vec<Text>,
    status: Option<StatusView>,
    notices: Vec<Notice>,
    facts: Vec<Fact>,
    headings: Vec<Heading>,
    /// The text as HTML, and its language where it is not the page's.
    body: Text,
    inverse: Vec<InverseList>,
    sources: Vec<SourceView>,
    /// The same entry where it has a text in another language.
    versions: Vec<Version>,
    featured: bool,
}

/// Something that readers must know before they read on.
#[derive(Debug, Serialize, JsonSchema)]
struct Notice {
    /// `facts`, `outdated`, `machine`, `expired`, `superseded`, `draft`, `scheduled` or `demo`.
    id: &'static str,
    text: String,
    /// Pages to go to instead.
    links: Vec<NoticeLink>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NoticeLink {
    text: Text,
    href: String,
    hreflang: Option<String>,
}

/// A field with its values.
#[derive(Debug, Serialize, JsonSchema)]
struct Fact {
    id: String,
    label: String,
    items: Vec<String>,
    /// The same items, divided; empty where the field is not.
    groups: Vec<FactGroup>,
    block: bool,
    /// Language of the values, where it is not the page's.
    lang: Option<String>,
    disputed: bool,
    checked: Option<String>,
    note: Option<Text>,
    sources: Vec<SourceView>,
}

/// Items of a field that belong together.
#[derive(Debug, Serialize, JsonSchema)]
struct FactGroup {
    label: Text,
    items: Vec<String>,
}

/// The entry's text in another language of the site.
#[derive(Debug, Serialize, JsonSchema)]
struct Version {
    /// BCP 47 tag of the text.
    lang: String,
    /// The language's own name for itself.
    language: String,
    title: String,
    href: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Heading {
    level: u8,
    id: String,
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct InverseList {
    id: String,
    label: String,
    items: Vec<String>,
    more: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SourceView {
    href: String,
    /// The source's title, or its address.
    text: Text,
    lang: Option<String>,
    /// The name of that language for the reader.
    language: Option<String>,
    says: Option<Text>,
    accessed: Option<String>,
}

/// The page of an entry in a language.
pub fn entry(catalog: &Catalog, id: EntryId, lang: Lang) -> EntryView {
    let entry = catalog.entry(id);
    let definition = catalog.type_of(id);
    let (title, title_lang) = catalog.title(id, lang);
    let title = Text::new(title, title_lang, lang, catalog);
    let text = catalog.text(id, lang);
    let summary = text.map_or("", |(text, _)| &text.summary);
    let (html, headings) = text.map(|(_, at)| filled(catalog, id, at, lang)).unwrap_or_default();
    let text_lang = text.map_or(lang, |(_, at)| at);
    let mut crumbs = vec![page::home_crumb(catalog, lang)];
    if !definition.root {
        crumbs.push(Crumb {
            title: Text::own(definition.label[lang.index()].as_str()),
            href: Some(catalog.config.base.href(&catalog.listing_address(definition, lang))),
        });
    }
    crumbs.push(Crumb { title: title.clone(), href: None });
    EntryView {
        page: head(catalog, id, lang, &title, summary, crumbs),
        entry: EntryPart {
            id: entry.id.to_string(),
            kind: definition.id.to_string(),
            kind_label: definition.singular[lang.index()].to_string(),
            summary: Text::new(summary, text_lang, lang, catalog),
            title,
            aliases: text.map_or_else(Vec::new, |(text, at)| {
                text.aliases.iter().map(|alias| Text::new(alias.as_str(), at, lang, catalog)).collect()
            }),
            status: card::status(catalog, id, lang),
            notices: notices(catalog, id, lang),
            facts: facts(catalog, id, lang),
            headings,
            body: Text::new(html, text_lang, lang, catalog),
            inverse: inverse(catalog, id, lang),
            sources: entry.sources.iter().map(|s| source(catalog, s, lang)).collect(),
            versions: catalog
                .config
                .langs()
                .filter(|at| *at != lang)
                .filter_map(|at| version(catalog, id, at))
                .collect(),
            featured: entry.featured,
        },
    }
}

/// A facts page is no version of its own: its canonical is the source version, and hreflang leaves it out.
fn head(catalog: &Catalog, id: EntryId, lang: Lang, title: &Text, summary: &str, crumbs: Vec<Crumb>) -> Page {
    let entry = catalog.entry(id);
    let definition = catalog.type_of(id);
    let own =
        entry.addresses[lang.index()].clone().unwrap_or_else(|| crate::url::Address::home(catalog.config.tag(lang)));
    let is_version = entry.has_text(lang);
    let canonical = entry.addresses[catalog.version(id, lang).index()].as_ref().unwrap_or(&own);
    let versions = catalog
        .config
        .langs()
        .filter_map(|each| Some((each, entry.addresses[each.index()].as_ref()?, entry.has_text(each))));
    let page = Head {
        catalog,
        lang,
        title: &title.text,
        kind: (!definition.root).then(|| definition.singular[lang.index()].as_str()),
        title_lang: catalog.text(id, lang).map(|(_, at)| at),
        description: summary,
        canonical,
        robots: (!entry.is_found()).then_some("noindex"),
        section: (!definition.root).then(|| definition.id.to_string()).or(Some(catalog.key(id).to_string())),
        crumbs,
        versions: versions.collect(),
        linked: is_version && entry.is_found(),
        feeds: Vec::new(),
    }
    .page_about(json_ld::entry(catalog, id, lang), Some(id));
    let data = catalog.config.data.as_ref().map(|_| catalog.config.base.href(&entry_address(catalog, id)));
    Page { data, ..page }
}

fn filled(catalog: &Catalog, id: EntryId, at: Lang, page: Lang) -> (String, Vec<Heading>) {
    let Some((body, html)) = catalog.body(id, at) else { return Default::default() };
    let ids = &catalog.entry(id).heading_ids[at.index()];
    let reader = Reader { catalog, owner: Some(id), text: at, page, ids };
    let headings = body
        .headings
        .iter()
        .zip(ids)
        .map(|(h, id)| Heading { level: h.level, id: id.to_string(), text: h.text.to_string() })
        .collect();
    (body::fill(body, &html, &reader), headings)
}

fn facts(catalog: &Catalog, id: EntryId, lang: Lang) -> Vec<Fact> {
    let entry = catalog.entry(id);
    let chain = &catalog.config.fallback[lang.index()];
    let mut facts = Vec::new();
    for (index, field) in catalog.type_of(id).fields.iter().enumerate() {
        let Some((values, at)) = entry.values[index].as_ref().and_then(|v| v.for_reader(chain)) else { continue };
        if values.is_empty() {
            continue;
        }
        let show = Show { text: at.unwrap_or(lang), ..catalog.show(id, index, lang) };
        let provenance = entry.provenance.iter().find(|(field, _)| *field == index).map(|(_, p)| p);
        facts.push(Fact {
            id: field.name.to_string(),
            label: field.label[lang.index()].to_string(),
            items: field::items(values, &show).into_iter().map(|item| item.html).collect(),
            groups: groups(catalog, values, &show),
            block: field.kind.is_block(),
            lang: at.filter(|at| *at != lang).map(|at| catalog.config.tag(at).to_owned()),
            disputed: provenance.is_some_and(|p| p.disputed),
            checked: provenance
                .and_then(|p| p.checked)
                .map(|d| html::time(&d.to_string(), &catalog.locale(lang).date(d))),
            note: provenance.and_then(|p| note(catalog, p, lang)),
            sources: provenance.into_iter().flat_map(|p| &p.sources).map(|s| source(catalog, s, lang)).collect(),
        });
    }
    facts
}

/// References, divided by what the field says.
fn groups(catalog: &Catalog, values: &[Value], show: &Show<'_>) -> Vec<FactGroup> {
    let Some((by, _)) = &show.field.group_by else { return Vec::new() };
    let mut groups: Vec<(FacetLabel, Vec<String>)> = Vec::new();
    for value in values {
        let Value::Reference(reference) = value else { continue };
        let label = group_label(catalog, by, reference, show);
        let item = show.field.kind.item(value, show).html;
        match groups.iter_mut().find(|(known, _)| known.text == label.text) {
            Some((_, items)) => items.push(item),
            None => groups.push((label, vec![item])),
        }
    }
    if groups.iter().all(|(label, _)| label.text.is_empty()) {
        return Vec::new();
    }
    if let GroupBy::Field(_) = by {
        // Entries without the field come last.
        groups.sort_by_cached_key(|(label, _)| (label.rank, show.locale().sort_key(&label.text)));
    }
    let group = |(label, items): (FacetLabel, Vec<String>)| FactGroup {
        label: Text::new(label.text, label.lang.unwrap_or(show.lang), show.lang, catalog),
        items,
    };
    groups.into_iter().map(group).collect()
}

fn group_label(catalog: &Catalog, by: &GroupBy, reference: &Reference, show: &Show<'_>) -> FacetLabel {
    let none = || FacetLabel { text: String::new(), lang: None, slug: EcoString::new(), rank: i64::MAX };
    match by {
        GroupBy::Role => match reference.role {
            Some((vocabulary, term)) => FacetLabel::of(catalog.term_label(vocabulary, term, show.lang).to_owned()),
            None => none(),
        },
        GroupBy::Type => FacetLabel::of(catalog.type_of(reference.to).label[show.lang.index()].to_string()),
        GroupBy::Field(name) => {
            let label = || {
                let at = catalog.type_of(reference.to).field(name)?;
                let of = catalog.show(reference.to, at, show.lang);
                let facet = of.field.kind.as_facet()?;
                let to = catalog.entry(reference.to);
                Some(facet.label(facet.keys(to.shared(at), to, catalog).first()?, &of))
            };
            label().unwrap_or_else(none)
        }
    }
}

fn version(catalog: &Catalog, id: EntryId, at: Lang) -> Option<Version> {
    let entry = catalog.entry(id);
    let address = entry.addresses[at.index()].as_ref().filter(|_| entry.has_text(at))?;
    Some(Version {
        lang: catalog.config.tag(at).to_owned(),
        language: catalog.locale(at).own_name().to_owned(),
        title: catalog.title(id, at).0.to_owned(),
        href: catalog.config.base.href(address),
    })
}

fn note(catalog: &Catalog, provenance: &Provenance, lang: Lang) -> Option<Text> {
    let chain = &catalog.config.fallback[lang.index()];
    let at = *chain.iter().find(|at| provenance.note.get(at.index()).is_some_and(Option::is_some))?;
    let note: &EcoString = provenance.note[at.index()].as_ref()?;
    let set = catalog.voices[at.index()].typography.run(note, &mut Run::default());
    Some(Text::new(set, at, lang, catalog))
}

fn source(catalog: &Catalog, source: &Source, lang: Lang) -> SourceView {
    let tag = catalog.config.tag(lang);
    let foreign = source.lang.as_ref().filter(|l| *l != tag).map(ToString::to_string);
    SourceView {
        href: source.url.to_string(),
        text: match &source.title {
            Some(title) => Text { text: title.to_string(), lang: foreign.clone() },
            None => Text::own(shown(&source.url)),
        },
        says: source.says.as_ref().map(|says| Text { text: says.to_string(), lang: foreign.clone() }),
        language: foreign
            .as_deref()
            .map(|tag| catalog.locale(lang).language_name(tag).unwrap_or_else(|| tag.to_owned())),
        lang: foreign,
        accessed: source.accessed.map(|d| html::time(&d.to_string(), &catalog.locale(lang).date(d))),
    }
}

fn inverse(catalog: &Catalog, id: EntryId, lang: Lang) -> Vec<InverseList> {
    let mut lists: Vec<InverseList> = Vec::new();
    for inverse in &catalog.entry(id).inverse {
        let definition = &catalog.types[inverse.type_index];
        let field = &definition.fields[inverse.field];
        let label = field.inverse_label.as_ref().unwrap_or(&definition.label);
        let shown: Vec<EntryId> = inverse.from.iter().copied().filter(|from| catalog.lists(*from, lang)).collect();
        if shown.is_empty() {
            continue;
        }
        let items =
            shown.iter().take(LONGEST_INVERSE).map(|from| inverse_item(catalog, id, *from, inverse.field, lang));
        lists.push(InverseList {
            id: field.inverse.as_ref().map_or_else(String::new, ToString::to_string),
            label: label[lang.index()].to_string(),
            items: items.collect(),
            more: shown.len().saturating_sub(LONGEST_INVERSE),
        });
    }
    lists
}

/// The entry that refers, with what it says of the reference.
fn inverse_item(catalog: &Catalog, to: EntryId, from: EntryId, field: usize, lang: Lang) -> String {
    let mut item = catalog.entry_link(from, lang).html;
    let show = catalog.show(from, field, lang);
    let details: Vec<String> = catalog
        .entry(from)
        .shared(field)
        .iter()
        .filter_map(|v| if let crate::field::Value::Reference(r) = v { Some(r) } else { None })
        .filter(|r| r.to == to)
        .map(|r| r.details(&show))
        .filter(|d| !d.is_empty())
        .collect();
    if !details.is_empty() {
        item.push_str(&format!(" <span class=\"details\">({})</span>", html::escape(&details.join(", "))));
    }
    item
}

fn notices(catalog: &Catalog, id: EntryId, lang: Lang) -> Vec<Notice> {
    let entry = catalog.entry(id);
    let plain = |notice: &'static str, message: &str| Notice {
        id: notice,
        text: catalog.message(lang, message).to_owned(),
        links: Vec::new(),
    };
    let mut notices = Vec::new();
    match entry.state {
        State::Draft => notices.push(plain("draft", "notice-draft")),
        State::Scheduled => notices.push(plain("scheduled", "notice-scheduled")),
        State::Expired => notices.push(plain("expired", "notice-expired")),
        State::Superseded => {
            let links = entry.superseded_by.and_then(|(to, _)| entry_link(catalog, to, lang)).into_iter().collect();
            notices.push(Notice { links, ..plain("superseded", "notice-superseded") });
        }
        State::Published => {}
    }
    if entry.demo {
        notices.push(plain("demo", "notice-demo"));
    }
    if !entry.has_text(lang)
        && let Some((_, at)) = catalog.text(id, lang)
    {
        notices.push(facts_notice(catalog, id, lang, at));
    }
    if let Some(translation) = entry.texts[lang.index()].as_ref().and_then(|t| t.translation.as_ref()) {
        let name = language_name(catalog, lang, translation.of);
        let links = || version_link(catalog, id, translation.of).into_iter().collect();
        if translation.by == Translator::Machine {
            let text = catalog.format(lang, "notice-machine", &[("language", &name)]);
            notices.push(Notice { id: "machine", text, links: links() });
        }
        if catalog.is_outdated(id, lang) {
            let text = catalog.format(lang, "notice-outdated", &[("language", &name)]);
            notices.push(Notice { id: "outdated", text, links: links() });
        }
    }
    notices
}

fn facts_notice(catalog: &Catalog, id: EntryId, lang: Lang, shown: Lang) -> Notice {
    let own = language_name(catalog, lang, lang);
    let shown = language_name(catalog, lang, shown);
    let text = catalog.format(lang, "notice-facts", &[("language", &own), ("shown", &shown)]);
    let versions = catalog.config.langs().filter(|l| catalog.entry(id).has_text(*l));
    Notice { id: "facts", text, links: versions.filter_map(|l| version_link(catalog, id, l)).collect() }
}

fn language_name(catalog: &Catalog, lang: Lang, of: Lang) -> String {
    let tag = catalog.config.tag(of);
    catalog.locale(lang).language_name(tag).unwrap_or_else(|| tag.to_owned())
}

fn version_link(catalog: &Catalog, id: EntryId, version: Lang) -> Option<NoticeLink> {
    let address = catalog.entry(id).addresses[version.index()].as_ref()?;
    let tag = catalog.config.tag(version).to_owned();
    let text = Text { text: catalog.locale(version).own_name().to_owned(), lang: Some(tag.clone()) };
    Some(NoticeLink { text, href: catalog.config.base.href(address), hreflang: Some(tag) })
}

fn entry_link(catalog: &Catalog, to: EntryId, lang: Lang) -> Option<NoticeLink> {
    let destination = catalog.destination(to, lang)?;
    let (title, title_lang) = catalog.title(to, lang);
    Some(NoticeLink {
        text: Text::new(title, title_lang, lang, catalog),
        href: catalog.config.base.href(destination.address),
        hreflang: destination.foreign.map(|l| catalog.config.tag(l).to_owned()),
    })
}
