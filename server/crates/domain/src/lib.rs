//! The rules of the product, without I/O.
//!
//! Nothing here reads a clock, draws random bytes, opens a file or waits: time and randomness are
//! arguments ([`Clock`], [`Entropy`]), so that every rule can be tested directly. Start with
//! [`sign_in`] (the steps of a sign-in) and [`provider`] (identities at Google and Microsoft), then
//! [`totp`] and [`recovery_code`] (the second factor), [`password`] (which ones are accepted), [`limit`]
//! and [`guess`] (rate limits and counts of wrong attempts).
//!
//! Deliberately absent: SQL, HTTP, hashing of passwords, words of the interface.

pub mod account;
pub mod actor;
pub mod blocklist;
pub mod calendar;
pub mod chain;
pub mod chance;
pub mod colour;
pub mod device;
pub mod email;
pub mod funnel;
pub mod guess;
pub mod id;
pub mod job;
pub mod limit;
pub mod logo;
pub mod mail_domain;
mod mail_state;
pub mod organisation_text;
pub mod password;
pub mod permission;
pub mod provider;
pub mod realm;
pub mod recovery_code;
pub mod retention;
pub mod session;
pub mod short_code;
pub mod sign_in;
pub mod slug;
pub mod time;
pub mod token;
pub mod totp;
mod typed;

pub use account::{AccountStatus, DisplayName, PlatformRole, Role};
pub use actor::{Actor, ActorRole, Subject};
pub use chance::Entropy;
pub use email::{Email, email_key};
pub use id::{
    AccountId, ActivityId, DeviceId, FlashId, FlowId, JobId, LinkedAccountId, MailId,
    OrganisationId, ProjectId, ProposalId, RegistrationId, SessionId, SignInId, TokenId,
    is_presentable,
};
pub use logo::Logo;
pub use mail_domain::MailDomain;
pub use mail_state::MailState;
pub use provider::Provider;
pub use realm::Realm;
pub use slug::{Slug, SlugError};
pub use time::{Clock, Duration, Timestamp};
pub use vocabulary::{
    ChangedField, DataField, DataGroup, EventGroup, EventKind, Locale, MailCause, paths,
};
