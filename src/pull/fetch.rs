//! One polite request: conditional, in bounds of size, time and redirects, and with a cause in words where it fails; what is
//! fetched is bytes to it.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::{HeaderMap, Response, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error};
use url::Url;

/// Bytes that a feed may have, unpacked.
pub(super) const LARGEST: usize = 5_000_000;

/// Redirects that are followed.
const MOST_REDIRECTS: usize = 5;

/// What is asked for.
pub(super) struct Wanted<'w> {
    /// The address in `relais.yaml`.
    pub(super) url: &'w Url,
    /// What the server said last time to know this version by.
    pub(super) etag: Option<&'w str>,
    /// When this version was made, in the server's words.
    pub(super) modified: Option<&'w str>,
    /// Bound of the whole exchange, redirects included.
    pub(super) timeout: Duration,
    /// Who asks.
    pub(super) agent: &'w str,
}

/// What came back.
pub(super) enum Answer {
    /// Nothing has changed.
    Same,
    /// A document.
    New(Box<Document>),
}

/// A document as the server sent it, unpacked.
pub(super) struct Document {
    pub(super) bytes: Vec<u8>,
    /// The encoding, if the server says so.
    pub(super) charset: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) modified: Option<String>,
    /// Where it was in the end.
    pub(super) address: Url,
    /// The new address, if the server says that the old one is no more to be used.
    pub(super) moved: Option<Url>,
}

/// Why there is no document.
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: String,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into(), help: help.into() }
    }
}

/// Fetches a document.
pub(super) fn fetch(wanted: &Wanted<'_>) -> Result<Answer, Refusal> {
    let deadline = Instant::now() + wanted.timeout;
    let guard = Guard::default();
    let config = Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .user_agent(wanted.agent)
        .accept("application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5")
        .build();
    let agent = Agent::with_parts(config, DefaultConnector::default(), guard.clone());
    let mut visited: Vec<Url> = vec![wanted.url.clone()];
    let mut permanently = true;
    loop {
        let url = visited.last().unwrap_or(wanted.url).clone();
        let left = deadline.saturating_duration_since(Instant::now());
        let response = ask(&agent, &url, wanted, left)?;
        let status = response.status().as_u16();
        let header = |name: &str| text(response.headers(), name);
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            let moved = (permanently && visited.len() > 1).then(|| url.clone());
            return answer(response, url, moved, wanted);
        }
        permanently &= matches!(status, 301 | 308);
        let next = next(&url, header("location").as_deref())?;
        if visited.contains(&next) {
            let message = format!("the feed's address leads back to itself: {}", way(&visited, &next));
            return Err(Refusal::new("feed-redirects", message, "write the address at which the feed is now"));
        }
        visited.push(next.clone());
        if visited.len() > MOST_REDIRECTS + 1 {
            let message = format!(
                "the feed's address leads on and on; after {MOST_REDIRECTS} redirects it was enough: {}",
                way(&visited[..visited.len() - 1], &next)
            );
            return Err(Refusal::new("feed-redirects", message, "write the address at which the feed is now"));
        }
        guard.follow();
    }
}

/// Where a redirect leads.
fn next(from: &Url, location: Option<&str>) -> Result<Url, Refusal> {
    let help = "write the address at which the feed is now";
    let Some(location) = location else {
        return Err(Refusal::new("feed-redirects", "the server redirects without saying where to", help));
    };
    match from.join(location) {
        Ok(mut to) if matches!(to.scheme(), "http" | "https") && to.has_host() => {
            to.set_fragment(None);
            Ok(to)
        }
        _ => {
            let message = format!("the server redirects to `{}`, which is no web address", shown(location));
            Err(Refusal::new("feed-redirects", message, help))
        }
    }
}

fn way(visited: &[Url], next: &Url) -> String {
    let addresses: Vec<String> = visited.iter().chain([next]).map(|url| shown(url.as_str())).collect();
    addresses.join(" → ")
}

/// A stranger's words, fit to be printed.
fn shown(text: &str) -> String {
    super::text::cut(&super::text::line(text), 100)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn ask(agent: &Agent, url: &Url, wanted: &Wanted<'_>, left: Duration) -> Result<Response<Body>, Refusal> {
    if left.is_zero() {
        return Err(late(wanted));
    }
    let mut request = agent.get(url.as_str()).config().timeout_global(Some(left)).build();
    // What another address is known by says nothing about this one, but servers that redirect mean the same document.
    for (name, value) in [("If-None-Match", wanted.etag), ("If-Modified-Since", wanted.modified)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    request.call().map_err(|error| failed(error, url, wanted))
}

fn late(wanted: &Wanted<'_>) -> Refusal {
    let message = format!("the feed did not come within {} seconds", wanted.timeout.as_secs());
    Refusal::new("feed-timeout", message, "try again later, or allow more: `timeout` in `network`")
}

fn failed(error: Error, url: &Url, wanted: &Wanted<'_>) -> Refusal {
    let host = url.host_str().unwrap_or_default();
    let why = match error {
        Error::Timeout(_) => return late(wanted),
        Error::Io(error) if matches!(error.kind(), std::io::ErrorKind::TimedOut) => return late(wanted),
        Error::Other(error) if error.is::<Private>() => {
            let message = format!("the server redirects to `{host}`, which is inside a private network");
            return Refusal::new("feed-redirects", message, "write the address at which the feed is now");
        }
        Error::HostNotFound => format!("there is no server called `{host}`"),
        Error::Tls(why) => format!("`{host}` cannot show who it is: {why}"),
        Error::Rustls(error) => format!("`{host}` cannot show who it is: {error}"),
        Error::Io(error) => format!("`{host}` cannot be reached: {error}"),
        error => format!("`{host}` does not answer as a web server does: {error}"),
    };
    Refusal::new("feed-unreachable", shown(&why), "open the address in a browser; if it works there, try again later")
}

/// What the last response says.
fn answer(response: Response<Body>, address: Url, moved: Option<Url>, wanted: &Wanted<'_>) -> Result<Answer, Refusal> {
    let status = response.status().as_u16();
    let conditional = wanted.etag.is_some() || wanted.modified.is_some();
    if status == 304 && conditional {
        return Ok(Answer::Same);
    }
    if status != 200 {
        return Err(refused(status, text(response.headers(), "retry-after").as_deref()));
    }
    let too_large = || {
        let message = format!("the feed has more than {} MB", LARGEST / 1_000_000);
        let help = "ask its publisher for a feed of the latest items only, or remove it";
        Refusal::new("feed-too-large", message, help)
    };
    let (etag, modified) = (text(response.headers(), "etag"), text(response.headers(), "last-modified"));
    let body = response.into_body();
    if body.content_length().is_some_and(|length| length > LARGEST as u64) {
        return Err(too_large());
    }
    let charset = body.charset().map(str::to_owned);
    let mut bytes = Vec::new();
    let reader = body.into_with_config().limit(u64::MAX).reader();
    if let Err(error) = reader.take(LARGEST as u64 + 1).read_to_end(&mut bytes) {
        return Err(failed(Error::from(error), &address, wanted));
    }
    if bytes.len() > LARGEST {
        return Err(too_large());
    }
    Ok(Answer::New(Box::new(Document { bytes, charset, etag, modified, address, moved })))
}

/// A status that is no success, in words.
fn refused(status: u16, retry: Option<&str>) -> Refusal {
    let later = match retry.map(|after| (after.trim(), after.trim().parse::<u64>())) {
        Some((_, Ok(seconds @ 0..120))) => format!("try again after {seconds} seconds: the server asks for that"),
        Some((_, Ok(seconds @ 120..7200))) => {
            format!("try again after {} minutes: the server asks for that", seconds.div_ceil(60))
        }
        Some((_, Ok(seconds))) => {
            format!("try again after {} hours: the server asks for that", seconds.div_ceil(3600))
        }
        Some((date, Err(_))) => format!("try again after {}: the server asks for that", shown(date)),
        None => "try again later".to_owned(),
    };
    let (why, help) = match status {
        304 => ("says that nothing has changed, though it was not asked".to_owned(), later),
        401 | 403 => {
            ("does not let programs read the feed".to_owned(), "ask its publisher for an open feed".to_owned())
        }
        404 => ("has no such feed".to_owned(), "look on the publisher's site for the feed's address".to_owned()),
        410 => ("says that the feed is gone for good".to_owned(), "remove the feed from `network`".to_owned()),
        429 => ("is asked too often".to_owned(), later),
        500..600 => ("has a problem of its own".to_owned(), later),
        _ => ("does not send the feed".to_owned(), "open the address in a browser".to_owned()),
    };
    Refusal::new("feed-refused", format!("the server {why} (status {status})"), help)
}

/// Finds servers by their names, and keeps redirects from leading out of the open internet into a private network.
#[derive(Clone, Debug, Default)]
struct Guard {
    inner: Arc<DefaultResolver>,
    /// Whether a redirect has been followed.
    following: Arc<AtomicBool>,
    /// Whether the configured address itself is in a private network.
    at_home: Arc<AtomicBool>,
}

impl Guard {
    fn follow(&self) {
        self.following.store(true, Ordering::Relaxed);
    }
}

/// A redirect leads into a private network.
#[derive(Debug)]
struct Private;

impl std::fmt::Display for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an address in a private network")
    }
}

impl std::error::Error for Private {}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if !self.following.load(Ordering::Relaxed) {
            self.at_home.store(found.iter().any(|address| is_private(address.ip())), Ordering::Relaxed);
        }
        if self.at_home.load(Ordering::Relaxed) {
            return Ok(found);
        }
        let mut open = self.empty();
        found.iter().filter(|address| !is_private(address.ip())).for_each(|address| open.push(*address));
        if open.is_empty() { Err(Error::Other(Box::new(Private))) } else { Ok(open) }
    }
}

/// Whether an address is not one of the open internet (IANA special-purpose registries).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && b & 0xC0 == 64)
                || (a, b, c) == (192, 0, 0)
                || (a == 198 && b & 0xFE == 18)
        }
        IpAddr::V6(v6) => {
            let [first, second, .., high, low] = v6.segments();
            let embedded =
                |high: u16, low: u16| is_private(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)).into());
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || first & 0xFE00 == 0xFC00
                || first & 0xFFC0 == 0xFE80
                || v6.to_ipv4_mapped().is_some_and(|v4| is_private(IpAddr::V4(v4)))
                // Translated (RFC 6052) and tunnelled (RFC 3056) addresses hold one of the other kind.
                || (first == 0x64 && second == 0xFF9B && embedded(high, low))
                || (first == 0x2002 && embedded(second, v6.segments()[2]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_networks_are_known() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "169.254.169.254",
            "192.168.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for open in ["193.0.6.139", "2001:67c:2e8:22::c100:68b", "64:ff9b::c100:68b"] {
            assert!(!is_private(open.parse().unwrap()), "{open}");
        }
    }
}
