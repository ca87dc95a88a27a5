//! The chain of an activity log: what the tag of a line covers.
//!
//! A tag is a keyed hash (HMAC-SHA-256, RFC 2104) that only the holder of the key file can make. Each
//! subject (an account, an organisation) has a log with a chain of its own. The tag of a line covers the
//! line and the *end* of the chain before it; the end covers the number of lines and the tag of the last
//! one, and is stored on the subject's row alone. So a changed line, a missing one and an exchanged order
//! are detected, and so is a tail that was cut off, unless somebody kept the end that fits the shorter log:
//! it was overwritten when the log grew.
//!
//! Here is only the text that is hashed. It is unambiguous: no two lines have the same text, since
//! every field is preceded by its length, and the texts of different things begin with different words.
//! Lines from before migration 0011 name no kind of actor; their text stays as it was.

use crate::{AccountId, ActivityId, Realm, Subject, Timestamp};

/// What the tags of all lines cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its place in the log of its subject; the first is 1.
    pub number: u64,
    /// Its identifier.
    pub id: &'a ActivityId,
    /// What happened.
    pub kind: &'a str,
    /// When.
    pub at: Timestamp,
    /// The network of the request.
    pub network: &'a str,
    /// The browser of the request.
    pub user_agent: &'a str,
    /// Further details, as JSON.
    pub details: &'a str,
}

/// The actor of a line, as it is stored; an absent value is an empty text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineActor<'a> {
    /// The kind ([`crate::Actor::kind`]).
    pub kind: &'a str,
    /// The actor's account, unless it is the owner. It may be deleted, so the line itself names it.
    pub account: &'a str,
    /// The role in which the actor acted.
    pub role: &'a str,
    /// The organisation of that role.
    pub organisation: &'a str,
}

/// The actor of a line from before migration 0011.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormerActor<'a> {
    /// No account: the command line, or a request without a session.
    None,
    /// The owner of the account.
    Owner,
    /// Another account. It may be deleted, so the line itself names it.
    Other(&'a str),
}

/// The text of a line's tag; `end` is the end of the chain before it, empty for the first line.
pub fn line_text(end: &[u8], subject: &Subject, actor: LineActor<'_>, line: &Line<'_>) -> Vec<u8> {
    encode(&[
        b"line of a subject",
        end,
        &line.number.to_be_bytes(),
        line.id.as_str().as_bytes(),
        subject.kind().as_bytes(),
        subject.as_str().as_bytes(),
        actor.kind.as_bytes(),
        actor.account.as_bytes(),
        actor.role.as_bytes(),
        actor.organisation.as_bytes(),
        line.kind.as_bytes(),
        &line.at.as_millis().to_be_bytes(),
        line.network.as_bytes(),
        line.user_agent.as_bytes(),
        line.details.as_bytes(),
    ])
}

/// The same for a line from before migration 0011, which is about an account.
pub fn former_line_text(
    end: &[u8],
    account: &AccountId,
    actor: FormerActor<'_>,
    line: &Line<'_>,
) -> Vec<u8> {
    let (role, other) = match actor {
        FormerActor::None => ("nobody", ""),
        FormerActor::Owner => ("owner", ""),
        FormerActor::Other(id) => ("other", id),
    };
    encode(&[
        b"line",
        end,
        &line.number.to_be_bytes(),
        line.id.as_str().as_bytes(),
        account.as_str().as_bytes(),
        role.as_bytes(),
        other.as_bytes(),
        line.kind.as_bytes(),
        &line.at.as_millis().to_be_bytes(),
        line.network.as_bytes(),
        line.user_agent.as_bytes(),
        line.details.as_bytes(),
    ])
}

/// The text of the end of a chain of `lines` lines; `tag` is the tag of the last one.
pub fn end_text(subject: &Subject, lines: u64, tag: &[u8]) -> Vec<u8> {
    let word: &[u8] = match subject {
        Subject::Account(_) => b"end",
        Subject::Organisation(_) => b"end of an organisation",
    };
    encode(&[word, subject.as_str().as_bytes(), &lines.to_be_bytes(), tag])
}

/// The deletion of an account, as its tag covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone<'a> {
    /// The deleted account.
    pub account: &'a AccountId,
    /// Its realm.
    pub realm: &'a Realm,
    /// When its owner requested it.
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

    /// Everything that a tag covers, as values that can be changed one by one.
    #[derive(Debug, Clone, PartialEq)]
    struct Parts {
        texts: [String; 6],
        number: u64,
        at: i64,
        by: By,
    }

    #[derive(Debug, Clone, PartialEq)]
    enum By {
        Former(AccountId, Former),
        Now(Subject, [String; 4]),
    }

    #[derive(Debug, Clone, PartialEq)]
    enum Former {
        None,
        Owner,
        Other(String),
    }

    const SHORT: &str = "[a|\u{0}]{0,2}";

    fn by() -> impl Strategy<Value = By> {
        let former = prop_oneof![
            Just(Former::None),
            Just(Former::Owner),
            SHORT.prop_map(Former::Other),
        ];
        let subject = prop_oneof![
            SHORT.prop_map(|id| Subject::Account(id.into())),
            SHORT.prop_map(|id| Subject::Organisation(id.into())),
        ];
        prop_oneof![
            (SHORT, former).prop_map(|(id, former)| By::Former(id.into(), former)),
            (subject, proptest::array::uniform4(SHORT))
                .prop_map(|(subject, actor)| By::Now(subject, actor)),
        ]
    }

    fn parts() -> impl Strategy<Value = Parts> {
        let texts = proptest::array::uniform6(SHORT);
        (texts, 1_u64..4, -2_i64..2, by()).prop_map(|(texts, number, at, by)| Parts {
            texts,
            number,
            at,
            by,
        })
    }

    fn text(parts: &Parts) -> Vec<u8> {
        let [end, id, kind, network, user_agent, details] = &parts.texts;
        let line = Line {
            number: parts.number,
            id: &ActivityId::from(id.clone()),
            kind,
            at: Timestamp::from_millis(parts.at),
            network,
            user_agent,
            details,
        };
        match &parts.by {
            By::Former(account, former) => {
                let actor = match former {
                    Former::None => FormerActor::None,
                    Former::Owner => FormerActor::Owner,
                    Former::Other(other) => FormerActor::Other(other),
                };
                former_line_text(end.as_bytes(), account, actor, &line)
            }
            By::Now(subject, [kind, account, role, organisation]) => {
                let actor = LineActor {
                    kind,
                    account,
                    role,
                    organisation,
                };
                line_text(end.as_bytes(), subject, actor, &line)
            }
        }
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

        /// Red when any field of the line, its subject or its actor is not covered.
        #[test]
        fn a_line_that_differs_in_one_thing_has_another_text(
            one in parts(), other in parts(), which in 0_usize..9,
        ) {
            let mut changed = one.clone();
            match which {
                6 => changed.number = other.number,
                7 => changed.at = other.at,
                8 => changed.by = other.by,
                text => changed.texts[text] = other.texts[text].clone(),
            }
            prop_assert_eq!(text(&one) == text(&changed), one == changed);
        }

        /// Red when two fields can trade a character, or a new line can pass for a former one.
        #[test]
        fn lines_share_a_text_only_if_they_are_one(one in parts(), other in parts()) {
            prop_assert_eq!(text(&one) == text(&other), one == other);
        }
    }

    /// The bytes that the log of a database from before migration 0011 was signed with. Red when the
    /// text of its lines or of an account's end changes: every such log would be called altered.
    #[test]
    fn the_text_of_former_lines_stays() {
        let account = AccountId::from("a".to_owned());
        let line = Line {
            number: 2,
            id: &ActivityId::from("i".to_owned()),
            kind: "locked",
            at: Timestamp::from_millis(3),
            network: "n",
            user_agent: "u",
            details: "{}",
        };
        let fields = |text: &[u8]| decode(text).map(|fields| fields.join(&b'|'));
        let former = former_line_text(b"e", &account, FormerActor::Other("o"), &line);
        let expected = b"line|e|\0\0\0\0\0\0\0\x02|i|a|other|o|locked|\0\0\0\0\0\0\0\x03|n|u|{}";
        assert_eq!(fields(&former), Some(expected.to_vec()));
        let end = end_text(&Subject::Account(account), 2, b"t");
        let expected = b"end|a|\0\0\0\0\0\0\0\x02|t";
        assert_eq!(fields(&end), Some(expected.to_vec()));
    }

    #[test]
    fn texts_of_different_things_begin_with_different_words() {
        let (account, organisation) = ("a".to_owned(), "a".to_owned());
        let subjects = [
            Subject::Account(account.into()),
            Subject::Organisation(organisation.into()),
        ];
        let line = Line {
            number: 1,
            id: &ActivityId::from("1".to_owned()),
            kind: "",
            at: Timestamp::from_millis(0),
            network: "",
            user_agent: "",
            details: "",
        };
        let account = AccountId::from("a".to_owned());
        let texts = [
            line_text(b"", &subjects[0], LineActor::default(), &line),
            former_line_text(b"", &account, FormerActor::None, &line),
            end_text(&subjects[0], 1, b""),
            end_text(&subjects[1], 1, b""),
        ];
        let mut words: Vec<_> = texts
            .iter()
            .map(|text| decode(text).map(|fields| fields[0].clone()))
            .collect();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), texts.len());
    }
}
