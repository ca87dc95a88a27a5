//! `proposals` of projects, `supports` of them, and `waiting_supports`, which are counted when an address is confirmed.
//!
//! One account supports a proposal once: that is the primary key.

use crate::{
    Store, StoreError, Tx,
    conn::{all, execute, optional, statements, store_and_tx},
    row::{record, select},
};
use domain::{AccountId, Locale, ProjectId, ProposalId, RegistrationId, Timestamp};

record! {
    /// A proposal.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Proposal from proposal of proposals {
        /// Its identifier.
        pub id: ProposalId,
        /// Its project.
        pub project_id: ProjectId,
        /// Its title in English.
        pub title_en: String,
        /// Its title in French.
        pub title_fr: String,
        /// What it says, in English: plain text, paragraphs separated by empty lines.
        pub text_en: String,
        /// The same in French.
        pub text_fr: String,
        /// When it was made.
        pub created_at: Timestamp,
    }
}

impl Proposal {
    /// The title in one language.
    pub fn title(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.title_en,
            Locale::Fr => &self.title_fr,
        }
    }

    /// The text in one language.
    pub fn text(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.text_en,
            Locale::Fr => &self.text_fr,
        }
    }
}

record! {
    /// A proposal with its supports, as one reader sees it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ShownProposal {
        /// How many accounts support it.
        pub supports: u64,
        /// Whether the account of the reader does.
        pub supported: bool,
        /// Whether a support of the reader's registration waits.
        pub waits: bool,
        /// The proposal.
        pub proposal: Proposal = [] with Proposal::from_row,
    }
}

record! {
    /// A support, as its owner reads it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct StoredSupport {
        /// The title of the proposal, in English.
        pub title_en: String,
        /// When it was given.
        pub created_at: Timestamp,
    }
}

statements! {
    INSERT_PROPOSAL =
        "insert into proposals (id, project_id, title_en, title_fr, text_en, text_fr, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    PROPOSAL = select!(proposal, "from proposals where id = $1");
    PROPOSALS =
        select!(proposal, ",
            (select count(*) from supports where proposal_id = proposals.id) as supports,
            exists (select 1 from supports
                where proposal_id = proposals.id and account_id = $2) as supported,
            exists (select 1 from waiting_supports
                where registration_id = $3 and proposal_id = proposals.id) as waits
        from proposals
        where project_id = $1
        order by created_at, id");
    INSERT_SUPPORT =
        "insert into supports (proposal_id, account_id, created_at) values ($1, $2, $3)
        on conflict do nothing";
    DELETE_SUPPORT = "delete from supports where proposal_id = $1 and account_id = $2";
    SUPPORTS_OF =
        "select proposals.title_en, supports.created_at
        from supports join proposals on proposals.id = supports.proposal_id
        where supports.account_id = $1
        order by supports.created_at, supports.proposal_id";
    INSERT_WAITING_SUPPORT =
        "insert into waiting_supports (registration_id, proposal_id, created_at)
        values ($1, $2, $3)
        on conflict do nothing";
    WAITING_SUPPORTS =
        select!(proposal, "from waiting_supports
            join proposals on proposals.id = waiting_supports.proposal_id
        where waiting_supports.registration_id = $1");
    COUNT_WAITING_SUPPORTS =
        "insert into supports (proposal_id, account_id, created_at)
        select proposal_id, $2, $3 from waiting_supports where registration_id = $1
        on conflict do nothing";
    DELETE_WAITING_SUPPORTS = "delete from waiting_supports where registration_id = $1";
}

store_and_tx! { reader:
    /// The proposal with this id.
    fn proposal(conn, id: &ProposalId) -> Option<Proposal> {
        optional!(conn, PROPOSAL, id.as_str())
    }
}

impl Store {
    /// The proposals of a project, the oldest first, as this account and this registration see them.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn proposals(
        &self,
        project: &ProjectId,
        account: Option<&AccountId>,
        registration: Option<&RegistrationId>,
    ) -> Result<Vec<ShownProposal>, StoreError> {
        let account = account.map(AccountId::as_str).unwrap_or_default();
        let registration = registration.map(RegistrationId::as_str).unwrap_or_default();
        let mut held = self.reader().await?;
        all!(
            held.conn(),
            PROPOSALS,
            project.as_str(),
            account,
            registration
        )
    }

    /// What an account supports, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn supports_of(&self, account: &AccountId) -> Result<Vec<StoredSupport>, StoreError> {
        all!(self.reader().await?.conn(), SUPPORTS_OF, account.as_str())
    }

    /// The proposals that a registration will support once it is confirmed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn waiting_supports(
        &self,
        registration: &RegistrationId,
    ) -> Result<Vec<Proposal>, StoreError> {
        let mut held = self.reader().await?;
        all!(held.conn(), WAITING_SUPPORTS, registration.as_str())
    }
}

impl Tx {
    /// Inserts a proposal.
    pub async fn insert_proposal(&mut self, new: &Proposal) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_PROPOSAL,
            new.id.as_str(),
            new.project_id.as_str(),
            new.title_en.as_str(),
            new.title_fr.as_str(),
            new.text_en.as_str(),
            new.text_fr.as_str(),
            new.created_at.as_millis()
        )
        .map(drop)
    }

    /// Counts the support of an account; false when it is counted already.
    pub async fn insert_support(
        &mut self,
        proposal: &ProposalId,
        account: &AccountId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (proposal, account) = (proposal.as_str(), account.as_str());
        Ok(execute!(
            self.conn(),
            INSERT_SUPPORT,
            proposal,
            account,
            at.as_millis()
        )? == 1)
    }

    /// Takes the support of an account back; false when there is none.
    pub async fn delete_support(
        &mut self,
        proposal: &ProposalId,
        account: &AccountId,
    ) -> Result<bool, StoreError> {
        let (proposal, account) = (proposal.as_str(), account.as_str());
        Ok(execute!(self.conn(), DELETE_SUPPORT, proposal, account)? == 1)
    }

    /// Keeps a support until the address of a registration is confirmed.
    pub async fn insert_waiting_support(
        &mut self,
        registration: &RegistrationId,
        proposal: &ProposalId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (registration, proposal) = (registration.as_str(), proposal.as_str());
        let at = at.as_millis();
        execute!(
            self.conn(),
            INSERT_WAITING_SUPPORT,
            registration,
            proposal,
            at
        )
        .map(drop)
    }

    /// Counts what waits for a registration as supports of an account.
    pub async fn count_waiting_supports(
        &mut self,
        registration: &RegistrationId,
        account: &AccountId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (registration, account) = (registration.as_str(), account.as_str());
        let at = at.as_millis();
        execute!(
            self.conn(),
            COUNT_WAITING_SUPPORTS,
            registration,
            account,
            at
        )?;
        execute!(self.conn(), DELETE_WAITING_SUPPORTS, registration).map(drop)
    }
}
