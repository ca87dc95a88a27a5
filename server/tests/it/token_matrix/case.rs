//! One token in the hands of the tests: how it came into being, and what happened since.

use super::Row;
use crate::support::registrations::mail_after_password;
use crate::support::{
    Manager, Person, TestServer, Visitor,
    email::{ask as ask_for_address, asked, confirm},
    resets::{ask, mail},
};
use app::paths;
use contract::Door;
use domain::{
    Locale,
    token::{Purpose, Secret},
};
use http::Method;
use identity::token_hash;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Account, Token};
use testkit::{
    Page,
    wire::{Reply, Request},
};

/// What happens between the mail and the visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    Fresh,
    /// Scanners and previews open its page.
    LookedAt,
    /// It has a second left.
    NearlyExpired,
    /// Its time is over.
    Expired,
    /// It was used.
    Used,
    /// The same was mailed once more.
    Replaced,
    /// The person signed in.
    SignedIn,
    /// The password was changed.
    PasswordChanged,
    /// The address was changed.
    AddressChanged,
    /// The address was changed, and the change taken back.
    AddressRestored,
    /// The account is locked.
    Locked,
    /// The account was locked and opened again.
    Unlocked,
}

pub const FATES: [Fate; 12] = [
    Fate::Fresh,
    Fate::LookedAt,
    Fate::NearlyExpired,
    Fate::Expired,
    Fate::Used,
    Fate::Replaced,
    Fate::SignedIn,
    Fate::PasswordChanged,
    Fate::AddressChanged,
    Fate::AddressRestored,
    Fate::Locked,
    Fate::Unlocked,
];

/// A token that was made by the product itself, and whose it is.
pub struct Case {
    pub row: &'static Row,
    pub person: Person,
    pub token: String,
    /// The address that the token is about.
    pub address: String,
    /// Her browser, signed in since before the token was made.
    pub own: Option<Manager>,
    addresses: Vec<String>,
}

impl Case {
    /// Makes somebody at this door, and a token for her; none where no such person gets such a token.
    pub async fn begin(server: &TestServer, row: &'static Row, at: &Door) -> Option<Self> {
        // Limits by network and account are other tests': here they must not get in the way.
        server.clock.advance_secs(15 * 60);
        if row.purpose == Purpose::AccountSetup {
            let (person, link) = match at {
                Door::BackOffice => server.invited(Locale::En, None).await,
                Door::Platform(_) => return None,
            };
            return Some(Self {
                row,
                token: link.split_once("token=").unwrap().1.to_owned(),
                address: person.email.clone(),
                addresses: vec![person.email.clone()],
                person,
                own: None,
            });
        }
        if row.purpose == Purpose::AddressConfirmation {
            let Door::Platform(door) = at else {
                return None;
            };
            let person = server.newcomer(&door.organisation).await;
            return Some(Self {
                row,
                token: mail_after_password(server, &person).await.token(),
                address: person.email.clone(),
                addresses: vec![person.email.clone()],
                person,
                own: None,
            });
        }
        let person = match at {
            Door::BackOffice => server.person().await,
            Door::Platform(door) => server.participant(&door.organisation).await,
        };
        let mut case = Self {
            row,
            token: String::new(),
            address: person.email.clone(),
            addresses: vec![person.email.clone()],
            own: Some(server.visitor().sign_in(&person).await),
            person,
        };
        case.token = case.mint(server).await;
        server.clock.advance_secs(1);
        Some(case)
    }

    /// Lets it happen; `false` where it cannot.
    pub async fn suffer(&mut self, server: &TestServer, fate: Fate) -> bool {
        let invited = self.own.is_none();
        let lifetime = self.row.purpose.lifetime().as_secs();
        match fate {
            Fate::Fresh => {}
            Fate::NearlyExpired => server.clock.advance_secs(lifetime - 2),
            Fate::Expired => server.clock.advance_secs(lifetime - u64::from(!invited)),
            Fate::LookedAt | Fate::Used if self.row.home.is_none() => return false,
            Fate::LookedAt => self.look(server).await,
            Fate::Used => {
                let home = self.row.home.as_ref().unwrap();
                let address = home.address(&self.person.door, &self.token).unwrap();
                let mut visitor = stranger(server);
                let page = visitor.open(&address).await;
                self.press(&mut visitor, page).await;
                assert!(self.is_consumed(server).await);
            }
            Fate::PasswordChanged if invited => {
                server
                    .choose_new_password(&mut self.person, &fresh_password())
                    .await;
            }
            Fate::Replaced | Fate::SignedIn | Fate::AddressChanged | Fate::AddressRestored
                if invited =>
            {
                return false;
            }
            // Whoever has asked for her account to be deleted cannot ask again.
            Fate::Replaced if self.row.purpose == Purpose::DeletionStop => return false,
            Fate::Replaced => drop(self.mint(server).await),
            Fate::SignedIn => drop(server.visitor().sign_in(&self.person).await),
            Fate::PasswordChanged => drop(self.change_password(server).await),
            Fate::AddressChanged => drop(self.change_address(server).await),
            Fate::AddressRestored => {
                let undo = self.change_address(server).await;
                let fields = [("token", undo.as_str()), ("door", &self.person.door.tag())];
                let answer = stranger(server).post("/api/undo_email", &fields).await;
                assert_eq!(answer.status, 303);
            }
            Fate::Locked | Fate::Unlocked => {
                let account = server.account(&self.person).await;
                let identity = server.identity();
                identity.set_locked(&account, true).await.unwrap();
                if fate == Fate::Unlocked {
                    identity.set_locked(&account, false).await.unwrap();
                }
            }
        }
        true
    }

    async fn look(&self, server: &TestServer) {
        let home = self.row.home.as_ref().unwrap();
        let address = home.address(&self.person.door, &self.token).unwrap();
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let request = Request::new(method, &address);
            assert_eq!(stranger(server).exchange(request).await.status, 200);
        }
    }

    /// Makes a token as the product does.
    async fn mint(&mut self, server: &TestServer) -> String {
        match self.row.purpose {
            Purpose::PasswordReset => {
                ask(server, &self.person).await;
                mail(server, &self.person).await.token()
            }
            Purpose::EmailChange => {
                let (new, mail) = self.wish(server).await;
                self.address = new;
                mail.token()
            }
            Purpose::EmailUndo => {
                self.address.clone_from(&self.person.email);
                self.change_address(server).await
            }
            Purpose::NotMe => self.change_password(server).await,
            Purpose::DeletionStop => self.leave(server).await,
            Purpose::AccountSetup | Purpose::AddressConfirmation => {
                unreachable!("these come before anybody signs in")
            }
        }
    }

    /// Asks for the account to be deleted, and gives the token that stops it.
    async fn leave(&mut self, server: &TestServer) -> String {
        let own = self.own.as_mut().unwrap();
        let address = own.own(paths::DELETE);
        let page = own.open(&address).await;
        let form = page.form("/api/delete_account");
        own.submit(form.fill("proof", &self.person.password)).await;
        let mail = server.mail_to(&self.person.email).await;
        assert_eq!(mail.kind, "deletion_asked");
        mail.token()
    }

    /// Asks for another address: which, and the mail that went there.
    async fn wish(&mut self, server: &TestServer) -> (String, crate::support::Mail) {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let new = format!("moved{number}@home.example");
        let own = self.own.as_mut().unwrap();
        ask_for_address(own, &new, "").await;
        self.addresses.push(new.clone());
        let mail = asked(server, &self.person.email, &new).await;
        (new, mail)
    }

    /// Changes the address, and gives the token that takes it back.
    async fn change_address(&mut self, server: &TestServer) -> String {
        let (new, mail) = self.wish(server).await;
        confirm(server, self.own.as_mut().unwrap(), &mail).await;
        assert_eq!(server.account(&self.person).await.email, new);
        let old = std::mem::replace(&mut self.person.email, new.clone());
        assert_eq!(server.mail_to(&new).await.kind, "email_new");
        let mail = server.mail_to(&old).await;
        assert_eq!(mail.kind, "email_changed");
        mail.token()
    }

    /// Changes the password, and gives the token of the notice about it.
    async fn change_password(&mut self, server: &TestServer) -> String {
        let new = fresh_password();
        let own = self.own.as_mut().unwrap();
        let address = own.own(paths::PASSWORD);
        let page = own.open(&address).await;
        let form = page.form("/api/change_password");
        let form = form.fill("present", &self.person.password);
        own.submit(form.fill("password", &new)).await;
        self.person.password = new;
        let mail = server.mail_to(&self.person.email).await;
        assert_eq!(mail.kind, "password_changed");
        let (_, rest) = mail.text.split_once("/not-me?token=").unwrap();
        rest[..43].to_owned()
    }

    /// Presses the button of the page behind its link.
    pub async fn press(&self, visitor: &mut Visitor, page: Page) -> Page {
        let home = self.row.home.as_ref().unwrap();
        let mut form = page.form(home.action);
        if form.names().contains(&"password") {
            form = form.fill("password", &fresh_password());
        }
        visitor.submit(form).await
    }

    /// Posts a token to a function as a script would, with everything that any of them asks for.
    pub async fn post(
        &self,
        visitor: &mut Visitor,
        action: &str,
        door: &Door,
        token: &str,
    ) -> Reply {
        let (password, tag) = (fresh_password(), door.tag());
        let fields = [
            ("token", token),
            ("password", &password),
            ("email", &self.address),
            ("door", &tag),
            ("locale", "en"),
        ];
        let request = Request::new(Method::POST, action).with_form(&fields);
        visitor
            .exchange(request.with("accept", "application/json"))
            .await
    }

    /// The account and the token as they are stored.
    pub async fn state(&self, server: &TestServer) -> (Account, Option<(Token, bool)>) {
        let hash = token_hash(&Secret::present(&self.token).unwrap());
        let store = &server.identity().store;
        let token = store.token(self.row.purpose, &hash).await.unwrap();
        (server.account(&self.person).await, token)
    }

    pub async fn is_consumed(&self, server: &TestServer) -> bool {
        matches!(self.state(server).await.1, Some((_, true)))
    }

    /// The mails that it took to get here are other tests'.
    pub async fn end(self, server: &TestServer) {
        for address in &self.addresses {
            server.ignore_mail_to(address).await;
        }
    }
}

/// A fresh browser in a network of its own.
pub fn stranger(server: &TestServer) -> Visitor {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let [_, a, b, c] = NUMBER.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    server
        .visitor()
        .saying("x-forwarded-for", &format!("10.{a}.{b}.{c}"))
}

/// Whether a browser was given nothing that could be a session: a message, a way to a provider, or what binds the code
/// of a mail to it.
pub fn is_nobody(visitor: &Visitor) -> bool {
    let harmless = ["google", "microsoft", "reset"];
    let names = visitor.jar.names();
    // Another one with a similar name is a link.
    let waits = |name: &str| {
        name.starts_with("flash.") || name.starts_with("reset-") && !name.starts_with("reset-link")
    };
    names
        .iter()
        .all(|name| harmless.contains(name) || waits(name))
}

fn fresh_password() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("eleven barges under the moon {number}")
}
