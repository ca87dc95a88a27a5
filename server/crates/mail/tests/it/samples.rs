//! One of every mail.

use mail::{
    AccountClosed, AccountDeleted, AccountElsewhere, AccountSafe, AccountSetup, AddressConfirm,
    AlreadyRegistered, DeletionAsked, DomainDoubted, Elsewhere, EmailConfirm, EmailNotice,
    EmailTold, EmailUndo, How, Message, NewDevices, NoAccount, Notice, PasswordChanged,
    PasswordReset, PolicyChanged, ProviderNotice, RecoveryCodeUsed, Sender, TwoFactorDisabled, Why,
};

/// The link of the sample set-up mail; its `&` must survive both forms.
pub const LINK: &str = "https://bpart.example/invitation?a=1&token=Zm9vYmFy";

/// The page that the button of a notice leads to.
pub const SETTINGS: &str = "https://bpart.example/fr/settings/two-factor";

/// The page "this was not me" of a notice.
pub const NOT_ME: &str = "https://bpart.example/not-me?token=bm90LW1l";

/// The address that mails about addresses speak of.
pub const OTHER: &str = "ada.byron+news@home.example";

/// Until when a sample link works.
pub const EXPIRES: &str = "10 May 2026 at 14:05";

pub fn sender() -> Sender {
    Sender {
        brand: "Bpart".to_owned(),
        support_email: "support@bpart.example".to_owned(),
        public_url: "https://bpart.example/".to_owned(),
    }
}

pub fn notice(name: &str) -> Notice {
    Notice {
        name: name.to_owned(),
        when: "3 May 2026 at 14:05".to_owned(),
        device: "Firefox 141.0 on Linux".to_owned(),
        network: "203.0.113.0/24".to_owned(),
        link: SETTINGS.to_owned(),
        not_me: NOT_ME.to_owned(),
    }
}

pub fn setup(name: &str) -> Message {
    Message::AccountSetup(AccountSetup {
        name: name.to_owned(),
        organisation: Some("Town of Examples".to_owned()),
        link: LINK.to_owned(),
        expires: "10 May 2026 at 14:05".to_owned(),
        inviter: Some("Grace Hopper".to_owned()),
        role: Some("content_manager".to_owned()),
    })
}

fn disabled(by: How) -> Message {
    Message::TwoFactorDisabled(TwoFactorDisabled {
        notice: notice("Ada Lovelace"),
        by,
    })
}

fn code_used(left: u32) -> Message {
    Message::RecoveryCodeUsed(RecoveryCodeUsed {
        notice: notice("Ada Lovelace"),
        left,
    })
}

fn reset(code: Option<&str>, place: Option<&str>) -> Message {
    Message::PasswordReset(PasswordReset {
        name: "Ada Lovelace".to_owned(),
        place: place.map(str::to_owned),
        link: LINK.to_owned(),
        code: code.map(str::to_owned),
        without_password: place.is_some(),
        expires: "10 May 2026 at 14:05".to_owned(),
        device: "Firefox 141.0 on Linux".to_owned(),
        network: "203.0.113.0/24".to_owned(),
    })
}

fn unconfirmed(place: Option<&str>) -> Message {
    Message::AddressConfirm(AddressConfirm {
        place: place.map(str::to_owned),
        link: LINK.to_owned(),
        code: place.map(|_| "BCDF-GHJK".to_owned()),
        expires: EXPIRES.to_owned(),
        device: "Firefox 141.0 on Linux".to_owned(),
        network: "203.0.113.0/24".to_owned(),
    })
}

fn registered(name: Option<&str>) -> Message {
    Message::AlreadyRegistered(AlreadyRegistered {
        name: name.map(str::to_owned),
        email: "ada@town.example".to_owned(),
        place: "A quay for everybody (Bellerive)".to_owned(),
        link: LINK.to_owned(),
        reset: LINK.to_owned(),
        device: "Firefox 141.0 on Linux".to_owned(),
        network: "203.0.113.0/24".to_owned(),
    })
}

fn safe(place: Option<&str>) -> Message {
    Message::AccountSafe(AccountSafe {
        name: "Ada Lovelace".to_owned(),
        place: place.map(str::to_owned),
        link: LINK.to_owned(),
        code: place.map(|_| "BCDF-GHJK".to_owned()),
        expires: EXPIRES.to_owned(),
        when: "3 May 2026 at 14:05".to_owned(),
        device: "Firefox 141.0 on Linux".to_owned(),
        network: "203.0.113.0/24".to_owned(),
    })
}

fn no_account(place: Option<&str>) -> Message {
    Message::NoAccount(NoAccount {
        email: "ada@town.example".to_owned(),
        place: place.map(str::to_owned),
        link: LINK.to_owned(),
    })
}

fn elsewhere(place: Option<&str>) -> Message {
    let other = |organisation: Option<&str>| Elsewhere {
        organisation: organisation.map(str::to_owned),
        link: LINK.to_owned(),
    };
    Message::AccountElsewhere(AccountElsewhere {
        email: "ada@town.example".to_owned(),
        place: place.map(str::to_owned),
        places: vec![other(None), other(Some("Bellerive"))],
    })
}

fn domain_doubted() -> Message {
    Message::DomainDoubted(DomainDoubted {
        name: "Ada Lovelace".to_owned(),
        organisation: "Bellerive".to_owned(),
        ending: "@old-town.example".to_owned(),
        link: LINK.to_owned(),
    })
}

fn policy(accepts_provider_factor: bool) -> Message {
    Message::PolicyChanged(PolicyChanged {
        name: "Ada Lovelace".to_owned(),
        organisation: "Bellerive".to_owned(),
        accepts_provider_factor,
        when: "3 May 2026 at 14:05".to_owned(),
        link: LINK.to_owned(),
    })
}

fn new_devices(count: u32) -> Message {
    Message::NewDevices(NewDevices {
        notice: notice("Ada Lovelace"),
        count,
        since: "3 May 2026 at 14:05".to_owned(),
    })
}

fn changed(why: Why) -> Message {
    Message::PasswordChanged(PasswordChanged {
        notice: notice("Ada Lovelace"),
        why,
    })
}

fn told(name: &str) -> EmailTold {
    EmailTold {
        name: name.to_owned(),
        email: OTHER.to_owned(),
        link: LINK.to_owned(),
    }
}

fn about_address(name: &str) -> EmailNotice {
    EmailNotice {
        notice: notice(name),
        email: OTHER.to_owned(),
    }
}

/// The mails of a change of address, to a person of this name.
fn of_addresses(name: &str) -> Vec<Message> {
    vec![
        Message::EmailConfirm(EmailConfirm {
            name: name.to_owned(),
            email: OTHER.to_owned(),
            link: LINK.to_owned(),
            expires: EXPIRES.to_owned(),
        }),
        Message::EmailTaken(told(name)),
        Message::EmailAsked(about_address(name)),
        Message::EmailChanged(EmailUndo {
            notice: notice(name),
            email: OTHER.to_owned(),
            expires: EXPIRES.to_owned(),
        }),
        Message::EmailNew(told(name)),
        Message::EmailRestored(about_address(name)),
        Message::EmailLost(told(name)),
    ]
}

/// The mails of an account at a provider, to a person of this name.
fn of_providers(name: &str) -> Vec<Message> {
    let told = |provider: &str, email: Option<&str>| ProviderNotice {
        notice: notice(name),
        provider: provider.to_owned(),
        email: email.map(str::to_owned),
        again: provider == "Google" && email.is_some(),
    };
    vec![
        Message::ProviderLinked(told("Google", Some(OTHER))),
        Message::ProviderLinked(told("Microsoft", None)),
        Message::ProviderUnlinked(told("Microsoft", Some(OTHER))),
        Message::ProviderUnlinked(told("Google", Some(OTHER))),
        Message::ProviderUnlinked(told("Google", None)),
    ]
}

/// The mails of a deletion and of a download, to a person of this name.
fn of_leaving(name: &str) -> Vec<Message> {
    let asked = |previous| {
        Message::DeletionAsked(DeletionAsked {
            notice: notice(name),
            due: EXPIRES.to_owned(),
            stop: LINK.to_owned(),
            previous,
        })
    };
    let deleted = |organisation: Option<&str>| {
        Message::AccountDeleted(AccountDeleted {
            name: name.to_owned(),
            organisation: organisation.map(str::to_owned),
            asked: "3 May 2026 at 14:05".to_owned(),
            days: 365,
            link: LINK.to_owned(),
        })
    };
    vec![
        asked(false),
        asked(true),
        Message::DeletionStopped(notice(name)),
        deleted(None),
        deleted(Some("Town of Examples")),
        Message::DataDownloaded(notice(name)),
    ]
}

/// Every variant, and every branch of the words.
pub fn all() -> Vec<Message> {
    let nobody = AccountSetup {
        name: "Ada Lovelace".to_owned(),
        organisation: None,
        link: LINK.to_owned(),
        expires: "10 May 2026 at 14:05".to_owned(),
        inviter: None,
        role: None,
    };
    let mut all = vec![
        setup("Ada Lovelace"),
        Message::AccountSetup(nobody),
        Message::TwoFactorEnabled(notice("Ada Lovelace")),
        Message::PhoneReplaced(notice("Ada Lovelace")),
        disabled(How::Own),
        disabled(How::Support),
        disabled(How::SupportAndPassword),
        policy(false),
        policy(true),
        domain_doubted(),
        new_devices(1),
        new_devices(116),
        Message::RecoveryCodesMade(notice("Ada Lovelace")),
        code_used(0),
        code_used(1),
        code_used(7),
        Message::SecondFactorGuess(notice("Ada Lovelace")),
        Message::ProofGuess(notice("Ada Lovelace")),
        reset(Some("BCDF-GHJK"), None),
        reset(None, Some("A quay for everybody (Bellerive)")),
        unconfirmed(None),
        unconfirmed(Some("A quay for everybody (Bellerive)")),
        registered(None),
        registered(Some("Ada Lovelace")),
        safe(None),
        safe(Some("A quay for everybody (Bellerive)")),
        no_account(None),
        no_account(Some("A quay for everybody (Bellerive)")),
        elsewhere(None),
        elsewhere(Some("A quay for everybody (Bellerive)")),
        Message::AccountClosed(AccountClosed {
            name: "Ada Lovelace".to_owned(),
            link: LINK.to_owned(),
        }),
        changed(Why::Own),
        changed(Why::Reset),
        Message::NewDevice(notice("Ada Lovelace")),
    ];
    all.extend(of_addresses("Ada Lovelace"));
    all.extend(of_providers("Ada Lovelace"));
    all.extend(of_leaving("Ada Lovelace"));
    all
}
