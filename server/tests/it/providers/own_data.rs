//! What is linked is the owner's own data; the secrets of a round trip are nobody's.

use crate::support::providers::{Stage, TENANT, leads_to, microsoft_account, with_providers};
use app::paths;
use serde_json::Value;

with_providers! {
    what_is_linked_and_what_is_begun_is_in_the_file,
}

/// Red when a link or a flow is left out, or a flow's secrets are in it.
async fn what_is_linked_and_what_is_begun_is_in_the_file(stage: &Stage) {
    let account = microsoft_account(TENANT, "object-1", "other@mail.example");
    stage.microsoft.is(account);
    let mut manager = stage.manager().await;
    let person = manager.person.clone();
    stage.link(&mut manager, &stage.microsoft).await;
    let proof = &person.password;
    let begun = stage.begin_link(&mut manager, &stage.google, proof).await;
    let location = leads_to(&begun);

    let page = manager.open(paths::OWN_DATA).await;
    for words in [
        "other@mail.example",
        TENANT,
        "object-1",
        "Microsoft",
        "Google",
    ] {
        assert!(page.text().contains(words), "{words}");
    }
    let reply = manager.send(page.form("/api/download_data")).await;
    let file: Value = serde_json::from_slice(&reply.body).unwrap();
    let linked = &file["linked_accounts"][0];
    assert_eq!(linked["provider"], "microsoft");
    assert_eq!(linked["subject"], "object-1");
    let flow = &file["begun_round_trips"][0];
    assert_eq!(flow["provider"], "google");
    assert_eq!(flow["purpose"], "link");
    for secret in ["state=", "nonce=", "code_challenge="] {
        let (_, rest) = location.split_once(secret).unwrap();
        let value = rest.split('&').next().unwrap();
        assert!(!reply.text().contains(value), "{secret}");
    }
    stage.ignore_mail_to(&person.email).await;
}
