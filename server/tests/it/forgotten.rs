//! Forgotten passwords, at both doors: asked for, mailed, chosen anew.

use crate::support::{
    TestServer, both,
    resets::{NEW, ask, ask_for, changed, choose, code, is_open, link, mail},
    words::{assert_refused, assert_says},
};
use app::paths;
use contract::{CodeProblem, Door, Field, PasswordProblem, Problem};

both! {
    a22_a23_a61_the_way_begins_on_the_sign_in_page,
    a24_a25_a26_a62_a63_a_mailed_link_leads_to_a_new_password,
    a27_every_address_gets_the_same_answer,
    a29_a_reset_keeps_the_second_factor_and_asks_for_it,
    a64_the_mail_names_the_project_and_leads_back_to_it,
    a65_a_reset_confirms_the_address,
    the_code_of_the_mail_works_in_the_browser_that_asked,
    a_code_is_tried_five_times,
    a_reset_signs_everybody_out_and_nobody_in,
    an_address_with_an_account_elsewhere_is_told_where,
    the_address_is_typed_once_and_stands_in_no_address_bar,
}

async fn a22_a23_a61_the_way_begins_on_the_sign_in_page(server: &TestServer) {
    for person in server.people().await {
        let mut visitor = server.visitor().through(&person.door);
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

async fn a24_a25_a26_a62_a63_a_mailed_link_leads_to_a_new_password(server: &TestServer) {
    for mut person in server.people().await {
        ask(server, &person).await;
        let mail = mail(server, &person).await;
        // The link is opened on the telephone, which never asked for anything.
        let mut telephone = server.visitor().through(&person.door);
        let page = choose(&mut telephone, &link(server, &mail), NEW).await;
        let (_, path) = app::locale::split(&page.url);
        assert_eq!(path, person.door.entrance(paths::SIGN_IN));
        assert_says(&page, "password", "reset_done");
        changed(server, &person).await;

        let mut visitor = server.visitor().through(&person.door);
        let page = visitor.give_password(&person.email, &person.password).await;
        assert_says(&page, "errors", "bad_credentials");
        NEW.clone_into(&mut person.password);
        assert!(visitor.sign_in(&person).await.is_in().await);
    }
}

/// Red when the address is looked up before the answer (authentik CVE-2023-39522).
async fn a27_every_address_gets_the_same_answer(server: &TestServer) {
    let known = server.person().await;
    let mut seen: Option<Vec<String>> = None;
    for email in [known.email.as_str(), "nobody1@town.example"] {
        let mut visitor = server.visitor();
        let page = visitor.open(paths::FORGOT_PASSWORD).await;
        let form = page.form("/api/forgot_password").fill("email", email);
        let answer = visitor.send(form).await;
        assert_eq!(answer.status, 303);
        let cookies: Vec<_> = answer
            .set_cookies()
            .iter()
            .map(|cookie| cookie.split('=').next().unwrap().to_owned())
            .collect();
        assert_eq!(cookies, ["reset", "flash.forgot-password.sent"]);
        let page = visitor.open(answer.header("location")).await;
        let wrong = page.form("/api/give_reset_code").fill("code", "BCDF-GHJK");
        let refused = visitor.submit(wrong).await;
        let texts = [page.text(), refused.text()].map(|text| text.replace(email, "…"));
        assert_refused(
            &refused,
            &Problem::Password(PasswordProblem::MailCodeRejected),
        );
        match &seen {
            None => seen = Some(texts.to_vec()),
            Some(first) => assert_eq!(first, &texts),
        }
    }
    mail(server, &known).await;
    let helpful = server.mail_to("nobody1@town.example").await;
    assert_eq!(helpful.kind, "no_account");
    assert!(!helpful.text.contains("token="));
}

/// Red when the owner reads that there is no account, or when anything but the mail says that there is one.
async fn an_address_with_an_account_elsewhere_is_told_where(server: &TestServer) {
    let manager = server.person().await;
    let citizen = server.participant("bellerive").await;
    server
        .participant_with("montclair", &citizen.email, true)
        .await;
    let link = |door: &Door| format!("{}\n", door.entrance(paths::FORGOT_PASSWORD));
    for (door, email, places) in [
        (&citizen.door, &manager.email, vec![link(&manager.door)]),
        (
            &manager.door,
            &citizen.email,
            vec![
                "/p/bellerive/mill/forgot-password\n".to_owned(),
                "/p/montclair/".to_owned(),
            ],
        ),
    ] {
        let mut visitor = server.visitor().through(door);
        let page = ask_for(&mut visitor, email).await;
        assert_eq!(page.url, door.entrance(paths::RESET_SENT));
        let told = server.mail_to(email).await;
        assert_eq!(told.kind, "account_elsewhere");
        for place in places {
            assert!(told.text.contains(&place), "{place} in {}", told.text);
        }
        assert!(
            !told.text.contains("token="),
            "a link that opens nothing by itself"
        );
    }
}

/// Red when a reset deletes the factor, or when the code is asked for and not judged.
async fn a29_a_reset_keeps_the_second_factor_and_asks_for_it(server: &TestServer) {
    for person in server.people().await {
        let mut person = server.secure(person).await;
        ask(server, &person).await;
        let link = link(server, &mail(server, &person).await);
        let mut visitor = server.visitor().through(&person.door);
        let page = choose(&mut visitor, &link, NEW).await;
        assert_refused(&page, &Problem::Empty { field: Field::Code });
        for (typed, problem) in [
            (
                person.phone().wrong_code(),
                Problem::Code(CodeProblem::Rejected),
            ),
            ("twelve".to_owned(), Problem::Code(CodeProblem::Malformed)),
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
        changed(server, &person).await;
        server.clock.advance_secs(60);
        NEW.clone_into(&mut person.password);
        // The password alone is still not enough.
        server.visitor().begin(&person).await;
        assert!(server.visitor().sign_in(&person).await.is_in().await);
    }
}

async fn a64_the_mail_names_the_project_and_leads_back_to_it(server: &TestServer) {
    let person = server.participant("bellerive").await;
    ask(server, &person).await;
    let mail = mail(server, &person).await;
    // She reads French, whatever the page was in.
    assert_eq!(mail.locale, domain::Locale::Fr);
    assert!(
        mail.text.contains("Le quai (Town of bellerive)"),
        "{}",
        mail.text
    );
    let link = link(server, &mail);
    assert!(
        link.starts_with("/fr/p/bellerive/quay/reset-password?token="),
        "{link}"
    );
    let page = choose(&mut server.visitor(), &link, NEW).await;
    assert_eq!(page.url, "/fr/p/bellerive/quay/sign-in");
    changed(server, &person).await;
}

async fn a65_a_reset_confirms_the_address(server: &TestServer) {
    let email = "newcomer@home.example";
    let mut person = server.participant_with("bellerive", email, false).await;
    let mut visitor = ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    choose(&mut visitor, &link, NEW).await;
    changed(server, &person).await;
    NEW.clone_into(&mut person.password);
    assert!(visitor.sign_in(&person).await.is_in().await);
}

/// Red when the code is looked up without the cookie of the browser that asked (ASVS 6.6.2).
async fn the_code_of_the_mail_works_in_the_browser_that_asked(server: &TestServer) {
    for person in server.people().await {
        let mut asking = ask(server, &person).await;
        let mail = mail(server, &person).await;
        let code = code(&mail);

        let another = server.person().await;
        let mut thief = ask(server, &another).await.through(&person.door);
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
        assert_eq!(page.url, person.door.entrance(paths::RESET_PASSWORD));
        assert!(
            !is_open(server, &link(server, &mail)).await,
            "the code took the link's place"
        );
        let answer = asking.post("/api/give_reset_code", &fields).await;
        assert_eq!(answer.header("location"), sent, "a code works once");
        // A password that is refused leads back to the same page.
        let form = page.form("/api/reset_password").fill("password", "short");
        let page = asking.submit(form).await;
        assert_eq!(page.url, person.door.entrance(paths::RESET_PASSWORD));
        let form = page.form("/api/reset_password").fill("password", NEW);
        let page = asking.submit(form).await;
        assert_says(&page, "password", "reset_done");
        let names = asking.jar.names();
        assert!(
            !names.iter().any(|name| name.starts_with("reset")),
            "{names:?}"
        );
        changed(server, &person).await;
        self::mail(server, &another).await;
    }
}

/// Red when codes are not counted; when they are counted by account, where a stranger's wrong ones
/// would shut the owner out.
async fn a_code_is_tried_five_times(server: &TestServer) {
    let person = server.person().await;
    let mut asking = ask(server, &person).await;
    let mail = mail(server, &person).await;
    for _ in 0..5 {
        let page = asking.open(paths::RESET_SENT).await;
        let form = page.form("/api/give_reset_code").fill("code", "BCDF-GHJK");
        assert_refused(
            &asking.submit(form).await,
            &Problem::Password(PasswordProblem::MailCodeRejected),
        );
    }
    let page = asking.open(paths::RESET_SENT).await;
    let form = page.form("/api/give_reset_code").fill("code", &code(&mail));
    let page = asking.submit(form).await;
    assert_refused(&page, &Problem::TooManyTries { wait_s: 3600 });
    assert!(
        is_open(server, &link(server, &mail)).await,
        "the link is untouched"
    );
    let mut another = ask(server, &person).await;
    let mail = self::mail(server, &person).await;
    let page = another.open(paths::RESET_SENT).await;
    let form = page.form("/api/give_reset_code").fill("code", &code(&mail));
    let page = another.submit(form).await;
    assert!(page.has_form("/api/reset_password"), "{}", page.text());
}

/// Red when a reset opens a session, or spares the one that asked.
async fn a_reset_signs_everybody_out_and_nobody_in(server: &TestServer) {
    for person in server.people().await {
        let mut elsewhere = server.visitor().sign_in(&person).await;
        ask(server, &person).await;
        let link = link(server, &mail(server, &person).await);
        let mut visitor = server.visitor().through(&person.door);
        choose(&mut visitor, &link, NEW).await;
        changed(server, &person).await;
        assert!(!elsewhere.is_in().await);
        assert!(!visitor.is_in().await);
    }
}

/// Red when the address is to be typed again after a step, or stands in an address bar.
async fn the_address_is_typed_once_and_stands_in_no_address_bar(server: &TestServer) {
    for person in server.people().await {
        let known = Some(person.email.as_str());
        let name = person.email.split('@').next().unwrap();
        let mut visitor = server.visitor().through(&person.door);
        let page = visitor.give_password(&person.email, "not the one").await;
        let page = visitor.follow(&page, "Forgot your password?").await;
        assert!(!page.url.contains(name), "{}", page.url);
        assert_eq!(page.form("/api/forgot_password").value("email"), known);
        let page = ask_for(&mut visitor, &person.email).await;
        assert!(!page.url.contains(name), "{}", page.url);
        for action in ["/api/forgot_password", "/api/give_reset_code"] {
            assert_eq!(page.form(action).value("email"), known, "{action}");
        }
        let link = link(server, &mail(server, &person).await);
        assert!(!link.contains(name), "{link}");
        let form = visitor.open(&link).await.form("/api/reset_password");
        assert_eq!(form.value("username"), known);
        let answer = visitor.send(form.fill("password", NEW)).await;
        changed(server, &person).await;
        let location = answer.header("location").to_owned();
        assert!(!location.contains(name), "{location}");
        let page = visitor.open(&location).await;
        assert_says(&page, "password", "reset_done");
        assert_eq!(page.form("/api/sign_in").value("email"), known);
        assert!(!page.url.contains(name), "{}", page.url);
    }
}
