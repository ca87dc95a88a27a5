//! The chain of the activity log: what the tag of a line covers.
//!
//! A tag is a keyed hash (HMAC-SHA-256, RFC 2104) that only the holder of the key file can make.
//! The tag of a line covers the line and the *end* of the chain before it; the end covers the
//! number of lines and the tag of the last one, and stands on the account's row alone. So a changed
//! line, a missing one and an exchanged order show, and so does a tail that was cut off: the end
//! that would fit the shorter log was overwritten when the log grew.
//!
//! Here is only the text that is hashed. It is unambiguous: no two lines have the same text, since
//! every field is preceded by its length.

use crate::{AccountId, ActivityId, Realm, Timestamp};

/// A line as its tag covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its place in the log of its account; the first is 1.
    pub number: u64,
    /// Its identifier.
    pub id: &'a ActivityId,
    /// Whom it concerns.
    pub account: &'a AccountId,
    /// Who did it.
    pub actor: Actor<'a>,
    /// What happened.
    pub kind: &'a str,
    /// When.
    pub at: Timestamp,
    /// The network that it came from.
    pub network: &'a str,
    /// The browser that it came from.
    pub user_agent: &'a str,
    /// What else there is to say, as JSON.
    pub details: &'a str,
}

/// Who did what a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor<'a> {
    /// Somebody without an account: the command line, or a stranger.
    Nobody,
    /// The person whose log it is.
    Owner,
    /// Somebody else. Her account may be gone by now, so the line itself keeps who it was.
    Other(&'a str),
}

/// What the tag of a line is made of; `end` is the end of the chain before it, empty for the first.
pub fn line_text(end: &[u8], line: &Line<'_>) -> Vec<u8> {
    let (role, other) = match line.actor {
        Actor::Nobody => ("nobody", ""),
        Actor::Owner => ("owner", ""),
        Actor::Other(id) => ("other", id),
    };
    encode(&[
        b"line",
        end,
        &line.number.to_be_bytes(),
        line.id.as_str().as_bytes(),
        line.account.as_str().as_bytes(),
        role.as_bytes(),
        other.as_bytes(),
        line.kind.as_bytes(),
        &line.at.as_millis().to_be_bytes(),
        line.network.as_bytes(),
        line.user_agent.as_bytes(),
        line.details.as_bytes(),
    ])
}

/// What the end of a chain of `lines` lines is made of; `tag` is the tag of the last one.
pub fn end_text(account: &AccountId, lines: u64, tag: &[u8]) -> Vec<u8> {
    encode(&[
        b"end",
        account.as_str().as_bytes(),
        &lines.to_be_bytes(),
        tag,
    ])
}

/// That an account was deleted, as its tag covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone<'a> {
    /// The account that was.
    pub account: &'a AccountId,
    /// The house it lived in.
    pub realm: &'a Realm,
    /// When its owner asked for it.
    pub asked_at: Timestamp,
    /// When it was done.
    pub deleted_at: Timestamp,
    /// How many lines its log had.
    pub lines: u64,
}

/// What the tag of a deletion is made of.
pub fn gone_text(gone: &Gone<'_>) -> Vec<u8> {
    encode(&[
        b"gone",
        gone.account.as_str().as_bytes(),
        gone.realm.to_string().as_bytes(),
        &gone.asked_at.as_millis().to_be_bytes(),
        &gone.deleted_at.as_millis().to_be_bytes(),
        &gone.lines.to_be_bytes(),
    ])
}

/// Every field after its length in eight bytes, so that no two lists have one text.
fn encode(fields: &[&[u8]]) -> Vec<u8> {
    let mut text = Vec::with_capacity(fields.iter().map(|field| field.len() + 8).sum());
    for field in fields {
        text.extend((field.len() as u64).to_be_bytes());
        text.extend(*field);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Takes a text apart again; that this works for every list is what makes it unambiguous.
    fn decode(mut text: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut fields = Vec::new();
        while !text.is_empty() {
            let (length, rest) = text.split_at_checked(8)?;
            let length = u64::from_be_bytes(length.try_into().ok()?);
            let (field, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            fields.push(field.to_vec());
            text = rest;
        }
        Some(fields)
    }

    /// Everything that a tag covers, as values that can be told apart one by one.
    #[derive(Debug, Clone, PartialEq)]
    struct Parts {
        texts: [String; 7],
        number: u64,
        at: i64,
        actor: Who,
    }

    #[derive(Debug, Clone, PartialEq)]
    enum Who {
        Nobody,
        Owner,
        Other(String),
    }

    fn who() -> impl Strategy<Value = Who> {
        prop_oneof![
            Just(Who::Nobody),
            Just(Who::Owner),
            "[a|\u{0}]{0,2}".prop_map(Who::Other),
        ]
    }

    fn parts() -> impl Strategy<Value = Parts> {
        let texts = proptest::array::uniform7("[a|\u{0}]{0,2}");
        (texts, 1_u64..4, -2_i64..2, who()).prop_map(|(texts, number, at, actor)| Parts {
            texts,
            number,
            at,
            actor,
        })
    }

    fn text(parts: &Parts) -> Vec<u8> {
        let [end, id, account, kind, network, user_agent, details] = &parts.texts;
        let line = Line {
            number: parts.number,
            id: &ActivityId::from(id.clone()),
            account: &AccountId::from(account.clone()),
            actor: match &parts.actor {
                Who::Nobody => Actor::Nobody,
                Who::Owner => Actor::Owner,
                Who::Other(other) => Actor::Other(other),
            },
            kind,
            at: Timestamp::from_millis(parts.at),
            network,
            user_agent,
            details,
        };
        line_text(end.as_bytes(), &line)
    }

    proptest! {
        /// Red when a length is left out, or counts something else than bytes.
        #[test]
        fn a_text_can_be_taken_apart_in_one_way(
            fields in proptest::collection::vec(proptest::collection::vec(0_u8..9, 0..12), 0..8)
        ) {
            let borrowed: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(decode(&encode(&borrowed)), Some(fields));
        }

        /// Red when any field of the line is not covered.
        #[test]
        fn a_line_that_differs_in_one_thing_has_another_text(
            one in parts(), other in parts(), which in 0_usize..10,
        ) {
            let mut changed = one.clone();
            match which {
                7 => changed.number = other.number,
                8 => changed.at = other.at,
                9 => changed.actor = other.actor,
                text => changed.texts[text] = other.texts[text].clone(),
            }
            prop_assert_eq!(text(&one) == text(&changed), one == changed);
        }

        /// Red when two fields can trade a character.
        #[test]
        fn lines_share_a_text_only_if_they_are_one(one in parts(), other in parts()) {
            prop_assert_eq!(text(&one) == text(&other), one == other);
        }
    }

    #[test]
    fn a_line_and_an_end_are_never_taken_for_each_other() {
        let (id, account) = (
            ActivityId::from("1".to_owned()),
            AccountId::from("a".to_owned()),
        );
        let line = Line {
            number: 1,
            id: &id,
            account: &account,
            actor: Actor::Nobody,
            kind: "",
            at: Timestamp::from_millis(0),
            network: "",
            user_agent: "",
            details: "",
        };
        let texts = [line_text(b"", &line), end_text(&account, 1, b"")];
        let heads = texts.map(|text| decode(&text).map(|fields| fields[0].clone()));
        assert_eq!(heads, [Some(b"line".to_vec()), Some(b"end".to_vec())]);
    }
}
