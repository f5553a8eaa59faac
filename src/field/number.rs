//! `integer`, `number` and `percent`: decimal digits, formatted per language.

use std::cmp::Ordering;

use super::{Cx, Item, Kind, Show, Value};
use crate::yaml::Node;

/// Whole numbers.
pub struct Integer;
/// Decimal numbers.
pub struct Number;
/// Parts of a hundred: `80` is 80 %.
pub struct Percent;

impl Kind for Integer {
    fn name(&self) -> &'static str {
        "integer"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let text = cx.read.text(node, &what)?;
        match text.parse() {
            Ok(number) => Some(Value::Integer(number)),
            Err(_) => {
                let help = "write digits only, such as `1064413`, without spaces or separators";
                cx.read.error("bad-number", node.range, format!("`{}` is not a whole number", cut(text)), help);
                None
            }
        }
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Integer(number) => Item::plain(show.locale().integer(*number)),
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}

impl Kind for Number {
    fn name(&self) -> &'static str {
        "number"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        parse_decimal(node, cx)
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Decimal(text) => Item::plain(show.locale().decimal(text).unwrap_or_else(|| text.to_string())),
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        compare_decimals(a, b)
    }
}

impl Kind for Percent {
    fn name(&self) -> &'static str {
        "percent"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        parse_decimal(node, cx)
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Decimal(text) => Item::plain(show.locale().percent(text).unwrap_or_else(|| text.to_string())),
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        compare_decimals(a, b)
    }
}

/// Whether a text is a plain decimal number: `-12.5`.
pub fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(fraction) && digits.len() <= 30
}

/// The order of two plain decimal numbers.
pub fn compare_text(a: &str, b: &str) -> Ordering {
    let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
    number(a).total_cmp(&number(b))
}

fn parse_decimal(node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
    let what = cx.what();
    let text = cx.read.text(node, &what)?.clone();
    if is_decimal(&text) {
        return Some(Value::Decimal(text));
    }
    let help = match text.trim_end_matches('%').trim().replace(',', ".") {
        mended if is_decimal(&mended) => format!("write `{mended}`"),
        _ => "write digits and a point, such as `12.5`".to_owned(),
    };
    cx.read.error("bad-number", node.range, format!("`{}` is not a number", cut(&text)), help);
    None
}

fn compare_decimals(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Decimal(a), Value::Decimal(b)) => compare_text(a, b),
        _ => Ordering::Equal,
    }
}

/// The beginning of what the editor wrote, for a message.
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
