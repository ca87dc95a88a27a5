//! What happened to an account can be read afterwards: what, when, and from where.

use crate::support::{TestServer, both};
use app::paths;

both! {
    every_change_of_an_account_is_written_down,
}

/// Red when an entry is left out, or written when nothing happened.
async fn every_change_of_an_account_is_written_down(server: &TestServer) {
    let mut manager = server.manager().await;
    let email = manager.person.email.clone();
    let codes = manager.enable_two_factor(server).await;
    server.clock.advance_secs(30);
    let password = manager.person.password.clone();
    manager
        .prove("/api/renew_recovery_codes", "five ships in a bottle")
        .await;
    manager.prove("/api/renew_recovery_codes", &password).await;
    server.mail_to(&email).await;
    // An old code of the sheet that was replaced: nothing happens.
    manager.prove("/api/disable_two_factor", &codes[0]).await;
    let code = manager.person.code();
    manager.prove("/api/disable_two_factor", &code).await;
    server.mail_to(&email).await;
    let page = manager.open(paths::PROFILE).await;
    manager.submit(page.form("/api/sign_out")).await;
    server
        .identity()
        .set_locked(&server.account(&manager.person).await, true)
        .await
        .unwrap();

    let mut entries = server.log_of(&manager.person.id).await;
    entries.reverse();
    let kinds: Vec<&str> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    let expected = [
        "account_created",
        "account_set_up",
        "signed_in",
        "two_factor_enabled",
        "recovery_codes_made",
        "two_factor_disabled",
        "signed_out",
        "locked",
    ];
    let mut sorted = (kinds.clone(), expected.to_vec());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    assert_eq!(sorted.0, sorted.1, "in this order: {kinds:?}");
    for entry in &entries {
        let by_herself = !["account_created", "locked"].contains(&entry.kind.as_str());
        let actor = entry.actor.kind.as_deref();
        let expected = if by_herself { "owner" } else { "command_line" };
        assert_eq!(actor, Some(expected), "{}", entry.kind);
        assert_eq!(
            entry.actor.account_id.is_some(),
            by_herself,
            "{}",
            entry.kind
        );
        let from_the_browser = by_herself && entry.kind != "account_set_up";
        assert_eq!(
            entry.user_agent == "Firefox, Linux",
            from_the_browser,
            "{}",
            entry.kind
        );
        assert_eq!(
            entry.network == "127.0.0.1",
            from_the_browser,
            "{}",
            entry.kind
        );
    }
}
