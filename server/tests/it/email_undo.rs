//! A change of address can be taken back from the address that it replaced: by a link that works once,
//! for a week, at its own door.

use crate::support::{
    TestServer, all_at_once, both,
    email::{ask, ask_and_confirm, asked, change, post_undo, told_of_undo, undo},
    words::assert_says,
};
use app::paths;
use http::Method;
use serde_json::{Value, json};
use testkit::wire::Request;

both! {
    a_change_is_taken_back_from_the_old_mailbox,
    the_page_says_what_will_happen_and_then_what_has,
    looking_at_the_link_changes_nothing,
    the_link_works_once,
    the_link_works_once_also_at_once,
    the_link_lives_for_a_week,
    a_link_does_not_open_a_locked_account,
    nothing_else_takes_a_change_back,
    a_link_is_for_its_own_door,
}

const NEW: &str = "nine swans on the weir today";

async fn a_change_is_taken_back_from_the_old_mailbox(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let old = person.person.email.clone();
        let mut elsewhere = server.visitor().sign_in(&person.person).await;
        let mail = change(server, &mut person, "thief@evil.example").await;
        assert!(!elsewhere.is_in().await);
        let page = undo(server, &person.person, &mail).await;
        assert_says(&page, "details", "undone_password");
        assert!(
            page.text()
                .contains(&format!("You sign in with {old} again."))
        );
        // What is next is to choose a new password, at the same door, without typing the address again.
        let form = page.form("/api/forgot_password");
        assert_eq!(form.value("email"), Some(old.as_str()));
        let account = server.account(&person.person).await;
        assert_eq!(account.email, old);
        assert_eq!(
            account.email_confirmed_at,
            Some(server.identity().clock.now())
        );
        assert!(!person.is_in().await, "everybody is signed out");
        told_of_undo(server, &old, "thief@evil.example").await;
        // Whoever made the change may know the password: it opens nothing any more.
        let mut thief = server.visitor().through(&person.person.door);
        let page = thief.give_password(&old, &person.person.password).await;
        assert_says(&page, "errors", "bad_credentials");
        server.choose_new_password(&mut person.person, NEW).await;
        server.visitor().sign_in(&person.person).await;
        let lines = server.log_of(&account.id).await;
        let undone = lines.iter().find(|line| line.kind == "email_change_undone");
        let details: Value = serde_json::from_str(&undone.unwrap().details).unwrap();
        let change = json!({ "field": "email", "old": "thief@evil.example", "new": old });
        assert_eq!(details, change);
    }
}

/// Red when opening the page takes the change back: mail scanners open links.
async fn looking_at_the_link_changes_nothing(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let mail = change(server, &mut person, "new@home.example").await;
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let request = Request::new(method, &mail.link(&server.origin()));
            let answer = server.visitor().exchange(request).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("referrer-policy"), "strict-origin");
        }
        assert_eq!(
            server.account(&person.person).await.email,
            "new@home.example"
        );
    }
}

async fn the_link_works_once(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let old = person.person.email.clone();
        let mail = change(server, &mut person, "new@home.example").await;
        undo(server, &person.person, &mail).await;
        told_of_undo(server, &old, "new@home.example").await;
        server.choose_new_password(&mut person.person, NEW).await;
        let mut person = server.visitor().sign_in(&person.person).await;
        change(server, &mut person, "newer@home.example").await;
        let page = post_undo(server, &person.person, &mail.token()).await;
        assert_eq!(page.status, 410);
        assert_says(&page, "details", "undo_dead");
        assert_eq!(
            server.account(&person.person).await.email,
            "newer@home.example"
        );
    }
}

/// Red when the token is looked up in one statement and consumed in another.
async fn the_link_works_once_also_at_once(server: &TestServer) {
    let mut manager = server.manager().await;
    let mail = change(server, &mut manager, "new@home.example").await;
    let posts = (0..10).map(|_| {
        let (mut visitor, token) = (server.visitor(), mail.token());
        async move {
            let fields = [("token", token.as_str()), ("locale", "en")];
            let answer = visitor.post("/api/undo_email", &fields).await;
            answer.header("location") == paths::UNDO_EMAIL
        }
    });
    let done = all_at_once(posts).await;
    assert_eq!(done.iter().filter(|won| **won).count(), 1);
    told_of_undo(server, &manager.person.email, "new@home.example").await;
}

async fn the_link_lives_for_a_week(server: &TestServer) {
    for person in server.signed_in_people().await {
        // The clock has moved for the one before.
        let mut person = server.visitor().sign_in(&person.person).await;
        let mail = change(server, &mut person, "new@home.example").await;
        let link = mail.link(&server.origin());
        server.clock.advance_secs(7 * 24 * 3600 - 1);
        assert_eq!(server.visitor().open(&link).await.status, 200);
        server.clock.advance_secs(1);
        assert_eq!(server.visitor().open(&link).await.status, 410);
        assert_eq!(
            post_undo(server, &person.person, &mail.token())
                .await
                .status,
            410
        );
        assert_eq!(
            server.account(&person.person).await.email,
            "new@home.example"
        );
    }
}

async fn a_link_does_not_open_a_locked_account(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let mail = change(server, &mut person, "new@home.example").await;
        let account = server.account(&person.person).await;
        server.identity().set_locked(&account, true).await.unwrap();
        assert_eq!(
            post_undo(server, &person.person, &mail.token())
                .await
                .status,
            410
        );
        assert_eq!(
            server.account(&person.person).await.email,
            "new@home.example"
        );
    }
}

/// Red when tokens are looked up without their kind (better-auth CVE-2026-114607).
async fn nothing_else_takes_a_change_back(server: &TestServer) {
    let (_, setup) = server.invited(domain::Locale::En, None).await;
    for mut person in server.signed_in_people().await {
        let used = ask_and_confirm(server, &mut person, "new@home.example").await;
        ask(&mut person, "newer@home.example", "").await;
        let request = asked(server, "new@home.example", "newer@home.example").await;
        let session = person
            .jar
            .names()
            .into_iter()
            .find(|name| !name.starts_with("flash"));
        let session = person.jar.get(session.unwrap()).unwrap().to_owned();
        for token in [
            used.token(),
            request.token(),
            setup[setup.len() - 43..].to_owned(),
            session,
            String::new(),
        ] {
            let page = post_undo(server, &person.person, &token).await;
            assert_eq!(page.status, 410, "{token}");
        }
        assert_eq!(
            server.account(&person.person).await.email,
            "new@home.example"
        );
    }
}

/// Red when the account of a link is not compared with the door.
async fn a_link_is_for_its_own_door(server: &TestServer) {
    server.platform("montclair").await;
    for mut person in server.signed_in_people().await {
        let mail = change(server, &mut person, "new@home.example").await;
        for door in ["", "bellerive/quay", "montclair/quay"] {
            if door != person.person.door.tag() {
                let token = mail.token();
                let fields = [("token", token.as_str()), ("door", door), ("locale", "en")];
                let request = Request::new(Method::POST, "/api/undo_email").with_form(&fields);
                assert_eq!(server.visitor().travel(request).await.status, 410, "{door}");
            }
        }
        assert_eq!(
            server.account(&person.person).await.email,
            "new@home.example"
        );
    }
}

/// Red when the page speaks before its button as if it was pressed: "From now on you sign in with …".
async fn the_page_says_what_will_happen_and_then_what_has(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let old = person.person.email.clone();
        let mail = change(server, &mut person, "new@home.example").await;
        let path = person.own(paths::UNDO_EMAIL);
        let path = format!("{path}?token={}", mail.token());
        for (prefix, will, password) in [
            (
                "",
                format!("When you undo the change, your account gets {old} back."),
                "Then the current password stops working and you choose a new one.",
            ),
            (
                "/fr",
                format!("Si vous annulez le changement, votre compte retrouve l’adresse {old}."),
                "Le mot de passe actuel ne fonctionnera plus et vous en choisirez un nouveau.",
            ),
        ] {
            let page = server.visitor().open(&format!("{prefix}{path}")).await;
            let seen = page.text();
            assert!(seen.contains(&will) && seen.contains(password), "{seen}");
        }
        let has = format!("You sign in with {old} again.");
        let page = server.visitor().open(&path).await;
        assert!(!page.text().contains(&has), "{}", page.text());
        let page = undo(server, &person.person, &mail).await;
        assert!(page.text().contains(&has), "{}", page.text());
        assert!(!page.text().contains("When you undo"), "{}", page.text());
        told_of_undo(server, &old, "new@home.example").await;
    }
}
