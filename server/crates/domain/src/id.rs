//! Identifiers: UUID version 7 as text (RFC 9562), one type per kind so that they cannot be mixed.
//!
//! They sort by the time they were made and are not secret; what must not be guessed is a token.

use crate::{Clock, Entropy, chance};
use serde::{Deserialize, Serialize};
use std::fmt;

fn new_uuid(clock: &dyn Clock, entropy: &dyn Entropy) -> String {
    let millis = u64::try_from(clock.now().as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &chance::bytes(entropy))
        .into_uuid()
        .to_string()
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

            /// The identifier as it is stored.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            /// Takes back what was stored; nothing is checked, since nothing is trusted to an id.
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
    /// A browser that an account was signed in with.
    DeviceId,
    /// A message kept for the next page of one browser.
    FlashId,
    /// A round trip to a provider that has begun and is not finished.
    FlowId,
    /// An account at a provider that is linked to one of ours.
    LinkedAccountId,
    /// A mail in the outbox.
    MailId,
    /// A town or another organisation.
    OrganisationId,
    /// A project of an organisation.
    ProjectId,
    /// A wish for a new password.
    ResetRequestId,
    /// A signed-in session.
    SessionId,
    /// A sign-in that has begun and is not finished.
    SignInId,
    /// A one-use token that was mailed or printed.
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
    fn ids_sort_by_time() {
        let earlier = AccountId::new(&At(1_700_000_000_000), &Fixed(0xff));
        let later = AccountId::new(&At(1_700_000_000_001), &Fixed(0x00));
        assert!(earlier < later);
        assert_eq!(earlier.as_str().len(), 36);
    }
}
