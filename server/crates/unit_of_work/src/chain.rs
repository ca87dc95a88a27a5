//! The chain of an activity log: written line by line, and checked from its first line to its end.
//!
//! `domain::chain` says what a tag covers. A check cannot find that the whole database was restored to
//! an earlier state, that a subject was deleted with all its lines, or that the chain of a subject was taken
//! away that is older than the first chain in the database: its lines then count as older than the chain.

use crate::{Error, Result, Services, UnitOfWork, vault::Vault};
use domain::{
    OrganisationId, Subject, Timestamp,
    chain::{self, FormerActor, LineActor},
};
use store::{Account, ActivityEnd, ActivityEntry, ActivityLink, Organisation};
use subtle::ConstantTimeEq as _;

/// Lines that a check reads at once.
const PART: u32 = 500;
/// The detail of a line that names the actor's account, unless the actor is the owner.
pub(crate) const NAMED_ACTOR: &str = "by";

/// What a check of a log found.
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
    /// The end on the subject's row does not fit the last line.
    #[error("the end of the log does not fit its last line: lines were cut off or added")]
    End,
    /// The key that signed a line is not in the key file.
    #[error("line {line} was written with a key that is not in the key file")]
    UnknownKey {
        /// Its number.
        line: u64,
    },
    /// A line without a number is newer than the chain.
    #[error("a line without a number stands among numbered ones")]
    Unnumbered,
    /// The log has no chain, though its subject is newer than the first chain.
    #[error("the log has no chain, though its subject is newer than the first one")]
    NoChain,
}

impl Chain {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }
}

impl UnitOfWork<'_> {
    /// Adds an entry as the next line of its subject's chain.
    pub(crate) async fn append(&mut self, mut entry: ActivityEntry) -> Result<()> {
        let vault = &self.services.vault;
        let subject = entry.subject.clone();
        let end = self.advance_activity(&subject).await?;
        let end = end.ok_or_else(|| missing(&subject))?;
        let number = end.lines + 1;
        let before = end.tag.unwrap_or_default();
        let text = line_text(&before, &entry, number);
        let text = text.ok_or(Error::Broken(
            "the actor of a line does not fit its subject",
        ))?;
        let tag = vault.mac(&text);
        let end = vault.mac(&chain::end_text(&subject, number, &tag));
        entry.link = Some(ActivityLink { number, tag });
        self.insert_activity(&entry).await?;
        Ok(self.end_activity(&subject, &end).await?)
    }
}

const fn missing(subject: &Subject) -> Error {
    match subject {
        Subject::Account(_) => Error::NoAccount,
        Subject::Organisation(_) => Error::NoOrganisation,
    }
}

impl Services {
    /// Checks the log of an account: order, gaps, every line, and the end.
    ///
    /// # Errors
    /// [`Error::NoAccount`], [`Error::Store`].
    pub async fn check_activity(&self, account: &Account) -> Result<Chain> {
        let subject = Subject::Account(account.id.clone());
        self.check_chain(&subject, account.created_at).await
    }

    /// The same for the log of an organisation.
    ///
    /// # Errors
    /// [`Error::NoOrganisation`], [`Error::Store`].
    pub async fn check_organisation_activity(&self, organisation: &Organisation) -> Result<Chain> {
        let subject = Subject::Organisation(organisation.id.clone());
        self.check_chain(&subject, organisation.created_at).await
    }

    async fn check_chain(&self, subject: &Subject, created_at: Timestamp) -> Result<Chain> {
        let mut walk = Walk::new(&self.vault);
        loop {
            let after = walk.next - 1;
            let part = self.store.activity_chain(subject, after, PART).await?;
            let (end, lines) = part.ok_or_else(|| missing(subject))?;
            for line in &lines {
                walk.take(line);
            }
            if lines.len() < PART as usize {
                walk.close(subject, &end);
                break;
            }
        }
        let older = self.store.unchained_activity(subject).await?;
        let newer = |first| older.newest.is_some_and(|newest| newest > first);
        match walk.first_at {
            Some(first) if newer(first) => walk.faults.push(Fault::Unnumbered),
            None if walk.faults.is_empty() => {
                // The first line is written when the subject is created.
                let began = self.store.activity_chains_began(subject).await?;
                if began.is_some_and(|began| began < created_at) {
                    walk.faults.push(Fault::NoChain);
                }
            }
            _ => {}
        }
        Ok(Chain {
            lines: walk.next - 1,
            older: older.lines,
            faults: walk.faults,
        })
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
            && let Some(fault) = self.verify(&before, entry, line, tag)
        {
            self.faults.push(fault);
        }
        let end = chain::end_text(&entry.subject, line, tag);
        self.before = self.vault.mac_with_key_of(tag, &end);
        self.next = line + 1;
    }

    fn verify(&self, before: &[u8], entry: &ActivityEntry, line: u64, tag: &[u8]) -> Option<Fault> {
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

    fn close(&mut self, subject: &Subject, end: &ActivityEnd) {
        if end.lines >= self.next {
            let (from, to) = (self.next, end.lines);
            self.faults.push(Fault::Missing { from, to });
            return;
        }
        let tag = end.tag.as_deref().unwrap_or_default();
        let fits = match &self.before {
            Some(before) => before.ct_eq(tag).into(),
            // The line that cannot be read is reported already.
            None => !self.faults.is_empty(),
        };
        if end.lines != self.next - 1 || !fits {
            tracing::warn!(
                subject.kind = subject.kind(),
                subject.id = subject.as_str(),
                "The end of an activity log does not fit"
            );
            self.faults.push(Fault::End);
        }
    }
}

/// The text of a line's tag; `None` when the stored actor contradicts the details or the subject.
fn line_text(before: &[u8], entry: &ActivityEntry, number: u64) -> Option<Vec<u8>> {
    let line = chain::Line {
        number,
        id: &entry.id,
        kind: &entry.kind,
        at: entry.at,
        network: &entry.network,
        user_agent: &entry.user_agent,
        details: &entry.details,
    };
    let (actor, named) = (&entry.actor, named_actor(&entry.details));
    let owner = match &entry.subject {
        Subject::Account(owner) => Some(owner),
        Subject::Organisation(_) => None,
    };
    let is_owner = actor.account_id.is_some() && actor.account_id.as_ref() == owner;
    // The account of an actor may have been deleted since, which empties the column.
    let is_named = |named: &str| {
        actor
            .account_id
            .as_ref()
            .is_none_or(|id| id.as_str() == named)
    };
    let Some(kind) = actor.kind.as_deref() else {
        let former = match named.as_deref() {
            None if is_owner => FormerActor::Owner,
            None if actor.account_id.is_none() => FormerActor::None,
            Some(named) if is_named(named) => FormerActor::Other(named),
            _ => return None,
        };
        return Some(chain::former_line_text(before, owner?, former, &line));
    };
    let account = match (kind, named.as_deref()) {
        ("owner", None) if is_owner => "",
        ("account", Some(named)) if is_named(named) => named,
        ("command_line" | "system" | "unknown", None) if actor.account_id.is_none() => "",
        _ => return None,
    };
    let organisation = actor.organisation_id.as_ref();
    let actor = LineActor {
        kind,
        account,
        role: actor.role.as_deref().unwrap_or_default(),
        organisation: organisation.map_or("", OrganisationId::as_str),
    };
    Some(chain::line_text(before, &entry.subject, actor, &line))
}

/// The account that the details name as the actor.
pub fn named_actor(details: &str) -> Option<String> {
    let details: serde_json::Value = serde_json::from_str(details).ok()?;
    details.get(NAMED_ACTOR)?.as_str().map(str::to_owned)
}
