//! The set-up link of a new account: looking is free, using it works once.

use crate::support::{
    Person, TestServer, Visitor, all_at_once, both,
    words::{assert_refused, assert_says, too_many},
};
use app::paths;
use contract::{Field, PasswordProblem, Problem};
use domain::{DisplayName, Duration, Email, Locale, Role};
use http::Method;
use identity::NewAccount;
use testkit::{Page, wire::Request};

both! {
    the_mail_says_for_whom_and_as_what,
    the_link_lets_its_owner_choose_a_password_and_sign_in,
    looking_at_the_link_uses_nothing_up,
    the_link_works_once,
    another_session_of_the_browser_stays,
    the_owner_of_a_dead_link_gets_a_new_one,
    mails_are_in_the_language_of_the_page,
    the_link_works_once_also_at_once,
    the_link_lives_for_seven_days,
    nothing_else_is_a_link,
    a_link_is_nothing_else,
    a_password_must_be_good,
    a_password_is_taken_as_it_was_typed,
    trying_links_is_limited,
    the_page_keeps_its_address_to_itself,
    a_link_does_not_open_a_locked_account,
    a_french_account_gets_a_french_mail_and_page,
}

const GOOD: &str = "a tram, a bell and a late bus";

async fn choose(visitor: &mut Visitor, link: &str, password: &str) -> Page {
    let page = visitor.open(link).await;
    visitor
        .submit(
            page.form("/api/accept_invitation")
                .fill("password", password),
        )
        .await
}

/// Posts the form without its page, as from a window that was open for long.
async fn post(visitor: &mut Visitor, token: &str, password: &str) -> Page {
    let fields = [("token", token), ("password", password), ("locale", "en")];
    visitor
        .travel(Request::new(Method::POST, "/api/accept_invitation").with_form(&fields))
        .await
}

fn token_of(link: &str) -> &str {
    link.rsplit_once('=').unwrap().1
}

async fn opens(server: &TestServer, person: &Person, password: &str) -> bool {
    let page = server
        .visitor()
        .give_password(&person.email, password)
        .await;
    page.url == paths::BACK_OFFICE
}

/// Red when the mail does not name the organisation and the role: it would read like phishing.
async fn the_mail_says_for_whom_and_as_what(server: &TestServer) {
    server.platform("bellerive").await;
    let identity = server.identity();
    let found = identity.store.organisation_by_slug("bellerive").await;
    let organisation = found.unwrap().unwrap().id;
    for (email, role, words) in [
        (
            "ada@town.example",
            Role::OrganisationManager,
            "an organisation manager",
        ),
        (
            "grace@town.example",
            Role::ContentManager,
            "a content manager",
        ),
    ] {
        let new = NewAccount {
            email: Email::parse(email).unwrap(),
            name: DisplayName::parse("Ada Lovelace").unwrap(),
            locale: Locale::En,
            membership: Some((organisation.clone(), role)),
            platform_role: None,
        };
        identity.create_account(new).await.unwrap();
        let mail = server.mail_to(email).await;
        assert_eq!(mail.kind, "account_setup");
        let wanted = format!("You will work for Town of bellerive, as {words}.");
        assert!(mail.text.contains(&wanted), "{}", mail.text);
    }
}

async fn the_link_lets_its_owner_choose_a_password_and_sign_in(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    let mut visitor = server.visitor();
    let page = visitor.open(&link).await;
    assert!(page.text().contains(&person.name) && page.text().contains(&person.email));
    let page = choose(&mut visitor, &link, GOOD).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
    assert_says(&page, "account", "set_up");
    assert!(visitor.is_in().await, "the password was typed a moment ago");
    assert!(opens(server, &person, GOOD).await);
}

/// Red when a set-up link takes the session of somebody else in the same browser away, or goes on in it.
async fn another_session_of_the_browser_stays(server: &TestServer) {
    let mut other = server.manager().await;
    let (person, link) = server.invited(Locale::En, None).await;
    let mut browser = other.clone().outside();
    choose(&mut browser, &link, GOOD).await;
    assert_eq!(browser.jar.get("back-office"), other.jar.get("back-office"));
    assert!(other.is_in().await);
    assert!(opens(server, &person, GOOD).await);
}

/// Red when somebody whose link has expired has to write to support, or when anybody learns who was invited.
async fn the_owner_of_a_dead_link_gets_a_new_one(server: &TestServer) {
    let renew = async |link: &str| {
        let mut visitor = server.visitor();
        let page = visitor.open(link).await;
        assert_eq!(page.status, 410);
        visitor.submit(page.form("/api/renew_invitation")).await
    };
    let (person, late) = server.invited(Locale::En, None).await;
    // One that still works is left alone: it may be in the hands of somebody who only wants to make work.
    let fields = [("token", token_of(&late)), ("locale", "en")];
    server
        .visitor()
        .post("/api/renew_invitation", &fields)
        .await;
    assert_eq!(server.visitor().open(&late).await.status, 200);
    server.clock.advance_secs(7 * 24 * 3600);
    let page = renew(&late).await;
    assert_says(&page, "invitation", "renewed");
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_setup");
    let link = mail.link(&server.origin());
    choose(&mut server.visitor(), &link, GOOD).await;
    assert!(opens(server, &person, GOOD).await);
    // Once it is set up, the same button leads to a new password.
    for _ in 0..2 {
        renew(&link).await;
        assert_eq!(server.mail_to(&person.email).await.kind, "password_reset");
    }
    let page = renew(&link).await;
    assert_refused(&page, &too_many(Duration::from_mins(20)));
    let nobodys = format!("{}?token={}", paths::INVITATION, "A".repeat(43));
    assert_says(&renew(&nobodys).await, "invitation", "renewed");
}

/// Red when the owner of an account reads its page in one language and gets its mails in another.
async fn mails_are_in_the_language_of_the_page(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    let mut visitor = server.visitor();
    let page = visitor.open(&format!("/fr{link}")).await;
    let form = page.form("/api/accept_invitation");
    let page = visitor.submit(form.fill("password", GOOD)).await;
    assert_eq!(page.url, "/fr/back-office");
    assert_eq!(server.account(&person).await.locale, Locale::Fr);
}

/// Red when opening the page consumes the token: mail scanners open links.
async fn looking_at_the_link_uses_nothing_up(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let answer = server.visitor().exchange(Request::new(method, &link)).await;
        assert_eq!(answer.status, 200);
    }
    choose(&mut server.visitor(), &link, GOOD).await;
    assert!(opens(server, &person, GOOD).await);
}

async fn the_link_works_once(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    choose(&mut server.visitor(), &link, GOOD).await;
    let page = server.visitor().open(&link).await;
    assert_eq!(page.status, 410);
    assert!(!page.has_form("/api/accept_invitation"));
    assert_says(&page, "errors", "dead_link_title");
    let other = "another good phrase with a bus";
    let page = post(&mut server.visitor(), token_of(&link), other).await;
    assert_eq!(page.status, 410);
    assert!(!opens(server, &person, other).await && opens(server, &person, GOOD).await);
}

/// Red when the token is looked up in one statement and consumed in another.
async fn the_link_works_once_also_at_once(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    let password = |number: usize| format!("{GOOD} number {number}");
    let posts = (0..20).map(|number| {
        let (mut visitor, token, password) = (
            server.visitor(),
            token_of(&link).to_owned(),
            password(number),
        );
        async move {
            let page = post(&mut visitor, &token, &password).await;
            page.url == paths::BACK_OFFICE
        }
    });
    let done = all_at_once(posts).await;
    let winners: Vec<usize> = (0..20).filter(|number| done[*number]).collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert!(opens(server, &person, &password(winners[0])).await);
}

async fn the_link_lives_for_seven_days(server: &TestServer) {
    let (late, late_link) = server.invited(Locale::En, None).await;
    let (just, just_link) = server.invited(Locale::En, None).await;
    server.clock.advance_secs(7 * 24 * 3600 - 1);
    choose(&mut server.visitor(), &just_link, GOOD).await;
    assert!(opens(server, &just, GOOD).await);
    server.clock.advance_secs(1);
    assert_eq!(server.visitor().open(&late_link).await.status, 410);
    post(&mut server.visitor(), token_of(&late_link), GOOD).await;
    assert!(!opens(server, &late, GOOD).await);
}

/// Red when tokens are looked up without their kind (better-auth CVE-2026-114607, Zitadel
/// CVE-2026-119128).
async fn nothing_else_is_a_link(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let half = visitor.jar.get("sign-in").unwrap().to_owned();
    visitor.give_code("not a code at all").await;
    let session = server
        .visitor()
        .sign_in(&person)
        .await
        .jar
        .get("back-office")
        .unwrap()
        .to_owned();
    visitor
        .post("/api/give_code", &[("code", "x"), ("locale", "en")])
        .await;
    let flash = visitor.jar.get("flash.sign-in.code").unwrap().to_owned();
    let made_up = ["", "x", "../", "%00", "'--", "null"].map(str::to_owned);
    for token in [half, session, flash, person.id.to_string()]
        .into_iter()
        .chain(made_up)
    {
        let page = server
            .visitor()
            .open(&format!("/invitation?token={token}"))
            .await;
        assert_eq!(page.status, 410, "{token}");
        let page = post(&mut server.visitor(), &token, GOOD).await;
        assert_eq!(page.status, 410, "{token}");
    }
    assert_eq!(server.visitor().open("/invitation").await.status, 410);
    assert!(!opens(server, &person, GOOD).await);
}

async fn a_link_is_nothing_else(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    for name in ["back-office", "sign-in", "flash.sign-in"] {
        let mut visitor = server.visitor();
        visitor.jar.plant(name, token_of(&link));
        assert!(!visitor.is_in().await);
        let answer = visitor
            .post("/api/give_code", &[("code", "123456"), ("locale", "en")])
            .await;
        assert_eq!(answer.header("location"), paths::SIGN_IN);
    }
    choose(&mut server.visitor(), &link, GOOD).await;
    assert!(opens(server, &person, GOOD).await);
}

/// Red when the rules are those of the page only.
async fn a_password_must_be_good(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    let own = format!("{} {}", person.name, person.email);
    let long = "x ".repeat(513);
    for (password, problem) in [
        (
            "fourteen chars",
            Problem::Password(PasswordProblem::TooShort { minimum: 15 }),
        ),
        (
            "éééééééééééééé",
            Problem::Password(PasswordProblem::TooShort { minimum: 15 }),
        ),
        (
            "passwordpassword",
            Problem::Password(PasswordProblem::Common),
        ),
        (
            "ababababababababababab",
            Problem::Password(PasswordProblem::Guessable),
        ),
        (own.as_str(), Problem::Password(PasswordProblem::Personal)),
        (long.as_str(), Problem::Password(PasswordProblem::TooLong)),
        (
            "",
            Problem::Empty {
                field: Field::Password,
            },
        ),
    ] {
        let page = choose(&mut server.visitor(), &link, password).await;
        assert_refused(&page, &problem);
        let form = page.form("/api/accept_invitation");
        assert_eq!(
            form.value("password"),
            Some(""),
            "it is not written into the page"
        );
        assert!(password.is_empty() || !page.html.contains(password) || password == own);
    }
    // A refusal uses nothing up; fifteen characters of any kind are enough.
    choose(&mut server.visitor(), &link, "tram bell bus 7").await;
    assert!(opens(server, &person, "tram bell bus 7").await);
}

async fn a_password_is_taken_as_it_was_typed(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    let spaced = "  Café & thé : 100 % à l’œil \u{1f682} ";
    choose(&mut server.visitor(), &link, spaced).await;
    assert!(!opens(server, &person, spaced.trim()).await);
    assert!(!opens(server, &person, &spaced.to_lowercase()).await);
    // Another telephone composes its letters in another way.
    assert!(opens(server, &person, &spaced.replace('é', "e\u{301}")).await);
    assert!(opens(server, &person, spaced).await);
}

async fn trying_links_is_limited(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    let mut visitor = server.visitor();
    // Making the account's password was the first of sixty.
    let posts = (0..60).map(|number| {
        let mut visitor = visitor.clone();
        async move { drop(post(&mut visitor, &format!("{number:043}"), GOOD).await) }
    });
    all_at_once(posts).await;
    let page = choose(&mut visitor, &link, GOOD).await;
    assert_refused(&page, &too_many(Duration::from_secs(10)));
    server.clock.advance_secs(10);
    choose(&mut visitor, &link, GOOD).await;
    assert!(opens(server, &person, GOOD).await);
}

/// Red when the page is stored by a cache or tells its address to the next site.
async fn the_page_keeps_its_address_to_itself(server: &TestServer) {
    let (_, link) = server.invited(Locale::En, None).await;
    let page = server.visitor().open(&link).await;
    assert_eq!(page.headers["referrer-policy"], "strict-origin");
    assert_eq!(page.headers["cache-control"], "no-store");
    let token = token_of(&link);
    for (text, href) in page.links() {
        assert!(
            !href.contains(token) || href.starts_with("/fr/invitation?"),
            "{text}: {href}"
        );
    }
    // In the form, and in the link to the same page in the other language; nowhere else.
    assert_eq!(page.html.matches(token).count(), 2);
}

async fn a_link_does_not_open_a_locked_account(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    server
        .identity()
        .set_locked(&server.account(&person).await, true)
        .await
        .unwrap();
    server.visitor().open(&link).await;
    post(&mut server.visitor(), token_of(&link), GOOD).await;
    assert!(!opens(server, &person, GOOD).await);
}

async fn a_french_account_gets_a_french_mail_and_page(server: &TestServer) {
    let (_, link) = server.invited(Locale::Fr, None).await;
    assert!(link.starts_with("/fr/invitation?token="), "{link}");
    let page = choose(&mut server.visitor(), &link, "court").await;
    assert!(
        page.url.starts_with("/fr/invitation?token="),
        "{}",
        page.url
    );
    assert_refused(
        &page,
        &Problem::Password(PasswordProblem::TooShort { minimum: 15 }),
    );
}
