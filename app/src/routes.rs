//! Every page of the site, in one table.
//!
//! The server mounts each path twice, as it stands here (English) and under `/fr`. Who may enter
//! is part of the table, so that a test can walk all of it.

use crate::{
    pages,
    visit::{PageFuture, Visit},
};

/// Who may see a page. The ports check again what a page asks of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whoever is fully signed in to the back office; others are led to the sign-in page.
    BackOffice,
    /// Whoever is fully signed in at the door of the address; others are led to its sign-in page.
    Own,
    /// Support agents.
    Agent,
    /// Everybody, while a rehearsal mailbox exists; otherwise the page does not exist.
    Rehearsal,
}

/// A page and its address.
#[derive(Clone, Copy)]
pub struct Route {
    /// The path, with `{name}` for variable parts.
    pub path: &'static str,
    /// Who may see it.
    pub access: Access,
    /// Loads the page.
    pub page: fn(Visit) -> PageFuture,
}

/// Paths that code refers to.
pub mod paths {
    use crate::shell::encode;
    use contract::{Locale, Provider};

    /// The front page.
    pub const HOME: &str = "/";
    /// Sign-in, first step.
    pub const SIGN_IN: &str = "/sign-in";
    /// The way for who forgot her password.
    pub const FORGOT_PASSWORD: &str = "/forgot-password";
    /// What comes after asking for a new password: the code of the mail.
    pub const RESET_SENT: &str = "/forgot-password/sent";
    /// Where the "this was not me" link of a notice leads.
    pub const NOT_ME: &str = "/not-me";
    /// Changing one's own password.
    pub const PASSWORD: &str = "/settings/password";
    /// Where a mailed link leads that lets somebody choose a new password.
    pub const RESET_PASSWORD: &str = "/reset-password";
    /// Why a provider did not open the door.
    pub const REFUSED: &str = "/sign-in/provider";
    /// That an organisation approved the site, as its administrator comes back from there.
    pub const APPROVED: &str = "/sign-in/approved";
    /// That it did not.
    pub const NOT_APPROVED: &str = "/sign-in/not-approved";
    /// Sign-in, second step.
    pub const CODE: &str = "/sign-in/code";
    /// The set-up link of a new account.
    pub const INVITATION: &str = "/invitation";
    /// The home of the back office.
    pub const BACK_OFFICE: &str = "/back-office";
    /// One's own account.
    pub const PROFILE: &str = "/profile";
    /// Settings of one's own account.
    pub const SETTINGS: &str = "/settings";
    /// What one is called.
    pub const NAME: &str = "/settings/name";
    /// The language of one's mails.
    pub const MAIL_LANGUAGE: &str = "/settings/language";
    /// One's address.
    pub const EMAIL: &str = "/settings/email";
    /// Where the link in the mail to a new address leads.
    pub const CONFIRM_EMAIL: &str = "/settings/email/confirm";
    /// Where the link in the mail to a replaced address leads.
    pub const UNDO_EMAIL: &str = "/settings/email/undo";
    /// Two-factor authentication.
    pub const TWO_FACTOR: &str = "/settings/two-factor";
    /// Sessions and devices.
    pub const SESSIONS: &str = "/settings/sessions";
    /// What happened to one's own account.
    pub const ACTIVITY: &str = "/settings/activity";
    /// Everything that is stored about oneself.
    pub const OWN_DATA: &str = "/settings/data";
    /// Leaving.
    pub const DELETE: &str = "/settings/delete";
    /// Where the link in the mail about leaving leads.
    pub const STOP_DELETION: &str = "/settings/delete/stop";
    /// The help centre. It stands behind every door: whoever comes from a project goes back to it.
    pub const HELP: &str = "/help";
    /// Search in the help.
    pub const HELP_SEARCH: &str = "/help/search";
    /// The support desk.
    pub const DESK: &str = "/desk";
    /// What was mailed in the rehearsal.
    pub const MAILBOX: &str = "/mailbox";
    /// All building blocks, in the rehearsal.
    pub const COMPONENTS: &str = "/components";

    /// Where the way to a provider begins. It is no page and has no language of its own, so it is
    /// told one; `next` is the page that somebody wanted, without the prefix of a language.
    pub fn start(provider: Provider, locale: Locale, next: Option<&str>) -> String {
        let next = next
            .filter(|next| !next.is_empty())
            .map(|next| format!("&next={}", encode(next)))
            .unwrap_or_default();
        let (provider, locale) = (provider.as_str(), locale.as_str());
        format!("/auth/{provider}/start?locale={locale}{next}")
    }

    /// The letter to an organisation's ICT department.
    pub fn ict(provider: Provider) -> String {
        format!("/sign-in/ict/{}", provider.as_str())
    }

    /// One's own account at a provider.
    pub fn provider(provider: Provider) -> String {
        format!("/settings/provider/{}", provider.as_str())
    }

    /// An article of the help.
    pub fn article(slug: &str) -> String {
        format!("/help/article/{slug}")
    }

    /// A category of the help.
    pub fn category(slug: &str) -> String {
        format!("/help/category/{slug}")
    }

    /// A mail of the rehearsal.
    pub fn mail(id: &str) -> String {
        format!("/mailbox/{id}")
    }
}

macro_rules! routes {
    ($($path:literal $access:ident $page:path;)+) => {
        &[$(Route {
            path: $path,
            access: Access::$access,
            page: |visit| Box::pin($page(visit)),
        }),+]
    };
}

/// The table.
pub const ROUTES: &[Route] = routes! {
    "/"                         Public     pages::home::page;
    "/sign-in"                  Public     pages::sign_in::password::page;
    "/sign-in/code"             Public     pages::sign_in::code::page;
    "/sign-in/provider"         Public     pages::sign_in::refused::page;
    "/sign-in/ict/{provider}"   Public     pages::sign_in::ict::page;
    "/sign-in/approved"         Public     pages::sign_in::approval::given;
    "/sign-in/not-approved"     Public     pages::sign_in::approval::withheld;
    "/sign-out"                 Public     pages::sign_in::out::page;
    "/forgot-password"          Public     pages::password::forgotten::page;
    "/forgot-password/sent"     Public     pages::password::sent::page;
    "/reset-password"           Public     pages::password::reset::page;
    "/not-me"                   Public     pages::password::not_me::page;
    "/settings/password"        Own        pages::password::change::page;
    "/invitation"               Public     pages::sign_in::invitation::page;
    "/back-office"              BackOffice pages::back_office::home::page;
    "/profile"                  Own        pages::settings::profile::page;
    "/settings"                 Own        pages::settings::overview::page;
    "/settings/name"            Own        pages::settings::name::page;
    "/settings/language"        Own        pages::settings::language::page;
    "/settings/email"           Own        pages::settings::email::page;
    "/settings/email/confirm"   Public     pages::settings::email_confirm::page;
    "/settings/email/undo"      Public     pages::settings::email_undo::page;
    "/settings/two-factor"      Own        pages::settings::two_factor::page;
    "/settings/provider/{provider}" Own    pages::settings::provider::page;
    "/settings/sessions"        Own        pages::settings::sessions::page;
    "/settings/activity"        Own        pages::settings::activity::page;
    "/settings/data"            Own        pages::settings::own_data::page;
    "/settings/delete"          Own        pages::settings::delete::page;
    "/settings/delete/stop"     Public     pages::settings::delete_stop::page;
    "/p/{organisation}"                        Public pages::platform::organisation::page;
    "/p/{organisation}/{project}"              Public pages::platform::project::page;
    "/p/{organisation}/{project}/sign-in"      Public pages::sign_in::password::page;
    "/p/{organisation}/{project}/sign-in/code" Public pages::sign_in::code::page;
    "/p/{organisation}/{project}/sign-out"     Public pages::sign_in::out::page;
    "/p/{organisation}/{project}/forgot-password"      Public pages::password::forgotten::page;
    "/p/{organisation}/{project}/forgot-password/sent" Public pages::password::sent::page;
    "/p/{organisation}/{project}/reset-password"       Public pages::password::reset::page;
    "/p/{organisation}/not-me"                 Public pages::password::not_me::page;
    "/p/{organisation}/settings/password"      Own    pages::password::change::page;
    "/p/{organisation}/profile"                Own    pages::settings::profile::page;
    "/p/{organisation}/settings"               Own    pages::settings::overview::page;
    "/p/{organisation}/settings/name"          Own    pages::settings::name::page;
    "/p/{organisation}/settings/language"      Own    pages::settings::language::page;
    "/p/{organisation}/settings/email"         Own    pages::settings::email::page;
    "/p/{organisation}/settings/email/confirm" Public pages::settings::email_confirm::page;
    "/p/{organisation}/settings/email/undo"    Public pages::settings::email_undo::page;
    "/p/{organisation}/settings/two-factor"    Own    pages::settings::two_factor::page;
    "/p/{organisation}/settings/sessions"      Own    pages::settings::sessions::page;
    "/p/{organisation}/settings/activity"      Own    pages::settings::activity::page;
    "/p/{organisation}/settings/data"          Own    pages::settings::own_data::page;
    "/p/{organisation}/settings/delete"        Own    pages::settings::delete::page;
    "/p/{organisation}/settings/delete/stop"   Public pages::settings::delete_stop::page;
    "/help"                     Public     pages::help::centre::page;
    "/help/search"              Public     pages::help::search::page;
    "/help/category/{slug}"     Public     pages::help::category::page;
    "/help/article/{slug}"      Public     pages::help::article::page;
    "/p/{organisation}/{project}/help"                 Public pages::help::centre::page;
    "/p/{organisation}/{project}/help/search"          Public pages::help::search::page;
    "/p/{organisation}/{project}/help/category/{slug}" Public pages::help::category::page;
    "/p/{organisation}/{project}/help/article/{slug}"  Public pages::help::article::page;
    "/desk"                     Agent      pages::desk::home::page;
    "/mailbox"                  Rehearsal  pages::rehearsal::mailbox::page;
    "/mailbox/{id}"             Rehearsal  pages::rehearsal::mail::page;
    "/components"               Rehearsal  pages::components::page;
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_stands_twice_and_none_hides_behind_the_french_prefix() {
        for (index, route) in ROUTES.iter().enumerate() {
            assert!(
                !ROUTES[..index]
                    .iter()
                    .any(|earlier| earlier.path == route.path)
            );
            assert!(!route.path.starts_with("/fr"), "{}", route.path);
        }
    }
}
