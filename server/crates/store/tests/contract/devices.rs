use crate::{at, expire, hash, manager};
use domain::{AccountId, DeviceId, OrganisationId, Realm};
use store::{Device, Expired, Store};
use testkit::rows;

both!(
    a_device_is_known_to_its_account_only,
    a_device_is_seen_again,
    a_device_is_remembered_and_forgotten,
    all_devices_are_forgotten_together,
    old_devices_are_swept,
);

/// Makes a device whose token is the hash of its number.
async fn known(store: &Store, account: &AccountId, number: u8) -> Device {
    let device = Device {
        last_seen_at: at(i64::from(number)),
        ..rows::device(&format!("device-{number}"), account, at(0))
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_device(&device, &hash(number)).await.unwrap();
    tx.commit().await.unwrap();
    device
}

async fn remember(store: &Store, device: &Device, seconds: i64) {
    let mut tx = store.begin().await.unwrap();
    tx.remember_device(&device.id, at(seconds)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn remembered(store: &Store, account: &AccountId, now: i64) -> Vec<String> {
    let found = store.remembered_devices(account, at(now)).await.unwrap();
    found
        .into_iter()
        .map(|device| device.id.to_string())
        .collect()
}

async fn a_device_is_known_to_its_account_only(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    let device = known(&store, &ada, 1).await;
    let found = store.device_by_token(&ada, &hash(1)).await.unwrap();
    assert_eq!(found.as_ref(), Some(&device));
    for (account, token) in [(&bea, 1), (&ada, 2)] {
        let found = store.device_by_token(account, &hash(token)).await.unwrap();
        assert_eq!(found, None);
    }
    let organisation = Realm::Organisation(OrganisationId::from("town".to_owned()));
    let office = Realm::BackOffice;
    for (realm, address, token, expected) in [
        (&office, "ada@town.example", 1, Some(&device)),
        (&office, "ada@town.example", 2, None),
        (&office, "bea@town.example", 1, None),
        (&office, "nobody@town.example", 1, None),
        (&organisation, "ada@town.example", 1, None),
    ] {
        let token = hash(token);
        let found = store.device_of_address(realm, address, &token);
        assert_eq!(found.await.unwrap().as_ref(), expected, "{address}");
    }
    let mut tx = store.begin().await.unwrap();
    let copy = Device {
        id: DeviceId::from("copy".to_owned()),
        account_id: bea,
        ..device
    };
    let again = tx.insert_device(&copy, &hash(1)).await.unwrap_err();
    assert!(again.is_conflict(), "one token, one device");
}

async fn a_device_is_seen_again(store: Store) {
    let ada = manager(&store, "ada").await;
    let device = known(&store, &ada, 1).await;
    let mut tx = store.begin().await.unwrap();
    tx.see_device(&device.id, at(9), "192.0.2.9", "Firefox, macOS")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let found = store
        .device_by_token(&ada, &hash(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.created_at, found.last_seen_at), (at(0), at(9)));
    assert_eq!(
        (found.network.as_str(), found.user_agent.as_str()),
        ("192.0.2.9", "Firefox, macOS")
    );
}

async fn a_device_is_remembered_and_forgotten(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    for number in 1..=3 {
        let device = known(&store, &ada, number).await;
        if number < 3 {
            remember(&store, &device, 100).await;
        }
    }
    assert_eq!(remembered(&store, &ada, 99).await, ["device-2", "device-1"]);
    assert!(remembered(&store, &ada, 100).await.is_empty());
    let id = DeviceId::from("device-1".to_owned());
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.forget_device(&bea, &id).await.unwrap(), "not hers");
    assert!(tx.forget_device(&ada, &id).await.unwrap());
    assert!(!tx.forget_device(&ada, &id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(remembered(&store, &ada, 99).await, ["device-2"]);
    let found = store
        .device_by_token(&ada, &hash(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.remembered_until, None, "known, and asked for a code");
}

async fn all_devices_are_forgotten_together(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    for (number, account) in [(1, &ada), (2, &ada), (3, &bea)] {
        let device = known(&store, account, number).await;
        remember(&store, &device, 100).await;
    }
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.forget_devices(&ada).await.unwrap(), 2);
    assert_eq!(tx.forget_devices(&ada).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert!(remembered(&store, &ada, 0).await.is_empty());
    assert_eq!(remembered(&store, &bea, 0).await, ["device-3"]);
    let mut tx = store.begin().await.unwrap();
    let kept = DeviceId::from("device-1".to_owned());
    assert_eq!(tx.delete_devices(&ada, Some(&kept)).await.unwrap(), 1);
    assert_eq!(tx.delete_devices(&ada, None).await.unwrap(), 1);
    assert_eq!(tx.delete_devices(&ada, None).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(remembered(&store, &bea, 0).await, ["device-3"]);
}

async fn old_devices_are_swept(store: Store) {
    let ada = manager(&store, "ada").await;
    for number in [1, 5] {
        known(&store, &ada, number).await;
    }
    assert_eq!(expire(&store, Expired::Devices, 1).await, 0);
    assert_eq!(expire(&store, Expired::Devices, 5).await, 1);
    let left = store.device_by_token(&ada, &hash(5)).await.unwrap();
    assert!(left.is_some());
}
