//! The statements that the engines do not agree on, side by side.
//!
//! Everything else is one text for both. `greatest`/`max`, for instance, is a `case` everywhere.

use crate::conn::Conn;

/// One statement in two dialects.
pub(crate) struct Dialects {
    /// What a failed test calls it.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the test that prepares them all")
    )]
    pub(crate) name: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Dialects {
    /// The text for the engine of this connection.
    pub(crate) fn of(&self, conn: &Conn<'_>) -> &'static str {
        match conn {
            Conn::Sqlite(_) => self.sqlite,
            Conn::Postgres(_) => self.postgres,
        }
    }
}

macro_rules! address_reserved {
    ($key:literal) => {
        concat!(
            "select exists (
                select 1 from tokens join accounts on accounts.id = tokens.account_id
                where tokens.purpose = 'email_undo' and tokens.expires_at > $3
                    and tokens.consumed_at is null and tokens.void_at is null
                    and accounts.realm = $1 and accounts.id <> $4 and ",
            $key,
            " = $2
            ) as reserved"
        )
    };
}

/// Letters of ASCII only: PostgreSQL asks its locale otherwise, and a Turkish one has another
/// small I.
pub(crate) const ADDRESS_RESERVED: Dialects = Dialects {
    name: "ADDRESS_RESERVED",
    sqlite: address_reserved!("lower(tokens.pending)"),
    postgres: address_reserved!("lower(tokens.pending collate \"C\")"),
};

macro_rules! lock_row {
    ($table:literal) => {
        concat!(
            "select id from ",
            $table,
            " where id = $1 for no key update"
        )
    };
}

/// For PostgreSQL alone: on SQLite the transaction is the only writer from its beginning (`begin immediate`), so there is
/// nothing left to lock. It takes the lock of an update without writing a row; the stronger `for update` would also stop
/// other transactions from inserting rows that refer to this one (an activity entry by this account in another account's
/// log), and two of them could deadlock.
pub(crate) const LOCK_ACCOUNT: &str = lock_row!("accounts");
/// As [`LOCK_ACCOUNT`].
pub(crate) const LOCK_ORGANISATION: &str = lock_row!("organisations");

macro_rules! registration_states {
    ($ids:literal) => {
        concat!(
            "select registrations.id, registrations.answered_at, registrations.confirmed_at,
                registrations.denied_at, outbox.state as mail, outbox.last_error, outbox.bounced_with, registrations.suggestions
            from registrations left join outbox on outbox.id = registrations.mail_id
            where registrations.id ",
            $ids
        )
    };
}

/// A list as one value, its parts separated by commas: the number of parameters of a statement is fixed.
pub(crate) const REGISTRATION_STATES: Dialects = Dialects {
    name: "REGISTRATION_STATES",
    sqlite: registration_states!(
        "in (select value from json_each('[\"' || replace($1, ',', '\",\"') || '\"]'))"
    ),
    postgres: registration_states!("= any (string_to_array($1, ','))"),
};

/// Whether any migration ever ran.
pub(crate) const HAS_MIGRATIONS: Dialects = Dialects {
    name: "HAS_MIGRATIONS",
    sqlite: "select exists (
            select 1 from sqlite_schema where type = 'table' and name = '_sqlx_migrations'
        ) as present",
    postgres: "select to_regclass('_sqlx_migrations') is not null as present",
};

/// Every statement in two dialects.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&Dialects] =
    &[&ADDRESS_RESERVED, &REGISTRATION_STATES, &HAS_MIGRATIONS];

/// Every statement for PostgreSQL alone.
#[cfg(test)]
pub(crate) const OF_POSTGRES: &[(&str, &str)] = &[
    ("LOCK_ACCOUNT", LOCK_ACCOUNT),
    ("LOCK_ORGANISATION", LOCK_ORGANISATION),
];
