//! Messages through the public interface: plurals, overriding, errors with their places, and Fluent itself as oracle.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use relais::locale::{Arg, Locale, MessageError, Messages};

fn build(tag: &str, texts: &[&str]) -> (Messages, Vec<MessageError>) {
    let locale = Locale::new(tag).expect("a language of CLDR");
    let files: Vec<(usize, &str)> = texts.iter().copied().enumerate().collect();
    Messages::build(&locale, &files)
}

fn sound(tag: &str, text: &str) -> Messages {
    let (messages, errors) = build(tag, &[text]);
    assert_eq!(errors, []);
    messages
}

/// Errors as `file: the text they point at: message`.
fn errors(texts: &[&str]) -> Vec<String> {
    let (_, errors) = build("en", texts);
    errors
        .iter()
        .map(|error| format!("{}: {:?}: {}", error.file, &texts[error.file][error.range.clone()], error.message))
        .collect()
}

#[test]
fn plurals_are_those_of_cldr_48() {
    let lv = sound(
        "lv",
        "results = { $n ->\n    [zero] { $n } rezultātu\n    [one] { $n } rezultāts\n   *[other] { $n } rezultāti\n  }\n",
    );
    let count = |n| lv.format("results", &[("n", Arg::Number(n))]).unwrap_or_default();
    assert_eq!(
        [0, 1, 2, 11, 21, 22, 10_000].map(count),
        [
            "0 rezultātu",
            "1 rezultāts",
            "2 rezultāti",
            "11 rezultātu",
            "21 rezultāts",
            "22 rezultāti",
            "10\u{A0}000 rezultātu"
        ]
    );

    let euros = "euros = { $n } { $n ->\n    [one] euro\n    [many] d’euros\n   *[other] euros\n  }\n";
    let fr = sound("fr", euros);
    let count = |n| fr.format("euros", &[("n", Arg::Number(n))]).unwrap_or_default();
    assert_eq!([0, 2, 1_000_000].map(count), ["0 euro", "2 euros", "1\u{202F}000\u{202F}000 d’euros"]);
}

#[test]
fn a_category_left_out_reads_as_other() {
    let es = sound("es", "n = { $n ->\n   *[one] uno\n    [other] otros\n  }\n");
    assert_eq!(es.format("n", &[("n", Arg::Number(1_000_000))]).as_deref(), Some("otros"));
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&es);
}

#[test]
fn exact_numbers_ordinals_and_words_select() {
    let text = "
none = { $n ->
    [0] none
    [one] one
   *[other] { $n }
  }
rank = { NUMBER($n, type: \"ordinal\") ->
    [one] { $n }st
    [two] { NUMBER($n) }nd
    [few] { $n }rd
   *[other] { $n }th
  }
state = { $state ->
    [open] Open
   *[closed] Closed
  }
";
    let en = sound("en", text);
    let number = |id, n| en.format(id, &[("n", Arg::Number(n))]).unwrap_or_default();
    assert_eq!([0, 1, 1_234].map(|n| number("none", n)), ["none", "one", "1,234"]);
    assert_eq!([1, 22, 3, 11].map(|n| number("rank", n)), ["1st", "22nd", "3rd", "11th"]);
    let state = |value| en.format("state", &[("state", Arg::Text(value))]).unwrap_or_default();
    assert_eq!(["open", "closed", "other"].map(state), ["Open", "Closed", "Closed"]);
    assert_eq!(en.format("state", &[]).as_deref(), Some("Closed"));
    assert_eq!(number("missing", 1), "");
    assert_eq!(en.format("none", &[("n", Arg::Text("one"))]).as_deref(), Some("one"));
    assert_eq!(en.format("none", &[]).as_deref(), Some("{$n}"));
}

#[test]
fn references_are_written_out() {
    let text = "
-site = { $case ->
    [genitive] Relais’
   *[nominative] Relais
  }
    .gender = masculine
home = { -site }: { title }
title = { $name } at { -site(case: \"genitive\") }{ \"\\u00A0\" }home
menu = Menu
    .label = Open the { menu }
agree = { -site.gender ->
    [masculine] he
   *[other] it
  }
";
    let en = sound("en", text);
    assert_eq!(en.get("menu"), Some("Menu"));
    assert_eq!(en.get("menu.label"), Some("Open the Menu"));
    assert_eq!(en.get("agree"), Some("he"));
    assert_eq!(en.get("home"), None);
    let home = en.format("home", &[("name", Arg::Text("Ann"))]);
    assert_eq!(home.as_deref(), Some("Relais: Ann at Relais’\u{A0}home"));
    assert_eq!(en.variables("home"), ["name"]);
    assert_eq!(en.ids().collect::<Vec<_>>(), ["agree", "home", "menu", "menu.label", "title"]);
}

#[test]
fn later_files_override() {
    let (messages, errors) = build("fr", &["a = un\n    .x = attribut\nb = { a } deux\n", "a = autre\n"]);
    assert_eq!(errors, []);
    assert_eq!((messages.get("a"), messages.get("b")), (Some("autre"), Some("autre deux")));
    assert_eq!(messages.get("a.x"), None);
}

#[test]
fn fingerprints_follow_the_texts() {
    let print = |text: &str| sound("fr", text).fingerprint();
    assert_eq!(print("a = un\nb = deux\n"), print("# note\nb = deux\n\na = un\n"));
    assert_ne!(print("a = un\n"), print("a = une\n"));
    assert_ne!(print("a = un\n"), sound("sv", "a = un\n").fingerprint());
    assert_ne!(print("-t = x\na = { -t }\n"), print("-t = y\na = { -t }\n"));
    assert_ne!(print("a = { $x ->\n [a] 1\n *[b] 2\n }\n"), print("a = { $x ->\n *[a] 1\n [b] 2\n }\n"));
}

#[test]
fn syntax_errors_have_a_place_and_leave_the_rest() {
    let text = "été\ngood = Good\nbad = { $n ->\n    [one] x\n }\n";
    let (messages, errors) = build("en", &[text]);
    assert_eq!(messages.get("good"), Some("Good"));
    assert_eq!(errors.len(), 2);
    assert!(errors.iter().all(|error| text.get(error.range.clone()).is_some()));
    assert_eq!(errors[1].message, "The select expression must have a default variant");
    assert_eq!(errors[1].help.as_deref(), Some("mark one variant with an asterisk, as in *[other]"));
    assert!(text[errors[1].range.start..].starts_with("}"), "{:?}", &text[errors[1].range.start..]);
}

#[test]
fn broken_references_are_errors_at_their_place() {
    assert_eq!(errors(&["a = { b } { b }\n"]).len(), 2);
    let cases = [
        ("a = { gone }\n", "0: \"gone\": `gone` is not defined in this language"),
        ("a = { -gone }\n", "0: \"gone\": `-gone` is not defined in this language"),
        ("a = A\nb = { a.x }\n", "0: \"x\": `a.x` has no such attribute"),
        ("a =\n    .x = X\nb = { a }\n", "0: \"a\": `a` has attributes but no text"),
        ("-t = { $case }\na = { -t }\n", "0: \"case\": `-t` is used without its variable `$case`"),
        ("-t = { gone }\n", "0: \"gone\": `gone` is not defined in this language"),
        (
            "a = { $n ->\n    [one] { gone }\n   *[other] x\n  }\n",
            "0: \"gone\": `gone` is not defined in this language",
        ),
        ("a = x\na = y\n", "0: \"a\": `a` is defined twice in this file"),
        ("a = { DATETIME($d) }\n", "0: \"DATETIME\": there is no function `DATETIME`"),
        (
            "a = { NUMBER($n, minimumFractionDigits: 2) }\n",
            "0: \"minimumFractionDigits\": `minimumFractionDigits` is not supported here",
        ),
        ("a = { a }\n", "0: \"a\": `a` is reached again through `a`"),
    ];
    for (text, expected) in cases {
        assert_eq!(errors(&[text]), [expected], "{text}");
    }
    // A message is compiled with each that refers to it, yet its error is told once, in its own file.
    assert_eq!(errors(&["a = { b }\n", "b = { gone }\n"]), ["1: \"gone\": `gone` is not defined in this language"]);
    let (messages, _) = build("en", &["a = see { gone }\n"]);
    assert_eq!(messages.get("a"), Some("see {gone}"));
}

#[test]
fn hostile_files_are_refused_without_panic() {
    let deep = format!("a = {}\n", "{".repeat(100_000));
    assert_eq!(build("en", &[&deep]).1.len(), 1);
    let calls = format!("a = {{ {}\n", "F(".repeat(100_000));
    assert_eq!(build("en", &[&calls]).1.len(), 1);
    let mut bomb = "m0 = ha\n".to_owned();
    for level in 1..30 {
        bomb.push_str(&format!("m{level} = {0}{0}{0}{0}\n", format_args!("{{ m{} }}", level - 1)));
    }
    let (_, errors) = build("en", &[&bomb]);
    assert!(errors.iter().any(|error| error.message.contains("grows beyond")));
    let quoted = format!("a = {}\n", "{ \"{\" }".repeat(100));
    assert_eq!(build("en", &[&quoted]).1, []);
    for text in ["a = { \"\\ué\" }\n", "a = { \"\\u00é\" }\n", "a = { \"\\U0000é\" }\n"] {
        let (_, errors) = build("en", &[text]);
        assert_eq!(errors.len(), 1);
        assert!(text[errors[0].range.start..].starts_with('\\'));
    }
    assert_eq!(sound("en", "a = { \"\\u00E9é\\U0000E9é\" }\n").get("a"), Some("éééé"));
    for text in ["\u{FEFF}a = x\n", "a = x\r\nb = y\r\n"] {
        assert_eq!(sound("en", text).get("a"), Some("x"));
    }
    for text in [
        "",
        "\0",
        "=",
        "a",
        "a =",
        "a = {",
        "a = }",
        "-",
        "-a",
        "é = é",
        "a = { \"é",
        "a = { $",
        "a = { \"\\u00\" }",
        "\u{FEFF}é",
    ] {
        let (_, errors) = build("en", &[text]);
        assert!(errors.iter().all(|error| text.get(error.range.clone()).is_some()), "{text:?} {errors:?}");
    }
}

/// Where both can answer, Fluent's own resolver says the same.
#[test]
fn agrees_with_fluent_bundle() {
    let text = "
plain = Plain { \"{\" }text{ \"}\" }
lines =
    First
      indented

    last
-brand = Relais
    .kind = thing
-term = { $a ->
    [x] ex
   *[y] why
  }
nested = { $n ->
    [0] zero { $who }
    [one] one { $who ->
        [ann] Ann
       *[other] { $who }
      }
   *[other] { $n } { \"\\u2014\" } { -brand } { -term(a: \"x\") } { -term }
  }
ref = <{ nested }> { lines } { plain.gone-not }
";
    let text = text.replace(" { plain.gone-not }", "");
    let ours = sound("en", &text);
    let mut bundle = FluentBundle::new(vec!["en".parse().expect("a tag")]);
    bundle.set_use_isolating(false);
    bundle.add_resource(FluentResource::try_new(text).expect("a resource")).expect("no duplicates");
    for id in ["plain", "lines", "nested", "ref"] {
        for n in [0, 1, 2, 11, 101] {
            for who in ["ann", "bob", ""] {
                let mut args = FluentArgs::new();
                args.set("n", FluentValue::from(n));
                args.set("who", FluentValue::from(who));
                let pattern = bundle.get_message(id).and_then(|message| message.value()).expect("a message");
                let theirs = bundle.format_pattern(pattern, Some(&args), &mut Vec::new());
                let given = [("n", Arg::Number(n)), ("who", Arg::Text(who))];
                assert_eq!(ours.format(id, &given).as_deref(), Some(theirs.as_ref()), "{id} {n} {who}");
            }
        }
    }
}
