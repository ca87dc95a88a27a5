//! The names of the vocabulary in words. Every `match` is exhaustive: a name without words in both
//! languages does not compile.

use crate::i18n::Locale;
use contract::{ChangedField, DataField, DataGroup, EventKind, Field, Provider};
use leptos_i18n::td_string;

/// What happened; `None` when a newer version wrote it.
pub fn event(t: Locale, event: Option<EventKind>) -> &'static str {
    let Some(event) = event else {
        return td_string!(t, activity.unknown);
    };
    match event {
        EventKind::AccountCreated => td_string!(t, activity.account_created),
        EventKind::AccountSetUp => td_string!(t, activity.account_set_up),
        EventKind::SignedIn => td_string!(t, activity.signed_in),
        EventKind::SignedOut => td_string!(t, activity.signed_out),
        EventKind::ProofsGuessed => td_string!(t, activity.proofs_guessed),
        EventKind::CodesGuessed => td_string!(t, activity.codes_guessed),
        EventKind::TwoFactorEnabled => td_string!(t, activity.two_factor_enabled),
        EventKind::PhoneReplaced => td_string!(t, activity.phone_replaced),
        EventKind::TwoFactorDisabled => td_string!(t, activity.two_factor_disabled),
        EventKind::TwoFactorReset => td_string!(t, activity.two_factor_reset),
        EventKind::RecoveryCodesMade => td_string!(t, activity.recovery_codes_made),
        EventKind::RecoveryCodeUsed => td_string!(t, activity.recovery_code_used),
        EventKind::Locked => td_string!(t, activity.locked),
        EventKind::Unlocked => td_string!(t, activity.unlocked),
        EventKind::ResetAsked => td_string!(t, activity.reset_asked),
        EventKind::PasswordReset => td_string!(t, activity.password_reset),
        EventKind::PasswordChanged => td_string!(t, activity.password_changed),
        EventKind::PasswordTaken => td_string!(t, activity.password_taken),
        EventKind::NotMe => td_string!(t, activity.not_me),
        EventKind::NewDevice => td_string!(t, activity.new_device),
        EventKind::SessionEnded => td_string!(t, activity.session_ended),
        EventKind::OtherSessionsEnded => td_string!(t, activity.other_sessions_ended),
        EventKind::DeviceRemembered => td_string!(t, activity.device_remembered),
        EventKind::DeviceForgotten => td_string!(t, activity.device_forgotten),
        EventKind::NameChanged => td_string!(t, activity.name_changed),
        EventKind::LanguageChanged => td_string!(t, activity.language_changed),
        EventKind::AddressConfirmed => td_string!(t, activity.address_confirmed),
        EventKind::AddressDoubted => td_string!(t, activity.address_doubted),
        EventKind::EmailAsked => td_string!(t, activity.email_asked),
        EventKind::EmailWithdrawn => td_string!(t, activity.email_withdrawn),
        EventKind::EmailChanged => td_string!(t, activity.email_changed),
        EventKind::EmailChangeUndone => td_string!(t, activity.email_change_undone),
        EventKind::ProviderLinked => td_string!(t, activity.provider_linked),
        EventKind::ProviderUnlinked => td_string!(t, activity.provider_unlinked),
        EventKind::DataDownloaded => td_string!(t, activity.data_downloaded),
        EventKind::DeletionAsked => td_string!(t, activity.deletion_asked),
        EventKind::DeletionStopped => td_string!(t, activity.deletion_stopped),
    }
}

/// The name of what was changed; a linked account is called by its provider.
pub fn changed_field(t: Locale, field: ChangedField) -> &'static str {
    match field {
        ChangedField::Name => td_string!(t, activity.field_name),
        ChangedField::Language => td_string!(t, activity.field_language),
        ChangedField::Email => td_string!(t, activity.field_email),
        ChangedField::LinkedGoogle => Provider::Google.name(),
        ChangedField::LinkedMicrosoft => Provider::Microsoft.name(),
    }
}

/// The heading of a group of stored data.
pub fn data_group(t: Locale, group: DataGroup) -> &'static str {
    match group {
        DataGroup::Account => td_string!(t, data.group_account),
        DataGroup::Organisations => td_string!(t, data.group_organisations),
        DataGroup::SecondFactor => td_string!(t, data.group_second_factor),
        DataGroup::LinkedAccounts => td_string!(t, data.group_linked_accounts),
        DataGroup::Sessions => td_string!(t, data.group_sessions),
        DataGroup::SignIns => td_string!(t, data.group_begun_sign_ins),
        DataGroup::Flows => td_string!(t, data.group_begun_round_trips),
        DataGroup::Devices => td_string!(t, data.group_devices),
        DataGroup::Supports => td_string!(t, data.group_supports),
        DataGroup::PrivateProjects => td_string!(t, data.group_private_projects),
        DataGroup::Registrations => td_string!(t, data.group_registrations),
        DataGroup::Links => td_string!(t, data.group_mailed_links),
        DataGroup::Mails => td_string!(t, data.group_mails),
        DataGroup::Tries => td_string!(t, data.group_counted_tries),
        DataGroup::Activity => td_string!(t, data.group_activity),
        DataGroup::Others => td_string!(t, data.group_activity_of_others),
    }
}

/// The introduction of a group, where it needs one.
pub fn data_group_lead(t: Locale, group: DataGroup) -> Option<&'static str> {
    match group {
        DataGroup::Account
        | DataGroup::Organisations
        | DataGroup::SignIns
        | DataGroup::Supports
        | DataGroup::PrivateProjects
        | DataGroup::Registrations
        | DataGroup::Activity => None,
        DataGroup::SecondFactor => Some(td_string!(t, data.lead_second_factor)),
        DataGroup::LinkedAccounts => Some(td_string!(t, data.lead_linked_accounts)),
        DataGroup::Flows => Some(td_string!(t, data.lead_begun_round_trips)),
        DataGroup::Sessions => Some(td_string!(t, data.lead_sessions)),
        DataGroup::Devices => Some(td_string!(t, data.lead_devices)),
        DataGroup::Links => Some(td_string!(t, data.lead_mailed_links)),
        DataGroup::Mails => Some(td_string!(t, data.lead_mails)),
        DataGroup::Tries => Some(td_string!(t, data.lead_counted_tries)),
        DataGroup::Others => Some(td_string!(t, data.lead_activity_of_others)),
    }
}

/// The name of a stored value.
pub fn data_field(t: Locale, field: DataField) -> &'static str {
    match field {
        DataField::About => td_string!(t, data.f_about),
        DataField::At => td_string!(t, data.f_at),
        DataField::By => td_string!(t, data.f_by),
        DataField::Change => td_string!(t, data.f_changed_field),
        DataField::ConfirmedAt => td_string!(t, data.f_email_confirmed_at),
        DataField::Count => td_string!(t, data.f_count),
        DataField::CreatedAt => td_string!(t, data.f_created_at),
        DataField::DeletionAt => td_string!(t, data.f_deletion_at),
        DataField::DoubtedAt => td_string!(t, data.f_email_doubted_at),
        DataField::Device => td_string!(t, data.f_device),
        DataField::Email => td_string!(t, data.f_email),
        DataField::EndedAt => td_string!(t, data.f_ended_at),
        DataField::Event => td_string!(t, data.f_event),
        DataField::ExpiresAt => td_string!(t, data.f_expires_at),
        DataField::FinishedAt => td_string!(t, data.f_finished_at),
        DataField::Issuer => td_string!(t, data.f_issuer),
        DataField::Kind => td_string!(t, data.f_kind),
        DataField::Language => td_string!(t, data.f_language),
        DataField::LastSeenAt => td_string!(t, data.f_last_seen_at),
        DataField::LastUsedAt => td_string!(t, data.f_last_used_at),
        DataField::Limit => td_string!(t, data.f_limit),
        DataField::LinkedAt => td_string!(t, data.f_linked_at),
        DataField::Line => td_string!(t, data.f_line),
        DataField::Method => td_string!(t, data.f_method),
        DataField::Name => td_string!(t, data.f_name),
        DataField::Network => td_string!(t, data.f_network),
        DataField::New => td_string!(t, data.f_new_value),
        DataField::Old => td_string!(t, data.f_old_value),
        DataField::OnSince => td_string!(t, data.f_on_since),
        DataField::Organisation => td_string!(t, data.f_organisation),
        DataField::PasswordIsEnough => td_string!(t, data.f_password_is_enough),
        DataField::PasswordSetAt => td_string!(t, data.f_password_set_at),
        DataField::PlatformRole => td_string!(t, data.f_platform_role),
        DataField::Project => td_string!(t, data.f_project),
        DataField::ProvedAt => td_string!(t, data.f_proved_at),
        DataField::Provider => td_string!(t, data.f_provider),
        DataField::Purpose => td_string!(t, data.f_purpose),
        DataField::Reason => td_string!(t, data.f_reason),
        DataField::Recipient => td_string!(t, data.f_recipient),
        DataField::RecoveryCodesLeft => td_string!(t, data.f_recovery_codes_left),
        DataField::RecoveryCodesMadeAt => td_string!(t, data.f_recovery_codes_made_at),
        DataField::RememberedUntil => td_string!(t, data.f_remembered_until),
        DataField::Role => td_string!(t, data.f_role),
        DataField::SecondStep => td_string!(t, data.f_second_step),
        DataField::SetUpBegunAt => td_string!(t, data.f_set_up_begun_at),
        DataField::State => td_string!(t, data.f_state),
        DataField::Status => td_string!(t, data.f_status),
        DataField::Subject => td_string!(t, data.f_subject),
        DataField::UsedAt => td_string!(t, data.f_used_at),
        DataField::VoidAt => td_string!(t, data.f_void_at),
        DataField::WrongCodes => td_string!(t, data.f_wrong_codes),
    }
}

/// That a required field is empty.
pub fn empty_field(t: Locale, field: Field) -> &'static str {
    match field {
        Field::Email => td_string!(t, errors.empty_email),
        Field::Password => td_string!(t, errors.empty_password),
        Field::Code => td_string!(t, errors.empty_code),
        Field::Proof => td_string!(t, errors.empty_proof),
        Field::Present => td_string!(t, errors.empty_present),
        Field::Comment => td_string!(t, errors.empty_comment),
        Field::Name => td_string!(t, errors.empty_name),
    }
}
