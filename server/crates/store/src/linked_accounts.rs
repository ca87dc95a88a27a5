//! `linked_accounts`: provider accounts that sign in to our accounts, at most one of each provider,
//! each found by its (issuer, subject) only.

use crate::{
    Row, StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements, store_and_tx},
    row::{record, select},
};
use domain::{AccountId, LinkedAccountId, Provider, Timestamp, provider::Subject};

record! {
    /// A provider account that is linked to one of ours.
    #[derive(Clone, PartialEq, Eq)]
    pub struct LinkedAccount from linked of linked_accounts {
        /// Its identifier.
        pub id: LinkedAccountId,
        /// The account that it signs in to.
        pub account_id: AccountId,
        /// Its identity at the provider.
        pub subject: Subject = [provider, issuer, subject] with read_subject,
        /// Its address as the provider sent it when it was linked.
        pub email: Option<String>,
        /// Since when it is linked.
        pub linked_at: Timestamp,
        /// When it was last used to sign in.
        pub last_used_at: Option<Timestamp>,
    }
}

redacted_debug!(LinkedAccount {
    id,
    account_id,
    subject,
    linked_at
});

statements! {
    /// A second link of one subject, or of one provider to one account, inserts nothing.
    INSERT_LINKED_ACCOUNT =
        "insert into linked_accounts (id, account_id, provider, issuer, subject, email, linked_at,
            last_used_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict do nothing";
    LINKED_ACCOUNT =
        select!(linked, "from linked_accounts
        where provider = $1 and issuer = $2 and subject = $3");
    LINKED_ACCOUNTS =
        select!(linked, "from linked_accounts
        where account_id = $1
        order by provider");
    USE_LINKED_ACCOUNT = "update linked_accounts set last_used_at = $2 where id = $1";
    DELETE_LINKED_ACCOUNT =
        concat!("delete from linked_accounts where account_id = $1 and provider = $2
        returning ", linked!());
    DELETE_LINKED_ACCOUNTS =
        concat!("delete from linked_accounts where account_id = $1 returning ", linked!());
}

fn read_subject(row: &Row) -> Result<Subject, StoreError> {
    let (issuer, subject): (String, String) = (row.get("issuer")?, row.get("subject")?);
    Subject::new(row.get("provider")?, &issuer, &subject).ok_or(StoreError::Corrupt("subject"))
}

store_and_tx! { reader:
    /// The link of a subject.
    fn linked_account(conn, subject: &Subject) -> Option<LinkedAccount> {
        let provider = subject.provider().as_str();
        optional!(conn, LINKED_ACCOUNT, provider, subject.issuer(), subject.subject())
    }

    /// The links of an account, by provider.
    fn linked_accounts(conn, account: &AccountId) -> Vec<LinkedAccount> {
        all!(conn, LINKED_ACCOUNTS, account.as_str())
    }
}

impl Tx {
    /// Links a provider account; false when it is linked to any account already, or when another one
    /// of that provider is linked to this account.
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

    /// Records a sign-in with it.
    pub async fn use_linked_account(
        &mut self,
        id: &LinkedAccountId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self.conn(), USE_LINKED_ACCOUNT, id.as_str(), at.as_millis()).map(drop)
    }

    /// Unlinks the account of a provider, and returns the removed link.
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

    /// Unlinks every provider account, and returns the removed links.
    pub async fn delete_linked_accounts(
        &mut self,
        account: &AccountId,
    ) -> Result<Vec<LinkedAccount>, StoreError> {
        all!(self.conn(), DELETE_LINKED_ACCOUNTS, account.as_str())
    }
}
