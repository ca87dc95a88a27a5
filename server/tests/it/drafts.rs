//! What was typed into a form that came when its session had ended: kept for the same person in the
//! same browser, and for nobody else.

use crate::support::{
    Manager, Person, Town, Visitor, both,
    words::{assert_says, text},
};
use app::routes::paths;
use contract::Locale;
use domain::{Clock as _, Duration, SessionId};
use http::Method;
use testkit::{Page, dump, wire::Request};

both! {
    what_was_typed_waits_for_the_same_person,
    it_waits_in_french_and_for_the_choice_of_a_list,
    half_a_sign_in_does_not_get_it,
    another_person_never_sees_it,
    another_browser_does_not_get_it,
    secrets_are_not_kept,
    it_is_sealed,
    strangers_leave_nothing,
    a_foreign_page_leaves_nothing,
    a_locked_account_leaves_nothing,
    it_waits_for_an_hour,
    one_session_leaves_little,
    it_survives_a_forgotten_password,
    after_a_recovery_code_it_waits_for_its_page,
    a_session_ended_from_elsewhere_leaves_it_too,
    fetching_in_advance_leaves_it,
    who_signs_out_throws_it_away,
}

const TYPED: &str = "Odile of the Harbour";

/// A manager and a participant: the same holds at both doors.
async fn people(town: &Town) -> [Person; 2] {
    [town.person().await, town.participant("bellerive").await]
}

/// Somebody opens a form, is called away until her session has ended, types, and sends it. She
/// stands at her door then.
async fn too_late(town: &Town, manager: Manager, path: &str, fields: &[(&str, &str)]) -> Outside {
    let mut manager = manager;
    let own = manager.own(path);
    let page = manager.open(&own).await;
    town.clock.advance_secs(2 * 3600);
    let action = format!("/api/{}", action(path));
    let form = fields
        .iter()
        .fold(page.form(&action), |form, (name, text)| {
            form.fill(name, text)
        });
    let page = manager.submit(form).await;
    let visitor = manager.outside();
    assert!(
        page.url.starts_with(&visitor.door.entrance(paths::SIGN_IN)),
        "{}",
        page.url
    );
    Outside { visitor, page }
}

/// Somebody at the door, and the page that she sees there.
struct Outside {
    visitor: Visitor,
    page: Page,
}

fn action(path: &str) -> &'static str {
    match path {
        paths::NAME => "change_name",
        paths::EMAIL => "ask_for_email",
        _ => "change_password",
    }
}

/// The same with a name.
async fn name_too_late(town: &Town, person: &Person) -> Outside {
    let manager = town.visitor().sign_in(person).await;
    too_late(town, manager, paths::NAME, &[("name", TYPED)]).await
}

impl Outside {
    /// Fills in the sign-in form that she sees.
    async fn sign_in(&mut self, person: &Person) -> Page {
        let form = self
            .page
            .form("/api/sign_in")
            .fill("email", &person.email)
            .fill("password", &person.password);
        self.visitor.submit(form).await
    }
}

/// What stands in the field of the name.
fn name_in(page: &Page) -> String {
    let form = page.form("/api/change_name");
    form.value("name").unwrap().to_owned()
}

/// How many drafts there are, which are thrown away.
async fn count(town: &Town) -> u64 {
    let far = town.clock.now().plus(Duration::from_hours(24 * 365));
    let store = &town.identity().store;
    store.delete_old_drafts(far).await.unwrap()
}

async fn called(town: &Town, person: &Person) -> String {
    town.account(person).await.name
}

/// Red when the form is executed after the sign-in; when it is only said that a page was wanted.
async fn what_was_typed_waits_for_the_same_person(town: &Town) {
    for person in people(town).await {
        let mut outside = name_too_late(town, &person).await;
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
        assert_eq!(called(town, &person).await, person.name, "nothing was done");
        // It is read once.
        let visitor = &mut outside.visitor;
        let again = visitor.open(&person.door.own(paths::NAME)).await;
        assert_eq!(name_in(&again), person.name);
        visitor.submit(page.form("/api/change_name")).await;
        assert_eq!(called(town, &person).await, TYPED);
    }
}

async fn it_waits_in_french_and_for_the_choice_of_a_list(town: &Town) {
    let person = town.participant("bellerive").await;
    let mut citizen = town.visitor().sign_in(&person).await;
    let door = person.door.tag();
    town.clock.advance_secs(2 * 3600);
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
async fn half_a_sign_in_does_not_get_it(town: &Town) {
    for person in people(town).await {
        let person = town.secure(person).await;
        let mut outside = name_too_late(town, &person).await;
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
async fn another_person_never_sees_it(town: &Town) {
    let others = [town.person().await, town.participant("bellerive").await];
    for (person, other) in people(town).await.into_iter().zip(others) {
        let mut outside = name_too_late(town, &person).await;
        let page = outside.sign_in(&other).await;
        assert_eq!(page.url, other.door.own(paths::NAME));
        assert_eq!(name_in(&page), other.name);
        assert!(!page.html.contains(TYPED));
        // Nor with a cookie that claims that something waits.
        let realm = town.account(&other).await.realm;
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
    let [manager, citizen] = people(town).await;
    let outside = name_too_late(town, &manager).await;
    let mut citizen = outside.visitor.sign_in(&citizen).await;
    citizen.jar.plant("drafts", "1");
    let path = citizen.own(paths::NAME);
    assert_eq!(name_in(&citizen.open(&path).await), citizen.person.name);
}

async fn another_browser_does_not_get_it(town: &Town) {
    let person = town.person().await;
    let mut outside = name_too_late(town, &person).await;
    let mut elsewhere = town.visitor().sign_in(&person).await;
    elsewhere.jar.plant("drafts", "1");
    let page = elsewhere.open(paths::NAME).await;
    assert_eq!(name_in(&page), person.name);
    // And it is still there for the one that it was typed in.
    assert_eq!(name_in(&outside.sign_in(&person).await), TYPED);
}

/// Red when the whole form is kept.
async fn secrets_are_not_kept(town: &Town) {
    const NEW: &str = "a tram, a bell and a late bus";
    for person in people(town).await {
        let manager = town.visitor().sign_in(&person).await;
        let fields = [("present", person.password.as_str()), ("password", NEW)];
        let mut outside = too_late(town, manager, paths::PASSWORD, &fields).await;
        assert_eq!(count(town).await, 0, "there is nothing else to keep");
        assert!(
            !outside
                .page
                .text()
                .contains(&text(Locale::En, "sign_in", "kept"))
        );
        let page = outside.sign_in(&person).await;
        assert_eq!(page.url, person.door.own(paths::PASSWORD));
        for secret in [NEW, &person.password] {
            assert!(!page.html.contains(secret));
        }

        let mut manager = town.visitor().sign_in(&person).await;
        // The field for a proof is there when the last one is old.
        town.clock.advance_secs(600);
        let path = manager.own(paths::PROFILE);
        manager.open(&path).await;
        let fields = [("email", "odile@harbour.example"), ("proof", "p-r-o-o-f")];
        let mut outside = too_late(town, manager, paths::EMAIL, &fields).await;
        let page = outside.sign_in(&person).await;
        let form = page.form("/api/ask_for_email");
        assert_eq!(form.value("email"), Some("odile@harbour.example"));
        assert!(!page.html.contains("p-r-o-o-f"));
    }
}

async fn it_is_sealed(town: &Town) {
    let person = town.person().await;
    let _outside = name_too_late(town, &person).await;
    let all = dump::everything(&town.database_url).await;
    assert!(!dump::holds(&all, TYPED.as_bytes()), "it waits in clear");
    assert_eq!(count(town).await, 1, "and yet it is there");
}

/// Red when a form of anybody is kept: strangers could fill the database.
async fn strangers_leave_nothing(town: &Town) {
    let citizen = town.participant("bellerive").await;
    let signed_in = town.visitor().sign_in(&citizen).await;
    let realm = town.account(&citizen).await.realm;
    let of_another_realm = signed_in.jar.get(&format!("p-{realm}")).unwrap();
    for token in ["", &"A".repeat(43), "rubbish", of_another_realm] {
        let mut visitor = town.visitor();
        visitor.jar.plant("back-office", token);
        let fields = [("name", TYPED), ("locale", "en")];
        let answer = visitor.post("/api/change_name", &fields).await;
        assert_eq!(answer.header("location"), paths::NAME, "{token}");
    }
    assert_eq!(count(town).await, 0);
}

/// Red when the origin is looked at after the draft was kept.
async fn a_foreign_page_leaves_nothing(town: &Town) {
    let mut manager = town.manager().await;
    town.clock.advance_secs(3600);
    let request = Request::new(Method::POST, "/api/change_name");
    let request = request.with_form(&[("name", TYPED), ("locale", "en")]);
    let request = request
        .with("sec-fetch-site", "cross-site")
        .with("origin", "https://evil.example");
    let answer = manager.exchange(request).await;
    assert_eq!(answer.status, 403);
    assert_eq!(count(town).await, 0);
}

async fn a_locked_account_leaves_nothing(town: &Town) {
    let mut manager = town.manager().await;
    let account = town.account(&manager.person).await;
    town.identity().set_locked(&account, true).await.unwrap();
    let fields = [("name", TYPED), ("locale", "en")];
    manager.post("/api/change_name", &fields).await;
    assert_eq!(count(town).await, 0);
}

async fn it_waits_for_an_hour(town: &Town) {
    let people = [town.person().await, town.person().await];
    for (person, (wait, wanted)) in people.iter().zip([(3599, TYPED), (3600, "")]) {
        let mut outside = name_too_late(town, person).await;
        town.clock.advance_secs(wait);
        let page = outside.sign_in(person).await;
        let wanted = if wanted.is_empty() {
            &person.name
        } else {
            wanted
        };
        assert_eq!(name_in(&page), wanted);
    }
}

/// Red when the number of pages, or the length of what is kept, has no end.
async fn one_session_leaves_little(town: &Town) {
    let manager = town.manager().await;
    town.clock.advance_secs(3600);
    let token = domain::token::Secret::present(manager.jar.get("back-office").unwrap()).unwrap();
    let identity = town.identity();
    let realm = domain::Realm::BackOffice;
    let ended = identity
        .ended_session(&realm, &token)
        .await
        .unwrap()
        .unwrap();
    let keep = async |page: String, size: usize| {
        let typed = vec![b'x'; size];
        identity.keep_draft(&ended, &page, &typed).await.unwrap()
    };
    assert!(!keep("/large".to_owned(), 32 * 1024 + 1).await);
    for number in 0..8 {
        assert!(keep(format!("/{number}"), 32 * 1024).await);
    }
    assert!(!keep("/8".to_owned(), 1).await);
    assert!(keep("/7".to_owned(), 1).await, "in place of what was kept");
    assert_eq!(count(town).await, 8);
    let store = &identity.store;
    let nobody = SessionId::from("nobody".to_owned());
    assert_eq!(
        store
            .count_drafts(&nobody, "", town.clock.now())
            .await
            .unwrap(),
        0
    );
}

/// Red when choosing a new password takes the cookie of the ended session away.
async fn it_survives_a_forgotten_password(town: &Town) {
    for mut person in people(town).await {
        let mut outside = name_too_late(town, &person).await;
        let visitor = &mut outside.visitor;
        let page = visitor
            .open(&person.door.entrance(paths::FORGOT_PASSWORD))
            .await;
        let form = page
            .form("/api/forgot_password")
            .fill("email", &person.email);
        visitor.submit(form).await;
        let mail = town.mail_to(&person.email).await;
        let page = visitor.open(&mail.link(&town.origin())).await;
        "a tram, a bell and a late bus".clone_into(&mut person.password);
        let form = page.form("/api/reset_password");
        visitor
            .submit(form.fill("password", &person.password))
            .await;
        assert_eq!(town.mail_to(&person.email).await.kind, "password_changed");
        let page = outside.sign_in(&person).await;
        assert_eq!(page.url, person.door.own(paths::NAME));
        assert_eq!(name_in(&page), TYPED);
    }
}

async fn after_a_recovery_code_it_waits_for_its_page(town: &Town) {
    let mut manager = town.manager().await;
    let codes = manager.enable_two_factor(town).await;
    let person = manager.person.clone();
    let mut outside = too_late(town, manager, paths::NAME, &[("name", TYPED)]).await;
    outside.sign_in(&person).await;
    let page = outside.visitor.open(paths::CODE).await;
    let form = page.form_with("/api/give_code", "form", "recovery");
    let page = outside.visitor.submit(form.fill("code", &codes[0])).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
    town.mail_to(&person.email).await;
    let page = outside.visitor.open(paths::EMAIL).await;
    assert!(!page.html.contains(TYPED), "it is for another page");
    assert_eq!(name_in(&outside.visitor.open(paths::NAME).await), TYPED);
}

async fn a_session_ended_from_elsewhere_leaves_it_too(town: &Town) {
    let person = town.person().await;
    let mut there = town.visitor().sign_in(&person).await;
    let page = there.open(paths::NAME).await;
    let mut here = town.visitor().sign_in(&person).await;
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

async fn fetching_in_advance_leaves_it(town: &Town) {
    let person = town.person().await;
    let mut outside = name_too_late(town, &person).await;
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

async fn who_signs_out_throws_it_away(town: &Town) {
    let person = town.person().await;
    let mut outside = name_too_late(town, &person).await;
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
    assert_eq!(count(town).await, 0);
}
