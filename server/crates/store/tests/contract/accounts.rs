use crate::{at, id, manager, password};
use domain::{
    AccountStatus, DisplayName, Email, Locale, OrganisationId, PlatformRole, Realm, Role,
};
use store::{NewAccount, Organisation, SetPassword, Store, StoreError, Tx};

both!(
    an_account_comes_back_as_it_was_made,
    one_address_has_one_account_in_a_realm,
    accounts_are_listed_by_address,
    the_places_of_an_address_are_found,
    the_managers_of_an_organisation_are_found,
    a_password_is_set_and_upgraded,
    an_account_knows_whether_its_password_stands_alone,
    a_status_changes_once,
    who_holds_an_account_makes_others_wait,
    platform_roles_belong_to_the_back_office,
    an_address_changes_and_is_confirmed,
    an_address_is_confirmed_once,
    name_and_language_change_once,
);

async fn insert(
    tx: &mut Tx,
    name: &str,
    realm: Realm,
    email: &str,
    platform_role: Option<PlatformRole>,
) -> Result<(), StoreError> {
    tx.insert_account(&NewAccount {
        id: id(name),
        realm,
        email: &Email::parse(email).unwrap(),
        name: &DisplayName::parse(name).unwrap(),
        locale: Locale::En,
        platform_role,
        created_at: at(0),
    })
    .await
}

fn organisation(name: &str) -> Realm {
    Realm::Organisation(OrganisationId::from(name.to_owned()))
}

async fn the_places_of_an_address_are_found(store: Store) {
    let mut tx = store.begin().await.unwrap();
    let (email, key) = ("Ada@town.example", "ada@town.example");
    let realms = [
        Realm::BackOffice,
        organisation("east"),
        organisation("west"),
    ];
    for (name, realm) in ["a", "b", "c"].into_iter().zip(&realms) {
        insert(&mut tx, name, realm.clone(), email, None)
            .await
            .unwrap();
    }
    insert(&mut tx, "d", Realm::BackOffice, "bea@town.example", None)
        .await
        .unwrap();
    let found = tx.account_places(key, 5).await.unwrap();
    tx.commit().await.unwrap();
    let found: Vec<Realm> = found.into_iter().map(|place| place.realm).collect();
    assert_eq!(found.len(), 3);
    assert!(realms.iter().all(|realm| found.contains(realm)));
    assert_eq!(store.account_places(key, 2).await.unwrap().len(), 2);
    assert_eq!(
        store
            .account_places("nobody@town.example", 5)
            .await
            .unwrap(),
        []
    );
}

async fn the_managers_of_an_organisation_are_found(store: Store) {
    let east = Organisation {
        id: OrganisationId::from("east".to_owned()),
        slug: "east".to_owned().into(),
        name: "East".to_owned(),
        accepts_provider_factor: false,
        takes_part_first: false,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: at(0),
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&east).await.unwrap();
    for (name, role) in [
        ("ada", Role::OrganisationManager),
        ("bea", Role::ContentManager),
        ("cyd", Role::OrganisationManager),
        ("dot", Role::OrganisationManager),
    ] {
        let email = format!("{name}@town.example");
        insert(&mut tx, name, Realm::BackOffice, &email, None)
            .await
            .unwrap();
        tx.insert_membership(&id(name), &east.id, role, at(1))
            .await
            .unwrap();
    }
    tx.set_account_status(&id("cyd"), AccountStatus::Locked, at(2))
        .await
        .unwrap();
    let found = tx.organisation_managers(&east.id).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|account| account.id).collect();
    assert_eq!(found, [id("ada"), id("dot")]);
}

async fn an_account_comes_back_as_it_was_made(store: Store) {
    let mut tx = store.begin().await.unwrap();
    let agent = Some(PlatformRole::Agent);
    insert(&mut tx, "ada", Realm::BackOffice, "Ada@Town.example", agent)
        .await
        .unwrap();
    let inside = tx.account(&id("ada")).await.unwrap().unwrap();
    let by_email = tx
        .account_by_email(&Realm::BackOffice, "ada@town.example")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let ada = store.account(&id("ada")).await.unwrap().unwrap();
    assert_eq!((&inside, by_email.as_ref()), (&ada, Some(&ada)));
    assert_eq!(ada.realm, Realm::BackOffice);
    assert_eq!(
        (ada.email.as_str(), ada.name.as_str()),
        ("Ada@Town.example", "ada")
    );
    assert_eq!((ada.locale, ada.platform_role), (Locale::En, agent));
    assert_eq!(ada.status, AccountStatus::Active);
    assert_eq!(
        (ada.password_hash.as_ref(), ada.password_set_at),
        (None, None)
    );
    assert_eq!((ada.email_confirmed_at, ada.created_at), (None, at(0)));
    assert!(!ada.second_factor);
    assert!(!format!("{ada:?}").to_lowercase().contains("town.example"));
    assert_eq!(store.account(&id("eve")).await.unwrap(), None);
}

async fn one_address_has_one_account_in_a_realm(store: Store) {
    let mut tx = store.begin().await.unwrap();
    insert(&mut tx, "ada", Realm::BackOffice, "ada@town.example", None)
        .await
        .unwrap();
    insert(
        &mut tx,
        "ada-a",
        organisation("a"),
        "ada@town.example",
        None,
    )
    .await
    .unwrap();
    insert(
        &mut tx,
        "ada-b",
        organisation("b"),
        "ada@town.example",
        None,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let again = insert(&mut tx, "eve", organisation("a"), "ADA@town.example", None)
        .await
        .unwrap_err();
    assert!(again.is_conflict());
    drop(tx);
    let found = store
        .account_by_email(&organisation("a"), "ada@town.example")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.id, id("ada-a"));
    assert_eq!(
        store
            .account_by_email(&organisation("c"), "ada@town.example")
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .account_by_email(&organisation("a"), "ADA@town.example")
            .await
            .unwrap(),
        None
    );
}

async fn accounts_are_listed_by_address(store: Store) {
    let mut tx = store.begin().await.unwrap();
    for (name, email) in [
        ("b", "b@town.example"),
        ("c", "a-c@town.example"),
        ("a", "A@x.example"),
    ] {
        insert(&mut tx, name, organisation("a"), email, None)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    manager(&store, "other").await;
    let mut listed = Vec::new();
    let mut last: Option<String> = None;
    loop {
        let page = store.accounts(&organisation("a"), last.as_deref(), 2).await;
        let page = page.unwrap();
        let Some(end) = page.last() else { break };
        last = Some(end.email_key());
        listed.extend(page);
    }
    let names: Vec<&str> = listed.iter().map(|account| account.name.as_str()).collect();
    assert_eq!(
        names,
        ["c", "a", "b"],
        "a hyphen comes before an at sign, letter case aside"
    );
}

async fn a_password_is_set_and_upgraded(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut tx = store.begin().await.unwrap();
    tx.set_password(&ada, &password("first", at(1), false))
        .await
        .unwrap();
    assert_eq!(
        tx.account(&ada).await.unwrap().unwrap().email_confirmed_at,
        None
    );
    tx.set_password(&ada, &password("second", at(2), true))
        .await
        .unwrap();
    tx.set_password(&ada, &password("third", at(3), true))
        .await
        .unwrap();
    assert!(
        !tx.upgrade_password_hash(&ada, "second", "costly")
            .await
            .unwrap()
    );
    assert!(
        tx.upgrade_password_hash(&ada, "third", "costly")
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let ada = store.account(&ada).await.unwrap().unwrap();
    assert_eq!(ada.password_hash.as_deref(), Some("costly"));
    assert_eq!(
        (ada.password_set_at, ada.email_confirmed_at),
        (Some(at(3)), Some(at(2)))
    );
    let mut tx = store.begin().await.unwrap();
    tx.clear_password(&ada.id, at(4)).await.unwrap();
    let ada = tx.account(&ada.id).await.unwrap().unwrap();
    assert_eq!((ada.password_hash, ada.password_set_at), (None, None));
    assert_eq!(ada.email_confirmed_at, Some(at(2)));
    // It is known until another one is chosen, however often it is withdrawn.
    tx.clear_password(&ada.id, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    let withdrawn = async || store.withdrawn_password(&ada.id).await.unwrap();
    assert!(withdrawn().await.is_some());
    let mut tx = store.begin().await.unwrap();
    tx.set_password(&ada.id, &password("another", at(6), true))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(withdrawn().await, None);
}

/// Red when a password that is taken away or replaced leaves its mark on the next one.
async fn an_account_knows_whether_its_password_stands_alone(store: Store) {
    let ada = manager(&store, "ada").await;
    let bob = manager(&store, "bob").await;
    let mut tx = store.begin().await.unwrap();
    let long = password("long", at(2), false);
    let short = SetPassword {
        stands_alone: false,
        ..password("short", at(1), false)
    };
    for (new, stands_alone) in [(&short, false), (&long, true), (&short, false)] {
        tx.set_password(&ada, new).await.unwrap();
        let ada = tx.account(&ada).await.unwrap().unwrap();
        assert_eq!(ada.password_stands_alone, stands_alone, "{new:?}");
    }
    tx.upgrade_password_hash(&ada, "short", "costly")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let stands_alone = async |id| {
        let account = store.account(id).await.unwrap().unwrap();
        account.password_stands_alone
    };
    assert!(!stands_alone(&ada).await, "the same password, hashed anew");
    assert!(stands_alone(&bob).await, "that of somebody else");
    let mut tx = store.begin().await.unwrap();
    tx.clear_password(&ada, at(3)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(stands_alone(&ada).await, "there is none any more");
}

async fn who_holds_an_account_makes_others_wait(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut first = store.begin().await.unwrap();
    first.lock_account(&ada).await.unwrap();
    let (other, id) = (store.clone(), ada.clone());
    let second = tokio::spawn(async move {
        let mut tx = other.begin().await.unwrap();
        tx.lock_account(&id).await.unwrap();
        tx.account(&id).await.unwrap().unwrap().status
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!second.is_finished());
    first
        .set_account_status(&ada, AccountStatus::Locked, at(1))
        .await
        .unwrap();
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap(), AccountStatus::Locked);
}

async fn a_status_changes_once(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut tx = store.begin().await.unwrap();
    assert!(
        tx.set_account_status(&ada, AccountStatus::Locked, at(1))
            .await
            .unwrap()
    );
    assert!(
        !tx.set_account_status(&ada, AccountStatus::Locked, at(2))
            .await
            .unwrap()
    );
    assert!(
        !tx.set_account_status(&id("eve"), AccountStatus::Locked, at(2))
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    assert_eq!(
        store.account(&ada).await.unwrap().unwrap().status,
        AccountStatus::Locked
    );
}

async fn platform_roles_belong_to_the_back_office(store: Store) {
    let mut tx = store.begin().await.unwrap();
    let role = Some(PlatformRole::Administrator);
    let refused = insert(&mut tx, "eve", organisation("a"), "eve@town.example", role)
        .await
        .unwrap_err();
    assert!(!refused.is_conflict());
    assert!(!format!("{refused:?}").contains("eve@"), "{refused:?}");
}

async fn an_address_changes_and_is_confirmed(store: Store) {
    let ada = manager(&store, "ada").await;
    manager(&store, "bea").await;
    let mut tx = store.begin().await.unwrap();
    let email = Email::parse("Ada.Byron@Home.example").unwrap();
    tx.set_email(&ada, &email, at(7)).await.unwrap();
    tx.commit().await.unwrap();
    let by_key = store
        .account_by_email(&Realm::BackOffice, "ada.byron@home.example")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(by_key.email, "Ada.Byron@Home.example");
    assert_eq!(by_key.email_confirmed_at, Some(at(7)));
    // Her own address in other letters is hers; somebody else's is not, in whatever letters.
    let mut tx = store.begin().await.unwrap();
    let email = Email::parse("ADA.byron@home.example").unwrap();
    tx.set_email(&ada, &email, at(8)).await.unwrap();
    let email = Email::parse("BEA@town.example").unwrap();
    let refused = tx.set_email(&ada, &email, at(9)).await.unwrap_err();
    assert!(refused.is_conflict());
}

async fn name_and_language_change_once(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut tx = store.begin().await.unwrap();
    let name = DisplayName::parse("Ada Byron").unwrap();
    assert!(tx.set_name(&ada, &name, at(1)).await.unwrap());
    assert!(!tx.set_name(&ada, &name, at(2)).await.unwrap());
    assert!(tx.set_locale(&ada, Locale::En, at(1)).await.unwrap());
    assert!(!tx.set_locale(&ada, Locale::En, at(2)).await.unwrap());
    tx.commit().await.unwrap();
    let ada = store.account(&ada).await.unwrap().unwrap();
    assert_eq!((ada.name.as_str(), ada.locale), ("Ada Byron", Locale::En));
}

/// Red when a later proof takes the place of the first.
async fn an_address_is_confirmed_once(store: Store) {
    let ada = manager(&store, "ada").await;
    for seconds in [5, 9] {
        let mut tx = store.begin().await.unwrap();
        tx.confirm_email(&ada, at(seconds)).await.unwrap();
        tx.commit().await.unwrap();
        let account = store.account(&ada).await.unwrap().unwrap();
        assert_eq!(account.email_confirmed_at, Some(at(5)));
    }
}
