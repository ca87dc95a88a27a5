//! Refusals that an operator should hear of: one line of the log each, and a counter.

use super::RequestContext;
use data_encoding::HEXLOWER;
use domain::Email;
use identity::{CommonError, Error};
use std::net::{Ipv4Addr, Ipv6Addr};

impl RequestContext {
    /// Notes the address that a form is about, for the lines about this request: as a keyed hash, so that lines about one
    /// address can be found and none can be read.
    pub fn about_address(&self, typed: &str) {
        let key = Email::parse(typed).map_or_else(|_| typed.to_lowercase(), |email| email.key());
        let text = format!("log {} {key}", self.tenant.realm);
        let mac = self.state.identity.vault.mac(text.as_bytes());
        let short = &mac[mac.len().saturating_sub(8)..];
        // The first form of a request is the only one.
        let _ = self.subject.set(HEXLOWER.encode(short));
    }

    /// Logs and counts what a use case refused, if an operator should hear of it.
    pub fn log_error(&self, error: &Error) {
        if let Some(why) = why(error) {
            self.log_refusal(why);
        }
    }

    /// Logs and counts a refusal for one of [`crate::metrics::REASONS`].
    pub fn log_refusal(&self, why: &'static str) {
        self.state.metrics.refuse(why);
        let account = self.signed_in.as_ref().map(|who| who.account.id.as_str());
        tracing::info!(
            refusal.why = why,
            tenant.realm = %self.tenant.realm,
            account.id = account,
            address.hash = self.subject.get().map(String::as_str),
            client.network = cut(&self.client.network),
            request.id = self.reference(),
            "Something was refused"
        );
    }
}

/// Why a use case refused, in the words of [`crate::metrics::REASONS`]; none for what people only mistype.
const fn why(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::BadCredentials => "bad_credentials",
        Error::Locked => "locked",
        Error::ResetNeeded => "reset_needed",
        Error::CodesClosed => "codes_closed",
        Error::CodeRejected => "code_rejected",
        Error::ProofRejected => "proof_rejected",
        Error::ProofsClosed => "proofs_closed",
        Error::WrongPassword => "wrong_password",
        Error::Common(CommonError::DeadLink) => "dead_link",
        Error::Common(CommonError::TooManyTries { .. }) => "too_many_tries",
        Error::Common(CommonError::Busy) => "busy",
        _ => return None,
    })
}

/// A network as the log names it: the /24 of an IPv4 address, the /48 of an IPv6 one. It tells where an attack comes from,
/// and not who was refused.
fn cut(network: &str) -> String {
    if let Ok(address) = network.parse::<Ipv4Addr>() {
        let [a, b, c, _] = address.octets();
        return format!("{a}.{b}.{c}.0/24");
    }
    let v6 = network.strip_suffix("/64").unwrap_or(network);
    match v6.parse::<Ipv6Addr>() {
        Ok(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    /// Red when a line of the log names one household.
    #[test]
    fn networks_are_cut() {
        assert_eq!(cut("203.0.113.5"), "203.0.113.0/24");
        assert_eq!(cut("2001:db8:1:23ff::/64"), "2001:db8:1::/48");
        assert_eq!(cut(""), "unknown");
    }
}
