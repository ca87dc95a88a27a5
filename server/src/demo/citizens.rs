//! Citizens who registered of late: one for everything that can become of a registration.
//!
//! Each registers and is answered by the use cases of real citizens. No mail server takes part: its answers are noted as
//! the mail worker notes them, and mails that come back are read as real ones are.

use super::clock::DemoClock;
use anyhow::{Context as _, bail};
use domain::{
    DisplayName, Duration, Email, JobId, Locale, MailId, Realm, job::Priority, token::Secret,
};
use identity::{ANSWER_REGISTRATION, Client, Identity, NewRegistration, Received};
use mail::Message;
use participation::Participation;
use std::sync::Arc;
use store::{DueJob, DueJobs, LeasedJob, Organisation, Project, PutBack};

/// The password of all of them.
pub const PASSWORD: &str = "eleven kites above the meadow";
/// The project at whose door they registered: one where people take part first.
const PLACE: (&str, &str) = ("bellerive", "quay");
/// How long a job is held while it is done here.
const LEASE: Duration = Duration::from_mins(1);

/// Somebody who registered.
pub struct Citizen {
    /// The address; `example` domains belong to nobody (RFC 2606).
    pub email: &'static str,
    /// The name.
    pub name: &'static str,
    /// The language of the mail.
    pub locale: Locale,
    /// How long ago they registered.
    pub ago: Duration,
    /// What became of the mail.
    pub fate: Fate,
    /// The same for the person at the terminal.
    pub state: &'static str,
}

/// What became of the mail of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was not sent.
    Waits,
    /// The same, and a support waits with the registration.
    WaitsWithSupport,
    /// A mail server took it.
    Taken,
    /// A mail server took it, and its link was used.
    Confirmed,
    /// A mail server answered so, and it is tried again.
    Postponed(&'static str),
    /// A mail server answered so, and after this time it was given up.
    GivenUp(&'static str, Duration),
    /// A mail server took it, and after this time a mail came back.
    CameBack(&'static str, Duration),
}

/// What a mail server writes that has no room left in a mailbox (RFC 3464).
const FULL: &str = "From: MAILER-DAEMON@full-mailbox.example\r\nSubject: Delivery failed\r\nMIME-Version: 1.0\r\n\
     Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
     --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; full-mailbox.example\r\n\r\n\
     Final-Recipient: rfc822; yann@full-mailbox.example\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n--b--\r\n";

/// What a filter writes that wants a click of a person.
const CLICK: &str = "From: filter@asking-filter.example\r\nSubject: Your message is waiting\r\n\
     Content-Type: text/plain; charset=utf-8\r\n\r\n\
     Click the link to prove that you are human: https://asking-filter.example/release\r\n";

const DAY: Duration = Duration::from_hours(24);

/// The citizens, in the order in which they registered.
pub const CITIZENS: [Citizen; 11] = [
    Citizen {
        email: "karim@citizens.example",
        name: "Karim Benali",
        locale: Locale::Fr,
        ago: Duration::from_hours(27),
        fate: Fate::Waits,
        state: "the link is too old",
    },
    Citizen {
        email: "jonas@strict-filter.example",
        name: "Jonas Maes",
        locale: Locale::En,
        ago: Duration::from_hours(26),
        fate: Fate::GivenUp("postponed with 550 5.7.1", DAY),
        state: "refused by a filter",
    },
    Citizen {
        email: "lea@citizens.example",
        name: "Léa Fontaine",
        locale: Locale::Fr,
        ago: Duration::from_hours(8),
        fate: Fate::Confirmed,
        state: "confirmed",
    },
    Citizen {
        email: "yann@full-mailbox.example",
        name: "Yann Le Goff",
        locale: Locale::Fr,
        ago: Duration::from_hours(6),
        fate: Fate::CameBack(FULL, Duration::from_hours(1)),
        state: "taken, and came back an hour later",
    },
    Citizen {
        email: "ines@asking-filter.example",
        name: "Inês Moreira",
        locale: Locale::En,
        ago: Duration::from_hours(4),
        fate: Fate::CameBack(CLICK, Duration::from_mins(1)),
        state: "held by a filter that asks for a click",
    },
    // The address has an account, and its owner is told.
    Citizen {
        email: "lea@citizens.example",
        name: "Léa Fontaine",
        locale: Locale::Fr,
        ago: Duration::from_hours(3),
        fate: Fate::Waits,
        state: "registered a second time",
    },
    Citizen {
        email: "sofia@typing-error.example",
        name: "Sofia Rossi",
        locale: Locale::En,
        ago: Duration::from_hours(2),
        fate: Fate::GivenUp("refused with 550 5.1.1", Duration::ZERO),
        state: "refused: no such mailbox",
    },
    Citizen {
        email: "paul@citizens.example",
        name: "Paul Janssens",
        locale: Locale::En,
        ago: Duration::from_hours(1),
        fate: Fate::Taken,
        state: "taken by the mail server",
    },
    Citizen {
        email: "marta@greylist.example",
        name: "Marta Nowak",
        locale: Locale::En,
        ago: Duration::from_mins(9),
        fate: Fate::Postponed("postponed with 451 4.7.1"),
        state: "late: the mail server wants it later",
    },
    Citizen {
        email: "nils@citizens.example",
        name: "Nils Andersen",
        locale: Locale::En,
        ago: Duration::from_mins(5),
        fate: Fate::WaitsWithSupport,
        state: "waits, with a support",
    },
    Citizen {
        email: "emma@citizens.example",
        name: "Emma Garcia",
        locale: Locale::Fr,
        ago: Duration::from_mins(2),
        fate: Fate::Waits,
        state: "waits",
    },
];

/// Where they registered.
struct Place {
    realm: Realm,
    project: Arc<(Organisation, Project)>,
}

/// Has all of them register; the secrets of the browsers in which their pages wait, in the same order.
pub async fn register(identity: &Identity, clock: &DemoClock) -> anyhow::Result<Vec<Secret>> {
    let place = place(identity).await?;
    let mut browsers = Vec::with_capacity(CITIZENS.len());
    for (number, citizen) in (1_u8..).zip(&CITIZENS) {
        clock.set_back(citizen.ago);
        let client = Client {
            // Addresses of documentation (RFC 5737).
            network: format!("198.51.100.{number}"),
            device: "Firefox, Android".to_owned(),
            project: Some(Arc::clone(&place.project)),
            locale: Some(citizen.locale),
            ..Client::default()
        };
        let (browser, mail) = answered(identity, &place, citizen, &client)
            .await
            .with_context(|| format!("{} cannot register", citizen.email))?;
        if let Some((with, after)) = play(identity, &place, citizen, &browser, &mail).await? {
            clock.set_back(citizen.ago.saturating_sub(after));
            end(identity, &mail, with).await?;
        }
        browsers.push(browser);
    }
    clock.set_back(Duration::ZERO);
    Ok(browsers)
}

/// How a mail ends after some time.
enum End {
    GivenUp(&'static str),
    CameBack(&'static str),
}

async fn place(identity: &Identity) -> anyhow::Result<Place> {
    let organisation = identity.store.organisation_by_slug(PLACE.0).await?;
    let organisation = organisation.context("the citizens' town is missing")?;
    let projects = identity.store.projects(&organisation.id).await?;
    let project = projects
        .into_iter()
        .find(|project| &*project.slug == PLACE.1)
        .context("the citizens' project is missing")?;
    Ok(Place {
        realm: Realm::Organisation(organisation.id.clone()),
        project: Arc::new((organisation, project)),
    })
}

/// Registers somebody, and writes the mail that answers it.
async fn answered(
    identity: &Identity,
    place: &Place,
    citizen: &Citizen,
    client: &Client,
) -> anyhow::Result<(Secret, MailId)> {
    let new = NewRegistration {
        name: &DisplayName::parse(citizen.name)?,
        email: &Email::parse(citizen.email)?,
        password: PASSWORD,
        next: None,
    };
    let browser = identity.register(&place.realm, new, client).await?;
    let now = identity.now();
    let which = DueJobs {
        kind: ANSWER_REGISTRATION,
        priority: Priority::Waiting,
        now,
        full: &[],
        limit: 1,
    };
    let due = identity.store.due_jobs(which).await?;
    for job in identity.store.lease_jobs(&due, now, LEASE).await? {
        identity.answer_registration(&job).await?;
    }
    let hash = identity::token_hash(&browser);
    let found = identity.store.registration_of_browser(&place.realm, &hash);
    let mail = found.await?.and_then(|found| found.mail_id);
    Ok((browser, mail.context("no mail was written")?))
}

/// What becomes of the mail at once, and how it ends later.
async fn play(
    identity: &Identity,
    place: &Place,
    citizen: &Citizen,
    browser: &Secret,
    mail: &MailId,
) -> anyhow::Result<Option<(End, Duration)>> {
    match citizen.fate {
        Fate::Waits => {}
        Fate::WaitsWithSupport => support(identity, place, browser).await?,
        Fate::Taken => take(identity, mail).await?,
        Fate::Confirmed => {
            let link = link(identity, mail).await?;
            take(identity, mail).await?;
            let (realm, client) = (&place.realm, Client::default());
            let page = identity.confirmation_page(realm, &link, None, &client);
            if page.await?.is_err() {
                bail!("a link does not work");
            }
            identity
                .confirm_address(realm, &link, None, &client)
                .await?;
        }
        Fate::Postponed(reason) => {
            let job = sending(identity, mail).await?;
            identity.store.mark_mail_postponed(mail, reason).await?;
            let back = PutBack {
                not_before: identity.now().plus(LEASE),
                attempts: job.attempts,
                error: Some(reason),
            };
            identity.store.put_job_back(&job, back).await?;
        }
        Fate::GivenUp(reason, after) => return Ok(Some((End::GivenUp(reason), after))),
        Fate::CameBack(raw, after) => {
            take(identity, mail).await?;
            return Ok(Some((End::CameBack(raw), after)));
        }
    }
    Ok(None)
}

async fn end(identity: &Identity, mail: &MailId, end: End) -> anyhow::Result<()> {
    match end {
        End::GivenUp(reason) => {
            let (job, now) = (sending(identity, mail).await?, identity.now());
            identity.store.mark_mail_failed(mail, reason, now).await?;
            identity.store.bury_job(&job, reason, now).await?;
        }
        End::CameBack(raw) => {
            let tag = identity.vault.bounce_tag(mail);
            let recipient = format!("bounces+{mail}.{tag}@{}.example", PLACE.0);
            let received = identity
                .receive_mail(&recipient, &incoming::read(raw.as_bytes()))
                .await?;
            if !matches!(received, Received::Bounced | Received::Challenged) {
                bail!("a mail that came back says nothing");
            }
        }
    }
    Ok(())
}

/// A mail server takes the mail.
async fn take(identity: &Identity, mail: &MailId) -> anyhow::Result<()> {
    let job = sending(identity, mail).await?;
    let mut tx = identity.store.begin().await?;
    tx.mark_mail_sent(mail, identity.now()).await?;
    tx.finish_job(&job).await?;
    Ok(tx.commit().await?)
}

/// The job that sends a mail, taken so that no other worker does it.
async fn sending(identity: &Identity, mail: &MailId) -> anyhow::Result<LeasedJob> {
    let now = identity.now();
    let due = DueJob {
        id: JobId::from(mail.to_string()),
        destination: None,
        not_before: now,
    };
    let leased = identity.store.lease_jobs(&[due], now, LEASE).await?;
    leased.into_iter().next().context("a mail has no job")
}

/// The secret of the link of a mail.
async fn link(identity: &Identity, mail: &MailId) -> anyhow::Result<String> {
    let found = identity.store.mail_by_id(mail).await?;
    let found = found.context("a mail cannot be read")?;
    let opened = mail::Seal::open(&*identity.vault, mail, &found.sealed);
    let message = opened.and_then(|bytes| Message::from_json(&bytes));
    let Some(Message::AddressConfirm(message)) = message else {
        bail!("a mail confirms nothing");
    };
    let secret = message.link.rsplit_once('=').map(|(_, secret)| secret);
    Ok(secret.context("a link has no secret")?.to_owned())
}

/// A support of the first proposal waits with the registration.
async fn support(identity: &Identity, place: &Place, browser: &Secret) -> anyhow::Result<()> {
    let (organisation, project) = &*place.project;
    let proposals = identity.store.proposals(&project.id, None, None).await?;
    let first = proposals.first().context("nothing can be supported")?;
    let waiting = identity.waiting(&place.realm, browser).await?;
    let waiting = waiting.context("nobody waits")?;
    let waits = Participation::new(identity.services())
        .wait(&waiting.id, organisation, &first.proposal.id)
        .await?;
    if !waits {
        bail!("a support does not wait");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;
    use crate::{Config, demo, state::Outside};
    use domain::{Clock as _, MailCause};
    use identity::{DeadConfirmation, WaitingMail};
    use std::{fs, path::PathBuf};
    use testkit::FixedClock;

    /// A folder that goes with the test.
    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).ok();
        }
    }

    /// Red when a state is missing in the demo, or is another one than the terminal says.
    #[tokio::test]
    async fn each_citizen_is_in_the_state_that_is_printed() {
        let name = format!("bpart-demo-{}", std::process::id());
        let folder = Folder(std::env::temp_dir().join(name));
        fs::remove_dir_all(&folder.0).ok();
        fs::create_dir(&folder.0).unwrap();
        let file = folder.0.join("bpart.db");
        let database = format!("sqlite:{}", file.display());
        let key = folder.0.join("secret.key").display().to_string();
        let settings = [
            ("BPART_DATABASE_URL", database.as_str()),
            ("BPART_SECRET_KEY_FILE", key.as_str()),
            ("BPART_ARGON2", "m=64,t=1,p=1"),
        ];
        testkit::migrated::sqlite(&file).await;
        let config = Config::from_parts(None, settings.into_iter()).unwrap();
        let fixed = FixedClock::default();
        let now = fixed.now();
        let (clock, outside) = demo::outside(Outside {
            clock: Arc::new(fixed),
            ..Outside::default()
        });
        let identity = crate::state::open_identity(&config, outside).await.unwrap();
        let browsers = demo::fill::town(&identity, &clock).await.unwrap();
        assert_eq!(identity.now(), now, "the demo goes by the right time");

        let place = place(&identity).await.unwrap();
        let hours = |ago: u64| now.minus(Duration::from_hours(ago));
        for (citizen, browser) in CITIZENS.iter().zip(&browsers) {
            let waiting = identity.waiting(&place.realm, browser).await.unwrap();
            let waiting = waiting.unwrap();
            assert_eq!(waiting.email, citizen.email);
            let wanted = match citizen.state {
                "the link is too old"
                | "registered a second time"
                | "waits, with a support"
                | "waits" => WaitingMail::Queued,
                "refused by a filter" => WaitingMail::Refused(MailCause::Policy, hours(2)),
                "taken, and came back an hour later" => {
                    WaitingMail::Returned(MailCause::Full, hours(5))
                }
                "held by a filter that asks for a click" => {
                    let a_minute_later = hours(4).plus(Duration::from_mins(1));
                    WaitingMail::Returned(MailCause::Challenge, a_minute_later)
                }
                "refused: no such mailbox" => WaitingMail::Refused(MailCause::NoMailbox, hours(2)),
                "confirmed" => WaitingMail::Sent(hours(8)),
                "taken by the mail server" => WaitingMail::Sent(hours(1)),
                "late: the mail server wants it later" => WaitingMail::Postponed(MailCause::Policy),
                other => panic!("{other}"),
            };
            assert_eq!(waiting.mail, wanted, "{}", citizen.state);
            assert_eq!(waiting.confirmed, citizen.state == "confirmed");
            let supports = identity.store.waiting_supports(&waiting.id).await.unwrap();
            let waits = citizen.state == "waits, with a support";
            assert_eq!(supports.len(), usize::from(waits), "{}", citizen.state);
        }

        let mails = identity.store.mailbox(50).await.unwrap();
        let to = |email: &str| mails.iter().find(|mail| mail.recipient == email).unwrap();
        let again = to("lea@citizens.example");
        assert_eq!(again.kind, "already_registered");
        let old = to("karim@citizens.example");
        let link = link(&identity, &old.id).await.unwrap();
        let client = Client::default();
        let page = identity.confirmation_page(&place.realm, &link, None, &client);
        let dead = page.await.unwrap().unwrap_err();
        assert_eq!(dead, DeadConfirmation::Renewable);
    }
}
