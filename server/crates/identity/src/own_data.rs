//! Everything that is stored about one person, for her to read and to take away (GDPR, articles 15
//! and 20).
//!
//! One collection, two renderings: the page of the settings and the file both walk the same groups,
//! records and fields, so that neither can hold what the other lacks. Secrets are not collected:
//! neither hashes nor what is encrypted, since they open things and say nothing.

mod file;

use crate::{
    Client, Doer, Event, Identity, Proof, Result, SignedIn, guesses::address_guesses, not_me,
    own_activity::own_line, tries::buckets_of,
};
use domain::{Locale, Realm, Role, Timestamp, token::Purpose};
use mail::Message;
use store::{NamedEntry, StoredSession, StoredTries, Tx};

/// Lines of the log that are read at once.
const PART: u32 = 500;

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the name says it, and the page has the words")]
        pub enum $type {
            $($variant,)+
        }

        impl $type {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in the file, which never changes.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

names! {
    /// What a part of the data is about.
    Group {
        Account = "account",
        Organisations = "organisations",
        SecondFactor = "second_factor",
        Sessions = "sessions",
        SignIns = "begun_sign_ins",
        Devices = "devices",
        Links = "mailed_links",
        Mails = "mails",
        Tries = "counted_tries",
        Activity = "activity",
        Others = "activity_of_others",
    }
}

names! {
    /// What a value is.
    Field {
        About = "about",
        At = "at",
        By = "by",
        Change = "changed_field",
        ConfirmedAt = "email_confirmed_at",
        Count = "count",
        CreatedAt = "created_at",
        DeletionAt = "deletion_at",
        Device = "device",
        Email = "email",
        EndedAt = "ended_at",
        Event = "event",
        ExpiresAt = "expires_at",
        FinishedAt = "finished_at",
        Kind = "kind",
        Language = "language",
        LastSeenAt = "last_seen_at",
        LastUsedAt = "last_used_at",
        Limit = "limit",
        Line = "line",
        Method = "method",
        Name = "name",
        Network = "network",
        New = "new_value",
        Old = "old_value",
        OnSince = "on_since",
        Organisation = "organisation",
        PasswordSetAt = "password_set_at",
        PlatformRole = "platform_role",
        Project = "project",
        ProvedAt = "proved_at",
        Purpose = "purpose",
        Reason = "reason",
        Recipient = "recipient",
        RecoveryCodesLeft = "recovery_codes_left",
        RecoveryCodesMadeAt = "recovery_codes_made_at",
        RememberedUntil = "remembered_until",
        Role = "role",
        SetUpBegunAt = "set_up_begun_at",
        State = "state",
        Status = "status",
        UsedAt = "used_at",
        VoidAt = "void_at",
        WrongCodes = "wrong_codes",
    }
}

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing, or nothing yet.
    None,
    /// A text as it is stored.
    Text(String),
    /// One of a few words, as it is stored: the page has its own for them.
    Code(String),
    /// A number.
    Number(u64),
    /// A moment.
    Time(Timestamp),
}

/// One thing, field by field.
pub type Record = Vec<(Field, Value)>;

/// Everything about a person, group by group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnData {
    /// When it was read.
    pub at: Timestamp,
    /// The groups; an empty one is there too.
    pub groups: Groups,
}

/// The groups in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups(pub Vec<(Group, Vec<Record>)>);

impl Identity {
    /// Everything that is stored about whoever is signed in. There is no way to ask for somebody
    /// else's.
    pub async fn own_data(&self, who: &SignedIn) -> Result<OwnData> {
        let groups = vec![
            (Group::Account, self.account_data(who).await?),
            (Group::Organisations, self.membership_data(who).await?),
            (Group::SecondFactor, self.factor_data(who).await?),
            (Group::Sessions, self.session_data(who).await?),
            (Group::SignIns, self.sign_in_data(who).await?),
            (Group::Devices, self.device_data(who).await?),
            (Group::Links, self.link_data(who).await?),
            (Group::Mails, self.mail_data(who).await?),
            (Group::Tries, self.tries_data(who).await?),
            (Group::Activity, self.activity_data(who).await?),
            (Group::Others, self.deeds_data(who).await?),
        ];
        Ok(OwnData {
            at: self.now(),
            groups: Groups(groups),
        })
    }

    /// The same as a file, once it is written down that it was taken, and told by mail.
    ///
    /// # Errors
    /// [`crate::Error::ProofRejected`], [`crate::Error::SessionEnded`].
    pub async fn download_data(
        &self,
        who: &SignedIn,
        proof: Proof,
        client: &Client,
    ) -> Result<Vec<u8>> {
        let (id, event) = (&who.account.id, Event::DataDownloaded);
        let mut tx: Tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        self.spend(&mut tx, who, proof, client).await?;
        let notice = self.notice(&mut tx, &account, client, event, "/settings/activity");
        let message = Message::DataDownloaded(notice.await?);
        self.write_mail(&mut tx, &account, &message).await?;
        self.log(&mut tx, id, Some(id), event, client).await?;
        tx.commit().await?;
        self.ring_mail_bell();
        let now = SignedIn {
            account,
            session: who.session.clone(),
        };
        let data = self.own_data(&now).await?;
        // Texts, numbers and times only: there is nothing that JSON could not say.
        Ok(serde_json::to_vec_pretty(&data).unwrap_or_default())
    }

    async fn account_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let account = &who.account;
        let organisation = match &account.realm {
            Realm::BackOffice => None,
            Realm::Organisation(id) => self.store.organisation(id).await?.map(|found| found.name),
        };
        let role = account.platform_role.map(|role| role.as_str().to_owned());
        Ok(vec![vec![
            (Field::Name, text(&account.name)),
            (Field::Email, text(&account.email)),
            (Field::ConfirmedAt, time(account.email_confirmed_at)),
            (Field::Language, code(account.locale.as_str())),
            (Field::Organisation, maybe(organisation)),
            (Field::PlatformRole, role.map_or(Value::None, Value::Code)),
            (Field::Status, code(account.status.as_str())),
            (Field::PasswordSetAt, time(account.password_set_at)),
            (Field::CreatedAt, Value::Time(account.created_at)),
            (Field::DeletionAt, time(account.deletion_at)),
        ]])
    }

    async fn membership_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_memberships(&who.account.id).await?;
        let record = |row: store::StoredMembership| {
            vec![
                (Field::Organisation, Value::Text(row.organisation)),
                (Field::Role, code(Role::as_str(row.role))),
                (Field::CreatedAt, Value::Time(row.created_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    async fn factor_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let (id, store) = (&who.account.id, &self.store);
        let factor = store.totp_factor(id).await?;
        let begun = store.totp_enrolment(id).await?;
        let codes = u64::from(store.recovery_codes_left(id).await?);
        let since = factor.as_ref().map(|factor| factor.confirmed_at);
        let used = factor.as_ref().map(|factor| factor.last_used_at);
        Ok(vec![vec![
            (Field::OnSince, time(since)),
            (Field::LastUsedAt, time(used)),
            (
                Field::SetUpBegunAt,
                time(begun.map(|begun| begun.created_at)),
            ),
            (
                Field::RecoveryCodesMadeAt,
                time(store.recovery_codes_made(id).await?),
            ),
            (Field::RecoveryCodesLeft, Value::Number(codes)),
        ]])
    }

    async fn session_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_sessions(&who.account.id).await?;
        let record = |row: StoredSession| {
            vec![
                (Field::Device, Value::Text(row.user_agent)),
                (Field::Network, Value::Text(row.network)),
                (Field::Method, code(row.method.as_str())),
                (Field::Project, maybe(row.project)),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::ProvedAt, Value::Time(row.proved_at)),
                (Field::LastSeenAt, Value::Time(row.last_seen_at)),
                (Field::EndedAt, time(row.revoked_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    async fn sign_in_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_sign_ins(&who.account.id).await?;
        let record = |row: store::StoredSignIn| {
            vec![
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::WrongCodes, Value::Number(row.wrong_codes)),
                (Field::FinishedAt, time(row.finished_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    async fn device_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_devices(&who.account.id).await?;
        let record = |row: store::StoredDevice| {
            vec![
                (Field::Device, Value::Text(row.user_agent)),
                (Field::Network, Value::Text(row.network)),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::LastSeenAt, Value::Time(row.last_seen_at)),
                (Field::RememberedUntil, time(row.remembered_until)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    async fn link_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_tokens(&who.account.id).await?;
        let record = |row: store::StoredToken| {
            let pending = row.pending.unwrap_or_default();
            let (event, about) = match row.purpose {
                Purpose::NotMe => not_me::told(&pending),
                _ => ("", pending.as_str()),
            };
            let event = Some(event).filter(|event| !event.is_empty());
            vec![
                (Field::Purpose, code(row.purpose.as_str())),
                (Field::Event, event.map_or(Value::None, code)),
                (Field::About, text(about)),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::ExpiresAt, Value::Time(row.expires_at)),
                (Field::UsedAt, time(row.consumed_at)),
                (Field::VoidAt, time(row.void_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    async fn mail_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_mails(&who.account.id).await?;
        let record = |row: store::StoredMail| {
            vec![
                (Field::Kind, Value::Code(row.kind)),
                (Field::Recipient, Value::Text(row.recipient)),
                (Field::Language, code(Locale::as_str(row.locale))),
                (Field::State, Value::Code(row.state)),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::FinishedAt, time(row.finished_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    async fn tries_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let account = &who.account;
        let key = address_guesses(&account.realm, &account.email_key());
        let wrong = self.store.stored_guesses(&key).await?;
        let mut records: Vec<Record> = Vec::new();
        records.extend(wrong.map(|tries| tries_record("wrong_passwords", tries)));
        for (name, bucket) in buckets_of(account) {
            let found = self.store.stored_bucket(&bucket).await?;
            // One that is full again says nothing; it waits for the sweep.
            let found = found.filter(|tries| tries.at > self.now());
            records.extend(found.map(|tries| tries_record(name, tries)));
        }
        Ok(records)
    }

    /// The whole log, the newest line first.
    async fn activity_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        let mut last = None;
        loop {
            let filter = store::ActivityFilter {
                before: last.as_ref(),
                ..store::ActivityFilter::default()
            };
            let id = &who.account.id;
            let part = self.store.activity_page(id, filter, PART).await?;
            let full = part.len() == PART as usize;
            last = part.last().map(|(entry, _)| entry.id.clone());
            records.extend(part.into_iter().map(line));
            if !full {
                return Ok(records);
            }
        }
    }

    async fn deeds_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let deeds = self.store.deeds(&who.account.id).await?;
        Ok(vec![vec![(Field::Count, Value::Number(deeds))]])
    }
}

fn tries_record(name: &str, tries: StoredTries) -> Record {
    vec![
        (Field::Limit, code(name)),
        (Field::Count, tries.count.map_or(Value::None, Value::Number)),
        (Field::At, Value::Time(tries.at)),
    ]
}

fn line(found: NamedEntry) -> Record {
    let kind = found.0.kind.clone();
    let line = own_line(found);
    let by = match line.by {
        Doer::Owner => code("owner"),
        Doer::Administrator => code("administrator"),
        Doer::Stranger => code("stranger"),
        Doer::Gone => code("gone"),
        Doer::Named(name) => Value::Text(name),
    };
    let (field, old, new) = line.change.map_or((None, None, None), |change| {
        (Some(change.field), Some(change.old), Some(change.new))
    });
    vec![
        (Field::Event, Value::Code(kind)),
        (Field::At, Value::Time(line.at)),
        (Field::By, by),
        (Field::Device, text(&line.device)),
        (Field::Network, text(&line.network)),
        (Field::Change, field.map_or(Value::None, Value::Code)),
        (Field::Old, maybe(old)),
        (Field::New, maybe(new)),
        (Field::Reason, maybe(line.reason)),
        (Field::Line, line.number.map_or(Value::None, Value::Number)),
    ]
}

fn text(text: &str) -> Value {
    maybe(Some(text).filter(|text| !text.is_empty()))
}

fn maybe(text: Option<impl Into<String>>) -> Value {
    text.map_or(Value::None, |text| Value::Text(text.into()))
}

fn code(code: &str) -> Value {
    Value::Code(code.to_owned())
}

fn time(at: Option<Timestamp>) -> Value {
    at.map_or(Value::None, Value::Time)
}
