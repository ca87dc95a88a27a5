//! Server functions: what forms are posted to.
//!
//! Each takes the port, calls it, and says where to go next: three lines, no rules. A form gets
//! `303 See Other` whether it worked or not; what went wrong waits on the server for the next
//! page, so that no error and nothing typed ever stands in an address. A script that calls the
//! same function gets the [`Problem`] as data.

#![expect(
    missing_docs,
    reason = "`#[server]` makes structs whose fields are the documented functions' arguments"
)]

mod demo;
mod details;
mod help;
mod invitation;
mod leaving;
mod participation;
mod password;
mod providers;
mod registration;
mod sessions;
mod sign_in;
mod two_factor;

pub use demo::*;
pub use details::*;
pub use help::*;
pub use invitation::*;
pub use leaving::*;
pub use participation::*;
pub use password::*;
pub use providers::*;
pub use registration::*;
pub use sessions::*;
pub use sign_in::*;
pub use two_factor::*;

use crate::{
    locale,
    paths::{self, encode},
    ports,
};
use contract::{Backend, Done, Flash, Locale, Problem};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a script gets when a server function refuses.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ApiError {
    /// The port refused.
    Refused(Problem),
    /// The request never arrived whole, or its answer did not.
    Transport,
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Transport
    }
}

/// The answer to one form, in its language.
pub(crate) struct Reply {
    pub backend: Arc<dyn Backend>,
    locale: Locale,
}

impl Reply {
    /// Takes the ports; a form carries its language, since its address has none.
    pub fn new(locale: &str) -> Result<Self, ApiError> {
        let backend = ports::backend().map_err(ApiError::Refused)?;
        Ok(Self {
            backend,
            locale: Locale::from_tag(locale),
        })
    }

    /// The address of a page of the entrance of the form's door.
    pub fn entrance(&self, path: &str) -> String {
        self.backend.door().entrance(path)
    }

    /// The address of a page of one's own account at the form's door.
    pub fn own(&self, path: &str) -> String {
        self.backend.door().own(path)
    }

    /// The home page behind the form's door.
    pub fn home(&self) -> String {
        self.backend.door().home()
    }

    /// It worked: redirects to that page.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "it is the last word of server functions, which can fail elsewhere"
    )]
    pub fn go(&self, path: &str) -> Result<(), ApiError> {
        self.backend.see_other(&locale::href(self.locale, path));
        Ok(())
    }

    /// It worked: redirects to that page, which says so once.
    pub async fn tell(&self, path: &str, done: impl Into<Done>) -> Result<(), ApiError> {
        let flash = Flash {
            done: Some(done.into()),
            ..Flash::default()
        };
        self.go_and_tell(path, flash).await
    }

    /// It worked: redirects to that page, which shows the flash once.
    pub async fn go_and_tell(&self, path: &str, flash: Flash) -> Result<(), ApiError> {
        self.backend.keep(path, flash).await;
        self.go(path)
    }

    /// Keeps what was typed for another page, which shows it again.
    pub async fn remember(&self, path: &str, typed: &[(&str, &str)]) {
        if self.backend.wants_page() {
            let flash = Flash {
                typed: kept(typed),
                ..Flash::default()
            };
            self.backend.keep(path, flash).await;
        }
    }

    /// It was refused, and a script asked: the problem as data, with its status.
    pub fn refuse(&self, problem: Problem) -> ApiError {
        self.backend.status(problem.status());
        ApiError::Refused(problem)
    }

    /// It was refused: back to the form, which shows why and what was typed.
    pub async fn back(
        &self,
        path: &str,
        form: &str,
        typed: &[(&str, &str)],
        problem: Problem,
    ) -> Result<(), ApiError> {
        if !self.backend.wants_page() {
            return Err(self.refuse(problem));
        }
        let typed = kept(typed);
        if problem == Problem::SignInFirst {
            let page = path.split(['?', '#']).next().unwrap_or_default();
            let door = self.entrance(paths::SIGN_IN);
            if !self.backend.keep_draft(page, form, &typed).await {
                let flash = Flash {
                    problem: Some(problem),
                    ..Flash::default()
                };
                self.backend.keep(&door, flash).await;
            }
            return self.go(&format!("{door}?next={}", encode(page)));
        }
        let path = locale::href(self.locale, path);
        let busy = match problem {
            Problem::Busy { wait_s } => Some(wait_s),
            _ => None,
        };
        let flash = Flash {
            problem: Some(problem).filter(|_| busy.is_none()),
            form: Some(shortened("form", form)),
            typed,
            ..Flash::default()
        };
        self.backend.keep(&path, flash).await;
        match busy {
            Some(wait_s) => self.backend.overloaded(wait_s, &path),
            None => self.backend.see_other(&path),
        }
        Ok(())
    }
}

fn kept(typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let typed = typed.iter();
    let typed = typed.map(|(name, text)| ((*name).to_owned(), shortened(name, text)));
    typed.collect()
}

/// What is kept of a field for the page that shows it again: no field but the long text takes more,
/// and what strangers may have stored must stay small.
fn shortened(name: &str, text: &str) -> String {
    let most = match name {
        "comment" => 4_000,
        // The name of one of our forms, as the browser says it.
        "form" => 32,
        _ => 320,
    };
    text.chars().take(most).collect()
}
