//! What every request shares.

use crate::{
    Config,
    breaches::RangeService,
    edge::assets::{self, Files},
    live::Live,
    mail_domains::SystemResolver,
    metrics::Metrics,
    providers::Providers,
    system::{SystemClock, SystemEntropy},
};
use anyhow::Context as _;
use app::Site;
use contract::{DemoAccount, StayOffer};
use domain::{Clock, Duration, Entropy, OrganisationId, Realm, session::Lifetime};
use help::Library;
use identity::{Breaches, Hasher, Identity, MailDomains, Services, Settings, Vault};
use participation::Participation;
use std::sync::{Arc, atomic::AtomicU64};
use store::Store;
use tokio::sync::Notify;

/// Seconds of a day.
const DAY_S: u64 = 24 * 3600;

/// Everything that outlives a request.
pub struct AppState {
    /// The operator's settings.
    pub config: Config,
    /// The use cases.
    pub identity: Arc<Identity>,
    /// The use cases of taking part.
    pub participation: Participation,
    /// The help articles.
    pub help: Library,
    /// What every page shows.
    pub site: Arc<Site>,
    /// Files for the browser.
    pub files: Files,
    /// Who mails are from, as the mailbox shows it.
    pub sender: mail::Sender,
    /// Google and Microsoft.
    pub providers: Providers,
    /// How many pages were answered without being drawn.
    pub cached_pages: AtomicU64,
    /// What the operator's monitoring reads.
    pub metrics: Metrics,
    /// The pages that wait for a mail.
    pub live: Live,
}

/// Time, chance and what depends on the machine, which tests replace.
pub struct Outside {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// The pace at which password reset requests are answered, whatever was queued: when a mail is
    /// written tells nothing about the request.
    pub answer_resets_every: Duration,
    /// Hashes that may wait for each hashing thread.
    pub queue_per_thread: usize,
    /// The name system, in place of the one of the machine.
    pub mail_domains: Option<Arc<dyn MailDomains>>,
}

impl Default for Outside {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            answer_resets_every: Duration::from_millis(250),
            // At 25 ms each, the last one waits less than a second.
            queue_per_thread: 32,
            mail_domains: None,
        }
    }
}

/// Opens the database and brings its tables up to date.
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let store = Store::connect(&config.database_url)
        .await
        .context("BPART_DATABASE_URL: the database cannot be opened")?;
    store
        .migrate()
        .await
        .context("the tables cannot be brought up to date")?;
    Ok(store)
}

/// Opens the database and brings its tables up to date; opens the key file; starts the hashing
/// threads.
pub async fn open_identity(config: &Config, outside: Outside) -> anyhow::Result<Arc<Identity>> {
    let store = open_store(config).await?;
    let vault = Vault::open_or_create(&config.secret_key_file, &*outside.entropy)
        .with_context(|| config.of_key_file())?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let hasher = Hasher::start(
        config.argon2.clone(),
        threads,
        threads * outside.queue_per_thread,
        Arc::clone(&outside.entropy),
    )?;
    let services = Services {
        store,
        clock: outside.clock,
        entropy: outside.entropy,
        hasher,
        vault: Arc::new(vault),
        settings: Settings {
            brand: config.brand_name.clone(),
            public_url: config.origin(),
            answer_resets_every: outside.answer_resets_every,
        },
        job_bell: Arc::new(Notify::new()),
    };
    let breaches = config.breach_check_url.as_ref();
    let breaches = breaches.map(|url| Arc::new(RangeService::new(url)) as Arc<dyn Breaches>);
    let mail_domains = config.check_mail_domains.then(|| {
        let system = || SystemResolver::from_system().map(|system| Arc::new(system) as _);
        outside.mail_domains.or_else(system)
    });
    let services = Arc::new(services);
    let identity = Identity::new(services, breaches, mail_domains.flatten());
    Ok(Arc::new(identity))
}

impl AppState {
    /// Puts together what pages need.
    pub fn new(
        config: Config,
        identity: Arc<Identity>,
        demo: Vec<DemoAccount>,
    ) -> anyhow::Result<Arc<Self>> {
        let files = Files::load()?;
        let help = Library::load(&help::Settings {
            brand: config.brand_name.clone(),
            support_email: config.support_email.clone(),
            public_url: config.origin(),
        })?;
        let providers = Providers::new(&config.providers, &config.origin(), &identity.clock);
        let site = Site {
            brand: config.brand_name.clone(),
            support_email: config.support_email.clone(),
            public_url: config.origin(),
            demo,
            providers: providers.configured(),
            // The lifetimes are the same in all organisations.
            stay: [
                stay_offer(&Realm::BackOffice),
                stay_offer(&Realm::Organisation(OrganisationId::from(String::new()))),
            ],
            mailbox: config.has_mailbox(),
            assets: assets::for_pages(&files),
        };
        let sender = mail::Sender {
            brand: config.brand_name.clone(),
            support_email: config.support_email.clone(),
            public_url: config.origin(),
        };
        let site = Arc::new(site);
        Ok(Arc::new(Self {
            config,
            participation: Participation::new(identity.services()),
            identity,
            help,
            site,
            files,
            sender,
            providers,
            cached_pages: AtomicU64::new(0),
            metrics: Metrics::default(),
            live: Live::default(),
        }))
    }
}

fn stay_offer(realm: &Realm) -> StayOffer {
    let lifetime = Lifetime::of(realm, true);
    StayOffer {
        days: lifetime.absolute.as_secs() / DAY_S,
        idle_days: lifetime.idle.as_secs() / DAY_S,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when reset requests are answered at another pace than the documents promise: tests go by one of their own.
    #[test]
    fn reset_requests_are_answered_four_times_a_second() {
        let pace = Outside::default().answer_resets_every;
        assert_eq!(pace, Duration::from_millis(250));
    }
}
