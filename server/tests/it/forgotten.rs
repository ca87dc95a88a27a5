//! Forgotten passwords, at both doors: asked for, mailed, chosen anew.

use crate::support::{
    Mail, Person, Town, Visitor, all_at_once, both,
    words::{assert_refused, assert_says},
};
use app::routes::paths;
use contract::{Field, Problem};
use domain::{
    Duration,
    token::{Purpose, Secret},
};
use http::Method;
use identity::token_hash;
use testkit::{Page, wire::Request};

both! {
    a22_a23_a61_the_way_begins_on_the_sign_in_page,
    a24_a25_a26_a62_a63_a_mailed_link_leads_to_a_new_password,
    a27_every_address_gets_the_same_answer,
    a28_a_link_works_once_and_a_dead_one_offers_a_new_one,
    a28_a_link_expires_after_an_hour,
    a29_a_reset_keeps_the_second_factor_and_asks_for_it,
    a64_the_mail_names_the_project_and_leads_back_to_it,
    a65_a_reset_confirms_the_address,
    the_code_of_the_mail_works_in_the_browser_that_asked,
    a_code_is_tried_five_times,
    older_links_die_of_a_newer_one_a_sign_in_and_a_change,
    two_who_press_at_once_are_one_winner,
    a_reset_signs_everybody_out_and_nobody_in,
    a_link_opens_nothing_at_another_door,
    an_address_gets_three_mails_an_hour,
    mails_name_the_configured_origin_whatever_the_request_says,
    two_addresses_in_one_form_are_one_or_none,
    a_locked_account_gets_a_mail_without_a_link,
    an_invited_manager_may_begin_here,
    a_lock_in_between_closes_the_link,
}

const NEW: &str = "eleven barges under the moon";

async fn both_doors(town: &Town) -> [Person; 2] {
    [town.person().await, town.participant("bellerive").await]
}

/// Asks for a mail at the door of this person's account.
async fn ask(town: &Town, person: &Person) -> Visitor {
    let mut visitor = town.visitor().through(&person.door);
    let page = ask_for(&mut visitor, &person.email).await;
    assert_eq!(page.url, person.door.entrance(paths::RESET_SENT));
    visitor
}

async fn ask_for(visitor: &mut Visitor, email: &str) -> Page {
    let path = visitor.door.entrance(paths::FORGOT_PASSWORD);
    let page = visitor.open(&path).await;
    let form = page.form("/api/forgot_password").fill("email", email);
    visitor.submit(form).await
}

async fn mail(town: &Town, person: &Person) -> Mail {
    let mail = town.mail_to(&person.email).await;
    assert_eq!(mail.kind, "password_reset");
    mail
}

fn link(town: &Town, mail: &Mail) -> String {
    mail.link(&town.state.config.origin())
}

/// The short code: the only line of eight capitals and a hyphen.
fn code(mail: &Mail) -> String {
    let is_code =
        |line: &&str| line.len() == 9 && line.bytes().all(|b| b.is_ascii_uppercase() || b == b'-');
    mail.text.lines().find(is_code).unwrap().to_owned()
}

/// Presses the button of the page behind a link.
async fn choose(visitor: &mut Visitor, link: &str, password: &str) -> Page {
    let page = visitor.open(link).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let form = page.form("/api/reset_password").fill("password", password);
    visitor.submit(form).await
}

async fn changed(town: &Town, person: &Person) {
    assert_eq!(town.mail_to(&person.email).await.kind, "password_changed");
}

/// Whether a link still opens its page.
async fn is_open(town: &Town, link: &str) -> bool {
    town.visitor().open(link).await.status == 200
}

async fn a22_a23_a61_the_way_begins_on_the_sign_in_page(town: &Town) {
    for person in both_doors(town).await {
        let mut visitor = town.visitor().through(&person.door);
        let page = visitor.open(&person.door.entrance(paths::SIGN_IN)).await;
        let page = visitor.follow(&page, "Forgot your password?").await;
        assert_eq!(page.url, person.door.entrance(paths::FORGOT_PASSWORD));
        let form = page.form("/api/forgot_password");
        let seen = ["locale", "door"];
        let typed: Vec<_> = form
            .names()
            .into_iter()
            .filter(|name| !seen.contains(name))
            .collect();
        assert_eq!(typed, ["email"], "one field");
        assert!(page.text().contains("Send instructions"));
    }
}

async fn a24_a25_a26_a62_a63_a_mailed_link_leads_to_a_new_password(town: &Town) {
    for mut person in both_doors(town).await {
        ask(town, &person).await;
        let mail = mail(town, &person).await;
        // The link is opened on the telephone, which never asked for anything.
        let mut telephone = town.visitor().through(&person.door);
        let page = choose(&mut telephone, &link(town, &mail), NEW).await;
        let (_, path) = app::locale::split(&page.url);
        assert_eq!(path, person.door.entrance(paths::SIGN_IN));
        assert_says(&page, "password", "reset_done");
        changed(town, &person).await;

        let mut visitor = town.visitor().through(&person.door);
        let page = visitor.give_password(&person.email, &person.password).await;
        assert_says(&page, "errors", "bad_credentials");
        NEW.clone_into(&mut person.password);
        assert!(visitor.sign_in(&person).await.is_in().await);
    }
}

/// Red when the address is looked up before the answer (authentik CVE-2023-39522).
async fn a27_every_address_gets_the_same_answer(town: &Town) {
    let known = town.person().await;
    let mut seen: Option<Vec<String>> = None;
    for email in [known.email.as_str(), "nobody1@town.example"] {
        let mut visitor = town.visitor();
        let page = visitor.open(paths::FORGOT_PASSWORD).await;
        let form = page.form("/api/forgot_password").fill("email", email);
        let answer = visitor.send(form).await;
        assert_eq!(answer.status, 303);
        let cookies: Vec<_> = answer
            .set_cookies()
            .iter()
            .map(|cookie| cookie.split('=').next().unwrap().to_owned())
            .collect();
        assert_eq!(cookies, ["reset", "flash"]);
        let page = visitor.open(answer.header("location")).await;
        let wrong = page.form("/api/give_reset_code").fill("code", "BCDF-GHJK");
        let refused = visitor.submit(wrong).await;
        let told = [page.text(), refused.text()].map(|text| text.replace(email, "…"));
        assert_refused(&refused, &Problem::MailCodeRejected);
        match &seen {
            None => seen = Some(told.to_vec()),
            Some(first) => assert_eq!(first, &told),
        }
    }
    mail(town, &known).await;
    let helpful = town.mail_to("nobody1@town.example").await;
    assert_eq!(helpful.kind, "no_account");
    assert!(!helpful.text.contains("token="));
}

async fn a28_a_link_works_once_and_a_dead_one_offers_a_new_one(town: &Town) {
    for person in both_doors(town).await {
        ask(town, &person).await;
        let link = link(town, &mail(town, &person).await);
        let mut visitor = town.visitor().through(&person.door);
        // Looking, as mail scanners do, uses nothing up; nor does a password that is refused.
        for _ in 0..3 {
            assert!(is_open(town, &link).await);
        }
        let page = choose(&mut visitor, &link, "short").await;
        assert_eq!(page.errors().len(), 1);
        choose(&mut visitor, &link, NEW).await;
        changed(town, &person).await;

        let page = visitor.open(&link).await;
        assert_eq!(page.status, 410);
        let (language, _) = app::locale::split(&link);
        let again = crate::support::words::text(language, "password", "dead_again");
        let page = visitor.follow(&page, &again).await;
        assert!(page.has_form("/api/forgot_password"));
    }
}

async fn a28_a_link_expires_after_an_hour(town: &Town) {
    let person = town.person().await;
    let mut asking = ask(town, &person).await;
    let mail = mail(town, &person).await;
    town.clock.advance_secs(3599);
    assert!(is_open(town, &link(town, &mail)).await);
    town.clock.advance_secs(1);
    assert!(!is_open(town, &link(town, &mail)).await);
    let page = asking.open(paths::RESET_SENT).await;
    let form = page.form("/api/give_reset_code").fill("code", &code(&mail));
    let page = asking.submit(form).await;
    assert_refused(&page, &Problem::MailCodeRejected);
}

/// Red when a reset deletes the factor, or when the code is asked for and not judged.
async fn a29_a_reset_keeps_the_second_factor_and_asks_for_it(town: &Town) {
    for person in both_doors(town).await {
        let mut person = town.secure(person).await;
        ask(town, &person).await;
        let link = link(town, &mail(town, &person).await);
        let mut visitor = town.visitor().through(&person.door);
        let page = choose(&mut visitor, &link, NEW).await;
        assert_refused(&page, &Problem::Empty { field: Field::Code });
        for (typed, problem) in [
            (person.phone().wrong_code(), Problem::CodeRejected),
            ("twelve".to_owned(), Problem::NotACode),
        ] {
            let page = visitor.open(&link).await;
            let form = page
                .form("/api/reset_password")
                .fill("password", NEW)
                .fill("code", &typed);
            assert_refused(&visitor.submit(form).await, &problem);
        }
        let page = visitor.open(&link).await;
        let form = page
            .form("/api/reset_password")
            .fill("password", NEW)
            .fill("code", &person.code());
        let page = visitor.submit(form).await;
        assert_says(&page, "password", "reset_done");
        changed(town, &person).await;
        town.clock.advance_secs(60);
        NEW.clone_into(&mut person.password);
        // The password alone is still not enough.
        town.visitor().begin(&person).await;
        assert!(town.visitor().sign_in(&person).await.is_in().await);
    }
}

async fn a64_the_mail_names_the_project_and_leads_back_to_it(town: &Town) {
    let person = town.participant("bellerive").await;
    ask(town, &person).await;
    let mail = mail(town, &person).await;
    // She reads French, whatever the page was in.
    assert_eq!(mail.locale, domain::Locale::Fr);
    assert!(
        mail.text.contains("Le quai (Town of bellerive)"),
        "{}",
        mail.text
    );
    let link = link(town, &mail);
    assert!(
        link.starts_with("/fr/p/bellerive/quay/reset-password?token="),
        "{link}"
    );
    let page = choose(&mut town.visitor(), &link, NEW).await;
    assert_eq!(page.url, "/fr/p/bellerive/quay/sign-in");
    changed(town, &person).await;
}

async fn a65_a_reset_confirms_the_address(town: &Town) {
    let email = "newcomer@home.example";
    let mut person = town.participant_with("bellerive", email, false).await;
    let mut visitor = ask(town, &person).await;
    let link = link(town, &mail(town, &person).await);
    choose(&mut visitor, &link, NEW).await;
    changed(town, &person).await;
    NEW.clone_into(&mut person.password);
    assert!(visitor.sign_in(&person).await.is_in().await);
}

/// Red when the code is looked up without the cookie of the browser that asked (ASVS 6.6.2).
async fn the_code_of_the_mail_works_in_the_browser_that_asked(town: &Town) {
    for person in both_doors(town).await {
        let mut asking = ask(town, &person).await;
        let mail = mail(town, &person).await;
        let code = code(&mail);

        let another = town.person().await;
        let mut thief = ask(town, &another).await.through(&person.door);
        let sent = person.door.entrance(paths::RESET_SENT);
        let fields = [
            ("code", code.as_str()),
            ("door", &person.door.tag()),
            ("locale", "en"),
        ];
        let answer = thief.post("/api/give_reset_code", &fields).await;
        assert_eq!(answer.header("location"), sent, "not in another browser");

        let page = asking.open(&sent).await;
        let typed = code.to_lowercase().replace('-', " ");
        let form = page.form("/api/give_reset_code").fill("code", &typed);
        let page = asking.submit(form).await;
        assert!(page.has_form("/api/reset_password"), "{}", page.text());
        assert!(
            !is_open(town, &link(town, &mail)).await,
            "the code took the link's place"
        );
        let answer = asking.post("/api/give_reset_code", &fields).await;
        assert_eq!(answer.header("location"), sent, "a code works once");
        let form = page.form("/api/reset_password").fill("password", NEW);
        let page = asking.submit(form).await;
        assert_says(&page, "password", "reset_done");
        changed(town, &person).await;
        self::mail(town, &another).await;
    }
}

/// Red when the limit counts by account: a stranger's browser has a bucket of its own.
async fn a_code_is_tried_five_times(town: &Town) {
    let person = town.person().await;
    let mut asking = ask(town, &person).await;
    let mail = mail(town, &person).await;
    for _ in 0..5 {
        let page = asking.open(paths::RESET_SENT).await;
        let form = page.form("/api/give_reset_code").fill("code", "BCDF-GHJK");
        assert_refused(&asking.submit(form).await, &Problem::MailCodeRejected);
    }
    let page = asking.open(paths::RESET_SENT).await;
    let form = page.form("/api/give_reset_code").fill("code", &code(&mail));
    let page = asking.submit(form).await;
    assert_refused(&page, &Problem::TooManyTries { wait_s: 3600 });
    assert!(
        is_open(town, &link(town, &mail)).await,
        "the link is untouched"
    );
}

/// Red when only the newest link is made void (Keycloak issues 21348, 26815).
async fn older_links_die_of_a_newer_one_a_sign_in_and_a_change(town: &Town) {
    let person = town.person().await;
    let mut links = Vec::new();
    for _ in 0..2 {
        ask(town, &person).await;
        links.push(link(town, &mail(town, &person).await));
    }
    assert!(!is_open(town, &links[0]).await, "a newer one");
    assert!(is_open(town, &links[1]).await);
    let mut manager = town.visitor().sign_in(&person).await;
    assert!(!is_open(town, &links[1]).await, "a sign-in");

    ask(town, &person).await;
    let link = link(town, &mail(town, &person).await);
    assert!(is_open(town, &link).await);
    let page = manager.open(paths::PASSWORD).await;
    let form = page
        .form("/api/change_password")
        .fill("present", &person.password)
        .fill("password", NEW);
    manager.submit(form).await;
    changed(town, &person).await;
    assert!(!is_open(town, &link).await, "a change");
}

/// Red when the token is looked up first and marked later (Keycloak issue 37231).
async fn two_who_press_at_once_are_one_winner(town: &Town) {
    let person = town.person().await;
    ask(town, &person).await;
    let link = link(town, &mail(town, &person).await);
    let token = link.split_once("token=").unwrap().1.to_owned();
    let presses = (0..10).map(|number| {
        let mut visitor = town.visitor();
        let password = format!("{NEW} {number}");
        let token = token.clone();
        async move {
            let fields = [
                ("token", token.as_str()),
                ("password", &password),
                ("locale", "en"),
            ];
            let answer = visitor.post("/api/reset_password", &fields).await;
            (answer.header("location") == paths::SIGN_IN).then_some(password)
        }
    });
    let won: Vec<_> = all_at_once(presses).await.into_iter().flatten().collect();
    assert_eq!(won.len(), 1, "{won:?}");
    changed(town, &person).await;
    let person = Person {
        password: won[0].clone(),
        ..person
    };
    assert!(town.visitor().sign_in(&person).await.is_in().await);
}

/// Red when a reset opens a session, or spares the one that asked.
async fn a_reset_signs_everybody_out_and_nobody_in(town: &Town) {
    for person in both_doors(town).await {
        let mut elsewhere = town.visitor().sign_in(&person).await;
        ask(town, &person).await;
        let link = link(town, &mail(town, &person).await);
        let mut visitor = town.visitor().through(&person.door);
        choose(&mut visitor, &link, NEW).await;
        changed(town, &person).await;
        assert!(!elsewhere.is_in().await);
        assert!(!visitor.is_in().await);
    }
}

/// Every purpose has its own place of use, and every realm its own door (better-auth
/// CVE-2026-114607). Red when tokens are found by their hash alone.
async fn a_link_opens_nothing_at_another_door(town: &Town) {
    let [manager, participant] = both_doors(town).await;
    town.platform("montclair").await;
    for person in [&manager, &participant] {
        ask(town, person).await;
        let link = link(town, &mail(town, person).await);
        let token = link.split_once("token=").unwrap().1;
        let (_, own) = app::locale::split(link.split_once('?').unwrap().0);
        for page in [
            "/reset-password",
            "/p/bellerive/quay/reset-password",
            "/p/montclair/quay/reset-password",
            "/invitation",
            "/not-me",
            "/p/bellerive/not-me",
        ] {
            let answer = town.visitor().open(&format!("{page}?token={token}")).await;
            let wanted = if page == own { 200 } else { 410 };
            assert_eq!(answer.status, wanted, "{own} at {page}");
        }
        let secret = Secret::present(token).unwrap();
        let store = &town.identity().store;
        for purpose in [
            Purpose::AccountSetup,
            Purpose::EmailChange,
            Purpose::EmailUndo,
            Purpose::NotMe,
            Purpose::DeletionStop,
        ] {
            let found = store.token(purpose, &token_hash(&secret)).await.unwrap();
            assert!(found.is_none(), "{purpose:?}");
        }
    }
}

/// Red when the limit counts by network (Keycloak issue 24914).
async fn an_address_gets_three_mails_an_hour(town: &Town) {
    for email in [town.person().await.email, "nobody7@town.example".to_owned()] {
        for _ in 0..3 {
            let page = ask_for(&mut town.visitor(), &email).await;
            assert_eq!(page.url, paths::RESET_SENT);
            town.mail_to(&email).await;
        }
        let page = ask_for(&mut town.visitor(), &email).await;
        assert_refused(&page, &Problem::TooManyTries { wait_s: 1200 });
        // Another spelling of letter case is the same address.
        let page = ask_for(&mut town.visitor(), &email.to_uppercase()).await;
        assert_eq!(page.errors().len(), 1);
        town.clock.advance(Duration::from_mins(20));
        ask_for(&mut town.visitor(), &email).await;
        town.mail_to(&email).await;
    }
}

/// Red when a link is built from the request (Zitadel GHSA-2wmj-46rj-qm2w).
async fn mails_name_the_configured_origin_whatever_the_request_says(town: &Town) {
    let person = town.person().await;
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-host", "evil.example"),
    ] {
        town.clock.advance(Duration::from_mins(20));
        let mut visitor = town.visitor().saying(name, value);
        ask_for(&mut visitor, &person.email).await;
        let mail = mail(town, &person).await;
        assert!(
            !mail.text.contains("evil") && !mail.html.contains("evil"),
            "{name}"
        );
        assert!(mail.text.contains(&town.state.config.origin()));
    }
}

/// Red when the first address decides and the second gets the mail (GitLab CVE-2023-7028).
async fn two_addresses_in_one_form_are_one_or_none(town: &Town) {
    let victim = town.person().await;
    let evil = "attacker@evil.example";
    let both = format!("email={}&email={evil}&locale=en", victim.email);
    let list = format!("email[]={}&email[]={evil}&locale=en", victim.email);
    let joined = format!("email={}%2C{evil}&locale=en", victim.email);
    let broken = format!("email={}%0Acc%3A{evil}&locale=en", victim.email);
    for body in [both, list, joined, broken] {
        let origin = town.state.config.origin();
        let request = Request::new(Method::POST, "/api/forgot_password")
            .with("origin", &origin)
            .with_body(
                "application/x-www-form-urlencoded",
                body.clone().into_bytes(),
            );
        town.visitor().exchange(request).await;
        let store = &town.identity().store;
        tokio::time::sleep(Duration::from_millis(100)).await;
        for mail in store.mailbox(50).await.unwrap() {
            assert!(
                mail.recipient != evil || mail.kind == "no_account",
                "{body}: {}",
                mail.kind
            );
        }
    }
    town.ignore_mail_to(&victim.email).await;
    town.ignore_mail_to(evil).await;
}

async fn a_locked_account_gets_a_mail_without_a_link(town: &Town) {
    let person = town.person().await;
    let account = town.account(&person).await;
    town.identity().set_locked(&account, true).await.unwrap();
    ask(town, &person).await;
    let mail = town.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_closed");
    assert!(!mail.text.contains("token="));
}

async fn an_invited_manager_may_begin_here(town: &Town) {
    let (mut person, invitation) = town.invited(domain::Locale::En, None).await;
    ask(town, &person).await;
    let link = link(town, &mail(town, &person).await);
    choose(&mut town.visitor(), &link, NEW).await;
    changed(town, &person).await;
    assert!(!is_open(town, &invitation).await, "the older link is dead");
    NEW.clone_into(&mut person.password);
    assert!(town.visitor().sign_in(&person).await.is_in().await);
}

/// Red when the account's state is looked at when the mail is written only (Keycloak
/// CVE-2026-9798).
async fn a_lock_in_between_closes_the_link(town: &Town) {
    let person = town.person().await;
    ask(town, &person).await;
    let link = link(town, &mail(town, &person).await);
    let page = town.visitor().open(&link).await;
    let account = town.account(&person).await;
    town.identity().set_locked(&account, true).await.unwrap();
    assert!(!is_open(town, &link).await);
    let form = page.form("/api/reset_password").fill("password", NEW);
    let page = town.visitor().submit(form).await;
    assert_eq!(page.status, 410);
    assert_eq!(
        town.account(&person).await.password_hash,
        account.password_hash
    );
}
