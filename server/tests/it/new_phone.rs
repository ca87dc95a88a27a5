//! A new phone: it takes the place of the one before, which protects the account until then. And what proves enough for that.

use crate::support::{
    Manager, Person, TestServer, Visitor, both, secret_of,
    words::{assert_refused, assert_says, text},
};
use app::paths;
use contract::{CodeProblem, Problem, ProofProblem};
use domain::{Locale, password::Password};
use testkit::{Page, Phone, tamper};

both! {
    a_new_phone_replaces_the_old_one_which_protects_until_then,
    leaving_half_way_keeps_the_old_phone,
    a_password_is_not_enough_where_no_code_was_asked_for,
    no_password_clears_the_count_of_guessed_codes,
    a_recovery_code_is_proof_enough,
    after_a_recovery_code_the_page_says_what_to_do_until_it_is_done,
}

/// The form that shows the secret.
pub const BEGIN: &str = "/api/begin_two_factor";

/// Shows the secret of a new phone.
pub async fn scan(server: &TestServer, manager: &mut Manager, proof: &str) -> Phone {
    let page = manager.prove(BEGIN, proof).await;
    assert_says(&page, "two_factor", "new_phone_lead");
    Phone::with_secret(&secret_of(&page), &server.clock)
}

/// Gives a code of this phone at the second step of a fresh sign-in.
async fn sign_in_with(server: &TestServer, person: &Person, phone: &Phone) -> Page {
    let mut visitor = server.visitor();
    visitor.begin(person).await;
    visitor.give_code(&phone.code()).await
}

/// Signs in with a remembered browser, which is asked for no code.
pub async fn remembered(server: &TestServer, person: &Person) -> Manager {
    let mut visitor: Visitor = server.visitor();
    visitor.begin(person).await;
    visitor.give_code_to_be_remembered(&person.code()).await;
    let inside = visitor.inside(person);
    let mut again = inside.sign_out().await;
    server.clock.advance_secs(30);
    let page = again.give_password(&person.email, &person.password).await;
    assert_eq!(page.url, person.door.home());
    again.inside(person)
}

async fn a_new_phone_replaces_the_old_one_which_protects_until_then(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    let mut other = server.visitor();
    server.clock.advance_secs(30);
    other.begin(&manager.person).await;
    other.give_code(&manager.person.code()).await;
    let old = manager.person.phone.take().unwrap();
    let password = manager.person.password.clone();
    let new = scan(server, &mut manager, &password).await;
    // Until a code of the new phone was right, the old one opens the door.
    let page = manager.confirm(&new.wrong_code()).await;
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
    server.clock.advance_secs(30);
    let page = sign_in_with(server, &manager.person, &old).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
    let page = manager.confirm(&new.code()).await;
    assert_says(&page, "two_factor", "replaced");
    assert_eq!(
        server.mail_to(&manager.person.email).await.kind,
        "phone_replaced"
    );
    assert!(manager.is_in().await && !other.is_in().await);
    server.clock.advance_secs(30);
    let page = sign_in_with(server, &manager.person, &old).await;
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
    let page = sign_in_with(server, &manager.person, &new).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
    // The sheet of codes is still good.
    let mut visitor = server.visitor();
    visitor.begin(&manager.person).await;
    let page = visitor.give_code(&codes[0]).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
    let lines = server.log_of(&manager.person.id).await;
    assert!(lines.iter().any(|line| line.kind == "phone_replaced"));
    server.ignore_mail_to(&manager.person.email).await;
}

async fn leaving_half_way_keeps_the_old_phone(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let old = manager.person.phone.take().unwrap();
    let password = manager.person.password.clone();
    let new = scan(server, &mut manager, &password).await;
    manager.post("/api/cancel_two_factor", &[]).await;
    server.clock.advance_secs(30);
    let page = sign_in_with(server, &manager.person, &new).await;
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
    let page = sign_in_with(server, &manager.person, &old).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
}

/// Red when somebody who knows the password takes the second factor away at a browser that is asked for no code.
async fn a_password_is_not_enough_where_no_code_was_asked_for(server: &TestServer) {
    let person = server.secured().await;
    let mut manager = remembered(server, &person).await;
    for action in [
        BEGIN,
        "/api/renew_recovery_codes",
        "/api/disable_two_factor",
    ] {
        let page = manager.prove(action, &person.password).await;
        assert_refused(&page, &Problem::Proof(ProofProblem::CodeNeeded));
        assert_says(&page, "two_factor", "code_hint");
    }
    assert!(server.account(&person).await.second_factor);
    server.clock.advance_secs(30);
    scan(server, &mut manager, &person.code()).await;
    manager.post("/api/cancel_two_factor", &[]).await;
    server.clock.advance_secs(30);
    let page = manager
        .prove("/api/disable_two_factor", &person.code())
        .await;
    assert_says(&page, "two_factor", "disabled");
    server.ignore_mail_to(&person.email).await;
}

/// Red when codes can be guessed where any proof is asked for, or beside a password that has the form of a code, without
/// end and without a word to the owner.
async fn no_password_clears_the_count_of_guessed_codes(server: &TestServer) {
    const LIKE_A_CODE: &str = "harbourlanternsx";
    const ANY_PROOF: &str = "/api/prove_for_sessions";
    for (action, password) in [
        (ANY_PROOF, None),
        (ANY_PROOF, Some(LIKE_A_CODE)),
        ("/api/disable_two_factor", Some(LIKE_A_CODE)),
    ] {
        let mut person = server.secured().await;
        if let Some(password) = password {
            let typed = Password::parse(password).unwrap();
            let hash = server.identity().hasher.hash(&typed).await.unwrap();
            let id = &person.id;
            let set = format!("update accounts set password_hash = '{hash}' where id = '{id}'");
            tamper(&server.database_url, &set).await;
            password.clone_into(&mut person.password);
        }
        let mut manager = remembered(server, &person).await;
        // A proof is asked for again.
        server.clock.advance_secs(600);
        let give = async |manager: &mut Manager, proof: &str| {
            let fields = [("proof", proof), ("locale", "en")];
            manager.post(action, &fields).await;
        };
        for _ in 0..4 {
            give(&mut manager, &person.phone().wrong_code()).await;
        }
        give(&mut manager, &person.password).await;
        server.clock.advance_secs(600);
        server.ignore_mail_to(&person.email).await;
        give(&mut manager, &person.phone().wrong_code()).await;
        let mail = server.mail_to(&person.email).await;
        assert_eq!(mail.kind, "proof_guess", "{action} {password:?}");
        assert!(server.account(&person).await.second_factor);
        server.ignore_mail_to(&person.email).await;
    }
}

async fn a_recovery_code_is_proof_enough(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    server.clock.advance_secs(30);
    let mut manager = remembered(server, &manager.person).await;
    let new = scan(server, &mut manager, &codes[0]).await;
    let page = manager.confirm(&new.code()).await;
    assert_says(&page, "two_factor", "replaced");
    server.ignore_mail_to(&manager.person.email).await;
}

/// Red when what to do about a lost phone is said once and never again.
async fn after_a_recovery_code_the_page_says_what_to_do_until_it_is_done(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    server.clock.advance_secs(30);
    let mut visitor = server.visitor();
    visitor.begin(&manager.person).await;
    visitor.give_code(&codes[0]).await;
    let mut inside = visitor.inside(&manager.person);
    let says = async |inside: &mut Manager, path: &str| {
        let page = inside.open(path).await;
        page.text()
            .contains(&text(Locale::En, "two_factor", "recovery_used"))
    };
    let pages = [paths::BACK_OFFICE, paths::SETTINGS, paths::TWO_FACTOR];
    for path in pages.iter().chain(&pages) {
        assert!(says(&mut inside, path).await, "{path}");
    }
    let new = scan(server, &mut inside, &codes[1]).await;
    server.clock.advance_secs(30);
    inside.confirm(&new.code()).await;
    for path in pages {
        assert!(!says(&mut inside, path).await, "{path}");
    }
    server.ignore_mail_to(&manager.person.email).await;
}
