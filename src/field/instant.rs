//! `instant`: a local date and time in a named zone, or a whole day there.

use std::cmp::Ordering;

use ecow::EcoString;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::number::cut;
use super::{Cx, Item, Kind, Show, Value};
use crate::config;
use crate::date::PartialDate;
use crate::diag::Diagnostic;
use crate::html;
use crate::yaml::{Node, Value as Yaml};

/// The kind.
pub struct Instant;

/// A local time in a zone; without an hour, the whole day.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The hour, if it is known.
    pub time: Option<Time>,
    /// IANA name of the zone; `None` where it is the site's.
    pub zone: Option<EcoString>,
    /// When it is, or when the day begins.
    pub begins: Timestamp,
    /// When it is, or when the day is over.
    pub ends: Timestamp,
}

impl Moment {
    /// For `<time datetime>`: with the offset where there is an hour (RFC 3339).
    pub fn datetime(&self, zone: &TimeZone) -> String {
        match self.time {
            Some(_) => {
                let offset = zone.to_offset(self.begins);
                let local = offset.to_datetime(self.begins);
                let minutes = offset.seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.abs();
                format!("{}{sign}{:02}:{:02}", local.strftime("%Y-%m-%dT%H:%M"), minutes / 60, minutes % 60)
            }
            None => self.date.to_string(),
        }
    }

    /// In words, with the zone's name.
    pub fn item(&self, show: &Show<'_>) -> Item {
        let locale = show.locale();
        let Some(time) = self.time else {
            let text = locale.date(PartialDate::Day(self.date));
            return Item { html: html::time(&self.date.to_string(), &text), text };
        };
        let text = locale.date_time(DateTime::from_parts(self.date, time));
        let zone = self.zone.as_deref().and_then(config::zone);
        let datetime = self.datetime(zone.as_ref().unwrap_or(&show.catalog.config.time_zone));
        let mut item = Item { html: html::time(&datetime, &text), text };
        let name = self.zone.as_deref().or(show.catalog.config.time_zone.iana_name());
        if let Some(name) = name {
            let words = show.catalog.zone_words(show.lang, name);
            item.html.push_str(&format!(" <span class=\"zone\">({})</span>", html::escape(&words)));
            item.text.push_str(&format!(" ({words})"));
        }
        item
    }
}

impl Kind for Instant {
    fn name(&self) -> &'static str {
        "instant"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        if let Yaml::Map(_) = node.value {
            cx.read.map(node, &what, &["at", "zone"])?;
        }
        moment(node, &what, None, cx).map(|moment| Value::Instant(Box::new(moment)))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Instant(moment) => moment.item(show),
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Instant(a), Value::Instant(b)) => a.begins.cmp(&b.begins),
            _ => Ordering::Equal,
        }
    }

    fn is_temporal(&self) -> bool {
        true
    }
}

/// Reads `{at, zone}`, or `at` alone; other keys are the caller's. Without a zone of its own it is in the one that is
/// `inherited`, else in the site's.
pub fn moment(node: &Node, what: &str, inherited: Option<&EcoString>, cx: &mut Cx<'_, '_>) -> Option<Moment> {
    let (at, zone) = match &node.value {
        Yaml::Map(_) => (node.get("at"), node.get("zone")),
        _ => (Some(node), None),
    };
    let Some(at) = at else {
        cx.read.missing(node, "at", format!("{what} has no `at`"), "add `at: 2026-09-15T17:00`");
        return None;
    };
    let text = cx.read.text(at, "`at`")?;
    let Some((date, time)) = local(text) else {
        let message = format!("`{}` is not a date and time", cut(text));
        let help = "write `2026-09-15T17:00`, or `2026-09-15` for the whole day";
        cx.read.error("bad-instant", at.range, message, help);
        return None;
    };
    let name = match zone {
        Some(node) => {
            named_zone(node, cx)?;
            node.as_str().map(EcoString::from)
        }
        None => inherited.cloned(),
    };
    let site = &cx.names.config.time_zone;
    if time.is_some() && name.is_none() {
        let own = site.iana_name().unwrap_or("UTC");
        let help = format!("add its zone, such as `zone: {own}`; until then it is read in the site's, {own}");
        let diagnostic =
            Diagnostic::warning("no-zone", cx.read.at(at.range), format!("{what} has an hour but no zone"));
        cx.read.diagnostics.push(diagnostic.help(help));
    }
    let zone = name.as_deref().and_then(config::zone).unwrap_or_else(|| site.clone());
    let bounds = bounds(date, time, &zone);
    if bounds.is_none() {
        cx.read.error("bad-instant", at.range, format!("`{}` is out of range", cut(text)), "check the year");
    }
    if let Some(time) = time
        && let AmbiguousOffset::Gap { .. } = zone.to_ambiguous_timestamp(DateTime::from_parts(date, time)).offset()
    {
        let message = format!("`{}` does not exist: the clocks go forward over it", cut(text));
        let diagnostic = Diagnostic::warning("time-gap", cx.read.at(at.range), message);
        cx.read.diagnostics.push(diagnostic.help("write a time that the clocks show that night"));
    }
    let (begins, ends) = bounds?;
    Some(Moment { date, time, zone: name, begins, ends })
}

fn named_zone(node: &Node, cx: &mut Cx<'_, '_>) -> Option<TimeZone> {
    let name = cx.read.text(node, "`zone`")?;
    let zone = config::zone(name);
    if zone.is_none() {
        cx.read.error(
            "unknown-zone",
            node.range,
            format!("`{}` is not a time zone", cut(name)),
            config::zone_help(name),
        );
    }
    zone
}

/// The instants at which a local time is, or a day begins and is over (a gap or an overlap resolves as RFC 5545 says).
pub fn bounds(date: Date, time: Option<Time>, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let at = |dt: DateTime| zone.to_ambiguous_timestamp(dt).compatible().ok();
    match time {
        Some(time) => at(DateTime::from_parts(date, time)).map(|t| (t, t)),
        None => {
            let next = date.checked_add(1.day()).ok()?;
            Some((at(date.to_datetime(Time::midnight()))?, at(next.to_datetime(Time::midnight()))?))
        }
    }
}

fn local(text: &str) -> Option<(Date, Option<Time>)> {
    let (day, hour) = match text.split_once(['T', ' ']) {
        Some((day, hour)) => (day, Some(hour.trim())),
        None => (text, None),
    };
    let Ok(PartialDate::Day(date)) = day.parse::<PartialDate>() else { return None };
    let Some(hour) = hour else { return Some((date, None)) };
    let legal = matches!(hour.len(), 5 | 8) && hour.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let time: Time = hour.parse().ok().filter(|_| legal)?;
    Some((date, Some(time)))
}
