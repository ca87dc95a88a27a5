//! The round trip to a provider: begun in one browser, and taken once when it comes back.
//!
//! What must be known then (the nonce, the PKCE verifier, where to go next) waits here, sealed; the
//! browser and the provider carry random values of which only hashes are kept. A flow names its
//! provider, so that what one of them answers is worth nothing at the other's door (mix-up, RFC 9700
//! section 4.4).

use super::may_link;
use crate::{Client, Error, Identity, Proof, Result, SignedIn, token_hash};
use domain::{
    AccountId, FlowId, Locale, Provider, Realm, SessionId, Timestamp,
    limit::FLOWS_PER_NETWORK,
    provider::FLOW_LIFETIME,
    token::{Purpose, Secret},
};
use serde::{Deserialize, Serialize};
use std::fmt;
use store::{FlowFor, FlowKey, ProviderFlow, Tx};
use unit_of_work::{Actor, Error as Common, Holder, NetworkBuckets};
use zeroize::Zeroizing;

/// A sign-in that begins at a provider.
#[derive(Debug, Clone)]
pub struct NewFlow {
    /// Which one.
    pub provider: Provider,
    /// Where to go afterwards: a path of our own, checked by the caller.
    pub next: Option<String>,
    /// The language of the page that the user leaves.
    pub locale: Locale,
}

/// What a flow was begun with: four random values, each of 256 bits in the alphabet of base64url,
/// which is a code verifier's as well (RFC 7636, section 4.1).
#[derive(Debug)]
pub struct BegunFlow {
    /// What the provider brings back.
    pub state: Secret,
    /// For a cookie of this browser, without which the flow cannot be taken.
    pub browser: Secret,
    /// What the provider puts into its token.
    pub nonce: Secret,
    /// What the challenge of PKCE is made of.
    pub verifier: Secret,
}

/// That a network may have one more round trip: asked before a provider is, and used up by what begins
/// ([`Identity::allow_link`]).
#[derive(Debug)]
#[must_use]
pub struct LinkAllowed(());

/// The purpose of a flow.
#[derive(Clone, PartialEq, Eq)]
pub enum FlowAim {
    /// To sign in.
    SignIn {
        /// Where to go afterwards.
        next: Option<String>,
    },
    /// To link an account at the provider to the user's account.
    Link {
        /// The session that began it.
        session: SessionId,
        /// The user's account.
        account: AccountId,
    },
    /// To accept an invitation.
    Invitation {
        /// The secret of its link.
        token: String,
    },
}

impl fmt::Debug for FlowAim {
    /// Neither the secret of a link nor the next page belongs into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignIn { .. } => "SignIn",
            Self::Link { .. } => "Link",
            Self::Invitation { .. } => "Invitation",
        })
    }
}

/// A flow that came back.
#[derive(Debug)]
pub struct Flow {
    /// The provider.
    pub provider: Provider,
    /// Its purpose.
    pub aim: FlowAim,
    /// The language of the page that the user left.
    pub locale: Locale,
    /// What the token must hold.
    pub nonce: Secret,
    /// What the code is exchanged with.
    pub verifier: Secret,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    nonce: String,
    verifier: String,
    next: Option<String>,
    token: Option<String>,
}

impl Identity {
    /// Begins to sign in at a provider.
    ///
    /// # Errors
    /// `TooManyTries`.
    pub async fn begin_flow(&self, new: NewFlow, client: &Client) -> Result<BegunFlow> {
        self.take_flow_try(client).await?;
        let mut work = self.store.begin().await?;
        let place = (new.provider, new.locale);
        let kept = (new.next, None);
        let begun = self
            .insert_flow(&mut work, place, FlowFor::SignIn, kept)
            .await?;
        work.commit().await?;
        Ok(begun)
    }

    /// Asks the limit by network for one link. A step of its own, since a provider is asked between
    /// this and [`Identity::begin_link`]: after the limit, and before a proof is used up.
    ///
    /// # Errors
    /// `TooManyTries`.
    pub async fn allow_link(&self, client: &Client) -> Result<LinkAllowed> {
        self.take_flow_try(client).await?;
        Ok(LinkAllowed(()))
    }

    /// Begins to link an account at a provider to the user's account. It consumes the proof; the link is
    /// made by [`Identity::link`], in the same session.
    ///
    /// # Errors
    /// [`Error::AnotherIsLinked`], in which case the proof is not used up; [`Error::ProofRejected`],
    /// `SessionEnded`.
    pub async fn begin_link(
        &self,
        who: &SignedIn,
        LinkAllowed(()): LinkAllowed,
        (provider, locale): (Provider, Locale),
        proof: Proof,
        client: &Client,
    ) -> Result<BegunFlow> {
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        may_link(&account)?;
        if account.linked.since(provider).is_some() {
            return Err(Error::AnotherIsLinked);
        }
        proof.consume(&mut work, &account, who).await?;
        let aim = FlowFor::Link {
            account: account.id,
            session: who.session.id.clone(),
        };
        let begun = self
            .insert_flow(&mut work, (provider, locale), aim, (None, None))
            .await?;
        work.commit().await?;
        Ok(begun)
    }

    /// Begins to accept an invitation with an account at a provider. Its link is not used up.
    ///
    /// # Errors
    /// `DeadLink`, `TooManyTries`.
    pub async fn begin_invitation_flow(
        &self,
        provider: Provider,
        token: &str,
        locale: Locale,
        client: &Client,
    ) -> Result<BegunFlow> {
        self.take_flow_try(client).await?;
        let here = Holder::Of(&Realm::BackOffice);
        let found = self.linked(here, Purpose::AccountSetup, token);
        let (_, account) = found.await?.ok_or(Common::DeadLink)?;
        let mut work = self.begin(Actor::Owner, client).await?;
        if work.lock_account(&account.id).await?.is_none() {
            return Err(Common::DeadLink.into());
        }
        let aim = FlowFor::Invitation(account.id);
        let kept = (None, Some(token.to_owned()));
        let begun = self
            .insert_flow(&mut work, (provider, locale), aim, kept)
            .await?;
        work.commit().await?;
        Ok(begun)
    }

    /// Takes the flow that came back from a provider with `state` into the browser that keeps
    /// `browser`. Of any number of callers one gets it, within ten minutes of its beginning.
    ///
    /// # Errors
    /// [`Error::NoFlow`].
    pub async fn take_flow(
        &self,
        provider: Provider,
        state: &str,
        browser: &Secret,
    ) -> Result<Flow> {
        let state = Secret::present(state).ok_or(Error::NoFlow)?;
        let key = key(&state, browser);
        let until = self.now().minus(FLOW_LIFETIME);
        let found = self.store.take_provider_flow(provider, &key, until).await?;
        let row = found.ok_or(Error::NoFlow)?;
        let opened = self.open_flow(&row);
        let (kept, nonce, verifier) = opened.ok_or(Common::Broken("a flow cannot be decrypted"))?;
        let aim = match (row.aim, kept.token) {
            (FlowFor::SignIn, _) => FlowAim::SignIn { next: kept.next },
            (FlowFor::Link { account, session }, _) => FlowAim::Link { session, account },
            (FlowFor::Invitation(_), Some(token)) => FlowAim::Invitation { token },
            (FlowFor::Invitation(_), None) => {
                return Err(Common::Broken("a flow has no token").into());
            }
        };
        Ok(Flow {
            provider: row.provider,
            aim,
            locale: row.locale,
            nonce,
            verifier,
        })
    }

    /// What was sealed for a flow, with its two secrets.
    fn open_flow(&self, row: &ProviderFlow) -> Option<(Kept, Secret, Secret)> {
        let plain = self.vault.open(&place(&row.id), &row.sealed)?;
        let kept = serde_json::from_slice::<Kept>(&plain).ok()?;
        let nonce = Secret::present(&kept.nonce)?;
        let verifier = Secret::present(&kept.verifier)?;
        Some((kept, nonce, verifier))
    }

    async fn take_flow_try(&self, client: &Client) -> Result<()> {
        let buckets = NetworkBuckets::of("provider", client, FLOWS_PER_NETWORK);
        Ok(self.take_network_try(&buckets).await?)
    }

    async fn insert_flow(
        &self,
        tx: &mut Tx,
        (provider, locale): (Provider, Locale),
        aim: FlowFor,
        (next, token): (Option<String>, Option<String>),
    ) -> Result<BegunFlow> {
        let draw = || self.new_secret();
        let begun = BegunFlow {
            state: draw(),
            browser: draw(),
            nonce: draw(),
            verifier: draw(),
        };
        let kept = Kept {
            nonce: begun.nonce.expose().to_owned(),
            verifier: begun.verifier.expose().to_owned(),
            next,
            token,
        };
        let plain = serde_json::to_vec(&kept).expect("texts can always be written as JSON");
        let plain = Zeroizing::new(plain);
        let id = FlowId::new(&*self.clock, &*self.entropy);
        let created_at: Timestamp = self.now();
        let sealed = self.seal(&place(&id), &plain);
        let row = ProviderFlow {
            id,
            provider,
            aim,
            sealed,
            locale,
            created_at,
        };
        let key = key(&begun.state, &begun.browser);
        tx.insert_provider_flow(&row, &key).await?;
        Ok(begun)
    }
}

fn key(state: &Secret, browser: &Secret) -> FlowKey {
    FlowKey {
        state: token_hash(state),
        browser: token_hash(browser),
    }
}

fn place(id: &FlowId) -> String {
    format!("provider-flow:{id}")
}
