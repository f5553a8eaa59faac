//! `country` (ISO 3166-1 alpha-2, or `EU`) and `territory` (NUTS): names in every language, protocol order.

use std::cmp::Ordering;

use ecow::EcoString;

use super::narrow::codes;
use super::number::cut;
use super::{Cx, Facet, FacetLabel, Item, Kind, Row, Show, Value};
use crate::catalog::{Catalog, Entry};
use crate::locale;
use crate::yaml::Node;

/// A country.
pub(super) struct Country;
/// A statistical region.
pub(super) struct Territory;

impl Kind for Country {
    fn name(&self) -> &'static str {
        "country"
    }

    fn row(&self) -> Row {
        Row::Alphabetical
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let code = cx.read.text(node, &what)?.clone();
        if locale::is_country(&code) {
            return Some(Value::Code(code));
        }
        // Editors write names, lower case, or the codes of the EU Style Guide.
        let upper = code.to_uppercase();
        let help = match upper.as_str() {
            "EL" => "write `GR`, the ISO code of Greece".to_owned(),
            "UK" => "write `GB`, the ISO code of the United Kingdom".to_owned(),
            _ if locale::is_country(&upper) => format!("write `{upper}`"),
            _ => named(&code, cx).map_or_else(
                || "write an ISO 3166-1 alpha-2 code, such as `LV`, or `EU`".to_owned(),
                |found| format!("write its ISO code: `{found}`"),
            ),
        };
        cx.read.error("unknown-country", node.range, format!("`{}` is not a country code", cut(&code)), help);
        None
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Code(code) => Item::plain(name(code, show)),
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Code(a), Value::Code(b)) => (locale::protocol_rank(a), a).cmp(&(locale::protocol_rank(b), b)),
            _ => Ordering::Equal,
        }
    }

    fn as_facet(&self) -> Option<&dyn Facet> {
        Some(self)
    }
}

impl Facet for Country {
    fn keys(&self, values: &[Value], _: &Entry, _: &Catalog) -> Vec<EcoString> {
        codes(values)
    }

    fn label(&self, key: &str, show: &Show<'_>) -> FacetLabel {
        FacetLabel::of(name(key, show))
    }
}

fn name(code: &str, show: &Show<'_>) -> String {
    show.locale().country_name(code).unwrap_or_else(|| code.to_owned())
}

/// The country of which this is the name in one of the site's languages.
fn named(text: &str, cx: &Cx<'_, '_>) -> Option<&'static str> {
    let wanted = text.to_lowercase();
    let locales: Vec<_> = cx.names.config.languages.iter().filter_map(|tag| locale::Locale::new(tag).ok()).collect();
    let is_name =
        |code: &&str| locales.iter().any(|l| l.country_name(code).is_some_and(|name| name.to_lowercase() == wanted));
    locale::country_codes().iter().copied().find(is_name)
}

impl Kind for Territory {
    fn name(&self) -> &'static str {
        "territory"
    }

    fn row(&self) -> Row {
        Row::Alphabetical
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let code = cx.read.text(node, &what)?.clone();
        let shape = (2..=5).contains(&code.len())
            && code.bytes().enumerate().all(|(i, b)| b.is_ascii_uppercase() || (i >= 2 && b.is_ascii_digit()));
        if shape && locale::is_country(iso(&code)) {
            return Some(Value::Code(code));
        }
        let message = format!("`{}` is not a NUTS code", cut(&code));
        cx.read.error(
            "unknown-territory",
            node.range,
            message,
            "write a country's two letters and up to three characters, such as `SE224`",
        );
        None
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::Code(code) = value else { return Item::default() };
        let country = name(iso(code), show);
        Item::plain(if code.len() == 2 { country } else { format!("{country} ({code})") })
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

/// Narrows by country.
impl Facet for Territory {
    fn keys(&self, values: &[Value], _: &Entry, _: &Catalog) -> Vec<EcoString> {
        let country = |v: &Value| if let Value::Code(code) = v { Some(EcoString::from(iso(code))) } else { None };
        values.iter().filter_map(country).collect()
    }

    fn label(&self, key: &str, show: &Show<'_>) -> FacetLabel {
        Country.label(key, show)
    }
}

/// NUTS uses the EU Style Guide's letters, which differ from ISO for two countries.
fn iso(code: &str) -> &str {
    match code.get(..2) {
        Some("EL") => "GR",
        Some("UK") => "GB",
        Some(letters) => letters,
        None => code,
    }
}
