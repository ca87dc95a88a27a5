//! Two-factor authentication of one's own account.

use super::{RequestContext, password};
use async_trait::async_trait;
use contract::{
    Answer, Enrolment, Field, FirstCode, Problem, TwoFactorDone, TwoFactorPort, TwoFactorState,
    UnsavedCodes,
};
use domain::Timestamp;
use identity::{Enabled, FactorState, Proof};

#[async_trait]
impl TwoFactorPort for RequestContext {
    async fn two_factor(&self) -> Answer<TwoFactorState> {
        let state = self.state.identity.factor_state(self.who()?);
        Ok(match self.answer(state).await? {
            FactorState::Off { needs_proof } => TwoFactorState::Off { needs_proof },
            FactorState::On {
                since,
                last_used,
                recovery_codes_left,
                phone_missing,
                password_is_enough,
                password_stands_alone,
            } => TwoFactorState::On {
                since: self.day(since),
                last_used: self.moment(last_used),
                recovery_codes_left,
                phone_missing,
                takes_password: password_is_enough,
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
            replaces: found.replaces,
            email: who.account.email.clone(),
            mark: found.mark,
        }))
    }

    async fn begin_two_factor(&self, proof: &str) -> Answer<()> {
        let who = self.who()?;
        if who.account.second_factor && proof.is_empty() {
            return Err(Problem::Empty {
                field: Field::Proof,
            });
        }
        let identity = &self.state.identity;
        self.answer(identity.begin_enrolment(who, proof, &self.client))
            .await?;
        if !proof.is_empty() {
            self.renew_session().await;
        }
        Ok(())
    }

    async fn cancel_two_factor(&self) -> Answer<()> {
        self.answer(self.state.identity.cancel_enrolment(self.who()?))
            .await
    }

    async fn enable_two_factor(&self, first: FirstCode<'_>) -> Answer<TwoFactorDone> {
        let who = self.who()?;
        if first.code.trim().is_empty() {
            return Err(Problem::Empty { field: Field::Code });
        }
        let first = identity::FirstCode {
            shown: first.shown,
            typed: first.code,
        };
        let identity = &self.state.identity;
        let enabled = self
            .answer(identity.confirm_enrolment(who, first, &self.client))
            .await?;
        self.renew_session().await;
        Ok(match enabled {
            Enabled::First => TwoFactorDone::On,
            Enabled::Replaced => TwoFactorDone::PhoneReplaced,
        })
    }

    async fn disable_two_factor(&self, proof: &str) -> Answer<()> {
        let who = self.who()?;
        let proof = self.proof_with_factor(proof).await?;
        self.answer(
            self.state
                .identity
                .disable_two_factor(who, proof, &self.client),
        )
        .await?;
        self.renew_session().await;
        Ok(())
    }

    async fn renew_recovery_codes(&self, proof: &str) -> Answer<()> {
        let who = self.who()?;
        let proof = self.proof_with_factor(proof).await?;
        self.answer(
            self.state
                .identity
                .renew_recovery_codes(who, proof, &self.client),
        )
        .await?;
        self.renew_session().await;
        Ok(())
    }

    async fn unsaved_codes(&self) -> Answer<Option<UnsavedCodes>> {
        let who = self.who()?;
        let found = self.state.identity.unsaved_codes(who);
        let site = &self.state.site;
        Ok(self.answer(found).await?.map(|(codes, made)| UnsavedCodes {
            codes,
            site: format!("{} – {}", site.brand, site.public_url),
            email: who.account.email.clone(),
            made: self.day(made),
            mark: made.as_millis().to_string(),
        }))
    }

    async fn recovery_codes_saved(&self, mark: &str) -> Answer<bool> {
        let who = self.who()?;
        let Ok(made) = mark.parse() else {
            return Ok(false);
        };
        let made = Timestamp::from_millis(made);
        self.answer(self.state.identity.recovery_codes_saved(who, made))
            .await
    }
}

impl RequestContext {
    /// The proof for a change to the second factor, judged; one must be typed.
    async fn proof_with_factor(&self, typed: &str) -> Answer<Proof> {
        if typed.is_empty() {
            return Err(Problem::Empty {
                field: Field::Proof,
            });
        }
        let identity = &self.state.identity;
        self.answer(identity.prove_with_factor(self.who()?, typed, &self.client))
            .await
    }

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
