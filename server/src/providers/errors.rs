//! What providers mean by their errors.
//!
//! | provider | code | means |
//! |---|---|---|
//! | both | `access_denied` without a code below | the user cancelled |
//! | both | `consent_required`, `interaction_required` | no consent was given |
//! | Microsoft | AADSTS65004 | the user cancelled |
//! | Microsoft | AADSTS65001, 650057 | no consent was given |
//! | Microsoft | AADSTS90094, 90095, 90008, 900939 to 900943, 700016, 650052, 650056 | an administrator must consent |
//! | Microsoft | AADSTS7000112, 7000113, 7000114, 500014, 18, 1003033 | the application is blocked or switched off |
//! | Google | `admin_policy_enforced`, `org_internal`, `disallowed_useragent` | the application is blocked or switched off |
//! | Microsoft | AADSTS50105, 501051 | the application is not assigned to the user |
//! | Microsoft | AADSTS53000 to 53004, 53009 to 53011, 50097, 50005, 530001 to 530035, 500126 | a rule on devices, places or networks |
//! | Microsoft | AADSTS50020, 50034, 90072, 51004, 9002331, 9002346 | accounts of the user's organisation are not allowed |
//! | Microsoft | AADSTS500200, 500201 | personal accounts are not allowed |
//! | both | `invalid_grant` in exchange for a code | the code is used or old |
//! | both | everything else | our registration is wrong, or the provider is broken |
//!
//! The codes of Microsoft stand in `error_description` ("AADSTS65004: User declined to consent …"), and
//! are more precise than `error`. The text after a code may name a person: only the code is read, and
//! the text is never logged. Sources: Microsoft's "Entra authentication and authorization error codes",
//! Google's "OAuth 2.0 for web server applications", RFC 6749 sections 4.1.2.1 and 5.2, OpenID Connect
//! Core 1.0 section 3.1.2.6.

use super::{Refused, http::Unreachable};
use contract::{Block, RefusedBecause};
use domain::provider::Provider;

/// An error that a browser brought back.
pub(super) fn of(provider: Provider, error: &str, description: &str) -> Refused {
    let code = code(provider, description);
    let why = code.and_then(of_code).unwrap_or_else(|| of_word(error));
    Refused::new(why, told(error, code))
}

/// An error in exchange for a code.
pub(super) fn of_exchange(provider: Provider, error: &str, description: &str) -> Refused {
    let code = code(provider, description);
    let why = match code.and_then(of_code) {
        Some(why) => why,
        None if error == "invalid_grant" => RefusedBecause::Expired,
        None => RefusedBecause::Unavailable,
    };
    Refused::new(
        why,
        format!("in exchange for the code: {}", told(error, code)),
    )
}

/// No answer, or none that can be used.
pub(super) fn unreachable(error: &Unreachable) -> Refused {
    Refused::new(RefusedBecause::Unavailable, error.to_string())
}

fn of_code(code: u32) -> Option<RefusedBecause> {
    let block = match code {
        65004 => return Some(RefusedBecause::Cancelled),
        50020 | 50034 | 90072 | 51004 | 9_002_331 | 9_002_346 => {
            return Some(RefusedBecause::TenantNotAllowed);
        }
        500_200 | 500_201 => return Some(RefusedBecause::PersonalNotAllowed),
        65001 | 650_057 => Block::ConsentNeeded,
        90094 | 90095 | 90008 | 900_939..=900_943 | 700_016 | 650_052 | 650_056 => {
            Block::AdministratorMustApprove
        }
        7_000_112..=7_000_114 | 500_014 | 18 | 1_003_033 => Block::ApplicationBlocked,
        50105 | 501_051 => Block::NotAssigned,
        53000..=53004 | 53009..=53011 | 50097 | 50005 | 530_001..=530_035 | 500_126 => {
            Block::ConditionalAccess
        }
        _ => return None,
    };
    Some(RefusedBecause::BlockedByOrganisation(block))
}

fn of_word(error: &str) -> RefusedBecause {
    let blocked = RefusedBecause::BlockedByOrganisation;
    match error {
        "access_denied" => RefusedBecause::Cancelled,
        "consent_required" | "interaction_required" => blocked(Block::ConsentNeeded),
        "admin_policy_enforced" | "org_internal" | "disallowed_useragent" => {
            blocked(Block::ApplicationBlocked)
        }
        _ => RefusedBecause::Unavailable,
    }
}

/// The number after AADSTS.
fn code(provider: Provider, description: &str) -> Option<u32> {
    if provider != Provider::Microsoft {
        return None;
    }
    let (_, rest) = description.split_once("AADSTS")?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// For the log: words of the protocol and a number, whatever a browser brings.
fn told(error: &str, code: Option<u32>) -> String {
    let is_word = error.len() <= 40 && error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let word = if is_word { error } else { "an unknown error" };
    match code {
        Some(code) => format!("the provider says {word} (AADSTS{code})"),
        None => format!("the provider says {word}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_table_has_its_reason() {
        use Block::*;
        use RefusedBecause::{
            BlockedByOrganisation as Blocked, Cancelled, PersonalNotAllowed, TenantNotAllowed,
            Unavailable,
        };
        for (error, description, why) in [
            ("access_denied", "", Cancelled),
            (
                "access_denied",
                "the user canceled the authentication",
                Cancelled,
            ),
            (
                "access_denied",
                "AADSTS65004: User declined to consent.",
                Cancelled,
            ),
            ("consent_required", "AADSTS65001: …", Blocked(ConsentNeeded)),
            ("interaction_required", "", Blocked(ConsentNeeded)),
            (
                "access_denied",
                "AADSTS90094: …",
                Blocked(AdministratorMustApprove),
            ),
            (
                "access_denied",
                "AADSTS900941: …",
                Blocked(AdministratorMustApprove),
            ),
            (
                "unauthorized_client",
                "AADSTS700016: …",
                Blocked(AdministratorMustApprove),
            ),
            (
                "unauthorized_client",
                "AADSTS7000112: …",
                Blocked(ApplicationBlocked),
            ),
            (
                "interaction_required",
                "AADSTS50105: …",
                Blocked(NotAssigned),
            ),
            (
                "access_denied",
                "AADSTS53003: …",
                Blocked(ConditionalAccess),
            ),
            (
                "access_denied",
                "AADSTS530035: …",
                Blocked(ConditionalAccess),
            ),
            (
                "invalid_request",
                "AADSTS50020: User account 'a@b.example' …",
                TenantNotAllowed,
            ),
            ("invalid_request", "AADSTS500200: …", PersonalNotAllowed),
            ("server_error", "", Unavailable),
            (
                "invalid_client",
                "AADSTS7000222: the secret is too old",
                Unavailable,
            ),
            ("rubbish", "AADSTS", Unavailable),
        ] {
            let refused = of(Provider::Microsoft, error, description);
            assert_eq!(refused.why, why, "{error} {description}");
        }
        let google = |error| of(Provider::Google, error, "AADSTS53003").why;
        assert_eq!(google("access_denied"), Cancelled);
        assert_eq!(google("admin_policy_enforced"), Blocked(ApplicationBlocked));
    }

    #[test]
    fn a_used_code_is_an_old_round_trip() {
        let of = |error| of_exchange(Provider::Google, error, "").why;
        assert_eq!(of("invalid_grant"), RefusedBecause::Expired);
        assert_eq!(of("invalid_client"), RefusedBecause::Unavailable);
    }

    #[test]
    fn the_log_hears_nothing_of_a_person() {
        let description = "AADSTS50020: User account 'odile@town.example' does not exist";
        let refused = of(Provider::Microsoft, "odile@town.example", description);
        assert_eq!(
            refused.detail,
            "the provider says an unknown error (AADSTS50020)"
        );
    }
}
