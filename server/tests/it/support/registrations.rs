//! Registering, step by step, for the tests that do it.

use super::{Mail, Person, TestServer, Visitor, resets, words};
use app::paths;
use contract::Door;
use std::time::Duration;
use testkit::Page;

/// A password that somebody chooses on the page for registering.
pub const CHOSEN: &str = "lanterns over the wide canal";

/// Fills in the page for registering at the door where the visitor stands.
pub async fn register(visitor: &mut Visitor, email: &str, password: &str) -> Page {
    register_as(visitor, "Newly Registered", email, password).await
}

/// The same with another name.
pub async fn register_as(visitor: &mut Visitor, name: &str, email: &str, password: &str) -> Page {
    let path = visitor.door.entrance(paths::REGISTER);
    let page = visitor.open(&path).await;
    let form = page.form("/api/register").fill("name", name);
    let form = form.fill("email", email).fill("password", password);
    visitor.submit(form).await
}

/// A fresh browser that has registered an address, and the mail that answers it.
pub async fn registered(server: &TestServer, door: &Door, email: &str) -> (Visitor, Mail) {
    let mut visitor = server.visitor().through(door);
    let page = register(&mut visitor, email, CHOSEN).await;
    assert_eq!(page.url, door.entrance(paths::WAITING), "{}", page.text());
    let mail = mail(server, email).await;
    (visitor, mail)
}

/// The mail with the link and the code.
pub async fn mail(server: &TestServer, email: &str) -> Mail {
    let mail = server.mail_to(email).await;
    assert_eq!(mail.kind, "address_confirm");
    mail
}

/// The link of a mail, as a path.
pub fn link(server: &TestServer, mail: &Mail) -> String {
    resets::link(server, mail)
}

/// Opens the link of a mail and presses the button of its page.
pub async fn confirm(server: &TestServer, visitor: &mut Visitor, mail: &Mail) -> Page {
    let page = visitor.open(&link(server, mail)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    visitor.submit(page.form("/api/confirm_address")).await
}

/// The mail that somebody with an unconfirmed account has sent after the right password, from a fresh browser.
pub async fn mail_after_password(server: &TestServer, person: &Person) -> Mail {
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.give_password(&person.email, &person.password).await;
    visitor.submit(page.form("/api/send_confirmation")).await;
    mail(server, &person.email).await
}

/// Waits until the page that waits says something.
pub async fn until(visitor: &mut Visitor, key: &str) -> Page {
    let path = visitor.door.entrance(paths::WAITING);
    let wanted = words::text(domain::Locale::En, "registration", key);
    for _ in 0..1_000 {
        let page = visitor.open(&path).await;
        if page.text().contains(&wanted) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    visitor.open(&path).await
}
