//! Switching two-factor off: on the same screen, with a proof, and for good.

use crate::support::{
    Manager, TestServer, all_at_once, both,
    words::{assert_refused, assert_says, too_many},
};
use app::paths;
use contract::{CodeProblem, Field, Problem, ProofProblem};
use domain::Duration;

both! {
    c20_c21_c23_it_is_disabled_with_the_password_on_the_same_screen,
    c21_it_is_disabled_with_a_current_code,
    c21_it_is_disabled_with_a_recovery_code,
    c21_nothing_is_disabled_without_a_right_proof,
    c21_a_used_code_is_no_proof,
    c22_afterwards_only_the_password_is_asked_and_the_secret_is_gone,
    proofs_are_limited,
    the_other_sessions_end,
    disabling_at_once_in_ten_windows_is_mailed_once,
    somebody_without_it_cannot_disable_it,
}

const DISABLE: &str = "/api/disable_two_factor";

async fn is_off_and_mailed(server: &TestServer, manager: &Manager) {
    assert!(!server.account(&manager.person).await.second_factor);
    let mail = server.mail_to(&manager.person.email).await;
    assert_eq!(mail.kind, "two_factor_disabled");
}

async fn c20_c21_c23_it_is_disabled_with_the_password_on_the_same_screen(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let password = manager.person.password.clone();
    let page = manager.prove(DISABLE, &password).await;
    assert_eq!(page.url, paths::TWO_FACTOR);
    assert_says(&page, "two_factor", "disabled");
    is_off_and_mailed(server, &manager).await;
}

async fn c21_it_is_disabled_with_a_current_code(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    server.clock.advance_secs(30);
    let code = manager.person.code();
    assert_says(
        &manager.prove(DISABLE, &code).await,
        "two_factor",
        "disabled",
    );
    is_off_and_mailed(server, &manager).await;
}

async fn c21_it_is_disabled_with_a_recovery_code(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    assert_says(
        &manager.prove(DISABLE, &codes[4]).await,
        "two_factor",
        "disabled",
    );
    // One mail says that a code was used, the other what for.
    let kinds = [
        server.mail_to(&manager.person.email).await.kind,
        server.mail_to(&manager.person.email).await.kind,
    ];
    assert!(
        kinds.contains(&"two_factor_disabled".to_owned()),
        "{kinds:?}"
    );
    assert!(
        kinds.contains(&"recovery_code_used".to_owned()),
        "{kinds:?}"
    );
}

/// Red when the proof is judged by the page's form only.
async fn c21_nothing_is_disabled_without_a_right_proof(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let wrong = manager.person.phone().wrong_code();
    for proof in [
        "five ships in a bottle",
        wrong.as_str(),
        "AAAA-BBBB-CCCC-DDDD",
    ] {
        assert_refused(
            &manager.prove(DISABLE, proof).await,
            &Problem::Proof(ProofProblem::Rejected),
        );
    }
    let empty = Problem::Empty {
        field: Field::Proof,
    };
    assert_refused(&manager.prove(DISABLE, "").await, &empty);
    assert!(server.account(&manager.person).await.second_factor);
}

async fn c21_a_used_code_is_no_proof(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    // The one that enabled it a moment ago.
    let code = manager.person.code();
    assert_refused(
        &manager.prove(DISABLE, &code).await,
        &Problem::Proof(ProofProblem::Rejected),
    );
    assert!(server.account(&manager.person).await.second_factor);
}

/// Red when disabling only marks the factor.
async fn c22_afterwards_only_the_password_is_asked_and_the_secret_is_gone(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    let password = manager.person.password.clone();
    manager.prove(DISABLE, &password).await;
    is_off_and_mailed(server, &manager).await;
    let (store, id) = (&server.identity().store, &manager.person.id);
    assert!(store.totp_factor(id).await.unwrap().is_none());
    assert!(store.totp_enrolment(id).await.unwrap().is_none());
    assert!(store.recovery_parameters(id).await.unwrap().is_none());
    let page = server
        .visitor()
        .give_password(&manager.person.email, &password)
        .await;
    assert_eq!(page.url, paths::BACK_OFFICE);

    // Set up again, it has another secret: the old telephone and sheet stay worthless.
    let old = manager.person.phone.take().unwrap();
    manager.enable_two_factor(server).await;
    server.clock.advance_secs(30);
    let mut visitor = server.visitor();
    visitor.begin(&manager.person).await;
    assert_refused(
        &visitor.give_code(&old.code()).await,
        &Problem::Code(CodeProblem::Rejected),
    );
    assert_refused(
        &visitor.give_code(&codes[0]).await,
        &Problem::Code(CodeProblem::Rejected),
    );
}

/// Red when proofs share the bucket of the door, or have none: a stolen session could guess.
async fn proofs_are_limited(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    for _ in 0..5 {
        let page = manager.prove(DISABLE, "five ships in a bottle").await;
        assert_refused(&page, &Problem::Proof(ProofProblem::Rejected));
    }
    let mail = server.mail_to(&manager.person.email).await;
    assert_eq!(mail.kind, "proof_guess");
    assert!(mail.text.contains("/not-me?token="), "{}", mail.text);
    let password = manager.person.password.clone();
    for action in [DISABLE, "/api/renew_recovery_codes"] {
        let page = manager.prove(action, &password).await;
        assert_refused(&page, &too_many(Duration::from_mins(1)));
    }
    // The door is another matter.
    server.clock.advance_secs(30);
    server.visitor().sign_in(&manager.person).await;
    server.clock.advance_secs(30);
    assert_says(
        &manager.prove(DISABLE, &password).await,
        "two_factor",
        "disabled",
    );
    is_off_and_mailed(server, &manager).await;
}

async fn the_other_sessions_end(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    server.clock.advance_secs(30);
    let mut other = server.visitor().sign_in(&manager.person).await;
    let password = manager.person.password.clone();
    manager.prove(DISABLE, &password).await;
    is_off_and_mailed(server, &manager).await;
    assert!(manager.is_in().await && !other.is_in().await);
}

async fn disabling_at_once_in_ten_windows_is_mailed_once(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let windows = (0..10).map(|_| {
        let mut window = manager.clone();
        async move {
            let password = window.person.password.clone();
            let fields = [("proof", password.as_str()), ("locale", "en")];
            assert_eq!(window.post(DISABLE, &fields).await.status, 303);
        }
    });
    all_at_once(windows).await;
    is_off_and_mailed(server, &manager).await;
}

async fn somebody_without_it_cannot_disable_it(server: &TestServer) {
    let mut manager = server.manager().await;
    let fields = [
        ("proof", manager.person.password.clone()),
        ("locale", "en".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = manager.post(DISABLE, &fields).await;
    let page = manager.open(answer.header("location")).await;
    assert_refused(&page, &Problem::Unchanged);
}
