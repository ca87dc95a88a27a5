//! Logs: lines that can be read alone, with fields `entity.name`; no personal data, no secrets.

use std::io::IsTerminal as _;
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging to the standard error: text for a person at a terminal, JSON lines otherwise.
///
/// `BPART_LOG` chooses what is logged (`info` by default); the settings have checked it.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let terminal = std::io::stderr().is_terminal();
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, as in tests, keeps the first.
    let _ = if terminal {
        builder.compact().with_target(false).try_init()
    } else {
        builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init()
    };
}
