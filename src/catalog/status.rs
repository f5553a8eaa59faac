//! Status derived from dates and the clock that the build was given; nobody writes it.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Now;
use crate::date::PartialDate;
use crate::document::schema::StatusRule;
use crate::field::{Value, Values, instant};

/// Where an entry stands in time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    /// Open, with a deadline in the coming days.
    ClosingSoon,
    /// Open.
    Open,
    /// Begun and not over.
    Running,
    /// Not yet open, or not yet begun.
    Forthcoming,
    /// Its last deadline has passed.
    Closed,
    /// Over.
    Ended,
}

/// In the order in which readers look for them.
pub const ALL: [Status; 6] =
    [Status::ClosingSoon, Status::Open, Status::Running, Status::Forthcoming, Status::Closed, Status::Ended];

impl Status {
    /// Stable id, used in classes and data.
    pub fn id(self) -> &'static str {
        match self {
            Status::ClosingSoon => "closing-soon",
            Status::Open => "open",
            Status::Running => "running",
            Status::Forthcoming => "forthcoming",
            Status::Closed => "closed",
            Status::Ended => "ended",
        }
    }

    /// Id of the interface string, which may depend on the `$gender` of what the type's `singular` says.
    pub fn message(self) -> &'static str {
        match self {
            Status::ClosingSoon => "status-closing-soon",
            Status::Open => "status-open",
            Status::Running => "status-running",
            Status::Forthcoming => "status-forthcoming",
            Status::Closed => "status-closed",
            Status::Ended => "status-ended",
        }
    }

    /// The status with this id.
    pub fn find(id: &str) -> Option<Status> {
        ALL.into_iter().find(|s| s.id() == id)
    }
}

/// The order in which readers look for them.
pub fn rank(id: &str) -> i64 {
    ALL.iter().position(|s| s.id() == id).unwrap_or(ALL.len()) as i64
}

/// When something begins and is over.
struct Span {
    begins: Timestamp,
    ends: Timestamp,
}

/// The status now; `None` where the entry has none of the dates that it comes from.
pub fn derive(rule: &StatusRule, values: &[Option<Values>], now: &Now, zone: &TimeZone) -> Option<Status> {
    let spans = |field: Option<usize>| -> Vec<Span> {
        let values = field.and_then(|f| values[f].as_ref()).map(Values::shared).unwrap_or_default();
        values.iter().filter_map(|v| span(v, zone)).collect()
    };
    let opens = spans(rule.opens).first().map(|s| s.begins);
    let deadlines = spans(rule.closes);
    if !deadlines.is_empty() || opens.is_some() {
        return Some(of_call(opens, &deadlines, rule.closing_soon, now));
    }
    let (starts, ends) = (spans(rule.starts), spans(rule.ends));
    let begins = starts.iter().map(|s| s.begins).min();
    let over = ends.iter().chain(if ends.is_empty() { &starts } else { &ends }).map(|s| s.ends).max();
    if begins.is_some() || over.is_some() {
        return Some(of_span(begins, over, now));
    }
    let period = spans(rule.period);
    let first = period.first()?;
    let open_ended = first.ends == Timestamp::MAX;
    Some(of_span(Some(first.begins), (!open_ended).then_some(first.ends), now))
}

fn of_call(opens: Option<Timestamp>, deadlines: &[Span], closing_soon: i64, now: &Now) -> Status {
    if opens.is_some_and(|opens| !now.has_reached(opens)) {
        return Status::Forthcoming;
    }
    match deadlines.iter().map(|d| d.ends).filter(|ends| !now.has_reached(*ends)).min() {
        None if deadlines.is_empty() => Status::Open,
        None => Status::Closed,
        Some(next) if closes_soon(next, closing_soon).is_some_and(|soon| now.has_reached(soon)) => Status::ClosingSoon,
        Some(_) => Status::Open,
    }
}

/// When a deadline begins to be near.
fn closes_soon(deadline: Timestamp, days: i64) -> Option<Timestamp> {
    deadline.checked_sub((days * 24).hours()).ok()
}

fn of_span(begins: Option<Timestamp>, ends: Option<Timestamp>, now: &Now) -> Status {
    if begins.is_some_and(|begins| !now.has_reached(begins)) {
        Status::Forthcoming
    } else if ends.is_some_and(|ends| now.has_reached(ends)) {
        Status::Ended
    } else {
        Status::Running
    }
}

fn span(value: &Value, zone: &TimeZone) -> Option<Span> {
    match value {
        Value::Date(date) => Some(Span { begins: begins(*date, zone)?, ends: ends(*date, zone)? }),
        Value::Instant(moment) => Some(Span { begins: moment.begins, ends: moment.ends }),
        Value::Deadline(deadline) => Some(Span { begins: deadline.at.begins, ends: deadline.at.ends }),
        Value::Period(period) => Some(Span {
            begins: begins(period.from, zone)?,
            ends: period.to.map_or(Some(Timestamp::MAX), |to| ends(to, zone))?,
        }),
        _ => None,
    }
}

/// When a day, month or year begins in a zone.
pub fn begins(date: PartialDate, zone: &TimeZone) -> Option<Timestamp> {
    instant::bounds(date.first(), None, zone).map(|(begins, _)| begins)
}

/// When a day, month or year is over in a zone.
pub fn ends(date: PartialDate, zone: &TimeZone) -> Option<Timestamp> {
    instant::bounds(date.last(), None, zone).map(|(_, ends)| ends)
}

/// The instants at which a value begins, ends, or begins to be near.
pub fn edges(rule: &StatusRule, value: &Value, zone: &TimeZone) -> impl Iterator<Item = Timestamp> {
    let is_deadline = matches!(value, Value::Deadline(_));
    span(value, zone).into_iter().flat_map(move |span| {
        let near = closes_soon(span.ends, rule.closing_soon).filter(|_| is_deadline);
        [span.begins, span.ends].into_iter().chain(near)
    })
}

/// The instants at which a status can change, earliest first.
pub fn changes(rule: &StatusRule, values: &[Option<Values>], zone: &TimeZone) -> Vec<Timestamp> {
    let mut instants = Vec::new();
    for field in [rule.opens, rule.closes, rule.starts, rule.ends, rule.period].into_iter().flatten() {
        for value in values[field].as_ref().map(Values::shared).unwrap_or_default() {
            let Some(span) = span(value, zone) else { continue };
            instants.extend([span.begins, span.ends]);
            if rule.closes == Some(field) {
                instants.extend(closes_soon(span.ends, rule.closing_soon));
            }
        }
    }
    instants.sort_unstable();
    instants.dedup();
    instants
}
