//! The edge: connections, limits of time, files for the browser, and what every response carries.

pub mod accept;
pub mod assets;
pub mod headers;
pub mod health;
pub mod origin;
pub mod request_id;
pub mod shares;
mod write_timeout;
