//! `email` and `phone`: role addresses, as links.

use super::number::cut;
use super::{Cx, Item, Kind, Show, Value};
use crate::html;
use crate::yaml::Node;

/// An e-mail address (RFC 5321).
pub(super) struct Email;
/// A telephone number (ITU E.123, international notation).
pub(super) struct Phone;

impl Kind for Email {
    fn name(&self) -> &'static str {
        "email"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let text = cx.read.text(node, &what)?.clone();
        let parts = text.split_once('@');
        let good = parts.is_some_and(|(local, host)| !local.is_empty() && host.contains('.') && !host.contains('@'))
            && text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '?' | '&'));
        if !good {
            let message = format!("`{}` is not an e-mail address", cut(&text));
            cx.read.error("bad-email", node.range, message, "write an address such as `info@example.org`");
            return None;
        }
        Some(Value::Text(text))
    }

    fn item(&self, value: &Value, _: &Show<'_>) -> Item {
        match value {
            Value::Text(text) => {
                Item { html: html::link(&format!("mailto:{text}"), &html::escape(text), None), text: text.to_string() }
            }
            _ => Item::default(),
        }
    }
}

impl Kind for Phone {
    fn name(&self) -> &'static str {
        "phone"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let text = cx.read.text(node, &what)?.clone();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let good = text.starts_with('+')
            && (6..=15).contains(&digits)
            && text[1..].chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.'));
        if !good {
            let message = format!("`{}` is not an international telephone number", cut(&text));
            cx.read.error("bad-phone", node.range, message, "write it with its country, such as `+371 67 000 000`");
            return None;
        }
        Some(Value::Text(text))
    }

    fn item(&self, value: &Value, _: &Show<'_>) -> Item {
        let Value::Text(text) = value else { return Item::default() };
        let number: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Item { html: html::link(&format!("tel:{number}"), &html::escape(text), None), text: text.to_string() }
    }
}
