//! Whom a mail reaches and where its link leads (docs/security-cases.md, cases 10 to 12 and 14): hosts in
//! requests, several addresses in one form, and texts that look like somebody's address.

use crate::{
    cases_recovery::{FORGOTTEN, settle},
    support::{
        TestServer, both,
        resets::{NEW, ask, ask_for, changed, choose, link, mail},
        words::assert_refused,
    },
};
use app::paths;
use contract::Problem;
use domain::Duration;
use http::Method;
use testkit::wire::Request;

both! {
    case10_twelve_hosts_get_into_no_mail with PROXY,
    case11_one_form_asks_for_one_address,
    case12_case14_the_mail_goes_to_the_stored_address_and_look_alikes_get_none,
}

const FORM: &str = "application/x-www-form-urlencoded";
/// Whom mails must not reach, and what no link may name.
const EVIL: &str = "attacker@evil.example";

/// What somebody might write into a request, so that links lead to her.
const HOSTS: [(&str, &str); 12] = [
    ("host", "evil.example"),
    ("host", "localhost:3000.evil.example"),
    ("host", "localhost:3000@evil.example"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-host", "localhost:3000, evil.example"),
    ("x-forwarded-server", "evil.example"),
    ("x-host", "evil.example"),
    ("x-http-host-override", "evil.example"),
    ("x-original-host", "evil.example"),
    ("x-original-url", "https://evil.example/"),
    ("forwarded", "for=1.2.3.4;host=evil.example;proto=https"),
    ("x-forwarded-proto", "https://evil.example/?"),
];

/// Case 10 (Zitadel GHSA-2wmj-46rj-qm2w, CVE-2026-29067), even where a trusted proxy passes the
/// headers on. Red when the host gets into what a mail says about the browser.
async fn case10_twelve_hosts_get_into_no_mail(server: &TestServer) {
    let origin = server.origin();
    for person in server.people().await {
        for (name, value) in HOSTS {
            server.clock.advance(Duration::from_mins(20));
            let door = person.door.tag();
            let fields = [("email", person.email.as_str()), ("door", &door)];
            let request = Request::new(Method::POST, FORGOTTEN).with_form(&fields);
            let request = request.with("origin", &origin).with(name, value);
            let answer = server.visitor().exchange(request).await;
            let sent = person.door.entrance(paths::RESET_SENT);
            assert_eq!(answer.header("location"), sent, "{name}: {value}");
            let mail = mail(server, &person).await;
            assert_eq!(mail.to, person.email);
            for text in [&mail.text, &mail.html] {
                assert!(!text.contains("evil"), "{name}: {value}: {text}");
            }
            let links = mail.text.matches("http").count();
            assert_eq!(links, mail.links(&origin).count(), "{}", mail.text);
            assert!(link(server, &mail).contains("/reset-password?token="));
        }
    }
}

/// Case 11 (GitLab CVE-2023-7028). Red when a link goes to the address as it was typed, and an
/// account is found by less than that.
async fn case11_one_form_asks_for_one_address(server: &TestServer) {
    let victim = server.person().await;
    let (own, evil) = (victim.email.replace('@', "%40"), EVIL.replace('@', "%40"));
    let (name, rest) = own.split_once("%40").unwrap();
    let forms = [
        format!("email={own}&email={evil}"),
        format!("email={evil}&email={own}"),
        format!("email[]={own}&email[]={evil}"),
        format!("email%5B%5D={evil}&email%5B%5D={own}"),
        format!("email[0]={own}&email[1]={evil}"),
        format!("email[to]={own}&email[cc]={evil}"),
        format!("email={own}&email[]={evil}"),
        format!("email={own}%2C{evil}"),
        format!("email={own}%3B{evil}"),
        format!("email={own}+{evil}"),
        format!("email={own}%0A{evil}"),
        format!("email={own}%0D%0Abcc%3A{evil}"),
        format!("email={own}%09{evil}"),
        format!("email={own}%00{evil}"),
        format!("email=%3C{own}%3E%2C%3C{evil}%3E"),
        format!("email=%5B%22{own}%22%2C%22{evil}%22%5D"),
        format!("email=%7B%22to%22%3A%5B%22{own}%22%2C%22{evil}%22%5D%7D"),
        format!("email={name}%2Bevil%40{rest}"),
        format!("email={name}%25evil.example%40{rest}"),
        format!("email={own}%E2%80%A8{evil}"),
        format!("email={name}%EF%BC%A0{rest}"),
        format!("Email={evil}&email={own}"),
        format!("email={own}&cc={evil}&to={evil}&recipient={evil}"),
    ];
    let json = format!("{{\"email\":[\"{}\",\"{EVIL}\"]}}", victim.email);
    let bodies = forms.into_iter().map(|body| (FORM, body));
    for (kind, body) in bodies.chain([("application/json", json)]) {
        server.clock.advance(Duration::from_mins(20));
        let request = Request::new(Method::POST, FORGOTTEN)
            .with("origin", &server.origin())
            .with_body(kind, body.clone().into_bytes());
        let status = server.visitor().exchange(request).await.status;
        assert!(
            status == 303 || status.is_client_error(),
            "{body}: {status}"
        );
        settle(server).await;
        for mail in server.every_mail().await {
            assert!(
                mail.to == victim.email || mail.kind == "no_account",
                "{body}: {} to {}",
                mail.kind,
                mail.to
            );
            assert!(mail.to == victim.email || !mail.text.contains("token="));
        }
    }
}

/// Case 12 (Django CVE-2019-19844) and 14 (Auth.js GHSA-7rqj-j65f-68wh). Red when the mail goes to
/// what was typed.
async fn case12_case14_the_mail_goes_to_the_stored_address_and_look_alikes_get_none(
    server: &TestServer,
) {
    let stored = "Kiss.Mike@Home.example";
    let person = server.participant_with("bellerive", stored, true).await;
    for typed in ["kiss.mike@home.example", "KISS.MIKE@HOME.EXAMPLE"] {
        let mut visitor = server.visitor().through(&person.door);
        ask_for(&mut visitor, typed).await;
        assert_eq!(mail(server, &person).await.to, stored, "{typed}");
    }
    server.clock.advance(Duration::from_hours(1));
    for typed in [
        "\u{212a}iss.mike@home.example",
        "\u{ff4b}iss.mike@home.example",
        "ki\u{17f}s.mike@home.example",
        "k\u{131}ss.mike@home.example",
        "kiss.m\u{130}ke@home.example",
        "kiss.mike\u{ff20}home.example",
        "kiss.mike@evil.example\u{ff20}home.example",
        "kiss.mike\u{ff20}evil.example@home.example",
        "kiss.mike@home\u{3002}example",
        "kiss.mike@home\u{ff0e}example",
        "kiss.mike@home.exam\u{200b}ple",
        "kiss.mike\u{ad}@home.example",
        "\u{feff}kiss.mike@home.example",
        "kiss.mike@h\u{f6}me.example",
        "kiss.mike@ho\u{308}me.example",
        "kiss.mike@hom\u{435}.example",
    ] {
        let mut visitor = server.visitor().through(&person.door);
        let page = ask_for(&mut visitor, typed).await;
        assert_refused(&page, &Problem::NotAnAddress);
        let page = visitor.give_password(typed, &person.password).await;
        assert_refused(&page, &Problem::NotAnAddress);
    }
    settle(server).await;
    // The written form of another domain is another address, and has no account.
    let written = "kiss.mike@xn--hme-8na.example";
    ask_for(&mut server.visitor().through(&person.door), written).await;
    assert_eq!(server.mail_to(written).await.kind, "no_account");
    // The account is as it was: its link still opens.
    ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    choose(&mut server.visitor(), &link, NEW).await;
    changed(server, &person).await;
}
