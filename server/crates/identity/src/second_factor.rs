//! Two-factor authentication of the user's account: enabled, disabled, and new recovery codes.

use crate::{
    Client, Error, Identity, Proof, Result, SignedIn,
    code_attempts::{Counted, clear_counts},
    codes::factor_place,
    devices::{delete_devices, device_of},
};
use domain::{
    AccountId, Duration, Timestamp, paths,
    recovery_code::RecoveryCode,
    retention::UNSAVED_CODES,
    session,
    totp::{Enrolment as Check, Step, TotpCode, TotpSecret},
};
use fast_qr::{
    ECL, QRBuilder,
    convert::{Builder as _, svg::SvgBuilder},
};
use mail::{How, Message, Notice, TwoFactorDisabled};
use store::{TotpEnrolment, TotpFactor, UnsavedCodes};
use unit_of_work::{Actor, Error as Common, EventKind, UnitOfWork, hashed};
use zeroize::Zeroizing;

/// A secret that is not confirmed expires after this time.
const ENROLMENT_LIFETIME: Duration = Duration::from_mins(30);

/// The second factor of an account, as its settings show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorState {
    /// There is none.
    Off {
        /// Whether a proof is needed to set one up, the last one being too old.
        needs_proof: bool,
    },
    /// An authenticator application is set up.
    On {
        /// Since when.
        since: Timestamp,
        /// When a code was last accepted.
        last_used: Timestamp,
        /// How many recovery codes are left.
        recovery_codes_left: u32,
        /// Whether a recovery code was used and no code of the application since: the phone may be lost.
        phone_missing: bool,
        /// Whether the password proves enough in this session to change it; if not, a code is asked for.
        password_is_enough: bool,
        /// Whether the password may be the only factor; if not, a longer one comes before
        /// switching this one off.
        password_stands_alone: bool,
    },
}

/// What an authenticator application needs.
pub struct Enrolling {
    /// A QR code as SVG, dark on light, with its quiet zone.
    pub qr_svg: String,
    /// The same secret to be typed, in groups of four.
    pub secret_text: Zeroizing<String>,
    /// The same as an address that opens an application on the same phone.
    pub otpauth_url: Zeroizing<String>,
    /// Whether it replaces the authenticator application that is set up.
    pub replaces: bool,
    /// Tells this set-up from another one, without saying anything about the secret.
    pub mark: String,
}

/// What is typed to confirm a set-up.
#[derive(Clone, Copy)]
pub struct FirstCode<'a> {
    /// The [`Enrolling::mark`] of the page; empty when it names none.
    pub shown: &'a str,
    /// The code as typed.
    pub typed: &'a str,
}

/// What the first code of an authenticator application has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enabled {
    /// Two-factor is on, and the recovery codes are made: see [`Identity::unsaved_codes`].
    First,
    /// It replaces the one before; the recovery codes stay.
    Replaced,
}

impl Identity {
    /// Whether two-factor is on, and since when.
    pub async fn factor_state(&self, who: &SignedIn) -> Result<FactorState> {
        let id = &who.account.id;
        Ok(match self.store.totp_factor(id).await? {
            None => FactorState::Off {
                needs_proof: !session::is_recent_proof(self.now(), who.session.proved_at),
            },
            Some(factor) => FactorState::On {
                phone_missing: self.store.is_phone_missing(id).await?,
                password_is_enough: self.password_is_enough(who).await?,
                since: factor.confirmed_at,
                last_used: factor.last_used_at,
                recovery_codes_left: self.store.recovery_codes_left(id).await?,
                password_stands_alone: who.account.password_stands_alone,
            },
        })
    }

    /// Generates a secret for this session to confirm. It replaces an earlier unconfirmed one. Where an authenticator
    /// application is set up, it goes on protecting the account until the secret is confirmed.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`] without a factor, when the last proof is too old; otherwise as
    /// [`Identity::prove_with_factor`]. [`Error::Unchanged`] when the factor was set up or removed meanwhile.
    pub async fn begin_enrolment(
        &self,
        who: &SignedIn,
        proof: &str,
        client: &Client,
    ) -> Result<()> {
        let replaces = who.account.second_factor;
        let proof = if replaces {
            self.prove_with_factor(who, proof, client).await?
        } else {
            self.prove_unless_recent(who, proof, client).await?
        };
        let secret = TotpSecret::generate(&*self.entropy);
        let place = enrolment_place(&who.account.id);
        let enrolment = TotpEnrolment {
            account_id: who.account.id.clone(),
            session_id: who.session.id.clone(),
            secret_sealed: self.seal(&place, secret.as_bytes()),
            created_at: self.now(),
        };
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        if account.second_factor != replaces {
            return Err(Error::Unchanged);
        }
        proof.consume(&mut work, &account, who).await?;
        work.put_totp_enrolment(&enrolment).await?;
        Ok(work.commit().await?)
    }

    /// Deletes the unconfirmed secret.
    pub async fn cancel_enrolment(&self, who: &SignedIn) -> Result<()> {
        let mut tx = self.store.begin().await?;
        tx.delete_totp_enrolment(&who.account.id).await?;
        Ok(tx.commit().await?)
    }

    /// The enrolment that is open in this session, if any.
    pub async fn enrolling(&self, who: &SignedIn) -> Result<Option<Enrolling>> {
        let Some((_, secret)) = self.open_enrolment(who).await? else {
            return Ok(None);
        };
        let url = secret.to_otpauth_url(&self.settings.brand, &who.account.email);
        Ok(Some(Enrolling {
            qr_svg: qr_svg(&url)?,
            secret_text: secret.to_grouped_text(),
            otpauth_url: url,
            replaces: who.account.second_factor,
            mark: mark_of(&secret),
        }))
    }

    /// Enables two-factor with the first code of an authenticator application, or replaces the one before.
    ///
    /// # Errors
    /// [`Error::NotEnrolling`], [`Error::Outdated`], [`Error::NotACode`], [`Error::CodeRejected`], [`Error::ClockOff`],
    /// [`Error::Unchanged`] when the secret was confirmed meanwhile; `Busy`.
    pub async fn confirm_enrolment(
        &self,
        who: &SignedIn,
        first: FirstCode<'_>,
        client: &Client,
    ) -> Result<Enabled> {
        let open = self.open_enrolment(who).await?;
        let (enrolment, secret) = open.ok_or(Error::NotEnrolling)?;
        // A page of an earlier set-up shows another secret: its code would be called wrong.
        if !first.shown.is_empty() && first.shown != mark_of(&secret) {
            return Err(Error::Outdated);
        }
        let code = TotpCode::parse(first.typed).ok_or(Error::NotACode)?;
        let step = match secret.check_enrolment(&code, self.now()) {
            Check::Accepted(step) => step,
            Check::ClockOff { seconds } => return Err(Error::ClockOff { seconds }),
            Check::Wrong => return Err(Error::CodeRejected),
        };
        let set = if who.account.second_factor {
            None
        } else {
            Some(self.draw_recovery_codes().await?)
        };
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        // It is the one that was looked at: another window may have confirmed it, or begun a new one.
        let id = &account.id;
        if work.totp_enrolment(id).await? != Some(enrolment)
            || account.second_factor == set.is_some()
        {
            return Err(Error::Unchanged);
        }
        work.delete_totp_enrolment(id).await?;
        self.put_factor(&mut work, id, &secret, step).await?;
        if set.is_some() {
            // Each device has tries of its own, and somebody who had the password can have made any number.
            let here = device_of(&mut work, &account).await?;
            let here = here.map(|(_, device)| device.id);
            delete_devices(&mut work, id, here.as_ref()).await?;
        }
        // They were about another secret.
        clear_counts(&mut work, id, &Counted::OF_CODES).await?;
        work.end_sessions(id, Some(&who.session.id)).await?;
        let (enabled, event, message): (_, _, fn(Notice) -> Message) = if let Some(set) = &set {
            self.put_recovery_codes(&mut work, who, set).await?;
            let event = EventKind::TwoFactorEnabled;
            (Enabled::First, event, Message::TwoFactorEnabled)
        } else {
            let event = EventKind::PhoneReplaced;
            (Enabled::Replaced, event, Message::PhoneReplaced)
        };
        work.notify(&account, event, paths::TWO_FACTOR, message)
            .await?;
        work.commit().await?;
        Ok(enabled)
    }

    /// Makes a confirmed secret the second factor of an account, in place of an earlier one.
    async fn put_factor(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &AccountId,
        secret: &TotpSecret,
        step: Step,
    ) -> Result<()> {
        let now = self.now();
        let factor = TotpFactor {
            account_id: account.clone(),
            secret_sealed: self.seal(&factor_place(account), secret.as_bytes()),
            confirmed_at: now,
            last_step: step.number(),
            last_used_at: now,
        };
        work.delete_totp_factor(account).await?;
        Ok(work.insert_totp_factor(&factor).await?)
    }

    /// Disables two-factor; the secret and the recovery codes are deleted.
    ///
    /// # Errors
    /// [`Error::PasswordNeedsFactor`] for a password that was only good enough beside it (NIST SP
    /// 800-63B-4: 15 characters alone, 8 beside another factor); the proof is not used up then.
    /// [`Error::ProofRejected`], [`Error::Unchanged`], `SessionEnded`.
    pub async fn disable_two_factor(
        &self,
        who: &SignedIn,
        proof: Proof,
        client: &Client,
    ) -> Result<()> {
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        if account.second_factor && !account.password_stands_alone {
            return Err(Error::PasswordNeedsFactor);
        }
        proof.consume(&mut work, &account, who).await?;
        if !work.delete_totp_factor(&who.account.id).await? {
            return Err(Error::Unchanged);
        }
        work.delete_recovery_codes(&who.account.id).await?;
        work.end_sessions(&who.account.id, Some(&who.session.id))
            .await?;
        work.notify(
            &account,
            EventKind::TwoFactorDisabled,
            paths::TWO_FACTOR,
            switched_off,
        )
        .await?;
        work.commit().await?;
        Ok(())
    }

    /// Generates ten new recovery codes; the old ones are void from now on. See [`Self::unsaved_codes`].
    pub async fn renew_recovery_codes(
        &self,
        who: &SignedIn,
        proof: Proof,
        client: &Client,
    ) -> Result<()> {
        let set = self.draw_recovery_codes().await?;
        let id = &who.account.id;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        proof.consume(&mut work, &account, who).await?;
        if work.totp_factor(id).await?.is_none() {
            return Err(Error::Unchanged);
        }
        self.put_recovery_codes(&mut work, who, &set).await?;
        work.notify(
            &account,
            EventKind::RecoveryCodesMade,
            paths::TWO_FACTOR,
            Message::RecoveryCodesMade,
        )
        .await?;
        work.commit().await?;
        Ok(())
    }

    /// The recovery codes that were made in this session, until [`Self::recovery_codes_saved`], for an hour at most: a
    /// session that was left open must not show them. With the time at which they were made.
    pub async fn unsaved_codes(&self, who: &SignedIn) -> Result<Option<(Vec<String>, Timestamp)>> {
        let id = &who.account.id;
        let unsaved = self.store.unsaved_codes(id, &who.session.id).await?;
        let is_shown = |made| self.now().since(made) < UNSAVED_CODES;
        let Some(unsaved) = unsaved.filter(|unsaved| is_shown(unsaved.created_at)) else {
            return Ok(None);
        };
        let plain = self.vault.open(&unsaved_place(id), &unsaved.sealed);
        let text = plain.and_then(|plain| String::from_utf8(plain.to_vec()).ok());
        let text = text.ok_or(Common::Broken("recovery codes cannot be decrypted"))?;
        let codes = text.lines().map(str::to_owned).collect();
        Ok(Some((codes, unsaved.created_at)))
    }

    /// Forgets the codes that were made in this session at that time; only their hashes remain. False where another tab
    /// has made newer ones, which stay.
    pub async fn recovery_codes_saved(&self, who: &SignedIn, made: Timestamp) -> Result<bool> {
        let mut tx = self.store.begin().await?;
        let saved = tx
            .codes_saved(&who.account.id, &who.session.id, made)
            .await?;
        tx.commit().await?;
        Ok(saved)
    }

    /// Gives an account a known secret and no recovery codes: for demonstrations, where the secret is
    /// public, and tests, where the clock stands still.
    pub async fn plant_second_factor(&self, id: &AccountId, secret: &TotpSecret) -> Result<()> {
        let now = self.now();
        let factor = TotpFactor {
            account_id: id.clone(),
            secret_sealed: self.seal(&factor_place(id), secret.as_bytes()),
            confirmed_at: now,
            last_step: 0,
            last_used_at: now,
        };
        let mut tx = self.store.begin().await?;
        tx.insert_totp_factor(&factor).await?;
        Ok(tx.commit().await?)
    }

    async fn open_enrolment(&self, who: &SignedIn) -> Result<Option<(TotpEnrolment, TotpSecret)>> {
        let found = self.store.totp_enrolment(&who.account.id).await?;
        let Some(enrolment) = found.filter(|enrolment| {
            enrolment.session_id == who.session.id
                && self.now().since(enrolment.created_at) < ENROLMENT_LIFETIME
        }) else {
            return Ok(None);
        };
        let place = enrolment_place(&who.account.id);
        let plain = self.vault.open(&place, &enrolment.secret_sealed);
        let secret = plain.and_then(|plain| TotpSecret::from_bytes(&plain));
        let secret = secret.ok_or(Common::Broken("an enrolment cannot be decrypted"))?;
        Ok(Some((enrolment, secret)))
    }

    async fn put_recovery_codes(
        &self,
        work: &mut UnitOfWork<'_>,
        who: &SignedIn,
        set: &RecoverySet,
    ) -> Result<()> {
        let id = &who.account.id;
        work.replace_recovery_codes(id, &set.parameters, &set.hashes, self.now())
            .await?;
        let shown = Zeroizing::new(set.shown.join("\n"));
        let unsaved = UnsavedCodes {
            sealed: self.seal(&unsaved_place(id), shown.as_bytes()),
            created_at: self.now(),
        };
        work.put_unsaved_codes(id, &who.session.id, &unsaved)
            .await?;
        Ok(())
    }

    async fn draw_recovery_codes(&self) -> Result<RecoverySet> {
        let parameters = self.hasher.new_parameters()?;
        let codes = RecoveryCode::generate_set(&*self.entropy);
        let mut hashes = Vec::with_capacity(codes.len());
        for code in &codes {
            let hash = self
                .hasher
                .hash_with(&parameters, code.as_str().as_bytes())
                .await?;
            hashes.push(hash);
        }
        let shown = codes.iter().map(RecoveryCode::to_grouped_text).collect();
        Ok(RecoverySet {
            parameters,
            hashes,
            shown,
        })
    }
}

struct RecoverySet {
    parameters: String,
    hashes: Vec<Vec<u8>>,
    shown: Vec<String>,
}

/// The mark of a set-up: the beginning of the hash of its secret, which has 160 random bits.
fn mark_of(secret: &TotpSecret) -> String {
    let mut mark = hashed(&secret.to_grouped_text());
    mark.truncate(16);
    mark
}

fn switched_off(notice: Notice) -> Message {
    let by = How::Own;
    Message::TwoFactorDisabled(TwoFactorDisabled { notice, by })
}

/// The place of use of recovery codes that are not saved yet.
pub(crate) fn unsaved_place(account: &AccountId) -> String {
    format!("unsaved-codes:{account}")
}

/// The place of use of a secret that is being set up.
pub(crate) fn enrolment_place(account: &AccountId) -> String {
    format!("totp-enrolment:{account}")
}

/// Error correction "medium": readable off a dirty or curved screen, and still coarse enough for
/// an old camera.
fn qr_svg(text: &str) -> Result<String> {
    let qr = QRBuilder::new(text).ecl(ECL::M).build();
    let qr = qr.map_err(|_| Common::Broken("a secret does not fit a QR code"))?;
    Ok(SvgBuilder::default().margin(4).to_str(&qr))
}
