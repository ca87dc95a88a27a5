//! The database: the only crate that contains SQL.
//!
//! A [`Store`] is a handle on SQLite (one machine, the default) or PostgreSQL (many). Reads are its
//! methods; every change is a method of a [`Tx`], so that a change, its activity entry and its
//! mail are written together or not at all. Reads that a decision rests on exist on both.
//!
//! ```text
//! let mut tx = store.begin().await?;          // SQLite: BEGIN IMMEDIATE; PostgreSQL: READ COMMITTED
//! if tx.use_totp_step(&account, step, now).await? {
//!     tx.insert_session(&session, &token_hash).await?;
//!     tx.commit().await?;                     // dropped without commit: rolled back
//! }
//! ```
//!
//! Four rules apply.
//!
//! - **One SQL text for both engines**: a named constant in the file of its table, expanded into
//!   both drivers by the macros of `conn`. A test prepares every one of them on both engines; the
//!   few that must differ stand side by side in `dialect`.
//! - **What may happen once is a conditional update** whose row count is the answer: of any number
//!   of callers exactly one consumes a code or a token, or finishes a sign-in.
//! - **No rule of the product is here.** What a limit allows or when a session ends is `domain`'s
//!   business; a secret arrives hashed or sealed. Time and ids are arguments, never column defaults.
//! - **Every statement runs by an index.** A test asserts the plan of each on both engines; lists are
//!   read a page at a time by key, and [`Store::sweep`] removes a bounded number of rows in a
//!   transaction.
//!
//! A new table takes one migration per engine with the same number, one file here, and one file of
//! the contract in `tests/contract`, which runs on both engines.

mod accounts;
mod activity;
mod conn;
mod connect;
mod deletions;
mod devices;
mod dialect;
mod domain_health;
mod drafts;
mod error;
mod factors;
mod flashes;
mod guesses;
mod job_listener;
mod jobs;
mod limits;
mod linked_accounts;
mod migrations;
mod organisation_pages;
mod organisations;
mod outbox;
mod own_data;
mod proposals;
mod provider_flows;
mod recovery;
mod refused_tries;
mod registration_counts;
mod registrations;
mod reseal;
mod row;
mod sessions;
mod sign_ins;
mod store;
mod sweep;
mod tokens;
mod tx;
mod votes;

#[cfg(test)]
mod tests;

pub use accounts::{Account, AccountPlace, NewAccount, SetPassword};
pub use activity::{
    ActivityActor, ActivityEnd, ActivityEntry, ActivityFilter, ActivityLink, NamedEntry, Unchained,
};
pub use connect::sqlite_path;
pub use deletions::Deletion;
pub use devices::Device;
pub use domain_health::DomainHealth;
pub use error::StoreError;
pub use factors::{TotpEnrolment, TotpFactor};
pub use job_listener::JobListener;
pub use jobs::{DueJob, DueJobs, LEFT_OUT, LeasedJob, ListedJob, NewJob, PutBack, SEND_MAIL};
pub use linked_accounts::LinkedAccount;
pub use organisation_pages::OrganisationText;
pub use organisations::{Membership, Organisation, Project, ReadableProject};
pub use outbox::{FinishedMail, MailFate, NewMail, QueuedMail};
pub use own_data::{
    StoredDevice, StoredMail, StoredMembership, StoredSession, StoredSignIn, StoredToken,
    StoredTries,
};
pub use proposals::{Proposal, ShownProposal, StoredSupport};
pub use provider_flows::{FlowFor, FlowKey, ProviderFlow, StoredFlow};
pub use recovery::UnsavedCodes;
pub use refused_tries::RefusedDay;
pub use registration_counts::{Journey, RegistrationCount};
pub use registrations::{Registration, RegistrationState};
pub use reseal::{Sealed, SealedRow};
pub use sessions::{FoundSession, Session};
pub use sign_ins::SignIn;
pub use store::Store;
pub use sweep::{Expired, SessionKind};
pub use tokens::Token;
pub use tx::Tx;
pub use votes::Vote;

use row::Row;
