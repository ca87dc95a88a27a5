//! `bpart check-config`: what `serve` would refuse, it refuses; and it makes nothing.

use super::say;
use crate::Config;
use anyhow::Context as _;
use identity::Vault;
use std::path::Path;
use store::Store;

/// Shows the settings, and looks at everything that they name.
pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    say(config.listed().to_string().trim_end())?;
    config.ready_to_serve()?;
    look_at_key_file(&config.secret_key_file).with_context(|| config.of_key_file())?;
    look_at_database(&config.database_url)
        .await
        .context("BPART_DATABASE_URL")?;
    mail::Transport::from_url(config.smtp_url.as_deref(), config.host())
        .context("BPART_SMTP_URL")?;
    let sender = mail::Sender {
        brand: config.brand_name.clone(),
        support_email: config.support_email.clone(),
        public_url: config.origin(),
    };
    mail::from_address(config.mail_from.as_deref(), &sender).context("BPART_MAIL_FROM")?;
    if let Some(warning) = config.warning() {
        say(warning)?;
    }
    say("The settings can be used.")
}

fn look_at_key_file(path: &Path) -> anyhow::Result<()> {
    if Vault::from_file(path)?.is_some() {
        return Ok(());
    }
    can_be_made(path)?;
    say("There is no key file yet: it is made at the first start.")
}

async fn look_at_database(url: &str) -> anyhow::Result<()> {
    let Some(store) = Store::look(url).await? else {
        if let Some(path) = store::sqlite_path(url) {
            can_be_made(path)?;
        }
        return say("There is no database yet: it is made at the first start.");
    };
    store.ping().await.context("the database does not answer")?;
    if store.pending_migrations().await? {
        say("The tables are brought up to date at the next start, or by `bpart migrate`.")?;
    }
    Ok(())
}

/// Whether a file can be made here, with the folders above it.
fn can_be_made(path: &Path) -> anyhow::Result<()> {
    let exists = |folder: &&Path| !folder.as_os_str().is_empty() && folder.exists();
    let above = path.ancestors().skip(1).find(exists);
    let above = above.unwrap_or(Path::new("."));
    let found = above.metadata()?;
    anyhow::ensure!(found.is_dir(), "{} is no folder", above.display());
    let is_closed = found.permissions().readonly();
    anyhow::ensure!(!is_closed, "{} cannot be written to", above.display());
    Ok(())
}
