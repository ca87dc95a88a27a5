//! What was linked before an account was recovered opens it no longer.

use crate::house::{House, PASSWORD, address, google, microsoft, secret_of};
use domain::{Email, Provider, Realm};
use identity::{Client, Error, NewPassword};
use mail::Message;

both!(
    a_recovered_account_is_not_opened_by_what_was_linked_before,
    a_change_of_address_that_is_taken_back_takes_links_along,
);

const NEW: &str = "nine green bottles on a wall";

/// Red when a thief's account stays linked after a new password was chosen by mail.
async fn a_recovered_account_is_not_opened_by_what_was_linked_before(house: &House) {
    let ada = house.manager("ada").await;
    let thief = house.sign_in("ada").await;
    house.link(&thief, &microsoft("thief")).await.unwrap();
    let (realm, client) = (Realm::BackOffice, Client::default());
    let way_out = house.way_out().await;
    // The mail with the way back waits, and meanwhile somebody links an account again.
    house
        .identity
        .not_me(&realm, &way_out, &client)
        .await
        .unwrap();
    let mails = house.mails("account_safe").await;
    let Some(Message::AccountSafe(mail)) = mails.first() else {
        panic!("no way back: {mails:?}");
    };
    plant(house, &ada).await;
    let token = secret_of(&mail.link);
    let new = NewPassword {
        token: &token,
        password: NEW,
        code: "",
        name: None,
    };
    house
        .identity
        .reset_password(&realm, new, &client)
        .await
        .unwrap();
    assert_eq!(house.linked(&ada).await, []);
    assert_eq!(house.mails("provider_unlinked").await.len(), 1);
    let refused = house.enter(&microsoft("thief")).await;
    assert!(matches!(refused, Err(Error::NotLinked)), "{refused:?}");
    // Her own account at Google finds its way by her address.
    assert_eq!(house.enter(&google("ada")).await.unwrap().account.id, ada);
}

/// An account of a thief's, put there however she may have managed.
async fn plant(house: &House, ada: &domain::AccountId) {
    let now = domain::Clock::now(&house.clock);
    let mut tx = house.identity.store.begin().await.unwrap();
    let linked = store::LinkedAccount {
        id: domain::LinkedAccountId::from("trojan".to_owned()),
        account_id: ada.clone(),
        subject: microsoft("thief").subject,
        email: None,
        linked_at: now,
        last_used_at: None,
    };
    assert!(tx.insert_linked_account(&linked).await.unwrap());
    tx.commit().await.unwrap();
}

/// Red when whoever linked an account, before or after changing the address, keeps that one.
async fn a_change_of_address_that_is_taken_back_takes_links_along(house: &House) {
    let ada = house.manager("ada").await;
    let thief = house.sign_in("ada").await;
    // One is linked before the change, and stands all the same.
    house.link(&thief, &microsoft("thief")).await.unwrap();
    house.clock.advance_secs(60);
    let (realm, client) = (Realm::BackOffice, Client::default());
    let identity = &house.identity;
    let wanted = Email::parse(&address("thief")).unwrap();
    identity
        .ask_for_email(&thief, &wanted, PASSWORD, &client)
        .await
        .unwrap();
    let mails = house.mails("email_confirm").await;
    let Some(Message::EmailConfirm(mail)) = mails.first() else {
        panic!("no mail: {mails:?}");
    };
    let token = secret_of(&mail.link);
    identity
        .confirm_email(&realm, &token, wanted.as_str(), (None, &client))
        .await
        .unwrap();
    // Google vouches for the thief's address now, and binds her.
    house.clock.advance_secs(60);
    let inside = house.enter(&google("thief")).await.unwrap();
    assert_eq!(inside.account.id, ada);
    let mails = house.mails("email_changed").await;
    let Some(Message::EmailChanged(mail)) = mails.first() else {
        panic!("no mail: {mails:?}");
    };
    let undo = secret_of(&mail.not_me);
    identity.undo_email(&realm, &undo, &client).await.unwrap();
    assert_eq!(house.linked(&ada).await, [] as [Provider; 0]);
    assert!(!house.is_still_in(&inside).await);
    for claims in [google("thief"), microsoft("thief")] {
        assert!(house.enter(&claims).await.is_err(), "{claims:?}");
    }
}
