//! The use cases on an empty database, and people who use them.

use domain::{
    AccountId, DisplayName, Duration, Email, Locale, OrganisationId, Provider, Realm, Role,
    provider::{Claims, Subject},
    totp::TotpSecret,
};
use identity::{
    Client, Credentials, Error, EventKind, Flow, Identity, NewAccount, Progress, Services,
    Settings, SignedIn, Vault,
};
use mail::Message;
use std::{
    env, fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Organisation, Store};
use testkit::{FixedClock, Phone, SeededEntropy};
use tokio::sync::Notify;

pub const PASSWORD: &str = "a tram, a bell and a late bus";

/// An empty house.
pub struct House {
    pub identity: Arc<Identity>,
    pub clock: FixedClock,
    key: PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        fs::remove_file(&self.key).ok();
    }
}

impl House {
    pub async fn open(url: &str) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let key = env::temp_dir().join(format!("bpart-fed-{}-{number}.key", std::process::id()));
        let clock = FixedClock::default();
        let entropy = Arc::new(SeededEntropy::new(number));
        let store = Store::connect(url).await.unwrap();
        store.migrate().await.unwrap();
        let cost = "m=64,t=1,p=1".parse().unwrap();
        let services = Services {
            store,
            clock: Arc::new(clock.clone()),
            entropy: Arc::<SeededEntropy>::clone(&entropy),
            hasher: identity::Hasher::start(cost, 1, 64, entropy.clone()).unwrap(),
            vault: Arc::new(Vault::open_or_create(&key, &*entropy).unwrap()),
            settings: Settings {
                brand: "Bpart".to_owned(),
                public_url: "https://bpart.example".to_owned(),
                answer_resets_every: Duration::from_millis(250),
            },
            job_bell: Arc::new(Notify::new()),
        };
        Self {
            identity: Arc::new(Identity::new(Arc::new(services), None, None)),
            clock,
            key,
        }
    }

    /// Somebody who was invited and has not followed: her account, and the secret of her link.
    pub async fn invited(&self, name: &str) -> (AccountId, String) {
        let new = NewAccount {
            email: Email::parse(&address(name)).unwrap(),
            name: DisplayName::parse(name).unwrap(),
            locale: Locale::En,
            membership: None,
            platform_role: None,
        };
        let link = self.identity.create_account(new).await.unwrap();
        (link.account, secret_of(&link.url))
    }

    /// A manager with a password.
    pub async fn manager(&self, name: &str) -> AccountId {
        let (id, token) = self.invited(name).await;
        let client = Client::default();
        let set_up = self.identity.set_up_account(&token, PASSWORD, &client);
        set_up.await.unwrap();
        id
    }

    /// A manager without a password, who has an account at this provider.
    pub async fn manager_from(&self, name: &str, provider: Provider) -> AccountId {
        let (id, token) = self.invited(name).await;
        let (claims, client) = (claims(provider, name), Client::default());
        let set_up = self.identity.set_up_with(&token, &claims, &client);
        set_up.await.unwrap();
        id
    }

    /// Signs somebody in with her password.
    pub async fn sign_in(&self, name: &str) -> SignedIn {
        let credentials = Credentials {
            email: &address(name),
            password: PASSWORD,
            next: None,
            stay: false,
        };
        let client = Client::default();
        let progress = self
            .identity
            .sign_in(&Realm::BackOffice, credentials, &client);
        self.is_in(progress.await.unwrap()).await.unwrap()
    }

    /// Signs somebody in with what a provider says.
    pub async fn enter(&self, claims: &Claims) -> Result<SignedIn, Error> {
        let client = Client::default();
        let progress = self.identity.sign_in_with(claims, None, &client).await?;
        Ok(self.is_in(progress).await.unwrap())
    }

    /// Whoever is in; none when a code is asked for.
    pub async fn is_in(&self, progress: Progress) -> Option<SignedIn> {
        let Progress::SignedIn(opened) = progress else {
            return None;
        };
        let who = self.identity.signed_in(&Realm::BackOffice, &opened.token);
        who.await.unwrap()
    }

    /// Whether a session that was opened is still one.
    pub async fn is_still_in(&self, who: &SignedIn) -> bool {
        let sessions = self.identity.store.sessions_of(&who.account.id).await;
        sessions
            .unwrap()
            .iter()
            .any(|open| open.id == who.session.id)
    }

    /// Begins to link, and comes back.
    pub async fn go_to(&self, who: &SignedIn, provider: Provider) -> Result<Flow, Error> {
        let identity = &self.identity;
        let (client, place) = (Client::default(), (provider, Locale::En));
        let allowed = identity.allow_link(&client).await?;
        let proof = identity
            .prove_unless_recent(who, PASSWORD, Client::none())
            .await?;
        let begun = identity
            .begin_link(who, allowed, place, proof, &client)
            .await?;
        let taken = identity.take_flow(provider, begun.state.expose(), &begun.browser);
        taken.await
    }

    /// Links what these claims say to somebody's own account.
    pub async fn link(&self, who: &SignedIn, claims: &Claims) -> Result<(), Error> {
        let flow = self.go_to(who, claims.subject.provider()).await?;
        self.identity
            .link(who, &flow, claims, &Client::default())
            .await
    }

    pub async fn unlink(&self, who: &SignedIn, provider: Provider) -> Result<(), Error> {
        let proof = self
            .identity
            .prove_unless_recent(who, PASSWORD, Client::none())
            .await?;
        let client = Client::default();
        self.identity.unlink(who, provider, proof, &client).await
    }

    /// Which providers' accounts open an account.
    pub async fn linked(&self, id: &AccountId) -> Vec<Provider> {
        let found = self.identity.linked_accounts(id).await.unwrap();
        found.iter().map(|link| link.subject.provider()).collect()
    }

    /// Switches two-factor on, with the telephone that has its secret.
    pub async fn telephone(&self, id: &AccountId) -> Phone {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        self.identity
            .plant_second_factor(id, &secret)
            .await
            .unwrap();
        Phone::with_secret(&secret.to_grouped_text(), &self.clock)
    }

    /// Has somebody work in an organisation that accepts the factors of providers, or not.
    pub async fn joins(&self, id: &AccountId, slug: &str, accepts: bool) {
        let now = domain::Clock::now(&self.clock);
        let organisation = Organisation {
            id: OrganisationId::from(slug.to_owned()),
            slug: slug.to_owned().into(),
            name: slug.to_owned(),
            accepts_provider_factor: accepts,
            takes_part_first: false,
            colour: None,
            logo: None,
            sender_name: None,
            reply_to: None,
            created_at: now,
        };
        let mut tx = self.identity.store.begin().await.unwrap();
        tx.insert_organisation(&organisation).await.unwrap();
        let role = Role::OrganisationManager;
        tx.insert_membership(id, &organisation.id, role, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// The mails of one kind to anybody, the newest first.
    pub async fn mails(&self, kind: &str) -> Vec<Message> {
        let found = self.identity.store.mailbox(100).await.unwrap();
        let of_kind = found.iter().filter(|mail| mail.kind == kind);
        of_kind
            .map(|mail| {
                let plain = mail::Seal::open(&*self.identity.vault, &mail.id, &mail.sealed);
                Message::from_json(&plain.unwrap()).unwrap()
            })
            .collect()
    }

    /// The secret of the "this was not me" link of the newest mail of a link.
    pub async fn way_out(&self) -> String {
        match self.mails("provider_linked").await.first() {
            Some(Message::ProviderLinked(notice)) => secret_of(&notice.not_me),
            other => panic!("no such mail: {other:?}"),
        }
    }

    /// How often something stands in a log.
    pub async fn lines(&self, id: &AccountId, event: EventKind) -> usize {
        let lines = self.identity.store.activity(id, 100).await.unwrap();
        lines
            .iter()
            .filter(|line| line.kind == event.as_str())
            .count()
    }
}

pub fn address(name: &str) -> String {
    format!("{name}@gmail.com")
}

/// What a provider says of somebody whom it knows by her name, and vouches for.
pub fn claims(provider: Provider, name: &str) -> Claims {
    let issuer = match provider {
        Provider::Google => "https://accounts.google.com",
        Provider::Microsoft => "0a1b2c3d-0000-4000-8000-00000000000f",
    };
    Claims {
        subject: Subject::new(provider, issuer, name).unwrap(),
        email: Some(address(name)),
        vouched: provider == Provider::Google,
        second_factor: false,
    }
}

pub fn google(name: &str) -> Claims {
    claims(Provider::Google, name)
}

pub fn microsoft(name: &str) -> Claims {
    claims(Provider::Microsoft, name)
}

pub fn secret_of(url: &str) -> String {
    url.rsplit_once("token=").unwrap().1.to_owned()
}
