//! Domains of addresses: whether they take mail, and which one was meant where a domain is one slip away from it.

use strsim::osa_distance;

/// What the name system says about a domain as a place for mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailDomain {
    /// It takes mail: it has a mail server, or an address (RFC 5321, section 5.1).
    Takes,
    /// There is no such domain.
    DoesNotExist,
    /// It exists and takes no mail: it has neither a mail server nor an address, or says so itself (RFC 7505).
    TakesNoMail,
    /// Nothing is known: there was no answer, or one that says nothing about the domain.
    Unknown,
}

impl MailDomain {
    /// Every answer.
    pub const ALL: [Self; 4] = [
        Self::Takes,
        Self::DoesNotExist,
        Self::TakesNoMail,
        Self::Unknown,
    ];

    /// The answer as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Takes => "takes",
            Self::DoesNotExist => "does_not_exist",
            Self::TakesNoMail => "takes_no_mail",
            Self::Unknown => "unknown",
        }
    }

    /// Parses a stored answer; `None` when it is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == text)
    }

    /// Whether no mail arrives there. What is not known counts neither way.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::DoesNotExist | Self::TakesNoMail)
    }
}

/// After so many days in a row without mail the addresses of a domain are doubted. The period of `PyPI` (2025) is longer than most
/// failures of a name server, and shorter than the time in which a domain that has lapsed is sold.
pub const DOUBTFUL_DAYS: u32 = 7;

/// The days in a row on which a domain took no mail, with an answer of today; what is not known changes nothing.
pub const fn bad_days(before: u32, today: MailDomain) -> u32 {
    match today {
        MailDomain::Takes => 0,
        MailDomain::DoesNotExist | MailDomain::TakesNoMail => before.saturating_add(1),
        MailDomain::Unknown => before,
    }
}

/// As many domains are suggested at most.
pub const MOST_SUGGESTIONS: usize = 2;
/// In a shorter name one slip leaves too little of it.
const SHORTEST_NAME: usize = 3;
/// A name of that length is enough to recognise a provider under another ending, e.g. `gmail.fr`.
const DISTINCT_NAME: usize = 5;

/// The large email providers of France, Belgium, Switzerland, Luxembourg, Canada and the United Kingdom, the largest first.
pub const LARGE_PROVIDERS: [&str; 65] = [
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "orange.fr",
    "hotmail.fr",
    "free.fr",
    "wanadoo.fr",
    "laposte.net",
    "sfr.fr",
    "yahoo.fr",
    "outlook.fr",
    "live.fr",
    "live.com",
    "skynet.be",
    "telenet.be",
    "proximus.be",
    "hotmail.be",
    "outlook.be",
    "live.be",
    "voo.be",
    "belgacom.net",
    "scarlet.be",
    "pandora.be",
    "bluewin.ch",
    "gmx.ch",
    "hotmail.ch",
    "sunrise.ch",
    "hispeed.ch",
    "pt.lu",
    "vo.lu",
    "videotron.ca",
    "sympatico.ca",
    "bell.net",
    "rogers.com",
    "shaw.ca",
    "telus.net",
    "cogeco.ca",
    "yahoo.ca",
    "hotmail.ca",
    "hotmail.co.uk",
    "yahoo.co.uk",
    "live.co.uk",
    "btinternet.com",
    "sky.com",
    "virginmedia.com",
    "talktalk.net",
    "ntlworld.com",
    "blueyonder.co.uk",
    "googlemail.com",
    "msn.com",
    "aol.com",
    "me.com",
    "mac.com",
    "ymail.com",
    "gmx.com",
    "gmx.fr",
    "gmx.net",
    "bbox.fr",
    "neuf.fr",
    "numericable.fr",
    "proton.me",
    "protonmail.com",
    "mailo.com",
];

/// The domains that may be meant by one that takes no mail, the likeliest first; at most [`MOST_SUGGESTIONS`].
///
/// A slip is one character too many, missing, wrong, or exchanged with its neighbour (Damerau-Levenshtein distance 1). Without
/// such a neighbour, the same name under another ending is suggested. `familiar` are the domains of many people here;
/// a large provider goes before them. A familiar or large domain itself has no suggestions.
pub fn suggestions(domain: &str, familiar: &[String]) -> Vec<String> {
    let typed = domain.to_ascii_lowercase();
    let mut known: Vec<&str> = LARGE_PROVIDERS.to_vec();
    for domain in familiar {
        if !known.contains(&domain.as_str()) {
            known.push(domain);
        }
    }
    if known.contains(&typed.as_str()) {
        return Vec::new();
    }
    let slips = || known.iter().filter(|known| is_slip(&typed, known));
    let endings = known.iter().filter(|known| has_other_ending(&typed, known));
    let found: Vec<&&str> = if slips().next().is_some() {
        slips().collect()
    } else {
        endings.collect()
    };
    let found = found.into_iter().take(MOST_SUGGESTIONS);
    found.map(|domain| (*domain).to_owned()).collect()
}

fn is_slip(typed: &str, known: &str) -> bool {
    let is_in_ending = name(typed) == name(known);
    (is_in_ending || name(known).len() >= SHORTEST_NAME) && osa_distance(typed, known) == 1
}

/// A domain of somebody else's may have any name in front: `orange.town.example` means no other.
fn has_other_ending(typed: &str, known: &str) -> bool {
    let labels = |domain: &str| domain.split('.').count();
    name(known).len() >= DISTINCT_NAME
        && name(typed) == name(known)
        && labels(typed) <= labels(known)
}

/// A domain up to its first dot.
fn name(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typical_slips_lead_to_the_domain_that_was_meant() {
        let slips = [
            ("gmial.com", "gmail.com"),
            ("gmai.com", "gmail.com"),
            ("GMAIL.CON", "gmail.com"),
            ("gmail.cm", "gmail.com"),
            ("gmail.comm", "gmail.com"),
            ("gmail..com", "gmail.com"),
            ("gmailcom", "gmail.com"),
            ("gmail.fr", "gmail.com"),
            ("gmail", "gmail.com"),
            ("hotmial.fr", "hotmail.fr"),
            ("hotmil.com", "hotmail.com"),
            ("orange.f", "orange.fr"),
            ("orange", "orange.fr"),
            ("ornage.fr", "orange.fr"),
            ("laposte.nte", "laposte.net"),
            ("wanado.fr", "wanadoo.fr"),
            ("sfr.frr", "sfr.fr"),
            ("skynet.eb", "skynet.be"),
            ("bluewim.ch", "bluewin.ch"),
            ("pt.l", "pt.lu"),
            ("videotron.qc", "videotron.ca"),
            ("btintenet.com", "btinternet.com"),
        ];
        for (typed, meant) in slips {
            assert_eq!(
                suggestions(typed, &[]).first().map(String::as_str),
                Some(meant),
                "{typed}"
            );
        }
    }

    /// Red when a name is changed of which one slip leaves nothing, or more than one slip is put right.
    #[test]
    fn what_is_further_away_is_left_alone() {
        let familiar = ["ok.de".to_owned(), "town.example".to_owned()];
        let others = [
            "o2.de",
            "ot.lu",
            "gamil.con",
            "example.org",
            "mytown.example",
            "free.org",
            "gmail.com",
            "town.example",
            "orange.town.example",
            "gmail.anybody.example",
            "",
        ];
        for other in others {
            assert!(suggestions(other, &familiar).is_empty(), "{other}");
        }
    }

    #[test]
    fn what_many_people_use_here_is_known_too() {
        let familiar = ["bellerive.ch".to_owned(), "bellerive.fr".to_owned()];
        assert_eq!(suggestions("belerive.ch", &familiar), ["bellerive.ch"]);
        assert_eq!(suggestions("bellerive.c", &familiar), ["bellerive.ch"]);
        assert_eq!(suggestions("bellerive.be", &familiar), familiar);
        assert!(suggestions("belerive.ch", &[]).is_empty());
    }

    /// Red when a page offers a list to read.
    #[test]
    fn two_are_suggested_at_most() {
        // hotmail.com is two slips away.
        assert_eq!(suggestions("hotmail.c", &[]), ["hotmail.ch", "hotmail.ca"]);
        assert_eq!(suggestions("hotmail.de", &[]), ["hotmail.be"]);
        assert_eq!(
            suggestions("hotmail.org", &[]),
            ["hotmail.com", "hotmail.fr"]
        );
    }

    /// Red when a failure of a name server counts, or hides days that were bad.
    #[test]
    fn what_is_not_known_neither_counts_nor_clears() {
        use MailDomain::{DoesNotExist, Takes, TakesNoMail, Unknown};
        let days =
            |answers: &[MailDomain]| answers.iter().fold(0, |days, day| bad_days(days, *day));
        assert_eq!(days(&[DoesNotExist, TakesNoMail, Unknown, DoesNotExist]), 3);
        assert_eq!(days(&[DoesNotExist, Takes, Unknown, DoesNotExist]), 1);
        assert_eq!(days(&[Unknown; 30]), 0);
    }

    #[test]
    fn stored_answers_are_read_back() {
        for answer in MailDomain::ALL {
            assert_eq!(MailDomain::parse(answer.as_str()), Some(answer));
        }
        assert_eq!(MailDomain::parse("maybe"), None);
        let bad = MailDomain::ALL.map(MailDomain::is_bad);
        assert_eq!(bad, [false, true, true, false]);
    }
}
