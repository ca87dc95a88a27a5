//! Accounts that were registered and whose address nobody has confirmed.

use crate::Result;
use domain::{AccountId, AccountStatus, token::Purpose};
use store::{Account, Registration};
use unit_of_work::UnitOfWork;

/// The purpose of the links that confirm a registration. Their pending value is the registration.
pub(crate) const PURPOSE: Purpose = Purpose::AddressConfirmation;

/// Whether an account waits for the confirmation of its address, and nothing else protects it.
pub(crate) fn is_open(account: &Account) -> bool {
    account.status == AccountStatus::Active
        && account.email_confirmed_at.is_none()
        && !account.second_factor
}

/// Whether somebody registered this account and nobody has confirmed its address: it keeps no owner of the address from
/// anything.
pub(crate) fn is_unproved(account: &Account) -> bool {
    is_open(account) && account.deletion_at.is_some()
}

/// Notes that the owner of its address did not make a registration: its links and codes are dead.
pub(crate) async fn deny(work: &mut UnitOfWork<'_>, registration: &Registration) -> Result<()> {
    let Some(id) = &registration.account_id else {
        return Ok(());
    };
    let now = work.services().now();
    work.lock_account(id).await?;
    work.void_pending_tokens(id, PURPOSE, registration.id.as_str(), now)
        .await?;
    work.deny_registration(&registration.id, now).await?;
    abandon(work, id).await
}

/// An account that was made by registering and has no registration any more is deleted by the next run of the job that
/// deletes accounts.
pub(crate) async fn abandon(work: &mut UnitOfWork<'_>, id: &AccountId) -> Result<()> {
    let now = work.services().now();
    let account = work.lock_account(id).await?;
    if account.is_some_and(|account| is_unproved(&account))
        && work.newest_registration_of(id).await?.is_none()
    {
        work.stop_deletion(id, now).await?;
        work.set_deletion(id, now, now).await?;
    }
    Ok(())
}
