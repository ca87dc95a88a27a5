//! The entries of the activity log in words.

use crate::{i18n::Locale, words::names};
use contract::{ActivityChange, ActivityGroup, Actor, ChangedField, EventKind, LogFault, LogState};
use leptos_i18n::td_string;

/// Who did it.
pub fn who(t: Locale, who: &Actor) -> String {
    match who {
        Actor::You => td_string!(t, activity.who_you).to_string(),
        Actor::CommandLine => td_string!(t, activity.who_administrator).to_string(),
        Actor::System => td_string!(t, activity.who_system).to_string(),
        Actor::Unknown => td_string!(t, activity.who_stranger).to_string(),
        Actor::Named(name) => name.clone(),
        Actor::Deleted => td_string!(t, activity.who_gone).to_string(),
    }
}

/// How many tries of a day were refused; nothing when there were none.
pub fn refused(t: Locale, tries: u32) -> Option<String> {
    match tries {
        0 => None,
        1 => Some(td_string!(t, activity.refused_single).to_string()),
        tries => Some(td_string!(
            t,
            activity.refused_many,
            count = tries.to_string()
        )),
    }
}

/// What was changed into what, or is to be.
pub fn change(t: Locale, what: Option<EventKind>, change: &ActivityChange) -> String {
    let field = match change.field {
        Some(linked @ (ChangedField::LinkedGoogle | ChangedField::LinkedMicrosoft)) => td_string!(
            t,
            activity.field_linked_account,
            provider = names::changed_field(t, linked)
        ),
        Some(field) => names::changed_field(t, field).to_owned(),
        None => td_string!(t, activity.field_other).to_owned(),
    };
    let value = |value: &str| match (change.field, value) {
        (_, "") => td_string!(t, activity.empty_value).to_string(),
        (Some(ChangedField::Language), "en") => td_string!(t, common.language_en).to_string(),
        (Some(ChangedField::Language), "fr") => td_string!(t, common.language_fr).to_string(),
        (_, value) => value.to_owned(),
    };
    let (old, new) = (value(&change.old), value(&change.new));
    if what == Some(EventKind::EmailAsked) {
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
        LogFault::OlderKey { line } => {
            td_string!(t, activity.fault_older_key, line = line.to_string())
        }
        LogFault::RetiredKey => td_string!(t, activity.fault_retired_key).to_string(),
        LogFault::Unnumbered => td_string!(t, activity.fault_unnumbered).to_string(),
        LogFault::NoChain => td_string!(t, activity.fault_no_chain).to_string(),
    }
}

/// How much of the log was checked, when nothing is wrong with it.
pub fn checked(t: Locale, state: &LogState) -> String {
    match state.lines {
        lines if state.earlier > 0 => td_string!(
            t,
            activity.holds_newest,
            count = lines.to_string(),
            earlier = state.earlier.to_string()
        ),
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
