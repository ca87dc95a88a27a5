//! The addresses of the site, for pages, mails and articles alike: paths without the prefix of a
//! language, and the rules that make an address of one.

use crate::Locale;

/// The front page.
pub const HOME: &str = "/";
/// Sign-in, first step.
pub const SIGN_IN: &str = "/sign-in";
/// Making an account on the platform.
pub const REGISTER: &str = "/register";
/// After registering: what became of the mail.
pub const WAITING: &str = "/waiting";
/// How the organisation of a door treats personal data.
pub const PRIVACY: &str = "/privacy";
/// What follows the address of a page that is told of changes: its events.
pub const LIVE: &str = "/live";
/// Forgotten password.
pub const FORGOT_PASSWORD: &str = "/forgot-password";
/// The page after a password reset was requested: it takes the code of the mail.
pub const RESET_SENT: &str = "/forgot-password/sent";
/// The link in the mail that answers a registration.
pub const CONFIRM_ADDRESS: &str = "/confirm-address";
/// The link "this was not me" of a notice.
pub const NOT_ME: &str = "/not-me";
/// The own password.
pub const PASSWORD: &str = "/settings/password";
/// The link of a password reset: choosing a new password.
pub const RESET_PASSWORD: &str = "/reset-password";
/// Why a sign-in with a provider was refused.
pub const REFUSED: &str = "/sign-in/provider";
/// Where Microsoft sends an administrator who approved the site for an organisation.
pub const APPROVED: &str = "/sign-in/approved";
/// Where Microsoft sends an administrator who did not.
pub const NOT_APPROVED: &str = "/sign-in/not-approved";
/// Sign-in, second step.
pub const CODE: &str = "/sign-in/code";
/// The set-up link of a new account.
pub const INVITATION: &str = "/invitation";
/// The home of the back office.
pub const BACK_OFFICE: &str = "/back-office";
/// The own account.
pub const PROFILE: &str = "/profile";
/// Settings of the own account.
pub const SETTINGS: &str = "/settings";
/// The own name.
pub const NAME: &str = "/settings/name";
/// The language of the own mails.
pub const MAIL_LANGUAGE: &str = "/settings/language";
/// The own email address.
pub const EMAIL: &str = "/settings/email";
/// The link in the mail to a new address.
pub const CONFIRM_EMAIL: &str = "/settings/email/confirm";
/// The link in the mail to a replaced address.
pub const UNDO_EMAIL: &str = "/settings/email/undo";
/// Two-factor authentication.
pub const TWO_FACTOR: &str = "/settings/two-factor";
/// Sessions and devices.
pub const SESSIONS: &str = "/settings/sessions";
/// The activity of the own account.
pub const ACTIVITY: &str = "/settings/activity";
/// Everything that is stored about the own account.
pub const OWN_DATA: &str = "/settings/data";
/// Deleting the own account.
pub const DELETE: &str = "/settings/delete";
/// The link in the mail about a requested deletion.
pub const STOP_DELETION: &str = "/settings/delete/stop";
/// The help centre; every project has one, which leads back to the project.
pub const HELP: &str = "/help";
/// Search in the help.
pub const HELP_SEARCH: &str = "/help/search";
/// The support desk.
pub const DESK: &str = "/desk";
/// What was mailed in the demo.
pub const MAILBOX: &str = "/mailbox";

/// One mail of the demo.
pub fn mail(id: &str) -> String {
    format!("{MAILBOX}/{id}")
}
/// All building blocks, in the demo.
pub const COMPONENTS: &str = "/components";

/// An article of the help.
pub fn article(slug: &str) -> String {
    format!("{HELP}/article/{slug}")
}

/// A category of the help.
pub fn category(slug: &str) -> String {
    format!("{HELP}/category/{slug}")
}

/// A proposal of a project.
pub fn proposal(id: &str) -> String {
    format!("/proposals/{id}")
}

/// Where the pages of organisations are.
pub const PLATFORM: &str = "/p/";

/// The path of a page that an organisation has for all its projects, such as the settings:
/// `/p/bellerive/settings`.
pub fn of_organisation(organisation: &str, path: &str) -> String {
    format!("{PLATFORM}{organisation}{path}")
}

/// The path of a page of a project, such as its sign-in: `/p/bellerive/quay/sign-in`.
pub fn of_project(organisation: &str, project: &str, path: &str) -> String {
    format!("{PLATFORM}{organisation}/{project}{path}")
}

/// A path in a language: English has no prefix, French has `/fr`.
pub fn localized(locale: Locale, path: &str) -> String {
    match (locale, path) {
        (Locale::En, path) => path.to_owned(),
        (Locale::Fr, HOME) => "/fr".to_owned(),
        (Locale::Fr, path) => format!("/fr{path}"),
    }
}

/// Takes an address apart: its language, and the path without the prefix.
pub fn split(address: &str) -> (Locale, &str) {
    match address.strip_prefix("/fr") {
        Some("") => (Locale::Fr, HOME),
        Some(rest) if rest.starts_with('/') => (Locale::Fr, rest),
        _ => (Locale::En, address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_from_its_language() {
        for path in ["/", "/sign-in", "/help/article/a?b=c"] {
            for locale in Locale::ALL {
                assert_eq!(split(&localized(locale, path)), (locale, path));
            }
        }
        assert_eq!(split("/french"), (Locale::En, "/french"));
    }
}
