//! Identifiers: UUID version 7 as text (RFC 9562), one type per kind so that they cannot be mixed.
//!
//! They sort by the time of their creation and are not secret; secrets are tokens.

use crate::{Clock, Entropy, chance};
use serde::{Deserialize, Serialize};
use std::fmt;

fn new_uuid(clock: &dyn Clock, entropy: &dyn Entropy) -> String {
    let millis = u64::try_from(clock.now().as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &chance::bytes(entropy))
        .into_uuid()
        .to_string()
}

/// The longest text that is looked up as an identifier or as a name in a URL, in bytes.
const MAX_PRESENTED: usize = 128;

/// Whether an untrusted text can be an identifier, or a name in a URL.
pub fn is_presentable(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_PRESENTED
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new identifier for something that happens now.
            pub fn new(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
                Self(new_uuid(clock, entropy))
            }

            /// Parses an untrusted text; `None` when it cannot be an identifier. An id is visible
            /// ASCII: PostgreSQL accepts no text with a NUL in it, and would answer with an error
            /// instead of no row.
            pub fn presented(text: &str) -> Option<Self> {
                is_presentable(text).then(|| Self(text.to_owned()))
            }

            /// The identifier as it is stored.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            /// From a stored text; nothing is checked, since an id grants nothing.
            fn from(stored: String) -> Self {
                Self(stored)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// A person's account.
    AccountId,
    /// A line of an account's activity log.
    ActivityId,
    /// A browser that an account has signed in with.
    DeviceId,
    /// A message for the next page of one browser.
    FlashId,
    /// A round trip to a provider that has begun and is not finished.
    FlowId,
    /// Work that is done later.
    JobId,
    /// A provider account that is linked to one of ours.
    LinkedAccountId,
    /// A mail in the outbox.
    MailId,
    /// An organisation, a town for instance.
    OrganisationId,
    /// A project of an organisation.
    ProjectId,
    /// A proposal of a project.
    ProposalId,
    /// A registration that waits for the confirmation of its address.
    RegistrationId,
    /// A signed-in session.
    SessionId,
    /// A sign-in that has begun and is not finished.
    SignInId,
    /// A one-use token that was mailed.
    TokenId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    struct At(i64);
    impl Clock for At {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0)
        }
    }
    struct Fixed(u8);
    impl Entropy for Fixed {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    #[test]
    fn only_what_can_be_an_id_is_looked_up() {
        let id = SessionId::new(&At(1_700_000_000_000), &Fixed(0x5a));
        assert_eq!(SessionId::presented(id.as_str()), Some(id));
        let long = "x".repeat(129);
        for text in ["", "\0", "x\0", "a b", "\u{e9}", "x\n", long.as_str()] {
            assert_eq!(SessionId::presented(text), None, "{text:?}");
        }
    }

    #[test]
    fn ids_sort_by_time() {
        let earlier = AccountId::new(&At(1_700_000_000_000), &Fixed(0xff));
        let later = AccountId::new(&At(1_700_000_000_001), &Fixed(0x00));
        assert!(earlier < later);
        assert_eq!(earlier.as_str().len(), 36);
    }
}
