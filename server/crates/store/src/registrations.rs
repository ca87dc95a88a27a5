//! `registrations`: people who registered and have not confirmed their address, or did so lately.
//!
//! One address may have any number of them: who registers never learns of others, and never waits for them.

use crate::{
    Store, StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements, store_and_tx},
    dialect::REGISTRATION_STATES,
    row::{record, select},
};
use domain::{
    AccountId, Email, Locale, MailDomain, MailId, MailState, Realm, RegistrationId, Timestamp,
};

record! {
    /// A registration.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Registration from registration of registrations {
        /// Its identifier.
        pub id: RegistrationId,
        /// The realm that the account is to belong to.
        pub realm: Realm,
        /// The slug of the project on whose page it was made.
        pub project: String,
        /// The address as it was typed.
        pub email: String,
        /// The name of the user; empty once it is confirmed.
        pub name: String,
        /// The language of the page.
        pub locale: Locale,
        /// The chosen password, hashed (PHC string); empty once it is confirmed.
        pub password_hash: String,
        /// The hash of the secret that the browser holds, 32 bytes.
        pub browser_hash: Vec<u8>,
        /// The account that its link confirms.
        pub account_id: Option<AccountId>,
        /// Its newest mail.
        pub mail_id: Option<MailId>,
        /// How many mails were written for it.
        pub mails: u32,
        /// The page to go to afterwards.
        pub next: Option<String>,
        /// The browser and system in a few words.
        pub device: String,
        /// The network.
        pub network: String,
        /// When it was made.
        pub created_at: Timestamp,
        /// When its newest mail was written; none while one is to be written.
        pub answered_at: Option<Timestamp>,
        /// When its link or its code was used.
        pub confirmed_at: Option<Timestamp>,
        /// When the owner of the address said that they did not register.
        pub denied_at: Option<Timestamp>,
        /// Of which address that was, as [`Email::key`]: a corrected one forgets it, until it is corrected back.
        pub denied_key: Option<String>,
        /// What the name system said about the domain of the address, where another one is suggested.
        pub domain_answer: Option<MailDomain>,
        /// The domains that may be meant, with spaces between.
        pub suggestions: Option<String>,
    }
}

record! {
    /// What can change about a registration and its mail while somebody waits for it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RegistrationState {
        /// The registration.
        pub id: RegistrationId,
        /// As in [`Registration`].
        pub answered_at: Option<Timestamp>,
        /// As in [`Registration`].
        pub confirmed_at: Option<Timestamp>,
        /// As in [`Registration`].
        pub denied_at: Option<Timestamp>,
        /// Where its newest mail stands.
        pub mail: Option<MailState>,
        /// Why it was not taken the last time.
        pub last_error: Option<String>,
        /// What was said when it came back.
        pub bounced_with: Option<String>,
        /// As in [`Registration`].
        pub suggestions: Option<String>,
    }
}

impl Registration {
    /// Whether the owner of its present address said that they did not register.
    pub fn is_denied(&self) -> bool {
        self.denied_key
            .as_ref()
            .is_some_and(|key| *key == domain::email_key(&self.email))
    }
}

redacted_debug!(Registration {
    id,
    realm,
    account_id,
    mails,
    created_at
});

statements! {
    INSERT_REGISTRATION =
        "insert into registrations (id, realm, project, email, email_key, name, locale, password_hash,
            browser_hash, account_id, mail_id, mails, next, device, network, created_at, answered_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    REGISTRATION = select!(registration, "from registrations where id = $1");
    REGISTRATION_OF_BROWSER =
        select!(registration, "from registrations where browser_hash = $2 and realm = $1");
    NEWEST_REGISTRATION =
        select!(registration, "from registrations
        where realm = $1 and email_key = $2 and confirmed_at is null and (denied_key is null or denied_key <> email_key)
            and created_at > $3
        order by created_at desc, id desc
        limit 1");
    CONFIRMED_REGISTRATIONS =
        select!(registration, "from registrations
        where realm = $1 and email_key = $2 and confirmed_at is not null
        order by created_at, id");
    NEWEST_REGISTRATION_OF =
        select!(registration, "from registrations
        where account_id = $1
        order by created_at desc, id desc
        limit 1");
    ANSWER_REGISTRATION =
        "update registrations
        set account_id = $2, mail_id = $3, answered_at = $4, mails = mails + 1
        where id = $1 and answered_at is null and (denied_key is null or denied_key <> email_key)";
    /// For as many mails as `$2`.
    ASK_REGISTRATION_MAIL =
        "update registrations set answered_at = null, domain_answer = null, suggestions = null
        where id = $1 and answered_at is not null and mails < $2 and confirmed_at is null
            and (denied_key is null or denied_key <> email_key)";
    CORRECT_REGISTRATION =
        "update registrations
        set email = $2, email_key = $3, account_id = null, mail_id = null, answered_at = null,
            opened_at = null, domain_answer = null, suggestions = null
        where id = $1 and answered_at is not null and mails < $4 and confirmed_at is null";
    GIVE_UP_REGISTRATION =
        "update registrations set answered_at = $2 where id = $1 and answered_at is null";
    /// An address that was corrected meanwhile has another domain.
    SUGGEST_DOMAINS =
        "update registrations set domain_answer = $3, suggestions = $4
        where id = $1 and email = $2 and confirmed_at is null";
    DENY_REGISTRATION = "update registrations set account_id = null, denied_at = $2, denied_key = email_key where id = $1";
    RELEASE_REGISTRATIONS = "update registrations set account_id = null where account_id = $1";
    CONFIRM_REGISTRATION =
        "update registrations
        set confirmed_at = $2, account_id = null, name = '', password_hash = '', device = '', network = '',
            next = null, domain_answer = null, suggestions = null
        where id = $1 and account_id = $3 and confirmed_at is null";
    DELETE_REGISTRATIONS_OF_ADDRESS =
        "delete from registrations where realm = $1 and email_key = $2";
}

store_and_tx! { reader:
    /// The registration with this id.
    fn registration(conn, id: &RegistrationId) -> Option<Registration> {
        optional!(conn, REGISTRATION, id.as_str())
    }

    /// The newest registration of an address that is neither confirmed nor denied and was made after `since`; `email_key` is
    /// [`Email::key`].
    fn newest_registration(conn, realm: &Realm, email_key: &str, since: Timestamp) -> Option<Registration> {
        optional!(conn, NEWEST_REGISTRATION, realm.to_string(), email_key, since.as_millis())
    }

    /// The registration of a browser.
    fn registration_of_browser(conn, realm: &Realm, browser_hash: &[u8; 32]) -> Option<Registration> {
        optional!(conn, REGISTRATION_OF_BROWSER, realm.to_string(), browser_hash.as_slice())
    }
}

impl Store {
    /// The confirmed registrations of an address, the oldest first; `email_key` is [`Email::key`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn confirmed_registrations(
        &self,
        realm: &Realm,
        email_key: &str,
    ) -> Result<Vec<Registration>, StoreError> {
        let mut held = self.reader().await?;
        all!(
            held.conn(),
            CONFIRMED_REGISTRATIONS,
            realm.to_string(),
            email_key
        )
    }

    /// The states of these registrations; those that are gone are missing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn registration_states(
        &self,
        ids: &[RegistrationId],
    ) -> Result<Vec<RegistrationState>, StoreError> {
        let ids: Vec<&str> = ids.iter().map(RegistrationId::as_str).collect();
        let mut held = self.reader().await?;
        let sql = REGISTRATION_STATES.of(&held.conn());
        all!(held.conn(), sql, ids.join(","))
    }
}

impl Tx {
    /// Inserts a registration that is not confirmed.
    pub async fn insert_registration(&mut self, new: &Registration) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_REGISTRATION,
            new.id.as_str(),
            new.realm.to_string(),
            new.project.as_str(),
            new.email.as_str(),
            domain::email_key(&new.email),
            new.name.as_str(),
            new.locale.as_str(),
            new.password_hash.as_str(),
            new.browser_hash.as_slice(),
            new.account_id.as_ref().map(AccountId::as_str),
            new.mail_id.as_ref().map(MailId::as_str),
            i64::from(new.mails),
            new.next.as_deref(),
            new.device.as_str(),
            new.network.as_str(),
            new.created_at.as_millis(),
            new.answered_at.map(Timestamp::as_millis),
        )
        .map(drop)
    }

    /// The newest registration whose link confirms this account.
    pub async fn newest_registration_of(
        &mut self,
        account: &AccountId,
    ) -> Result<Option<Registration>, StoreError> {
        optional!(self.conn(), NEWEST_REGISTRATION_OF, account.as_str())
    }

    /// Notes the mail that answers a registration, and the account that its link confirms; false when it is answered
    /// already, or gone.
    pub async fn answer_registration(
        &mut self,
        id: &RegistrationId,
        account: Option<&AccountId>,
        mail: &MailId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let account = account.map(AccountId::as_str);
        let answered = execute!(
            self.conn(),
            ANSWER_REGISTRATION,
            id.as_str(),
            account,
            mail.as_str(),
            at.as_millis()
        )?;
        Ok(answered == 1)
    }

    /// Asks for another mail; false when one is to be written already, when there were `most` of them, or when it is
    /// confirmed or denied.
    pub async fn ask_registration_mail(
        &mut self,
        id: &RegistrationId,
        most: u32,
    ) -> Result<bool, StoreError> {
        Ok(execute!(
            self.conn(),
            ASK_REGISTRATION_MAIL,
            id.as_str(),
            i64::from(most)
        )? == 1)
    }

    /// Gives a registration another address, and asks for a mail to it; false as [`Tx::ask_registration_mail`].
    pub async fn correct_registration(
        &mut self,
        id: &RegistrationId,
        email: &Email,
        most: u32,
    ) -> Result<bool, StoreError> {
        let corrected = execute!(
            self.conn(),
            CORRECT_REGISTRATION,
            id.as_str(),
            email.as_str(),
            email.key(),
            i64::from(most)
        )?;
        Ok(corrected == 1)
    }

    /// Notes that no mail is written for a registration: another one can be asked for.
    pub async fn give_up_registration(
        &mut self,
        id: &RegistrationId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            GIVE_UP_REGISTRATION,
            id.as_str(),
            at.as_millis()
        )
        .map(drop)
    }

    /// Notes the domains that may be meant by the one of this address; nothing when the address was corrected or confirmed.
    pub async fn suggest_domains(
        &mut self,
        id: &RegistrationId,
        email: &str,
        answer: MailDomain,
        domains: &[String],
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            SUGGEST_DOMAINS,
            id.as_str(),
            email,
            answer.as_str(),
            domains.join(" ")
        )
        .map(drop)
    }

    /// Notes that the owner of its address did not register, and takes its account from a registration.
    pub async fn deny_registration(
        &mut self,
        id: &RegistrationId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self.conn(), DENY_REGISTRATION, id.as_str(), at.as_millis()).map(drop)
    }

    /// Takes an account from all its registrations: none of them can confirm it any more.
    pub async fn release_registrations(&mut self, account: &AccountId) -> Result<(), StoreError> {
        execute!(self.conn(), RELEASE_REGISTRATIONS, account.as_str()).map(drop)
    }

    /// Notes that a registration was confirmed for this account, and forgets what it held; false when that was done already, or
    /// when the registration has left the account.
    pub async fn confirm_registration(
        &mut self,
        id: &RegistrationId,
        account: &AccountId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(
            self.conn(),
            CONFIRM_REGISTRATION,
            id.as_str(),
            at.as_millis(),
            account.as_str()
        )? == 1)
    }

    /// Removes every registration of an address.
    pub async fn delete_registrations_of_address(
        &mut self,
        realm: &Realm,
        email_key: &str,
    ) -> Result<(), StoreError> {
        let realm = realm.to_string();
        execute!(
            self.conn(),
            DELETE_REGISTRATIONS_OF_ADDRESS,
            realm,
            email_key
        )
        .map(drop)
    }
}
