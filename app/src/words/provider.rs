//! Why a provider did not allow a sign-in, in words. Every `match` is exhaustive: a reason without
//! words in both languages does not compile.

use crate::i18n::Locale;
use contract::{Block, Provider, ProviderRefusal, RefusedBecause as Why};
use leptos_i18n::td_string;

/// The words of the button on the sign-in page: those that the provider's guidelines ask for.
pub fn sign_in(t: Locale, provider: Provider) -> &'static str {
    match provider {
        Provider::Google => td_string!(t, providers.sign_in_google),
        Provider::Microsoft => td_string!(t, providers.sign_in_microsoft),
    }
}

/// The words of the button on the page of an invitation.
pub fn go_on(t: Locale, provider: Provider) -> &'static str {
    match provider {
        Provider::Google => td_string!(t, providers.continue_google),
        Provider::Microsoft => td_string!(t, providers.continue_microsoft),
    }
}

/// The words of the button in the settings.
pub fn link(t: Locale, provider: Provider) -> &'static str {
    match provider {
        Provider::Google => td_string!(t, providers.link_google),
        Provider::Microsoft => td_string!(t, providers.link_microsoft),
    }
}

/// What a person has there.
pub fn account(t: Locale, provider: Provider) -> &'static str {
    match provider {
        Provider::Google => td_string!(t, providers.account_google),
        Provider::Microsoft => td_string!(t, providers.account_microsoft),
    }
}

/// The heading.
pub fn title(t: Locale, refusal: &ProviderRefusal) -> String {
    let provider = refusal.provider.name();
    match refusal.why {
        Why::NoManager => td_string!(t, providers.no_manager_title, provider = provider),
        Why::AddressNotVouchedFor => {
            td_string!(t, providers.not_vouched_title, provider = provider)
        }
        Why::NotLinked => td_string!(t, providers.not_linked_title, provider = provider),
        Why::LinkedElsewhere => td_string!(t, providers.elsewhere_title, provider = provider),
        Why::AnotherIsLinked => td_string!(t, providers.another_title, provider = provider),
        Why::TenantNotAllowed => td_string!(t, providers.tenant_title, provider = provider),
        Why::PersonalNotAllowed => td_string!(t, providers.personal_title, provider = provider),
        Why::Cancelled => td_string!(t, providers.cancelled_title, provider = provider),
        Why::BlockedByOrganisation(_) => td_string!(t, providers.blocked_title).to_string(),
        Why::Unavailable => td_string!(t, providers.unavailable_title, provider = provider),
        Why::NotTrusted => td_string!(t, providers.not_trusted_title, provider = provider),
        Why::Expired => td_string!(t, providers.expired_title, provider = provider),
    }
}

/// What happened: the address that was used, and what it would have to be.
pub fn what(t: Locale, refusal: &ProviderRefusal) -> String {
    let why = why(t, refusal);
    match refusal.email.clone() {
        Some(email) => format!("{} {why}", td_string!(t, providers.used, email = email)),
        None => why,
    }
}

fn why(t: Locale, refusal: &ProviderRefusal) -> String {
    let provider = refusal.provider.name();
    match refusal.why {
        // Google is matched by the address, Microsoft never is.
        Why::NoManager => match refusal.provider {
            Provider::Google => td_string!(t, providers.no_manager_google).to_string(),
            Provider::Microsoft => td_string!(t, providers.no_manager_microsoft).to_string(),
        },
        Why::AddressNotVouchedFor => td_string!(t, providers.not_vouched, provider = provider),
        Why::NotLinked => td_string!(t, providers.not_linked).to_string(),
        Why::LinkedElsewhere => td_string!(t, providers.elsewhere).to_string(),
        Why::AnotherIsLinked => td_string!(t, providers.another, provider = provider),
        Why::TenantNotAllowed => td_string!(t, providers.tenant, provider = provider),
        Why::PersonalNotAllowed => td_string!(t, providers.personal, provider = provider),
        Why::Cancelled => td_string!(t, providers.cancelled).to_string(),
        Why::BlockedByOrganisation(block) => rule(t, refusal.provider, block),
        Why::Unavailable => td_string!(t, providers.unavailable).to_string(),
        Why::NotTrusted => td_string!(t, providers.not_trusted).to_string(),
        Why::Expired => td_string!(t, providers.expired).to_string(),
    }
}

/// What the user can do about it: ask the IT department, or for the rest what helps most. A signed-in
/// user was linking an account; others were signing in or accepting an invitation.
pub fn advice(t: Locale, refusal: &ProviderRefusal, signed_in: bool) -> Vec<String> {
    let password = || td_string!(t, providers.hint_password).to_string();
    let invitation = || td_string!(t, providers.hint_invitation).to_string();
    let ask = || td_string!(t, providers.hint_ask).to_string();
    match refusal.why {
        Why::NoManager | Why::NotLinked => vec![password(), invitation(), ask()],
        Why::AddressNotVouchedFor => vec![password(), invitation()],
        Why::AnotherIsLinked => vec![td_string!(t, providers.hint_settings).to_string()],
        Why::TenantNotAllowed | Why::PersonalNotAllowed => vec![
            td_string!(
                t,
                providers.hint_organisation,
                provider = refusal.provider.name()
            ),
            td_string!(t, providers.meanwhile).to_string(),
        ],
        Why::BlockedByOrganisation(block) => vec![
            ask_ict(t, block).to_owned(),
            td_string!(t, providers.meanwhile).to_string(),
        ],
        Why::LinkedElsewhere
        | Why::Cancelled
        | Why::Unavailable
        | Why::NotTrusted
        | Why::Expired => {
            // A user who was linking an account is back where it began.
            if signed_in {
                Vec::new()
            } else {
                vec![invitation()]
            }
        }
    }
}

/// Whether an invitation may be what is missing.
pub const fn lacks_access(why: Why) -> bool {
    matches!(why, Why::NoManager | Why::NotLinked)
}

fn ask_ict(t: Locale, block: Block) -> &'static str {
    match block {
        Block::ConsentNeeded | Block::AdministratorMustApprove => {
            td_string!(t, providers.ask_consent)
        }
        Block::ApplicationBlocked => td_string!(t, providers.ask_application),
        Block::NotAssigned => td_string!(t, providers.ask_assigned),
        Block::ConditionalAccess => td_string!(t, providers.ask_conditional),
    }
}

/// Which rule of the organisation stands in the way.
fn rule(t: Locale, provider: Provider, block: Block) -> String {
    let provider = provider.name();
    match block {
        Block::ConsentNeeded => td_string!(t, providers.block_consent, provider = provider),
        Block::AdministratorMustApprove => {
            td_string!(t, providers.block_approve, provider = provider)
        }
        Block::ApplicationBlocked => {
            td_string!(t, providers.block_application, provider = provider)
        }
        Block::NotAssigned => td_string!(t, providers.block_assigned, provider = provider),
        Block::ConditionalAccess => td_string!(t, providers.block_conditional).to_string(),
    }
}
