//! Errors of the use cases, as pages know them.

use super::RequestContext;
use contract::{
    Answer, CodeProblem, DetailsProblem, LeavingProblem, PasswordProblem, Problem, ProofProblem,
    ProviderProblem, RegistrationProblem, SignInProblem,
};
use domain::password::{Strength, Weakness};
use identity::{CommonError, Error};
use std::future::Future;

impl RequestContext {
    /// Waits for a use case or a query, and turns its error into a problem.
    pub async fn answer<T, E: Into<Error>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Answer<T> {
        work.await.map_err(|error| self.problem(error.into()))
    }

    /// Turns an error into the problem of its area. What broke is logged once, with the reference
    /// that the page shows.
    pub fn problem(&self, error: Error) -> Problem {
        self.log_error(&error);
        match error {
            Error::BadCredentials | Error::Common(CommonError::NoAccount) => {
                SignInProblem::BadCredentials.into()
            }
            Error::RegistrationClosed => RegistrationProblem::Closed.into(),
            Error::SignInClosed => SignInProblem::Closed.into(),
            Error::Locked => SignInProblem::Locked.into(),
            Error::ResetNeeded => SignInProblem::ResetNeeded.into(),
            Error::CodesClosed => SignInProblem::CodesClosed.into(),
            // With a provider, all but the first are refused in the words of `ports/refusals.rs`.
            Error::NoSignIn
            | Error::NoFlow
            | Error::NoManager
            | Error::NotVouchedFor
            | Error::LinkedElsewhere => SignInProblem::Expired.into(),
            Error::NoRegistration => RegistrationProblem::NotOpen.into(),
            Error::MailsUsedUp => RegistrationProblem::MailsUsedUp.into(),
            Error::CodeRejected => CodeProblem::Rejected.into(),
            Error::NotACode => CodeProblem::Malformed.into(),
            Error::Outdated => CodeProblem::Outdated.into(),
            Error::NotEnrolling => CodeProblem::NotEnrolling.into(),
            Error::ClockOff { seconds } => CodeProblem::ClockOff { seconds }.into(),
            Error::PasswordNeedsFactor => {
                let minimum = characters(Strength::OnlyFactor.minimum());
                CodeProblem::PasswordNeedsFactor { minimum }.into()
            }
            Error::CodeNeeded => ProofProblem::CodeNeeded.into(),
            Error::ProofRejected => ProofProblem::Rejected.into(),
            Error::ProofsClosed => ProofProblem::Closed.into(),
            Error::ProofNeeded => ProofProblem::Needed.into(),
            Error::WrongPassword => PasswordProblem::WrongPresent.into(),
            Error::SamePassword => PasswordProblem::Same.into(),
            Error::WithdrawnPassword => PasswordProblem::Withdrawn.into(),
            Error::Weak(weakness) => weak(weakness).into(),
            Error::SameAddress => DetailsProblem::SameAddress.into(),
            Error::AddressUnusable => DetailsProblem::AddressUnusable.into(),
            Error::LastManager(organisation) => LeavingProblem::LastManager { organisation }.into(),
            Error::OnlyWayIn => ProviderProblem::OnlyWayIn.into(),
            Error::Common(CommonError::TooManyTries { wait }) => Problem::TooManyTries {
                wait_s: wait.as_secs().max(1),
            },
            Error::Common(CommonError::Busy) => Problem::Busy { wait_s: 2 },
            Error::Common(CommonError::DeadLink) => Problem::DeadLink,
            Error::Common(CommonError::NoProposal) => Problem::NotFound,
            Error::Unchanged | Error::Taken | Error::NotLinked | Error::AnotherIsLinked => {
                Problem::Unchanged
            }
            Error::Common(CommonError::SessionEnded) => Problem::SignInFirst,
            Error::Common(CommonError::Store(error)) if error.is_unavailable() => {
                tracing::error!(error = chain(&error), "The database does not answer");
                Problem::Busy { wait_s: 5 }
            }
            error @ Error::Common(
                CommonError::Store(_) | CommonError::Broken(_) | CommonError::NoOrganisation,
            ) => self.broken(&error),
        }
    }

    /// What to quote to support: the reference of the request in the log.
    pub fn reference(&self) -> String {
        self.id.map(|id| id.to_string()).unwrap_or_default()
    }

    /// Logs an internal error; the page shows its reference.
    fn broken(&self, error: &dyn std::error::Error) -> Problem {
        let reference = self.reference();
        tracing::error!(
            error = chain(error),
            request.id = reference,
            "A request broke"
        );
        Problem::Broken { reference }
    }
}

fn weak(weakness: Weakness) -> PasswordProblem {
    match weakness {
        Weakness::TooShort { minimum } => PasswordProblem::TooShort {
            minimum: characters(minimum),
        },
        Weakness::TooLong => PasswordProblem::TooLong,
        Weakness::Personal => PasswordProblem::Personal,
        Weakness::Common => PasswordProblem::Common,
        Weakness::Leaked => PasswordProblem::Leaked,
        Weakness::Guessable => PasswordProblem::Guessable,
    }
}

fn characters(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
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
