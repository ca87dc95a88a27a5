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
            .with_env_filter(EnvFilter::new(filter()))
            .with_writer(Keep)
            .json()
            .flatten_event(true);
        builder.init();
    });
}

/// What operators get, and from our own crates whatever they have to say.
fn filter() -> String {
    let ours = ["server", "identity", "store", "mail", "app", "domain"];
    let ours = ours.map(|name| format!("{name}=trace"));
    format!("info,{}", ours.join(","))
}

/// The lines about one request.
pub fn about(request: &str) -> Vec<String> {
    let lines = lines();
    lines
        .into_iter()
        .filter(|line| line.contains(request))
        .collect()
}

/// Every line that an operator gets who has set nothing.
pub fn lines() -> Vec<String> {
    let is_detail = |line: &String| ["DEBUG", "TRACE"].iter().any(|level| line.contains(level));
    let all = everything();
    all.lines()
        .map(str::to_owned)
        .filter(|line| !is_detail(line))
        .collect()
}

/// Every line, of any level.
pub fn everything() -> String {
    let written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&written).into_owned()
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
