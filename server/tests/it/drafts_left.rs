//! How little is left of a form that came when its session had ended: of whom, without secrets, sealed,
//! for an hour.

use crate::support::{
    Manager, TestServer, both,
    drafts::{Outside, TYPED, count, name_in, name_too_late, too_late},
    words::{assert_refused, text},
};
use app::paths;
use contract::{Locale, Problem};
use domain::{Clock as _, Realm, SessionId, token::Secret};
use http::Method;
use testkit::{dump, wire::Request};

both! {
    secrets_are_not_kept,
    it_is_sealed,
    strangers_leave_nothing,
    a_foreign_page_leaves_nothing,
    a_locked_account_leaves_nothing,
    it_waits_for_an_hour,
    one_session_leaves_little,
    what_cannot_be_kept_is_not_promised,
}

/// Red when the whole form is kept.
async fn secrets_are_not_kept(server: &TestServer) {
    const NEW: &str = "a tram, a bell and a late bus";
    for person in server.people().await {
        let manager = server.visitor().sign_in(&person).await;
        let fields = [("present", person.password.as_str()), ("password", NEW)];
        let mut outside = too_late(server, manager, paths::PASSWORD, &fields).await;
        assert_eq!(count(server).await, 0, "there is nothing else to keep");
        assert!(
            !outside
                .page
                .text()
                .contains(&text(Locale::En, "sign_in", "kept"))
        );
        let page = outside.sign_in(&person).await;
        assert_eq!(page.url, person.door.own(paths::PASSWORD));
        for secret in [NEW, &person.password] {
            assert!(!page.html.contains(secret));
        }

        let mut manager = server.visitor().sign_in(&person).await;
        // The field for a proof is there when the last one is old.
        server.clock.advance_secs(600);
        let path = manager.own(paths::PROFILE);
        manager.open(&path).await;
        let fields = [("email", "odile@harbour.example"), ("proof", "p-r-o-o-f")];
        let mut outside = too_late(server, manager, paths::EMAIL, &fields).await;
        let page = outside.sign_in(&person).await;
        let form = page.form("/api/ask_for_email");
        assert_eq!(form.value("email"), Some("odile@harbour.example"));
        assert!(!page.html.contains("p-r-o-o-f"));
    }
}

/// Red when it is stored as it was typed.
async fn it_is_sealed(server: &TestServer) {
    let person = server.person().await;
    let _outside = name_too_late(server, &person).await;
    let all = dump::everything(&server.database_url).await;
    assert!(!dump::holds(&all, TYPED.as_bytes()), "it waits in clear");
    assert_eq!(count(server).await, 1, "and yet it is there");
}

/// Red when a form of anybody is kept: strangers could fill the database.
async fn strangers_leave_nothing(server: &TestServer) {
    let citizen = server.participant("bellerive").await;
    let signed_in = server.visitor().sign_in(&citizen).await;
    let realm = server.account(&citizen).await.realm;
    let of_another_realm = signed_in.jar.get(&format!("p-{realm}")).unwrap();
    for token in ["", &"A".repeat(43), "rubbish", of_another_realm] {
        let mut visitor = server.visitor();
        visitor.jar.plant("back-office", token);
        let fields = [("name", TYPED), ("locale", "en")];
        let answer = visitor.post("/api/change_name", &fields).await;
        let door = "/sign-in?next=%2Fsettings%2Fname";
        assert_eq!(answer.header("location"), door, "{token}");
    }
    assert_eq!(count(server).await, 0);
}

/// Red when the origin is looked at after the draft was kept.
async fn a_foreign_page_leaves_nothing(server: &TestServer) {
    let mut manager = server.manager().await;
    server.clock.advance_secs(3600);
    let request = Request::new(Method::POST, "/api/change_name");
    let request = request.with_form(&[("name", TYPED), ("locale", "en")]);
    let request = request
        .with("sec-fetch-site", "cross-site")
        .with("origin", "https://evil.example");
    let answer = manager.exchange(request).await;
    assert_eq!(answer.status, 403);
    assert_eq!(count(server).await, 0);
}

/// Red when the account of the ended session is not looked at.
async fn a_locked_account_leaves_nothing(server: &TestServer) {
    let mut manager = server.manager().await;
    let account = server.account(&manager.person).await;
    server.identity().set_locked(&account, true).await.unwrap();
    let fields = [("name", TYPED), ("locale", "en")];
    manager.post("/api/change_name", &fields).await;
    assert_eq!(count(server).await, 0);
}

/// Red when it is kept for longer.
async fn it_waits_for_an_hour(server: &TestServer) {
    let people = [server.person().await, server.person().await];
    for (person, (wait, wanted)) in people.iter().zip([(3599, TYPED), (3600, "")]) {
        let mut outside = name_too_late(server, person).await;
        server.clock.advance_secs(wait);
        let page = outside.sign_in(person).await;
        let wanted = if wanted.is_empty() {
            &person.name
        } else {
            wanted
        };
        assert_eq!(name_in(&page), wanted);
    }
}

/// Red when the number of pages, or the length of what is kept, has no end.
async fn one_session_leaves_little(server: &TestServer) {
    let manager = server.manager().await;
    server.clock.advance_secs(3600);
    let token = Secret::present(manager.jar.get("back-office").unwrap()).unwrap();
    let identity = server.identity();
    let realm = Realm::BackOffice;
    let ended = identity
        .ended_session(&realm, &token)
        .await
        .unwrap()
        .unwrap();
    let keep = async |page: String, size: usize| {
        let typed = vec![b'x'; size];
        identity.keep_draft(&ended, &page, &typed).await.unwrap()
    };
    assert!(!keep("/large".to_owned(), 32 * 1024 + 1).await);
    for number in 0..8 {
        assert!(keep(format!("/{number}"), 32 * 1024).await);
    }
    assert!(!keep("/8".to_owned(), 1).await);
    assert!(keep("/7".to_owned(), 1).await, "in place of what was kept");
    assert_eq!(count(server).await, 8);
    let store = &identity.store;
    let nobody = SessionId::from("nobody".to_owned());
    assert_eq!(
        store
            .count_drafts(&nobody, "", server.clock.now())
            .await
            .unwrap(),
        0
    );
}

/// Red when the page says that what was typed is kept though it is not; when it says so of an older
/// text, which is kept.
async fn what_cannot_be_kept_is_not_promised(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let own = manager.own(paths::NAME);
        let page = manager.open(&own).await;
        server.clock.advance_secs(2 * 3600);
        fill_up(server, &manager).await;
        let form = page.form("/api/change_name").fill("name", TYPED);
        let page = manager.submit(form).await;
        assert!(page.url.contains("/sign-in?next="), "{}", page.url);
        let kept = text(Locale::En, "sign_in", "kept");
        assert!(!page.text().contains(&kept), "{}", page.text());
        assert_refused(&page, &Problem::SignInFirst);
        let mut outside = Outside {
            visitor: manager.outside(),
            page,
        };
        let page = outside.sign_in(&person).await;
        assert_eq!(page.url, own, "she is where she was");
        assert_eq!(name_in(&page), person.name);
    }
}

/// Leaves as many texts in the ended session of somebody as it may hold.
async fn fill_up(server: &TestServer, manager: &Manager) {
    let realm = server.account(&manager.person).await.realm;
    let name = match &realm {
        Realm::BackOffice => "back-office".to_owned(),
        Realm::Organisation(_) => format!("p-{realm}"),
    };
    let token = Secret::present(manager.jar.get(&name).unwrap()).unwrap();
    let identity = server.identity();
    let ended = identity.ended_session(&realm, &token).await;
    let ended = ended.unwrap().unwrap();
    for number in 0..8 {
        let page = format!("/{number}");
        assert!(identity.keep_draft(&ended, &page, b"x").await.unwrap());
    }
}
