//! Codes of the second factor: how one is read, verified and consumed.

use crate::{Identity, Result};
use domain::{
    AccountId, paths,
    recovery_code::RecoveryCode,
    totp::{Step, TotpCode, TotpSecret},
};
use mail::{Message, RecoveryCodeUsed};
use store::Account;
use unit_of_work::{Error as Common, EventKind, UnitOfWork};

/// A code as it was typed.
pub(crate) enum TypedCode {
    Totp(TotpCode),
    Recovery(RecoveryCode),
}

impl TypedCode {
    /// Reads a code. The two kinds differ in length: six and sixteen characters.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        TotpCode::parse(typed)
            .map(Self::Totp)
            .or_else(|| RecoveryCode::parse(typed).map(Self::Recovery))
    }
}

/// A right code, to be consumed in the transaction that acts on it.
pub(crate) enum VerifiedCode {
    Totp(Step),
    /// The hash of a recovery code; only consuming it tells whether it is in the set.
    Recovery(Vec<u8>),
}

impl VerifiedCode {
    /// Consumes the code. Of any number of concurrent callers with one code, one gets `true`.
    pub(crate) async fn consume(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
    ) -> Result<bool> {
        let now = work.services().now();
        let hash = match self {
            Self::Totp(step) => {
                return Ok(work.use_totp_step(&account.id, step.number(), now).await?);
            }
            Self::Recovery(hash) => hash,
        };
        if !work.use_recovery_code(&account.id, hash, now).await? {
            return Ok(false);
        }
        // The phone may be lost, and a remembered device with it.
        work.forget_devices(&account.id).await?;
        let left = work.recovery_codes_left(&account.id).await?;
        let event = EventKind::RecoveryCodeUsed;
        let notice = work.notice(account, event, paths::TWO_FACTOR).await?;
        let message = Message::RecoveryCodeUsed(RecoveryCodeUsed { notice, left });
        work.write_mail(account, &message).await?;
        work.log(&account.id, event).await?;
        Ok(true)
    }
}

impl Identity {
    /// Verifies a code, without any limit; `None` when it is wrong. Nothing is consumed yet.
    pub(crate) async fn verify_code(
        &self,
        account: &Account,
        typed: TypedCode,
    ) -> Result<Option<VerifiedCode>> {
        match typed {
            TypedCode::Totp(code) => {
                let Some(factor) = self.store.totp_factor(&account.id).await? else {
                    return Ok(None);
                };
                let secret = self.open_secret(&account.id, &factor.secret_sealed)?;
                let last = Step::from_number(factor.last_step);
                let step = secret.check(&code, self.now(), Some(last));
                Ok(step.map(VerifiedCode::Totp))
            }
            TypedCode::Recovery(code) => {
                let Some(parameters) = self.store.recovery_parameters(&account.id).await? else {
                    return Ok(None);
                };
                let plain = code.as_str().as_bytes();
                let hash = self.hasher.hash_with(&parameters, plain).await?;
                Ok(Some(VerifiedCode::Recovery(hash)))
            }
        }
    }

    fn open_secret(&self, account: &AccountId, sealed: &[u8]) -> Result<TotpSecret> {
        let plain = self.vault.open(&factor_place(account), sealed);
        let secret = plain.and_then(|plain| TotpSecret::from_bytes(&plain));
        Ok(secret.ok_or(Common::Broken("a TOTP secret cannot be decrypted"))?)
    }
}

/// The place of use of a factor's secret in the vault.
pub(crate) fn factor_place(account: &AccountId) -> String {
    format!("totp:{account}")
}
