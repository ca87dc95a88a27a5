//! The five attacks that prepare an account before its owner comes (Sudhodanan & Paverd, USENIX
//! Security 2022), each by two paths: by the invitation ([`invited`]), and by taking an account back
//! ([`recovered`]).
//!
//! In each the attacker is first, with all that he can do; then the owner of the address arrives; then
//! he tries whatever he has kept ([`kept`]), and the account is searched for anything of his. Above
//! each attack stands the breakage that it was seen to succeed on.

mod invited;
mod kept;
mod recovered;

use crate::support::{
    Person,
    providers::{Stage, TENANT, google_account, microsoft_account, once_with_providers},
};
use serde_json::Value;

once_with_providers! {
    none_of_five_attacks_on_two_paths_succeeds,
}

/// The attacks, by the names of the paper.
#[derive(Debug, Clone, Copy)]
enum Attack {
    /// He has an account with her address and a password of his, and hers becomes one with it.
    ClassicFederatedMerge,
    /// He keeps open what he began before she came.
    UnexpiredSession,
    /// An account of his at a provider is in hers.
    TrojanIdentifier,
    /// A change of address waits for her.
    UnexpiredEmailChange,
    /// A provider says her address, and has never asked whether it is his.
    NonVerifyingProvider,
}

const ATTACKS: [Attack; 5] = [
    Attack::ClassicFederatedMerge,
    Attack::UnexpiredSession,
    Attack::TrojanIdentifier,
    Attack::UnexpiredEmailChange,
    Attack::NonVerifyingProvider,
];

/// How the owner arrives.
#[derive(Debug, Clone, Copy)]
enum Path {
    Invitation,
    Recovery,
}

async fn none_of_five_attacks_on_two_paths_succeeds(stage: &Stage) {
    let mut succeeded = 0;
    let mut tried = 0;
    for path in [Path::Invitation, Path::Recovery] {
        for attack in ATTACKS {
            let inside = match path {
                Path::Invitation => invited::succeeds(stage, attack).await,
                Path::Recovery => recovered::succeeds(stage, attack).await,
            };
            eprintln!(
                "{path:?}, {attack:?}: {}",
                if inside { "INSIDE" } else { "outside" }
            );
            succeeded += usize::from(inside);
            tried += 1;
        }
    }
    eprintln!("pre-hijacking: {succeeded} of {tried} succeeded");
    assert_eq!((succeeded, tried), (0, 10));
}

/// Who was there before the owner, and what is his: another one for each of them.
struct Attacker {
    email: String,
    /// What his accounts at the providers are called there.
    subject: String,
}

/// The password that he knows.
const HIS_PASSWORD: &str = "nine crows wait for the owner";

impl Attacker {
    fn of(owner: &str) -> Self {
        let (local, _) = owner.split_once('@').unwrap();
        Self {
            email: format!("{local}@evil.example"),
            subject: format!("his-{local}"),
        }
    }

    /// His account at Google, with nothing of hers.
    fn google(&self) -> Value {
        google_account(&self.email, &self.subject)
    }

    /// His account in a tenant of his own, with nothing of hers.
    fn microsoft(&self) -> Value {
        microsoft_account(TENANT, &self.subject, &self.email)
    }

    /// Accounts at Google that have her address: nobody has verified it, somebody did once, and the
    /// Workspace of another domain says so.
    fn google_with(&self, address: &str) -> [Value; 3] {
        let account = google_account(address, &self.subject);
        let mut unverified = account.clone();
        unverified["email_verified"] = Value::Bool(false);
        let mut once = account.clone();
        once.as_object_mut().unwrap().remove("hd");
        let mut elsewhere = account;
        elsewhere["hd"] = Value::String("evil.example".to_owned());
        [unverified, once, elsewhere]
    }

    /// An account in a tenant of his own, whose administrator gives it her address (nOAuth).
    fn microsoft_with(&self, address: &str) -> Value {
        microsoft_account(TENANT, &self.subject, address)
    }

    /// Whether there is anything of his in her account, or it is no longer at her address.
    async fn is_in(&self, stage: &Stage, owner: &Person) -> bool {
        let linked = stage.linked(owner).await;
        let his = |link: &store::LinkedAccount| link.subject.subject() == self.subject;
        linked.iter().any(his) || stage.account(owner).await.email != owner.email
    }
}
