//! How we talk to providers: one function over one client, which follows no redirect, believes no
//! certificate that is not valid, reads no more than an answer can hold, and gives up in time.
//!
//! The addresses come from documents that a provider publishes. They are held to the rule of the
//! settings: TLS, or this machine.

use crate::config::is_safe;
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use ureq::{Agent, Body, http::Response};
use url::Url;

/// The longest that a person waits for a provider, all questions together.
pub const TIME_OUT: Duration = Duration::from_secs(5);
/// The largest answer. Microsoft's keys are about 15 kB.
const MAX_ANSWER: u64 = 256 * 1024;
/// Questions at a time: each holds a thread until it is answered or given up.
const AT_ONCE: usize = 16;

/// Why there is no answer. Names no address: what stands in a query may be secret.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// Not TLS, and not this machine.
    #[error("its documents name an address that is neither https nor on this machine")]
    Unsafe,
    /// It does not answer, or breaks HTTP or TLS.
    #[error("it does not answer: {0}")]
    Failed(String),
    /// It takes too long.
    #[error("it does not answer within {} seconds", TIME_OUT.as_secs())]
    TooSlow,
    /// It answers with another status.
    #[error("it answers with status {0}")]
    Status(u16),
    /// It answers with something else than was asked for.
    #[error("it answers nonsense: {0}")]
    Nonsense(String),
}

/// The client and its limit.
pub struct Outgoing {
    agent: Agent,
    permits: Arc<Semaphore>,
}

impl Outgoing {
    /// Nothing is sent yet.
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(TIME_OUT))
            .max_redirects(0)
            .http_status_as_error(false)
            // Which way the program talks to the world is written in its settings alone.
            .proxy(None)
            .user_agent("bpart")
            .build();
        Self {
            agent: config.into(),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Reads a document.
    pub async fn get(&self, url: &Url) -> Result<Vec<u8>, Unreachable> {
        let address = checked(url)?;
        let ask = move |agent: &Agent| {
            let asked = agent.get(&address).header("accept", "application/json");
            asked.call()
        };
        match self.ask(ask).await? {
            (200, body) => Ok(body),
            (status, _) => Err(Unreachable::Status(status)),
        }
    }

    /// Sends a form; gives the status and the body.
    pub async fn post(
        &self,
        url: &Url,
        fields: &[(&str, &str)],
    ) -> Result<(u16, Vec<u8>), Unreachable> {
        let address = checked(url)?;
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let ask = move |agent: &Agent| {
            let asked = agent
                .post(&address)
                .header("accept", "application/json")
                .header("content-type", "application/x-www-form-urlencoded");
            asked.send(form.as_bytes())
        };
        self.ask(ask).await
    }

    /// Asks in a thread of its own: the client waits there, the threads of the server do not.
    async fn ask(
        &self,
        ask: impl FnOnce(&Agent) -> Result<Response<Body>, ureq::Error> + Send + 'static,
    ) -> Result<(u16, Vec<u8>), Unreachable> {
        let failed = |error: &dyn std::error::Error| Unreachable::Failed(error.to_string());
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|error| failed(&error))?;
        let agent = self.agent.clone();
        let asked = tokio::task::spawn_blocking(move || {
            // Released when the thread is free, even if the request was cancelled meanwhile.
            let _permit = permit;
            let mut answer = ask(&agent)?;
            let status = answer.status().as_u16();
            let body = answer.body_mut().with_config().limit(MAX_ANSWER);
            Ok((status, body.read_to_vec()?))
        });
        match asked.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(ureq::Error::Timeout(_))) => Err(Unreachable::TooSlow),
            Ok(Err(error)) => Err(failed(&error)),
            Err(error) => Err(failed(&error)),
        }
    }
}

fn checked(url: &Url) -> Result<String, Unreachable> {
    if is_safe(url) {
        Ok(url.as_str().to_owned())
    } else {
        Err(Unreachable::Unsafe)
    }
}
