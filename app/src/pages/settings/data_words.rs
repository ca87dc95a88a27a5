//! The values of stored data in words.

use crate::{i18n::Locale, words::names};
use contract::{ChangedField, DataField as Field, DataGroup as Group, DataValue, Provider};
use leptos_i18n::td_string;

/// The name of a column: tries are counted down, so that their time may still be to come.
pub fn head(t: Locale, group: Group, of: Field) -> &'static str {
    match (group, of) {
        (Group::Tries, Field::At) => td_string!(t, data.f_at_tries),
        _ => names::data_field(t, of),
    }
}

/// A value in words; for the few that are times, the page adds what machines read.
pub fn value(t: Locale, of: Field, value: &DataValue) -> String {
    match value {
        DataValue::None => td_string!(t, data.value_none).to_string(),
        DataValue::Text(text) => text.clone(),
        DataValue::Code(code) => words(t, of, code).map_or_else(|| code.clone(), str::to_owned),
        DataValue::Event(event) => names::event(t, *event).to_owned(),
        DataValue::Number(number) => number.to_string(),
        DataValue::Time(at) => at.text.clone(),
    }
}

/// One of a few words, as it is stored, in words of the page. A stored word of a newer version has
/// none, and is shown as it is.
pub fn words(t: Locale, of: Field, code: &str) -> Option<&'static str> {
    match of {
        Field::Kind => mail(t, code),
        Field::Purpose => purpose(t, code),
        Field::Method => method(t, code),
        Field::Provider => provider(code),
        Field::Change => ChangedField::parse(code).map(|field| names::changed_field(t, field)),
        _ => short(t, of, code),
    }
}

fn short(t: Locale, of: Field, code: &str) -> Option<&'static str> {
    Some(match (of, code) {
        (Field::Language, "en") => td_string!(t, common.language_en),
        (Field::Language, "fr") => td_string!(t, common.language_fr),
        (Field::Role, "organisation_manager") => td_string!(t, account.role_all),
        (Field::Role, "content_manager") => td_string!(t, account.role_content),
        (Field::PlatformRole, "agent") => td_string!(t, data.role_agent),
        (Field::PlatformRole, "administrator") => td_string!(t, data.role_administrator),
        (Field::Status, "active") => td_string!(t, data.status_active),
        (Field::Status, "locked") => td_string!(t, data.status_locked),
        (Field::PasswordIsEnough, "alone") => td_string!(t, data.enough_alone),
        (Field::PasswordIsEnough, "with_second_factor") => {
            td_string!(t, data.enough_with_second_factor)
        }
        (Field::State, "queued") => td_string!(t, data.state_queued),
        (Field::State, "sent") => td_string!(t, data.state_sent),
        (Field::State, "failed") => td_string!(t, data.state_failed),
        (Field::Limit, "refused_tries") => td_string!(t, data.limit_refused_tries),
        (Field::Limit, "wrong_passwords") => td_string!(t, data.limit_wrong_passwords),
        (Field::Limit, "codes") => td_string!(t, data.limit_codes),
        (Field::Limit, "proofs") => td_string!(t, data.limit_proofs),
        (Field::Limit, "address_wishes") => td_string!(t, data.limit_address_wishes),
        (Field::Limit, "sign_ins") => td_string!(t, data.limit_sign_ins),
        (Field::Limit, "begun") => td_string!(t, data.limit_begun),
        (Field::Limit, "checked_proofs") => td_string!(t, data.limit_checked_proofs),
        (Field::Limit, "supports") => td_string!(t, data.limit_supports),
        (Field::Limit, "registration_mails") => td_string!(t, data.limit_registration_mails),
        (Field::Limit, "known_mails") => td_string!(t, data.limit_known_mails),
        (Field::Limit, "details") => td_string!(t, data.limit_details),
        (Field::Limit, "device_mails") => td_string!(t, data.limit_device_mails),
        (Field::Limit, "data_files") => td_string!(t, data.limit_data_files),
        (Field::Limit, "mails") => td_string!(t, data.limit_mails),
        (Field::Limit, "wishes_for_address") => {
            td_string!(t, data.limit_wishes_for_address)
        }
        (Field::By, "owner") => td_string!(t, activity.who_you),
        (Field::By, "administrator") => td_string!(t, activity.who_administrator),
        (Field::By, "system") => td_string!(t, activity.who_system),
        (Field::By, "stranger") => td_string!(t, activity.who_stranger),
        (Field::By, "gone") => td_string!(t, activity.who_gone),
        (Field::SecondStep, "code") => td_string!(t, data.step_code),
        (Field::SecondStep, "recovery_code") => td_string!(t, data.step_recovery_code),
        (Field::SecondStep, "remembered_device") => td_string!(t, data.step_remembered_device),
        (Field::SecondStep, "providers_own") => td_string!(t, data.step_providers_own),
        _ => return None,
    })
}

/// The first step: the password, or an account at a provider.
fn method(t: Locale, code: &str) -> Option<&'static str> {
    match code {
        "password" => Some(td_string!(t, sessions.method_password)),
        _ => provider(code),
    }
}

/// The same name in every language.
fn provider(code: &str) -> Option<&'static str> {
    Provider::parse(code).map(Provider::name)
}

fn purpose(t: Locale, code: &str) -> Option<&'static str> {
    Some(match code {
        "account_setup" => td_string!(t, data.purpose_account_setup),
        "password_reset" => td_string!(t, data.purpose_password_reset),
        "address_confirmation" => td_string!(t, data.purpose_address_confirmation),
        "email_change" => td_string!(t, data.purpose_email_change),
        "email_undo" => td_string!(t, data.purpose_email_undo),
        "not_me" => td_string!(t, data.purpose_not_me),
        "link" => td_string!(t, data.purpose_link),
        "invitation" => td_string!(t, data.purpose_invitation),
        "deletion_stop" => td_string!(t, data.purpose_deletion_stop),
        _ => return None,
    })
}

fn mail(t: Locale, code: &str) -> Option<&'static str> {
    Some(match code {
        "account_setup" => td_string!(t, data.mail_account_setup),
        "two_factor_enabled" => td_string!(t, data.mail_two_factor_enabled),
        "phone_replaced" => td_string!(t, data.mail_phone_replaced),
        "two_factor_disabled" => td_string!(t, data.mail_two_factor_disabled),
        "recovery_codes_made" => td_string!(t, data.mail_recovery_codes_made),
        "recovery_code_used" => td_string!(t, data.mail_recovery_code_used),
        "password_reset" => td_string!(t, data.mail_password_reset),
        "account_safe" => td_string!(t, data.mail_account_safe),
        "account_elsewhere" => td_string!(t, data.mail_account_elsewhere),
        "new_devices" => td_string!(t, data.mail_new_devices),
        "domain_doubted" => td_string!(t, data.mail_domain_doubted),
        "policy_changed" => td_string!(t, data.mail_policy_changed),
        "no_account" => td_string!(t, data.mail_no_account),
        "account_closed" => td_string!(t, data.mail_account_closed),
        "password_changed" => td_string!(t, data.mail_password_changed),
        "proof_guess" => td_string!(t, data.mail_proof_guess),
        "second_factor_guess" => td_string!(t, data.mail_second_factor_guess),
        "new_device" => td_string!(t, data.mail_new_device),
        "address_confirm" => td_string!(t, data.mail_address_confirm),
        "already_registered" => td_string!(t, data.mail_already_registered),
        "email_confirm" => td_string!(t, data.mail_email_confirm),
        "email_taken" => td_string!(t, data.mail_email_taken),
        "email_asked" => td_string!(t, data.mail_email_asked),
        "email_changed" => td_string!(t, data.mail_email_changed),
        "email_new" => td_string!(t, data.mail_email_new),
        "email_restored" => td_string!(t, data.mail_email_restored),
        "email_lost" => td_string!(t, data.mail_email_lost),
        "deletion_asked" => td_string!(t, data.mail_deletion_asked),
        "deletion_stopped" => td_string!(t, data.mail_deletion_stopped),
        "account_deleted" => td_string!(t, data.mail_account_deleted),
        "provider_linked" => td_string!(t, data.mail_provider_linked),
        "provider_unlinked" => td_string!(t, data.mail_provider_unlinked),
        "data_downloaded" => td_string!(t, data.mail_data_downloaded),
        _ => return None,
    })
}
