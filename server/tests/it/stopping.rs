//! Slow clients and the end of the server: nobody holds it up, and nothing in hand is lost.

use crate::support::{Engine, TestServer};
use http::Method;
use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use testkit::wire::Request;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// How long a stop may take: orchestrators kill what is not gone by then.
const STOP: Duration = Duration::from_secs(10);

/// Red when the accept loop is `axum::serve`, which sets no timer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_that_never_ends_is_cut() {
    let server = TestServer::start(Engine::Sqlite, &[]).await;
    let began = Instant::now();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ")
        .await
        .unwrap();
    let mut rest = Vec::new();
    let cut = timeout(Duration::from_secs(15), stream.read_to_end(&mut rest)).await;
    assert!(cut.is_ok(), "still open after {:?}", began.elapsed());
    assert!(
        began.elapsed() > Duration::from_secs(5),
        "a slow line is no crime"
    );
    server.close().await;
}

/// Red when the server waits for the first byte to tell HTTP/2 from HTTP/1: no timer runs meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_says_nothing_is_cut() {
    let server = TestServer::start(Engine::Sqlite, &[]).await;
    let cut = async |word: &[u8]| {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(word).await.unwrap();
        let mut rest = Vec::new();
        let cut = timeout(Duration::from_secs(15), stream.read_to_end(&mut rest)).await;
        assert!(cut.is_ok(), "still open after {word:?}");
    };
    tokio::join!(cut(b""), cut(b"P"));
    server.close().await;
}

/// Red when a request may take as long as it likes: a body that is announced and never sent holds a connection for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_never_comes_is_given_up() {
    let server = TestServer::start(Engine::Sqlite, &[]).await;
    let began = Instant::now();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = b"POST /api/sign_in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n";
    stream.write_all(head).await.unwrap();
    let mut answer = Vec::new();
    let ended = timeout(Duration::from_secs(45), stream.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "still open after {:?}", began.elapsed());
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(
        began.elapsed() > Duration::from_secs(15),
        "a slow line is no crime"
    );
    server.close().await;
}

/// Red when the stop waits for its connections without an end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_slow_connection_does_not_hold_up_the_stop() {
    let server = TestServer::start(Engine::Sqlite, &[]).await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    let half =
        b"POST /api/sign_in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nemail=";
    slow.write_all(half).await.unwrap();
    // Sees to it that the server has taken the connection.
    assert_eq!(server.visitor().open("/healthz").await.status, 200);
    let began = Instant::now();
    timeout(STOP, server.stop())
        .await
        .expect("the server stops in time");
    assert!(
        began.elapsed() > Duration::from_secs(2),
        "it waits a while, too"
    );
}

/// Red when the stop cuts connections at once, or forgets what their requests have left in memory.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_request_is_finished_before_the_stop() {
    let settings = [("BPART_ARGON2", "m=65536,t=10,p=1")];
    let server = TestServer::start(Engine::Sqlite, &settings).await;
    let person = server.person().await;
    let after = server.another_on(server.database_url.clone()).await;
    let mut visitor = server.visitor();
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    let request = Request::new(Method::POST, "/api/sign_in").with_form(&[
        ("email", person.email.as_str()),
        ("password", "a guess"),
        ("locale", "en"),
    ]);
    let running = tokio::spawn(async move { visitor.exchange(request).await });
    // The hash takes half a second at least; by now it has begun.
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert!(!running.is_finished());
    let address = server.address;
    timeout(STOP, server.stop())
        .await
        .expect("the server stops in time");
    let answer = running.await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/sign-in")
    );
    let mut nothing = Vec::new();
    idle.read_to_end(&mut nothing).await.unwrap();
    assert!(
        TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
    // What it was refused for was counted in memory, and its owner is to see it.
    let store = &after.identity().store;
    let refused = store.refused_tries(&person.id).await.unwrap();
    assert_eq!(refused.iter().map(|day| day.tries).sum::<u32>(), 1);
    after.stop().await;
}

/// Red when a signal ends the program on the spot: SIGHUP does, unless it is waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_signal_that_asks_for_an_end_is_obeyed_calmly() {
    let server = TestServer::start(Engine::Sqlite, &[]).await;
    for signal in ["INT", "TERM", "HUP"] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_bpart"))
            .arg("serve")
            .env_clear()
            .env("BPART_DATABASE_URL", &server.database_url)
            .env(
                "BPART_SECRET_KEY_FILE",
                &server.state.config.secret_key_file,
            )
            .env("BPART_LISTEN", "127.0.0.1:0")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let number = program.id().to_string();
        let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
        // The lines end with the program.
        let mut logs = |word: &str| lines.any(|line| line.is_ok_and(|line| line.contains(word)));
        assert!(logs("Serving"));
        let sent = Command::new("kill").args(["-s", signal, &number]).status();
        assert!(sent.unwrap().success());
        assert!(logs("Stopped"), "{signal}");
        assert_eq!(program.wait().unwrap().code(), Some(0), "{signal}");
    }
    server.close().await;
}
