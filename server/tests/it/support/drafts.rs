//! A form that comes when its session has ended, for the tests about what was typed into it.

use super::{Manager, Person, TestServer, Visitor};
use app::paths;
use domain::{Clock as _, Duration};
use store::Expired;
use testkit::Page;

/// What is typed into the field of the name.
pub const TYPED: &str = "Odile of the Harbour";

/// Somebody opens a form, is called away until her session has ended, types, and sends it. She
/// stands at her door then.
pub async fn too_late(
    server: &TestServer,
    manager: Manager,
    path: &str,
    fields: &[(&str, &str)],
) -> Outside {
    let mut manager = manager;
    let own = manager.own(path);
    let page = manager.open(&own).await;
    server.clock.advance_secs(2 * 3600);
    let action = format!("/api/{}", action(path));
    let form = fields
        .iter()
        .fold(page.form(&action), |form, (name, text)| {
            form.fill(name, text)
        });
    let page = manager.submit(form).await;
    let visitor = manager.outside();
    assert!(
        page.url.starts_with(&visitor.door.entrance(paths::SIGN_IN)),
        "{}",
        page.url
    );
    Outside { visitor, page }
}

/// Somebody at the door, and the page that she sees there.
pub struct Outside {
    /// Her browser.
    pub visitor: Visitor,
    /// What she sees.
    pub page: Page,
}

fn action(path: &str) -> &'static str {
    match path {
        paths::NAME => "change_name",
        paths::EMAIL => "ask_for_email",
        _ => "change_password",
    }
}

/// The same with a name.
pub async fn name_too_late(server: &TestServer, person: &Person) -> Outside {
    let manager = server.visitor().sign_in(person).await;
    too_late(server, manager, paths::NAME, &[("name", TYPED)]).await
}

impl Outside {
    /// Fills in the sign-in form that she sees.
    pub async fn sign_in(&mut self, person: &Person) -> Page {
        let form = self
            .page
            .form("/api/sign_in")
            .fill("email", &person.email)
            .fill("password", &person.password);
        self.visitor.submit(form).await
    }
}

/// What stands in the field of the name.
pub fn name_in(page: &Page) -> String {
    let form = page.form("/api/change_name");
    form.value("name").unwrap().to_owned()
}

/// How many drafts there are, which are thrown away.
pub async fn count(server: &TestServer) -> u64 {
    let far = server.clock.now().plus(Duration::from_hours(24 * 365));
    let store = &server.identity().store;
    store.sweep(Expired::Drafts, far).await.unwrap()
}
