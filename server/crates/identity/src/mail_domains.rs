//! Whether the domain of an address takes mail, and which one may be meant where it does not.
//!
//! The name system is asked about domains beside a large or familiar one alone: of all others it is told nothing. No answer, or
//! one that says nothing, never leads to a suggestion.

use crate::{Identity, Result};
use async_trait::async_trait;
use domain::{Duration, MailDomain, Timestamp, funnel::mail_domain, mail_domain::suggestions};
use std::sync::{Mutex, PoisonError};
use store::Registration;

/// The timeout of the name system.
const PATIENCE: Duration = Duration::from_secs(2);
/// As many confirmed addresses make a domain familiar …
const FAMILIAR: u32 = 20;
/// … in this time.
const FAMILIAR_SINCE: Duration = Duration::from_hours(90 * 24);
/// How many familiar domains are known at most, the largest ones.
const MOST_FAMILIAR: u32 = 200;
/// How often they are counted.
const COUNT_EVERY: Duration = Duration::from_hours(1);

/// The name system.
#[async_trait]
pub trait MailDomains: Send + Sync {
    /// Whether a domain takes mail; [`MailDomain::Unknown`] when there is no answer.
    async fn ask(&self, domain: &str) -> MailDomain;
}

/// The domains of many people here, as they were counted last.
#[derive(Default)]
pub(crate) struct FamiliarDomains(Mutex<Option<(Timestamp, Vec<String>)>>);

/// Asks whether a domain takes mail; answers within two seconds.
pub(crate) async fn ask(service: &dyn MailDomains, domain: &str) -> MailDomain {
    let answer = tokio::time::timeout(PATIENCE, service.ask(domain)).await;
    answer.unwrap_or(MailDomain::Unknown)
}

/// What is wrong with a domain, and those that may be meant; `None` when it takes mail, when that is not known, or when it
/// is no slip of another one.
async fn suggest(
    service: &dyn MailDomains,
    domain: &str,
    familiar: &[String],
) -> Option<(MailDomain, Vec<String>)> {
    let meant = suggestions(domain, familiar);
    if meant.is_empty() {
        return None;
    }
    let answer = ask(service, domain).await;
    answer.is_bad().then_some((answer, meant))
}

impl Identity {
    /// Notes for the page that waits which domain may be meant. It asks the name system, which may take two seconds.
    ///
    /// # Errors
    /// `Store`.
    pub async fn suggest_domains(&self, registration: &Registration) -> Result<()> {
        let Some(service) = &self.mail_domains else {
            return Ok(());
        };
        let familiar = self.familiar_domains().await?;
        let domain = mail_domain(&registration.email);
        let Some((answer, meant)) = suggest(&**service, &domain, &familiar).await else {
            return Ok(());
        };
        let mut tx = self.store.begin().await?;
        tx.suggest_domains(&registration.id, &registration.email, answer, &meant)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The domains of many people here, counted once an hour.
    async fn familiar_domains(&self) -> Result<Vec<String>> {
        let now = self.now();
        let known = self.familiar.0.lock();
        let known = known.unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, domains)) = known
            && now.since(at) < COUNT_EVERY
        {
            return Ok(domains);
        }
        let since = now.minus(FAMILIAR_SINCE);
        let counted = self
            .store
            .familiar_domains(since, FAMILIAR, MOST_FAMILIAR)
            .await?;
        let known = self.familiar.0.lock();
        *known.unwrap_or_else(PoisonError::into_inner) = Some((now, counted.clone()));
        Ok(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::mail_domain::LARGE_PROVIDERS;
    use std::{
        collections::HashSet,
        sync::atomic::{AtomicUsize, Ordering},
    };

    const DOMAINS: &str = include_str!("../tests/data/mail_domains.txt");

    /// A name system that knows these domains, and counts what it is asked.
    struct Knows<'a> {
        domains: &'a HashSet<&'static str>,
        others: MailDomain,
        asked: AtomicUsize,
    }

    #[async_trait]
    impl MailDomains for Knows<'_> {
        async fn ask(&self, domain: &str) -> MailDomain {
            self.asked.fetch_add(1, Ordering::Relaxed);
            if self.domains.contains(domain) {
                MailDomain::Takes
            } else {
                self.others
            }
        }
    }

    fn knows<'a>(domains: &'a HashSet<&'static str>, others: MailDomain) -> Knows<'a> {
        Knows {
            domains,
            others,
            asked: AtomicUsize::new(0),
        }
    }

    async fn alarms(service: &Knows<'_>, domains: &HashSet<&'static str>) -> usize {
        let mut alarms = 0;
        for domain in domains {
            alarms += usize::from(suggest(service, domain, &[]).await.is_some());
        }
        alarms
    }

    /// Red when a domain that takes mail is called a slip, or the name system is told of most domains. What remains should
    /// every answer be wrong are real domains beside a large provider's, many of them bought for its slips.
    #[tokio::test]
    async fn of_5_000_domains_that_take_mail_none_is_called_a_slip() {
        let (all, none) = (DOMAINS.lines().collect::<HashSet<_>>(), HashSet::new());
        assert_eq!(all.len(), 5_000);
        let right = knows(&all, MailDomain::DoesNotExist);
        let found = alarms(&right, &all).await;
        let asked = right.asked.into_inner();
        let wrong = alarms(&knows(&none, MailDomain::DoesNotExist), &all).await;
        let silent = alarms(&knows(&none, MailDomain::Unknown), &all).await;
        eprintln!("false alarms: {found}; questions: {asked}; with wrong answers alone: {wrong}");
        assert_eq!((found, silent), (0, 0));
        assert_eq!(wrong, asked);
        assert!(wrong < 100, "{wrong}");
    }

    /// Red when slips are not found: of each large provider, a swap in the name and a character behind the ending.
    #[tokio::test]
    async fn slips_of_large_providers_are_found() {
        let all: HashSet<_> = DOMAINS.lines().chain(LARGE_PROVIDERS).collect();
        for answer in [MailDomain::DoesNotExist, MailDomain::TakesNoMail] {
            let service = knows(&all, answer);
            for provider in LARGE_PROVIDERS {
                let slip = format!("{provider}x");
                let (said, meant) = suggest(&service, &slip, &[]).await.expect(provider);
                assert_eq!(said, answer);
                assert!(meant.contains(&provider.to_owned()), "{slip}: {meant:?}");
            }
        }
    }

    struct Never;

    #[async_trait]
    impl MailDomains for Never {
        async fn ask(&self, _: &str) -> MailDomain {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn a_name_system_that_never_answers_is_given_two_seconds() {
        let began = std::time::Instant::now();
        assert_eq!(suggest(&Never, "gmial.com", &[]).await, None);
        let waited = began.elapsed();
        assert!(waited >= PATIENCE && waited < PATIENCE * 3, "{waited:?}");
    }
}
