//! The context of a request: cookies, client, tenant, session, language, and the response that is
//! being prepared.

pub mod client;
mod context;
pub mod cookies;
pub mod language;
pub mod own_path;
mod pending;
pub mod problems;
mod refusals;
mod response;
pub mod tenant;

pub use context::RequestContext;
pub use pending::Attachment;
