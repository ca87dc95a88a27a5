//! Devices: browsers that an account was signed in with, and those where no code is asked for.
//!
//! A browser stores, for each realm, a cookie with the tokens of its devices, one for each of the few
//! accounts that share it. A device belongs to one account and its token is generated here: a token that
//! a browser sends is recognised or ignored, never adopted.

use crate::{
    Client, Error, Identity, Result, SignedIn, code_attempts::Counted, password_attempts,
    token_hash, tries,
};
use domain::{
    AccountId, DeviceId, Duration, JobId, Realm, Timestamp, calendar,
    device::{REMEMBERED, is_known, is_remembered},
    job::Priority,
    limit::DEVICE_MAILS_PER_ACCOUNT,
    paths,
    token::Secret,
};
use mail::{Message, NewDevices};
use serde::{Deserialize, Serialize};
use store::{Account, Device, LeasedJob, NewJob};
use unit_of_work::{Actor, Error as Common, EventKind, UnitOfWork, hashed};

/// The kind of job that tells of many new devices in one mail.
pub const TELL_NEW_DEVICES: &str = "tell_new_devices";

/// How long new devices are collected for one mail.
const DIGEST_AFTER: Duration = Duration::from_hours(1);

/// What that job is about, as it is stored, encrypted.
#[derive(Serialize, Deserialize)]
struct DeviceDigest {
    account: String,
    /// When the first of them was seen.
    since: Timestamp,
}

/// How many accounts can share a browser at one door before the oldest device is dropped.
pub const DEVICES_OF_A_BROWSER: usize = 4;

/// A device where no code is asked for.
#[derive(Debug)]
pub struct RememberedDevice {
    /// The device.
    pub device: Device,
    /// Whether it is the browser of the request.
    pub this_one: bool,
}

/// The device of a sign-in, and the tokens for the cookie of its browser.
pub(crate) struct Recognised {
    pub(crate) device: DeviceId,
    pub(crate) tokens: Vec<Secret>,
}

impl Identity {
    /// The device that this browser is to the account with this address; none when there is no
    /// such account. The work does not depend on that, but on what the browser sent.
    pub(crate) async fn known_device(
        &self,
        realm: &Realm,
        email_key: &str,
        client: &Client,
    ) -> Result<Option<Device>> {
        let mut known = None;
        for token in client.devices.iter().take(DEVICES_OF_A_BROWSER) {
            let hash = token_hash(token);
            let found = self
                .store
                .device_of_address(realm, email_key, &hash)
                .await?;
            known = known.or(found);
        }
        Ok(known.filter(|device| is_known(self.now(), device.last_seen_at)))
    }

    /// The known device that this browser is to an account.
    pub(crate) async fn device_here(
        &self,
        account: &Account,
        client: &Client,
    ) -> Result<Option<Device>> {
        for token in client.devices.iter().take(DEVICES_OF_A_BROWSER) {
            let hash = token_hash(token);
            let found = self.store.device_by_token(&account.id, &hash).await?;
            let known = found.filter(|found| is_known(self.now(), found.last_seen_at));
            if known.is_some() {
                return Ok(known);
            }
        }
        Ok(None)
    }

    /// Recognises the browser of a sign-in, or registers it as a new device. The owner is notified of
    /// a new one, unless it is the first of all.
    pub(crate) async fn recognise(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
    ) -> Result<Recognised> {
        let (now, client) = (self.now(), work.client());
        let mut tokens = client.devices.clone();
        if let Some((index, device)) = device_of(work, account).await? {
            work.see_device(&device.id, now, &client.network, &client.device)
                .await?;
            // The last account that signed in is the last to be dropped from the cookie.
            let token = tokens.remove(index);
            tokens.insert(0, token);
            tokens.truncate(DEVICES_OF_A_BROWSER);
            return Ok(Recognised {
                device: device.id,
                tokens,
            });
        }
        let token = self.new_secret();
        let device = Device {
            id: DeviceId::new(&*self.clock, &*self.entropy),
            account_id: account.id.clone(),
            created_at: now,
            last_seen_at: now,
            remembered_until: None,
            network: client.network.clone(),
            user_agent: client.device.clone(),
        };
        work.insert_device(&device, &token_hash(&token)).await?;
        // Or its address was confirmed in another browser.
        for event in [EventKind::SignedIn, EventKind::AddressConfirmed] {
            if work.has_activity(&account.id, event.as_str()).await? {
                self.tell_new_device(work, account).await?;
                break;
            }
        }
        tokens.insert(0, token);
        tokens.truncate(DEVICES_OF_A_BROWSER);
        Ok(Recognised {
            device: device.id,
            tokens,
        })
    }

    /// Notifies the owner of a sign-in on a new device: by a mail of its own, or by one about all further ones of the
    /// next hour. Somebody who knows a password must not send more mails than anybody reads.
    async fn tell_new_device(&self, work: &mut UnitOfWork<'_>, account: &Account) -> Result<()> {
        let (event, now) = (EventKind::NewDevice, self.now());
        let key = format!("{TELL_NEW_DEVICES}:{}", hashed(account.id.as_str()));
        // What comes before that mail is in it.
        if work.has_job(&key).await? {
            return Ok(work.log(&account.id, event).await?);
        }
        let bucket = tries::device_mails(&account.id);
        let granted = work.take(&bucket, DEVICE_MAILS_PER_ACCOUNT, now).await?;
        if granted.is_ok() {
            let page = paths::SESSIONS;
            return Ok(work
                .notify(account, event, page, Message::NewDevice)
                .await?);
        }
        let id = JobId::new(&*self.clock, &*self.entropy);
        let digest = DeviceDigest {
            account: account.id.to_string(),
            since: now,
        };
        let plain = serde_json::to_vec(&digest).expect("texts can always be written as JSON");
        let job = NewJob {
            kind: TELL_NEW_DEVICES,
            payload: &self.seal(&digest_place(&id), &plain),
            priority: Priority::Notice,
            not_before: now.plus(DIGEST_AFTER),
            created_at: now,
            unique_key: Some(&key),
            lane: None,
            destination: None,
            id,
        };
        work.insert_job(&job).await?;
        Ok(work.log(&account.id, event).await?)
    }

    /// Tells the owner how many new devices were not announced one by one. A digest that cannot be written is logged and
    /// dropped: the devices are in the log of the account.
    ///
    /// # Errors
    /// `Store` when the database does not answer; then the job waits.
    pub async fn tell_new_devices(&self, job: &LeasedJob) -> Result<()> {
        match self.write_digest(job).await {
            Err(Error::Common(Common::Store(error))) if error.is_unavailable() => Err(error.into()),
            Err(error) => {
                self.store.finish_job(job).await?;
                let error = &error as &dyn std::error::Error;
                tracing::error!(job.id = %job.id, error, "A digest of new devices was dropped");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    async fn write_digest(&self, job: &LeasedJob) -> Result<()> {
        let plain = self.vault.open(&digest_place(&job.id), &job.payload);
        let digest = plain.and_then(|plain| serde_json::from_slice::<DeviceDigest>(&plain).ok());
        let unreadable = Common::Broken("a digest of new devices cannot be read");
        let DeviceDigest { account, since } = digest.ok_or(unreadable)?;
        let mut work = self.begin(Actor::System, Client::none()).await?;
        // In the order of a sign-in, which holds the account when it queues this job.
        let account = work.lock_account(&account.into()).await?;
        if !work.finish_job(job).await? {
            return Ok(());
        }
        if let Some(account) = account {
            let event = EventKind::NewDevice;
            let earlier = since.minus(Duration::from_millis(1));
            let count = work.count_activity(&account.id, event.as_str(), earlier);
            let message = NewDevices {
                count: u32::try_from(count.await?).unwrap_or(u32::MAX),
                notice: work.notice(&account, event, paths::SESSIONS).await?,
                since: calendar::moment(since, account.locale),
            };
            work.write_mail(&account, &Message::NewDevices(message))
                .await?;
        }
        Ok(work.commit().await?)
    }

    /// The remembered devices of the user's account.
    pub async fn remembered_devices(
        &self,
        who: &SignedIn,
        client: &Client,
    ) -> Result<Vec<RememberedDevice>> {
        let (id, now) = (&who.account.id, self.now());
        let mut here = Vec::new();
        for token in client.devices.iter().take(DEVICES_OF_A_BROWSER) {
            here.extend(self.store.device_by_token(id, &token_hash(token)).await?);
        }
        let devices = self.store.remembered_devices(id, now).await?;
        let devices = devices
            .into_iter()
            .filter(|device| is_remembered(now, device.remembered_until));
        Ok(devices
            .map(|device| RememberedDevice {
                this_one: here.iter().any(|found| found.id == device.id),
                device,
            })
            .collect())
    }

    /// Forgets a remembered device of the user's account: codes are asked for there again.
    ///
    /// # Errors
    /// [`Error::Unchanged`] when it is not remembered, or belongs to another account.
    pub async fn forget_device(
        &self,
        who: &SignedIn,
        id: &DeviceId,
        client: &Client,
    ) -> Result<()> {
        let mut work = self.begin(Actor::Owner, client).await?;
        work.lock_own(who).await?;
        if !work.forget_device(&who.account.id, id).await? {
            return Err(Error::Unchanged);
        }
        let own = &who.account.id;
        work.log(own, EventKind::DeviceForgotten).await?;
        Ok(work.commit().await?)
    }
}

/// Deletes every browser that an account knows but one, for when an attacker's may be among them, with what was counted
/// for it: a count would outlive its device for ever. Nor does the owner wait for what an attacker has used up.
pub(crate) async fn delete_devices(
    work: &mut UnitOfWork<'_>,
    account: &AccountId,
    keep: Option<&DeviceId>,
) -> Result<()> {
    for prefix in tries::DEVICE_BUCKETS {
        work.reset_limits_of_devices(account, prefix, keep).await?;
    }
    work.reset_limit(&tries::sign_ins(account)).await?;
    work.reset_limit(&tries::begun(account)).await?;
    password_attempts::COUNTER
        .clear_devices(work, account, keep)
        .await?;
    for kind in Counted::ALL {
        kind.counter().clear_devices(work, account, keep).await?;
    }
    // Limits and counts are found by their devices, so the devices go last.
    work.delete_devices(account, keep).await?;
    Ok(())
}

/// The place of use of a digest in the vault.
pub(crate) fn digest_place(job: &JobId) -> String {
    format!("new-devices:{job}")
}

/// Whether the browser of this transaction is a remembered device of the account.
pub(crate) async fn is_still_remembered(
    work: &mut UnitOfWork<'_>,
    account: &Account,
) -> Result<bool> {
    let (found, now) = (device_of(work, account).await?, work.services().now());
    Ok(found.is_some_and(|(_, device)| is_remembered(now, device.remembered_until)))
}

/// Asks for no code on this device for a while.
pub(crate) async fn remember(
    work: &mut UnitOfWork<'_>,
    account: &Account,
    device: &DeviceId,
) -> Result<()> {
    let until = work.services().now().plus(REMEMBERED);
    work.remember_device(device, until).await?;
    Ok(work.log(&account.id, EventKind::DeviceRemembered).await?)
}

/// The known device of the account that the browser of this transaction is, and the index of its
/// token.
pub(crate) async fn device_of(
    work: &mut UnitOfWork<'_>,
    account: &Account,
) -> Result<Option<(usize, Device)>> {
    let now = work.services().now();
    let tokens = work.client().devices.iter().take(DEVICES_OF_A_BROWSER);
    for (index, token) in tokens.enumerate() {
        let found = work
            .device_by_token(&account.id, &token_hash(token))
            .await?;
        if let Some(device) = found.filter(|found| is_known(now, found.last_seen_at)) {
            return Ok(Some((index, device)));
        }
    }
    Ok(None)
}
