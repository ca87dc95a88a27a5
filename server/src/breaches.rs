//! Asks the operator's service about leaked passwords, by the range protocol of Have I Been Pwned.
//!
//! What is sent and what an answer means is decided in `identity`; this file only carries a
//! question out and an answer back. It follows no redirect, believes no certificate that is not
//! valid, reads no more than an answer can hold, and gives up after a second.

use async_trait::async_trait;
use identity::Breaches;
use std::time::Duration;
use ureq::Agent;
use url::Url;

/// After that long nobody waits for the answer any more.
const TIME_OUT: Duration = Duration::from_secs(1);
/// The largest answer: a padded range is about 40 kB.
const MAX_ANSWER: u64 = 256 * 1024;

/// A service and the connections to it.
pub struct RangeService {
    agent: Agent,
    base: String,
}

impl RangeService {
    /// A service whose ranges lie below this address. Nothing is sent yet.
    pub fn new(address: &Url) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(TIME_OUT))
            .max_redirects(0)
            // Which way the program talks to the world is written in its settings alone.
            .proxy(None)
            .user_agent("bpart")
            .build();
        Self {
            agent: config.into(),
            base: address.as_str().trim_end_matches('/').to_owned(),
        }
    }
}

#[async_trait]
impl Breaches for RangeService {
    async fn range(&self, prefix: &str) -> Option<String> {
        let (agent, address) = (self.agent.clone(), format!("{}/{prefix}", self.base));
        // The client waits in its thread; the threads of the server do not.
        let asked = tokio::task::spawn_blocking(move || ask(&agent, &address));
        asked.await.ok().flatten()
    }
}

fn ask(agent: &Agent, address: &str) -> Option<String> {
    // With padding, the size of an answer says nothing about the question.
    let answer = agent.get(address).header("Add-Padding", "true").call();
    let mut answer = answer.ok().filter(|answer| answer.status() == 200)?;
    let body = answer.body_mut().with_config().limit(MAX_ANSWER);
    body.read_to_string().ok()
}
