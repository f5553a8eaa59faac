//! `relais serve`, driven as a browser and an editor drive it: requests, server-sent events, and saves of files.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use support::{AT, assert_same, build_well, run, scratch, tree, write};

/// Longer than anything takes on a machine that does ten other things.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `relais serve`.
struct Server {
    child: Child,
    site: PathBuf,
    /// Such as `127.0.0.1:40123`.
    host: String,
    /// The path below which the portal lies.
    base: String,
    lines: Receiver<String>,
}

/// The answer to a request.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

/// Server-sent events of a page, in their order.
struct Events(Receiver<(String, String)>);

impl Server {
    fn start(site: &Path) -> Server {
        Server::start_with(site, &["--port", "0"])
    }

    fn start_with(site: &Path, args: &[&str]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relais"));
        command.args(["serve", "--at", AT]).args(args).arg(site);
        command.env_remove("SOURCE_DATE_EPOCH").env("NO_COLOR", "1");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (to, lines) = mpsc::channel();
        let outputs: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for output in outputs {
            let to = to.clone();
            thread::spawn(move || {
                BufReader::new(output).lines().map_while(Result::ok).all(|line| to.send(line).is_ok())
            });
        }
        let mut server = Server { child, site: site.to_owned(), host: String::new(), base: String::new(), lines };
        let line = server.line("http://");
        let (host, base) = line["http://".len()..].split_once('/').unwrap();
        server.host = host.to_owned();
        server.base = format!("/{}", base.split(' ').next().unwrap());
        server
    }

    /// The next line of the terminal that holds a text.
    fn line(&self, text: &str) -> String {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => seen.push(line),
                Err(_) => panic!("the terminal never says `{text}`, only:\n{}", seen.join("\n")),
            }
        }
    }

    fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let at = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("no head");
        let head = String::from_utf8_lossy(&answer[..at]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: answer[at + 4..].to_vec() }
    }

    /// Asks for an address that begins with the server's root.
    fn at(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host))
    }

    /// Asks for an address below the portal's base.
    fn get(&self, path: &str) -> Answer {
        self.at(&format!("{}{path}", self.base))
    }

    /// Asks for a page until it holds a text.
    fn until(&self, path: &str, text: &str) {
        let start = Instant::now();
        while !self.get(path).text().contains(text) {
            assert!(start.elapsed() < PATIENCE, "{path} never holds `{text}`, but:\n{}", self.get(path).text());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Events for the page at an address, as it is now.
    fn events(&self, path: &str) -> Events {
        self.events_since(&self.get(path).version(), path)
    }

    /// Events for the page at an address, of which the browser has this version.
    fn events_since(&self, version: &str, path: &str) -> Events {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let path = format!("/_relais/events/{version}{}{path}", self.base);
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host).unwrap();
        let (to, events) = mpsc::channel();
        thread::spawn(move || {
            let mut name = String::new();
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if let Some(event) = line.strip_prefix("event: ") {
                    name = event.to_owned();
                } else if let Some(data) = line.strip_prefix("data:")
                    && to.send((name.clone(), data.trim().to_owned())).is_err()
                {
                    return;
                }
            }
        });
        Events(events)
    }

    /// What a fresh build with the same options writes.
    fn assert_as_built(&self, what: &str) {
        let out = scratch("serve-expected").join(self.site.file_name().unwrap());
        let url = format!("http://{}{}", self.host, self.base);
        build_well(&self.site, &["--drafts", "--base-url", &url, "--out", out.to_str().unwrap()]);
        assert_same(&tree(&out), &tree(&self.site.join(".relais/serve")), what);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn version(&self) -> String {
        let text = self.text();
        let (_, rest) = text.split_once("data-version=\"").expect("no script in the page");
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Events {
    /// The data of the next event of a name; the others until then are passed over.
    fn next(&self, name: &str) -> String {
        loop {
            match self.0.recv_timeout(PATIENCE) {
                Ok((event, data)) if event == name => return data,
                Ok(_) => {}
                Err(_) => panic!("no event `{name}`"),
            }
        }
    }

    /// The names of the events before the next of a name.
    fn until(&self, name: &str) -> Vec<String> {
        let mut before = Vec::new();
        loop {
            match self.0.recv_timeout(PATIENCE) {
                Ok((event, _)) if event == name => return before,
                Ok((event, _)) => before.push(event),
                Err(_) => panic!("no event `{name}`, but {before:?}"),
            }
        }
    }

    /// The names of the events so far.
    fn so_far(&self) -> Vec<String> {
        self.0.try_iter().map(|(name, _)| name).collect()
    }
}

/// A portal below a path, in two languages, with two entries.
fn site(name: &str) -> PathBuf {
    let site = scratch(name).join(name);
    let config = "title: { en: Portal, fr: Portail }\nbase_url: https://portal.example/fund/\nlanguages: [en, fr]\n\
                  menu: [notes]\n";
    write(&site, "relais.yaml", config);
    let kind =
        "label: { en: Notes, fr: Notes }\nfields:\n  country: { kind: country, label: { en: Country, fr: Pays } }\n";
    write(&site, "content/notes/_type.yaml", kind);
    for id in ["first", "second"] {
        entry(&site, id, "Words.");
    }
    site
}

fn entry(site: &Path, id: &str, text: &str) {
    write(site, &format!("content/notes/{id}/index.yaml"), "country: LV\n");
    let name = id.rsplit('/').next().unwrap();
    let text = format!("---\ntitle: The {name} note\nslug: {name}\nsummary: A note.\n---\n\n{text}\n");
    write(site, &format!("content/notes/{id}/index.en.md"), text);
}

/// Saves a file as most editors do: under another name first.
fn save(site: &Path, path: &str, text: &str) {
    let temporary = site.join(".saving");
    fs::write(&temporary, text).unwrap();
    fs::rename(temporary, site.join(path)).unwrap();
}

/// Replaces a text in a file, which must be there.
fn edit(site: &Path, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(site.join(path)).unwrap();
    assert!(text.contains(from), "{path} does not contain `{from}`");
    save(site, path, &text.replacen(from, to, 1));
}

const FIRST: &str = "content/notes/first/index.en.md";

#[test]
fn pages_are_served_as_a_static_host_serves_them() {
    let site = site("serve-pages");
    write(&site, "content/notes/first/table.csv", "a,b\n");
    let server = Server::start(&site);
    assert_eq!(server.base, "/fund/");
    let page = server.get("en/notes/first/");
    assert_eq!(page.status, 200);
    for line in ["content-type: text/html; charset=utf-8", "cache-control: no-store"] {
        assert!(page.head.contains(line), "no `{line}` in\n{}", page.head);
    }
    let script = "<script src=\"/_relais/client.js\"";
    assert!(
        page.text().contains(script) && page.text().contains(&format!("http://{}/fund/en/notes/first/", server.host))
    );
    let written = fs::read_to_string(site.join(".relais/serve/en/notes/first/index.html")).unwrap();
    assert!(!written.contains("_relais"), "the script is in the file, too");
    assert!(!site.join("public").exists());
    for (path, to) in [("/", "/fund/"), ("/fund", "/fund/"), ("/fund/en/notes?a=b", "/fund/en/notes/?a=b")] {
        let answer = server.at(path);
        assert_eq!(answer.status, 302, "{path}");
        assert!(answer.head.contains(&format!("location: {to}\r\n")), "{path}: {}", answer.head);
    }
    for (path, lang) in [("fr/nowhere/at/all/", "fr"), ("en/nowhere", "en")] {
        let missing = server.get(path);
        let own = format!("<html lang=\"{lang}\"");
        assert!(missing.status == 404 && missing.text().contains(&own) && missing.text().contains(script), "{path}");
    }
    assert_eq!(server.at("/elsewhere").status, 404);
    let paths: Vec<String> = tree(&site.join(".relais/serve")).into_keys().collect();
    for (extension, kind) in [("css", "text/css"), ("csv", "text/csv"), ("xml", "text/xml"), ("svg", "image/svg+xml")] {
        let path = paths.iter().find(|path| path.ends_with(extension)).unwrap();
        assert!(server.get(path).head.contains(&format!("content-type: {kind}")), "{path}: {}", server.get(path).head);
    }
    let head = format!("HEAD /fund/en/ HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.host);
    let head = server.send(&head);
    assert!(head.status == 200 && head.body.is_empty());
    server.assert_as_built("the preview");
}

#[test]
fn strangers_and_paths_that_lead_out_are_refused() {
    let site = site("serve-refusals");
    write(&site, "secret.txt", "secret");
    let server = Server::start(&site);
    for host in ["portal.example", "127.0.0.1.portal.example", "localhost.portal.example", "[::1]", "", "127.0.0.1@x"] {
        let answer = server.send(&format!("GET /fund/en/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert!(
            matches!(answer.status, 400 | 403) && !answer.text().contains("<html"),
            "host `{host}`: {}",
            answer.head
        );
    }
    for request in [
        "GET /fund/en/ HTTP/1.1\r\nHost: localhost\r\nHost: portal.example\r\nConnection: close\r\n\r\n",
        "GET http://portal.example/fund/en/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /fund/en/ HTTP/1.0\r\n\r\n",
        "GET /_relais/events/x/fund/ HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n\r\n",
    ] {
        assert_eq!(server.send(request).status, 403, "{request}");
    }
    let local = server.send("GET /fund/en/ HTTP/1.1\r\nHost: LocalHost:81\r\nConnection: close\r\n\r\n");
    assert_eq!(local.status, 200);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let request = format!("{method} /fund/en/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = server.send(&request);
        assert!(answer.status == 405 && answer.head.contains("allow: get, head"), "{method}");
    }
    for path in [
        "../../secret.txt",
        "%2e%2e/%2e%2e/secret.txt",
        "en/..%2f..%2f..%2fsecret.txt",
        "..%5c..%5csecret.txt",
        "..\\..\\secret.txt",
        "en/%00",
        "en/./",
        "/etc/passwd",
        "c:/secret.txt",
        "%ff",
    ] {
        assert_eq!(server.get(path).status, 400, "{path}");
    }
    assert_eq!(server.get(".relais-manifest").status, 404);
    assert_eq!(server.get("%2erelais-manifest").status, 404);
    #[cfg(unix)]
    {
        let out = site.join(".relais/serve");
        std::os::unix::fs::symlink(site.join("secret.txt"), out.join("link.txt")).unwrap();
        std::os::unix::fs::symlink(&site, out.join("up")).unwrap();
        for path in ["link.txt", "up/secret.txt", "up/"] {
            let answer = server.get(path);
            assert!(answer.status == 404 && !answer.text().contains("secret\n"), "{path}");
        }
    }
}

#[test]
fn only_pages_that_changed_reload() {
    let site = site("serve-reload");
    let server = Server::start(&site);
    let (first, second) = (server.events("en/notes/first/"), server.events("en/notes/second/"));
    first.next("mended");
    second.next("mended");
    edit(&site, FIRST, "Words.", "Other words.");
    assert_eq!(first.until("reload"), ["mended"]);
    assert!(server.get("en/notes/first/").text().contains("Other words."));
    edit(&site, "content/notes/second/index.en.md", "Words.", "More words.");
    assert_eq!(second.until("reload"), ["mended", "mended"], "the first edit shows nowhere on this page");
    // A page that was loaded before a build and connects after it has missed nothing.
    let late = server.events_since("0-0", "en/notes/second/");
    late.next("reload");
    // Nor is anything said of a page that is saved as it was, and then changed.
    assert_eq!(first.until("mended"), [""; 0]);
    save(&site, FIRST, &fs::read_to_string(site.join(FIRST)).unwrap());
    assert_eq!(first.until("mended"), [""; 0]);
    edit(&site, FIRST, "Other words.", "Third words.");
    assert_eq!(first.until("reload"), ["mended"]);
}

#[test]
fn style_sheets_are_exchanged_and_pictures_reload() {
    let site = site("serve-styles");
    let own = "themes/mine/assets/site.css";
    write(&site, "themes/mine/theme.yaml", "extends: relais\n");
    write(&site, own, "body { color: black }\n");
    let config = fs::read_to_string(site.join("relais.yaml")).unwrap();
    write(&site, "relais.yaml", format!("{config}theme: mine\n"));
    write(
        &site,
        "content/notes/first/plan.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>",
    );
    edit(&site, FIRST, "Words.", "![The plan](plan.svg)");
    let server = Server::start(&site);
    let events = server.events("en/notes/first/");
    events.next("mended");
    edit(&site, own, "black", "red");
    events.next("styles");
    assert_eq!(events.so_far(), [""; 0], "a reload for a style sheet");
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><g/></svg>";
    write(&site, "content/notes/first/plan.svg", picture);
    events.next("reload");
}

#[test]
fn errors_appear_over_the_last_good_page_and_vanish() {
    let site = site("serve-errors");
    let server = Server::start(&site);
    let events = server.events("en/notes/first/");
    events.next("mended");
    save(&site, "content/notes/first/index.yaml", "country: <Latvia>\n");
    let problems = events.next("problems");
    for part in [
        "content/notes/first/index.yaml:1:10",
        "<mark>&lt;Latvia&gt;</mark>",
        "class=\\\"help\\\"",
        "ISO 3166",
        "1 error",
    ] {
        let part = part.replace('\\', "");
        assert!(problems.replace("\\\"", "\"").contains(&part), "no `{part}` in {problems}");
    }
    server.line("error[unknown-country]");
    server.line("content/notes/first/index.yaml:1:10");
    assert!(server.get("en/notes/first/").status == 200, "the last good page");
    // Whoever comes later is told, too.
    server.events("en/notes/second/").next("problems");
    save(&site, "content/notes/first/index.yaml", "country: LV\n");
    events.next("mended");
    assert_eq!(events.so_far(), [""; 0], "the page is the one that is shown");
}

#[test]
fn an_error_page_stands_in_until_the_first_build_that_succeeds() {
    let site = site("serve-first");
    save(&site, "content/notes/first/index.yaml", "country: Latvia\n");
    let server = Server::start(&site);
    let page = server.at("/fund/en/");
    assert_eq!(page.status, 500);
    assert!(page.text().contains("content/notes/first/index.yaml:1:10") && page.text().contains("/_relais/client.js"));
    let events = server.events("");
    events.next("problems");
    save(&site, "content/notes/first/index.yaml", "country: Latvija\n");
    events.next("reload");
    save(&site, "content/notes/first/index.yaml", "country: LV\n");
    events.next("mended");
    events.next("reload");
    assert_eq!(server.at("/fund/en/").status, 200);
    // So is relais.yaml itself.
    let config = fs::read_to_string(site.join("relais.yaml")).unwrap();
    save(&site, "relais.yaml", &config.replace("/fund/", "/other/"));
    server.line(" 0 errors");
    let start = Instant::now();
    while server.at("/other/en/").status != 200 {
        assert!(start.elapsed() < PATIENCE, "the new base is not served");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn files_come_go_move_and_are_saved_in_every_way() {
    let site = site("serve-files");
    let server = Server::start(&site);
    // Folders in folders, with their files right away.
    for n in 0..20 {
        entry(&site, &format!("2026/spring/new-{n}"), "New words.");
    }
    for n in 0..20 {
        server.until(&format!("en/notes/new-{n}/"), "New words.");
    }
    // An atomic save: another name, then this one.
    let temporary = site.join("content/notes/first/index.en.md.tmp");
    fs::write(&temporary, fs::read_to_string(site.join(FIRST)).unwrap().replace("Words.", "Atomic words.")).unwrap();
    fs::rename(&temporary, site.join(FIRST)).unwrap();
    server.until("en/notes/first/", "Atomic words.");
    // What editors leave is no part of the site.
    for name in ["index.en.md~", "#index.en.md#", ".index.en.md.swp", ".#index.en.md"] {
        fs::copy(site.join(FIRST), site.join("content/notes/first").join(name)).unwrap();
    }
    // A folder is renamed, then edited at its new place; another is deleted.
    fs::rename(site.join("content/notes/2026"), site.join("content/notes/2027")).unwrap();
    edit(&site, "content/notes/2027/spring/new-7/index.en.md", "New words.", "Moved words.");
    server.until("en/notes/new-7/", "Moved words.");
    fs::remove_dir_all(site.join("content/notes/2027/spring/new-8")).unwrap();
    let start = Instant::now();
    while server.get("en/notes/new-8/").status != 404 {
        assert!(start.elapsed() < PATIENCE, "a deleted entry is still there");
        thread::sleep(Duration::from_millis(5));
    }
    // A whole folder that was not there before, then its replacement.
    write(&site, "i18n/en/own.ftl", "draft = Sketch\n");
    fs::rename(site.join("content"), site.join("away")).unwrap();
    fs::rename(site.join("away"), site.join("content")).unwrap();
    edit(&site, FIRST, "Atomic words.", "Last words.");
    server.until("en/notes/first/", "Last words.");
    fs::remove_dir_all(site.join("i18n")).unwrap();
    edit(&site, FIRST, "Last words.", "Very last words.");
    server.until("en/notes/first/", "Very last words.");
    server.assert_as_built("after all that");
}

#[test]
fn a_published_file_that_is_deleted_is_gone() {
    let site = site("serve-published");
    let (annex, font) = ("content/notes/first/plans/annex.en.pdf", "themes/relais/assets/own.woff2");
    write(&site, annex, "annex");
    write(&site, font, "font");
    let server = Server::start(&site);
    for (file, page) in [(annex, "files/notes/first/plans/annex.en.pdf"), (font, "assets/own.woff2")] {
        assert_eq!(server.get(page).status, 200, "{page}");
        fs::remove_file(site.join(file)).unwrap();
        let start = Instant::now();
        while server.get(page).status != 404 {
            assert!(start.elapsed() < PATIENCE, "{page} is still there");
            thread::sleep(Duration::from_millis(5));
        }
    }
    server.assert_as_built("after that");
}

#[test]
fn a_burst_of_saves_ends_in_the_right_pages() {
    let site = site("serve-burst");
    let server = Server::start(&site);
    let (first, slow) = (server.events("en/notes/first/"), TcpStream::connect(&server.host).unwrap());
    first.next("mended");
    // Neither a browser that never reads nor one that never ends its request is waited for.
    write!(&slow, "GET /_relais/events/none/fund/en/notes/first/ HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut unfinished = TcpStream::connect(&server.host).unwrap();
    unfinished.write_all(b"GET /fund/ HTTP/1.1\r\nHost: loc").unwrap();
    for n in 0..200 {
        entry(&site, "first", &format!("Save {n}."));
        thread::sleep(Duration::from_millis(2));
    }
    first.next("reload");
    server.until("en/notes/first/", "Save 199.");
    server.assert_as_built("after 200 saves");
}

#[test]
fn a_checkout_of_another_branch_ends_in_the_right_pages() {
    let folder = scratch("serve-checkout");
    let site = folder.join("real");
    support::copy(&self::site("serve-checkout-source"), &site);
    let git = |args: &[&str]| {
        let who = ["-c", "user.name=Editor", "-c", "user.email=editor@portal.example"];
        let done = run(Command::new("git").args(who).args(args).current_dir(&site));
        assert_eq!(done.status, 0, "git {args:?}: {}", done.stderr);
    };
    write(&site, ".gitignore", ".relais\n");
    git(&["init", "--quiet", "--initial-branch=one"]);
    for n in 0..150 {
        entry(&site, &format!("old-{n}"), "From one.");
    }
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "One"]);
    git(&["checkout", "--quiet", "-b", "two"]);
    for n in 0..150 {
        fs::remove_dir_all(site.join(format!("content/notes/old-{n}"))).unwrap();
        entry(&site, &format!("group-{}/new-{n}", n % 7), "From two.");
    }
    edit(&site, FIRST, "Words.", "Words of two.");
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "Two"]);
    git(&["checkout", "--quiet", "one"]);
    // The site is reached through a link, as many home folders are.
    #[cfg(unix)]
    let site_as_named = {
        std::os::unix::fs::symlink(&site, folder.join("linked")).unwrap();
        folder.join("linked")
    };
    #[cfg(not(unix))]
    let site_as_named = site.clone();
    let mut server = Server::start(&site_as_named);
    assert_eq!(server.get("en/notes/old-149/").status, 200);
    for branch in ["two", "one", "two"] {
        git(&["checkout", "--quiet", branch]);
        let (there, gone) = if branch == "two" { ("new-149", "old-149") } else { ("old-149", "new-149") };
        server.until(&format!("en/notes/{there}/"), &format!("From {branch}."));
        let start = Instant::now();
        while server.get(&format!("en/notes/{gone}/")).status != 404 {
            assert!(start.elapsed() < PATIENCE, "{gone} is still there on {branch}");
            thread::sleep(Duration::from_millis(20));
        }
    }
    server.until("en/notes/first/", "Words of two.");
    // A build may have begun in the middle of the checkout: the last one knows all entries, and ends soon after.
    server.until("en/", "152 entries");
    thread::sleep(Duration::from_secs(1));
    server.site = site;
    server.assert_as_built("after a checkout");
}

#[test]
fn a_taken_port_gives_way_and_a_second_server_is_refused() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let site = site("serve-ports");
    let server = Server::start_with(&site, &["--port", &port.to_string()]);
    assert_ne!(server.host, format!("127.0.0.1:{port}"));
    assert_eq!(server.get("en/").status, 200);
    let second = run(Command::new(env!("CARGO_BIN_EXE_relais")).arg("serve").arg(&site));
    assert!(second.status == 1 && second.stderr.contains("another `relais serve` runs"), "{}", second.stderr);
    let nowhere = run(Command::new(env!("CARGO_BIN_EXE_relais")).arg("serve").arg(site.join("content")));
    assert!(nowhere.status == 1 && nowhere.stderr.contains("error[no-site]"), "{}", nowhere.stderr);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_cleanly() {
    let site = site("serve-interrupt");
    let mut server = Server::start(&site);
    let done = run(Command::new("kill").args(["-INT", &server.child.id().to_string()]));
    assert_eq!(done.status, 0);
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}
