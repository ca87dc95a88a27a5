//! `bpart mail`: what a mail server hands over.

use super::say;
use anyhow::Context as _;
use clap::{Args, Subcommand};
use identity::{Identity, Received};
use std::io::Read as _;

#[derive(Debug, Subcommand)]
pub(super) enum Mail {
    /// Take a mail that came back, on standard input: for the pipe of a mail server.
    Receive(Receive),
}

#[derive(Debug, Args)]
pub(super) struct Receive {
    /// The recipient of the envelope.
    #[arg(long)]
    to: String,
}

impl Mail {
    pub(super) async fn run(self, identity: &Identity) -> anyhow::Result<()> {
        let Self::Receive(Receive { to }) = self;
        let mut raw = Vec::new();
        // A longer mail is read as far as it matters.
        let most = u64::try_from(incoming::LONGEST).unwrap_or(u64::MAX);
        let read = std::io::stdin().lock().take(most).read_to_end(&mut raw);
        read.context("standard input")?;
        say(
            match identity.receive_mail(&to, &incoming::read(&raw)).await? {
                Received::Bounced => "One of our mails was not delivered: it is noted.",
                Received::Challenged => "A filter holds one of our mails: it is noted.",
                Received::Nothing => "Nothing is to be noted.",
                Received::NotOurs => "It is about none of our mails.",
            },
        )
    }
}
