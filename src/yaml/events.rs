//! The full parser: builds the tree from the events of a YAML 1.2 parser, and goes on after errors.
//!
//! It knows the rules that go beyond syntax (unique keys, no tags, no merge keys, bounded aliases
//! and depth). Where the syntax breaks, the event parser gives up; this module then looks for the
//! next line that looks like a top-level key and reads on from there, so that one run reports the
//! mistakes of several keys. How a mistake is worded is the business of `explain`.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use ecow::EcoString;
use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, options};

use super::growth::{Anchor, Body, Mapping, Open, Slot, duplicate, key};
use super::scene::{Scene, char_end, next_key_line};
use super::{Error, ErrorKind, MAX_ALIAS_NODES, MAX_DEPTH, Node, Range, Style, Value, explain};

/// After so many broken top-level keys the rest of the file is left alone.
const MAX_RESTARTS: usize = 32;

/// Reads the whole text.
pub(super) fn parse(text: &str, base: u32) -> (Node, Vec<Error>) {
    let mut builder = Builder::new(text, base);
    let mut next = builder.read(0);
    let mut root = builder.finish();
    for _ in 0..MAX_RESTARTS {
        let Some(start) = next.filter(|_| !matches!(root.value, Value::Seq(_))) else {
            break;
        };
        next = builder.read(start);
        let rest = builder.finish();
        root = builder.join(root, rest);
    }
    builder.errors.sort_by_key(|error| error.range.start);
    (root, builder.errors)
}

struct Builder<'t> {
    text: &'t str,
    base: u32,
    /// Where the part that is being read begins.
    chunk: usize,
    stack: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<EcoString, Anchor>,
    /// Every name that the text may give; filled when the text is broken and an alias fails.
    names: OnceCell<HashSet<&'t str>>,
    /// How many nodes aliases have repeated.
    repeated: usize,
    /// How many collections too deep to keep are open.
    skipped: usize,
    told_depth: bool,
    /// The text that has just been read, if the name of an anchor is to follow.
    fresh: Option<Node>,
    scene: Scene<'t>,
    errors: Vec<Error>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, base: u32) -> Self {
        Self {
            text,
            base,
            chunk: 0,
            stack: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            names: OnceCell::new(),
            repeated: 0,
            skipped: 0,
            told_depth: false,
            fresh: None,
            scene: Scene::new(text, base),
            errors: Vec::new(),
        }
    }

    /// Reads one document from `start` on. After a syntax error, gives the place to go on.
    fn read(&mut self, start: usize) -> Option<usize> {
        let options = options! {
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            emit_comments: false,
        };
        self.chunk = start;
        self.scene.restart(start);
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(&self.text[start..], options) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = start + error.marker().byte_offset().unwrap_or(0);
                    return self.broken(error.kind(), at.min(self.text.len()));
                }
            };
            let bytes = span.byte_range().unwrap_or(0..0);
            let (from, to) = (start + bytes.start, start + bytes.end);
            if let Event::DocumentStart(explicit, _) = event {
                documents += 1;
                if documents > 1 {
                    self.second_document(from);
                    return None;
                }
                self.scene.last = if explicit { to } else { self.scene.last };
                continue;
            }
            self.event(event, &span, from, to);
        }
        None
    }

    fn broken(&mut self, kind: &granit_parser::ErrorKind, at: usize) -> Option<usize> {
        let brackets = self.stack.iter().filter(|open| open.in_flow);
        self.scene.flows =
            brackets.map(|open| open.start).filter(|&start| self.text[start..].starts_with(['[', '{'])).collect();
        let error = explain::syntax(&self.scene, kind, at);
        let line = (error.range.start - self.base) as usize;
        self.errors.push(error);
        next_key_line(self.text, line)
    }

    fn second_document(&mut self, at: usize) {
        let end = self.text[at..].find(['\n', '\r']).map_or(self.text.len(), |len| at + len);
        let error = Error::new(
            ErrorKind::Syntax,
            self.range(at, end),
            "A second document begins here; everything from here on is ignored.",
        );
        self.errors.push(error.help("Remove this line, or move what follows to a file of its own."));
    }

    fn event(&mut self, event: Event<'t>, span: &Span, from: usize, to: usize) {
        if self.skipped > 0 {
            self.skip(&event);
        } else {
            self.build(event, span, from, to);
        }
        if to > from {
            self.scene.last = self.scene.last.max(to);
        }
    }

    /// Inside a collection that is too deep, only its end matters.
    fn skip(&mut self, event: &Event<'t>) {
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => self.skipped += 1,
            Event::SequenceEnd | Event::MappingEnd => self.skipped -= 1,
            _ => {}
        }
    }

    fn build(&mut self, event: Event<'t>, span: &Span, from: usize, to: usize) {
        if event.tag().is_some() {
            self.tag(span);
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let node = self.scalar(text, style, from, to);
                self.fresh = (anchor != 0).then(|| node.clone());
                self.place(node);
            }
            Event::SequenceStart(StructureStyle::Block, ..) => {
                let start = self.seq_start(from);
                self.scene.last = start;
                self.open(start, false, Body::Seq(Vec::new()));
            }
            Event::SequenceStart(..) => self.open(from, true, Body::Seq(Vec::new())),
            Event::MappingStart(style, ..) => {
                let body = Body::Map(Mapping::default(), Slot::Key);
                self.open(from, style == StructureStyle::Flow, body);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close((to > from).then_some(to)),
            Event::Anchor(_, name) => self.anchor(name.as_ref().into()),
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.alias(from, to),
            _ => {}
        }
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, from: usize, to: usize) -> Node {
        let (range, value) = match style {
            ScalarStyle::Plain if from == to => {
                let at = self.absent(from);
                self.scene.last = at;
                (self.range(at, at), Value::Null)
            }
            ScalarStyle::Plain => (self.range(from, to), Value::plain(&text)),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                (self.range(from, to), Value::text(&text, Style::Quoted))
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let (start, end) = self.scene.block_text(from, to);
                (self.range(start, end), Value::text(&text, Style::Block))
            }
        };
        self.scene.scalar = Some((from, to));
        Node { range, value }
    }

    /// Where an absent value would stand: after its colon or dash.
    fn absent(&self, at: usize) -> usize {
        if !self.is_value_next() {
            return self.scene.dash(at).map_or(at, |dash| dash + 1);
        }
        let rest = &self.text[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if rest[blank..].starts_with(':') {
            return at + blank + 1;
        }
        at
    }

    /// The first dash of a list. The event of a list that is not indented further than its key
    /// comes with the place of the first item.
    fn seq_start(&self, from: usize) -> usize {
        let dash = self.scene.first_dash().filter(|&dash| dash < from);
        dash.filter(|_| self.is_value_next()).unwrap_or(from)
    }

    /// Whether a key waits for its value.
    fn is_value_next(&self) -> bool {
        let body = self.stack.last().map(|open| &open.body);
        matches!(body, Some(Body::Map(_, Slot::Value(..) | Slot::Dropped)))
    }

    fn open(&mut self, start: usize, in_flow: bool, body: Body) {
        if self.stack.len() < MAX_DEPTH {
            self.stack.push(Open { start, end: start, in_flow, anchor: None, body });
            return;
        }
        self.too_deep(start);
        self.skipped = 1;
        self.place(Node::null(self.range(start, start)));
    }

    fn too_deep(&mut self, at: usize) {
        if !std::mem::replace(&mut self.told_depth, true) {
            let message = format!("The lists and mappings are nested deeper than {MAX_DEPTH} levels.");
            let range = self.range(at, char_end(self.text, at));
            let error = Error::new(ErrorKind::Depth, range, message);
            self.errors.push(error.help("Nest less deeply."));
        }
    }

    /// Ends the innermost collection, at its bracket if there is one.
    fn close(&mut self, bracket: Option<usize>) {
        let Some(open) = self.stack.pop() else {
            return;
        };
        let end = bracket.filter(|_| open.in_flow).unwrap_or(open.end);
        let value = match open.body {
            Body::Seq(items) => Value::Seq(items),
            Body::Map(mut mapping, slot) => {
                if let Slot::Value(key, key_range) = slot {
                    let value = Node::null(Range::new(key_range.end, key_range.end));
                    mapping.push(key, key_range, value);
                }
                Value::Map(mapping.entries)
            }
        };
        let range = self.range(open.start, end.max(open.start));
        let node = Node { range, value };
        // A name given again inside belongs to what is inside.
        if let Some(name) = open.anchor.filter(|name| matches!(self.anchors.get(name), Some(Anchor::Open))) {
            self.anchors.insert(name, Anchor::of(&node));
        }
        self.place(node);
    }

    /// Puts a node where the innermost open collection expects one.
    fn place(&mut self, node: Node) {
        let end = (node.range.end - self.base) as usize;
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        open.end = open.end.max(end);
        let refused = match &mut open.body {
            Body::Seq(items) => {
                items.push(node);
                None
            }
            Body::Map(mapping, slot) => match std::mem::replace(slot, Slot::Key) {
                Slot::Key => {
                    let key = key(self.text, self.base, mapping, node);
                    let (next, refused) = match key {
                        Ok((key, range)) => (Slot::Value(key, range), None),
                        Err(error) => (Slot::Dropped, Some(error)),
                    };
                    *slot = next;
                    refused
                }
                Slot::Value(key, range) if open.in_flow && explain::glued(&key, range, &node) => {
                    Some(explain::glued_in_flow(self.text, self.base, range))
                }
                Slot::Value(key, range) => {
                    mapping.push(key, range, node);
                    None
                }
                Slot::Dropped => None,
            },
        };
        self.errors.extend(refused);
    }

    fn tag(&mut self, span: &Span) {
        let bytes = span.tag_span().and_then(|span| span.byte_range());
        let bytes = bytes.unwrap_or(0..0);
        let (from, to) = (self.chunk + bytes.start, self.chunk + bytes.end);
        let name = self.text.get(from..to).unwrap_or("!");
        let message = format!("`{name}` is a YAML tag, which is not used here.");
        let error = Error::new(ErrorKind::Tag, self.range(from, to), message)
            .help("Remove it; if it belongs to the text, put the whole text in quotation marks.");
        self.errors.push(error);
    }

    /// Names the node that has just been read or opened.
    fn anchor(&mut self, name: EcoString) {
        if let Some(node) = self.fresh.take() {
            self.anchors.insert(name, Anchor::of(&node));
        } else if let Some(open) = self.stack.last_mut() {
            open.anchor = Some(name.clone());
            self.anchors.insert(name, Anchor::Open);
        }
    }

    fn alias(&mut self, from: usize, to: usize) {
        let range = self.range(from, to);
        if let Some(Open { body: Body::Map(_, slot @ Slot::Key), .. }) = self.stack.last_mut() {
            *slot = Slot::Dropped;
            let message = format!("`{}` stands where a key must be.", &self.text[from..to]);
            let error = Error::new(ErrorKind::Key, range, message);
            self.errors.push(error.help("Write the key itself, in quotation marks if it begins with `*`."));
            return;
        }
        let value = match self.resolve(from, to) {
            Ok(value) => value,
            Err(error) => {
                self.errors.extend(error);
                Value::Null
            }
        };
        self.place(Node { range, value });
    }

    /// The value that an alias repeats; without an error if a former one explains the failure.
    fn resolve(&mut self, from: usize, to: usize) -> Result<Value, Option<Error>> {
        let name = &self.text[from + 1..to];
        let fail = |message: String, help: String| {
            let range = Range::new(self.base + from as u32, self.base + to as u32);
            Err(Some(Error::new(ErrorKind::Alias, range, message).help(help)))
        };
        match self.anchors.get(name) {
            None if self.chunk > 0 && self.may_be_named(name) => Err(None),
            None => fail(
                format!("`*{name}` repeats a value named `&{name}`, but there is none above."),
                format!("If the text begins with `*`, put it in quotation marks: `\"*{name}\"`."),
            ),
            Some(Anchor::Open) => fail(
                format!("`*{name}` repeats the value of which it is itself a part."),
                "Write the value out.".into(),
            ),
            Some(Anchor::Done { .. }) if self.repeated > MAX_ALIAS_NODES => Err(None),
            Some(Anchor::Done { node, count, depth }) => {
                if self.stack.len() + depth > MAX_DEPTH {
                    self.too_deep(from);
                    return Err(None);
                }
                self.repeated += count;
                if self.repeated > MAX_ALIAS_NODES {
                    return fail(
                        format!(
                            "With `*{name}`, the aliases of this file repeat more than {MAX_ALIAS_NODES} values (an alias bomb)."
                        ),
                        "Write the values out, or repeat fewer of them.".into(),
                    );
                }
                Ok(node.value.clone())
            }
        }
    }

    /// Whether the part of the text that could not be read may give this name.
    fn may_be_named(&self, name: &str) -> bool {
        self.names.get_or_init(|| names(self.text)).contains(name)
    }

    /// Ends whatever is open and gives the tree.
    fn finish(&mut self) -> Node {
        self.skipped = 0;
        self.fresh = None;
        while !self.stack.is_empty() {
            self.close(None);
        }
        let empty = Node::null(Range::new(self.base, self.base));
        self.root.take().unwrap_or(empty)
    }

    /// Adds the keys that were found after an error.
    fn join(&mut self, root: Node, rest: Node) -> Node {
        let range = Range::new(root.range.start, rest.range.end.max(root.range.end));
        match (root.value, rest.value) {
            (Value::Map(entries), Value::Map(more)) => {
                let mut mapping = Mapping::default();
                for entry in entries {
                    mapping.push(entry.key, entry.key_range, entry.value);
                }
                for entry in more {
                    match mapping.find(&entry.key) {
                        Some(first) => self.errors.push(duplicate(&entry.key, entry.key_range, first)),
                        None => mapping.push(entry.key, entry.key_range, entry.value),
                    }
                }
                let value = Value::Map(mapping.entries);
                Node { range, value }
            }
            (value @ Value::Map(_), _) => Node { range: root.range, value },
            (_, value @ Value::Map(_)) => Node { range: rest.range, value },
            (value, _) => Node { range: root.range, value },
        }
    }

    fn range(&self, start: usize, end: usize) -> Range {
        // The caller of `parse` has checked that every offset fits.
        Range::new(self.base + start as u32, self.base + end as u32)
    }
}

/// What follows each `&` of the text.
fn names(text: &str) -> HashSet<&str> {
    let separators = [' ', '\t', '\r', '\n', ',', '[', ']', '{', '}'];
    let name = |rest: &'_ str| rest.find(separators).unwrap_or(rest.len());
    text.split('&').skip(1).map(|rest| &rest[..name(rest)]).collect()
}
