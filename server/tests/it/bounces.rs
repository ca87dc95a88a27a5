//! What became of the mail, as the page that waits says it: with a mail server that refuses, delays, and sends mails back.

use crate::support::{
    Engine, TestServer, Visitor, both, leaving,
    registrations::{CHOSEN, register, until},
    words::assert_says,
};
use contract::Door;
use domain::funnel::Step;
use identity::Received;
use std::{path::Path, time::Duration};
use store::MailFate;
use testkit::smtp::Sink;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
};

both! {
    a_refused_mail_is_told_with_its_reason,
    a_delayed_mail_is_told_and_then_taken,
    a_mail_that_comes_back_is_told_and_a_correction_forgets_it,
    a_filter_that_asks_for_a_person_is_told,
    nobody_makes_up_a_bounce,
    a_mail_server_hands_mails_over_by_lmtp,
    an_organisation_writes_in_its_own_name,
    the_funnel_counts_every_step_once_and_names_no_address,
}

const EMAIL: &str = "new@home.example";

/// A server whose mails go to a sink.
pub async fn with_sink(server: &TestServer) -> (Sink, TestServer) {
    with_sink_and(server, &[]).await
}

/// The same, with more settings.
async fn with_sink_and(
    server: &TestServer,
    more: &[(&'static str, &'static str)],
) -> (Sink, TestServer) {
    let sink = Sink::start().await;
    let url: &'static str = Box::leak(sink.url().into_boxed_str());
    let mut settings = vec![
        ("BPART_SMTP_URL", url),
        ("BPART_MAIL_BOUNCES", "bounces@town.example"),
    ];
    settings.extend(more);
    let engine = if server.database_url.starts_with("postgres") {
        Engine::Postgres
    } else {
        Engine::Sqlite
    };
    let other = TestServer::start(engine, &settings).await;
    (sink, other)
}

async fn registered(server: &TestServer) -> (Visitor, Door) {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    register(&mut visitor, EMAIL, CHOSEN).await;
    (visitor, door)
}

async fn a_refused_mail_is_told_with_its_reason(server: &TestServer) {
    for (answer, says) in [
        ("550 5.1.1 no such user", "refused_mailbox"),
        ("556 5.1.10 null MX", "refused_domain"),
        ("552 5.2.2 mailbox full", "refused_full"),
    ] {
        let (sink, server) = with_sink(server).await;
        sink.answer(&[answer]);
        let (mut visitor, _) = registered(&server).await;
        let page = until(&mut visitor, "state_refused").await;
        assert_says(&page, "registration", says);
        assert!(page.has_form("/api/correct_registration"));
        server.stop().await;
    }
}

async fn a_delayed_mail_is_told_and_then_taken(server: &TestServer) {
    let (sink, server) = with_sink(server).await;
    sink.answer(&["451 4.7.1 greylisted, come back", "451 4.3.0 try later"]);
    let (mut visitor, _) = registered(&server).await;
    let page = until(&mut visitor, "state_postponed").await;
    assert_says(&page, "registration", "postponed_policy");
    for (wait, says) in [(30, "postponed_later"), (60, "state_sent")] {
        server.clock.advance_secs(wait);
        let page = until(&mut visitor, says).await;
        assert_says(&page, "registration", says);
    }
    server.stop().await;
}

/// A notification about the mail with this envelope address.
fn notification(action: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nSubject: failure\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {EMAIL}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
}

/// The envelope sender of the newest mail that the sink took.
pub async fn envelope(sink: &Sink) -> String {
    for _ in 0..1_000 {
        if let Some(mail) = sink.mails().last() {
            return mail.sender.clone();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no mail was sent");
}

async fn a_mail_that_comes_back_is_told_and_a_correction_forgets_it(server: &TestServer) {
    let (sink, server) = with_sink(server).await;
    let (mut visitor, _) = registered(&server).await;
    until(&mut visitor, "state_sent").await;
    let to = envelope(&sink).await;
    let raw = notification("failed");
    let identity = server.identity();
    let delayed = notification("delayed");
    let received = identity
        .receive_mail(&to, &incoming::read(delayed.as_bytes()))
        .await;
    assert_eq!(received.unwrap(), Received::Nothing);
    // Mail servers change the case of addresses.
    let shouted = to.to_uppercase();
    let received = identity
        .receive_mail(&shouted, &incoming::read(raw.as_bytes()))
        .await;
    assert_eq!(received.unwrap(), Received::Bounced);
    let page = until(&mut visitor, "state_returned").await;
    assert_says(&page, "registration", "refused_mailbox");
    let again = identity
        .receive_mail(&to, &incoming::read(raw.as_bytes()))
        .await;
    assert_eq!(again.unwrap(), Received::Nothing, "once is enough");
    server.clock.advance_secs(60);
    let form = page.form("/api/correct_registration");
    visitor
        .submit(form.fill("email", "right@home.example"))
        .await;
    let page = until(&mut visitor, "state_sent").await;
    assert_says(&page, "registration", "state_sent");
    server.stop().await;
}

async fn a_filter_that_asks_for_a_person_is_told(server: &TestServer) {
    let (sink, server) = with_sink(server).await;
    let (mut visitor, _) = registered(&server).await;
    until(&mut visitor, "state_sent").await;
    let to = envelope(&sink).await;
    let question = "From: filter@home.example\r\nSubject: Votre message\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\r\n\
        Cliquez sur le lien pour prouver que vous êtes humain.\r\n";
    let received = server
        .identity()
        .receive_mail(&to, &incoming::read(question.as_bytes()))
        .await;
    assert_eq!(received.unwrap(), Received::Challenged);
    let page = until(&mut visitor, "state_challenged").await;
    assert_says(&page, "registration", "refused_challenge");
    server.stop().await;
}

/// Red when a notification to an address that anybody can make up changes something.
async fn nobody_makes_up_a_bounce(server: &TestServer) {
    let (sink, server) = with_sink(server).await;
    let (mut visitor, _) = registered(&server).await;
    until(&mut visitor, "state_sent").await;
    let to = envelope(&sink).await;
    let (user, domain) = to.split_once('@').unwrap();
    let (number, tag) = user.rsplit_once('.').unwrap();
    let other = if tag.starts_with('a') { "b" } else { "a" };
    let raw = notification("failed");
    for made_up in [
        format!("{number}.{other}{}@{domain}", &tag[1..]),
        format!("{number}.@{domain}"),
        format!("{number}@{domain}"),
        format!("bounces@{domain}"),
        "bounces+.@".to_owned(),
        String::new(),
    ] {
        let mail = incoming::read(raw.as_bytes());
        let received = server.identity().receive_mail(&made_up, &mail);
        assert_eq!(received.await.unwrap(), Received::NotOurs, "{made_up}");
    }
    let id = number.split_once('+').unwrap().1.to_owned().into();
    let fate: MailFate = server
        .identity()
        .store
        .mail_fate(&id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(fate.bounced_at, None);
    server.stop().await;
}

/// Says lines to the LMTP socket, and returns what it answers to all of them until it closes.
async fn lmtp(socket: &Path, lines: &str) -> String {
    let mut stream = UnixStream::connect(socket).await.unwrap();
    stream.write_all(lines.as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    answers
}

fn codes(answers: &str) -> Vec<&str> {
    answers
        .lines()
        .filter(|line| line.as_bytes()[3] == b' ')
        .map(|line| &line[..3])
        .collect()
}

async fn a_mail_server_hands_mails_over_by_lmtp(server: &TestServer) {
    let path = server.folder().join("lmtp");
    // What a process that was killed has left behind.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let setting: &'static str = Box::leak(format!("unix:{}", path.display()).into_boxed_str());
    let (sink, server) = with_sink_and(server, &[("BPART_LMTP_LISTEN", setting)]).await;
    let (mut visitor, _) = registered(&server).await;
    until(&mut visitor, "state_sent").await;
    let to = envelope(&sink).await;
    let refused = lmtp(
        &path,
        "EHLO mx\r\nMAIL FROM:<>\r\nLHLO mx\r\nDATA\r\nMAIL FROM:<>\r\n\
         RCPT TO:<somebody@town.example>\r\nDATA\r\nWHAT\r\nQUIT\r\n",
    )
    .await;
    let expected = [
        "220", "500", "503", "250", "503", "250", "550", "503", "500", "221",
    ];
    assert_eq!(codes(&refused), expected, "{refused}");
    let raw = notification("failed").replace("\r\n.", "\r\n..");
    let dialogue = format!(
        "LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<{to}>\r\nRCPT TO:<{to}>\r\nDATA\r\n.\r\n\
         RSET\r\nMAIL FROM:<> BODY=8BITMIME\r\nRCPT TO:<{to}>\r\nDATA\r\n{raw}\r\n.\r\nQUIT\r\n"
    );
    let taken = lmtp(&path, &dialogue).await;
    let expected = [
        "220", "250", "250", "250", "250", "354", "250", "250", "250", "250", "250", "354", "250",
        "221",
    ];
    assert_eq!(codes(&taken), expected, "{taken}");
    let page = until(&mut visitor, "state_returned").await;
    assert_says(&page, "registration", "refused_mailbox");
    server.stop().await;
}

async fn an_organisation_writes_in_its_own_name(server: &TestServer) {
    let (sink, server) = with_sink(server).await;
    server.platform("bellerive").await;
    let identity = server.identity();
    let found = identity.store.organisation_by_slug("bellerive").await;
    let wanted = store::Organisation {
        sender_name: Some("Ville de Bellerive, écoute".to_owned()),
        reply_to: Some("mairie@bellerive.example".to_owned()),
        ..found.unwrap().unwrap()
    };
    assert!(identity.set_organisation_look(&wanted).await.unwrap());
    assert!(!identity.set_organisation_look(&wanted).await.unwrap());
    let (mut visitor, _) = registered(&server).await;
    until(&mut visitor, "state_sent").await;
    envelope(&sink).await;
    let mails = sink.mails();
    let header = |name: &str| {
        let mut lines = mails[0].mail.lines();
        let found = lines.find_map(|line| line.strip_prefix(name));
        found.unwrap().to_owned()
    };
    // The name is in the encoded form of RFC 2047; the address is the platform's.
    let from = header("From: ");
    assert!(
        from.contains("=?utf-8?b?") && from.ends_with("<support@bpart.be>"),
        "{from}"
    );
    let replies = header("Reply-To: ");
    assert!(replies.ends_with("<mairie@bellerive.example>"), "{replies}");
    server.stop().await;
}

/// The link of the newest mail that the sink took, as a path.
fn mailed_link(server: &TestServer, sink: &Sink) -> String {
    let mails = sink.mails();
    let raw = &mails.last().unwrap().mail;
    // Quoted-printable (RFC 2045): a line that goes on ends with `=`.
    let joined = raw.replace("=\r\n", "").replace("=\n", "");
    let text = joined.replace("=3D", "=");
    let start = text.find(&server.origin()).unwrap();
    let link = text[start..].split_whitespace().next().unwrap();
    link.trim_start_matches(&server.origin()).to_owned()
}

/// How many registrations of today came to a step at a mail domain.
async fn counted(server: &TestServer, domain: &str) -> Vec<(Step, u64)> {
    let identity = server.identity();
    identity.count_registrations().await.unwrap();
    let found = identity.store.organisation_by_slug("bellerive").await;
    let organisation = found.unwrap().unwrap().id;
    let counts = identity.funnel(&organisation, 1).await.unwrap();
    let own = counts.into_iter().filter(|count| count.domain == domain);
    own.map(|count| (count.step, count.count)).collect()
}

/// Red when a reload or a second count counts twice, or a refusing domain is not named.
async fn the_funnel_counts_every_step_once_and_names_no_address(server: &TestServer) {
    let (sink, server) = with_sink(server).await;
    let (mut visitor, door) = registered(&server).await;
    until(&mut visitor, "state_sent").await;
    let mailed = [(Step::HandedOver, 1), (Step::Mailed, 1), (Step::Started, 1)];
    assert_eq!(counted(&server, "home.example").await, mailed);
    let link = mailed_link(&server, &sink);
    let page = visitor.open(&link).await;
    visitor.open(&link).await;
    visitor.submit(page.form("/api/confirm_address")).await;
    let all = [
        (Step::Confirmed, 1),
        (Step::HandedOver, 1),
        (Step::Mailed, 1),
        (Step::Opened, 1),
        (Step::Started, 1),
    ];
    assert_eq!(counted(&server, "home.example").await, all);
    assert_eq!(counted(&server, "home.example").await, all);
    let identity = server.identity();
    assert_eq!(identity.mail_troubles(None).await.unwrap(), []);
    sink.answer(&["550 5.1.1 No such user"; 5]);
    let mut refused = Vec::new();
    for number in 0..5 {
        let mut other = server.visitor().through(&door);
        register(&mut other, &format!("p{number}@refusing.example"), CHOSEN).await;
        let page = until(&mut other, "state_refused").await;
        refused.push((other, page));
    }
    let found = identity.mail_troubles(None).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].domain, "refusing.example");
    assert_eq!((found[0].refused, found[0].of), (5, 5));
    let undelivered = [(Step::Mailed, 5), (Step::Refused, 5), (Step::Started, 5)];
    assert_eq!(counted(&server, "refusing.example").await, undelivered);
    let counts = identity.step_counts(20).await.unwrap();
    let text = server::metrics::registrations(&counts);
    let expected = "bpart_registrations{step=\"refused\",domain=\"refusing.example\"} 5";
    assert!(text.lines().any(|found| found == expected), "{text}");
    assert!(!text.contains('@'));
    // Citizens take another address where theirs is refused: the domain has refused them all the same.
    server.clock.advance_secs(60);
    let (mut other, page) = refused.remove(0);
    let form = page.form("/api/correct_registration");
    other.submit(form.fill("email", "p0@home.example")).await;
    until(&mut other, "state_sent").await;
    assert_eq!(identity.mail_troubles(None).await.unwrap(), found);
    // The account of the address that was wrong goes, and its mail stays.
    leaving::run_job(&server).await;
    let everybody = identity.store.every_account(None, 100).await.unwrap();
    let left = |account: &store::Account| account.email == "p0@refusing.example";
    assert!(!everybody.iter().any(left));
    assert_eq!(identity.mail_troubles(None).await.unwrap(), found);
    // Read anew: what was counted before the correction would hide that it was lost.
    let counts = identity.step_counts(20).await.unwrap();
    let refused = (Step::Refused, "refusing.example".to_owned());
    assert_eq!(counts.get(&refused), Some(&5));
    server.clock.advance_secs(24 * 3600 + 1);
    assert_eq!(identity.mail_troubles(None).await.unwrap(), []);
    server.stop().await;
}
