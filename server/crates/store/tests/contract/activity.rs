use crate::{all_at_once, at, id, manager};
use domain::{AccountId, ActivityId, OrganisationId, Subject};
use store::{
    ActivityActor, ActivityEnd, ActivityEntry, ActivityFilter, ActivityLink, Organisation, Store,
    Unchained,
};

both!(
    the_newest_lines_come_first,
    the_end_of_a_log_is_locked_and_its_last_tag_is_found,
    a_filter_and_a_page_begin_where_they_should,
    lines_that_are_written_at_once_follow_one_another,
    a_chain_is_read_in_parts_with_its_end,
    lines_without_a_number_are_counted_apart,
    an_organisation_has_a_log_of_its_own,
    every_account_is_found_a_part_at_a_time,
);

fn log_of(account: &AccountId) -> Subject {
    Subject::Account(account.clone())
}

fn line(number: i64, account: &AccountId, actor: Option<&AccountId>) -> ActivityEntry {
    ActivityEntry {
        id: ActivityId::from(format!("line-{number}")),
        subject: log_of(account),
        actor: ActivityActor {
            account_id: actor.cloned(),
            ..ActivityActor::default()
        },
        kind: "signed_in".to_owned(),
        at: at(number / 2),
        network: "2001:db8::/64".to_owned(),
        user_agent: "Firefox".to_owned(),
        details: r#"{"method":"password"}"#.to_owned(),
        link: None,
    }
}

fn linked(number: u64, entry: ActivityEntry) -> ActivityEntry {
    let tag = vec![7; 37];
    ActivityEntry {
        link: Some(ActivityLink { number, tag }),
        ..entry
    }
}

async fn write(store: &Store, entries: impl IntoIterator<Item = ActivityEntry>) {
    let mut tx = store.begin().await.unwrap();
    for entry in entries {
        tx.insert_activity(&entry).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn the_newest_lines_come_first(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    write(&store, (1..=4).map(|n| line(n, &ada, Some(&bea)))).await;
    write(&store, [line(5, &bea, None)]).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.has_activity(&ada, "signed_in").await.unwrap());
    assert!(!tx.has_activity(&ada, "signed_out").await.unwrap());
    for (since, count) in [(-1, 4), (0, 3), (1, 1), (2, 0)] {
        let counted = tx.count_activity(&ada, "signed_in", at(since)).await;
        assert_eq!(counted.unwrap(), count, "since {since}");
    }
    drop(tx);
    let lines = store.activity(&ada, 3).await.unwrap();
    assert_eq!(
        lines,
        [4, 3, 2].map(|number| line(number, &ada, Some(&bea)))
    );
    assert_eq!(
        store.activity(&bea, 3).await.unwrap(),
        [line(5, &bea, None)]
    );
    // Whatever clocks say: a numbered line is newer than one without, and numbers decide.
    let early = |number: u64, n: i64| ActivityEntry {
        id: ActivityId::from(format!("early-{n}")),
        at: at(-n),
        ..linked(number, line(n, &ada, None))
    };
    write(&store, [early(2, 9), early(1, 8)]).await;
    let newest = store.activity(&ada, 3).await.unwrap();
    let ids: Vec<&str> = newest.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["early-9", "early-8", "line-4"]);
}

/// Red when the filter forgets whose lines it reads, or the page takes the line that it begins at.
async fn a_filter_and_a_page_begin_where_they_should(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    let of_kind = |n: i64, kind: &str, actor: Option<&AccountId>| ActivityEntry {
        kind: kind.to_owned(),
        ..line(n, &ada, actor)
    };
    let lines = [
        of_kind(1, "locked", None),
        of_kind(2, "signed_in", Some(&ada)),
        of_kind(3, "unlocked", Some(&bea)),
        of_kind(4, "signed_out", Some(&ada)),
    ];
    write(&store, lines).await;
    write(&store, [line(5, &bea, Some(&bea))]).await;
    let ids = async |filter: ActivityFilter<'_>, limit: u32| -> Vec<String> {
        let page = store.activity_page(&ada, filter, limit).await.unwrap();
        page.into_iter()
            .map(|(entry, _)| entry.id.to_string())
            .collect()
    };
    let all = ActivityFilter::default();
    assert_eq!(ids(all, 9).await, ["line-4", "line-3", "line-2", "line-1"]);
    let kinds = Some(["locked", "signed_out"].as_slice());
    assert_eq!(
        ids(ActivityFilter { kinds, ..all }, 9).await,
        ["line-4", "line-1"],
        "a kind is not found inside of another"
    );
    let kinds = Some([].as_slice());
    assert!(ids(ActivityFilter { kinds, ..all }, 9).await.is_empty());
    let by_others = ActivityFilter {
        by_others: true,
        ..all
    };
    assert_eq!(ids(by_others, 9).await, ["line-3", "line-1"]);
    let three = ActivityId::from("line-3".to_owned());
    let before = Some(&three);
    assert_eq!(ids(ActivityFilter { before, ..all }, 1).await, ["line-2"]);
    assert_eq!(
        ids(
            ActivityFilter {
                before,
                ..by_others
            },
            9
        )
        .await,
        ["line-1"]
    );
    let hers = ActivityId::from("line-5".to_owned());
    let before = Some(&hers);
    assert!(ids(ActivityFilter { before, ..all }, 9).await.is_empty());
    assert!(store.activity_at(&ada, &three).await.unwrap().is_some());
    assert_eq!(store.activity_at(&ada, &hers).await.unwrap(), None);
    let newest = store.accounts_of_newest_lines(4).await.unwrap();
    assert_eq!(newest, [bea.clone(), ada.clone()]);
    assert_eq!(store.accounts_of_newest_lines(1).await.unwrap(), [bea]);
    let page = store.activity_page(&ada, all, 9).await.unwrap();
    let names: Vec<Option<&str>> = page.iter().map(|(_, name)| name.as_deref()).collect();
    assert_eq!(names, [Some("ada"), Some("bea"), Some("ada"), None]);
}

/// Red when the number is read first and written later.
async fn lines_that_are_written_at_once_follow_one_another(store: Store) {
    let ada = manager(&store, "ada").await;
    let writers = all_at_once(8, |writer| {
        let (store, ada) = (store.clone(), ada.clone());
        async move {
            let mut tx = store.begin().await.unwrap();
            let end = tx.advance_activity(&log_of(&ada)).await.unwrap().unwrap();
            let number = end.lines + 1;
            let entry = ActivityEntry {
                id: ActivityId::from(format!("by-{writer}")),
                ..linked(number, line(1, &ada, None))
            };
            tx.insert_activity(&entry).await.unwrap();
            let tag = [u8::try_from(number).unwrap(); 37];
            tx.end_activity(&log_of(&ada), &tag).await.unwrap();
            tx.commit().await.unwrap();
            end
        }
    });
    let mut ends = writers.await;
    ends.sort_by_key(|end| end.lines);
    let expected: Vec<ActivityEnd> = (0_u8..8)
        .map(|lines| ActivityEnd {
            lines: lines.into(),
            tag: (lines > 0).then(|| vec![lines; 37]),
        })
        .collect();
    assert_eq!(
        ends, expected,
        "each saw the end that the one before it left"
    );
    let mut tx = store.begin().await.unwrap();
    assert_eq!(
        tx.advance_activity(&log_of(&id("eve"))).await.unwrap(),
        None
    );
    // What is not committed has not happened.
    tx.advance_activity(&log_of(&ada)).await.unwrap();
    drop(tx);
    let (end, lines) = store
        .activity_chain(&log_of(&ada), 0, 99)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((end.lines, lines.len()), (8, 8));
    let twice = linked(3, line(77, &ada, None));
    let mut tx = store.begin().await.unwrap();
    assert!(tx.insert_activity(&twice).await.unwrap_err().is_conflict());
}

async fn a_chain_is_read_in_parts_with_its_end(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    assert_eq!(
        store.activity_chain(&log_of(&ada), 0, 9).await.unwrap(),
        Some((ActivityEnd::default(), Vec::new()))
    );
    assert_eq!(
        store
            .activity_chain(&log_of(&id("eve")), 0, 9)
            .await
            .unwrap(),
        None
    );
    let lines: Vec<_> = (1_u8..=3)
        .map(|n| linked(n.into(), line(n.into(), &ada, None)))
        .collect();
    write(&store, lines.clone().into_iter().rev()).await;
    write(
        &store,
        [line(9, &ada, None), linked(1, line(10, &bea, None))],
    )
    .await;
    let mut tx = store.begin().await.unwrap();
    for _ in 0..3 {
        tx.advance_activity(&log_of(&ada)).await.unwrap();
    }
    tx.end_activity(&log_of(&ada), b"end").await.unwrap();
    tx.commit().await.unwrap();
    let end = ActivityEnd {
        lines: 3,
        tag: Some(b"end".to_vec()),
    };
    for (after, limit, expected) in [
        (0, 2, &lines[..2]),
        (2, 2, &lines[2..]),
        (3, 2, &[]),
        (0, 99, &lines[..]),
    ] {
        let part = store
            .activity_chain(&log_of(&ada), after, limit)
            .await
            .unwrap();
        assert_eq!(
            part,
            Some((end.clone(), expected.to_vec())),
            "after {after}"
        );
    }
}

async fn lines_without_a_number_are_counted_apart(store: Store) {
    let ada = manager(&store, "ada").await;
    let none = Unchained {
        lines: 0,
        newest: None,
    };
    assert_eq!(store.unchained_activity(&log_of(&ada)).await.unwrap(), none);
    assert_eq!(
        store.activity_chains_began(&log_of(&ada)).await.unwrap(),
        None
    );
    let chained = [
        linked(1, line(10, &ada, None)),
        linked(2, line(12, &ada, None)),
    ];
    write(&store, [line(2, &ada, None), line(4, &ada, None)]).await;
    write(&store, chained).await;
    let two = Unchained {
        lines: 2,
        newest: Some(at(2)),
    };
    assert_eq!(store.unchained_activity(&log_of(&ada)).await.unwrap(), two);
    assert_eq!(
        store.activity_chains_began(&log_of(&ada)).await.unwrap(),
        Some(at(5))
    );
}

async fn every_account_is_found_a_part_at_a_time(store: Store) {
    for name in ["cleo", "ada", "bea"] {
        manager(&store, name).await;
    }
    let first = store.every_account(None, 2).await.unwrap();
    let names: Vec<&str> = first.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(names, ["ada", "bea"]);
    let rest = store.every_account(Some(&first[1].id), 2).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].id, id("cleo"));
}

/// Red when the log of an organisation counts on the row of an account, mixes with it, or loses its
/// actor.
async fn an_organisation_has_a_log_of_its_own(store: Store) {
    let ada = manager(&store, "ada").await;
    let organisation = Organisation {
        id: OrganisationId::from("o".to_owned()),
        slug: "bellerive".to_owned().into(),
        name: "Bellerive".to_owned(),
        accepts_provider_factor: false,
        takes_part_first: false,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: at(0),
    };
    let log = Subject::Organisation(organisation.id.clone());
    let entry = linked(
        1,
        ActivityEntry {
            subject: log.clone(),
            actor: ActivityActor {
                kind: Some("account".to_owned()),
                account_id: Some(ada.clone()),
                role: Some("administrator".to_owned()),
                organisation_id: Some(organisation.id.clone()),
            },
            ..line(1, &ada, None)
        },
    );
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.advance_activity(&log).await.unwrap(), None);
    tx.insert_organisation(&organisation).await.unwrap();
    let before = tx.advance_activity(&log).await.unwrap();
    assert_eq!(before, Some(ActivityEnd::default()));
    tx.insert_activity(&entry).await.unwrap();
    tx.end_activity(&log, b"end").await.unwrap();
    tx.commit().await.unwrap();
    let end = ActivityEnd {
        lines: 1,
        tag: Some(b"end".to_vec()),
    };
    let chain = store.activity_chain(&log, 0, 9).await.unwrap();
    assert_eq!(chain, Some((end, vec![entry])));
    assert_eq!(store.activity(&ada, 9).await.unwrap(), []);
    assert_eq!(
        store.activity_chains_began(&log_of(&ada)).await.unwrap(),
        None
    );
    let began = store.activity_chains_began(&log).await.unwrap();
    assert_eq!(began, Some(at(0)));
    assert_eq!(store.deeds(&ada).await.unwrap(), 1);
}

async fn the_end_of_a_log_is_locked_and_its_last_tag_is_found(store: Store) {
    let ada = manager(&store, "ada").await;
    let log = log_of(&ada);
    assert_eq!(store.activity_lines(&ada).await.unwrap(), 0);
    write(&store, [line(1, &ada, None)]).await;
    let mut tx = store.begin().await.unwrap();
    tx.advance_activity(&log).await.unwrap();
    let first = linked(1, line(2, &ada, None));
    tx.insert_activity(&first).await.unwrap();
    tx.end_activity(&log, &[9]).await.unwrap();
    let end = tx.lock_activity(&log).await.unwrap().unwrap();
    assert_eq!((end.lines, end.tag), (1, Some(vec![9])));
    let tag = tx.activity_tag(&log, 1).await.unwrap();
    assert_eq!(tag, first.link.map(|link| link.tag));
    assert_eq!(tx.activity_tag(&log, 2).await.unwrap(), None);
    let nobody = Subject::Organisation(OrganisationId::from("nobody".to_owned()));
    assert_eq!(tx.lock_activity(&nobody).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(store.activity_lines(&ada).await.unwrap(), 2);
}
