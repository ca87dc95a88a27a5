//! Browsers that are not asked for a code: only the one that was asked for, only its account, only
//! for thirty days, and not after anything changed.

use crate::support::{
    Manager, Person, TestServer, Visitor, both,
    words::{assert_refused, assert_says},
};
use app::paths;
use contract::{Problem, SignInProblem};
use domain::device;

both! {
    a_remembered_browser_is_asked_for_no_code,
    the_box_is_not_ticked_by_itself,
    the_password_is_asked_for_all_the_same,
    after_thirty_days_a_code_is_asked_for,
    a_remembered_browser_is_worth_nothing_to_another_account,
    a_remembered_browser_is_worth_nothing_in_another_realm,
    a_changed_second_factor_forgets_every_browser,
    a_removed_second_factor_forgets_every_browser,
    a_new_password_forgets_every_browser,
    a_recovery_code_forgets_every_browser_and_remembers_none,
    locking_the_account_forgets_every_browser,
    a_browser_is_forgotten_in_the_settings,
    nobody_forgets_the_browser_of_somebody_else,
}

/// Signs in with a code and has the browser remembered.
async fn remembered(server: &TestServer, person: &Person) -> Visitor {
    server.clock.advance_secs(30);
    let mut visitor = server.visitor();
    visitor.begin(person).await;
    let page = visitor.give_code_to_be_remembered(&person.code()).await;
    assert_eq!(page.url, person.door.home(), "{}", page.text());
    sign_out(visitor, person).await
}

async fn sign_out(mut visitor: Visitor, person: &Person) -> Visitor {
    let page = visitor.open(&person.door.own(paths::PROFILE)).await;
    visitor.submit(page.form("/api/sign_out")).await;
    assert!(!visitor.is_in().await);
    visitor
}

/// Where the right password leads in this browser.
async fn leads_to(visitor: &Visitor, person: &Person) -> String {
    let mut visitor = visitor.clone().through(&person.door);
    let page = visitor.give_password(&person.email, &person.password).await;
    page.url
}

async fn is_asked(visitor: &Visitor, person: &Person) -> bool {
    let url = leads_to(visitor, person).await;
    if url == person.door.home() {
        return false;
    }
    assert_eq!(url, person.door.entrance(paths::CODE));
    true
}

/// A manager and a participant, both with two-factor on.
async fn people(server: &TestServer) -> [Person; 2] {
    [
        server.secured().await,
        server.secure(server.participant("bellerive").await).await,
    ]
}

async fn a_remembered_browser_is_asked_for_no_code(server: &TestServer) {
    for person in people(server).await {
        let visitor = remembered(server, &person).await;
        let mut inside = visitor.clone();
        let page = inside.give_password(&person.email, &person.password).await;
        assert_eq!(page.url, person.door.home());
        assert!(inside.is_in().await);
        let page = inside.open(&person.door.own(paths::SESSIONS)).await;
        assert_says(&page, "sessions", "method_device");
        // Another browser of the same person is asked.
        assert!(is_asked(&server.visitor(), &person).await);
        let lines = server.log_of(&person.id).await;
        assert!(lines.iter().any(|line| line.kind == "device_remembered"));
    }
}

/// Red when a browser is remembered because it is known.
async fn the_box_is_not_ticked_by_itself(server: &TestServer) {
    for person in people(server).await {
        let manager = server.visitor().sign_in(&person).await;
        assert!(is_asked(&manager.sign_out().await, &person).await);
    }
}

/// Red when the remembered browser stands for the password too.
async fn the_password_is_asked_for_all_the_same(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = remembered(server, &person).await;
    let page = visitor.give_password(&person.email, "a guess").await;
    assert_refused(&page, &Problem::SignIn(SignInProblem::BadCredentials));
    assert!(!visitor.is_in().await);
}

/// Red when a sign-in prolongs the thirty days, or they have no end.
async fn after_thirty_days_a_code_is_asked_for(server: &TestServer) {
    let person = server.secured().await;
    let visitor = remembered(server, &person).await;
    server.clock.advance_secs(device::REMEMBERED.as_secs() - 1);
    assert!(!is_asked(&visitor, &person).await);
    server.clock.advance_secs(1);
    assert!(
        is_asked(&visitor, &person).await,
        "using it does not prolong it"
    );
}

/// Red when a device is found by its token without its account.
async fn a_remembered_browser_is_worth_nothing_to_another_account(server: &TestServer) {
    let (ada, bea) = (server.secured().await, server.secured().await);
    let visitor = remembered(server, &ada).await;
    assert!(is_asked(&visitor, &bea).await);
    assert!(!is_asked(&visitor, &ada).await);
}

/// Red when a device is found by its token and its address without the realm.
async fn a_remembered_browser_is_worth_nothing_in_another_realm(server: &TestServer) {
    let email = "citizen@home.example";
    let here = server.participant_with("bellerive", email, true).await;
    let there = server.participant_with("montclair", email, true).await;
    let (here, there) = (server.secure(here).await, server.secure(there).await);
    let mut visitor = remembered(server, &here).await;
    let realm = |person: &Person| {
        let person = person.clone();
        async move { server.account(&person).await.realm.to_string() }
    };
    let token = visitor.jar.get(&format!("device-{}", realm(&here).await));
    let token = token.unwrap().to_owned();
    for name in [
        format!("device-{}", realm(&there).await),
        "device".to_owned(),
    ] {
        visitor.jar.plant(&name, &token);
    }
    assert!(is_asked(&visitor, &there).await);
    assert!(!is_asked(&visitor, &here).await);
}

/// Red when the new factor does not forget the browsers that the old one was given in.
async fn a_changed_second_factor_forgets_every_browser(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let person = manager.person.clone();
    let visitor = remembered(server, &person).await;
    server.clock.advance_secs(30);
    let code = person.code();
    manager.prove("/api/disable_two_factor", &code).await;
    server.mail_to(&person.email).await;
    manager.enable_two_factor(server).await;
    assert!(is_asked(&visitor, &manager.person).await);
}

/// Red when the operator's removal leaves them: the next factor would not be asked for.
async fn a_removed_second_factor_forgets_every_browser(server: &TestServer) {
    let person = server.secured().await;
    let visitor = remembered(server, &person).await;
    let account = server.account(&person).await;
    server
        .identity()
        .reset_second_factor(&account)
        .await
        .unwrap();
    server.mail_to(&person.email).await;
    let person = server.secure(person).await;
    assert!(is_asked(&visitor, &person).await);
}

/// By the set-up link, the one way to a new password that is there so far. Red when it leaves them.
async fn a_new_password_forgets_every_browser(server: &TestServer) {
    let (mut person, link) = server.invited(domain::Locale::En, None).await;
    let store = &server.identity().store;
    let hash = server.account(&server.person().await).await.password_hash;
    let mut tx = store.begin().await.unwrap();
    let same = store::SetPassword {
        hash: &hash.unwrap(),
        at: domain::Clock::now(&server.clock),
        stands_alone: true,
        confirms_email: true,
    };
    tx.set_password(&person.id, &same).await.unwrap();
    tx.commit().await.unwrap();
    "four lanterns cross the river".clone_into(&mut person.password);
    let mut person = server.secure(person).await;
    let visitor = remembered(server, &person).await;
    assert!(!is_asked(&visitor, &person).await);
    let mut other = server.visitor();
    let page = other.open(&link).await;
    let form = page.form("/api/accept_invitation");
    "a tram, a bell and a late bus".clone_into(&mut person.password);
    other.submit(form.fill("password", &person.password)).await;
    assert!(is_asked(&visitor, &person).await);
}

/// Red when a recovery code leaves them, or remembers the browser that it was given in.
async fn a_recovery_code_forgets_every_browser_and_remembers_none(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    let person = manager.person.clone();
    let visitor = remembered(server, &person).await;
    let mut other = server.visitor();
    other.begin(&person).await;
    // The form for recovery codes has no box; the wish comes all the same.
    let fields = [
        ("code", codes[0].as_str()),
        ("form", "recovery"),
        ("remember", "true"),
        ("locale", "en"),
    ];
    let answer = other.post("/api/give_code", &fields).await;
    assert_eq!(answer.header("location"), paths::BACK_OFFICE);
    server.mail_to(&person.email).await;
    assert!(is_asked(&visitor, &person).await);
    assert!(is_asked(&sign_out(other, &person).await, &person).await);
}

/// Red when a lock ends the sessions only.
async fn locking_the_account_forgets_every_browser(server: &TestServer) {
    let person = server.secured().await;
    let visitor = remembered(server, &person).await;
    for locked in [true, false] {
        let account = server.account(&person).await;
        server
            .identity()
            .set_locked(&account, locked)
            .await
            .unwrap();
    }
    assert!(is_asked(&visitor, &person).await);
}

/// Somebody inside, in a browser of her own.
async fn inside(server: &TestServer, person: &Person) -> Manager {
    server.clock.advance_secs(30);
    server.visitor().sign_in(person).await
}

async fn a_browser_is_forgotten_in_the_settings(server: &TestServer) {
    for person in people(server).await {
        let visitor = remembered(server, &person).await;
        let kept = remembered(server, &person).await;
        let mut manager = inside(server, &person).await;
        let path = manager.own(paths::SESSIONS);
        let page = manager.open(&path).await;
        let count = |page: &testkit::Page| {
            let forms = page.forms();
            let forget = forms.iter().filter(|form| form.names().contains(&"id"));
            forget.count()
        };
        assert!(page.text().contains("Firefox, Linux"));
        let before = count(&page);
        // The last used comes first.
        let page = manager.submit(page.form("/api/forget_device")).await;
        assert_says(&page, "sessions", "forgotten");
        assert_eq!(count(&page), before - 1);
        assert!(!is_asked(&visitor, &person).await);
        assert!(is_asked(&kept, &person).await);
    }
}

/// Red when the row is found by its id alone.
async fn nobody_forgets_the_browser_of_somebody_else(server: &TestServer) {
    let person = server.secured().await;
    let visitor = remembered(server, &person).await;
    let mut owner = inside(server, &person).await;
    let page = owner.open(paths::SESSIONS).await;
    let form = page.form("/api/forget_device");
    let id = form.value("id").unwrap().to_owned();
    let mut stranger = server.manager().await;
    let fields = [("id", id.as_str()), ("locale", "en")];
    let answer = stranger.post("/api/forget_device", &fields).await;
    assert_eq!(answer.header("location"), paths::SESSIONS);
    let page = stranger.open(paths::SESSIONS).await;
    assert_refused(&page, &Problem::Unchanged);
    assert!(!is_asked(&visitor, &person).await);
}
