//! What the JSON files of a type look like (JSON Schema 2020-12), made from the fields that it declares.

use serde_json::{Map, Value, json};

use super::{VERSION, absolute};
use crate::catalog::Catalog;
use crate::document::schema::Field;

/// The schema of a type's files: of the table and of a single entry.
pub(super) fn schema(catalog: &Catalog, type_index: usize) -> Vec<u8> {
    let definition = &catalog.types[type_index];
    let of = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
    let key = |kind: &str| json!({ "type": "string", "pattern": format!("^{kind}/[a-z0-9-]+$") });
    let facts: Map<String, Value> =
        definition.fields.iter().map(|field| (field.name.to_string(), fact(catalog, field))).collect();
    let named = definition.fields.iter().map(|field| (field.name.to_string(), of("provenance")));
    let head = json!({
        "$schema": { "type": "string" },
        "version": { "const": VERSION },
        "license": of("address"),
        "type": { "const": definition.id },
    });
    let with = |more: Value| {
        let mut members = head.as_object().cloned().unwrap_or_default();
        members.extend(more.as_object().cloned().unwrap_or_default());
        members
    };
    let strict = |members: Value, required: &[&str]| json!({ "type": "object", "additionalProperties": false, "properties": members, "required": required });
    let listed = |items: Value| json!({ "type": "array", "items": items });
    let entry = strict(
        json!({
            "id": key(&definition.id),
            "data": of("address"),
            "state": { "enum": ["draft", "scheduled", "published", "expired", "superseded"] },
            "demo": { "const": true },
            "superseded_by": of("key"),
            "publish_on": of("date"),
            "expires_on": of("date"),
            "review_by": of("date"),
            "status": strict(
                json!({
                    "id": { "enum": ["closing-soon", "open", "running", "forthcoming", "closed", "ended"] },
                    "changes": listed(of("instant")),
                }),
                &["id", "changes"],
            ),
            "source_language": of("language"),
            "texts": by_language(catalog, &strict(
                json!({
                    "title": { "type": "string" },
                    "summary": { "type": "string" },
                    "aliases": listed(json!({ "type": "string" })),
                    "updated": of("instant"),
                    "translation": strict(
                        json!({
                            "of": of("language"),
                            "by": { "enum": ["human", "machine", "machine-reviewed"] },
                            "outdated": { "type": "boolean" },
                        }),
                        &["of", "by", "outdated"],
                    ),
                }),
                &["title"],
            )),
            "pages": by_language(catalog, &of("address")),
            "facts": strict(Value::Object(facts), &[]),
            "provenance": strict(Value::Object(named.collect()), &[]),
            "sources": listed(of("source")),
            "referenced_by": listed(strict(
                json!({
                    "type": { "type": "string" },
                    "field": { "type": "string" },
                    "name": { "type": "string" },
                    "entries": listed(strict(reference("from"), &["from"])),
                }),
                &["type", "field", "entries"],
            )),
            "related": listed(of("key")),
            "was": listed(of("key")),
        }),
        &["id", "data", "state", "source_language", "texts", "pages", "facts"],
    );
    let table = with(json!({
        "label": of("words"),
        "count": { "type": "integer", "minimum": 0 },
        "part": { "type": "integer", "minimum": 1 },
        "parts": { "type": "integer", "minimum": 1 },
        "next": of("address"),
        "entries": listed(of("entry")),
    }));
    let needed = ["$schema", "version", "type", "label", "count", "part", "parts", "entries"];
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": absolute(catalog, &format!("{}.schema.json", definition.id)),
        "title": definition.id,
        "anyOf": [of("table"), of("document")],
        "$defs": {
            "table": strict(Value::Object(table), &needed),
            "document": strict(Value::Object(with(json!({ "entry": of("entry") }))), &["$schema", "version", "type", "entry"]),
            "entry": entry,
            "key": key("[a-z0-9-]+"),
            "address": { "type": "string", "pattern": "^https?://" },
            "language": { "enum": catalog.config.languages },
            "date": { "type": "string", "pattern": "^-?\\d{4,6}(-\\d{2}(-\\d{2})?)?$" },
            "instant": { "type": "string", "format": "date-time" },
            "moment": strict(at(), &["at"]),
            "number": { "type": "string", "pattern": "^-?\\d+(\\.\\d+)?$" },
            "words": by_language(catalog, &json!({ "type": "string" })),
            "term": strict(
                json!({ "id": { "type": "string" }, "uri": of("address"), "label": of("words") }),
                &["id", "uri", "label"],
            ),
            "source": strict(
                json!({
                    "url": of("address"),
                    "title": { "type": "string" },
                    "says": { "type": "string" },
                    "lang": { "type": "string" },
                    "accessed": of("date"),
                }),
                &["url"],
            ),
            "provenance": strict(
                json!({
                    "checked": of("date"),
                    "disputed": { "type": "boolean" },
                    "note": of("words"),
                    "sources": listed(of("source")),
                }),
                &["disputed"],
            ),
        },
    });
    let mut out = serde_json::to_vec_pretty(&schema).unwrap_or_default();
    out.push(b'\n');
    out
}

/// Some of the site's languages, each with a value.
fn by_language(catalog: &Catalog, value: &Value) -> Value {
    let members: Map<String, Value> =
        catalog.config.languages.iter().map(|tag| (tag.to_string(), value.clone())).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": members })
}

/// The members of a local time.
fn at() -> Value {
    json!({
        "at": { "type": "string", "pattern": "^-?\\d{4,6}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}[+-]\\d{2}:\\d{2})?$" },
        "zone": { "type": "string" },
    })
}

/// The members of a reference, by the name of the entry at its other end.
fn reference(end: &str) -> Value {
    json!({
        end: { "$ref": "#/$defs/key" },
        "data": { "$ref": "#/$defs/address" },
        "role": { "$ref": "#/$defs/term" },
        "since": { "$ref": "#/$defs/date" },
        "until": { "$ref": "#/$defs/date" },
        "note": { "$ref": "#/$defs/words" },
    })
}

/// A field: what it is called, and the shape of its value or values.
fn fact(catalog: &Catalog, field: &Field) -> Value {
    let one = value(catalog, field);
    let all = if field.many { json!({ "type": "array", "items": one, "minItems": 1 }) } else { one };
    let mut shape = if field.localized { by_language(catalog, &all) } else { all };
    // Those who write programs read English; where a site has none, its first language.
    let english = catalog.config.languages.iter().position(|tag| tag == "en").unwrap_or_default();
    shape["title"] = json!(field.label[english]);
    if let Some(help) = &field.help {
        shape["description"] = json!(help[english]);
    }
    shape
}

fn value(catalog: &Catalog, field: &Field) -> Value {
    let of = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
    let strict = |members: Value, required: &[&str]| json!({ "type": "object", "additionalProperties": false, "properties": members, "required": required });
    let text = || json!({ "type": "string" });
    match field.kind.name() {
        "boolean" => json!({ "type": "boolean" }),
        "integer" => json!({ "type": "integer" }),
        "number" | "percent" => of("number"),
        "markdown" => strict(json!({ "html": text() }), &["html"]),
        "url" => strict(json!({ "url": of("address"), "lang": text() }), &["url"]),
        "date" => of("date"),
        "period" => strict(json!({ "from": of("date"), "to": of("date") }), &["from"]),
        "instant" => of("moment"),
        "deadline" => {
            let mut members = at();
            members["kind"] = text();
            members["was"] = json!({ "type": "array", "items": of("moment") });
            members["label"] = of("words");
            strict(members, &["kind", "at"])
        }
        "money" => strict(
            json!({
                "min": of("number"),
                "max": of("number"),
                "currency": { "type": "string", "pattern": "^[A-Z]{3}$" },
                "basis": text(),
                "approx": { "const": true },
            }),
            &["currency"],
        ),
        "term" => of("term"),
        "reference" => strict(reference("to"), &["to"]),
        "image" => {
            let file = json!({ "url": of("address"), "lang": text(), "alt": of("words"), "credit": text() });
            json!({ "type": "array", "items": strict(file, &["url", "alt"]) })
        }
        "file" => {
            let members =
                json!({ "url": of("address"), "bytes": { "type": "integer" }, "lang": text(), "label": of("words") });
            json!({ "type": "array", "items": strict(members, &["url", "bytes"]) })
        }
        "group" => {
            let members: Map<String, Value> =
                field.fields.iter().map(|field| (field.name.to_string(), fact(catalog, field))).collect();
            strict(Value::Object(members), &[])
        }
        _ => text(),
    }
}
