//! Slips in the domain of an address, found while its owner waits for the mail.

use crate::support::{
    TestServer, Visitor, both,
    registrations::{CHOSEN, confirm, link, mail, register, registered},
    words::{assert_says, text},
};
use app::paths;
use contract::{Door, Locale};
use domain::{MailDomain, Realm, Timestamp};
use std::time::Duration;
use testkit::Page;

both! {
    a_slip_in_the_domain_is_put_right_with_one_press_at_once,
    a_domain_that_takes_mail_or_is_unknown_is_never_doubted,
}

/// Looks at the page before its suggestion is given up: five seconds.
const PATIENCE: u32 = 250;

fn suggestion(page: &Page) -> String {
    page.text_of("#mail-suggestion")
}

fn version(page: &Page) -> String {
    let place = page.first("[data-version]");
    place.attribute("data-version").unwrap().to_owned()
}

/// The page that waits, as soon as it suggests something.
async fn suggested(visitor: &mut Visitor, door: &Door) -> Page {
    for _ in 0..PATIENCE {
        let page = visitor.open(&door.entrance(paths::WAITING)).await;
        if !suggestion(&page).is_empty() {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing is suggested");
}

/// A text with its values, its spaces as a page shows them.
fn words(locale: Locale, key: &str, values: &[(&str, &str)]) -> String {
    let fill = |text: String, (name, value): &(&str, &str)| {
        text.replace(&format!("{{{{ {name} }}}}"), value)
    };
    let filled = values.iter().fold(text(locale, "registration", key), fill);
    filled.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn a_slip_in_the_domain_is_put_right_with_one_press_at_once(server: &TestServer) {
    let names = &server.mail_domains;
    names.say("gmial.com", MailDomain::DoesNotExist);
    let door = server.platform("bellerive").await;
    let (mut visitor, wrong) = registered(server, &door, "New@Gmial.com").await;
    let page = suggested(&mut visitor, &door).await;
    let (domain, meant) = ([("domain", "gmial.com")], [("email", "New@gmail.com")]);
    let said = suggestion(&page);
    assert!(
        said.contains(&words(Locale::En, "domain_missing", &domain)),
        "{said}"
    );
    assert!(said.contains(&words(Locale::En, "meant", &meant)), "{said}");
    let french = visitor
        .open(&format!("/fr{}", door.entrance(paths::WAITING)))
        .await;
    let said = suggestion(&french);
    assert!(
        said.contains(&words(Locale::Fr, "domain_missing", &domain)),
        "{said}"
    );
    assert!(said.contains(&words(Locale::Fr, "meant", &meant)), "{said}");
    // No minute has passed, and the form needs no script.
    let form = page.form_with("/api/correct_registration", "email", "New@gmail.com");
    let page = visitor.submit(form).await;
    assert_says(&page, "registration", "corrected");
    assert!(suggestion(&page).is_empty());
    let mut other = server.visitor().through(&door);
    assert_eq!(other.open(&link(server, &wrong)).await.status, 410);
    let right = mail(server, "New@gmail.com").await;
    // The open page is told of everything that is suggested later.
    let before = version(&visitor.open(&door.entrance(paths::WAITING)).await);
    let store = &server.state.identity.store;
    let organisation = store.organisation_by_slug("bellerive").await;
    let realm = Realm::Organisation(organisation.unwrap().unwrap().id);
    let since = Timestamp::from_seconds(0);
    let found = store
        .newest_registration(&realm, "new@gmail.com", since)
        .await;
    let registration = found.unwrap().unwrap();
    let mut tx = store.begin().await.unwrap();
    let domains = ["gmx.com".to_owned(), "hotmail.com".to_owned()];
    let answer = MailDomain::TakesNoMail;
    tx.suggest_domains(&registration.id, "New@gmail.com", answer, &domains)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let page = visitor.open(&door.entrance(paths::WAITING)).await;
    assert_ne!(version(&page), before);
    let versions = server.identity().waiting_versions(&[registration.id]).await;
    assert_eq!(versions.unwrap()[0].1, version(&page));
    let either = [("first", "New@gmx.com"), ("second", "New@hotmail.com")];
    let said = suggestion(&page);
    assert!(
        said.contains(&words(
            Locale::En,
            "domain_takes_none",
            &[("domain", "gmail.com")]
        )),
        "{said}"
    );
    assert!(
        said.contains(&words(Locale::En, "meant_either", &either)),
        "{said}"
    );
    confirm(server, &mut visitor, &right).await;
    assert!(visitor.is_in().await);
}

async fn a_domain_that_takes_mail_or_is_unknown_is_never_doubted(server: &TestServer) {
    let door = server.platform("bellerive").await;
    server.mail_domains.say("gmaul.com", MailDomain::Unknown);
    for domain in ["gmial.com", "gmaul.com"] {
        let mut visitor = server.visitor().through(&door);
        register(&mut visitor, &format!("new@{domain}"), CHOSEN).await;
        mail(server, &format!("new@{domain}")).await;
        // The name system is asked after the mail was written.
        for _ in 0..PATIENCE {
            if server.mail_domains.asked().contains(&domain.to_owned()) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(server.mail_domains.asked().last().unwrap(), domain);
        for _ in 0..5 {
            let page = visitor.open(&door.entrance(paths::WAITING)).await;
            assert_eq!(suggestion(&page), "", "{domain}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    // Nothing is asked about a domain that is no slip.
    registered(server, &door, "new@home.example").await;
    assert_eq!(server.mail_domains.asked().len(), 2);
}
