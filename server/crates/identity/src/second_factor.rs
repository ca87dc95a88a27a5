//! Two-factor authentication of the user's account: enabled, disabled, and new recovery codes.

use crate::{
    Client, Error, Identity, Proof, Result, SignedIn, code_attempts::clear_codes,
    codes::factor_place,
};
use domain::{
    AccountId, Duration, Timestamp, paths,
    recovery_code::RecoveryCode,
    totp::{Enrolment, TotpCode, TotpSecret},
};
use fast_qr::{
    ECL, QRBuilder,
    convert::{Builder as _, svg::SvgBuilder},
};
use mail::{How, Message, Notice, TwoFactorDisabled};
use store::{TotpEnrolment, TotpFactor};
use unit_of_work::{Actor, Error as Common, EventKind, hashed};
use zeroize::Zeroizing;

/// A secret that is not confirmed expires after this time.
const ENROLMENT_LIFETIME: Duration = Duration::from_mins(30);

/// The second factor of an account, as its settings show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorState {
    /// There is none.
    Off,
    /// An authenticator application is set up.
    On {
        /// Since when.
        since: Timestamp,
        /// When a code was last accepted.
        last_used: Timestamp,
        /// How many recovery codes are left.
        recovery_codes_left: u32,
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
    /// Whether the password must be given with the code, the last proof being too old.
    pub needs_proof: bool,
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
    /// Password or code as typed, where a proof is asked for.
    pub proof: &'a str,
}

impl Identity {
    /// Whether two-factor is on, and since when.
    pub async fn factor_state(&self, who: &SignedIn) -> Result<FactorState> {
        let id = &who.account.id;
        Ok(match self.store.totp_factor(id).await? {
            None => FactorState::Off,
            Some(factor) => FactorState::On {
                since: factor.confirmed_at,
                last_used: factor.last_used_at,
                recovery_codes_left: self.store.recovery_codes_left(id).await?,
                password_stands_alone: who.account.password_stands_alone,
            },
        })
    }

    /// Generates a secret for this session to confirm. It replaces an earlier unconfirmed one.
    pub async fn begin_enrolment(&self, who: &SignedIn) -> Result<()> {
        let secret = TotpSecret::generate(&*self.entropy);
        let place = enrolment_place(&who.account.id);
        let enrolment = TotpEnrolment {
            account_id: who.account.id.clone(),
            session_id: who.session.id.clone(),
            secret_sealed: self.seal(&place, secret.as_bytes()),
            created_at: self.now(),
        };
        let mut tx = self.store.begin().await?;
        if tx.totp_factor(&who.account.id).await?.is_some() {
            return Err(Error::Unchanged);
        }
        tx.put_totp_enrolment(&enrolment).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes the unconfirmed secret.
    pub async fn cancel_enrolment(&self, who: &SignedIn) -> Result<()> {
        let mut tx = self.store.begin().await?;
        tx.delete_totp_enrolment(&who.account.id).await?;
        Ok(tx.commit().await?)
    }

    /// The enrolment that is open in this session, if any.
    pub async fn enrolling(&self, who: &SignedIn) -> Result<Option<Enrolling>> {
        let Some(secret) = self.enrolment_secret(who).await? else {
            return Ok(None);
        };
        let url = secret.to_otpauth_url(&self.settings.brand, &who.account.email);
        Ok(Some(Enrolling {
            qr_svg: qr_svg(&url)?,
            secret_text: secret.to_grouped_text(),
            otpauth_url: url,
            needs_proof: !domain::session::is_recent_proof(self.now(), who.session.proved_at),
            mark: mark_of(&secret),
        }))
    }

    /// Enables two-factor with the first code, and generates the recovery codes.
    ///
    /// # Errors
    /// [`Error::NotEnrolling`], [`Error::Outdated`], [`Error::NotACode`], [`Error::CodeRejected`], [`Error::ClockOff`],
    /// [`Error::ProofNeeded`], `TooManyTries`, `Busy`.
    pub async fn confirm_enrolment(
        &self,
        who: &SignedIn,
        first: FirstCode<'_>,
        client: &Client,
    ) -> Result<Vec<String>> {
        let FirstCode {
            shown,
            typed,
            proof,
        } = first;
        let secret = self
            .enrolment_secret(who)
            .await?
            .ok_or(Error::NotEnrolling)?;
        // A page of an earlier set-up shows another secret: its code would be called wrong.
        if !shown.is_empty() && shown != mark_of(&secret) {
            return Err(Error::Outdated);
        }
        let code = TotpCode::parse(typed).ok_or(Error::NotACode)?;
        let proof = self.prove_unless_recent(who, proof, client).await?;
        let step = match secret.check_enrolment(&code, self.now()) {
            Enrolment::Accepted(step) => step,
            Enrolment::ClockOff { seconds } => return Err(Error::ClockOff { seconds }),
            Enrolment::Wrong => return Err(Error::CodeRejected),
        };
        let set = self.draw_recovery_codes().await?;
        let id = &who.account.id;
        let now = self.now();
        let factor = TotpFactor {
            account_id: id.clone(),
            secret_sealed: self.seal(&factor_place(id), secret.as_bytes()),
            confirmed_at: now,
            last_step: step.number(),
            last_used_at: now,
        };
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        proof.consume(&mut work, &account, who).await?;
        if work.totp_factor(id).await?.is_some() {
            return Err(Error::Unchanged);
        }
        work.delete_totp_enrolment(id).await?;
        work.insert_totp_factor(&factor).await?;
        work.replace_recovery_codes(id, &set.parameters, &set.hashes, now)
            .await?;
        // The count was about another secret.
        clear_codes(&mut work, id).await?;
        work.end_sessions(&who.account.id, Some(&who.session.id))
            .await?;
        work.notify(
            &account,
            EventKind::TwoFactorEnabled,
            paths::TWO_FACTOR,
            Message::TwoFactorEnabled,
        )
        .await?;
        work.commit().await?;
        Ok(set.shown)
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

    /// Generates ten new recovery codes; the old ones are void from now on.
    pub async fn renew_recovery_codes(
        &self,
        who: &SignedIn,
        proof: Proof,
        client: &Client,
    ) -> Result<Vec<String>> {
        let set = self.draw_recovery_codes().await?;
        let id = &who.account.id;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        proof.consume(&mut work, &account, who).await?;
        if work.totp_factor(id).await?.is_none() {
            return Err(Error::Unchanged);
        }
        work.replace_recovery_codes(id, &set.parameters, &set.hashes, self.now())
            .await?;
        work.notify(
            &account,
            EventKind::RecoveryCodesMade,
            paths::TWO_FACTOR,
            Message::RecoveryCodesMade,
        )
        .await?;
        work.commit().await?;
        Ok(set.shown)
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

    async fn enrolment_secret(&self, who: &SignedIn) -> Result<Option<TotpSecret>> {
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
        Ok(Some(secret))
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

fn enrolment_place(account: &AccountId) -> String {
    format!("totp-enrolment:{account}")
}

/// Error correction "medium": readable off a dirty or curved screen, and still coarse enough for
/// an old camera.
fn qr_svg(text: &str) -> Result<String> {
    let qr = QRBuilder::new(text).ecl(ECL::M).build();
    let qr = qr.map_err(|_| Common::Broken("a secret does not fit a QR code"))?;
    Ok(SvgBuilder::default().margin(4).to_str(&qr))
}
