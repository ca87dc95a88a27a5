//! The door says the same to everybody whom it does not let in: whether an account exists, is
//! locked or was only invited cannot be read off an answer to a wrong password, nor off a hash that was spared.

use crate::support::{Person, TestServer, Visitor, both, once};
use app::paths;
use domain::{Locale, password::Password};
use std::time::{Duration, Instant};
use testkit::wire::{Reply, Request};

both! {
    every_refusal_is_the_same_byte_for_byte,
}

once! {
    nobody_is_refused_without_a_hash with DEAR,
}

/// Addresses of the same length in every state, with what is typed as the password.
async fn refused(server: &TestServer) -> Vec<(&'static str, String, String)> {
    let gone = deleted(server).await;
    let known = server.person().await;
    let secured = server.secured().await;
    let locked = server.person().await;
    server
        .identity()
        .set_locked(&server.account(&locked).await, true)
        .await
        .unwrap();
    let (invited, _) = server.invited(Locale::Fr, None).await;
    let wrong = "five ships in a bottle".to_owned();
    vec![
        ("known", known.email, wrong.clone()),
        ("unknown", "nobody1@town.example".to_owned(), wrong.clone()),
        ("two-factor", secured.email, wrong.clone()),
        ("locked", locked.email, wrong.clone()),
        ("invited", invited.email, wrong),
        ("deleted, right password", gone.email, gone.password),
    ]
}

/// Somebody who asked for it, and whose time has come.
async fn deleted(server: &TestServer) -> Person {
    let person = server.person().await;
    let mut manager = server.visitor().sign_in(&person).await;
    let page = manager.open(paths::DELETE).await;
    let form = page.form("/api/delete_account");
    manager.submit(form.fill("proof", &person.password)).await;
    server.clock.advance_secs(7 * 24 * 3600);
    let gone = server.identity().delete_due_accounts().await.unwrap();
    assert_eq!(gone, 1);
    server.ignore_mail_to(&person.email).await;
    person
}

/// Red when a locked account is told apart by a wrong password; when an account without password is answered before the flash is kept.
async fn every_refusal_is_the_same_byte_for_byte(server: &TestServer) {
    let mut seen: Option<(&str, Vec<String>)> = None;
    for (state, email, password) in refused(server).await {
        let mut visitor = server.visitor();
        let page = visitor.open(paths::SIGN_IN).await;
        let form = page
            .form("/api/sign_in")
            .fill("email", &email)
            .fill("password", &password);
        let answer = visitor.send(form).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (303, paths::SIGN_IN),
            "{state}"
        );
        let shown = visitor
            .exchange(Request::new(http::Method::GET, paths::SIGN_IN))
            .await;
        let both = vec![plain(&answer, &email), plain(&shown, &email)];
        match &seen {
            None => seen = Some((state, both)),
            Some((first, expected)) => assert_eq!(&both, expected, "{state} differs from {first}"),
        }
    }
}

/// An answer without what is different every time: cookie values, nonce, id, and the address that
/// the visitor typed.
pub fn plain(answer: &Reply, email: &str) -> String {
    let policy = answer.header("content-security-policy").to_owned();
    let nonce = policy
        .split_once("'nonce-")
        .and_then(|(_, rest)| rest.split_once('\''));
    let mut headers: Vec<String> = Vec::new();
    for (name, value) in &answer.headers {
        let value = value.to_str().unwrap();
        headers.push(match name.as_str() {
            "date" | "x-request-id" => format!("{name}: …"),
            "set-cookie" => {
                let (cookie, attributes) = value.split_once(';').unwrap();
                format!(
                    "{name}: {}=…;{attributes}",
                    cookie.split('=').next().unwrap()
                )
            }
            _ => format!("{name}: {value}"),
        });
    }
    headers.sort();
    let text = format!(
        "{}\n{}\n\n{}",
        answer.status,
        headers.join("\n"),
        answer.text()
    );
    let text = text.replace(email, "EMAIL");
    nonce.map_or(text.clone(), |(nonce, _)| text.replace(nonce, "NONCE"))
}

/// Red when an account without password, or an unknown address, is refused without hashing.
async fn nobody_is_refused_without_a_hash(server: &TestServer) {
    let states = refused(server).await;
    let password = Password::parse("five ships in a bottle").unwrap();
    let mut hashes = Vec::new();
    let mut quickest = Vec::new();
    // Between each other, so that the same other work is in the way of both.
    for (_, email, typed) in &states {
        let mut times = Vec::new();
        for _ in 0..5 {
            let began = Instant::now();
            server.identity().hasher.hash(&password).await.unwrap();
            hashes.push(began.elapsed());
            times.push(time(&mut server.visitor(), email, typed).await);
        }
        quickest.push(times.into_iter().min().unwrap());
    }
    // The quickest of many: other work on the machine makes times longer, never shorter. All
    // the rest of an answer takes a small part of a hash.
    let hash = hashes.iter().min().unwrap();
    for ((state, ..), quickest) in states.iter().zip(quickest) {
        assert!(
            quickest > *hash * 7 / 10,
            "{state}: {quickest:?} with {hash:?} for a hash"
        );
    }
}

async fn time(visitor: &mut Visitor, email: &str, password: &str) -> Duration {
    let began = Instant::now();
    let fields = [("email", email), ("password", password), ("locale", "en")];
    let answer = visitor.post("/api/sign_in", &fields).await;
    assert_eq!(answer.status, 303);
    began.elapsed()
}
