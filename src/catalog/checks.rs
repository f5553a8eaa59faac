//! What a site must satisfy as a whole: one small named function a rule, all of them in one table.

use ecow::EcoString;
use jiff::Timestamp;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Catalog, EntryId, Text, pictures, status};
use crate::config::Lang;
use crate::date::PartialDate;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::network;
use crate::document::schema::TypeDef;
use crate::field::number::compare_text;
use crate::field::{Value, Values, file};
use crate::html;
use crate::markdown::{Body, HoleKind, LiteralValue, Target};
use crate::source::{FileId, Range, Span};
use crate::suggest;

/// Looks at the whole catalog.
type Check = fn(&Catalog, &mut Diagnostics);

/// All checks; each reports under its own codes.
const CHECKS: &[Check] = &[
    menu_items_exist,
    pictures_exist,
    pictures::pictures_can_be_shown,
    the_way_in_is_a_facet,
    news_have_a_place_and_a_source,
    links_lead_somewhere,
    no_reference_goes_round_in_circles,
    no_entry_supersedes_itself,
    nothing_opens_after_its_deadline,
    no_text_contradicts_the_facts,
    no_review_is_overdue,
    former_names_are_free,
    translations_are_current,
    aliases_are_unique,
    quotations_say_their_language,
];

/// Runs every check.
pub(super) fn run(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    let found = CHECKS.par_iter().map(|check| {
        let mut found = Diagnostics::new();
        check(catalog, &mut found);
        found
    });
    diagnostics.extend(found.reduce(Diagnostics::new, both));
}

/// Looks at each entry by itself.
fn each_entry(catalog: &Catalog, check: impl Fn(EntryId, &mut Diagnostics) + Sync) -> Diagnostics {
    let ids = (0..catalog.entries.len() as u32).into_par_iter().map(EntryId);
    let found = ids.fold(Diagnostics::new, |mut found, id| {
        check(id, &mut found);
        found
    });
    found.reduce(Diagnostics::new, both)
}

fn both(mut found: Diagnostics, more: Diagnostics) -> Diagnostics {
    found.extend(more);
    found
}

/// Ensures that the home page's pictures are of types that have them.
fn pictures_exist(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    let home = &catalog.config.home;
    let wanted = [("map", &home.map), ("timeline", &home.timeline)];
    for (what, (id, span)) in wanted.into_iter().filter_map(|(what, named)| Some((what, named.as_ref()?))) {
        let has = |t: &&TypeDef| match what {
            "map" => t.pictures.map.is_some(),
            _ => t.pictures.timeline.is_some(),
        };
        let able: Vec<&str> = catalog.types.iter().filter(has).map(|t| t.id.as_str()).collect();
        if !able.contains(&id.as_str()) {
            let help = match catalog.types.iter().any(|t| t.id == *id) {
                true => format!("declare it in content/{id}/_type.yaml: `pictures: {{ {what}: … }}`"),
                false => suggest::remedy(id, able.iter().copied(), "types with such a picture"),
            };
            let message = format!("the home page's {what} is of `{id}`, which has none");
            diagnostics.push(Diagnostic::error("unknown-picture", *span, message).help(help));
        }
    }
}

/// Ensures that the home page leads in by a facet.
fn the_way_in_is_a_facet(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    let Some((facet, span)) = &catalog.config.home.ways_in else { return };
    let fields = catalog.types.iter().flat_map(|t| t.fields.iter().map(move |field| (t, field)));
    let able = fields.filter(|(_, field)| field.facet).map(|(t, field)| format!("{}.{}", t.id, field.name));
    let able: Vec<String> = able.collect();
    if !able.iter().any(|name| name == facet) {
        let help = suggest::remedy(facet, able.iter().map(String::as_str), "facets");
        let message = format!("the home page leads in by `{facet}`, which is no facet of a type");
        diagnostics.push(Diagnostic::error("unknown-facet", *span, message).help(help));
    }
}

/// Ensures that news from the network are shown on pages that exist, and that their sources are entries.
fn news_have_a_place_and_a_source(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    let network = &catalog.config.network;
    for (on, span) in network.on.iter().filter(|(on, _)| *on != network::HOME) {
        let types = || catalog.types.iter().filter(|t| !t.root).map(|t| t.id.as_str());
        if !types().any(|id| id == on) && !catalog.broken.contains(on) {
            let places: Vec<&str> = [network::HOME].into_iter().chain(types()).collect();
            let help = suggest::remedy(on, places, "pages");
            let message = format!("news from the network cannot be shown on `{on}`, which is no type with a listing");
            diagnostics.push(Diagnostic::error("unknown-type", *span, message).help(help));
        }
    }
    for (key, span) in network.feeds.iter().filter_map(|feed| feed.organisation.as_ref()) {
        let key = key.trim_matches('/');
        let kind = key.split('/').next().unwrap_or(key);
        if catalog.find_key(key).is_none() && !catalog.broken.contains(kind) {
            let keys: Vec<EcoString> = catalog.ids().map(|id| catalog.key(id)).collect();
            let of_type = keys.iter().map(EcoString::as_str).filter(|key| key.split('/').next() == Some(kind));
            let help = match key.contains('/') {
                true => suggest::remedy(key, of_type.collect::<Vec<_>>(), "entries"),
                false => "write type and id, such as `organisations/workshop`".to_owned(),
            };
            let message = format!("there is no entry `{key}`");
            diagnostics.push(Diagnostic::error("dangling-reference", *span, message).help(help));
        }
    }
}

/// Ensures that the menus name types or entries.
fn menu_items_exist(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    for (item, span) in catalog.config.menu.iter().chain(&catalog.config.footer) {
        let path = item.trim_matches('/');
        let known = match path.split_once('/') {
            Some(_) => catalog.find_key(path).is_some(),
            None => catalog.types.iter().any(|t| t.id == path && !t.root),
        };
        let kind = path.split('/').next().unwrap_or(path);
        if !known && !catalog.broken.contains(kind) {
            let keys: Vec<EcoString> = catalog.ids().map(|id| catalog.key(id)).collect();
            let of_type = || keys.iter().map(EcoString::as_str).filter(|key| key.split('/').next() == Some(kind));
            let is_type = catalog.types.iter().any(|t| t.id == path);
            let message = match is_type {
                true => format!("the menu names `{item}`, a type without a listing"),
                false => format!("the menu names `{item}`, which is neither a type nor an entry"),
            };
            let help = match path.contains('/') || is_type {
                true => suggest::remedy(path, of_type().collect::<Vec<_>>(), "entries"),
                false => suggest::remedy(path, catalog.types.iter().map(|t| t.id.as_str()), "types"),
            };
            diagnostics.push(Diagnostic::error("unknown-menu-item", *span, message).help(help));
        }
    }
}

/// The bodies of an entry: its texts and its Markdown fields.
fn bodies(catalog: &Catalog, id: EntryId) -> impl Iterator<Item = (Option<EntryId>, FileId, Lang, &Body)> {
    let entry = catalog.entry(id);
    let of_texts = catalog.config.langs().filter_map(move |lang| {
        let text = entry.texts[lang.index()].as_ref()?;
        Some((Some(id), text.file, lang, text.body.as_ref()?))
    });
    let of_fields = entry.values.iter().flatten().flat_map(move |values| match values {
        Values::Localized(each) => localized_bodies(catalog, id, each),
        Values::Shared(values) => shared_bodies(catalog, id, values),
    });
    of_texts.chain(of_fields)
}

type Found<'c> = Vec<(Option<EntryId>, FileId, Lang, &'c Body)>;

fn shared_bodies<'c>(catalog: &'c Catalog, id: EntryId, values: &'c [Value]) -> Found<'c> {
    let entry = catalog.entry(id);
    let Some(file) = entry.file else { return Vec::new() };
    let body = |value: &'c Value| if let Value::Markdown(body) = value { Some(&**body) } else { None };
    values.iter().filter_map(body).map(|body| (Some(id), file, entry.source_language, body)).collect()
}

fn localized_bodies<'c>(catalog: &'c Catalog, id: EntryId, each: &'c [Vec<Value>]) -> Found<'c> {
    let entry = catalog.entry(id);
    let mut found = Vec::new();
    for (at, values) in each.iter().enumerate() {
        let file = entry.texts[at].as_ref().map(|t| t.file).or(entry.file);
        for value in values {
            if let (Value::Markdown(body), Some(file)) = (value, file) {
                found.push((Some(id), file, Lang(at as u8), &**body));
            }
        }
    }
    found
}

/// Ensures that links, figures and facts named in a body are there.
fn links_lead_somewhere(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    diagnostics.extend(each_entry(catalog, |id, found| {
        for (owner, file, lang, body) in bodies(catalog, id) {
            check_holes(catalog, owner, (file, lang), body, found);
        }
    }));
    for text in catalog.intros.iter().map(|intro| &intro.text) {
        check_holes(catalog, None, (text.file, text.lang), &text.body, diagnostics);
    }
}

fn check_holes(
    catalog: &Catalog,
    owner: Option<EntryId>,
    (file, lang): (FileId, Lang),
    body: &Body,
    diagnostics: &mut Diagnostics,
) {
    for hole in &body.holes {
        let span = file.at(hole.range);
        match &hole.kind {
            HoleKind::Href { target, .. } | HoleKind::LinkText { target } => {
                // A link without a text has two holes at one place; its destination is checked once.
                if matches!(hole.kind, HoleKind::Href { .. }) {
                    diagnostics.extend(check_target(catalog, owner, lang, target, span));
                }
            }
            HoleKind::Image { target: Target::File(path), alt, .. } => {
                diagnostics.extend(check_figure(catalog, owner, path, alt, span));
            }
            HoleKind::Image { .. } => {
                let help = "put the picture into the entry's folder and name it: `![what it shows](picture.jpg)`";
                diagnostics.push(Diagnostic::error("missing-file", span, "an image must be a file").help(help));
            }
            HoleKind::Figure { path, args } => {
                diagnostics.extend(check_arguments(args, &["alt", "caption"], span));
                let alt = args.iter().find(|(name, _)| name == "alt").map_or("", |(_, text)| text);
                diagnostics.extend(check_figure(catalog, owner, path, alt, span));
            }
            HoleKind::Fact { name, args } => {
                diagnostics.extend(check_arguments(args, &[], span));
                diagnostics.extend(check_fact(catalog, owner, name, hole.alone, span));
            }
            HoleKind::HeadingId(_) => {}
        }
    }
}

fn check_target(catalog: &Catalog, owner: Option<EntryId>, lang: Lang, target: &Target, span: Span) -> Diagnostics {
    let mut found = Diagnostics::new();
    match target {
        Target::Entry { kind, id, anchor } => match catalog.find_key(&format!("{kind}/{id}")) {
            Some(to) => {
                if let Some(anchor) = anchor {
                    found.extend(check_anchor(catalog, to, lang, anchor, span));
                }
            }
            None if catalog.broken.contains(kind) => {}
            None => {
                let message = format!("the link leads to /{kind}/{id}, which does not exist");
                let help = match catalog.types.iter().find(|t| t.id == *kind) {
                    Some(_) => {
                        let ids = catalog.entries.iter().filter(|e| catalog.types[e.type_index].id == *kind);
                        suggest::remedy(id, ids.map(|e| e.id.as_str()), "entries")
                    }
                    None => suggest::remedy(kind, catalog.types.iter().map(|t| t.id.as_str()), "types"),
                };
                found.push(Diagnostic::error("dangling-link", span, message).help(help));
            }
        },
        Target::Site { path } => {
            let path = path.trim_matches('/');
            if !path.is_empty()
                && !catalog.broken.contains(path)
                && !catalog.types.iter().any(|t| t.id == path && !t.root)
            {
                let message = format!("the link leads to /{path}, which is not a listing");
                let help = suggest::remedy(path, catalog.types.iter().map(|t| t.id.as_str()), "listings");
                found.push(Diagnostic::error("dangling-link", span, message).help(help));
            }
        }
        Target::File(path) => {
            if asset_of(catalog, owner, path).is_empty() {
                let message = format!("the link leads to the file `{path}`, which is not in the entry's folder");
                let help = "put the file there; a link to another entry begins with a slash: `/type/id`";
                found.push(Diagnostic::error("missing-file", span, message).help(help));
            }
        }
        Target::Anchor(anchor) => {
            if let Some(owner) = owner {
                found.extend(check_anchor(catalog, owner, lang, anchor, span));
            }
        }
    }
    found
}

fn check_anchor(catalog: &Catalog, to: EntryId, lang: Lang, anchor: &str, span: Span) -> Diagnostics {
    let mut found = Diagnostics::new();
    let ids = heading_ids_shown(catalog, to, lang);
    if !ids.iter().any(|id| id == anchor) {
        let message = format!("there is no heading `#{anchor}` in {}", catalog.key(to));
        let help = suggest::remedy(anchor, ids.iter().map(EcoString::as_str), "headings");
        found.push(Diagnostic::error("dangling-anchor", span, message).help(help));
    }
    found
}

/// The anchors of the text that a reader of this language is shown.
fn heading_ids_shown(catalog: &Catalog, id: EntryId, lang: Lang) -> &[EcoString] {
    catalog.text(id, lang).map_or(&[], |(_, at)| &catalog.entry(id).heading_ids[at.index()])
}

/// The assets that a path in a body stands for.
fn asset_of(catalog: &Catalog, owner: Option<EntryId>, path: &str) -> Vec<(Option<Lang>, usize)> {
    let Some(owner) = owner else { return Vec::new() };
    file::variants(path, &catalog.entry(owner).files, &catalog.config.languages)
}

fn check_arguments(args: &[(EcoString, EcoString)], known: &[&str], span: Span) -> Diagnostics {
    let mut found = Diagnostics::new();
    for (name, _) in args.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        let help = match known.is_empty() {
            true => "write the name of the fact and nothing else".to_owned(),
            false => suggest::remedy(name, known.iter().copied(), "arguments"),
        };
        found.push(
            Diagnostic::error("unknown-argument", span, format!("there is no argument `{name}` here")).help(help),
        );
    }
    found
}

fn check_figure(catalog: &Catalog, owner: Option<EntryId>, path: &str, alt: &str, span: Span) -> Diagnostics {
    let mut found = Diagnostics::new();
    if asset_of(catalog, owner, path).is_empty() {
        let names = owner.map_or(&[][..], |id| &catalog.entry(id).files);
        let message = format!("there is no file `{path}` in the entry's folder");
        let help = suggest::remedy(path, names.iter().map(|(name, _)| name.as_str()), "files");
        found.push(Diagnostic::error("missing-file", span, message).help(help));
    } else if alt.is_empty() && owner.and_then(|id| catalog.image_named(id, path)).is_none() {
        let help = format!("say what it shows: `![…]({path})` or `{{{{ figure {path} alt=\"…\" }}}}`");
        found.push(Diagnostic::error("missing-alt", span, format!("`{path}` has no alternative text")).help(help));
    }
    found
}

fn check_fact(catalog: &Catalog, owner: Option<EntryId>, name: &str, alone: bool, span: Span) -> Diagnostics {
    let mut found = Diagnostics::new();
    let Some(owner) = owner else {
        let help = "write the text out, or move it into an entry";
        found.push(Diagnostic::error("unknown-fact", span, "only entries have facts").help(help));
        return found;
    };
    let definition = catalog.type_of(owner);
    match definition.field(name) {
        Some(index) if catalog.entry(owner).values[index].is_some() => {
            if definition.fields[index].kind.is_block() && !alone {
                let message = format!("`{name}` is a block of its own and cannot stand in a sentence");
                let help =
                    format!("write `{{{{ fact {name} }}}}` in a paragraph of its own, with empty lines around it");
                found.push(Diagnostic::error("block-in-text", span, message).help(help));
            }
        }
        Some(_) => {
            let help = format!("add `{name}: …` to {}", catalog.entry(owner).facts_file);
            found.push(Diagnostic::error("unknown-fact", span, format!("this entry has no `{name}`")).help(help));
        }
        None => {
            let help = suggest::remedy(name, definition.fields.iter().map(|f| f.name.as_str()), "fields");
            found.push(
                Diagnostic::error("unknown-fact", span, format!("{} has no field `{name}`", definition.id)).help(help),
            );
        }
    }
    found
}

/// Ensures that no chain of references between entries of one type leads back to its beginning.
fn no_reference_goes_round_in_circles(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    for (type_index, definition) in catalog.types.iter().enumerate() {
        for (field, declared) in definition.fields.iter().enumerate() {
            if !declared.to.iter().any(|(to, _)| *to == definition.id) {
                continue;
            }
            let next = |id: EntryId| -> Vec<EntryId> {
                let own = |v: &Value| match v {
                    Value::Reference(r) if catalog.entry(r.to).type_index == type_index => Some(r.to),
                    _ => None,
                };
                catalog.entry(id).shared(field).iter().filter_map(own).collect()
            };
            let members = catalog.members(type_index).map(|at| EntryId(at as u32));
            for circle in circles(members, next) {
                let at = |from: EntryId, to: EntryId| {
                    catalog.entry(from).shared(field).iter().find_map(|v| match v {
                        Value::Reference(r) if r.to == to => Some(r.range),
                        _ => None,
                    })
                };
                report_circle(catalog, &circle, &format!("`{}`", declared.name), at, diagnostics);
            }
        }
    }
}

/// Ensures that no entry is superseded by itself, at whatever remove.
fn no_entry_supersedes_itself(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    let next = |id: EntryId| catalog.entry(id).superseded_by.map(|(to, _)| to).into_iter().collect();
    for circle in circles(catalog.ids(), next) {
        let at = |from: EntryId, _| catalog.entry(from).superseded_by.map(|(_, range)| range);
        report_circle(catalog, &circle, "`superseded_by`", at, diagnostics);
    }
}

/// Reports a circle where its first reference is written.
fn report_circle(
    catalog: &Catalog,
    circle: &[EntryId],
    what: &str,
    at: impl Fn(EntryId, EntryId) -> Option<Range>,
    diagnostics: &mut Diagnostics,
) {
    let names: Vec<String> = circle.iter().chain(circle.first()).map(|id| catalog.key(*id).to_string()).collect();
    let Some(&first) = circle.first() else { return };
    let Some(file) = catalog.entry(first).file else { return };
    let range = at(first, circle.get(1).copied().unwrap_or(first)).unwrap_or_default();
    let message = format!("{what} goes round in a circle: {}", names.join(" → "));
    let diagnostic = Diagnostic::error("cyclic-reference", file.at(range), message);
    diagnostics.push(diagnostic.help("remove one of these references; entries that only go together are `related`"));
}

/// The circles that can be walked, each once, beginning at its smallest member. Iterative, since chains may be long.
fn circles(starts: impl Iterator<Item = EntryId>, next: impl Fn(EntryId) -> Vec<EntryId>) -> Vec<Vec<EntryId>> {
    let mut found = Vec::new();
    let mut done: FxHashMap<EntryId, bool> = FxHashMap::default();
    for start in starts {
        let ahead = next(start);
        if ahead.is_empty() || done.contains_key(&start) {
            continue;
        }
        let mut path: Vec<(EntryId, Vec<EntryId>)> = vec![(start, ahead)];
        done.insert(start, false);
        while let Some((at, rest)) = path.last_mut() {
            let at = *at;
            let Some(to) = rest.pop() else {
                done.insert(at, true);
                path.pop();
                continue;
            };
            match done.get(&to) {
                None => {
                    done.insert(to, false);
                    path.push((to, next(to)));
                }
                Some(false) => {
                    let from = path.iter().position(|(id, _)| *id == to).unwrap_or(0);
                    let mut circle: Vec<EntryId> = path[from..].iter().map(|(id, _)| *id).collect();
                    let smallest = (0..circle.len()).min_by_key(|i| circle[*i]).unwrap_or(0);
                    circle.rotate_left(smallest);
                    found.push(circle);
                }
                Some(true) => {}
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Ensures that an entry opens before its last deadline.
fn nothing_opens_after_its_deadline(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    for id in catalog.ids() {
        let entry = catalog.entry(id);
        let rule = &catalog.type_of(id).status;
        let (Some(opens), Some(closes), Some(file)) = (rule.opens, rule.closes, entry.file) else { continue };
        let begins: Option<Timestamp> = entry.shared(opens).iter().find_map(|v| match v {
            Value::Date(date) => status::begins(*date, &catalog.config.time_zone),
            Value::Instant(moment) => Some(moment.begins),
            _ => None,
        });
        let last = entry
            .shared(closes)
            .iter()
            .filter_map(|v| if let Value::Deadline(d) = v { Some(d.at.ends) } else { None })
            .max();
        if let (Some(begins), Some(last)) = (begins, last)
            && last <= begins
        {
            let fields = &catalog.type_of(id).fields;
            let message = format!("`{}` is after the last of `{}`", fields[opens].name, fields[closes].name);
            diagnostics.push(
                Diagnostic::error("opens-after-deadline", file.start(), message).help("correct one of the two dates"),
            );
        }
    }
}

/// How far from a deadline a date in a text is taken to be about it, in days.
const NEAR: i32 = 92;

/// Ensures that full dates and amounts typed into a body agree with the entry's facts. A date that is none of the
/// entry's own, within three months of one of its deadlines, and an amount within half and double one of its own,
/// are most likely meant to be those.
fn no_text_contradicts_the_facts(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    diagnostics.extend(each_entry(catalog, |id, diagnostics| {
        let entry = catalog.entry(id);
        let with_literals = |t: &&Text| t.body.as_ref().is_some_and(|b| !b.literals.is_empty());
        let texts: Vec<&Text> = entry.texts.iter().flatten().filter(with_literals).collect();
        if texts.is_empty() {
            return;
        }
        let facts = Stated::of(catalog, id);
        for text in texts {
            for literal in text.body.iter().flat_map(|b| &b.literals) {
                if let Some((message, field)) = facts.contradicted(&literal.value) {
                    let help = format!("write `{{{{ fact {field} }}}}`, which can never disagree, or correct the text");
                    let span = text.file.at(literal.range);
                    diagnostics.push(Diagnostic::warning("contradicts-fact", span, message).help(help));
                }
            }
        }
    }));
}

/// The dates and amounts that an entry's facts state.
#[derive(Default)]
struct Stated<'c> {
    /// Spans of days that a text may name.
    days: Vec<(jiff::civil::Date, jiff::civil::Date)>,
    deadlines: Vec<(jiff::civil::Date, &'c str)>,
    amounts: Vec<(EcoString, EcoString, &'c str)>,
}

impl<'c> Stated<'c> {
    fn of(catalog: &'c Catalog, id: EntryId) -> Self {
        let mut stated = Stated::default();
        let partial = |days: &mut Vec<_>, d: PartialDate| days.push((d.first(), d.last()));
        for (field, values) in catalog.type_of(id).fields.iter().zip(&catalog.entry(id).values) {
            for value in values.as_ref().map(Values::shared).unwrap_or_default() {
                match value {
                    Value::Date(date) => partial(&mut stated.days, *date),
                    Value::Period(p) => {
                        partial(&mut stated.days, p.from);
                        p.to.into_iter().for_each(|to| partial(&mut stated.days, to));
                    }
                    Value::Instant(m) => stated.days.push((m.date, m.date)),
                    Value::Deadline(d) => {
                        stated.days.extend(d.was.iter().chain([&d.at]).map(|m| (m.date, m.date)));
                        stated.deadlines.push((d.at.date, &field.name));
                    }
                    Value::Money(m) => {
                        let bounds = [&m.min, &m.max].into_iter().flatten();
                        stated.amounts.extend(bounds.map(|a| (a.clone(), m.currency.clone(), field.name.as_str())));
                    }
                    _ => {}
                }
            }
        }
        stated
    }

    fn contradicted(&self, literal: &LiteralValue) -> Option<(String, &'c str)> {
        match literal {
            LiteralValue::Date(day) => {
                if self.days.iter().any(|(first, last)| first <= day && day <= last) {
                    return None;
                }
                let near = |at: &jiff::civil::Date| day.until(*at).is_ok_and(|span| span.get_days().abs() <= NEAR);
                let (at, field) = self.deadlines.iter().find(|(at, _)| near(at))?;
                Some((format!("the text says {day}, the facts say {at} (`{field}`)"), field))
            }
            LiteralValue::Money { amount, currency } => {
                let text = amount.to_string();
                let same = |a: &str| compare_text(a, &text).is_eq();
                let of_currency = || self.amounts.iter().filter(|(_, c, _)| c == currency);
                if of_currency().any(|(a, ..)| same(a)) {
                    return None;
                }
                let near = |a: &str| a.parse::<f64>().is_ok_and(|a| (0.5..2.0).contains(&(a / *amount as f64)));
                let (stated, _, field) = of_currency().find(|(a, ..)| near(a))?;
                Some((
                    format!("the text says {amount} {currency}, the facts say {stated} {currency} (`{field}`)"),
                    field,
                ))
            }
        }
    }
}

/// Ensures that what an entry says it was is nothing else now, and nothing else says it was that.
fn former_names_are_free(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    let mut owners: FxHashMap<&str, EntryId> = FxHashMap::default();
    for id in catalog.ids() {
        let entry = &catalog.entries[id.index()];
        let Some(file) = entry.file else { continue };
        for (name, range) in &entry.was {
            let (message, other) = match (catalog.find_key(name), owners.insert(name, id)) {
                (Some(other), _) => (format!("{name} is an entry of its own"), other),
                (None, Some(other)) => (format!("{} was {name}, too", catalog.key(other)), other),
                (None, None) => continue,
            };
            let help = "an address leads to one entry: remove the name where it does not belong";
            let found = Diagnostic::error("former-name", file.at(*range), message).help(help);
            diagnostics.push(match catalog.entries[other.index()].file {
                Some(other) => found.related(other.start(), "the other entry"),
                None => found,
            });
        }
    }
}

/// Ensures that nothing is past its `review_by`.
fn no_review_is_overdue(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    for entry in catalog.entries.iter().filter(|e| e.is_listed()) {
        let (Some((day, range)), Some(file)) = (entry.review_by, entry.file) else { continue };
        if entry.review_overdue {
            let message = format!("this entry was to be reviewed by {day}");
            let help = "check its facts, then set `review_by` to the next date";
            diagnostics.push(Diagnostic::warning("review-overdue", file.at(range), message).help(help));
        }
    }
}

/// Ensures that translations were made from the source text as it is now.
fn translations_are_current(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    for id in catalog.ids() {
        for lang in catalog.config.langs() {
            let entry = catalog.entry(id);
            let Some(text) = &entry.texts[lang.index()] else { continue };
            let Some(translation) = &text.translation else { continue };
            let of = catalog.config.tag(translation.of);
            let span = text.file.at(translation.range);
            let Some(source) = &entry.texts[translation.of.index()] else {
                let message = format!("this is a translation of a text in `{of}`, which does not exist");
                let help = "name the language that it was made from, or remove `translation`";
                diagnostics.push(Diagnostic::warning("translation-of-nothing", span, message).help(help));
                continue;
            };
            if catalog.is_outdated(id, lang) {
                let revision = source.revision.short();
                let message = format!("the text in `{of}` has changed since this translation was made");
                let help = format!("bring the translation up to date, then write `revision: {revision}`");
                diagnostics.push(
                    Diagnostic::warning("outdated-translation", span, message)
                        .help(help)
                        .related(source.file.start(), "the source text"),
                );
            }
        }
    }
}

/// Ensures that no two entries of a type answer to one alias in one language.
fn aliases_are_unique(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    for lang in catalog.config.langs() {
        let mut owners: FxHashMap<(usize, EcoString), EntryId> = FxHashMap::default();
        for id in catalog.ids() {
            let entry = catalog.entry(id);
            let Some(text) = &entry.texts[lang.index()] else { continue };
            for alias in &text.aliases {
                let key = (entry.type_index, alias.to_lowercase());
                match owners.get(&key) {
                    Some(owner) if *owner != id => {
                        let message = format!("`{alias}` is also an alias of {}", catalog.key(*owner));
                        let help = "keep it where it is the better known name";
                        diagnostics.push(Diagnostic::warning("duplicate-alias", text.file.start(), message).help(help));
                    }
                    _ => drop(owners.insert(key, id)),
                }
            }
        }
    }
}

/// Ensures that a quotation from a source can be marked with its language.
fn quotations_say_their_language(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    for entry in &catalog.entries {
        let Some(file) = entry.file else { continue };
        for source in entry.sources.iter().chain(entry.provenance.iter().flat_map(|(_, p)| &p.sources)) {
            if source.says.is_some() && source.lang.is_none() {
                let message = format!("what {} says is quoted without its language", html::escape(&source.url));
                diagnostics.push(
                    Diagnostic::warning("source-language", file.at(source.range), message)
                        .help("add `lang: …` to the source"),
                );
            }
        }
    }
}
