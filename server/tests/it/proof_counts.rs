//! What is counted of wrong codes and passwords inside sessions, and what clears it: somebody who has one of two factors
//! must not guess the other without end.

use crate::{
    new_phone::{BEGIN, remembered, scan},
    support::{Manager, TestServer, both, resets::NEW, words::assert_says},
};

both! {
    a_new_password_clears_no_count_of_codes_where_none_was_given,
    devices_from_before_the_second_factor_have_no_tries_of_their_own,
    no_code_clears_the_count_of_guessed_passwords,
    proofs_elsewhere_leave_those_of_a_settled_device,
}

const WRONG: &str = "a wrong guess";

async fn prove(manager: &mut Manager, action: &str, proof: &str) {
    let fields = [("proof", proof), ("locale", "en")];
    manager.post(action, &fields).await;
}

async fn change_password(manager: &mut Manager, present: &str, new: &str) {
    let fields = [("present", present), ("password", new), ("locale", "en")];
    manager.post("/api/change_password", &fields).await;
}

/// The kind of the mail that follows; earlier ones were ignored.
async fn next_mail(server: &TestServer, manager: &Manager) -> String {
    server.mail_to(&manager.person.email).await.kind
}

/// Red when a right code clears a count of passwords: it comes every thirty seconds.
async fn no_code_clears_the_count_of_guessed_passwords(server: &TestServer) {
    const ACTION: &str = "/api/prove_for_sessions";
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    server.clock.advance_secs(600);
    for _ in 0..2 {
        prove(&mut manager, ACTION, WRONG).await;
        change_password(&mut manager, WRONG, NEW).await;
    }
    let code = manager.person.code();
    prove(&mut manager, ACTION, &code).await;
    server.clock.advance_secs(600);
    server.ignore_mail_to(&manager.person.email).await;
    prove(&mut manager, ACTION, WRONG).await;
    assert_eq!(next_mail(server, &manager).await, "proof_guess");
    // Nor does a new phone.
    let code = manager.person.code();
    let new = scan(server, &mut manager, &code).await;
    let page = manager.confirm(&new.code()).await;
    assert_says(&page, "two_factor", "replaced");
    server.ignore_mail_to(&manager.person.email).await;
    for _ in 0..5 {
        server.clock.advance_secs(60);
        change_password(&mut manager, WRONG, NEW).await;
    }
    assert_eq!(next_mail(server, &manager).await, "proof_guess");
}

/// Red when somebody who knows the password changes it again and again, at a browser that is asked for no code, and has
/// five codes each time.
async fn a_new_password_clears_no_count_of_codes_where_none_was_given(server: &TestServer) {
    let person = server.secured().await;
    let mut manager = remembered(server, &person).await;
    let wrong = person.phone().wrong_code();
    for _ in 0..4 {
        prove(&mut manager, BEGIN, &wrong).await;
    }
    server.ignore_mail_to(&person.email).await;
    change_password(&mut manager, &person.password, NEW).await;
    assert_eq!(next_mail(server, &manager).await, "password_changed");
    prove(&mut manager, BEGIN, &wrong).await;
    assert_eq!(next_mail(server, &manager).await, "proof_guess");
}

/// Red when somebody who had the password has a hundred codes for each browser in which it was typed before.
async fn devices_from_before_the_second_factor_have_no_tries_of_their_own(server: &TestServer) {
    let mut manager = server.manager().await;
    let planted = server.visitor().sign_in(&manager.person).await;
    let mut planted = planted.sign_out().await;
    manager.enable_two_factor(server).await;
    let person = manager.person.clone();
    server.ignore_mail_to(&person.email).await;
    planted.begin(&person).await;
    for _ in 0..4 {
        planted.give_code(&person.phone().wrong_code()).await;
    }
    let mut other = server.visitor();
    other.begin(&person).await;
    other.give_code(&person.phone().wrong_code()).await;
    assert_eq!(next_mail(server, &manager).await, "second_factor_guess");
    // The browser in which it was enabled keeps its own.
    server.clock.advance_secs(30);
    let mut own = manager.sign_out().await;
    own.begin(&person).await;
    own.give_code(&person.code()).await;
    assert!(own.is_in().await);
}

/// Red when somebody in a session uses up what its owner has on a device of long standing, e.g. with right proofs, of which
/// no mail tells.
async fn proofs_elsewhere_leave_those_of_a_settled_device(server: &TestServer) {
    let manager = server.manager().await;
    let person = manager.person.clone();
    let own = manager.sign_out().await;
    server.clock.advance_secs(24 * 3600);
    let mut own = own.sign_in(&person).await;
    let mut other = server.visitor().sign_in(&person).await;
    server.ignore_mail_to(&person.email).await;
    for _ in 0..30 {
        change_password(&mut other, &person.password, &person.password).await;
    }
    change_password(&mut other, &person.password, NEW).await;
    change_password(&mut own, &person.password, "another evening by the lake").await;
    assert_eq!(next_mail(server, &own).await, "password_changed");
    assert!(own.is_in().await && !other.is_in().await);
}
