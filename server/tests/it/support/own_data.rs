//! Seeing one's own data and taking it along.

use super::{Manager, Person, TestServer, email::ask as ask_for_email};
use app::paths;
use serde_json::Value;
use testkit::{Page, wire::Reply};

/// Opens the page, with a proof where one is asked for.
pub async fn see(person: &mut Manager) -> Page {
    let path = person.own(paths::OWN_DATA);
    let page = person.open(&path).await;
    if page.has_form("/api/show_data") {
        let proof = person.person.password.clone();
        let form = page.form("/api/show_data").fill("proof", &proof);
        return person.submit(form).await;
    }
    page
}

/// Takes the file.
pub async fn take(server: &TestServer, person: &mut Manager) -> (Reply, Value) {
    let page = see(person).await;
    let answer = person.send(page.form("/api/download_data")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let email = server.account(&person.person).await.email;
    assert_eq!(server.mail_to(&email).await.kind, "data_downloaded");
    let json = serde_json::from_str(&answer.text()).unwrap();
    (answer, json)
}

/// Somebody about whom something is stored in every group.
pub async fn well_known(server: &TestServer, person: &Person) -> Manager {
    let mut manager = server.visitor().sign_in(person).await;
    manager.enable_two_factor(server).await;
    server.clock.advance_secs(60);
    ask_for_email(&mut manager, "wanted@home.example", "").await;
    server.mail_to("wanted@home.example").await;
    server.mail_to(&person.email).await;
    let known = manager.person.clone();
    let mut half = server.visitor();
    half.begin(&known).await;
    half.give_code("000000").await;
    let mut stranger = server.visitor().through(&person.door);
    stranger.give_password(&person.email, "wrong one").await;
    let path = manager.own(paths::DELETE);
    let page = manager.open(&path).await;
    let form = page.form("/api/delete_account");
    manager.submit(form.fill("proof", &person.password)).await;
    server.mail_to(&person.email).await;
    manager
}
