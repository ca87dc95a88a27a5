//! `provider_flows`: browsers that were sent to a provider and are not back. A flow is found by the
//! hash of its state, in the browser that it was begun in, and is gone by being found: of any number
//! of callers one gets it.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements},
    row::{record, select},
};
use domain::{AccountId, FlowId, Locale, Provider, SessionId, Timestamp};

/// What somebody was sent to a provider for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlowFor {
    /// To sign in: the account is not known yet.
    SignIn,
    /// To link a provider's account to the user's account.
    Link {
        /// The user's account.
        account: AccountId,
        /// The session in which it was requested.
        session: SessionId,
    },
    /// To accept the invitation to this account.
    Invitation(AccountId),
}

record! {
    /// A browser that was sent to a provider.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ProviderFlow from flow of provider_flows {
        /// Its identifier.
        pub id: FlowId,
        /// The provider.
        pub provider: Provider,
        /// The purpose.
        pub aim: FlowFor = [aim, account_id, session_id] with FlowFor::read,
        /// What the callback must know, sealed.
        pub sealed: Vec<u8>,
        /// The language of the page that the user left.
        pub locale: Locale,
        /// When the flow began.
        pub created_at: Timestamp,
    }
}

redacted_debug!(ProviderFlow {
    id,
    provider,
    aim,
    created_at
});

/// What tells one round trip from all others: the hashes of its state and of its browser's cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowKey {
    /// The hash of what the provider brings back.
    pub state: [u8; 32],
    /// The hash of what the browser keeps.
    pub browser: [u8; 32],
}

record! {
    /// A round trip that was begun for an account, for its owner to read.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct StoredFlow from stored_flow of provider_flows {
        /// Where the person was sent.
        pub provider: Provider,
        /// `link` or `invitation`.
        pub aim: String,
        /// When the flow began.
        pub created_at: Timestamp,
    }
}

statements! {
    INSERT_PROVIDER_FLOW =
        "insert into provider_flows (id, provider, state_hash, browser_hash, aim, account_id,
            session_id, sealed, locale, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    TAKE_PROVIDER_FLOW =
        concat!("delete from provider_flows
        where provider = $1 and state_hash = $2 and browser_hash = $3 and created_at > $4
        returning ", flow!());
    STORED_FLOWS =
        select!(stored_flow, "from provider_flows where account_id = $1 order by created_at, id");
    DELETE_PROVIDER_FLOWS = "delete from provider_flows where account_id = $1";
}

impl FlowFor {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Link { .. } => "link",
            Self::Invitation(_) => "invitation",
        }
    }

    const fn account(&self) -> Option<&AccountId> {
        match self {
            Self::SignIn => None,
            Self::Link { account, .. } | Self::Invitation(account) => Some(account),
        }
    }

    const fn session(&self) -> Option<&SessionId> {
        match self {
            Self::Link { session, .. } => Some(session),
            Self::SignIn | Self::Invitation(_) => None,
        }
    }

    fn read(row: &Row) -> Result<Self, StoreError> {
        let aim: String = row.get("aim")?;
        match (aim.as_str(), row.get("account_id")?, row.get("session_id")?) {
            ("sign_in", None, None) => Ok(Self::SignIn),
            ("link", Some(account), Some(session)) => Ok(Self::Link { account, session }),
            ("invitation", Some(account), None) => Ok(Self::Invitation(account)),
            _ => Err(StoreError::Corrupt("aim")),
        }
    }
}

impl Store {
    /// Takes the flow that comes back with this state into this browser, unless it was begun at
    /// `until` or before. It is gone afterwards.
    pub async fn take_provider_flow(
        &self,
        provider: Provider,
        key: &FlowKey,
        until: Timestamp,
    ) -> Result<Option<ProviderFlow>, StoreError> {
        let mut held = self.writer().await?;
        let (state, browser) = (key.state.as_slice(), key.browser.as_slice());
        let (provider, until) = (provider.as_str(), until.as_millis());
        optional!(
            held.conn(),
            TAKE_PROVIDER_FLOW,
            provider,
            state,
            browser,
            until
        )
    }

    /// The flows that were begun for an account, the oldest first.
    pub async fn stored_flows(&self, account: &AccountId) -> Result<Vec<StoredFlow>, StoreError> {
        all!(self.reader().await?.conn(), STORED_FLOWS, account.as_str())
    }
}

impl Tx {
    /// Notes that somebody is sent to a provider.
    pub async fn insert_provider_flow(
        &mut self,
        flow: &ProviderFlow,
        key: &FlowKey,
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_PROVIDER_FLOW,
            flow.id.as_str(),
            flow.provider.as_str(),
            key.state.as_slice(),
            key.browser.as_slice(),
            flow.aim.as_str(),
            flow.aim.account().map(AccountId::as_str),
            flow.aim.session().map(SessionId::as_str),
            flow.sealed.as_slice(),
            flow.locale.as_str(),
            flow.created_at.as_millis(),
        )
        .map(drop)
    }

    /// Removes every flow that was begun for an account.
    pub async fn delete_provider_flows(&mut self, account: &AccountId) -> Result<(), StoreError> {
        execute!(self.conn(), DELETE_PROVIDER_FLOWS, account.as_str()).map(drop)
    }
}
