//! The funnel of registrations: how many come to which step, and which mail domains refuse our mails.
//!
//! It is counted from the registrations themselves, from time to time, and not while people register: a row that every
//! registration of a domain changes would make them wait for each other.

use crate::{Identity, Result};
use domain::{
    Duration, MailCause, MailState, OrganisationId, Realm, Timestamp, email_key,
    funnel::{Step, Trouble, mail_domain, troubles},
    retention::MAILS,
};
use mail::cause_of;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};
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

    /// The mail domains where at least half of the mails did not arrive, of the last 24 hours; of one organisation, or of all. The
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

/// The mail domains where mails do not arrive. The oldest mails come first, and the newest one of each address counts.
fn troubles_of(mails: impl Iterator<Item = FinishedMail>) -> Vec<Trouble> {
    let newest: BTreeMap<String, FinishedMail> = mails
        .map(|mail| (email_key(&mail.recipient), mail))
        .collect();
    troubles(newest.into_values().filter_map(|mail| {
        let steps = mail_steps(
            mail.state,
            mail.last_error.as_deref(),
            mail.bounced_with.as_deref(),
        );
        // Without any step nothing is known of the domain.
        let arrived = *steps.last()? == Step::HandedOver;
        Some((mail_domain(&mail.recipient), !arrived, mail.created_at))
    }))
}

/// The steps to which a mail came at its recipient's server; none when it waits, or when it was given up for a fault on our
/// side.
fn mail_steps(state: MailState, last_error: Option<&str>, bounced_with: Option<&str>) -> Vec<Step> {
    match (state, bounced_with.map(cause_of)) {
        (MailState::Queued, _) => Vec::new(),
        (MailState::Sent, None) => vec![Step::HandedOver],
        (MailState::Sent, Some(MailCause::Challenge)) => vec![Step::HandedOver, Step::Held],
        (MailState::Sent, Some(_)) => vec![Step::HandedOver, Step::Bounced],
        (MailState::Failed, _) => match last_error.map(cause_of) {
            None | Some(MailCause::Ours) => Vec::new(),
            Some(_) => vec![Step::Refused],
        },
    }
}

/// The start of the day of a time (UTC).
const fn day_of(at: Timestamp) -> Timestamp {
    let day = DAY.as_secs().cast_signed() * 1000;
    Timestamp::from_millis(at.as_millis().div_euclid(day) * day)
}

/// The steps to which a registration came with one of its mails, and the mail domain that each counts for. What was mailed
/// counts for the domain of the mail, since the address may have been corrected later.
fn steps_of(journey: &Journey) -> Vec<(String, Step)> {
    let own = mail_domain(&journey.email);
    let mut steps = vec![(own.clone(), Step::Started)];
    if journey.opened_at.is_some() {
        steps.push((own.clone(), Step::Opened));
    }
    if journey.confirmed_at.is_some() {
        steps.push((own, Step::Confirmed));
    }
    let (Some(recipient), Some(mail)) = (&journey.recipient, journey.mail) else {
        return steps;
    };
    let domain = mail_domain(recipient);
    let mut mailed = vec![Step::Started, Step::Mailed];
    let (last_error, bounced_with) = (&journey.last_error, &journey.bounced_with);
    mailed.extend(mail_steps(
        mail,
        last_error.as_deref(),
        bounced_with.as_deref(),
    ));
    steps.extend(mailed.into_iter().map(|step| (domain.clone(), step)));
    steps
}

/// How many registrations came to a step, by organisation, project and mail domain: each of them once, however many mails
/// it has.
fn counted(journeys: &[Journey]) -> BTreeMap<(&str, &str, String, Step), u64> {
    let mut found: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for journey in journeys {
        let Realm::Organisation(organisation) = &journey.realm else {
            continue;
        };
        for (domain, step) in steps_of(journey) {
            let cell = (organisation.as_str(), &*journey.project, domain, step);
            found.entry(cell).or_default().insert(journey.id.as_str());
        }
    }
    let count = |(cell, ids): (_, BTreeSet<&str>)| (cell, ids.len() as u64);
    found.into_iter().map(count).collect()
}

fn counts_of_day(day: Timestamp, journeys: &[Journey]) -> Vec<RegistrationCount> {
    let count = |((organisation, project, domain, step), count): ((&str, &str, _, _), _)| {
        RegistrationCount {
            day,
            organisation_id: OrganisationId::from(organisation.to_owned()),
            project: project.to_owned(),
            domain,
            step,
            count,
        }
    };
    counted(journeys).into_iter().map(count).collect()
}

fn step_counts(journeys: &[Journey], most: usize) -> StepCounts {
    let cells = counted(journeys);
    let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
    for ((_, _, domain, step), count) in &cells {
        if *step == Step::Started {
            *sizes.entry(domain).or_default() += count;
        }
    }
    let mut largest: Vec<(&str, u64)> = sizes.into_iter().collect();
    largest.sort_by_key(|(_, count)| Reverse(*count));
    largest.truncate(most);
    let mut counts = StepCounts::new();
    for ((_, _, domain, step), count) in &cells {
        let is_large = largest.iter().any(|(name, _)| name == domain);
        let label = if is_large { domain } else { "other" };
        *counts.entry((*step, label.to_owned())).or_default() += count;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journey(email: &str) -> Journey {
        Journey {
            id: email.to_owned().into(),
            realm: Realm::Organisation(OrganisationId::from("o".to_owned())),
            project: "quay".to_owned(),
            email: email.to_owned(),
            opened_at: None,
            confirmed_at: None,
            recipient: Some(email.to_owned()),
            mail: Some(MailState::Sent),
            last_error: None,
            bounced_with: None,
        }
    }

    /// Red when a fault of ours makes a domain look bad, or a mail that a filter holds counts as one that came back.
    #[test]
    fn only_what_the_recipients_server_did_counts() {
        let steps = |state, error, back| mail_steps(state, error, back);
        let refused = Some("refused with 550 5.1.1");
        assert_eq!(steps(MailState::Failed, refused, None), [Step::Refused]);
        assert_eq!(steps(MailState::Failed, Some("timed out"), None), []);
        assert_eq!(steps(MailState::Failed, None, None), []);
        assert_eq!(
            steps(MailState::Queued, Some("postponed with 450"), None),
            []
        );
        assert_eq!(steps(MailState::Sent, None, None), [Step::HandedOver]);
        let held = steps(MailState::Sent, None, Some(mail::CHALLENGED));
        assert_eq!(held, [Step::HandedOver, Step::Held]);
        let back = steps(
            MailState::Sent,
            Some("postponed with 450"),
            Some("bounced with 550"),
        );
        assert_eq!(back, [Step::HandedOver, Step::Bounced]);
        let mails = (0..6).map(|number| FinishedMail {
            organisation_id: None,
            recipient: format!("p{number}@mails.example"),
            state: MailState::Failed,
            last_error: Some("timed out".to_owned()),
            created_at: Timestamp::from_seconds(1),
            bounced_with: None,
        });
        assert_eq!(troubles_of(mails), []);
    }

    /// Red when somebody who asks for many mails makes a domain look bad, or when one that takes mails again still does.
    #[test]
    fn an_address_counts_once_with_its_newest_mail() {
        let mail = |number: i64, second, state| FinishedMail {
            organisation_id: None,
            recipient: format!("p{number}@mails.example"),
            state,
            last_error: (state == MailState::Failed).then(|| "refused with 550".to_owned()),
            created_at: Timestamp::from_seconds(second),
            bounced_with: None,
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

    /// Red when a mail that was replaced is forgotten, or counts its registration a second time.
    #[test]
    fn a_registration_with_many_mails_counts_once_for_each_step() {
        let mail = |recipient: &str, state| Journey {
            confirmed_at: Some(Timestamp::from_seconds(1)),
            recipient: Some(recipient.to_owned()),
            mail: Some(state),
            last_error: (state == MailState::Failed).then(|| "refused with 550".to_owned()),
            ..journey("ada@right.example")
        };
        let journeys = [
            mail("ada@wrong.example", MailState::Failed),
            mail("ada@right.example", MailState::Sent),
            mail("ada@right.example", MailState::Sent),
            mail("ada@right.example", MailState::Queued),
        ];
        let counts = step_counts(&journeys, 20);
        let right = |step| (step, "right.example".to_owned());
        let wrong = |step| (step, "wrong.example".to_owned());
        let expected = [
            right(Step::Started),
            right(Step::Mailed),
            right(Step::HandedOver),
            right(Step::Confirmed),
            wrong(Step::Started),
            wrong(Step::Mailed),
            wrong(Step::Refused),
        ];
        assert_eq!(counts, expected.map(|cell| (cell, 1)).into());
    }

    #[test]
    fn a_day_begins_at_midnight() {
        let noon = Timestamp::from_seconds(86_400 * 3 + 43_200);
        assert_eq!(day_of(noon), Timestamp::from_seconds(86_400 * 3));
        assert_eq!(day_of(day_of(noon)), day_of(noon));
    }
}
