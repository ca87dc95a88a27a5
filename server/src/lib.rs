//! The program `bpart`: HTTP, the process, and the ports that pages ask.
//!
//! Start with [`router`], which stacks the layers and mounts every page; then [`handlers::pages`],
//! which shows one, and [`ports`], which answers what pages ask. The rules are not here: they are
//! in `domain`, the use cases in `identity`.

pub mod breaches;
pub mod cli;
pub mod config;
pub mod demo;
pub mod edge;
pub mod handlers;
mod header_text;
pub mod jobs;
mod live;
pub mod lmtp;
pub mod mail_domains;
pub mod metrics;
pub mod ports;
pub mod providers;
pub mod request;
pub mod router;
pub mod serve;
pub mod state;
pub mod sweep;
pub mod system;
pub mod telemetry;

pub use config::Config;
pub use state::AppState;
