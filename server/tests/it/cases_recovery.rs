//! What became of others on the way of a forgotten password (docs/security-cases.md, cases 1 to 13):
//! steps out of order, crowds of askers, and answers that tell accounts apart.

use crate::{
    equal_answers::plain,
    support::{
        Person, TestServer, Visitor, all_at_once, both,
        resets::{NEW, ask, changed, code, mail},
    },
};
use app::paths;
use contract::Door;
use domain::{Duration, Locale};
use http::Method;
use testkit::{
    dump,
    wire::{Reply, Request},
};

both! {
    case01_case08_no_step_of_a_reset_stands_for_another,
    case06_three_mails_an_hour_from_however_many_networks with PROXY,
    case09_every_account_gets_the_same_bytes,
    case13_without_a_mail_server_every_account_gets_the_same_bytes with NO_MAIL_SERVER,
}

/// What the form of a forgotten password posts to.
pub const FORGOTTEN: &str = "/api/forgot_password";

/// Waits until every password reset request is answered: its mail is written when its job is gone.
pub async fn settle(server: &TestServer) {
    for _ in 0..500 {
        if dump::count(
            &server.database_url,
            "jobs where kind = 'answer_reset_request'",
        )
        .await
            == 0
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a password reset request is not answered");
}

/// Posts everything that the forms of a reset have, with somebody else's names beside it.
async fn post(
    visitor: &mut Visitor,
    to: (&str, &Person),
    step: [&str; 3],
    other: &Person,
) -> Reply {
    let ((action, person), [token, password, code]) = (to, step);
    let fields = [
        ("token", token),
        ("password", password),
        ("code", code),
        ("email", other.email.as_str()),
        ("account", other.id.as_str()),
        ("id", other.id.as_str()),
        ("door", &person.door.tag()),
        ("locale", "en"),
    ];
    visitor.post(action, &fields).await
}

/// Case 1 (Keycloak CVE-2026-18963). Red when the cookie of the browser that asked is taken where the
/// secret of the link belongs (`Identity::linked` looking among the requests as well).
///
/// Case 8 (authentik CVE-2023-26481). Red when a short code is asked for and not compared.
async fn case01_case08_no_step_of_a_reset_stands_for_another(server: &TestServer) {
    for person in server.people().await {
        // Tries from one network are other tests'.
        server.clock.advance(Duration::from_mins(15));
        let other = match &person.door {
            Door::BackOffice => server.person().await,
            Door::Platform(door) => server.participant(&door.organisation).await,
        };
        let mut asking = ask(server, &person).await;
        let mail = mail(server, &person).await;
        let before = [server.account(&person).await, server.account(&other).await];
        let unchanged = async |what: &str| {
            let now = [server.account(&person).await, server.account(&other).await];
            assert!(now == before, "{what}");
        };
        let typed = code(&mail);
        let mut others = vec![String::new(), "x".to_owned(), typed.clone()];
        others.push(person.id.to_string());
        for name in asking.jar.names() {
            others.push(asking.jar.get(name).unwrap().to_owned());
        }
        assert!(others.len() >= 5, "the wish has a cookie");
        for token in &others {
            for password in ["", NEW] {
                let step = [token.as_str(), password, typed.as_str()];
                let reset = ("/api/reset_password", &person);
                post(&mut asking.clone(), reset, step, &other).await;
                unchanged(&format!("{token} as the link")).await;
            }
        }
        for action in ["/api/reset_password", "/api/give_reset_code"] {
            asking.post(action, &[]).await;
            asking.post(action, &[("password", NEW)]).await;
            unchanged("nothing as a step").await;
        }
        let give = ("/api/give_reset_code", &person);
        let sent = person.door.entrance(paths::RESET_SENT);
        for (mut visitor, code) in [
            (asking.clone(), ""),
            (asking.clone(), "BCDF-GHJK"),
            (asking.clone(), other.id.as_str()),
            (server.visitor(), typed.as_str()),
            (ask(server, &other).await, typed.as_str()),
        ] {
            let answer = post(&mut visitor, give, ["", NEW, code], &other).await;
            assert_eq!(answer.header("location"), sent, "{code}");
            unchanged("a step before its time").await;
        }
        self::mail(server, &other).await;
        // In their order the steps lead to a password of this account, whoever else is named.
        let answer = post(&mut asking, give, ["", NEW, &typed], &other).await;
        let next = person.door.entrance(paths::RESET_PASSWORD);
        assert_eq!(answer.header("location"), next, "the address tells nothing");
        unchanged("the code alone").await;
        let reset = ("/api/reset_password", &person);
        post(&mut asking, reset, ["", "", &typed], &other).await;
        unchanged("no password").await;
        post(&mut asking, reset, ["", NEW, ""], &other).await;
        changed(server, &person).await;
        assert!(server.account(&other).await == before[1]);
        let mut person = person;
        NEW.clone_into(&mut person.password);
        server.visitor().sign_in(&person).await;
    }
}

/// Case 6 (Keycloak issue 24914). Red when mails are counted by network.
async fn case06_three_mails_an_hour_from_however_many_networks(server: &TestServer) {
    let [manager, participant] = server.people().await;
    let nobody = Person {
        email: "nobody7@town.example".to_owned(),
        ..manager.clone()
    };
    for person in [manager, participant, nobody] {
        let sent = person.door.entrance(paths::RESET_SENT);
        let posts = (0..30).map(|number| {
            let network = format!("10.3.{number}.1");
            let mut visitor = server.visitor().saying("x-forwarded-for", &network);
            let (email, door) = (person.email.clone(), person.door.tag());
            async move {
                let fields = [("email", email.as_str()), ("door", &door), ("locale", "en")];
                let answer = visitor.post(FORGOTTEN, &fields).await;
                answer.header("location").to_owned()
            }
        });
        let locations = all_at_once(posts).await;
        let mailed = locations
            .iter()
            .filter(|location| **location == sent)
            .count();
        assert_eq!(mailed, 3, "{}: {locations:?}", person.email);
        for _ in 0..3 {
            server.mail_to(&person.email).await;
        }
        // A fourth would be a mail that nobody expects.
        settle(server).await;
    }
}

/// An address in every state, of one length at each door, and which mail it gets.
async fn states(server: &TestServer) -> Vec<(Door, String, &'static str)> {
    let known = server.person().await;
    let secured = server.secured().await;
    let locked = server.person().await;
    let account = server.account(&locked).await;
    server.identity().set_locked(&account, true).await.unwrap();
    let (invited, _) = server.invited(Locale::Fr, None).await;
    let citizen = server.participant("bellerive").await;
    let unconfirmed = "citizenx@home.example";
    server
        .participant_with("bellerive", unconfirmed, false)
        .await;
    let (office, platform) = (Door::BackOffice, citizen.door);
    vec![
        (office.clone(), known.email, "password_reset"),
        (office.clone(), secured.email, "password_reset"),
        (office.clone(), locked.email, "account_closed"),
        (office.clone(), invited.email, "password_reset"),
        (office, "nobody1@town.example".to_owned(), "no_account"),
        (platform.clone(), citizen.email, "password_reset"),
        (platform.clone(), unconfirmed.to_owned(), "password_reset"),
        (platform, "citizeny@home.example".to_owned(), "no_account"),
    ]
}

async fn all_get_the_same_bytes(server: &TestServer) {
    let mut seen: Vec<(Door, [String; 3])> = Vec::new();
    for (door, email, kind) in states(server).await {
        let mut visitor = server.visitor().through(&door);
        let page = visitor.open(&door.entrance(paths::FORGOT_PASSWORD)).await;
        let answer = visitor
            .send(page.form(FORGOTTEN).fill("email", &email))
            .await;
        assert_eq!(answer.status, 303, "{email}");
        let get = Request::new(Method::GET, answer.header("location"));
        let shown = visitor.exchange(get).await;
        let fields = [
            ("code", "CDFG-HJKB"),
            ("door", &door.tag()),
            ("email", &email),
        ];
        let refused = visitor.post("/api/give_reset_code", &fields).await;
        let said = [answer, shown, refused].map(|reply| plain(&reply, &email));
        assert_eq!(server.mail_to(&email).await.kind, kind, "{email}");
        match seen.iter().find(|(known, _)| *known == door) {
            None => seen.push((door, said)),
            Some((_, first)) => assert_eq!(first, &said, "{email}"),
        }
    }
    assert_eq!(seen.len(), 2, "both doors");
}

/// Case 9 (authentik CVE-2023-39522). Red when the account is looked up before the answer, and a locked
/// one is told at once (`ask_for_reset`); and when the code of the mail is not compared.
async fn case09_every_account_gets_the_same_bytes(server: &TestServer) {
    all_get_the_same_bytes(server).await;
}

/// Case 13 (Django CVE-2024-45231): the mails wait, and nobody can tell. Red when the
/// request itself goes to the mail server, for an address that has an account, and says that it failed.
async fn case13_without_a_mail_server_every_account_gets_the_same_bytes(server: &TestServer) {
    all_get_the_same_bytes(server).await;
}
