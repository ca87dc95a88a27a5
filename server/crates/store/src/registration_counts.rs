//! `registration_counts`: how far registrations come, by day, project and mail domain; and the rows that are counted.

use crate::{
    Store, StoreError, Tx,
    conn::{all, execute, statements},
    row::{Row, record, select},
};
use domain::{MailState, OrganisationId, Realm, RegistrationId, Timestamp, funnel::Step};

record! {
    /// How far a registration came with one of its mails, or without any.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Journey from journey of registrations {
        /// The registration.
        pub id: RegistrationId,
        /// The realm that it is for.
        pub realm: Realm,
        /// The slug of its project.
        pub project: String,
        /// Its present address.
        pub email: String,
        /// When the page behind the link to that address was first opened.
        pub opened_at: Option<Timestamp>,
        /// When its address was confirmed.
        pub confirmed_at: Option<Timestamp>,
        /// The address that the mail went to.
        pub recipient: Option<String> = [],
        /// Where the mail stands.
        pub mail: Option<MailState> = [],
        /// Why the mail was not taken the last time, in the words of the mail worker.
        pub last_error: Option<String> = [],
        /// What was said when the mail came back.
        pub bounced_with: Option<String> = [],
    }
}

record! {
    /// How many registrations of a day came to a step.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RegistrationCount from registration_count of registration_counts {
        /// The start of the day (UTC).
        pub day: Timestamp,
        /// The organisation.
        pub organisation_id: OrganisationId,
        /// The slug of the project.
        pub project: String,
        /// The mail domain.
        pub domain: String,
        /// The step.
        pub step: Step,
        /// How many.
        pub count: u64,
    }
}

statements! {
    JOURNEYS =
        select!(journey, ", outbox.recipient, outbox.state as mail, outbox.last_error, outbox.bounced_with
        from registrations left join outbox on outbox.registration_id = registrations.id
        where registrations.created_at >= $1 and registrations.created_at < $2");
    MARK_REGISTRATION_OPENED =
        "update registrations set opened_at = $2 where id = $1 and opened_at is null";
    /// A count only grows: rows may be deleted before their last count.
    RAISE_REGISTRATION_COUNT =
        "insert into registration_counts (day, organisation_id, project, domain, step, count)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (organisation_id, day, project, domain, step)
            do update set count = excluded.count
            where registration_counts.count < excluded.count";
    REGISTRATION_COUNTS =
        select!(registration_count, "from registration_counts
        where organisation_id = $1 and day >= $2
        order by day, project, domain, step");
    FAMILIAR_DOMAINS =
        "select domain from registration_counts
        where day >= $1 and step = 'confirmed'
        group by domain having sum(count) >= $2
        order by sum(count) desc, domain
        limit $3";
}

impl Store {
    /// The registrations that were made from one time on until before another, each of them once for each of its mails.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn journeys(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Journey>, StoreError> {
        let (from, until) = (from.as_millis(), until.as_millis());
        let mut held = self.reader().await?;
        all!(held.conn(), JOURNEYS, from, until)
    }

    /// Notes that the page behind a link was opened; a second time changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn mark_registration_opened(
        &self,
        id: &RegistrationId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut held = self.writer().await?;
        execute!(
            held.conn(),
            MARK_REGISTRATION_OPENED,
            id.as_str(),
            at.as_millis()
        )
        .map(drop)
    }

    /// The mail domains of which at least `least` addresses were confirmed from a day on, in all organisations; the
    /// largest first, and no more than `most`. It reads every count of those days.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn familiar_domains(
        &self,
        since: Timestamp,
        least: u32,
        most: u32,
    ) -> Result<Vec<String>, StoreError> {
        let mut held = self.reader().await?;
        let (least, most) = (i64::from(least), i64::from(most));
        let rows: Vec<Row> = all!(
            held.conn(),
            FAMILIAR_DOMAINS,
            since.as_millis(),
            least,
            most
        )?;
        rows.iter().map(|row| row.get("domain")).collect()
    }

    /// The counts of an organisation from a day on, the oldest day first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn registration_counts(
        &self,
        organisation: &OrganisationId,
        since: Timestamp,
    ) -> Result<Vec<RegistrationCount>, StoreError> {
        let mut held = self.reader().await?;
        let organisation = organisation.as_str();
        all!(
            held.conn(),
            REGISTRATION_COUNTS,
            organisation,
            since.as_millis()
        )
    }
}

impl Tx {
    /// Sets a count, unless it is larger already.
    pub async fn raise_registration_count(
        &mut self,
        count: &RegistrationCount,
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            RAISE_REGISTRATION_COUNT,
            count.day.as_millis(),
            count.organisation_id.as_str(),
            count.project.as_str(),
            count.domain.as_str(),
            count.step.as_str(),
            i64::try_from(count.count).unwrap_or(i64::MAX)
        )
        .map(drop)
    }
}
