//! Refusals of the use cases, as pages know them.

use super::RequestContext;
use contract::Problem;

impl RequestContext {
    /// Turns a refusal into its code; logs what broke, once, with the reference that the page
    /// shows.
    pub fn problem(&self, error: identity::Error) -> Problem {
        use domain::password::{Strength, Weakness};
        use identity::Error as E;
        match error {
            E::BadCredentials | E::NoAccount => Problem::BadCredentials,
            E::Unconfirmed => Problem::Unconfirmed,
            E::CodeRejected => Problem::CodeRejected,
            E::NotACode => Problem::NotACode,
            E::WrongPassword => Problem::WrongPassword,
            E::SamePassword => Problem::SamePassword,
            E::ProofRejected => Problem::ProofRejected,
            E::TooManyTries { wait } => Problem::TooManyTries {
                wait_s: wait.as_secs().max(1),
            },
            E::Busy => Problem::Busy { wait_s: 2 },
            E::ResetNeeded => Problem::ResetNeeded,
            E::CodesClosed => Problem::CodesClosed,
            // The last four are told by what knows the provider: see `refusals`.
            E::NoSignIn | E::NoFlow | E::NoManager | E::NotVouchedFor | E::LinkedElsewhere => {
                Problem::SignInExpired
            }
            E::DeadLink => Problem::DeadLink,
            E::Weak(Weakness::TooShort { minimum }) => Problem::PasswordTooShort {
                minimum: u32::try_from(minimum).unwrap_or(u32::MAX),
            },
            E::Weak(Weakness::TooLong) => Problem::PasswordTooLong,
            E::Weak(Weakness::Personal) => Problem::PasswordPersonal,
            E::Weak(Weakness::Common) => Problem::PasswordCommon,
            E::Weak(Weakness::Leaked) => Problem::PasswordLeaked,
            E::Weak(Weakness::Guessable) => Problem::PasswordGuessable,
            E::NotEnrolling => Problem::NotEnrolling,
            E::ClockOff { seconds } => Problem::ClockOff { seconds },
            E::PasswordNeedsFactor => Problem::PasswordNeedsFactor {
                minimum: u32::try_from(Strength::OnlyFactor.minimum()).unwrap_or(u32::MAX),
            },
            E::Unchanged | E::Taken | E::NotLinked | E::AnotherIsLinked => Problem::Unchanged,
            E::SameAddress => Problem::SameAddress,
            E::AddressUnusable => Problem::AddressUnusable,
            E::LastManager(organisation) => Problem::LastManager { organisation },
            E::OnlyWayIn => Problem::OnlyWayIn,
            E::SessionEnded => Problem::SignInFirst,
            E::ProofNeeded => Problem::ProofNeeded,
            E::Store(error) if error.is_unavailable() => {
                tracing::error!(error = chain(&error), "The database does not answer");
                Problem::Busy { wait_s: 5 }
            }
            error @ (E::Store(_) | E::Broken(_)) => self.broken(&error),
        }
    }

    /// What to quote to support: what the log knows the request by.
    pub fn reference(&self) -> String {
        self.id.map(|id| id.to_string()).unwrap_or_default()
    }

    /// Logs a fault of ours; the page shows its reference.
    pub fn broken(&self, error: &dyn std::error::Error) -> Problem {
        let reference = self.reference();
        tracing::error!(
            error = chain(error),
            request.id = reference,
            "A request broke"
        );
        Problem::Broken { reference }
    }

    /// The same as [`Self::problem`] for an error of the database.
    pub fn store_problem(&self, error: store::StoreError) -> Problem {
        self.problem(identity::Error::Store(error))
    }
}

/// An error and its causes on one line; no error of ours prints its own source.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
