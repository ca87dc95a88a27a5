//! What became of the second factor of others (docs/security-cases.md, cases 21, 24 and 27).

use crate::support::{
    Person, TestServer, Visitor, all_at_once, both, log, once,
    resets::{NEW, ask, code, link, mail},
};
use app::paths;
use domain::{
    Duration,
    guess::{CODES, PROOFS},
};
use http::Method;
use std::collections::{BTreeMap, BTreeSet};
use testkit::wire::{Reply, Request};

both! {
    case21_case27_a_thousand_wrong_codes_over_every_path_are_judged_ten_times with PROXY,
}

once! {
    case24_no_answer_and_no_log_line_holds_a_live_code with PROXY,
}

/// How the data of an answer names a code, and a proof, that was refused.
const CODE_REJECTED: &str = r#""code":"rejected""#;
const PROOF_REJECTED: &str = r#""proof":"rejected""#;
/// Where codes are given: the name of the field, and what stands beside it.
const PATHS: [(&str, &str, &str); 8] = [
    ("/api/give_code", "code", "form=code"),
    ("/api/give_code", "code", "form=recovery"),
    (
        "/api/reset_password",
        "code",
        "password=eleven barges under the moon",
    ),
    ("/api/disable_two_factor", "proof", ""),
    ("/api/renew_recovery_codes", "proof", ""),
    ("/api/ask_for_email", "proof", "email=wanted@home.example"),
    ("/api/delete_account", "proof", ""),
    ("/api/show_data", "proof", ""),
];

/// Posts a code as a script does; gives the answer, which is data.
async fn give(mut visitor: Visitor, path: usize, code: &str, token: &str) -> String {
    let (action, field, beside) = PATHS[path];
    let mut fields = vec![(field, code), ("token", token), ("locale", "en")];
    fields.extend(beside.split_once('='));
    let request = Request::new(Method::POST, action)
        .with_form(&fields)
        .with("accept", "application/json");
    visitor.exchange(request).await.text()
}

/// Cases 21 (Zitadel CVE-2025-64102) and 27 (AIL CVE-2026-56450). Red when proofs inside a
/// session have no limit.
async fn case21_case27_a_thousand_wrong_codes_over_every_path_are_judged_ten_times(
    server: &TestServer,
) {
    let person = server.secured().await;
    let inside = server.visitor().sign_in(&person).await;
    // Afterwards a proof is asked for, and the code that was used is over.
    server.clock.advance(Duration::from_mins(6));
    let mut begun = Vec::new();
    for _ in 0..10 {
        let mut visitor = server.visitor();
        visitor.begin(&person).await;
        begun.push(visitor);
    }
    ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    let (_, token) = link.split_once("token=").unwrap();
    let wrong = [
        person.phone().wrong_code(),
        "AAAA-BBBB-CCCC-DDDD".to_owned(),
    ];
    let mut said: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for round in 0..10 {
        let posts = (0..100).map(|number| {
            let path = (number + round) % PATHS.len();
            let session = PATHS[path].1 == "proof";
            let visitor = if session {
                inside.clone().outside()
            } else {
                begun[number % 10].clone()
            };
            let network = format!("10.4.{round}.{number}");
            let visitor = visitor.saying("x-forwarded-for", &network);
            let code = wrong[usize::from(path == 1 || number % 3 == 0)].clone();
            let token = token.to_owned();
            async move { (session, give(visitor, path, &code, &token).await) }
        });
        for (session, text) in all_at_once(posts).await {
            let known = [CODE_REJECTED, PROOF_REJECTED, "too_many_tries"];
            let found = known.into_iter().find(|known| text.contains(known));
            let found = found.unwrap_or_else(|| panic!("neither refused nor limited: {text}"));
            *said.entry((session, found)).or_default() += 1;
        }
    }
    let judged = |session, problem| said.get(&(session, problem)).copied().unwrap_or_default();
    let most = [CODES.steps[0].0, PROOFS.steps[0].0].map(|most| most as usize);
    assert_eq!(
        [judged(false, CODE_REJECTED), judged(true, PROOF_REJECTED)],
        most,
        "{said:?}"
    );
    assert_eq!(said.values().sum::<usize>(), 1000);
    // The right code is no way past it, and then the owner comes in as ever.
    let late = give(begun[0].clone(), 0, &person.code(), "").await;
    assert!(late.contains("too_many_tries"), "{late}");
    server.clock.advance(Duration::from_mins(4));
    server.visitor().sign_in(&person).await;
    server.ignore_mail_to(&person.email).await;
}

/// Every word of a text: codes are found where they stand alone, and not inside of longer numbers.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
        .collect()
}

/// An answer with its headers; a form is posted once for a page, and once for data.
async fn hear(visitor: &mut Visitor, action: &str, fields: &[(&str, &str)]) -> Vec<String> {
    let whole = |reply: &Reply| format!("{:?}\n{}", reply.headers, reply.text());
    let data = Request::new(Method::POST, action)
        .with_form(fields)
        .with("accept", "application/json");
    let data = visitor.clone().exchange(data).await;
    let answer = visitor.post(action, fields).await;
    let location = answer.header("location").to_owned();
    let page = visitor.exchange(Request::new(Method::GET, &location)).await;
    [data, answer, page].iter().map(whole).collect()
}

/// The codes that the telephone shows, showed and will show.
fn shown(person: &Person) -> impl Iterator<Item = String> {
    [-30, 0, 30]
        .map(|seconds| person.phone().off_by(seconds).code())
        .into_iter()
}

/// Case 24 (Zitadel CVE-2026-105211). Red when what is typed as a code is logged.
async fn case24_no_answer_and_no_log_line_holds_a_live_code(server: &TestServer) {
    log::listen();
    let mut owner = server.manager().await;
    let unused = owner.enable_two_factor(server).await;
    let person = owner.person.clone();
    server.clock.advance(Duration::from_mins(2));
    let wrong = person.phone().wrong_code();
    let mut said = Vec::new();
    let mut visitor = server.visitor();
    let password = [
        ("email", person.email.as_str()),
        ("password", &person.password),
    ];
    said.extend(hear(&mut visitor, "/api/sign_in", &password).await);
    said.extend(hear(&mut visitor, "/api/give_code", &[("code", &wrong)]).await);
    let mut asking = server.visitor();
    said.extend(hear(&mut asking, "/api/forgot_password", &password[..1]).await);
    // Asked for as a page and as data: the second mail holds the code that counts.
    mail(server, &person).await;
    let mail = mail(server, &person).await;
    let short = code(&mail);
    said.extend(
        hear(
            &mut asking,
            "/api/give_reset_code",
            &[("code", "BCDF-GHJK")],
        )
        .await,
    );
    let link = link(server, &mail);
    let (_, token) = link.split_once("token=").unwrap();
    let page = asking.open(&link).await;
    said.push(page.html);
    // The code is right, and still good, since the password is not.
    let now = person.code();
    for typed in [now.as_str(), unused[3].as_str()] {
        let step = [("token", token), ("password", "short"), ("code", typed)];
        said.extend(hear(&mut asking, "/api/reset_password", &step).await);
        let step = [
            ("token", token),
            ("password", NEW),
            ("code", wrong.as_str()),
        ];
        said.extend(hear(&mut asking, "/api/reset_password", &step).await);
    }
    for path in [
        paths::TWO_FACTOR,
        paths::SETTINGS,
        paths::ACTIVITY,
        paths::OWN_DATA,
    ] {
        said.push(owner.open(path).await.html);
    }
    // Good codes, each where nothing comes of it: no sign-in was begun here.
    let mut nobody = server.visitor();
    said.extend(hear(&mut nobody, "/api/give_code", &[("code", &now)]).await);
    said.extend(hear(&mut nobody, "/api/give_reset_code", &[("code", &short)]).await);

    let mut live: Vec<String> = shown(&person).chain(unused).collect();
    live.extend([short.clone(), short.replace('-', "")]);
    let lines = log::everything();
    assert!(lines.contains("Request answered"), "it listens: {lines}");
    said.push(lines);
    assert!(said.len() > 30);
    for text in &said {
        let words = words(text);
        for code in &live {
            assert!(!words.contains(code.as_str()), "{code} in {text}");
        }
    }
    server.ignore_mail_to(&person.email).await;
}
