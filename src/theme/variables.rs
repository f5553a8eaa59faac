//! Which variables templates name, and whether they are given them; how a template is rendered is Tera's to know.
//!
//! Tera tells of a missing variable only where it prints one, when a page comes to that line; `{% if entry.sumary %}` is
//! false for ever. So each template is read once more here, with what it extends and includes in their places, and every
//! name is looked up in the shape of what the template is given. What this reader does not understand it lets pass.

use std::collections::BTreeMap;

use ecow::EcoString;
use serde_json::Value;

use crate::diag::{Diagnostic, Diagnostics};
use crate::document::schema::{Field, TypeDef};
use crate::locale::messages::Messages;
use crate::source::{FileId, Range, Sources};
use crate::suggest;
use crate::view::Shapes;

/// How deep templates may include one another before this reader gives up.
const DEEPEST: usize = 32;

/// Ids that a template for a type asks a list for, such as the fields in `entry.facts | pick(ids=["budget"])`.
#[derive(Debug)]
pub(super) struct Asked {
    /// The template.
    pub(super) template: EcoString,
    /// The id, and where it is written.
    pub(super) id: String,
    pub(super) file: FileId,
    pub(super) range: Range,
}

/// Looks up every variable of every template that is rendered, and gives the ids that templates for types ask for.
pub(super) fn check(
    sources: &Sources,
    templates: &BTreeMap<EcoString, FileId>,
    shapes: &Shapes,
    messages: &[Messages],
    diagnostics: &mut Diagnostics,
) -> Vec<Asked> {
    let parsed: BTreeMap<&str, Template<'_>> = templates
        .iter()
        .map(|(name, file)| (name.as_str(), Template { file: *file, pieces: pieces(sources.text(*file)) }))
        .collect();
    let mut found = BTreeMap::new();
    let mut asked = Vec::new();
    for name in parsed.keys() {
        let of = if name.starts_with(super::TYPES) { "entry.html" } else { name };
        let Some(given) = shapes.given.get(of) else { continue };
        let mut reader = Reader {
            root: name,
            parsed: &parsed,
            shapes,
            messages: messages.first(),
            known: given.iter().map(|(name, shape)| (name.as_str(), Shape::Of(shape))).collect(),
            found: &mut found,
            asked: &mut asked,
            depth: 0,
        };
        reader.template(name);
    }
    found.into_values().for_each(|diagnostic| diagnostics.push(diagnostic));
    asked
}

/// Warns of ids that no field and no inverse list of a type has: such a list would be empty without a word.
pub(super) fn check_ids(asked: &[Asked], types: &[TypeDef], diagnostics: &mut Diagnostics) {
    for Asked { template, id, file, range } in asked {
        let kind = template.strip_prefix(super::TYPES).and_then(|rest| rest.strip_suffix(".html"));
        let Some(definition) = types.iter().find(|definition| kind == Some(&definition.id)) else { continue };
        let leads_here = |field: &&Field| field.to.iter().any(|(to, _)| *to == definition.id);
        let inverse =
            types.iter().flat_map(|other| &other.fields).filter(leads_here).filter_map(|f| f.inverse.as_ref());
        let known = definition.fields.iter().map(|field| &field.name).chain(inverse).map(EcoString::as_str);
        if !known.clone().any(|known| known == id) {
            let help = suggest::remedy(id, known, "fields and inverse lists");
            let message =
                format!("`{}` has no field and no inverse list `{id}`: this list would be empty", definition.id);
            diagnostics.push(Diagnostic::warning("unknown-list-id", file.at(*range), message).help(help));
        }
    }
}

/// A template in pieces.
struct Template<'t> {
    file: FileId,
    pieces: Vec<Piece<'t>>,
}

/// A tag of a template, or an expression that it prints.
struct Piece<'t> {
    tag: Tag<'t>,
    tokens: Vec<Token<'t>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag<'t> {
    Print,
    For,
    EndFor,
    Set,
    Block(&'t str),
    EndBlock,
    Include(&'t str),
    Extends(&'t str),
    /// Until `EndComponent`: what is between knows only its own arguments.
    Component,
    EndComponent,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Name,
    Text,
    Number,
    Sign,
}

#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    kind: Kind,
    text: &'t str,
    at: usize,
}

impl Token<'_> {
    fn is(&self, sign: &str) -> bool {
        self.kind != Kind::Text && self.text == sign
    }
}

/// All tags of a template; comments and raw text are none.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|found| at + found) {
        let close = match text.as_bytes().get(open + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let start = open + 2;
        if close == "#}" {
            at = text[start..].find(close).map_or(text.len(), |end| start + end + 2);
            continue;
        }
        let (tokens, end) = tokens(text, start, close);
        at = end;
        let word = tokens.first().filter(|_| close == "%}").map(|token| token.text);
        if word == Some("raw") {
            at = text[at..].find("endraw").map_or(text.len(), |end| at + end);
            continue;
        }
        let named = |kind| tokens.get(1).filter(|token| token.kind == kind).map(|token| token.text);
        let tag = match word {
            None => Tag::Print,
            Some("for") => Tag::For,
            Some("endfor") => Tag::EndFor,
            Some("set" | "set_global") => Tag::Set,
            Some("endblock") => Tag::EndBlock,
            Some("component") => Tag::Component,
            Some("endcomponent") => Tag::EndComponent,
            Some("block") => named(Kind::Name).map_or(Tag::Other, Tag::Block),
            Some("include") => named(Kind::Text).map_or(Tag::Other, Tag::Include),
            Some("extends") => named(Kind::Text).map_or(Tag::Other, Tag::Extends),
            Some(_) => Tag::Other,
        };
        pieces.push(Piece { tag, tokens });
    }
    pieces
}

/// What a tag consists of, and where the text goes on behind it.
fn tokens<'t>(text: &'t str, start: usize, close: &str) -> (Vec<Token<'t>>, usize) {
    let mut tokens = Vec::new();
    let mut at = start;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with(close) {
            return (tokens, at + close.len());
        }
        let length = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let token = match c {
            '"' | '\'' | '`' => {
                let inner = &rest[1..rest[1..].find(c).map_or(rest.len(), |end| end + 1)];
                Token { kind: Kind::Text, text: inner, at: at + 1 }
            }
            _ if c.is_alphabetic() || c == '_' => {
                let length = length(|c| c.is_alphanumeric() || c == '_');
                Token { kind: Kind::Name, text: &rest[..length], at }
            }
            _ if c.is_ascii_digit() => Token { kind: Kind::Number, text: &rest[..length(|c| c.is_ascii_digit())], at },
            _ => {
                let two = ["==", "!=", "<=", ">=", "?.", "//", "**"].into_iter().find(|two| rest.starts_with(two));
                Token { kind: Kind::Sign, text: &rest[..two.map_or(c.len_utf8(), str::len)], at }
            }
        };
        let quotes = usize::from(token.kind == Kind::Text);
        at = (token.at + token.text.len() + quotes).min(text.len());
        // A dash beside the braces trims white space.
        let trims = token.is("-") && (tokens.is_empty() && token.at == start || text[at..].starts_with(close));
        if !trims && !c.is_whitespace() {
            tokens.push(token);
        }
    }
    (tokens, text.len())
}

/// What is known of a value.
#[derive(Clone, Copy)]
enum Shape<'s> {
    /// A JSON Schema.
    Of(&'s Value),
    /// Nothing.
    Any,
}

/// Reads one rendered template with all that it extends and includes.
struct Reader<'r, 't> {
    root: &'r str,
    parsed: &'r BTreeMap<&'r str, Template<'t>>,
    shapes: &'r Shapes,
    /// The interface strings of one language; all languages have the same.
    messages: Option<&'r Messages>,
    /// The variables, those that hide others last.
    known: Vec<(&'r str, Shape<'r>)>,
    found: &'r mut BTreeMap<(FileId, usize), Diagnostic>,
    asked: &'r mut Vec<Asked>,
    depth: usize,
}

/// A template and those that it extends, the one that is called first.
type Chain<'r> = Vec<&'r str>;

impl<'r, 't: 'r> Reader<'r, 't> {
    fn template(&mut self, name: &'r str) {
        if self.depth == DEEPEST {
            return;
        }
        let mut chain: Chain<'r> = vec![name];
        while let Some(parent) = chain.last().and_then(|last| self.parent(last))
            && !chain.contains(&parent)
        {
            chain.push(parent);
        }
        self.depth += 1;
        if let Some(base) = chain.last().and_then(|base| self.parsed.get(base)) {
            let base: &'r Template<'t> = base;
            self.pieces(base, 0..base.pieces.len(), &chain, None);
        }
        self.depth -= 1;
    }

    fn parent(&self, name: &str) -> Option<&'r str> {
        let template = self.parsed.get(name)?;
        template.pieces.iter().find_map(|piece| match piece.tag {
            Tag::Extends(parent) => self.parsed.get_key_value(parent).map(|(name, _)| *name),
            _ => None,
        })
    }

    /// Reads a part of a template. `block` is the block that it is the body of, and how many templates of the chain
    /// come before the one that it is in.
    fn pieces(
        &mut self,
        template: &'r Template<'t>,
        range: std::ops::Range<usize>,
        chain: &Chain<'r>,
        block: Option<(&'r str, usize)>,
    ) {
        let mut loops = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let piece = &template.pieces[at];
            match piece.tag {
                Tag::Block(name) => {
                    let end = end_of_block(&template.pieces, at).min(range.end);
                    self.block(name, 0, chain);
                    at = end;
                }
                Tag::Include(name) => {
                    if let Some((name, _)) = self.parsed.get_key_value(name) {
                        // What it sets is its own.
                        let before = self.known.len();
                        self.template(name);
                        self.known.truncate(before);
                    }
                }
                Tag::For => {
                    loops.push(self.known.len());
                    self.begin_loop(template, &piece.tokens);
                }
                Tag::EndFor => {
                    if let Some(before) = loops.pop() {
                        self.known.truncate(before);
                    }
                }
                Tag::Set => self.set(template, &piece.tokens),
                Tag::Component => {
                    let ends = |piece: &Piece<'_>| piece.tag == Tag::EndComponent;
                    at += template.pieces[at..range.end].iter().position(ends).unwrap_or(range.end - at);
                }
                Tag::Print if piece.tokens.first().is_some_and(|token| token.is("<")) => {}
                Tag::Print | Tag::Other => {
                    let is_super = matches!(piece.tokens.as_slice(), [name, ..] if name.is("super"));
                    match block {
                        Some((name, level)) if is_super => self.block(name, level + 1, chain),
                        _ => {
                            let words = usize::from(piece.tag == Tag::Other);
                            self.expression(template, piece.tokens.get(words..).unwrap_or_default());
                        }
                    }
                }
                Tag::EndBlock | Tag::EndComponent | Tag::Extends(_) => {}
            }
            at += 1;
        }
    }

    /// The first body of a block in the chain, from a template on.
    fn block(&mut self, name: &'r str, from: usize, chain: &Chain<'r>) {
        for (level, template) in chain.iter().enumerate().skip(from) {
            let Some(template) = self.parsed.get(template) else { continue };
            let template: &'r Template<'t> = template;
            if let Some(at) = template.pieces.iter().position(|piece| piece.tag == Tag::Block(name)) {
                let end = end_of_block(&template.pieces, at);
                return self.pieces(template, at + 1..end, chain, Some((name, level)));
            }
        }
    }

    /// `for item in list` and `for key, value in map`.
    fn begin_loop(&mut self, template: &Template<'t>, tokens: &'r [Token<'t>]) {
        let Some(at) = tokens.iter().position(|token| token.is("in")) else { return };
        let list = self.value(template, &tokens[at + 1..]);
        match &tokens[..at] {
            [_, item] => self.known.push((item.text, self.item(list))),
            [_, key, _, value] => {
                let Shape::Of(shape) = list else {
                    self.known.extend([(key.text, Shape::Any), (value.text, Shape::Any)]);
                    self.known.push(("loop", Shape::Any));
                    return;
                };
                let values = shape.get("additionalProperties").filter(|values| values.is_object());
                self.known.push((key.text, Shape::Any));
                self.known.push((value.text, values.map_or(Shape::Any, Shape::Of)));
            }
            _ => {}
        }
        self.known.push(("loop", Shape::Any));
    }

    /// `set name = value`.
    fn set(&mut self, template: &Template<'t>, tokens: &'r [Token<'t>]) {
        match tokens {
            [_, name, equals, value @ ..] if equals.is("=") => {
                let shape = self.value(template, value);
                self.known.push((name.text, shape));
            }
            // `{% set name %}…{% endset %}`
            [_, name, ..] => self.known.push((name.text, Shape::Any)),
            _ => {}
        }
    }

    /// Looks up all names of an expression, and says what is known of its value.
    fn value(&mut self, template: &Template<'t>, tokens: &'r [Token<'t>]) -> Shape<'r> {
        self.expression(template, tokens);
        let Some((mut shape, mut at)) = self.path(None, tokens, 0) else { return Shape::Any };
        while at < tokens.len() {
            let [pipe, filter, ..] = &tokens[at..] else { return Shape::Any };
            if !pipe.is("|") {
                return Shape::Any;
            }
            shape = match filter.text {
                "pick" | "without" | "reverse" | "slice" | "sort" | "unique" => shape,
                "first" | "last" | "nth" => self.item(shape),
                _ => Shape::Any,
            };
            at += 2;
            if tokens.get(at).is_some_and(|token| token.is("(")) {
                at = closing(tokens, at);
            }
        }
        shape
    }

    fn expression(&mut self, template: &Template<'t>, tokens: &'r [Token<'t>]) {
        self.ask(template, tokens);
        self.messages(template, tokens);
        let before = self.known.len();
        // `[item.name for item in list]` says last what its names are.
        for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.is("for")) {
            let Some(list) = tokens[at..].iter().position(|token| token.is("in")).map(|found| at + found) else {
                continue;
            };
            let shape = self.path(None, tokens, list + 1).map_or(Shape::Any, |(shape, _)| shape);
            match &tokens[at + 1..list] {
                [item] => self.known.push((item.text, self.item(shape))),
                several => self.known.extend(several.iter().map(|token| (token.text, Shape::Any))),
            }
        }
        let mut at = 0;
        while at < tokens.len() {
            let before = at.checked_sub(1).map(|before| &tokens[before]);
            let follows = |signs: &[&str]| before.is_some_and(|token| signs.iter().any(|sign| token.is(sign)));
            let next = tokens.get(at + 1);
            let token = &tokens[at];
            let is_test = follows(&["is"])
                || follows(&["not"]) && at.checked_sub(2).is_some_and(|before| tokens[before].is("is"));
            let is_key = next.is_some_and(|next| next.is("=") || next.is("("));
            if token.kind != Kind::Name || is_key || is_test || is_word(token.text) || follows(&["|", ".", "?."]) {
                at += 1;
                continue;
            }
            match self.path(Some(template), tokens, at) {
                Some((_, end)) => at = end.max(at + 1),
                None => at += 1,
            }
        }
        self.known.truncate(before);
    }

    /// Follows `name.member["member"]` from `at` as far as it goes; reports a name that is not there, if it is to be
    /// reported.
    fn path(
        &mut self,
        report: Option<&Template<'t>>,
        tokens: &'r [Token<'t>],
        at: usize,
    ) -> Option<(Shape<'r>, usize)> {
        let first = tokens.get(at).filter(|token| token.kind == Kind::Name && !is_word(token.text))?;
        if tokens.get(at + 1).is_some_and(|next| next.is("(")) {
            return None;
        }
        let end = path_end(tokens, at);
        // Whoever asks whether something is there may ask for anything.
        let guarded = match tokens.get(end..).unwrap_or_default() {
            [is, defined, ..] if is.is("is") && (defined.is("defined") || defined.is("undefined")) => true,
            [is, not, defined, ..] if is.is("is") && not.is("not") && defined.is("defined") => true,
            [pipe, default, ..] => pipe.is("|") && default.is("default"),
            _ => false,
        };
        let known = self.known.iter().rev().find(|(name, _)| *name == first.text).map(|(_, shape)| *shape);
        let Some(mut shape) = known else {
            if let Some(template) = report.filter(|_| !guarded) {
                let help = suggest::remedy(first.text, self.known.iter().map(|(name, _)| *name), "variables");
                self.report(template, first, format!("there is no variable `{}`", first.text), help);
            }
            return Some((Shape::Any, end));
        };
        let mut step = at + 1;
        let mut so_far = first.text.to_owned();
        while step < end {
            let (member, next) = match &tokens[step..end] {
                [dot, member, ..] if dot.is(".") || dot.is("?.") => (Some(member), step + 2),
                [open, member, close, ..] if open.is("[") && close.is("]") && member.kind != Kind::Name => {
                    (Some(member), step + 3)
                }
                _ => (None, closing(tokens, step)),
            };
            step = next;
            let Some(member) = member else {
                // An index that only the page knows: what is in it was looked up by itself.
                let inner = &tokens[..step.saturating_sub(1)];
                let open = inner.iter().rposition(|token| token.is("[")).unwrap_or(inner.len());
                if let Some(template) = report {
                    self.expression(template, inner.get(open + 1..).unwrap_or_default());
                }
                shape = self.item(shape);
                so_far.push_str("[…]");
                continue;
            };
            match self.member(shape, member) {
                Ok(found) => shape = found,
                Err(names) => {
                    if let Some(template) = report.filter(|_| !guarded) {
                        let help = match names.is_empty() {
                            true => format!("`{so_far}` is a plain value or a list"),
                            false => suggest::remedy(member.text, names, "members"),
                        };
                        self.report(template, member, format!("`{so_far}` has no `{}`", member.text), help);
                    }
                    return Some((Shape::Any, end));
                }
            }
            so_far.push('.');
            so_far.push_str(member.text);
        }
        Some((shape, end))
    }

    /// A member of a value, or the names that there are.
    fn member(&self, shape: Shape<'r>, member: &Token<'_>) -> Result<Shape<'r>, Vec<&'r str>> {
        let Shape::Of(shape) = shape else { return Ok(Shape::Any) };
        let Some(shape) = self.resolved(shape) else { return Ok(Shape::Any) };
        let members = shape.get("properties").and_then(Value::as_object);
        if let Some(found) = members.and_then(|members| members.get(member.text)) {
            return Ok(Shape::Of(found));
        }
        match shape.get("additionalProperties") {
            Some(values @ Value::Object(_)) => return Ok(Shape::Of(values)),
            Some(Value::Bool(true)) => return Ok(Shape::Any),
            _ => {}
        }
        if member.kind == Kind::Number && shape.get("items").is_some() {
            return Ok(self.item(Shape::Of(shape)));
        }
        let plain = ["string", "boolean", "integer", "number", "array"];
        match members {
            Some(members) => Err(members.keys().map(String::as_str).collect()),
            None if shape.get("type").and_then(Value::as_str).is_some_and(|kind| plain.contains(&kind)) => {
                Err(Vec::new())
            }
            None => Ok(Shape::Any),
        }
    }

    /// What a list is a list of.
    fn item(&self, shape: Shape<'r>) -> Shape<'r> {
        let Shape::Of(shape) = shape else { return Shape::Any };
        let items = self.resolved(shape).and_then(|shape| shape.get("items"));
        items.map_or(Shape::Any, Shape::Of)
    }

    /// A shape without its references, and without "or nothing"; `None` where there are several to choose from.
    fn resolved(&self, shape: &'r Value) -> Option<&'r Value> {
        if let Some(name) = shape.get("$ref").and_then(Value::as_str) {
            return self.resolved(self.shapes.definitions.get(name)?);
        }
        if let Some(choices) = shape.get("anyOf").and_then(Value::as_array) {
            let mut some = choices.iter().filter(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
            let one = some.next()?;
            return if some.next().is_none() { self.resolved(one) } else { None };
        }
        Some(shape)
    }

    fn report(&mut self, template: &Template<'t>, token: &Token<'_>, message: String, help: String) {
        let span = template.file.at(Range::of(token.at, token.at + token.text.len()));
        let own = self.parsed.get(self.root).is_some_and(|root| root.file == template.file);
        let message = match own {
            true => message,
            false => format!("{message} where this is a part of {}", self.root),
        };
        let diagnostic = Diagnostic::error("unknown-variable", span, message).help(help);
        self.found.entry((template.file, token.at)).or_insert(diagnostic);
    }

    /// Looks up the id in `msg(id="…")`.
    fn messages(&mut self, template: &Template<'t>, tokens: &[Token<'t>]) {
        let Some(messages) = self.messages else { return };
        for at in (0..tokens.len()).filter(|at| tokens[*at].is("msg")) {
            let arguments = &tokens[at + 1..closing(tokens, at + 1).min(tokens.len())];
            let named = arguments.windows(4).find(|four| four[0].is("id") && four[1].is("="));
            let Some([_, _, id, end]) = named else { continue };
            if id.kind != Kind::Text || !end.is(",") && !end.is(")") {
                continue;
            }
            if !messages.contains(id.text) {
                let help = suggest::remedy(id.text, messages.ids().collect::<Vec<_>>(), "messages");
                self.report(template, id, format!("there is no message `{}`", id.text), help);
            }
        }
    }

    /// Notes the ids in `… | pick(ids=["…"])` of a template for a type.
    fn ask(&mut self, template: &Template<'t>, tokens: &[Token<'t>]) {
        let own = self.parsed.get(self.root).is_some_and(|root| root.file == template.file);
        if !own || !self.root.starts_with(super::TYPES) {
            return;
        }
        for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.is("pick") || token.is("without")) {
            let [_, open, ids, equals, ..] = &tokens[at..] else { continue };
            if !open.is("(") || !ids.is("ids") || !equals.is("=") {
                continue;
            }
            let list = &tokens[at + 1..closing(tokens, at + 1)];
            self.asked.extend(list.iter().filter(|token| token.kind == Kind::Text).map(|token| Asked {
                template: self.root.into(),
                id: token.text.to_owned(),
                file: template.file,
                range: Range::of(token.at, token.at + token.text.len()),
            }));
        }
    }
}

/// Words of the language, which are no variables.
fn is_word(text: &str) -> bool {
    const WORDS: &[&str] =
        &["and", "or", "not", "in", "is", "if", "else", "for", "true", "false", "True", "False", "none", "None"];
    WORDS.contains(&text)
}

/// Where a path ends that begins at `at`.
fn path_end(tokens: &[Token<'_>], at: usize) -> usize {
    let mut end = at + 1;
    loop {
        end = match tokens.get(end..).unwrap_or_default() {
            [dot, member, ..] if (dot.is(".") || dot.is("?.")) && member.kind != Kind::Sign => end + 2,
            [open, ..] if open.is("[") => closing(tokens, end),
            _ => return end,
        };
    }
}

/// The place behind the bracket that closes the one at `at`.
fn closing(tokens: &[Token<'_>], at: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, token) in tokens[at..].iter().enumerate() {
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Sign => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Sign => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + offset + 1;
        }
    }
    tokens.len()
}

/// The piece that ends the block that begins at `at`.
fn end_of_block(pieces: &[Piece<'_>], at: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, piece) in pieces[at..].iter().enumerate() {
        match piece.tag {
            Tag::Block(_) => depth += 1,
            Tag::EndBlock => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + offset;
        }
    }
    pieces.len()
}
