//! The program `bpart`.

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    // rustls wants one provider chosen before the first connection, mail or database.
    let _ = rustls::crypto::ring::default_provider().install_default();
    server::cli::Arguments::parse().run()
}
