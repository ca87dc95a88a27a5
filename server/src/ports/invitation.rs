//! The set-up link of a new account.

use super::RequestContext;
use async_trait::async_trait;
use contract::{Answer, Field, Invitation, InvitationPort, Problem};

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

    async fn accept_invitation(&self, token: &str, password: &str) -> Answer<()> {
        if password.is_empty() {
            return Err(Problem::Empty {
                field: Field::Password,
            });
        }
        self.answer(
            self.state
                .identity
                .set_up_account(token, password, &self.client),
        )
        .await
    }
}
