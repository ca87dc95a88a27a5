//! Asking for the end of an account, and what the mail about it opens, for the tests about both.

use super::{Mail, Manager, Person, TestServer, Visitor, words::assert_says};
use app::paths;
use contract::Door;
use domain::{Timestamp, retention::COOLING_OFF};
use testkit::Page;

/// Seven days.
pub fn week() -> u64 {
    COOLING_OFF.as_secs()
}

/// Fills in the form of leaving.
pub async fn ask(person: &mut Manager, proof: &str) -> Page {
    let path = person.own(paths::DELETE);
    let page = person.open(&path).await;
    let form = page.form("/api/delete_account").fill("proof", proof);
    person.submit(form).await
}

/// Signs in, asks, and reads the mail about it.
pub async fn leave(server: &TestServer, person: &Person) -> (Manager, Mail) {
    let mut manager = server.visitor().sign_in(person).await;
    let page = ask(&mut manager, &person.password).await;
    assert_says(&page, "leaving", "due_asked");
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "deletion_asked");
    (manager, mail)
}

/// When the account of somebody will be deleted.
pub async fn due(server: &TestServer, person: &Person) -> Option<Timestamp> {
    server.account(person).await.deletion_at
}

/// Runs the job that deletes accounts; says how many it deleted.
pub async fn run_job(server: &TestServer) -> u64 {
    server.identity().delete_due_accounts().await.unwrap()
}

/// Opens a mailed link in a fresh browser.
pub async fn follow(server: &TestServer, person: &Person, link: &str) -> (Visitor, Page) {
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.open(link).await;
    (visitor, page)
}

/// Posts the form behind a stop link without its page.
pub async fn press(server: &TestServer, door: &Door, token: &str) -> Page {
    let door = door.tag();
    let fields = [("token", token), ("door", door.as_str()), ("locale", "en")];
    server
        .visitor()
        .post_and_follow("/api/stop_deletion", &fields)
        .await
}
