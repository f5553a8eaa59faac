//! What editors do to a site: random changes of the model, each with a sentence that says what it did.

use std::collections::BTreeSet;

use crate::random::Random;
use crate::site::{Block, CALLS, DAYS, Entry, Fault, KINDS, LANGUAGES, NOTES, PAGES, Site, Term, Text, fields};

/// How a change reaches the disk beyond files written and deleted.
pub(crate) struct Edit {
    pub(crate) told: String,
    /// Folders or files that are renamed first.
    pub(crate) moved: Option<(String, String)>,
}

/// Adds to a site that grows before it is built for the first time.
pub(crate) fn grow(site: &mut Site, random: &mut Random) -> Edit {
    let told = match random.below(100) {
        0..=34 => add_entry(site, random),
        35..=44 => term(site, random),
        45..=54 => declaration(site, random),
        55..=64 => configuration(site, random),
        65..=74 => reference(site, random),
        75..=84 => fact(site, random),
        _ => text(site, random),
    };
    told.into()
}

/// Changes a site, and sometimes breaks it; one that is broken is soon mended.
pub(crate) fn change(site: &mut Site, random: &mut Random) -> Edit {
    if !site.faults.is_empty() && random.percent(40) {
        site.faults.clear();
        return "mends all faults".to_owned().into();
    }
    match random.below(100) {
        0..=4 => fault(site, random),
        5..=9 => return rename(site, random),
        10..=15 => delete(site, random),
        16..=22 => add_entry(site, random),
        23..=42 => text(site, random),
        43..=54 => fact(site, random),
        55..=63 => reference(site, random),
        64..=69 => term(site, random),
        70..=77 => declaration(site, random),
        78..=85 => configuration(site, random),
        86..=91 => theme(site, random),
        _ => file(site, random),
    }
    .into()
}

impl From<String> for Edit {
    fn from(told: String) -> Edit {
        Edit { told, moved: None }
    }
}

fn nothing() -> String {
    "finds nothing to change".to_owned()
}

/// Sets or removes.
fn maybe(random: &mut Random, end: usize) -> Option<usize> {
    if random.percent(30) { None } else { Some(random.below(end)) }
}

fn toggle<T: Ord + Copy>(set: &mut BTreeSet<T>, value: T) {
    if !set.remove(&value) {
        set.insert(value);
    }
}

fn body(random: &mut Random, next: usize) -> Vec<Block> {
    (0..random.below(5)).map(|_| block(random, next)).collect()
}

fn block(random: &mut Random, next: usize) -> Block {
    match random.below(16) {
        0..=4 => Block::Text(random.below(120)),
        5..=6 => Block::Heading(random.below(40)),
        7..=8 => Block::Link(random.below(next)),
        9..=10 => Block::Titled(random.below(next)),
        11 => Block::Fact(random.of(&["budget", "country", "deadline"])),
        12 => {
            if random.of(&[0, 1]).eq(&0) {
                Block::Figure
            } else {
                Block::Download
            }
        }
        13 => Block::Html(random.below(20)),
        14 => Block::Footnote(random.below(4)),
        _ if random.percent(30) => Block::Day(random.below(28)),
        _ => Block::Text(random.below(120)),
    }
}

fn new_text(random: &mut Random, next: usize) -> Text {
    Text { title: random.below(280), summary: maybe(random, 120), body: body(random, next), ..Text::default() }
}

fn add_entry(site: &mut Site, random: &mut Random) -> String {
    let id = site.next;
    if site.entries.len() >= 12 {
        return nothing();
    }
    site.next += 1;
    let mut entry = Entry { kind: random.of(&[CALLS, CALLS, CALLS, NOTES, NOTES, PAGES]), ..Entry::default() };
    entry.single = random.percent(50);
    entry.group = random.percent(20).then(|| random.below(2));
    entry.source = random.below(4);
    for tag in &site.languages {
        if random.percent(45) {
            entry.texts.insert(tag, new_text(random, site.next));
        }
    }
    if random.percent(60) {
        entry.deadlines.push((random.below(DAYS.len()), None));
    }
    entry.themes = site.terms.keys().copied().filter(|_| random.percent(40)).collect();
    entry.day = maybe(random, DAYS.len());
    let told = format!("adds {}/e{id} with texts in {:?}", KINDS[entry.kind], entry.texts.keys());
    site.entries.insert(id, entry);
    told
}

fn delete(site: &mut Site, random: &mut Random) -> String {
    let Some(id) = random.any(site.entries.keys().copied()) else { return nothing() };
    let entry = site.entries.remove(&id);
    format!("deletes {}/e{id}", KINDS[entry.unwrap_or_default().kind])
}

fn rename(site: &mut Site, random: &mut Random) -> Edit {
    let Some(id) = random.any(site.entries.keys().copied()) else { return nothing().into() };
    let Some(mut entry) = site.entries.remove(&id) else { return nothing().into() };
    let from = site.folder(id, &entry);
    let mut new = id;
    match random.below(4) {
        0 => entry.group = if entry.group.is_some() { None } else { Some(random.below(2)) },
        1 => entry.kind = random.below(3),
        _ => {
            new = site.next;
            site.next += 1;
        }
    }
    let to = site.folder(new, &entry);
    site.entries.insert(new, entry);
    let follow = |old: &mut BTreeSet<usize>| {
        if old.remove(&id) {
            old.insert(new);
        }
    };
    if new != id && random.percent(70) {
        for entry in site.entries.values_mut() {
            follow(&mut entry.partners);
            follow(&mut entry.related);
            for other in [&mut entry.follows, &mut entry.superseded_by] {
                *other = other.map(|other| if other == id { new } else { other });
            }
        }
    }
    Edit { told: format!("renames {from} to {to}"), moved: Some((from, to)) }
}

fn text(site: &mut Site, random: &mut Random) -> String {
    let Some(id) = random.any(site.entries.keys().copied()) else { return nothing() };
    let next = site.next;
    let languages = site.languages.clone();
    let Some(entry) = site.entries.get_mut(&id) else { return nothing() };
    let tag = random.of(&languages);
    let at = format!("of {}/e{id} in {tag}", KINDS[entry.kind]);
    if random.percent(12) {
        entry.texts.remove(tag);
        return format!("removes the text {at}");
    }
    if random.percent(6) {
        entry.single = !entry.single;
        return format!("makes {}/e{id} {}", KINDS[entry.kind], if entry.single { "one file" } else { "a folder" });
    }
    if random.percent(10) {
        let all: Vec<Text> = site.entries.values().flat_map(|entry| entry.texts.values().cloned()).collect();
        if let Some(text) = random.any(all.into_iter())
            && let Some(entry) = site.entries.get_mut(&id)
        {
            entry.texts.insert(tag, text);
            return format!("copies another text into that {at}");
        }
        return nothing();
    }
    if !entry.texts.contains_key(tag) {
        entry.texts.insert(tag, new_text(random, next));
        return format!("writes a text {at}");
    }
    let Some(text) = entry.texts.get_mut(tag) else { return nothing() };
    let what = match random.below(14) {
        0..=1 => {
            text.title = random.below(280);
            "title"
        }
        2 => {
            text.slug = maybe(random, 60);
            "slug"
        }
        3 => {
            text.summary = maybe(random, 120);
            "summary"
        }
        4 => {
            text.alias = maybe(random, 6);
            "alias"
        }
        5 => {
            text.remark = maybe(random, 6);
            text.conditions = maybe(random, 60);
            "localized facts"
        }
        6 => {
            text.translation = maybe(random, 8);
            "translation"
        }
        7 => {
            text.draft = !text.draft;
            "draft"
        }
        8..=9 => {
            text.body = body(random, next);
            "body"
        }
        10..=11 => {
            text.body.push(block(random, next));
            "end of the body"
        }
        _ => {
            if text.body.is_empty() {
                text.body.push(block(random, next));
            } else {
                let at = random.below(text.body.len());
                text.body[at] = block(random, next);
            }
            "a paragraph of the body"
        }
    };
    format!("changes {what} {at}, now {text:?}")
}

fn fact(site: &mut Site, random: &mut Random) -> String {
    let Some(id) = random.any(site.entries.keys().copied()) else { return nothing() };
    let terms: Vec<usize> = site.terms.keys().copied().collect();
    let Some(entry) = site.entries.get_mut(&id) else { return nothing() };
    let days = DAYS.len();
    let what = match random.below(16) {
        0..=2 => {
            match (entry.deadlines.len(), random.below(4)) {
                (0, _) | (1, 0) => entry.deadlines.push((random.below(days), None)),
                (_, 1) => drop(entry.deadlines.pop()),
                // An extended deadline: the date that it had is remembered.
                (_, _) => {
                    let old = entry.deadlines[0].0;
                    entry.deadlines[0] = (random.below(days), random.percent(70).then_some(old));
                }
            }
            format!("deadlines {:?}", entry.deadlines)
        }
        3..=4 => {
            if !terms.is_empty() {
                toggle(&mut entry.themes, random.of(&terms));
            }
            format!("themes {:?}", entry.themes)
        }
        5 => {
            toggle(&mut entry.countries, random.below(5));
            format!("countries {:?}", entry.countries)
        }
        6..=7 => {
            entry.budget = maybe(random, 20);
            entry.checked = maybe(random, days);
            format!("budget {:?}, checked {:?}", entry.budget, entry.checked)
        }
        8 => {
            entry.publish_on = maybe(random, days);
            format!("publish_on {:?}", entry.publish_on)
        }
        9 => {
            entry.expires_on = maybe(random, days);
            format!("expires_on {:?}", entry.expires_on)
        }
        10 => {
            entry.review_by = maybe(random, days);
            format!("review_by {:?}", entry.review_by)
        }
        11 => {
            entry.day = maybe(random, days);
            entry.lasts = Some((random.below(days), random.below(days))).filter(|_| random.percent(60));
            format!("day {:?} and lasts {:?}", entry.day, entry.lasts)
        }
        12 => {
            entry.draft = !entry.draft;
            format!("draft {}", entry.draft)
        }
        13 => {
            entry.featured = !entry.featured;
            format!("featured {}", entry.featured)
        }
        14 => {
            entry.source = random.below(4);
            format!("source_language {}", entry.source)
        }
        _ => {
            entry.source_note = maybe(random, 9);
            format!("sources {:?}", entry.source_note)
        }
    };
    format!("gives {}/e{id} {what}", KINDS[entry.kind])
}

fn reference(site: &mut Site, random: &mut Random) -> String {
    let ids = |wanted: &dyn Fn(usize, &Entry) -> bool| -> Vec<usize> {
        site.entries.iter().filter(|(id, entry)| wanted(**id, entry)).map(|(id, _)| *id).collect()
    };
    let what = random.of(&["partners", "partners", "partners", "related", "follows", "superseded_by"]);
    let from = ids(&|_, entry| entry.kind == CALLS || what == "related" || what == "superseded_by");
    let Some(id) = random.any(from.into_iter()) else { return nothing() };
    let to = match what {
        "partners" => ids(&|_, entry| entry.kind != CALLS),
        "follows" => ids(&|to, entry| entry.kind == CALLS && to < id),
        "superseded_by" => ids(&|to, _| to < id),
        _ => ids(&|to, _| to != id),
    };
    let Some(to) = random.any(to.into_iter()) else { return nothing() };
    let Some(entry) = site.entries.get_mut(&id) else { return nothing() };
    let other = |old: Option<usize>| if old == Some(to) { None } else { Some(to) };
    match what {
        "partners" => toggle(&mut entry.partners, to),
        "related" => toggle(&mut entry.related, to),
        "follows" => entry.follows = other(entry.follows),
        _ => entry.superseded_by = other(entry.superseded_by),
    }
    format!("adds e{to} to {what} of e{id}, or takes it away")
}

/// A change of bodies alone, as most edits are.
pub(crate) fn bodies(site: &mut Site, random: &mut Random) -> String {
    let next = site.next;
    let mut told = Vec::new();
    for (id, entry) in &mut site.entries {
        for (tag, text) in &mut entry.texts {
            if random.percent(80) {
                continue;
            }
            match text.body.is_empty() || random.percent(50) {
                true => text.body.push(block(random, next)),
                false => text.body = body(random, next),
            }
            told.push(format!("e{id} in {tag}: {:?}", text.body));
        }
    }
    format!("changes bodies, now {}", told.join("; "))
}

/// A change that leaves the length of every file as it was.
pub(crate) fn same_length(site: &mut Site, random: &mut Random) -> String {
    let next = |n: usize| n / 10 * 10 + (n + 1) % 10;
    let id = random.any(site.entries.keys().copied());
    let entry = id.and_then(|id| site.entries.get_mut(&id));
    match (random.below(4), entry) {
        (0, Some(Entry { files, .. })) if !files.is_empty() => {
            for n in files.values_mut() {
                *n = next(*n);
            }
            format!("changes the files of {id:?}, not their length")
        }
        (1..=2, Some(Entry { texts, .. })) if !texts.is_empty() => {
            for text in texts.values_mut() {
                text.title = text.title % 7 + 7 * next(text.title / 7);
            }
            format!("changes the titles of {id:?}, not their length")
        }
        _ => {
            for term in site.terms.values_mut() {
                term.label = next(term.label);
            }
            "changes all terms, not their length".to_owned()
        }
    }
}

fn term(site: &mut Site, random: &mut Random) -> String {
    if random.percent(30) || site.terms.is_empty() {
        let id = site.next;
        site.next += 1;
        site.terms.insert(id, Term { broader: random.any(site.terms.keys().copied()), ..Term::default() });
        return format!("adds the term t{id}");
    }
    if random.percent(10) {
        site.vocabulary = random.below(9);
        return "changes the vocabulary's label".to_owned();
    }
    let Some(id) = random.any(site.terms.keys().copied()) else { return nothing() };
    if random.percent(20) && site.terms.len() > 1 {
        site.terms.remove(&id);
        return format!("removes the term t{id}");
    }
    let broader = random.any(site.terms.keys().copied());
    let Some(term) = site.terms.get_mut(&id) else { return nothing() };
    match random.below(4) {
        0..=1 => term.label = random.below(9),
        2 => term.slug = maybe(random, 9),
        _ => term.broader = if term.broader.is_some() { None } else { broader },
    }
    format!("changes the term t{id}, now {term:?}")
}

fn declaration(site: &mut Site, random: &mut Random) -> String {
    let at = random.below(3);
    let kind = &mut site.kinds[at];
    let field = random.any(fields(at).iter()).copied();
    match (random.below(12), field) {
        (0, _) => kind.label = random.below(9),
        (1, _) => kind.slug = maybe(random, 9),
        (2, _) => kind.description = maybe(random, 9),
        (3, _) => kind.sort = random.below(4),
        (4, _) => kind.card = random.below(1 << fields(at).len()),
        (5, _) => kind.untranslated = random.below(3),
        (6, _) => kind.closing_soon = maybe(random, 40),
        (7, _) => kind.directory = !kind.directory,
        (8, _) => kind.reversed = !kind.reversed,
        (9, Some((name, ..))) => toggle(&mut kind.without, name),
        (10, Some((name, ..))) => toggle(&mut kind.facets, name),
        (_, Some((name, ..))) => drop(kind.labels.insert(name, random.below(9))),
        _ => return nothing(),
    }
    format!("changes content/{}/_type.yaml, now {kind:?}", KINDS[at])
}

fn configuration(site: &mut Site, random: &mut Random) -> String {
    let what = match random.below(18) {
        0 => {
            site.title = random.below(9);
            format!("title {}", site.title)
        }
        1 => {
            site.base = random.below(3);
            format!("base_url {}", site.base)
        }
        2..=3 => {
            let new: Vec<_> = LANGUAGES.into_iter().filter(|tag| !site.languages.contains(tag)).collect();
            if !new.is_empty() && (site.languages.len() < 2 || random.percent(60)) {
                let at = random.below(site.languages.len() + 1);
                site.languages.insert(at, random.of(&new));
            } else if site.languages.len() > 1 {
                let gone = site.languages.remove(random.below(site.languages.len()));
                // What is left of its texts is an error, unless it is put away, too.
                if random.percent(15) {
                    site.faults.insert(Fault::Orphans);
                } else if random.percent(50) {
                    site.entries.values_mut().for_each(|entry| drop(entry.texts.remove(gone)));
                }
            }
            format!("languages {:?}", site.languages)
        }
        4 => {
            let at = random.below(site.languages.len());
            site.languages.rotate_left(at);
            format!("languages in another order {:?}", site.languages)
        }
        5 => {
            site.fallback = maybe(random, 16);
            format!("fallback {:?}", site.fallback)
        }
        6 => {
            site.zone = random.below(3);
            format!("time_zone {}", site.zone)
        }
        7..=8 => {
            site.page_size = random.of(&[1, 2, 3, 20]);
            format!("page_size {}", site.page_size)
        }
        9 => {
            site.facet_pairs = random.of(&[0, 1, 2, 5, 20]);
            format!("facet_pairs {}", site.facet_pairs)
        }
        10 => {
            site.feed_entries = random.of(&[1, 2, 20]);
            format!("feed_entries {}", site.feed_entries)
        }
        11 => {
            site.menu = random.of(&[&[][..], &[CALLS], &[NOTES], &[CALLS, NOTES], &[NOTES, CALLS]]).to_vec();
            format!("menu {:?}", site.menu)
        }
        12 => {
            site.footer = random.any(site.entries.keys().copied());
            format!("footer {:?}", site.footer)
        }
        13 => {
            site.publisher = maybe(random, 9);
            format!("publisher {:?}", site.publisher)
        }
        15 => {
            site.compress = random.below(3);
            format!("compress {}", site.compress)
        }
        14 => {
            let tag = random.of(&site.languages);
            site.typography.insert(tag, random.below(3));
            format!("typography {:?}", site.typography)
        }
        _ => {
            let tag = random.of(&site.languages);
            let kind = random.of(&[None, Some(CALLS), Some(NOTES)]);
            if site.intros.remove(&(kind, tag)).is_none() {
                site.intros.insert((kind, tag), random.below(60));
            }
            format!("texts above lists {:?}", site.intros)
        }
    };
    format!("sets up {what}")
}

fn theme(site: &mut Site, random: &mut Random) -> String {
    match random.below(12) {
        0 => {
            site.built_in = !site.built_in;
            format!("takes {} theme", if site.built_in { "the built-in" } else { "its own" })
        }
        1..=6 => {
            let name = random.of(&[
                "404.html",
                "base.html",
                "card.html",
                "directory.html",
                "entry.html",
                "facets.html",
                "footer.html",
                "home.html",
                "listing.html",
                "menu.html",
            ]);
            let n = random.below(9);
            site.templates.insert(name, n);
            format!("edits the template {name} ({n})")
        }
        7..=8 => {
            let name = random.of(&["site.css", "extra.txt", "more.js"]);
            match site.assets.contains_key(name) && random.percent(30) {
                true => drop(site.assets.remove(name)),
                false => drop(site.assets.insert(name, random.below(9))),
            }
            format!("changes the asset {name}: {:?}", site.assets.get(name))
        }
        _ => {
            let tag = random.of(&site.languages);
            match site.messages.contains_key(tag) && random.percent(30) {
                true => drop(site.messages.remove(tag)),
                false => drop(site.messages.insert(tag, random.below(9))),
            }
            format!("changes the messages in {tag}: {:?}", site.messages.get(tag))
        }
    }
}

fn file(site: &mut Site, random: &mut Random) -> String {
    let Some(id) = random.any(site.entries.keys().copied()) else { return nothing() };
    let Some(entry) = site.entries.get_mut(&id) else { return nothing() };
    let names = [
        "picture.svg",
        "picture.fr.svg",
        "photo.jpg",
        "photo.fr.jpg",
        "rules.csv",
        "rules.en.csv",
        "rules.sv.csv",
        "sub/annex.en.pdf",
        "x",
    ];
    let name = random.of(&names);
    match entry.files.contains_key(name) && random.percent(40) {
        true => drop(entry.files.remove(name)),
        false => drop(entry.files.insert(name, random.below(9))),
    }
    format!("changes the file {name} of e{id}: {:?}", entry.files.get(name))
}

fn fault(site: &mut Site, random: &mut Random) -> String {
    let fault = random.of(&[
        Fault::Dangling,
        Fault::Dangling,
        Fault::UnknownKey,
        Fault::UnknownTerm,
        Fault::BrokenYaml,
        Fault::BrokenFrontMatter,
        Fault::BrokenBody,
        Fault::NotUtf8,
        Fault::MissingLabel,
        Fault::BrokenConfig,
        Fault::MisspeltConfig,
        Fault::TemplateSyntax,
        Fault::TemplateRun,
        Fault::BrokenMessages,
        Fault::StrayFile,
        Fault::StrayFile,
    ]);
    site.faults.insert(fault);
    format!("makes a mistake: {fault:?}")
}
