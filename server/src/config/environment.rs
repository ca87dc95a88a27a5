//! The settings among the variables of the process.

use super::{ConfigError, error::wrong};
use std::ffi::OsString;

/// What every variable of ours begins with.
pub(super) const PREFIX: &str = "BPART_";

/// Names without the prefix in small letters, and values. Variables of others are not looked at, whatever bytes they
/// hold; an empty value counts as none.
///
/// # Errors
/// One of ours that is not UTF-8.
pub(super) fn settings(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Vec<(String, String)>, ConfigError> {
    let mut settings = Vec::new();
    for (name, value) in variables {
        let full = name.to_string_lossy();
        let Some(name) = full.strip_prefix(PREFIX) else {
            continue;
        };
        if is_of_kubernetes(name) || value.is_empty() {
            continue;
        }
        let value = value
            .into_string()
            .map_err(|_| wrong(full.to_string(), "the value is not UTF-8"))?;
        settings.push((name.to_lowercase(), value));
    }
    Ok(settings)
}

/// Kubernetes tells every container of the services beside it; for a service that is called `bpart`:
/// `BPART_SERVICE_HOST`, `BPART_SERVICE_PORT`, `BPART_SERVICE_PORT_<NAME>`, `BPART_PORT` and
/// `BPART_PORT_<NUMBER>_<PROTOCOL>` with `_PROTO`, `_PORT` and `_ADDR`
/// (<https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>).
fn is_of_kubernetes(name: &str) -> bool {
    let is_port = |rest: &str| {
        let mut parts = rest.split('_');
        let number = parts.next().is_some_and(|part| part.parse::<u16>().is_ok());
        number && matches!(parts.next(), Some("TCP" | "UDP" | "SCTP"))
    };
    matches!(name, "PORT" | "SERVICE_HOST" | "SERVICE_PORT")
        || name.starts_with("SERVICE_PORT_")
        || name.strip_prefix("PORT_").is_some_and(is_port)
}
