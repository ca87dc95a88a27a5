use crate::{at, hash, manager};
use domain::{
    ActivityId, Locale, MailId, OrganisationId, Provider, Role, SessionId, SignInId,
    guess::PASSWORDS,
    limit::PROOFS_CHECKED_PER_ACCOUNT,
    session::{FirstStep, Method, SecondStep},
    token::Purpose,
};
use store::{ActivityActor, ActivityEntry, NewMail, Organisation, Session, Store, Token};
use testkit::rows;

const BOTH: Method = Method {
    first: FirstStep::Provider(Provider::Google),
    second: Some(SecondStep::Code),
};

both!(
    what_refers_to_an_account_is_read_and_nobody_elses,
    mails_and_links_tell_their_fate,
    tries_are_read_by_their_keys,
    deeds_are_counted_in_the_logs_of_others,
);

async fn what_refers_to_an_account_is_read_and_nobody_elses(store: Store) {
    let (ada, eve) = (manager(&store, "ada").await, manager(&store, "eve").await);
    let mut tx = store.begin().await.unwrap();
    for (number, account) in (1_u8..).zip([&ada, &eve]) {
        let own = Session {
            method: BOTH,
            last_seen_at: at(3),
            project: Some("quay".to_owned()),
            ..rows::session(&format!("s{number}"), account, at(1))
        };
        tx.insert_session(&own, &hash(number)).await.unwrap();
        let mut sign_in = rows::sign_in(&format!("i{number}"), account, at(4));
        sign_in.proof.first = BOTH.first;
        tx.insert_sign_in(&sign_in, &hash(number)).await.unwrap();
    }
    let ended = SessionId::from("s1".to_owned());
    tx.revoke_session(&ended, at(9)).await.unwrap();
    let first = SignInId::from("i1".to_owned());
    tx.count_wrong_code(&first).await.unwrap();
    tx.finish_sign_in(&first, at(8)).await.unwrap();
    tx.replace_recovery_codes(&ada, "salt", &[vec![1]], at(5))
        .await
        .unwrap();
    let organisation = Organisation {
        id: OrganisationId::from("town".to_owned()),
        slug: "town".to_owned().into(),
        name: "Town".to_owned(),
        accepts_provider_factor: false,
        takes_part_first: false,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: at(0),
    };
    tx.insert_organisation(&organisation).await.unwrap();
    tx.insert_membership(&ada, &organisation.id, Role::ContentManager, at(6))
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let sessions = store.stored_sessions(&ada).await.unwrap();
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0].revoked_at, Some(at(9)), "ended ones too");
    assert_eq!(sessions[0].method, BOTH);
    assert_eq!(
        (sessions[0].created_at, sessions[0].last_seen_at),
        (at(1), at(3))
    );
    assert_eq!(sessions[0].project.as_deref(), Some("quay"));
    let sign_ins = store.stored_sign_ins(&ada).await.unwrap();
    assert_eq!(sign_ins.len(), 1);
    assert_eq!(sign_ins[0].first, BOTH.first);
    assert_eq!(
        (sign_ins[0].wrong_codes, sign_ins[0].finished_at),
        (1, Some(at(8)))
    );
    assert_eq!(store.recovery_codes_made(&ada).await.unwrap(), Some(at(5)));
    assert_eq!(store.recovery_codes_made(&eve).await.unwrap(), None);
    let memberships = store.stored_memberships(&ada).await.unwrap();
    assert_eq!(memberships.len(), 1);
    assert_eq!(
        (memberships[0].organisation.as_str(), memberships[0].role),
        ("Town", Role::ContentManager)
    );
    assert_eq!(memberships[0].created_at, at(6));
    assert_eq!(store.stored_memberships(&eve).await.unwrap(), []);
    assert_eq!(store.stored_devices(&ada).await.unwrap(), []);
}

async fn mails_and_links_tell_their_fate(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut tx = store.begin().await.unwrap();
    let token = |name: &str, purpose, seconds| Token {
        expires_at: at(100),
        pending: Some("new@town.example".to_owned()),
        ..rows::token(name, purpose, &ada, at(seconds))
    };
    tx.insert_token(&token("t1", Purpose::EmailUndo, 1), &hash(1))
        .await
        .unwrap();
    tx.insert_token(&token("t2", Purpose::EmailUndo, 2), &hash(2))
        .await
        .unwrap();
    tx.insert_token(&token("t3", Purpose::NotMe, 3), &hash(3))
        .await
        .unwrap();
    let live = tx
        .live_tokens(&ada, Purpose::EmailUndo, at(4))
        .await
        .unwrap();
    assert_eq!(live.len(), 2);
    assert_eq!(live[0].id.as_str(), "t1", "the oldest comes first");
    tx.consume_token(Purpose::EmailUndo, &hash(1), at(4))
        .await
        .unwrap();
    tx.void_tokens(&ada, Purpose::NotMe, at(5)).await.unwrap();
    let live = tx
        .live_tokens(&ada, Purpose::EmailUndo, at(4))
        .await
        .unwrap();
    assert_eq!(live.len(), 1);
    let late = tx
        .live_tokens(&ada, Purpose::EmailUndo, at(100))
        .await
        .unwrap();
    assert_eq!(late, []);
    let mail = NewMail {
        locale: Locale::Fr,
        ..rows::mail("m1", Some(&ada), at(6))
    };
    tx.insert_mail(&mail).await.unwrap();
    tx.commit().await.unwrap();

    let tokens = store.stored_tokens(&ada).await.unwrap();
    let fates: Vec<_> = tokens
        .iter()
        .map(|token| (token.purpose, token.consumed_at, token.void_at))
        .collect();
    assert_eq!(
        fates,
        [
            (Purpose::EmailUndo, Some(at(4)), None),
            (Purpose::EmailUndo, None, None),
            (Purpose::NotMe, None, Some(at(5))),
        ]
    );
    let mails = store.stored_mails(&ada).await.unwrap();
    assert_eq!(
        (mails[0].state.as_str(), mails[0].finished_at),
        ("queued", None)
    );
    let sent = MailId::from("m1".to_owned());
    store.mark_mail_sent(&sent, at(7)).await.unwrap();
    let mails = store.stored_mails(&ada).await.unwrap();
    assert_eq!(
        (mails[0].state.as_str(), mails[0].finished_at),
        ("sent", Some(at(7)))
    );
    assert_eq!(
        (mails[0].kind.as_str(), mails[0].locale),
        ("new_device", Locale::Fr)
    );
}

async fn tries_are_read_by_their_keys(store: Store) {
    assert_eq!(store.stored_bucket("code").await.unwrap(), None);
    assert_eq!(store.stored_attempts("address").await.unwrap(), None);
    store
        .take("code", PROOFS_CHECKED_PER_ACCOUNT, at(0))
        .await
        .unwrap()
        .unwrap();
    store
        .register_attempt("address", &PASSWORDS, at(1))
        .await
        .unwrap()
        .unwrap();
    let bucket = store.stored_bucket("code").await.unwrap().unwrap();
    let full = at(0).plus(PROOFS_CHECKED_PER_ACCOUNT.period);
    assert_eq!((bucket.count, bucket.at), (None, full));
    let guesses = store.stored_attempts("address").await.unwrap().unwrap();
    assert_eq!((guesses.count, guesses.at), (Some(1), at(1)));
}

async fn deeds_are_counted_in_the_logs_of_others(store: Store) {
    let (ada, eve) = (manager(&store, "ada").await, manager(&store, "eve").await);
    let mut tx = store.begin().await.unwrap();
    for (name, account) in [("own", &ada), ("deed", &eve)] {
        tx.insert_activity(&ActivityEntry {
            id: ActivityId::from(name.to_owned()),
            subject: domain::Subject::Account(account.clone()),
            actor: ActivityActor {
                account_id: Some(ada.clone()),
                ..ActivityActor::default()
            },
            kind: "locked".to_owned(),
            at: at(1),
            network: String::new(),
            user_agent: String::new(),
            details: "{}".to_owned(),
            link: None,
        })
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(store.deeds(&ada).await.unwrap(), 1);
    assert_eq!(store.deeds(&eve).await.unwrap(), 0);
}
