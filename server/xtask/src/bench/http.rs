//! Asks the server for something and counts what comes back. Each request has a connection of its own.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Result;
use ureq::{Agent, http::Request};

const PATIENCE: Duration = Duration::from_secs(30);

/// An answer, as it came over the wire.
pub struct Answer {
    /// Such as 200.
    pub status: u16,
    /// The lines before the body.
    pub head: String,
    /// The body, compressed where the server has compressed it.
    pub body: Vec<u8>,
    /// The length of head and body.
    pub wire_bytes: usize,
}

impl Answer {
    /// The value of a header, named in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The cookies that it sets, as a browser sends them back.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
            .filter_map(|(_, value)| value.trim().split(';').next())
    }
}

/// Asks for a page. `encoding` is what the client says it understands.
pub fn get(address: SocketAddr, path: &str, encoding: &str) -> Result<Answer> {
    let request = Request::get(format!("http://{address}{path}"));
    let request = request.header("accept-encoding", encoding);
    send(address, request.body(String::new())?)
}

/// Posts a form, as a browser does from a page of the same server. `client` is the address for which a trusted
/// proxy speaks, so that one machine can play many.
pub fn post(address: SocketAddr, path: &str, form: &str, client: &str) -> Result<Answer> {
    post_as(address, path, form, client, "")
}

/// The same with cookies from earlier answers.
pub fn post_as(
    address: SocketAddr,
    path: &str,
    form: &str,
    client: &str,
    cookies: &str,
) -> Result<Answer> {
    let mut request = Request::post(format!("http://{address}{path}"))
        .header("origin", format!("http://localhost:{}", address.port()))
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", client)
        .header("content-type", "application/x-www-form-urlencoded");
    if !cookies.is_empty() {
        request = request.header("cookie", cookies);
    }
    send(address, request.body(form.to_owned())?)
}

fn send(address: SocketAddr, mut request: Request<String>) -> Result<Answer> {
    let host = format!("localhost:{}", address.port());
    let headers = request.headers_mut();
    headers.insert("host", host.parse()?);
    headers.insert("accept", "text/html".parse()?);
    let mut response = agent().run(request)?;
    let mut head = format!("HTTP/1.1 {}", response.status());
    for (name, value) in response.headers() {
        head.extend(["\r\n", name.as_str(), ": ", value.to_str()?]);
    }
    let body = response.body_mut().read_to_vec()?;
    Ok(Answer {
        status: response.status().as_u16(),
        wire_bytes: head.len() + "\r\n\r\n".len() + body.len(),
        head,
        body,
    })
}

/// The client: it follows no redirect and keeps no connection, so that requests are alike.
fn agent() -> &'static Agent {
    static AGENT: OnceLock<Agent> = OnceLock::new();
    AGENT.get_or_init(|| {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            .timeout_global(Some(PATIENCE));
        Agent::new_with_config(config.build())
    })
}
