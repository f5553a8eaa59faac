//! Knows how to read one file of messages with `fluent-syntax` and where each piece of it stands.
//! It does not know what messages refer to.

use std::ops::Range;

use fluent_syntax::ast;
use fluent_syntax::parser::{ErrorKind, parse_runtime};

use super::MessageError;

/// How deep braces may nest in a file: far beyond any real message.
const MAX_DEPTH: usize = 32;

/// One file and what was understood of it.
pub(super) struct Source<'t> {
    pub(super) file: usize,
    text: &'t str,
    pub(super) body: Vec<ast::Entry<&'t str>>,
}

impl<'t> Source<'t> {
    pub(super) fn parse(file: usize, text: &'t str, errors: &mut Vec<MessageError>) -> Self {
        let content = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let shift = text.len() - content.len();
        let hazard = too_deep(content).or_else(|| cut_escape(content));
        if let Some(Hazard { at, message, help }) = hazard {
            let range = inside(text, at + shift, at + shift + 1);
            errors.push(MessageError { file, range, message, help: Some(help.to_owned()) });
            return Source { file, text, body: Vec::new() };
        }
        let (resource, broken) = match parse_runtime(content) {
            Ok(resource) => (resource, Vec::new()),
            Err(partial) => partial,
        };
        for error in broken {
            errors.push(MessageError {
                file,
                range: inside(text, error.pos.start + shift, error.pos.end + shift),
                message: error.kind.to_string(),
                help: advice(&error.kind).map(str::to_owned),
            });
        }
        Source { file, text, body: resource.body }
    }

    /// Where a piece of the text stands in it.
    pub(super) fn range(&self, piece: &str) -> Range<usize> {
        let start = (piece.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        inside(self.text, start, start.saturating_add(piece.len()))
    }

    pub(super) fn line(&self, piece: &str) -> usize {
        let start = self.range(piece).start;
        self.text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1
    }
}

/// A range moved inside the text and onto whole characters.
fn inside(text: &str, start: usize, end: usize) -> Range<usize> {
    let start = text.floor_char_boundary(start);
    start..text.ceil_char_boundary(end).max(start)
}

/// What would make the parser of fluent-syntax 0.12 panic, found before it is called; the file is not read.
struct Hazard {
    at: usize,
    message: String,
    help: &'static str,
}

/// The parser recurses with each brace, so the depth is measured before; braces in string literals are text.
fn too_deep(text: &str) -> Option<Hazard> {
    let mut depth = 0usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' => depth += 1,
            b'(' if depth > 0 => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b')' if depth > 0 => depth -= 1,
            b'"' if depth > 0 => {
                let mut escaped = false;
                bytes.find(|(_, byte)| {
                    let ends = *byte == b'\n' || (*byte == b'"' && !escaped);
                    escaped = *byte == b'\\' && !escaped;
                    ends
                });
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            let message = format!("braces nest deeper than {MAX_DEPTH} levels, so the file is not read");
            return Some(Hazard { at, message, help: "close the braces before, or split the message" });
        }
    }
    None
}

/// The parser cuts the text after the first byte that is not a digit of an escape, even inside a character.
fn cut_escape(text: &str) -> Option<Hazard> {
    let short = text.match_indices("\\u").map(|(at, _)| (at, 4));
    let long = text.match_indices("\\U").map(|(at, _)| (at, 6));
    let (at, _) = short.chain(long).find(|(at, width)| {
        let after = text.bytes().skip(at + 2).take(*width);
        after.skip_while(u8::is_ascii_hexdigit).take(1).any(|byte| !byte.is_ascii())
    })?;
    let message = "this escape breaks off before a letter with an accent, so the file is not read".to_owned();
    Some(Hazard { at, message, help: "write four hexadecimal digits after \\u, six after \\U" })
}

fn advice(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::MissingDefaultVariant => "mark one variant with an asterisk, as in *[other]",
        ErrorKind::MultipleDefaultVariants => "leave the asterisk on one variant only",
        ErrorKind::UnbalancedClosingBrace => "write {\"}\"} for a brace in the text, or add the opening one",
        ErrorKind::ExpectedToken('=') => {
            "a message begins in the first column as id = text; indent what continues a text"
        }
        ErrorKind::ExpectedToken('}') => "close the brace, or write {\"{\"} for a brace in the text",
        ErrorKind::ExpectedMessageField { .. } | ErrorKind::MissingValue => "write the text after the equals sign",
        ErrorKind::UnterminatedStringLiteral => "close the quotation mark on the same line",
        ErrorKind::ExpectedInlineExpression => "in braces write $variable, message, -term, \"text\" or a number",
        ErrorKind::ForbiddenCallee => "functions are written in capitals; the only one is NUMBER",
        _ => return None,
    })
}
