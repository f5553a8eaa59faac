//! The card: all that one entry shows of another; a body never leaves its own page.

use schemars::JsonSchema;
use serde::Serialize;

use super::Text;
use crate::catalog::{Catalog, EntryId, State};
use crate::config::Lang;
use crate::field::group;

/// One entry in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Card {
    /// The title.
    pub title: Text,
    /// Its page, in the reader's language if it has one.
    pub href: String,
    /// The page's language, where it is not the reader's.
    pub hreflang: Option<String>,
    /// The name of the text's language, where it is not the reader's.
    pub language: Option<String>,
    /// What it is about.
    pub summary: Text,
    /// Id of its type.
    pub kind: String,
    /// What its type calls one of its kind.
    pub kind_label: String,
    /// Where it stands in time.
    pub status: Option<StatusView>,
    /// A few facts.
    pub facts: Vec<CardFact>,
    /// Whether it is there only to show a feature.
    pub demo: bool,
    /// Whether it is a draft.
    pub draft: bool,
}

/// A derived status.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StatusView {
    /// Stable id.
    pub id: &'static str,
    /// In the reader's language.
    pub label: String,
}

/// A fact on a card.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CardFact {
    /// The field's id.
    pub id: String,
    /// The field's label.
    pub label: String,
    /// Its values on one line.
    pub html: String,
}

/// The status of an entry for a reader.
pub(super) fn status(catalog: &Catalog, id: EntryId, lang: Lang) -> Option<StatusView> {
    let entry = catalog.entry(id);
    let status = entry.status?;
    Some(StatusView { id: status.id(), label: catalog.status_word(entry.type_index, lang, status).to_owned() })
}

/// The card of an entry for readers of a language.
pub fn card(catalog: &Catalog, id: EntryId, lang: Lang) -> Card {
    let entry = catalog.entry(id);
    let definition = catalog.type_of(id);
    let (title, title_lang) = catalog.title(id, lang);
    let summary = catalog.text(id, lang).map_or("", |(text, _)| &text.summary);
    let (href, foreign) = match catalog.destination(id, lang) {
        Some(to) => (catalog.config.base.href(to.address), to.foreign),
        None => (String::new(), None),
    };
    let facts = definition
        .card
        .iter()
        .filter_map(|&index| {
            let values = entry.values[index].as_ref()?;
            let show = catalog.show(id, index, lang);
            let html = group::shown(values, &show).html;
            let field = &definition.fields[index];
            let label = field.label[lang.index()].to_string();
            (!html.is_empty()).then(|| CardFact { id: field.name.to_string(), label, html })
        })
        .collect();
    Card {
        title: Text::new(title, title_lang, lang, catalog),
        href,
        hreflang: foreign.map(|lang| catalog.config.tag(lang).to_owned()),
        language: (title_lang != lang)
            .then(|| catalog.locale(lang).language_name(catalog.config.tag(title_lang)))
            .flatten(),
        summary: Text::new(summary, title_lang, lang, catalog),
        kind: definition.id.to_string(),
        kind_label: definition.singular[lang.index()].to_string(),
        status: status(catalog, id, lang),
        facts,
        demo: entry.demo,
        draft: matches!(entry.state, State::Draft | State::Scheduled),
    }
}
