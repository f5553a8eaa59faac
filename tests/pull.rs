//! `relais pull` against a small server on this computer: the formats, the courtesies, and everything that a stranger's
//! server may do to us.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use support::Run;

/// Answers one request: its path, its headers in lower case, and where the answer goes.
type Answer = dyn Fn(&str, &[String], &mut TcpStream) -> std::io::Result<()> + Send + Sync;

/// A server that ends with its test.
struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    requests: Arc<Mutex<Vec<Vec<String>>>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(
        answer: impl Fn(&str, &[String], &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, requests) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let answer: Arc<Answer> = Arc::new(answer);
        let (stopped, seen) = (Arc::clone(&stop), Arc::clone(&requests));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (answer, seen) = (Arc::clone(&answer), Arc::clone(&seen));
                // Who has gone away needs no answer.
                std::thread::spawn(move || drop(serve(stream, &*answer, &seen)));
            }
        });
        Server { address, stop, requests, thread: Some(thread) }
    }

    /// One that has these documents.
    fn with(documents: &'static [(&'static str, &'static str)]) -> Server {
        Server::start(move |path, _, to| match documents.iter().find(|(known, _)| *known == path) {
            Some((_, body)) => ok(to, "", body.as_bytes()),
            None => to.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        })
    }

    fn port(&self) -> String {
        format!(":{}", self.address.port())
    }

    fn requests(&self) -> Vec<Vec<String>> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn serve(mut stream: TcpStream, answer: &Answer, seen: &Mutex<Vec<Vec<String>>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let headers: Vec<String> =
        lines.map_while(Result::ok).take_while(|line| !line.is_empty()).map(|line| line.to_lowercase()).collect();
    seen.lock().unwrap().push([vec![first], headers.clone()].concat());
    answer(&path, &headers, &mut stream)
}

fn ok(to: &mut TcpStream, headers: &str, body: &[u8]) -> std::io::Result<()> {
    write!(to, "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    to.write_all(body)
}

fn redirect(to: &mut TcpStream, status: u16, location: &str) -> std::io::Result<()> {
    write!(to, "HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

/// A site that follows feeds of a server: their ids and paths.
fn site(name: &str, server: &Server, feeds: &[(&str, &str)]) -> PathBuf {
    let site = support::scratch(&format!("pull/{name}"));
    let mut config = String::from(
        "title: Portal\nbase_url: https://portal.example/\nlanguages: [fr]\nnetwork:\n  timeout: 2\n  feeds:\n",
    );
    for (id, path) in feeds {
        config += &format!("    - {{ id: {id}, lang: fr, url: \"http://{}{path}\" }}\n", server.address);
    }
    support::write(&site, "relais.yaml", config);
    site
}

fn pull(site: &Path) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relais"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().to_lowercase().ends_with("_proxy")) {
        command.env_remove(name);
    }
    support::run(command.arg("pull").args(["--at", support::AT]).current_dir(site))
}

fn pull_well(site: &Path) -> Run {
    let run = pull(site);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    run
}

fn file(site: &Path, id: &str) -> Option<String> {
    fs::read_to_string(site.join(format!("network/{id}.yaml"))).ok()
}

/// A feed with these items, as RSS.
fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>Partner</title>{items}</channel></rss>")
}

/// The one finding of a pull that failed, without its excerpt, and its remedy.
fn failure(site: &Path) -> (String, String) {
    let run = pull(site);
    assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
    let line = |start: &str| {
        let mut lines = run.stderr.lines().filter_map(|line| line.trim_start().strip_prefix(start));
        let first = lines.next().unwrap_or_else(|| panic!("no `{start}` in {}", run.stderr)).to_owned();
        assert_eq!(lines.next(), None, "{}", run.stderr);
        first
    };
    assert!(run.stderr.contains("--> relais.yaml:7:"), "{}", run.stderr);
    (line("error["), line("= help: "))
}

const FORMATS: [(&str, &str, &[u8]); 4] = [
    ("atom", "/atom.xml", include_bytes!("pull/atom.xml")),
    ("rss", "/rss.xml", include_bytes!("pull/rss.xml")),
    ("rdf", "/rdf.xml", include_bytes!("pull/rdf.xml")),
    ("json", "/feed.json", include_bytes!("pull/feed.json")),
];

fn formats() -> Server {
    Server::start(|path, _, to| match FORMATS.iter().find(|(_, known, _)| *known == path) {
        Some((.., body)) => ok(to, "", body),
        None => to.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    })
}

#[test]
fn the_same_news_in_any_format_are_the_same_file() {
    let server = formats();
    let site = site("formats", &server, &FORMATS.map(|(id, path, _)| (id, path)));
    let run = pull_well(&site);
    assert_eq!(run.stdout, "atom: 3 items, 3 new\nrss: 3 items, 3 new\nrdf: 3 items, 3 new\njson: 3 items, 3 new\n");
    for (id, path, _) in FORMATS {
        let found = file(&site, id).unwrap().replace(&server.port(), ":PORT").replace(path, "/PATH");
        let expected = include_str!("pull/expected.yaml");
        assert!(found == expected, "{id}\n{}", support::diff(expected, &found));
    }
    // Nothing new changes nothing; and a build finds nothing to say about the files.
    let before = support::tree(&site);
    let run = pull_well(&site);
    assert_eq!(run.stdout.matches("nothing new").count(), 4, "{}", run.stdout);
    support::assert_same(&before, &support::tree(&site), "a pull without news");
    support::build_well(&site, &["--at", support::AT]);
}

#[test]
fn a_server_is_asked_politely() {
    let server = Server::start(|_, headers, to| {
        let known = headers.iter().any(|header| header == "if-none-match: \"v1\"");
        match known {
            true => to.write_all(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            false => {
                let body = rss("<item><title>One</title><link>https://partner.example/1</link></item>");
                ok(to, "ETag: \"v1\"\r\nLast-Modified: Fri, 09 Jan 2026 09:00:00 GMT\r\n", body.as_bytes())
            }
        }
    });
    let site = site("polite", &server, &[("partner", "/")]);
    pull_well(&site);
    let first = file(&site, "partner").unwrap();
    assert!(first.contains("etag: \"\\\"v1\\\"\"\nmodified: \"Fri, 09 Jan 2026 09:00:00 GMT\"\n"), "{first}");
    assert_eq!(pull_well(&site).stdout, "partner: nothing new\n");
    assert_eq!(file(&site, "partner").unwrap(), first);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].contains(&"if-modified-since: fri, 09 jan 2026 09:00:00 gmt".into()), "{:?}", requests[1]);
    let agent = requests[1].iter().find(|header| header.starts_with("user-agent: ")).unwrap();
    assert!(agent.ends_with("(feed reader of https://portal.example/)"), "{agent}");
    // Another number of items is another file, whatever the server has.
    support::edit(&site, "relais.yaml", "id: partner,", "id: partner, limit: 5,");
    assert_eq!(pull_well(&site).stdout, "partner: 1 item, 0 new\n");
    assert!(!server.requests()[2].iter().any(|header| header.starts_with("if-")), "{:?}", server.requests()[2]);
}

#[test]
fn what_an_editor_hides_stays_hidden_and_a_damaged_file_is_written_anew() {
    let server = formats();
    let site = site("hidden", &server, &[("atom", "/atom.xml")]);
    pull_well(&site);
    let pulled = file(&site, "atom").unwrap();
    support::edit(&site, "network/atom.yaml", "    date: 2025-07-01\n", "    date: 2025-07-01\n    hide: true\n");
    let hidden = file(&site, "atom").unwrap();
    assert_eq!(pull_well(&site).stdout, "atom: nothing new\n");
    assert_eq!(file(&site, "atom").unwrap(), hidden);
    support::write(&site, "network/atom.yaml", "<<<<<<< HEAD\nitems: [\n");
    assert_eq!(pull_well(&site).stdout, "atom: 3 items, 3 new\n");
    assert_eq!(file(&site, "atom").unwrap(), pulled);
}

#[test]
fn compressed_feeds_are_unpacked_within_bounds() {
    let pack = |bytes: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(9));
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let (good, bomb) = (pack(FORMATS[0].2), pack(&vec![b' '; 100_000_000]));
    assert!(bomb.len() < 200_000);
    let server = Server::start(move |path, _, to| {
        ok(to, "Content-Encoding: gzip\r\n", if path == "/good" { &good } else { &bomb })
    });
    let good = site("gzip", &server, &[("good", "/good")]);
    assert_eq!(pull_well(&good).stdout, "good: 3 items, 3 new\n");
    let bomb = site("gzip-bomb", &server, &[("bomb", "/bomb")]);
    assert_eq!(failure(&bomb).0, "feed-too-large]: the feed has more than 5 MB");
}

#[test]
fn a_hundred_megabytes_are_cut_off() {
    let sent = Arc::new(Mutex::new(0_usize));
    let count = Arc::clone(&sent);
    let server = Server::start(move |path, _, to| {
        let length = if path == "/said" { "Content-Length: 100000000\r\n" } else { "" };
        write!(to, "HTTP/1.1 200 OK\r\n{length}Connection: close\r\n\r\n<rss version=\"2.0\"><channel>")?;
        let block = vec![b' '; 100_000];
        for _ in 0..1000 {
            to.write_all(&block)?;
            *count.lock().unwrap() += block.len();
        }
        Ok(())
    });
    for path in ["/said", "/unsaid"] {
        let site = site(&format!("large{}", path.replace('/', "-")), &server, &[("large", path)]);
        support::edit(&site, "relais.yaml", "timeout: 2", "timeout: 60");
        assert_eq!(failure(&site).0, "feed-too-large]: the feed has more than 5 MB", "{path}");
        assert_eq!(file(&site, "large"), None);
    }
    let sent = *sent.lock().unwrap();
    assert!(sent < 50_000_000, "{sent} bytes were taken");
}

#[test]
fn what_never_ends_is_cut_off() {
    let server = Server::start(|path, _, to| {
        if path == "/silent" {
            std::thread::sleep(Duration::from_secs(8));
            return Ok(());
        }
        write!(to, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss version=\"2.0\"><channel>")?;
        for _ in 0..200 {
            to.write_all(b"<item/>")?;
            to.flush()?;
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    });
    for path in ["/silent", "/dripping"] {
        let site = site(&format!("endless{}", path.replace('/', "-")), &server, &[("endless", path)]);
        let started = Instant::now();
        let said = failure(&site);
        assert_eq!(said.0, "feed-timeout]: the feed did not come within 2 seconds", "{path}");
        assert!(started.elapsed() < Duration::from_secs(7), "{path}: {:?}", started.elapsed());
    }
}

#[test]
fn redirects_are_followed_within_bounds() {
    let server = Server::start(|path, _, to| match path.strip_prefix("/chain/").map(|n| n.parse::<u32>().unwrap()) {
        Some(0) => ok(to, "", FORMATS[1].2),
        Some(n) => redirect(to, 301, &format!("/chain/{}", n - 1)),
        None => match path {
            "/loop" => redirect(to, 302, "/pool"),
            "/pool" => redirect(to, 307, "loop"),
            "/nowhere" => to.write_all(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            "/file" => redirect(to, 302, "file:///etc/passwd"),
            "/mixed" => redirect(to, 302, "/chain/1"),
            other => redirect(to, 308, &format!("{other}x")),
        },
    });
    let site_of = |path: &str| site(&format!("redirects{}", path.replace('/', "-")), &server, &[("partner", path)]);
    let run = pull(&site_of("/chain/5"));
    assert_eq!((run.status, run.stdout.as_str()), (0, "partner: 3 items, 3 new\n"), "{}", run.stderr);
    assert!(run.stderr.contains("warning[feed-moved]: the feed has moved to http://127.0.0.1:"), "{}", run.stderr);
    assert!(run.stderr.contains("/chain/0\n"), "{}", run.stderr);
    // Where one redirect is for now, the feed has not moved.
    assert_eq!(pull_well(&site_of("/mixed")).stdout, "partner: 3 items, 3 new\n");
    let said = |path: &str| failure(&site_of(path)).0.replace(&server.port(), "").replace("http://127.0.0.1", "");
    assert_eq!(said("/loop"), "feed-redirects]: the feed's address leads back to itself: /loop → /pool → /loop");
    for endless in ["/chain/6", "/x"] {
        let said = said(endless);
        let start = "feed-redirects]: the feed's address leads on and on; after 5 redirects it was enough: ";
        assert!(said.starts_with(start), "{said}");
    }
    assert_eq!(said("/nowhere"), "feed-redirects]: the server redirects without saying where to");
    assert_eq!(said("/file"), "feed-redirects]: the server redirects to `file:///etc/passwd`, which is no web address");
}

#[test]
fn refusals_are_told_in_words() {
    let server = Server::start(|path, _, to| {
        let (status, retry) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
        let retry =
            if retry.is_empty() { String::new() } else { format!("Retry-After: {}\r\n", retry.replace('_', " ")) };
        write!(to, "HTTP/1.1 {status} No\r\n{retry}Content-Length: 0\r\nConnection: close\r\n\r\n")
    });
    let cases = [
        ("/404", "has no such feed (status 404)", "look on the publisher's site for the feed's address"),
        ("/403", "does not let programs read the feed (status 403)", "ask its publisher for an open feed"),
        ("/410", "says that the feed is gone for good (status 410)", "remove the feed from `network`"),
        ("/500", "has a problem of its own (status 500)", "try again later"),
        ("/418", "does not send the feed (status 418)", "open the address in a browser"),
        ("/429/60", "is asked too often (status 429)", "try again after 60 seconds: the server asks for that"),
        ("/429/3601", "is asked too often (status 429)", "try again after 61 minutes: the server asks for that"),
        ("/503/86400", "has a problem of its own (status 503)", "try again after 24 hours: the server asks for that"),
        (
            "/503/Fri,_16_Jan_2026_09:00:00_GMT",
            "has a problem of its own (status 503)",
            "try again after Fri, 16 Jan 2026 09:00:00 GMT: the server asks for that",
        ),
    ];
    for (path, message, help) in cases {
        let site = site(&format!("refused{}", path.replace(['/', ':'], "-")), &server, &[("partner", path)]);
        let said = failure(&site);
        assert_eq!(said, (format!("feed-refused]: the server {message}"), help.to_owned()), "{path}");
    }
}

#[test]
fn what_is_no_feed_is_refused_and_leaves_the_others_and_its_file_alone() {
    let server = Server::with(&[
        ("/page", "<!DOCTYPE html><html><head><title>News</title></head><body><p>No feed</body></html>"),
        ("/text", "Nothing of interest"),
        ("/empty", ""),
        ("/open", "<rss version=\"2.0\">\n<channel>\n<item>"),
        ("/crossed", "<rss version=\"2.0\">\n<channel>\n</item></channel></rss>"),
        ("/svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ("/json", "{\"items\": []}"),
        ("/cut.json", "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": ["),
        ("/refused", "<rss version=\"2.0\"><channel><item><title>No link</title></item></channel></rss>"),
        ("/latin", "<?xml version=\"1.0\" encoding=\"klingon\"?><rss>"),
        ("/good", "<rss version=\"2.0\"><channel><title>Partner</title></channel></rss>"),
    ]);
    let of = |why: &str| format!("feed-unreadable]: what is at this address cannot be read as a feed: {why}");
    let cases = [
        ("/page", of("it is a web page")),
        ("/text", of("it begins with `Nothing of interest`, which is neither XML nor JSON")),
        ("/empty", of("it is empty")),
        ("/open", of("it ends before `<item>` is closed")),
        ("/svg", of("its outermost element is `<svg>`, which is no feed's")),
        ("/json", of("it is JSON, but no JSON Feed: that has a `version` of jsonfeed.org and a list of `items`")),
        ("/refused", "feed-items]: no item of the feed can be shown: 1 without a link".to_owned()),
    ];
    for (path, message) in cases {
        let site = site(&format!("no-feed{}", path.replace('/', "-")), &server, &[("partner", path)]);
        support::write(&site, "network/partner.yaml", "title: Kept\nitems: []\n");
        assert_eq!(failure(&site).0, message, "{path}");
        assert_eq!(file(&site, "partner").unwrap(), "title: Kept\nitems: []\n", "{path}");
    }
    for (path, start) in [("/crossed", "its XML is broken in line 3: "), ("/cut.json", "its JSON is broken: ")] {
        let site = site(&format!("no-feed{}", path.replace('/', "-")), &server, &[("partner", path)]);
        let said = failure(&site).0;
        assert!(said.starts_with(&of(start)), "{said}");
    }
    let site = site("no-feed-among-others", &server, &[("bad", "/page"), ("good", "/good"), ("gone", "/gone")]);
    let run = pull(&site);
    assert_eq!(run.status, 1);
    assert_eq!(
        run.stdout,
        "bad: failed, its file stays as it was\ngood: 0 items, 0 new\ngone: failed, its file stays as it was\n"
    );
    assert_eq!(run.stderr.matches("error[").count(), 2, "{}", run.stderr);
    assert!(file(&site, "good").unwrap().ends_with("title: \"Partner\"\nlimit: 10\nitems: []\n"));
    assert_eq!(fs::read_dir(site.join("network")).unwrap().count(), 1, "something was left behind");
}

#[test]
fn hostile_and_careless_items_are_tamed() {
    let long = "long ".repeat(100);
    let items = [
        "<title>&lt;script&gt;alert(1)&lt;/script&gt;A &lt;b onclick='x'&gt;title&lt;/b&gt;\u{202e} &amp;amp; &amp;lt;i&amp;gt;more&amp;lt;/i&amp;gt;\u{7}</title><link>https://partner.example/1</link>",
        "<title>Script</title><link>javascript:alert(1)</link>",
        "<title>Data</title><link>data:text/html,x</link>",
        "<title>Password</title><link>https://europa.eu:x@evil.example/</link>",
        "<title></title><link>https://partner.example/untitled</link>",
        "<title>Epoch</title><link>https://partner.example/2</link><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>",
        "<title>Future</title><link>https://partner.example/3</link><pubDate>Thu, 15 Jan 2099 00:00:00 GMT</pubDate>",
        "<title>Nonsense</title><link>https://partner.example/4</link><pubDate>soon</pubDate>",
        "<title>Today</title><link>https://partner.example/5</link><guid>five</guid><pubDate>Thu, 15 Jan 2026 20:00:00 +1300</pubDate>",
        "<title>Same link</title><link>https://partner.example/5</link>",
        "<title>Same id</title><link>https://partner.example/6</link><guid>five</guid>",
        &format!("<title>{long}</title><link>https://partner.example/7</link><pubDate>2026-01-01</pubDate>"),
        "<title>&entity; \"quoted\" \\ : # ' - [x]</title><link>https://partner.example/é?q=\"</link><pubDate>2026-01-02</pubDate>",
    ];
    let document = format!("<!DOCTYPE x [<!ENTITY entity \"{}\">]>", "&#x41;".repeat(10))
        + &rss(&items.map(|item| format!("<item>{item}</item>")).concat());
    let server = Server::start(move |_, _, to| ok(to, "", document.as_bytes()));
    let site = site("hostile", &server, &[("partner", "/")]);
    support::edit(&site, "relais.yaml", "id: partner,", "id: partner, limit: 20,");
    let run = pull(&site);
    assert_eq!((run.status, run.stdout.as_str()), (0, "partner: 7 items, 7 new\n"), "{}", run.stderr);
    let said = "warning[feed-faults]: the feed has faults: items that cannot be shown, 4 of 13: 3 with a link that is no web \
                address, 1 without a title; items kept without a date: 1 dated before 1990, 1 dated in the future; \
                items that are there twice: 2\n";
    assert!(run.stderr.starts_with(said), "{}", run.stderr);
    let found = file(&site, "partner").unwrap();
    let items = found.split_once("items:\n").unwrap().1;
    let expected = format!(
        "  - title: \"Today\"\n    link: \"https://partner.example/5\"\n    date: 2026-01-15\n\
         \x20 - title: \"&entity; \\\"quoted\\\" \\\\ : # ' - [x]\"\n    link: \"https://partner.example/%C3%A9?q=%22\"\n    date: 2026-01-02\n\
         \x20 - title: \"{}…\"\n    link: \"https://partner.example/7\"\n    date: 2026-01-01\n\
         \x20 - title: \"A title & more\"\n    link: \"https://partner.example/1\"\n\
         \x20 - title: \"Epoch\"\n    link: \"https://partner.example/2\"\n\
         \x20 - title: \"Future\"\n    link: \"https://partner.example/3\"\n\
         \x20 - title: \"Nonsense\"\n    link: \"https://partner.example/4\"\n",
        "long ".repeat(39).trim_end()
    );
    assert!(items == expected, "{}", support::diff(&expected, items));
    // A build reads it, and shows titles as texts.
    support::write(&site, "content/notes/_type.yaml", "label: Notes\nfields: {}\n");
    support::build_well(&site, &["--at", support::AT]);
    let home = fs::read_to_string(site.join("public/fr/index.html")).unwrap();
    assert!(home.contains("&amp;entity; &quot;quoted&quot;"), "{home}");
}

#[test]
fn nesting_without_end_is_refused() {
    let server = Server::start(|_, _, to| ok(to, "", rss(&"<b>".repeat(200_000)).as_bytes()));
    let said = failure(&site("nesting", &server, &[("deep", "/")])).0;
    assert!(said.ends_with("its XML has more elements, or deeper ones, than a feed"), "{said}");
}

#[test]
fn a_site_that_names_no_feed_or_names_it_wrongly_is_told_so() {
    let server = Server::with(&[]);
    let site = site("no-feeds", &server, &[]);
    assert!(pull_well(&site).stdout.starts_with("relais.yaml names no feeds"));
    support::edit(&site, "relais.yaml", "feeds:\n", "feeds:\n    - { id: a, url: ftp://x.example/, lang: fr }\n");
    let run = pull(&site);
    assert_eq!(run.status, 1);
    assert!(run.stderr.starts_with("error[bad-url]: `ftp://x.example/` is not a web address"), "{}", run.stderr);
    assert_eq!(server.requests().len(), 0);
    let nowhere = support::scratch("pull/nowhere");
    assert!(pull(&nowhere).stderr.starts_with("error[no-site]"));
}
