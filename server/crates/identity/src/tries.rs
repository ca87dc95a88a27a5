//! The buckets of limits that belong to an account.

use domain::{AccountId, DeviceId, Realm};
use store::Account;
use unit_of_work::{hashed, mails_bucket, supports_bucket};

/// The bucket of an account's requests for another address.
pub(crate) fn address_requests(account: &AccountId) -> String {
    format!("email:account:{account}")
}

/// The bucket of downloads of an account's data.
pub(crate) fn downloads(account: &AccountId) -> String {
    format!("data:account:{account}")
}

/// The bucket of sign-ins to an account.
pub(crate) fn sign_ins(account: &AccountId) -> String {
    format!("sign-in:account:{account}")
}

/// The bucket of changes of an account's name and language.
pub(crate) fn details(account: &AccountId) -> String {
    format!("details:account:{account}")
}

/// The bucket of sign-ins to an account that begin to wait for a code.
pub(crate) fn begun(account: &AccountId) -> String {
    format!("begun:account:{account}")
}

/// The bucket of proofs of an account that were checked, right or wrong.
pub(crate) fn checked_proofs(account: &AccountId) -> String {
    format!("proof-checked:account:{account}")
}

/// The bucket of mails for a new password that the known devices of an account ask for.
pub(crate) fn known_mails(account: &AccountId) -> String {
    format!("mail-known:account:{account}")
}

/// What the buckets of devices begin with; the device follows.
pub(crate) const DEVICE_BUCKETS: [&str; 4] = [
    "sign-in:device:",
    "begun:device:",
    "password-checked:device:",
    "proof-checked:device:",
];

/// The bucket of sign-ins with a device that was known for a while.
pub(crate) fn device_sign_ins(device: &DeviceId) -> String {
    format!("sign-in:device:{device}")
}

/// The bucket of sign-ins with such a device that begin to wait for a code.
pub(crate) fn device_begun(device: &DeviceId) -> String {
    format!("begun:device:{device}")
}

/// The bucket of passwords that were checked for a known device.
pub(crate) fn device_passwords(device: &DeviceId) -> String {
    format!("password-checked:device:{device}")
}

/// The bucket of proofs that were checked on a device that was known for a while, right or wrong.
pub(crate) fn device_proofs(device: &DeviceId) -> String {
    format!("proof-checked:device:{device}")
}

/// The bucket of mails about new devices of an account.
pub(crate) fn device_mails(account: &AccountId) -> String {
    format!("device-mail:account:{account}")
}

/// The bucket of all requests for one address.
pub(crate) fn requests_for_address(realm: &Realm, email_key: &str) -> String {
    format!("email:address:{realm}:{}", hashed(email_key))
}

/// The bucket of the mails of registrations to an address.
pub(crate) fn registration_mails_to(realm: &Realm, email_key: &str) -> String {
    format!("registration:address:{realm}:{}", hashed(email_key))
}

/// The same of all organisations.
pub(crate) fn registration_mails_to_mailbox(email_key: &str) -> String {
    format!("registration:mailbox:{}", hashed(email_key))
}

/// Every bucket that is an account's own, with its name in the account's data.
pub(crate) fn buckets_of(account: &Account) -> [(&'static str, String); 12] {
    let key = account.email_key();
    [
        ("address_wishes", address_requests(&account.id)),
        ("data_files", downloads(&account.id)),
        ("sign_ins", sign_ins(&account.id)),
        ("begun", begun(&account.id)),
        ("checked_proofs", checked_proofs(&account.id)),
        ("known_mails", known_mails(&account.id)),
        ("details", details(&account.id)),
        ("supports", supports_bucket(&account.id)),
        ("device_mails", device_mails(&account.id)),
        ("mails", mails_bucket(&account.realm, &key)),
        (
            "registration_mails",
            registration_mails_to(&account.realm, &key),
        ),
        (
            "wishes_for_address",
            requests_for_address(&account.realm, &key),
        ),
    ]
}
