//! Entries as JSON, as `docs/data.md` describes it: facts as exact as they were written, in no language but their texts'.

use std::sync::OnceLock;

use ecow::EcoString;

use super::{VERSION, absolute, term_address};
use crate::catalog::{Catalog, Entry, EntryId, Inverse, Provenance, Source, State, Translator, status};
use crate::config;
use crate::document::schema::Field;
use crate::field::{Deadline, Moment, Money, Reference, Show, Value, Values};
use crate::plan::{DataFile, Plan, entry_address};
use crate::view::json::Json;

/// What terms of vocabularies are in these files: each is written once, by whoever comes first.
#[derive(Debug)]
pub struct Terms(Vec<Vec<OnceLock<Box<[u8]>>>>);

impl Terms {
    /// Of a catalogue, none of them written.
    pub fn of(catalog: &Catalog) -> Terms {
        let unwritten = |count: usize| (0..count).map(|_| OnceLock::new()).collect();
        Terms(catalog.vocabularies.iter().map(|vocabulary| unwritten(vocabulary.terms.len())).collect())
    }
}

/// The file of one entry.
pub(super) fn document(catalog: &Catalog, terms: &Terms, id: EntryId, out: &mut Vec<u8>) {
    let kind = &catalog.type_of(id).id;
    let mut json = Json::new(out);
    json.object(|json| {
        head(catalog, kind, json);
        json.name("entry");
        entry(catalog, terms, id, json);
    });
    json.end_line();
}

/// A part of a table, one entry a line.
pub(super) fn table(catalog: &Catalog, terms: &Terms, plan: &Plan, index: usize, part: usize, out: &mut Vec<u8>) {
    let table = &plan.tables[index];
    let definition = &catalog.types[table.type_index];
    let entries = table.part(part);
    out.reserve(entries.len() * 2048);
    let mut json = Json::new(out);
    json.object(|json| {
        head(catalog, &definition.id, json);
        each_lang(catalog, &definition.label, json.name("label"));
        json.name("count").bare(table.entries.len());
        json.name("part").bare(part);
        json.name("parts").bare(table.parts());
        if part < table.parts() {
            let next = DataFile::Json(index, part + 1).address(catalog, &plan.tables);
            json.name("next").text(&catalog.config.base.absolute(&next));
        }
        json.name("entries").list(entries, |json, id| {
            json.line();
            entry(catalog, terms, *id, json);
        });
    });
    json.end_line();
}

fn head(catalog: &Catalog, kind: &str, json: &mut Json<'_>) {
    json.name("$schema").text(&absolute(catalog, &format!("{kind}.schema.json")));
    json.name("version").bare(VERSION);
    if let Some(license) = catalog.config.data.as_ref().and_then(|data| data.license.as_ref()) {
        json.name("license").text(license);
    }
    json.name("type").text(kind);
}

/// A text in every language.
fn each_lang(catalog: &Catalog, texts: &[EcoString], json: &mut Json<'_>) {
    json.object(|json| {
        for (tag, text) in catalog.config.languages.iter().zip(texts) {
            json.name(tag).text(text);
        }
    });
}

/// What stands for a state.
fn state(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Scheduled => "scheduled",
        State::Published => "published",
        State::Expired => "expired",
        State::Superseded => "superseded",
    }
}

fn entry(catalog: &Catalog, terms: &Terms, id: EntryId, json: &mut Json<'_>) {
    let entry = catalog.entry(id);
    let definition = catalog.type_of(id);
    let config = &catalog.config;
    json.object(|json| {
        json.name("id").text(&catalog.key(id));
        json.name("data").text(&config.base.absolute(&entry_address(catalog, id)));
        json.name("state").plain(state(entry.state));
        if entry.demo {
            json.name("demo").bare(true);
        }
        if let Some((to, _)) = entry.superseded_by {
            json.name("superseded_by").text(&catalog.key(to));
        }
        for (name, date) in [("publish_on", entry.publish_on), ("expires_on", entry.expires_on)] {
            if let Some(date) = date {
                json.name(name).plain(date);
            }
        }
        if let Some((date, _)) = entry.review_by {
            json.name("review_by").plain(date);
        }
        if let Some(now) = entry.status {
            let changes = status::changes(&definition.status, &entry.values, &config.time_zone);
            json.name("status").object(|json| {
                json.name("id").plain(now.id());
                // The end of a period without one is the end of all time.
                let changes = changes.into_iter().filter(|at| *at != jiff::Timestamp::MAX);
                json.name("changes").list(changes, |json, at| json.plain(at));
            });
        }
        json.name("source_language").text(config.tag(entry.source_language));
        json.name("texts").object(|json| texts(catalog, id, entry, json));
        json.name("pages").object(|json| {
            for (tag, address) in config.languages.iter().zip(&entry.addresses) {
                if let Some(address) = address {
                    json.name(tag).text(&config.base.absolute(address));
                }
            }
        });
        json.name("facts").object(|json| {
            for (index, field) in definition.fields.iter().enumerate() {
                if let Some(values) = &entry.values[index] {
                    fact(catalog, terms, Some(id), field, values, json);
                }
            }
        });
        if !entry.provenance.is_empty() {
            json.name("provenance").object(|json| {
                for (index, known) in &entry.provenance {
                    provenance(catalog, known, json.name(&definition.fields[*index].name));
                }
            });
        }
        if !entry.sources.is_empty() {
            json.name("sources").list(&entry.sources, source);
        }
        referenced_by(catalog, terms, id, &entry.inverse, json);
        if !entry.related.is_empty() {
            json.name("related").list(&entry.related, |json, to| json.text(&catalog.key(*to)));
        }
        if !entry.was.is_empty() {
            json.name("was").list(&entry.was, |json, (name, _)| json.text(name));
        }
    });
}

fn texts(catalog: &Catalog, id: EntryId, entry: &Entry, json: &mut Json<'_>) {
    for lang in catalog.config.langs() {
        let Some(text) = &entry.texts[lang.index()] else { continue };
        json.name(catalog.config.tag(lang)).object(|json| {
            json.name("title").text(&text.title);
            if !text.summary.is_empty() {
                json.name("summary").text(&text.summary);
            }
            if !text.aliases.is_empty() {
                json.name("aliases").list(&text.aliases, |json, alias| json.text(alias));
            }
            if let Some(at) = catalog.updated(id, lang) {
                json.name("updated").plain(at);
            }
            if let Some(translation) = &text.translation {
                json.name("translation").object(|json| {
                    json.name("of").text(catalog.config.tag(translation.of));
                    json.name("by").plain(match translation.by {
                        Translator::Human => "human",
                        Translator::Machine => "machine",
                        Translator::Reviewed => "machine-reviewed",
                    });
                    json.name("outdated").bare(catalog.is_outdated(id, lang));
                });
            }
        });
    }
}

/// A field with its values: one, or a list where the field takes one; by language where each has its own.
fn fact(catalog: &Catalog, terms: &Terms, id: Option<EntryId>, field: &Field, values: &Values, json: &mut Json<'_>) {
    let all = |values: &[Value], lang: Option<config::Lang>, json: &mut Json<'_>| match values {
        [only] if !field.many => value(catalog, terms, id, field, only, lang, json),
        values => json.list(values, |json, each| value(catalog, terms, id, field, each, lang, json)),
    };
    match values {
        Values::Shared(values) if !values.is_empty() => all(values, None, json.name(&field.name)),
        Values::Localized(each) if each.iter().any(|values| !values.is_empty()) => {
            json.name(&field.name).object(|json| {
                for lang in catalog.config.langs() {
                    let values = &each[lang.index()];
                    if !values.is_empty() {
                        all(values, Some(lang), json.name(catalog.config.tag(lang)));
                    }
                }
            });
        }
        _ => {}
    }
}

fn value(
    catalog: &Catalog,
    terms: &Terms,
    id: Option<EntryId>,
    field: &Field,
    value: &Value,
    lang: Option<config::Lang>,
    json: &mut Json<'_>,
) {
    match value {
        Value::Text(text) | Value::Code(text) | Value::Decimal(text) => json.text(text),
        Value::Markdown(body) => {
            let own = id.map(|id| catalog.entry(id).source_language);
            let lang = lang.or(own).unwrap_or(config::Lang(0));
            let type_index = id.map_or(0, |id| catalog.entry(id).type_index);
            let show = Show { catalog, lang, type_index, field, entry: id, text: lang };
            json.object(|json| json.name("html").text(&crate::view::body::fill_field(body, &show)));
        }
        Value::Boolean(value) => json.bare(value),
        Value::Integer(number) => json.bare(number),
        Value::Url(link) => json.object(|json| {
            json.name("url").text(&link.url);
            if let Some(lang) = &link.lang {
                json.name("lang").text(lang);
            }
        }),
        Value::Date(date) => json.plain(date),
        Value::Period(period) => json.object(|json| {
            json.name("from").plain(period.from);
            if let Some(to) = period.to {
                json.name("to").plain(to);
            }
        }),
        Value::Instant(at) => moment(catalog, at, json),
        Value::Deadline(due) => deadline(catalog, due, json),
        Value::Money(amount) => money(amount, json),
        Value::Term(vocabulary, at) => term(catalog, terms, *vocabulary, *at, json),
        Value::Reference(to) => reference(catalog, terms, to, json),
        Value::Image(image) => {
            json.list(&image.variants, |json, (lang, asset)| {
                let file = &catalog.assets[*asset];
                let address = match file.fallback() {
                    Some(rendition) if !file.is_published() => file.rendition_address(&rendition),
                    _ => file.address.clone(),
                };
                json.object(|json| {
                    json.name("url").text(&catalog.config.base.absolute(&address));
                    if let Some(lang) = lang {
                        json.name("lang").text(catalog.config.tag(*lang));
                    }
                    each_lang(catalog, &image.alt, json.name("alt"));
                    if let Some(credit) = &image.credit {
                        json.name("credit").text(credit);
                    }
                });
            });
        }
        Value::File(file) => {
            json.list(&file.variants, |json, (lang, asset)| {
                let asset = &catalog.assets[*asset];
                json.object(|json| {
                    json.name("url").text(&catalog.config.base.absolute(&asset.address));
                    json.name("bytes").bare(asset.len);
                    if let Some(tag) = lang.map(|lang| catalog.config.tag(lang)).or(file.lang.as_deref()) {
                        json.name("lang").text(tag);
                    }
                    if let Some(label) = &file.label {
                        each_lang(catalog, label, json.name("label"));
                    }
                });
            });
        }
        Value::Group(record) => json.object(|json| {
            for part in &record.fields {
                fact(catalog, terms, id, &field.fields[part.index], &part.values, json);
            }
        }),
    }
}

/// As it was written, and the instant that it stands for; a day without an hour has none.
fn moment(catalog: &Catalog, moment: &Moment, json: &mut Json<'_>) {
    json.object(|json| at(catalog, moment, json));
}

fn at(catalog: &Catalog, moment: &Moment, json: &mut Json<'_>) {
    let zone = moment.zone.as_deref().and_then(config::zone);
    let zone = zone.as_ref().unwrap_or(&catalog.config.time_zone);
    json.name("at").plain(moment.datetime(zone));
    if let Some(name) = moment.zone.as_deref().or(zone.iana_name()) {
        json.name("zone").text(name);
    }
}

fn deadline(catalog: &Catalog, due: &Deadline, json: &mut Json<'_>) {
    json.object(|json| {
        json.name("kind").plain(due.kind);
        at(catalog, &due.at, json);
        if !due.was.is_empty() {
            json.name("was").list(&due.was, |json, was| moment(catalog, was, json));
        }
        if let Some(label) = &due.label {
            each_lang(catalog, label, json.name("label"));
        }
    });
}

fn money(amount: &Money, json: &mut Json<'_>) {
    json.object(|json| {
        for (name, part) in [("min", &amount.min), ("max", &amount.max)] {
            if let Some(part) = part {
                json.name(name).text(part);
            }
        }
        json.name("currency").text(&amount.currency);
        if let Some(basis) = amount.basis {
            json.name("basis").plain(basis);
        }
        if amount.approx {
            json.name("approx").bare(true);
        }
    });
}

fn term(catalog: &Catalog, terms: &Terms, vocabulary: usize, term: usize, json: &mut Json<'_>) {
    let written = terms.0[vocabulary][term].get_or_init(|| {
        let known = &catalog.vocabularies[vocabulary].terms[term];
        let mut out = Vec::new();
        Json::new(&mut out).object(|json| {
            json.name("id").text(&known.id);
            json.name("uri").text(&term_address(catalog, vocabulary, term));
            each_lang(catalog, &known.label, json.name("label"));
        });
        out.into()
    });
    json.written(written);
}

/// Another entry, and where its file is if it has one.
fn link(catalog: &Catalog, to: EntryId, json: &mut Json<'_>) {
    json.text(&catalog.key(to));
    if catalog.entry(to).is_published() {
        json.name("data").text(&catalog.config.base.absolute(&entry_address(catalog, to)));
    }
}

fn reference(catalog: &Catalog, terms: &Terms, reference: &Reference, json: &mut Json<'_>) {
    json.object(|json| {
        json.name("to");
        link(catalog, reference.to, json);
        details(catalog, terms, reference, json);
    });
}

fn details(catalog: &Catalog, terms: &Terms, reference: &Reference, json: &mut Json<'_>) {
    if let Some((vocabulary, role)) = reference.role {
        term(catalog, terms, vocabulary, role, json.name("role"));
    }
    for (name, date) in [("since", reference.from), ("until", reference.until)] {
        if let Some(date) = date {
            json.name(name).plain(date);
        }
    }
    if let Some(note) = &reference.note {
        each_lang(catalog, note, json.name("note"));
    }
}

/// What lists show of the entries that refer to this one, under the names that their fields give to that.
fn referenced_by(catalog: &Catalog, terms: &Terms, id: EntryId, lists: &[Inverse], json: &mut Json<'_>) {
    let shown = |list: &Inverse| -> Vec<EntryId> {
        list.from.iter().copied().filter(|from| catalog.entry(*from).is_listed()).collect()
    };
    let lists: Vec<(&Inverse, Vec<EntryId>)> =
        lists.iter().map(|list| (list, shown(list))).filter(|(_, from)| !from.is_empty()).collect();
    if lists.is_empty() {
        return;
    }
    json.name("referenced_by").list(lists, |json, (list, from)| {
        let definition = &catalog.types[list.type_index];
        let field = &definition.fields[list.field];
        json.object(|json| {
            json.name("type").text(&definition.id);
            json.name("field").text(&field.name);
            if let Some(name) = &field.inverse {
                json.name("name").text(name);
            }
            json.name("entries").list(from, |json, from| {
                let own = catalog.entry(from).shared(list.field).iter();
                let own = own.filter_map(|value| match value {
                    Value::Reference(reference) if reference.to == id => Some(reference),
                    _ => None,
                });
                // One entry may refer to another in several roles.
                for reference in own {
                    json.object(|json| {
                        json.name("from");
                        link(catalog, from, json);
                        details(catalog, terms, reference, json);
                    });
                }
            });
        });
    });
}

fn provenance(catalog: &Catalog, known: &Provenance, json: &mut Json<'_>) {
    json.object(|json| {
        if let Some(date) = known.checked {
            json.name("checked").plain(date);
        }
        json.name("disputed").bare(known.disputed);
        if known.note.iter().any(Option::is_some) {
            json.name("note").object(|json| {
                for (tag, note) in catalog.config.languages.iter().zip(&known.note) {
                    if let Some(note) = note {
                        json.name(tag).text(note);
                    }
                }
            });
        }
        if !known.sources.is_empty() {
            json.name("sources").list(&known.sources, source);
        }
    });
}

fn source(json: &mut Json<'_>, source: &Source) {
    json.object(|json| {
        json.name("url").text(&source.url);
        for (name, text) in [("title", &source.title), ("says", &source.says), ("lang", &source.lang)] {
            if let Some(text) = text {
                json.name(name).text(text);
            }
        }
        if let Some(date) = source.accessed {
            json.name("accessed").plain(date);
        }
    });
}
