//! The citizens' door: the same sign-in and settings as the back office's, and no way from one to
//! the other.

use crate::support::{
    Person, TestServer, both,
    words::{assert_refused, assert_says},
};
use app::paths;
use contract::{Door, Problem, SignInProblem};

both! {
    a_participant_signs_in_at_the_door_of_a_project,
    a_participant_protects_her_account_like_a_manager,
    a_session_of_one_realm_is_nothing_in_another,
    the_same_address_in_two_organisations_is_two_accounts,
    a_manager_is_nobody_at_an_organisations_door,
    a_participant_at_a_managers_page_is_led_to_the_own_one,
    an_unconfirmed_participant_is_told_so_after_the_right_password_only,
    a_locked_account_is_told_so_after_the_right_password_only,
    the_own_pages_lead_to_the_door_of_their_organisation,
    a_door_that_does_not_exist_is_not_found,
}

async fn a_participant_signs_in_at_the_door_of_a_project(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.open(&person.door.home()).await;
    assert_eq!(page.status, 200, "a project is read without an account");
    assert!(page.text().contains("The quay"));
    assert!(page.text().contains("Town of bellerive"));
    let mut participant = visitor.sign_in(&person).await;
    let page = participant.open(&person.door.home()).await;
    assert!(page.text().contains(&person.name));
    let page = participant.open("/fr/p/bellerive/profile").await;
    assert!(page.text().contains(&person.email));
    let page = participant.submit(page.form("/api/sign_out")).await;
    assert_eq!(page.url, "/fr/p/bellerive/quay/sign-in");
    assert!(!participant.is_in().await);
}

async fn a_participant_protects_her_account_like_a_manager(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut participant = server.visitor().sign_in(&person).await;
    participant.enable_two_factor(server).await;
    server.clock.advance_secs(60);
    let person = participant.person.clone();
    let mut visitor = server.visitor().through(&person.door);
    visitor.begin(&person).await;
    assert!(!visitor.is_in().await, "the password alone opens nothing");
    let page = visitor.give_code(&person.code()).await;
    assert_eq!(page.url, person.door.home());
    assert!(visitor.is_in().await);
}

/// Red when a session is looked up by its token alone.
async fn a_session_of_one_realm_is_nothing_in_another(server: &TestServer) {
    let manager = server.manager().await;
    let person = server.participant("bellerive").await;
    let participant = server.visitor().sign_in(&person).await;
    server.platform("montclair").await;
    let cookie = participant_cookie(server, &person).await;
    let token = participant.jar.get(&cookie).unwrap().to_owned();
    let montclair = server.participant("montclair").await;
    let other_cookie = participant_cookie(server, &montclair).await;
    assert_ne!(cookie, other_cookie);

    for (name, door) in [
        ("back-office".to_owned(), Door::BackOffice),
        (other_cookie, montclair.door.clone()),
    ] {
        let mut thief = server.visitor().through(&door);
        thief.jar.plant(&name, &token);
        assert!(!thief.is_in().await, "{name}");
    }
    let mut thief = server.visitor().through(&person.door);
    let managers = manager.jar.get("back-office").unwrap().to_owned();
    thief.jar.plant(&cookie, &managers);
    assert!(!thief.is_in().await);
    // A form that claims another door is as good as its cookie for that door.
    let fields = [("door", ""), ("locale", "en")];
    let mut participant = participant;
    let answer = participant.post("/api/begin_two_factor", &fields).await;
    assert_eq!(answer.status, 303);
    assert!(
        server
            .identity()
            .store
            .totp_enrolment(&person.id)
            .await
            .unwrap()
            .is_none()
    );
}

async fn the_same_address_in_two_organisations_is_two_accounts(server: &TestServer) {
    let email = "citizen@home.example";
    let bellerive = server.participant_with("bellerive", email, true).await;
    let montclair = server.participant_with("montclair", email, true).await;
    assert_ne!(bellerive.password, montclair.password);
    let mut visitor = server.visitor().through(&bellerive.door);
    let page = visitor.give_password(email, &montclair.password).await;
    assert_says(&page, "errors", "bad_credentials");
    let mut here = server.visitor().sign_in(&bellerive).await;
    assert!(here.is_in().await);
    assert_ne!(
        here.open("/p/montclair/profile").await.url,
        "/p/montclair/profile"
    );
}

async fn a_manager_is_nobody_at_an_organisations_door(server: &TestServer) {
    let manager = server.person().await;
    let person = server.participant("bellerive").await;
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor
        .give_password(&manager.email, &manager.password)
        .await;
    assert_says(&page, "errors", "bad_credentials");
    // Nor is a participant anybody in the back office.
    let mut visitor = server.visitor();
    let page = visitor.give_password(&person.email, &person.password).await;
    assert_says(&page, "errors", "bad_credentials");
    let mut participant = visitor.through(&person.door).sign_in(&person).await;
    for path in [paths::BACK_OFFICE, paths::DESK] {
        let page = participant.open(path).await;
        assert!(page.url.starts_with(paths::SIGN_IN), "{path}: {}", page.url);
    }
}

/// Red when a participant who types `/profile` meets the sign-in of managers.
async fn a_participant_at_a_managers_page_is_led_to_the_own_one(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut participant = server.visitor().sign_in(&person).await.outside();
    for (path, own) in [
        (paths::PROFILE, "/p/bellerive/profile"),
        ("/fr/settings", "/fr/p/bellerive/settings"),
    ] {
        let page = participant.open(path).await;
        assert_eq!(page.url, own);
        assert!(page.text().contains(&person.email), "{}", page.text());
    }
    // What is for managers alone stays theirs.
    let page = participant.open(paths::BACK_OFFICE).await;
    assert!(page.url.starts_with(paths::SIGN_IN), "{}", page.url);
    let mut planted = server.visitor();
    planted.jar.plant("p-nothing", &"A".repeat(43));
    assert_eq!(
        planted.open(paths::PROFILE).await.url,
        "/sign-in?next=%2Fprofile"
    );
}

/// Promise A34 and the half of A35 that is there without registering.
async fn an_unconfirmed_participant_is_told_so_after_the_right_password_only(server: &TestServer) {
    let email = "newcomer@home.example";
    let person = server.participant_with("bellerive", email, false).await;
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.give_password(email, "not the right password").await;
    assert_says(&page, "errors", "bad_credentials");
    let page = visitor.give_password(email, &person.password).await;
    assert_says(&page, "errors", "unconfirmed");
    assert!(!visitor.is_in().await);
}

/// Red when the owner of a locked account reads that the password is wrong, or when somebody who does not know it reads
/// that the account is locked.
async fn a_locked_account_is_told_so_after_the_right_password_only(server: &TestServer) {
    for person in server.people().await {
        let account = server.account(&person).await;
        server.identity().set_locked(&account, true).await.unwrap();
        let mut visitor = server.visitor().through(&person.door);
        for _ in 0..11 {
            let page = visitor.give_password(&person.email, &person.password).await;
            assert_refused(&page, &Problem::SignIn(SignInProblem::Locked));
            assert!(!visitor.is_in().await);
        }
        let page = visitor
            .give_password(&person.email, "not the right one")
            .await;
        assert_says(&page, "errors", "bad_credentials");
    }
}

async fn the_own_pages_lead_to_the_door_of_their_organisation(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut visitor = server.visitor();
    let page = visitor.open("/fr/p/bellerive/settings").await;
    // Without a session the first project's door is as good as any.
    assert_eq!(
        page.url,
        "/fr/p/bellerive/mill/sign-in?next=%2Fp%2Fbellerive%2Fsettings"
    );
    let form = page
        .form("/api/sign_in")
        .fill("email", &person.email)
        .fill("password", &person.password);
    let page = visitor.submit(form).await;
    assert_eq!(page.url, "/fr/p/bellerive/settings");
    let links = page.text();
    assert!(
        links.contains("Le moulin"),
        "the session remembers its project: {links}"
    );
}

async fn a_door_that_does_not_exist_is_not_found(server: &TestServer) {
    server.platform("bellerive").await;
    let mut visitor = server.visitor();
    for path in [
        "/p/nowhere/quay",
        "/p/bellerive/nothing",
        "/p/bellerive/nothing/sign-in",
        "/fr/p/nowhere/settings",
        "/p/nowhere/profile",
    ] {
        assert_eq!(visitor.open(path).await.status, 404, "{path}");
    }
    let fields = [
        ("door", "nowhere/quay"),
        ("email", "a@b.example"),
        ("locale", "en"),
    ];
    assert_eq!(visitor.post("/api/sign_in", &fields).await.status, 400);
}

/// The name of the session's cookie at a participant's door.
async fn participant_cookie(server: &TestServer, person: &Person) -> String {
    let account = server.account(person).await;
    format!("p-{}", account.realm)
}
