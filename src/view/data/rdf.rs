//! Statements about things with addresses, written as Turtle 1.1 or JSON-LD 1.1; not what they say.

use std::io::Write;

use serde_json::{Map, Value, json};

/// Short forms of the vocabularies' addresses.
const PREFIXES: &[(&str, &str)] = &[
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// Statements in the order of their subjects.
#[derive(Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
}

/// A thing, and what is said of it.
pub(super) struct Node {
    address: String,
    /// Names such as `dcat:Dataset`.
    kind: &'static str,
    /// Names such as `dct:title`, each with one object.
    said: Vec<(&'static str, Object)>,
}

enum Object {
    Thing(String),
    Text(String, Option<String>),
    Typed(String, &'static str),
}

impl Graph {
    pub(super) fn add(&mut self, node: Node) {
        self.nodes.push(node);
    }

    pub(super) fn turtle(&self, out: &mut Vec<u8>) {
        for (prefix, address) in PREFIXES {
            let _ = writeln!(out, "@prefix {prefix}: <{address}> .");
        }
        for node in &self.nodes {
            let _ = write!(out, "\n<{}> a {}", iri(&node.address), node.kind);
            for (name, object) in &node.said {
                let _ = write!(out, " ;\n    {name} ");
                let _ = match object {
                    Object::Thing(address) => write!(out, "<{}>", iri(address)),
                    Object::Text(text, None) => write!(out, "\"{}\"", escaped(text)),
                    Object::Text(text, Some(lang)) => write!(out, "\"{}\"@{lang}", escaped(text)),
                    Object::Typed(text, kind) => write!(out, "\"{}\"^^{kind}", escaped(text)),
                };
            }
            let _ = writeln!(out, " .");
        }
    }

    pub(super) fn json_ld(&self, out: &mut Vec<u8>) {
        let context: Map<String, Value> =
            PREFIXES.iter().map(|(prefix, address)| ((*prefix).to_owned(), json!(address))).collect();
        let nodes: Vec<Value> = self.nodes.iter().map(Node::json_ld).collect();
        let _ = serde_json::to_writer_pretty(&mut *out, &json!({ "@context": context, "@graph": nodes }));
        out.push(b'\n');
    }
}

impl Node {
    pub(super) fn new(address: impl Into<String>, kind: &'static str) -> Self {
        Node { address: address.into(), kind, said: Vec::new() }
    }

    /// Its address.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Names another thing.
    pub(super) fn thing(mut self, name: &'static str, address: impl Into<String>) -> Self {
        self.said.push((name, Object::Thing(address.into())));
        self
    }

    /// Says the same in several languages.
    pub(super) fn texts<'t>(mut self, name: &'static str, texts: impl Iterator<Item = (&'t str, String)>) -> Self {
        self.said.extend(texts.map(|(lang, text)| (name, Object::Text(text, Some(lang.to_owned())))));
        self
    }

    /// Says something that has no language.
    pub(super) fn text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.said.push((name, Object::Text(text.into(), None)));
        self
    }

    /// Says something of a type of XML Schema.
    pub(super) fn typed(mut self, name: &'static str, text: impl Into<String>, kind: &'static str) -> Self {
        self.said.push((name, Object::Typed(text.into(), kind)));
        self
    }

    fn json_ld(&self) -> Value {
        let mut node =
            Map::from_iter([("@id".to_owned(), json!(iri(&self.address))), ("@type".into(), json!(self.kind))]);
        for (name, object) in &self.said {
            let object = match object {
                Object::Thing(address) => json!({ "@id": iri(address) }),
                Object::Text(text, None) => json!({ "@value": text }),
                Object::Text(text, Some(lang)) => json!({ "@value": text, "@language": lang }),
                Object::Typed(text, kind) => json!({ "@value": text, "@type": kind }),
            };
            let all = node.entry(*name).or_insert_with(|| json!([]));
            if let Value::Array(all) = all {
                all.push(object);
            }
        }
        Value::Object(node)
    }
}

/// An address without what no IRI may hold (RFC 3987).
fn iri(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`' | '\0'..=' ' => {
                out.extend(format!("%{:02X}", c as u32).chars());
            }
            c => out.push(c),
        }
    }
    out
}

/// A text between quotation marks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out
}
