//! `group`: a record with fields of its own, such as a session or an action of a plan.

use super::{Cx, Item, Kind, Row, Show, Value, Values, items, parse_values};
use crate::document::read::misspelt;
use crate::html;
use crate::suggest;
use crate::yaml::Node;

/// The kind.
pub struct Group;

/// A record: the values of some of the group's fields, in their declared order.
#[derive(Clone, Debug)]
pub struct Record {
    /// What is given.
    pub fields: Vec<RecordField>,
}

/// One field of a record.
#[derive(Clone, Debug)]
pub struct RecordField {
    /// Index into the group's fields.
    pub index: usize,
    /// Its values.
    pub values: Values,
}

impl Kind for Group {
    fn name(&self) -> &'static str {
        "group"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let group = cx.field;
        let entries = cx.read.any_map(node, &what)?;
        for entry in entries.iter().filter(|e| !group.fields.iter().any(|f| f.name == e.key)) {
            let help = suggest::remedy(&entry.key, group.fields.iter().map(|f| f.name.as_str()), "keys");
            cx.read.error("unknown-key", entry.key_range, format!("{what} has no key `{}`", entry.key), help);
        }
        let mut fields = Vec::new();
        for (index, field) in group.fields.iter().enumerate() {
            match node.get(&field.name) {
                Some(value) => {
                    cx.field = field;
                    let values = parse_values(value, cx);
                    cx.field = group;
                    fields.extend(values.map(|values| RecordField { index, values }));
                }
                None if field.required && !misspelt(node, &field.name) => {
                    let help = format!("add `{}: …`", field.name);
                    cx.read.error("missing-field", node.range, format!("{what} has no `{}`", field.name), help);
                }
                None => {}
            }
        }
        Some(Value::Group(Box::new(Record { fields })))
    }

    /// The first field leads; the others follow, each with its label.
    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::Group(record) = value else { return Item::default() };
        let mut item = Item::default();
        for (position, RecordField { index, values }) in record.fields.iter().enumerate() {
            let field = &show.field.fields[*index];
            let part = shown(values, &Show { field, ..*show });
            if part.text.is_empty() {
                continue;
            }
            if position == 0 {
                item = Item { html: format!("<span class=\"lead\">{}</span>", part.html), text: part.text };
                continue;
            }
            let label = &field.label[show.lang.index()];
            let separator = show.message("label-separator");
            item.html.push_str(&format!(
                "<span class=\"part\"><span class=\"label\">{}{separator}</span>{}</span>",
                html::escape(label),
                part.html
            ));
            item.text.push_str(&format!("; {label}{separator}{}", part.text));
        }
        item.html = format!("<div class=\"record\">{}</div>", item.html);
        item
    }

    fn is_block(&self) -> bool {
        true
    }
}

/// What stands between names that no sentence joins.
const BETWEEN_NAMES: &str = " · ";

/// Values on one line, in the reader's language or marked with theirs.
pub fn shown(values: &Values, show: &Show<'_>) -> Item {
    let chain = &show.catalog.config.fallback[show.lang.index()];
    let Some((values, lang)) = values.for_reader(chain) else { return Item::default() };
    let own = Show { text: lang.unwrap_or(show.text), ..*show };
    let items = items(values, &own);
    let html = items.iter().map(|i| i.html.as_str());
    let text: Vec<&str> = items.iter().map(|i| i.text.as_str()).collect();
    if show.field.kind.is_block() {
        // Blocks follow one another.
        let foreign = lang.filter(|lang| *lang != show.lang).map(|lang| show.catalog.config.tag(lang));
        return Item { html: html::block_in_language(html.collect(), foreign), text: text.join(" ") };
    }
    let foreign = lang.filter(|lang| *lang != show.lang).map(|lang| show.catalog.config.tag(lang));
    let (html, text) = match show.field.kind.row() {
        Row::Names => (html.collect::<Vec<_>>().join(BETWEEN_NAMES), text.join(BETWEEN_NAMES)),
        Row::Sentence | Row::Alphabetical => show.locale().list_and_marked(&text, html),
    };
    Item { html: html::in_language(html, foreign), text }
}
