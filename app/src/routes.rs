//! Every page of the site, in one table.
//!
//! The server mounts each path twice, as it stands here (English) and under `/fr`. Who may enter
//! is part of the table, so that a test can walk all of it.

use crate::{
    context::{PageContext, PageFuture},
    pages,
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
    /// Everybody, while a demo mailbox exists; otherwise the page does not exist.
    Demo,
}

/// A page and its address.
#[derive(Clone, Copy)]
pub struct Route {
    /// The path, with `{name}` for variable parts.
    pub path: &'static str,
    /// Who may see it.
    pub access: Access,
    /// Loads the page.
    pub page: fn(PageContext) -> PageFuture,
}

macro_rules! routes {
    ($($path:literal $access:ident $page:path;)+) => {
        &[$(Route {
            path: $path,
            access: Access::$access,
            page: |context| Box::pin($page(context)),
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
    "/settings/name"            Own        pages::settings::details::name;
    "/settings/language"        Own        pages::settings::details::language;
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
    "/p/{organisation}/{project}/proposals/{id}" Public pages::platform::proposal::page;
    "/p/{organisation}/{project}/sign-in"      Public pages::sign_in::password::page;
    "/p/{organisation}/{project}/sign-in/code" Public pages::sign_in::code::page;
    "/p/{organisation}/{project}/sign-out"     Public pages::sign_in::out::page;
    "/p/{organisation}/{project}/forgot-password"      Public pages::password::forgotten::page;
    "/p/{organisation}/{project}/forgot-password/sent" Public pages::password::sent::page;
    "/p/{organisation}/{project}/reset-password"       Public pages::password::reset::page;
    "/p/{organisation}/{project}/register"             Public pages::registration::register::page;
    "/p/{organisation}/{project}/waiting"              Public pages::registration::waiting::page;
    "/p/{organisation}/{project}/confirm-address"      Public pages::registration::confirm::page;
    "/p/{organisation}/privacy"                Public pages::platform::privacy::page;
    "/p/{organisation}/not-me"                 Public pages::password::not_me::page;
    "/p/{organisation}/settings/password"      Own    pages::password::change::page;
    "/p/{organisation}/profile"                Own    pages::settings::profile::page;
    "/p/{organisation}/settings"               Own    pages::settings::overview::page;
    "/p/{organisation}/settings/name"          Own    pages::settings::details::name;
    "/p/{organisation}/settings/language"      Own    pages::settings::details::language;
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
    "/mailbox"                  Demo  pages::demo::mailbox::page;
    "/mailbox/{id}"             Demo  pages::demo::mail::page;
    "/components"               Demo  pages::components::page;
};
