//! `refused_tries`: how many wrong passwords, codes and proofs an account had on a day.

use crate::{
    StoreError, Tx,
    conn::{all, execute, statements, store_and_tx},
    row::{record, select},
};
use domain::{AccountId, Timestamp};

record! {
    /// A day on which tries of an account were refused.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RefusedDay from refused_day of refused_tries {
        /// When it begins.
        pub day: Timestamp,
        /// How many.
        pub tries: u32,
    }
}

statements! {
    ADD_REFUSED_TRIES =
        "insert into refused_tries (account_id, day, tries)
        select id, cast($2 as bigint), cast($3 as bigint) from accounts where id = $1
        on conflict (account_id, day) do update
        set tries = refused_tries.tries + excluded.tries";
    REFUSED_TRIES =
        select!(refused_day, "from refused_tries
        where account_id = $1 order by day desc");
}

store_and_tx! { reader:
    /// The days on which tries of an account were refused, the newest first.
    fn refused_tries(conn, account: &AccountId) -> Vec<RefusedDay> {
        all!(conn, REFUSED_TRIES, account.as_str())
    }
}

impl Tx {
    /// Adds to the refused tries of a day; nothing for an account that does not exist any more.
    pub async fn add_refused_tries(
        &mut self,
        account: &AccountId,
        day: Timestamp,
        tries: u32,
    ) -> Result<(), StoreError> {
        let (account, day) = (account.as_str(), day.as_millis());
        execute!(
            self.conn(),
            ADD_REFUSED_TRIES,
            account,
            day,
            i64::from(tries)
        )
        .map(drop)
    }
}
