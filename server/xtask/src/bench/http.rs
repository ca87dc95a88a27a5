//! Just enough HTTP/1.1 to ask the server for something and to count what comes back.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

const PATIENCE: Duration = Duration::from_secs(30);

/// An answer, as it came over the wire.
pub struct Answer {
    /// Such as 200.
    pub status: u16,
    /// The lines before the body.
    pub head: String,
    /// The body, without the frames of a chunked answer.
    pub body: Vec<u8>,
    /// Everything that was received, the head included.
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
}

impl Answer {
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
    let head = format!("GET {path} HTTP/1.1\r\nAccept-Encoding: {encoding}\r\n");
    send(address, &head, "")
}

/// Posts a form, as a browser does from a page of the same server. `client` is the address for which a trusted
/// proxy speaks, so that one machine can play many.
pub fn post(address: SocketAddr, path: &str, form: &str, client: &str) -> Result<Answer> {
    post_as(address, path, form, client, "")
}

/// The same with the cookies of somebody who was there before.
pub fn post_as(
    address: SocketAddr,
    path: &str,
    form: &str,
    client: &str,
    cookies: &str,
) -> Result<Answer> {
    let cookies = match cookies {
        "" => String::new(),
        cookies => format!("Cookie: {cookies}\r\n"),
    };
    let head = format!(
        "POST {path} HTTP/1.1\r\n\
         Origin: http://localhost:{}\r\n\
         Sec-Fetch-Site: same-origin\r\n\
         X-Forwarded-For: {client}\r\n\
         {cookies}\
         Content-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n",
        address.port(),
        form.len()
    );
    send(address, &head, form)
}

fn send(address: SocketAddr, head: &str, body: &str) -> Result<Answer> {
    let port = address.port();
    let request = format!(
        "{head}Host: localhost:{port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&bytes).with_context(|| format!("not an answer: {head}"))
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    let mut answer = Answer {
        status,
        head,
        body: bytes[end + 4..].to_vec(),
        wire_bytes: bytes.len(),
    };
    if answer.header("transfer-encoding") == Some("chunked") {
        answer.body = unchunk(&answer.body)?;
    }
    Some(answer)
}

fn unchunk(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|window| window == b"\r\n")?;
        let size =
            usize::from_str_radix(std::str::from_utf8(&bytes[..end]).ok()?.trim(), 16).ok()?;
        let chunk = bytes.get(end + 2..end + 2 + size)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunk);
        bytes = bytes.get(end + 4 + size..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunked_answers_are_put_together() -> Result<()> {
        let bytes =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
        let answer = parse(bytes).context("an answer")?;
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (200, b"abcd".as_slice())
        );
        Ok(())
    }
}
