//! A type as a table in a language (RFC 4180), one entry a row, and what its columns are (CSVW); groups and Markdown, which no
//! cell holds, stay in the JSON files.

use serde_json::{Value as Tree, json};

use crate::catalog::{Catalog, EntryId};
use crate::config::{self, Lang};
use crate::document::schema::{Field, TypeDef};
use crate::field::{Moment, Money, Value};
use crate::plan::{DataFile, Plan, Table};

/// What is between the values of a cell.
const BETWEEN: &str = " | ";

/// Columns of every table, as its description names them, and their interface strings.
const COLUMNS: &[(&str, &str)] = &[
    ("id", "data-id"),
    ("title", "data-title-column"),
    ("language", "data-language"),
    ("summary", "data-summary"),
    ("address", "data-address"),
    ("status", "status"),
    ("demo", "demo"),
];

/// The fields that have a column, with their index.
fn fields(definition: &TypeDef) -> impl Iterator<Item = (usize, &Field)> {
    let fits = |field: &Field| !matches!(field.kind.name(), "group" | "markdown" | "image");
    definition.fields.iter().enumerate().filter(move |(_, field)| fits(field))
}

/// The rows of a file, as they are written.
struct Rows<'o> {
    out: &'o mut Vec<u8>,
    begun: bool,
}

impl Rows<'_> {
    /// One more cell of words: a spreadsheet would take what begins like a formula for one, so that it gets an apostrophe.
    fn words(&mut self, text: &str) {
        match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            true => self.cell(&format!("'{text}")),
            false => self.cell(text),
        }
    }

    /// One more cell.
    fn cell(&mut self, text: &str) {
        if std::mem::replace(&mut self.begun, true) {
            self.out.push(b',');
        }
        if !text.contains(['"', ',', '\r', '\n']) {
            return self.out.extend_from_slice(text.as_bytes());
        }
        self.out.push(b'"');
        for (at, part) in text.split('"').enumerate() {
            if at > 0 {
                self.out.extend_from_slice(b"\"\"");
            }
            self.out.extend_from_slice(part.as_bytes());
        }
        self.out.push(b'"');
    }

    fn end(&mut self) {
        self.begun = false;
        self.out.extend_from_slice(b"\r\n");
    }
}

/// The table of a type in a language.
pub(super) fn table(catalog: &Catalog, table: &Table, lang: Lang, out: &mut Vec<u8>) {
    let definition = &catalog.types[table.type_index];
    // Spreadsheets take a text that does not begin so for one in the letters of their system.
    out.extend_from_slice("\u{feff}".as_bytes());
    let mut rows = Rows { out, begun: false };
    for (_, message) in COLUMNS {
        rows.words(catalog.message(lang, message));
    }
    for (_, field) in fields(definition) {
        rows.words(&field.label[lang.index()]);
    }
    rows.end();
    for id in &table.entries {
        row(catalog, *id, lang, &mut rows);
    }
}

fn row(catalog: &Catalog, id: EntryId, lang: Lang, rows: &mut Rows<'_>) {
    let entry = catalog.entry(id);
    let (title, title_lang) = catalog.title(id, lang);
    rows.cell(&entry.id);
    rows.words(title);
    rows.cell(catalog.config.tag(title_lang));
    rows.words(catalog.text(id, lang).map_or("", |(text, _)| &text.summary));
    rows.cell(&catalog.destination(id, lang).map_or(String::new(), |to| catalog.config.base.absolute(to.address)));
    rows.cell(entry.status.map_or("", |status| catalog.status_word(entry.type_index, lang, status)));
    rows.cell(if entry.demo { catalog.message(lang, "yes") } else { "" });
    let chain = &catalog.config.fallback[lang.index()];
    for (index, field) in fields(catalog.type_of(id)) {
        let values = entry.values[index].as_ref().and_then(|values| values.for_reader(chain));
        let texts: Vec<String> =
            values.map_or(&[][..], |(values, _)| values).iter().map(|value| cell(catalog, value, lang)).collect();
        let text = match texts.as_slice() {
            [only] => only.clone(),
            texts => texts.iter().map(|text| text.replace('|', "¦")).collect::<Vec<_>>().join(BETWEEN),
        };
        match field.kind.name() {
            "integer" | "number" | "percent" => rows.cell(&text),
            _ => rows.words(&text),
        }
    }
    rows.end();
}

/// A value in a cell: words in the reader's language, numbers and dates as machines write them.
fn cell(catalog: &Catalog, value: &Value, lang: Lang) -> String {
    match value {
        Value::Text(text) | Value::Decimal(text) => text.to_string(),
        Value::Boolean(value) => catalog.message(lang, if *value { "yes" } else { "no" }).to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Url(link) => link.url.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Period(period) => {
            format!("{}/{}", period.from, period.to.map_or("..".to_owned(), |to| to.to_string()))
        }
        Value::Instant(at) => moment(catalog, at),
        Value::Deadline(due) => moment(catalog, &due.at),
        Value::Money(amount) => money(amount),
        Value::Code(code) => code.to_string(),
        Value::Term(vocabulary, term) => catalog.term_label(*vocabulary, *term, lang).to_owned(),
        Value::Reference(reference) => catalog.title(reference.to, lang).0.to_owned(),
        Value::File(file) => {
            let addresses =
                file.variants.iter().map(|(_, at)| catalog.config.base.absolute(&catalog.assets[*at].address));
            addresses.collect::<Vec<_>>().join(" ")
        }
        Value::Markdown(_) | Value::Image(_) | Value::Group(_) => String::new(),
    }
}

fn moment(catalog: &Catalog, moment: &Moment) -> String {
    let zone = moment.zone.as_deref().and_then(config::zone);
    moment.datetime(zone.as_ref().unwrap_or(&catalog.config.time_zone))
}

fn money(amount: &Money) -> String {
    let amounts = match (&amount.min, &amount.max) {
        (Some(min), Some(max)) if min == max => min.to_string(),
        (min, max) => {
            let part = |part: &Option<ecow::EcoString>| part.clone().unwrap_or_else(|| "..".into());
            format!("{}/{}", part(min), part(max))
        }
    };
    format!("{amounts} {}", amount.currency)
}

/// The description of a table's columns (CSVW, 2015).
pub(super) fn columns(catalog: &Catalog, plan: &Plan, table: usize, lang: Lang) -> Vec<u8> {
    let definition = &catalog.types[plan.tables[table].type_index];
    let tag = catalog.config.tag(lang);
    let mut columns: Vec<Tree> = COLUMNS
        .iter()
        .map(|(name, message)| {
            let datatype = if *name == "address" { "anyURI" } else { "string" };
            let required = matches!(*name, "id" | "title");
            json!({ "name": name, "titles": catalog.message(lang, message), "datatype": datatype, "required": required })
        })
        .collect();
    columns.extend(fields(definition).map(|(_, field)| {
        let datatype = match field.kind.name() {
            "integer" => "integer",
            "number" | "percent" => "decimal",
            "url" => "anyURI",
            _ => "string",
        };
        let titles = field.label[lang.index()].as_str();
        // No field's name begins so: it cannot be that of a column of every table.
        let mut column = json!({ "name": format!("fact_{}", field.name), "titles": titles, "datatype": datatype });
        if let Some(help) = &field.help {
            column["dc:description"] = json!(help[lang.index()]);
        }
        if field.many {
            column["separator"] = json!(BETWEEN);
        }
        column
    }));
    let file = DataFile::Csv(table, lang).address(catalog, &plan.tables);
    let mut description = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": tag }],
        "url": catalog.config.base.absolute(&file),
        "dc:title": definition.label[lang.index()],
        "dc:language": tag,
        "dialect": { "encoding": "utf-8", "lineTerminators": ["\r\n"] },
        "tableSchema": { "columns": columns, "primaryKey": "id" },
    });
    if let Some(license) = catalog.config.data.as_ref().and_then(|data| data.license.as_ref()) {
        description["dc:license"] = json!({ "@id": license });
    }
    let mut out = serde_json::to_vec_pretty(&description).unwrap_or_default();
    out.push(b'\n');
    out
}
