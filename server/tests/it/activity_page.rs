//! The person concerned reads what happened to her account, in plain words, and nobody else does.

use crate::support::{
    Manager, Person, TestServer, both,
    words::{assert_says, text},
};
use app::paths;
use contract::Locale;
use domain::{AccountId, ActivityId, Clock as _, Subject, Timestamp, calendar};
use identity::EventKind;
use std::collections::BTreeSet;
use store::{ActivityActor, ActivityEntry};
use testkit::{FixedClock, Page};

both! {
    refused_tries_are_counted_by_day_and_no_line_is_written,
    refused_tries_between_two_pages_stand_on_one_of_them,
    the_log_says_who_did_what_when_and_from_where,
    every_event_has_words_in_both_languages,
    the_log_is_narrowed_and_turned_page_by_page,
    nobody_reads_the_log_of_somebody_else,
    markup_in_a_line_is_only_read,
}

/// So many seconds before the test began. What is much older may be swept at any moment.
fn ago(age: i64) -> Timestamp {
    Timestamp::from_seconds(FixedClock::default().now().as_seconds() - age)
}

/// A line that is older than the chain, `age` seconds before the test began.
fn line(account: &AccountId, actor: Option<&AccountId>, kind: &str, age: i64) -> ActivityEntry {
    ActivityEntry {
        id: ActivityId::from(format!("{kind}-{age}-{account}")),
        subject: Subject::Account(account.clone()),
        actor: ActivityActor {
            account_id: actor.cloned(),
            ..ActivityActor::default()
        },
        kind: kind.to_owned(),
        at: ago(age),
        network: String::new(),
        user_agent: String::new(),
        details: "{}".to_owned(),
        link: None,
    }
}

async fn write(server: &TestServer, entries: impl IntoIterator<Item = ActivityEntry>) {
    let mut tx = server.identity().store.begin().await.unwrap();
    for entry in entries {
        tx.insert_activity(&entry).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// What stands in the two lines of each event: what, when, and by whom from where.
fn events(page: &Page) -> Vec<[String; 3]> {
    let texts = |css| page.all(css).into_iter().map(|element| element.text);
    let what = texts(".event-what strong");
    let facts = texts(".event-what + .event-facts");
    let (what, when) = (what, texts(".event-what time"));
    let all = what.zip(when).zip(facts);
    all.map(|((what, when), facts)| [what, when, facts])
        .collect()
}

async fn the_log_says_who_did_what_when_and_from_where(server: &TestServer) {
    let citizen = server.participant("bellerive").await;
    for person in [server.person().await, citizen] {
        let mut manager = server.visitor().sign_in(&person).await;
        server.clock.advance_secs(60);
        manager.enable_two_factor(server).await;
        let settings = manager.own(paths::SETTINGS);
        let page = manager.open(&settings).await;
        let link = page.link(&text(Locale::En, "activity", "row_link"));
        assert_eq!(link, Some(manager.own(paths::ACTIVITY)));
        let page = manager.open(&link.unwrap()).await;
        assert_eq!(page.status, 200);
        assert_says(&page, "activity", "holds_title");
        let events = events(&page);
        let own = |event: &str| text(Locale::En, "activity", event);
        assert_eq!(events[0][0], own("two_factor_enabled"));
        assert_eq!(events[1][0], own("signed_in"));
        assert_eq!(events.last().unwrap()[0], own("account_created"));
        for event in &events[..2] {
            assert_eq!(event[2], "You · Firefox, Linux · 127.0.0.1");
            assert_eq!(event[1].len(), "14:05".len(), "{}", event[1]);
        }
        assert_eq!(events.last().unwrap()[2], "The platform team");
        let day = calendar::day(server.clock.now(), Locale::En);
        assert!(page.all("h2").iter().any(|title| title.text == day));
    }
}

/// Red when wrong tries appear nowhere, or each of them is a line that strangers write.
async fn refused_tries_are_counted_by_day_and_no_line_is_written(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let lines = server.log_of(&manager.person.id).await.len();
    let mut stranger = server.visitor();
    for _ in 0..3 {
        stranger
            .give_password(&manager.person.email, "a wrong guess")
            .await;
    }
    let mut half = server.visitor();
    half.begin(&manager.person).await;
    half.give_code(&manager.person.phone().wrong_code()).await;
    manager
        .prove("/api/disable_two_factor", "a wrong guess")
        .await;
    let page = manager.open(paths::ACTIVITY).await;
    let said = text(Locale::En, "activity", "refused_many").replace("{{ count }}", "5");
    assert_eq!(page.text_of(".event-refused"), said);
    assert_eq!(server.log_of(&manager.person.id).await.len(), lines);
    // They stand at their day, beside what happened then, and with sign-ins only.
    server.clock.advance_secs(24 * 3600);
    let mut later = server.visitor().sign_in(&manager.person).await;
    stranger
        .give_password(&manager.person.email, "a wrong guess")
        .await;
    let page = later.open(paths::ACTIVITY).await;
    let shown: Vec<String> = page
        .all(".event-refused")
        .into_iter()
        .map(|line| line.text)
        .collect();
    assert_eq!(
        shown,
        [text(Locale::En, "activity", "refused_single"), said]
    );
    let page = later.open("/settings/activity?kind=security").await;
    assert!(page.all(".event-refused").is_empty());
    // Nobody else sees them.
    let mut other = server.manager().await;
    let page = other.open(paths::ACTIVITY).await;
    assert!(page.all(".event-refused").is_empty());
}

/// Red when a day is lost whose neighbours stand on two pages, or stands on both.
async fn refused_tries_between_two_pages_stand_on_one_of_them(server: &TestServer) {
    const DAY: i64 = 24 * 3600;
    let mut manager = server.manager().await;
    let id = manager.person.id.clone();
    let lines = server.log_of(&id).await.len();
    // A page of 25 that ends with the oldest line of its day; then a line a day later each.
    let first = (0..25 - lines).map(|age| i64::try_from(age).unwrap());
    let ages = first.chain([DAY, 3 * DAY]);
    write(
        server,
        ages.map(|age| line(&id, Some(&id), "signed_in", age)),
    )
    .await;
    let mut tx = server.identity().store.begin().await.unwrap();
    for (age, tries) in [(0, 3), (DAY, 30), (2 * DAY, 7), (4 * DAY, 9)] {
        tx.add_refused_tries(&id, calendar::day_begins(ago(age)), tries)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let refused = |page: &Page| -> Vec<String> {
        assert_eq!(page.status, 200, "{}", page.text());
        let all = page.all(".event-refused");
        all.into_iter().map(|line| line.text).collect()
    };
    let many = |tries: u32| {
        text(Locale::En, "activity", "refused_many").replace("{{ count }}", &tries.to_string())
    };
    let page = manager.open(paths::ACTIVITY).await;
    assert_eq!(refused(&page), [many(3)]);
    let older = page.link(&text(Locale::En, "activity", "older")).unwrap();
    let page = manager.open(&older).await;
    assert_eq!(refused(&page), [many(30), many(7), many(9)]);
    assert_eq!(page.link(&text(Locale::En, "activity", "older")), None);
}

/// Red when two events share their words, or one language borrows the other's.
async fn every_event_has_words_in_both_languages(server: &TestServer) {
    let mut manager = server.manager().await;
    let id = manager.person.id.clone();
    let kinds = EventKind::ALL.iter().map(|event| event.as_str());
    let kinds: Vec<&str> = kinds.chain(["event_of_a_newer_version"]).collect();
    write(
        server,
        kinds.iter().map(|kind| line(&id, Some(&id), kind, 1)),
    )
    .await;
    let mut said = BTreeSet::new();
    for prefix in ["", "/fr"] {
        let mut found = BTreeSet::new();
        let mut next = Some(format!("{prefix}{}", paths::ACTIVITY));
        let language = if prefix.is_empty() {
            Locale::En
        } else {
            Locale::Fr
        };
        while let Some(path) = next {
            let page = manager.open(&path).await;
            found.extend(events(&page).into_iter().map(|[what, ..]| what));
            next = page.link(&text(language, "activity", "older"));
        }
        assert_eq!(found.len(), kinds.len(), "{found:?}");
        assert!(found.contains(&text(language, "activity", "unknown")));
        assert!(
            found
                .iter()
                .all(|words| words.chars().count() > 5 && !words.contains('_'))
        );
        said.extend(found);
    }
    assert_eq!(said.len(), kinds.len() * 2, "{said:?}");
}

/// Red when the page begins at the line that it should end with, or the filter is lost on the way.
async fn the_log_is_narrowed_and_turned_page_by_page(server: &TestServer) {
    let mut manager = server.manager().await;
    let id = manager.person.id.clone();
    let old = (0..30).flat_map(|age| {
        let (inn, out) = ("signed_in", "two_factor_enabled");
        [
            line(&id, Some(&id), inn, 2 * age),
            line(&id, None, out, 2 * age + 1),
        ]
    });
    write(server, old).await;
    let (all, pages) = read_all(&mut manager, "").await;
    assert_eq!(
        (all.len(), pages),
        (63, 3),
        "60, and the three of the chain"
    );
    let (sign_ins, pages) = read_all(&mut manager, "sign-ins").await;
    assert_eq!((sign_ins.len(), pages), (31, 2));
    assert!(sign_ins.iter().all(|row| row[0] == "Signed in"));
    let (others, pages) = read_all(&mut manager, "by-others").await;
    assert_eq!((others.len(), pages), (31, 2), "30, and the creation");
    assert!(others.iter().all(|row| row[2] == "The platform team"));
    assert_eq!(read_all(&mut manager, "account").await.0.len(), 2);
    assert_eq!(read_all(&mut manager, "security").await.0.len(), 30);
    assert_eq!(read_all(&mut manager, "nonsense").await.0.len(), 63);

    let page = manager.open("/settings/activity?kind=by-others").await;
    let chosen = page.first("option[selected]");
    assert_eq!(chosen.attribute("value"), Some("by-others"));
    let form = page.first(&format!("form[action='{}']", paths::ACTIVITY));
    assert_eq!(form.attribute("method"), Some("get"));
}

/// Every row of a filter, and over how many pages they lay.
async fn read_all(manager: &mut Manager, kind: &str) -> (Vec<[String; 3]>, usize) {
    let mut next = Some(format!("{}?kind={kind}", paths::ACTIVITY));
    let (mut all, mut pages) = (Vec::new(), 0);
    while let Some(path) = next {
        let page = manager.open(&path).await;
        assert_says(&page, "activity", "holds_title");
        all.extend(events(&page));
        pages += 1;
        next = page.link("Older lines");
        let back = page.link("Back to the newest");
        assert_eq!(back.is_some(), pages > 1, "{path}");
    }
    (all, pages)
}

/// Red when the page takes an account, or a place to begin at, from the address.
async fn nobody_reads_the_log_of_somebody_else(server: &TestServer) {
    let (ada, citizen) = (server.person().await, server.participant("bellerive").await);
    let secret = |person: &Person| ActivityEntry {
        user_agent: format!("Secret of {}", person.id),
        ..line(&person.id, None, "locked", 1)
    };
    write(server, [secret(&ada), secret(&citizen)]).await;
    let mut eve = server.manager().await;
    for person in [&ada, &citizen] {
        let begin = secret(person).id;
        for path in [
            format!("/settings/activity?before={begin}"),
            format!("/settings/activity?account={}&id={0}", person.id),
            format!("{}?before={begin}", person.door.own(paths::ACTIVITY)),
        ] {
            let page = eve.open(&path).await;
            assert!(!page.html.contains("Secret of"), "{path}");
        }
        let page = eve
            .open(&format!("/settings/activity?before={begin}"))
            .await;
        assert_says(&page, "activity", "none_title");
    }
    // Nor does an account of one realm open the log of another.
    let mut citizen = server.visitor().sign_in(&citizen).await;
    let page = citizen.open(paths::ACTIVITY).await;
    assert_eq!(
        page.url,
        citizen.own(paths::ACTIVITY),
        "it opens the own one"
    );
    assert!(
        page.html
            .contains(&format!("Secret of {}", citizen.person.id))
    );
}

/// Red when a value of a line is put into the page without being escaped.
async fn markup_in_a_line_is_only_read(server: &TestServer) {
    const MARKUP: &str = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    let mut manager = server.manager().await;
    let agent = server.person().await;
    let rename = format!(
        "update accounts set name = '{MARKUP}' where id = '{}'",
        agent.id
    );
    testkit::tamper(&server.database_url, &rename).await;
    let (id, details) = (
        manager.person.id.clone(),
        serde_json::json!({ "field": "name", "old": MARKUP, "new": MARKUP, "reason": MARKUP }),
    );
    let entry = ActivityEntry {
        network: MARKUP.to_owned(),
        user_agent: MARKUP.to_owned(),
        details: details.to_string(),
        ..line(&id, Some(&agent.id), "unlocked", 1)
    };
    let language = ActivityEntry {
        details: r#"{"field":"mail_language","old":"en","new":"fr"}"#.to_owned(),
        ..line(&id, Some(&id), "signed_in", 2)
    };
    let broken = ActivityEntry {
        details: "not JSON at all".to_owned(),
        ..line(&id, None, "locked", 3)
    };
    // What is only asked for has not changed anything.
    let asked = ActivityEntry {
        details: r#"{"field":"email","old":"a@b.example","new":"c@d.example"}"#.to_owned(),
        ..line(&id, Some(&id), "email_asked", 4)
    };
    write(server, [entry, language, broken, asked]).await;
    let page = manager.open(paths::ACTIVITY).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.text().matches(MARKUP).count(), 6, "{}", page.text());
    assert!(
        !page.html.contains("<img src=x"),
        "it is text, not a picture"
    );
    assert!(!page.html.contains("<script>alert"));
    for said in [
        "Language: “English” became “Français”.",
        "“a@b.example” is to become “c@d.example”.",
    ] {
        assert!(page.text().contains(said), "{}", page.text());
    }
}
