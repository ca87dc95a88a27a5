//! A change of address can be taken back from the address that it replaced, for a day, and no later
//! change takes that away.

use crate::support::{
    Mail, Manager, Person, Town, all_at_once, both,
    email::{ask, ask_and_confirm, asked, confirm, everybody, token_of, undo},
    words::{assert_refused, assert_says, language, text},
};
use app::routes::paths;
use contract::Problem;
use domain::token::Purpose;
use http::Method;
use identity::{Error, NewAccount, NewParticipant, token_hash};
use serde_json::{Value, json};
use testkit::{Page, wire::Request};

both! {
    a_change_is_taken_back_from_the_old_mailbox,
    looking_at_the_link_changes_nothing,
    the_link_works_once,
    the_link_works_once_also_at_once,
    the_link_lives_for_a_day,
    the_first_owner_has_the_last_word_over_a_chain,
    a_thief_cannot_use_up_the_owners_link,
    the_last_word_does_not_depend_on_clocks,
    what_the_thief_still_had_is_dead,
    the_address_is_kept_for_its_owner,
    after_a_day_the_address_is_free,
    a_link_does_not_open_a_locked_account,
    nothing_else_takes_a_change_back,
    a_link_is_for_its_own_door,
    a_second_factor_that_the_thief_set_up_goes_with_her,
    one_that_she_set_up_the_day_before_goes_too,
    an_older_factor_is_the_owners,
    a_notice_to_an_address_that_was_left_is_no_way_in,
}

const NEW: &str = "nine swans on the weir today";

/// Changes the address and gives the mail that went to the old one.
async fn change(town: &Town, person: &mut Manager, new: &str) -> Mail {
    let old = town.account(&person.person).await.email;
    let password = person.person.password.clone();
    ask(person, new, &password).await;
    let mail = asked(town, &old, new).await;
    confirm(town, person, &mail).await;
    assert_eq!(town.account(&person.person).await.email, new);
    assert_eq!(town.mail_to(new).await.kind, "email_new");
    let left = town.mail_to(&old).await;
    assert_eq!(left.kind, "email_changed");
    left
}

/// Reads the mails of a change that was taken back.
async fn told(town: &Town, restored: &str, lost: &str) {
    assert_eq!(town.mail_to(restored).await.kind, "email_restored");
    let mail = town.mail_to(lost).await;
    assert_eq!(mail.kind, "email_lost");
    assert!(!mail.text.contains("token="), "a thief gets no way out");
}

/// Posts the form without its page.
async fn post(town: &Town, person: &Person, token: &str) -> Page {
    let door = person.door.tag();
    let fields = [("token", token), ("door", door.as_str()), ("locale", "en")];
    let request = Request::new(Method::POST, "/api/undo_email").with_form(&fields);
    town.visitor().travel(request).await
}

async fn a_change_is_taken_back_from_the_old_mailbox(town: &Town) {
    for mut person in everybody(town).await {
        let old = person.person.email.clone();
        let mut elsewhere = town.visitor().sign_in(&person.person).await;
        let mail = change(town, &mut person, "thief@evil.example").await;
        assert!(!elsewhere.is_in().await);
        let page = undo(town, &person.person, &mail).await;
        assert_says(&page, "details", "undone_lead");
        assert_says(&page, "details", "undone_password");
        // What is next is to choose a new password, at the same door.
        let next = text(language(&page), "details", "undone_link");
        let link = page.link(&next).unwrap();
        assert!(link.ends_with(paths::FORGOT_PASSWORD), "{link}");
        let account = town.account(&person.person).await;
        assert_eq!(account.email, old);
        assert_eq!(
            account.email_confirmed_at,
            Some(town.identity().clock.now())
        );
        assert!(!person.is_in().await, "everybody is signed out");
        told(town, &old, "thief@evil.example").await;
        // Whoever made the change may know the password: it opens nothing any more.
        let mut thief = town.visitor().through(&person.person.door);
        let page = thief.give_password(&old, &person.person.password).await;
        assert_says(&page, "errors", "bad_credentials");
        town.choose_new_password(&mut person.person, NEW).await;
        town.visitor().sign_in(&person.person).await;
        let store = &town.identity().store;
        let lines = store.activity(&account.id, 99).await.unwrap();
        let undone = lines.iter().find(|line| line.kind == "email_change_undone");
        let details: Value = serde_json::from_str(&undone.unwrap().details).unwrap();
        let change = json!({ "field": "email", "old": "thief@evil.example", "new": old });
        assert_eq!(details, change);
    }
}

/// Red when opening the page takes the change back: mail scanners open links.
async fn looking_at_the_link_changes_nothing(town: &Town) {
    for mut person in everybody(town).await {
        let mail = change(town, &mut person, "new@home.example").await;
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let request = Request::new(method, &mail.link(&town.origin()));
            let answer = town.visitor().exchange(request).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
        }
        assert_eq!(town.account(&person.person).await.email, "new@home.example");
    }
}

async fn the_link_works_once(town: &Town) {
    for mut person in everybody(town).await {
        let old = person.person.email.clone();
        let mail = change(town, &mut person, "new@home.example").await;
        undo(town, &person.person, &mail).await;
        told(town, &old, "new@home.example").await;
        town.choose_new_password(&mut person.person, NEW).await;
        let mut person = town.visitor().sign_in(&person.person).await;
        change(town, &mut person, "newer@home.example").await;
        let page = post(town, &person.person, &token_of(&mail)).await;
        assert_eq!(page.status, 410);
        assert_says(&page, "details", "undo_dead");
        assert_eq!(
            town.account(&person.person).await.email,
            "newer@home.example"
        );
    }
}

/// Red when the token is looked up in one statement and consumed in another.
async fn the_link_works_once_also_at_once(town: &Town) {
    let mut manager = town.manager().await;
    let mail = change(town, &mut manager, "new@home.example").await;
    let posts = (0..10).map(|_| {
        let (mut visitor, token) = (town.visitor(), token_of(&mail));
        async move {
            let fields = [("token", token.as_str()), ("locale", "en")];
            let answer = visitor.post("/api/undo_email", &fields).await;
            answer.header("location") == paths::UNDO_EMAIL
        }
    });
    let done = all_at_once(posts).await;
    assert_eq!(done.iter().filter(|won| **won).count(), 1);
    told(town, &manager.person.email, "new@home.example").await;
}

async fn the_link_lives_for_a_day(town: &Town) {
    for person in everybody(town).await {
        // The clock has moved for the one before.
        let mut person = town.visitor().sign_in(&person.person).await;
        let mail = change(town, &mut person, "new@home.example").await;
        let link = mail.link(&town.origin());
        town.clock.advance_secs(24 * 3600 - 1);
        assert_eq!(town.visitor().open(&link).await.status, 200);
        town.clock.advance_secs(1);
        assert_eq!(town.visitor().open(&link).await.status, 410);
        assert_eq!(
            post(town, &person.person, &token_of(&mail)).await.status,
            410
        );
        assert_eq!(town.account(&person.person).await.email, "new@home.example");
    }
}

/// Red when a change makes earlier undo links worthless, or when using one leaves later ones alive:
/// a thief would only have to change the address twice.
async fn the_first_owner_has_the_last_word_over_a_chain(town: &Town) {
    for mut thief in everybody(town).await {
        let owner = thief.person.email.clone();
        let mail = change(town, &mut thief, "thief1@evil.example").await;
        let mut later = Vec::new();
        for number in 2..=4 {
            town.clock.advance_secs(60);
            let next = format!("thief{number}@evil.example");
            later.push(change(town, &mut thief, &next).await);
        }
        undo(town, &thief.person, &mail).await;
        assert_eq!(town.account(&thief.person).await.email, owner);
        assert!(!thief.is_in().await);
        told(town, &owner, "thief4@evil.example").await;
        for mail in later {
            let page = post(town, &thief.person, &token_of(&mail)).await;
            assert_eq!(page.status, 410);
        }
        assert_eq!(town.account(&thief.person).await.email, owner);
    }
}

/// Red when an undo link makes every other one worthless, earlier ones too.
async fn a_thief_cannot_use_up_the_owners_link(town: &Town) {
    for mut thief in everybody(town).await {
        let owner = thief.person.email.clone();
        let mail = change(town, &mut thief, "thief1@evil.example").await;
        let second = change(town, &mut thief, "thief2@evil.example").await;
        // The thief takes his own change back.
        undo(town, &thief.person, &second).await;
        told(town, "thief1@evil.example", "thief2@evil.example").await;
        let account = town.account(&thief.person).await;
        assert_eq!(account.email, "thief1@evil.example");
        undo(town, &thief.person, &mail).await;
        told(town, &owner, "thief1@evil.example").await;
        assert_eq!(town.account(&thief.person).await.email, owner);
    }
}

/// Two servers may disagree about the time. Red when links are ordered by the clock alone.
async fn the_last_word_does_not_depend_on_clocks(town: &Town) {
    let mut thief = town.manager().await;
    let owner = thief.person.email.clone();
    let mail = change(town, &mut thief, "thief1@evil.example").await;
    town.clock.set_back_secs(20);
    let second = change(town, &mut thief, "thief2@evil.example").await;
    undo(town, &thief.person, &mail).await;
    told(town, &owner, "thief2@evil.example").await;
    assert_eq!(
        post(town, &thief.person, &token_of(&second)).await.status,
        410
    );
    assert_eq!(town.account(&thief.person).await.email, owner);
}

/// Red when a wish, a reset or a "this was not me" that the thief was mailed outlives the undo.
async fn what_the_thief_still_had_is_dead(town: &Town) {
    for mut thief in everybody(town).await {
        let owner = thief.person.email.clone();
        let mail = change(town, &mut thief, "thief@evil.example").await;
        ask(&mut thief, "next@evil.example", "").await;
        let notice = town.mail_to("thief@evil.example").await;
        let wish = town.mail_to("next@evil.example").await;
        undo(town, &thief.person, &mail).await;
        told(town, &owner, "thief@evil.example").await;
        let token = token_of(&wish);
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
        let store = &town.identity().store;
        let found = store.token(Purpose::NotMe, &token_hash(&secret)).await;
        assert!(found.unwrap().is_none());
        assert_eq!(town.account(&thief.person).await.email, owner);
    }
}

/// Red when an address is free as soon as it was left: whoever opens an account with it, or moves
/// another one there, would stand in the way of its owner.
async fn the_address_is_kept_for_its_owner(town: &Town) {
    for mut thief in everybody(town).await {
        let owner = thief.person.email.clone();
        let mail = change(town, &mut thief, "thief@evil.example").await;
        assert!(matches!(
            open_account(town, &thief.person, &owner).await,
            Err(Error::Taken)
        ));
        let accomplice = if thief.person.door.is_back_office() {
            town.person().await
        } else {
            town.participant("bellerive").await
        };
        let mut accomplice = town.visitor().sign_in(&accomplice).await;
        ask(&mut accomplice, &owner.to_uppercase(), "").await;
        let link = asked(town, &accomplice.person.email, &owner.to_uppercase()).await;
        let page = accomplice.open(&link.link(&town.origin())).await;
        let page = accomplice.submit(page.form("/api/confirm_email")).await;
        assert_refused(&page, &Problem::AddressUnusable);
        undo(town, &thief.person, &mail).await;
        told(town, &owner, "thief@evil.example").await;
        assert_eq!(town.account(&thief.person).await.email, owner);
    }
}

/// Opens an account of the same realm with this address.
async fn open_account(town: &Town, like: &Person, email: &str) -> identity::Result<()> {
    let email = domain::Email::parse(email).unwrap();
    let name = domain::DisplayName::parse("Somebody Else").unwrap();
    let locale = domain::Locale::En;
    let realm = town.account(like).await.realm;
    let identity = town.identity();
    if let domain::Realm::Organisation(organisation) = realm {
        let password = "herons walk at dawn";
        let confirmed = false;
        let new = NewParticipant {
            organisation,
            email,
            name,
            locale,
            password,
            confirmed,
        };
        return identity.plant_participant(new).await.map(drop);
    }
    let (membership, platform_role) = (None, None);
    let new = NewAccount {
        email,
        name,
        locale,
        membership,
        platform_role,
    };
    identity.create_account(new).await.map(drop)
}

async fn after_a_day_the_address_is_free(town: &Town) {
    for person in everybody(town).await {
        // The clock has moved for the one before.
        let mut person = town.visitor().sign_in(&person.person).await;
        let old = person.person.email.clone();
        change(town, &mut person, "new@home.example").await;
        town.clock.advance_secs(24 * 3600);
        open_account(town, &person.person, &old).await.unwrap();
        if person.person.door.is_back_office() {
            assert_eq!(town.mail_to(&old).await.kind, "account_setup");
        }
    }
}

async fn a_link_does_not_open_a_locked_account(town: &Town) {
    for mut person in everybody(town).await {
        let mail = change(town, &mut person, "new@home.example").await;
        let account = town.account(&person.person).await;
        town.identity().set_locked(&account, true).await.unwrap();
        assert_eq!(
            post(town, &person.person, &token_of(&mail)).await.status,
            410
        );
        assert_eq!(town.account(&person.person).await.email, "new@home.example");
    }
}

/// Red when tokens are looked up without their kind (better-auth CVE-2026-114607).
async fn nothing_else_takes_a_change_back(town: &Town) {
    let (_, setup) = town.invited(domain::Locale::En, None).await;
    for mut person in everybody(town).await {
        let used = ask_and_confirm(town, &mut person, "new@home.example").await;
        ask(&mut person, "newer@home.example", "").await;
        let wish = asked(town, "new@home.example", "newer@home.example").await;
        let session = person.jar.names().into_iter().find(|name| *name != "flash");
        let session = person.jar.get(session.unwrap()).unwrap().to_owned();
        for token in [
            token_of(&used),
            token_of(&wish),
            setup[setup.len() - 43..].to_owned(),
            session,
            String::new(),
        ] {
            let page = post(town, &person.person, &token).await;
            assert_eq!(page.status, 410, "{token}");
        }
        assert_eq!(town.account(&person.person).await.email, "new@home.example");
    }
}

/// Red when the account of a link is not compared with the door.
async fn a_link_is_for_its_own_door(town: &Town) {
    town.platform("montclair").await;
    for mut person in everybody(town).await {
        let mail = change(town, &mut person, "new@home.example").await;
        for door in ["", "bellerive/quay", "montclair/quay"] {
            if door != person.person.door.tag() {
                let token = token_of(&mail);
                let fields = [("token", token.as_str()), ("door", door), ("locale", "en")];
                let request = Request::new(Method::POST, "/api/undo_email").with_form(&fields);
                assert_eq!(town.visitor().travel(request).await.status, 410, "{door}");
            }
        }
        assert_eq!(town.account(&person.person).await.email, "new@home.example");
    }
}

/// Red when an undo leaves the factor: the owner would need the thief's telephone for ever.
async fn a_second_factor_that_the_thief_set_up_goes_with_her(town: &Town) {
    for mut person in everybody(town).await {
        let mail = change(town, &mut person, "thief@evil.example").await;
        let phone = person.scan(town).await;
        person.confirm(&phone.code()).await;
        assert!(town.account(&person.person).await.second_factor);
        town.ignore_mail_to("thief@evil.example").await;
        undo(town, &person.person, &mail).await;
        assert!(!town.account(&person.person).await.second_factor);
        town.ignore_mail_to("thief@evil.example").await;
        let restored = town.mail_to(&person.person.email).await;
        assert_eq!(restored.kind, "email_restored");
        town.choose_new_password(&mut person.person, NEW).await;
        assert!(town.visitor().sign_in(&person.person).await.is_in().await);
    }
}

/// Red when an undo takes back only what came after the change: the notice of the factor can do nothing
/// any more, and a thief who waits for a day before the owner looks would keep his.
async fn one_that_she_set_up_the_day_before_goes_too(town: &Town) {
    for person in everybody(town).await {
        // The clock has moved for the one before.
        let mut person = town.visitor().sign_in(&person.person).await;
        person.enable_two_factor(town).await;
        town.clock.advance_secs(23 * 3600);
        let mut thief = town.visitor().sign_in(&person.person).await;
        let mail = change(town, &mut thief, "thief@evil.example").await;
        town.clock.advance_secs(2 * 3600);
        undo(town, &person.person, &mail).await;
        assert!(!town.account(&person.person).await.second_factor);
        told(town, &person.person.email, "thief@evil.example").await;
        person.person.phone = None;
        town.choose_new_password(&mut person.person, NEW).await;
        assert!(town.visitor().sign_in(&person.person).await.is_in().await);
    }
}

/// Red when every factor goes: whoever reads a mailbox that was given up would remove it.
async fn an_older_factor_is_the_owners(town: &Town) {
    for person in everybody(town).await {
        // The clock has moved for the one before.
        let mut person = town.visitor().sign_in(&person.person).await;
        person.enable_two_factor(town).await;
        town.clock.advance_secs(24 * 3600);
        let mut person = town.visitor().sign_in(&person.person).await;
        let mail = change(town, &mut person, "new@home.example").await;
        undo(town, &person.person, &mail).await;
        assert!(town.account(&person.person).await.second_factor);
        told(town, &person.person.email, "new@home.example").await;
    }
}

/// Red when a notice's token does not know where it went: "this was not me" would mail the way back
/// to whoever has the address now.
async fn a_notice_to_an_address_that_was_left_is_no_way_in(town: &Town) {
    for mut person in everybody(town).await {
        let old = person.person.email.clone();
        let password = person.person.password.clone();
        ask(&mut person, "new@home.example", &password).await;
        let notice = town.mail_to(&old).await;
        assert_eq!(notice.kind, "email_asked");
        let link = notice
            .text
            .lines()
            .find(|line| line.contains("/not-me?"))
            .unwrap();
        let link = link.trim().strip_prefix(&town.origin()).unwrap().to_owned();
        assert_eq!(town.visitor().open(&link).await.status, 200);
        let confirm_mail = town.mail_to("new@home.example").await;
        confirm(town, &mut person, &confirm_mail).await;
        assert_eq!(town.visitor().open(&link).await.status, 410);
        let (_, token) = link.split_once("token=").unwrap();
        let door = person.person.door.tag();
        let fields = [("token", token), ("door", door.as_str()), ("locale", "en")];
        town.visitor().post("/api/say_not_me", &fields).await;
        assert!(town.account(&person.person).await.password_hash.is_some());
        town.ignore_mail_to("new@home.example").await;
        town.ignore_mail_to(&old).await;
    }
}
