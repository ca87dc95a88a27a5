//! The cache of what a provider publishes, and how often the provider is asked.
//!
//! Documents are cached for an hour. A token that is signed with an unknown key refreshes them, since
//! providers rotate keys without notice; at most once a minute, so that forged tokens do not cause
//! requests without end. A provider that fails is not asked again for some seconds: users are told at
//! once meanwhile.

use super::{
    Refused, errors,
    http::{Outgoing, TIME_OUT, Unreachable},
    published::Published,
};
use crate::config::issuer::Issuer;
use contract::RefusedBecause;
use domain::{Clock, Duration, Timestamp};
use std::sync::Arc;
use tokio::sync::Mutex;

/// How long documents are believed.
const FRESH: Duration = Duration::from_hours(1);
/// The least time between two looks for a new key.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// How long a provider that failed is left alone.
const REST: Duration = Duration::from_secs(5);

/// What is held, and since when.
struct Held {
    published: Arc<Published>,
    fetched: Timestamp,
    looked: Option<Timestamp>,
}

/// What is known of a provider.
#[derive(Default)]
struct Known {
    held: Option<Held>,
    /// When it failed last, since it last answered.
    failed: Option<Timestamp>,
}

/// The documents of one provider. Requests that come while they are fetched wait for the same answer.
///
/// They are fetched in a task of their own: a request that is cancelled must not cancel what others
/// wait for, nor lose that it failed.
pub struct Documents {
    asked: Issuer,
    http: Arc<Outgoing>,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
}

impl Documents {
    /// Nothing is fetched yet.
    pub fn new(asked: Issuer, http: Arc<Outgoing>, clock: Arc<dyn Clock>) -> Self {
        Self {
            asked,
            http,
            clock,
            known: Mutex::default(),
        }
    }

    /// The documents, from before or from the provider.
    pub async fn published(self: &Arc<Self>) -> Result<Arc<Published>, Refused> {
        self.get(None).await
    }

    /// The documents after a key was not found in `before`; the same when it is too early to look
    /// again.
    pub async fn look_again(
        self: &Arc<Self>,
        before: &Arc<Published>,
    ) -> Result<Arc<Published>, Refused> {
        self.get(Some(Arc::clone(before))).await
    }

    async fn get(
        self: &Arc<Self>,
        before: Option<Arc<Published>>,
    ) -> Result<Arc<Published>, Refused> {
        let own = Arc::clone(self);
        let asked = tokio::spawn(async move { own.hold(before.as_ref()).await });
        asked.await.unwrap_or_else(|error| {
            let detail = error.to_string();
            Err(Refused::new(RefusedBecause::Unavailable, detail))
        })
    }

    async fn hold(&self, before: Option<&Arc<Published>>) -> Result<Arc<Published>, Refused> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some(held) = &known.held
            && still_good(held, before, now)
        {
            return Ok(Arc::clone(&held.published));
        }
        if known.failed.is_some_and(|at| now.since(at) < REST) {
            let detail = "it failed a moment ago and is left alone";
            return Err(Refused::new(RefusedBecause::Unavailable, detail));
        }
        match within(Published::read(&self.asked, &self.http)).await {
            Ok(published) => {
                let published = Arc::new(published);
                *known = Known {
                    held: Some(Held {
                        published: Arc::clone(&published),
                        fetched: now,
                        looked: before.map(|_| now),
                    }),
                    failed: None,
                };
                Ok(published)
            }
            Err(error) => {
                known.failed = Some(self.clock.now());
                Err(errors::unreachable(&error))
            }
        }
    }
}

/// Whether what is held need not be fetched again: it is fresh; or it was looked at just now, or
/// since `before`, in which a key was not found.
fn still_good(held: &Held, before: Option<&Arc<Published>>, now: Timestamp) -> bool {
    match before {
        None => now.since(held.fetched) < FRESH,
        Some(before) => {
            let looked = held.looked;
            looked.is_some_and(|looked| now.since(looked) < LOOK_EVERY)
                || !Arc::ptr_eq(&held.published, before)
        }
    }
}

/// The time for documents ends with the time for the whole flow.
async fn within(
    read: impl Future<Output = Result<Published, Unreachable>>,
) -> Result<Published, Unreachable> {
    match tokio::time::timeout(TIME_OUT, read).await {
        Ok(answer) => answer,
        Err(_elapsed) => Err(Unreachable::TooSlow),
    }
}
