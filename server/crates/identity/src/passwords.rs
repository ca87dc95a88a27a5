//! New passwords: what one must be like, and what it must not be made of.

use crate::{Client, Error, Identity, Result, SignedIn, breaches};
use domain::{
    Realm,
    limit::JUDGEMENTS_PER_NETWORK,
    password::{MAX_BYTES, PARTICIPANT_MINIMUM, Password, Strength, Weakness},
    token::Purpose,
};
use store::{Account, SetPassword};
use unit_of_work::{Error as Common, Holder, NetworkBuckets, UnitOfWork};

/// A new password that an account may have.
pub(crate) struct Chosen {
    /// The password, to be hashed.
    pub password: Password,
    /// Whether it may be the only factor.
    pub stands_alone: bool,
}

/// What a new password of this account must be like.
pub fn strength_for(account: &Account) -> Strength {
    match (&account.realm, account.second_factor) {
        (Realm::BackOffice, false) => Strength::OnlyFactor,
        (Realm::BackOffice, true) => Strength::WithSecondFactor,
        (Realm::Organisation(_), _) => Strength::Participant {
            minimum: PARTICIPANT_MINIMUM,
        },
    }
}

impl Identity {
    /// Checks the strength of a password while it is typed. Nothing is hashed, stored, logged or sent
    /// on.
    ///
    /// The account is found here and never sent by the page: that of the set-up or reset link `token`,
    /// else the user's. Without either the rules for a manager apply.
    ///
    /// # Errors
    /// [`Error::Weak`], `TooManyTries`.
    pub async fn check_password_strength(
        &self,
        typed: &str,
        token: &str,
        who: Option<&SignedIn>,
        client: &Client,
    ) -> Result<()> {
        if typed.len() > MAX_BYTES {
            return Err(Error::Weak(Weakness::TooLong));
        }
        let buckets = NetworkBuckets::of("judgement", client, JUDGEMENTS_PER_NETWORK);
        self.take_network_try(&buckets).await?;
        let mut linked = None;
        for purpose in [Purpose::AccountSetup, Purpose::PasswordReset] {
            let found = self.linked(Holder::Anybody, purpose, token).await?;
            linked = linked.or(found.map(|(_, account)| account));
        }
        let owner = linked.as_ref().or(who.map(|who| &who.account));
        self.accept(typed, owner).await.map(drop)
    }

    /// A password that this account may have from now on.
    ///
    /// # Errors
    /// [`Error::Weak`].
    pub(crate) async fn new_password(&self, typed: &str, account: &Account) -> Result<Chosen> {
        let chosen = self.accept(typed, Some(account)).await?;
        if let Some(service) = &self.breaches
            && breaches::knows(&**service, &chosen.password).await
        {
            return Err(Error::Weak(Weakness::Leaked));
        }
        Ok(chosen)
    }

    /// Sets a password for an account that this transaction has locked. A password that was accepted
    /// beside a second factor must not become the only one because the factor was disabled meanwhile.
    ///
    /// # Errors
    /// [`Error::Weak`].
    pub(crate) async fn write_password(
        &self,
        work: &mut UnitOfWork<'_>,
        held: &Account,
        new: &SetPassword<'_>,
    ) -> Result<()> {
        if !new.stands_alone && !held.second_factor {
            let minimum = Strength::OnlyFactor.minimum();
            return Err(Error::Weak(Weakness::TooShort { minimum }));
        }
        Ok(work.set_password(&held.id, new).await?)
    }

    async fn accept(&self, typed: &str, owner: Option<&Account>) -> Result<Chosen> {
        let password = Password::parse(typed).ok_or(Error::Weak(Weakness::TooLong))?;
        let own = self.known_words(owner).await?;
        let strength = owner.map_or(Strength::OnlyFactor, strength_for);
        // The estimate of a long password takes some milliseconds, in which a thread for requests answers many.
        let judged = tokio::task::spawn_blocking(move || {
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            password.judge(strength, &own)?;
            let stands_alone = strength != Strength::WithSecondFactor
                || password.judge(Strength::OnlyFactor, &own).is_ok();
            Ok(Chosen {
                password,
                stands_alone,
            })
        });
        let judged = judged.await;
        judged
            .map_err(|_| Common::Broken("the estimate of a password ended in a panic"))?
            .map_err(Error::Weak)
    }

    /// What others know of the owner of a password: the platform, the name, the address, and the organisations with
    /// their projects.
    async fn known_words(&self, owner: Option<&Account>) -> Result<Vec<String>> {
        let mut words = vec![self.settings.brand.clone()];
        let Some(account) = owner else {
            return Ok(words);
        };
        words.extend([account.name.clone(), account.email.clone()]);
        let organisations = match &account.realm {
            Realm::BackOffice => {
                let memberships = self.store.memberships(&account.id).await?;
                memberships
                    .into_iter()
                    .map(|one| one.organisation)
                    .collect()
            }
            Realm::Organisation(id) => Vec::from_iter(self.store.organisation(id).await?),
        };
        for organisation in organisations {
            for project in self.store.projects(&organisation.id).await? {
                words.extend([project.slug, project.name_en, project.name_fr]);
            }
            words.extend([organisation.slug, organisation.name]);
        }
        Ok(words)
    }
}
