use crate::{all_at_once, at, expire, hash, id, manager, winners};
use domain::{
    AccountId, AccountStatus, ActivityId, Duration, Email, FlowId, LinkedAccountId, Locale,
    OrganisationId, Provider, Realm, Role, Timestamp, provider::Subject, token::Purpose,
};
use store::{
    ActivityActor, ActivityEntry, Deletion, Expired, FlowFor, FlowKey, LinkedAccount, Organisation,
    ProviderFlow, Store, TotpFactor,
};
use testkit::rows;

both!(
    a_deletion_is_set_once_and_stopped_once,
    accounts_are_due_from_their_time_on,
    an_account_goes_with_everything_that_is_its_own,
    what_became_of_a_mail_outlives_an_account,
    only_one_of_many_deletes_an_account,
    the_record_of_a_deletion_comes_back,
    another_manager_is_one_who_can_manage,
    who_holds_an_organisation_makes_others_wait,
);

async fn ask(store: &Store, account: &AccountId, due: Timestamp) -> bool {
    let mut tx = store.begin().await.unwrap();
    let set = tx.set_deletion(account, due, at(1)).await.unwrap();
    tx.commit().await.unwrap();
    set
}

async fn delete(store: &Store, account: &AccountId, now: Timestamp) -> bool {
    let mut tx = store.begin().await.unwrap();
    let deleted = tx.delete_account(account, now).await.unwrap();
    tx.commit().await.unwrap();
    deleted
}

async fn a_deletion_is_set_once_and_stopped_once(store: Store) {
    let ada = manager(&store, "ada").await;
    assert!(ask(&store, &ada, at(100)).await);
    assert!(!ask(&store, &ada, at(200)).await, "the first time stands");
    let account = store.account(&ada).await.unwrap().unwrap();
    assert_eq!(account.deletion_at, Some(at(100)));
    let mut tx = store.begin().await.unwrap();
    assert!(tx.stop_deletion(&ada, at(2)).await.unwrap());
    assert!(!tx.stop_deletion(&ada, at(2)).await.unwrap());
    tx.commit().await.unwrap();
    let account = store.account(&ada).await.unwrap().unwrap();
    assert_eq!(account.deletion_at, None);
}

async fn accounts_are_due_from_their_time_on(store: Store) {
    let (ada, eve) = (manager(&store, "ada").await, manager(&store, "eve").await);
    manager(&store, "max").await;
    assert!(ask(&store, &ada, at(100)).await);
    assert!(ask(&store, &eve, at(90)).await);
    assert_eq!(store.due_deletions(at(89), 9).await.unwrap(), []);
    let due = store.due_deletions(at(90), 9).await.unwrap();
    assert_eq!(due, std::slice::from_ref(&eve));
    let due = store.due_deletions(at(100), 9).await.unwrap();
    assert_eq!(due, [eve.clone(), ada.clone()]);
    assert_eq!(store.due_deletions(at(100), 1).await.unwrap(), [eve]);
    let early = Timestamp::from_millis(at(100).as_millis() - 1);
    assert!(!delete(&store, &ada, early).await);
    assert!(!delete(&store, &id("max"), at(100)).await, "nobody asked");
    assert!(delete(&store, &ada, at(100)).await);
    assert!(!delete(&store, &ada, at(100)).await);
}

fn line(name: &str, account: &AccountId, actor: &AccountId) -> ActivityEntry {
    ActivityEntry {
        id: ActivityId::from(name.to_owned()),
        subject: domain::Subject::Account(account.clone()),
        actor: ActivityActor {
            account_id: Some(actor.clone()),
            ..ActivityActor::default()
        },
        kind: "signed_in".to_owned(),
        at: at(1),
        network: String::new(),
        user_agent: String::new(),
        details: "{}".to_owned(),
        link: None,
    }
}

/// One row in each table that refers to an account.
async fn furnish(store: &Store, account: &AccountId, seed: u8) {
    let mut tx = store.begin().await.unwrap();
    let session = rows::session(&format!("s-{account}"), account, at(1));
    tx.insert_session(&session, &hash(seed)).await.unwrap();
    let device = rows::device(&format!("d-{account}"), account, at(1));
    tx.insert_device(&device, &hash(seed)).await.unwrap();
    let stop = Purpose::DeletionStop;
    let token = rows::token(&format!("t-{account}"), stop, account, at(1));
    tx.insert_token(&token, &hash(seed)).await.unwrap();
    let factor = TotpFactor {
        account_id: account.clone(),
        secret_sealed: vec![7],
        confirmed_at: at(1),
        last_step: 0,
        last_used_at: at(1),
    };
    tx.insert_totp_factor(&factor).await.unwrap();
    let linked = LinkedAccount {
        id: LinkedAccountId::from(format!("l-{account}")),
        account_id: account.clone(),
        subject: Subject::new(Provider::Google, "issuer", account.as_str()).unwrap(),
        email: None,
        linked_at: at(1),
        last_used_at: None,
    };
    assert!(tx.insert_linked_account(&linked).await.unwrap());
    let flow = ProviderFlow {
        id: FlowId::from(format!("f-{account}")),
        provider: Provider::Google,
        aim: FlowFor::Link {
            account: account.clone(),
            session: session.id,
        },
        sealed: vec![7],
        locale: Locale::En,
        created_at: at(1),
    };
    let key = FlowKey {
        state: hash(seed),
        browser: hash(seed),
    };
    tx.insert_provider_flow(&flow, &key).await.unwrap();
    tx.replace_recovery_codes(account, "salt", &[vec![1], vec![2]], at(1))
        .await
        .unwrap();
    tx.insert_activity(&line(&format!("a-{account}"), account, account))
        .await
        .unwrap();
    tx.insert_mail(&rows::mail(&format!("m-{account}"), Some(account), at(1)))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Red when a mail to an account that nobody confirmed is sent after it went, or when what became of one counts no more.
async fn what_became_of_a_mail_outlives_an_account(store: Store) {
    let ada = manager(&store, "ada").await;
    let mail = |id: &'static str| rows::mail(id, Some(&ada), at(1));
    let mut tx = store.begin().await.unwrap();
    tx.insert_mail(&mail("refused")).await.unwrap();
    tx.insert_mail(&mail("waits")).await.unwrap();
    tx.commit().await.unwrap();
    let refused = domain::MailId::from("refused".to_owned());
    store
        .mark_mail_failed(&refused, "550", at(2))
        .await
        .unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.release_mails_of(&ada).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.stored_mails(&ada).await.unwrap(), []);
    assert_eq!(store.finished_mails(at(0)).await.unwrap().len(), 1);
    assert_eq!(store.oldest_queued_mail().await.unwrap(), None);
}

/// Red when a table's reference does not cascade, or when another account's row goes too.
async fn an_account_goes_with_everything_that_is_its_own(store: Store) {
    let (ada, eve) = (manager(&store, "ada").await, manager(&store, "eve").await);
    furnish(&store, &ada, 1).await;
    furnish(&store, &eve, 2).await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_activity(&line("deed", &eve, &ada)).await.unwrap();
    tx.insert_mail(&rows::mail("stranger", None, at(1)))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(ask(&store, &ada, at(100)).await);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.delete_mails_of(&ada).await.unwrap(), 1);
    assert!(tx.delete_account(&ada, at(100)).await.unwrap());
    tx.commit().await.unwrap();

    assert_eq!(store.account(&ada).await.unwrap(), None);
    assert_eq!(store.stored_sessions(&ada).await.unwrap(), []);
    assert_eq!(store.stored_devices(&ada).await.unwrap(), []);
    assert_eq!(store.stored_tokens(&ada).await.unwrap(), []);
    assert_eq!(store.stored_mails(&ada).await.unwrap(), []);
    assert_eq!(store.totp_factor(&ada).await.unwrap(), None);
    assert_eq!(store.recovery_codes_left(&ada).await.unwrap(), 0);
    assert_eq!(store.linked_accounts(&ada).await.unwrap(), []);
    assert_eq!(store.stored_flows(&ada).await.unwrap(), []);
    assert_eq!(store.linked_accounts(&eve).await.unwrap().len(), 1);
    assert_eq!(store.stored_flows(&eve).await.unwrap().len(), 1);
    assert_eq!(store.activity(&ada, 9).await.unwrap(), []);
    assert_eq!(store.stored_sessions(&eve).await.unwrap().len(), 1);
    assert_eq!(store.stored_devices(&eve).await.unwrap().len(), 1);
    assert_eq!(store.stored_mails(&eve).await.unwrap().len(), 1);
    assert!(store.totp_factor(&eve).await.unwrap().is_some());
    let lines = store.activity(&eve, 9).await.unwrap();
    let deed = lines.iter().find(|line| line.id.as_str() == "deed");
    assert_eq!(
        deed.unwrap().actor.account_id,
        None,
        "it stays, without her"
    );
    assert_eq!(store.mailbox(9).await.unwrap().len(), 2);
    assert_eq!(
        store.jobs(None, 9).await.unwrap().len(),
        2,
        "those of mails"
    );

    // The address is free, and who takes it is somebody else.
    let mut tx = store.begin().await.unwrap();
    let email = Email::parse("ada@town.example").unwrap();
    let again = store::NewAccount {
        id: id("ada-again"),
        realm: Realm::BackOffice,
        email: &email,
        name: &domain::DisplayName::parse("Ada").unwrap(),
        locale: Locale::En,
        platform_role: None,
        created_at: at(200),
    };
    tx.insert_account(&again).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.activity(&id("ada-again"), 9).await.unwrap(), []);
}

async fn only_one_of_many_deletes_an_account(store: Store) {
    let ada = manager(&store, "ada").await;
    assert!(ask(&store, &ada, at(100)).await);
    let results = all_at_once(8, |_| {
        let (store, ada) = (store.clone(), ada.clone());
        async move { delete(&store, &ada, at(100)).await }
    })
    .await;
    assert_eq!(winners(&results), 1);
}

fn record(name: &str, deleted_at: Timestamp) -> Deletion {
    Deletion {
        account_id: id(name),
        realm: Realm::Organisation(OrganisationId::from("town".to_owned())),
        asked_at: at(1),
        deleted_at,
        lines: 4,
        tag: vec![1, 2, 3],
    }
}

async fn the_record_of_a_deletion_comes_back(store: Store) {
    let (ada, eve) = (record("ada", at(10)), record("eve", at(20)));
    let mut tx = store.begin().await.unwrap();
    tx.insert_deletion(&eve).await.unwrap();
    tx.insert_deletion(&ada).await.unwrap();
    tx.commit().await.unwrap();
    let all = store.deletions(None, 9).await.unwrap();
    assert_eq!(all, [ada.clone(), eve.clone()]);
    let rest = store.deletions(Some(&ada.account_id), 9).await.unwrap();
    assert_eq!(rest, std::slice::from_ref(&eve));
    assert_eq!(store.deletions(None, 1).await.unwrap(), [ada]);
    assert_eq!(expire(&store, Expired::Deletions, 10).await, 0);
    assert_eq!(expire(&store, Expired::Deletions, 11).await, 1);
    assert_eq!(
        store.deletions(None, 9).await.unwrap(),
        std::slice::from_ref(&eve)
    );
    let mut tx = store.begin().await.unwrap();
    tx.sign_deletion(&eve.account_id, &[9]).await.unwrap();
    tx.commit().await.unwrap();
    let signed = Deletion {
        tag: vec![9],
        ..eve
    };
    assert_eq!(store.deletions(None, 9).await.unwrap(), [signed]);
}

async fn organisation(store: &Store) -> OrganisationId {
    let organisation = OrganisationId::from("town".to_owned());
    let mut tx = store.begin().await.unwrap();
    let new = Organisation {
        id: organisation.clone(),
        slug: "town".to_owned().into(),
        name: "Town".to_owned(),
        accepts_provider_factor: false,
        takes_part_first: false,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: at(0),
    };
    tx.insert_organisation(&new).await.unwrap();
    tx.commit().await.unwrap();
    organisation
}

async fn join(store: &Store, account: &AccountId, organisation: &OrganisationId, role: Role) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_membership(account, organisation, role, at(1))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn has_proved_her_address(store: &Store, account: &AccountId) {
    let mut tx = store.begin().await.unwrap();
    tx.set_password(account, &crate::password("hash", at(1), true))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn another_manager_is_one_who_can_manage(store: Store) {
    let organisation = organisation(&store).await;
    let (ada, eve) = (manager(&store, "ada").await, manager(&store, "eve").await);
    let max = manager(&store, "max").await;
    let other = async || store.has_other_manager(&organisation, &ada).await.unwrap();
    join(&store, &ada, &organisation, Role::OrganisationManager).await;
    assert!(!other().await, "she does not count herself");
    join(&store, &max, &organisation, Role::ContentManager).await;
    has_proved_her_address(&store, &max).await;
    assert!(!other().await, "who looks after content is none");
    join(&store, &eve, &organisation, Role::OrganisationManager).await;
    assert!(!other().await, "an invitation may never be followed");
    has_proved_her_address(&store, &eve).await;
    assert!(other().await);
    let mut tx = store.begin().await.unwrap();
    tx.set_account_status(&eve, AccountStatus::Locked, at(2))
        .await
        .unwrap();
    assert!(!tx.has_other_manager(&organisation, &ada).await.unwrap());
    tx.set_account_status(&eve, AccountStatus::Active, at(2))
        .await
        .unwrap();
    assert!(tx.has_other_manager(&organisation, &ada).await.unwrap());
    tx.set_deletion(&eve, at(100), at(2)).await.unwrap();
    assert!(!tx.has_other_manager(&organisation, &ada).await.unwrap());
}

/// Red when two managers can both see that the other one stays.
async fn who_holds_an_organisation_makes_others_wait(store: Store) {
    let organisation = organisation(&store).await;
    let names = ["ada", "eve"];
    for name in names {
        let account = manager(&store, name).await;
        has_proved_her_address(&store, &account).await;
        join(&store, &account, &organisation, Role::OrganisationManager).await;
    }
    let results = all_at_once(2, |number| {
        let (store, organisation) = (store.clone(), organisation.clone());
        async move {
            let own = id(names[number]);
            let mut tx = store.begin().await.unwrap();
            tx.lock_account(&own).await.unwrap();
            tx.lock_organisation(&organisation).await.unwrap();
            let leaves = tx.has_other_manager(&organisation, &own).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            if leaves {
                tx.set_deletion(&own, at(100), at(1)).await.unwrap();
            }
            tx.commit().await.unwrap();
            leaves
        }
    })
    .await;
    assert_eq!(winners(&results), 1, "one of them stays");
}
