//! The bare rate of argon2id on this machine: one thread a core, memory filled again and again, nothing else.
//!
//! `cargo xtask bench` measures it beside the rate of whole sign-ins, so that a slow machine is judged like a fast
//! one. The argument is the number of seconds; hashes for each second are printed.
#![expect(
    clippy::print_stdout,
    reason = "the figure is for whoever started this"
)]

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(5));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let rate: f64 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| rate(time))).collect();
        workers
            .into_iter()
            .filter_map(|worker| worker.join().ok())
            .sum()
    });
    println!("{rate:.2}");
}

/// Hashes for each second, of one thread.
fn rate(time: Duration) -> f64 {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    let mut memory = vec![Block::new(); Params::DEFAULT.block_count()];
    let mut hash = [0; 32];
    let mut hashes = 0_u32;
    let started = Instant::now();
    while started.elapsed() < time {
        let password = hashes.to_le_bytes();
        // The parameters are the crate's own: it has nothing to refuse.
        if argon2
            .hash_password_into_with_memory(&password, b"sixteen bytes of", &mut hash, &mut memory)
            .is_ok()
        {
            hashes += 1;
        }
    }
    f64::from(hashes) / started.elapsed().as_secs_f64()
}
