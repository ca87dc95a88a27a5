//! What the server is told about the domains of addresses.

use async_trait::async_trait;
use domain::MailDomain;
use identity::MailDomains;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// A name system in which every domain takes mail, unless a test says otherwise.
#[derive(Clone, Default)]
pub struct NameSystem(Arc<Mutex<Answers>>);

#[derive(Default)]
struct Answers {
    of: HashMap<String, MailDomain>,
    asked: Vec<String>,
}

impl NameSystem {
    /// Says this about a domain from now on.
    pub fn say(&self, domain: &str, answer: MailDomain) {
        self.0.lock().unwrap().of.insert(domain.to_owned(), answer);
    }

    /// The domains that were asked about, in order.
    pub fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().asked.clone()
    }
}

#[async_trait]
impl MailDomains for NameSystem {
    async fn ask(&self, domain: &str) -> MailDomain {
        let mut answers = self.0.lock().unwrap();
        answers.asked.push(domain.to_owned());
        answers.of.get(domain).copied().unwrap_or(MailDomain::Takes)
    }
}
