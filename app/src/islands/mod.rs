//! Islands: the only code of the site that runs in the browser.
//!
//! An island here is an element and what happens to it once the browser has woken up. Everything inside is its
//! *children*: drawn on the server, sent once, never drawn again. What an island needs to know (an id, a word to say)
//! stands in `data-` attributes of those children, so it has no properties, and no code to read properties is loaded.
//! There is no state to keep in step either: an island listens, and touches the page.
//!
//! Each of them only adds. What it offers is `hidden` until it wakes, and the page does its work
//! without it. The blocks in `crate::components` place islands; a page hardly ever names one.
//!
//! The functions under `use:` run in the browser only; the server never calls them.

mod copy_text;
mod dom;
mod keep_codes;
mod password_strength;
mod reveal_password;
mod session_watch;
mod submit_once;
mod watch_mail;

pub use copy_text::CopyText;
pub use keep_codes::KeepCodes;
pub use password_strength::PasswordStrength;
pub use reveal_password::RevealPassword;
pub use session_watch::WatchSession;
pub use submit_once::SubmitOnce;
pub use watch_mail::WatchMail;
