//! `bpart check-config`: what `serve` would refuse, it refuses; and it makes nothing.

use super::{NO_KEYS, OTHER_KEYS, say};
use crate::Config;
use anyhow::{Context as _, ensure};
use identity::Vault;
use std::path::Path;
use store::Store;

/// Shows the settings, and looks at everything that they name.
pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    say(config.listed().to_string().trim_end())?;
    let sender = mail::Sender {
        brand: config.brand_name.clone(),
        support_email: config.support_email.clone(),
        public_url: config.origin(),
    };
    let transport = mail::Transport::from_url(config.smtp_url.as_deref(), config.host());
    let from = mail::from_address(config.mail_from.as_deref(), &sender);
    let bounces = mail::bounce_address(config.mail_bounces.as_deref());
    let vault = look_at_key_file(&config.secret_key_file).with_context(|| config.of_key_file());
    let database = look_at_database(&config.database_url).await;
    let fits = match (&vault, &database) {
        (Ok(vault), Ok(Some(store))) if !config.allow_other_keys => {
            look_at_both(vault.as_ref(), store).await
        }
        _ => Ok(()),
    };
    let looked_at = [
        config.ready_to_serve().map_err(Into::into),
        vault.map(drop),
        database.map(drop).context("BPART_DATABASE_URL"),
        fits.with_context(|| config.of_key_file()),
        transport.map(drop).context("BPART_SMTP_URL"),
        from.map(drop).context("BPART_MAIL_FROM"),
        bounces.map(drop).context("BPART_MAIL_BOUNCES"),
    ];
    for warning in config.warnings() {
        say(warning)?;
    }
    let mut faults: Vec<_> = looked_at.into_iter().filter_map(Result::err).collect();
    match faults.pop() {
        None => say("The settings can be used."),
        Some(fault) if faults.is_empty() => Err(fault),
        Some(last) => {
            faults.push(last);
            let lines = faults.iter().map(|fault| format!("\n- {fault:#}"));
            anyhow::bail!("{} faults:{}", faults.len(), lines.collect::<String>())
        }
    }
}

fn look_at_key_file(path: &Path) -> anyhow::Result<Option<Vault>> {
    let vault = Vault::from_file(path)?;
    if vault.is_none() {
        can_be_made(path)?;
        say("There is no key file yet: it is made at the first start.")?;
    }
    Ok(vault)
}

/// Whether the key file belongs to the database. One that is yet to be made belongs to a database without accounts alone.
async fn look_at_both(vault: Option<&Vault>, store: &Store) -> anyhow::Result<()> {
    match vault {
        Some(vault) => ensure!(identity::is_key_file_of(vault, store).await?, OTHER_KEYS),
        None => ensure!(store.every_account(None, 1).await?.is_empty(), NO_KEYS),
    }
    Ok(())
}

/// The database, if its tables are up to date.
async fn look_at_database(url: &str) -> anyhow::Result<Option<Store>> {
    let Some(store) = Store::look(url).await? else {
        if let Some(path) = store::sqlite_path(url) {
            can_be_made(path)?;
        }
        say("There is no database yet: it is made at the first start.")?;
        return Ok(None);
    };
    store.ping().await.context("the database does not answer")?;
    if store.pending_migrations().await? {
        say(
            "The tables are brought up to date at the next start, or by `bpart migrate`. Until then this command does not know \
             whether the key file belongs to the database.",
        )?;
        return Ok(None);
    }
    Ok(Some(store))
}

/// Whether a file can be made here, with the folders above it.
fn can_be_made(path: &Path) -> anyhow::Result<()> {
    let exists = |folder: &&Path| !folder.as_os_str().is_empty() && folder.exists();
    let above = path.ancestors().skip(1).find(exists);
    let above = above.unwrap_or(Path::new("."));
    let found = above.metadata()?;
    ensure!(found.is_dir(), "{} is no folder", above.display());
    let is_closed = found.permissions().readonly();
    ensure!(!is_closed, "{} cannot be written to", above.display());
    Ok(())
}
