//! Who waits for a mail with an open page: told when something has changed, as server-sent events.
//!
//! One query a second reads the states of all who wait, however many they are; without anybody there is none.

use domain::RegistrationId;
use identity::Identity;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

/// How often the states are read.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many registrations one statement reads.
const PART: usize = 500;
/// As many pages may wait at once, well below the number of connections; a further one is told nothing and can be opened
/// again.
const MOST: usize = 2_500;
/// As many pages may wait for one registration: the tabs of one browser.
const MOST_OF_ONE: usize = 4;

/// The pages that wait.
#[derive(Default)]
pub struct Live {
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// The last known version of each registration that somebody watches; empty at first.
    versions: HashMap<RegistrationId, watch::Sender<String>>,
    is_closed: bool,
}

impl Live {
    /// Waits for changes of a registration from now on; `None` when too many wait, or the program stops.
    pub fn watch(&self, id: &RegistrationId) -> Option<watch::Receiver<String>> {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return None;
        }
        let watchers = |sender: &watch::Sender<String>| sender.receiver_count();
        let all: usize = waiting.versions.values().map(watchers).sum();
        if all >= MOST {
            return None;
        }
        if let Some(sender) = waiting.versions.get(id) {
            let is_free = watchers(sender) < MOST_OF_ONE;
            return is_free.then(|| sender.subscribe());
        }
        let (sender, receiver) = watch::channel(String::new());
        waiting.versions.insert(id.clone(), sender);
        Some(receiver)
    }

    /// Ends every wait: the program stops.
    pub fn close(&self) {
        let mut waiting = self.lock();
        waiting.is_closed = true;
        waiting.versions.clear();
    }

    /// The registrations that somebody still watches; the others are forgotten.
    fn watched(&self) -> Vec<RegistrationId> {
        let mut waiting = self.lock();
        waiting
            .versions
            .retain(|_, sender| sender.receiver_count() > 0);
        waiting.versions.keys().cloned().collect()
    }

    fn tell(&self, versions: Vec<(RegistrationId, String)>) {
        let waiting = self.lock();
        for (id, version) in versions {
            if let Some(sender) = waiting.versions.get(&id) {
                sender.send_if_modified(|known| {
                    let changed = *known != version;
                    *known = version;
                    changed
                });
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the states for as long as it is polled.
pub async fn run(live: &Live, identity: &Identity) {
    let mut every = interval(LOOK_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        for part in live.watched().chunks(PART) {
            match identity.waiting_versions(part).await {
                Ok(versions) => live.tell(versions),
                Err(error) => {
                    tracing::warn!(%error, "The states of registrations cannot be read");
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;

    /// Red when a page is told what it knows already, or the pages that were left are still asked for.
    #[tokio::test]
    async fn a_page_is_told_of_changes_until_it_is_left() {
        let live = Live::default();
        let id = RegistrationId::from("one".to_owned());
        let mut first = live.watch(&id).unwrap();
        let second = live.watch(&id).unwrap();
        assert_eq!(live.watched(), std::slice::from_ref(&id));
        live.tell(vec![(id.clone(), "queued".to_owned())]);
        first.changed().await.unwrap();
        assert_eq!(*first.borrow_and_update(), "queued");
        live.tell(vec![(id.clone(), "queued".to_owned())]);
        assert!(!first.has_changed().unwrap());
        let others = [live.watch(&id), live.watch(&id), live.watch(&id)];
        assert_eq!(others.map(|other| other.is_some()), [true, true, false]);
        drop((first, second));
        assert!(live.watched().is_empty());
        let mut last = live.watch(&id).unwrap();
        live.close();
        assert!(last.changed().await.is_err() && live.watch(&id).is_none());
    }
}
