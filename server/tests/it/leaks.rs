//! Whether a password is known from a leak, asked of a service as the operator would name it.

use crate::support::{Engine, TestServer, words::assert_refused};
use contract::{PasswordProblem, Problem};
use domain::Locale;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use testkit::Page;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const GOOD: &str = "a tram, a bell and a late bus";
/// Its SHA-1, by `sha1sum`.
const PREFIX: &str = "EE560";
const SUFFIX: &str = "AB960682D9A755083E0147548429C214D7D";

/// A service on this machine that says the same to everybody, after a while, and remembers what it
/// was asked.
struct Service {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Service {
    async fn saying(answer: Vec<u8>, after: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let heard = Arc::clone(&asked);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer_one(
                    stream,
                    Arc::clone(&heard),
                    answer.clone(),
                    after,
                ));
            }
        });
        Self {
            address,
            asked,
            serving,
        }
    }

    async fn knowing(lines: &str) -> Self {
        Self::saying(ok(lines.as_bytes()), Duration::ZERO).await
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer_one(
    mut stream: TcpStream,
    asked: Arc<Mutex<Vec<String>>>,
    answer: Vec<u8>,
    after: Duration,
) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).await.is_ok() {
        head.push(byte[0]);
    }
    asked
        .lock()
        .unwrap()
        .push(String::from_utf8_lossy(&head).into_owned());
    tokio::time::sleep(after).await;
    // Whoever asked may have lost patience.
    stream.write_all(&answer).await.ok();
}

fn ok(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Sets a password at an invitation of a server that asks this address.
async fn choose(address: &str) -> Page {
    let address: &'static str = Box::leak(address.to_owned().into_boxed_str());
    let settings = [("BPART_BREACH_CHECK_URL", address)];
    let server = TestServer::start(Engine::Sqlite, &settings).await;
    let (_, link) = server.invited(Locale::Fr, None).await;
    let mut visitor = server.visitor();
    let page = visitor.open(&link).await;
    let form = page.form("/api/accept_invitation").fill("password", GOOD);
    let page = visitor.submit(form).await;
    server.close().await;
    page
}

async fn choose_with(service: &Service) -> Page {
    choose(&format!("http://{}/range/", service.address)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaked_password_is_refused_and_only_five_digits_leave_the_house() {
    let lines = format!("0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n{SUFFIX}:12\r\n");
    let service = Service::knowing(&lines).await;
    let page = choose_with(&service).await;
    assert_refused(&page, &Problem::Password(PasswordProblem::Leaked));
    let asked = service.asked();
    assert_eq!(
        asked.len(),
        1,
        "asked when it is set, not when it is judged"
    );
    let head = asked[0].to_lowercase();
    let first = format!("get /range/{} http/1.1\r\n", PREFIX.to_lowercase());
    assert!(head.starts_with(&first), "{head}");
    assert!(head.contains("\r\nadd-padding: true\r\n"), "{head}");
    assert!(!head.contains(&SUFFIX.to_lowercase()), "{head}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_no_leak_knows_is_taken() {
    for lines in [
        "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n".to_owned(),
        // Padding has the count zero.
        format!("{SUFFIX}:0\r\n"),
    ] {
        let service = Service::knowing(&lines).await;
        let page = choose_with(&service).await;
        assert_eq!(page.url, "/fr/back-office", "{}", page.text());
        assert_eq!(service.asked().len(), 1);
    }
}

/// Red when the answer is waited for as long as it takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_service_keeps_nobody_from_setting_a_password() {
    let lines = format!("{SUFFIX}:12\r\n");
    let service = Service::saying(ok(lines.as_bytes()), Duration::from_secs(20)).await;
    let began = Instant::now();
    let page = choose_with(&service).await;
    assert_eq!(page.url, "/fr/back-office", "{}", page.text());
    assert_eq!(service.asked().len(), 1);
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rubbish_keeps_nobody_from_setting_a_password() {
    let elsewhere = Service::knowing(&format!("{SUFFIX}:12\r\n")).await;
    let moved = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{}/range/{PREFIX}\r\ncontent-length: 0\r\n\r\n",
        elsewhere.address
    );
    let endless = format!("{}{SUFFIX}:12\r\n", "F".repeat(300 * 1024));
    for answer in [
        b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n".to_vec(),
        b"220 mail.example.org ESMTP\r\n".to_vec(),
        ok(&[0xff; 64]),
        ok(b"<html>not what you think</html>"),
        ok(endless.as_bytes()),
        moved.into_bytes(),
        Vec::new(),
    ] {
        let shown = String::from_utf8_lossy(&answer[..answer.len().min(60)]).into_owned();
        let service = Service::saying(answer, Duration::ZERO).await;
        let page = choose_with(&service).await;
        assert_eq!(page.url, "/fr/back-office", "{shown}: {}", page.text());
        assert_eq!(service.asked().len(), 1, "{shown}");
    }
    assert!(elsewhere.asked().is_empty(), "no redirect is followed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_away_keeps_nobody_from_setting_a_password() {
    let gone = Service::knowing("").await.address;
    let page = choose(&format!("http://{gone}/range/")).await;
    assert_eq!(page.url, "/fr/back-office", "{}", page.text());
}
