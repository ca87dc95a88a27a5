use crate::{at, expire, manager};
use domain::{Duration, JobId, Locale, MailId, MailState, job::Priority};
use store::{DueJobs, Expired, FinishedMail, MailFate, NewMail, QueuedMail, SEND_MAIL, Store};

both!(
    the_demo_gives_a_mail_any_fate,
    mails_can_be_read_until_they_are_sent,
    a_mail_and_its_job_belong_to_their_change,
    a_mail_says_what_became_of_it,
    a_mail_comes_back_once,
    finished_mails_are_those_of_lately_that_do_not_wait,
    mails_to_one_address_leave_in_their_order,
    mails_are_swept,
);

fn mail_id(number: u8) -> MailId {
    MailId::from(format!("mail-{number:03}"))
}

fn mail(number: u8, recipient: &str) -> NewMail<'static> {
    NewMail {
        id: mail_id(number),
        account_id: None,
        organisation_id: None,
        registration_id: None,
        recipient: recipient.to_owned(),
        locale: Locale::Fr,
        kind: "two_factor_enabled",
        sealed: vec![number],
        priority: Priority::Notice,
        created_at: at(i64::from(number)),
    }
}

async fn queue(store: &Store, mail: NewMail<'_>) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_mail(&mail).await.unwrap();
    tx.commit().await.unwrap();
}

/// Which mails are due.
async fn due(store: &Store, priority: Priority, full: &[String]) -> Vec<String> {
    let which = DueJobs {
        kind: SEND_MAIL,
        priority,
        now: at(100),
        full,
        limit: 9,
    };
    let due = store.due_jobs(which).await.unwrap();
    due.into_iter().map(|job| job.id.to_string()).collect()
}

async fn mails_can_be_read_until_they_are_sent(store: Store) {
    for number in [3, 1, 2] {
        queue(&store, mail(number, "Ada@town.example")).await;
    }
    let expected = |number: u8| QueuedMail {
        id: mail_id(number),
        recipient: "Ada@town.example".to_owned(),
        locale: Locale::Fr,
        kind: "two_factor_enabled".to_owned(),
        sealed: vec![number],
        created_at: at(i64::from(number)),
        sender_name: None,
        reply_to: None,
    };
    assert_eq!(store.oldest_queued_mail().await.unwrap(), Some(at(1)));
    store.mark_mail_sent(&mail_id(1), at(11)).await.unwrap();
    let mailbox = store.mailbox(9).await.unwrap();
    assert_eq!(mailbox, [expected(3), expected(2)]);
    assert_eq!(store.mailbox(1).await.unwrap(), [expected(3)]);
    assert_eq!(store.mail_by_id(&mail_id(1)).await.unwrap(), None);
    let found = store.mail_by_id(&mail_id(2)).await.unwrap();
    assert_eq!(found, Some(expected(2)));
    assert_eq!(store.oldest_queued_mail().await.unwrap(), Some(at(2)));
    assert!(!format!("{mailbox:?}").contains("Ada@"));
}

async fn a_mail_and_its_job_belong_to_their_change(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut tx = store.begin().await.unwrap();
    let new = NewMail {
        account_id: Some(ada),
        ..mail(1, "ada@town.example")
    };
    tx.insert_mail(&new).await.unwrap();
    drop(tx);
    assert!(store.mailbox(9).await.unwrap().is_empty());
    assert_eq!(store.oldest_queued_mail().await.unwrap(), None);
    assert!(store.jobs(None, 9).await.unwrap().is_empty());
    queue(&store, new).await;
    let jobs = store.jobs(None, 9).await.unwrap();
    assert_eq!(jobs[0].id, JobId::from(mail_id(1).to_string()));
    assert_eq!(jobs[0].destination.as_deref(), Some("town.example"));
}

async fn a_mail_says_what_became_of_it(store: Store) {
    queue(&store, mail(1, "ada@town.example")).await;
    let id = mail_id(1);
    store.mark_mail_postponed(&id, "451").await.unwrap();
    assert_eq!(store.oldest_queued_mail().await.unwrap(), Some(at(1)));
    store.mark_mail_failed(&id, "550", at(101)).await.unwrap();
    assert_eq!(store.oldest_queued_mail().await.unwrap(), None);
    let kept = store.mail_by_id(&id).await.unwrap();
    assert!(kept.is_some(), "an operator may want to look");
    let fate = store.mail_fate(&id).await.unwrap().unwrap();
    assert_eq!(
        (fate.state, fate.last_error.as_deref()),
        (MailState::Failed, Some("550"))
    );
    assert_eq!((fate.created_at, fate.finished_at), (at(1), Some(at(101))));
}

/// Red when a mail counts twice, or is lost that comes back before it is noted as sent.
async fn a_mail_comes_back_once(store: Store) {
    queue(&store, mail(1, "ada@town.example")).await;
    queue(&store, mail(2, "ada@town.example")).await;
    let id = mail_id(1);
    let bounce =
        async |at_s, with: &str| store.mark_mail_bounced(&id, with, at(at_s)).await.unwrap();
    assert!(bounce(12, "bounced with 5.1.1").await);
    store.mark_mail_sent(&id, at(13)).await.unwrap();
    assert!(!bounce(14, "challenged").await);
    let refused = mail_id(2);
    store
        .mark_mail_failed(&refused, "550", at(3))
        .await
        .unwrap();
    let late = store.mark_mail_bounced(&refused, "5.1.1", at(4)).await;
    assert!(!late.unwrap(), "it was given up");
    let fate = store.mail_fate(&id).await.unwrap().unwrap();
    assert_eq!(
        (fate.state, fate.bounced_at),
        (MailState::Sent, Some(at(12)))
    );
    assert_eq!(fate.bounced_with.as_deref(), Some("bounced with 5.1.1"));
}

/// Red when the lane is the address as it is written, or when a mail that somebody waits for is held
/// back by a notice.
async fn mails_to_one_address_leave_in_their_order(store: Store) {
    queue(&store, mail(1, "ada@town.example")).await;
    queue(&store, mail(2, "Ada@Town.example")).await;
    queue(&store, mail(3, "eve@home.example")).await;
    let reset = NewMail {
        priority: Priority::Waiting,
        ..mail(4, "ada@town.example")
    };
    queue(&store, reset).await;
    let notices = due(&store, Priority::Notice, &[]).await;
    assert_eq!(notices, ["mail-001", "mail-003"]);
    assert_eq!(due(&store, Priority::Waiting, &[]).await, ["mail-004"]);
    let full = ["town.example".to_owned()];
    assert_eq!(due(&store, Priority::Notice, &full).await, ["mail-003"]);
    let which = DueJobs {
        kind: SEND_MAIL,
        priority: Priority::Notice,
        now: at(100),
        full: &[],
        limit: 1,
    };
    let first = store.due_jobs(which).await.unwrap();
    let minute = Duration::from_mins(1);
    let leased = store.lease_jobs(&first, at(100), minute).await.unwrap();
    assert_eq!(leased[0].payload, b"mail-001");
    let notices = due(&store, Priority::Notice, &[]).await;
    assert_eq!(
        notices,
        ["mail-003"],
        "while it is sent, the next one waits"
    );
    assert!(store.finish_job(&leased[0]).await.unwrap());
    let notices = due(&store, Priority::Notice, &[]).await;
    assert_eq!(notices, ["mail-002", "mail-003"]);
}

/// Red when a mail that still waits, or an older one, says something about a mail domain.
async fn finished_mails_are_those_of_lately_that_do_not_wait(store: Store) {
    for number in [4, 1, 3, 2] {
        queue(&store, mail(number, "Ada@town.example")).await;
    }
    store.mark_mail_sent(&mail_id(1), at(5)).await.unwrap();
    store.mark_mail_sent(&mail_id(3), at(5)).await.unwrap();
    let second = mail_id(2);
    store.mark_mail_failed(&second, "550", at(5)).await.unwrap();
    let bounced = store.mark_mail_bounced(&mail_id(3), "5.1.1", at(6)).await;
    assert!(bounced.unwrap());
    let found = store.finished_mails(at(2)).await.unwrap();
    let said = |words: &str| Some(words.to_owned());
    let expected = |number, state, last_error, bounced_with| FinishedMail {
        organisation_id: None,
        recipient: "Ada@town.example".to_owned(),
        state,
        last_error,
        created_at: at(number),
        bounced_with,
    };
    let refused = expected(2, MailState::Failed, said("550"), None);
    let came_back = expected(3, MailState::Sent, None, said("5.1.1"));
    assert_eq!(found, [refused, came_back]);
}

async fn mails_are_swept(store: Store) {
    for number in [1, 2, 3] {
        queue(&store, mail(number, "ada@town.example")).await;
    }
    store.mark_mail_sent(&mail_id(1), at(10)).await.unwrap();
    let third = mail_id(3);
    store.mark_mail_failed(&third, "550", at(10)).await.unwrap();
    assert_eq!(expire(&store, Expired::Mails, 3).await, 1);
    assert_eq!(expire(&store, Expired::Mails, 4).await, 1);
    let left = store.mailbox(9).await.unwrap().len();
    assert_eq!(left, 1, "what waits is never swept");
}

async fn the_demo_gives_a_mail_any_fate(store: Store) {
    queue(&store, mail(1, "ada@town.example")).await;
    let id = mail_id(1);
    assert!(!store.is_registration_mail(&id).await.unwrap());
    let registration = store::Registration {
        mail_id: Some(id.clone()),
        ..testkit::rows::registration("r", at(1))
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_registration(&registration).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.is_registration_mail(&id).await.unwrap());
    let back = MailFate {
        state: MailState::Sent,
        last_error: None,
        created_at: at(1),
        finished_at: Some(at(2)),
        bounced_at: Some(at(3)),
        bounced_with: Some("bounced 550".to_owned()),
    };
    let late = MailFate {
        state: MailState::Queued,
        last_error: Some("late".to_owned()),
        finished_at: None,
        bounced_at: None,
        bounced_with: None,
        ..back.clone()
    };
    for fate in [back, late] {
        store.play_mail(&id, &fate).await.unwrap();
        assert_eq!(store.mail_fate(&id).await.unwrap(), Some(fate));
    }
    assert!(store.mail_by_id(&id).await.unwrap().is_some());
}
