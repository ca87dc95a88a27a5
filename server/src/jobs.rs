//! The jobs of the program: what is done later, by which handler, and how often.

use crate::{AppState, sweep};
use async_trait::async_trait;
use domain::Duration;
use identity::{CommonError, Error, Identity};
use jobs::{Handler, Kind, LeasedJob, Outcome, Runner, Slots};
use mail::{Delivery, Transport};
use std::sync::Arc;
use store::Registration;
use tokio::sync::Semaphore;

/// How often each process looks whether a recurring job is due, and the shortest time between two
/// runs of one: together, each runs every five to ten minutes.
const RECUR_EVERY: Duration = Duration::from_mins(5);
/// How long a recurring job belongs to its process.
const RECURRING_LEASE: Duration = Duration::from_mins(10);
/// How often registrations are counted.
const COUNT_EVERY: Duration = Duration::from_hours(1);
/// How often the domains of the addresses of managers are looked at.
const CHECK_DOMAINS_EVERY: Duration = Duration::from_hours(24);

/// Does the program's jobs until `stop` is done.
pub async fn run(state: Arc<AppState>, stop: impl Future<Output = ()>) {
    let identity = &state.identity;
    let mut kinds = vec![
        recurring("sweep", Sweep(Arc::clone(&state))),
        recurring(
            "delete_due_accounts",
            DeleteDueAccounts(Arc::clone(identity)),
        ),
        recurring(
            "count_registrations",
            CountRegistrations(Arc::clone(identity)),
        ),
        recurring("check_mail_domains", CheckMailDomains(Arc::clone(identity))),
        Kind::on_tick(
            identity::ANSWER_RESET_REQUEST,
            identity.settings.answer_resets_every,
            Arc::new(AnswerResetRequest(Arc::clone(identity))),
        ),
        Kind::on_tick(
            identity::ANSWER_REGISTRATION,
            identity.settings.answer_resets_every,
            Arc::new(AnswerRegistration::new(Arc::clone(identity))),
        ),
        Kind::prompt(
            identity::TELL_NEW_DEVICES,
            Arc::new(TellNewDevices(Arc::clone(identity))),
        ),
    ];
    match send_mail(&state) {
        Ok(kind) => kinds.extend(kind),
        Err(error) => tracing::error!(%error, "Mails stay in the outbox"),
    }
    let runner = Runner::new(
        identity.store.clone(),
        Arc::clone(&identity.clock),
        Arc::clone(&identity.job_bell),
        kinds,
        Slots::default(),
    );
    runner.run(stop).await;
}

/// The kind that sends mails; none without a mail server.
fn send_mail(state: &AppState) -> anyhow::Result<Option<Kind>> {
    let Transport::Smtp(smtp) =
        Transport::from_url(state.config.smtp_url.as_deref(), state.config.host())?
    else {
        return Ok(None);
    };
    let identity = &state.identity;
    let delivery = Delivery {
        store: identity.store.clone(),
        smtp,
        seal: Arc::<identity::Vault>::clone(&identity.vault),
        sender: state.sender.clone(),
        from: mail::from_address(state.config.mail_from.as_deref(), &state.sender)?,
        bounces: mail::bounce_address(state.config.mail_bounces.as_deref())?,
        clock: Arc::clone(&identity.clock),
    };
    Ok(Some(Kind::prompt(store::SEND_MAIL, Arc::new(delivery))))
}

fn recurring(name: &'static str, handler: impl Handler + 'static) -> Kind {
    Kind::recurring(name, RECUR_EVERY, Arc::new(handler)).with_lease(RECURRING_LEASE)
}

/// Answers the request of somebody who forgot a password.
struct AnswerResetRequest(Arc<Identity>);

#[async_trait]
impl Handler for AnswerResetRequest {
    async fn run(&self, job: &LeasedJob) -> Outcome {
        match self.0.answer_reset_request(job).await {
            Ok(()) => Outcome::Done,
            Err(Error::Common(CommonError::TooManyTries { wait })) => {
                // So seldom that a job is not given up before the request is over, which is after an hour; and not after it.
                let wait = wait.clamp(Duration::from_secs(90), Duration::from_mins(10));
                Outcome::RetryAt(self.0.clock.now().plus(wait), "limit".to_owned())
            }
            Err(error) => {
                tracing::warn!(%error, "A password reset request will be answered later");
                Outcome::retry(job, self.0.clock.now(), "database")
            }
        }
    }
}

/// Answers the registration of somebody who waits for the mail.
struct AnswerRegistration {
    identity: Arc<Identity>,
    /// Questions to the name system at a time: strangers choose whom it asks, so that no job waits for the answers.
    questions: Arc<Semaphore>,
}

/// As many questions are asked at a time; beyond them a registration has no suggestions.
const QUESTIONS: usize = 4;

impl AnswerRegistration {
    fn new(identity: Arc<Identity>) -> Self {
        let questions = Arc::new(Semaphore::new(QUESTIONS));
        Self {
            identity,
            questions,
        }
    }

    fn suggest_domains(&self, registration: Registration) {
        let Ok(place) = Arc::clone(&self.questions).try_acquire_owned() else {
            return;
        };
        let identity = Arc::clone(&self.identity);
        tokio::spawn(async move {
            if let Err(error) = identity.suggest_domains(&registration).await {
                tracing::warn!(%error, "A registration has no suggestions for its domain");
            }
            drop(place);
        });
    }
}

#[async_trait]
impl Handler for AnswerRegistration {
    async fn run(&self, job: &LeasedJob) -> Outcome {
        let now = self.identity.clock.now();
        match self.identity.answer_registration(job).await {
            Ok(answered) => {
                if let Some(registration) = answered {
                    self.suggest_domains(registration);
                }
                Outcome::Done
            }
            Err(Error::Common(CommonError::TooManyTries { wait })) => {
                let wait = wait.clamp(Duration::from_secs(90), Duration::from_mins(10));
                Outcome::RetryAt(now.plus(wait), "limit".to_owned())
            }
            // Another registration of the same address was answered at the same moment.
            Err(Error::Taken) => Outcome::RetryAt(now, "taken".to_owned()),
            Err(error) => {
                tracing::warn!(%error, "A registration will be answered later");
                Outcome::retry(job, now, "database")
            }
        }
    }
}

/// Tells the owner of an account about many new devices at once.
struct TellNewDevices(Arc<Identity>);

#[async_trait]
impl Handler for TellNewDevices {
    async fn run(&self, job: &LeasedJob) -> Outcome {
        match self.0.tell_new_devices(job).await {
            Ok(()) => Outcome::Done,
            Err(error) => {
                tracing::warn!(%error, "New devices will be told about later");
                Outcome::retry(job, self.0.clock.now(), "database")
            }
        }
    }
}

/// Removes what is too old.
struct Sweep(Arc<AppState>);

#[async_trait]
impl Handler for Sweep {
    async fn run(&self, job: &LeasedJob) -> Outcome {
        let (identity, mailbox) = (&self.0.identity, self.0.config.has_mailbox());
        let now = identity.clock.now();
        match sweep::sweep_once(&identity.store, now, mailbox).await {
            Ok(rows) => {
                if rows > 0 {
                    tracing::info!(sweep.rows = rows, "Old rows were removed");
                }
                Outcome::Again(now.plus(RECUR_EVERY))
            }
            Err(error) => {
                tracing::warn!(%error, "The sweep failed and will be tried again");
                Outcome::retry(job, now, "database")
            }
        }
    }
}

/// Counts how far registrations came.
struct CountRegistrations(Arc<Identity>);

#[async_trait]
impl Handler for CountRegistrations {
    async fn run(&self, job: &LeasedJob) -> Outcome {
        let now = self.0.clock.now();
        match self.0.count_registrations().await {
            Ok(()) => Outcome::Again(now.plus(COUNT_EVERY)),
            Err(error) => {
                tracing::warn!(%error, "Registrations will be counted later");
                Outcome::retry(job, now, "database")
            }
        }
    }
}

/// Looks at the domains of the addresses of managers.
struct CheckMailDomains(Arc<Identity>);

#[async_trait]
impl Handler for CheckMailDomains {
    async fn run(&self, job: &LeasedJob) -> Outcome {
        let now = self.0.clock.now();
        match self.0.check_mail_domains().await {
            Ok(()) => Outcome::Again(now.plus(CHECK_DOMAINS_EVERY)),
            Err(error) => {
                tracing::warn!(%error, "The domains of addresses will be looked at later");
                Outcome::retry(job, now, "database")
            }
        }
    }
}

/// Deletes the accounts whose time has come.
struct DeleteDueAccounts(Arc<Identity>);

#[async_trait]
impl Handler for DeleteDueAccounts {
    async fn run(&self, job: &LeasedJob) -> Outcome {
        let now = self.0.clock.now();
        match self.0.delete_due_accounts().await {
            Ok(accounts) => {
                if accounts > 0 {
                    tracing::info!(deleted.accounts = accounts, "Accounts were deleted");
                }
                Outcome::Again(now.plus(RECUR_EVERY))
            }
            Err(error) => {
                tracing::warn!(%error, "Accounts are due and will be looked for again");
                Outcome::retry(job, now, "database")
            }
        }
    }
}
