//! Everything that happens later: one table, one runner.
//!
//! A use case queues a job in its own transaction ([`store::NewJob`]). Each process has one
//! [`Runner`], which takes due jobs with a lease, gives each to the [`Handler`] of its [`Kind`], and
//! writes down the [`Outcome`]. A job is done at least once: a handler that must not be repeated
//! removes its job in its own transaction ([`store::Tx::finish_job`]).
//!
//! What goes first is decided in three places: the [priority](domain::job::Priority) of a job, the
//! [`Slots`] that are reserved for each priority, and the lane and the destination of a job. Why there
//! is no library for this: `docs/decisions/0014-jobs.md`.

mod handler;
mod kind;
mod runner;
mod slots;
mod work;

pub use handler::{Handler, Outcome};
pub use kind::Kind;
pub use runner::Runner;
pub use slots::Slots;
pub use store::LeasedJob;
