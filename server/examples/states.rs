//! Fills an empty database with accounts in every state, so many of each: whether they can be told apart by time is
//! measured with them.
//!
//! `cargo xtask bench enumeration` starts it with the variables of the server and with a number. The first letter of
//! an address says the state; nobody's begin with `u`. All have the same password, hashed once.

use domain::{
    AccountId, AccountStatus, DisplayName, Email, Locale, OrganisationId, ProjectId, Realm,
    password::Password, totp::TotpSecret,
};
use identity::Identity;
use server::{
    Config,
    state::{Outside, open_identity},
};
use store::{NewAccount, Organisation, Project, SetPassword, Tx};

const PASSWORD: &str = "quiet harbour seven lanterns";
/// active, with a second factor, invited, locked, not confirmed, and those who ask for another address.
const STATES: [char; 6] = ['a', 's', 'i', 'l', 'n', 'k'];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let count: usize = std::env::args().nth(1).unwrap_or_default().parse()?;
    let identity = open_identity(&Config::load(None)?, Outside::default()).await?;
    let password = Password::parse(PASSWORD).ok_or_else(|| anyhow::anyhow!("a password"))?;
    let hash = identity.hasher.hash(&password).await?;
    let organisation = organisation(&identity).await?;
    for realm in [Realm::BackOffice, Realm::Organisation(organisation)] {
        for state in STATES {
            let mut tx = identity.store.begin().await?;
            let mut secured = Vec::new();
            for number in 0..count {
                let id = account(&identity, &mut tx, &realm, (state, number), &hash).await?;
                secured.extend((state == 's').then_some(id));
            }
            tx.commit().await?;
            for id in secured {
                let secret = TotpSecret::generate(&*identity.entropy);
                identity.plant_second_factor(&id, &secret).await?;
            }
        }
    }
    Ok(())
}

async fn organisation(identity: &Identity) -> anyhow::Result<OrganisationId> {
    let (clock, entropy) = (&*identity.clock, &*identity.entropy);
    let id = OrganisationId::new(clock, entropy);
    let mut tx = identity.store.begin().await?;
    tx.insert_organisation(&Organisation {
        id: id.clone(),
        slug: "bellerive".to_owned().into(),
        name: "Bellerive".to_owned(),
        accepts_provider_factor: false,
        takes_part_first: false,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: clock.now(),
    })
    .await?;
    tx.insert_project(&Project {
        id: ProjectId::new(clock, entropy),
        organisation_id: id.clone(),
        slug: "quay".to_owned().into(),
        name_en: "A quay for everybody".to_owned(),
        name_fr: "Un quai pour tout le monde".to_owned(),
        description_en: String::new(),
        description_fr: String::new(),
        takes_registrations: true,
        takes_sign_ins: true,
        is_private: false,
    })
    .await?;
    tx.commit().await?;
    Ok(id)
}

async fn account(
    identity: &Identity,
    tx: &mut Tx,
    realm: &Realm,
    (state, number): (char, usize),
    hash: &str,
) -> anyhow::Result<AccountId> {
    let now = identity.clock.now();
    let id = AccountId::new(&*identity.clock, &*identity.entropy);
    tx.insert_account(&NewAccount {
        id: id.clone(),
        realm: realm.clone(),
        email: &Email::parse(&format!("{state}{number:06}@town.example"))?,
        name: &DisplayName::parse("Somebody of the Town")?,
        locale: Locale::En,
        platform_role: None,
        created_at: now,
    })
    .await?;
    if state != 'i' {
        let password = SetPassword {
            hash,
            at: now,
            stands_alone: true,
            confirms_email: state != 'n',
        };
        tx.set_password(&id, &password).await?;
    }
    if state == 'l' {
        tx.set_account_status(&id, AccountStatus::Locked, now)
            .await?;
    }
    Ok(id)
}
