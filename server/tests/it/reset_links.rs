//! Links for a new password: how long one lives, what kills it, where it opens anything.

use crate::support::{
    Manager, Person, TestServer, all_at_once, both,
    resets::{NEW, ask, changed, choose, code, is_open, link, mail},
    words::assert_refused,
};
use app::paths;
use contract::{PasswordProblem, Problem};

both! {
    a28_a_link_works_once_and_a_dead_one_offers_a_new_one,
    a28_a_link_expires_after_an_hour,
    older_links_die_of_a_newer_one_a_sign_in_and_a_change,
    two_who_press_at_once_are_one_winner,
    an_invited_manager_may_begin_here,
    a_lock_in_between_closes_the_link,
    in_somebody_elses_browser_she_stays_signed_in,
    in_ones_own_browser_one_is_signed_out,
}

async fn a28_a_link_works_once_and_a_dead_one_offers_a_new_one(server: &TestServer) {
    for person in server.people().await {
        ask(server, &person).await;
        let link = link(server, &mail(server, &person).await);
        let mut visitor = server.visitor().through(&person.door);
        // Looking, as mail scanners do, uses nothing up; nor does a password that is refused.
        for _ in 0..3 {
            assert!(is_open(server, &link).await);
        }
        let page = choose(&mut visitor, &link, "short").await;
        assert_eq!(page.errors().len(), 1);
        choose(&mut visitor, &link, NEW).await;
        changed(server, &person).await;

        let page = visitor.open(&link).await;
        assert_eq!(page.status, 410);
        let (language, _) = app::locale::split(&link);
        let again = crate::support::words::text(language, "password", "dead_again");
        let page = visitor.follow(&page, &again).await;
        assert!(page.has_form("/api/forgot_password"));
    }
}

async fn a28_a_link_expires_after_an_hour(server: &TestServer) {
    let person = server.person().await;
    let mut asking = ask(server, &person).await;
    let mail = mail(server, &person).await;
    server.clock.advance_secs(3599);
    assert!(is_open(server, &link(server, &mail)).await);
    server.clock.advance_secs(1);
    assert!(!is_open(server, &link(server, &mail)).await);
    let page = asking.open(paths::RESET_SENT).await;
    let form = page.form("/api/give_reset_code").fill("code", &code(&mail));
    let page = asking.submit(form).await;
    assert_refused(&page, &Problem::Password(PasswordProblem::MailCodeRejected));
}

/// Red when only the newest link is made void (Keycloak issues 21348, 26815).
async fn older_links_die_of_a_newer_one_a_sign_in_and_a_change(server: &TestServer) {
    let person = server.person().await;
    let mut links = Vec::new();
    for _ in 0..2 {
        ask(server, &person).await;
        links.push(link(server, &mail(server, &person).await));
    }
    assert!(!is_open(server, &links[0]).await, "a newer one");
    assert!(is_open(server, &links[1]).await);
    let mut manager = server.visitor().sign_in(&person).await;
    assert!(!is_open(server, &links[1]).await, "a sign-in");

    ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    assert!(is_open(server, &link).await);
    let page = manager.open(paths::PASSWORD).await;
    let form = page
        .form("/api/change_password")
        .fill("present", &person.password)
        .fill("password", NEW);
    manager.submit(form).await;
    changed(server, &person).await;
    assert!(!is_open(server, &link).await, "a change");
}

/// Red when the token is looked up first and marked later (Keycloak issue 37231).
async fn two_who_press_at_once_are_one_winner(server: &TestServer) {
    let person = server.person().await;
    ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    let token = link.split_once("token=").unwrap().1.to_owned();
    let presses = (0..10).map(|number| {
        let mut visitor = server.visitor();
        let password = format!("{NEW} {number}");
        let token = token.clone();
        async move {
            let fields = [
                ("token", token.as_str()),
                ("password", &password),
                ("locale", "en"),
            ];
            let answer = visitor.post("/api/reset_password", &fields).await;
            (answer.header("location") == paths::SIGN_IN).then_some(password)
        }
    });
    let won: Vec<_> = all_at_once(presses).await.into_iter().flatten().collect();
    assert_eq!(won.len(), 1, "{won:?}");
    changed(server, &person).await;
    let person = Person {
        password: won[0].clone(),
        ..person
    };
    assert!(server.visitor().sign_in(&person).await.is_in().await);
}

async fn an_invited_manager_may_begin_here(server: &TestServer) {
    let (mut person, invitation) = server.invited(domain::Locale::En, None).await;
    ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    choose(&mut server.visitor(), &link, NEW).await;
    changed(server, &person).await;
    assert!(
        !is_open(server, &invitation).await,
        "the older link is dead"
    );
    NEW.clone_into(&mut person.password);
    assert!(server.visitor().sign_in(&person).await.is_in().await);
}

/// Red when the account's state is looked at when the mail is written only (Keycloak
/// CVE-2026-9798).
async fn a_lock_in_between_closes_the_link(server: &TestServer) {
    let person = server.person().await;
    ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    let page = server.visitor().open(&link).await;
    let account = server.account(&person).await;
    server.identity().set_locked(&account, true).await.unwrap();
    assert!(!is_open(server, &link).await);
    let form = page.form("/api/reset_password").fill("password", NEW);
    let page = server.visitor().submit(form).await;
    assert_eq!(page.status, 410);
    assert_eq!(
        server.account(&person).await.password_hash,
        account.password_hash
    );
}

/// Signs somebody else in at the same door and presses, in her browser, the button behind a link of
/// this person's; gives her, and what the browser was told to forget.
async fn in_the_browser_of(
    server: &TestServer,
    other: &Person,
    link: &str,
    action: &str,
) -> (Manager, String) {
    let mut other = server.visitor().sign_in(other).await;
    let page = other.open(link).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let form = page.form(action);
    let form = if form.names().contains(&"password") {
        form.fill("password", NEW)
    } else {
        form
    };
    let answer = other.send(form).await;
    assert_eq!(answer.status, 303);
    let forgets = answer.header("clear-site-data").to_owned();
    (other, forgets)
}

/// Red when the browser is told to forget the session of whoever is signed in there: her cookie would
/// go, and her session would live on without her.
async fn in_somebody_elses_browser_she_stays_signed_in(server: &TestServer) {
    let others = [server.person().await, server.participant("bellerive").await];
    for (person, other) in server.people().await.into_iter().zip(others) {
        ask(server, &person).await;
        let reset = link(server, &mail(server, &person).await);
        let (mut there, forgets) =
            in_the_browser_of(server, &other, &reset, "/api/reset_password").await;
        let notice = server.mail_to(&person.email).await;
        assert_eq!(notice.kind, "password_changed");
        assert!(there.is_in().await, "a reset link");
        assert_eq!(forgets, "");

        let link = notice.not_me(&server.origin());
        let (mut there, forgets) =
            in_the_browser_of(server, &other, &link, "/api/say_not_me").await;
        assert_eq!(server.mail_to(&person.email).await.kind, "account_safe");
        assert!(there.is_in().await, "\u{201c}this was not me\u{201d}");
        assert_eq!(forgets, "");
    }
}

/// Red when the session that the link has just ended leaves its cookie behind.
async fn in_ones_own_browser_one_is_signed_out(server: &TestServer) {
    for mut person in server.people().await {
        // A sign-in kills the link, so the session is older.
        let mut own = server.visitor().sign_in(&person).await;
        let names = own.jar.names().len();
        ask(server, &person).await;
        let page = own.open(&link(server, &mail(server, &person).await)).await;
        let form = page.form("/api/reset_password").fill("password", NEW);
        let answer = own.send(form).await;
        assert!(answer.header("clear-site-data").contains("storage"));
        let notice = server.mail_to(&person.email).await;
        assert!(!own.is_in().await);
        assert!(own.jar.names().len() <= names, "{:?}", own.jar.names());

        NEW.clone_into(&mut person.password);
        let mut own = server.visitor().sign_in(&person).await;
        let page = own.open(&notice.not_me(&server.origin())).await;
        let answer = own.send(page.form("/api/say_not_me")).await;
        assert!(answer.header("clear-site-data").contains("storage"));
        assert_eq!(server.mail_to(&person.email).await.kind, "account_safe");
        assert!(!own.is_in().await);
    }
}
