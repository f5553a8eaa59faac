//! `reference`: a typed link to another entry, with role and dates; its inverse is computed elsewhere.

use ecow::EcoString;

use super::number::cut;
use super::period::open_ended;
use super::{Cx, Facet, FacetLabel, Item, Kind, Row, Show, Value, date, term};
use crate::catalog::{Catalog, Entry, EntryId};
use crate::date::PartialDate;
use crate::document::read::PerLang;
use crate::html;
use crate::source::Range;
use crate::suggest;
use crate::yaml::{Node, Value as Yaml};

/// The kind.
pub struct ReferenceKind;

/// A link from one entry to another.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The other entry.
    pub to: EntryId,
    /// Where it is written, for checks.
    pub range: Range,
    /// In which capacity: vocabulary and term.
    pub role: Option<(usize, usize)>,
    /// Since when.
    pub from: Option<PartialDate>,
    /// Until when.
    pub until: Option<PartialDate>,
    /// A remark, per language.
    pub note: Option<PerLang<EcoString>>,
}

impl Kind for ReferenceKind {
    fn name(&self) -> &'static str {
        "reference"
    }

    fn row(&self) -> Row {
        Row::Names
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        if !matches!(node.value, Yaml::Map(_)) {
            let to = target(node, &what, cx)?;
            let reference = Reference { to, range: node.range, role: None, from: None, until: None, note: None };
            return Some(Value::Reference(Box::new(reference)));
        }
        cx.read.map(node, &what, &["to", "role", "from", "until", "note"])?;
        let Some(at) = node.get("to") else {
            cx.read.missing(node, "to", format!("{what} has no `to`"), "add `to: <id>`");
            return None;
        };
        let to = target(at, &what, cx);
        let role = node.get("role").and_then(|n| role(n, cx));
        let from = node.get("from").and_then(|n| date::partial(n, "`from`", &mut cx.read));
        let until = node.get("until").and_then(|n| date::partial(n, "`until`", &mut cx.read));
        let note = node.get("note").and_then(|n| cx.read.per_language(n, "a reference's note"));
        if let (Some(from), Some(until)) = (from, until)
            && until.last() < from.first()
        {
            cx.read.error(
                "reversed-period",
                node.range,
                format!("{what} ends before it begins"),
                "exchange `from` and `until`",
            );
        }
        Some(Value::Reference(Box::new(Reference { to: to?, range: at.range, role, from, until, note })))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::Reference(reference) = value else { return Item::default() };
        let mut item = show.catalog.entry_link(reference.to, show.lang);
        let details = reference.details(show);
        if !details.is_empty() {
            item.html.push_str(&format!(" <span class=\"details\">({})</span>", html::escape(&details)));
            item.text.push_str(&format!(" ({details})"));
        }
        item
    }

    fn as_facet(&self) -> Option<&dyn Facet> {
        Some(self)
    }
}

impl Reference {
    /// Role, dates and remark, for the brackets after the link.
    pub fn details(&self, show: &Show<'_>) -> String {
        let locale = show.locale();
        let mut parts = Vec::new();
        if let Some((vocabulary, term)) = self.role {
            parts.push(locale.inside(show.catalog.term_label(vocabulary, term, show.lang)).into_owned());
        }
        match (self.from, self.until) {
            (Some(from), Some(until)) => parts.push(locale.date_range(from, until)),
            (Some(from), None) => {
                parts.push(open_ended("period-since", from, show));
            }
            (None, Some(until)) => {
                parts.push(open_ended("period-until", until, show));
            }
            (None, None) => {}
        }
        parts.extend(self.note.as_ref().map(|note| note[show.lang.index()].to_string()));
        parts.join(", ")
    }
}

impl Facet for ReferenceKind {
    fn keys(&self, values: &[Value], _: &Entry, catalog: &Catalog) -> Vec<EcoString> {
        let mut keys: Vec<EcoString> = Vec::new();
        for value in values {
            let Value::Reference(reference) = value else { continue };
            let entry = catalog.entry(reference.to);
            let key = if entry.is_published() { catalog.key(reference.to) } else { continue };
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    fn label(&self, key: &str, show: &Show<'_>) -> FacetLabel {
        match show.catalog.find_key(key) {
            Some(id) => {
                let (title, lang) = show.catalog.title(id, show.lang);
                let slug = show.catalog.entry(id).id.clone();
                FacetLabel { lang: (lang != show.lang).then_some(lang), ..FacetLabel::own(title.to_owned(), slug) }
            }
            None => FacetLabel::of(key.to_owned()),
        }
    }
}

fn role(node: &Node, cx: &mut Cx<'_, '_>) -> Option<(usize, usize)> {
    if cx.field.roles.is_none() {
        let message = format!("the field `{}` has no roles", cx.field.name);
        cx.read.error(
            "no-roles",
            node.range,
            message,
            "add `roles: <vocabulary>` to the field in _type.yaml, or remove `role`",
        );
        return None;
    }
    term::lookup(node, cx.field.roles.as_ref(), "`role`", cx)
}

/// The entry that `id`, `type/id` or `/type/id` names.
fn target(node: &Node, what: &str, cx: &mut Cx<'_, '_>) -> Option<EntryId> {
    let written = cx.read.text(node, what)?;
    let path = written.trim_start_matches('/');
    let allowed: Vec<usize> = cx.field.to.iter().filter_map(|(id, _)| cx.names.type_index(id)).collect();
    let any_broken = cx.field.to.iter().any(|(id, _)| cx.names.broken.contains(id));
    let (types, id) = match path.split_once('/') {
        Some((kind, id)) => match cx.names.type_index(kind).filter(|t| allowed.contains(t)) {
            Some(index) => (vec![index], id),
            None if any_broken => return None,
            None => {
                let message = format!("`{}` cannot lead to `{}`", cx.field.name, cut(kind));
                let help = suggest::remedy(kind, cx.field.to.iter().map(|(id, _)| id.as_str()), "types");
                cx.read.error("wrong-type", node.range, message, help);
                return None;
            }
        },
        None => (allowed, path),
    };
    let found: Vec<EntryId> = types.iter().filter_map(|t| cx.names.entries.get(&(*t, id.into())).copied()).collect();
    match found.as_slice() {
        [one] => Some(*one),
        [] if any_broken || types.is_empty() => None,
        [] => {
            let candidates: Vec<&str> =
                cx.names.entries.keys().filter(|(t, _)| types.contains(t)).map(|(_, id)| id.as_str()).collect();
            let names: Vec<&str> = types.iter().map(|t| cx.names.types[*t].id.as_str()).collect();
            let message = format!("there is no `{}` in {}", cut(id), names.join(" or "));
            cx.read.error("dangling-reference", node.range, message, suggest::remedy(id, candidates, "entries"));
            None
        }
        _ => {
            let names: Vec<String> = types.iter().map(|t| format!("`{}/{id}`", cx.names.types[*t].id)).collect();
            let message = format!("`{id}` names more than one entry");
            cx.read.error("ambiguous-reference", node.range, message, format!("write {}", names.join(" or ")));
            None
        }
    }
}
