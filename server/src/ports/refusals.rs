//! Why a provider did not allow a sign-in: one reason for the user, one log line for the operator, and one
//! reference that both can quote.

use super::RequestContext;
use crate::providers::Refused;
use contract::{Problem, ProviderProblem, ProviderRefusal, RefusedBecause};
use domain::provider::{Claims, Provider};
use identity::{CommonError, Error};

impl RequestContext {
    /// What a use case refuses, as the page knows it.
    pub(super) fn provider_problem(
        &self,
        provider: Provider,
        claims: &Claims,
        error: Error,
    ) -> Problem {
        let (why, detail) = match error {
            Error::NoFlow | Error::Common(CommonError::DeadLink) => {
                (RefusedBecause::Expired, "what it was begun for is over")
            }
            Error::NoManager => (
                RefusedBecause::NoManager,
                "no manager can enter with this account",
            ),
            Error::NotVouchedFor => (
                RefusedBecause::AddressNotVouchedFor,
                "the provider does not vouch for the address",
            ),
            Error::NotLinked => (RefusedBecause::NotLinked, "the account is linked to nobody"),
            Error::LinkedElsewhere => (
                RefusedBecause::LinkedElsewhere,
                "the account is linked to somebody else",
            ),
            Error::AnotherIsLinked => (
                RefusedBecause::AnotherIsLinked,
                "another account of the provider is linked already",
            ),
            error => return self.problem(error),
        };
        let issuer = claims.subject.issuer().to_owned();
        let refused = Refused::known(why, detail, issuer);
        self.refusal(provider, refused, claims.shown_email().map(str::to_owned))
    }

    /// Nothing is begun: first the other one is unlinked.
    pub(super) fn another_is_linked(&self, provider: Provider) -> Problem {
        let detail = "another account of the provider is linked already";
        let refused = Refused::new(RefusedBecause::AnotherIsLinked, detail);
        self.refusal(provider, refused, None)
    }

    pub(super) fn expired(&self, provider: Provider, detail: &str) -> Problem {
        self.refusal(
            provider,
            Refused::new(RefusedBecause::Expired, detail),
            None,
        )
    }

    /// One line for the operator, and the reason for the person; both under one reference.
    pub(super) fn refusal(
        &self,
        provider: Provider,
        refused: Refused,
        email: Option<String>,
    ) -> Problem {
        let reference = self.reference();
        self.state.metrics.refuse("provider");
        let issuer = refused.issuer.as_deref().unwrap_or("unknown");
        let (name, why, reason) = (provider.name(), refused.why, &refused.detail);
        if is_expected(why) {
            tracing::info!(provider.name = name, provider.issuer = issuer, refusal.why = ?why, refusal.reason = reason, request.id = reference, "A sign-in through a provider was refused");
        } else {
            tracing::warn!(provider.name = name, provider.issuer = issuer, refusal.why = ?why, refusal.reason = reason, request.id = reference, "A sign-in through a provider was refused");
        }
        Problem::Provider(ProviderProblem::Refused(ProviderRefusal {
            provider,
            why,
            email,
            reference,
        }))
    }
}

/// What people do, beside what an operator should look at.
fn is_expected(why: RefusedBecause) -> bool {
    match why {
        RefusedBecause::NoManager
        | RefusedBecause::AddressNotVouchedFor
        | RefusedBecause::NotLinked
        | RefusedBecause::LinkedElsewhere
        | RefusedBecause::AnotherIsLinked
        | RefusedBecause::Cancelled
        | RefusedBecause::Expired => true,
        RefusedBecause::TenantNotAllowed
        | RefusedBecause::PersonalNotAllowed
        | RefusedBecause::BlockedByOrganisation(_)
        | RefusedBecause::Unavailable
        | RefusedBecause::NotTrusted => false,
    }
}
