use crate::{at, manager};
use domain::Email;
use store::{DomainHealth, Store};

both!(
    what_is_known_of_a_domain_is_replaced,
    an_address_is_doubted_until_another_confirmation,
);

async fn what_is_known_of_a_domain_is_replaced(store: Store) {
    let known = |bad_days, when| DomainHealth {
        domain: "town.example".to_owned(),
        bad_days,
        looked_at: at(when),
    };
    assert_eq!(store.domain_health("town.example").await.unwrap(), None);
    for health in [known(1, 10), known(2, 20), known(0, 30)] {
        let mut tx = store.begin().await.unwrap();
        tx.put_domain_health(&health).await.unwrap();
        tx.commit().await.unwrap();
        let found = store.domain_health("town.example").await.unwrap();
        assert_eq!(found, Some(health));
    }
    assert_eq!(store.domain_health("other.example").await.unwrap(), None);
}

/// Red when an address is doubted that nobody confirmed, or stays doubted after a confirmation.
async fn an_address_is_doubted_until_another_confirmation(store: Store) {
    let ada = manager(&store, "ada").await;
    let email = Email::parse("ada@town.example").unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.doubt_email(&ada, at(5)).await.unwrap());
    tx.set_email(&ada, &email, at(6)).await.unwrap();
    assert!(tx.account(&ada).await.unwrap().unwrap().is_address_proof());
    assert!(tx.doubt_email(&ada, at(7)).await.unwrap());
    assert!(!tx.doubt_email(&ada, at(8)).await.unwrap());
    assert!(tx.trust_email(&ada, at(9)).await.unwrap());
    assert!(!tx.trust_email(&ada, at(10)).await.unwrap());
    assert!(tx.doubt_email(&ada, at(11)).await.unwrap());
    let found = tx.account(&ada).await.unwrap().unwrap();
    assert_eq!(found.email_doubted_at, Some(at(11)));
    assert!(!found.is_address_proof());
    tx.set_email(&ada, &email, at(9)).await.unwrap();
    assert!(tx.account(&ada).await.unwrap().unwrap().is_address_proof());
    tx.commit().await.unwrap();
}
