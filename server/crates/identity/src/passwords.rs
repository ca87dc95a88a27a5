//! New passwords: what one must be like, and what it must not be made of.

use crate::{Client, Error, Identity, Result, SignedIn, breaches};
use domain::{
    Realm,
    limit::JUDGEMENTS_PER_NETWORK,
    password::{MAX_BYTES, PARTICIPANT_MINIMUM, Password, Strength, Weakness},
    token::Purpose,
};
use store::{Account, SetPassword};
use unit_of_work::{Holder, UnitOfWork};

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
        let limit = format!("judgement:network:{}", client.network);
        self.take_try(&limit, JUDGEMENTS_PER_NETWORK).await?;
        let mut linked = None;
        for purpose in [Purpose::AccountSetup, Purpose::PasswordReset] {
            let found = self.linked(Holder::Anybody, purpose, token).await?;
            linked = linked.or(found.map(|(_, account)| account));
        }
        let owner = linked.as_ref().or(who.map(|who| &who.account));
        self.accept(typed, owner).map(drop)
    }

    /// A password that this account may have from now on.
    ///
    /// # Errors
    /// [`Error::Weak`].
    pub(crate) async fn new_password(&self, typed: &str, account: &Account) -> Result<Chosen> {
        let chosen = self.accept(typed, Some(account))?;
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

    fn accept(&self, typed: &str, owner: Option<&Account>) -> Result<Chosen> {
        let password = Password::parse(typed).ok_or(Error::Weak(Weakness::TooLong))?;
        let mut own = vec![self.settings.brand.as_str()];
        own.extend(
            owner
                .iter()
                .flat_map(|account| [account.name.as_str(), &account.email]),
        );
        let strength = owner.map_or(Strength::OnlyFactor, strength_for);
        password.judge(strength, &own).map_err(Error::Weak)?;
        let stands_alone = strength != Strength::WithSecondFactor
            || password.judge(Strength::OnlyFactor, &own).is_ok();
        Ok(Chosen {
            password,
            stands_alone,
        })
    }
}
