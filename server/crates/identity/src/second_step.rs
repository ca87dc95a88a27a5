//! The second step of a sign-in: a code of the authenticator application, or a recovery code.

use crate::{
    Client, Error, Event, Identity, OpenedSession, Result,
    code_guesses::CodeTry,
    second_factor::TWO_FACTOR,
    sign_in::{Wishes, account_state},
    token_hash,
};
use domain::{
    Realm,
    recovery_code::RecoveryCode,
    session::{Method, SecondStep},
    sign_in::{MAX_WRONG_CODES, Pending},
    token::Secret,
    totp::{Step, TotpCode},
};
use mail::{Message, RecoveryCodeUsed};
use store::{Account, SignIn, Tx};

/// A sign-in that waits for a code, as its page shows it.
#[derive(Debug)]
pub struct PendingSignIn {
    /// The address of the account: the person typed it a moment ago in this browser.
    pub email: String,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
}

/// What is given at the second step.
#[derive(Clone, Copy)]
pub struct GivenCode<'a> {
    /// The code as typed.
    pub typed: &'a str,
    /// Whether this browser is not to be asked for a code for a while.
    pub remember: bool,
}

/// What was typed into the field for a code.
pub(crate) enum Typed {
    Totp(TotpCode),
    Recovery(RecoveryCode),
}

impl Typed {
    /// Reads a code; the two kinds cannot be confused, having six and sixteen characters.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        TotpCode::parse(typed)
            .map(Self::Totp)
            .or_else(|| RecoveryCode::parse(typed).map(Self::Recovery))
    }
}

/// A code that was judged right and must now be used up, in the transaction that acts on it.
pub(crate) enum Judged {
    Totp(Step),
    Recovery(Vec<u8>),
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

    /// Takes a code and opens the session. With `remember`, this browser is not asked for a code
    /// for a while; a recovery code remembers nothing.
    ///
    /// # Errors
    /// [`Error::NoSignIn`] when there is nothing to finish; [`Error::NotACode`],
    /// [`Error::CodeRejected`], [`Error::TooManyTries`], [`Error::CodesClosed`], [`Error::Busy`].
    pub async fn give_code(
        &self,
        realm: &Realm,
        token: &Secret,
        code: GivenCode<'_>,
        client: &Client,
    ) -> Result<OpenedSession> {
        let open = self.open_sign_in(realm, token).await?;
        let (sign_in, account) = open.ok_or(Error::NoSignIn)?;
        let typed = Typed::parse(code.typed).ok_or(Error::NotACode)?;
        let (tried, judged) = self.judge_code(&account, typed, client).await?;
        let opened = match judged {
            Some(judged) => {
                let given = (&tried, judged, code.remember);
                self.finish(&sign_in, given, client).await?
            }
            None => None,
        };
        match opened {
            Some(opened) => Ok(opened),
            None => Err(self
                .refuse_code((&sign_in, &account), &tried, client)
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

    /// Whether a code is right, without any limit; nothing is used up yet.
    pub(crate) async fn judge(&self, account: &Account, typed: Typed) -> Result<Option<Judged>> {
        match typed {
            Typed::Totp(code) => {
                let Some(factor) = self.store.totp_factor(&account.id).await? else {
                    return Ok(None);
                };
                let secret = self.open_secret(&account.id, &factor.secret_sealed)?;
                let last = Step::from_number(factor.last_step);
                Ok(secret
                    .check(&code, self.now(), Some(last))
                    .map(Judged::Totp))
            }
            Typed::Recovery(code) => {
                let Some(parameters) = self.store.recovery_parameters(&account.id).await? else {
                    return Ok(None);
                };
                let hash = self
                    .hasher
                    .hash_with(&parameters, code.as_str().as_bytes())
                    .await?;
                Ok(Some(Judged::Recovery(hash)))
            }
        }
    }

    /// Uses a judged code up. Of any number of callers with one code, one gets `true`.
    pub(crate) async fn use_up(
        &self,
        tx: &mut Tx,
        account: &Account,
        judged: &Judged,
        client: &Client,
    ) -> Result<bool> {
        let now = self.now();
        match judged {
            Judged::Totp(step) => Ok(tx.use_totp_step(&account.id, step.number(), now).await?),
            Judged::Recovery(hash) => {
                if !tx.use_recovery_code(&account.id, hash, now).await? {
                    return Ok(false);
                }
                // Her telephone may be lost, and a remembered browser with it.
                tx.forget_devices(&account.id).await?;
                let left = tx.recovery_codes_left(&account.id).await?;
                let event = Event::RecoveryCodeUsed;
                let notice = self.notice(tx, account, client, event, TWO_FACTOR).await?;
                let message = Message::RecoveryCodeUsed(RecoveryCodeUsed { notice, left });
                self.write_mail(tx, account, &message).await?;
                self.log(tx, &account.id, Some(&account.id), event, client)
                    .await?;
                Ok(true)
            }
        }
    }

    /// Makes the session, if everything that earlier steps relied on still holds.
    async fn finish(
        &self,
        sign_in: &SignIn,
        (tried, judged, remember): (&CodeTry, Judged, bool),
        client: &Client,
    ) -> Result<Option<OpenedSession>> {
        let mut tx = self.store.begin().await?;
        tx.lock_account(&sign_in.account_id).await?;
        let account = tx
            .account(&sign_in.account_id)
            .await?
            .ok_or(Error::NoSignIn)?;
        if !pending(sign_in).is_open(self.now(), account_state(&account)) {
            return Err(Error::NoSignIn);
        }
        let used = self.use_up(&mut tx, &account, &judged, client).await?;
        if !used || !tx.finish_sign_in(&sign_in.id, self.now()).await? {
            return Ok(None);
        }
        let second = match judged {
            Judged::Totp(_) => SecondStep::Code,
            Judged::Recovery(_) => SecondStep::RecoveryCode,
        };
        let method = Method {
            first: sign_in.proof.first,
            second: Some(second),
        };
        let wishes = Wishes {
            next: sign_in.next.clone(),
            stay: sign_in.stay,
        };
        let opened = self
            .open_session(&mut tx, &account, (method, wishes), client)
            .await?;
        if remember && second == SecondStep::Code {
            self.remember(&mut tx, &account, &opened.device, client)
                .await?;
        }
        self.forgive_codes(&mut tx, tried).await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(Some(opened))
    }

    /// Counts a wrong code; after the last one the sign-in is closed. The owner is told by the count of
    /// the account: nobody need fill that of one sign-in.
    async fn refuse_code(
        &self,
        (sign_in, account): (&SignIn, &Account),
        tried: &CodeTry,
        client: &Client,
    ) -> Result<Error> {
        let mut tx = self.store.begin().await?;
        tx.lock_account(&account.id).await?;
        let wrong = tx.count_wrong_code(&sign_in.id).await?;
        if wrong == u32::MAX {
            self.take_code_back(&mut tx, tried).await?;
        } else {
            self.write_of_codes(&mut tx, account, tried, client).await?;
        }
        tx.commit().await?;
        self.ring_mail_bell();
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
