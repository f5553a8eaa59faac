//! `markdown`: a text of several paragraphs.

use super::{Cx, Item, Kind, Show, Value};
use crate::document::report_markdown;
use crate::markdown;
use crate::yaml::{Node, Style, Value as Yaml};

/// The kind.
pub(super) struct Markdown;

impl Kind for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let text = cx.read.text(node, &what)?.clone();
        let voice = &cx.names.voices[cx.lang.map_or(0, |lang| lang.index())];
        let prefix = format!("{}-", cx.field.name);
        let options = voice.markdown(&prefix);
        let (body, mut problems) = markdown::parse(&text, node.range.start, &options);
        // Escapes and folding move what follows them: where offsets are not those of the file, point at the value.
        let plain = matches!(&node.value, Yaml::Scalar(scalar) if scalar.style == Style::Plain);
        for problem in problems.iter_mut().filter(|_| !plain) {
            problem.range = node.range;
        }
        report_markdown(cx.read.file, problems, cx.read.diagnostics);
        Some(Value::Markdown(Box::new(body)))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Markdown(body) => {
                Item { html: crate::view::body::fill_field(body, show), text: body.excerpt.to_string() }
            }
            _ => Item::default(),
        }
    }

    fn is_block(&self) -> bool {
        true
    }
}
