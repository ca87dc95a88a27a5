//! Confirming a new address: from its own mailbox, once, and with an end to everything else.

use crate::support::{
    TestServer, all_at_once, both,
    email::{ask, ask_and_confirm, asked, confirm, press},
    words::{assert_refused, assert_says, text},
};
use app::paths;
use contract::{DetailsProblem, Problem, SignInProblem};
use domain::{Email, Locale};
use http::Method;
use identity::{Client, SignedIn};
use testkit::wire::Request;

both! {
    the_page_says_what_will_happen_and_then_what_has,
    looking_at_the_link_changes_nothing,
    the_link_works_once,
    the_link_works_once_also_at_once,
    the_link_lives_for_a_day,
    a_newer_wish_replaces_the_link,
    a_withdrawn_wish_is_dead,
    the_address_that_is_applied_is_the_one_in_the_link,
    nothing_else_confirms_an_address,
    a_link_is_for_its_own_door,
    an_address_that_was_taken_meanwhile_cannot_be_used,
    of_two_who_want_one_address_one_gets_it,
    the_other_sessions_end_and_begun_sign_ins_too,
    on_a_telephone_without_a_session_everybody_is_signed_out,
    a_link_does_not_change_a_locked_account,
    the_page_keeps_its_address_to_itself,
    a_notice_goes_to_the_address_that_the_account_has_by_then,
}

const NEW: &str = "New.Address@home.example";

/// Red when opening the page uses the link up: mail scanners open links.
async fn looking_at_the_link_changes_nothing(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        ask(&mut person, NEW, "").await;
        let link = asked(server, &person.person.email, NEW)
            .await
            .link(&server.origin());
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let answer = server.visitor().exchange(Request::new(method, &link)).await;
            assert_eq!(answer.status, 200);
        }
        let account = server.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
    }
}

async fn the_link_works_once(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let old = person.person.email.clone();
        let mail = ask_and_confirm(server, &mut person, NEW).await;
        let page = person.open(&mail.link(&server.origin())).await;
        assert_eq!(page.status, 410);
        let page = press(server, &person.person, &mail.token(), NEW).await;
        assert_eq!(page.status, 410);
        // Back and forth: an old link does not jump the queue.
        ask_and_confirm(server, &mut person, &old).await;
        press(server, &person.person, &mail.token(), NEW).await;
        assert_eq!(server.account(&person.person).await.email, old);
    }
}

/// Red when the token is looked up in one statement and consumed in another.
async fn the_link_works_once_also_at_once(server: &TestServer) {
    let mut manager = server.manager().await;
    ask(&mut manager, NEW, "").await;
    let mail = asked(server, &manager.person.email, NEW).await;
    let posts = (0..10).map(|_| {
        let (mut visitor, token) = (server.visitor(), mail.token());
        async move {
            let fields = [("token", token.as_str()), ("email", NEW), ("locale", "en")];
            let answer = visitor.post("/api/confirm_email", &fields).await;
            answer.header("location") == paths::SIGN_IN
        }
    });
    let done = all_at_once(posts).await;
    assert_eq!(done.iter().filter(|won| **won).count(), 1);
    // One mail to each side: the test ends with an empty mailbox.
    assert_eq!(
        server.mail_to(&manager.person.email).await.kind,
        "email_changed"
    );
    assert_eq!(server.mail_to(NEW).await.kind, "email_new");
}

async fn the_link_lives_for_a_day(server: &TestServer) {
    for person in server.signed_in_people().await {
        // The clock has moved for the one before.
        let mut person = server.visitor().sign_in(&person.person).await;
        ask(&mut person, NEW, "").await;
        let mail = asked(server, &person.person.email, NEW).await;
        server.clock.advance_secs(24 * 3600);
        let mut visitor = server.visitor().through(&person.person.door);
        assert_eq!(visitor.open(&mail.link(&server.origin())).await.status, 410);
        press(server, &person.person, &mail.token(), NEW).await;
        let account = server.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
    }
}

/// Red when a wish leaves the links of earlier ones alone (Devise CVE-2026-32700): the thief of a
/// session could keep a link for later.
async fn a_newer_wish_replaces_the_link(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        ask(&mut person, "first@home.example", "").await;
        let old = person.person.email.clone();
        let first = asked(server, &old, "first@home.example").await;
        ask(&mut person, NEW, "").await;
        let second = asked(server, &old, NEW).await;
        let page = press(server, &person.person, &first.token(), "first@home.example").await;
        assert_eq!(page.status, 410);
        confirm(server, &mut person, &second).await;
        assert_eq!(server.mail_to(&old).await.kind, "email_changed");
        assert_eq!(server.mail_to(NEW).await.kind, "email_new");
    }
}

async fn a_withdrawn_wish_is_dead(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let page = ask(&mut person, NEW, "").await;
        let mail = asked(server, &person.person.email, NEW).await;
        let page = person.submit(page.form("/api/withdraw_email")).await;
        assert_says(&page, "details", "withdrawn");
        assert!(!page.text().contains(NEW));
        assert_eq!(
            press(server, &person.person, &mail.token(), NEW)
                .await
                .status,
            410
        );
    }
}

/// Red when the address comes from the form, or from a column beside the token (Devise
/// CVE-2026-32700, Zitadel CVE-2026-27946).
async fn the_address_that_is_applied_is_the_one_in_the_link(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        ask(&mut person, NEW, "").await;
        let mail = asked(server, &person.person.email, NEW).await;
        for other in ["victim@home.example", "new.address@home.example", ""] {
            let page = press(server, &person.person, &mail.token(), other).await;
            assert_refused(&page, &Problem::DeadLink);
        }
        let account = server.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
        // A refusal uses nothing up.
        confirm(server, &mut person, &mail).await;
        assert_eq!(
            server.mail_to(&person.person.email).await.kind,
            "email_changed"
        );
        assert_eq!(server.mail_to(NEW).await.kind, "email_new");
    }
}

/// Red when tokens are looked up without their kind (better-auth CVE-2026-114607).
async fn nothing_else_confirms_an_address(server: &TestServer) {
    let (invited, setup) = server.invited(Locale::En, None).await;
    for mut person in server.signed_in_people().await {
        ask(&mut person, NEW, "").await;
        let notice = server.mail_to(&person.person.email).await;
        let mail = server.mail_to(NEW).await;
        let (_, not_me) = notice.text.split_once("/not-me?token=").unwrap();
        let session = person
            .jar
            .names()
            .into_iter()
            .find(|name| !name.starts_with("flash"));
        let session = person.jar.get(session.unwrap()).unwrap().to_owned();
        let confirming = mail.token();
        for token in [
            &setup[setup.len() - 43..],
            &not_me[..43],
            session.as_str(),
            "",
            "x",
        ] {
            assert_eq!(
                press(server, &person.person, token, NEW).await.status,
                410,
                "{token}"
            );
        }
        // Nor is the link good for anything else.
        let door = person.person.door.tag();
        for (action, page) in [
            ("/api/undo_email", person.own(paths::UNDO_EMAIL)),
            ("/api/accept_invitation", paths::INVITATION.to_owned()),
        ] {
            let page = format!("{page}?token={confirming}");
            assert_eq!(person.open(&page).await.status, 410, "{page}");
            let fields = [
                ("token", confirming.as_str()),
                ("password", "a tram, a bell and a late bus"),
                ("door", &door),
                ("locale", "en"),
            ];
            let request = Request::new(Method::POST, action).with_form(&fields);
            assert_eq!(person.travel(request).await.status, 410, "{action}");
        }
    }
    assert_eq!(server.account(&invited).await.email, invited.email);
}

/// Red when the account of a link is not compared with the door.
async fn a_link_is_for_its_own_door(server: &TestServer) {
    server.platform("montclair").await;
    for mut person in server.signed_in_people().await {
        ask(&mut person, NEW, "").await;
        let mail = asked(server, &person.person.email, NEW).await;
        for door in ["", "bellerive/quay", "montclair/quay"] {
            if door == person.person.door.tag() {
                continue;
            }
            let token = mail.token();
            let fields = [
                ("token", token.as_str()),
                ("email", NEW),
                ("door", door),
                ("locale", "en"),
            ];
            let request = Request::new(Method::POST, "/api/confirm_email").with_form(&fields);
            assert_eq!(server.visitor().travel(request).await.status, 410, "{door}");
        }
        let account = server.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
    }
}

async fn an_address_that_was_taken_meanwhile_cannot_be_used(server: &TestServer) {
    for (number, mut person) in server.signed_in_people().await.into_iter().enumerate() {
        let wanted = format!("wanted{number}@home.example");
        ask(&mut person, &wanted, "").await;
        let mail = asked(server, &person.person.email, &wanted).await;
        let other = if person.person.door.is_back_office() {
            server.manager().await.person
        } else {
            server.participant("bellerive").await
        };
        let mut tx = server.identity().store.begin().await.unwrap();
        let email = Email::parse(&wanted).unwrap();
        let now = server.identity().clock.now();
        tx.set_email(&other.id, &email, now).await.unwrap();
        tx.commit().await.unwrap();
        let page = confirm(server, &mut person, &mail).await;
        assert_refused(&page, &Problem::Details(DetailsProblem::AddressUnusable));
        let account = server.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
        assert!(person.is_in().await, "nothing happened");
    }
}

/// Red when nothing in the database keeps an address unique.
async fn of_two_who_want_one_address_one_gets_it(server: &TestServer) {
    let mut links = Vec::new();
    let mut people = Vec::new();
    for _ in 0..2 {
        let person = server.participant("bellerive").await;
        let mut participant = server.visitor().sign_in(&person).await;
        ask(&mut participant, NEW, "").await;
        links.push(asked(server, &person.email, NEW).await.token());
        people.push(person);
        // One wish an hour for one address.
        server.clock.advance_secs(3600);
    }
    let door = people[0].door.tag();
    let posts = links.into_iter().map(|token| {
        let (mut visitor, door) = (server.visitor(), door.clone());
        async move {
            let fields = [
                ("token", token.as_str()),
                ("email", NEW),
                ("door", &door),
                ("locale", "en"),
            ];
            let answer = visitor.post("/api/confirm_email", &fields).await;
            answer.header("location").ends_with(paths::SIGN_IN)
        }
    });
    let done = all_at_once(posts).await;
    assert_eq!(done.iter().filter(|won| **won).count(), 1, "{done:?}");
    let winner = done.iter().position(|won| *won).unwrap();
    assert_eq!(server.account(&people[winner]).await.email, NEW);
    assert_eq!(
        server.mail_to(&people[winner].email).await.kind,
        "email_changed"
    );
    assert_eq!(server.mail_to(NEW).await.kind, "email_new");
}

/// Red when sessions outlive the change (django-allauth CVE-2025-65430).
async fn the_other_sessions_end_and_begun_sign_ins_too(server: &TestServer) {
    for person in [
        server.secured().await,
        server.secure(server.participant("bellerive").await).await,
    ] {
        let mut here = server.visitor().sign_in(&person).await;
        server.clock.advance_secs(30);
        let mut elsewhere = server.visitor().sign_in(&person).await;
        let mut half = server.visitor();
        half.begin(&person).await;
        ask_and_confirm(server, &mut here, NEW).await;
        assert!(here.is_in().await && !elsewhere.is_in().await);
        server.clock.advance_secs(30);
        let request = Request::new(Method::POST, "/api/give_code");
        let door = person.door.tag();
        let fields = [
            ("code", person.code()),
            ("door", door),
            ("locale", "en".to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let page = half.travel(request.with_form(&fields)).await;
        assert_refused(&page, &Problem::SignIn(SignInProblem::Expired));
    }
}

async fn on_a_telephone_without_a_session_everybody_is_signed_out(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        ask(&mut person, NEW, "").await;
        let mail = asked(server, &person.person.email, NEW).await;
        // Somebody else is signed in on that telephone.
        let stranger = if person.person.door.is_back_office() {
            server.person().await
        } else {
            server.participant("bellerive").await
        };
        let mut telephone = server.visitor().sign_in(&stranger).await;
        confirm(server, &mut telephone, &mail).await;
        assert!(telephone.is_in().await && !person.is_in().await);
        assert_eq!(server.account(&person.person).await.email, NEW);
        assert_eq!(server.account(&stranger).await.email, stranger.email);
        assert_eq!(
            server.mail_to(&person.person.email).await.kind,
            "email_changed"
        );
        assert_eq!(server.mail_to(NEW).await.kind, "email_new");
    }
}

/// Red when locking leaves the link alone, so that unlocking brings it back.
async fn a_link_does_not_change_a_locked_account(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        ask(&mut person, NEW, "").await;
        let mail = asked(server, &person.person.email, NEW).await;
        for locked in [true, false] {
            let account = server.account(&person.person).await;
            let identity = server.identity();
            identity.set_locked(&account, locked).await.unwrap();
            assert_eq!(
                press(server, &person.person, &mail.token(), NEW)
                    .await
                    .status,
                410
            );
        }
        let account = server.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
    }
}

async fn the_page_keeps_its_address_to_itself(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        ask(&mut person, NEW, "").await;
        let mail = asked(server, &person.person.email, NEW).await;
        let page = server.visitor().open(&mail.link(&server.origin())).await;
        assert_eq!(page.headers["referrer-policy"], "strict-origin");
        assert_eq!(page.headers["cache-control"], "no-store");
        // In the form, and in the link to the same page in the other language; nowhere else.
        assert_eq!(page.html.matches(&mail.token()).count(), 2);
        assert!(
            !page.text().contains(&person.person.name),
            "the reader may be a stranger"
        );
    }
}

/// A request was let in while the address was still the old one, and the change was confirmed before
/// it wrote anything.
/// Red when a notice goes to the address that the account had when the request came in: whoever reads
/// that mailbox could pass it on, and its "this was not me" is dead.
async fn a_notice_goes_to_the_address_that_the_account_has_by_then(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let codes = person.enable_two_factor(server).await;
        let (identity, client) = (server.identity(), Client::default());
        let mut sessions = identity.store.sessions_of(&person.person.id).await.unwrap();
        let before = SignedIn {
            account: server.account(&person.person).await,
            session: sessions.remove(0),
        };
        ask_and_confirm(server, &mut person, NEW).await;
        let proof = identity
            .prove(&before, &codes[0], Client::none())
            .await
            .unwrap();
        let renewed = identity.renew_recovery_codes(&before, proof, &client);
        renewed.await.unwrap();
        let password = person.person.password.clone();
        let changed =
            identity.change_password(&before, &password, "eleven barges under it", &client);
        changed.await.unwrap();
        let mut kinds = Vec::new();
        for _ in 0..3 {
            let mail = server.mail_to(NEW).await;
            let (_, token) = mail.text.split_once("/not-me?token=").unwrap();
            let token = token.split_whitespace().next().unwrap();
            let way_out = identity.not_me_page(&before.account.realm, token).await;
            assert!(way_out.unwrap().is_some(), "{}", mail.kind);
            kinds.push(mail.kind);
        }
        kinds.sort();
        let all = [
            "password_changed",
            "recovery_code_used",
            "recovery_codes_made",
        ];
        assert_eq!(kinds, all);
    }
}

/// Red when the page speaks before its button as if it was pressed ("From now on you sign in with …"); when the address
/// is to be typed again afterwards, or stands in an address bar.
async fn the_page_says_what_will_happen_and_then_what_has(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        ask(&mut person, NEW, "").await;
        let mail = asked(server, &person.person.email, NEW).await;
        let path = person.own(paths::CONFIRM_EMAIL);
        let path = format!("{path}?token={}", mail.token());
        for (prefix, will) in [
            ("", "When you confirm, you start to sign in with"),
            ("/fr", "Après confirmation, vous vous connecterez avec"),
        ] {
            let page = server.visitor().open(&format!("{prefix}{path}")).await;
            let seen = page.text();
            assert!(seen.contains(&format!("{will} {NEW}.")), "{seen}");
        }
        let mut telephone = server.visitor().through(&person.person.door);
        let page = telephone.open(&path).await;
        for done in ["confirm_done", "confirm_sign_in"] {
            let done = text(Locale::En, "details", done);
            assert!(!page.text().contains(&done), "{done}");
        }
        let page = telephone.submit(page.form("/api/confirm_email")).await;
        assert_says(&page, "details", "confirm_sign_in");
        assert!(!page.text().contains("When you confirm"));
        assert_eq!(page.form("/api/sign_in").value("email"), Some(NEW));
        assert!(!page.url.contains("Address"), "{}", page.url);
        assert_eq!(
            server.mail_to(&person.person.email).await.kind,
            "email_changed"
        );
        assert_eq!(server.mail_to(NEW).await.kind, "email_new");
    }
}
