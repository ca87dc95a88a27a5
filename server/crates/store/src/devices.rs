//! `devices`: browsers that an account was signed in with, each found by the hash of its cookie's
//! token, and only for the account that it was made for.

use crate::{
    StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements, store_and_tx},
    row::{record, select},
};
use domain::{AccountId, DeviceId, Realm, Timestamp};

record! {
    /// A browser that an account has signed in with.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Device from device of devices {
        /// Its identifier, which is no secret.
        pub id: DeviceId,
        /// Its account.
        pub account_id: AccountId,
        /// When the account was first signed in with it.
        pub created_at: Timestamp,
        /// When the account was last signed in with it.
        pub last_seen_at: Timestamp,
        /// Until when the second step is skipped on it.
        pub remembered_until: Option<Timestamp>,
        /// The network of the last sign-in.
        pub network: String,
        /// The browser at the last sign-in.
        pub user_agent: String,
    }
}

redacted_debug!(Device {
    id,
    account_id,
    last_seen_at,
    remembered_until
});

statements! {
    DELETE_DEVICES = "delete from devices where account_id = $1 and id <> $2";
    INSERT_DEVICE =
        "insert into devices (id, account_id, token_hash, created_at, last_seen_at,
            remembered_until, network, user_agent)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    DEVICE_BY_TOKEN =
        select!(device, "from devices
        where account_id = $1 and token_hash = $2");
    DEVICE_OF_ADDRESS =
        select!(device, "from devices join accounts on accounts.id = devices.account_id
        where accounts.realm = $1 and accounts.email_key = $2 and devices.token_hash = $3");
    REMEMBERED_DEVICES =
        select!(device, "from devices
        where account_id = $1 and remembered_until > $2
        order by last_seen_at desc, id desc");
    SEE_DEVICE =
        "update devices set last_seen_at = $2, network = $3, user_agent = $4 where id = $1";
    REMEMBER_DEVICE = "update devices set remembered_until = $2 where id = $1";
    FORGET_DEVICE =
        "update devices set remembered_until = null
        where id = $2 and account_id = $1 and remembered_until is not null";
    FORGET_DEVICES =
        "update devices set remembered_until = null
        where account_id = $1 and remembered_until is not null";
}

store_and_tx! { reader:
    /// The device of a token, if it is one of this account.
    fn device_by_token(conn, account: &AccountId, token_hash: &[u8; 32]) -> Option<Device> {
        optional!(conn, DEVICE_BY_TOKEN, account.as_str(), token_hash.as_slice())
    }

    /// The device of a token, if it is one of the account with this address.
    fn device_of_address(
        conn, realm: &Realm, email_key: &str, token_hash: &[u8; 32]
    ) -> Option<Device> {
        let hash = token_hash.as_slice();
        optional!(conn, DEVICE_OF_ADDRESS, realm.to_string(), email_key, hash)
    }

    /// The devices of an account that are remembered now, the last used first.
    fn remembered_devices(conn, account: &AccountId, now: Timestamp) -> Vec<Device> {
        all!(conn, REMEMBERED_DEVICES, account.as_str(), now.as_millis())
    }
}

impl Tx {
    /// Inserts a device.
    pub async fn insert_device(
        &mut self,
        device: &Device,
        token_hash: &[u8; 32],
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_DEVICE,
            device.id.as_str(),
            device.account_id.as_str(),
            token_hash.as_slice(),
            device.created_at.as_millis(),
            device.last_seen_at.as_millis(),
            device.remembered_until.map(Timestamp::as_millis),
            device.network.as_str(),
            device.user_agent.as_str(),
        )
        .map(drop)
    }

    /// Records a sign-in with a device: when, from which network, with which browser.
    pub async fn see_device(
        &mut self,
        id: &DeviceId,
        at: Timestamp,
        network: &str,
        user_agent: &str,
    ) -> Result<(), StoreError> {
        let at = at.as_millis();
        execute!(
            self.conn(),
            SEE_DEVICE,
            id.as_str(),
            at,
            network,
            user_agent
        )
        .map(drop)
    }

    /// Skips the second step on a device until then.
    pub async fn remember_device(
        &mut self,
        id: &DeviceId,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self.conn(), REMEMBER_DEVICE, id.as_str(), until.as_millis()).map(drop)
    }

    /// Asks for a code on a device of this account again; false when it is asked for already, or when
    /// the device belongs to another account.
    pub async fn forget_device(
        &mut self,
        account: &AccountId,
        id: &DeviceId,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), FORGET_DEVICE, account.as_str(), id.as_str())? == 1)
    }

    /// Deletes every device of an account but one, and counts them: for when an attacker's may be among them.
    pub async fn delete_devices(
        &mut self,
        account: &AccountId,
        keep: Option<&DeviceId>,
    ) -> Result<u64, StoreError> {
        let keep = keep.map(DeviceId::as_str).unwrap_or_default();
        execute!(self.conn(), DELETE_DEVICES, account.as_str(), keep)
    }

    /// Asks for a code on every device of an account again, and counts those that skipped it. The
    /// devices stay known. Call it wherever a password, a factor or an address changes.
    pub async fn forget_devices(&mut self, account: &AccountId) -> Result<u64, StoreError> {
        execute!(self.conn(), FORGET_DEVICES, account.as_str())
    }
}
