//! The command line.

mod audit;
mod backup;
mod check_config;
mod job;
mod key;
mod mail;
mod organisation;
mod project;
mod registration;
mod session;

use crate::{
    AppState, Config, demo,
    serve::{self},
    state::{Outside, open_identity, open_store},
    telemetry,
};
use anyhow::{Context as _, bail, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{AccountStatus, DisplayName, Email, Locale, PlatformRole, Realm, Role, calendar};
use identity::{Identity, NewAccount};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

/// Accounts that `bpart account list` reads at a time.
const PAGE: u32 = 200;

/// Sign-in, account security, support and help of a citizen-participation platform.
///
/// Settings are read from the file given with --config and from variables named BPART_…, the
/// variables winning.
#[derive(Debug, Parser)]
#[command(name = "bpart", version)]
pub struct Arguments {
    /// A settings file (TOML).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site. There are no default accounts: see `bpart account create`.
    Serve,
    /// Fill an empty database with the demo town, then serve it.
    Demo,
    /// Bring the database's tables up to date.
    Migrate,
    /// Read the settings, open what they name, and say what was found.
    CheckConfig,
    /// Ask the running server whether it is ready; the exit code says it.
    Healthcheck,
    /// Accounts of the back office.
    #[command(subcommand)]
    Account(Account),
    /// Organisations.
    #[command(subcommand)]
    Organisation(organisation::Organisation),
    /// Projects of organisations.
    #[command(subcommand)]
    Project(project::Project),
    /// Registrations of citizens.
    #[command(subcommand)]
    Registration(registration::Registration),
    /// The activity logs of all accounts.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Where people are signed in.
    #[command(subcommand)]
    Session(session::Session),
    /// The keys of the key file.
    #[command(subcommand)]
    Key(key::Key),
    /// Copy the database into a new file while the server runs (SQLite).
    Backup(backup::Backup),
    /// Mails that come in.
    #[command(subcommand)]
    Mail(mail::Mail),
    /// Work that waits, and work that was given up.
    #[command(subcommand)]
    Job(job::Job),
}

#[derive(Debug, Subcommand)]
enum Account {
    /// Create an account and print its one-use set-up link, which is also mailed.
    Create(Create),
    /// List the accounts.
    List,
    /// Lock an account: it is signed out everywhere and cannot sign in.
    Lock(Named),
    /// Unlock an account.
    Unlock(Named),
    /// Remove the second factor of an account; its owner is told by mail.
    ResetTwoFactor(Named),
    /// Keep an account whose deletion was asked for; its owner is told by mail.
    Keep(Named),
    /// Trust an address that is doubted because its domain seemed to take no mail.
    TrustAddress(Named),
}

#[derive(Debug, Args)]
struct Named {
    /// The account's address.
    #[arg(long)]
    email: String,
}

#[derive(Debug, Args)]
struct Create {
    /// What she signs in with.
    #[arg(long)]
    email: String,
    /// What she is called.
    #[arg(long)]
    name: String,
    /// The language of her mails.
    #[arg(long, visible_alias = "locale", value_enum, default_value = "en")]
    language: Language,
    /// The slug of her organisation.
    #[arg(long)]
    organisation: Option<String>,
    /// What she does.
    #[arg(long, value_enum, default_value = "organisation-manager")]
    role: RoleName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Language {
    En,
    Fr,
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Fr => Self::Fr,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    #[value(aliases = ["manager", "organisation_manager"])]
    OrganisationManager,
    #[value(alias = "content_manager")]
    ContentManager,
    Agent,
    Administrator,
}

impl Arguments {
    /// Does what was asked; every error is one sentence with its causes.
    pub fn run(self) -> ExitCode {
        let config = match Config::load(self.config.as_deref()) {
            Ok(config) => config,
            Err(error) => return fail(&error.into()),
        };
        telemetry::start(&config.log);
        let runtime = tokio::runtime::Runtime::new().context("the runtime cannot be started");
        match runtime.and_then(|runtime| runtime.block_on(self.command.run(config))) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error),
        }
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "bpart: {error:#}");
    ExitCode::FAILURE
}

impl Command {
    async fn run(self, config: Config) -> anyhow::Result<()> {
        match self {
            Self::Serve => {
                config.ready_to_serve()?;
                tracing::info!(settings = %config.set_by_hand(), "Starting");
                let identity = open_own(&config).await?;
                let state = AppState::new(config, identity, Vec::new())?;
                serve::run(state, serve::signal()?, |_| {}).await
            }
            Self::Demo => demo::run(config).await,
            Self::Migrate => {
                let store = store::Store::connect(&config.database_url).await?;
                store.migrate().await?;
                say("The tables are up to date.")
            }
            Self::CheckConfig => check_config::run(&config).await,
            Self::Healthcheck => healthcheck(&config),
            Self::Account(account) => {
                let identity = open_own(&config).await?;
                account.run(&identity).await
            }
            Self::Organisation(organisation) => {
                let identity = open_own(&config).await?;
                organisation.run(&identity).await
            }
            Self::Project(project) => {
                let identity = open_own(&config).await?;
                project.run(&identity).await
            }
            Self::Registration(registration) => {
                let identity = open_own(&config).await?;
                registration.run(&identity).await
            }
            Self::Session(session) => {
                needs_data(&config)?;
                let identity = open_own(&config).await?;
                session.run(&identity).await
            }
            Self::Backup(backup) => backup.run(&config).await,
            Self::Key(key) => {
                needs_data(&config)?;
                key.run(&config).await
            }
            Self::Job(job) => {
                needs_data(&config)?;
                let identity = open_own(&config).await?;
                job.run(&identity).await
            }
            Self::Mail(mail) => {
                needs_data(&config)?;
                let identity = open_own(&config).await?;
                mail.run(&identity).await
            }
            Self::Audit(audit) => {
                needs_data(&config)?;
                let identity = open_identity(&config, Outside::default()).await?;
                audit.run(&identity).await
            }
        }
    }
}

impl Account {
    async fn run(self, identity: &Arc<Identity>) -> anyhow::Result<()> {
        match self {
            Self::Create(new) => new.run(identity).await,
            Self::List => list(identity).await,
            Self::Lock(named) => {
                identity
                    .set_locked(&find(identity, &named).await?, true)
                    .await?;
                say("The account is locked and signed out everywhere.")
            }
            Self::Unlock(named) => {
                identity
                    .set_locked(&find(identity, &named).await?, false)
                    .await?;
                say("The account is unlocked.")
            }
            Self::TrustAddress(named) => {
                let account = find(identity, &named).await?;
                let is_changed = identity.trust_address(&account.id).await?;
                ensure!(is_changed, "the address is not doubted");
                say("The address is trusted again.")
            }
            Self::Keep(named) => {
                let account = find(identity, &named).await?;
                identity
                    .keep_account_of(&account)
                    .await
                    .context("nobody asked for its deletion")?;
                say("The account stays; the owner is told by mail.")
            }
            Self::ResetTwoFactor(named) => {
                let needs_password = identity
                    .reset_second_factor(&find(identity, &named).await?)
                    .await?;
                say("The second factor is removed; the owner is told by mail.")?;
                if needs_password {
                    say("Its owner must choose a new password with “Forgot your password?”.")?;
                }
                Ok(())
            }
        }
    }
}

/// What looks at what is there makes nothing: in a new database there is nobody to sign out, and with a new key every
/// line of a log is wrong.
fn needs_data(config: &Config) -> anyhow::Result<()> {
    if let Some(file) = store::sqlite_path(&config.database_url)
        && !file.exists()
    {
        bail!(
            "BPART_DATABASE_URL sqlite:{}: there is no such file",
            file.display()
        );
    }
    if !config.secret_key_file.exists() {
        bail!("{}: there is no such file", config.of_key_file());
    }
    Ok(())
}

/// What is said of a key file that did not sign the logs.
const OTHER_KEYS: &str = "the logs of this database were signed with other keys, so this may be the key file of another \
    installation or of before a rotation. Put the right one in its place. If it is lost for good, see BPART_ALLOW_OTHER_KEYS";

/// What is said where the database has accounts and there is no key file.
const NO_KEYS: &str = "there is no such file, and the database has accounts whose second factors were sealed with its keys. \
    Put it in its place. If it is lost for good, see BPART_ALLOW_OTHER_KEYS";

/// Opens the database with the key file that belongs to it. With another one nothing that is sealed could be read, and
/// what is written would be a fault of the logs for ever.
async fn open_own(config: &Config) -> anyhow::Result<Arc<Identity>> {
    if !config.allow_other_keys && !config.secret_key_file.exists() {
        // A new one would not be theirs.
        let store = open_store(config).await?;
        let is_new = store.every_account(None, 1).await?.is_empty();
        ensure!(is_new, "{}: {NO_KEYS}", config.of_key_file());
    }
    let identity = open_identity(config, Outside::default()).await?;
    if !config.allow_other_keys {
        let fits = identity::is_key_file_of(&identity.vault, &identity.store).await?;
        ensure!(fits, "{}: {OTHER_KEYS}", config.of_key_file());
    }
    Ok(identity)
}

async fn find(identity: &Identity, named: &Named) -> anyhow::Result<store::Account> {
    let email = Email::parse(&named.email).context("--email")?;
    Ok(identity.manager(&email).await?)
}

impl Create {
    async fn run(self, identity: &Arc<Identity>) -> anyhow::Result<()> {
        let (role, platform_role) = match self.role {
            RoleName::OrganisationManager => (Some(Role::OrganisationManager), None),
            RoleName::ContentManager => (Some(Role::ContentManager), None),
            RoleName::Agent => (None, Some(PlatformRole::Agent)),
            RoleName::Administrator => (None, Some(PlatformRole::Administrator)),
        };
        let membership = match (self.organisation, role) {
            (Some(slug), Some(role)) => {
                let found = identity.store.organisation_by_slug(&slug).await?;
                Some((
                    found
                        .context("--organisation: there is none with this slug")?
                        .id,
                    role,
                ))
            }
            (Some(_), None) => bail!("--organisation is for managers, not for platform staff"),
            (None, _) => None,
        };
        let link = identity
            .create_account(NewAccount {
                email: Email::parse(&self.email).context("--email")?,
                name: DisplayName::parse(&self.name).context("--name")?,
                locale: self.language.into(),
                membership,
                platform_role,
            })
            .await?;
        say("The account is created. This link sets its password; it works once, for seven days:")?;
        say(&link.url)
    }
}

async fn list(identity: &Identity) -> anyhow::Result<()> {
    let mut last: Option<String> = None;
    loop {
        let store = &identity.store;
        let page = store
            .accounts(&Realm::BackOffice, last.as_deref(), PAGE)
            .await?;
        let Some(end) = page.last() else {
            return Ok(());
        };
        last = Some(end.email_key());
        print_accounts(&page)?;
    }
}

fn print_accounts(accounts: &[store::Account]) -> anyhow::Result<()> {
    for account in accounts {
        let state = match (
            account.status,
            &account.password_hash,
            account.second_factor,
        ) {
            (AccountStatus::Locked, ..) => "locked",
            (_, None, _) => "invited",
            (_, _, true) => "active, two-factor",
            _ => "active",
        };
        let deletion = account.deletion_at.map_or_else(String::new, |due| {
            format!(", will be deleted on {}", calendar::machine(due))
        });
        let (email, name) = (&account.email, &account.name);
        say(&format!("{email}\t{name}\t{state}{deletion}"))?;
    }
    Ok(())
}

/// Connects to the server of these settings.
fn connect(config: &Config) -> std::io::Result<TcpStream> {
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        let loopback = std::net::Ipv4Addr::LOCALHOST;
        address.set_ip(loopback.into());
    }
    TcpStream::connect_timeout(&address, Duration::from_secs(3))
}

/// Whether something listens where the server does.
fn is_answering(config: &Config) -> bool {
    config.listen.port() != 0 && connect(config).is_ok()
}

/// Asks `/readyz` with nothing but a socket, so that a container needs no other program.
fn healthcheck(config: &Config) -> anyhow::Result<()> {
    let patience = Some(Duration::from_secs(3));
    let mut stream = connect(config).context("nobody answers")?;
    stream.set_read_timeout(patience)?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    if &answer[9..] == b"200" {
        say("ready")
    } else {
        bail!("not ready")
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}
