//! Seeing one's own data and taking it along.

use super::{Manager, Person, Town, email::ask as ask_for_email};
use app::routes::paths;
use serde_json::Value;
use testkit::{Page, wire::Reply};

/// Somebody at each door.
pub async fn people(town: &Town) -> [Person; 2] {
    [town.person().await, town.participant("bellerive").await]
}

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
pub async fn take(town: &Town, person: &mut Manager) -> (Reply, Value) {
    let page = see(person).await;
    let answer = person.send(page.form("/api/download_data")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let email = town.account(&person.person).await.email;
    assert_eq!(town.mail_to(&email).await.kind, "data_downloaded");
    let json = serde_json::from_str(&answer.text()).unwrap();
    (answer, json)
}

/// Somebody about whom something is stored in every group.
pub async fn well_known(town: &Town, person: &Person) -> Manager {
    let mut manager = town.visitor().sign_in(person).await;
    manager.enable_two_factor(town).await;
    town.clock.advance_secs(60);
    ask_for_email(&mut manager, "wanted@home.example", "").await;
    town.mail_to("wanted@home.example").await;
    town.mail_to(&person.email).await;
    let known = manager.person.clone();
    let mut half = town.visitor();
    half.begin(&known).await;
    half.give_code("000000").await;
    let mut stranger = town.visitor().through(&person.door);
    stranger.give_password(&person.email, "wrong one").await;
    let path = manager.own(paths::DELETE);
    let page = manager.open(&path).await;
    let form = page.form("/api/delete_account");
    manager.submit(form.fill("proof", &person.password)).await;
    town.mail_to(&person.email).await;
    manager
}
