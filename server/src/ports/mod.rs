//! The contract's ports, implemented for one request.
//!
//! Each port checks what the user may do, calls the use case, and turns its refusals into
//! [`contract::Problem`]s; nothing else is decided here. Who is asking is known by the
//! [`RequestContext`].

mod account;
mod activity;
mod desk;
mod details;
mod drafts;
mod help;
mod invitation;
mod leaving;
pub mod mailbox;
mod own_data;
mod password;
mod platform;
mod providers;
mod refusals;
mod registration;
mod responder;
mod round_trip;
mod sessions;
mod sign_in;
mod two_factor;

use crate::request::{Attachment, RequestContext, problems::chain};
pub use round_trip::Callback;
