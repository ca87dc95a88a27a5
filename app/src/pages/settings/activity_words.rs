//! The lines of the log in plain words. Every `match` is exhaustive: an event without words in both
//! languages does not compile.

use crate::i18n::Locale;
use contract::{ActivityChange, ActivityGroup, ChangedField, Doer, Happened, LogFault, LogState};
use leptos_i18n::td_string;

/// What happened.
pub fn what(t: Locale, what: Happened) -> String {
    match what {
        Happened::AccountCreated => td_string!(t, activity.account_created),
        Happened::AccountSetUp => td_string!(t, activity.account_set_up),
        Happened::SignedIn => td_string!(t, activity.signed_in),
        Happened::SignedOut => td_string!(t, activity.signed_out),
        Happened::CodesGuessed => td_string!(t, activity.codes_guessed),
        Happened::TwoFactorEnabled => td_string!(t, activity.two_factor_enabled),
        Happened::TwoFactorDisabled => td_string!(t, activity.two_factor_disabled),
        Happened::TwoFactorReset => td_string!(t, activity.two_factor_reset),
        Happened::RecoveryCodesMade => td_string!(t, activity.recovery_codes_made),
        Happened::RecoveryCodeUsed => td_string!(t, activity.recovery_code_used),
        Happened::Locked => td_string!(t, activity.locked),
        Happened::Unlocked => td_string!(t, activity.unlocked),
        Happened::ResetAsked => td_string!(t, activity.reset_asked),
        Happened::PasswordReset => td_string!(t, activity.password_reset),
        Happened::PasswordChanged => td_string!(t, activity.password_changed),
        Happened::PasswordTaken => td_string!(t, activity.password_taken),
        Happened::NotMe => td_string!(t, activity.not_me),
        Happened::NewDevice => td_string!(t, activity.new_device),
        Happened::SessionEnded => td_string!(t, activity.session_ended),
        Happened::OtherSessionsEnded => td_string!(t, activity.other_sessions_ended),
        Happened::DeviceRemembered => td_string!(t, activity.device_remembered),
        Happened::DeviceForgotten => td_string!(t, activity.device_forgotten),
        Happened::NameChanged => td_string!(t, activity.name_changed),
        Happened::LanguageChanged => td_string!(t, activity.language_changed),
        Happened::EmailAsked => td_string!(t, activity.email_asked),
        Happened::EmailWithdrawn => td_string!(t, activity.email_withdrawn),
        Happened::EmailChanged => td_string!(t, activity.email_changed),
        Happened::EmailChangeUndone => td_string!(t, activity.email_change_undone),
        Happened::ProviderLinked => td_string!(t, activity.provider_linked),
        Happened::ProviderUnlinked => td_string!(t, activity.provider_unlinked),
        Happened::DataDownloaded => td_string!(t, activity.data_downloaded),
        Happened::DeletionAsked => td_string!(t, activity.deletion_asked),
        Happened::DeletionStopped => td_string!(t, activity.deletion_stopped),
        Happened::Unknown => td_string!(t, activity.unknown),
    }
    .to_string()
}

/// Who did it.
pub fn who(t: Locale, who: &Doer) -> String {
    match who {
        Doer::You => td_string!(t, activity.who_you).to_string(),
        Doer::Administrator => td_string!(t, activity.who_administrator).to_string(),
        Doer::Stranger => td_string!(t, activity.who_stranger).to_string(),
        Doer::Named(name) => name.clone(),
        Doer::Gone => td_string!(t, activity.who_gone).to_string(),
    }
}

/// What was changed into what, or is to be.
pub fn change(t: Locale, what: Happened, change: &ActivityChange) -> String {
    let field = match change.field {
        ChangedField::Name => td_string!(t, activity.field_name).to_string(),
        ChangedField::Language => td_string!(t, activity.field_language).to_string(),
        ChangedField::Email => td_string!(t, activity.field_email).to_string(),
        ChangedField::LinkedAccount(provider) => {
            td_string!(t, activity.field_linked_account, provider = provider.name())
        }
        ChangedField::Other => td_string!(t, activity.field_other).to_string(),
    };
    let value = |value: &str| match (change.field, value) {
        (_, "") => td_string!(t, activity.empty_value).to_string(),
        (ChangedField::Language, "en") => td_string!(t, common.language_en).to_string(),
        (ChangedField::Language, "fr") => td_string!(t, common.language_fr).to_string(),
        (_, value) => value.to_owned(),
    };
    let (old, new) = (value(&change.old), value(&change.new));
    if what == Happened::EmailAsked {
        td_string!(
            t,
            activity.change_asked,
            field = field,
            old = old,
            new = new
        )
    } else {
        td_string!(t, activity.change, field = field, old = old, new = new)
    }
}

/// A choice of the filter.
pub fn group(t: Locale, group: ActivityGroup) -> String {
    match group {
        ActivityGroup::SignIns => td_string!(t, activity.group_sign_ins),
        ActivityGroup::Security => td_string!(t, activity.group_security),
        ActivityGroup::Account => td_string!(t, activity.group_account),
        ActivityGroup::ByOthers => td_string!(t, activity.group_by_others),
    }
    .to_string()
}

/// What is wrong with the log.
pub fn fault(t: Locale, fault: LogFault) -> String {
    match fault {
        LogFault::Changed { line } => {
            td_string!(t, activity.fault_changed, line = line.to_string())
        }
        LogFault::Missing { from, to } if from == to => {
            td_string!(t, activity.fault_missing_single, line = from.to_string())
        }
        LogFault::Missing { from, to } => td_string!(
            t,
            activity.fault_missing_many,
            from = from.to_string(),
            to = to.to_string()
        ),
        LogFault::End => td_string!(t, activity.fault_end).to_string(),
        LogFault::UnknownKey { line } => {
            td_string!(t, activity.fault_key, line = line.to_string())
        }
        LogFault::Unnumbered => td_string!(t, activity.fault_unnumbered).to_string(),
        LogFault::NoChain => td_string!(t, activity.fault_no_chain).to_string(),
    }
}

/// How much of the log was checked, when nothing is wrong with it.
pub fn checked(t: Locale, state: &LogState) -> String {
    match state.lines {
        0 => td_string!(t, activity.holds_none).to_string(),
        1 => td_string!(t, activity.holds_single).to_string(),
        lines => td_string!(t, activity.holds_many, count = lines.to_string()),
    }
}

/// How many lines cannot be checked; nothing when there are none.
pub fn unchecked(t: Locale, state: &LogState) -> Option<String> {
    match state.older {
        0 => None,
        1 => Some(td_string!(t, activity.older_single).to_string()),
        lines => Some(td_string!(
            t,
            activity.older_many,
            count = lines.to_string()
        )),
    }
}
