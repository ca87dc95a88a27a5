//! The set-up link of a new account.

use super::RequestContext;
use crate::request::cookies::Name;
use async_trait::async_trait;
use contract::{Accepted, Answer, Field, Invitation, InvitationPort, Problem};
use domain::Realm;
use identity::Credentials;

#[async_trait]
impl InvitationPort for RequestContext {
    async fn invitation(&self, token: &str) -> Answer<Option<Invitation>> {
        let page = self.answer(self.state.identity.setup_page(token)).await?;
        Ok(page.map(|page| Invitation {
            name: page.name,
            email: page.email,
            minimum: u32::try_from(page.minimum).unwrap_or(u32::MAX),
        }))
    }

    async fn renew_invitation(&self, token: &str) -> Answer<()> {
        let identity = &self.state.identity;
        let browser = self
            .answer(identity.renew_setup_link(token, &self.client))
            .await?;
        if let Some(browser) = browser {
            self.set_cookie(&Name::Reset(Realm::BackOffice), &browser);
        }
        Ok(())
    }

    async fn accept_invitation(&self, token: &str, password: &str) -> Answer<Accepted> {
        if password.is_empty() {
            return Err(Problem::Empty {
                field: Field::Password,
            });
        }
        let identity = &self.state.identity;
        let email = self
            .answer(identity.set_up_account(token, password, &self.client))
            .await?;
        // What this browser does for somebody else goes on.
        if self.signed_in.is_some() || self.pending.is_some() {
            return Ok(Accepted { email, step: None });
        }
        let credentials = Credentials {
            email: &email,
            password,
            next: None,
            stay: false,
        };
        let signed_in = identity.sign_in(&Realm::BackOffice, credentials, &self.client);
        let step = match signed_in.await {
            Ok(progress) => Some(self.go_on(progress).await),
            Err(error) => {
                // The password is set: it can be typed a moment later.
                tracing::info!(%error, "After an invitation nobody is signed in");
                None
            }
        };
        Ok(Accepted { email, step })
    }
}
