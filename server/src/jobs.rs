//! What runs beside the requests: mail leaves, and what is too old is swept away.

use crate::AppState;
use domain::{
    Duration, OrganisationId, Realm, Timestamp, device, guess,
    provider::FLOW_LIFETIME,
    retention,
    session::{ENDED_IS_KNOWN, Lifetime},
    sign_in,
};
use std::{future::Future, sync::Arc};
use store::{Store, StoreError};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// How often the sweep runs.
const SWEEP_EVERY: Duration = Duration::from_mins(10);
/// How often wishes for new passwords are looked for without having been told of one.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Sends what is in the outbox until `stop` is done.
pub async fn mail(state: Arc<AppState>, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let identity = &state.identity;
    let worker = mail::Worker {
        store: identity.store.clone(),
        transport: mail::Transport::from_url(state.config.smtp_url.as_deref())?,
        seal: Arc::<identity::Vault>::clone(&identity.vault),
        sender: state.sender.clone(),
        from: mail::from_address(state.config.mail_from.as_deref(), &state.sender)?,
        clock: Arc::clone(&identity.clock),
        wake: Arc::clone(&identity.mail_bell),
    };
    mail::run(worker, stop).await;
    Ok(())
}

/// Answers wishes for new passwords until it is dropped.
///
/// Another process may have written one down, so it looks by itself now and then.
pub async fn answer_resets(state: Arc<AppState>) {
    let identity = &state.identity;
    loop {
        match identity.answer_reset_request().await {
            Ok(true) => {}
            Ok(false) => {
                let _ = timeout(LOOK_EVERY, identity.reset_bell.notified()).await;
            }
            Err(error) => {
                tracing::warn!(%error, "A wish for a new password will be answered later");
                sleep(LOOK_EVERY).await;
            }
        }
    }
}

/// Sweeps every ten minutes until it is dropped, and deletes the accounts whose time has come.
pub async fn sweep(state: Arc<AppState>) {
    let mut ticks = interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let identity = &state.identity;
        match sweep_once(
            &identity.store,
            identity.clock.now(),
            state.config.has_mailbox(),
        )
        .await
        {
            Ok(0) => {}
            Ok(rows) => tracing::info!(sweep.rows = rows, "Old rows were removed"),
            Err(error) => tracing::warn!(%error, "The sweep failed and will be tried again"),
        }
        match identity.delete_due_accounts().await {
            Ok(0) => {}
            Ok(accounts) => tracing::info!(deleted.accounts = accounts, "Accounts were deleted"),
            Err(error) => {
                tracing::warn!(%error, "Accounts are due and will be looked for again");
            }
        }
    }
}

/// Removes what is kept no longer, as `domain::retention` says; says how many rows that were.
pub async fn sweep_once(store: &Store, now: Timestamp, mailbox: bool) -> Result<u64, StoreError> {
    let mut rows = sweep_sessions(store, now).await?;
    rows += store.delete_old_drafts(now).await?;
    rows += store
        .delete_old_sign_ins(now.minus(sign_in::LIFETIME))
        .await?;
    rows += store
        .delete_old_tokens(now.minus(retention::TOKENS))
        .await?;
    rows += store
        .delete_old_provider_flows(now.minus(FLOW_LIFETIME))
        .await?;
    rows += store.delete_old_flashes(now).await?;
    rows += store.delete_full_limits(now).await?;
    let most = guess::PASSWORDS.most;
    rows += store
        .delete_old_attempts(now.minus(retention::GUESSES), most)
        .await?;
    rows += store.delete_old_devices(now.minus(device::KNOWN)).await?;
    rows += store.delete_old_votes(now.minus(retention::VOTES)).await?;
    rows += store
        .delete_old_deletions(now.minus(retention::DELETIONS))
        .await?;
    // In the rehearsal the outbox is the mailbox, and newcomers come back after a holiday.
    if !mailbox {
        rows += store.delete_old_mails(now.minus(retention::MAILS)).await?;
    }
    Ok(rows)
}

/// Removes the sessions that ended so long ago that nobody is told why any more.
async fn sweep_sessions(store: &Store, now: Timestamp) -> Result<u64, StoreError> {
    // The lifetimes are the same in all towns.
    let town = Realm::Organisation(OrganisationId::from(String::new()));
    let known = now.minus(ENDED_IS_KNOWN);
    let mut rows = store.delete_revoked_sessions(known).await?;
    for (realm, stay) in [
        (&Realm::BackOffice, false),
        (&Realm::BackOffice, true),
        (&town, false),
        (&town, true),
    ] {
        let lifetime = Lifetime::of(realm, stay);
        let (born, seen) = (known.minus(lifetime.absolute), known.minus(lifetime.idle));
        rows += store
            .delete_dead_sessions(*realm == Realm::BackOffice, stay, born, seen)
            .await?;
    }
    Ok(rows)
}
