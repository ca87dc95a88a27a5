//! What concerns an organisation as a whole.

use crate::plain;
use serde::{Deserialize, Serialize};

/// The addresses of a domain that managers of an organisation have are doubted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainDoubted {
    /// The recipient's name.
    pub name: String,
    /// The organisation.
    pub organisation: String,
    /// What their addresses end in: the domain with `@` before it, which no mail reader makes a link of.
    pub ending: String,
    /// The home of the back office.
    pub link: String,
}

impl DomainDoubted {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            organisation: plain::sanitize(&self.organisation),
            ending: plain::address(&self.ending),
            ..self
        }
    }
}

/// The platform team changed which second factor an organisation accepts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyChanged {
    /// The recipient's name.
    pub name: String,
    /// The organisation.
    pub organisation: String,
    /// Whether the second factor of Microsoft is enough from now on.
    pub accepts_provider_factor: bool,
    /// When it was changed.
    pub when: String,
    /// The help centre.
    pub link: String,
}

impl PolicyChanged {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            organisation: plain::sanitize(&self.organisation),
            when: plain::one_line(&self.when),
            ..self
        }
    }
}
