//! `guesses`: consecutive wrong attempts, exact under any number of parallel requests and processes.
//!
//! An attempt is counted as wrong before it is verified, by one upsert that locks the row, checks that
//! an attempt is due, counts it and sets the next wait (`domain::guess` has the rule). A right attempt
//! removes the row. As with `limits`, do not call the methods of `Store` while a `Tx` is open.

use crate::{
    Row,
    conn::{execute, optional, statements, store_and_tx},
};
use domain::{
    AccountId, DeviceId, Timestamp,
    guess::{Count, Refused, Schedule},
    time::millis,
};

statements! {
    /// `$2` now, `$3` the last number, `$4` the wait after the first; from `$5` on the steps: from
    /// how many, and how long. The first `where` is for a schedule without any attempt.
    REGISTER_ATTEMPT =
        "insert into guesses (key, wrong, not_before, last_at)
        select $1, 1, cast($2 as bigint) + cast($4 as bigint), cast($2 as bigint)
        where cast($3 as bigint) > 0
        on conflict (key) do update
        set wrong = guesses.wrong + 1,
            not_before = $2 + case
                when guesses.wrong + 1 >= $11 then cast($12 as bigint)
                when guesses.wrong + 1 >= $9 then cast($10 as bigint)
                when guesses.wrong + 1 >= $7 then cast($8 as bigint)
                when guesses.wrong + 1 >= $5 then cast($6 as bigint)
                else 0 end,
            last_at = $2
        where guesses.not_before <= $2 and guesses.wrong < $3
        returning wrong";
    ATTEMPTS = "select wrong, not_before from guesses where key = $1";
    /// The attempt was due, so the next one is due as it was.
    WITHDRAW_ATTEMPT =
        "update guesses set wrong = wrong - 1, not_before = last_at where key = $1 and wrong > 0";
    MARK_ATTEMPTS_NOTIFIED = "update guesses set told = $2 where key = $1 and told < $2";
    CLEAR_ATTEMPTS = "delete from guesses where key = $1";
    CLEAR_ATTEMPTS_OF_DEVICES =
        "delete from guesses
        where key in (select $2 || devices.id from devices where account_id = $1 and id <> $3)";
}

store_and_tx! { writer:
    /// Registers an attempt: its number in the row of wrong ones, or why none is allowed.
    fn register_attempt(
        conn, key: &str, schedule: &Schedule, now: Timestamp
    ) -> Result<u32, Refused> {
        let mut conn = conn;
        let [a, b, c, d] = schedule.steps.map(|(from, wait)| (i64::from(from), millis(wait)));
        let first = millis(schedule.wait_after(1));
        let granted: Option<Row> = optional!(
            conn.again(), REGISTER_ATTEMPT, key, now.as_millis(), i64::from(schedule.most), first,
            a.0, a.1, b.0, b.1, c.0, c.1, d.0, d.1,
        )?;
        if let Some(row) = granted {
            return Ok(Ok(row.get("wrong")?));
        }
        let row: Option<Row> = optional!(conn, ATTEMPTS, key)?;
        let count = row.map(|row| {
            Ok::<_, crate::StoreError>(Count {
                wrong: row.get("wrong")?,
                not_before: row.get("not_before")?,
            })
        });
        let refused = schedule.take(count.transpose()?, now).err();
        // The count may have been removed between the two statements: then there is no wait.
        Ok(Err(refused.unwrap_or(Refused::Wait(domain::Duration::ZERO))))
    }

    /// Withdraws an attempt that was not verified.
    fn withdraw_attempt(conn, key: &str) -> () {
        execute!(conn, WITHDRAW_ATTEMPT, key).map(drop)
    }

    /// Records that the owner is notified of so many wrong attempts. Of any number of callers one gets
    /// `true`, and none when the count was removed meanwhile.
    fn mark_attempts_notified(conn, key: &str, wrong: u32) -> bool {
        execute!(conn, MARK_ATTEMPTS_NOTIFIED, key, i64::from(wrong)).map(|rows| rows == 1)
    }

    /// Removes the wrong attempts of a key.
    fn clear_attempts(conn, key: &str) -> () {
        execute!(conn, CLEAR_ATTEMPTS, key).map(drop)
    }

    /// Removes the wrong attempts from the devices of an account but one, whose keys are `prefix` and the id.
    fn clear_attempts_of_devices(
        conn, account: &AccountId, prefix: &str, keep: Option<&DeviceId>
    ) -> () {
        let keep = keep.map(DeviceId::as_str).unwrap_or_default();
        execute!(conn, CLEAR_ATTEMPTS_OF_DEVICES, account.as_str(), prefix, keep).map(drop)
    }
}
