//! The outbox meets a server: what is sent, tried again, given up, and never sent twice.

use crate::house::House;
use domain::{Clock as _, Duration, Locale, job::Priority};
use jobs::Slots;
use std::sync::Arc;
use store::{DueJobs, PutBack, SEND_MAIL};
use tokio::sync::{Notify, oneshot};

/// Sends what is due, and says how many mails the server has now.
async fn sent(house: &House, runner: &mut jobs::Runner) -> usize {
    runner.run_due().await.unwrap();
    house.sink.mails().len()
}

/// The mail without the line breaks of its encoding.
fn unfolded(mail: &str) -> String {
    mail.replace("=\r\n", "")
        .replace("=3D", "=")
        .replace("\r\n ", " ")
}

#[tokio::test]
async fn a_mail_arrives_once_with_its_headers() {
    let house = House::build().await;
    house.queue("m1", "ada@town.example", Locale::Fr).await;
    let mut runner = house.runner();
    assert_eq!(sent(&house, &mut runner).await, 1);
    house.clock.forward(3600);
    assert_eq!(sent(&house, &mut runner).await, 1);
    assert!(house.jobs().await.is_empty());
    let [received] = &house.sink.mails()[..] else {
        panic!("one mail");
    };
    assert_eq!(received.recipient, "ada@town.example");
    // What comes back to this address is about this mail.
    assert_eq!(received.sender, "bounces+m1.abcdefghijklmnop@bpart.example");
    assert_eq!(
        house.sink.greetings(),
        ["bpart.example"],
        "not the name of a container"
    );
    let (head, body) = received.mail.split_once("\r\n\r\n").unwrap();
    let head = unfolded(head);
    for line in [
        "From: Bpart <support@bpart.example>",
        "To: ada@town.example",
        "Reply-To: Bpart <support@bpart.example>",
        "Subject: Votre invitation sur Bpart",
        "Message-ID: <m1@bpart.example>",
        "Date: Sun, 03 May 2026 09:20:00 +0000",
        "Auto-Submitted: auto-generated",
        "Content-Language: fr",
        "MIME-Version: 1.0",
    ] {
        assert!(
            head.lines().any(|found| found == line),
            "{line}\nnot in\n{head}"
        );
    }
    assert!(head.contains("Content-Type: multipart/alternative;"));
    let body = unfolded(body);
    let text = body
        .find("Content-Type: text/plain; charset=utf-8")
        .unwrap();
    let html = body.find("Content-Type: text/html; charset=utf-8").unwrap();
    assert!(text < html, "the last alternative is the preferred one");
    assert!(body.contains("token=Zm9vYmFy"));
}

#[tokio::test]
async fn a_postponed_mail_is_tried_again_after_ever_longer_pauses() {
    let house = House::build().await;
    house.queue("m1", "ada@town.example", Locale::En).await;
    let mut runner = house.runner();
    house.sink.answer(&["451 try later", "450 and later"]);
    for (wait, attempts) in [(0, 1), (29, 1), (1, 2), (59, 2)] {
        house.clock.forward(wait);
        assert_eq!(sent(&house, &mut runner).await, 0);
        assert_eq!(house.jobs().await[0].attempts, attempts);
    }
    house.clock.forward(1);
    assert_eq!(sent(&house, &mut runner).await, 1);
    assert_eq!(house.sink.recipients(), ["ada@town.example"]);
}

#[tokio::test]
async fn a_refused_mail_is_given_up_and_the_next_one_goes_out() {
    let house = House::build().await;
    house.queue("m1", "nobody@town.example", Locale::En).await;
    house.queue("m2", "ada@town.example", Locale::En).await;
    house.sink.answer(&["550 no such user"]);
    let mut runner = house.runner();
    assert_eq!(sent(&house, &mut runner).await, 1);
    house.clock.forward(48 * 3600);
    assert_eq!(sent(&house, &mut runner).await, 1);
    assert_eq!(house.sink.recipients(), ["ada@town.example"]);
    let [dead] = &house.jobs().await[..] else {
        panic!("one job is left");
    };
    assert!(dead.is_dead);
    assert_eq!(dead.last_error.as_deref(), Some("refused with 550"));
    // An operator tries it again.
    assert!(
        house
            .store
            .retry_job(&dead.id, house.clock.now())
            .await
            .unwrap()
    );
    assert!(house.store.oldest_queued_mail().await.unwrap().is_some());
    assert_eq!(sent(&house, &mut runner).await, 2);
    assert!(house.jobs().await.is_empty());
    assert_eq!(house.store.oldest_queued_mail().await.unwrap(), None);
}

#[tokio::test]
async fn after_a_day_of_trying_a_mail_is_given_up() {
    let house = House::build().await;
    house.queue("m1", "ada@town.example", Locale::En).await;
    house.clock.forward(24 * 3600);
    house.sink.answer(&["451 try later"]);
    assert_eq!(sent(&house, &mut house.runner()).await, 0);
    assert!(house.jobs().await[0].is_dead);
    assert_eq!(house.store.oldest_queued_mail().await.unwrap(), None);
}

#[tokio::test]
async fn a_mail_that_another_worker_holds_is_left_to_it() {
    let house = House::build().await;
    house.queue("m1", "ada@town.example", Locale::En).await;
    let now = house.clock.now();
    let due = house.store.due_jobs(DueJobs {
        kind: SEND_MAIL,
        priority: Priority::Waiting,
        now,
        full: &[],
        limit: 20,
    });
    let due = due.await.unwrap();
    let minute = Duration::from_mins(1);
    let held = house.store.lease_jobs(&due, now, minute).await.unwrap();
    assert_eq!(held.len(), 1);
    let mut runner = house.runner();
    assert_eq!(sent(&house, &mut runner).await, 0);
    // The other one died; its lease ends.
    house.clock.forward(60);
    assert_eq!(sent(&house, &mut runner).await, 1);
}

#[tokio::test]
async fn two_workers_send_nothing_twice() {
    let house = House::build().await;
    let addresses: Vec<String> = (0..30).map(|i| format!("p{i:02}@town.example")).collect();
    for address in &addresses {
        house.queue(address, address, Locale::En).await;
    }
    let url = house.sink.url();
    let runner = || house.runner_with(&url, Slots::default(), Arc::default());
    let (mut one, mut two) = (runner(), runner());
    let (first, second) = tokio::join!(one.run_due(), two.run_due());
    first.unwrap();
    second.unwrap();
    let mut recipients = house.sink.recipients();
    recipients.sort();
    assert_eq!(recipients, addresses);
}

#[tokio::test]
async fn a_later_mail_to_the_same_person_waits_for_the_earlier_one() {
    let house = House::build().await;
    house.queue("m1", "ada@town.example", Locale::En).await;
    house.queue("m2", "ada@town.example", Locale::En).await;
    house.queue("m3", "grace@town.example", Locale::En).await;
    house.sink.answer(&["451 try later"]);
    let mut runner = house.runner();
    assert_eq!(sent(&house, &mut runner).await, 1);
    house.clock.forward(60);
    assert_eq!(sent(&house, &mut runner).await, 3);
    let ids: Vec<bool> = house.sink.mails()[1..]
        .iter()
        .map(|m| m.mail.contains("<m1@"))
        .collect();
    assert_eq!(ids, [true, false]);
}

#[tokio::test]
async fn a_server_that_is_away_costs_no_mail_and_no_order() {
    let house = House::build().await;
    for id in ["m1", "m2"] {
        house
            .queue(id, &format!("{id}@town.example"), Locale::En)
            .await;
    }
    let mut nowhere = house.runner_for("smtp://127.0.0.1:1");
    assert_eq!(sent(&house, &mut nowhere).await, 0);
    let mut runner = house.runner();
    house.sink.answer(&["421 closing for a moment"]);
    assert_eq!(sent(&house, &mut runner).await, 0);
    house.clock.forward(59);
    assert_eq!(
        sent(&house, &mut runner).await,
        0,
        "the server is left alone"
    );
    let attempts: Vec<u32> = house.jobs().await.iter().map(|job| job.attempts).collect();
    assert_eq!(attempts, [0, 0], "no mail is to blame");
    house.clock.forward(1);
    assert_eq!(sent(&house, &mut runner).await, 2);
    assert_eq!(
        house.sink.recipients(),
        ["m1@town.example", "m2@town.example"]
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_opened_waits_for_its_key() {
    let house = House::build().await;
    house.queue("closed", "ada@town.example", Locale::En).await;
    house.queue("m2", "grace@town.example", Locale::En).await;
    assert_eq!(sent(&house, &mut house.runner()).await, 1);
    let [waiting] = &house.jobs().await[..] else {
        panic!("one job is left");
    };
    assert_eq!(waiting.last_error.as_deref(), Some("unreadable"));
}

#[tokio::test]
async fn the_running_runner_wakes_at_once_and_stops_when_told() {
    let house = House::build().await;
    let wake = Arc::new(Notify::new());
    let runner = house.runner_with(&house.sink.url(), Slots::default(), wake.clone());
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(runner.run(async {
        stopped.await.unwrap();
    }));
    house.queue("m1", "ada@town.example", Locale::En).await;
    wake.notify_one();
    let patience = Duration::from_secs(10);
    tokio::time::timeout(patience, async {
        while house.sink.mails().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    stop.send(()).unwrap();
    tokio::time::timeout(patience, running)
        .await
        .unwrap()
        .unwrap();
}

/// Red when only the job is buried: the mail would wait for ever, with its link, and nothing would sweep it.
#[tokio::test]
async fn a_mail_that_was_tried_too_often_waits_no_more() {
    let house = House::build().await;
    house.queue("m1", "ada@town.example", Locale::En).await;
    let (now, full) = (house.clock.now(), []);
    let due = DueJobs {
        kind: SEND_MAIL,
        priority: Priority::Waiting,
        now,
        full: &full,
        limit: 1,
    };
    let due = house.store.due_jobs(due).await.unwrap();
    let leased = house
        .store
        .lease_jobs(&due, now, Duration::from_secs(1))
        .await
        .unwrap();
    let back = PutBack {
        not_before: now,
        attempts: domain::job::MOST_ATTEMPTS,
        error: None,
    };
    assert!(house.store.put_job_back(&leased[0], back).await.unwrap());
    assert_eq!(sent(&house, &mut house.runner()).await, 0);
    assert_eq!(house.store.oldest_queued_mail().await.unwrap(), None);
    // An operator can still have it sent.
    let [dead] = &house.jobs().await[..] else {
        panic!("one job");
    };
    assert!(dead.is_dead && house.store.retry_job(&dead.id, now).await.unwrap());
    assert_eq!(sent(&house, &mut house.runner()).await, 1);
}

/// Red when an operator's word about a job that is not dead makes its mail wait, which no job would send.
#[tokio::test]
async fn only_the_mail_of_a_dead_job_waits_again() {
    let house = House::build().await;
    house.queue("m1", "ada@town.example", Locale::En).await;
    let (now, job) = (house.clock.now(), &house.jobs().await[0]);
    let mail = job.id.as_str().to_owned().into();
    house
        .store
        .mark_mail_failed(&mail, "550", now)
        .await
        .unwrap();
    assert!(!house.store.retry_job(&job.id, now).await.unwrap());
    assert_eq!(house.store.oldest_queued_mail().await.unwrap(), None);
}

/// Red when a refusal at the end of `DATA`, or of relaying, ends the mail: the words after the code are not read.
#[tokio::test]
async fn a_refusal_that_is_not_about_the_recipient_waits() {
    let house = House::build().await;
    house.queue("m1", "ada@town.example", Locale::En).await;
    let mut runner = house.runner();
    house.sink.answer(&["550 5.7.1 relaying denied"]);
    assert_eq!(sent(&house, &mut runner).await, 0);
    house.sink.answer_data(&["550 5.4.5 daily limit reached"]);
    house.clock.forward(3600);
    assert_eq!(sent(&house, &mut runner).await, 0);
    house.clock.forward(3600);
    assert_eq!(sent(&house, &mut runner).await, 1, "it was not lost");
}

/// Red when denied relaying or a daily limit costs a mail before its day is over, or is told as a refusal for good.
#[tokio::test]
async fn what_is_denied_all_day_is_sent_in_the_evening() {
    let house = House::build().await;
    house.queue("m1", "ada@town.example", Locale::En).await;
    let mut runner = house.runner();
    for hour in 0..20 {
        if hour < 10 {
            house.sink.answer(&["550 5.7.1 relaying denied"]);
        } else {
            house.sink.answer_data(&["550 5.4.5 daily limit reached"]);
        }
        assert_eq!(sent(&house, &mut runner).await, 0);
        let [waiting] = &house.jobs().await[..] else {
            panic!("one job");
        };
        assert!(!waiting.is_dead, "{hour}");
        let told = waiting.last_error.as_deref().unwrap();
        assert!(
            told.contains("550") && !told.contains("refused"),
            "{hour}: {told}"
        );
        house.clock.forward(3600);
    }
    assert_eq!(sent(&house, &mut runner).await, 1, "it was not lost");
    assert!(house.jobs().await.is_empty());
}
