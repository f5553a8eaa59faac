//! Words for broken syntax: turns what the event parser stumbled over into what an editor did.
//!
//! It knows the usual mistakes (a second colon, an open quotation mark, a missing space, a tab)
//! and looks around the place of failure for the place of the mistake. It does not decide what is
//! an error.

use granit_parser::ErrorKind as Fault;

use super::scene::{Scene, char_end, key_colon};
use super::{Error, ErrorKind, Node, Range};

/// Describes a syntax error. The range of the result is the place of the mistake, which may be
/// far above `at`.
pub(super) fn syntax(scene: &Scene, fault: &Fault, at: usize) -> Error {
    // Too deep is too deep, whatever stands there.
    let deep = matches!(fault, Fault::RecursionLimitExceeded).then(|| other_kinds(scene, fault, at)).flatten();
    deep.or_else(|| quotes(scene, fault, at))
        .or_else(|| brackets(scene, fault, at))
        .or_else(|| tabs(scene, fault, at))
        .or_else(|| colons(scene, fault, at))
        .or_else(|| layout(scene, fault, at))
        .or_else(|| value_start(scene, fault, at))
        .or_else(|| other_kinds(scene, fault, at))
        .unwrap_or_else(|| {
            scene
                .error(at, scene.line_end(at), "This cannot be understood.")
                .help("If it is a text with special characters, put it in quotation marks.")
        })
}

/// Quotation marks that are not closed, or closed too early, and escapes.
fn quotes(scene: &Scene, fault: &Fault, at: usize) -> Option<Error> {
    match fault {
        Fault::UnclosedQuotedScalar => match scene.flows.first() {
            Some(&bracket) if scene.swallows_key(bracket, at) => Some(scene.unclosed_bracket(bracket, at)),
            _ => Some(scene.unclosed_quote(at)),
        },
        Fault::InvalidTrailingSingleQuotedScalar | Fault::InvalidTrailingDoubleQuotedScalar => {
            let open = scene.opening_quote(at)?;
            if scene.swallows_key(open, at) {
                let closed = scene.range(at.saturating_sub(1).max(open), at);
                return Some(scene.unclosed_quote(open).related(closed, "the next such mark is here"));
            }
            Some(scene.quote_goes_on(open, at))
        }
        Fault::InvalidQuotedScalarIndent | Fault::DocumentIndicatorInQuotedScalar => {
            Some(scene.unclosed_quote(scene.opening_quote(at)?))
        }
        Fault::UnknownQuotedScalarEscape
        | Fault::InvalidQuotedScalarHexEscape
        | Fault::InvalidLowSurrogateHexEscape
        | Fault::InvalidLowSurrogate
        | Fault::MissingLowSurrogate
        | Fault::UnpairedLowSurrogate
        | Fault::InvalidUnicodeEscape => Some(scene.bad_escape(at)),
        _ => None,
    }
}

/// Brackets that are not closed, or close nothing, and what may not stand between them.
fn brackets(scene: &Scene, fault: &Fault, at: usize) -> Option<Error> {
    match fault {
        Fault::UnclosedFlowCollection { .. } => return Some(scene.unclosed_bracket(at, at)),
        Fault::MismatchedFlowCollectionEnd { open, close } => {
            let message = format!("`{close}` cannot close what `{open}` opened.");
            return Some(scene.here(at, &message).help(format!(
                "Write `{}` here, or add the missing bracket before it.",
                if *open == '[' { ']' } else { '}' }
            )));
        }
        Fault::MisplacedFlowCollectionEnd => {
            let message = format!("This `{}` closes nothing.", scene.char_at(at));
            let help = "Remove it; if it belongs to a text, put the text in quotation marks.";
            return Some(scene.here(at, &message).help(help));
        }
        _ => {}
    }
    let outermost = *scene.flows.first()?;
    if at >= scene.text.len() || scene.swallows_key(outermost, scene.line_end(at)) {
        return Some(scene.unclosed_bracket(outermost, at));
    }
    let innermost = *scene.flows.last()?;
    Some(scene.between_brackets(scene.char_at(innermost), at))
}

/// Tabs where spaces must be.
fn tabs(scene: &Scene, fault: &Fault, at: usize) -> Option<Error> {
    let suspect = match fault {
        Fault::TabNotAllowed
        | Fault::TabInBlockIndentation
        | Fault::TabInIndentation
        | Fault::TabAtBlockScalarStart
        | Fault::TabInPlainScalar
        | Fault::InvalidBlockEntryWhitespace
        | Fault::InvalidMappingValueWhitespace => true,
        Fault::ExpectedBlockMappingKey | Fault::SimpleKeyExpected | Fault::InvalidIndentation => {
            scene.indent_of(at).contains('\t')
        }
        _ => false,
    };
    if !suspect {
        return None;
    }
    let tab = scene.indenting_tab(at)?;
    let end = tab + scene.text[tab..].len() - scene.text[tab..].trim_start_matches('\t').len();
    Some(scene.error(tab, end, "This line is indented with a tab.").help("Indent with spaces, two for each level."))
}

/// Colons in the wrong place, and lines that have none.
fn colons(scene: &Scene, fault: &Fault, at: usize) -> Option<Error> {
    match fault {
        Fault::MappingValueNotAllowed => {
            if let Some((from, to)) = scene.scalar.filter(|_| scene.follows_scalar(at)) {
                if scene.text[from..to].contains('\n') {
                    return Some(scene.ran_on(from, to, at));
                }
                return Some(scene.second_colon(from, at));
            }
            Some(scene.second_colon(scene.content_start(at), at))
        }
        Fault::SimpleKeyExpected | Fault::InvalidSimpleKey => Some(scene.no_key(at)),
        Fault::ExpectedDocumentStart if scene.char_at(at) == ':' => Some(scene.missing_space(at)),
        _ => None,
    }
}

/// Lines that do not line up.
fn layout(scene: &Scene, fault: &Fault, at: usize) -> Option<Error> {
    match fault {
        Fault::ExpectedBlockMappingKey | Fault::InvalidIndentation | Fault::ExpectedDocumentStart => {
            Some(scene.misplaced_line(at))
        }
        Fault::ExpectedBlockSequenceEntry => Some(
            scene
                .error(at, scene.line_end(at), "This line is no list item, but it stands among list items.")
                .help("Begin it with `- `, or indent it differently from the items."),
        ),
        Fault::BlockSequenceEntryNotAllowed => Some(
            scene
                .error(at, scene.line_end(at), "A list cannot begin on the line of its key.")
                .help("Begin the list on the next line, or write it as `[a, b]`; a text that is or begins with a dash must be in quotation marks."),
        ),
        Fault::InvalidBlockScalarIndent => Some(
            scene
                .error(at, scene.line_end(at), "The lines of this text are not indented alike.")
                .help("Indent every line of the text at least as far as its first line."),
        ),
        Fault::CommentInterceptedScalar => Some(
            scene
                .error(at, scene.line_end(at), "A text that goes on below cannot have a comment in it.")
                .help("Move the comment to a line above the text; if the `#` belongs to the text, put the text in quotation marks."),
        ),
        Fault::CommentNotSeparated => Some(
            scene
                .here(at, "There is no space before this `#`.")
                .help("Write a space before `#` to begin a comment; if it belongs to the text, put the text in quotation marks."),
        ),
        _ => None,
    }
}

/// Characters with which a value cannot begin.
fn value_start(scene: &Scene, fault: &Fault, at: usize) -> Option<Error> {
    match fault {
        Fault::UnexpectedCharacter { character } if character.is_control() => {
            let message = format!("There is an invisible character here (U+{:04X}).", u32::from(*character));
            Some(scene.here(at, &message).help("Delete it and type the text around it again."))
        }
        Fault::BomInsideDocument => Some(
            scene
                .here(at, "There is an invisible character here (U+FEFF).")
                .help("Delete it and type the text around it again."),
        ),
        Fault::InvalidBlockScalarHeader | Fault::ZeroBlockScalarIndent => {
            let mark = scene.char_at(at);
            let message = format!("After `{mark}`, the text must begin on the next line.");
            Some(scene.error(at, scene.line_end(at), message).help(format!(
                "Move the text to the next line; if it begins with `{mark}`, put it in quotation marks."
            )))
        }
        Fault::UnexpectedCharacter { .. }
        | Fault::MappingKeyNotAllowed
        | Fault::UnexpectedEofBlockMapping
        | Fault::UnexpectedEofBlockSequence
        | Fault::ExpectedNodeContent
        | Fault::PlainScalarStartsWithDashFlowIndicator
        | Fault::UnexpectedEndOfPlainScalar
            if at < scene.text.len() =>
        {
            let mark = scene.char_at(at);
            let message = format!("A text cannot begin with `{mark}` unless it is in quotation marks.");
            Some(scene.error(at, scene.line_end(at), message).help(scene.quoted(at)))
        }
        _ => None,
    }
}

/// Tags, anchors and depth have codes of their own.
fn other_kinds(scene: &Scene, fault: &Fault, at: usize) -> Option<Error> {
    let end = scene.line_end(at);
    let (kind, message) = match fault {
        Fault::MissingAnchorOrAliasName | Fault::UnknownAnchor | Fault::AnchorCountOverflow => (
            ErrorKind::Alias,
            format!("A text cannot begin with `{}` unless it is in quotation marks.", scene.char_at(at)),
        ),
        Fault::UndeclaredTagHandle
        | Fault::ExpectedTagBang
        | Fault::ExpectedTagDirectiveBang
        | Fault::InvalidGlobalTagCharacter
        | Fault::InvalidTagTerminator
        | Fault::InvalidTagDirectiveTerminator
        | Fault::DuplicateTagDirective
        | Fault::MissingTagUri
        | Fault::UnclosedVerbatimTag
        | Fault::InvalidTagEscape
        | Fault::InvalidTagUtf8LeadingByte
        | Fault::InvalidTagUtf8TrailingByte
        | Fault::InvalidTagUtf8 => {
            (ErrorKind::Tag, "A text cannot begin with `!` unless it is in quotation marks.".to_owned())
        }
        Fault::RecursionLimitExceeded => {
            let message = "The lists and mappings are nested far too deeply.";
            let range = scene.range(at, char_end(scene.text, at));
            return Some(Error::new(ErrorKind::Depth, range, message).help("Nest less deeply."));
        }
        _ => return None,
    };
    Some(Error::new(kind, scene.range(at, end), message).help(scene.quoted(at)))
}

impl Scene<'_> {
    fn unclosed_quote(&self, open: usize) -> Error {
        let mark = self.char_at(open);
        let error = self.here(open, "The quotation mark opened here is not closed.");
        if mark == '\'' {
            return error.help("Write `'` at the end of the text; an apostrophe in it is written twice (`''`).");
        }
        error.help("Write `\"` at the end of the text.")
    }

    fn quote_goes_on(&self, open: usize, at: usize) -> Error {
        let end = self.line_end(at);
        let error = self
            .error(at, end, "More text follows the closing quotation mark.")
            .related(self.range(open, open + 1), "the quotation opens here");
        if self.char_at(open) == '\'' {
            return error.help("Inside single quotation marks, write an apostrophe twice (`''`); or put the text in double ones (`\"`).");
        }
        error.help(
            "Write `\\\"` for a quotation mark inside double quotation marks; or put the text in single ones (`'`).",
        )
    }

    fn bad_escape(&self, open: usize) -> Error {
        let open = if self.char_at(open) == '"' { open } else { self.opening_quote(open).unwrap_or(open) };
        let (start, end) = bad_escape_in(&self.text[open..]).unwrap_or((0, 1));
        let sequence = self.text.get(open + start..open + end).unwrap_or("\\");
        let message = format!("`{sequence}` has no meaning inside double quotation marks.");
        self.error(open + start, open + end, message)
            .help("Write `\\\\` for a backslash, or put the text in single quotation marks (`'`).")
    }

    fn unclosed_bracket(&self, open: usize, at: usize) -> Error {
        let (what, close) = if self.char_at(open) == '[' { ("list", ']') } else { ("mapping", '}') };
        let message = format!("The {what} opened with `{}` is not closed.", self.char_at(open));
        let error = self.here(open, &message).help(format!(
            "Write `{close}` at its end; if the bracket belongs to a text, put the text in quotation marks."
        ));
        if at <= open || at >= self.text.len() {
            return error;
        }
        error.related(self.range(at, char_end(self.text, at)), "it goes wrong here")
    }

    fn between_brackets(&self, bracket: char, at: usize) -> Error {
        match self.char_at(at) {
            ',' => self
                .here(at, "There is nothing before this comma.")
                .help("Remove it, or write what is missing."),
            ':' => self
                .here(at, "This colon is one too many.")
                .help("Put a text that has a colon in quotation marks, or write a comma before the next key."),
            '-' => self
                .here(at, "A list with dashes cannot stand between brackets.")
                .help("Separate the items with commas, as in `[a, b]`; put a text that begins with a dash in quotation marks."),
            _ if bracket == '{' => self
                .here(at, "A `,` or `}` is missing before this.")
                .help("Separate the entries with commas, as in `{ a: 1, b: 2 }`, or put the text in quotation marks."),
            _ => self
                .here(at, "A `,` or `]` is missing before this.")
                .help("Separate the items with commas, as in `[a, b]`, or put the text in quotation marks."),
        }
    }

    /// `key: some text: more`.
    fn second_colon(&self, value: usize, colon: usize) -> Error {
        let value = value.min(colon);
        let end = self.line_end(colon);
        self.error(value, end, "This text has a colon followed by a space, which only keys may have.")
            .help(format!("Put the text in quotation marks: {}.", self.quote(value, end)))
    }

    /// A text that went on over lines until one of them looked like a key.
    fn ran_on(&self, from: usize, to: usize, colon: usize) -> Error {
        let last = self.line_start(to.max(from + 1));
        let lines = self.text[from..last].split_inclusive('\n');
        let mut start = from;
        for line in lines {
            if let Some(colon) = key_colon(line.trim_start()) {
                return self.missing_space(start + line.len() - line.trim_start().len() + colon);
            }
            start += line.len();
        }
        if self.line_start(from) == from - self.indent_of(from).len() {
            return self.no_key(from);
        }
        let start = self.content_start(colon);
        self.error(start, self.line_end(colon), "This line is indented as if it continued the value above.")
            .related(self.range(from, self.line_end(from)), "the value above")
            .help("Line it up with the other keys; or, if it belongs to the key above, remove the value that the key already has.")
    }

    fn no_key(&self, at: usize) -> Error {
        if let Some(colon) = key_colon(&self.text[at..]) {
            return self.missing_space(at + colon);
        }
        self.error(at, self.line_end(at), "This line has no key.")
            .help("Write `key: value`; a text that goes on from the line above must be indented further than its key.")
    }

    fn missing_space(&self, colon: usize) -> Error {
        let start = self.content_start(colon);
        let end = self.line_end(colon + 1);
        let (key, value) = (&self.text[start..colon], &self.text[colon + 1..end]);
        self.here(colon, "There is no space after this colon.").help(format!("Write `{}: {}`.", cut(key), cut(value)))
    }

    /// Something stands where a key must begin.
    fn misplaced_line(&self, at: usize) -> Error {
        let start = self.content_start(at);
        let end = self.line_end(at);
        let line = &self.text[start..end];
        if line == "-" || line.starts_with("- ") {
            return self
                .error(start, end, "This list item stands among keys.")
                .help("Put it below the key it belongs to, and indent it.");
        }
        if start < at && self.last > start {
            return self
                .error(at, end, "This follows a value that has already ended.")
                .help("If it belongs to the value, put the whole value in quotation marks; if it is a comment, begin it with ` #`.");
        }
        self.error(start, end, "The indentation of this line fits none of the lines above.")
            .help("Line it up with the keys that it belongs to; what is inside a key is indented by two spaces.")
    }

    /// The text from here to the end of its line, as it would be in quotation marks.
    fn quoted(&self, at: usize) -> String {
        format!("Write {}.", self.quote(at, self.line_end(at)))
    }

    fn quote(&self, start: usize, end: usize) -> String {
        let text = cut(&self.text[start..end]);
        if text.contains(['"', '\\']) {
            return format!("`'{}'`", text.replace('\'', "''"));
        }
        format!("`\"{text}\"`")
    }

    /// An error at one character.
    fn here(&self, at: usize, message: &str) -> Error {
        self.error(at, char_end(self.text, at), message)
    }

    fn error(&self, start: usize, end: usize, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Syntax, self.range(start, end.max(start)), message)
    }
}

/// Whether `{key:value}` was read as a key without a value.
pub(super) fn glued(key: &str, range: Range, value: &Node) -> bool {
    value.is_null()
        && value.range.is_empty()
        && value.range.start == range.end
        && key.contains(':')
        && key.len() == (range.end - range.start) as usize
}

/// The error for a key of which [`glued`] holds.
pub(super) fn glued_in_flow(text: &str, base: u32, range: Range) -> Error {
    let scene = Scene::new(text, base);
    let (start, end) = ((range.start - base) as usize, (range.end - base) as usize);
    let colon = start + text[start..end].find(':').unwrap_or(0);
    scene.here(colon, "There is no space after this colon.").help(format!(
        "Write `{}: {}`.",
        cut(&text[start..colon]),
        cut(&text[colon + 1..end])
    ))
}

/// The first backslash in a double-quoted text that escapes nothing, with what it stands before.
fn bad_escape_in(text: &str) -> Option<(usize, usize)> {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let (next_at, next) = chars.next()?;
        let digits = match next {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '0' | 'a' | 'b' | 't' | '\t' | 'n' | 'v' | 'f' | 'r' | 'e' | ' ' | '"' | '/' | '\\' | 'N' | '_' | 'L'
            | 'P' | '\n' | '\r' => continue,
            _ => return Some((at, next_at + next.len_utf8())),
        };
        let hex: String = text[next_at + 1..].chars().take(digits).take_while(char::is_ascii_hexdigit).collect();
        let code = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
        if hex.len() < digits || code.is_none() {
            return Some((at, next_at + 1 + hex.len()));
        }
    }
    None
}

/// A piece of the text short enough for a message.
fn cut(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
