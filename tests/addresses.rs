//! Addresses that last, through the front door: what `urls.lock` records, and what a reader with an old link comes to.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use support::{Run, build, build_well, edit, publish, tree};

/// Instants of builds, in seconds since 1970: two days of January 2026.
const FIRST: &str = "1768478400";
const SECOND: &str = "1768564800";

/// A site that has been published once.
fn published(name: &str) -> PathBuf {
    let site = support::scratch(&format!("addresses/{name}"));
    support::portal::write_portal(&site);
    well(&publish(&site, FIRST, &[]));
    site
}

fn well(run: &Run) {
    assert_eq!(run.status, 0, "the build failed:\n{}", run.stderr);
}

fn ledger(site: &Path) -> String {
    fs::read_to_string(site.join("urls.lock")).unwrap_or_default()
}

/// The lines that are in one of two texts only: `-` in the first, `+` in the second.
fn lines_changed(before: &str, after: &str) -> Vec<String> {
    let gone = before.lines().filter(|line| !after.lines().any(|other| other == *line)).map(|line| format!("- {line}"));
    let new = after.lines().filter(|line| !before.lines().any(|other| other == *line)).map(|line| format!("+ {line}"));
    gone.chain(new).collect()
}

/// Serves files as the plainest of hosts: a folder is its `index.html`, anything else is what it is or 404.
fn serve(root: PathBuf) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let request: Vec<String> =
                BufReader::new(&stream).lines().map_while(Result::ok).take_while(|l| !l.is_empty()).collect();
            let line = request.first().cloned().unwrap_or_default();
            let path = line.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
            let file = if path.is_empty() || path.ends_with('/') { path + "index.html" } else { path };
            let (status, body) =
                fs::read(root.join(file)).map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            (&stream).write_all(&[head.as_bytes(), &body].concat()).ok();
        }
    });
    address
}

fn get(host: SocketAddr, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

/// Follows a link as a browser without scripts does; returns the addresses on the way and the last page.
fn follow(host: SocketAddr, path: &str) -> (Vec<String>, String) {
    let mut way = vec![path.to_owned()];
    loop {
        let (status, body) = get(host, way.last().unwrap());
        assert!(status.contains("200"), "{way:?}: {status}");
        let Some((_, rest)) = body.split_once("http-equiv=\"refresh\" content=\"0; url=") else { return (way, body) };
        way.push(rest.split('"').next().unwrap().to_owned());
        assert!(way.len() < 5, "{way:?}");
    }
}

#[test]
fn an_old_address_works_on_a_plain_host() {
    let site = published("renamed");
    edit(&site, "content/notes/alone.en.md", "title: Alone", "title: Alone\nslug: solitary");
    well(&publish(&site, SECOND, &[]));
    let host = serve(site.join("public"));
    let (way, page) = follow(host, "/en/notes/alone/");
    assert_eq!(way, ["/en/notes/alone/", "/en/notes/solitary/"]);
    assert!(page.contains("Nobody mentions it."), "{page}");
    let (_, page) = get(host, "/en/notes/alone/");
    assert!(page.contains("<a href=\"/en/notes/solitary/\">Alone</a>"), "for whoever is not led on: {page}");
    assert!(page.contains("rel=\"canonical\" href=\"https://portal.example/en/notes/solitary/\""), "{page}");
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn however_often_a_page_moves_one_step_leads_to_it() {
    let site = published("often");
    for (before, after) in [("title: Alone", "title: Alone\nslug: b"), ("slug: b", "slug: c"), ("slug: c", "slug: d")] {
        edit(&site, "content/notes/alone.en.md", before, after);
        well(&publish(&site, SECOND, &[]));
    }
    let host = serve(site.join("public"));
    for old in ["alone", "b", "c"] {
        let (way, _) = follow(host, &format!("/en/notes/{old}/"));
        assert_eq!(way.last().unwrap(), "/en/notes/d/");
        assert_eq!(way.len(), 2, "{way:?}");
    }
    // Back to the beginning: no address leads to itself.
    edit(&site, "content/notes/alone.en.md", "slug: d", "slug: alone");
    well(&publish(&site, SECOND, &[]));
    assert_eq!(follow(host, "/en/notes/alone/").0.len(), 1);
    assert_eq!(follow(host, "/en/notes/d/").0, ["/en/notes/d/", "/en/notes/alone/"]);
}

#[test]
fn a_removed_entry_says_so_in_its_language_until_it_is_forgotten() {
    let site = published("removed");
    fs::remove_file(site.join("content/calls/second.sv.md")).unwrap();
    well(&publish(&site, SECOND, &[]));
    let host = serve(site.join("public"));
    let (_, page) = follow(host, "/sv/utlysningar/andra-utlysningen/");
    assert!(page.contains("<h1>Sidan har tagits bort</h1>"), "{page}");
    assert!(page.contains("name=\"robots\" content=\"noindex\""), "{page}");
    assert!(page.contains("<a href=\"/sv/utlysningar/\">Utlysningar</a>"), "{page}");
    // It comes back, and is what it was.
    support::write(&site, "content/calls/second.sv.md", "---\ntitle: Andra utlysningen\ntheme: work\n---\nTexten.\n");
    let removed = ledger(&site);
    well(&publish(&site, SECOND, &[]));
    assert_eq!(lines_changed(&removed, &ledger(&site)), Vec::<String>::new());
    fs::remove_file(site.join("content/calls/second.sv.md")).unwrap();
    let rest: String =
        removed.lines().filter(|line| !line.contains("calls/second")).map(|l| format!("{l}\n")).collect();
    fs::write(site.join("urls.lock"), rest).unwrap();
    well(&publish(&site, SECOND, &[]));
    assert!(get(host, "/sv/utlysningar/andra-utlysningen/").0.contains("404"));
}

#[test]
fn an_extended_deadline_moves_the_dates_of_what_shows_it_and_nothing_else() {
    let site = published("extended");
    let before = tree(&site.join("public"));
    let was = ledger(&site);
    edit(
        &site,
        "content/calls/first/index.yaml",
        "17:00, zone: Europe/Brussels",
        "17:00, zone: Europe/Brussels, was: [2026-05-15T17:00]",
    );
    well(&publish(&site, SECOND, &[]));
    let after = tree(&site.join("public"));
    for (lang, calls, theme, own) in [
        ("en", "calls", "theme/housing", Some("calls/first-call")),
        ("fr", "appels", "theme/logement", Some("appels/premier-appel")),
        ("sv", "utlysningar", "tema/boende", None),
    ] {
        let path = format!("{lang}/sitemap.xml");
        let [before, after] = [&before, &after].map(|tree| String::from_utf8(tree[&path].clone()).unwrap());
        let url = |at: &str| {
            format!("+ <url><loc>https://portal.example/{lang}/{at}</loc><lastmod>2026-01-16T12:00:00Z</lastmod>")
        };
        let changed = lines_changed(&before, &after);
        let new: Vec<&String> = changed.iter().filter(|line| line.starts_with('+')).collect();
        let mut expected = vec![url(&format!("{calls}/")), url(&format!("{calls}/{theme}/"))];
        expected.extend(own.map(|own| url(&format!("{own}/"))));
        // The home page is as new as the newest that has a text in the language.
        expected.extend(own.map(|_| url("")));
        expected.sort();
        let mut new: Vec<String> = new.into_iter().cloned().collect();
        new.sort();
        assert_eq!(new, expected, "in {path}");
        let strip = |text: &str| -> Vec<String> {
            let bare = |line: &str| match (line.split_once("<lastmod>"), line.split_once("</lastmod>")) {
                (Some((before, _)), Some((_, after))) => format!("{before}{after}"),
                _ => line.to_owned(),
            };
            text.lines().map(bare).collect()
        };
        assert_eq!(strip(&before), strip(&after), "{path} differs in more than instants");
    }
    let changed = lines_changed(&was, &ledger(&site));
    assert!(
        changed.contains(&"+ seen calls/first#deadline@2026-05-15+1 2026-01-16T12:00:00Z".to_owned()),
        "{changed:#?}"
    );
    assert!(changed.iter().all(|line| line.contains("calls/first")), "{changed:#?}");
}

#[test]
fn only_what_an_entry_says_is_its_content() {
    let site = published("content");
    let before = ledger(&site);
    let facts = "# A remark\nprogramme: \"esf\"\nreview_by: 2027-01-01\ntheme: 'housing'\ndeadline:\n  zone: 'Europe/Brussels'\n\
                 \x20 at: 2026-06-15T17:00\nsource_language: fr\n";
    support::write(&site, "content/calls/first/index.yaml", facts);
    let text = "---\n# Another\ntitle: \"Premier appel\"\n---\n\nLe texte.\n\n".replace('\n', "\r\n");
    support::write(&site, "content/calls/first/index.fr.md", text);
    well(&publish(&site, SECOND, &[]));
    assert_eq!(ledger(&site), before);
    // A text is one language's, a fact everybody's.
    edit(&site, "content/calls/first/index.fr.md", "Le texte.", "Un autre texte.");
    well(&publish(&site, SECOND, &[]));
    let changed: Vec<String> = lines_changed(&before, &ledger(&site));
    assert_eq!(changed.len(), 2, "{changed:#?}");
    assert!(changed.iter().all(|line| line.contains(" fr/appels/premier-appel/ ")), "{changed:#?}");
}

#[test]
fn a_question_is_not_written_down() {
    let site = support::scratch("addresses/question");
    support::portal::write_portal(&site);
    build_well(&site, &[]);
    assert!(!site.join("urls.lock").exists(), "--at asks what if");
    well(&publish(&site, FIRST, &["--drafts"]));
    assert!(!site.join("urls.lock").exists(), "drafts are not published");
    edit(&site, "content/notes/alone.en.md", "title: Alone", "titel: Alone");
    assert_eq!(publish(&site, FIRST, &[]).status, 1);
    assert!(!site.join("urls.lock").exists(), "nothing was published");
    edit(&site, "content/notes/alone.en.md", "titel: Alone", "title: Alone");
    assert_eq!(publish(&site, FIRST, &["--locked"]).status, 1);
    assert!(!site.join("urls.lock").exists(), "--locked writes nothing");
    well(&publish(&site, FIRST, &[]));
    let first = ledger(&site);
    assert!(first.contains("\nen/notes/alone/ notes/alone "), "{first}");
    let written = || fs::metadata(site.join("urls.lock")).unwrap().modified().unwrap();
    let stamp = written();
    well(&publish(&site, SECOND, &["--locked"]));
    well(&publish(&site, SECOND, &["--base-url", "https://elsewhere.example/below/"]));
    assert_eq!((ledger(&site), written()), (first, stamp), "nothing is new");
}

#[test]
fn a_ledger_that_cannot_be_written_is_a_warning() {
    let site = support::scratch("addresses/read-only");
    support::portal::write_portal(&site);
    // What everybody may read and nobody write, be it the superuser.
    fs::create_dir(site.join(".urls.lock.new")).unwrap();
    let run = publish(&site, FIRST, &[]);
    well(&run);
    assert!(run.stderr.contains("warning[urls-not-written]"), "{}", run.stderr);
    assert!(site.join("public/en/notes/alone/index.html").exists());
}

#[test]
fn a_build_over_another_equals_a_first_one() {
    let site = published("equal");
    edit(&site, "content/notes/alone.en.md", "title: Alone", "title: Alone\nslug: solitary");
    edit(&site, "content/calls/first/index.fr.md", "Le texte.", "Un autre texte.");
    fs::remove_file(site.join("content/calls/second.sv.md")).unwrap();
    let fresh = site.with_extension("fresh");
    let out = format!("--out={}", fresh.display());
    // What a build shows before the ledger knows of the edits depends on the clock, and must not be remembered.
    for at in ["2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"] {
        fs::remove_dir_all(&fresh).ok();
        well(&build(&site, &["--at", at]));
        well(&build(&site, &["--at", at, &out]));
        support::assert_same(&tree(&fresh), &tree(&site.join("public")), at);
    }
    for epoch in [FIRST, SECOND] {
        fs::remove_dir_all(&fresh).ok();
        well(&publish(&site, epoch, &[]));
        well(&publish(&site, epoch, &[&out]));
        support::assert_same(&tree(&fresh), &tree(&site.join("public")), epoch);
    }
}
