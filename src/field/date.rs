//! `date`: a year, a month or a day, shown at its own precision.

use std::cmp::Ordering;

use ecow::{EcoString, eco_format};

use super::{Cx, Facet, FacetLabel, Item, Kind, Show, Value};
use crate::catalog::{Catalog, Entry};
use crate::date::PartialDate;
use crate::document::read::Reader;
use crate::html;
use crate::yaml::Node;

/// The kind.
pub struct Date;

impl Kind for Date {
    fn name(&self) -> &'static str {
        "date"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        partial(node, &what, &mut cx.read).map(Value::Date)
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Date(date) => {
                let text = show.locale().date(*date);
                Item { html: html::time(&date.to_string(), &text), text }
            }
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }

    fn is_temporal(&self) -> bool {
        true
    }

    fn as_facet(&self) -> Option<&dyn Facet> {
        Some(self)
    }
}

/// By year, latest first.
impl Facet for Date {
    fn keys(&self, values: &[Value], _: &Entry, _: &Catalog) -> Vec<EcoString> {
        let year = |v: &Value| if let Value::Date(d) = v { Some(eco_format!("{}", d.first().year())) } else { None };
        values.iter().filter_map(year).collect()
    }

    fn label(&self, key: &str, _: &Show<'_>) -> FacetLabel {
        FacetLabel { rank: -key.parse::<i64>().unwrap_or(0), ..FacetLabel::of(key.to_owned()) }
    }
}

/// Reads a partial date.
pub fn partial(node: &Node, what: &str, read: &mut Reader<'_>) -> Option<PartialDate> {
    let text = read.text(node, what)?;
    match text.parse::<PartialDate>() {
        Ok(date) => Some(date),
        Err(error) => {
            read.error("bad-date", node.range, error.cause, error.remedy);
            None
        }
    }
}
