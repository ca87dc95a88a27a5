//! How long personal data is kept, why, and what deletes it.
//!
//! This table is the one source: the sweep takes its periods from here, the page that previews a
//! deletion shows them, and a test compares `docs/retention.md` with it. Another test fails when a
//! table of the database is missing here. GDPR, article 5(1)(e): no longer than is necessary.

use crate::{Duration, device, provider, session, sign_in};

/// An account is deleted this long after its owner asked for it; until then it can be kept.
pub const COOLING_OFF: Duration = Duration::from_hours(7 * 24);
/// Mails are kept this long as rows without content, so that their state can be looked up.
pub const MAILS: Duration = Duration::from_hours(7 * 24);
/// Jobs that were given up, so that an operator can look at them and retry them.
pub const DEAD_JOBS: Duration = Duration::from_hours(7 * 24);
/// Counts of wrong passwords and codes, since the last one.
pub const GUESSES: Duration = Duration::from_hours(30 * 24);
/// How many tries of a day were refused, since the day began.
pub const REFUSED_TRIES: Duration = Duration::from_hours(90 * 24);
/// Recovery codes that are not saved yet, since they were made.
pub const UNSAVED_CODES: Duration = Duration::from_hours(1);
/// Links that stopped working, so that their page can say why.
pub const TOKENS: Duration = Duration::from_hours(30 * 24);
/// The input of forms that were posted after their session had ended.
pub const DRAFTS: Duration = Duration::from_hours(1);
/// Messages for the next page of a browser.
pub const FLASHES: Duration = Duration::from_mins(5);
/// Votes on articles.
pub const VOTES: Duration = Duration::from_hours(730 * 24);
/// A registration, and the account that it made, while the address is not confirmed: as long as it can still be confirmed
/// with a new mail.
pub const UNCONFIRMED: Duration = Duration::from_hours(14 * 24);
/// How long it is known on how many days a domain took no mail, after the last of them.
pub const DOMAIN_HEALTH: Duration = Duration::from_hours(30 * 24);
/// How many registrations of a day came how far, since the day began.
pub const REGISTRATION_COUNTS: Duration = Duration::from_hours(400 * 24);
/// The record that an account was deleted.
pub const DELETIONS: Duration = Duration::from_hours(365 * 24);

/// When a row is deleted.
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
    /// The job that sweeps every five to ten minutes.
    Sweep,
    /// Its use: a factor that is disabled, a request that is answered.
    Use,
    /// The job that deletes accounts, and nothing before it.
    Deletion,
    /// Nothing: it is no personal data.
    Nobody,
}

/// One table of the database.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub table: &'static str,
    /// Which personal data it holds.
    pub holds: &'static str,
    /// How long.
    pub until: Until,
    /// What for.
    pub why: &'static str,
    /// What deletes it.
    pub by: By,
    /// Whether the rows of an account are deleted with the account, however young they are.
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
    /// The same for rows that cannot be found by an account, or that outlive it.
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
        "name, address and whether it is doubted, language, password (hashed), roles, state",
        Until::After(&[
            (COOLING_OFF, "its owner asked for it, unless it was stopped"),
            (UNCONFIRMED, "it was registered, unless its address was confirmed"),
        ]),
        "the account itself",
        By::Deletion,
    ),
    rule(
        "activity",
        "what happened to the account, and by whom in which role to an organisation: when, from which \
         network and browser, old and new values",
        ACCOUNT,
        "its owner sees what was done; the lines are a chain, from which none can be taken out",
        By::Deletion,
    ),
    rule(
        "article_votes",
        "whether an article helped, and a comment; the reader is the hash of a random cookie",
        Until::After(&[(VOTES, "the vote")]),
        "articles are made better; a vote on a text that has changed since is of no use",
        By::Sweep,
    )
    .stays(),
    rule(
        "deletions",
        "that an account was deleted: a random identifier, the realm, when it was asked for and done",
        Until::After(&[(DELETIONS, "the deletion")]),
        "shows that its owner asked (GDPR, article 5(2)), and distinguishes it from a row that was removed without the program",
        By::Sweep,
    )
    .stays(),
    rule(
        "devices",
        "browsers that the account has signed in with: network, browser, hash of a cookie",
        Until::After(&[(device::KNOWN, "the last sign-in with it")]),
        "a known browser is not locked out by wrong passwords from others; for an unknown one a mail is sent",
        By::Sweep,
    ),
    rule(
        "domain_health",
        "on how many days in a row the domain of an address took no mail; no address",
        Until::After(&[(DOMAIN_HEALTH, "it was looked at last")]),
        "an address whose domain is gone is no proof any more",
        By::Sweep,
    )
    .stays(),
    rule(
        "drafts",
        "the input of a form that came too late for its session, encrypted; never a secret",
        Until::After(&[(DRAFTS, "the form came")]),
        "no input is lost when a session ends; it is deleted when its owner is back",
        By::Sweep,
    ),
    rule(
        "flashes",
        "the message for the next page of a browser, encrypted",
        Until::After(&[(FLASHES, "the form was posted")]),
        "the result of a form is shown once; it is deleted when it is read",
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
        "jobs",
        "work that waits: the number of a mail with the hash of its recipient; the address that was typed to reset a password, encrypted",
        Until::After(&[(DEAD_JOBS, "it was given up; otherwise it is done, as a rule within seconds")]),
        "mails are sent, and failures are tried again; an answer about an address must not depend on whether there is an account",
        By::Sweep,
    )
    .stays(),
    rule(
        "limits",
        "rate limits, by network, account, mail domain or the hash of an address",
        Until::When("the bucket is full again, after five hours at most"),
        "no attempt can be repeated without limit",
        By::Sweep,
    ),
    rule(
        "linked_accounts",
        "the Google or Microsoft account that signs in to the account: the provider's identifier, its address, when it was linked and last used",
        Until::When("it is unlinked"),
        "signing in with it",
        By::Use,
    ),
    rule(
        "memberships",
        "the organisations that the account manages, and since when",
        ACCOUNT,
        "its permissions there",
        By::Deletion,
    ),
    rule(
        "organisation_logos",
        "logos of organisations",
        ACCOUNT_OF_NOBODY,
        "the platform",
        By::Nobody,
    )
    .stays(),
    rule(
        "organisation_texts",
        "what organisations write on their pages",
        ACCOUNT_OF_NOBODY,
        "the platform",
        By::Nobody,
    )
    .stays(),
    rule(
        "organisations",
        "names of organisations",
        ACCOUNT_OF_NOBODY,
        "the platform",
        By::Nobody,
    )
    .stays(),
    rule(
        "outbox",
        "mails: recipient, kind, time; the content, encrypted, only until it was sent",
        Until::After(&[(MAILS, "it was written, once it was sent or given up")]),
        "a mail that is reported missing can be looked up",
        By::Sweep,
    ),
    rule(
        "project_readers",
        "addresses of those who may read a private project, and since when",
        Until::When("the organisation takes the address off the list, or its account is deleted"),
        "the project is read by these people alone",
        By::Use,
    ),
    rule(
        "projects",
        "names and descriptions of projects",
        ACCOUNT_OF_NOBODY,
        "the platform",
        By::Nobody,
    )
    .stays(),
    rule(
        "proposals",
        "what projects propose",
        ACCOUNT_OF_NOBODY,
        "taking part",
        By::Nobody,
    )
    .stays(),
    rule(
        "provider_flows",
        "that a browser was sent to Google or Microsoft, and for what; the rest encrypted",
        Until::After(&[(provider::FLOW_LIFETIME, "it began")]),
        "the browser that returns must be the one that was sent; it is deleted on return",
        By::Sweep,
    ),
    rule(
        "recovery_codes",
        "recovery codes, hashed",
        Until::When("two-factor is disabled or new codes are created"),
        "the second step without the phone",
        By::Use,
    ),
    rule(
        "recovery_sets",
        "when they were created",
        Until::When("two-factor is disabled or new codes are created"),
        "the same",
        By::Use,
    ),
    rule(
        "refused_tries",
        "how many wrong passwords, codes and proofs there were on a day",
        Until::After(&[(REFUSED_TRIES, "the day began")]),
        "its owner sees that somebody tries",
        By::Sweep,
    ),
    rule(
        "registration_counts",
        "how many registrations of a day, a project and a mail domain came how far; no address",
        Until::After(&[(REGISTRATION_COUNTS, "the day")]),
        "organisations see where people are lost, and compare with the year before",
        By::Sweep,
    )
    .stays(),
    rule(
        "registrations",
        "who registered: name, address, password (hashed), network, browser, hash of a cookie; the domains \
         that may be meant; once it is confirmed only address, project, language and the hash",
        Until::After(&[(UNCONFIRMED, "it was made")]),
        "the address can still be confirmed, and the page that waits for it says what became of the mail",
        By::Sweep,
    ),
    rule(
        "sessions",
        "where the account is signed in: network, browser, times, hash of a cookie",
        Until::After(&[(session::ENDED_IS_KNOWN, "it ended")]),
        "being signed in, and the list of sessions; then its browser is told why it ended",
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
        "supports",
        "which proposals the account supports, and since when",
        Until::When("the support is taken back"),
        "each account counts once",
        By::Use,
    ),
    rule(
        "tokens",
        "mailed links, by their hash; the address that one of them would confirm",
        Until::After(&[(TOKENS, "it stopped working")]),
        "the page of an expired link can say why it does not work",
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
        Until::When("it is disabled"),
        "the second step",
        By::Use,
    ),
    rule(
        "unsaved_codes",
        "recovery codes that were made in a session and are not saved yet, encrypted",
        Until::After(&[(UNSAVED_CODES, "they were made")]),
        "showing them again until they are saved; they go with the session",
        By::Sweep,
    ),
    rule(
        "waiting_supports",
        "which proposals a registration is to support",
        Until::After(&[(UNCONFIRMED, "it was registered")]),
        "the support is counted when the address is confirmed; it goes with the registration",
        By::Sweep,
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
    fn every_rule_says_when() {
        for rule in TABLE {
            let timed = matches!(rule.until, Until::After(periods) if !periods.is_empty());
            let words = matches!(rule.until, Until::When(words) if !words.is_empty());
            assert!(timed || words, "{}", rule.table);
            assert!(!rule.why.is_empty() && !rule.holds.is_empty());
        }
    }
}
