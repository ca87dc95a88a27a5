//! Who comes to the door. The type says how far somebody has got: a [`Visitor`] stands outside, a
//! [`Manager`] is signed in.

use super::{Town, words};
use app::routes::paths;
use domain::{AccountId, DisplayName, Email, Locale, PlatformRole, totp::TotpSecret};
use identity::{Client, NewAccount};
use std::{
    net::SocketAddr,
    ops::{Deref, DerefMut},
    sync::atomic::Ordering,
};
use store::Account;
use testkit::{Browser, Page, Phone};

/// Somebody with an account of the back office, and what she knows and holds.
#[derive(Debug, Clone)]
pub struct Person {
    /// Her account.
    pub id: AccountId,
    /// Her address.
    pub email: String,
    /// What she is called.
    pub name: String,
    /// Her password.
    pub password: String,
    /// Her telephone, once two-factor is on.
    pub phone: Option<Phone>,
}

impl Person {
    /// The code that her telephone shows now.
    pub fn code(&self) -> String {
        self.phone().code()
    }

    /// Her telephone.
    pub fn phone(&self) -> &Phone {
        self.phone.as_ref().expect("two-factor is on")
    }
}

/// A browser that nobody is signed in with.
#[derive(Debug, Clone)]
pub struct Visitor(Browser);

/// A browser that somebody is signed in with.
#[derive(Debug, Clone)]
pub struct Manager {
    browser: Browser,
    /// Who she is.
    pub person: Person,
}

impl Visitor {
    pub(super) fn new(address: SocketAddr, origin: &str) -> Self {
        Self(Browser::new(address, origin))
    }

    /// The same with another word about itself in every request.
    pub fn saying(self, name: &str, value: &str) -> Self {
        Self(self.0.saying(name, value))
    }

    /// The same browser at the door of another server.
    pub fn at(&self, town: &Town) -> Self {
        Self(self.0.at(town.address))
    }

    /// Fills in the sign-in form.
    pub async fn give_password(&mut self, email: &str, password: &str) -> Page {
        let page = self.open(paths::SIGN_IN).await;
        let form = page
            .form("/api/sign_in")
            .fill("email", email)
            .fill("password", password);
        self.submit(form).await
    }

    /// Fills in the form of the second step, which must be open.
    pub async fn give_code(&mut self, code: &str) -> Page {
        let page = self.open(paths::CODE).await;
        let form = page
            .form_with("/api/give_code", "form", "code")
            .fill("code", code);
        self.submit(form).await
    }

    /// Goes as far as the second step.
    pub async fn begin(&mut self, person: &Person) {
        let page = self.give_password(&person.email, &person.password).await;
        assert_eq!(page.url, paths::CODE, "{}", page.text());
    }

    /// Goes all the way in, with a code where one is asked for.
    pub async fn sign_in(mut self, person: &Person) -> Manager {
        let mut page = self.give_password(&person.email, &person.password).await;
        if person.phone.is_some() {
            assert_eq!(page.url, paths::CODE, "{}", page.text());
            page = self.give_code(&person.code()).await;
        }
        assert_eq!(page.url, paths::BACK_OFFICE, "{}", page.text());
        Manager {
            browser: self.0,
            person: person.clone(),
        }
    }

    /// Whether this browser is signed in after all.
    pub async fn is_in(&mut self) -> bool {
        self.open(paths::PROFILE).await.url == paths::PROFILE
    }
}

impl Manager {
    /// Goes through the set-up of two-factor to its end; gives the recovery codes.
    pub async fn enable_two_factor(&mut self, town: &Town) -> Vec<String> {
        let phone = self.scan(town).await;
        let page = self.confirm(&phone.code()).await;
        words::assert_says(&page, "two_factor", "done");
        let mail = town.mail_to(&self.person.email).await;
        assert_eq!(mail.kind, "two_factor_enabled");
        self.person.phone = Some(phone);
        codes_of(&page)
    }

    /// Opens the set-up screen and takes the secret over by hand.
    pub async fn scan(&mut self, town: &Town) -> Phone {
        let page = self.open(paths::SETTINGS).await;
        let page = self.submit(page.form("/api/begin_two_factor")).await;
        assert_eq!(page.url, paths::TWO_FACTOR, "{}", page.text());
        Phone::with_secret(&secret_of(&page), &town.clock)
    }

    /// Types a code into the set-up screen.
    pub async fn confirm(&mut self, code: &str) -> Page {
        let page = self.open(paths::TWO_FACTOR).await;
        let form = page.form("/api/enable_two_factor").fill("code", code);
        self.submit(form).await
    }

    /// Fills in a form of the two-factor page that asks for a proof.
    pub async fn prove(&mut self, action: &str, proof: &str) -> Page {
        let page = self.open(paths::TWO_FACTOR).await;
        let form = page.form(action).fill("proof", proof);
        self.submit(form).await
    }

    /// Whether she is still signed in.
    pub async fn is_in(&mut self) -> bool {
        self.open(paths::PROFILE).await.url == paths::PROFILE
    }
}

/// The key that the set-up screen shows to who cannot scan.
pub fn secret_of(page: &Page) -> String {
    page.text_of(|piece| piece.attribute("id") == Some("secret-key"))
}

/// The sheet of recovery codes.
pub fn codes_of(page: &Page) -> Vec<String> {
    let sheet = page.text_of(|piece| piece.attribute("id") == Some("codes"));
    sheet.split_whitespace().map(str::to_owned).collect()
}

impl Town {
    /// A manager with a password and without two-factor.
    pub async fn person(&self) -> Person {
        self.person_with(Locale::En, None).await
    }

    /// A manager with two-factor on. Her codes begin to count now: none was used yet.
    pub async fn secured(&self) -> Person {
        let mut person = self.person().await;
        let secret = TotpSecret::generate(&*self.identity().entropy);
        self.identity()
            .plant_second_factor(&person.id, &secret)
            .await
            .unwrap();
        person.phone = Some(Phone::with_secret(&secret.to_base32(), &self.clock));
        person
    }

    /// Somebody with a password, of this language and role.
    pub async fn person_with(&self, locale: Locale, role: Option<PlatformRole>) -> Person {
        let (mut person, link) = self.invited(locale, role).await;
        let token = link.rsplit_once('=').unwrap().1;
        let client = Client {
            network: "192.0.2.1".to_owned(),
            device: String::new(),
        };
        "four lanterns cross the river".clone_into(&mut person.password);
        self.identity()
            .set_up_account(token, &person.password, &client)
            .await
            .unwrap();
        person
    }

    /// Somebody who was invited and has not chosen a password, with the link from her mail.
    pub async fn invited(&self, locale: Locale, role: Option<PlatformRole>) -> (Person, String) {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let (email, name) = (
            format!("person{number}@town.example"),
            format!("Person Number {number}"),
        );
        let new = NewAccount {
            email: Email::parse(&email).unwrap(),
            name: DisplayName::parse(&name).unwrap(),
            locale,
            membership: None,
            platform_role: role,
        };
        let id = self.identity().create_account(new).await.unwrap().account;
        let mail = self.mail_to(&email).await;
        assert_eq!(mail.kind, "account_setup");
        let link = mail.link(&self.state.config.origin());
        (
            Person {
                id,
                email,
                name,
                password: String::new(),
                phone: None,
            },
            link,
        )
    }

    /// A manager who has just signed in.
    pub async fn manager(&self) -> Manager {
        let person = self.person().await;
        self.visitor().sign_in(&person).await
    }

    /// The stored account of somebody.
    pub async fn account(&self, person: &Person) -> Account {
        self.identity()
            .store
            .account(&person.id)
            .await
            .unwrap()
            .unwrap()
    }
}

impl Deref for Visitor {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.0
    }
}

impl DerefMut for Visitor {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.0
    }
}

impl Deref for Manager {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl DerefMut for Manager {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.browser
    }
}
