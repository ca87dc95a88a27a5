//! Rows as tests put them into the store: every column is filled in, and a test says what it is about.
//!
//! `Session { stay: true, ..rows::session("s1", &ada, at(1)) }`

use domain::{
    AccountId, DeviceId, Locale, MailId, Realm, RegistrationId, SessionId, SignInId, Timestamp,
    TokenId,
    job::Priority,
    session::{FirstStep, Method},
    sign_in::FirstStepProof,
    token::Purpose,
};
use store::{Device, NewMail, Registration, Session, SignIn, Token};

/// A session of the back office that was opened with a password at this moment.
pub fn session(id: &str, account: &AccountId, at: Timestamp) -> Session {
    Session {
        id: SessionId::from(id.to_owned()),
        realm: Realm::BackOffice,
        account_id: account.clone(),
        method: Method {
            first: FirstStep::Password,
            second: None,
        },
        created_at: at,
        proved_at: at,
        last_seen_at: at,
        network: "192.0.2.1".to_owned(),
        user_agent: "Firefox, Linux".to_owned(),
        project: None,
        stay: false,
    }
}

/// A known device, which asks for codes.
pub fn device(id: &str, account: &AccountId, at: Timestamp) -> Device {
    Device {
        id: DeviceId::from(id.to_owned()),
        account_id: account.clone(),
        created_at: at,
        last_seen_at: at,
        remembered_until: None,
        network: "192.0.2.1".to_owned(),
        user_agent: "Firefox, Linux".to_owned(),
    }
}

/// A sign-in to the back office that waits for its second step.
pub fn sign_in(id: &str, account: &AccountId, at: Timestamp) -> SignIn {
    SignIn {
        id: SignInId::from(id.to_owned()),
        realm: Realm::BackOffice,
        account_id: account.clone(),
        proof: FirstStepProof {
            first: FirstStep::Password,
            since: at,
        },
        wrong_codes: 0,
        next: None,
        stay: false,
        created_at: at,
    }
}

/// A mailed token that expires when it is made.
pub fn token(id: &str, purpose: Purpose, account: &AccountId, at: Timestamp) -> Token {
    Token {
        id: TokenId::from(id.to_owned()),
        purpose,
        account_id: account.clone(),
        created_at: at,
        expires_at: at,
        pending: None,
    }
}

/// A registration whose mail is to be written, of a browser of its own.
pub fn registration(id: &str, at: Timestamp) -> Registration {
    let mut browser_hash = vec![0; 32];
    for (byte, letter) in browser_hash.iter_mut().zip(id.bytes()) {
        *byte = letter;
    }
    Registration {
        id: RegistrationId::from(id.to_owned()),
        realm: Realm::BackOffice,
        project: "quay".to_owned(),
        email: "ada@town.example".to_owned(),
        name: "Ada Lovelace".to_owned(),
        locale: Locale::Fr,
        password_hash: "a hash".to_owned(),
        browser_hash,
        account_id: None,
        mail_id: None,
        mails: 0,
        next: None,
        device: "Firefox, Linux".to_owned(),
        network: "192.0.2.1".to_owned(),
        created_at: at,
        answered_at: None,
        confirmed_at: None,
        domain_answer: None,
        denied_at: None,
        denied_key: None,
        suggestions: None,
    }
}

/// A mail that waits to be sent.
pub fn mail(id: &str, account: Option<&AccountId>, at: Timestamp) -> NewMail<'static> {
    NewMail {
        id: MailId::from(id.to_owned()),
        account_id: account.cloned(),
        organisation_id: None,
        registration_id: None,
        recipient: "ada@town.example".to_owned(),
        locale: Locale::En,
        kind: "new_device",
        sealed: vec![1],
        priority: Priority::Notice,
        created_at: at,
    }
}
