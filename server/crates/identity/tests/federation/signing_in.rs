use crate::house::{House, address, google, microsoft};
use domain::{Provider, Realm, provider::Claims, session::FirstStep};
use identity::{Client, Error, EventKind};

both!(
    googles_word_opens_the_account_of_its_address,
    a_stranger_gets_neither_session_nor_account,
    another_address_does_not_enter,
    what_google_does_not_vouch_for_does_not_enter,
    once_bound_only_the_subject_counts,
    a_manager_without_a_password_enters,
    microsoft_does_not_enter_by_its_address,
    who_is_locked_does_not_enter,
    an_invited_account_is_not_opened_by_its_address,
    a_session_goes_where_the_person_wanted_to,
);

/// Red when the first time does not open a session, binds nothing, or is not told.
async fn googles_word_opens_the_account_of_its_address(house: &House) {
    let ada = house.manager("ada").await;
    let upper = Claims {
        email: Some("ADA@Gmail.com".to_owned()),
        ..google("ada")
    };
    let who = house.enter(&upper).await.unwrap();
    assert_eq!(who.account.id, ada);
    let method = who.session.method;
    assert_eq!(method.first, FirstStep::Provider(Provider::Google));
    assert_eq!(method.second, None);
    assert!(!who.session.stay, "a link carries no such choice");
    assert_eq!(house.linked(&ada).await, [Provider::Google]);
    assert_eq!(house.lines(&ada, EventKind::ProviderLinked).await, 1);
    assert_eq!(house.mails("provider_linked").await.len(), 1);
    house.clock.advance_secs(60);
    house.enter(&upper).await.unwrap();
    assert_eq!(house.mails("provider_linked").await.len(), 1, "told once");
    let link = house.identity.linked_accounts(&ada).await.unwrap();
    assert_eq!(link[0].last_used_at, Some(domain::Clock::now(&house.clock)));
}

/// Red when an account is made for whoever comes.
async fn a_stranger_gets_neither_session_nor_account(house: &House) {
    house.manager("ada").await;
    let refused = house.enter(&google("eve")).await;
    assert!(matches!(refused, Err(Error::NoManager)), "{refused:?}");
    let refused = house.enter(&microsoft("eve")).await;
    assert!(matches!(refused, Err(Error::NotLinked)), "{refused:?}");
    let accounts = house
        .identity
        .store
        .accounts(&Realm::BackOffice, None, 99)
        .await;
    assert_eq!(accounts.unwrap().len(), 1);
}

/// Red when dots, plus signs or aliases are folded.
async fn another_address_does_not_enter(house: &House) {
    house.manager("ada").await;
    for other in ["a.da@gmail.com", "ada+x@gmail.com", "ada@googlemail.com"] {
        let claims = Claims {
            email: Some(other.to_owned()),
            ..google("ada")
        };
        let refused = house.enter(&claims).await;
        assert!(matches!(refused, Err(Error::NoManager)), "{other}");
    }
}

async fn what_google_does_not_vouch_for_does_not_enter(house: &House) {
    let ada = house.manager("ada").await;
    let vouched = false;
    for claims in [
        Claims {
            vouched,
            ..google("ada")
        },
        Claims {
            email: None,
            ..google("ada")
        },
    ] {
        let refused = house.enter(&claims).await;
        assert!(matches!(refused, Err(Error::NotVouchedFor)), "{refused:?}");
    }
    assert_eq!(house.linked(&ada).await, []);
}

/// Red when whoever has a recycled address enters, or its first owner no longer does.
async fn once_bound_only_the_subject_counts(house: &House) {
    let ada = house.manager("ada").await;
    house.enter(&google("ada")).await.unwrap();
    let recycled = Claims {
        email: Some(address("ada")),
        ..google("eve")
    };
    let refused = house.enter(&recycled).await;
    assert!(matches!(refused, Err(Error::NoManager)), "{refused:?}");
    let moved = Claims {
        email: Some("ada@elsewhere.example".to_owned()),
        vouched: false,
        ..google("ada")
    };
    assert_eq!(house.enter(&moved).await.unwrap().account.id, ada);
    // Nor does the address at Google open the account that has it, for who is bound to another.
    house.manager("eve").await;
    let other = Claims {
        email: Some(address("eve")),
        ..google("ada")
    };
    assert_eq!(house.enter(&other).await.unwrap().account.id, ada);
}

async fn a_manager_without_a_password_enters(house: &House) {
    let ada = house.manager_from("ada", Provider::Google).await;
    let who = house.enter(&google("ada")).await.unwrap();
    assert_eq!((&who.account.id, who.account.password_hash), (&ada, None));
}

/// Red when Microsoft's address is believed, whatever it says of itself.
async fn microsoft_does_not_enter_by_its_address(house: &House) {
    let ada = house.manager("ada").await;
    let claims = Claims {
        vouched: true,
        ..microsoft("ada")
    };
    let refused = house.enter(&claims).await;
    assert!(matches!(refused, Err(Error::NotLinked)), "{refused:?}");
    assert_eq!(house.linked(&ada).await, []);
}

/// Red when a lock does not hold for a user who comes from a provider, or is told to somebody with the address alone.
async fn who_is_locked_does_not_enter(house: &House) {
    let (ada, bob) = (house.manager("ada").await, house.manager("bob").await);
    house.enter(&google("ada")).await.unwrap();
    for id in [&ada, &bob] {
        let account = house.identity.store.account(id).await.unwrap().unwrap();
        house.identity.set_locked(&account, true).await.unwrap();
    }
    // The owner of the linked account is told; an address alone tells nothing.
    let refused = house.enter(&google("ada")).await;
    assert!(matches!(refused, Err(Error::Locked)), "{refused:?}");
    let refused = house.enter(&google("bob")).await;
    assert!(matches!(refused, Err(Error::NoManager)), "{refused:?}");
    assert_eq!(house.linked(&bob).await, []);
    let account = house.identity.store.account(&ada).await.unwrap().unwrap();
    house.identity.set_locked(&account, false).await.unwrap();
    house.enter(&google("ada")).await.unwrap();
}

/// Red when an address opens what nobody has proved to be its owner's.
async fn an_invited_account_is_not_opened_by_its_address(house: &House) {
    let (ada, _) = house.invited("ada").await;
    let refused = house.enter(&google("ada")).await;
    assert!(matches!(refused, Err(Error::NoManager)), "{refused:?}");
    assert_eq!(house.linked(&ada).await, []);
}

async fn a_session_goes_where_the_person_wanted_to(house: &House) {
    house.manager("ada").await;
    let next = Some("/settings".to_owned());
    let client = Client::default();
    let progress = house
        .identity
        .sign_in_with(&google("ada"), next.clone(), &client)
        .await;
    let identity::Progress::SignedIn(opened) = progress.unwrap() else {
        panic!("nobody asked for a code");
    };
    assert_eq!(opened.next, next);
}
