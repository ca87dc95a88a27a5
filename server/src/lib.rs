//! The program `bpart`: HTTP, the process, and the ports that pages ask.
//!
//! Start with [`router`], which stacks the layers and mounts every page; then [`http::pages`],
//! which draws one, and [`ports`], which answers what pages ask. The rules are not here: they are
//! in `domain`, the use cases in `identity`.

pub mod breaches;
pub mod cli;
pub mod config;
pub mod demo;
pub mod http;
pub mod jobs;
pub mod ports;
pub mod providers;
pub mod router;
pub mod serve;
pub mod state;
pub mod system;
pub mod telemetry;

pub use config::Config;
pub use state::AppState;
