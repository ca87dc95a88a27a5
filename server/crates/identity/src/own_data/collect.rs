//! Reading it, group by group.

use super::{Field, Record, Value};
use crate::{
    Identity, Result, ShownActor, SignedIn, code_attempts::Counted, own_activity::own_line,
    password_attempts, tries::buckets_of,
};
use domain::{Locale, Realm, Role, session::SecondStep, token::Purpose};
use store::{NamedEntry, StoredSession, StoredTries};
use unit_of_work::decode_pending;

/// Lines of the log that are read at once.
const PART: u32 = 500;

impl Identity {
    pub(super) async fn membership_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_memberships(&who.account.id).await?;
        let record = |row: store::StoredMembership| {
            vec![
                (Field::Organisation, Value::Text(row.organisation)),
                (Field::Role, Value::code(Role::as_str(row.role))),
                (Field::CreatedAt, Value::Time(row.created_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn factor_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let (id, store) = (&who.account.id, &self.store);
        let factor = store.totp_factor(id).await?;
        let begun = store.totp_enrolment(id).await?;
        let codes = u64::from(store.recovery_codes_left(id).await?);
        let since = factor.as_ref().map(|factor| factor.confirmed_at);
        let used = factor.as_ref().map(|factor| factor.last_used_at);
        Ok(vec![vec![
            (Field::OnSince, Value::time(since)),
            (Field::LastUsedAt, Value::time(used)),
            (
                Field::SetUpBegunAt,
                Value::time(begun.map(|begun| begun.created_at)),
            ),
            (
                Field::RecoveryCodesMadeAt,
                Value::time(store.recovery_codes_made(id).await?),
            ),
            (Field::RecoveryCodesLeft, Value::Number(codes)),
        ]])
    }

    /// The subject at the provider is no secret: it signs nobody in without a token of the provider.
    pub(super) async fn link_to_provider_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.linked_accounts(&who.account.id).await?;
        let record = |row: store::LinkedAccount| {
            vec![
                (
                    Field::Provider,
                    Value::code(row.subject.provider().as_str()),
                ),
                (Field::Email, Value::maybe(row.email)),
                (Field::Issuer, Value::text(row.subject.issuer())),
                (Field::Subject, Value::text(row.subject.subject())),
                (Field::LinkedAt, Value::Time(row.linked_at)),
                (Field::LastUsedAt, Value::time(row.last_used_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn flow_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_flows(&who.account.id).await?;
        let record = |row: store::StoredFlow| {
            vec![
                (Field::Provider, Value::code(row.provider.as_str())),
                (Field::Purpose, Value::code(&row.aim)),
                (Field::CreatedAt, Value::Time(row.created_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn session_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_sessions(&who.account.id).await?;
        let record = |row: StoredSession| {
            let second = row.method.second.map(SecondStep::as_str);
            vec![
                (Field::Device, Value::Text(row.user_agent)),
                (Field::Network, Value::Text(row.network)),
                (Field::Method, Value::code(row.method.first.as_str())),
                (Field::SecondStep, second.map_or(Value::None, Value::code)),
                (Field::Project, Value::maybe(row.project)),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::ProvedAt, Value::Time(row.proved_at)),
                (Field::LastSeenAt, Value::Time(row.last_seen_at)),
                (Field::EndedAt, Value::time(row.revoked_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn sign_in_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_sign_ins(&who.account.id).await?;
        let record = |row: store::StoredSignIn| {
            vec![
                (Field::Method, Value::code(row.first.as_str())),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::WrongCodes, Value::Number(row.wrong_codes)),
                (Field::FinishedAt, Value::time(row.finished_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn device_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_devices(&who.account.id).await?;
        let record = |row: store::StoredDevice| {
            vec![
                (Field::Device, Value::Text(row.user_agent)),
                (Field::Network, Value::Text(row.network)),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::LastSeenAt, Value::Time(row.last_seen_at)),
                (Field::RememberedUntil, Value::time(row.remembered_until)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn private_project_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let account = &who.account;
        let Realm::Organisation(organisation) = &account.realm else {
            return Ok(Vec::new());
        };
        let key = account.email_key();
        let found = self.store.readable_projects(organisation, &key).await?;
        let record = |row: store::ReadableProject| {
            vec![
                (
                    Field::About,
                    Value::Text(row.project.name(account.locale).to_owned()),
                ),
                (Field::CreatedAt, Value::Time(row.listed_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    /// Those that were confirmed: of any other it is not known who made it.
    pub(super) async fn registration_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let (realm, key) = (&who.account.realm, who.account.email_key());
        let found = self.store.confirmed_registrations(realm, &key).await?;
        let record = |row: store::Registration| {
            vec![
                (Field::Project, Value::Text(row.project)),
                (Field::Email, Value::Text(row.email)),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::ConfirmedAt, Value::time(row.confirmed_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn support_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.supports_of(&who.account.id).await?;
        let record = |row: store::StoredSupport| {
            vec![
                (Field::About, Value::Text(row.title_en)),
                (Field::CreatedAt, Value::Time(row.created_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn link_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_tokens(&who.account.id).await?;
        let record = |row: store::StoredToken| {
            let pending = row.pending.unwrap_or_default();
            let (event, about) = match row.purpose {
                Purpose::NotMe => decode_pending(&pending),
                _ => ("", pending.as_str()),
            };
            let event = Some(event).filter(|event| !event.is_empty());
            vec![
                (Field::Purpose, Value::code(row.purpose.as_str())),
                (Field::Event, event.map_or(Value::None, Value::code)),
                (Field::About, Value::text(about)),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::ExpiresAt, Value::Time(row.expires_at)),
                (Field::UsedAt, Value::time(row.consumed_at)),
                (Field::VoidAt, Value::time(row.void_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn mail_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let found = self.store.stored_mails(&who.account.id).await?;
        let record = |row: store::StoredMail| {
            vec![
                (Field::Kind, Value::Code(row.kind)),
                (Field::Recipient, Value::Text(row.recipient)),
                (Field::Language, Value::code(Locale::as_str(row.locale))),
                (Field::State, Value::Code(row.state)),
                (Field::CreatedAt, Value::Time(row.created_at)),
                (Field::FinishedAt, Value::time(row.finished_at)),
            ]
        };
        Ok(found.into_iter().map(record).collect())
    }

    pub(super) async fn tries_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let account = &who.account;
        let mut records: Vec<Record> = Vec::new();
        for (name, key) in [
            (
                "wrong_passwords",
                password_attempts::address_key(&account.realm, &account.email_key()),
            ),
            ("codes", Counted::Codes.account_key(&account.id)),
            ("proofs", Counted::Proofs.account_key(&account.id)),
            ("proofs", Counted::Factor.account_key(&account.id)),
        ] {
            let wrong = self.store.stored_attempts(&key).await?;
            records.extend(wrong.map(|tries| tries_record(name, tries)));
        }
        for (name, bucket) in buckets_of(account) {
            let found = self.store.stored_bucket(&bucket).await?;
            // One that is full again says nothing; it waits for the sweep.
            let found = found.filter(|tries| tries.at > self.now());
            records.extend(found.map(|tries| tries_record(name, tries)));
        }
        for day in self.refused_tries(who).await? {
            records.push(vec![
                (Field::Limit, Value::code("refused_tries")),
                (Field::Count, Value::Number(u64::from(day.tries))),
                (Field::At, Value::Time(day.day)),
            ]);
        }
        Ok(records)
    }

    /// The newest lines of the log, the newest first, and how many older ones there are.
    pub(super) async fn activity_data(
        &self,
        who: &SignedIn,
        most: u32,
    ) -> Result<(Vec<Record>, u64)> {
        let id = &who.account.id;
        let mut records: Vec<Record> = Vec::new();
        let mut last = None;
        loop {
            let filter = store::ActivityFilter {
                before: last.as_ref(),
                ..store::ActivityFilter::default()
            };
            let read = u32::try_from(records.len()).unwrap_or(u32::MAX);
            let wanted = most.saturating_sub(read).min(PART);
            let part = self.store.activity_page(id, filter, wanted).await?;
            let full = part.len() == wanted as usize;
            last = part.last().map(|(entry, _)| entry.id.clone());
            records.extend(part.into_iter().map(line));
            if !full {
                return Ok((records, 0));
            }
            if records.len() >= most as usize {
                let all = self.store.activity_lines(id).await?;
                let left_out = all.saturating_sub(records.len() as u64);
                return Ok((records, left_out));
            }
        }
    }

    pub(super) async fn deeds_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let deeds = self.store.deeds(&who.account.id).await?;
        Ok(vec![vec![(Field::Count, Value::Number(deeds))]])
    }
}

fn tries_record(name: &str, tries: StoredTries) -> Record {
    vec![
        (Field::Limit, Value::code(name)),
        (Field::Count, tries.count.map_or(Value::None, Value::Number)),
        (Field::At, Value::Time(tries.at)),
    ]
}

fn line(found: NamedEntry) -> Record {
    let kind = found.0.kind.clone();
    let line = own_line(found);
    let by = match line.by {
        ShownActor::Owner => Value::code("owner"),
        ShownActor::CommandLine => Value::code("administrator"),
        ShownActor::System => Value::code("system"),
        ShownActor::Unknown => Value::code("stranger"),
        ShownActor::Removed => Value::code("gone"),
        ShownActor::Named(name) => Value::Text(name),
    };
    let (field, old, new) = line.change.map_or((None, None, None), |change| {
        (Some(change.field), Some(change.old), Some(change.new))
    });
    vec![
        (Field::Event, Value::Code(kind)),
        (Field::At, Value::Time(line.at)),
        (Field::By, by),
        (Field::Device, Value::text(&line.device)),
        (Field::Network, Value::text(&line.network)),
        (Field::Change, field.map_or(Value::None, Value::Code)),
        (Field::Old, Value::maybe(old)),
        (Field::New, Value::maybe(new)),
        (Field::Reason, Value::maybe(line.reason)),
        (Field::Line, line.number.map_or(Value::None, Value::Number)),
    ]
}
