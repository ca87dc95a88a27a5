//! The bare rate of argon2id on this machine, by the kernel that the server uses: one thread a core, memory filled again and
//! again, nothing else.
//!
//! `cargo xtask bench` measures it beside the rate of whole sign-ins, so that a slow machine is judged like a fast
//! one. The argument is the number of seconds; hashes for each second are printed.
#![expect(
    clippy::print_stdout,
    reason = "the figure is for whoever started this"
)]

use std::time::{Duration, Instant};

use argon2_rust::{
    Algorithm, Argon2, Params, Version,
    params::{Memory, TagLen},
};

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
    let params = Params::builder()
        .memory(Memory::kib(19_456))
        .passes(2)
        .lanes(1)
        .threads(1)
        .tag_len(TagLen::bytes(32))
        .build();
    let Ok(params) = params else { return 0.0 };
    let mut hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hasher();
    let mut hash = [0; 32];
    let mut count = 0_u32;
    let started = Instant::now();
    while started.elapsed() < time {
        let password = count.to_le_bytes();
        if hasher
            .hash_into(&password, b"sixteen bytes of", &mut hash)
            .is_ok()
        {
            count += 1;
        }
    }
    f64::from(count) / started.elapsed().as_secs_f64()
}
