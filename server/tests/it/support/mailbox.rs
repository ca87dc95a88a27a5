//! What was mailed, read from the outbox: the servers of the tests have no mail server.

use super::TestServer;
use domain::{Locale, MailId};
use identity::Vault;
use mail::Message;
use std::{collections::BTreeSet, sync::Mutex, time::Duration};
use store::QueuedMail;

/// Looks into the mailbox before a mail is given up: five seconds.
const PATIENCE: u32 = 500;
/// More than any test writes.
const ALL: u32 = 1000;

/// A mail as its reader sees it.
pub struct Mail {
    /// The address it goes to.
    pub to: String,
    /// Its language.
    pub locale: Locale,
    /// Which mail it is, e.g. `two_factor_enabled`.
    pub kind: String,
    /// The whole text.
    pub text: String,
    /// The whole HTML.
    pub html: String,
}

impl Mail {
    /// The first address in the text, without the origin: what somebody clicks on.
    pub fn link(&self, origin: &str) -> String {
        let first = self.links(origin).next();
        first.expect("the mail has a link").to_owned()
    }

    /// The token of its first link that has one.
    pub fn token(&self) -> String {
        let (_, rest) = self.text.split_once("token=").unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    }

    /// The "this was not me" link of a notice.
    pub fn not_me(&self, origin: &str) -> String {
        let mut links = self.links(origin);
        let link = links.find(|link| link.contains("/not-me?token="));
        link.unwrap().to_owned()
    }

    /// Every address of the site in the text, without the origin.
    pub fn links<'a>(&'a self, origin: &'a str) -> impl Iterator<Item = &'a str> {
        let rest = self.text.split(origin).skip(1);
        rest.map(|rest| rest.split_whitespace().next().unwrap_or("/"))
    }
}

/// Written about every second sign-in of a test: read only by those that are about it.
const NEW_DEVICE: &str = "new_device";

/// Which mails were read.
#[derive(Default)]
pub struct Read(Mutex<BTreeSet<MailId>>);

impl Read {
    pub(super) async fn next(&self, server: &TestServer, email: &str) -> Mail {
        for _ in 0..PATIENCE {
            let mails = server.identity().store.mailbox(ALL).await.unwrap();
            // The newest come first; those of one moment in no order that matters.
            let mut unread = mails.iter().rev();
            let unread = unread
                .find(|mail| mail.recipient == email && mail.kind != NEW_DEVICE && !self.has(mail));
            if let Some(found) = unread {
                self.0.lock().unwrap().insert(found.id.clone());
                return open(server, found);
            }
            // Some mails are written by a worker, a moment after the answer.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no mail for {email}");
    }

    pub(super) async fn ignore(&self, server: &TestServer, email: &str) {
        let mails = server.identity().store.mailbox(ALL).await.unwrap();
        let own = mails.into_iter().filter(|mail| mail.recipient == email);
        self.0.lock().unwrap().extend(own.map(|mail| mail.id));
    }

    pub(super) async fn all(&self, server: &TestServer) -> Vec<Mail> {
        let mails = server.identity().store.mailbox(ALL).await.unwrap();
        let mut read = self.0.lock().unwrap();
        read.extend(mails.iter().map(|mail| mail.id.clone()));
        mails.iter().rev().map(|mail| open(server, mail)).collect()
    }

    /// The unread mails about new devices, the oldest first.
    pub(super) async fn new_devices(&self, server: &TestServer, email: &str) -> Vec<Mail> {
        let mails = server.identity().store.mailbox(ALL).await.unwrap();
        let ours = |mail: &&QueuedMail| mail.recipient == email && mail.kind == NEW_DEVICE;
        let unread = mails
            .iter()
            .rev()
            .filter(ours)
            .filter(|mail| !self.has(mail));
        let unread: Vec<&QueuedMail> = unread.collect();
        let mut read = self.0.lock().unwrap();
        read.extend(unread.iter().map(|mail| mail.id.clone()));
        unread.iter().map(|mail| open(server, mail)).collect()
    }

    /// What nobody has read: whom it is for and what it is. Mails about new devices are left to the
    /// tests about them.
    pub(super) async fn unread(&self, server: &TestServer) -> Vec<String> {
        // A test that closed the database has nothing to say about it.
        let mails = server
            .identity()
            .store
            .mailbox(ALL)
            .await
            .unwrap_or_default();
        let unread = mails
            .iter()
            .filter(|mail| ![NEW_DEVICE, "new_devices"].contains(&mail.kind.as_str()))
            .filter(|mail| !self.has(mail));
        unread
            .map(|mail| format!("{} to {}", mail.kind, mail.recipient))
            .collect()
    }

    fn has(&self, mail: &QueuedMail) -> bool {
        self.0.lock().unwrap().contains(&mail.id)
    }
}

fn open(server: &TestServer, queued: &QueuedMail) -> Mail {
    let vault: &Vault = &server.identity().vault;
    let plain = mail::Seal::open(vault, &queued.id, &queued.sealed).unwrap();
    let message = Message::from_json(&plain).unwrap();
    let rendered = mail::render(&message, queued.locale, &server.state.sender).unwrap();
    Mail {
        to: queued.recipient.clone(),
        locale: queued.locale,
        kind: queued.kind.clone(),
        text: rendered.text,
        html: rendered.html,
    }
}
