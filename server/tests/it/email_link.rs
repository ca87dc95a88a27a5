//! Confirming a new address: from its own mailbox, once, and with an end to everything else.

use crate::support::{
    Town, all_at_once, both,
    email::{ask, ask_and_confirm, asked, confirm, everybody, press, token_of},
    words::{assert_refused, assert_says},
};
use app::routes::paths;
use contract::Problem;
use domain::{Email, Locale};
use http::Method;
use identity::{Client, SignedIn};
use testkit::wire::Request;

both! {
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
async fn looking_at_the_link_changes_nothing(town: &Town) {
    for mut person in everybody(town).await {
        ask(&mut person, NEW, "").await;
        let link = asked(town, &person.person.email, NEW)
            .await
            .link(&town.origin());
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let answer = town.visitor().exchange(Request::new(method, &link)).await;
            assert_eq!(answer.status, 200);
        }
        let account = town.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
    }
}

async fn the_link_works_once(town: &Town) {
    for mut person in everybody(town).await {
        let old = person.person.email.clone();
        let mail = ask_and_confirm(town, &mut person, NEW).await;
        let page = person.open(&mail.link(&town.origin())).await;
        assert_eq!(page.status, 410);
        let page = press(town, &person.person, &token_of(&mail), NEW).await;
        assert_eq!(page.status, 410);
        // Back and forth: an old link does not jump the queue.
        ask_and_confirm(town, &mut person, &old).await;
        press(town, &person.person, &token_of(&mail), NEW).await;
        assert_eq!(town.account(&person.person).await.email, old);
    }
}

/// Red when the token is looked up in one statement and consumed in another.
async fn the_link_works_once_also_at_once(town: &Town) {
    let mut manager = town.manager().await;
    ask(&mut manager, NEW, "").await;
    let mail = asked(town, &manager.person.email, NEW).await;
    let posts = (0..10).map(|_| {
        let (mut visitor, token) = (town.visitor(), token_of(&mail));
        async move {
            let fields = [("token", token.as_str()), ("email", NEW), ("locale", "en")];
            let answer = visitor.post("/api/confirm_email", &fields).await;
            answer.header("location") == paths::SIGN_IN
        }
    });
    let done = all_at_once(posts).await;
    assert_eq!(done.iter().filter(|won| **won).count(), 1);
    // One mail to each side: the story ends with an empty mailbox.
    assert_eq!(
        town.mail_to(&manager.person.email).await.kind,
        "email_changed"
    );
    assert_eq!(town.mail_to(NEW).await.kind, "email_new");
}

async fn the_link_lives_for_a_day(town: &Town) {
    for person in everybody(town).await {
        // The clock has moved for the one before.
        let mut person = town.visitor().sign_in(&person.person).await;
        ask(&mut person, NEW, "").await;
        let mail = asked(town, &person.person.email, NEW).await;
        town.clock.advance_secs(24 * 3600);
        let mut visitor = town.visitor().through(&person.person.door);
        assert_eq!(visitor.open(&mail.link(&town.origin())).await.status, 410);
        press(town, &person.person, &token_of(&mail), NEW).await;
        let account = town.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
    }
}

/// Red when a wish leaves the links of earlier ones alone (Devise CVE-2026-32700): the thief of a
/// session could keep a link for later.
async fn a_newer_wish_replaces_the_link(town: &Town) {
    for mut person in everybody(town).await {
        ask(&mut person, "first@home.example", "").await;
        let old = person.person.email.clone();
        let first = asked(town, &old, "first@home.example").await;
        ask(&mut person, NEW, "").await;
        let second = asked(town, &old, NEW).await;
        let page = press(
            town,
            &person.person,
            &token_of(&first),
            "first@home.example",
        )
        .await;
        assert_eq!(page.status, 410);
        confirm(town, &mut person, &second).await;
        assert_eq!(town.mail_to(&old).await.kind, "email_changed");
        assert_eq!(town.mail_to(NEW).await.kind, "email_new");
    }
}

async fn a_withdrawn_wish_is_dead(town: &Town) {
    for mut person in everybody(town).await {
        let page = ask(&mut person, NEW, "").await;
        let mail = asked(town, &person.person.email, NEW).await;
        let page = person.submit(page.form("/api/withdraw_email")).await;
        assert_says(&page, "details", "withdrawn");
        assert!(!page.text().contains(NEW));
        assert_eq!(
            press(town, &person.person, &token_of(&mail), NEW)
                .await
                .status,
            410
        );
    }
}

/// Red when the address comes from the form, or from a column beside the token (Devise
/// CVE-2026-32700, Zitadel CVE-2026-27946).
async fn the_address_that_is_applied_is_the_one_in_the_link(town: &Town) {
    for mut person in everybody(town).await {
        ask(&mut person, NEW, "").await;
        let mail = asked(town, &person.person.email, NEW).await;
        for other in ["victim@home.example", "new.address@home.example", ""] {
            let page = press(town, &person.person, &token_of(&mail), other).await;
            assert_refused(&page, &Problem::DeadLink);
        }
        let account = town.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
        // A refusal uses nothing up.
        confirm(town, &mut person, &mail).await;
        assert_eq!(
            town.mail_to(&person.person.email).await.kind,
            "email_changed"
        );
        assert_eq!(town.mail_to(NEW).await.kind, "email_new");
    }
}

/// Red when tokens are looked up without their kind (better-auth CVE-2026-114607).
async fn nothing_else_confirms_an_address(town: &Town) {
    let (invited, setup) = town.invited(Locale::En, None).await;
    for mut person in everybody(town).await {
        ask(&mut person, NEW, "").await;
        let notice = town.mail_to(&person.person.email).await;
        let mail = town.mail_to(NEW).await;
        let (_, not_me) = notice.text.split_once("/not-me?token=").unwrap();
        let session = person.jar.names().into_iter().find(|name| *name != "flash");
        let session = person.jar.get(session.unwrap()).unwrap().to_owned();
        let confirming = token_of(&mail);
        for token in [
            &setup[setup.len() - 43..],
            &not_me[..43],
            session.as_str(),
            "",
            "x",
        ] {
            assert_eq!(
                press(town, &person.person, token, NEW).await.status,
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
    assert_eq!(town.account(&invited).await.email, invited.email);
}

/// Red when the account of a link is not compared with the door.
async fn a_link_is_for_its_own_door(town: &Town) {
    town.platform("montclair").await;
    for mut person in everybody(town).await {
        ask(&mut person, NEW, "").await;
        let mail = asked(town, &person.person.email, NEW).await;
        for door in ["", "bellerive/quay", "montclair/quay"] {
            if door == person.person.door.tag() {
                continue;
            }
            let token = token_of(&mail);
            let fields = [
                ("token", token.as_str()),
                ("email", NEW),
                ("door", door),
                ("locale", "en"),
            ];
            let request = Request::new(Method::POST, "/api/confirm_email").with_form(&fields);
            assert_eq!(town.visitor().travel(request).await.status, 410, "{door}");
        }
        let account = town.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
    }
}

async fn an_address_that_was_taken_meanwhile_cannot_be_used(town: &Town) {
    for (number, mut person) in everybody(town).await.into_iter().enumerate() {
        let wanted = format!("wanted{number}@home.example");
        ask(&mut person, &wanted, "").await;
        let mail = asked(town, &person.person.email, &wanted).await;
        let other = if person.person.door.is_back_office() {
            town.manager().await.person
        } else {
            town.participant("bellerive").await
        };
        let mut tx = town.identity().store.begin().await.unwrap();
        let email = Email::parse(&wanted).unwrap();
        let now = town.identity().clock.now();
        tx.set_email(&other.id, &email, now).await.unwrap();
        tx.commit().await.unwrap();
        let page = confirm(town, &mut person, &mail).await;
        assert_refused(&page, &Problem::AddressUnusable);
        let account = town.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
        assert!(person.is_in().await, "nothing happened");
    }
}

/// Red when nothing in the database keeps an address unique.
async fn of_two_who_want_one_address_one_gets_it(town: &Town) {
    let mut links = Vec::new();
    let mut people = Vec::new();
    for _ in 0..2 {
        let person = town.participant("bellerive").await;
        let mut participant = town.visitor().sign_in(&person).await;
        ask(&mut participant, NEW, "").await;
        links.push(token_of(&asked(town, &person.email, NEW).await));
        people.push(person);
        // One wish an hour for one address.
        town.clock.advance_secs(3600);
    }
    let door = people[0].door.tag();
    let posts = links.into_iter().map(|token| {
        let (mut visitor, door) = (town.visitor(), door.clone());
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
    assert_eq!(town.account(&people[winner]).await.email, NEW);
    assert_eq!(
        town.mail_to(&people[winner].email).await.kind,
        "email_changed"
    );
    assert_eq!(town.mail_to(NEW).await.kind, "email_new");
}

/// Red when sessions outlive the change (django-allauth CVE-2025-65430).
async fn the_other_sessions_end_and_begun_sign_ins_too(town: &Town) {
    for person in [
        town.secured().await,
        town.secure(town.participant("bellerive").await).await,
    ] {
        let mut here = town.visitor().sign_in(&person).await;
        town.clock.advance_secs(30);
        let mut elsewhere = town.visitor().sign_in(&person).await;
        let mut half = town.visitor();
        half.begin(&person).await;
        ask_and_confirm(town, &mut here, NEW).await;
        assert!(here.is_in().await && !elsewhere.is_in().await);
        town.clock.advance_secs(30);
        let request = Request::new(Method::POST, "/api/give_code");
        let door = person.door.tag();
        let fields = [
            ("code", person.code()),
            ("door", door),
            ("locale", "en".to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let page = half.travel(request.with_form(&fields)).await;
        assert_refused(&page, &Problem::SignInExpired);
    }
}

async fn on_a_telephone_without_a_session_everybody_is_signed_out(town: &Town) {
    for mut person in everybody(town).await {
        ask(&mut person, NEW, "").await;
        let mail = asked(town, &person.person.email, NEW).await;
        // Somebody else is signed in on that telephone.
        let stranger = if person.person.door.is_back_office() {
            town.person().await
        } else {
            town.participant("bellerive").await
        };
        let mut telephone = town.visitor().sign_in(&stranger).await;
        confirm(town, &mut telephone, &mail).await;
        assert!(telephone.is_in().await && !person.is_in().await);
        assert_eq!(town.account(&person.person).await.email, NEW);
        assert_eq!(town.account(&stranger).await.email, stranger.email);
        assert_eq!(
            town.mail_to(&person.person.email).await.kind,
            "email_changed"
        );
        assert_eq!(town.mail_to(NEW).await.kind, "email_new");
    }
}

/// Red when locking leaves the link alone, so that unlocking brings it back.
async fn a_link_does_not_change_a_locked_account(town: &Town) {
    for mut person in everybody(town).await {
        ask(&mut person, NEW, "").await;
        let mail = asked(town, &person.person.email, NEW).await;
        for locked in [true, false] {
            let account = town.account(&person.person).await;
            let identity = town.identity();
            identity.set_locked(&account, locked).await.unwrap();
            assert_eq!(
                press(town, &person.person, &token_of(&mail), NEW)
                    .await
                    .status,
                410
            );
        }
        let account = town.account(&person.person).await;
        assert_eq!(account.email, person.person.email);
    }
}

async fn the_page_keeps_its_address_to_itself(town: &Town) {
    for mut person in everybody(town).await {
        ask(&mut person, NEW, "").await;
        let mail = asked(town, &person.person.email, NEW).await;
        let page = town.visitor().open(&mail.link(&town.origin())).await;
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        assert_eq!(page.headers["cache-control"], "no-store");
        // In the form, and in the link to the same page in the other language; nowhere else.
        assert_eq!(page.html.matches(&token_of(&mail)).count(), 2);
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
async fn a_notice_goes_to_the_address_that_the_account_has_by_then(town: &Town) {
    for mut person in everybody(town).await {
        let codes = person.enable_two_factor(town).await;
        let (identity, client) = (town.identity(), Client::default());
        let mut sessions = identity.store.sessions_of(&person.person.id).await.unwrap();
        let before = SignedIn {
            account: town.account(&person.person).await,
            session: sessions.remove(0),
        };
        ask_and_confirm(town, &mut person, NEW).await;
        let proof = identity.prove(&before, &codes[0]).await.unwrap();
        let renewed = identity.renew_recovery_codes(&before, proof, &client);
        renewed.await.unwrap();
        let password = person.person.password.clone();
        let changed =
            identity.change_password(&before, &password, "eleven barges under it", &client);
        changed.await.unwrap();
        let mut kinds = Vec::new();
        for _ in 0..3 {
            let mail = town.mail_to(NEW).await;
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
