//! What was typed into a form that came when its session had ended: kept for the same person in the
//! same browser, and for nobody else. What is kept at all is told in `drafts_left.rs`.

use crate::support::{
    Person, TestServer, both,
    drafts::{Outside, TYPED, count, name_in, name_too_late, too_late},
    words::{assert_says, text},
};
use app::paths;
use contract::Locale;
use http::Method;
use testkit::wire::Request;

both! {
    what_was_typed_waits_for_the_same_person,
    it_waits_in_french_and_for_the_choice_of_a_list,
    half_a_sign_in_does_not_get_it,
    another_person_never_sees_it,
    another_browser_does_not_get_it,
    it_survives_a_forgotten_password,
    after_a_recovery_code_it_waits_for_its_page,
    a_session_ended_from_elsewhere_leaves_it_too,
    fetching_in_advance_leaves_it,
    who_signs_out_throws_it_away,
}

async fn called(server: &TestServer, person: &Person) -> String {
    server.account(person).await.name
}

/// Red when the form is executed after the sign-in; when it is only said that a page was wanted.
async fn what_was_typed_waits_for_the_same_person(server: &TestServer) {
    for person in server.people().await {
        let mut outside = name_too_late(server, &person).await;
        assert_says(&outside.page, "sign_in", "kept");
        assert!(outside.page.errors().is_empty());
        // It is still said after a mistake.
        let mistaken = Person {
            password: "not her password".to_owned(),
            ..person.clone()
        };
        outside.page = outside.sign_in(&mistaken).await;
        assert_says(&outside.page, "sign_in", "kept");
        let page = outside.sign_in(&person).await;
        assert_eq!(page.url, person.door.own(paths::NAME));
        assert_eq!(name_in(&page), TYPED);
        assert_says(&page, "sessions", "returned");
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(
            called(server, &person).await,
            person.name,
            "nothing was done"
        );
        // It is read once.
        let visitor = &mut outside.visitor;
        let again = visitor.open(&person.door.own(paths::NAME)).await;
        assert_eq!(name_in(&again), person.name);
        visitor.submit(page.form("/api/change_name")).await;
        assert_eq!(called(server, &person).await, TYPED);
    }
}

/// Red when nothing is handed over to the new session.
async fn it_waits_in_french_and_for_the_choice_of_a_list(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut citizen = server.visitor().sign_in(&person).await;
    let door = person.door.tag();
    server.clock.advance_secs(2 * 3600);
    let fields = [("mail_language", "en"), ("locale", "fr"), ("door", &door)];
    let answer = citizen.post("/api/change_mail_language", &fields).await;
    assert_eq!(
        answer.header("location"),
        "/fr/p/bellerive/quay/sign-in?next=%2Fp%2Fbellerive%2Fsettings%2Flanguage"
    );
    let mut visitor = citizen.outside();
    let page = visitor.open(answer.header("location")).await;
    let mut outside = Outside { visitor, page };
    let page = outside.sign_in(&person).await;
    assert_eq!(page.url, "/fr/p/bellerive/settings/language");
    let returned = text(Locale::Fr, "sessions", "returned").replace('\u{a0}', " ");
    assert!(page.text().contains(&returned), "{}", page.text());
    let form = page.form("/api/change_mail_language");
    assert_eq!(form.value("mail_language"), Some("en"));
}

/// Red when a begun sign-in counts as one.
async fn half_a_sign_in_does_not_get_it(server: &TestServer) {
    for person in server.people().await {
        let person = server.secure(person).await;
        let mut outside = name_too_late(server, &person).await;
        let page = outside.sign_in(&person).await;
        let visitor = &mut outside.visitor;
        assert_eq!(page.url, person.door.entrance(paths::CODE));
        assert!(!page.html.contains(TYPED));
        let mut window = visitor.clone();
        let page = window.open(&person.door.own(paths::NAME)).await;
        assert!(!page.html.contains(TYPED), "{}", page.url);
        let page = visitor.give_code(&person.code()).await;
        assert_eq!(page.url, person.door.own(paths::NAME));
        assert_eq!(name_in(&page), TYPED);
    }
}

/// Red when it goes to whoever signs in next in this browser.
async fn another_person_never_sees_it(server: &TestServer) {
    let others = [server.person().await, server.participant("bellerive").await];
    for (person, other) in server.people().await.into_iter().zip(others) {
        let mut outside = name_too_late(server, &person).await;
        let page = outside.sign_in(&other).await;
        assert_eq!(page.url, other.door.own(paths::NAME));
        assert_eq!(name_in(&page), other.name);
        assert!(!page.html.contains(TYPED));
        // Nor with a cookie that claims that something waits.
        let realm = server.account(&other).await.realm;
        for name in ["drafts".to_owned(), format!("drafts-{realm}")] {
            outside.visitor.jar.plant(&name, "1");
        }
        let page = outside.visitor.open(&page.url).await;
        assert_eq!(name_in(&page), other.name);
        let page = outside
            .visitor
            .open(&other.door.entrance(paths::SIGN_IN))
            .await;
        assert!(!page.html.contains(TYPED));
    }
    // At the other door nobody gets it either.
    let [manager, citizen] = server.people().await;
    let outside = name_too_late(server, &manager).await;
    let mut citizen = outside.visitor.sign_in(&citizen).await;
    citizen.jar.plant("drafts", "1");
    let path = citizen.own(paths::NAME);
    assert_eq!(name_in(&citizen.open(&path).await), citizen.person.name);
}

/// Red when it is looked for by account, and not by session.
async fn another_browser_does_not_get_it(server: &TestServer) {
    let person = server.person().await;
    let mut outside = name_too_late(server, &person).await;
    let mut elsewhere = server.visitor().sign_in(&person).await;
    elsewhere.jar.plant("drafts", "1");
    let page = elsewhere.open(paths::NAME).await;
    assert_eq!(name_in(&page), person.name);
    // And it is still there for the one that it was typed in.
    assert_eq!(name_in(&outside.sign_in(&person).await), TYPED);
}

/// Red when choosing a new password takes the cookie of the ended session away.
async fn it_survives_a_forgotten_password(server: &TestServer) {
    for mut person in server.people().await {
        let mut outside = name_too_late(server, &person).await;
        let visitor = &mut outside.visitor;
        let page = visitor
            .open(&person.door.entrance(paths::FORGOT_PASSWORD))
            .await;
        let form = page
            .form("/api/forgot_password")
            .fill("email", &person.email);
        visitor.submit(form).await;
        let mail = server.mail_to(&person.email).await;
        let page = visitor.open(&mail.link(&server.origin())).await;
        "a tram, a bell and a late bus".clone_into(&mut person.password);
        let form = page.form("/api/reset_password");
        visitor
            .submit(form.fill("password", &person.password))
            .await;
        assert_eq!(server.mail_to(&person.email).await.kind, "password_changed");
        let page = outside.sign_in(&person).await;
        assert_eq!(page.url, person.door.own(paths::NAME));
        assert_eq!(name_in(&page), TYPED);
    }
}

/// Red when nothing is handed over to the new session, or to whatever page is opened first.
async fn after_a_recovery_code_it_waits_for_its_page(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    let person = manager.person.clone();
    let mut outside = too_late(server, manager, paths::NAME, &[("name", TYPED)]).await;
    outside.sign_in(&person).await;
    let page = outside.visitor.open(paths::CODE).await;
    let form = page.form_with("/api/give_code", "form", "recovery");
    let page = outside.visitor.submit(form.fill("code", &codes[0])).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
    server.mail_to(&person.email).await;
    let page = outside.visitor.open(paths::EMAIL).await;
    assert!(!page.html.contains(TYPED), "it is for another page");
    assert_eq!(name_in(&outside.visitor.open(paths::NAME).await), TYPED);
}

/// Red when a session that somebody ended counts as none.
async fn a_session_ended_from_elsewhere_leaves_it_too(server: &TestServer) {
    let person = server.person().await;
    let mut there = server.visitor().sign_in(&person).await;
    let page = there.open(paths::NAME).await;
    let mut here = server.visitor().sign_in(&person).await;
    let list = here.open(paths::SESSIONS).await;
    here.submit(list.form("/api/end_other_sessions")).await;
    let form = page.form("/api/change_name").fill("name", TYPED);
    let page = there.submit(form).await;
    assert_says(&page, "sign_in", "ended_elsewhere");
    assert_says(&page, "sign_in", "kept");
    let mut outside = Outside {
        visitor: there.outside(),
        page,
    };
    assert_eq!(name_in(&outside.sign_in(&person).await), TYPED);
}

/// Red when `Sec-Purpose` is not looked at.
async fn fetching_in_advance_leaves_it(server: &TestServer) {
    let person = server.person().await;
    let mut outside = name_too_late(server, &person).await;
    let form = outside
        .page
        .form("/api/sign_in")
        .fill("email", &person.email)
        .fill("password", &person.password);
    let visitor = &mut outside.visitor;
    visitor.send(form).await;
    for request in [
        Request::new(Method::GET, paths::NAME).with("sec-purpose", "prefetch"),
        Request::new(Method::HEAD, paths::NAME),
    ] {
        assert_eq!(visitor.exchange(request).await.status, 200);
    }
    assert_eq!(name_in(&visitor.open(paths::NAME).await), TYPED);
}

/// Red when signing out ends the session alone.
async fn who_signs_out_throws_it_away(server: &TestServer) {
    let person = server.person().await;
    let mut outside = name_too_late(server, &person).await;
    let form = outside
        .page
        .form("/api/sign_in")
        .fill("email", &person.email)
        .fill("password", &person.password);
    let visitor = &mut outside.visitor;
    visitor.send(form).await;
    let page = visitor.open(paths::PROFILE).await;
    visitor.submit(page.form("/api/sign_out")).await;
    assert_eq!(visitor.jar.get("drafts"), None);
    assert_eq!(count(server).await, 0);
}
