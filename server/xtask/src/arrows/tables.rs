//! What may depend on what. A new line here is the rarest kind of change, and says why in its commit.

/// Which of our crates may name which. Written for the product itself and its build scripts.
pub const EDGES: [(&str, &[&str]); 12] = [
    ("frontend", &["app"]),
    ("app", &["contract"]),
    ("vocabulary", &[]),
    ("contract", &["vocabulary"]),
    ("domain", &["vocabulary"]),
    ("store", &["domain"]),
    ("identity", &["domain", "mail", "store"]),
    ("mail", &["domain", "store"]),
    ("help", &["domain"]),
    (
        "server",
        &[
            "app", "contract", "domain", "help", "identity", "mail", "store",
        ],
    ),
    (
        "testkit",
        &[
            "contract", "domain", "help", "identity", "mail", "server", "store",
        ],
    ),
    ("xtask", &[]),
];

/// Who may name what in addition, in tests. Whatever knows nothing of the server is tested without it; the tests of
/// the server look into the database for what must not be there.
pub const TEST_EDGES: [(&str, &[&str]); 4] = [
    ("server", &["sqlx", "testkit"]),
    ("store", &["testkit"]),
    ("identity", &["testkit"]),
    ("mail", &["testkit"]),
];

/// Crates of others that have one home. The kit of the tests may reach behind a home's back.
pub const HOMES: [(&str, &[&str]); 18] = [
    ("sqlx", &["store", "testkit"]),
    ("argon2", &["identity"]),
    ("chacha20poly1305", &["identity"]),
    ("hmac", &["identity"]),
    ("sha1", &["identity"]),
    // Codes are compared by the rules, hashes and tags by the use cases.
    ("subtle", &["domain", "identity"]),
    ("lettre", &["mail"]),
    ("comrak", &["help"]),
    ("axum", &["server", "testkit"]),
    ("http", &["server", "testkit"]),
    ("hyper", &["server", "testkit"]),
    ("tower-http", &["server"]),
    ("leptos_axum", &["server"]),
    ("clap", &["server"]),
    ("ureq", &["server"]),
    ("openidconnect", &["server"]),
    ("leptos", &["app", "frontend", "server"]),
    ("wasm-bindgen", &["app", "frontend"]),
];

/// All that the contract may be made of.
pub const CONTRACT: [&str; 3] = ["async-trait", "serde", "vocabulary"];

/// What must not be anywhere below a crate, however indirectly: the crate, arguments for cargo, the absences.
pub const ABSENT: [(&str, &[&str], &[&str]); 3] = [
    (
        "domain",
        &[],
        &["axum", "hyper", "leptos", "sqlx", "sqlx-core", "tokio"],
    ),
    (
        "contract",
        &[],
        &["axum", "hyper", "leptos", "sqlx", "sqlx-core", "tokio"],
    ),
    (
        "frontend",
        &["--target", "wasm32-unknown-unknown"],
        &[
            "argon2",
            "axum",
            "comrak",
            "hyper",
            "jiff",
            "lettre",
            "sqlx",
            "sqlx-core",
            "tokio",
            "uuid",
        ],
    ),
];

/// Sources that are compiled for two worlds and must not ask for which.
pub const WITHOUT_FEATURES: [&str; 4] = [
    "app/src",
    "app/contract/src",
    "app/vocabulary/src",
    "frontend/src",
];

/// Words that sources may not say.
pub struct Forbidden {
    /// Where: folders of sources.
    pub below: &'static [&'static str],
    /// Sources that may.
    pub but: &'static [&'static str],
    /// As they stand in the code.
    pub words: &'static [&'static str],
    /// The rule behind it.
    pub why: &'static str,
}

/// What the dependencies cannot tell, since it is in the standard library and in the language.
pub const UNSAID: [Forbidden; 2] = [
    Forbidden {
        below: &[
            "app/src",
            "app/contract/src",
            "app/vocabulary/src",
            "frontend/src",
            "server/src",
            "server/crates/domain/src",
            "server/crates/help/src",
            "server/crates/identity/src",
            "server/crates/mail/src",
            "server/crates/store/src",
        ],
        but: &["server/src/config.rs"],
        words: &["env::var"],
        why: "the settings are server/src/config.rs",
    },
    Forbidden {
        below: &["app/vocabulary/src", "server/crates/domain/src"],
        but: &[],
        words: &[
            "async fn",
            "async move",
            ".await",
            "std::env",
            "std::fs",
            "std::net",
            "std::process",
            "std::thread",
            "SystemTime",
            "Instant",
        ],
        why: "a rule waits for nothing and looks at nothing, time and chance are given to it",
    },
];
