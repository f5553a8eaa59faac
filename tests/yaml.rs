//! YAML through its front door: hand-picked texts, and generated ones on which the fast path and
//! the full parser must agree.

use proptest::prelude::*;
use relais::yaml::{Error, ErrorKind, Node, Range, Style, Value, parse, parse_full, parse_plain};

/// Texts of the kind that portals hold.
const REALISTIC: &[&str] = &[
    "title: { fr: \"Portail …\", sv: \"…\" }\nfallback: { fr: [en, es], sv: [en, fr] }   # then any other\nterms:\n  housing: { label: { fr: Logement, en: Housing }, broader: social-inclusion, exact_match: [<uri>] }\n",
    "deadlines:\n  - { kind: final, at: 2023-11-30T17:00, zone: Europe/Brussels, was: [2023-10-15] }\n  - kind: stage\n    at: 2023-10-15T17:00\n    zone: Europe/Brussels\nsources:\n  - { url: \"https://example.org/a?b=c#d\", says: \"5:00 PM CET\", lang: en }\n",
    "# Facts\nid: call-2023-07\r\nstatus: open   # until further notice\r\nlanguages: [fr, sv, lv, no]\r\nbudget: 1.10\r\nempty:\r\nnothing: ~\r\n\r\ncontact:\r\n  name: 'Jean d''Arc'\r\n  phone: \"+32 2 000\"\r\n",
    "summary: |\n  Deux lignes\n  de texte : oui\n\nnote: >-\n  plié\n  ensuite\nsteps:\n- one\n- two\n-\n- key: v\n  list:\n  - a\n  - b\n",
    "a: &x { k: v }\nb: *x\nc: [\n  one,\n  two,\n]\nd: plain\n  goes on\ne: \"quoted\n  goes on\"\nf: !t x\n",
];

/// Small pieces with which texts are mutated and built.
const PIECES: &[&str] = &[
    "a",
    "b",
    "key",
    "no",
    "null",
    "~",
    "1.10",
    "17:00",
    "é",
    "…",
    "日本",
    " ",
    "  ",
    "    ",
    "\n",
    "\r\n",
    "\n\n",
    "\n  ",
    "\n    ",
    ":",
    ": ",
    ":\n",
    "- ",
    "-",
    "-\n",
    "\n- ",
    "\n  - ",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "\"",
    "'",
    "''",
    "\\",
    "\\n",
    "\\\"",
    "\\u00e9",
    "#",
    " #",
    " # c\n",
    "?",
    "? ",
    "&x ",
    "*x",
    "!t ",
    "!!str ",
    "|",
    "|\n",
    ">-\n",
    "\t",
    "---",
    "---\n",
    "...\n",
    "<<: ",
    "@",
    "%",
    "`",
    "\u{feff}",
    "\u{a0}",
    "\u{85}",
    "\u{2028}",
    "\0",
    "\r",
    "\u{7f}",
    "$",
    "(",
    "<u>",
    ".",
    "/",
    "=",
    "x: y\n",
    "k: [a, b]\n",
    "k: { a: b }\n",
    "\"q\": 'r'",
    "http://a.b/c#d",
    "a: ",
    "b: ",
    "c: ",
];

fn slice(text: &str, range: Range) -> &str {
    text.get(std::ops::Range::from(range)).expect("a range on character boundaries")
}

/// Whatever the text, the tree has sound ranges, and the fast path agrees where it accepts.
fn check(text: &str) {
    let (root, errors) = parse_full(text, 0);
    if let Some(node) = parse_plain(text, 0) {
        assert_eq!(errors, [], "the fast path accepts {text:?}");
        assert_eq!(node, root, "for {text:?}");
    }
    check_node(text, &root, errors.is_empty());
    for error in &errors {
        let _ = slice(text, error.range);
        let _ = error.related.as_ref().map(|(range, _)| slice(text, *range));
        assert!(!error.message.is_empty());
    }
    let (shifted, more) = parse(text, 1000);
    assert_eq!(shifted.range.start, root.range.start + 1000);
    assert_eq!(more.len(), errors.len());
}

fn check_node(text: &str, node: &Node, sound: bool) {
    let written = slice(text, node.range);
    let is_alias = written.starts_with('*');
    match &node.value {
        Value::Null => assert!(matches!(written, "" | "~" | "null") || is_alias || !sound),
        Value::Scalar(scalar) if is_alias => assert!(scalar.text.len() <= text.len() * 4),
        Value::Scalar(scalar) => match scalar.style {
            Style::Plain if !written.contains(['\n', '\r']) => assert_eq!(scalar.text, written),
            Style::Plain => assert_eq!(written, written.trim_matches([' ', '\t', '\r', '\n'])),
            Style::Quoted => {
                assert!(written.starts_with(['"', '\'']) && written.ends_with(&written[..1]))
            }
            Style::Block => assert!(written.starts_with(['|', '>']), "{written:?} in {text:?}"),
        },
        Value::Seq(items) => items.iter().for_each(|item| check_child(text, node, item, is_alias, sound)),
        Value::Map(entries) => {
            for entry in entries {
                let _ = slice(text, entry.key_range);
                check_child(text, node, &entry.value, is_alias, sound);
                assert_eq!(node.get(&entry.key), Some(&entry.value));
            }
        }
    }
}

fn check_child(text: &str, parent: &Node, child: &Node, is_alias: bool, sound: bool) {
    let inside = parent.range.start <= child.range.start && child.range.end <= parent.range.end;
    assert!(inside || is_alias || !sound, "{parent:?} in {text:?}");
    check_node(text, child, sound);
}

fn piece() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(PIECES)
}

/// A realistic text in which a few places were cut or written over.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0usize..6, prop::option::of(piece()));
    (proptest::sample::select(REALISTIC), prop::collection::vec(edit, 0..4)).prop_map(|(text, edits)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, cut, insert) in edits {
            let at = at.index(chars.len() + 1);
            let end = (at + cut).min(chars.len());
            chars.splice(at..end, insert.unwrap_or_default().chars());
        }
        chars.into_iter().collect()
    })
}

/// A text of small pieces.
fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
}

/// Lines with their own indentation, most of which are well-formed.
fn lines() -> impl Strategy<Value = String> {
    let content = prop_oneof![
        4 => "[a-f]: [a-z0-9é/.:# -]{0,8}",
        2 => "[a-f]:",
        2 => "- [a-z0-9:# -]{0,6}",
        2 => "- [a-f]: ([a-z]{1,3}|\"[a-z: #,]{0,4}\"|'[a-z'']{0,3}')?",
        1 => "(- )?[a-f]: \\{ ?[ab]: ?[a-z:]{0,3}, [cd]: \\[[a-z, :]{0,5}\\] ?\\}( #c)?",
        1 => "# [a-z]{0,4}|-|\"[ab]\": '[ab]'|",
        1 => "[a-f]: [|>][+-]?",
    ];
    let line = (0usize..4, content, prop_oneof![9 => Just("\n"), 1 => Just("\r\n"), 1 => Just(" \n")]);
    prop::collection::vec(line, 0..9).prop_map(|lines| {
        let line = |(indent, content, end): (usize, String, &str)| format!("{}{content}{end}", "  ".repeat(indent));
        lines.into_iter().map(line).collect()
    })
}

/// A well-formed value, written by indentation or in brackets.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(String),
    Flow(String),
    Seq(Vec<Tree>),
    Map(Vec<Tree>),
}

impl Tree {
    fn write(&self, indent: usize, out: &mut String) {
        let pad = "  ".repeat(indent);
        match self {
            Self::Leaf(text) | Self::Flow(text) => {
                out.push_str(&format!(" {text}\n"));
            }
            Self::Seq(items) => {
                out.push('\n');
                for item in items {
                    out.push_str(&format!("{pad}-"));
                    item.write_item(indent + 1, out);
                }
            }
            Self::Map(items) => {
                out.push('\n');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(&format!("{pad}k{at}:"));
                    item.write(indent + 1, out);
                }
            }
        }
    }

    /// A mapping in a list begins on the line of its dash.
    fn write_item(&self, indent: usize, out: &mut String) {
        let mut below = String::new();
        self.write(indent, &mut below);
        match self {
            Self::Map(_) => out.push_str(&format!(" {}", below.trim_start())),
            _ => out.push_str(&below),
        }
    }
}

fn tree() -> impl Strategy<Value = String> {
    let plain = "[a-zé0-9][a-z0-9 :/.é-]{0,8}[a-z0-9]";
    let quoted = "\"([a-z :#,é]|\\\\n|\\\\\"){0,6}\"|'([a-z :#,]|''){0,6}'";
    let leaf = prop_oneof![4 => plain, 2 => quoted, 1 => "~|null|| # note"].prop_map(Tree::Leaf);
    let flow = prop::collection::vec("[a-z0-9/.]{1,5}|\"[a-z, ]{0,4}\"", 0..4).prop_flat_map(|items| {
        let list = format!("[{}]", items.join(", "));
        let map: Vec<String> = items.iter().enumerate().map(|(at, item)| format!("k{at}: {item}")).collect();
        prop_oneof![Just(Tree::Flow(list)), Just(Tree::Flow(format!("{{ {} }}", map.join(", "))))]
    });
    let value = prop_oneof![3 => leaf, 1 => flow].prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::Seq),
            prop::collection::vec(inner, 1..4).prop_map(Tree::Map),
        ]
    });
    value.prop_map(|tree| {
        let mut out = String::new();
        tree.write(0, &mut out);
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_parsers_agree_on_mutations(text in mutated()) {
        check(&text);
    }

    #[test]
    fn both_parsers_agree_on_pieces(text in soup()) {
        check(&text);
    }

    #[test]
    fn both_parsers_agree_on_lines(text in lines()) {
        check(&text);
    }

    #[test]
    fn both_parsers_agree_on_trees(text in tree()) {
        check(&text);
    }
}

/// A tree in one line: `{key=value}`, `[item]`, texts between `<>` with the mark of their style.
fn show(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".into(),
        Value::Scalar(scalar) => match scalar.style {
            Style::Plain => format!("<{}>", scalar.text),
            Style::Quoted => format!("q<{}>", scalar.text),
            Style::Block => format!("b<{}>", scalar.text),
        },
        Value::Seq(items) => {
            let items: Vec<String> = items.iter().map(show).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Map(entries) => {
            let entry = |entry: &relais::yaml::Entry| format!("{}={}", entry.key, show(&entry.value));
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(" "))
        }
    }
}

/// `kind at "slice"` for each error.
fn faults(text: &str) -> Vec<String> {
    let (_, errors) = parse(text, 0);
    let fault = |error: &Error| format!("{} {}", error.kind.code(), slice(text, error.range));
    errors.iter().map(fault).collect()
}

#[test]
fn texts_and_their_trees() {
    let cases = [
        // What the fast path must take.
        (true, "", "null"),
        (true, "\u{feff}# only a comment", "null"),
        (true, "a: no\nb: 017\nc: 17:00\nd: 1.10\ne: 2021-05", "{a=<no> b=<017> c=<17:00> d=<1.10> e=<2021-05>}"),
        (true, "a:\nb: ~\nc: null\nd: Null\ne: \"null\"", "{a=null b=null c=null d=<Null> e=q<null>}"),
        (true, "a: \"x \\\"y\\\" \\\\\"\nb: 'it''s'\nc: \"\"", "{a=q<x \"y\" \\> b=q<it's> c=q<>}"),
        (true, "a: x # no\nb: x#yes\nc: \"#\" # no", "{a=<x> b=<x#yes> c=q<#>}"),
        (true, "a:\n- x\n-\n- k: v\n  l:\n  - m\nb: c", "{a=[<x> null {k=<v> l=[<m>]}] b=<c>}"),
        (true, "- a\n- [b, { c: d, e: }, ]\n", "[<a> [<b> {c=<d> e=null}]]"),
        (true, "a: {fr: Portail, sv: 17:00}", "{a={fr=<Portail> sv=<17:00>}}"),
        (true, "a: {\"b c\": 'd', e: http://f/g}", "{a={b c=q<d> e=<http://f/g>}}"),
        (true, "no: Norge\nnull: x\n\"~\": y", "{no=<Norge> null=<x> ~=<y>}"),
        (true, "a:\r\n  b: c\r\n\r\nd: e\r\n", "{a={b=<c>} d=<e>}"),
        (true, "a: -5\nb: <uri>\nc: (x)", "{a=<-5> b=<<uri>> c=<(x)>}"),
        // What it must leave to the full parser.
        (false, "a: |\n  x\n   y\n\nb: c", "{a=b<x\n y\n> b=<c>}"),
        (false, "a: >-\n  x\n  y\n\n  z\n\n", "{a=b<x y\nz>}"),
        (false, "a: |2+\n   x\n\nb: c", "{a=b< x\n\n> b=<c>}"),
        (false, "a: x\n  y\nb: \"x\n  y\\\n  z\"", "{a=<x y> b=q<x yz>}"),
        (false, "a: [x,\n  y,\n]\nb: c", "{a=[<x> <y>] b=<c>}"),
        (false, "a: &x {b: c}\nd: *x\ne: *x", "{a={b=<c>} d={b=<c>} e={b=<c>}}"),
        (false, "a: &x 1\nb: &x 2\nc: *x", "{a=<1> b=<2> c=<2>}"),
        (false, "a: \"\\u00e9\\x41\\ud83d\\ude00\"", "{a=q<éA😀>}"),
        (false, "---\na: b\n...\n", "{a=<b>}"),
        (false, "%YAML 1.2\n---\na: b\n", "{a=<b>}"),
        (false, "? a\n: b\n? c", "{a=<b> c=null}"),
        (false, "- - a\n  - b\n- [c: d]", "[[<a> <b>] [{c=<d>}]]"),
        (false, "a:\tb", "{a=<b>}"),
        (false, "a:\n  text below", "{a=<text below>}"),
        (false, "just a text", "<just a text>"),
        (false, "a: {x, y: z}", "{a={x=null y=<z>}}"),
    ];
    for (fast, text, expected) in cases {
        check(text);
        let (node, errors) = parse(text, 0);
        assert_eq!(errors, [], "{text:?}");
        assert_eq!(show(&node), expected, "{text:?}");
        assert_eq!(parse_plain(text, 0).is_some(), fast, "{text:?}");
    }
}

#[test]
fn realistic_texts_have_no_errors() {
    for text in &REALISTIC[..4] {
        check(text);
        assert_eq!(parse(text, 0).1, []);
    }
    assert!(REALISTIC[..3].iter().all(|text| parse_plain(text, 0).is_some()));
}

#[test]
fn ranges_are_bytes_of_the_file() {
    let text = "\u{feff}é: 'ü' # x\r\nlist:\r\n- {a: é}\r\n-\r\nempty:\r\nblock: | # note\r\n  é\r\n\r\n";
    let (root, errors) = parse(text, 7);
    assert_eq!(errors, []);
    let at = |range: Range| slice(text, Range::new(range.start - 7, range.end - 7));
    let list = root.get("list").expect("a list");
    let items = list.as_seq().expect("items");
    assert_eq!(at(root.entry("é").expect("é").key_range), "é");
    assert_eq!(at(root.get("é").expect("é").range), "'ü'");
    assert_eq!(at(list.range), "- {a: é}\r\n-");
    assert_eq!(at(items[0].range), "{a: é}");
    assert_eq!(at(items[0].get("a").expect("a").range), "é");
    assert!(items[1].range.is_empty() && items[1].is_null());
    assert!(root.get("empty").is_some_and(|node| node.range.is_empty()));
    assert_eq!(at(root.get("block").expect("block").range), "| # note\r\n  é");
    assert_eq!(at(root.range), text[3..].trim_end());
}

#[test]
fn mistakes_and_their_places() {
    let cases: &[(&str, &[&str])] = &[
        ("a: x: y", &["yaml-syntax x: y"]),
        ("a: 1\nslug:foo\nb: 2", &["yaml-syntax :"]),
        ("slug:foo\nb: 2", &["yaml-syntax :"]),
        ("t: {fr:Oui, en: Yes}\nb: [x", &["yaml-syntax :", "yaml-syntax ["]),
        ("a: \"x\nb: \"y\"\nc: d", &["yaml-syntax \""]),
        ("a: 'it's'\nb: [\nc: d", &["yaml-syntax s'", "yaml-syntax ["]),
        ("a: \"C:\\dir\"", &["yaml-syntax \\d"]),
        ("a:\n\tb: c\nd: @e", &["yaml-syntax \t", "yaml-syntax @e"]),
        ("a: 1\n  b: 2", &["yaml-syntax b: 2"]),
        ("a:\n  b: 1\n c: 2", &["yaml-syntax c: 2"]),
        ("a: b\n- c", &["yaml-syntax - c"]),
        ("a: - b", &["yaml-syntax - b"]),
        ("a: | text", &["yaml-syntax | text"]),
        ("a: {b: c}}", &["yaml-syntax }"]),
        ("a: b\n---\nc: d", &["yaml-syntax ---"]),
        ("a: 1\nb: 2\na: 3", &["duplicate-key a"]),
        ("a: @\nb: 2\na: 3", &["yaml-syntax @", "duplicate-key a"]),
        ("a: !!str x\nb: !important", &["yaml-tag !!str", "yaml-tag !important"]),
        ("a: *x\nb: **bold**", &["yaml-alias *x", "yaml-alias **bold**"]),
        ("a: &x [*x]", &["yaml-alias *x"]),
        ("a: &x { b: c }\nd:\n  <<: *x", &["yaml-key <<"]),
        ("a: {{ b }}", &["yaml-key { b }"]),
        ("[a]: b\n? {c: d}\n: e", &["yaml-key [a]", "yaml-key {c: d}"]),
        (": a", &["yaml-key "]),
    ];
    for (text, expected) in cases {
        check(text);
        assert_eq!(&faults(text), expected, "{text:?}");
        assert!(parse(text, 0).1.iter().all(|error| error.help.is_some()), "{text:?}");
    }
}

#[test]
fn a_broken_key_does_not_hide_the_others() {
    let (root, _) = parse("a: b\nc: \"open\nd: [e, f]\ng: @\nh: i\n", 0);
    assert_eq!(show(&root), "{a=<b> c=null d=[<e> <f>] g=null h=<i>}");
}

#[test]
fn a_duplicate_points_at_the_first() {
    let keys: String = (0..100).map(|at| format!("k{at}: {at}\n")).collect();
    for text in ["k7: 1\nx: 2\nk7: 3".to_owned(), format!("{keys}k7: again")] {
        let (root, errors) = parse(&text, 0);
        assert_eq!(errors.len(), 1);
        let (first, _) = errors[0].related.as_ref().expect("a related place");
        assert_eq!(first.start as usize, text.find("k7").expect("k7"));
        assert_eq!(errors[0].range.start as usize, text.rfind("k7").expect("k7"));
        assert_ne!(root.get("k7").and_then(Node::as_str), Some("again"));
    }
}

#[test]
fn aliases_do_not_explode() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for at in 1..20 {
        let below = format!("*a{}, ", at - 1).repeat(9);
        text.push_str(&format!("a{at}: &a{at} [{below}]\n"));
    }
    let (_, errors) = parse(&text, 0);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].kind, ErrorKind::Alias);
    assert!(errors[0].message.contains("alias bomb"));
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (depth, expected) in [(64, 0), (65, 1), (200, 1), (5000, 1)] {
        let (_, errors) = parse(&nested(depth), 0);
        assert_eq!(errors.len(), expected, "{depth}");
        assert!(errors.iter().all(|error| error.kind == ErrorKind::Depth));
    }
    let chain: String = (1..200).map(|at| format!("a{at}: &a{at} [*a{}]\n", at - 1)).collect();
    let (_, errors) = parse(&format!("a0: &a0 [x]\n{chain}"), 0);
    assert_eq!(errors.iter().map(|error| error.kind).collect::<Vec<_>>(), [ErrorKind::Depth]);
    let blocks: String = (0..70).map(|at| format!("{}k:\n", "  ".repeat(at))).collect();
    assert_eq!(parse(&blocks, 0).1.len(), 1);
}

#[test]
fn too_large_for_its_ranges() {
    let (_, errors) = parse("a: b", u32::MAX - 2);
    assert_eq!(errors[0].kind, ErrorKind::Size);
}
