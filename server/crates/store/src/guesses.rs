//! `guesses`: consecutive wrong tries, exact under any number of parallel requests and processes.
//!
//! A try is counted as wrong before it is judged, by one upsert that locks the row, looks whether a
//! try is due, counts it and sets the next wait (`domain::guess` has the rule). Whoever turns out to
//! be right has the row removed. As with `limits`, do not call the methods of `Store` while a `Tx`
//! is open.

use crate::{
    Row,
    conn::{execute, optional, statements, store_and_tx},
};
use domain::{
    AccountId, Timestamp,
    guess::{Count, Refused, Schedule},
    time::millis,
};

statements! {
    /// `$2` now, `$3` the last number, `$4` the wait after the first; from `$5` on the steps: from
    /// how many, and how long. The first `where` is for a schedule without any try.
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
    /// Whoever was granted the try waited for it: another one may follow as it did.
    WITHDRAW_ATTEMPT =
        "update guesses set wrong = wrong - 1, not_before = last_at where key = $1 and wrong > 0";
    MARK_ATTEMPTS_NOTIFIED = "update guesses set told = $2 where key = $1 and told < $2";
    CLEAR_ATTEMPTS = "delete from guesses where key = $1";
    CLEAR_ATTEMPTS_OF_DEVICES =
        "delete from guesses
        where key in (select $2 || devices.id from devices where account_id = $1)";
    /// A key without a further try stays: time alone must not open it again.
    DELETE_OLD_ATTEMPTS = "delete from guesses where last_at < $1 and wrong < $2";
}

store_and_tx! { writer:
    /// Takes one try: which one in the row it is, or why there is none.
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
            return Ok(Ok(row.count("wrong")?));
        }
        let row: Option<Row> = optional!(conn, ATTEMPTS, key)?;
        let count = row.map(|row| {
            Ok::<_, crate::StoreError>(Count {
                wrong: row.count("wrong")?,
                not_before: row.time("not_before")?,
            })
        });
        let refused = schedule.take(count.transpose()?, now).err();
        // The count may have been taken away between the two statements: then nothing is to wait for.
        Ok(Err(refused.unwrap_or(Refused::Wait(domain::Duration::ZERO))))
    }

    /// Takes a try back that was not judged.
    fn withdraw_attempt(conn, key: &str) -> () {
        execute!(conn, WITHDRAW_ATTEMPT, key).map(drop)
    }

    /// Notes that the owner is told of so many wrong tries. Of any number of callers one gets `true`,
    /// and none when the count was taken away meanwhile.
    fn mark_attempts_notified(conn, key: &str, wrong: u32) -> bool {
        execute!(conn, MARK_ATTEMPTS_NOTIFIED, key, i64::from(wrong)).map(|rows| rows == 1)
    }

    /// Forgets the wrong tries of a key.
    fn clear_attempts(conn, key: &str) -> () {
        execute!(conn, CLEAR_ATTEMPTS, key).map(drop)
    }

    /// Forgets the wrong tries from the devices of an account, whose keys are `prefix` and the id.
    fn clear_attempts_of_devices(conn, account: &AccountId, prefix: &str) -> () {
        execute!(conn, CLEAR_ATTEMPTS_OF_DEVICES, account.as_str(), prefix).map(drop)
    }

    /// Removes the counts that nobody added to since then, but for those that reached `most`.
    fn delete_old_attempts(conn, before: Timestamp, most: u32) -> u64 {
        execute!(conn, DELETE_OLD_ATTEMPTS, before.as_millis(), i64::from(most))
    }
}
