//! One line of plain text, behind the accept loop of the program: what a page costs is measured beside it.
//!
//! `cargo xtask bench page-rate` starts it with `BPART_LISTEN`.

use axum::{Router, routing::get};
use server::edge::{accept, shares::Shares};
use tokio::net::TcpListener;

#[expect(clippy::disallowed_methods, reason = "one setting needs no file")]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::var("BPART_LISTEN").unwrap_or_else(|_| "127.0.0.1:3001".to_owned());
    let listener = TcpListener::bind(address).await?;
    let router = Router::new().route("/", get(async || "A plain line of text"));
    let shares = Shares::new(usize::MAX, |_| true, || {});
    accept::serve(listener, router, shares, std::future::pending()).await;
    Ok(())
}
