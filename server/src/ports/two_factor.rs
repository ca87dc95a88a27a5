//! Two-factor authentication of one's own account.

use super::{RequestContext, password};
use async_trait::async_trait;
use contract::{Answer, Enrolment, Field, FirstCode, Problem, TwoFactorPort, TwoFactorState};
use identity::{FactorState, Proof};

#[async_trait]
impl TwoFactorPort for RequestContext {
    async fn two_factor(&self) -> Answer<TwoFactorState> {
        let state = self.state.identity.factor_state(self.who()?);
        Ok(match self.answer(state).await? {
            FactorState::Off => TwoFactorState::Off,
            FactorState::On {
                since,
                last_used,
                recovery_codes_left,
                password_stands_alone,
            } => TwoFactorState::On {
                since: self.day(since),
                last_used: self.moment(last_used),
                recovery_codes_left,
                longer_password: (!password_stands_alone).then(password::alone),
            },
        })
    }

    async fn enrolment(&self) -> Answer<Option<Enrolment>> {
        let who = self.who()?;
        let found = self.answer(self.state.identity.enrolling(who)).await?;
        Ok(found.map(|found| Enrolment {
            qr_svg: found.qr_svg,
            secret_text: found.secret_text.to_string(),
            otpauth_url: found.otpauth_url.to_string(),
            needs_proof: found.needs_proof,
            email: who.account.email.clone(),
            mark: found.mark,
        }))
    }

    async fn begin_two_factor(&self) -> Answer<()> {
        self.answer(self.state.identity.begin_enrolment(self.who()?))
            .await
    }

    async fn cancel_two_factor(&self) -> Answer<()> {
        self.answer(self.state.identity.cancel_enrolment(self.who()?))
            .await
    }

    async fn enable_two_factor(&self, first: FirstCode<'_>) -> Answer<Vec<String>> {
        let who = self.who()?;
        if first.code.trim().is_empty() {
            return Err(Problem::Empty { field: Field::Code });
        }
        let first = identity::FirstCode {
            shown: first.shown,
            typed: first.code,
            proof: first.proof,
        };
        let identity = &self.state.identity;
        let codes = self
            .answer(identity.confirm_enrolment(who, first, &self.client))
            .await?;
        self.renew_session().await;
        Ok(codes)
    }

    async fn disable_two_factor(&self, proof: &str) -> Answer<()> {
        let who = self.who()?;
        let proof = self.proof(proof).await?;
        self.answer(
            self.state
                .identity
                .disable_two_factor(who, proof, &self.client),
        )
        .await?;
        self.renew_session().await;
        Ok(())
    }

    async fn renew_recovery_codes(&self, proof: &str) -> Answer<Vec<String>> {
        let who = self.who()?;
        let proof = self.proof(proof).await?;
        let codes = self
            .answer(
                self.state
                    .identity
                    .renew_recovery_codes(who, proof, &self.client),
            )
            .await?;
        self.renew_session().await;
        Ok(codes)
    }
}

impl RequestContext {
    /// The proof that was typed, judged; one must be typed.
    pub(super) async fn proof(&self, typed: &str) -> Answer<Proof> {
        if typed.is_empty() {
            return Err(Problem::Empty {
                field: Field::Proof,
            });
        }
        let identity = &self.state.identity;
        self.answer(identity.prove(self.who()?, typed, &self.client))
            .await
    }
}
