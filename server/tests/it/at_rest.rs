//! What a thief of the database gets: hashes and sealed boxes.

use crate::support::{TestServer, both};
use app::paths;
use data_encoding::BASE32_NOPAD;
use domain::Locale;
use testkit::dump;

both! {
    no_secret_is_stored_in_clear,
    what_was_typed_into_a_form_is_sealed,
}

/// Red when a token is stored instead of its hash; when a mail is put into the outbox unsealed.
async fn no_secret_is_stored_in_clear(server: &TestServer) {
    let (_, link) = server.invited(Locale::En, None).await;
    let mut manager = server.manager().await;
    let phone_page = manager.scan(server).await;
    let mut secrets = vec![
        ("set-up token", link.rsplit_once('=').unwrap().1.to_owned()),
        ("password", manager.person.password.clone()),
        (
            "session",
            manager.jar.get("back-office").unwrap().to_owned(),
        ),
        ("device", manager.jar.get("device").unwrap().to_owned()),
    ];
    let pending =
        crate::support::secret_of(&manager.open(paths::TWO_FACTOR).await).replace(' ', "");
    check(server, &pending, "pending TOTP secret").await;

    // The sheet waits until it is saved.
    let answer = manager
        .post(
            "/api/enable_two_factor",
            &[("code", &phone_page.code()), ("locale", "en")],
        )
        .await;
    assert_eq!(answer.status, 303);
    let waiting = dump::everything(&server.database_url).await;
    let sheet = crate::support::codes_of(&manager.open(paths::TWO_FACTOR).await);
    assert_eq!(sheet.len(), 10);
    for code in &sheet {
        let bare = code.replace('-', "");
        for text in [code, &bare] {
            assert!(
                !dump::holds(&waiting, text.as_bytes()),
                "a recovery code waits in clear"
            );
        }
        secrets.extend([("recovery code", code.clone()), ("recovery code", bare)]);
    }
    assert_eq!(
        server.mail_to(&manager.person.email).await.kind,
        "two_factor_enabled"
    );

    let mut half = server.visitor();
    half.begin(&manager.person).await;
    secrets.push(("begun sign-in", half.jar.get("sign-in").unwrap().to_owned()));
    half.give_code("not a code").await;
    check(server, &pending, "TOTP secret").await;
    let all = dump::everything(&server.database_url).await;
    assert!(
        dump::holds(&all, manager.person.email.as_bytes()),
        "the dump holds what is not secret"
    );
    for (kind, secret) in secrets {
        assert!(
            !dump::holds(&all, secret.as_bytes()),
            "a {kind} is stored in clear"
        );
    }
}

/// A TOTP secret is looked for as text and as the bytes that it stands for.
async fn check(server: &TestServer, base32: &str, what: &str) {
    let all = dump::everything(&server.database_url).await;
    let bytes = BASE32_NOPAD.decode(base32.as_bytes()).unwrap();
    assert_eq!(bytes.len(), 20);
    assert!(
        !dump::holds(&all, base32.as_bytes()),
        "the {what} is stored as text"
    );
    assert!(!dump::holds(&all, &bytes), "the {what} is stored as bytes");
}

/// Red when a flash is stored as JSON.
async fn what_was_typed_into_a_form_is_sealed(server: &TestServer) {
    let mut visitor = server.visitor();
    let fields = [
        ("email", "typed.by.mistake@town.example"),
        ("password", "typed by mistake"),
        ("locale", "en"),
    ];
    visitor.post("/api/sign_in", &fields).await;
    let all = dump::everything(&server.database_url).await;
    assert!(
        !dump::holds(&all, b"typed.by.mistake"),
        "the address waits in clear"
    );
    assert!(
        !dump::holds(&all, b"typed by mistake"),
        "the password waits in clear"
    );
    let token = visitor.jar.get("flash.sign-in").unwrap();
    assert!(
        !dump::holds(&all, token.as_bytes()),
        "the flash's token is stored in clear"
    );
    // And yet it is there.
    let page = visitor.open(paths::SIGN_IN).await;
    assert_eq!(
        page.form("/api/sign_in").value("email"),
        Some("typed.by.mistake@town.example")
    );
}
