//! `domain_health`: the domains of addresses, and on how many days in a row they took no mail.

use crate::{
    StoreError, Tx,
    conn::{execute, optional, statements, store_and_tx},
    row::{record, select},
};
use domain::Timestamp;

record! {
    /// What is known of a domain.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct DomainHealth from domain_health of domain_health {
        /// The domain, in small letters.
        pub domain: String,
        /// Days in a row on which it took no mail.
        pub bad_days: u32,
        /// When something was last known of it.
        pub looked_at: Timestamp,
    }
}

statements! {
    DOMAIN_HEALTH = select!(domain_health, "from domain_health where domain = $1");
    PUT_DOMAIN_HEALTH =
        "insert into domain_health (domain, bad_days, looked_at) values ($1, $2, $3)
        on conflict (domain) do update
            set bad_days = excluded.bad_days, looked_at = excluded.looked_at";
}

store_and_tx! { reader:
    /// What is known of a domain.
    fn domain_health(conn, domain: &str) -> Option<DomainHealth> {
        optional!(conn, DOMAIN_HEALTH, domain)
    }
}

impl Tx {
    /// Writes down what is known of a domain, in place of what was.
    pub async fn put_domain_health(&mut self, health: &DomainHealth) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            PUT_DOMAIN_HEALTH,
            health.domain.as_str(),
            i64::from(health.bad_days),
            health.looked_at.as_millis()
        )
        .map(drop)
    }
}
