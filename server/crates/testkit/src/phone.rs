//! A telephone with an authenticator application: `oathtool`, which shares no code with us.

use crate::FixedClock;
use domain::Clock as _;
use std::process::Command;

const MISSING: &str = "oathtool was not found: install the Debian package `oathtool`";

/// A telephone that holds the secret of one account.
#[derive(Debug, Clone)]
pub struct Phone {
    secret: String,
    clock: FixedClock,
    seconds_off: i64,
}

impl Phone {
    /// Takes over a secret as the set-up page shows it: base32, in groups or not.
    pub fn with_secret(secret: &str, clock: &FixedClock) -> Self {
        let secret = secret.split_whitespace().collect();
        Self {
            secret,
            clock: clock.clone(),
            seconds_off: 0,
        }
    }

    /// The same telephone with its clock set wrong.
    #[must_use]
    pub fn off_by(&self, seconds: i64) -> Self {
        Self {
            seconds_off: seconds,
            ..self.clone()
        }
    }

    /// The six digits that it shows now.
    pub fn code(&self) -> String {
        let now = self.clock.now().as_seconds() + self.seconds_off;
        let output = Command::new("oathtool")
            .args([
                "--totp",
                "--base32",
                &self.secret,
                "--now",
                &format!("@{now}"),
            ])
            .output()
            .expect(MISSING);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "oathtool: {complaint}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Six digits that it does not show now, nor showed in the step before.
    pub fn wrong_code(&self) -> String {
        let real = [self.code(), self.off_by(-30).code()];
        let wrong = (0_u32..1_000_000)
            .map(|number| format!("{number:06}"))
            .find(|code| !real.contains(code));
        wrong.expect("of a million codes two are right")
    }
}
