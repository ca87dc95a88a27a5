//! What may depend on what. A new line here is the rarest kind of change, and says why in its commit.

/// Which of our crates may name which. Written for the product itself and its build scripts.
pub const EDGES: [(&str, &[&str]); 16] = [
    ("frontend", &["app"]),
    ("app", &["contract"]),
    ("vocabulary", &[]),
    ("contract", &["vocabulary"]),
    ("domain", &["vocabulary"]),
    ("store", &["domain"]),
    ("incoming", &[]),
    (
        "identity",
        &["domain", "incoming", "mail", "store", "unit_of_work"],
    ),
    ("participation", &["domain", "store", "unit_of_work"]),
    ("unit_of_work", &["domain", "mail", "store"]),
    ("jobs", &["domain", "store"]),
    ("mail", &["domain", "jobs", "store"]),
    ("help", &["domain"]),
    (
        "server",
        &[
            "app",
            "contract",
            "domain",
            "help",
            "identity",
            "incoming",
            "jobs",
            "mail",
            "participation",
            "store",
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
pub const TEST_EDGES: [(&str, &[&str]); 6] = [
    ("server", &["sqlx", "testkit"]),
    ("store", &["testkit"]),
    ("identity", &["testkit"]),
    ("jobs", &["testkit"]),
    ("mail", &["testkit"]),
    ("unit_of_work", &["testkit"]),
];

/// Crates of others that have one home. The kit of the tests may reach behind a home's back.
pub const HOMES: [(&str, &[&str]); 19] = [
    ("sqlx", &["store", "testkit"]),
    ("argon2", &["unit_of_work"]),
    ("chacha20poly1305", &["unit_of_work"]),
    ("hmac", &["unit_of_work"]),
    ("sha1", &["identity"]),
    // Codes are compared by the rules, hashes and tags by the services, records of deletions by the use case.
    ("subtle", &["domain", "identity", "unit_of_work"]),
    ("lettre", &["mail"]),
    ("comrak", &["help"]),
    ("axum", &["server", "testkit"]),
    ("http", &["server", "testkit"]),
    ("hyper", &["server", "testkit"]),
    ("tower-http", &["server"]),
    ("leptos_axum", &["server"]),
    ("clap", &["server"]),
    ("hickory-resolver", &["server"]),
    ("ureq", &["server", "xtask"]),
    ("openidconnect", &["server"]),
    ("leptos", &["app", "frontend", "server"]),
    ("wasm-bindgen", &["app", "frontend"]),
];

/// Crates that may name nothing but these: they are compiled for the browser, or wait for nothing and read nothing.
pub const ONLY: [(&str, &[&str]); 5] = [
    ("vocabulary", &["serde"]),
    ("contract", &["async-trait", "serde", "vocabulary"]),
    (
        "domain",
        &[
            "data-encoding",
            "jiff",
            "palette",
            "serde",
            "strsim",
            "subtle",
            "thiserror",
            "totp-rs",
            "unicode-normalization",
            "unicode-properties",
            "uuid",
            "vocabulary",
            "zeroize",
            "zxcvbn",
        ],
    ),
    (
        "app",
        &[
            "contract",
            "js-sys",
            "leptos",
            "leptos_i18n",
            "leptos_i18n_codegen",
            "leptos_i18n_parser",
            "serde",
            "serde_json",
            "wasm-bindgen",
            "web-sys",
        ],
    ),
    ("frontend", &["app", "leptos", "wasm-bindgen"]),
];
