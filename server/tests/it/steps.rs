//! A sign-in is a record with a step. Whoever stands between two steps is nowhere yet, and what
//! changes in between is looked at again.

use crate::support::{Person, TestServer, Visitor, both, once, words::assert_refused};
use app::{
    locale, paths,
    routes::{Access, ROUTES},
};
use contract::{Locale, Problem, SignInProblem};
use domain::AccountStatus;
use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use testkit::{dump, wire::Request};

both! {
    half_a_sign_in_reaches_no_protected_page,
    half_a_sign_in_calls_no_protected_function,
    a_token_of_one_step_is_worth_nothing_at_another,
    no_code_is_taken_without_a_begun_sign_in,
    a_begun_sign_in_lives_for_ten_minutes,
    locking_the_account_closes_the_begun_sign_in,
    removing_the_second_factor_closes_the_begun_sign_in,
    a_new_password_closes_the_begun_sign_in,
    a_sign_in_does_not_begin_for_an_account_that_has_changed,
    a_finished_sign_in_is_finished,
    two_browsers_do_not_share_a_sign_in,
}

once! {
    every_protected_page_leads_a_stranger_to_the_door,
}

/// The functions that everybody may call.
const OPEN: [&str; 24] = [
    "/api/sign_in",
    "/api/register",
    "/api/send_confirmation",
    "/api/correct_registration",
    "/api/confirm_by_code",
    "/api/confirm_address",
    "/api/deny_registration",
    "/api/renew_confirmation",
    "/api/give_code",
    "/api/sign_out",
    "/api/accept_invitation",
    "/api/renew_invitation",
    "/api/accept_invitation_with",
    "/api/judge_password",
    "/api/forgot_password",
    "/api/give_reset_code",
    "/api/reset_password",
    "/api/say_not_me",
    "/api/confirm_email",
    "/api/undo_email",
    "/api/stop_deletion",
    "/api/send_vote",
    "/api/send_comment",
    "/api/play_mail",
];

/// Every page in both languages, with something in place of the variable parts.
fn addresses() -> impl Iterator<Item = (Access, String)> {
    let both =
        |path: &'static str| [Locale::En, Locale::Fr].map(|language| locale::href(language, path));
    let fill = |path: String| {
        path.replace("{slug}", "general-support")
            .replace("{id}", "1")
            .replace("{provider}", "google")
            .replace("{organisation}", "bellerive")
            .replace("{project}", "quay")
    };
    ROUTES
        .iter()
        .flat_map(move |route| both(route.path).map(|path| (route.access, fill(path))))
}

async fn must_lead_to_the_door(visitor: &mut Visitor, path: &str) {
    let answer = visitor.exchange(Request::new(Method::GET, path)).await;
    let (language, plain) = locale::split(path);
    let location = answer.header("location");
    assert_eq!(answer.status, 303, "{path}");
    let (door, wanted) = location.split_once('?').unwrap_or((location, "next="));
    let doors = if plain.starts_with("/p/") {
        ["/p/bellerive/mill/sign-in", "/p/bellerive/quay/sign-in"]
    } else {
        [paths::SIGN_IN; 2]
    };
    let doors = doors.map(|door| locale::href(language, door));
    assert!(doors.iter().any(|own| own == door), "{path} → {location}");
    assert!(wanted.starts_with("next="), "{path} → {location}");
    assert!(answer.body.is_empty(), "{path}: {}", answer.text());
}

async fn every_protected_page_leads_a_stranger_to_the_door(server: &TestServer) {
    server.platform("bellerive").await;
    let protected = addresses().filter(|(access, _)| is_protected(*access));
    let paths: Vec<String> = protected.map(|(_, path)| path).collect();
    assert!(paths.len() >= 10, "{paths:?}");
    for path in paths {
        must_lead_to_the_door(&mut server.visitor(), &path).await;
    }
}

/// Red when the session is made after the password and only marked as half (better-auth
/// GHSA-xg6x), and a page forgets to look at the mark.
async fn half_a_sign_in_reaches_no_protected_page(server: &TestServer) {
    let participant = server.secure(server.participant("bellerive").await).await;
    for person in [server.secured().await, participant] {
        let mut visitor = server.visitor();
        visitor.begin(&person).await;
        for (access, path) in addresses() {
            if is_protected(access) {
                must_lead_to_the_door(&mut visitor.clone(), &path).await;
            } else {
                let page = visitor.clone().open(&path).await;
                assert!(
                    !page.text().contains(&person.name),
                    "{path} knows her already"
                );
            }
        }
    }
}

fn is_protected(access: Access) -> bool {
    matches!(access, Access::BackOffice | Access::Own | Access::Agent)
}

/// Red when a function trusts the cookie of the first step.
async fn half_a_sign_in_calls_no_protected_function(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let all: Vec<&str> = server_fn_paths().map(|(path, _)| path).collect();
    assert!(OPEN.iter().all(|open| all.contains(open)), "{all:?}");
    let protected: Vec<&str> = all
        .into_iter()
        .filter(|path| !OPEN.contains(path))
        .collect();
    assert!(protected.len() >= 5, "{protected:?}");
    for path in protected {
        let code = person.code();
        let fields = [
            ("code", code.as_str()),
            ("proof", &person.password),
            ("provider", "google"),
            ("locale", "en"),
        ];
        let request = Request::new(Method::POST, path).with_form(&fields);
        let data = visitor
            .exchange(request.with("accept", "application/json"))
            .await;
        assert!(
            data.text().contains("sign_in_first"),
            "{path}: {}",
            data.text()
        );
        let answer = visitor.clone().post(path, &fields).await;
        assert_eq!(answer.status, 303, "{path}");
        let to = answer.header("location");
        assert!(to.starts_with("/sign-in?next="), "{path}: {to}");
    }
    assert!(server.account(&person).await.second_factor);
    assert_eq!(
        visitor.give_code(&person.code()).await.url,
        paths::BACK_OFFICE
    );
}

/// Red when tokens are looked up without their kind (better-auth CVE-2026-114607).
async fn a_token_of_one_step_is_worth_nothing_at_another(server: &TestServer) {
    let person = server.secured().await;
    let mut half = server.visitor();
    half.begin(&person).await;
    let sign_in = half.jar.get("sign-in").unwrap().to_owned();
    let mut thief = server.visitor();
    thief.jar.plant("back-office", &sign_in);
    assert!(!thief.is_in().await);

    let whole = server.visitor().sign_in(&person).await;
    let session = whole.jar.get("back-office").unwrap().to_owned();
    server.clock.advance_secs(30);
    for token in [&session, &sign_in.chars().rev().collect::<String>()] {
        let mut thief = server.visitor();
        thief.jar.plant("sign-in", token);
        must_start_again(&mut thief, &person).await;
    }
}

/// The code is right, and yet there is nothing to finish.
async fn must_start_again(visitor: &mut Visitor, person: &Person) {
    let code = person.code();
    let request = Request::new(Method::POST, "/api/give_code");
    let request = request.with_form(&[("code", &code), ("form", "code"), ("locale", "en")]);
    let page = visitor.travel(request).await;
    assert_eq!(page.url, paths::SIGN_IN);
    assert_refused(&page, &Problem::SignIn(SignInProblem::Expired));
    assert_eq!(visitor.jar.get("back-office"), None);
    // Its page is not shown either.
    assert_eq!(visitor.open(paths::CODE).await.url, paths::SIGN_IN);
}

/// Red when the second step takes the account's name from the form (authentik CVE-2026-49448).
async fn no_code_is_taken_without_a_begun_sign_in(server: &TestServer) {
    let person = server.secured().await;
    must_start_again(&mut server.visitor(), &person).await;
}

async fn a_begun_sign_in_lives_for_ten_minutes(server: &TestServer) {
    let person = server.secured().await;
    let mut quick = server.visitor();
    quick.begin(&person).await;
    let mut slow = server.visitor();
    slow.begin(&person).await;
    server.clock.advance_secs(599);
    assert_eq!(
        quick.give_code(&person.code()).await.url,
        paths::BACK_OFFICE
    );
    server.clock.advance_secs(1);
    must_start_again(&mut slow, &person).await;
}

/// Red when the account is looked at in the first step only (Keycloak CVE-2026-9798).
async fn locking_the_account_closes_the_begun_sign_in(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    server
        .identity()
        .set_locked(&server.account(&person).await, true)
        .await
        .unwrap();
    must_start_again(&mut visitor, &person).await;
    // Nor does it open again with the account.
    server
        .identity()
        .set_locked(&server.account(&person).await, false)
        .await
        .unwrap();
    must_start_again(&mut visitor, &person).await;
}

async fn removing_the_second_factor_closes_the_begun_sign_in(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    server
        .identity()
        .reset_second_factor(&server.account(&person).await)
        .await
        .unwrap();
    assert_eq!(
        server.mail_to(&person.email).await.kind,
        "two_factor_disabled"
    );
    must_start_again(&mut visitor, &person).await;
}

/// Red when the record does not say which password opened it.
async fn a_new_password_closes_the_begun_sign_in(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    server.clock.advance_secs(1);
    let account = server.account(&person).await;
    let mut tx = server.identity().store.begin().await.unwrap();
    let at = domain::Clock::now(&server.clock);
    let again = store::SetPassword {
        hash: account.password_hash.as_deref().unwrap(),
        at,
        stands_alone: true,
        confirms_email: false,
    };
    tx.set_password(&account.id, &again).await.unwrap();
    tx.commit().await.unwrap();
    must_start_again(&mut visitor, &person).await;
}

/// Red when the row is written for the account as it was before the password was hashed: a lock
/// would come between, and the sign-in would wait for the account to be opened again.
async fn a_sign_in_does_not_begin_for_an_account_that_has_changed(server: &TestServer) {
    let person = server.secured().await;
    let identity = server.identity();
    let now = domain::Clock::now(&server.clock);
    let mut tx = identity.store.begin().await.unwrap();
    tx.lock_account(&person.id).await.unwrap();
    let mut visitor = server.visitor();
    let (email, password) = (person.email.clone(), person.password.clone());
    let giving = tokio::spawn(async move {
        let page = visitor.give_password(&email, &password).await;
        (visitor, page)
    });
    if server.database_url.starts_with("postgres") {
        // The password was right, and she waits for the account. SQLite has one writer, so that
        // there she waits before the password is counted, and the lock is seen anyway.
        wait_until_somebody_waits(server).await;
    }
    let locked = AccountStatus::Locked;
    tx.set_account_status(&person.id, locked, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (visitor, page) = giving.await.unwrap();
    assert_refused(&page, &Problem::SignIn(SignInProblem::Locked));
    assert_eq!(visitor.jar.get("sign-in"), None);
    assert_eq!(dump::count(&server.database_url, "sign_ins").await, 0);
}

/// Comes back when a statement of this database waits for a lock of another one.
async fn wait_until_somebody_waits(server: &TestServer) {
    let waiting =
        "pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    for _ in 0..1_000 {
        if dump::count(&server.database_url, waiting).await > 0 {
            return;
        }
    }
    panic!("nobody waits for the account");
}

async fn a_finished_sign_in_is_finished(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let mut again = visitor.clone();
    visitor.give_code(&person.code()).await;
    assert_eq!(visitor.jar.get("sign-in"), None);
    server.clock.advance_secs(30);
    must_start_again(&mut again, &person).await;
}

async fn two_browsers_do_not_share_a_sign_in(server: &TestServer) {
    let person = server.secured().await;
    server.visitor().begin(&person).await;
    must_start_again(&mut server.visitor(), &person).await;
}
