use super::*;
use proptest::prelude::*;

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
    /// Red when a domain that only looks like Google's, or like the hosted one, is believed.
    #[test]
    fn google_speaks_for_no_other_domain(domain in "[a-z]{1,8}\\.(example|com)", hosted in prop::option::of("[a-z.]{0,12}")) {
        prop_assume!(domain != "gmail.com");
        let said = authoritative(&format!("ada@{domain}"), hosted.as_deref());
        prop_assert_eq!(said, hosted.as_deref() == Some(domain.as_str()));
    }
}
