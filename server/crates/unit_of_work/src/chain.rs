//! The chain of an activity log: written line by line, and checked from its first line to its end.
//!
//! `domain::chain` says what a tag covers. A check cannot find that a log, or the whole database, was put
//! back to an earlier state, that a subject was deleted with all its lines, or that the chain of a subject was taken
//! away that is older than the first chain in the database: its lines then count as older than the chain.

use crate::{
    Error, Result, Services, UnitOfWork,
    vault::{Vault, key_id},
};
use domain::{
    OrganisationId, Subject, Timestamp,
    chain::{self, FormerActor, LineActor},
};
use store::{Account, ActivityEnd, ActivityEntry, ActivityLink, Organisation, Store};
use subtle::ConstantTimeEq as _;

/// Lines that a check reads at once.
const PART: u32 = 500;
/// Stands for the end of a chain that a retired key made; no key makes it, so that the line behind it is never right.
const FORGED: &[u8] = b"the end before was made with a retired key";
/// The newest lines, which a page checks: a check of all would take longer with each line.
const NEWEST: u64 = 200;
/// The lines whose logs show whether the key file is theirs: one alone may have been tampered with, and an older log may
/// be of before a lost key.
const NEWEST_LINES: u32 = 100;
/// The detail of a line that names the actor's account, unless the actor is the owner.
pub(crate) const NAMED_ACTOR: &str = "by";

/// What a check of a log found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// How many lines of the chain were checked.
    pub lines: u64,
    /// How many lines of the chain come before those.
    pub earlier: u64,
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
    /// A line was written with an older key than the line before it.
    #[error("line {line} was written with an older key than the line before it")]
    OlderKey {
        /// Its number.
        line: u64,
    },
    /// The end was written with a key that is retired.
    #[error(
        "the end of the log was written with a retired key: it may be forged, or `bpart key rotate` was not finished"
    )]
    RetiredKey,
    /// A line without a number is newer than the chain.
    #[error("a line without a number stands among numbered ones")]
    Unnumbered,
    /// The log has no chain, though its subject is newer than the first chain.
    #[error("the log has no chain, though its subject is newer than the first one")]
    NoChain,
}

/// What became of the end of a chain that was to be signed anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anew {
    /// It is the newest key's now.
    Signed,
    /// It was the newest key's already, or there is none.
    Kept,
    /// The chain is broken: the newest key must not sign its end.
    Refused,
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
        // An end that a retired key made may be forged: what is added behind it must not cover that up.
        let before = match end.tag {
            Some(tag) if vault.is_retired(&tag) => FORGED.to_vec(),
            tag => tag.unwrap_or_default(),
        };
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
        self.check_chain(&subject, account.created_at, u64::MAX)
            .await
    }

    /// The same for the newest 200 lines of an account alone, at a cost that does not grow with the log.
    ///
    /// # Errors
    /// As [`Services::check_activity`].
    pub async fn check_newest_activity(&self, account: &Account) -> Result<Chain> {
        let subject = Subject::Account(account.id.clone());
        self.check_chain(&subject, account.created_at, NEWEST).await
    }

    /// The same for the log of an organisation.
    ///
    /// # Errors
    /// [`Error::NoOrganisation`], [`Error::Store`].
    pub async fn check_organisation_activity(&self, organisation: &Organisation) -> Result<Chain> {
        let subject = Subject::Organisation(organisation.id.clone());
        self.check_chain(&subject, organisation.created_at, u64::MAX)
            .await
    }

    /// Writes the end of a chain anew with the newest key, if it is another's and the chain holds: what an older key made
    /// is then covered by the newest one.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn sign_end_anew(&self, subject: &Subject, chain: &Chain) -> Result<Anew> {
        let mut tx = self.store.begin().await?;
        // The row is locked, so that no line is added meanwhile.
        let Some(end) = tx.lock_activity(subject).await? else {
            return Ok(Anew::Kept);
        };
        if !chain.holds() || chain.lines + chain.earlier != end.lines {
            return Ok(Anew::Refused);
        }
        let Some(last) = tx.activity_tag(subject, end.lines).await? else {
            return Ok(Anew::Kept);
        };
        let tag = end.tag.unwrap_or_default();
        if !self.vault.is_outdated(&tag) {
            return Ok(Anew::Kept);
        }
        let text = chain::end_text(subject, end.lines, &last);
        tx.end_activity(subject, &self.vault.mac(&text)).await?;
        tx.commit().await?;
        Ok(Anew::Signed)
    }

    async fn check_chain(
        &self,
        subject: &Subject,
        created_at: Timestamp,
        newest: u64,
    ) -> Result<Chain> {
        let end = self.store.activity_chain(subject, u64::MAX, 1).await?;
        let (end, _) = end.ok_or_else(|| missing(subject))?;
        let earlier = end.lines.saturating_sub(newest);
        // The line before them is read as well, since the first one is checked against it.
        let mut walk = Walk::after(&self.vault, earlier.saturating_sub(1));
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
            // The first line of the chain is the one to compare with.
            Some(first) if newer(first) => walk.faults.push(Fault::Unnumbered),
            None if earlier == 0 && walk.faults.is_empty() => {
                // The first line is written when the subject is created.
                let began = self.store.activity_chains_began(subject).await?;
                if began.is_some_and(|began| began < created_at) {
                    walk.faults.push(Fault::NoChain);
                }
            }
            _ => {}
        }
        Ok(Chain {
            // The newest lines may be gone altogether.
            lines: (walk.next - 1).saturating_sub(earlier),
            earlier,
            older: older.lines,
            faults: walk.faults,
        })
    }
}

/// Whether the keys signed the logs of this database, as the ends of the logs with its newest lines show; a database
/// without logs fits any. The key file of another installation opens nothing that is sealed, and signs what
/// `bpart audit verify` refuses. So does one in which the keys of the database are retired: it is newer than the database.
///
/// # Errors
/// [`Error::Store`].
pub async fn is_key_file_of(vault: &Vault, store: &Store) -> Result<bool> {
    let mut is_empty = true;
    for account in store.accounts_of_newest_lines(NEWEST_LINES).await? {
        let subject = Subject::Account(account);
        let Some((ActivityEnd { lines, tag }, _)) =
            store.activity_chain(&subject, u64::MAX, 1).await?
        else {
            continue;
        };
        let last = store.activity_chain(&subject, lines.saturating_sub(1), 1);
        let last = last.await?.and_then(|(_, mut lines)| lines.pop()?.link);
        let (Some(tag), Some(last)) = (tag, last) else {
            continue;
        };
        let text = chain::end_text(&subject, lines, &last.tag);
        if !vault.is_retired(&tag) && vault.mac_with_key_of(&tag, &text) == Some(tag) {
            return Ok(true);
        }
        is_empty = false;
    }
    Ok(is_empty)
}

/// A check that goes along the lines.
struct Walk<'a> {
    vault: &'a Vault,
    /// The number that must come next.
    next: u64,
    /// What the end of the chain before it may be; `None` when the line before is missing or unreadable. A rotation of
    /// keys writes an end anew with a later key than that of its line.
    before: Option<Vec<Vec<u8>>>,
    /// The number of the key of the line before.
    key: u32,
    first_at: Option<Timestamp>,
    faults: Vec<Fault>,
}

impl<'a> Walk<'a> {
    /// Begins after this many lines. The first one cannot be checked then, since its end before it is not known; the
    /// others can.
    fn after(vault: &'a Vault, lines: u64) -> Self {
        Self {
            vault,
            next: lines + 1,
            before: (lines == 0).then(|| vec![Vec::new()]),
            key: 0,
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
        let key = key_id(tag).unwrap_or(self.key);
        if key < self.key {
            self.faults.push(Fault::OlderKey { line });
        }
        self.key = key;
        let end = chain::end_text(&entry.subject, line, tag);
        let ends = self.vault.macs_since(tag, &end);
        self.before = Some(ends).filter(|ends| !ends.is_empty());
        self.next = line + 1;
    }

    fn verify(
        &self,
        before: &[Vec<u8>],
        entry: &ActivityEntry,
        line: u64,
        tag: &[u8],
    ) -> Option<Fault> {
        if !tag.is_empty() && self.vault.mac_with_key_of(tag, &[]).is_none() {
            return Some(Fault::UnknownKey { line });
        }
        let fits = |before: &Vec<u8>| {
            let text = line_text(before, entry, line)?;
            let right = self.vault.mac_with_key_of(tag, &text)?;
            Some(right.ct_eq(tag).into())
        };
        let fits = before.iter().any(|before| fits(before) == Some(true));
        (!fits).then_some(Fault::Changed { line })
    }

    fn close(&mut self, subject: &Subject, end: &ActivityEnd) {
        if end.lines >= self.next {
            let (from, to) = (self.next, end.lines);
            self.faults.push(Fault::Missing { from, to });
            return;
        }
        let tag = end.tag.as_deref().unwrap_or_default();
        let fits = match &self.before {
            Some(before) => before.iter().any(|before| before.ct_eq(tag).into()),
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
        } else if self.vault.is_retired(tag) {
            self.faults.push(Fault::RetiredKey);
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AccountId, ActivityId};
    use store::ActivityActor;

    const OLD: &str = "1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "2 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    fn vault(text: &str) -> Vault {
        Vault::parse(text).expect("a key file")
    }

    fn subject() -> Subject {
        Subject::Account(AccountId::from("ada".to_owned()))
    }

    /// The next line of a chain, signed with the newest key of a vault.
    fn line(number: u64, before: &[u8], vault: &Vault) -> ActivityEntry {
        let mut entry = ActivityEntry {
            id: ActivityId::from(format!("line-{number}")),
            subject: subject(),
            actor: ActivityActor {
                kind: Some("system".to_owned()),
                ..ActivityActor::default()
            },
            kind: "locked".to_owned(),
            at: Timestamp::from_seconds(1),
            network: String::new(),
            user_agent: String::new(),
            details: "{}".to_owned(),
            link: None,
        };
        let tag = vault.mac(&line_text(before, &entry, number).expect("an actor"));
        entry.link = Some(ActivityLink { number, tag });
        entry
    }

    /// The end after a line, signed with the newest key of a vault.
    fn end(entry: &ActivityEntry, vault: &Vault) -> ActivityEnd {
        let link = entry.link.as_ref().expect("a line of the chain");
        let text = chain::end_text(&subject(), link.number, &link.tag);
        ActivityEnd {
            lines: link.number,
            tag: Some(vault.mac(&text)),
        }
    }

    fn faults(vault: &Vault, lines: &[&ActivityEntry], end: &ActivityEnd) -> Vec<Fault> {
        let mut walk = Walk::after(vault, 0);
        for line in lines {
            walk.take(line);
        }
        walk.close(&subject(), end);
        walk.faults
    }

    /// Red when an end that was signed anew is called wrong, or when a key that was replaced goes on signing.
    #[test]
    fn keys_never_fall_along_a_chain() {
        let (old, new) = (vault(OLD), vault(&format!("{OLD}\n{NEW}")));
        let retired = vault(&format!("{OLD} retired\n{NEW}"));
        let first = line(1, &[], &old);
        let by_old = end(&first, &old);
        assert_eq!(faults(&new, &[&first], &by_old), []);
        assert_eq!(faults(&retired, &[&first], &by_old), [Fault::RetiredKey]);
        // A rotation signs the end anew, and the next line covers that end.
        let anew = end(&first, &new);
        assert_eq!(faults(&retired, &[&first], &anew), []);
        let second = line(2, anew.tag.as_deref().expect("a tag"), &new);
        let by_new = end(&second, &new);
        assert_eq!(faults(&retired, &[&first, &second], &by_new), []);
        // The old key adds a line behind one of the new key.
        let third = line(3, by_new.tag.as_deref().expect("a tag"), &old);
        let forged = end(&third, &old);
        let found = faults(&new, &[&first, &second, &third], &forged);
        assert_eq!(found, [Fault::OlderKey { line: 3 }]);
        // Nor does the newest key cover an end that a retired one has made.
        let covering = line(2, FORGED, &retired);
        let found = faults(&retired, &[&first, &covering], &end(&covering, &retired));
        assert_eq!(found, [Fault::Changed { line: 2 }]);
    }
}
