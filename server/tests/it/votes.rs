//! "Was this article helpful?": asked of everybody, counted once, read by the support desk.

use crate::support::{
    Manager, TestServer, both,
    words::{self, assert_refused, assert_says},
};
use app::paths;
use contract::{Field, Problem};
use domain::{Locale, PlatformRole};
use testkit::{Browser, Page};

both! {
    a12_a15_anybody_can_answer_and_is_thanked,
    a14_who_does_not_send_her_words_has_only_voted,
    a16_a_vote_is_stored_once_for_each_reader_and_language_and_staff_can_read_it,
    a16_only_staff_can_read_it,
    a_comment_is_text,
    a_comment_must_say_something,
    a_vote_on_nothing_is_refused,
}

const ARTICLE: &str = "/help/article/two-factor-authentication-2fa";

async fn vote(browser: &mut Browser, path: &str, yes: bool) -> Page {
    let page = browser.open(path).await;
    let name = if yes { "yes" } else { "no" };
    let answers = words::feedback(words::language(&page), name);
    browser
        .submit(page.form("/api/send_vote").press(&answers))
        .await
}

async fn comment(browser: &mut Browser, page: &Page, text: &str) -> Page {
    browser
        .submit(page.form("/api/send_comment").fill("comment", text))
        .await
}

async fn agent(server: &TestServer) -> Manager {
    let agent = server
        .person_with(Locale::En, Some(PlatformRole::Agent))
        .await;
    server.visitor().sign_in(&agent).await
}

async fn desk(server: &TestServer) -> Page {
    let page = agent(server).await.open(paths::DESK).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page
}

async fn a12_a15_anybody_can_answer_and_is_thanked(server: &TestServer) {
    for mut browser in [
        (*server.visitor()).clone(),
        (*server.manager().await).clone(),
    ] {
        let page = vote(&mut browser, ARTICLE, true).await;
        assert_eq!(page.url, ARTICLE);
        let page = comment(&mut browser, &page, "The pictures helped.").await;
        assert!(
            page.text().contains(&words::feedback(Locale::En, "thanks")),
            "{}",
            page.text()
        );
    }
}

async fn a14_who_does_not_send_her_words_has_only_voted(server: &TestServer) {
    let mut visitor = server.visitor();
    let page = vote(&mut visitor, ARTICLE, false).await;
    let cancel = words::feedback(Locale::En, "cancel");
    let page = visitor.follow(&page, &cancel).await;
    assert!(!page.has_form("/api/send_comment"));
    let votes = server.identity().store.votes(9).await.unwrap();
    assert_eq!(votes.len(), 1);
    assert_eq!(votes[0].comment, None);
}

/// Red when a second vote of the same reader is added to the first.
async fn a16_a_vote_is_stored_once_for_each_reader_and_language_and_staff_can_read_it(
    server: &TestServer,
) {
    let mut reader = server.visitor();
    vote(&mut reader, ARTICLE, true).await;
    let page = vote(&mut reader, ARTICLE, false).await;
    comment(&mut reader, &page, "Which button is it?").await;
    // In French it is another text.
    vote(&mut reader, &format!("/fr{ARTICLE}"), true).await;
    vote(&mut server.visitor(), ARTICLE, true).await;

    let store = &server.identity().store;
    let counts = store.vote_counts().await.unwrap();
    let slug = "two-factor-authentication-2fa".to_owned();
    assert_eq!(
        counts,
        [
            (slug.clone(), Locale::En, 1, 1),
            (slug.clone(), Locale::Fr, 1, 0)
        ]
    );
    let votes = store.votes(9).await.unwrap();
    assert!(
        votes
            .iter()
            .all(|vote| vote.article == slug && !vote.version.is_empty()),
        "{votes:?}"
    );
    let page = desk(server).await;
    assert!(
        page.text().contains("Which button is it?"),
        "{}",
        page.text()
    );
    assert!(page.text().contains(&votes[0].version));
}

/// Red when the desk trusts its link's being hidden.
async fn a16_only_staff_can_read_it(server: &TestServer) {
    let mut reader = server.visitor();
    let page = vote(&mut reader, ARTICLE, true).await;
    comment(&mut reader, &page, "A word in confidence.").await;
    let mut manager = server.manager().await;
    let page = manager.open(paths::DESK).await;
    assert_eq!(page.status, 403);
    assert_says(&page, "errors", "forbidden_title");
    assert!(!page.text().contains("confidence"));
    assert_eq!(
        server.visitor().open(paths::DESK).await.url,
        "/sign-in?next=%2Fdesk"
    );
    assert!(desk(server).await.text().contains("A word in confidence."));
}

/// Red when comments are written into the desk's page as HTML (Decidim CVE-2026-23891).
async fn a_comment_is_text(server: &TestServer) {
    let hostile = "</td><script>alert(1)</script><img src=x onerror=alert(1)>";
    let mut reader = server.visitor();
    let page = vote(&mut reader, ARTICLE, false).await;
    comment(&mut reader, &page, hostile).await;
    let page = desk(server).await;
    assert!(page.text().contains(hostile), "{}", page.text());
    assert!(!page.html.contains("<script>alert") && !page.html.contains("<img src=x"));
}

async fn a_comment_must_say_something(server: &TestServer) {
    let mut reader = server.visitor();
    let page = vote(&mut reader, ARTICLE, true).await;
    let page = comment(&mut reader, &page, "  \n ").await;
    assert_refused(
        &page,
        &Problem::Empty {
            field: Field::Comment,
        },
    );
    let long = format!("</textarea>{}", "é".repeat(2000));
    let page = comment(&mut reader, &page, &long).await;
    assert_refused(
        &page,
        &Problem::TooLong {
            field: Field::Comment,
            limit: 2000,
        },
    );
    let kept = page.form("/api/send_comment");
    assert_eq!(
        kept.value("comment"),
        Some(long.as_str()),
        "the words are not lost"
    );
    let page = reader.submit(kept.fill("comment", "Shorter.")).await;
    assert!(page.text().contains(&words::feedback(Locale::En, "thanks")));
}

async fn a_vote_on_nothing_is_refused(server: &TestServer) {
    let mut reader = server.visitor();
    for fields in [
        [("article", "nothing"), ("helpful", "yes"), ("locale", "en")],
        [
            ("article", "../sign-in"),
            ("helpful", "yes"),
            ("locale", "en"),
        ],
        [
            ("article", "two-factor-authentication-2fa"),
            ("helpful", "perhaps"),
            ("locale", "en"),
        ],
    ] {
        let answer = reader.post("/api/send_vote", &fields).await;
        assert!(
            !answer.header("location").starts_with("//"),
            "{}",
            answer.header("location")
        );
    }
    assert!(server.identity().store.votes(9).await.unwrap().is_empty());
}
