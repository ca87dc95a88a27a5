//! Deleting one's own account, and stopping that.

use super::RequestContext;
use async_trait::async_trait;
use contract::{Answer, Deleted, Leaving, LeavingPort, Retained, StopDeletion};
use domain::{Duration, retention};

#[async_trait]
impl LeavingPort for RequestContext {
    async fn leaving(&self) -> Answer<Leaving> {
        let found = self
            .answer(self.state.identity.leaving(self.who()?))
            .await?;
        Ok(Leaving {
            due: found.due.map(|due| self.moment(due)),
            days: days(retention::COOLING_OFF),
            deleted: vec![
                (Deleted::Profile, 1),
                (Deleted::Credentials, 1),
                (Deleted::Organisations, found.organisations),
                (Deleted::Sessions, found.sessions),
                (Deleted::Devices, found.devices),
                (Deleted::ActivityEntries, found.lines),
                (Deleted::Mails, found.mails),
            ],
            retained: vec![
                Retained::Record {
                    days: days(retention::DELETIONS),
                },
                Retained::LastMail {
                    days: days(retention::MAILS),
                },
                Retained::EntriesByActor { count: found.deeds },
                Retained::Votes {
                    days: days(retention::VOTES),
                },
            ],
            alone_in: found.alone_in,
        })
    }

    async fn delete_account(&self, proof: &str) -> Answer<()> {
        let who = self.who()?;
        let proof = self.proof(proof).await?;
        let identity = &self.state.identity;
        self.answer(identity.ask_deletion(who, proof, &self.client))
            .await?;
        self.renew_session().await;
        Ok(())
    }

    async fn keep_account(&self) -> Answer<()> {
        let who = self.who()?;
        self.answer(self.state.identity.keep_account(who, &self.client))
            .await
    }

    async fn deletion_to_stop(&self, token: &str) -> Answer<Option<StopDeletion>> {
        let identity = &self.state.identity;
        let page = self
            .answer(identity.stop_page(&self.tenant.realm, token))
            .await?;
        Ok(page.map(|page| StopDeletion {
            due: self.moment(page.due),
            email: page.email,
        }))
    }

    async fn stop_deletion(&self, token: &str) -> Answer<()> {
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        self.answer(identity.stop_by_link(realm, token, &self.client))
            .await
    }
}

fn days(period: Duration) -> u64 {
    period.as_secs() / 86_400
}
