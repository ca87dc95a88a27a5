//! What every use case needs: one transaction that carries a change, its activity entry and its mail.
//!
//! [`Services`] holds the outside world (database, clock, random bytes, hash queue, keys, settings).
//! [`Services::begin`] opens a [`UnitOfWork`]: a [`store::Tx`] that knows who acts ([`Actor`]) and from
//! where ([`Client`]). It writes activity entries, mails and links, locks accounts, ends sessions, and
//! its [`UnitOfWork::commit`] wakes the mail worker when it queued a mail.
//!
//! ```text
//! let mut work = services.begin(Actor::Owner, &client).await?;
//! let account = work.lock_own(&who).await?;
//! if work.set_name(&account.id, &name, services.now()).await? {   // a method of store::Tx
//!     work.log_change(&account.id, EventKind::NameChanged, change).await?;
//! }
//! work.commit().await?;
//! ```
//!
//! The crates of use cases (`identity`) build on it. Nothing here decides who may sign in, and nothing
//! knows HTTP or the words of the interface.

mod access;
mod activity;
mod attempts;
mod chain;
mod error;
mod hashing;
mod limits;
mod links;
mod notice;
mod outbox;
mod unit;
mod vault;

pub use access::SignedIn;
pub use activity::{Change, OrganisationEvent};
pub use attempts::AttemptCounter;
pub use chain::{Anew, Chain, Fault, is_key_file_of, named_actor};
pub use domain::{Actor, EventKind};
pub use error::{Error, Result};
pub use hashing::{Cost, CostError, Hasher, HasherError, Lane};
pub use limits::{NetworkBuckets, hashed, mails_bucket, supports_bucket};
pub use links::Holder;
pub use notice::{decode_pending, encode_pending};
pub use unit::UnitOfWork;
pub use vault::{Vault, VaultError, mail_place};

use domain::{Clock, Duration, Entropy, Locale, Timestamp, paths, token::Secret};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use store::{Organisation, Project, Store};
use tokio::sync::Notify;

/// The outside world of a use case; cheap to share behind an [`Arc`].
pub struct Services {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub entropy: Arc<dyn Entropy>,
    /// Hashes passwords, a few at a time.
    pub hasher: Hasher,
    /// Encrypts what must be read again, and signs the activity log.
    pub vault: Arc<Vault>,
    /// What the operator decided.
    pub settings: Settings,
    /// Notified when a transaction that queued a mail, and so a job, was committed.
    pub job_bell: Arc<Notify>,
}

/// What the operator decided and a use case must know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The platform's name, as in mails and authenticator applications.
    pub brand: String,
    /// The only origin that links are built from, without a slash at the end.
    pub public_url: String,
    /// The pace at which password reset requests are answered.
    pub answer_resets_every: Duration,
}

/// The origin of a request.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The network: an IPv4 address, or the /64 of an IPv6 address.
    pub network: String,
    /// The browser and system in a few words, e.g. `Firefox, Linux`.
    pub device: String,
    /// The tokens of known devices that the browser holds for the realm of the door.
    pub devices: Vec<Secret>,
    /// The project whose door the request came through; none at the back office's.
    pub project: Option<Arc<(Organisation, Project)>>,
    /// The language of the page or form.
    pub locale: Option<Locale>,
}

impl Client {
    /// The origin of what no browser asked for: the command line, a job.
    pub const fn none() -> &'static Self {
        static NONE: Client = Client {
            network: String::new(),
            device: String::new(),
            devices: Vec::new(),
            project: None,
            locale: None,
        };
        &NONE
    }

    /// Whether the project that the request came through takes registrations.
    pub fn registers(&self) -> bool {
        let project = self.project.as_deref();
        project.is_none_or(|(_, project)| project.takes_registrations)
    }

    /// Whether the project that the request came through takes sign-ins.
    pub fn signs_in(&self) -> bool {
        let project = self.project.as_deref();
        project.is_none_or(|(_, project)| project.takes_sign_ins)
    }
}

impl Services {
    /// The present time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new random token.
    pub fn new_secret(&self) -> Secret {
        Secret::generate(&*self.entropy)
    }

    /// Encrypts `plain` for one place of use; only [`Vault::open`] with the same place decrypts it.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        self.vault.seal(place, plain, &*self.entropy)
    }

    /// The whole address of a page in a language.
    pub fn page_address(&self, locale: Locale, path: &str) -> String {
        let path = paths::localized(locale, path);
        format!("{}{path}", self.settings.public_url)
    }
}

/// The SHA-256 under which a random token is stored.
///
/// A plain hash is enough: a token holds 256 random bits and cannot be guessed.
pub fn token_hash(token: &Secret) -> [u8; 32] {
    digest(token.expose())
}

/// SHA-256 of a text. Used for addresses, to keep personal data out of the keys of limits.
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
