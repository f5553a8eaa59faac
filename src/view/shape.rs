//! What each template is given: the names it may use and the shape of each, as JSON Schema; not which template uses them.

use std::collections::BTreeMap;

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::{
    CalendarView, Card, ChooserView, DataView, DirectoryView, EntryView, HomeView, ListingView, NotFoundView, PastView,
    SearchView, site,
};
use crate::plan::FacetPanelView;

/// The shapes of all that templates are given (JSON Schema, draft 2020-12).
#[derive(Debug)]
pub struct Shapes {
    /// Shapes that others refer to, by their reference.
    pub definitions: BTreeMap<String, Value>,
    /// By template, the names and shapes of its variables; templates of types are given what `entry.html` is.
    pub given: BTreeMap<&'static str, Map<String, Value>>,
}

/// Lists of cards, rendered, that pages have beside their view.
const CARDS: &[(&str, &[&str])] =
    &[("entry.html", &["cards"]), ("home.html", &["featured", "open", "latest"]), ("listing.html", &["cards"])];

/// The shapes of what the views of this program give, on a site with these interface strings and assets.
pub fn shapes<'n>(words: impl Iterator<Item = &'n str>, assets: impl Iterator<Item = &'n str>) -> Shapes {
    let mut generator = SchemaSettings::default().for_serialize().into_generator();
    let text = || json!({ "type": "string" });
    let mut given: BTreeMap<&'static str, Map<String, Value>> = BTreeMap::from([
        ("calendar.html", variables::<CalendarView>(&mut generator)),
        ("chooser.html", variables::<ChooserView>(&mut generator)),
        ("data.html", variables::<DataView>(&mut generator)),
        ("directory.html", variables::<DirectoryView>(&mut generator)),
        ("entry.html", variables::<EntryView>(&mut generator)),
        ("home.html", variables::<HomeView>(&mut generator)),
        ("listing.html", variables::<ListingView>(&mut generator)),
        ("404.html", variables::<NotFoundView>(&mut generator)),
        ("moved.html", variables::<PastView>(&mut generator)),
        ("gone.html", variables::<PastView>(&mut generator)),
        ("search.html", variables::<SearchView>(&mut generator)),
    ]);
    for (template, variables) in &mut given {
        let cards = CARDS.iter().filter(|(of, _)| of == template).flat_map(|(_, names)| *names);
        variables.extend(cards.map(|name| ((*name).to_owned(), json!({ "type": "array", "items": text() }))));
        variables.extend(["menu", "footer"].map(|part| (part.to_owned(), text())));
    }
    given.entry("listing.html").or_default().insert("facets".into(), text());
    let one = |name: &str, shape: Schema| Map::from_iter([(name.to_owned(), shape.to_value())]);
    given.insert("card.html", one("card", generator.subschema_for::<Card>()));
    given.insert("facets.html", one("facets", generator.subschema_for::<Vec<FacetPanelView<'_>>>()));
    given.insert("menu.html", one("section", generator.subschema_for::<Option<String>>()));
    given.insert("footer.html", Map::new());
    let named = |names: &mut dyn Iterator<Item = &'n str>| {
        let members: Map<String, Value> = names.map(|name| (name.to_owned(), text())).collect();
        json!({ "type": "object", "properties": members })
    };
    let mut site = site::shape(&mut generator).to_value();
    site["properties"]["t"] = named(&mut words.into_iter());
    site["properties"]["assets"] = named(&mut assets.into_iter());
    for variables in given.values_mut() {
        variables.insert("site".into(), site.clone());
        variables.insert("lang".into(), text());
    }
    let definitions = generator.take_definitions(true).into_iter();
    Shapes { definitions: definitions.map(|(name, shape)| (format!("#/$defs/{name}"), shape)).collect(), given }
}

/// The members of a view are a template's variables.
fn variables<View: JsonSchema>(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let shape = View::json_schema(generator).to_value();
    shape.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}
