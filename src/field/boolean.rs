//! `boolean`: yes or no.

use std::cmp::Ordering;

use ecow::EcoString;

use super::{Cx, Facet, FacetLabel, Item, Kind, Show, Value};
use crate::catalog::{Catalog, Entry};
use crate::yaml::Node;

/// The kind.
pub(super) struct Boolean;

impl Kind for Boolean {
    fn name(&self) -> &'static str {
        "boolean"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        cx.read.boolean(node, &what).map(Value::Boolean)
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Boolean(yes) => Item::plain(show.message(word(*yes))),
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }

    fn as_facet(&self) -> Option<&dyn Facet> {
        Some(self)
    }
}

impl Facet for Boolean {
    fn keys(&self, values: &[Value], _: &Entry, _: &Catalog) -> Vec<EcoString> {
        values.iter().filter_map(|v| if let Value::Boolean(yes) = v { Some(word(*yes).into()) } else { None }).collect()
    }

    fn label(&self, key: &str, show: &Show<'_>) -> FacetLabel {
        FacetLabel { rank: i64::from(key == "no"), ..FacetLabel::of(show.message(key).to_owned()) }
    }
}

fn word(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
