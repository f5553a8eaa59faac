//! `period`: from one partial date to another, or open-ended; tells running from ended.

use std::cmp::Ordering;

use super::narrow::ByStatus;
use super::number::cut;
use super::{Cx, Facet, Item, Kind, Show, Value, date};
use crate::date::PartialDate;
use crate::html;
use crate::yaml::Node;

/// The kind.
pub(super) struct PeriodKind;

/// A span of time; both ends belong to it.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// Its first day, month or year.
    pub from: PartialDate,
    /// Its last, if it has one.
    pub to: Option<PartialDate>,
}

impl Period {
    /// It in words.
    pub fn item(&self, show: &Show<'_>) -> Item {
        let Some(to) = self.to else {
            let text = open_ended("period-since", self.from, show);
            return Item { html: html::time(&self.from.to_string(), &text), text };
        };
        let text = show.locale().date_range(self.from, to);
        let html = format!(
            "<span class=\"period\" data-from=\"{}\" data-to=\"{to}\">{}</span>",
            self.from,
            html::escape(&text)
        );
        Item { html, text }
    }
}

impl Kind for PeriodKind {
    fn name(&self) -> &'static str {
        "period"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        if let Some(text) = node.as_str() {
            let help = format!("write `{{ from: {} }}`, with `to: …` where it has an end", cut(text));
            return cx.read.wrong_shape(node, &what, "a period", help);
        }
        cx.read.map(node, &what, &["from", "to"])?;
        let Some(from) = node.get("from") else {
            cx.read.missing(node, "from", format!("{what} has no `from`"), "add `from: 2021-05`");
            return None;
        };
        let start = date::partial(from, "`from`", &mut cx.read)?;
        let end = match node.get("to") {
            Some(to) => Some(date::partial(to, "`to`", &mut cx.read)?),
            None => None,
        };
        if end.is_some_and(|end| end.last() < start.first()) {
            cx.read.error(
                "reversed-period",
                node.range,
                format!("{what} ends before it begins"),
                "exchange `from` and `to`",
            );
            return None;
        }
        Some(Value::Period(Period { from: start, to: end }))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::Period(period) = value else { return Item::default() };
        period.item(show)
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Period(a), Value::Period(b)) => (a.from, a.to).cmp(&(b.from, b.to)),
            _ => Ordering::Equal,
        }
    }

    fn is_temporal(&self) -> bool {
        true
    }

    fn as_facet(&self) -> Option<&dyn Facet> {
        Some(&ByStatus)
    }
}

/// "Since …" or "until …" in words, whose form may depend on how precise the date is.
pub(crate) fn open_ended(message: &str, date: PartialDate, show: &Show<'_>) -> String {
    let precision = match date {
        PartialDate::Year(_) => "year",
        PartialDate::Month(..) => "month",
        PartialDate::Day(_) => "day",
    };
    let words = show.locale().date(date);
    show.catalog.format(show.lang, message, &[("date", &words), ("precision", precision)])
}
