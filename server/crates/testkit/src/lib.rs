//! What tests of several crates need: a clock that stands still, chance from a seed, a PostgreSQL
//! of their own, a browser without JavaScript, an authenticator application, and a provider that lies.
//!
//! Nothing here knows the product beyond the two traits of `domain` that it implements. The
//! browser speaks HTTP over a socket and reads HTML with code of its own; the codes of the
//! authenticator come from `oathtool`. A test therefore fails when the product is wrong, and not
//! only when it disagrees with itself.
//!
//! The running server, its people and its mailbox are in `server/tests/it/support`: they need the
//! crate `server`, and `store` tests itself with this one. Start with [`browser`].

pub mod browser;
pub mod chance;
pub mod clock;
pub mod cookies;
pub mod dump;
pub mod form;
pub mod html;
pub mod migrated;
pub mod openid;
pub mod page;
pub mod phone;
pub mod postgres;
pub mod rows;
pub mod smtp;
pub mod tamper;
pub mod wire;

pub use browser::Browser;
pub use chance::SeededEntropy;
pub use clock::FixedClock;
pub use form::Form;
pub use openid::OpenId;
pub use page::Page;
pub use phone::Phone;
pub use tamper::tamper;
