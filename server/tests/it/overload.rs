//! More passwords than can be checked: a calm answer at once, and everything else goes on.

use crate::support::{
    QUEUE_PER_THREAD, TestServer, Visitor, both,
    words::{assert_refused, assert_says},
};
use app::paths;
use contract::{Problem, SignInProblem};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use testkit::Page;
use tokio::{task::JoinHandle, time::sleep};

both! {
    a_full_queue_is_answered_with_503_and_everything_else_goes_on with QUEUE,
    a_try_that_was_not_judged_does_not_count with QUEUE,
    a_known_device_signs_in_meanwhile with QUEUE,
}

/// People who keep trying until the guard is dropped: more than the queue has places for.
struct Crowd(Vec<JoinHandle<()>>);

impl Crowd {
    /// Comes back when the queue is full.
    async fn gather(server: &TestServer) -> Self {
        let threads = std::thread::available_parallelism().unwrap().get();
        let full = Arc::new(AtomicBool::new(false));
        let person = |number: usize| {
            let (mut visitor, full) = (from_afar(server, number), Arc::clone(&full));
            tokio::spawn(async move {
                for round in 0.. {
                    let email = format!("nobody{number}-{round}@town.example");
                    let fields = [
                        ("email", email.as_str()),
                        ("password", "a guess"),
                        ("locale", "en"),
                    ];
                    if visitor.post("/api/sign_in", &fields).await.status == 503 {
                        full.store(true, Ordering::Relaxed);
                        sleep(Duration::from_millis(300)).await;
                    }
                }
            })
        };
        let crowd = Self(
            (0..threads * (QUEUE_PER_THREAD + 1) + 24)
                .map(person)
                .collect(),
        );
        while !full.load(Ordering::Relaxed) {
            sleep(Duration::from_millis(5)).await;
        }
        crowd
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

fn from_afar(server: &TestServer, number: usize) -> Visitor {
    server.visitor().saying(
        "x-forwarded-for",
        &format!("10.2.{}.{}", number / 200, number % 200),
    )
}

/// Tries until one try meets the full queue: places come free all the time.
async fn turned_away(server: &TestServer) -> (Visitor, Page) {
    for number in 0..90 {
        let mut visitor = from_afar(server, 5000);
        let page = visitor.open("/sign-in?next=/settings").await;
        let email = format!("somebody{number}@town.example");
        let form = page
            .form("/api/sign_in")
            .fill("email", &email)
            .fill("password", "a guess");
        let page = visitor.submit(form).await;
        if page.status == 503 {
            return (visitor, page);
        }
    }
    panic!("the queue is never full")
}

/// Red when the queue has no bound; when hashing runs on the threads that answer requests.
async fn a_full_queue_is_answered_with_503_and_everything_else_goes_on(server: &TestServer) {
    let crowd = Crowd::gather(server).await;
    let (mut visitor, page) = turned_away(server).await;
    assert_eq!(page.headers["retry-after"], "2");
    assert_says(&page, "errors", "busy");

    // Nobody else notices.
    for path in [
        paths::SIGN_IN,
        paths::HELP,
        "/fr/help/article/add-a-new-user",
        "/healthz",
        "/readyz",
    ] {
        let began = Instant::now();
        assert_eq!(server.visitor().open(path).await.status, 200, "{path}");
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{path} took {:?}",
            began.elapsed()
        );
    }
    drop(crowd);

    // The way back leads to the form, with the address that was typed and without a reproach.
    let page = visitor.follow(&page, "Try again").await;
    assert_eq!(page.url, "/sign-in?next=%2Fsettings");
    assert!(page.errors().is_empty());
    assert!(
        page.form("/api/sign_in")
            .value("email")
            .unwrap()
            .starts_with("somebody")
    );
}

/// Red when the owner waits in the queue of strangers.
async fn a_known_device_signs_in_meanwhile(server: &TestServer) {
    let person = server.person().await;
    let mut owner = server.visitor().sign_in(&person).await.sign_out().await;
    server.clock.advance(Duration::from_hours(24));
    let crowd = Crowd::gather(server).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..6 {
        let fields = [
            ("email", person.email.as_str()),
            ("password", &person.password),
            ("locale", "en"),
        ];
        let began = Instant::now();
        let reply = owner.post("/api/sign_in", &fields).await;
        slowest = slowest.max(began.elapsed());
        assert_eq!(reply.status, 303);
        assert_eq!(reply.header("location"), paths::BACK_OFFICE);
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    drop(crowd);
}

/// Red when the try is not given back.
async fn a_try_that_was_not_judged_does_not_count(server: &TestServer) {
    let person = server.person().await;
    let crowd = Crowd::gather(server).await;
    let (mut judged, mut turned_away) = (0, 0);
    // Turned away more often than the address has tries, unless a place was free ten times.
    while judged < 10 && turned_away < 12 {
        let page = from_afar(server, 5000)
            .give_password(&person.email, "a guess")
            .await;
        if page.status == 503 {
            turned_away += 1;
        } else {
            judged += 1;
        }
    }
    assert!(turned_away > 0, "the queue was never full");
    drop(crowd);
    while judged < 10 {
        let page = from_afar(server, 5000)
            .give_password(&person.email, "a guess")
            .await;
        if page.status != 503 {
            assert_refused(&page, &Problem::SignIn(SignInProblem::BadCredentials));
            judged += 1;
        }
    }
    let page = from_afar(server, 5000)
        .give_password(&person.email, "a guess")
        .await;
    assert!(
        page.errors()[0].starts_with("Too many tries"),
        "{}",
        page.text()
    );
}
