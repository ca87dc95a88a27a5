//! What the operator reads.

use std::{
    io,
    sync::{Mutex, Once, PoisonError},
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

static WRITTEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Keeps what this process logs from now on, as the lines that a log collector gets.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let builder = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new("info"))
            .with_writer(Keep)
            .json()
            .flatten_event(true);
        builder.init();
    });
}

/// The lines about one request.
pub fn about(request: &str) -> Vec<String> {
    let lines = lines();
    lines
        .into_iter()
        .filter(|line| line.contains(request))
        .collect()
}

/// Every line.
pub fn lines() -> Vec<String> {
    let written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    let text = String::from_utf8_lossy(&written);
    text.lines().map(str::to_owned).collect()
}

struct Keep;

impl io::Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Keep {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}
