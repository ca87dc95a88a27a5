//! `bpart backup`: a copy of the database while it is in use.

use super::say;
use crate::Config;
use anyhow::{Context as _, bail};
use clap::Args;
use std::path::PathBuf;
use store::Store;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to be made. It must not exist yet.
    file: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        if store::sqlite_path(&config.database_url).is_none() {
            bail!(
                "PostgreSQL makes its own copies: pg_dump --format=custom --file={} DATABASE",
                self.file.display()
            );
        }
        let store = Store::look(&config.database_url).await?;
        let store = store.context("BPART_DATABASE_URL: there is no database")?;
        let copied = store.copy_to(&self.file).await;
        copied.with_context(|| format!("{} cannot be made", self.file.display()))?;
        say(&format!(
            "{} holds the database. It is of no use without the key file {}: keep a copy of that apart from it.",
            self.file.display(),
            config.secret_key_file.display()
        ))
    }
}
