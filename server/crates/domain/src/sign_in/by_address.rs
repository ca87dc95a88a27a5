//! The one case in which an address opens an account that no provider's account is linked to.

use super::AccountState;
use crate::{
    AccountStatus, email_key,
    provider::{Claims, Provider},
};

/// Whether a person whose identity at the provider is linked to no account may sign in to the account
/// with this address, and have the identity linked to it.
///
/// An account that is not confirmed is never opened so: it may have been made by another person
/// (pre-hijacking, Sudhodanan & Paverd, USENIX Security 2022). Nor is one that another account of
/// the provider is linked to: an address that was given to another person would open it.
pub fn opens_by_address(claims: &Claims, address: &str, account: AccountState) -> bool {
    let provider = claims.subject.provider();
    let same = claims
        .email
        .as_deref()
        .is_some_and(|email| email_key(email) == email_key(address));
    provider == Provider::Google
        && claims.vouched
        && same
        && account.status == AccountStatus::Active
        && account.confirmed
        && account.linked.since(provider).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timestamp, provider::Subject, sign_in::Linked};
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_seconds(2_000);
    const CONFIRMED: AccountState = AccountState {
        status: AccountStatus::Active,
        password_set_at: None,
        linked: Linked::NONE,
        confirmed: true,
        second_factor: false,
    };

    fn claims(provider: Provider, email: &str) -> Claims {
        let subject = Subject::new(provider, "issuer", "subject");
        Claims {
            subject: subject.unwrap_or_else(|| unreachable!("both halves are sound")),
            email: Some(email.to_owned()),
            vouched: true,
            second_factor: true,
        }
    }

    #[test]
    fn an_address_opens_only_what_google_vouches_for() {
        let ada = claims(Provider::Google, "ADA@gmail.com");
        assert!(opens_by_address(&ada, "ada@gmail.com", CONFIRMED));
        let vouched = false;
        let refused = [
            (
                Claims {
                    vouched,
                    ..ada.clone()
                },
                CONFIRMED,
            ),
            (
                Claims {
                    email: None,
                    ..ada.clone()
                },
                CONFIRMED,
            ),
            (claims(Provider::Google, "a.da@gmail.com"), CONFIRMED),
            (claims(Provider::Google, "ada+x@gmail.com"), CONFIRMED),
            (claims(Provider::Microsoft, "ada@gmail.com"), CONFIRMED),
        ];
        for (claims, account) in refused {
            assert!(
                !opens_by_address(&claims, "ada@gmail.com", account),
                "{claims:?}"
            );
        }
    }

    #[test]
    fn an_account_that_is_invited_locked_or_bound_is_not_opened_by_its_address() {
        let ada = claims(Provider::Google, "ada@gmail.com");
        let confirmed = false;
        let status = AccountStatus::Locked;
        let linked = Linked::NONE.with(Provider::Google, NOW);
        for account in [
            AccountState {
                confirmed,
                ..CONFIRMED
            },
            AccountState {
                status,
                ..CONFIRMED
            },
            AccountState {
                linked,
                ..CONFIRMED
            },
        ] {
            assert!(
                !opens_by_address(&ada, "ada@gmail.com", account),
                "{account:?}"
            );
        }
        let linked = Linked::NONE.with(Provider::Microsoft, NOW);
        assert!(opens_by_address(
            &ada,
            "ada@gmail.com",
            AccountState {
                linked,
                ..CONFIRMED
            }
        ));
    }

    proptest! {
        /// Red when dots, plus signs or look-alikes are folded.
        #[test]
        fn nothing_but_letter_case_is_ignored(typed in "[a-cA-C.+]{1,6}", stored in "[a-cA-C.+]{1,6}") {
            let claims = claims(Provider::Google, &format!("{typed}@gmail.com"));
            let opens = opens_by_address(&claims, &format!("{stored}@gmail.com"), CONFIRMED);
            prop_assert_eq!(opens, typed.eq_ignore_ascii_case(&stored));
        }
    }
}
