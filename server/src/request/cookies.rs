//! Cookies: which there are, how they are read and set.
//!
//! Over https every cookie but the language has the prefix `__Host-`: the browser then takes it
//! only with `Secure`, for the whole site and from this host alone, so that no other host of the
//! same domain can plant one.

use app::locale;
use domain::{
    Duration, Locale, OrganisationId, Realm,
    provider::{FLOW_LIFETIME, Provider},
    retention,
    token::{Purpose, Secret},
};
use http::{HeaderMap, HeaderValue, header::COOKIE};

/// The cookies of this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A signed-in session of a realm.
    Session(Realm),
    /// A sign-in to a realm that waits for its code.
    SignIn(Realm),
    /// The proposal that this browser wants to support once it is signed in to a realm; no secret.
    Support(Realm),
    /// A registration of this browser that waits for the confirmation of its address.
    Registration(Realm),
    /// A password reset that was requested in this browser.
    Reset(Realm),
    /// The link of a password reset whose code was given in this browser.
    ResetLink(Realm),
    /// The devices that this browser is to accounts of a realm, one token for each.
    Device(Realm),
    /// That something that was typed waits for the session of a realm; its value is no secret.
    Drafts(Realm),
    /// A round trip to a provider: each has its own, so that the answer of one is worth nothing at the
    /// address of another.
    Provider(Provider),
    /// A message for one page, named in [`Name::flash`].
    Flash(String),
    /// A reader of the help, so that a vote counts once.
    Reader,
    /// The language that was chosen by hand.
    Locale,
}

impl Name {
    /// The name on the wire.
    pub fn on_wire(&self, https: bool) -> String {
        let name = match self {
            Self::Session(Realm::BackOffice) => "back-office".to_owned(),
            Self::Session(Realm::Organisation(id)) => participant(id),
            Self::SignIn(Realm::BackOffice) => "sign-in".to_owned(),
            Self::SignIn(Realm::Organisation(id)) => format!("sign-in-{id}"),
            Self::Support(Realm::BackOffice) => "support".to_owned(),
            Self::Support(Realm::Organisation(id)) => format!("support-{id}"),
            Self::Registration(Realm::BackOffice) => "registration".to_owned(),
            Self::Registration(Realm::Organisation(id)) => format!("registration-{id}"),
            Self::Reset(Realm::BackOffice) => "reset".to_owned(),
            Self::Reset(Realm::Organisation(id)) => format!("reset-{id}"),
            Self::ResetLink(Realm::BackOffice) => "reset-link".to_owned(),
            Self::ResetLink(Realm::Organisation(id)) => format!("reset-link-{id}"),
            Self::Device(Realm::BackOffice) => "device".to_owned(),
            Self::Device(Realm::Organisation(id)) => format!("device-{id}"),
            Self::Drafts(Realm::BackOffice) => "drafts".to_owned(),
            Self::Drafts(Realm::Organisation(id)) => format!("drafts-{id}"),
            Self::Provider(provider) => provider.as_str().to_owned(),
            Self::Flash(page) => format!("flash{page}"),
            Self::Reader => "reader".to_owned(),
            Self::Locale => return "locale".to_owned(),
        };
        if https {
            format!("__Host-{name}")
        } else {
            name
        }
    }

    /// The cookie of a message for the page with this path, in whichever language it is read: `flash.settings.name`. Each
    /// page has one of its own, so that no other page takes its message.
    pub fn flash(page: &str) -> Self {
        let path = page.split(['?', '#']).next().unwrap_or_default();
        let (_, path) = locale::split(path);
        let readable = |c: char| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '.'
            }
        };
        Self::Flash(path.chars().take(LONGEST_PAGE).map(readable).collect())
    }

    /// How long the browser keeps it; until it is closed, when nothing is said.
    fn max_age(&self) -> Option<Duration> {
        Some(match self {
            // Unless the person asked for more: see [`set_session`].
            Self::Session(_) => return None,
            Self::SignIn(_) => domain::sign_in::LIFETIME,
            Self::Registration(_) => retention::UNCONFIRMED,
            // Another person may sit down at the same computer.
            Self::Support(_) => SUPPORT,
            Self::Reset(_) | Self::ResetLink(_) => Purpose::PasswordReset.lifetime(),
            Self::Device(_) => domain::device::KNOWN,
            Self::Drafts(_) => identity::DRAFT_LIFETIME,
            Self::Provider(_) => FLOW_LIFETIME,
            Self::Flash(_) => retention::FLASHES,
            Self::Reader | Self::Locale => Duration::from_hours(365 * 24),
        })
    }
}

/// How long a browser remembers what it wants to support.
const SUPPORT: Duration = Duration::from_hours(1);
/// As many characters of a page's path as the name of a cookie holds.
const LONGEST_PAGE: usize = 160;

fn participant(organisation: &OrganisationId) -> String {
    format!("p-{organisation}")
}

/// The value of a cookie that the browser sent.
///
/// A name that is sent twice is not believed at all: one of the two may have been planted.
pub fn read<'a>(headers: &'a HeaderMap, name: &Name, https: bool) -> Option<&'a str> {
    // Most visitors carry none.
    if !headers.contains_key(COOKIE) {
        return None;
    }
    let wanted = name.on_wire(https);
    let mut values = values(headers, &wanted);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// The first language among the cookies of that name: another site of the same domain may have left one of its own.
pub fn language(headers: &HeaderMap) -> Option<Locale> {
    let wanted = Name::Locale.on_wire(false);
    values(headers, &wanted).find_map(Locale::parse)
}

/// The organisations with which the browser sent the cookie of a participant's session, at most `limit` of them, and its
/// token.
pub fn participants(
    headers: &HeaderMap,
    https: bool,
    limit: usize,
) -> impl Iterator<Item = (OrganisationId, Secret)> {
    let prefix = if https { "__Host-p-" } else { "p-" };
    pairs(headers)
        .filter_map(move |(name, value)| {
            let id = OrganisationId::presented(name.strip_prefix(prefix)?)?;
            Some((id, Secret::present(value)?))
        })
        .take(limit)
}

/// The values of a name.
fn values<'a>(headers: &'a HeaderMap, wanted: &str) -> impl Iterator<Item = &'a str> {
    pairs(headers)
        .filter(move |(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// Names and values. Pairs are told apart as bytes: a foreign one may hold any.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok())
        .filter_map(|pair| pair.trim().split_once('='))
}

/// A token that the browser sent.
pub fn token(headers: &HeaderMap, name: &Name, https: bool) -> Option<Secret> {
    Secret::present(read(headers, name, https)?)
}

/// The tokens of a cookie that holds several, with a dot between them; rubbish among them is left
/// out.
pub fn tokens(headers: &HeaderMap, name: &Name, https: bool) -> Vec<Secret> {
    let value = read(headers, name, https).unwrap_or_default();
    let tokens = value.split('.').filter_map(Secret::present);
    tokens.take(identity::DEVICES_OF_A_BROWSER).collect()
}

/// A `Set-Cookie` header. Values are tokens or language tags: nothing in them needs escaping.
pub fn set(name: &Name, value: &str, https: bool) -> HeaderValue {
    header(name, value, name.max_age(), https)
}

/// The `Set-Cookie` header of a session: it goes with the browser's window, or is kept for so long.
pub fn set_session(
    realm: &Realm,
    token: &Secret,
    keep: Option<Duration>,
    https: bool,
) -> HeaderValue {
    header(&Name::Session(realm.clone()), token.expose(), keep, https)
}

/// A `Set-Cookie` header that removes a cookie.
pub fn clear(name: &Name, https: bool) -> HeaderValue {
    header(name, "", Some(Duration::ZERO), https)
}

fn header(name: &Name, value: &str, max_age: Option<Duration>, https: bool) -> HeaderValue {
    let secure = if https { "; Secure" } else { "" };
    let age = max_age.map_or_else(String::new, |age| format!("; Max-Age={}", age.as_secs()));
    let name = name.on_wire(https);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static(cookie));
        headers
    }

    #[test]
    fn over_https_only_the_prefixed_cookie_counts() {
        let sent = headers("back-office=planted; __Host-back-office=ours");
        let name = Name::Session(Realm::BackOffice);
        assert_eq!(read(&sent, &name, true), Some("ours"));
        assert!(set(&name, "x", true).to_str().is_ok_and(|text| {
            text.starts_with("__Host-back-office=x; Path=/; HttpOnly; SameSite=Lax")
                && text.ends_with("; Secure")
        }));
    }

    /// Red when a line is read as text or not at all.
    #[test]
    fn foreign_bytes_hide_no_cookie() {
        for foreign in [
            &b"prenom=Zo\xc3\xa9; back-office=ours"[..],
            b"prenom=Zo\xe9; back-office=ours",
        ] {
            let mut sent = HeaderMap::new();
            sent.extend(HeaderValue::from_bytes(foreign).map(|value| (COOKIE, value)));
            let name = Name::Session(Realm::BackOffice);
            assert_eq!(read(&sent, &name, false), Some("ours"));
        }
        let sent = headers("locale=en_GB; locale=fr; locale=en");
        assert_eq!(language(&sent), Some(Locale::Fr));
    }

    #[test]
    fn a_cookie_sent_twice_is_not_believed() {
        let sent = headers("flash.sign-in=a; flash.sign-in=b");
        assert_eq!(read(&sent, &Name::flash("/sign-in"), false), None);
    }

    #[test]
    fn a_message_has_the_name_of_its_page() {
        for page in ["/settings/name", "/fr/settings/name?next=%2F#name"] {
            let name = Name::flash(page).on_wire(true);
            assert_eq!(name, "__Host-flash.settings.name");
        }
        assert_eq!(Name::flash("/").on_wire(false), "flash.");
    }

    #[test]
    fn realms_have_cookies_of_their_own() {
        let organisation = Realm::Organisation(OrganisationId::from("7".to_owned()));
        assert_eq!(
            Name::Session(organisation.clone()).on_wire(true),
            "__Host-p-7"
        );
        assert_eq!(Name::Device(organisation).on_wire(true), "__Host-device-7");
    }

    #[test]
    fn a_browser_is_a_device_of_a_few_people() {
        let (a, b) = ("a".repeat(43), "b".repeat(43));
        let mut sent = HeaderMap::new();
        let text = format!("device={a}.rubbish.{b}.{a}.{a}.{a}.{a}");
        sent.extend(HeaderValue::from_str(&text).map(|value| (COOKIE, value)));
        let found = tokens(&sent, &Name::Device(Realm::BackOffice), false);
        let found: Vec<&str> = found.iter().map(Secret::expose).collect();
        assert_eq!(found, [&a, &b, &a, &a]);
        let none = tokens(&HeaderMap::new(), &Name::Device(Realm::BackOffice), false);
        assert!(none.is_empty());
    }
}
