//! Taking part: a proposal is supported once by each person, and who has no account yet comes back to the same place.

use crate::support::{
    Person, TestServer, Visitor, both,
    registrations::{CHOSEN, confirm, mail, register},
    words::assert_says,
};
use app::paths;
use contract::Door;
use testkit::Page;

both! {
    a31_who_registers_comes_back_to_the_proposal_and_supports_it,
    a31_who_signs_in_comes_back_to_the_proposal_and_supports_it,
    a_person_supports_a_proposal_once_and_can_take_it_back,
    where_people_take_part_first_the_support_waits_for_the_confirmation,
    elsewhere_the_support_is_given_in_the_browser_that_asked_alone,
    who_waits_already_does_not_register_again,
    what_waits_for_a_stranger_is_never_counted,
    an_account_of_one_town_takes_part_in_no_other,
}

const EMAIL: &str = "new@home.example";

/// The page of the one proposal of a project.
fn proposal(door: &Door) -> String {
    let Door::Platform(platform) = door else {
        unreachable!();
    };
    let id = format!("{}-{}", platform.organisation, platform.project);
    door.entrance(&paths::proposal(&id))
}

/// How many support it, as everybody reads it.
async fn supports(server: &TestServer, door: &Door) -> String {
    let page = server.visitor().open(&proposal(door)).await;
    let text = page.text();
    let says = [
        "Nobody supports it yet.",
        "1 person supports it.",
        "2 people support it.",
    ];
    let found = says.into_iter().find(|says| text.contains(says));
    found.unwrap_or_else(|| panic!("{text}")).to_owned()
}

const NONE: &str = "Nobody supports it yet.";
const ONE: &str = "1 person supports it.";

/// Presses the button of the proposal without an account, and registers on the page that comes.
async fn press_and_register(visitor: &mut Visitor, door: &Door) -> Page {
    let page = visitor.open(&proposal(door)).await;
    let page = visitor.submit(page.form("/api/support_proposal")).await;
    assert!(
        page.url.starts_with(&door.entrance(paths::REGISTER)),
        "{}",
        page.url
    );
    assert_says(&page, "platform", "account_needed");
    let form = page.form("/api/register").fill("name", "Newly Registered");
    visitor
        .submit(form.fill("email", EMAIL).fill("password", CHOSEN))
        .await
}

async fn take_part_first(server: &TestServer, person_door: &Door, first: bool) {
    let Door::Platform(platform) = person_door else {
        unreachable!();
    };
    let store = &server.identity().store;
    let found = store.organisation_by_slug(&platform.organisation).await;
    let found = found.unwrap().unwrap();
    server
        .identity()
        .set_takes_part_first(&found.id, first)
        .await
        .unwrap();
}

async fn a31_who_registers_comes_back_to_the_proposal_and_supports_it(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    let page = press_and_register(&mut visitor, &door).await;
    assert_eq!(page.url, door.entrance(paths::WAITING), "{}", page.text());
    assert_eq!(supports(server, &door).await, NONE);
    let mail = mail(server, EMAIL).await;
    let page = confirm(server, &mut visitor, &mail).await;
    assert_eq!(page.url, proposal(&door));
    assert_says(&page, "platform", "you_support");
    assert_eq!(supports(server, &door).await, ONE);
}

async fn a31_who_signs_in_comes_back_to_the_proposal_and_supports_it(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.open(&proposal(&person.door)).await;
    let page = visitor.submit(page.form("/api/support_proposal")).await;
    let mut links = page.links().into_iter().map(|(_, href)| href);
    let way = links.find(|href| href.contains("/sign-in?next="));
    let page = visitor.open(&way.expect("a way to sign in")).await;
    let form = page.form("/api/sign_in").fill("email", &person.email);
    let page = visitor
        .submit(form.fill("password", &person.password))
        .await;
    assert_eq!(page.url, proposal(&person.door));
    assert_says(&page, "platform", "you_support");
    assert_eq!(supports(server, &person.door).await, ONE);
    // It was done once: the next sign-in of this browser does nothing.
    let page = visitor.submit(page.form("/api/withdraw_support")).await;
    assert_says(&page, "platform", "withdrawn");
    let mut again = visitor.inside(&person).sign_out().await;
    again.give_password(&person.email, &person.password).await;
    assert!(again.is_in().await);
    assert_eq!(supports(server, &person.door).await, NONE);
}

async fn a_person_supports_a_proposal_once_and_can_take_it_back(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut own = server.visitor().sign_in(&person).await;
    let page = own.open(&proposal(&person.door)).await;
    let form = page.form("/api/support_proposal");
    for _ in 0..3 {
        let page = own.submit(form.clone()).await;
        assert_says(&page, "platform", "supported");
    }
    assert_eq!(supports(server, &person.door).await, ONE);
    for page in [person.door.home(), person.door.own(paths::OWN_DATA)] {
        let page = own.open(&page).await;
        let says = ["You support it", "Supported proposals"];
        let text = page.text();
        assert!(says.iter().any(|says| text.contains(says)) && text.contains("Benches"));
    }
    let page = own.open(&proposal(&person.door)).await;
    let page = own.submit(page.form("/api/withdraw_support")).await;
    assert_says(&page, "platform", "withdrawn");
    assert_eq!(supports(server, &person.door).await, NONE);
}

async fn where_people_take_part_first_the_support_waits_for_the_confirmation(server: &TestServer) {
    let door = server.platform("bellerive").await;
    take_part_first(server, &door, true).await;
    let mut visitor = server.visitor().through(&door);
    let page = press_and_register(&mut visitor, &door).await;
    assert!(
        page.text().contains("Benches in the shade"),
        "{}",
        page.text()
    );
    let page = visitor.open(&proposal(&door)).await;
    assert_says(&page, "platform", "you_wait");
    assert_eq!(supports(server, &door).await, NONE);
    // In whichever browser it is confirmed, and once.
    let mail = mail(server, EMAIL).await;
    let mut phone = server.visitor().through(&door);
    confirm(server, &mut phone, &mail).await;
    assert_eq!(supports(server, &door).await, ONE);
    visitor.give_password(EMAIL, CHOSEN).await;
    assert!(visitor.is_in().await);
    assert_eq!(supports(server, &door).await, ONE);
}

async fn elsewhere_the_support_is_given_in_the_browser_that_asked_alone(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    press_and_register(&mut visitor, &door).await;
    let mail = mail(server, EMAIL).await;
    let mut phone = server.visitor().through(&door);
    confirm(server, &mut phone, &mail).await;
    phone.give_password(EMAIL, CHOSEN).await;
    assert_eq!(supports(server, &door).await, NONE);
    visitor.give_password(EMAIL, CHOSEN).await;
    assert_eq!(supports(server, &door).await, ONE);
}

/// Red when a support of somebody who has registered leads to registering once more.
async fn who_waits_already_does_not_register_again(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    register(&mut visitor, EMAIL, CHOSEN).await;
    let page = visitor.open(&proposal(&door)).await;
    let form = page.form("/api/support_proposal");
    let page = visitor.submit(form.clone()).await;
    assert_eq!(page.url, door.entrance(paths::WAITING));
    assert_says(&page, "platform", "confirm_first");
    take_part_first(server, &door, true).await;
    let page = visitor.submit(form).await;
    assert_eq!(page.url, proposal(&door));
    assert_says(&page, "platform", "you_wait");
    let mail = mail(server, EMAIL).await;
    let mut phone = server.visitor().through(&door);
    confirm(server, &mut phone, &mail).await;
    assert_eq!(supports(server, &door).await, ONE);
}

async fn what_waits_for_a_stranger_is_never_counted(server: &TestServer) {
    let door = server.platform("bellerive").await;
    take_part_first(server, &door, true).await;
    let mut stranger = server.visitor().through(&door);
    press_and_register(&mut stranger, &door).await;
    mail(server, EMAIL).await;
    let (mut own, mail) = crate::support::registrations::registered(server, &door, EMAIL).await;
    confirm(server, &mut own, &mail).await;
    assert!(own.is_in().await);
    assert_eq!(supports(server, &door).await, NONE);
}

async fn an_account_of_one_town_takes_part_in_no_other(server: &TestServer) {
    let other = server.platform("montclair").await;
    let person: Person = server.participant("bellerive").await;
    let mut own = server.visitor().sign_in(&person).await;
    let (here, there) = (person.door.tag(), other.tag());
    for (id, tag) in [("montclair-quay", &here), ("montclair-quay", &there)] {
        let fields = [("proposal", id), ("door", tag.as_str())];
        own.post("/api/support_proposal", &fields).await;
    }
    assert_eq!(supports(server, &other).await, NONE);
    let page = own.open("/p/bellerive/quay/proposals/montclair-quay").await;
    assert_eq!(page.status, 404);
    // Nor does a cookie that names the proposal of another town.
    let mut planted = server.visitor().through(&person.door);
    planted.give_password(&person.email, &person.password).await;
    assert_eq!(supports(server, &other).await, NONE);
}
