//! Takes the ports that the server put into Leptos' context for the running server function.

use contract::{Backend, Problem};
use leptos::prelude::use_context;
use std::sync::Arc;

/// Every port, bound to the request.
///
/// # Errors
/// [`Problem::BadRequest`] when a server function runs outside of a request.
pub fn backend() -> Result<Arc<dyn Backend>, Problem> {
    use_context::<Arc<dyn Backend>>().ok_or(Problem::BadRequest)
}
