//! What the response will carry: cookies, a location, a status, a file.

use contract::Provider;
use http::HeaderValue;

/// What the response will carry, as far as ports and handlers have said so.
#[derive(Default)]
pub struct PendingResponse {
    /// `Set-Cookie` headers.
    pub cookies: Vec<HeaderValue>,
    /// Where the browser goes next.
    pub location: Option<String>,
    /// The provider that a form leads to, and the address there.
    pub elsewhere: Option<(Provider, String)>,
    /// For how many seconds the server is overloaded, and where to try again.
    pub overload: Option<(u64, String)>,
    /// The status of data for a script.
    pub status: Option<u16>,
    /// Whether the browser is told to forget what it stored of this origin.
    pub leaves: bool,
    /// The file that a form is answered with.
    pub attachment: Option<Attachment>,
}

/// A file that a form is answered with.
pub struct Attachment {
    /// Its name, which we make: no quotes, no control characters.
    pub name: String,
    /// Its media type.
    pub kind: &'static str,
    /// Its content.
    pub content: Vec<u8>,
}
