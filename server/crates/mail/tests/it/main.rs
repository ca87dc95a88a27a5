//! Mails as they are read and as they travel: words in both languages, hostile names, and the
//! way over a real SMTP conversation. One binary; the SMTP server is `testkit::smtp`.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod delivery;
mod hostile;
mod house;
mod samples;
mod words;
