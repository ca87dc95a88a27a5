//! The published vectors, and the rules that go beyond them.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use super::*;
use crate::Duration;
use proptest::prelude::*;

/// RFC 6238, appendix B: six times, three algorithms, eight digits.
const VECTORS: [(u64, &str, &str, &str); 6] = [
    (59, "94287082", "46119246", "90693936"),
    (1_111_111_109, "07081804", "68084774", "25091201"),
    (1_111_111_111, "14050471", "67062674", "99943326"),
    (1_234_567_890, "89005924", "91819424", "93441116"),
    (2_000_000_000, "69279037", "90698825", "38618901"),
    (20_000_000_000, "65353130", "77737706", "47863826"),
];

fn secret() -> TotpSecret {
    TotpSecret::from_bytes(b"12345678901234567890").unwrap()
}

fn code_at(secret: &TotpSecret, seconds: i64) -> TotpCode {
    let time = u64::try_from(seconds).unwrap();
    TotpCode::parse(&secret.generator().generate(time).to_string()).unwrap()
}

fn seed(length: usize) -> Vec<u8> {
    b"1234567890".iter().copied().cycle().take(length).collect()
}

#[test]
fn the_eighteen_vectors_of_rfc_6238() {
    for (time, sha1, sha256, sha512) in VECTORS {
        for (algorithm, length, expected) in [
            (Algorithm::SHA1, 20, sha1),
            (Algorithm::SHA256, 32, sha256),
            (Algorithm::SHA512, 64, sha512),
        ] {
            let totp = Builder::new()
                .with_algorithm(algorithm)
                .with_digits(8)
                .with_secret(seed(length))
                .build_noncompliant();
            assert_eq!(
                totp.generate(time).to_string(),
                expected,
                "{algorithm:?} at {time}"
            );
        }
    }
}

#[test]
fn our_six_digits_are_the_end_of_the_vector() {
    for (time, sha1, ..) in VECTORS {
        let now = Timestamp::from_seconds(i64::try_from(time).unwrap());
        let code = TotpCode::parse(&sha1[2..]).unwrap();
        assert_eq!(secret().check(&code, now, None), Some(Step::at(now)));
    }
}

#[test]
fn the_step_before_is_accepted_and_no_other() {
    let now = Timestamp::from_seconds(1_234_567_890);
    let accepted: Vec<i64> = (-3..=3)
        .filter(|drift| {
            let code = code_at(&secret(), now.as_seconds() + drift * STEP_SECONDS);
            secret().check(&code, now, None).is_some()
        })
        .collect();
    assert_eq!(accepted, [-1, 0]);
}

#[test]
fn a_used_step_is_refused_in_the_next_interval_too() {
    let now = Timestamp::from_seconds(1_234_567_890);
    let code = code_at(&secret(), now.as_seconds());
    let step = secret().check(&code, now, None).unwrap();
    assert_eq!(secret().check(&code, now, Some(step)), None);
    let later = now.plus(Duration::from_secs(30));
    assert_eq!(secret().check(&code, later, Some(step)), None);
}

#[test]
fn a_clock_that_is_off_is_named() {
    let now = Timestamp::from_seconds(1_234_567_890);
    let late = code_at(&secret(), now.as_seconds() - 240);
    assert_eq!(
        secret().check_enrolment(&late, now),
        Enrolment::ClockOff { seconds: -240 }
    );
    let early = code_at(&secret(), now.as_seconds() + 30);
    assert_eq!(
        secret().check_enrolment(&early, now),
        Enrolment::ClockOff { seconds: 30 }
    );
    let far = code_at(&secret(), now.as_seconds() - 86_400);
    assert_eq!(secret().check_enrolment(&far, now), Enrolment::Wrong);
}

#[test]
fn codes_may_be_typed_with_spaces_and_hyphens() {
    for typed in [
        "123456",
        "123 456",
        " 123-456 ",
        "12 34 56",
        "123\u{a0}456",
        "123\u{2013}456",
        "１２３４５６",
        "١٢٣٤٥٦",
    ] {
        assert!(TotpCode::parse(typed).is_some(), "{typed}");
    }
    for typed in ["", "12345", "1234567", "12345a", "一二三四五六"] {
        assert!(TotpCode::parse(typed).is_none(), "{typed}");
    }
}

#[test]
fn the_address_of_the_qr_code_names_platform_and_account() {
    let url = secret().to_otpauth_url("Bpart: door", "ada@town.example");
    assert!(url.starts_with("otpauth://totp/"), "{}", *url);
    assert!(
        url.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        "{}",
        *url
    );
    assert!(url.contains("issuer="), "{}", *url);
    assert!(
        url.contains("ada%40town.example") || url.contains("ada@town.example"),
        "{}",
        *url
    );
}

#[test]
fn the_key_is_shown_in_groups_of_four() {
    assert_eq!(
        *secret().to_grouped_text(),
        "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    );
}

proptest! {
    #[test]
    fn no_typed_text_makes_the_parser_stumble(typed in ".{0,40}") {
        let _ = TotpCode::parse(&typed);
    }

    #[test]
    fn an_accepted_step_is_always_new(start in 0_i64..4_000_000_000, wait in 0_i64..120) {
        let secret = secret();
        let now = Timestamp::from_seconds(start);
        let code = code_at(&secret, start);
        let step = secret.check(&code, now, None).unwrap();
        let again = Timestamp::from_seconds(start + wait);
        prop_assert!(secret.check(&code, again, Some(step)).is_none_or(|next| next > step));
    }
}
