//! From a message to words: the templates of `locales/{en,fr}/mail`, checked by the compiler.
//!
//! Every mail has a `.txt` and an `.html` in each language. The first line of the text is the
//! subject, which the HTML shows as its heading. All of them stand on `layout` (greeting and
//! last words of a language), those about security on `notice`, and the HTML at last on the
//! crate's own `frame.html`, which has the look and no words.

use crate::message::{
    AccountClosed, AccountDeleted, AccountElsewhere, AccountSafe, AccountSetup, AddressConfirm,
    AlreadyRegistered, DeletionAsked, DomainDoubted, EmailConfirm, EmailNotice, EmailTold,
    EmailUndo, How, Message, NewDevices, NoAccount, Notice, PasswordChanged, PasswordReset,
    PolicyChanged, ProviderNotice, RecoveryCodeUsed, Sender, TwoFactorDisabled, Why,
};
use askama::Template;
use domain::Locale;

/// A mail in one language, ready to be sent or shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line, without line break.
    pub subject: String,
    /// The whole mail for those who read plain text.
    pub text: String,
    /// A whole HTML document. Its look is in `style` attributes and one `<style>`, as mail
    /// readers need it.
    pub html: String,
}

/// A template could not be filled in. Ours only write into memory, so it does not happen.
#[derive(Debug, thiserror::Error)]
#[error("a mail could not be rendered")]
pub struct RenderError(#[from] askama::Error);

/// Writes `message` in `locale`, in the name of `sender`.
pub fn render(message: &Message, locale: Locale, sender: &Sender) -> Result<Rendered, RenderError> {
    let (text, html) = fill(&message.sanitized(), locale, sender, message.link())?;
    let (subject, text) = text.split_once('\n').unwrap_or((&text, ""));
    Ok(Rendered {
        subject: subject.trim().to_owned(),
        text: format!("{}\n", text.trim()),
        html,
    })
}

/// Fills in one pair of templates. The subject is the first line of the text.
macro_rules! pair {
    ($data:ty, $mail:expr, $sender:expr, $link:expr, $text:tt, $html:tt) => {{
        #[derive(Template)]
        #[template(path = $text)]
        struct Text<'a> {
            mail: &'a $data,
            sender: &'a Sender,
            link: &'a str,
        }
        #[derive(Template)]
        #[template(path = $html)]
        struct Html<'a> {
            mail: &'a $data,
            sender: &'a Sender,
            link: &'a str,
            subject: &'a str,
        }
        let (mail, sender, link) = ($mail, $sender, $link);
        let text = Text { mail, sender, link }.render()?;
        let subject = text.lines().next().unwrap_or_default();
        let html = Html {
            mail,
            sender,
            link,
            subject,
        }
        .render()?;
        (text, html)
    }};
}

/// The table of all mails: variant, data, and the templates in English and in French.
macro_rules! mails {
    ($($mail:ident($data:ty): $en_text:tt $en_html:tt, $fr_text:tt $fr_html:tt;)+) => {
        fn fill(
            message: &Message,
            locale: Locale,
            sender: &Sender,
            link: &str,
        ) -> askama::Result<(String, String)> {
            Ok(match (message, locale) {$(
                (Message::$mail(mail), Locale::En) => {
                    pair!($data, mail, sender, link, $en_text, $en_html)
                }
                (Message::$mail(mail), Locale::Fr) => {
                    pair!($data, mail, sender, link, $fr_text, $fr_html)
                }
            )+})
        }
    };
}

mails! {
    AccountSetup(AccountSetup):
        "en/mail/account_setup.txt" "en/mail/account_setup.html",
        "fr/mail/account_setup.txt" "fr/mail/account_setup.html";
    TwoFactorEnabled(Notice):
        "en/mail/two_factor_enabled.txt" "en/mail/two_factor_enabled.html",
        "fr/mail/two_factor_enabled.txt" "fr/mail/two_factor_enabled.html";
    PhoneReplaced(Notice):
        "en/mail/phone_replaced.txt" "en/mail/phone_replaced.html",
        "fr/mail/phone_replaced.txt" "fr/mail/phone_replaced.html";
    TwoFactorDisabled(TwoFactorDisabled):
        "en/mail/two_factor_disabled.txt" "en/mail/two_factor_disabled.html",
        "fr/mail/two_factor_disabled.txt" "fr/mail/two_factor_disabled.html";
    RecoveryCodesMade(Notice):
        "en/mail/recovery_codes_made.txt" "en/mail/recovery_codes_made.html",
        "fr/mail/recovery_codes_made.txt" "fr/mail/recovery_codes_made.html";
    RecoveryCodeUsed(RecoveryCodeUsed):
        "en/mail/recovery_code_used.txt" "en/mail/recovery_code_used.html",
        "fr/mail/recovery_code_used.txt" "fr/mail/recovery_code_used.html";
    PasswordReset(PasswordReset):
        "en/mail/password_reset.txt" "en/mail/password_reset.html",
        "fr/mail/password_reset.txt" "fr/mail/password_reset.html";
    AccountSafe(AccountSafe):
        "en/mail/account_safe.txt" "en/mail/account_safe.html",
        "fr/mail/account_safe.txt" "fr/mail/account_safe.html";
    NoAccount(NoAccount):
        "en/mail/no_account.txt" "en/mail/no_account.html",
        "fr/mail/no_account.txt" "fr/mail/no_account.html";
    AccountElsewhere(AccountElsewhere):
        "en/mail/account_elsewhere.txt" "en/mail/account_elsewhere.html",
        "fr/mail/account_elsewhere.txt" "fr/mail/account_elsewhere.html";
    AccountClosed(AccountClosed):
        "en/mail/account_closed.txt" "en/mail/account_closed.html",
        "fr/mail/account_closed.txt" "fr/mail/account_closed.html";
    PasswordChanged(PasswordChanged):
        "en/mail/password_changed.txt" "en/mail/password_changed.html",
        "fr/mail/password_changed.txt" "fr/mail/password_changed.html";
    SecondFactorGuess(Notice):
        "en/mail/second_factor_guess.txt" "en/mail/second_factor_guess.html",
        "fr/mail/second_factor_guess.txt" "fr/mail/second_factor_guess.html";
    ProofGuess(Notice):
        "en/mail/proof_guess.txt" "en/mail/proof_guess.html",
        "fr/mail/proof_guess.txt" "fr/mail/proof_guess.html";
    NewDevice(Notice):
        "en/mail/new_device.txt" "en/mail/new_device.html",
        "fr/mail/new_device.txt" "fr/mail/new_device.html";
    NewDevices(NewDevices):
        "en/mail/new_devices.txt" "en/mail/new_devices.html",
        "fr/mail/new_devices.txt" "fr/mail/new_devices.html";
    AddressConfirm(AddressConfirm):
        "en/mail/address_confirm.txt" "en/mail/address_confirm.html",
        "fr/mail/address_confirm.txt" "fr/mail/address_confirm.html";
    AlreadyRegistered(AlreadyRegistered):
        "en/mail/already_registered.txt" "en/mail/already_registered.html",
        "fr/mail/already_registered.txt" "fr/mail/already_registered.html";
    EmailConfirm(EmailConfirm):
        "en/mail/email_confirm.txt" "en/mail/email_confirm.html",
        "fr/mail/email_confirm.txt" "fr/mail/email_confirm.html";
    EmailTaken(EmailTold):
        "en/mail/email_taken.txt" "en/mail/email_taken.html",
        "fr/mail/email_taken.txt" "fr/mail/email_taken.html";
    EmailAsked(EmailNotice):
        "en/mail/email_asked.txt" "en/mail/email_asked.html",
        "fr/mail/email_asked.txt" "fr/mail/email_asked.html";
    EmailChanged(EmailUndo):
        "en/mail/email_changed.txt" "en/mail/email_changed.html",
        "fr/mail/email_changed.txt" "fr/mail/email_changed.html";
    EmailNew(EmailTold):
        "en/mail/email_new.txt" "en/mail/email_new.html",
        "fr/mail/email_new.txt" "fr/mail/email_new.html";
    EmailRestored(EmailNotice):
        "en/mail/email_restored.txt" "en/mail/email_restored.html",
        "fr/mail/email_restored.txt" "fr/mail/email_restored.html";
    EmailLost(EmailTold):
        "en/mail/email_lost.txt" "en/mail/email_lost.html",
        "fr/mail/email_lost.txt" "fr/mail/email_lost.html";
    ProviderLinked(ProviderNotice):
        "en/mail/provider_linked.txt" "en/mail/provider_linked.html",
        "fr/mail/provider_linked.txt" "fr/mail/provider_linked.html";
    ProviderUnlinked(ProviderNotice):
        "en/mail/provider_unlinked.txt" "en/mail/provider_unlinked.html",
        "fr/mail/provider_unlinked.txt" "fr/mail/provider_unlinked.html";
    DeletionAsked(DeletionAsked):
        "en/mail/deletion_asked.txt" "en/mail/deletion_asked.html",
        "fr/mail/deletion_asked.txt" "fr/mail/deletion_asked.html";
    DeletionStopped(Notice):
        "en/mail/deletion_stopped.txt" "en/mail/deletion_stopped.html",
        "fr/mail/deletion_stopped.txt" "fr/mail/deletion_stopped.html";
    AccountDeleted(AccountDeleted):
        "en/mail/account_deleted.txt" "en/mail/account_deleted.html",
        "fr/mail/account_deleted.txt" "fr/mail/account_deleted.html";
    PolicyChanged(PolicyChanged):
        "en/mail/policy_changed.txt" "en/mail/policy_changed.html",
        "fr/mail/policy_changed.txt" "fr/mail/policy_changed.html";
    DomainDoubted(DomainDoubted):
        "en/mail/domain_doubted.txt" "en/mail/domain_doubted.html",
        "fr/mail/domain_doubted.txt" "fr/mail/domain_doubted.html";
    DataDownloaded(Notice):
        "en/mail/data_downloaded.txt" "en/mail/data_downloaded.html",
        "fr/mail/data_downloaded.txt" "fr/mail/data_downloaded.html";
}
