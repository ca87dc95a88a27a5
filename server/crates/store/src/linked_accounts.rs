//! `linked_accounts`: accounts at providers that open accounts here, at most one of each provider,
//! each found by its (issuer, subject) and by nothing else.

use crate::{
    Row, StoreError, Tx,
    conn::{Record, all, execute, optional, redacted_debug, statements, store_and_tx},
};
use domain::{AccountId, LinkedAccountId, Provider, Timestamp, provider::Subject};

/// An account at a provider that is linked to one of ours.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkedAccount {
    /// Its identifier.
    pub id: LinkedAccountId,
    /// The account that it opens.
    pub account_id: AccountId,
    /// Who it is there.
    pub subject: Subject,
    /// Its address as the provider told it when it was linked.
    pub email: Option<String>,
    /// Since when it is linked.
    pub linked_at: Timestamp,
    /// When it was last used to sign in.
    pub last_used_at: Option<Timestamp>,
}

redacted_debug!(LinkedAccount {
    id,
    account_id,
    subject,
    linked_at
});

statements! {
    /// Of two that link one subject at once, or two to one account, the second is told so.
    INSERT_LINKED_ACCOUNT =
        "insert into linked_accounts (id, account_id, provider, issuer, subject, email, linked_at,
            last_used_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict do nothing";
    LINKED_ACCOUNT =
        "select id, account_id, provider, issuer, subject, email, linked_at, last_used_at
        from linked_accounts
        where provider = $1 and issuer = $2 and subject = $3";
    LINKED_ACCOUNTS =
        "select id, account_id, provider, issuer, subject, email, linked_at, last_used_at
        from linked_accounts
        where account_id = $1
        order by provider";
    USE_LINKED_ACCOUNT = "update linked_accounts set last_used_at = $2 where id = $1";
    DELETE_LINKED_ACCOUNT =
        "delete from linked_accounts where account_id = $1 and provider = $2
        returning id, account_id, provider, issuer, subject, email, linked_at, last_used_at";
    DELETE_LINKED_ACCOUNTS =
        "delete from linked_accounts where account_id = $1
        returning id, account_id, provider, issuer, subject, email, linked_at, last_used_at";
}

impl Record for LinkedAccount {
    fn read(row: Row) -> Result<Self, StoreError> {
        let provider = row.parsed("provider", Provider::parse)?;
        let subject = Subject::new(provider, &row.text("issuer")?, &row.text("subject")?);
        Ok(Self {
            id: row.text("id")?.into(),
            account_id: row.text("account_id")?.into(),
            subject: subject.ok_or(StoreError::Corrupt("subject"))?,
            email: row.maybe_text("email")?,
            linked_at: row.time("linked_at")?,
            last_used_at: row.maybe_time("last_used_at")?,
        })
    }
}

store_and_tx! { reader:
    /// What somebody at a provider is linked to.
    fn linked_account(conn, subject: &Subject) -> Option<LinkedAccount> {
        let provider = subject.provider().as_str();
        optional!(conn, LINKED_ACCOUNT, provider, subject.issuer(), subject.subject())
    }

    /// What is linked to an account, by provider.
    fn linked_accounts(conn, account: &AccountId) -> Vec<LinkedAccount> {
        all!(conn, LINKED_ACCOUNTS, account.as_str())
    }
}

impl Tx {
    /// Links an account at a provider; false when it is linked already, to whomever, or when
    /// another one of that provider is linked to this account.
    pub async fn insert_linked_account(&mut self, new: &LinkedAccount) -> Result<bool, StoreError> {
        Ok(execute!(
            self.conn(),
            INSERT_LINKED_ACCOUNT,
            new.id.as_str(),
            new.account_id.as_str(),
            new.subject.provider().as_str(),
            new.subject.issuer(),
            new.subject.subject(),
            new.email.as_deref(),
            new.linked_at.as_millis(),
            new.last_used_at.map(Timestamp::as_millis),
        )? == 1)
    }

    /// Notes that somebody signed in with it.
    pub async fn use_linked_account(
        &mut self,
        id: &LinkedAccountId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self.conn(), USE_LINKED_ACCOUNT, id.as_str(), at.as_millis()).map(drop)
    }

    /// Unlinks the account of a provider, and gives what was linked.
    pub async fn delete_linked_account(
        &mut self,
        account: &AccountId,
        provider: Provider,
    ) -> Result<Option<LinkedAccount>, StoreError> {
        let provider = provider.as_str();
        optional!(
            self.conn(),
            DELETE_LINKED_ACCOUNT,
            account.as_str(),
            provider
        )
    }

    /// Unlinks everything from an account, and gives it.
    pub async fn delete_linked_accounts(
        &mut self,
        account: &AccountId,
    ) -> Result<Vec<LinkedAccount>, StoreError> {
        all!(self.conn(), DELETE_LINKED_ACCOUNTS, account.as_str())
    }
}
