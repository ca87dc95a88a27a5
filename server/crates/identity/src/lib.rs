//! The use cases: signing in, second factors, sessions, accounts.
//!
//! One [`Identity`] holds everything that a use case needs; each file adds the methods of one
//! subject to it. Start with [`sign_in`] for the way in, then [`second_factor`] and
//! [`federation`]. A use case
//! decides with the rules of `domain`, writes through one transaction of `store` (the change, its
//! activity entry and its mail together), and is the only place that hashes or compares secrets.
//!
//! Deliberately absent: HTTP, cookies, words of the interface. Refusals are an enum.

mod accounts;
mod activity;
mod breaches;
mod chain;
mod change_password;
mod code_guesses;
mod deletion;
mod details;
mod devices;
mod drafts;
mod email_change;
mod email_confirm;
mod error;
mod federation;
mod forgotten_password;
mod guesses;
mod hashing;
mod leaving;
mod links;
mod not_me;
mod notice;
mod own_activity;
mod own_data;
mod passwords;
mod proof;
mod reset_password;
mod second_factor;
mod second_step;
mod sessions;
mod sign_in;
mod tries;
mod vault;

pub use accounts::{NewAccount, NewParticipant, SetupLink, SetupPage};
pub use activity::{Event, Group};
pub use breaches::Breaches;
pub use chain::{Chain, Fault};
pub use deletion::Deletions;
pub use devices::{DEVICES_OF_A_BROWSER, RememberedDevice};
pub use drafts::DRAFT_LIFETIME;
pub use email_change::EmailState;
pub use error::{Error, Result};
pub use federation::{BegunFlow, Flow, FlowAim, LinkAllowed, NewFlow};
pub use hashing::{Cost, CostError, Hasher, HasherError};
pub use leaving::{Leaving, StopPage};
pub use not_me::NotMePage;
pub use own_activity::{Change, Doer, OwnLine, Wanted};
pub use own_data::{Field, Group as DataGroup, Groups, OwnData, Record, Value};
pub use passwords::strength_for;
pub use proof::Proof;
pub use reset_password::{NewPassword, ResetPage};
pub use second_factor::{Enrolling, FactorState};
pub use second_step::{GivenCode, PendingSignIn};
pub use sessions::{EndedSession, SignedIn};
pub use sign_in::{Credentials, OpenedSession, Progress};
pub use vault::{Vault, VaultError};

use domain::{Clock, Entropy, Timestamp, token::Secret};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use store::{Organisation, Project, Store};
use tokio::sync::Notify;

/// Everything a use case needs; cheap to share behind an [`Arc`].
pub struct Identity {
    /// Where everything is kept.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Hashes passwords, a few at a time.
    pub hasher: Hasher,
    /// Encrypts what must be read again.
    pub vault: Arc<Vault>,
    /// What the operator decided.
    pub settings: Settings,
    /// Asked about leaks when a password is set; none unless the operator names a service.
    pub breaches: Option<Arc<dyn Breaches>>,
    /// Rung when a mail was written, so that it leaves at once.
    pub mail_bell: Arc<Notify>,
    /// Rung when somebody wished for a new password, so that the mail is written at once.
    pub reset_bell: Arc<Notify>,
}

/// What the operator decided and a use case must know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The platform's name, as in mails and authenticator applications.
    pub brand: String,
    /// The only origin that links are built from, without a slash at the end.
    pub public_url: String,
}

/// Where a request comes from, as far as we look.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The network: an IPv4 address, or the /64 of an IPv6 address.
    pub network: String,
    /// The browser and system in a few words, e.g. `Firefox, Linux`.
    pub device: String,
    /// The tokens of known devices that the browser holds for the realm of the door.
    pub devices: Vec<Secret>,
    /// The project whose door it came through; none at the back office's.
    pub project: Option<Arc<(Organisation, Project)>>,
}

impl Identity {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The SHA-256 under which a random token is stored.
///
/// A plain hash is enough: a token holds 256 random bits, there is nothing to guess.
pub fn token_hash(token: &Secret) -> [u8; 32] {
    digest(token.expose())
}

/// SHA-256 of a text; for addresses it keeps personal data out of the keys of limits.
pub(crate) fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
