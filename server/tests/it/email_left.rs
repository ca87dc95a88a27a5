//! An address that was left waits for its owner as long as she can take it back, and is free then.

use crate::support::{
    Person, TestServer, both,
    email::{ask, asked, change, told_of_undo, undo},
    words::assert_refused,
};
use contract::{DetailsProblem, Problem};
use identity::{Error, NewAccount, NewParticipant};

both! {
    the_address_is_kept_for_its_owner,
    the_address_is_kept_as_long_as_it_can_be_taken_back,
    after_a_week_the_address_is_free,
}

/// Red when an address is free as soon as it was left: whoever opens an account with it, or moves
/// another one there, would stand in the way of its owner.
async fn the_address_is_kept_for_its_owner(server: &TestServer) {
    for mut thief in server.signed_in_people().await {
        let owner = thief.person.email.clone();
        let mail = change(server, &mut thief, "thief@evil.example").await;
        must_be_kept(server, &thief.person, &owner).await;
        undo(server, &thief.person, &mail).await;
        told_of_undo(server, &owner, "thief@evil.example").await;
        assert_eq!(server.account(&thief.person).await.email, owner);
    }
}

/// Red when the address is free, or the link dead, before the week is over: an owner who reads the
/// mail on Monday would find that another account has the address.
async fn the_address_is_kept_as_long_as_it_can_be_taken_back(server: &TestServer) {
    for person in server.signed_in_people().await {
        // The clock has moved for the one before.
        let mut thief = server.visitor().sign_in(&person.person).await;
        let owner = thief.person.email.clone();
        let mail = change(server, &mut thief, "thief@evil.example").await;
        server.clock.advance_secs((6 * 24 + 23) * 3600);
        must_be_kept(server, &thief.person, &owner).await;
        undo(server, &thief.person, &mail).await;
        told_of_undo(server, &owner, "thief@evil.example").await;
        assert_eq!(server.account(&thief.person).await.email, owner);
    }
}

/// Fails unless this address, which its owner has lost, is neither for a new account nor for another one
/// of the realm.
async fn must_be_kept(server: &TestServer, lost_by: &Person, email: &str) {
    assert!(matches!(
        open_account(server, lost_by, email).await,
        Err(Error::Taken)
    ));
    let accomplice = if lost_by.door.is_back_office() {
        server.person().await
    } else {
        server.participant("bellerive").await
    };
    let mut accomplice = server.visitor().sign_in(&accomplice).await;
    let typed = email.to_uppercase();
    ask(&mut accomplice, &typed, "").await;
    let link = asked(server, &accomplice.person.email, &typed).await;
    let page = accomplice.open(&link.link(&server.origin())).await;
    let page = accomplice.submit(page.form("/api/confirm_email")).await;
    assert_refused(&page, &Problem::Details(DetailsProblem::AddressUnusable));
}

/// Opens an account of the same realm with this address.
async fn open_account(server: &TestServer, like: &Person, email: &str) -> identity::Result<()> {
    let email = domain::Email::parse(email).unwrap();
    let name = domain::DisplayName::parse("Somebody Else").unwrap();
    let locale = domain::Locale::En;
    let realm = server.account(like).await.realm;
    let identity = server.identity();
    if let domain::Realm::Organisation(organisation) = realm {
        let password = "herons walk at dawn";
        let confirmed = false;
        let new = NewParticipant {
            organisation,
            email,
            name,
            locale,
            password,
            confirmed,
        };
        return identity.plant_participant(new).await.map(drop);
    }
    let (membership, platform_role) = (None, None);
    let new = NewAccount {
        email,
        name,
        locale,
        membership,
        platform_role,
    };
    identity.create_account(new).await.map(drop)
}

async fn after_a_week_the_address_is_free(server: &TestServer) {
    for person in server.signed_in_people().await {
        // The clock has moved for the one before.
        let mut person = server.visitor().sign_in(&person.person).await;
        let old = person.person.email.clone();
        change(server, &mut person, "new@home.example").await;
        server.clock.advance_secs(7 * 24 * 3600);
        open_account(server, &person.person, &old).await.unwrap();
        if person.person.door.is_back_office() {
            assert_eq!(server.mail_to(&old).await.kind, "account_setup");
        }
    }
}
