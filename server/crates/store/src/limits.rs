//! `limits`: rate limits, exact under any number of parallel requests.
//!
//! A bucket is one number, its theoretical arrival time (`domain::limit` explains it). Taking an
//! attempt is one upsert: the engine locks the row, does the arithmetic on its newest version and
//! writes, so that two requests cannot both take the last one. Do not call these methods of
//! `Store` while a `Tx` is open: on SQLite they would wait for its connection.

use crate::{
    Row,
    conn::{execute, optional, statements, store_and_tx, value},
};
use domain::{AccountId, DeviceId, Duration, Timestamp, limit::Limit, time::millis};

statements! {
    /// `$2` now, `$3` the period, `$4` the window. No row comes back when no attempt is left;
    /// the first `where` is for a bucket that never has one.
    TAKE =
        "insert into limits (key, tat)
        select $1, cast($2 as bigint) + $3 where cast($3 as bigint) <= $4
        on conflict (key) do update
        set tat = case when limits.tat > $2 then limits.tat else $2 end + $3
        where case when limits.tat > $2 then limits.tat else $2 end + $3 - $2 <= $4
        returning tat";
    TAT = "select tat from limits where key = $1";
    /// A full bucket stays as it is; one that was nearly full may get a time that has passed,
    /// which means full as well.
    GIVE_BACK = "update limits set tat = tat - $3 where key = $1 and tat > $2";
    RESET_LIMITS_OF_DEVICES =
        "delete from limits
        where key in (select $2 || devices.id from devices where account_id = $1 and id <> $3)";
    RESET_LIMIT = "delete from limits where key = $1";
}

store_and_tx! { writer:
    /// Takes one attempt from a bucket, or says how long to wait for the next one.
    ///
    /// Transactions that take from several buckets must do so in one order everywhere, or two of
    /// them could wait for each other on PostgreSQL.
    fn take(conn, key: &str, limit: Limit, now: Timestamp) -> Result<(), Duration> {
        let mut conn = conn;
        let (at, period, window) = (now.as_millis(), millis(limit.period), limit.window_millis());
        let granted: Option<Row> = optional!(conn.again(), TAKE, key, at, period, window)?;
        if granted.is_some() {
            return Ok(Ok(()));
        }
        let tat = value!(conn, TAT, "tat", key)?;
        // An attempt may have been given back between the two statements: then there is no wait.
        Ok(Err(limit.take(tat, now).err().unwrap_or(Duration::ZERO)))
    }

    /// Gives one attempt back, for instance after a right password.
    fn give_back(conn, key: &str, limit: Limit, now: Timestamp) -> () {
        let (at, period) = (now.as_millis(), millis(limit.period));
        execute!(conn, GIVE_BACK, key, at, period).map(drop)
    }

    /// Fills the buckets of the devices of an account but one, whose keys are `prefix` and the id.
    fn reset_limits_of_devices(
        conn, account: &AccountId, prefix: &str, keep: Option<&DeviceId>
    ) -> () {
        let keep = keep.map(DeviceId::as_str).unwrap_or_default();
        execute!(conn, RESET_LIMITS_OF_DEVICES, account.as_str(), prefix, keep).map(drop)
    }

    /// Fills a bucket.
    fn reset_limit(conn, key: &str) -> () {
        execute!(conn, RESET_LIMIT, key).map(drop)
    }
}
