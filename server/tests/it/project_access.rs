//! What a project lets people do: registering and signing in on or off, and a list of those who read a private one.

use crate::support::{
    Person, TestServer, both, email, leaving,
    registrations::{CHOSEN, confirm, link, registered},
    words::{assert_refused, assert_says},
};
use app::{paths, routes::ROUTES};
use contract::{Door, RegistrationProblem, SignInProblem};
use domain::{Email, Role, Slug, SlugError};
use store::Project;
use testkit::Page;

both! {
    a_project_that_takes_no_registrations_says_so_and_refuses_them,
    a_project_that_takes_no_sign_ins_says_so_and_refuses_them,
    where_nobody_signs_in_confirming_does_not_either,
    a_private_project_is_read_by_those_of_its_list,
    a_support_finds_no_way_into_a_private_project,
    a_manager_of_the_organisation_reads_its_private_projects,
    the_list_follows_a_changed_address_and_forgets_a_deleted_account,
}

const EMAIL: &str = "new@home.example";

async fn quay(server: &TestServer, organisation: &str) -> Project {
    let store = &server.identity().store;
    let found = store.organisation_by_slug(organisation).await.unwrap();
    let projects = store.projects(&found.unwrap().id).await.unwrap();
    let found = projects
        .into_iter()
        .find(|project| *project.slug == *"quay");
    found.unwrap()
}

/// Changes what the project of a door lets people do.
async fn set(server: &TestServer, change: impl FnOnce(&mut Project)) {
    let mut project = quay(server, "bellerive").await;
    change(&mut project);
    let changed = server.identity().set_project_access(&project).await;
    assert!(changed.unwrap());
}

async fn list(server: &TestServer, person: &Person) {
    let email = Email::parse(&person.email).unwrap();
    let project = quay(server, "bellerive").await;
    let identity = server.identity();
    let addresses = [email];
    let changed = identity.change_project_readers(&project, &addresses, true);
    assert_eq!(changed.await.unwrap(), 1);
}

fn proposal() -> String {
    "/p/bellerive/quay".to_owned() + &paths::proposal("bellerive-quay")
}

async fn a_project_that_takes_no_registrations_says_so_and_refuses_them(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    let open = visitor.open(&door.entrance(paths::REGISTER)).await;
    set(server, |project| project.takes_registrations = false).await;
    // The form was open when the project closed.
    let form = open.form("/api/register").fill("name", "Newly Registered");
    let form = form.fill("email", EMAIL).fill("password", CHOSEN);
    let page = visitor.submit(form).await;
    assert_refused(&page, &RegistrationProblem::Closed.into());
    assert!(!page.has_form("/api/register"));
    assert_says(&page, "platform", "registration_closed");
    let page = visitor.open(&door.home()).await;
    assert_says(&page, "platform", "registration_closed");
    let ways = |page: &Page, path: &str| {
        let links = page.links();
        links.iter().any(|(_, href)| *href == door.entrance(path))
    };
    assert!(!ways(&page, paths::REGISTER) && ways(&page, paths::SIGN_IN));
    let page = visitor.open(&door.entrance(paths::SIGN_IN)).await;
    assert!(!ways(&page, paths::REGISTER));
    assert!(server.every_mail().await.is_empty());
}

async fn a_project_that_takes_no_sign_ins_says_so_and_refuses_them(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut inside = server.visitor().sign_in(&person).await;
    let mut visitor = server.visitor().through(&person.door);
    let open = visitor.open(&person.door.entrance(paths::SIGN_IN)).await;
    set(server, |project| project.takes_sign_ins = false).await;
    let form = open.form("/api/sign_in").fill("email", &person.email);
    let page = visitor
        .submit(form.fill("password", &person.password))
        .await;
    assert_refused(&page, &SignInProblem::Closed.into());
    assert!(!page.has_form("/api/sign_in"));
    assert_says(&page, "platform", "sign_in_closed");
    let page = visitor.open(&person.door.home()).await;
    assert_says(&page, "platform", "sign_in_closed");
    // Who is signed in stays so, and another project of the town lets the person in.
    assert!(inside.is_in().await);
    let other = match &person.door {
        Door::Platform(door) => Door::Platform(contract::PlatformDoor {
            project: "mill".to_owned(),
            ..door.clone()
        }),
        Door::BackOffice => unreachable!(),
    };
    let mut visitor = server.visitor().through(&other);
    visitor.give_password(&person.email, &person.password).await;
    assert!(visitor.is_in().await);
}

async fn where_nobody_signs_in_confirming_does_not_either(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut visitor, mail) = registered(server, &door, EMAIL).await;
    set(server, |project| project.takes_sign_ins = false).await;
    let page = visitor.open(&link(server, &mail)).await;
    assert_eq!(page.status, 200);
    confirm(server, &mut visitor, &mail).await;
    assert!(!visitor.is_in().await);
    set(server, |project| project.takes_sign_ins = true).await;
    visitor.give_password(EMAIL, CHOSEN).await;
    assert!(visitor.is_in().await);
}

async fn a_private_project_is_read_by_those_of_its_list(server: &TestServer) {
    let listed = server.participant("bellerive").await;
    let other = server.participant("bellerive").await;
    set(server, |project| project.is_private = true).await;
    list(server, &listed).await;
    let (home, secret) = (listed.door.home(), "Benches in the shade");
    let page = server.visitor().open(&home).await;
    assert_says(&page, "platform", "private");
    assert!(!page.html.contains(secret) && !page.html.contains("Until spring"));
    let page = server
        .visitor()
        .through(&listed.door)
        .open(&proposal())
        .await;
    assert!(!page.html.contains(secret), "{}", page.text());
    let mut stranger = server.visitor().sign_in(&other).await;
    let page = stranger.open(&home).await;
    assert_says(&page, "platform", "private");
    assert!(!page.html.contains(secret));
    assert_eq!(stranger.open(&proposal()).await.status, 404);
    let mut reader = server.visitor().sign_in(&listed).await;
    assert!(reader.open(&home).await.html.contains(secret));
    let page = reader.open(&proposal()).await;
    let page = reader.submit(page.form("/api/support_proposal")).await;
    assert_says(&page, "platform", "you_support");
    // Lists of projects name it to its readers alone.
    for (browser, seen) in [
        (server.visitor().open("/p/bellerive/mill").await, false),
        (stranger.open("/p/bellerive/mill").await, false),
        (reader.open("/p/bellerive/mill").await, true),
        (server.visitor().open("/").await, false),
    ] {
        let names = browser.links().iter().any(|(_, href)| *href == home);
        assert_eq!(names, seen, "{}", browser.text());
    }
}

async fn a_support_finds_no_way_into_a_private_project(server: &TestServer) {
    let other = server.participant("bellerive").await;
    let mut early = server.visitor().through(&other.door);
    let page = early.open(&proposal()).await;
    // Without a session: it is to be counted after the sign-in.
    early.submit(page.form("/api/support_proposal")).await;
    let mut inside = server.visitor().sign_in(&other).await;
    let page = inside.open(&proposal()).await;
    let form = page.form("/api/support_proposal");
    set(server, |project| project.is_private = true).await;
    assert_eq!(inside.submit(form).await.status, 404);
    let page = early.give_password(&other.email, &other.password).await;
    assert!(early.is_in().await, "{} {}", page.url, page.text());
    let id = quay(server, "bellerive").await.id;
    let store = &server.identity().store;
    let proposals = store.proposals(&id, None, None).await.unwrap();
    assert_eq!(proposals[0].supports, 0);
}

async fn a_manager_of_the_organisation_reads_its_private_projects(server: &TestServer) {
    let door = server.platform("bellerive").await;
    set(server, |project| project.is_private = true).await;
    let mut manager = server.manager().await;
    let page = manager.open(&door.home()).await;
    assert_says(&page, "platform", "private");
    let project = quay(server, "bellerive").await;
    let mut tx = server.identity().store.begin().await.unwrap();
    let now = server.identity().now();
    tx.insert_membership(
        &manager.person.id,
        &project.organisation_id,
        Role::ContentManager,
        now,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let page = manager.open(&door.home()).await;
    assert!(page.html.contains("Benches in the shade"));
}

async fn the_list_follows_a_changed_address_and_forgets_a_deleted_account(server: &TestServer) {
    let person = server.participant("bellerive").await;
    set(server, |project| project.is_private = true).await;
    list(server, &person).await;
    let organisation = quay(server, "bellerive").await.organisation_id;
    let store = &server.identity().store;
    let readable = async |email: &str| {
        let key = Email::parse(email).unwrap().key();
        let found = store.readable_projects(&organisation, &key);
        found.await.unwrap().len()
    };
    let mut reader = server.visitor().sign_in(&person).await;
    email::change(server, &mut reader, "moved@home.example").await;
    assert_eq!(readable(&person.email).await, 0);
    assert_eq!(readable("moved@home.example").await, 1);
    let page = reader.open(&person.door.home()).await;
    assert!(page.html.contains("Benches in the shade"));
    leaving::ask(&mut reader, &person.password).await;
    server.clock.advance_secs(leaving::week());
    assert_eq!(leaving::run_job(server).await, 1);
    for address in [&*person.email, "moved@home.example"] {
        assert_eq!(server.mail_to(address).await.kind, "account_deleted");
    }
    assert_eq!(readable("moved@home.example").await, 0);
}

/// Red when a page gets an address at which a project may stand.
#[test]
fn no_project_takes_the_place_of_a_page() {
    for below in ["/p/{organisation}/", "/p/{organisation}/{project}/"] {
        for route in ROUTES {
            let Some(rest) = route.path.strip_prefix(below) else {
                continue;
            };
            let first = rest.split('/').next().unwrap_or_default();
            if !first.starts_with('{') {
                assert_eq!(Slug::parse(first), Err(SlugError::Reserved), "{first}");
            }
        }
    }
}
