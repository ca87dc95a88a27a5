use crate::{all_at_once, at, id, manager, winners};
use domain::{AccountId, LinkedAccountId, Provider, provider::Subject};
use store::{LinkedAccount, Store};

both!(
    a_linked_account_is_found_by_who_it_is,
    one_account_has_one_of_each_provider,
    many_link_one_subject_at_once_and_one_does,
    an_account_is_unlinked_by_its_provider,
    what_is_linked_is_unlinked_together,
    the_account_knows_what_is_linked_to_it,
);

fn subject(provider: Provider, name: &str) -> Subject {
    Subject::new(provider, "issuer", name).unwrap()
}

fn linked(account: &AccountId, provider: Provider, name: &str, seconds: i64) -> LinkedAccount {
    LinkedAccount {
        id: LinkedAccountId::from(format!("{account}-{}-{name}", provider.as_str())),
        account_id: account.clone(),
        subject: subject(provider, name),
        email: Some(format!("{name}@town.example")),
        linked_at: at(seconds),
        last_used_at: None,
    }
}

async fn link(store: &Store, new: &LinkedAccount) -> bool {
    let mut tx = store.begin().await.unwrap();
    let done = tx.insert_linked_account(new).await.unwrap();
    tx.commit().await.unwrap();
    done
}

/// Red when an account is found by another issuer's subject, or by another provider's.
async fn a_linked_account_is_found_by_who_it_is(store: Store) {
    let ada = manager(&store, "ada").await;
    let google = linked(&ada, Provider::Google, "ada", 1);
    assert!(link(&store, &google).await);
    let find = async |subject: &Subject| store.linked_account(subject).await.unwrap();
    assert_eq!(find(&google.subject).await, Some(google.clone()));
    for other in [
        subject(Provider::Microsoft, "ada"),
        subject(Provider::Google, "ADA"),
        Subject::new(Provider::Google, "another", "ada").unwrap(),
    ] {
        assert_eq!(find(&other).await, None);
    }
    let mut tx = store.begin().await.unwrap();
    tx.use_linked_account(&google.id, at(9)).await.unwrap();
    let used = tx.linked_account(&google.subject).await.unwrap().unwrap();
    assert_eq!(used.last_used_at, Some(at(9)));
    assert_eq!(tx.linked_accounts(&ada).await.unwrap(), [used]);
}

async fn one_account_has_one_of_each_provider(store: Store) {
    let (ada, eve) = (manager(&store, "ada").await, manager(&store, "eve").await);
    assert!(link(&store, &linked(&ada, Provider::Google, "ada", 1)).await);
    assert!(!link(&store, &linked(&ada, Provider::Google, "other", 2)).await);
    assert!(
        !link(&store, &linked(&eve, Provider::Google, "ada", 2)).await,
        "it is Ada's"
    );
    assert!(link(&store, &linked(&ada, Provider::Microsoft, "ada", 3)).await);
    let providers: Vec<Provider> = store
        .linked_accounts(&ada)
        .await
        .unwrap()
        .iter()
        .map(|linked| linked.subject.provider())
        .collect();
    assert_eq!(providers, Provider::ALL);
    assert_eq!(store.linked_accounts(&eve).await.unwrap(), []);
}

async fn many_link_one_subject_at_once_and_one_does(store: Store) {
    let names: Vec<String> = (0..8).map(|number| format!("manager-{number}")).collect();
    for name in &names {
        manager(&store, name).await;
    }
    let results = all_at_once(names.len(), |number| {
        let (store, account) = (store.clone(), id(&names[number]));
        async move { link(&store, &linked(&account, Provider::Microsoft, "one", 1)).await }
    })
    .await;
    assert_eq!(winners(&results), 1);
}

async fn an_account_is_unlinked_by_its_provider(store: Store) {
    let ada = manager(&store, "ada").await;
    let google = linked(&ada, Provider::Google, "ada", 1);
    assert!(link(&store, &google).await);
    let mut tx = store.begin().await.unwrap();
    let unlink = tx.delete_linked_account(&ada, Provider::Microsoft);
    assert_eq!(unlink.await.unwrap(), None);
    let unlink = tx.delete_linked_account(&ada, Provider::Google);
    assert_eq!(unlink.await.unwrap().as_ref(), Some(&google));
    tx.commit().await.unwrap();
    assert_eq!(store.linked_account(&google.subject).await.unwrap(), None);
}

async fn what_is_linked_is_unlinked_together(store: Store) {
    let (ada, eve) = (manager(&store, "ada").await, manager(&store, "eve").await);
    assert!(link(&store, &linked(&ada, Provider::Google, "ada", 4)).await);
    assert!(link(&store, &linked(&ada, Provider::Microsoft, "ada", 5)).await);
    assert!(link(&store, &linked(&eve, Provider::Microsoft, "eve", 6)).await);
    let mut tx = store.begin().await.unwrap();
    let gone = tx.delete_linked_accounts(&ada).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(gone.len(), 2);
    assert_eq!(store.linked_accounts(&ada).await.unwrap(), []);
    assert_eq!(store.linked_accounts(&eve).await.unwrap().len(), 1);
}

/// Red when the account is read without what the rules of a sign-in rest on.
async fn the_account_knows_what_is_linked_to_it(store: Store) {
    let ada = manager(&store, "ada").await;
    link(&store, &linked(&ada, Provider::Google, "ada", 4)).await;
    let account = store.account(&ada).await.unwrap().unwrap();
    assert_eq!(account.linked.since(Provider::Google), Some(at(4)));
    assert_eq!(account.linked.since(Provider::Microsoft), None);
    link(&store, &linked(&ada, Provider::Microsoft, "ada", 5)).await;
    let account = store.account(&ada).await.unwrap().unwrap();
    assert_eq!(account.linked.since(Provider::Microsoft), Some(at(5)));
}
