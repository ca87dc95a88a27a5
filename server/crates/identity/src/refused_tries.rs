//! How many tries of an account were refused on a day, for its owner.
//!
//! They are counted in memory and written from time to time: a row that only known addresses get would take time that
//! tells them from others, and a line of the log for each would let strangers make it grow.

use crate::{Identity, Result, SignedIn};
use domain::{AccountId, Timestamp, calendar};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};
use store::RefusedDay;

/// As many accounts and days are counted before they are written; tries of further ones are not counted.
const MOST: usize = 50_000;

/// Refused tries that are not written yet, by account and day.
#[derive(Default)]
pub(crate) struct RefusedTries(Mutex<HashMap<(AccountId, Timestamp), u32>>);

impl RefusedTries {
    fn add(&self, account: &AccountId, day: Timestamp, tries: u32) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (account.clone(), day);
        if counts.len() < MOST || counts.contains_key(&key) {
            let count = counts.entry(key).or_default();
            *count = count.saturating_add(tries);
        }
    }

    /// What is counted, account by account.
    fn all(&self) -> Vec<((AccountId, Timestamp), u32)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all = counts.iter();
        all.map(|(key, tries)| (key.clone(), *tries)).collect()
    }

    /// Takes off what was written.
    fn take_off(&self, key: &(AccountId, Timestamp), tries: u32) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(key) {
            *count = count.saturating_sub(tries);
            if *count == 0 {
                counts.remove(key);
            }
        }
    }
}

impl Identity {
    /// Counts a wrong password, code or proof.
    pub(crate) fn count_refused(&self, account: &AccountId) {
        self.refused
            .add(account, calendar::day_begins(self.now()), 1);
    }

    /// Writes what was counted since the last time. What is not written, for whatever reason, stays counted.
    ///
    /// # Errors
    /// `Store`.
    pub async fn write_refused_tries(&self) -> Result<()> {
        for (key, tries) in self.refused.all() {
            let (account, day) = &key;
            let mut tx = self.store.begin().await?;
            tx.add_refused_tries(account, *day, tries).await?;
            tx.commit().await?;
            self.refused.take_off(&key, tries);
        }
        Ok(())
    }

    /// The days on which tries of the user's account were refused, the newest first: those that are written, and those
    /// that wait for it.
    ///
    /// # Errors
    /// `Store`.
    pub async fn refused_tries(&self, who: &SignedIn) -> Result<Vec<RefusedDay>> {
        let id = &who.account.id;
        let stored = self.store.refused_tries(id).await?;
        let mut days: BTreeMap<Timestamp, u32> =
            stored.into_iter().map(|day| (day.day, day.tries)).collect();
        for ((account, day), tries) in self.refused.all() {
            if account == *id {
                *days.entry(day).or_default() += tries;
            }
        }
        let days = days.into_iter().rev();
        Ok(days.map(|(day, tries)| RefusedDay { day, tries }).collect())
    }
}
