use crate::{all_at_once, at, expire, hash, manager, sessions::signed_in, winners};
use domain::{AccountId, FlowId, Locale, Provider};
use store::{Expired, FlowFor, FlowKey, ProviderFlow, Store};

both!(
    a_flow_is_taken_once_by_its_state_in_its_browser,
    fifty_take_a_flow_at_once_and_one_gets_it,
    a_flow_is_too_old_from_its_time_on,
    a_flow_knows_what_it_is_for,
    flows_are_swept,
);

const fn key(of: u8) -> FlowKey {
    FlowKey {
        state: hash(of),
        browser: hash(of + 100),
    }
}

fn flow(number: u8, aim: FlowFor) -> ProviderFlow {
    ProviderFlow {
        id: FlowId::from(format!("flow-{number}")),
        provider: Provider::Microsoft,
        aim,
        sealed: vec![number],
        locale: Locale::Fr,
        created_at: at(i64::from(number)),
    }
}

async fn begin(store: &Store, number: u8, aim: FlowFor) -> ProviderFlow {
    let flow = flow(number, aim);
    let mut tx = store.begin().await.unwrap();
    tx.insert_provider_flow(&flow, &key(number)).await.unwrap();
    tx.commit().await.unwrap();
    flow
}

async fn take(
    store: &Store,
    provider: Provider,
    key: &FlowKey,
    until: i64,
) -> Option<ProviderFlow> {
    let taken = store.take_provider_flow(provider, key, at(until));
    taken.await.unwrap()
}

/// Red when a flow can be taken at the other provider's door, in another browser, or twice.
async fn a_flow_is_taken_once_by_its_state_in_its_browser(store: Store) {
    let flow = begin(&store, 1, FlowFor::SignIn).await;
    let provider = Provider::Microsoft;
    let state = key(1);
    assert_eq!(take(&store, Provider::Google, &state, 0).await, None);
    let browser = key(2).browser;
    assert_eq!(
        take(&store, provider, &FlowKey { browser, ..state }, 0).await,
        None
    );
    let foreign = key(2).state;
    let foreign = FlowKey {
        state: foreign,
        ..state
    };
    assert_eq!(take(&store, provider, &foreign, 0).await, None);
    assert_eq!(take(&store, provider, &state, 0).await, Some(flow));
    assert_eq!(take(&store, provider, &state, 0).await, None);
}

async fn fifty_take_a_flow_at_once_and_one_gets_it(store: Store) {
    begin(&store, 1, FlowFor::SignIn).await;
    let results = all_at_once(50, |_| {
        let store = store.clone();
        async move {
            take(&store, Provider::Microsoft, &key(1), 0)
                .await
                .is_some()
        }
    })
    .await;
    assert_eq!(winners(&results), 1);
}

async fn a_flow_is_too_old_from_its_time_on(store: Store) {
    begin(&store, 5, FlowFor::SignIn).await;
    assert_eq!(take(&store, Provider::Microsoft, &key(5), 5).await, None);
    assert!(
        take(&store, Provider::Microsoft, &key(5), 4)
            .await
            .is_some()
    );
}

async fn a_flow_knows_what_it_is_for(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await.id;
    let account = ada.clone();
    let link = FlowFor::Link { account, session };
    begin(&store, 1, link.clone()).await;
    begin(&store, 2, FlowFor::Invitation(ada.clone())).await;
    begin(&store, 3, FlowFor::SignIn).await;
    assert_eq!(aims(&store, &ada).await, ["link", "invitation"]);
    let found = store.stored_flows(&ada).await.unwrap();
    assert_eq!(
        (found[0].provider, found[0].created_at),
        (Provider::Microsoft, at(1))
    );
    for (number, aim) in [
        (1, link),
        (2, FlowFor::Invitation(ada.clone())),
        (3, FlowFor::SignIn),
    ] {
        let taken = take(&store, Provider::Microsoft, &key(number), 0).await;
        assert_eq!(taken.map(|flow| flow.aim), Some(aim));
    }
}

async fn aims(store: &Store, account: &AccountId) -> Vec<String> {
    let found = store.stored_flows(account).await.unwrap();
    found.into_iter().map(|flow| flow.aim).collect()
}

async fn flows_are_swept(store: Store) {
    let (ada, eve) = (manager(&store, "ada").await, manager(&store, "eve").await);
    begin(&store, 1, FlowFor::Invitation(ada.clone())).await;
    begin(&store, 2, FlowFor::Invitation(eve.clone())).await;
    begin(&store, 3, FlowFor::SignIn).await;
    begin(&store, 4, FlowFor::SignIn).await;
    let mut tx = store.begin().await.unwrap();
    tx.delete_provider_flows(&eve).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(expire(&store, Expired::ProviderFlows, 1).await, 1);
    assert_eq!(aims(&store, &ada).await, [""; 0]);
    assert_eq!(aims(&store, &eve).await, [""; 0]);
    assert_eq!(expire(&store, Expired::ProviderFlows, 3).await, 1);
    assert!(
        take(&store, Provider::Microsoft, &key(4), 0)
            .await
            .is_some()
    );
}
