//! Knows how to turn the messages of one language into texts and templates, with every reference written out.
//! It does not know arguments: whatever depends on one is left in the template.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use fluent_syntax::ast::{self, InlineExpression as Inline};
use fluent_syntax::unicode::unescape_unicode_to_string;

use super::source::Source;
use super::{Entry, Key, MessageError, Node, by_number, is_word, position};
use crate::locale::numbers::Numbers;

/// How deep references may lead from one message into another.
const MAX_DEPTH: usize = 32;
/// How many pieces a message may come to once its references are written out.
const MAX_PIECES: usize = 2_000;
/// How much text counts as a piece.
const KILOBYTE: usize = 1_024;

type Pattern<'a> = ast::Pattern<&'a str>;

/// What a reference gives to a term.
#[derive(Clone, Copy)]
enum Literal<'a> {
    Text(&'a str),
    Number(&'a str),
}

/// A message or a term, and the file that it stands in.
#[derive(Clone, Copy)]
struct Defined<'a> {
    source: &'a Source<'a>,
    id: &'a str,
    value: Option<&'a Pattern<'a>>,
    attributes: &'a [ast::Attribute<&'a str>],
}

/// Where the compiler stands, and what variables mean there.
#[derive(Clone)]
struct Scope<'a> {
    source: &'a Source<'a>,
    /// In a term, the literals that the reference gives it; elsewhere variables are arguments of the message.
    given: Option<Rc<[(&'a str, Literal<'a>)]>>,
}

/// A message or term referred to, and what it leads to.
struct Reference<'a> {
    sigil: &'static str,
    id: &'a str,
    attribute: Option<&'a str>,
    found: Option<Defined<'a>>,
    given: Option<Rc<[(&'a str, Literal<'a>)]>>,
}

/// What chooses between the variants of a selection.
enum Selector<'a> {
    Variable {
        name: &'a str,
        ordinal: bool,
    },
    Text(String),
    Number {
        text: &'a str,
        ordinal: bool,
    },
    /// Nothing is known, so the default is taken.
    Nothing,
}

pub(super) struct Compiler<'a, 'e> {
    numbers: &'a Numbers,
    messages: BTreeMap<&'a str, Defined<'a>>,
    terms: BTreeMap<&'a str, Defined<'a>>,
    errors: &'e mut Vec<MessageError>,
    /// The definitions being written out, outermost first: where one comes back, it refers to itself.
    open: Vec<String>,
    /// How many more pieces the present message may have.
    pieces: usize,
}

impl<'a, 'e> Compiler<'a, 'e> {
    /// Collects the definitions; of a message defined in several files the last counts.
    pub(super) fn new(numbers: &'a Numbers, sources: &'a [Source<'a>], errors: &'e mut Vec<MessageError>) -> Self {
        let (messages, terms) = (BTreeMap::new(), BTreeMap::new());
        let mut compiler = Compiler { numbers, messages, terms, errors, open: Vec::new(), pieces: 0 };
        for source in sources {
            let mut seen: BTreeMap<(bool, &str), &str> = BTreeMap::new();
            for entry in &source.body {
                let (is_term, id, value, attributes) = match entry {
                    ast::Entry::Message(item) => (false, item.id.name, item.value.as_ref(), &item.attributes),
                    ast::Entry::Term(item) => (true, item.id.name, Some(&item.value), &item.attributes),
                    _ => continue,
                };
                if let Some(first) = seen.get(&(is_term, id)) {
                    let name = if is_term { format!("-{id}") } else { id.to_owned() };
                    let help = format!("remove one of the two; the first stands on line {}", source.line(first));
                    compiler.report(source, id, format!("`{name}` is defined twice in this file"), help);
                    continue;
                }
                seen.insert((is_term, id), id);
                let table = if is_term { &mut compiler.terms } else { &mut compiler.messages };
                table.insert(id, Defined { source, id, value, attributes });
            }
        }
        compiler
    }

    /// Every message and attribute, compiled.
    pub(super) fn entries(&mut self) -> BTreeMap<Box<str>, Entry> {
        let mut entries = BTreeMap::new();
        let messages: Vec<_> = self.messages.values().copied().collect();
        for message in messages {
            let scope = Scope { source: message.source, given: None };
            if let Some(value) = message.value {
                entries.insert(message.id.into(), self.entry(message.id.to_owned(), value, &scope));
            }
            for attribute in message.attributes {
                let name = dotted(message.id, Some(attribute.id.name));
                let entry = self.entry(name.clone(), &attribute.value, &scope);
                entries.insert(name.into(), entry);
            }
        }
        // Terms are compiled for their errors only: one that no message uses may still be broken.
        let terms: Vec<_> = self.terms.values().copied().collect();
        for term in terms {
            let scope = Scope { source: term.source, given: None };
            for pattern in term.value.into_iter().chain(term.attributes.iter().map(|attribute| &attribute.value)) {
                self.entry(format!("-{}", term.id), pattern, &scope);
            }
        }
        entries
    }

    fn entry(&mut self, name: String, pattern: &'a Pattern<'a>, scope: &Scope<'a>) -> Entry {
        self.pieces = MAX_PIECES;
        self.open.push(name);
        let mut nodes = Vec::new();
        self.pattern(pattern, scope, &mut nodes);
        self.open.pop();
        match nodes.as_slice() {
            [] => Entry::Plain("".into()),
            [Node::Text(text)] => Entry::Plain(text.as_str().into()),
            _ => {
                let mut variables = BTreeSet::new();
                collect_variables(&nodes, &mut variables);
                Entry::Template { nodes, variables: variables.into_iter().collect() }
            }
        }
    }

    fn pattern(&mut self, pattern: &'a Pattern<'a>, scope: &Scope<'a>, out: &mut Vec<Node>) {
        for element in &pattern.elements {
            match element {
                ast::PatternElement::TextElement { value } => {
                    if self.spend(value.len() / KILOBYTE, value, scope) {
                        push_text(out, value);
                    }
                }
                ast::PatternElement::Placeable { expression } => self.expression(expression, scope, out),
            }
        }
    }

    fn expression(&mut self, expression: &'a ast::Expression<&'a str>, scope: &Scope<'a>, out: &mut Vec<Node>) {
        if !self.spend(1, piece_of(expression), scope) {
            return;
        }
        match expression {
            ast::Expression::Inline(inline) => self.inline(inline, scope, out),
            ast::Expression::Select { selector, variants } => self.select(selector, variants, scope, out),
        }
    }

    fn inline(&mut self, inline: &'a Inline<&'a str>, scope: &Scope<'a>, out: &mut Vec<Node>) {
        match inline {
            Inline::StringLiteral { value } => push_text(out, &unescape_unicode_to_string(value)),
            Inline::NumberLiteral { value } => self.literal(Literal::Number(value), out),
            Inline::Placeable { expression } => self.expression(expression, scope, out),
            Inline::VariableReference { id } => self.variable(id.name, scope, out),
            Inline::FunctionReference { id, arguments } => match self.number_call(id.name, arguments, scope) {
                Some((Inline::VariableReference { id }, _)) => self.variable(id.name, scope, out),
                Some((Inline::NumberLiteral { value }, _)) => self.literal(Literal::Number(value), out),
                _ => push_text(out, &format!("{{{}()}}", id.name)),
            },
            Inline::MessageReference { id, attribute } => {
                let attribute = attribute.as_ref().map(|attribute| attribute.name);
                let found = self.messages.get(id.name).copied();
                let reference = Reference { sigil: "", id: id.name, attribute, found, given: scope.given.clone() };
                self.follow(reference, scope, out);
            }
            Inline::TermReference { id, attribute, arguments } => {
                let attribute = attribute.as_ref().map(|attribute| attribute.name);
                let found = self.terms.get(id.name).copied();
                let given = Some(given(arguments.as_ref()));
                self.follow(Reference { sigil: "-", id: id.name, attribute, found, given }, scope, out);
            }
        }
    }

    fn literal(&self, literal: Literal<'_>, out: &mut Vec<Node>) {
        match literal {
            Literal::Text(text) => push_text(out, &unescape_unicode_to_string(text)),
            Literal::Number(text) => push_text(out, &self.numbers.decimal(text).unwrap_or_else(|| text.to_owned())),
        }
    }

    fn variable(&mut self, name: &'a str, scope: &Scope<'a>, out: &mut Vec<Node>) {
        let Some(given) = &scope.given else {
            out.push(Node::Variable(name.into()));
            return;
        };
        if let Some((_, literal)) = given.iter().find(|(given, _)| *given == name) {
            self.literal(*literal, out);
            return;
        }
        let term = self.open.iter().rev().find(|name| name.starts_with('-')).cloned().unwrap_or_default();
        let help = format!("give it where the term is used, as in {{ {term}({name}: \"…\") }}");
        self.report(scope.source, name, format!("`{term}` is used without its variable `${name}`"), help);
        push_text(out, &format!("{{${name}}}"));
    }

    /// Writes out what a reference leads to, or reports that it leads nowhere or in a circle.
    fn follow(&mut self, reference: Reference<'a>, scope: &Scope<'a>, out: &mut Vec<Node>) {
        let Reference { sigil, id, attribute, found, given } = reference;
        let name = format!("{sigil}{}", dotted(id, attribute));
        let pattern = found.and_then(|found| match attribute {
            None => found.value,
            Some(name) => found.attributes.iter().find(|it| it.id.name == name).map(|it| &it.value),
        });
        let (Some(found), Some(pattern)) = (found, pattern) else {
            let (cause, help) = match (found, attribute) {
                (None, _) => ("is not defined in this language", "correct the name, or define it"),
                (Some(_), Some(_)) => ("has no such attribute", "correct the name, or add the attribute"),
                (Some(_), None) => ("has attributes but no text", "refer to an attribute, as in message.attribute"),
            };
            self.report(scope.source, attribute.unwrap_or(id), format!("`{name}` {cause}"), help.to_owned());
            push_text(out, &format!("{{{name}}}"));
            return;
        };
        if self.open.contains(&name) || self.open.len() >= MAX_DEPTH {
            let path = self.open.join("` → `");
            let message = format!("`{name}` is reached again through `{path}`");
            self.report(scope.source, id, message, "take one of these references away".to_owned());
            push_text(out, &format!("{{{name}}}"));
            return;
        }
        self.open.push(name);
        self.pattern(pattern, &Scope { source: found.source, given }, out);
        self.open.pop();
    }

    fn select(
        &mut self,
        selector: &'a Inline<&'a str>,
        variants: &'a [ast::Variant<&'a str>],
        scope: &Scope<'a>,
        out: &mut Vec<Node>,
    ) {
        let default = variants.iter().position(|variant| variant.default).unwrap_or(0);
        let keyed: Vec<(Key, &'a Pattern<'a>)> =
            variants.iter().map(|variant| (key(&variant.key), &variant.value)).collect();
        let chosen = match self.selector(selector, scope) {
            Selector::Variable { name, ordinal } => {
                let variants = keyed
                    .into_iter()
                    .map(|(key, pattern)| {
                        let mut nodes = Vec::new();
                        self.pattern(pattern, scope, &mut nodes);
                        (key, nodes)
                    })
                    .collect();
                out.push(Node::Select { variable: name.into(), ordinal, variants, default });
                return;
            }
            Selector::Text(text) => position(&keyed, |key| is_word(key, &text)),
            Selector::Number { text, ordinal } => {
                let number = text.parse().unwrap_or(f64::NAN);
                by_number(&keyed, number, || self.numbers.plural_of(text, ordinal))
            }
            Selector::Nothing => None,
        };
        if let Some((_, pattern)) = keyed.get(chosen.unwrap_or(default)) {
            self.pattern(pattern, scope, out);
        }
    }

    fn selector(&mut self, selector: &'a Inline<&'a str>, scope: &Scope<'a>) -> Selector<'a> {
        match selector {
            Inline::StringLiteral { value } => Selector::Text(unescape_unicode_to_string(value).into_owned()),
            Inline::NumberLiteral { value } => Selector::Number { text: value, ordinal: false },
            Inline::VariableReference { id } => select_variable(id.name, false, scope),
            Inline::FunctionReference { id, arguments } => match self.number_call(id.name, arguments, scope) {
                Some((Inline::VariableReference { id }, ordinal)) => select_variable(id.name, ordinal, scope),
                Some((Inline::NumberLiteral { value }, ordinal)) => Selector::Number { text: value, ordinal },
                _ => Selector::Nothing,
            },
            // An attribute of a term, such as its gender, is a text once it is written out.
            Inline::TermReference { .. } => {
                let mut nodes = Vec::new();
                self.inline(selector, scope, &mut nodes);
                match nodes.as_slice() {
                    [Node::Text(text)] => Selector::Text(text.clone()),
                    _ => Selector::Nothing,
                }
            }
            Inline::MessageReference { .. } | Inline::Placeable { .. } => Selector::Nothing,
        }
    }

    /// What `NUMBER` is asked to count, and whether by order; the house writes all numbers alike, so it has no options.
    fn number_call(
        &mut self,
        function: &'a str,
        arguments: &'a ast::CallArguments<&'a str>,
        scope: &Scope<'a>,
    ) -> Option<(&'a Inline<&'a str>, bool)> {
        if function != "NUMBER" {
            let help = "the only function is NUMBER; format anything else in the template and pass it as a variable";
            self.report(scope.source, function, format!("there is no function `{function}`"), help.to_owned());
            return None;
        }
        let mut ordinal = false;
        for option in &arguments.named {
            match (option.name.name, as_literal(&option.value)) {
                ("type", Some(Literal::Text("cardinal"))) => ordinal = false,
                ("type", Some(Literal::Text("ordinal"))) => ordinal = true,
                (name, _) => {
                    let help = "NUMBER takes type: \"cardinal\" or type: \"ordinal\" and no other option".to_owned();
                    self.report(scope.source, name, format!("`{name}` is not supported here"), help);
                }
            }
        }
        match arguments.positional.as_slice() {
            [value @ (Inline::VariableReference { .. } | Inline::NumberLiteral { .. })] => Some((value, ordinal)),
            _ => {
                let help = "write NUMBER($variable)".to_owned();
                self.report(scope.source, function, "NUMBER takes one variable or number".to_owned(), help);
                None
            }
        }
    }

    /// Takes from what the present message may still grow by; `false` once there is nothing left.
    fn spend(&mut self, pieces: usize, at: &str, scope: &Scope<'a>) -> bool {
        if self.pieces == 0 {
            return false;
        }
        self.pieces = self.pieces.saturating_sub(pieces);
        if self.pieces == 0 {
            let name = self.open.first().cloned().unwrap_or_default();
            let help = "refer to fewer messages from this one".to_owned();
            self.report(scope.source, at, format!("`{name}` grows beyond {MAX_PIECES} pieces"), help);
        }
        self.pieces > 0
    }

    fn report(&mut self, source: &Source<'_>, at: &str, message: String, help: String) {
        self.errors.push(MessageError { file: source.file, range: source.range(at), message, help: Some(help) });
    }
}

fn given<'a>(arguments: Option<&'a ast::CallArguments<&'a str>>) -> Rc<[(&'a str, Literal<'a>)]> {
    let named = arguments.into_iter().flat_map(|arguments| &arguments.named);
    named.filter_map(|argument| Some((argument.name.name, as_literal(&argument.value)?))).collect()
}

fn as_literal<'a>(inline: &'a Inline<&'a str>) -> Option<Literal<'a>> {
    match inline {
        Inline::StringLiteral { value } => Some(Literal::Text(value)),
        Inline::NumberLiteral { value } => Some(Literal::Number(value)),
        _ => None,
    }
}

fn select_variable<'a>(name: &'a str, ordinal: bool, scope: &Scope<'a>) -> Selector<'a> {
    let Some(given) = &scope.given else {
        return Selector::Variable { name, ordinal };
    };
    match given.iter().find(|(given, _)| *given == name) {
        Some((_, Literal::Text(text))) => Selector::Text(unescape_unicode_to_string(text).into_owned()),
        Some((_, Literal::Number(text))) => Selector::Number { text, ordinal },
        None => Selector::Nothing,
    }
}

fn key(key: &ast::VariantKey<&str>) -> Key {
    match key {
        ast::VariantKey::Identifier { name } => Key::Word((*name).into()),
        ast::VariantKey::NumberLiteral { value } => Key::Number(value.parse().unwrap_or(f64::NAN)),
    }
}

fn dotted(id: &str, attribute: Option<&str>) -> String {
    attribute.map_or_else(|| id.to_owned(), |attribute| format!("{id}.{attribute}"))
}

/// Some text of an expression, to point at.
fn piece_of<'a>(expression: &'a ast::Expression<&'a str>) -> &'a str {
    let mut expression = expression;
    loop {
        let inline = match expression {
            ast::Expression::Inline(inline) => inline,
            ast::Expression::Select { selector, .. } => selector,
        };
        match inline {
            Inline::StringLiteral { value } | Inline::NumberLiteral { value } => return value,
            Inline::VariableReference { id }
            | Inline::FunctionReference { id, .. }
            | Inline::MessageReference { id, .. }
            | Inline::TermReference { id, .. } => return id.name,
            Inline::Placeable { expression: inner } => expression = inner,
        }
    }
}

/// Adds a text, to the last one if that is what comes before.
fn push_text(out: &mut Vec<Node>, text: &str) {
    match out.last_mut() {
        Some(Node::Text(last)) => last.push_str(text),
        _ => out.push(Node::Text(text.to_owned())),
    }
}

fn collect_variables(nodes: &[Node], found: &mut BTreeSet<Box<str>>) {
    for node in nodes {
        match node {
            Node::Text(_) => {}
            Node::Variable(name) => drop(found.insert(name.clone())),
            Node::Select { variable, variants, .. } => {
                found.insert(variable.clone());
                variants.iter().for_each(|(_, nodes)| collect_variables(nodes, found));
            }
        }
    }
}
