//! `money`: an amount or a range in a currency (ISO 4217), as an editor states it.

use std::cmp::Ordering;

use ecow::EcoString;

use super::number::{compare_text, cut, is_decimal};
use super::{Cx, Item, Kind, Show, Value};
use crate::document::read::misspelt;
use crate::html;
use crate::locale::is_currency;
use crate::suggest;
use crate::yaml::Node;

/// The kind.
pub(super) struct MoneyKind;

/// An amount, or the bounds of one.
#[derive(Clone, Debug)]
pub struct Money {
    /// The least; the amount itself where there is one.
    pub min: Option<EcoString>,
    /// The most; the amount itself where there is one.
    pub max: Option<EcoString>,
    /// ISO 4217 code.
    pub currency: EcoString,
    /// What the amount is for: one of `BASES`.
    pub basis: Option<&'static str>,
    /// Whether it is approximate.
    pub approx: bool,
}

/// What an amount can be for.
pub(super) const BASES: &[&str] = &["total", "project", "year"];

impl Kind for MoneyKind {
    fn name(&self) -> &'static str {
        "money"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        if let Some(text) = node.as_str() {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let amount = if digits.is_empty() { "…".to_owned() } else { digits };
            let help = format!("write `{{ amount: {amount}, currency: EUR }}`, with the currency that it is in");
            return cx.read.wrong_shape(node, &what, "an amount with its currency", help);
        }
        cx.read.map(node, &what, &["amount", "min", "max", "currency", "basis", "approx"])?;
        let amount = digits(node.get("amount"), "amount", cx)?;
        let min = digits(node.get("min"), "min", cx)?;
        let max = digits(node.get("max"), "max", cx)?;
        let currency = currency(node, &what, cx)?;
        let basis = basis(node.get("basis"), cx);
        let approx = node.get("approx").and_then(|n| cx.read.boolean(n, "`approx`")).unwrap_or(false);
        let (min, max) = match (amount, min, max) {
            (Some(amount), None, None) => (Some(amount.clone()), Some(amount)),
            (None, None, None) => {
                cx.read.error(
                    "missing-key",
                    node.range,
                    format!("{what} has no amount"),
                    "add `amount: 8000000`, or `min:` and `max:`",
                );
                return None;
            }
            (Some(_), ..) => {
                cx.read.error(
                    "wrong-kind",
                    node.range,
                    format!("{what} has an amount and bounds"),
                    "write either `amount`, or `min` and `max`",
                );
                return None;
            }
            (None, min, max) => (min, max),
        };
        if let (Some(a), Some(b)) = (&min, &max)
            && compare_text(a, b) == Ordering::Greater
        {
            cx.read.error(
                "reversed-range",
                node.range,
                format!("`min` of {what} is greater than `max`"),
                "exchange the two",
            );
            return None;
        }
        Some(Value::Money(Box::new(Money { min, max, currency, basis, approx })))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::Money(money) = value else { return Item::default() };
        let amount = money.words(show);
        let text = match (money.approx, money.basis) {
            (false, None | Some("total")) => amount,
            (true, None | Some("total")) => show.catalog.format(show.lang, "money-approx", &[("amount", &amount)]),
            (approx, Some(basis)) => {
                let id = if basis == "project" { "money-per-project" } else { "money-per-year" };
                let amount = if approx {
                    show.catalog.format(show.lang, "money-approx", &[("amount", &amount)])
                } else {
                    amount
                };
                show.catalog.format(show.lang, id, &[("amount", &amount)])
            }
        };
        Item { html: format!("<span class=\"money\">{}</span>", html::escape(&text)), text }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let least = |m: &Money| m.min.clone().or_else(|| m.max.clone()).unwrap_or_default();
        match (a, b) {
            (Value::Money(a), Value::Money(b)) => compare_text(&least(a), &least(b)),
            _ => Ordering::Equal,
        }
    }
}

impl Money {
    fn words(&self, show: &Show<'_>) -> String {
        let locale = show.locale();
        let one = |amount: &str| {
            locale.money(amount, &self.currency).unwrap_or_else(|_| format!("{amount} {}", self.currency))
        };
        match (&self.min, &self.max) {
            (Some(min), Some(max)) if min == max => one(min),
            (Some(min), Some(max)) => locale
                .money_range(min, max, &self.currency)
                .unwrap_or_else(|_| format!("{min}–{max} {}", self.currency)),
            (Some(min), None) => show.catalog.format(show.lang, "money-from", &[("amount", &one(min))]),
            (None, Some(max)) => show.catalog.format(show.lang, "money-up-to", &[("amount", &one(max))]),
            (None, None) => String::new(),
        }
    }
}

/// `Some(None)` where the key is absent, `None` after a diagnostic.
fn digits(node: Option<&Node>, key: &str, cx: &mut Cx<'_, '_>) -> Option<Option<EcoString>> {
    let Some(node) = node else { return Some(None) };
    let text = cx.read.text(node, &format!("`{key}`"))?.clone();
    if is_decimal(&text) && !text.starts_with('-') {
        return Some(Some(text));
    }
    let bare: String = text.chars().filter(|c| c.is_ascii_digit()).collect();
    let help = if bare.is_empty() {
        "write digits, such as `8000000`".into()
    } else {
        format!("write `{bare}`, and the currency under `currency`")
    };
    cx.read.error("bad-number", node.range, format!("`{}` is not an amount", cut(&text)), help);
    None
}

fn currency(node: &Node, what: &str, cx: &mut Cx<'_, '_>) -> Option<EcoString> {
    let Some(at) = node.get("currency") else {
        if !misspelt(node, "currency") {
            cx.read.error("no-currency", node.range, format!("{what} has no currency"), "add `currency: EUR`");
        }
        return None;
    };
    let code = cx.read.text(at, "`currency`")?.clone();
    if is_currency(&code) {
        return Some(code);
    }
    let upper = code.to_uppercase();
    let help = match upper.as_str() {
        "€" | "EURO" | "EUROS" | "EIRO" => "write `EUR`".to_owned(),
        _ if is_currency(&upper) => format!("write `{upper}`"),
        _ => "write an ISO 4217 code, such as `EUR` or `SEK`".to_owned(),
    };
    cx.read.error("bad-currency", at.range, format!("`{}` is not a currency code", cut(&code)), help);
    None
}

fn basis(node: Option<&Node>, cx: &mut Cx<'_, '_>) -> Option<&'static str> {
    let node = node?;
    let text = cx.read.text(node, "`basis`")?;
    let found = BASES.iter().copied().find(|b| b == text);
    if found.is_none() {
        let help = suggest::remedy(text, BASES.iter().copied(), "bases");
        cx.read.error("unknown-choice", node.range, format!("an amount cannot be per `{text}`"), help);
    }
    found
}
