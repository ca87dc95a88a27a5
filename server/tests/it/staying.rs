//! Staying: until an account that its owner wanted gone is deleted, it can be kept, and whoever may
//! be robbed of it hears of it.

use crate::support::{
    Mail, Manager, Person, TestServer, both,
    email::{ask as ask_for_email, ask_and_confirm, asked as asked_for_email, confirm, undo},
    leaving::{ask, due, follow, leave, press, run_job, week},
    words::{assert_no_button_is_red, assert_says},
};
use app::paths;
use http::Method;
use server::sweep::sweep_once;
use testkit::wire::Request;

both! {
    the_link_of_the_mail_keeps_the_account,
    looking_changes_nothing,
    a_link_is_dead_after_another_way_of_staying,
    a_link_is_for_its_own_door,
    signing_in_shows_when_and_keeps_the_account,
    this_was_not_me_keeps_the_account,
    every_address_of_the_last_day_is_told,
    every_address_of_the_last_month_is_told,
    an_undone_change_of_address_keeps_the_account,
    a_lock_keeps_the_account,
}

async fn stopped(server: &TestServer, person: &Person) {
    assert_eq!(due(server, person).await, None);
    assert_eq!(server.mail_to(&person.email).await.kind, "deletion_stopped");
    let lines = server.log_of(&person.id).await;
    assert!(lines.iter().any(|line| line.kind == "deletion_stopped"));
    server.clock.advance_secs(week());
    assert_eq!(run_job(server).await, 0, "it stays for good");
    assert!(
        server
            .identity()
            .store
            .account(&person.id)
            .await
            .unwrap()
            .is_some()
    );
}

/// Red when the link needs a session, works twice, or leaves the mail unwritten.
async fn the_link_of_the_mail_keeps_the_account(server: &TestServer) {
    for person in server.people().await {
        let (_, mail) = leave(server, &person).await;
        for said in ["127.0.0.1", "Firefox"] {
            assert!(mail.text.contains(said), "{said}: {}", mail.text);
        }
        let (mut visitor, page) = follow(server, &person, &mail.link(&server.origin())).await;
        assert!(page.text().contains(&person.email), "{}", page.text());
        assert_no_button_is_red(&page);
        let page = visitor.submit(page.form("/api/stop_deletion")).await;
        assert_says(&page, "leaving", "stopped_lead");
        assert!(!page.url.contains("token"), "{}", page.url);
        let page = press(server, &person.door, &mail.token()).await;
        assert_eq!(page.status, 410);
        assert_says(&page, "leaving", "stop_dead");
        stopped(server, &person).await;
    }
}

/// Red when opening a page stops or asks: mail scanners open links.
async fn looking_changes_nothing(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let lines = async || server.log_of(&person.id).await.len();
        let before = lines().await;
        for path in [paths::OWN_DATA, paths::DELETE] {
            let path = manager.own(path);
            assert_eq!(manager.open(&path).await.status, 200);
        }
        assert_eq!((due(server, &person).await, lines().await), (None, before));
        let (_, mail) = leave(server, &person).await;
        let before = lines().await;
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let request = Request::new(method, &mail.link(&server.origin()));
            let answer = server.visitor().exchange(request).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("referrer-policy"), "strict-origin");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        assert!(due(server, &person).await.is_some());
        assert_eq!(lines().await, before);
    }
}

/// Red when a link outlives the deletion that it was mailed about.
async fn a_link_is_dead_after_another_way_of_staying(server: &TestServer) {
    for person in server.people().await {
        let (mut manager, first) = leave(server, &person).await;
        let path = person.door.own(paths::DELETE);
        let page = manager.open(&path).await;
        let page = manager.submit(page.form("/api/keep_account")).await;
        assert_says(&page, "leaving", "kept");
        assert_eq!(server.mail_to(&person.email).await.kind, "deletion_stopped");
        ask(&mut manager, &person.password).await;
        let second = server.mail_to(&person.email).await;
        let page = press(server, &person.door, &first.token()).await;
        assert_eq!(page.status, 410);
        assert!(
            due(server, &person).await.is_some(),
            "the second one stands"
        );
        press(server, &person.door, &second.token()).await;
        assert_eq!(due(server, &person).await, None);
        assert_eq!(server.mail_to(&person.email).await.kind, "deletion_stopped");
    }
}

/// Red when a link is looked up without its realm.
async fn a_link_is_for_its_own_door(server: &TestServer) {
    let [manager, participant] = server.people().await;
    let (_, hers) = leave(server, &participant).await;
    let (_, his) = leave(server, &manager).await;
    let page = press(server, &manager.door, &hers.token()).await;
    assert_eq!(page.status, 410);
    let page = press(server, &participant.door, &his.token()).await;
    assert_eq!(page.status, 410);
    assert!(due(server, &manager).await.is_some());
    assert!(due(server, &participant).await.is_some());
}

/// Red when the banner is missing on a page, or its button needs a proof.
async fn signing_in_shows_when_and_keeps_the_account(server: &TestServer) {
    for person in server.people().await {
        leave(server, &person).await;
        server.clock.advance_secs(3 * 24 * 3600);
        let mut manager = server.visitor().sign_in(&person).await;
        for path in [
            person.door.home(),
            person.door.own(paths::SETTINGS),
            person.door.own(paths::OWN_DATA),
        ] {
            let page = manager.open(&path).await;
            assert!(page.has_form("/api/keep_account"), "{path}");
        }
        let page = manager.open(&person.door.home()).await;
        let page = manager.submit(page.form("/api/keep_account")).await;
        assert_eq!(page.url, person.door.own(paths::SETTINGS));
        assert_says(&page, "leaving", "kept");
        assert!(!page.has_form("/api/keep_account"));
        stopped(server, &person).await;
    }
}

/// Red when "this was not me" leaves the deletion standing.
async fn this_was_not_me_keeps_the_account(server: &TestServer) {
    for person in server.people().await {
        let (mut thief, mail) = leave(server, &person).await;
        let link = mail.not_me(&server.origin());
        let (mut owner, page) = follow(server, &person, &link).await;
        owner.submit(page.form("/api/say_not_me")).await;
        assert!(!thief.is_in().await);
        let kinds = [
            server.mail_to(&person.email).await.kind,
            server.mail_to(&person.email).await.kind,
        ];
        assert!(kinds.contains(&"account_safe".to_owned()), "{kinds:?}");
        assert!(kinds.contains(&"deletion_stopped".to_owned()), "{kinds:?}");
        assert_eq!(due(server, &person).await, None);
        let page = press(server, &person.door, &mail.token()).await;
        assert_eq!(page.status, 410);
    }
}

/// A thief with a session and the password changes the address, then asks for the deletion; gives
/// the undo mail and the mail about the deletion, both to the old address.
async fn stolen(server: &TestServer, person: &Person) -> (Manager, Mail, Mail) {
    let mut thief = server.visitor().sign_in(person).await;
    ask_for_email(&mut thief, "thief@evil.example", &person.password).await;
    let link = asked_for_email(server, &person.email, "thief@evil.example").await;
    confirm(server, &mut thief, &link).await;
    let undo = server.mail_to(&person.email).await;
    assert_eq!(undo.kind, "email_changed");
    server.mail_to("thief@evil.example").await;
    ask(&mut thief, &person.password).await;
    let notice = server.mail_to(&person.email).await;
    assert_eq!(notice.kind, "deletion_asked");
    assert_eq!(
        server.mail_to("thief@evil.example").await.kind,
        "deletion_asked"
    );
    (thief, undo, notice)
}

/// Red when only the present address is told: a thief would change it first.
async fn every_address_of_the_last_day_is_told(server: &TestServer) {
    for person in server.people().await {
        let (_, _, notice) = stolen(server, &person).await;
        assert!(
            !notice.text.contains("/not-me"),
            "that is for the present one"
        );
        let (mut owner, page) = follow(server, &person, &notice.link(&server.origin())).await;
        let page = owner.submit(page.form("/api/stop_deletion")).await;
        assert_says(&page, "leaving", "stopped_lead");
        assert_eq!(due(server, &person).await, None);
        let mail = server.mail_to("thief@evil.example").await;
        assert_eq!(mail.kind, "deletion_stopped");
    }
}

/// Red when only those are told whose undo link still works: a thief would wait for a day. Nor for
/// ever, since whoever gave an address up long ago is not to hear of the account any more.
async fn every_address_of_the_last_month_is_told(server: &TestServer) {
    const DAY: u64 = 24 * 3600;
    const THIEF: &str = "thief@evil.example";
    for person in server.people().await {
        let mut thief = server.visitor().sign_in(&person).await;
        ask_and_confirm(server, &mut thief, THIEF).await;
        let known = Person {
            email: THIEF.to_owned(),
            ..person.clone()
        };
        for (wait, is_told) in [(2 * DAY, true), (28 * DAY, true), (8 * DAY, false)] {
            server.clock.advance_secs(wait);
            let (store, now) = (&server.identity().store, domain::Clock::now(&server.clock));
            sweep_once(store, now, true).await.unwrap();
            let mut thief = server.visitor().sign_in(&known).await;
            ask(&mut thief, &person.password).await;
            assert_eq!(server.mail_to(THIEF).await.kind, "deletion_asked");
            if is_told {
                let notice = server.mail_to(&person.email).await;
                assert_eq!(notice.kind, "deletion_asked");
                press(server, &person.door, &notice.token()).await;
            } else {
                // A mail to the old address would be left over at the end of the test.
                let page = thief.open(&person.door.own(paths::DELETE)).await;
                thief.submit(page.form("/api/keep_account")).await;
            }
            assert_eq!(due(server, &person).await, None);
            assert_eq!(server.mail_to(THIEF).await.kind, "deletion_stopped");
        }
    }
}

/// Red when the owner gets her address back and loses the account a week later.
async fn an_undone_change_of_address_keeps_the_account(server: &TestServer) {
    for person in server.people().await {
        let (_, mail, _) = stolen(server, &person).await;
        undo(server, &person, &mail).await;
        assert_eq!(
            server.mail_to("thief@evil.example").await.kind,
            "email_lost"
        );
        let kinds = [
            server.mail_to(&person.email).await.kind,
            server.mail_to(&person.email).await.kind,
        ];
        assert!(kinds.contains(&"email_restored".to_owned()), "{kinds:?}");
        assert!(kinds.contains(&"deletion_stopped".to_owned()), "{kinds:?}");
        assert_eq!(due(server, &person).await, None);
    }
}

/// Red when an administrator who looks into it has the account deleted under her hands.
async fn a_lock_keeps_the_account(server: &TestServer) {
    for person in server.people().await {
        leave(server, &person).await;
        let account = server.account(&person).await;
        server.identity().set_locked(&account, true).await.unwrap();
        stopped(server, &person).await;
    }
}
