//! Judging a password while it is typed.

use super::Scope;
use async_trait::async_trait;
use contract::{Answer, PasswordPort, Verdict};
use domain::password::Weakness;
use identity::Error;

#[async_trait]
impl PasswordPort for Scope {
    async fn judge_password(&self, typed: &str, token: &str) -> Answer<Verdict> {
        let identity = &self.state.identity;
        let judged = identity
            .judge_password(typed, token, self.signed_in.as_ref(), &self.client)
            .await;
        match judged {
            Ok(()) => Ok(Verdict::Good),
            Err(Error::Weak(Weakness::TooShort { .. })) => Ok(Verdict::TooShort),
            Err(Error::Weak(Weakness::TooLong)) => Ok(Verdict::TooLong),
            Err(Error::Weak(Weakness::Personal)) => Ok(Verdict::Personal),
            Err(Error::Weak(Weakness::Common | Weakness::Leaked)) => Ok(Verdict::Common),
            Err(Error::Weak(Weakness::Guessable)) => Ok(Verdict::Guessable),
            Err(error) => Err(self.problem(error)),
        }
    }
}
