//! HTTP/1.1 as it goes over the wire: one request, one connection, the whole answer.
//!
//! Small on purpose. It sends exactly what it is given, header by header, so that a test can be
//! as rude as the internet is.

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Nothing that is tested may take longer than this to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// GET, POST, …
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// Headers in the order in which they are sent; `content-length` and `connection` are added.
    pub headers: Vec<(String, String)>,
    /// What is posted.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, put together again when it came in chunks.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: Method, target: &str) -> Self {
        Self {
            method,
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends a form.
    #[must_use]
    pub fn with_form(self, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.with_body("application/x-www-form-urlencoded", body.into_bytes())
    }

    /// Sends any bytes.
    #[must_use]
    pub fn with_body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.with("content-type", content_type)
    }

    fn head(&self) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        if !self.body.is_empty() || self.method == Method::POST {
            let length = self.body.len().to_string();
            head.extend(["content-length: ", &length, "\r\n"]);
        }
        head.push_str("connection: close\r\n\r\n");
        head
    }
}

impl Reply {
    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The `Set-Cookie` headers.
    pub fn set_cookies(&self) -> Vec<&str> {
        let values = self.headers.get_all("set-cookie").iter();
        values.filter_map(|value| value.to_str().ok()).collect()
    }
}

/// Sends a request and reads the whole answer.
///
/// # Panics
/// When nobody answers, or not in time, or not in HTTP.
pub async fn send(address: SocketAddr, request: &Request) -> Reply {
    let raw = timeout(PATIENCE, exchange(address, request))
        .await
        .expect("an answer comes in time");
    let raw = raw.expect("the server answers");
    parse(&raw).unwrap_or_else(|| panic!("not HTTP: {}", String::from_utf8_lossy(&raw)))
}

async fn exchange(address: SocketAddr, request: &Request) -> io::Result<Vec<u8>> {
    let (mut reader, mut writer) = TcpStream::connect(address).await?.into_split();
    let (head, body) = (request.head(), request.body.clone());
    // Beside the reading: who is refused half-way must still hear why.
    let sending = tokio::spawn(async move {
        writer.write_all(head.as_bytes()).await?;
        writer.write_all(&body).await?;
        Ok::<_, io::Error>(writer)
    });
    let mut raw = Vec::new();
    match reader.read_to_end(&mut raw).await {
        Err(error) if raw.is_empty() => return Err(error),
        _ => {}
    }
    drop(sending.await);
    Ok(raw)
}

/// Takes an answer apart.
fn parse(raw: &[u8]) -> Option<Reply> {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&raw[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines
        .next()?
        .strip_prefix("HTTP/1.1 ")?
        .get(..3)?
        .parse()
        .ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_str(value.trim()).ok()?);
    }
    let body = &raw[end + 4..];
    let chunked = headers
        .get("transfer-encoding")
        .is_some_and(|value| value == "chunked");
    let body = if chunked {
        unchunk(body)?
    } else {
        body.to_vec()
    };
    Some(Reply {
        status,
        headers,
        body,
    })
}

fn unchunk(mut raw: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = raw.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&raw[..end]).ok()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend(raw.get(end + 2..end + 2 + size)?);
        raw = raw.get(end + 4 + size..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_chunks_is_put_together() {
        let raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n\
            4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n";
        let reply = parse(raw).expect("this is HTTP");
        assert_eq!(reply.text(), "Wikipedia");
        assert_eq!(reply.set_cookies(), ["a=1", "b=2"]);
    }

    #[test]
    fn a_form_is_encoded_as_browsers_do() {
        let request = Request::new(Method::POST, "/x").with_form(&[("a b", "é&="), ("c", "1 2")]);
        assert_eq!(request.body, b"a+b=%C3%A9%26%3D&c=1+2");
    }
}
