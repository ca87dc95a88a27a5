//! Switching two-factor on, against the odds: clocks, other windows, other sessions, old proofs.

use crate::{
    enrolment::{is_off, post_code},
    support::{
        TestServer, all_at_once, both, codes_of, secret_of,
        words::{self, assert_refused},
    },
};
use app::paths;
use contract::{CodeProblem, Field, Problem, ProofProblem};
use http::Method;
use std::collections::BTreeSet;
use testkit::{Phone, wire::Request};

const BEGIN: &str = "/api/begin_two_factor";

both! {
    a_clock_that_is_off_is_named,
    a_secret_belongs_to_the_session_that_it_was_shown_in,
    a_secret_is_shown_for_half_an_hour,
    starting_again_draws_another_secret,
    a_form_of_an_earlier_set_up_is_outdated_and_not_judged,
    after_five_minutes_a_proof_comes_first,
    the_right_code_at_once_in_ten_windows_enables_it_once,
    it_is_not_set_up_twice,
}

async fn a_clock_that_is_off_is_named(server: &TestServer) {
    let mut manager = server.manager().await;
    let phone = manager.scan(server).await;
    for seconds in [-600, -90, 60, 300] {
        let page = manager.confirm(&phone.off_by(seconds).code()).await;
        assert_refused(&page, &Problem::Code(CodeProblem::ClockOff { seconds }));
    }
    assert_refused(
        &manager.confirm(&phone.off_by(-660).code()).await,
        &Problem::Code(CodeProblem::Rejected),
    );
    is_off(server, &manager).await;
}

/// Red when the secret belongs to the account alone: a stolen session could see or confirm it.
async fn a_secret_belongs_to_the_session_that_it_was_shown_in(server: &TestServer) {
    let mut manager = server.manager().await;
    let mut other = server.visitor().sign_in(&manager.person).await;
    let phone = manager.scan(server).await;
    let page = other.open(paths::TWO_FACTOR).await;
    assert!(page.has_form("/api/begin_two_factor") && secret_of(&page).is_empty());
    post_code(
        &mut other,
        &phone.code(),
        &Problem::Code(CodeProblem::NotEnrolling),
    )
    .await;
    is_off(server, &manager).await;
}

async fn a_secret_is_shown_for_half_an_hour(server: &TestServer) {
    let mut manager = server.manager().await;
    let phone = manager.scan(server).await;
    server.clock.advance_secs(1799);
    assert!(!secret_of(&manager.open(paths::TWO_FACTOR).await).is_empty());
    server.clock.advance_secs(1);
    assert!(secret_of(&manager.open(paths::TWO_FACTOR).await).is_empty());
    post_code(
        &mut manager,
        &phone.code(),
        &Problem::Code(CodeProblem::NotEnrolling),
    )
    .await;
}

async fn starting_again_draws_another_secret(server: &TestServer) {
    let mut manager = server.manager().await;
    let first = manager.scan(server).await;
    let answer = manager
        .post("/api/begin_two_factor", &[("locale", "en")])
        .await;
    assert_eq!(answer.header("location"), paths::TWO_FACTOR);
    assert_refused(
        &manager.confirm(&first.code()).await,
        &Problem::Code(CodeProblem::Rejected),
    );
}

/// Red when the proof is asked for by the page only, or after the code was typed.
async fn after_five_minutes_a_proof_comes_first(server: &TestServer) {
    let mut manager = server.manager().await;
    server.clock.advance_secs(299);
    let page = manager.open(paths::TWO_FACTOR).await;
    assert!(!page.form(BEGIN).names().contains(&"proof"));
    server.clock.advance_secs(1);
    let settings = manager.open(paths::SETTINGS).await;
    assert!(
        !settings.has_form(BEGIN),
        "nobody is asked for what has no field"
    );
    let page = manager
        .travel(Request::new(Method::POST, BEGIN).with_form(&[("locale", "en")]))
        .await;
    assert_refused(&page, &Problem::Proof(ProofProblem::Needed));
    let form = page.form(BEGIN);
    let page = manager
        .submit(form.clone().fill("proof", "five ships in a bottle"))
        .await;
    assert_refused(&page, &Problem::Proof(ProofProblem::Rejected));
    assert!(secret_of(&page).is_empty());
    let password = manager.person.password.clone();
    let page = manager.submit(form.fill("proof", &password)).await;
    let phone = Phone::with_secret(&secret_of(&page), &server.clock);
    // The set-up was begun with a proof, and needs no other.
    server.clock.advance_secs(300);
    let page = manager.confirm(&phone.code()).await;
    words::assert_says(&page, "two_factor", "done");
    assert_eq!(
        server.mail_to(&manager.person.email).await.kind,
        "two_factor_enabled"
    );
}

/// Red when the set-up is not closed in the transaction that enables: two sheets of codes, of
/// which one is worthless, and two mails.
async fn the_right_code_at_once_in_ten_windows_enables_it_once(server: &TestServer) {
    let mut manager = server.manager().await;
    let phone = manager.scan(server).await;
    let code = phone.code();
    let windows = (0..10).map(|_| {
        let (mut window, code) = (manager.clone(), code.clone());
        async move {
            let request = Request::new(Method::POST, "/api/enable_two_factor");
            let page = window
                .travel(request.with_form(&[("code", &code), ("locale", "en")]))
                .await;
            assert_eq!(page.status, 200, "{}", page.text());
            codes_of(&page)
        }
    });
    let sheets = all_at_once(windows).await;
    // A window that came later may read the one sheet as well.
    let shown: BTreeSet<_> = sheets.iter().filter(|codes| !codes.is_empty()).collect();
    assert_eq!(shown.len(), 1, "{sheets:?}");
    assert_eq!(
        server.mail_to(&manager.person.email).await.kind,
        "two_factor_enabled"
    );
}

async fn it_is_not_set_up_twice(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let page = manager
        .travel(Request::new(Method::POST, BEGIN).with_form(&[("locale", "en")]))
        .await;
    let empty = Problem::Empty {
        field: Field::Proof,
    };
    assert_refused(&page, &empty);
    assert!(secret_of(&page).is_empty());
}

/// Red when the form of a set-up that was begun again in another tab is judged by the key of that tab: its
/// right code would be called wrong.
async fn a_form_of_an_earlier_set_up_is_outdated_and_not_judged(server: &TestServer) {
    let mut manager = server.manager().await;
    let earlier = manager.scan(server).await;
    let first_tab = manager.open(paths::TWO_FACTOR).await;
    manager.post(BEGIN, &[("locale", "en")]).await;
    let second_tab = manager.open(paths::TWO_FACTOR).await;
    let key = secret_of(&second_tab);
    assert_ne!(secret_of(&first_tab), key);
    let later = Phone::with_secret(&key, &server.clock);
    // Oftener than any code may be wrong.
    for _ in 0..2 {
        for code in [earlier.code(), earlier.wrong_code(), later.code()] {
            let form = first_tab.form("/api/enable_two_factor");
            let page = manager.submit(form.fill("code", &code)).await;
            assert_refused(&page, &Problem::Code(CodeProblem::Outdated));
            assert_eq!(secret_of(&page), key, "the page shows what counts now");
        }
    }
    is_off(server, &manager).await;
    let form = second_tab.form("/api/enable_two_factor");
    let page = manager.submit(form.fill("code", &later.code())).await;
    words::assert_says(&page, "two_factor", "done");
    assert_eq!(
        server.mail_to(&manager.person.email).await.kind,
        "two_factor_enabled"
    );
}
