//! `bpart key`: the keys of the key file.

use super::{is_answering, open_own, say};
use crate::{Config, state::Outside};
use anyhow::{Context as _, bail, ensure};
use clap::{Args, Subcommand};
use identity::{Identity, Rotation, Vault};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Add a new key, seal and sign everything anew with it, and retire the others. Stop every process of the server first:
    /// it would go on with the keys that it has read. It can be repeated when it was broken off.
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// Retire the older keys even if something cannot be sealed or signed anew: it is lost, or stays a fault of its log.
    #[arg(long)]
    retire_anyway: bool,
}

impl Key {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let Self::Rotate(Rotate { retire_anyway }) = self;
        ensure!(
            !is_answering(config),
            "the server answers at {}: stop it first",
            config.listen
        );
        let _lock = Lock::take(&config.secret_key_file)?;
        // The key file of another installation stays as it is.
        open_own(config).await?.store.close().await;
        change_file(config, |text| {
            Vault::with_new_key(text, &*Outside::default().entropy)
        })?;
        let identity = open_own(config).await?;
        let Rotation { sealed, logs, left } = rotate(&identity).await?;
        say(&format!(
            "Sealed anew: {sealed} values. Signed anew: {logs} logs."
        ))?;
        for place in &left {
            say(&format!("Left as it was: {place}"))?;
        }
        if !left.is_empty() && !retire_anyway {
            bail!(
                "the older keys are not retired: {} things are not as they were written, see `bpart audit verify`. With \
                 --retire-anyway they are retired all the same",
                left.len()
            );
        }
        change_file(config, Vault::with_retired_keys)?;
        say(
            "The older keys are retired. Copy the key file to every machine that serves this database and to where its copies are \
             kept, and start the server.",
        )
    }
}

/// Until nothing is left to do: a process that was still running may have written something meanwhile.
async fn rotate(identity: &Identity) -> anyhow::Result<Rotation> {
    let mut all = Rotation::default();
    loop {
        let done = identity.seal_and_sign_anew().await?;
        all.sealed += done.sealed;
        all.logs += done.logs;
        all.left = done.left;
        if done.sealed + done.logs == 0 {
            return Ok(all);
        }
    }
}

fn change_file(
    config: &Config,
    change: impl FnOnce(&str) -> Result<String, identity::VaultError>,
) -> anyhow::Result<()> {
    let path = &config.secret_key_file;
    let text = fs::read_to_string(path).with_context(|| config.of_key_file())?;
    let text = change(&text).with_context(|| config.of_key_file())?;
    Vault::replace_file(path, &text).with_context(|| config.of_key_file())
}

/// A file beside the key file, while a rotation is under way: two at once would make two keys of one number.
struct Lock(PathBuf);

impl Lock {
    fn take(key_file: &Path) -> anyhow::Result<Self> {
        let path = key_file.with_extension("rotating");
        let made = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path);
        made.with_context(|| {
            format!(
                "{}: another rotation is under way, or one was broken off; in that case remove the file",
                path.display()
            )
        })?;
        Ok(Self(path))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
