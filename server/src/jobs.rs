//! What runs beside the requests: mail leaves, and what is too old is swept away.

use crate::{AppState, sweep::sweep_once};
use domain::Duration;
use std::{future::Future, sync::Arc};
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
