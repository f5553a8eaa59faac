//! `text`: one line of plain text.

use std::cmp::Ordering;

use super::{Cx, Item, Kind, Show, Value};
use crate::yaml::Node;

/// The kind.
pub(super) struct Text;

/// The longest that one line of text may be, in characters.
pub(super) const LONGEST: usize = 2_000;

impl Kind for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let text = cx.read.text(node, &what)?.clone();
        if text.trim().is_empty() {
            cx.read.error("empty-value", node.range, format!("{what} is empty"), "write a text, or remove the line");
            return None;
        }
        if text.chars().count() > LONGEST {
            let message = format!("{what} has {} characters; a text field takes {LONGEST}", text.chars().count());
            cx.read.error("too-long", node.range, message, "move it into the body, or use a field of kind markdown");
            return None;
        }
        Some(Value::Text(text))
    }

    fn item(&self, value: &Value, _: &Show<'_>) -> Item {
        match value {
            Value::Text(text) => Item::plain(text.as_str()),
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}
