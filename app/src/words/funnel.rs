//! How far registrations come, in words.

use crate::i18n::Locale;
use contract::MailTrouble;
use leptos_i18n::td_string;

/// The sentence about a mail domain that refuses mails.
pub fn mail_trouble(t: Locale, trouble: &MailTrouble) -> String {
    td_string!(
        t,
        platform.mail_trouble,
        refused = trouble.refused.to_string(),
        of = trouble.of.to_string(),
        domain = trouble.domain.clone(),
        since = trouble.since.text.clone()
    )
}
