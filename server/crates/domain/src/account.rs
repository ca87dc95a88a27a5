//! Accounts: their names, states and roles.

use crate::typed::{is_mark, is_unseen};
use std::fmt;
use unicode_normalization::UnicodeNormalization as _;

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    /// It may be signed in to, by any first step that it has.
    Active,
    /// An administrator has locked it; only an administrator can activate it again.
    Locked,
}

/// The role of an account in one organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Manages people, projects and policies of the organisation.
    OrganisationManager,
    /// Manages the content of projects.
    ContentManager,
}

/// The role of an account on the platform as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlatformRole {
    /// Gives support to users.
    Agent,
    /// Creates organisations, agents and policies.
    Administrator,
}

macro_rules! stored_as_text {
    ($type:ty { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $type {
            /// The value as it is stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Parses a stored or typed value; `None` when it is unknown.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

stored_as_text!(AccountStatus { Active = "active", Locked = "locked" });
stored_as_text!(Role {
    OrganisationManager = "organisation_manager",
    ContentManager = "content_manager",
});
stored_as_text!(PlatformRole { Agent = "agent", Administrator = "administrator" });

/// The name that a user chose to show.
#[derive(Clone, PartialEq, Eq)]
pub struct DisplayName(String);

/// Why a text is not accepted as a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was typed.
    #[error("the name is empty")]
    Empty,
    /// More than 100 characters.
    #[error("the name is too long")]
    TooLong,
    /// It holds characters that nobody sees, or a mark without its letter.
    #[error("the name holds characters that cannot be shown")]
    Unprintable,
}

impl DisplayName {
    /// The longest name, in characters.
    pub const MAX_CHARACTERS: usize = 100;

    /// Parses a name as typed: normalised (NFC), outer spaces trimmed, inner ones single.
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        let name: String = typed.nfc().collect();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            Err(NameError::Empty)
        } else if name.chars().count() > Self::MAX_CHARACTERS {
            Err(NameError::TooLong)
        } else if !is_printable(&name) {
            Err(NameError::Unprintable)
        } else {
            Ok(Self(name))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a reader sees the name as it is: nothing in it is unseen, least of all what changes the direction of text
/// (Trojan Source), and no mark stands without a letter. Joiners shape letters of Persian, Hindi and others (UAX 31),
/// so that they may stand behind one.
fn is_printable(name: &str) -> bool {
    name.split(' ').all(|word| {
        let stands_alone = |c: char| is_joiner(c) || is_mark(c);
        !word.starts_with(stands_alone) && word.chars().all(|c| is_joiner(c) || !is_unseen(c))
    })
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

impl fmt::Debug for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisplayName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tidied_and_never_lie() {
        let parse = |typed: &str| DisplayName::parse(typed).map(|name| name.0);
        assert_eq!(
            parse("  Zoe\u{308}   Lambert "),
            Ok("Zoë Lambert".to_owned())
        );
        assert_eq!(parse("O’Neill-Dupré"), Ok("O’Neill-Dupré".to_owned()));
        for joined in ["علی\u{200c}رضا", "क्\u{200d}ष", "അവന്\u{200d}", "Nguyễn Thị"]
        {
            assert!(parse(joined).is_ok(), "{joined}");
        }
        for unseen in [
            '\u{202e}',
            '\u{61c}',
            '\u{200e}',
            '\u{2066}',
            '\u{ad}',
            '\u{34f}',
            '\u{2800}',
            '\u{3164}',
            '\u{200b}',
            '\u{feff}',
            '\u{e0041}',
            '\u{e000}',
            '\u{7}',
        ] {
            for name in [unseen.to_string(), format!("Ada{unseen}nimda")] {
                assert_eq!(parse(&name), Err(NameError::Unprintable), "{name:?}");
            }
        }
        for lone in ["\u{301}", "Ada \u{301}", "\u{200d}", "\u{200c}Ada"] {
            assert_eq!(parse(lone), Err(NameError::Unprintable), "{lone:?}");
        }
        assert_eq!(parse(" "), Err(NameError::Empty));
        assert_eq!(parse(&"a".repeat(101)), Err(NameError::TooLong));
    }

    #[test]
    fn stored_values_come_back() {
        for status in [AccountStatus::Active, AccountStatus::Locked] {
            assert_eq!(AccountStatus::parse(status.as_str()), Some(status));
        }
        assert_eq!(Role::parse("emperor"), None);
    }
}
