//! A thief who changed the address of an account: the first owner takes it back, whatever he did
//! afterwards, and nothing of his outlives that.

use crate::support::{
    TestServer, both,
    email::{ask, change, confirm, post_undo, told_of_undo, undo},
};
use domain::token::Purpose;
use http::Method;
use identity::token_hash;
use testkit::wire::Request;

both! {
    the_first_owner_has_the_last_word_over_a_chain,
    a_thief_cannot_use_up_the_owners_link,
    the_last_word_does_not_depend_on_clocks,
    what_the_thief_still_had_is_dead,
    a_second_factor_that_the_thief_set_up_goes_with_her,
    one_that_she_set_up_the_day_before_goes_too,
    an_older_factor_is_the_owners,
    a_notice_to_an_address_that_was_left_is_no_way_in,
}

const NEW: &str = "nine swans on the weir today";

/// Red when a change makes earlier undo links worthless, or when using one leaves later ones alive:
/// a thief would only have to change the address twice.
async fn the_first_owner_has_the_last_word_over_a_chain(server: &TestServer) {
    for mut thief in server.signed_in_people().await {
        let owner = thief.person.email.clone();
        let mail = change(server, &mut thief, "thief1@evil.example").await;
        let mut later = Vec::new();
        for number in 2..=4 {
            server.clock.advance_secs(60);
            let next = format!("thief{number}@evil.example");
            later.push(change(server, &mut thief, &next).await);
        }
        undo(server, &thief.person, &mail).await;
        assert_eq!(server.account(&thief.person).await.email, owner);
        assert!(!thief.is_in().await);
        told_of_undo(server, &owner, "thief4@evil.example").await;
        for mail in later {
            let page = post_undo(server, &thief.person, &mail.token()).await;
            assert_eq!(page.status, 410);
        }
        assert_eq!(server.account(&thief.person).await.email, owner);
    }
}

/// Red when an undo link makes every other one worthless, earlier ones too.
async fn a_thief_cannot_use_up_the_owners_link(server: &TestServer) {
    for mut thief in server.signed_in_people().await {
        let owner = thief.person.email.clone();
        let mail = change(server, &mut thief, "thief1@evil.example").await;
        let second = change(server, &mut thief, "thief2@evil.example").await;
        // The thief takes his own change back.
        undo(server, &thief.person, &second).await;
        told_of_undo(server, "thief1@evil.example", "thief2@evil.example").await;
        let account = server.account(&thief.person).await;
        assert_eq!(account.email, "thief1@evil.example");
        undo(server, &thief.person, &mail).await;
        told_of_undo(server, &owner, "thief1@evil.example").await;
        assert_eq!(server.account(&thief.person).await.email, owner);
    }
}

/// Two servers may disagree about the time. Red when links are ordered by the clock alone.
async fn the_last_word_does_not_depend_on_clocks(server: &TestServer) {
    let mut thief = server.manager().await;
    let owner = thief.person.email.clone();
    let mail = change(server, &mut thief, "thief1@evil.example").await;
    server.clock.set_back_secs(20);
    let second = change(server, &mut thief, "thief2@evil.example").await;
    undo(server, &thief.person, &mail).await;
    told_of_undo(server, &owner, "thief2@evil.example").await;
    assert_eq!(
        post_undo(server, &thief.person, &second.token())
            .await
            .status,
        410
    );
    assert_eq!(server.account(&thief.person).await.email, owner);
}

/// Red when a wish, a reset or a "this was not me" that the thief was mailed outlives the undo.
async fn what_the_thief_still_had_is_dead(server: &TestServer) {
    for mut thief in server.signed_in_people().await {
        let owner = thief.person.email.clone();
        let mail = change(server, &mut thief, "thief@evil.example").await;
        ask(&mut thief, "next@evil.example", "").await;
        let notice = server.mail_to("thief@evil.example").await;
        let request = server.mail_to("next@evil.example").await;
        undo(server, &thief.person, &mail).await;
        told_of_undo(server, &owner, "thief@evil.example").await;
        let token = request.token();
        let door = thief.person.door.tag();
        let fields = [
            ("token", token.as_str()),
            ("email", "next@evil.example"),
            ("door", door.as_str()),
            ("locale", "en"),
        ];
        let request = Request::new(Method::POST, "/api/confirm_email").with_form(&fields);
        assert_eq!(thief.travel(request).await.status, 410);
        let (_, not_me) = notice.text.split_once("/not-me?token=").unwrap();
        let secret = domain::token::Secret::present(&not_me[..43]).unwrap();
        let store = &server.identity().store;
        let found = store.token(Purpose::NotMe, &token_hash(&secret)).await;
        assert!(found.unwrap().is_none());
        assert_eq!(server.account(&thief.person).await.email, owner);
    }
}

/// Red when an undo leaves the factor: the owner would need the thief's telephone for ever.
async fn a_second_factor_that_the_thief_set_up_goes_with_her(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let mail = change(server, &mut person, "thief@evil.example").await;
        let phone = person.scan(server).await;
        person.confirm(&phone.code()).await;
        assert!(server.account(&person.person).await.second_factor);
        server.ignore_mail_to("thief@evil.example").await;
        undo(server, &person.person, &mail).await;
        assert!(!server.account(&person.person).await.second_factor);
        server.ignore_mail_to("thief@evil.example").await;
        let restored = server.mail_to(&person.person.email).await;
        assert_eq!(restored.kind, "email_restored");
        server.choose_new_password(&mut person.person, NEW).await;
        assert!(server.visitor().sign_in(&person.person).await.is_in().await);
    }
}

/// Red when an undo takes back only what came after the change: the notice of the factor can do nothing
/// any more, and a thief who waits for a day before the owner looks would keep his.
async fn one_that_she_set_up_the_day_before_goes_too(server: &TestServer) {
    for person in server.signed_in_people().await {
        // The clock has moved for the one before.
        let mut person = server.visitor().sign_in(&person.person).await;
        person.enable_two_factor(server).await;
        server.clock.advance_secs(23 * 3600);
        let mut thief = server.visitor().sign_in(&person.person).await;
        let mail = change(server, &mut thief, "thief@evil.example").await;
        server.clock.advance_secs(2 * 3600);
        undo(server, &person.person, &mail).await;
        assert!(!server.account(&person.person).await.second_factor);
        told_of_undo(server, &person.person.email, "thief@evil.example").await;
        person.person.phone = None;
        server.choose_new_password(&mut person.person, NEW).await;
        assert!(server.visitor().sign_in(&person.person).await.is_in().await);
    }
}

/// Red when every factor goes: whoever reads a mailbox that was given up would remove it.
async fn an_older_factor_is_the_owners(server: &TestServer) {
    for person in server.signed_in_people().await {
        // The clock has moved for the one before.
        let mut person = server.visitor().sign_in(&person.person).await;
        person.enable_two_factor(server).await;
        server.clock.advance_secs(24 * 3600);
        let mut person = server.visitor().sign_in(&person.person).await;
        let mail = change(server, &mut person, "new@home.example").await;
        undo(server, &person.person, &mail).await;
        assert!(server.account(&person.person).await.second_factor);
        told_of_undo(server, &person.person.email, "new@home.example").await;
    }
}

/// Red when a notice's token does not know where it went: "this was not me" would mail the way back
/// to whoever has the address now.
async fn a_notice_to_an_address_that_was_left_is_no_way_in(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let old = person.person.email.clone();
        let password = person.person.password.clone();
        ask(&mut person, "new@home.example", &password).await;
        let notice = server.mail_to(&old).await;
        assert_eq!(notice.kind, "email_asked");
        let link = notice
            .text
            .lines()
            .find(|line| line.contains("/not-me?"))
            .unwrap();
        let link = link
            .trim()
            .strip_prefix(&server.origin())
            .unwrap()
            .to_owned();
        assert_eq!(server.visitor().open(&link).await.status, 200);
        let confirm_mail = server.mail_to("new@home.example").await;
        confirm(server, &mut person, &confirm_mail).await;
        assert_eq!(server.visitor().open(&link).await.status, 410);
        let (_, token) = link.split_once("token=").unwrap();
        let door = person.person.door.tag();
        let fields = [("token", token), ("door", door.as_str()), ("locale", "en")];
        server.visitor().post("/api/say_not_me", &fields).await;
        assert!(server.account(&person.person).await.password_hash.is_some());
        server.ignore_mail_to("new@home.example").await;
        server.ignore_mail_to(&old).await;
    }
}
