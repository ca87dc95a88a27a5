//! How long what says something of a person is kept, why, and what deletes it.
//!
//! This table is the one source: the sweep takes its periods from here, the page that previews a
//! deletion says them, and a test compares `docs/retention.md` with it. A table of the database that
//! is missing here turns a test red. GDPR, article 5(1)(e): no longer than is necessary.

use crate::{Duration, device, provider, session, sign_in};

/// An account is deleted this long after its owner asked for it; until then it can be kept.
pub const COOLING_OFF: Duration = Duration::from_hours(7 * 24);
/// Mails are kept this long as rows without content, so that their fate can be looked up.
pub const MAILS: Duration = Duration::from_hours(7 * 24);
/// Counts of wrong passwords and codes that nobody added to.
pub const GUESSES: Duration = Duration::from_hours(30 * 24);
/// Dead links, so that their page can say why they are dead.
pub const TOKENS: Duration = Duration::from_hours(30 * 24);
/// What was typed into a form that came when its session had ended.
pub const DRAFTS: Duration = Duration::from_hours(1);
/// Messages for the next page of a browser.
pub const FLASHES: Duration = Duration::from_mins(5);
/// What readers said of an article.
pub const VOTES: Duration = Duration::from_hours(730 * 24);
/// The record that an account was deleted.
pub const DELETIONS: Duration = Duration::from_hours(365 * 24);

/// When something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Whichever comes first: this long after that.
    After(&'static [(Duration, &'static str)]),
    /// When this happens.
    When(&'static str),
}

/// What deletes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The job that sweeps every ten minutes.
    Sweep,
    /// What it is for: a factor that is switched off, a wish that is answered.
    Use,
    /// The job that deletes accounts, and nothing before it.
    Deletion,
    /// Nothing: it says nothing of a person.
    Nobody,
}

/// One table of the database.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub table: &'static str,
    /// What it says of a person.
    pub holds: &'static str,
    /// How long.
    pub until: Until,
    /// What for.
    pub why: &'static str,
    /// What deletes it.
    pub by: By,
    /// Whether its rows of an account are gone with the account, however young they are.
    pub goes: bool,
}

const fn rule(
    table: &'static str,
    holds: &'static str,
    until: Until,
    why: &'static str,
    by: By,
) -> Rule {
    Rule {
        table,
        holds,
        until,
        why,
        by,
        goes: true,
    }
}

impl Rule {
    /// The same for rows that no account can be found by, or that outlive it.
    const fn stays(self) -> Self {
        Self {
            goes: false,
            ..self
        }
    }
}

const ACCOUNT: Until = Until::When("the account is deleted");

/// Every table, by name.
pub const TABLE: &[Rule] = &[
    rule(
        "accounts",
        "name, address, language, password (hashed), roles, state",
        Until::After(&[(COOLING_OFF, "its owner asked for it, unless it was stopped")]),
        "the account itself",
        By::Deletion,
    ),
    rule(
        "activity",
        "what happened to the account: when, from which network and browser, old and new values",
        ACCOUNT,
        "its owner sees what was done; the lines are a chain, from which none can be taken out",
        By::Deletion,
    ),
    rule(
        "article_votes",
        "whether an article helped, and a comment; the reader is the hash of a random cookie",
        Until::After(&[(VOTES, "the vote")]),
        "articles are made better; what was said of a text that has changed since says nothing",
        By::Sweep,
    )
    .stays(),
    rule(
        "deletions",
        "that an account was deleted: a random identifier, the realm, when it was asked for and done",
        Until::After(&[(DELETIONS, "the deletion")]),
        "shows that its owner asked (GDPR, article 5(2)), and tells it from a row that was removed behind the program’s back",
        By::Sweep,
    )
    .stays(),
    rule(
        "devices",
        "browsers that the account was signed in with: network, browser, hash of a cookie",
        Until::After(&[(device::KNOWN, "the last sign-in with it")]),
        "a known browser is not locked out by strangers, an unknown one is told of by mail",
        By::Sweep,
    ),
    rule(
        "drafts",
        "what was typed into a form that came too late for its session, encrypted; never a secret",
        Until::After(&[(DRAFTS, "the form came")]),
        "nothing typed is lost when a session ends; it is gone when its owner is back",
        By::Sweep,
    ),
    rule(
        "flashes",
        "the message for the next page of a browser, encrypted",
        Until::After(&[(FLASHES, "the form was posted")]),
        "a form says what became of it; it is gone when it was read",
        By::Sweep,
    )
    .stays(),
    rule(
        "guesses",
        "how many passwords in a row were wrong, by the hash of an address, and how many codes, by account",
        Until::After(&[(GUESSES, "the last one, unless no further one is allowed")]),
        "passwords and codes cannot be guessed (NIST SP 800-63B-4, 3.2.2)",
        By::Sweep,
    ),
    rule(
        "limits",
        "how often something was tried, by network, account or the hash of an address",
        Until::When("the bucket is full again, after five hours at most"),
        "nothing can be tried without end",
        By::Sweep,
    ),
    rule(
        "linked_accounts",
        "the Google or Microsoft account that opens the account: what the provider knows it by, its address, when it was linked and last used",
        Until::When("it is unlinked"),
        "signing in with it",
        By::Use,
    ),
    rule(
        "memberships",
        "the organisations that somebody manages, and since when",
        ACCOUNT,
        "what she may do there",
        By::Deletion,
    ),
    rule(
        "organisations",
        "names of towns",
        ACCOUNT_OF_NOBODY,
        "the platform",
        By::Nobody,
    )
    .stays(),
    rule(
        "outbox",
        "mails: recipient, kind, time; the content, encrypted, only until it was sent",
        Until::After(&[(MAILS, "it was written, once it was sent or given up")]),
        "a mail that is said to be missing can be looked for",
        By::Sweep,
    ),
    rule(
        "projects",
        "names of projects, and what they are about",
        ACCOUNT_OF_NOBODY,
        "the platform",
        By::Nobody,
    )
    .stays(),
    rule(
        "provider_flows",
        "that somebody was sent to Google or Microsoft, and what for; encrypted but for that",
        Until::After(&[(provider::FLOW_LIFETIME, "it began")]),
        "whoever comes back is known to be who was sent; it is gone when she is back",
        By::Sweep,
    ),
    rule(
        "recovery_codes",
        "recovery codes, hashed",
        Until::When("two-factor is switched off or new codes are made"),
        "the way in without the telephone",
        By::Use,
    ),
    rule(
        "recovery_sets",
        "when they were made",
        Until::When("two-factor is switched off or new codes are made"),
        "the same",
        By::Use,
    ),
    rule(
        "reset_requests",
        "the address that somebody typed who forgot a password, encrypted",
        Until::When("it is answered, within seconds"),
        "the answer must not depend on whether there is an account",
        By::Use,
    )
    .stays(),
    rule(
        "sessions",
        "where the account is signed in: network, browser, times, hash of a cookie",
        Until::After(&[(session::ENDED_IS_KNOWN, "it ended")]),
        "being signed in, and seeing where one is; then its browser is told why it ended",
        By::Sweep,
    ),
    rule(
        "sign_ins",
        "a sign-in that waits for its code, and whether a password or a provider began it",
        Until::After(&[(sign_in::LIFETIME, "it began")]),
        "the second step",
        By::Sweep,
    ),
    rule(
        "tokens",
        "mailed links, by their hash; the address that one of them would confirm",
        Until::After(&[(TOKENS, "it stopped working")]),
        "the page of a dead link can say why it is dead",
        By::Sweep,
    ),
    rule(
        "totp_enrolments",
        "a second factor that is being set up, encrypted",
        Until::When("it is confirmed, given up, or its session is removed"),
        "the set-up",
        By::Use,
    ),
    rule(
        "totp_factors",
        "the second factor, encrypted; when it was last used",
        Until::When("it is switched off"),
        "the second step",
        By::Use,
    ),
];

const ACCOUNT_OF_NOBODY: Until = Until::When("the operator removes them");

/// The rule of a table.
pub fn of(table: &str) -> Option<&'static Rule> {
    TABLE.iter().find(|rule| rule.table == table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_stands_once_and_in_order() {
        assert!(TABLE.is_sorted_by(|a, b| a.table < b.table));
        assert!(of("activity").is_some_and(|rule| rule.goes));
        assert!(of("nothing").is_none());
    }

    #[test]
    fn whatever_goes_with_time_says_when() {
        for rule in TABLE {
            let timed = matches!(rule.until, Until::After(periods) if !periods.is_empty());
            let words = matches!(rule.until, Until::When(words) if !words.is_empty());
            assert!(timed || words, "{}", rule.table);
            assert!(!rule.why.is_empty() && !rule.holds.is_empty());
        }
    }
}
