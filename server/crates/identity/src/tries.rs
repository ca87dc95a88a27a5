//! The buckets of limits that belong to an account.

use domain::{AccountId, Realm};
use store::Account;
use unit_of_work::{hashed, mails_bucket};

/// The bucket of proofs of an account.
pub(crate) fn proofs(account: &AccountId) -> String {
    format!("proof:account:{account}")
}

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

/// The bucket of mails about new devices of an account.
pub(crate) fn device_mails(account: &AccountId) -> String {
    format!("device-mail:account:{account}")
}

/// The bucket of all requests for one address.
pub(crate) fn requests_for_address(realm: &Realm, email_key: &str) -> String {
    format!("email:address:{realm}:{}", hashed(email_key))
}

/// Every bucket that is an account's own, with its name in the account's data.
pub(crate) fn buckets_of(account: &Account) -> [(&'static str, String); 8] {
    let key = account.email_key();
    [
        ("proofs", proofs(&account.id)),
        ("address_wishes", address_requests(&account.id)),
        ("data_files", downloads(&account.id)),
        ("sign_ins", sign_ins(&account.id)),
        ("details", details(&account.id)),
        ("device_mails", device_mails(&account.id)),
        ("mails", mails_bucket(&account.realm, &key)),
        (
            "wishes_for_address",
            requests_for_address(&account.realm, &key),
        ),
    ]
}
