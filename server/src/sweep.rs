//! Removes what is kept no longer, as `domain::retention` says.

use domain::{
    OrganisationId, Realm, Timestamp, device, guess,
    provider::FLOW_LIFETIME,
    retention,
    session::{ENDED_IS_KNOWN, Lifetime},
    sign_in,
};
use store::{Expired, SessionKind, Store, StoreError};

/// Sweeps every table once; says how many rows were removed. With `mailbox` the outbox is left as it
/// is: in the demo it is the mailbox that people read.
///
/// # Errors
/// When the database does not answer; what was removed before stays removed.
pub async fn sweep_once(store: &Store, now: Timestamp, mailbox: bool) -> Result<u64, StoreError> {
    let mut removed = 0;
    for (rows, time) in expired(now) {
        if !(mailbox && rows == Expired::Mails) {
            removed += store.sweep(rows, time).await?;
        }
    }
    Ok(removed)
}

/// What is removed, and up to which time.
fn expired(now: Timestamp) -> Vec<(Expired, Timestamp)> {
    let tokens = now.minus(retention::TOKENS);
    let most = guess::PASSWORDS.most;
    let mut all = expired_sessions(now);
    all.extend([
        (Expired::Drafts, now),
        (Expired::SignIns, now.minus(sign_in::LIFETIME)),
        (Expired::TokensExpired, tokens),
        (Expired::TokensConsumed, tokens),
        (Expired::TokensVoid, tokens),
        (Expired::ProviderFlows, now.minus(FLOW_LIFETIME)),
        (Expired::Flashes, now),
        (Expired::Limits, now),
        (Expired::Attempts { most }, now.minus(retention::GUESSES)),
        // A device that is forgotten takes its counts with it.
        (
            Expired::AttemptsOnDevices { most },
            now.minus(device::KNOWN),
        ),
        (Expired::Devices, now.minus(device::KNOWN)),
        (Expired::UnsavedCodes, now.minus(retention::UNSAVED_CODES)),
        (Expired::RefusedTries, now.minus(retention::REFUSED_TRIES)),
        (Expired::Votes, now.minus(retention::VOTES)),
        (Expired::Registrations, now.minus(retention::UNCONFIRMED)),
        (
            Expired::RegistrationCounts,
            now.minus(retention::REGISTRATION_COUNTS),
        ),
        (Expired::DomainHealth, now.minus(retention::DOMAIN_HEALTH)),
        (Expired::Deletions, now.minus(retention::DELETIONS)),
        (Expired::Mails, now.minus(retention::MAILS)),
        (Expired::DeadJobs, now.minus(retention::DEAD_JOBS)),
    ]);
    all
}

/// The sessions that ended so long ago that their browsers are no longer told why.
fn expired_sessions(now: Timestamp) -> Vec<(Expired, Timestamp)> {
    let known = now.minus(ENDED_IS_KNOWN);
    // The lifetimes are the same in all organisations.
    let organisation = Realm::Organisation(OrganisationId::from(String::new()));
    let mut all = vec![(Expired::SessionsRevoked, known)];
    for realm in [&Realm::BackOffice, &organisation] {
        for stay in [false, true] {
            let back_office = *realm == Realm::BackOffice;
            let kind = SessionKind { back_office, stay };
            let lifetime = Lifetime::of(realm, stay);
            all.extend([
                (Expired::SessionsByAge(kind), known.minus(lifetime.absolute)),
                (Expired::SessionsByUse(kind), known.minus(lifetime.idle)),
            ]);
        }
    }
    all
}
