//! Leaving and staying.

use super::RequestContext;
use async_trait::async_trait;
use contract::{Answer, Goes, Leaving, LeavingPort, Stays, StopDeletion};
use domain::{Duration, retention};

#[async_trait]
impl LeavingPort for RequestContext {
    async fn leaving(&self) -> Answer<Leaving> {
        let found = self.state.identity.leaving(self.who()?).await;
        let found = found.map_err(|error| self.problem(error))?;
        Ok(Leaving {
            due: found.due.map(|due| self.moment(due)),
            days: days(retention::COOLING_OFF),
            goes: vec![
                (Goes::Profile, 1),
                (Goes::Keys, 1),
                (Goes::Organisations, found.organisations),
                (Goes::Sessions, found.sessions),
                (Goes::Devices, found.devices),
                (Goes::Lines, found.lines),
                (Goes::Mails, found.mails),
            ],
            stays: vec![
                Stays::Record {
                    days: days(retention::DELETIONS),
                },
                Stays::LastMail {
                    days: days(retention::MAILS),
                },
                Stays::Deeds { lines: found.deeds },
                Stays::Votes {
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
        let asked = identity.ask_deletion(who, proof, &self.client).await;
        asked.map_err(|error| self.problem(error))?;
        self.renew_session().await;
        Ok(())
    }

    async fn keep_account(&self) -> Answer<()> {
        let who = self.who()?;
        let kept = self.state.identity.keep_account(who, &self.client).await;
        kept.map_err(|error| self.problem(error))
    }

    async fn deletion_to_stop(&self, token: &str) -> Answer<Option<StopDeletion>> {
        let identity = &self.state.identity;
        let page = identity.stop_page(&self.tenant.realm, token).await;
        let page = page.map_err(|error| self.problem(error))?;
        Ok(page.map(|page| StopDeletion {
            due: self.moment(page.due),
            email: page.email,
        }))
    }

    async fn stop_deletion(&self, token: &str) -> Answer<()> {
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let done = identity.stop_by_link(realm, token, &self.client).await;
        done.map_err(|error| self.problem(error))
    }
}

fn days(period: Duration) -> u64 {
    period.as_secs() / 86_400
}
