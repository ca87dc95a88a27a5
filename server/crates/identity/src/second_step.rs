//! The second step of a sign-in: a code of the authenticator application, or a recovery code.

use crate::{
    Client, Error, Identity, OpenedSession, Result,
    code_attempts::CountedAttempt,
    codes::{TypedCode, VerifiedCode},
    devices,
    sign_in::{SignInOptions, account_state},
    token_hash,
};
use domain::{
    Realm,
    session::{Method, SecondStep},
    sign_in::{MAX_WRONG_CODES, Pending},
    token::Secret,
};
use store::{Account, SignIn};
use unit_of_work::{Actor, Error as Common};

/// A sign-in that waits for a code, as its page shows it.
#[derive(Debug)]
pub struct PendingSignIn {
    /// The address of the account: it was typed a moment ago in this browser.
    pub email: String,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
}

/// What is given at the second step.
#[derive(Clone, Copy)]
pub struct GivenCode<'a> {
    /// The code as typed.
    pub typed: &'a str,
    /// Whether to remember this device.
    pub remember: bool,
}

impl Identity {
    /// The sign-in that `token` belongs to, while it can still be finished.
    pub async fn pending_sign_in(
        &self,
        realm: &Realm,
        token: &Secret,
    ) -> Result<Option<PendingSignIn>> {
        let Some((_, account)) = self.open_sign_in(realm, token).await? else {
            return Ok(None);
        };
        Ok(Some(PendingSignIn {
            recovery_codes_left: self.store.recovery_codes_left(&account.id).await?,
            email: account.email,
        }))
    }

    /// Verifies a code and opens the session. With `remember`, no code is asked for on this device for a
    /// while; a recovery code never remembers the device.
    ///
    /// # Errors
    /// [`Error::NoSignIn`] when there is nothing to finish; [`Error::NotACode`],
    /// [`Error::CodeRejected`], `TooManyTries`, [`Error::CodesClosed`], `Busy`.
    pub async fn give_code(
        &self,
        realm: &Realm,
        token: &Secret,
        code: GivenCode<'_>,
        client: &Client,
    ) -> Result<OpenedSession> {
        let open = self.open_sign_in(realm, token).await?;
        let (sign_in, account) = open.ok_or(Error::NoSignIn)?;
        let typed = TypedCode::parse(code.typed).ok_or(Error::NotACode)?;
        let (attempt, verified) = self.verify_counted_code(&account, typed, client).await?;
        let opened = match verified {
            Some(verified) => {
                let given = (&attempt, verified, code.remember);
                match self.finish(&sign_in, given, client).await {
                    Err(error @ Error::Common(Common::TooManyTries { .. })) => {
                        // The code was right.
                        let mut work = self.begin(Actor::Unknown, client).await?;
                        attempt.clear(&mut work).await?;
                        work.commit().await?;
                        return Err(error);
                    }
                    finished => finished?,
                }
            }
            None => None,
        };
        match opened {
            Some(opened) => Ok(opened),
            None => Err(self
                .refuse_code((&sign_in, &account), &attempt, client)
                .await?),
        }
    }

    async fn open_sign_in(
        &self,
        realm: &Realm,
        token: &Secret,
    ) -> Result<Option<(SignIn, Account)>> {
        let Some(sign_in) = self
            .store
            .sign_in_by_token(realm, &token_hash(token))
            .await?
        else {
            return Ok(None);
        };
        let Some(account) = self.store.account(&sign_in.account_id).await? else {
            return Ok(None);
        };
        let open = pending(&sign_in).is_open(self.now(), account_state(&account));
        Ok(open.then_some((sign_in, account)))
    }

    /// Opens the session, if everything that earlier steps relied on still holds.
    async fn finish(
        &self,
        sign_in: &SignIn,
        (attempt, verified, remember): (&CountedAttempt, VerifiedCode, bool),
        client: &Client,
    ) -> Result<Option<OpenedSession>> {
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_account(&sign_in.account_id).await?;
        let account = account.ok_or(Error::NoSignIn)?;
        if !pending(sign_in).is_open(self.now(), account_state(&account)) {
            return Err(Error::NoSignIn);
        }
        let used = verified.consume(&mut work, &account).await?;
        if !used || !work.finish_sign_in(&sign_in.id, self.now()).await? {
            return Ok(None);
        }
        let second = match verified {
            VerifiedCode::Totp(_) => SecondStep::Code,
            VerifiedCode::Recovery(_) => SecondStep::RecoveryCode,
        };
        let method = Method {
            first: sign_in.proof.first,
            second: Some(second),
        };
        let options = SignInOptions {
            next: sign_in.next.clone(),
            stay: sign_in.stay,
        };
        let opened = self
            .open_session(&mut work, &account, (method, options))
            .await?;
        if remember && second == SecondStep::Code {
            devices::remember(&mut work, &account, &opened.device).await?;
        }
        attempt.clear(&mut work).await?;
        work.commit().await?;
        Ok(Some(opened))
    }

    /// Counts a wrong code; after the last one the sign-in is closed. The owner is notified by the count
    /// of the account, which covers all sign-ins.
    async fn refuse_code(
        &self,
        (sign_in, account): (&SignIn, &Account),
        attempt: &CountedAttempt,
        client: &Client,
    ) -> Result<Error> {
        let mut work = self.begin(Actor::Unknown, client).await?;
        work.lock_account(&account.id).await?;
        let wrong = work.count_wrong_code(&sign_in.id).await?;
        if wrong == u32::MAX {
            attempt.withdraw(&mut work).await?;
        } else {
            attempt.notify(&mut work, account).await?;
            self.count_refused(&account.id);
        }
        work.commit().await?;
        Ok(if wrong >= MAX_WRONG_CODES {
            Error::NoSignIn
        } else {
            Error::CodeRejected
        })
    }
}

fn pending(sign_in: &SignIn) -> Pending {
    Pending {
        created_at: sign_in.created_at,
        proof: sign_in.proof,
        wrong_codes: sign_in.wrong_codes,
    }
}
