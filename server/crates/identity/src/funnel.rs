//! The funnel of registrations: how many come to which step, and which mail domains refuse our mails.
//!
//! It is counted from the registrations themselves, from time to time, and not while people register: a row that every
//! registration of a domain changes would make them wait for each other.

use crate::{Identity, Result};
use domain::{
    Duration, MailState, OrganisationId, Realm, Timestamp, email_key,
    funnel::{Step, Trouble, mail_domain, troubles},
    retention::MAILS,
};
use std::collections::BTreeMap;
use store::{FinishedMail, Journey, RegistrationCount};

/// A day, in which registrations are counted together.
const DAY: Duration = Duration::from_hours(24);

/// How many registrations came to a step, by step and mail domain.
pub type StepCounts = BTreeMap<(Step, String), u64>;

impl Identity {
    /// Counts the registrations of the days whose mails are still known, today included.
    ///
    /// # Errors
    /// `Store`.
    pub async fn count_registrations(&self) -> Result<()> {
        let today = day_of(self.now());
        let days = MAILS.as_secs() / DAY.as_secs();
        for ago in 0..days {
            let day = today.minus(Duration::from_hours(24 * ago));
            let journeys = self.store.journeys(day, day.plus(DAY)).await?;
            let counts = counts_of_day(day, &journeys);
            if counts.is_empty() {
                continue;
            }
            let mut tx = self.store.begin().await?;
            for count in &counts {
                tx.raise_registration_count(count).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// The counts of an organisation for so many days, today included, the oldest first.
    ///
    /// # Errors
    /// `Store`.
    pub async fn funnel(
        &self,
        organisation: &OrganisationId,
        days: u64,
    ) -> Result<Vec<RegistrationCount>> {
        let ago = Duration::from_hours(24 * days.saturating_sub(1));
        let since = day_of(self.now()).minus(ago);
        Ok(self.store.registration_counts(organisation, since).await?)
    }

    /// The mail domains that refused at least half of the mails of the last 24 hours; of one organisation, or of all. The
    /// mails themselves are read, since a registration forgets the refused one when its address is corrected. Each address
    /// counts once, with its newest mail: who asks five times for a mail says no more about a domain.
    ///
    /// # Errors
    /// `Store`.
    pub async fn mail_troubles(
        &self,
        organisation: Option<&OrganisationId>,
    ) -> Result<Vec<Trouble>> {
        let mails = self.store.finished_mails(self.now().minus(DAY)).await?;
        let own = mails.into_iter().filter(|mail| {
            organisation.is_none_or(|own| mail.organisation_id.as_ref() == Some(own))
        });
        Ok(troubles_of(own))
    }

    /// How many registrations of the last 24 hours came to which step. Beyond the `most` largest mail domains they are
    /// counted under `other`.
    ///
    /// # Errors
    /// `Store`.
    pub async fn step_counts(&self, most: usize) -> Result<StepCounts> {
        Ok(step_counts(&self.journeys_of_today().await?, most))
    }

    async fn journeys_of_today(&self) -> Result<Vec<Journey>> {
        let now = self.now();
        let until = now.plus(Duration::from_millis(1));
        Ok(self.store.journeys(now.minus(DAY), until).await?)
    }
}

/// The mail domains that refuse mails. The oldest mails come first, and the newest one of each address counts.
fn troubles_of(mails: impl Iterator<Item = FinishedMail>) -> Vec<Trouble> {
    let newest: BTreeMap<String, FinishedMail> = mails
        .map(|mail| (email_key(&mail.recipient), mail))
        .collect();
    troubles(newest.into_values().map(|mail| {
        let is_refused = mail.state == MailState::Failed || mail.bounced_at.is_some();
        (mail_domain(&mail.recipient), is_refused, mail.created_at)
    }))
}

/// The start of the day of a time (UTC).
const fn day_of(at: Timestamp) -> Timestamp {
    let day = DAY.as_secs().cast_signed() * 1000;
    Timestamp::from_millis(at.as_millis().div_euclid(day) * day)
}

/// Whether a registration came to a step.
fn came_to(journey: &Journey, step: Step) -> bool {
    match step {
        Step::Started => true,
        Step::Mailed => journey.mail.is_some(),
        Step::HandedOver => journey.mail == Some(MailState::Sent),
        Step::Opened => journey.opened_at.is_some(),
        Step::Confirmed => journey.confirmed_at.is_some(),
        Step::Refused => journey.mail == Some(MailState::Failed),
        Step::Bounced => journey.bounced_at.is_some(),
    }
}

fn counts_of_day(day: Timestamp, journeys: &[Journey]) -> Vec<RegistrationCount> {
    let mut counts = BTreeMap::new();
    for journey in journeys {
        let Realm::Organisation(organisation) = &journey.realm else {
            continue;
        };
        let domain = mail_domain(&journey.email);
        for step in Step::ALL {
            if came_to(journey, step) {
                let key = (
                    organisation.as_str(),
                    &journey.project,
                    domain.clone(),
                    step,
                );
                *counts.entry(key).or_insert(0) += 1;
            }
        }
    }
    let count = |((organisation, project, domain, step), count): ((&str, &String, _, _), _)| {
        RegistrationCount {
            day,
            organisation_id: OrganisationId::from(organisation.to_owned()),
            project: project.clone(),
            domain,
            step,
            count,
        }
    };
    counts.into_iter().map(count).collect()
}

fn step_counts(journeys: &[Journey], most: usize) -> StepCounts {
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    for journey in journeys {
        *sizes.entry(mail_domain(&journey.email)).or_default() += 1;
    }
    let mut largest: Vec<(&String, &u64)> = sizes.iter().collect();
    largest.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    largest.truncate(most);
    let mut counts = StepCounts::new();
    for journey in journeys {
        let domain = mail_domain(&journey.email);
        let is_large = largest.iter().any(|(name, _)| **name == domain);
        let label = if is_large { domain } else { "other".to_owned() };
        for step in Step::ALL.into_iter().filter(|step| came_to(journey, *step)) {
            *counts.entry((step, label.clone())).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journey(email: &str) -> Journey {
        Journey {
            realm: Realm::Organisation(OrganisationId::from("o".to_owned())),
            project: "quay".to_owned(),
            email: email.to_owned(),
            created_at: Timestamp::from_seconds(100_000),
            opened_at: None,
            confirmed_at: None,
            mail: Some(MailState::Sent),
            bounced_at: None,
        }
    }

    /// Red when somebody who asks for many mails makes a domain look bad, or when one that takes mails again still does.
    #[test]
    fn an_address_counts_once_with_its_newest_mail() {
        let mail = |number: i64, second, state| FinishedMail {
            organisation_id: None,
            recipient: format!("p{number}@mails.example"),
            state,
            created_at: Timestamp::from_seconds(second),
            bounced_at: None,
        };
        let told = |mails: &[FinishedMail]| {
            let found = troubles_of(mails.iter().cloned());
            found.first().map(|trouble| (trouble.refused, trouble.of))
        };
        let mut refused: Vec<_> = (0..4).map(|at| mail(1, at, MailState::Failed)).collect();
        refused.push(mail(2, 5, MailState::Failed));
        assert_eq!(told(&refused), None);
        refused.extend((3..6).map(|number| mail(number, 6, MailState::Failed)));
        assert_eq!(told(&refused), Some((5, 5)));
        refused.push(mail(1, 7, MailState::Sent));
        assert_eq!(told(&refused), Some((4, 5)));
        refused.extend((2..4).map(|number| mail(number, 8, MailState::Sent)));
        assert_eq!(told(&refused), None);
    }

    /// Red when the labels of the metrics grow with what visitors type.
    #[test]
    fn beyond_the_largest_domains_everything_is_other() {
        let mut journeys: Vec<Journey> = (0..30)
            .map(|number| journey(&format!("a@domain{number}.example")))
            .collect();
        journeys.extend([journey("a@large.example"), journey("b@LARGE.example")]);
        let counts = step_counts(&journeys, 20);
        let started: Vec<_> = counts
            .iter()
            .filter(|((step, _), _)| *step == Step::Started)
            .collect();
        assert_eq!(started.len(), 21);
        assert_eq!(counts[&(Step::Started, "large.example".to_owned())], 2);
        assert_eq!(counts[&(Step::Started, "other".to_owned())], 11);
        assert_eq!(started.iter().map(|(_, count)| **count).sum::<u64>(), 32);
    }

    #[test]
    fn a_day_begins_at_midnight() {
        let noon = Timestamp::from_seconds(86_400 * 3 + 43_200);
        assert_eq!(day_of(noon), Timestamp::from_seconds(86_400 * 3));
        assert_eq!(day_of(day_of(noon)), day_of(noon));
    }
}
