//! The chain of an account's log: written line by line, and checked from its first line to its end.
//!
//! `domain::chain` says what a tag covers. What a check cannot find: that the whole database was
//! put back to an earlier state, and that an account was removed with all its lines.

use crate::{Error, Result, Services, UnitOfWork, vault::Vault};
use domain::{
    AccountId, Timestamp,
    chain::{self, Actor},
};
use store::{Account, ActivityEnd, ActivityEntry, ActivityLink};
use subtle::ConstantTimeEq as _;

/// Lines that a check reads at once.
const PART: u32 = 500;

/// What a check of an account's log found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// How many lines are in the chain.
    pub lines: u64,
    /// How many lines are older than the chain, which says nothing about them.
    pub older: u64,
    /// What is wrong, in the order of the lines.
    pub faults: Vec<Fault>,
}

/// What can be wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A line is not what was written in this place.
    #[error("line {line} was changed or moved after it was written")]
    Changed {
        /// Its number.
        line: u64,
    },
    /// Lines are gone.
    #[error("lines {from} to {to} are missing")]
    Missing {
        /// The first one.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// The account's row and the last line do not belong together.
    #[error("the end of the log does not fit its last line: lines were cut off or added")]
    End,
    /// The key that vouched for a line is not in the key file.
    #[error("line {line} was written with a key that is not in the key file")]
    UnknownKey {
        /// Its number.
        line: u64,
    },
    /// A line without a number is newer than the chain.
    #[error("a line without a number stands among numbered ones")]
    Unnumbered,
    /// The account is newer than the chain of others and has none itself.
    #[error("the log has no chain, though the account is newer than the first one")]
    NoChain,
}

impl Chain {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }
}

impl UnitOfWork<'_> {
    /// Adds an entry as the next line of its account's chain.
    pub(crate) async fn append(&mut self, mut entry: ActivityEntry) -> Result<()> {
        name_actor(&mut entry);
        let services = self.services;
        let account = entry.account_id.clone();
        let end = self.advance_activity(&account).await?;
        let end = end.ok_or(Error::NoAccount)?;
        let number = end.lines + 1;
        let before = end.tag.unwrap_or_default();
        let text = line_text(&before, &entry, number);
        let text = text.ok_or(Error::Broken("the details of a line name no actor"))?;
        let tag = services.vault.mac(&text);
        let end = services.vault.mac(&chain::end_text(&account, number, &tag));
        entry.link = Some(ActivityLink { number, tag });
        self.insert_activity(&entry).await?;
        Ok(self.end_activity(&account, &end).await?)
    }
}

impl Services {
    /// Checks the log of an account: order, gaps, every line, and the end.
    pub async fn check_activity(&self, account: &Account) -> Result<Chain> {
        let mut walk = Walk::new(&self.vault);
        loop {
            let after = walk.next - 1;
            let part = self.store.activity_chain(&account.id, after, PART).await?;
            let (end, lines) = part.ok_or(Error::NoAccount)?;
            for line in &lines {
                walk.take(line);
            }
            if lines.len() < PART as usize {
                walk.close(&account.id, &end);
                break;
            }
        }
        let older = self.store.unchained_activity(&account.id).await?;
        let newer = |first| older.newest.is_some_and(|newest| newest > first);
        match walk.first_at {
            Some(first) if newer(first) => walk.faults.push(Fault::Unnumbered),
            None if walk.faults.is_empty() && self.must_be_chained(account).await? => {
                walk.faults.push(Fault::NoChain);
            }
            _ => {}
        }
        Ok(Chain {
            lines: walk.next - 1,
            older: older.lines,
            faults: walk.faults,
        })
    }

    /// The first line of an account is written when it is made: one that was made after the first
    /// chain began has a chain.
    async fn must_be_chained(&self, account: &Account) -> Result<bool> {
        let began = self.store.activity_chains_began().await?;
        Ok(began.is_some_and(|began| began < account.created_at))
    }
}

/// A check that goes along the lines.
struct Walk<'a> {
    vault: &'a Vault,
    /// The number that must come next.
    next: u64,
    /// The end of the chain before it; `None` when the line before is missing or unreadable.
    before: Option<Vec<u8>>,
    first_at: Option<Timestamp>,
    faults: Vec<Fault>,
}

impl<'a> Walk<'a> {
    const fn new(vault: &'a Vault) -> Self {
        Self {
            vault,
            next: 1,
            before: Some(Vec::new()),
            first_at: None,
            faults: Vec::new(),
        }
    }

    fn take(&mut self, entry: &ActivityEntry) {
        let Some(ActivityLink { number, tag }) = &entry.link else {
            return; // never: only numbered lines are read
        };
        let line = *number;
        self.first_at.get_or_insert(entry.at);
        if line < self.next {
            self.faults.push(Fault::Changed { line });
            return;
        }
        if line > self.next {
            let (from, to) = (self.next, line - 1);
            self.faults.push(Fault::Missing { from, to });
            self.before = None;
        }
        // After a gap the line itself cannot be checked; the next one can.
        if let Some(before) = self.before.take()
            && let Some(fault) = self.judge(&before, entry, line, tag)
        {
            self.faults.push(fault);
        }
        let end = chain::end_text(&entry.account_id, line, tag);
        self.before = self.vault.mac_with_key_of(tag, &end);
        self.next = line + 1;
    }

    fn judge(&self, before: &[u8], entry: &ActivityEntry, line: u64, tag: &[u8]) -> Option<Fault> {
        let Some(text) = line_text(before, entry, line) else {
            return Some(Fault::Changed { line });
        };
        match self.vault.mac_with_key_of(tag, &text) {
            Some(right) if right.ct_eq(tag).into() => None,
            Some(_) => Some(Fault::Changed { line }),
            None if tag.is_empty() => Some(Fault::Changed { line }),
            None => Some(Fault::UnknownKey { line }),
        }
    }

    fn close(&mut self, account: &AccountId, end: &ActivityEnd) {
        if end.lines >= self.next {
            let (from, to) = (self.next, end.lines);
            self.faults.push(Fault::Missing { from, to });
            return;
        }
        let tag = end.tag.as_deref().unwrap_or_default();
        let fits = match &self.before {
            Some(before) => before.ct_eq(tag).into(),
            // What cannot be known was said at its line already.
            None => !self.faults.is_empty(),
        };
        if end.lines != self.next - 1 || !fits {
            tracing::warn!(account.id = %account, "The end of an activity log does not fit");
            self.faults.push(Fault::End);
        }
    }
}

/// The text of a line's tag; `None` when the row and its details name different actors.
fn line_text(before: &[u8], entry: &ActivityEntry, number: u64) -> Option<Vec<u8>> {
    let named = named_actor(&entry.details);
    let actor = match (&entry.actor_id, &named) {
        (None, None) => Actor::Nobody,
        (Some(actor), None) if *actor == entry.account_id => Actor::Owner,
        // Her account may have been removed since, which empties the row's own column.
        (None, Some(named)) => Actor::Other(named),
        (Some(actor), Some(named)) if actor.as_str() == named => Actor::Other(named),
        _ => return None,
    };
    let line = chain::Line {
        number,
        id: &entry.id,
        account: &entry.account_id,
        actor,
        kind: &entry.kind,
        at: entry.at,
        network: &entry.network,
        user_agent: &entry.user_agent,
        details: &entry.details,
    };
    Some(chain::line_text(before, &line))
}

/// Notes in the details who did it, when that is somebody else than the owner.
fn name_actor(entry: &mut ActivityEntry) {
    let other = entry
        .actor_id
        .as_ref()
        .filter(|actor| **actor != entry.account_id);
    if let Some(actor) = other
        && let Ok(serde_json::Value::Object(mut details)) = serde_json::from_str(&entry.details)
    {
        details.insert("by".to_owned(), actor.as_str().into());
        entry.details = serde_json::Value::Object(details).to_string();
    }
}

/// Who the details say that it was.
pub fn named_actor(details: &str) -> Option<String> {
    let details: serde_json::Value = serde_json::from_str(details).ok()?;
    details.get("by")?.as_str().map(str::to_owned)
}
