//! Who comes to the door. The type says how far somebody has got: a [`Visitor`] stands outside, a
//! [`Manager`] is signed in.

use super::{TestServer, words};
use app::paths;
use contract::Door;
use domain::AccountId;
use std::{
    net::SocketAddr,
    ops::{Deref, DerefMut},
};
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
    /// The door that her account is for.
    pub door: Door,
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
pub struct Visitor {
    browser: Browser,
    /// The door that she stands at.
    pub door: Door,
    /// Whether she ticks "stay signed in".
    stay: bool,
}

/// A browser that somebody is signed in with.
#[derive(Debug, Clone)]
pub struct Manager {
    browser: Browser,
    /// Who she is.
    pub person: Person,
}

impl Visitor {
    pub(super) fn new(address: SocketAddr, origin: &str) -> Self {
        Self {
            browser: Browser::new(address, origin),
            door: Door::BackOffice,
            stay: false,
        }
    }

    /// The same with another word about itself in every request.
    pub fn saying(self, name: &str, value: &str) -> Self {
        Self {
            browser: self.browser.saying(name, value),
            ..self
        }
    }

    /// The same browser at the door of another server.
    pub fn at(&self, server: &TestServer) -> Self {
        Self {
            browser: self.browser.at(server.address),
            door: self.door.clone(),
            stay: self.stay,
        }
    }

    /// The same browser at another door.
    pub fn through(self, door: &Door) -> Self {
        Self {
            door: door.clone(),
            ..self
        }
    }

    /// The same, who wants to stay signed in.
    pub fn staying(self) -> Self {
        Self { stay: true, ..self }
    }

    /// Fills in the sign-in form.
    pub async fn give_password(&mut self, email: &str, password: &str) -> Page {
        let path = self.door.entrance(paths::SIGN_IN);
        let page = self.open(&path).await;
        let form = page
            .form("/api/sign_in")
            .fill("email", email)
            .fill("password", password);
        let ticked = form.names().contains(&"stay");
        let form = if self.stay && !ticked {
            form.tick("stay")
        } else {
            form
        };
        self.submit(form).await
    }

    /// Fills in the form of the second step, which must be open.
    pub async fn give_code(&mut self, code: &str) -> Page {
        let path = self.door.entrance(paths::CODE);
        let page = self.open(&path).await;
        let form = page
            .form_with("/api/give_code", "form", "code")
            .fill("code", code);
        self.submit(form).await
    }

    /// The same, and asks not to be asked for a code in this browser.
    pub async fn give_code_to_be_remembered(&mut self, code: &str) -> Page {
        let path = self.door.entrance(paths::CODE);
        let page = self.open(&path).await;
        let form = page.form_with("/api/give_code", "form", "code");
        self.submit(form.tick("remember").fill("code", code)).await
    }

    /// Goes as far as the second step.
    pub async fn begin(&mut self, person: &Person) {
        self.door = person.door.clone();
        let page = self.give_password(&person.email, &person.password).await;
        let wanted = self.door.entrance(paths::CODE);
        assert_eq!(page.url, wanted, "{}", page.text());
    }

    /// Goes all the way in, with a code where one is asked for.
    pub async fn sign_in(mut self, person: &Person) -> Manager {
        self.door = person.door.clone();
        let mut page = self.give_password(&person.email, &person.password).await;
        if person.phone.is_some() {
            let code = self.door.entrance(paths::CODE);
            assert_eq!(page.url, code, "{}", page.text());
            page = self.give_code(&person.code()).await;
        }
        // A window that has read French pages stays with them.
        let (_, here) = app::locale::split(&page.url);
        assert_eq!(here, self.door.home(), "{}", page.text());
        Manager {
            browser: self.browser,
            person: person.clone(),
        }
    }

    /// The same browser, in which somebody was let in by a provider.
    pub fn inside(self, person: &Person) -> Manager {
        Manager {
            browser: self.browser,
            person: person.clone(),
        }
    }

    /// Whether this browser is signed in after all.
    pub async fn is_in(&mut self) -> bool {
        let profile = self.door.own(paths::PROFILE);
        let page = self.open(&profile).await;
        app::locale::split(&page.url).1 == profile
    }
}

impl Manager {
    /// Goes through the set-up of two-factor to its end; gives the recovery codes.
    pub async fn enable_two_factor(&mut self, server: &TestServer) -> Vec<String> {
        let phone = self.scan(server).await;
        let page = self.confirm(&phone.code()).await;
        words::assert_says(&page, "two_factor", "done");
        let mail = server.mail_to(&self.person.email).await;
        assert_eq!(mail.kind, "two_factor_enabled");
        self.person.phone = Some(phone);
        self.save_codes(&page).await;
        codes_of(&page)
    }

    /// Says that the codes of the sheet are saved; gives the page after it.
    pub async fn save_codes(&mut self, sheet: &Page) -> Page {
        self.submit(sheet.form(SAVED)).await
    }

    /// Opens the set-up screen and takes the secret over by hand.
    pub async fn scan(&mut self, server: &TestServer) -> Phone {
        let path = self.own(paths::SETTINGS);
        let page = self.open(&path).await;
        let page = self.submit(page.form("/api/begin_two_factor")).await;
        assert_eq!(page.url, self.own(paths::TWO_FACTOR), "{}", page.text());
        Phone::with_secret(&secret_of(&page), &server.clock)
    }

    /// Types a code into the set-up screen.
    pub async fn confirm(&mut self, code: &str) -> Page {
        let path = self.own(paths::TWO_FACTOR);
        let page = self.open(&path).await;
        let form = page.form("/api/enable_two_factor").fill("code", code);
        self.submit(form).await
    }

    /// Fills in a form of the two-factor page that asks for a proof.
    pub async fn prove(&mut self, action: &str, proof: &str) -> Page {
        let path = self.own(paths::TWO_FACTOR);
        let mut page = self.open(&path).await;
        if page.has_form(SAVED) {
            page = self.save_codes(&page).await;
        }
        let form = page.form(action).fill("proof", proof);
        self.submit(form).await
    }

    /// Signs out: the same browser with all its other cookies.
    pub async fn sign_out(mut self) -> Visitor {
        let path = self.own(paths::PROFILE);
        let page = self.open(&path).await;
        self.submit(page.form("/api/sign_out")).await;
        Visitor {
            door: self.person.door.clone(),
            browser: self.browser,
            stay: false,
        }
    }

    /// The same browser, for what anybody could do with it; with the session in it, unless the clock
    /// or somebody elsewhere has ended that.
    pub fn outside(self) -> Visitor {
        Visitor {
            door: self.person.door.clone(),
            browser: self.browser,
            stay: false,
        }
    }

    /// Whether she is still signed in.
    pub async fn is_in(&mut self) -> bool {
        let profile = self.own(paths::PROFILE);
        let page = self.open(&profile).await;
        app::locale::split(&page.url).1 == profile
    }

    /// The address of a page of her own account.
    pub fn own(&self, path: &str) -> String {
        self.person.door.own(path)
    }
}

/// The key that the set-up screen shows to who cannot scan.
pub fn secret_of(page: &Page) -> String {
    page.text_of("#secret-key")
}

/// The form that says that recovery codes are saved.
pub const SAVED: &str = "/api/recovery_codes_saved";

/// The sheet of recovery codes.
pub fn codes_of(page: &Page) -> Vec<String> {
    let sheet = page.text_of("#codes");
    sheet.split_whitespace().map(str::to_owned).collect()
}

impl Deref for Visitor {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl DerefMut for Visitor {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.browser
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
