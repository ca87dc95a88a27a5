//! How soon the server answers after its start, and the memory that it holds when idle.

use std::time::Duration;

use anyhow::Result;

use super::server::Server;
use super::{Bar, Bench, Figure};
use crate::progress::Ticker;

const STARTS: usize = 5;
/// Long enough for what a start leaves to be done in the background.
const SETTLE: Duration = Duration::from_secs(2);

/// The first start fills the database and is not counted; of the others the middle one is.
pub fn measure(bench: &Bench, _: &Ticker) -> Result<Vec<Figure>> {
    drop(Server::start(bench, "idle")?);
    let mut starts = Vec::new();
    let mut idle = 0.0_f64;
    for _ in 0..STARTS {
        let server = Server::start(bench, "idle")?;
        starts.push(server.start.as_secs_f64() * 1000.0);
        std::thread::sleep(SETTLE);
        idle = idle.max(server.resident_megabytes()?);
    }
    starts.sort_by(f64::total_cmp);
    Ok(vec![
        Figure::judged(
            "start to the first 200",
            starts[STARTS / 2],
            "ms",
            Bar::AtMost(300.0),
        ),
        Figure::judged("resident memory, idle", idle, "MB", Bar::AtMost(40.0)),
    ])
}
