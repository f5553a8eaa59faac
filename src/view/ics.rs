//! Calendars as they are written (iCalendar: RFC 5545, with the properties of calendars of RFC 7986). Nothing in them depends
//! on when they were written, so that a calendar that tells the same is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::OnceLock;

use ecow::EcoString;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use crate::catalog::{Catalog, EntryId, watch};
use crate::config::{self, Lang};
use crate::field::{Moment, Value};
use crate::plan::{Agenda, Occasion, Plan, end_of};

/// The longest line, in octets, without its end (RFC 5545, 3.1).
const LONGEST: usize = 75;

/// A date as files tell it.
#[derive(Debug)]
pub struct Event {
    text: String,
    /// What its hours need to know of their zones.
    onsets: Vec<(EcoString, Onset)>,
    /// The entries that it was made from.
    seen: Vec<EntryId>,
}

/// The beginning of the time in which an offset from UTC holds in a zone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Onset {
    /// `None` where it has always held, as far as anybody knows.
    at: Option<Timestamp>,
    from: Offset,
    to: Offset,
    name: String,
    is_summer: bool,
}

/// A calendar file. `events` are the plan's dates in its language, each written by whoever comes first.
pub fn agenda(catalog: &Catalog, plan: &Plan, agenda: &Agenda, events: &[OnceLock<Event>], file: &mut Vec<u8>) {
    let base = &catalog.config.base;
    let tag = catalog.config.tag(agenda.lang);
    let mut told = Vec::with_capacity(agenda.dates.len());
    let mut zones: BTreeMap<&EcoString, BTreeSet<&Onset>> = BTreeMap::new();
    for at in &agenda.dates {
        let occasion = &plan.dates[*at as usize];
        let event = events[*at as usize].get_or_init(|| {
            let ((text, onsets), seen) = watch(|| event(catalog, agenda.lang, occasion));
            Event { text, onsets, seen }
        });
        // What whoever made the text looked at, this file does, too.
        for id in &event.seen {
            catalog.entry(*id);
        }
        for (zone, onset) in &event.onsets {
            zones.entry(zone).or_default().insert(onset);
        }
        told.push(event.text.as_str());
    }
    let mut out = Lines::default();
    out.put("BEGIN", "VCALENDAR");
    out.put("VERSION", "2.0");
    out.put("PRODID", "-//Relais//Relais//EN");
    out.put("CALSCALE", "GREGORIAN");
    out.text(&format!("NAME;LANGUAGE={tag}"), &agenda.title);
    // The same for programs that are older than RFC 7986.
    out.text("X-WR-CALNAME", &agenda.title);
    out.put("URL", &base.absolute(&agenda.page));
    out.put("SOURCE;VALUE=URI", &base.absolute(&agenda.address));
    out.put("REFRESH-INTERVAL;VALUE=DURATION", "P1D");
    out.put("X-PUBLISHED-TTL", "P1D");
    for (zone, onsets) in zones {
        out.put("BEGIN", "VTIMEZONE");
        out.put("TZID", zone);
        onsets.into_iter().for_each(|onset| out.onset(onset));
        out.put("END", "VTIMEZONE");
    }
    told.into_iter().for_each(|event| out.0.push_str(event));
    out.put("END", "VCALENDAR");
    file.extend(out.0.into_bytes());
}

/// A date in a language.
fn event(catalog: &Catalog, lang: Lang, occasion: &Occasion) -> (String, Vec<(EcoString, Onset)>) {
    let Occasion { entry: id, field, value: number, .. } = *occasion;
    let entry = catalog.entry(id);
    let definition = catalog.type_of(id);
    let mut onsets = Vec::new();
    let mut out = Lines::default();
    let Some(value) = entry.shared(field).get(number) else { return (out.0, onsets) };
    out.put("BEGIN", "VEVENT");
    let name = &definition.fields[field].name;
    // The same in every language and file: it is the same date, and a program that has it already does not add it again.
    out.text("UID", &format!("{}/{name}/{}@{}", catalog.key(id), number + 1, catalog.config.base.host()));
    let seen = entry.dated.seen[lang.index()];
    // It must have one: where nobody knows, it says so by the earliest instant that every program understands.
    out.put("DTSTAMP", &utc(seen.unwrap_or(Timestamp::UNIX_EPOCH)));
    // The day that its facts place it on says nothing of its text.
    if let Some(at) = seen.filter(|at| Some(*at) != entry.dated.from) {
        out.put("LAST-MODIFIED", &utc(at));
    }
    let extensions = if let Value::Deadline(deadline) = value { deadline.was.len() } else { 0 };
    out.put("SEQUENCE", &extensions.to_string());
    when(catalog, occasion, value, &mut out, &mut onsets);
    summary(catalog, lang, occasion, value, &mut out);
    description(catalog, lang, occasion, value, &mut out);
    place(catalog, lang, id, &mut out);
    categories(catalog, lang, id, &mut out);
    if let Some(to) = catalog.destination(id, lang) {
        out.put("URL", &catalog.config.base.absolute(to.address));
    }
    let is_disputed = entry.provenance.iter().any(|(of, known)| *of == field && known.disputed);
    out.put("STATUS", if is_disputed { "TENTATIVE" } else { "CONFIRMED" });
    // Nobody is busy because a call closes.
    out.put("TRANSP", "TRANSPARENT");
    out.put("END", "VEVENT");
    (out.0, onsets)
}

/// From when to when it is.
fn when(catalog: &Catalog, occasion: &Occasion, value: &Value, out: &mut Lines, onsets: &mut Vec<(EcoString, Onset)>) {
    let (first, mut last) = (occasion.from.first(), occasion.to.last());
    let moment = match value {
        Value::Instant(moment) => Some(&**moment),
        Value::Deadline(deadline) => Some(&deadline.at),
        _ => None,
    };
    let end = end_of(catalog, occasion);
    if let Some(moment) = moment.filter(|moment| moment.time.is_some()) {
        out.moment("DTSTART", catalog, moment, onsets);
        if let Some(Value::Instant(end)) = end
            && end.begins > moment.begins
        {
            out.moment("DTEND", catalog, end, onsets);
        }
        return;
    }
    match end {
        Some(Value::Date(date)) => last = date.last(),
        Some(Value::Instant(moment)) => last = moment.date,
        _ => {}
    }
    out.put("DTSTART;VALUE=DATE", &day(first));
    // The first day that is not of it any more.
    if let Ok(after) = last.checked_add(1.day()) {
        out.put("DTEND;VALUE=DATE", &day(after));
    }
}

/// What it is called: one text in one language, the title's. What takes place is called as its entry is, a date of it by
/// what it is, too.
fn summary(catalog: &Catalog, lang: Lang, occasion: &Occasion, value: &Value, out: &mut Lines) {
    let definition = catalog.type_of(occasion.entry);
    let (title, at) = catalog.title(occasion.entry, lang);
    let takes_place = matches!(value, Value::Period(_)) || definition.status.starts == Some(occasion.field);
    let field = &definition.fields[occasion.field];
    let label = match value {
        // The label of a field with many deadlines is no name for one of them.
        Value::Deadline(deadline) if field.many || deadline.has_words() => deadline.words(catalog, at),
        _ => &field.label[at.index()],
    };
    let text = match takes_place {
        true => title.to_owned(),
        false => [label, catalog.message(at, "label-separator"), title].concat(),
    };
    out.text(&format!("SUMMARY;LANGUAGE={}", catalog.config.tag(at)), &text);
}

/// What it is, when, in words, and what the entry is about: in the reader's language, as far as there is anything in it.
fn description(catalog: &Catalog, lang: Lang, occasion: &Occasion, value: &Value, out: &mut Lines) {
    let id = occasion.entry;
    let show = catalog.show(id, occasion.field, lang);
    let label = &show.field.label[lang.index()];
    let when = show.field.kind.item(value, &show).text;
    let mut text = catalog.type_of(id).singular[lang.index()].to_string();
    let separator = catalog.message(lang, "label-separator");
    text.extend(["\n", label, separator, &when]);
    if let Some((end, field)) = end_of(catalog, occasion).zip(catalog.type_of(id).status.ends) {
        let show = catalog.show(id, field, lang);
        let when = show.field.kind.item(end, &show).text;
        text.extend(["\n", &show.field.label[lang.index()], separator, &when]);
    }
    if let Some(own) = catalog.entry(id).texts[lang.index()].as_ref().filter(|own| !own.summary.is_empty()) {
        text.extend(["\n\n", &own.summary]);
    }
    out.text(&format!("DESCRIPTION;LANGUAGE={}", catalog.config.tag(lang)), &text);
}

/// Where it is, if a field says so: one that search engines are told as the location.
fn place(catalog: &Catalog, lang: Lang, id: EntryId, out: &mut Lines) {
    let fields = &catalog.type_of(id).fields;
    let chain = &catalog.config.fallback[lang.index()];
    let places = fields.iter().enumerate().filter(|(_, field)| field.schema_org.iter().any(|name| name == "location"));
    for (index, field) in places {
        let known = catalog.entry(id).values[index].as_ref().and_then(|values| values.for_reader(chain));
        let Some((values, at)) = known else { continue };
        let show = catalog.show(id, index, lang);
        let plain = values.iter().filter(|value| matches!(value, Value::Text(_) | Value::Code(_)));
        let names: Vec<String> = plain.map(|value| field.kind.item(value, &show).text).collect();
        if !names.is_empty() {
            let tag = catalog.config.tag(at.unwrap_or(lang));
            return out.text(&format!("LOCATION;LANGUAGE={tag}"), &names.join(", "));
        }
    }
}

/// Its type, and the terms that it can be found by.
fn categories(catalog: &Catalog, lang: Lang, id: EntryId, out: &mut Lines) {
    let definition = catalog.type_of(id);
    let mut list = escape(&definition.singular[lang.index()]);
    for (index, _) in definition.fields.iter().enumerate().filter(|(_, field)| field.facet) {
        for value in catalog.entry(id).shared(index) {
            if let Value::Term(vocabulary, term) = value {
                list.push(',');
                list.push_str(&escape(catalog.term_label(*vocabulary, *term, lang)));
            }
        }
    }
    out.put(&format!("CATEGORIES;LANGUAGE={}", catalog.config.tag(lang)), &list);
}

/// Content lines.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A line with a value that is ready to stand there, folded where it is too long, between characters.
    fn put(&mut self, name: &str, value: &str) {
        let mut room = LONGEST;
        for part in [name, ":", value] {
            if part.len() <= room {
                self.0.push_str(part);
                room -= part.len();
                continue;
            }
            for c in part.chars() {
                if c.len_utf8() > room {
                    self.0.push_str("\r\n ");
                    room = LONGEST - 1;
                }
                self.0.push(c);
                room -= c.len_utf8();
            }
        }
        self.0.push_str("\r\n");
    }

    /// A line with a text.
    fn text(&mut self, name: &str, text: &str) {
        self.put(name, &escape(text));
    }

    /// A line with a local time in its zone; in UTC where that has no name that every program knows, and in the hour that
    /// clocks show twice, which programs do not read alike.
    fn moment(&mut self, name: &str, catalog: &Catalog, moment: &Moment, onsets: &mut Vec<(EcoString, Onset)>) {
        let site = &catalog.config.time_zone;
        let zone = moment.zone.as_deref().and_then(config::zone).unwrap_or_else(|| site.clone());
        let at = zone.to_datetime(moment.begins);
        let is_twice = zone.to_ambiguous_timestamp(at).is_ambiguous();
        match zone.iana_name().filter(|name| !is_twice && !matches!(*name, "UTC" | "Etc/UTC")) {
            None => self.put(name, &utc(moment.begins)),
            Some(id) => {
                self.put(&format!("{name};TZID={id}"), &at.strftime("%Y%m%dT%H%M%S").to_string());
                onsets.push((id.into(), Onset::of(&zone, moment.begins)));
            }
        }
    }

    fn onset(&mut self, onset: &Onset) {
        let kind = if onset.is_summer { "DAYLIGHT" } else { "STANDARD" };
        self.put("BEGIN", kind);
        let begins = match onset.at {
            Some(at) => onset.from.to_datetime(at).strftime("%Y%m%dT%H%M%S").to_string(),
            None => "16010101T000000".to_owned(),
        };
        self.put("DTSTART", &begins);
        self.put("TZOFFSETFROM", &offset(onset.from));
        self.put("TZOFFSETTO", &offset(onset.to));
        self.text("TZNAME", &onset.name);
        self.put("END", kind);
    }
}

impl Onset {
    /// The one by which an instant has its offset.
    fn of(zone: &TimeZone, at: Timestamp) -> Onset {
        let info = zone.to_offset_info(at);
        let (to, name, is_summer) = (info.offset(), info.abbreviation().to_owned(), info.dst().is_dst());
        // A change at that very instant is the one that counts.
        let next = at.checked_add(1.second()).unwrap_or(at);
        let at = zone.preceding(next).next().map(|change| change.timestamp());
        let before = at.and_then(|at| at.checked_sub(1.second()).ok());
        let from = before.map_or(to, |before| zone.to_offset(before));
        Onset { at, from, to, name, is_summer }
    }
}

/// A text, with what has a meaning in it escaped (RFC 5545, 3.3.11); what no text may hold is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, seconds) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    let mut out = format!("{sign}{:02}{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 {
        let _ = write!(out, "{:02}", seconds % 60);
    }
    out
}
