//! `language`: a BCP 47 tag, shown by its name in the reader's language.

use std::cmp::Ordering;

use ecow::EcoString;

use super::narrow::codes;
use super::{Cx, Facet, FacetLabel, Item, Kind, Row, Show, Value, url};
use crate::catalog::{Catalog, Entry};
use crate::yaml::Node;

/// The kind.
pub(super) struct Language;

impl Kind for Language {
    fn name(&self) -> &'static str {
        "language"
    }

    fn row(&self) -> Row {
        Row::Alphabetical
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        url::language(node, &mut cx.read).map(Value::Code)
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Code(tag) => Item::plain(name(tag, show)),
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Code(a), Value::Code(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }

    fn as_facet(&self) -> Option<&dyn Facet> {
        Some(self)
    }
}

impl Facet for Language {
    fn keys(&self, values: &[Value], _: &Entry, _: &Catalog) -> Vec<EcoString> {
        codes(values)
    }

    fn label(&self, key: &str, show: &Show<'_>) -> FacetLabel {
        FacetLabel::of(name(key, show))
    }
}

fn name(tag: &str, show: &Show<'_>) -> String {
    show.locale().language_name(tag).unwrap_or_else(|| tag.to_owned())
}
