use crate::{at, manager};
use domain::{AccountId, ActivityId};
use store::{ActivityEntry, Store};

both!(the_newest_lines_come_first);

fn line(number: i64, account: &AccountId, actor: Option<&AccountId>) -> ActivityEntry {
    ActivityEntry {
        id: ActivityId::from(format!("line-{number}")),
        account_id: account.clone(),
        actor_id: actor.cloned(),
        kind: "signed_in".to_owned(),
        at: at(number / 2),
        network: "2001:db8::/64".to_owned(),
        user_agent: "Firefox".to_owned(),
        details: r#"{"method":"password"}"#.to_owned(),
    }
}

async fn the_newest_lines_come_first(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    let mut tx = store.begin().await.unwrap();
    for number in 1..=4 {
        tx.insert_activity(&line(number, &ada, Some(&bea)))
            .await
            .unwrap();
    }
    tx.insert_activity(&line(5, &bea, None)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.has_activity(&ada, "signed_in").await.unwrap());
    assert!(!tx.has_activity(&ada, "signed_out").await.unwrap());
    drop(tx);
    let lines = store.activity(&ada, 3).await.unwrap();
    assert_eq!(
        lines,
        [4, 3, 2].map(|number| line(number, &ada, Some(&bea)))
    );
    assert_eq!(
        store.activity(&bea, 3).await.unwrap(),
        [line(5, &bea, None)]
    );
}
