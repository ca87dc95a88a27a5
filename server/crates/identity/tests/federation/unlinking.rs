use crate::house::{House, google, microsoft};
use domain::{Provider, Realm};
use identity::{Client, Error, EventKind};
use mail::Message;

both!(
    what_is_unlinked_opens_nothing_and_is_told,
    the_only_way_in_is_not_taken_away,
    not_me_unlinks_what_the_notice_told_of,
    not_me_unlinks_what_was_linked_before_the_notice,
    what_is_not_linked_is_not_unlinked,
    the_mail_says_when_google_finds_its_way_back,
);

async fn what_is_unlinked_opens_nothing_and_is_told(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    house.link(&who, &microsoft("ada")).await.unwrap();
    let stranger = house.enter(&microsoft("ada")).await.unwrap();
    house.unlink(&who, Provider::Microsoft).await.unwrap();
    assert!(!house.is_still_in(&stranger).await);
    assert!(house.is_still_in(&who).await);
    let refused = house.enter(&microsoft("ada")).await;
    assert!(matches!(refused, Err(Error::NotLinked)), "{refused:?}");
    assert_eq!(house.lines(&ada, EventKind::ProviderUnlinked).await, 1);
    let mails = house.mails("provider_unlinked").await;
    let [Message::ProviderUnlinked(notice)] = mails.as_slice() else {
        panic!("one mail: {mails:?}");
    };
    assert_eq!(notice.provider, "Microsoft");
}

async fn the_only_way_in_is_not_taken_away(house: &House) {
    let ada = house.manager_from("ada", Provider::Microsoft).await;
    let who = house.enter(&microsoft("ada")).await.unwrap();
    let refused = house.unlink(&who, Provider::Microsoft).await;
    assert!(matches!(refused, Err(Error::OnlyWayIn)), "{refused:?}");
    house.link(&who, &google("ada")).await.unwrap();
    house.unlink(&who, Provider::Microsoft).await.unwrap();
    assert_eq!(house.linked(&ada).await, [Provider::Google]);
    let refused = house.unlink(&who, Provider::Google).await;
    assert!(matches!(refused, Err(Error::OnlyWayIn)), "{refused:?}");
}

/// Red when whoever linked an account of her own keeps a way in after "this was not me".
async fn not_me_unlinks_what_the_notice_told_of(house: &House) {
    let ada = house.manager("ada").await;
    let thief = house.sign_in("ada").await;
    house.link(&thief, &microsoft("thief")).await.unwrap();
    let way_out = house.way_out().await;
    house.clock.advance_secs(3600);
    let inside = house.enter(&microsoft("thief")).await.unwrap();
    house.link(&inside, &google("thief")).await.unwrap();
    let (realm, client) = (Realm::BackOffice, Client::default());
    house
        .identity
        .not_me(&realm, &way_out, &client)
        .await
        .unwrap();
    assert_eq!(house.linked(&ada).await, []);
    assert_eq!(house.lines(&ada, EventKind::ProviderUnlinked).await, 2);
    assert!(!house.is_still_in(&inside).await);
    let refused = house.enter(&microsoft("thief")).await;
    assert!(matches!(refused, Err(Error::NotLinked)), "{refused:?}");
}

/// Red when a thief's own account, linked before the notice that the owner answers, lets him in again
/// and makes her link for a new password worthless.
async fn not_me_unlinks_what_was_linked_before_the_notice(house: &House) {
    let ada = house.manager("ada").await;
    let thief = house.sign_in("ada").await;
    house.link(&thief, &microsoft("thief")).await.unwrap();
    house.clock.advance_secs(3600);
    let inside = house.sign_in("ada").await;
    house.link(&inside, &google("thief")).await.unwrap();
    let way_out = house.way_out().await;
    let (realm, client) = (Realm::BackOffice, Client::default());
    house
        .identity
        .not_me(&realm, &way_out, &client)
        .await
        .unwrap();
    assert_eq!(house.linked(&ada).await, []);
    for claims in [google("thief"), microsoft("thief")] {
        assert!(house.enter(&claims).await.is_err(), "{claims:?}");
    }
}

async fn what_is_not_linked_is_not_unlinked(house: &House) {
    house.manager("ada").await;
    let who = house.sign_in("ada").await;
    let refused = house.unlink(&who, Provider::Google).await;
    assert!(matches!(refused, Err(Error::Unchanged)), "{refused:?}");
}

/// Red when the mail promises that an account opens nothing any more that does (promise B10).
async fn the_mail_says_when_google_finds_its_way_back(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    for (name, again) in [("private", false), ("ada", true)] {
        house.link(&who, &google(name)).await.unwrap();
        house.unlink(&who, Provider::Google).await.unwrap();
        let mails = house.mails("provider_unlinked").await;
        let Some(Message::ProviderUnlinked(notice)) = mails.first() else {
            panic!("no mail");
        };
        assert_eq!(notice.again, again, "{name}");
        house.clock.advance_secs(1);
        let entered = house.enter(&google(name)).await;
        assert_eq!(entered.is_ok(), again, "{name}: {entered:?}");
    }
    assert_eq!(house.linked(&ada).await, [Provider::Google]);
}
