//! Registrations beside bare hashes, and what the pages cost that wait for their mails, all of them at once.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::server::Server;
use super::{Bar, Bench, Figure, count, http, many, sign_in};
use crate::progress::Ticker;

/// Citizens who register and then wait; the program holds 2 500 such pages.
const CITIZENS: usize = 2_000;
/// Enough to keep every core at hashing, and too few to fill the queue.
const CLIENTS: usize = 6;
/// Pages that are read while the others wait.
const PAGES: usize = 1_000;
/// Long enough for several looks at the states of all who wait.
const SETTLE: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(30);
const WAITING: &str = "/p/bellerive/quay/waiting";

/// The rate of registrations, the memory of the pages that wait, and what readers of other pages notice of them.
pub fn measure(bench: &Bench, ticker: &Ticker) -> Result<Vec<Figure>> {
    let server = Server::start_filled(bench, ticker, "waiting", 1)?;
    let before = sign_in::bare(bench, ticker)?;
    let started = Instant::now();
    let browsers = register(&server)?;
    let rate = count(CITIZENS) / started.elapsed().as_secs_f64();
    let bare = f64::midpoint(before, sign_in::bare(bench, ticker)?);
    let alone = slow_page(&server)?;
    let idle = server.resident_megabytes()?;
    let streams = browsers
        .iter()
        .map(|cookies| wait(&server, cookies))
        .collect::<Result<Vec<_>>>()?;
    thread::sleep(SETTLE);
    let used = server.processor_seconds()?;
    thread::sleep(SETTLE);
    let used = (server.processor_seconds()? - used) / SETTLE.as_secs_f64();
    let beside = slow_page(&server)?;
    let grown = server.resident_megabytes()? - idle;
    // They were open until here.
    drop(streams);
    Ok(vec![
        Figure::plain("registrations", rate, "/s"),
        Figure::judged(
            "registrations beside bare hashes",
            100.0 * rate / bare,
            "%",
            Bar::AtLeast(60.0),
        ),
        Figure::judged(
            "memory of 2 000 pages that wait",
            grown,
            "MB",
            Bar::AtMost(60.0),
        ),
        Figure::judged(
            "of one processor, for 2 000 pages that wait",
            100.0 * used,
            "%",
            Bar::AtMost(10.0),
        ),
        Figure::plain("other pages before, 99th percentile", alone, "ms"),
        Figure::judged(
            "other pages meanwhile, 99th percentile",
            beside,
            "ms",
            Bar::AtMost(20.0),
        ),
    ])
}

/// Everybody registers, each from a network of its own; the cookies of their browsers.
fn register(server: &Server) -> Result<Vec<String>> {
    let next = AtomicUsize::new(0);
    let browsers = Mutex::new(Vec::new());
    many(CLIENTS, |_| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= CITIZENS {
                return Ok(());
            }
            let form = format!(
                "name=New+Here&email=w{number}%40d{}.example&password=lanterns+over+the+canal\
                 &next=&door=bellerive%2Fquay&locale=en",
                number % 100
            );
            let answer = http::post(server.address, "/api/register", &form, &network(number))?;
            let waits = answer
                .header("location")
                .is_some_and(|to| to.ends_with(WAITING));
            ensure!(waits, "the registration was not taken:\n{}", answer.head);
            let cookies: Vec<&str> = answer.cookies().collect();
            let mut browsers = browsers.lock().ok().context("a client panicked")?;
            browsers.push(cookies.join("; "));
        }
    })?;
    browsers.into_inner().ok().context("a client panicked")
}

fn network(number: usize) -> String {
    format!("10.{}.{}.7", number / 250, number % 250)
}

/// Opens the events of a page that waits and reads the first one.
fn wait(server: &Server, cookies: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(server.address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let port = server.address.port();
    write!(
        stream,
        "GET {WAITING}/live HTTP/1.1\r\nhost: localhost:{port}\r\naccept: text/event-stream\r\ncookie: {cookies}\r\n\r\n"
    )?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    let head = String::from_utf8_lossy(&head);
    ensure!(head == "HTTP/1.1 200", "the page cannot wait: {head}");
    Ok(stream)
}

/// The 99th percentile of the times of pages, in milliseconds.
fn slow_page(server: &Server) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..PAGES {
        let started = Instant::now();
        let answer = http::get(server.address, "/sign-in", "br")?;
        ensure!(answer.status == 200, "{}", answer.head);
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        thread::sleep(Duration::from_millis(5));
    }
    times.sort_by(f64::total_cmp);
    Ok(times[PAGES * 99 / 100])
}
