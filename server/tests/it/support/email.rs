//! Asking for another address, confirming it and taking it back, at either door.

use super::{Mail, Manager, Person, TestServer, words::assert_no_button_is_red};
use app::paths;
use testkit::Page;

/// Fills in the form for another address, with a proof where one is asked for.
pub async fn ask(person: &mut Manager, email: &str, proof: &str) -> Page {
    let path = person.own(paths::EMAIL);
    let page = person.open(&path).await;
    let mut form = page.form("/api/ask_for_email").fill("email", email);
    if form.names().contains(&"proof") {
        form = form.fill("proof", proof);
    }
    person.submit(form).await
}

/// Reads the two mails that a wish writes; gives the one to the wanted address.
pub async fn asked(server: &TestServer, present: &str, wanted: &str) -> Mail {
    let notice = server.mail_to(present).await;
    assert_eq!(notice.kind, "email_asked");
    let mail = server.mail_to(wanted).await;
    assert_eq!(mail.kind, "email_confirm");
    mail
}

/// Opens the link of a mail to a new address in this browser and presses its button.
pub async fn confirm(server: &TestServer, person: &mut Manager, mail: &Mail) -> Page {
    let page = person.open(&english(&mail.link(&server.origin()))).await;
    person.submit(page.form("/api/confirm_email")).await
}

/// Posts the form of a mail to a new address without its page, in a fresh browser.
pub async fn press(server: &TestServer, person: &Person, token: &str, email: &str) -> Page {
    let door = person.door.tag();
    let fields = [
        ("token", token),
        ("email", email),
        ("door", door.as_str()),
        ("locale", "en"),
    ];
    server
        .visitor()
        .post_and_follow("/api/confirm_email", &fields)
        .await
}

/// The whole way in one browser, with all of its mails; gives the one that confirmed.
pub async fn ask_and_confirm(server: &TestServer, person: &mut Manager, new: &str) -> Mail {
    let [confirming, _] = whole_way(server, person, new).await;
    confirming
}

/// The same; gives the one to the address that was left.
pub async fn change(server: &TestServer, person: &mut Manager, new: &str) -> Mail {
    let [_, left] = whole_way(server, person, new).await;
    left
}

async fn whole_way(server: &TestServer, person: &mut Manager, new: &str) -> [Mail; 2] {
    let old = server.account(&person.person).await.email;
    let password = person.person.password.clone();
    ask(person, new, &password).await;
    let confirming = asked(server, &old, new).await;
    confirm(server, person, &confirming).await;
    assert_eq!(server.account(&person.person).await.email, new);
    assert_eq!(server.mail_to(new).await.kind, "email_new");
    let left = server.mail_to(&old).await;
    assert_eq!(left.kind, "email_changed");
    [confirming, left]
}

/// Opens the link of a mail to a replaced address in a fresh browser and presses its button.
pub async fn undo(server: &TestServer, person: &Person, mail: &Mail) -> Page {
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.open(&english(&mail.link(&server.origin()))).await;
    assert_no_button_is_red(&page);
    visitor.submit(page.form("/api/undo_email")).await
}

/// Posts the form of a mail to a replaced address without its page, in a fresh browser.
pub async fn post_undo(server: &TestServer, person: &Person, token: &str) -> Page {
    let door = person.door.tag();
    let fields = [("token", token), ("door", door.as_str()), ("locale", "en")];
    server
        .visitor()
        .post_and_follow("/api/undo_email", &fields)
        .await
}

/// Reads the mails of a change that was taken back: to the restored address and to the lost one.
pub async fn told_of_undo(server: &TestServer, restored: &str, lost: &str) {
    assert_eq!(server.mail_to(restored).await.kind, "email_restored");
    let mail = server.mail_to(lost).await;
    assert_eq!(mail.kind, "email_lost");
    assert!(!mail.text.contains("token="), "a thief gets no way out");
}

/// The same page in English, so that tests need not know whose mail it was.
fn english(link: &str) -> String {
    link.strip_prefix("/fr").unwrap_or(link).to_owned()
}
