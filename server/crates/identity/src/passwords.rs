//! New passwords: what one must be like, and what it must not be made of.

use crate::{Client, Error, Identity, Result, SignedIn, breaches};
use domain::{
    Realm,
    limit::JUDGEMENTS_PER_NETWORK,
    password::{MAX_BYTES, PARTICIPANT_MINIMUM, Password, Strength, Weakness},
    token::Purpose,
};
use store::{Account, Organisation, SetPassword};
use unit_of_work::{Error as Common, Holder, NetworkBuckets, UnitOfWork};

/// A new password that an account may have.
pub(crate) struct Chosen {
    /// The password, to be hashed.
    pub password: Password,
    /// Whether it may be the only factor.
    pub stands_alone: bool,
}

/// What a new password of a participant must be like.
pub(crate) const OF_PARTICIPANTS: Strength = Strength::Participant {
    minimum: PARTICIPANT_MINIMUM,
};

/// What a new password of this account must be like.
pub fn strength_for(account: &Account) -> Strength {
    match (&account.realm, account.second_factor) {
        (Realm::BackOffice, false) => Strength::OnlyFactor,
        (Realm::BackOffice, true) => Strength::WithSecondFactor,
        (Realm::Organisation(_), _) => OF_PARTICIPANTS,
    }
}

impl Identity {
    /// Checks the strength of a password while it is typed. Nothing is hashed, stored, logged or sent
    /// on.
    ///
    /// The account is found here and never sent by the page: that of the set-up or reset link `token`,
    /// else the user's. Without either the rules for a new account of the realm apply.
    ///
    /// # Errors
    /// [`Error::Weak`], `TooManyTries`.
    pub async fn check_password_strength(
        &self,
        typed: &str,
        token: &str,
        (who, realm): (Option<&SignedIn>, &Realm),
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
        let (strength, words) = match (owner, realm) {
            (Some(owner), _) => (strength_for(owner), self.words_of_account(owner).await?),
            (None, Realm::BackOffice) => (Strength::OnlyFactor, self.words_of_platform()),
            (None, realm) => (OF_PARTICIPANTS, self.words_of(realm, &[]).await?),
        };
        accept(typed, strength, words).await.map(drop)
    }

    /// A password that this account may have from now on.
    ///
    /// # Errors
    /// [`Error::Weak`].
    pub(crate) async fn new_password(&self, typed: &str, account: &Account) -> Result<Chosen> {
        let words = self.words_of_account(account).await?;
        self.chosen_password(typed, strength_for(account), words)
            .await
    }

    /// A new password of this strength that is not made of these words.
    ///
    /// # Errors
    /// [`Error::Weak`].
    pub(crate) async fn chosen_password(
        &self,
        typed: &str,
        strength: Strength,
        words: Vec<String>,
    ) -> Result<Chosen> {
        let chosen = accept(typed, strength, words).await?;
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

    fn words_of_platform(&self) -> Vec<String> {
        vec![self.settings.brand.clone()]
    }

    /// What others know of the owner of an account: the platform, the name, the address, and the organisations with
    /// their projects.
    async fn words_of_account(&self, account: &Account) -> Result<Vec<String>> {
        if account.realm != Realm::BackOffice {
            let own = [account.name.as_str(), account.email.as_str()];
            return self.words_of(&account.realm, &own).await;
        }
        let mut words = self.words_of_platform();
        words.extend([account.name.clone(), account.email.clone()]);
        for membership in self.store.memberships(&account.id).await? {
            words.extend(self.words_of_organisation(membership.organisation).await?);
        }
        Ok(words)
    }

    /// The same for somebody who has no account in a realm yet.
    pub(crate) async fn words_of(&self, realm: &Realm, own: &[&str]) -> Result<Vec<String>> {
        let mut words = self.words_of_platform();
        words.extend(own.iter().map(|word| (*word).to_owned()));
        if let Realm::Organisation(id) = realm
            && let Some(organisation) = self.store.organisation(id).await?
        {
            words.extend(self.words_of_organisation(organisation).await?);
        }
        Ok(words)
    }

    async fn words_of_organisation(&self, organisation: Organisation) -> Result<Vec<String>> {
        let mut words = vec![organisation.slug.to_string(), organisation.name];
        for project in self.store.projects(&organisation.id).await? {
            words.extend([project.slug.to_string(), project.name_en, project.name_fr]);
        }
        Ok(words)
    }
}

async fn accept(typed: &str, strength: Strength, own: Vec<String>) -> Result<Chosen> {
    let password = Password::parse(typed).ok_or(Error::Weak(Weakness::TooLong))?;
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
