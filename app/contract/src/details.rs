//! The details of one's own account, and how to change them: name, language of mails, address.

use crate::{Answer, Locale, Moment, OrganisationCard};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// The account as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The name.
    pub name: String,
    /// The address of the account.
    pub email: String,
    /// The requested address, until it is confirmed.
    pub wanted_email: Option<String>,
    /// The language of the mails.
    pub mail_language: Locale,
    /// When the account was made.
    pub member_since: Moment,
    /// When the password was set.
    pub password_set: Option<Moment>,
    /// The organisations; a participant's account belongs to the one of its door.
    pub organisations: Vec<OrganisationCard>,
}

/// The address as its settings show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailSettings {
    /// The present address.
    pub email: String,
    /// The requested address, and until when it can be confirmed.
    pub pending: Option<(String, Moment)>,
    /// Whether the next change needs a proof.
    pub needs_proof: bool,
}

/// What was done about the details, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetailsDone {
    /// The name was changed.
    NameChanged,
    /// The language of the mails was changed.
    LanguageChanged,
    /// A mail went to the address that was asked for.
    EmailAsked,
    /// The requested change of address was withdrawn.
    EmailWithdrawn,
    /// The new address is the account's.
    EmailChanged,
    /// The previous address is the account's again.
    EmailUndone,
}

/// Changing one's own details. What is done in a session refuses with
/// [`crate::Problem::SignInFirst`]; what a mailed link does needs none.
#[async_trait]
pub trait DetailsPort: Send + Sync {
    /// One's own account.
    async fn profile(&self) -> Answer<Profile>;

    /// Changes the name.
    async fn change_name(&self, name: &str) -> Answer<()>;

    /// Changes the language of the mails, given by its tag.
    async fn change_mail_language(&self, tag: &str) -> Answer<()>;

    /// The address, and what is under way with it.
    async fn email_settings(&self) -> Answer<EmailSettings>;

    /// Requests a change of address. The answer is the same whether or not the address is in use.
    async fn ask_for_email(&self, email: &str, proof: &str) -> Answer<()>;

    /// Withdraws the requested change of address.
    async fn withdraw_email(&self) -> Answer<()>;

    /// The address that a link would confirm; `None` when the link is dead. Consumes nothing.
    async fn new_email(&self, token: &str) -> Answer<Option<String>>;

    /// Makes the address of a link the account's, if it is the one that the page showed. Returns
    /// whether this browser is signed in to that account.
    async fn confirm_email(&self, token: &str, shown: &str) -> Answer<bool>;

    /// The address that a link would restore; `None` when the link is dead. Consumes nothing.
    async fn previous_email(&self, token: &str) -> Answer<Option<String>>;

    /// Restores the previous address and ends every session. Gives that address.
    async fn undo_email(&self, token: &str) -> Answer<String>;
}
