//! The way back from a forgotten password, step by step, for the tests that go it.

use super::{Mail, Person, TestServer, Visitor};
use app::paths;
use testkit::Page;

/// A password that no account has yet.
pub const NEW: &str = "eleven barges under the moon";

/// Asks for a mail at the door of this person's account.
pub async fn ask(server: &TestServer, person: &Person) -> Visitor {
    let mut visitor = server.visitor().through(&person.door);
    let page = ask_for(&mut visitor, &person.email).await;
    assert_eq!(page.url, person.door.entrance(paths::RESET_SENT));
    visitor
}

/// Asks for a mail to this address, at the door where the visitor stands.
pub async fn ask_for(visitor: &mut Visitor, email: &str) -> Page {
    let path = visitor.door.entrance(paths::FORGOT_PASSWORD);
    let page = visitor.open(&path).await;
    let form = page.form("/api/forgot_password").fill("email", email);
    visitor.submit(form).await
}

/// The mail with the link and the code.
pub async fn mail(server: &TestServer, person: &Person) -> Mail {
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "password_reset");
    mail
}

/// The link of a mail, as a path.
pub fn link(server: &TestServer, mail: &Mail) -> String {
    mail.link(&server.state.config.origin())
}

/// The short code: the only line of eight capitals and a hyphen.
pub fn code(mail: &Mail) -> String {
    let is_code =
        |line: &&str| line.len() == 9 && line.bytes().all(|b| b.is_ascii_uppercase() || b == b'-');
    mail.text.lines().find(is_code).unwrap().to_owned()
}

/// Presses the button of the page behind a link.
pub async fn choose(visitor: &mut Visitor, link: &str, password: &str) -> Page {
    let page = visitor.open(link).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let form = page.form("/api/reset_password").fill("password", password);
    visitor.submit(form).await
}

/// Reads the mail that tells of the new password.
pub async fn changed(server: &TestServer, person: &Person) {
    assert_eq!(server.mail_to(&person.email).await.kind, "password_changed");
}

/// Whether a link still opens its page.
pub async fn is_open(server: &TestServer, link: &str) -> bool {
    server.visitor().open(link).await.status == 200
}
