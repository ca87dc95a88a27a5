//! Whether a password is known from a leak, asked of a service that does not learn the password.
//!
//! The service gets the first five hex digits of the password's SHA-1 and answers with all
//! suffixes that it knows under them (k-anonymity, the range protocol of Have I Been Pwned). The
//! comparison is done here. When the service is slow, unreachable or answers nonsense, the password
//! counts as unknown: a user is never prevented from choosing one.

use async_trait::async_trait;
use data_encoding::HEXUPPER;
use domain::{Duration, password::Password};
use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

/// The timeout of the service.
const PATIENCE: Duration = Duration::from_secs(1);
/// Hex digits that are sent: one of about a million ranges.
const PREFIX: usize = 5;

/// A service that knows leaked passwords.
#[async_trait]
pub trait Breaches: Send + Sync {
    /// The lines `SUFFIX:COUNT` of all hashes that start with these five hex digits; `None` when
    /// there is no answer that can be used.
    async fn range(&self, prefix: &str) -> Option<String>;
}

/// Whether the service knows the password; answers within a second.
pub(crate) async fn knows(service: &dyn Breaches, password: &Password) -> bool {
    let digest = Sha1::digest(password.as_bytes());
    let hash = Zeroizing::new(HEXUPPER.encode(&digest));
    let (prefix, suffix) = hash.split_at(PREFIX);
    match tokio::time::timeout(PATIENCE, service.range(prefix)).await {
        Ok(Some(lines)) => lines.lines().any(|line| is_hit(line, suffix)),
        Ok(None) => unanswered("no answer that can be used"),
        Err(_) => unanswered("no answer in time"),
    }
}

/// Lines with the count zero are padding, which hides how many there are.
fn is_hit(line: &str, suffix: &str) -> bool {
    line.split_once(':').is_some_and(|(known, count)| {
        known.trim().eq_ignore_ascii_case(suffix)
            && count.trim().parse().is_ok_and(|count: u64| count > 0)
    })
}

fn unanswered(why: &'static str) -> bool {
    tracing::warn!(why, "A password was set without asking about leaks");
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The SHA-1 of "password" is 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8.
    const SUFFIX: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

    struct Says(Option<String>);

    #[async_trait]
    impl Breaches for Says {
        async fn range(&self, prefix: &str) -> Option<String> {
            assert_eq!(prefix, "5BAA6", "no more than this leaves the house");
            self.0.clone()
        }
    }

    async fn known(answer: Option<&str>) -> bool {
        let password = Password::parse("password").expect("it is short enough");
        knows(&Says(answer.map(str::to_owned)), &password).await
    }

    #[tokio::test]
    async fn a_leaked_password_is_known() {
        let other = "0018A45C4D1DEF81644B54AB7F969B88D65:3";
        assert!(known(Some(&format!("{other}\r\n{SUFFIX}:10434004\r\n"))).await);
        assert!(known(Some(&format!("{}:1", SUFFIX.to_lowercase()))).await);
        assert!(!known(Some(other)).await);
        assert!(!known(Some(&format!("{SUFFIX}:0"))).await, "padding");
    }

    #[tokio::test]
    async fn an_answer_that_means_nothing_keeps_nobody_waiting() {
        for rubbish in ["", "<html>", SUFFIX, "1E4C9:x", ":", "\u{0}:\u{0}"] {
            assert!(!known(Some(rubbish)).await, "{rubbish}");
        }
        assert!(!known(Some(&format!("{SUFFIX}:many"))).await);
        assert!(!known(None).await);
    }

    struct Never;

    #[async_trait]
    impl Breaches for Never {
        async fn range(&self, _: &str) -> Option<String> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn a_service_that_never_answers_is_given_a_second() {
        let began = std::time::Instant::now();
        let password = Password::parse("password").expect("it is short enough");
        assert!(!knows(&Never, &password).await);
        let waited = began.elapsed();
        assert!(waited >= PATIENCE && waited < PATIENCE * 3, "{waited:?}");
    }
}
