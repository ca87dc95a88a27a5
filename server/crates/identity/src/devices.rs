//! Browsers that an account was signed in with: known ones, and those that are not asked for a code.
//!
//! A browser holds, for each realm, a cookie with the tokens of its devices, one for each of the few
//! people who share it. A device belongs to one account and its token is made here: a token that a
//! browser brought along is recognised or ignored, never adopted.

use crate::{Client, Error, Event, Identity, Result, SignedIn, token_hash};
use domain::{
    DeviceId, Realm,
    device::{REMEMBERED, is_known, is_remembered},
    token::Secret,
};
use mail::Message;
use store::{Account, Device, Tx};

/// So many people may share a browser at one door before it forgets one of them.
pub const DEVICES_OF_A_BROWSER: usize = 4;
/// The page that lists sessions and devices.
const SESSIONS: &str = domain::paths::SESSIONS;

/// A device that is not asked for a code.
#[derive(Debug)]
pub struct RememberedDevice {
    /// The device.
    pub device: Device,
    /// Whether it is the one that asks.
    pub this_one: bool,
}

/// The device of a sign-in, and the tokens that its browser is to keep.
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

    /// Whether a device is remembered, looked at in the transaction that relies on it.
    pub(crate) async fn is_still_remembered(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
    ) -> Result<bool> {
        let found = self.device_of(tx, account, client).await?;
        Ok(found.is_some_and(|(_, device)| is_remembered(self.now(), device.remembered_until)))
    }

    async fn device_of(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
    ) -> Result<Option<(usize, Device)>> {
        let tokens = client.devices.iter().take(DEVICES_OF_A_BROWSER);
        for (place, token) in tokens.enumerate() {
            let found = tx.device_by_token(&account.id, &token_hash(token)).await?;
            if let Some(device) = found.filter(|found| is_known(self.now(), found.last_seen_at)) {
                return Ok(Some((place, device)));
            }
        }
        Ok(None)
    }

    /// Recognises the browser of a sign-in, or makes it known; the owner is told of a new one,
    /// unless it is the first of all.
    pub(crate) async fn recognise(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
    ) -> Result<Recognised> {
        let now = self.now();
        let mut tokens = client.devices.clone();
        if let Some((place, device)) = self.device_of(tx, account, client).await? {
            tx.see_device(&device.id, now, &client.network, &client.device)
                .await?;
            // Whoever signed in last is the last to be forgotten.
            let token = tokens.remove(place);
            tokens.insert(0, token);
            tokens.truncate(DEVICES_OF_A_BROWSER);
            return Ok(Recognised {
                device: device.id,
                tokens,
            });
        }
        let token = Secret::generate(&*self.entropy);
        let device = Device {
            id: DeviceId::new(&*self.clock, &*self.entropy),
            account_id: account.id.clone(),
            created_at: now,
            last_seen_at: now,
            remembered_until: None,
            network: client.network.clone(),
            user_agent: client.device.clone(),
        };
        tx.insert_device(&device, &token_hash(&token)).await?;
        if tx
            .has_activity(&account.id, Event::SignedIn.as_str())
            .await?
        {
            self.tell_of_new_device(tx, account, client).await?;
        }
        tokens.insert(0, token);
        tokens.truncate(DEVICES_OF_A_BROWSER);
        Ok(Recognised {
            device: device.id,
            tokens,
        })
    }

    async fn tell_of_new_device(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
    ) -> Result<()> {
        let event = Event::NewDevice;
        let notice = self.notice(tx, account, client, event, SESSIONS).await?;
        self.write_mail(tx, account, &Message::NewDevice(notice))
            .await?;
        self.log(tx, &account.id, Some(&account.id), event, client)
            .await
    }

    /// Asks this device for no code for a while.
    pub(crate) async fn remember(
        &self,
        tx: &mut Tx,
        account: &Account,
        device: &DeviceId,
        client: &Client,
    ) -> Result<()> {
        tx.remember_device(device, self.now().plus(REMEMBERED))
            .await?;
        let event = Event::DeviceRemembered;
        self.log(tx, &account.id, Some(&account.id), event, client)
            .await
    }

    /// The devices of one's own account that are not asked for a code.
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

    /// Asks a device of one's own account for codes again.
    ///
    /// # Errors
    /// [`Error::Unchanged`] when it is so already, or is not one's own.
    pub async fn forget_device(
        &self,
        who: &SignedIn,
        id: &DeviceId,
        client: &Client,
    ) -> Result<()> {
        let mut tx = self.store.begin().await?;
        self.hold_own(&mut tx, who).await?;
        if !tx.forget_device(&who.account.id, id).await? {
            return Err(Error::Unchanged);
        }
        let own = &who.account.id;
        self.log(&mut tx, own, Some(own), Event::DeviceForgotten, client)
            .await?;
        Ok(tx.commit().await?)
    }
}
