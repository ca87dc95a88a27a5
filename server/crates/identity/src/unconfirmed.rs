//! Accounts that were registered and whose address nobody has confirmed.

use crate::Result;
use domain::{AccountId, AccountStatus, Timestamp, token::Purpose};
use store::{Account, Registration, SetPassword};
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

/// Gives an unconfirmed account the password of a registration: at the sign-in page it is told, and opens nothing.
pub(crate) async fn set_password(
    work: &mut UnitOfWork<'_>,
    account: &AccountId,
    registration: &Registration,
    at: Timestamp,
) -> Result<()> {
    let password = SetPassword {
        hash: &registration.password_hash,
        at,
        stands_alone: true,
        confirms_email: false,
    };
    Ok(work.set_password(account, &password).await?)
}

/// Takes a registration from its account: its links and codes are dead. An account that was made by registering and has
/// no other registration is deleted by the next run of the job that deletes accounts.
pub(crate) async fn leave(work: &mut UnitOfWork<'_>, registration: &Registration) -> Result<()> {
    let Some(id) = &registration.account_id else {
        return Ok(());
    };
    let now = work.services().now();
    let account = work.lock_account(id).await?;
    work.void_pending_tokens(id, PURPOSE, registration.id.as_str(), now)
        .await?;
    work.release_registration(&registration.id).await?;
    let Some(account) = account.filter(is_open) else {
        return Ok(());
    };
    if let Some(other) = work.newest_registration_of(id).await? {
        return set_password(work, id, &other, now).await;
    }
    work.clear_password(id, now).await?;
    if account.deletion_at.is_some() {
        work.stop_deletion(id, now).await?;
        work.set_deletion(id, now, now).await?;
    }
    Ok(())
}
