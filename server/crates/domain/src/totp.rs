//! Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, 30 seconds.
//!
//! Those three are what every authenticator app understands; several silently ignore anything else. A code is accepted in its own step and in the one after (steps {−1, 0}),
//! and each step once: the caller stores the accepted step and asks for a greater one next time
//! (devise-two-factor CVE-2021-43177 compared only the code, and could be replayed).

use crate::{Entropy, Timestamp, chance, typed};
use data_encoding::BASE32_NOPAD;
use std::fmt;
use subtle::ConstantTimeEq as _;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

/// Seconds of one step (RFC 6238, section 4.1).
pub const STEP_SECONDS: i64 = 30;

/// While enrolling, how far off a phone's clock may be so that we can still name the cause.
const DRIFT_STEPS: i64 = 20;

/// The shared secret of an account and its authenticator app: 160 bits, the size that
/// RFC 4226 (section 4, R6) recommends.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(Zeroizing<[u8; 20]>);

/// A code as typed: six digits; spaces and hyphens between them are ignored.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpCode(Zeroizing<String>);

/// Number of the 30-second interval since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(i64);

/// The result of a code given while enrolling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrolment {
    /// The code is right; this step is now used.
    Accepted(Step),
    /// The code belongs to another time: the phone's clock is off by about this much
    /// (seconds, negative when it is behind).
    ClockOff {
        /// The difference in seconds.
        seconds: i64,
    },
    /// The code belongs to another secret, or was mistyped.
    Wrong,
}

impl TotpSecret {
    /// Draws a new secret.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(Zeroizing::new(chance::bytes(entropy)))
    }

    /// Reads stored bytes; `None` when there are not exactly 20 of them.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes
            .try_into()
            .ok()
            .map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// The bytes to be encrypted and stored.
    pub fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    /// The secret in base32 (RFC 4648), 32 characters, for users who cannot scan.
    pub fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(self.as_bytes()))
    }

    /// The same in groups of four, which can be read aloud and typed.
    pub fn to_grouped_text(&self) -> Zeroizing<String> {
        let text = self.to_base32();
        let groups: Vec<&str> = (0..text.len())
            .step_by(4)
            .map(|i| &text[i..i + 4])
            .collect();
        Zeroizing::new(groups.join(" "))
    }

    /// The `otpauth:` URL of the QR code: the platform's name, and the account's address as label, so
    /// that several entries can be distinguished (promise C19).
    pub fn to_otpauth_url(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        // The label's parts are separated by a colon; neither part may contain one.
        let issuer = issuer.replace(':', " ");
        let account = account.replace(':', " ");
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_secret(self.as_bytes().to_vec())
            .with_issuer(Some(issuer))
            .with_account_name(account)
            .build_noncompliant();
        Zeroizing::new(totp.to_url().unwrap_or_default())
    }

    fn generator(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_secret(self.as_bytes().to_vec())
            .build_noncompliant()
    }

    fn matches(generator: &Totp, code: &TotpCode, step: Step) -> bool {
        let Ok(time) = u64::try_from(step.0 * STEP_SECONDS) else {
            return false;
        };
        let expected = Zeroizing::new(generator.generate(time).to_string());
        expected.as_bytes().ct_eq(code.0.as_bytes()).into()
    }

    /// The step that `code` belongs to, if it may be accepted at `now` by an account whose last
    /// accepted step is `last`. The caller must still record the step with one conditional
    /// update: two requests may ask at the same time.
    pub fn check(&self, code: &TotpCode, now: Timestamp, last: Option<Step>) -> Option<Step> {
        let generator = self.generator();
        let current = Step::at(now);
        // Both steps are always computed: the time taken does not disclose which one matched.
        let fitting = [Step(current.0 - 1), current].map(|step| {
            (Self::matches(&generator, code, step) && last.is_none_or(|last| step > last))
                .then_some(step)
        });
        fitting[1].or(fitting[0])
    }

    /// Verifies the first code of a new secret, and detects a clock that is off.
    pub fn check_enrolment(&self, code: &TotpCode, now: Timestamp) -> Enrolment {
        if let Some(step) = self.check(code, now, None) {
            return Enrolment::Accepted(step);
        }
        let generator = self.generator();
        let current = Step::at(now);
        (-DRIFT_STEPS..=DRIFT_STEPS)
            .filter(|drift| Self::matches(&generator, code, Step(current.0 + drift)))
            .min_by_key(|drift| drift.abs())
            .map_or(Enrolment::Wrong, |drift| Enrolment::ClockOff {
                seconds: drift * STEP_SECONDS,
            })
    }
}

impl Step {
    /// The step that a moment lies in.
    pub const fn at(now: Timestamp) -> Self {
        Self(now.as_seconds().div_euclid(STEP_SECONDS))
    }

    /// From a stored number.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// The number to store.
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl TotpCode {
    /// Parses a code; what is left without spaces, dashes and unseen signs must be six decimal digits.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits = typed::code(typed);
        let fits = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then_some(Self(digits))
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpCode(…)")
    }
}

#[cfg(test)]
mod tests;
