use super::*;
use crate::{Timestamp, sign_in::Linked};
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
fn a_subject_has_two_halves() {
    let new = |issuer, subject| Subject::new(Provider::Google, issuer, subject).is_some();
    assert!(new(
        "https://accounts.google.com",
        "10769150350006150715113082367"
    ));
    let long = "a".repeat(256);
    for odd in ["", " ", "a b", "a\n", "é", long.as_str()] {
        assert!(!new("issuer", odd), "{odd:?}");
        assert!(!new(odd, "subject"), "{odd:?}");
    }
    assert!(new("issuer", &"a".repeat(255)));
}

#[test]
fn google_speaks_for_its_own_mail_and_for_the_workspace_of_the_account() {
    assert!(authoritative("ada@gmail.com", None));
    assert!(authoritative("Ada@GMAIL.com", Some("town.example")));
    assert!(authoritative("ada@town.example", Some("town.example")));
    assert!(authoritative("ada@Town.example", Some("TOWN.example")));
    assert!(!authoritative("ada@town.example", None));
    assert!(!authoritative("ada@town.example", Some("")));
    assert!(!authoritative("ada@town.example", Some("other.example")));
    assert!(!authoritative(
        "ada@mail.town.example",
        Some("town.example")
    ));
    assert!(!authoritative("ada@evilgmail.com", None));
    assert!(!authoritative("ada@gmail.com.evil.example", None));
    assert!(!authoritative("ada@gmail.com ", None));
    assert!(!authoritative("\"ada@gmail.com\"@evil.example", None));
    assert!(!authoritative("", Some("")));
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

#[test]
fn the_providers_factor_counts_where_every_organisation_says_so() {
    let ada = claims(Provider::Microsoft, "ada@town.example");
    assert!(accepts_own_factor(&ada, &[true, true]));
    assert!(!accepts_own_factor(&ada, &[true, false]));
    assert!(
        !accepts_own_factor(&ada, &[]),
        "who belongs to none is asked"
    );
    let without = Claims {
        second_factor: false,
        ..ada
    };
    assert!(!accepts_own_factor(&without, &[true]));
    let google = claims(Provider::Google, "ada@gmail.com");
    assert!(!accepts_own_factor(&google, &[true]));
}

proptest! {
    /// Red when dots, plus signs or look-alikes are folded.
    #[test]
    fn nothing_but_letter_case_is_ignored(typed in "[a-cA-C.+]{1,6}", stored in "[a-cA-C.+]{1,6}") {
        let claims = claims(Provider::Google, &format!("{typed}@gmail.com"));
        let opens = opens_by_address(&claims, &format!("{stored}@gmail.com"), CONFIRMED);
        prop_assert_eq!(opens, typed.eq_ignore_ascii_case(&stored));
    }

    /// Red when a domain that only looks like Google's, or like the hosted one, is believed.
    #[test]
    fn google_speaks_for_no_other_domain(domain in "[a-z]{1,8}\\.(example|com)", hosted in prop::option::of("[a-z.]{0,12}")) {
        prop_assume!(domain != "gmail.com");
        let said = authoritative(&format!("ada@{domain}"), hosted.as_deref());
        prop_assert_eq!(said, hosted.as_deref() == Some(domain.as_str()));
    }
}
