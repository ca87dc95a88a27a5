//! Whoever leaves takes everything along: after her account nothing of her is in the database.

use crate::support::{TestServer, both, own_data::well_known};
use app::paths;
use domain::Duration;
use testkit::dump;

both! {
    nothing_is_left_of_whoever_has_gone,
}

/// Red when the mails, the counted tries or the file of the database outlive the account.
async fn nothing_is_left_of_whoever_has_gone(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let name = "Zebulon Quirke";
    let mut manager = well_known(server, &person).await;
    let path = manager.own(paths::NAME);
    let page = manager.open(&path).await;
    manager
        .submit(page.form("/api/change_name").fill("name", name))
        .await;
    let identity = server.identity();
    server.clock.advance_secs(7 * 24 * 3600);
    assert_eq!(identity.delete_due_accounts().await.unwrap(), 1);
    let last = identity.store.mailbox(99).await.unwrap();
    assert_eq!(last.len(), 1, "her other mails are gone");
    assert_eq!(server.mail_to(&person.email).await.kind, "account_deleted");
    let tables = [
        "sessions",
        "devices",
        "tokens",
        "activity",
        "totp_factors",
        "recovery_codes",
    ];
    for table in tables {
        assert_eq!(dump::count(&server.database_url, table).await, 0, "{table}");
    }
    let now = identity.clock.now();
    identity
        .store
        .mark_mail_sent(&last[0].id, now)
        .await
        .unwrap();
    // What stays for a while goes as well.
    let later = now
        .plus(domain::retention::DELETIONS)
        .plus(Duration::from_secs(1));
    server::sweep::sweep_once(&identity.store, later, false)
        .await
        .unwrap();
    identity.store.close().await;
    let all = dump::everything(&server.database_url).await;
    for trace in [
        name,
        person.email.as_str(),
        person.id.as_str(),
        "wanted@home",
    ] {
        assert!(!dump::holds(&all, trace.as_bytes()), "{trace} is left");
    }
}
