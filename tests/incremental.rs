//! What a second build does: nothing where nothing changed, and no more than what shows the change where something did.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use support::{Tree, build, build_well, changes, counts, edit, tree, write};

/// A portal that has been built once.
struct Built {
    site: PathBuf,
    tree: Tree,
}

fn built(name: &str) -> Built {
    let site = support::scratch(&format!("incremental/{name}"));
    support::portal::write_portal(&site);
    build_well(&site, &[]);
    let tree = tree(&site.join("public"));
    assert!(tree.len() > 30, "the portal has only {} outputs", tree.len());
    Built { site, tree }
}

impl Built {
    /// Builds again and checks that the summary tells the truth, that a full build gives the same bytes, and that no
    /// folder is left empty. Returns what changed: `~ path`, `+ path`, `- path`.
    fn again(&mut self, args: &[&str]) -> Vec<String> {
        let stamps = stamps(&self.site);
        let run = build_well(&self.site, args);
        let found = tree(&self.site.join("public"));
        let changed = changes(&self.tree, &found);
        let (written, kept, deleted) = counts(&run);
        let count = |what: char| changed.iter().filter(|line| line.starts_with(what)).count();
        assert_eq!(written, count('~') + count('+'), "files written, of {changed:#?}");
        assert_eq!(deleted, count('-'), "files deleted, of {changed:#?}");
        assert_eq!(written + kept, found.len(), "files written and kept");
        for (path, stamp) in &stamps {
            let touched = changed.iter().any(|line| line[2..] == **path);
            if !touched && fs::metadata(self.site.join("public").join(path)).unwrap().modified().unwrap() != *stamp {
                panic!("{path} was written again with the same bytes");
            }
        }
        assert_eq!(support::empty_folders(&self.site.join("public")), Vec::<String>::new());
        support::assert_same(&fresh(&self.site, args), &found, "a full build differs from this one");
        self.tree = found;
        changed
    }
}

/// The tree that a first build of the same site makes.
fn fresh(site: &Path, args: &[&str]) -> Tree {
    let out = site.with_extension("fresh");
    if out.exists() {
        fs::remove_dir_all(&out).unwrap();
    }
    let out = out.to_string_lossy().into_owned();
    let args: Vec<&str> = args.iter().copied().chain(["--out", &out]).collect();
    build_well(site, &args);
    tree(Path::new(&out))
}

fn stamps(site: &Path) -> Vec<(String, SystemTime)> {
    let public = site.join("public");
    let stamp = |path: &String| (path.clone(), fs::metadata(public.join(path)).unwrap().modified().unwrap());
    tree(&public).keys().map(stamp).collect()
}

#[test]
fn nothing_changed_nothing_is_written() {
    let mut built = built("nothing");
    let manifest = fs::metadata(built.site.join("public").join(support::MANIFEST)).unwrap().modified().unwrap();
    assert_eq!(built.again(&[]), Vec::<String>::new());
    let after = fs::metadata(built.site.join("public").join(support::MANIFEST)).unwrap().modified().unwrap();
    assert_eq!(manifest, after, "the manifest was written again");
}

#[test]
fn full_writes_the_same_bytes() {
    let mut built = built("full");
    let run = build_well(&built.site, &["--full"]);
    let (written, kept, deleted) = counts(&run);
    assert_eq!((kept, deleted), (0, 0), "--full renders every page anew");
    assert_eq!(written, built.tree.len());
    support::assert_same(&built.tree, &tree(&built.site.join("public")), "--full changed bytes");
    assert_eq!(built.again(&[]), Vec::<String>::new());
}

#[test]
fn a_touched_file_is_no_change() {
    let mut built = built("touched");
    let path = "content/calls/first/index.fr.md";
    let text = fs::read(built.site.join(path)).unwrap();
    write(&built.site, path, text);
    assert_eq!(built.again(&[]), Vec::<String>::new());
}

#[test]
fn a_title_is_shown_where_it_is_shown() {
    let mut built = built("title");
    edit(&built.site, "content/calls/first/index.fr.md", "title: Premier appel", "title: L’appel\nslug: premier-appel");
    let expected = [
        // Its own page; what refers to it, in the languages that show its French title.
        "~ fr/appels/index.html",
        "~ fr/appels/premier-appel/card.png",
        "~ fr/appels/premier-appel/index.html",
        "~ fr/appels/theme/logement/index.html",
        "~ fr/feed.json",
        "~ fr/feed.xml",
        "~ fr/rss.xml",
        "~ fr/appels/feed.json",
        "~ fr/appels/feed.xml",
        "~ fr/appels/rss.xml",
        "~ fr/appels/theme/logement/feed.json",
        "~ fr/appels/theme/logement/feed.xml",
        "~ fr/appels/theme/logement/rss.xml",
        "~ fr/index.html",
        "~ fr/programmes/esf/index.html",
    ];
    assert_eq!(built.again(&[]), sorted(&expected));
}

#[test]
fn a_body_is_shown_on_its_own_page() {
    let mut built = built("body");
    edit(&built.site, "content/notes/alone.en.md", "---\nNobody", "summary: The same summary\n---\nNobody");
    built.again(&[]);
    edit(&built.site, "content/notes/alone.en.md", "Nobody mentions it.", "Nobody mentions it at all.");
    let expected = ["~ en/notes/alone/index.html", "~ fr/notes/alone/index.html", "~ sv/anteckningar/alone/index.html"];
    assert_eq!(built.again(&[]), sorted(&expected));
}

#[test]
fn a_deleted_entry_takes_its_pages_with_it() {
    let mut built = built("deleted");
    fs::remove_dir_all(built.site.join("content/calls/first")).unwrap();
    let changed = built.again(&[]);
    // Which feeds there are depends on dates, not only on entries.
    let is_feed = |path: &str| path.ends_with(".xml") || path.ends_with("feed.json");
    let deleted: Vec<&str> =
        changed.iter().filter_map(|line| line.strip_prefix("- ")).filter(|path| !is_feed(path)).collect();
    let expected = [
        "en/calls/first-call/card.png",
        "en/calls/first-call/index.html",
        "en/calls/theme/housing/index.html",
        "files/calls/first/annex.en.pdf",
        "fr/appels/premier-appel/card.png",
        "fr/appels/premier-appel/index.html",
        "fr/appels/theme/logement/index.html",
        "sv/utlysningar/first/index.html",
        "sv/utlysningar/tema/boende/index.html",
    ];
    assert_eq!(deleted, expected);
    assert!(!changed.iter().any(|line| line.starts_with('+')), "{changed:#?}");
    assert!(!built.site.join("public/files").exists(), "the folder of its files is left");
}

#[test]
fn a_renamed_slug_moves_one_page() {
    let mut built = built("slug");
    edit(&built.site, "content/notes/alone.en.md", "title: Alone", "title: Alone\nslug: solitary");
    let changed = built.again(&[]);
    let moved: Vec<&String> = changed.iter().filter(|line| !line.starts_with('~')).collect();
    let expected = [
        "- en/notes/alone/card.png",
        "- en/notes/alone/index.html",
        "+ en/notes/solitary/card.png",
        "+ en/notes/solitary/index.html",
    ];
    assert_eq!(moved, expected);
    // Other languages' pages of it name the address in the switcher and in their canonical.
    let rewritten: Vec<&String> = changed.iter().filter(|line| line.starts_with('~')).collect();
    let expected = [
        "~ en/notes/index.html",
        "~ en/sitemap.xml",
        "~ fr/notes/alone/index.html",
        "~ sv/anteckningar/alone/index.html",
    ];
    assert_eq!(rewritten, expected);
}

#[test]
fn a_page_may_become_a_folder_and_back() {
    let mut built = built("folder");
    write(&built.site, "content/calls/first/x", "a file");
    built.again(&[]);
    fs::remove_file(built.site.join("content/calls/first/x")).unwrap();
    write(&built.site, "content/calls/first/x/y", "a file where a file was");
    built.again(&[]);
    fs::remove_dir_all(built.site.join("content/calls/first/x")).unwrap();
    write(&built.site, "content/calls/first/x", "and back");
    built.again(&[]);
}

#[test]
fn a_deadline_changes_every_language() {
    let mut built = built("deadline");
    edit(&built.site, "content/calls/first/index.yaml", "2026-06-15T17:00", "2026-06-16T17:00");
    let expected = [
        "~ en/calls/first-call/index.html",
        "~ en/calls/index.html",
        "~ en/calls/theme/housing/index.html",
        "~ en/index.html",
        "~ fr/appels/index.html",
        "~ fr/appels/premier-appel/index.html",
        "~ fr/appels/theme/logement/index.html",
        "~ fr/index.html",
        "~ sv/index.html",
        "~ sv/utlysningar/first/index.html",
        "~ sv/utlysningar/index.html",
        "~ sv/utlysningar/tema/boende/index.html",
    ];
    let changed = built.again(&[]);
    let pages: Vec<&String> = changed.iter().filter(|line| line.ends_with(".html")).collect();
    assert_eq!(pages, sorted(&expected).iter().collect::<Vec<_>>());
}

#[test]
fn time_changes_what_shows_a_status() {
    let mut built = built("time");
    assert_eq!(built.again(&["--at", "2026-01-15T12:01Z"]), Vec::<String>::new(), "a minute changes nothing");
    let changed = built.again(&["--at", "2026-06-15T15:00Z"]);
    assert!(!changed.is_empty());
    let of_others = changed.iter().filter(|line| line.contains("note") || line.contains("andra"));
    assert_eq!(of_others.collect::<Vec<_>>(), Vec::<&String>::new());
    let closed = String::from_utf8_lossy(&built.tree["en/calls/first-call/index.html"]).into_owned();
    assert!(closed.contains("[closed: Closed]"), "{closed}");
}

#[test]
fn a_message_changes_its_language() {
    let mut built = built("message");
    write(&built.site, "i18n/fr/own.ftl", "home = Page d’accueil\n");
    let changed = built.again(&[]);
    assert!(changed.contains(&"~ fr/notes/index.html".to_owned()), "{changed:#?}");
    let others: Vec<&String> = changed.iter().filter(|line| !line.starts_with("~ fr/")).collect();
    assert_eq!(others, Vec::<&String>::new(), "bytes of other languages");
}

#[test]
fn a_template_changes_the_pages_that_it_makes() {
    let mut built = built("template");
    edit(&built.site, "themes/plain/templates/404.html", "<h1>", "<h1 class=\"new\">");
    let expected = ["~ 404.html", "~ en/404.html", "~ fr/404.html", "~ sv/404.html"];
    assert_eq!(built.again(&[]), sorted(&expected));
}

#[test]
fn a_configuration_changes_what_it_says() {
    let mut built = built("configuration");
    edit(&built.site, "relais.yaml", "sv: Portalen", "sv: Vår portal");
    let changed = built.again(&[]);
    assert!(changed.contains(&"~ sv/index.html".to_owned()), "{changed:#?}");
    let others: Vec<&String> = changed.iter().filter(|l| !l.starts_with("~ sv/") && *l != "~ index.html").collect();
    assert_eq!(others, Vec::<&String>::new());
}

#[test]
fn errors_leave_the_output_untouched() {
    let built = built("errors");
    let public = built.site.join("public");
    let before = stamps(&built.site);
    let manifest = fs::read(public.join(support::MANIFEST)).unwrap();
    let untouched = |what: &str| {
        support::assert_same(&built.tree, &tree(&public), what);
        assert_eq!(before, stamps(&built.site), "{what}");
        assert_eq!(manifest, fs::read(public.join(support::MANIFEST)).unwrap(), "{what}");
        let beside: Vec<_> = fs::read_dir(&built.site).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(!beside.iter().any(|name| name.to_string_lossy().contains("stage")), "{what} left a stage: {beside:?}");
    };
    edit(&built.site, "content/calls/first/index.yaml", "theme: housing", "theme: houzing");
    assert_eq!(build(&built.site, &[]).status, 1);
    untouched("an error in the content");
    edit(&built.site, "content/calls/first/index.yaml", "theme: houzing", "theme: work");
    // Found only while pages are rendered, when others are staged already.
    edit(&built.site, "themes/plain/templates/directory.html", "{{ count }}", "{{ count }}");
    edit(&built.site, "themes/plain/templates/404.html", "{{ title }}", "{{ 1 / title }}");
    assert_eq!(build(&built.site, &["--full"]).status, 1);
    untouched("an error in a template");
    edit(&built.site, "relais.yaml", "languages", "langauges");
    assert_eq!(build(&built.site, &[]).status, 1);
    untouched("an error in relais.yaml");
}

#[test]
fn damage_done_by_hand_is_repaired() {
    let mut built = built("damage");
    let public = built.site.join("public");
    fs::remove_file(public.join("fr/index.html")).unwrap();
    fs::write(public.join("en/index.html"), "").unwrap();
    fs::remove_dir_all(public.join("sv/anteckningar")).unwrap();
    let run = build_well(&built.site, &[]);
    support::assert_same(&built.tree, &tree(&public), "not repaired");
    assert_eq!(counts(&run).2, 0);
    assert_eq!(built.again(&[]), Vec::<String>::new());
}

#[test]
fn a_folder_deleted_by_hand_is_not_left_half() {
    let built = built("half-deleted");
    fs::remove_dir_all(built.site.join("public/files/calls/first")).unwrap();
    fs::remove_dir_all(built.site.join("content/calls/first")).unwrap();
    build_well(&built.site, &[]);
    assert!(!built.site.join("public/files").exists(), "the folders above it are left");
}

#[test]
fn a_stranger_file_is_neither_deleted_nor_overwritten_in_silence() {
    let mut built = built("stranger");
    write(&built.site, "public/google1234.html", "put there by hand");
    assert_eq!(built.again_with_strangers(&["google1234.html"]), Vec::<String>::new());
}

impl Built {
    /// Builds again where others have put files into the output folder; these must stay.
    fn again_with_strangers(&mut self, strangers: &[&str]) -> Vec<String> {
        build_well(&self.site, &[]);
        let mut found = tree(&self.site.join("public"));
        for stranger in strangers {
            assert!(found.remove(*stranger).is_some(), "{stranger} was deleted");
        }
        changes(&self.tree, &found)
    }
}

#[test]
fn drafts_come_and_go() {
    let mut built = built("drafts");
    write(&built.site, "content/notes/draft.en.md", "---\ntitle: A draft\ndraft: true\n---\n");
    assert_eq!(built.again(&[]), Vec::<String>::new());
    let changed = built.again(&["--drafts"]);
    assert!(changed.contains(&"+ en/notes/a-draft/index.html".to_owned()), "{changed:#?}");
    let changed = built.again(&[]);
    assert!(changed.contains(&"- en/notes/a-draft/index.html".to_owned()), "{changed:#?}");
}

/// Damages what was put aside and empties the texts, once it is known what is to be rendered.
struct Meddler(PathBuf);

impl relais::Progress for Meddler {
    fn planned(&self, _outputs: usize) {
        for cache in fs::read_dir(self.0.join(".relais")).unwrap().map(|entry| entry.unwrap().path()) {
            if cache.join("bodies").exists() {
                let mut bytes = fs::read(cache.join("bodies")).unwrap();
                bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_add(1));
                fs::write(cache.join("bodies"), bytes).unwrap();
            }
        }
        for path in tree(&self.0.join("content")).keys().filter(|path| path.ends_with(".md")) {
            fs::write(self.0.join("content").join(path), "").unwrap();
        }
    }

    fn made(&self) {}
}

#[test]
fn a_text_that_is_gone_while_it_is_rendered_does_no_harm() {
    let mut built = built("meddled");
    edit(&built.site, "content/calls/first/index.fr.md", "Le texte.", "Le texte.\n\n## La suite\n\nLa fin.");
    built.again(&[]);
    let (content, kept) = (built.site.join("content"), built.site.with_extension("kept"));
    support::copy(&content, &kept);
    let options = relais::Options {
        site: built.site.clone(),
        out: built.site.join("public"),
        base_url: None,
        at: "2026-06-01T12:00:00Z".parse().unwrap(),
        drafts: false,
        full: true,
        ledger: relais::load::Keeping::Read,
    };
    let report = relais::build(&options, &Meddler(built.site.clone()));
    assert!(report.done.is_none());
    assert!(report.diagnostics.iter().all(|d| d.code == "changed-meanwhile"), "{:?}", report.diagnostics);
    support::copy(&kept, &content);
    assert_eq!(built.again(&[]), Vec::<String>::new());
}

fn sorted(lines: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    lines.sort_by(|a, b| a[2..].cmp(&b[2..]));
    lines
}
