//! How far registrations come: by day, project and mail domain. No address is in it.

use crate::Timestamp;
use std::collections::BTreeMap;

/// A step of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// It was made.
    Started,
    /// Its mail was written.
    Mailed,
    /// A mail server took the mail.
    HandedOver,
    /// The page behind the link was opened. Mail filters open links too.
    Opened,
    /// The address was confirmed.
    Confirmed,
    /// No mail server took the mail.
    Refused,
    /// The mail came back later.
    Bounced,
    /// A filter holds the mail until a person answers.
    Held,
}

impl Step {
    /// Every step, in the order of a registration that succeeds, and then the ends of those that fail.
    pub const ALL: [Self; 8] = [
        Self::Started,
        Self::Mailed,
        Self::HandedOver,
        Self::Opened,
        Self::Confirmed,
        Self::Refused,
        Self::Bounced,
        Self::Held,
    ];

    /// The step as it is stored, and as metrics name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Mailed => "mailed",
            Self::HandedOver => "handed_over",
            Self::Opened => "opened",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Bounced => "bounced",
            Self::Held => "held",
        }
    }

    /// Parses a stored step; `None` when it is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}

/// The mail domain of an address, in small letters; empty when it has none.
pub fn mail_domain(email: &str) -> String {
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
    domain.to_lowercase()
}

/// Fewer mails to a domain say nothing about it.
const TELLING: u64 = 5;

/// A mail domain that refuses mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The domain.
    pub domain: String,
    /// How many mails did not arrive: it refused them, sent them back, or holds them.
    pub refused: u64,
    /// Of how many that were written since then.
    pub of: u64,
    /// When the first of them was written.
    pub since: Timestamp,
}

/// The domains where at least half of at least five mails did not arrive, the worst first. Each mail is its domain, whether it
/// was refused, came back or is held, and when it was written; those that still wait are left out. All mails decide whether a domain is
/// named. What is said of it counts from its first refused mail on, so that the sentence is true.
pub fn troubles(mails: impl IntoIterator<Item = (String, bool, Timestamp)>) -> Vec<Trouble> {
    let mut domains: BTreeMap<String, Vec<(bool, Timestamp)>> = BTreeMap::new();
    for (domain, is_refused, at) in mails {
        domains.entry(domain).or_default().push((is_refused, at));
    }
    let found = domains.into_iter().filter_map(trouble);
    let mut found: Vec<Trouble> = found.collect();
    found.sort_by_key(|trouble| std::cmp::Reverse(trouble.refused));
    found
}

fn trouble((domain, mails): (String, Vec<(bool, Timestamp)>)) -> Option<Trouble> {
    let refused = mails.iter().filter(|(is_refused, _)| *is_refused);
    let since = refused.clone().map(|(_, at)| *at).min()?;
    let (refused, all) = (refused.count() as u64, mails.len() as u64);
    (all >= TELLING && refused * 2 >= all).then(|| Trouble {
        domain,
        refused,
        of: mails.iter().filter(|(_, at)| *at >= since).count() as u64,
        since,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_seconds(second)
    }

    /// Mails to a domain: the refused ones first, and the taken ones after them.
    fn mails(domain: &str, refused: u64, taken: u64) -> Vec<(String, bool, Timestamp)> {
        let mail = |is_refused, second| (domain.to_owned(), is_refused, at(second));
        let refused = (0..refused).map(|_| mail(true, 20));
        refused.chain((0..taken).map(|_| mail(false, 30))).collect()
    }

    #[test]
    fn a_domain_that_refuses_half_of_its_mails_is_told() {
        let told = |refused, taken| troubles(mails("mails.example", refused, taken));
        let twelve = told(12, 2);
        assert_eq!((twelve[0].refused, twelve[0].of), (12, 14));
        assert_eq!(twelve[0].since, at(20));
        assert_eq!(told(3, 2).len(), 1);
        // Too few of them, or too few mails.
        assert_eq!(told(2, 3), []);
        assert_eq!(told(4, 0), []);
        assert_eq!(told(0, 9), []);
        let mut both = mails("one.example", 5, 0);
        both.extend(mails("two.example", 6, 0));
        let names: Vec<String> = troubles(both).into_iter().map(|one| one.domain).collect();
        assert_eq!(names, ["two.example", "one.example"]);
    }

    /// Red when mails that were taken before the first refusal are told as written since then.
    #[test]
    fn what_was_taken_before_the_first_refusal_is_not_told() {
        let taken = |count| (0..count).map(|_| ("mails.example".to_owned(), false, at(10)));
        let mut some = mails("mails.example", 6, 2);
        some.extend(taken(4));
        let told = troubles(some.clone());
        assert_eq!((told[0].refused, told[0].of, told[0].since), (6, 8, at(20)));
        // Yet they decide whether it is worth telling.
        some.extend(taken(1));
        assert_eq!(troubles(some), []);
    }

    #[test]
    fn a_domain_is_what_follows_the_last_at() {
        assert_eq!(mail_domain("Ada@Town.Example"), "town.example");
        assert_eq!(mail_domain("\"a@b\"@c.example"), "c.example");
        assert_eq!(mail_domain("nobody"), "");
        for step in Step::ALL {
            assert_eq!(Step::parse(step.as_str()), Some(step));
        }
    }
}
