//! What a delivery needs: an outbox on SQLite, an SMTP server, and a clock that stands still.

use crate::samples::{sender, setup};
use domain::{Clock, Locale, MailId, Timestamp};
use jobs::{Kind, Runner, Slots};
use mail::{Delivery, Seal, Smtp, Transport, bounce_address, from_address};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use store::{ListedJob, NewMail, SEND_MAIL, Store};
use testkit::smtp::Sink;
use tokio::sync::Notify;

/// 3 May 2026, 09:20 UTC.
const START: Timestamp = Timestamp::from_seconds(1_777_800_000);

/// A clock that is moved by hand.
pub struct Hands(AtomicI64);

impl Hands {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// A seal that anybody can open, but for mails whose id begins with "closed".
struct Glass;

impl Seal for Glass {
    fn open(&self, mail: &MailId, sealed: &[u8]) -> Option<Vec<u8>> {
        (!mail.as_str().starts_with("closed")).then(|| sealed.to_vec())
    }

    fn bounce_tag(&self, _: &MailId) -> String {
        "abcdefghijklmnop".to_owned()
    }
}

/// An outbox, a server, and a clock.
pub struct House {
    pub store: Store,
    pub sink: Sink,
    pub clock: Arc<Hands>,
}

impl House {
    pub async fn build() -> Self {
        let store = Store::connect("sqlite::memory:").await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(Hands(AtomicI64::new(START.as_millis())));
        Self {
            store,
            sink: Sink::start().await,
            clock,
        }
    }

    /// A runner that sends mails over this server, one at a time.
    pub fn runner_for(&self, url: &str) -> Runner {
        let one = Slots {
            all: 1,
            notices: 1,
            bulk: 1,
            per_destination: 1,
        };
        self.runner_with(url, one, Arc::default())
    }

    /// The same for the server of the tests.
    pub fn runner(&self) -> Runner {
        self.runner_for(&self.sink.url())
    }

    pub fn runner_with(&self, url: &str, slots: Slots, wake: Arc<Notify>) -> Runner {
        let delivery = Delivery {
            store: self.store.clone(),
            smtp: smtp(url),
            seal: Arc::new(Glass),
            sender: sender(),
            from: from_address(None, &sender()).unwrap(),
            bounces: bounce_address(Some("bounces@bpart.example")).unwrap(),
            clock: self.clock.clone(),
        };
        let kinds = vec![Kind::prompt(SEND_MAIL, Arc::new(delivery))];
        Runner::new(self.store.clone(), self.clock.clone(), wake, kinds, slots)
    }

    /// The jobs that are left.
    pub async fn jobs(&self) -> Vec<ListedJob> {
        self.store.jobs(None, 100).await.unwrap()
    }

    /// Queues a set-up mail.
    pub async fn queue(&self, id: &str, recipient: &str, locale: Locale) {
        let message = setup("Ada Lovelace");
        let mut tx = self.store.begin().await.unwrap();
        tx.insert_mail(&NewMail {
            id: id.to_owned().into(),
            account_id: None,
            organisation_id: None,
            registration_id: None,
            recipient: recipient.to_owned(),
            locale,
            kind: message.kind(),
            sealed: message.to_json(),
            priority: message.priority(),
            created_at: self.clock.now(),
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
}

fn smtp(url: &str) -> Smtp {
    match Transport::from_url(Some(url), "bpart.example").unwrap() {
        Transport::Smtp(smtp) => smtp,
        Transport::Keep => panic!("the address names a server"),
    }
}
