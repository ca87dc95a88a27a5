//! `organisation_logos` and `organisation_texts`: what an organisation shows on its pages.

use crate::{
    Store, StoreError, Tx,
    conn::{all, execute, statements, value},
    row::{record, select},
};
use domain::{Locale, OrganisationId, Timestamp, organisation_text::TextKind};

record! {
    /// A text of an organisation.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct OrganisationText from organisation_text of organisation_texts {
        /// The organisation.
        pub organisation_id: OrganisationId,
        /// What it is for.
        pub kind: TextKind,
        /// Its language.
        pub locale: Locale,
        /// Plain text, paragraphs separated by empty lines.
        pub text: String,
        /// When it was set.
        pub changed_at: Timestamp,
    }
}

statements! {
    SET_LOGO_NAME = "update organisations set logo = $2 where id = $1";
    DELETE_LOGO = "delete from organisation_logos where organisation_id = $1";
    INSERT_LOGO =
        "insert into organisation_logos (organisation_id, name, content) values ($1, $2, $3)";
    LOGO = "select content from organisation_logos where name = $1 limit 1";
    ORGANISATION_TEXTS =
        select!(organisation_text, "from organisation_texts
        where organisation_id = $1 and kind = $2
        order by locale");
    SET_ORGANISATION_TEXT =
        "insert into organisation_texts (organisation_id, kind, locale, text, changed_at)
        values ($1, $2, $3, $4, $5)
        on conflict (organisation_id, kind, locale)
            do update set text = excluded.text, changed_at = excluded.changed_at";
    DELETE_ORGANISATION_TEXT =
        "delete from organisation_texts
        where organisation_id = $1 and kind = $2 and locale = $3";
}

impl Store {
    /// The file of a logo, a PNG, which organisations may share; `None` when no organisation has it any more.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn logo(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut held = self.reader().await?;
        value!(held.conn(), LOGO, "content", name)
    }

    /// What an organisation wrote for a purpose, in each language that it has.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn organisation_texts(
        &self,
        organisation: &OrganisationId,
        kind: TextKind,
    ) -> Result<Vec<OrganisationText>, StoreError> {
        let mut held = self.reader().await?;
        all!(
            held.conn(),
            ORGANISATION_TEXTS,
            organisation.as_str(),
            kind.as_str()
        )
    }
}

impl Tx {
    /// Gives an organisation a logo, the name and the file, or takes it away.
    pub async fn set_logo(
        &mut self,
        organisation: &OrganisationId,
        logo: Option<(&str, &[u8])>,
    ) -> Result<(), StoreError> {
        let id = organisation.as_str();
        execute!(self.conn(), DELETE_LOGO, id)?;
        if let Some((name, content)) = logo {
            execute!(self.conn(), INSERT_LOGO, id, name, content)?;
        }
        let name = logo.map(|(name, _)| name);
        execute!(self.conn(), SET_LOGO_NAME, id, name).map(drop)
    }

    /// Sets a text of an organisation, or removes it where it is empty.
    pub async fn set_organisation_text(
        &mut self,
        text: &OrganisationText,
    ) -> Result<(), StoreError> {
        let (id, kind, locale) = (
            text.organisation_id.as_str(),
            text.kind.as_str(),
            text.locale.as_str(),
        );
        if text.text.is_empty() {
            return execute!(self.conn(), DELETE_ORGANISATION_TEXT, id, kind, locale).map(drop);
        }
        let (words, at) = (text.text.as_str(), text.changed_at.as_millis());
        execute!(
            self.conn(),
            SET_ORGANISATION_TEXT,
            id,
            kind,
            locale,
            words,
            at
        )
        .map(drop)
    }
}
