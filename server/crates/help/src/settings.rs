//! The settings that articles show.

/// What only the running program knows.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of the platform.
    pub brand: String,
    /// The address that people write to for help.
    pub support_email: String,
    /// The origin of this site, such as `https://bpart.example`.
    pub public_url: String,
}
