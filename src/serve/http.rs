//! The server: answers browsers of this computer, one task a connection, on a thread of its own, so that no browser ever
//! keeps a build waiting; not what pages hold.

use std::convert::Infallible;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;
use std::{fs, io, thread};

use http_body_util::channel::{Channel, Sender as Body};
use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch::Receiver;

use super::files::{self, Found};
use super::{Signal, State, page};

/// A browser that has gone is noticed when it is spoken to.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

const CLIENT: &str = include_str!("client.js");
const STYLE: &str = include_str!("client.css");

type Response = hyper::Response<Either<Full<Bytes>, Channel<Bytes>>>;

/// What all connections share.
#[derive(Clone)]
struct Server {
    out: Arc<PathBuf>,
    state: Receiver<State>,
}

/// Serves an output folder from a thread of its own, for as long as the program runs.
pub(super) fn start(
    listener: TcpListener,
    out: PathBuf,
    state: Receiver<State>,
    signals: Sender<Signal>,
) -> io::Result<()> {
    let server = Server { out: Arc::new(out), state };
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let run = async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::spawn(interrupted(signals));
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(serve(stream, server.clone()))),
                // Too many open files, perhaps: some will be closed.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    thread::Builder::new().name("http".into()).spawn(move || -> io::Result<()> { runtime.block_on(run) })?;
    Ok(())
}

/// The first Ctrl-C lets a build end; the second does not.
async fn interrupted(signals: Sender<Signal>) {
    if tokio::signal::ctrl_c().await.is_ok() && signals.send(Signal::Stop).is_ok() {
        let _ = tokio::signal::ctrl_c().await;
        std::process::exit(130);
    }
}

async fn serve(stream: TcpStream, server: Server) {
    // An event is small and urgent.
    let _ = stream.set_nodelay(true);
    let answer = |request| {
        let server = server.clone();
        async move { Ok::<_, Infallible>(server.answer(&request).await) }
    };
    let mut builder = http1::Builder::new();
    let connection = builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    // Browsers break connections all the time.
    let _ = connection.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

impl Server {
    async fn answer(mut self, request: &Request<Incoming>) -> Response {
        if !is_local(request.uri(), request.headers()) {
            // A page of another host whose name was made to lead here (DNS rebinding) must not read drafts.
            return plain(StatusCode::FORBIDDEN, "This is a preview: it answers to 127.0.0.1 and localhost only.");
        }
        if request.method() != Method::GET && request.method() != Method::HEAD {
            let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "Pages can be read and nothing else.");
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let path = request.uri().path();
        match path {
            page::SCRIPT => return bytes(StatusCode::OK, "text/javascript; charset=utf-8", CLIENT),
            page::STYLE => return bytes(StatusCode::OK, "text/css; charset=utf-8", STYLE),
            _ => {}
        }
        if self.state.wait_for(|state| state.builds > 0).await.is_err() {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "The preview has ended.");
        }
        match path.strip_prefix("/_relais/events/").and_then(|rest| rest.split_once('/')) {
            Some((version, rest)) => self.events(version.to_owned(), format!("/{rest}")),
            None => self.file(path, request.uri().query()),
        }
    }

    /// What is at an address of the portal.
    fn file(&self, path: &str, query: Option<&str>) -> Response {
        let State { base, problems, .. } = self.state.borrow().clone();
        let Some(base) = base else {
            let (version, html) = problems.map(|p| (p.version(), p.page())).unwrap_or_default();
            return html_page(StatusCode::INTERNAL_SERVER_ERROR, &html, &version);
        };
        let Some(below) = path.strip_prefix(&base) else {
            return match path == "/" || format!("{path}/") == base {
                true => redirect(&base, query),
                false => self.missing(None, &base),
            };
        };
        match files::find(&self.out, below) {
            Found::File(file) => self.send(StatusCode::OK, &file, &base),
            Found::Page => redirect(&format!("{path}/"), query),
            Found::Nothing(instead) => self.missing(instead, &base),
            Found::Refused => plain(StatusCode::BAD_REQUEST, "This is no address of a page."),
        }
    }

    fn missing(&self, instead: Option<PathBuf>, base: &str) -> Response {
        match instead {
            Some(file) => self.send(StatusCode::NOT_FOUND, &file, base),
            None => {
                let html = format!(
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Not found</title>\n\
                     </head>\n<body>\n<p>There is no page here. The portal is at <a href=\"{0}\">{0}</a>.</p>\n</body>\n\
                     </html>\n",
                    crate::html::escape(base)
                );
                html_page(StatusCode::NOT_FOUND, &html, NO_FILE)
            }
        }
    }

    fn send(&self, status: StatusCode, file: &std::path::Path, base: &str) -> Response {
        let Ok(content) = fs::read(file) else {
            return plain(StatusCode::NOT_FOUND, "This file has just gone.");
        };
        let kind = mime_guess::from_path(file).first_or_octet_stream();
        if kind == mime_guess::mime::TEXT_HTML {
            let html = String::from_utf8_lossy(&content);
            return html_page(status, &html, &page::version(&html, &self.out, base));
        }
        let utf8 = kind.type_() == "text" || kind.subtype() == "javascript";
        let kind = if utf8 { format!("{kind}; charset=utf-8") } else { kind.to_string() };
        bytes(status, &kind, content)
    }

    /// The version of what is at an address now.
    fn version(&self, path: &str) -> String {
        let State { base, problems, .. } = self.state.borrow().clone();
        let Some(base) = base else { return problems.map(|p| p.version()).unwrap_or_default() };
        let file = match path.strip_prefix(&base).map(|below| files::find(&self.out, below)) {
            Some(Found::File(file) | Found::Nothing(Some(file))) => file,
            _ => return NO_FILE.into(),
        };
        fs::read_to_string(file).map_or_else(|_| NO_FILE.into(), |html| page::version(&html, &self.out, &base))
    }

    /// Server-sent events (HTML Living Standard, 9.2) for a page of which the browser has this version: `problems` and
    /// `mended` say how the last build ended, `reload` and `styles` that the page is another than the browser's.
    fn events(self, version: String, path: String) -> Response {
        let (body, channel) = Channel::new(1);
        tokio::spawn(self.tell(body, version, path));
        let mut response = respond(StatusCode::OK, "text/event-stream", Either::Right(channel));
        // A proxy of an editor's remote machine must not hold events back.
        response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
        response
    }

    async fn tell(mut self, mut body: Body<Bytes>, mut version: String, path: String) {
        loop {
            let problems = self.state.borrow_and_update().problems.clone();
            let mut news = match problems {
                Some(problems) => {
                    let data = serde_json::json!({ "id": problems.id, "html": problems.html });
                    format!("event: problems\ndata: {data}\n\n")
                }
                None => "event: mended\ndata:\n\n".into(),
            };
            let current = self.version(&path);
            if !page::same_text(&current, &version) {
                news.push_str("event: reload\ndata:\n\n");
            } else if current != version {
                news.push_str("event: styles\ndata:\n\n");
            }
            version = current;
            if body.send_data(news.into()).await.is_err() {
                return;
            }
            while tokio::time::timeout(KEEP_ALIVE, self.state.changed()).await.is_err() {
                if body.send_data(Bytes::from_static(b":\n\n")).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// The version of a page that no file is behind.
const NO_FILE: &str = "none";

/// Whether a request names this computer, in its address where it has a whole one, and in exactly one `Host`.
fn is_local(uri: &Uri, headers: &HeaderMap) -> bool {
    let local = |authority: &str| {
        let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
        port.bytes().all(|b| b.is_ascii_digit()) && (host == "127.0.0.1" || host.eq_ignore_ascii_case("localhost"))
    };
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    hosts.next().is_none() && host.is_some_and(local) && uri.authority().is_none_or(|named| local(named.as_str()))
}

fn respond(status: StatusCode, kind: &str, body: Either<Full<Bytes>, Channel<Bytes>>) -> Response {
    let mut response = hyper::Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let kind = HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Nor may pages of other hosts show what they cannot read.
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

fn bytes(status: StatusCode, kind: &str, content: impl Into<Bytes>) -> Response {
    respond(status, kind, Either::Left(Full::new(content.into())))
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    bytes(status, "text/plain; charset=utf-8", text)
}

fn html_page(status: StatusCode, html: &str, version: &str) -> Response {
    bytes(status, "text/html; charset=utf-8", page::with_script(html, version))
}

fn redirect(path: &str, query: Option<&str>) -> Response {
    let to = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut response = plain(StatusCode::FOUND, "This page is at another address.");
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}
