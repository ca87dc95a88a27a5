//! The first step of a sign-in: address and password.

use crate::{
    Client, Error, Identity, Result,
    devices::{device_of, is_still_remembered},
    password_attempts::{PasswordAttempt, clear_password},
    registration::Unconfirmed,
    token_hash, tries,
};
use domain::{
    AccountStatus, DeviceId, Email, Realm, SessionId, SignInId,
    device::{self, is_settled},
    limit::SIGN_INS_PER_ACCOUNT,
    password::Password,
    session::{self, FirstStep, Method, RECENT_PROOF, SecondStep},
    sign_in::{AccountState, AfterFirst, First, FirstStepProof, after_first},
    token::{Purpose, Secret},
};
use store::{Account, Device, Registration, Session, SignIn};
use unit_of_work::{Actor, Error as Common, EventKind, UnitOfWork};

/// Where a sign-in stands after a step.
#[derive(Debug)]
pub enum Progress {
    /// The session is open.
    SignedIn(OpenedSession),
    /// A code is asked for; the token binds the begun sign-in to this browser.
    CodeNeeded(Secret),
    /// The password was right, but the address is not confirmed: the secret is that of a registration
    /// ([`Identity::send_confirmation`]).
    Unconfirmed(Secret),
}

/// A new session and the token that opens it.
#[derive(Debug)]
pub struct OpenedSession {
    /// For the cookie.
    pub token: Secret,
    /// For the cookie of known devices: what this browser is to keep.
    pub devices: Vec<Secret>,
    /// The device that it was opened with.
    pub(crate) device: DeviceId,
    /// The page that was requested before the sign-in.
    pub next: Option<String>,
    /// The session.
    pub session: Box<Session>,
}

/// What is typed on the sign-in page.
pub struct Credentials<'a> {
    /// The address as typed.
    pub email: &'a str,
    /// The password as typed.
    pub password: &'a str,
    /// Where to go afterwards: a path of our own, checked by the caller.
    pub next: Option<String>,
    /// Whether to stay signed in on this device.
    pub stay: bool,
}

/// What was chosen at the first step, kept until the session is opened.
#[derive(Debug, Clone)]
pub(crate) struct SignInOptions {
    /// The page to go to afterwards.
    pub(crate) next: Option<String>,
    /// Whether to stay signed in.
    pub(crate) stay: bool,
}

impl Identity {
    /// Checks address and password.
    ///
    /// # Errors
    /// [`Error::SignInClosed`]; [`Error::BadCredentials`] for every reason alike; [`Error::Locked`], after the right password only; `TooManyTries`,
    /// [`Error::ResetNeeded`]; `Busy`.
    pub async fn sign_in(
        &self,
        realm: &Realm,
        credentials: Credentials<'_>,
        client: &Client,
    ) -> Result<Progress> {
        if !client.signs_in() {
            return Err(Error::SignInClosed);
        }
        let key = Email::parse(credentials.email).map(|email| email.key());
        // An address that cannot exist pays the same as one that does not.
        let key = key.unwrap_or_else(|_| credentials.email.to_lowercase());
        let known = self.known_device(realm, &key, client).await?;
        let attempt = self
            .register_password(realm, &key, known.as_ref(), client)
            .await?;
        let account = self.store.account_by_email(realm, &key).await?;
        let stored = account
            .as_ref()
            .and_then(|account| account.password_hash.as_deref());
        let password = Password::parse(credentials.password);
        let right = self.is_right(password.as_ref(), stored, &attempt).await?;
        if !right {
            if let Some(account) = &account {
                self.count_refused(&account.id);
            }
            let registered = self
                .registration_with(realm, &key, password.as_ref(), &attempt)
                .await?;
            if let Some(registered) = registered {
                self.uncount_password(&attempt).await?;
                let of = Unconfirmed::Registration(&registered);
                let token = self.await_confirmation(of, credentials.next, client);
                return token.await.map(Progress::Unconfirmed);
            }
        }
        let Some(account) = account else {
            return Err(Error::BadCredentials);
        };
        let until = known.and_then(|device| device.remembered_until);
        let remembered = device::is_remembered(self.now(), until);
        let options = SignInOptions {
            next: credentials.next,
            stay: credentials.stay,
        };
        let progress = match after_first(
            First::Password { right },
            account_state(&account),
            remembered,
        ) {
            AfterFirst::Refused => return Err(Error::BadCredentials),
            AfterFirst::Unconfirmed => {
                let of = Unconfirmed::Account(&account);
                self.uncount_password(&attempt).await?;
                let token = self.await_confirmation(of, options.next, client);
                return token.await.map(Progress::Unconfirmed);
            }
            AfterFirst::Locked => return Err(self.no_guess(&attempt, Error::Locked).await?),
            AfterFirst::SignedIn(method) => {
                let opened = self.enter(&account, (method, options), &attempt, client);
                opened.await.map(Progress::SignedIn)
            }
            AfterFirst::AskCode => {
                let token = self.await_code(&account, options, &attempt, client);
                token.await.map(Progress::CodeNeeded)
            }
        };
        let progress = match progress {
            Err(error @ Error::Common(Common::Store(_))) => return Err(error),
            Err(error) => {
                // No guess, but a hash: it is not given back to the network.
                self.forgive_password(&attempt).await?;
                return Err(error);
            }
            Ok(progress) => progress,
        };
        self.renew_hash(&account, credentials.password).await?;
        Ok(progress)
    }

    async fn is_right(
        &self,
        password: Option<&Password>,
        stored: Option<&str>,
        attempt: &PasswordAttempt,
    ) -> Result<bool> {
        match password {
            Some(password) => self.verify_queued(password, stored, attempt).await,
            None => Ok(false),
        }
    }

    /// The newest registration of an address that waits for its confirmation, if this is its password.
    ///
    /// After every wrong password it costs as much, whether there is an account, a registration or neither: so neither the
    /// answer nor its time tells somebody who has registered the address of another person whether that person has an
    /// account.
    async fn registration_with(
        &self,
        realm: &Realm,
        email_key: &str,
        password: Option<&Password>,
        attempt: &PasswordAttempt,
    ) -> Result<Option<Registration>> {
        // Nobody registers for the back office.
        if *realm == Realm::BackOffice {
            return Ok(None);
        }
        let found = self.unconfirmed_registration(realm, email_key).await?;
        let stored = found.as_ref().map(|found| found.password_hash.as_str());
        let right = self.is_right(password, stored, attempt).await?;
        Ok(found.filter(|_| right))
    }

    /// Why an account cannot be signed in to, after a right password: the try was no guess.
    async fn no_guess(&self, attempt: &PasswordAttempt, why: Error) -> Result<Error> {
        let mut work = self.begin(Actor::Owner, Client::none()).await?;
        clear_password(&mut work, attempt).await?;
        work.commit().await?;
        Ok(why)
    }

    /// A try that was not evaluated because the queue was full does not count.
    async fn verify_queued(
        &self,
        password: &Password,
        stored: Option<&str>,
        attempt: &PasswordAttempt,
    ) -> Result<bool> {
        let result = self.hasher.verify(password, stored, attempt.lane()).await;
        if matches!(result, Err(Common::Busy)) {
            self.withdraw_password(attempt).await?;
        }
        Ok(result?)
    }

    /// Opens a session that needs no code, after looking once more.
    async fn enter(
        &self,
        account: &Account,
        (method, options): (Method, SignInOptions),
        attempt: &PasswordAttempt,
        client: &Client,
    ) -> Result<OpenedSession> {
        let mut work = self.begin(Actor::Owner, client).await?;
        let current = work.lock_account(&account.id).await?;
        if current.as_ref().map(account_state) != Some(account_state(account)) {
            return Err(changed_meanwhile(current.as_ref()));
        }
        let by_device = method.second == Some(SecondStep::RememberedDevice);
        if by_device && !is_still_remembered(&mut work, account).await? {
            return Err(Error::BadCredentials);
        }
        let opened = self
            .open_session(&mut work, account, (method, options))
            .await?;
        clear_password(&mut work, attempt).await?;
        work.commit().await?;
        Ok(opened)
    }

    /// Records that the password was right, and that a code is awaited.
    async fn await_code(
        &self,
        account: &Account,
        options: SignInOptions,
        attempt: &PasswordAttempt,
        client: &Client,
    ) -> Result<Secret> {
        let mut work = self.begin(Actor::Owner, client).await?;
        // What ends unfinished sign-ins locks the account too, so neither can miss the other.
        let current = work.lock_account(&account.id).await?;
        if current.as_ref().map(account_state) != Some(account_state(account)) {
            return Err(changed_meanwhile(current.as_ref()));
        }
        let step = (FirstStep::Password, options);
        let token = self.begin_sign_in(&mut work, account, step).await?;
        clear_password(&mut work, attempt).await?;
        work.commit().await?;
        Ok(token)
    }

    /// Writes down that a first step was right and a code is awaited, for an account that this
    /// transaction has locked. The token binds it to this browser.
    pub(crate) async fn begin_sign_in(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        (first, options): (FirstStep, SignInOptions),
    ) -> Result<Secret> {
        let bucket = match self.settled_device(work, account).await? {
            Some(device) => tries::device_begun(&device.id),
            None => tries::begun(&account.id),
        };
        let granted = work.take(&bucket, SIGN_INS_PER_ACCOUNT, self.now()).await?;
        granted.map_err(|wait| Common::TooManyTries { wait })?;
        let token = self.new_secret();
        let since = account_state(account).since(first);
        let sign_in = SignIn {
            id: SignInId::new(&*self.clock, &*self.entropy),
            realm: account.realm.clone(),
            account_id: account.id.clone(),
            proof: FirstStepProof {
                first,
                since: since.ok_or(Error::BadCredentials)?,
            },
            wrong_codes: 0,
            next: options.next,
            stay: options.stay,
            created_at: self.now(),
        };
        work.insert_sign_in(&sign_in, &token_hash(&token)).await?;
        Ok(token)
    }

    /// The one place where a session is made: always with a new token (ASVS 7.2.4).
    ///
    /// # Errors
    /// `TooManyTries` when the account was signed in to too often of late.
    pub(crate) async fn open_session(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        (method, options): (Method, SignInOptions),
    ) -> Result<OpenedSession> {
        let client = work.client();
        let bucket = match self.settled_device(work, account).await? {
            Some(device) => tries::device_sign_ins(&device.id),
            None => tries::sign_ins(&account.id),
        };
        let granted = work.take(&bucket, SIGN_INS_PER_ACCOUNT, self.now()).await?;
        granted.map_err(|wait| Common::TooManyTries { wait })?;
        let recognised = self.recognise(work, account).await?;
        let token = self.new_secret();
        let now = self.now();
        let knows_nothing = account.password_hash.is_none() && !account.second_factor;
        let proved_at = if session::is_proof(method, knows_nothing) {
            now
        } else {
            now.minus(RECENT_PROOF)
        };
        let session = Session {
            id: SessionId::new(&*self.clock, &*self.entropy),
            realm: account.realm.clone(),
            account_id: account.id.clone(),
            method,
            created_at: now,
            proved_at,
            last_seen_at: now,
            network: client.network.clone(),
            user_agent: client.device.clone(),
            project: client.project.as_ref().map(|door| door.1.slug.to_string()),
            stay: options.stay,
        };
        work.insert_session(&session, &token_hash(&token)).await?;
        // The password is not forgotten after all: an unneeded link is a risk.
        work.void_tokens(&account.id, Purpose::PasswordReset, now)
            .await?;
        work.log(&account.id, EventKind::SignedIn).await?;
        Ok(OpenedSession {
            token,
            devices: recognised.tokens,
            device: recognised.device,
            next: options.next,
            session: Box::new(session),
        })
    }

    /// The device of this transaction, where the account has known it for a day. It has limits of its own: somebody with
    /// the password must not keep the owner from signing in there.
    async fn settled_device(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
    ) -> Result<Option<Device>> {
        let device = device_of(work, account).await?.map(|(_, device)| device);
        Ok(device.filter(|device| is_settled(self.now(), device.created_at)))
    }

    /// Hashes the password again when the cost was raised since it was set.
    async fn renew_hash(&self, account: &Account, typed: &str) -> Result<()> {
        let (Some(old), Some(password)) = (&account.password_hash, Password::parse(typed)) else {
            return Ok(());
        };
        if self.hasher.is_outdated(old) {
            // A full hash queue must not fail the sign-in; the next one renews the hash.
            if let Ok(new) = self.hasher.hash(&password).await {
                let mut tx = self.store.begin().await?;
                tx.upgrade_password_hash(&account.id, old, &new).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

/// Why an account that was another one a moment ago cannot be signed in to; the password was right then.
fn changed_meanwhile(current: Option<&Account>) -> Error {
    match current {
        Some(current) if current.status == AccountStatus::Locked => Error::Locked,
        _ => Error::BadCredentials,
    }
}

/// What the rules need to know of an account.
pub(crate) fn account_state(account: &Account) -> AccountState {
    AccountState {
        status: account.status,
        password_set_at: account.password_set_at,
        linked: account.linked,
        confirmed: account.email_confirmed_at.is_some(),
        second_factor: account.second_factor,
    }
}
