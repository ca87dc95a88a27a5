//! Builds the demo town with the same use cases that a real town is built with.

use super::{
    PEOPLE, Person,
    citizens::{self, CITIZENS},
    clock::DemoClock,
    towns::{TOWNS, Town},
};
use anyhow::{Context as _, bail};
use contract::DemoState;
use domain::{
    DisplayName, Email, Locale, OrganisationId, PlatformRole, ProjectId, ProposalId, Realm, Role,
    organisation_text::{OwnText, TextKind},
    token::Secret,
    totp::TotpSecret,
};
use identity::{Client, Credentials, DrawnLogo, Identity, NewAccount, NewParticipant, Progress};
use store::{Organisation, Project, Proposal};

/// Fills an empty database. Answers the secrets of the browsers of [`CITIZENS`].
pub async fn town(identity: &Identity, clock: &DemoClock) -> anyhow::Result<Vec<Secret>> {
    let mut organisations = Vec::new();
    // The towns are older than who registered in them.
    clock.set_back(CITIZENS[0].ago);
    for town in &TOWNS {
        organisations.push(organisation(identity, town).await?);
    }
    let browsers = citizens::register(identity, clock).await?;
    for person in &PEOPLE {
        self::person(identity, person, &organisations).await?;
    }
    Ok(browsers)
}

async fn organisation(identity: &Identity, town: &Town) -> anyhow::Result<OrganisationId> {
    let (clock, entropy) = (&*identity.clock, &*identity.entropy);
    let id = OrganisationId::new(clock, entropy);
    let mut tx = identity.store.begin().await?;
    tx.insert_organisation(&Organisation {
        id: id.clone(),
        slug: town.slug.to_owned().into(),
        name: town.name.to_owned(),
        accepts_provider_factor: false,
        takes_part_first: town.takes_part_first,
        colour: town.colour.map(str::to_owned),
        logo: None,
        sender_name: Some(town.name.to_owned()),
        reply_to: None,
        created_at: clock.now(),
    })
    .await?;
    for project in &town.projects {
        let ([name_en, name_fr], [description_en, description_fr]) =
            (project.name, project.description);
        let project_id = ProjectId::new(clock, entropy);
        tx.insert_project(&Project {
            id: project_id.clone(),
            organisation_id: id.clone(),
            slug: project.slug.to_owned().into(),
            name_en: name_en.to_owned(),
            name_fr: name_fr.to_owned(),
            description_en: description_en.to_owned(),
            description_fr: description_fr.to_owned(),
            takes_registrations: true,
            takes_sign_ins: true,
            is_private: false,
        })
        .await?;
        for [[title_en, title_fr], [text_en, text_fr]] in project.proposals {
            tx.insert_proposal(&Proposal {
                id: ProposalId::new(clock, entropy),
                project_id: project_id.clone(),
                title_en: (*title_en).to_owned(),
                title_fr: (*title_fr).to_owned(),
                text_en: (*text_en).to_owned(),
                text_fr: (*text_fr).to_owned(),
                created_at: clock.now(),
            })
            .await?;
        }
    }
    tx.commit().await?;
    if let Some(file) = town.logo {
        let logo = DrawnLogo::of_png(file)?;
        identity.set_logo(&id, Some(&logo)).await?;
    }
    for (locale, text) in [Locale::En, Locale::Fr]
        .into_iter()
        .zip(town.welcome.into_iter().flatten())
    {
        let text = OwnText::parse(TextKind::Welcome, text)?;
        identity.set_organisation_text(&id, locale, &text).await?;
    }
    Ok(id)
}

async fn person(
    identity: &Identity,
    person: &Person,
    towns: &[OrganisationId],
) -> anyhow::Result<()> {
    if let Some(slug) = person.participant_of {
        return participant(identity, person, slug).await;
    }
    let (first, second) = (towns[0].clone(), towns[1].clone());
    let (membership, platform_role) = match person.state {
        DemoState::Plain | DemoState::TwoFactor | DemoState::Invited => {
            (Some((first, Role::OrganisationManager)), None)
        }
        DemoState::French | DemoState::Locked | DemoState::Leaving => {
            (Some((second.clone(), Role::ContentManager)), None)
        }
        DemoState::Agent => (None, Some(PlatformRole::Agent)),
        DemoState::Participant | DemoState::Unconfirmed => (None, None),
    };
    let link = identity
        .create_account(NewAccount {
            email: Email::parse(person.email)?,
            name: DisplayName::parse(person.name)?,
            locale: person.locale,
            membership,
            platform_role,
        })
        .await?;
    if let Some(password) = person.password {
        let token = link.url.rsplit_once('=').map_or("", |(_, token)| token);
        identity
            .set_up_account(token, password, &Client::default())
            .await?;
    }
    if person.state == DemoState::TwoFactor {
        let mut tx = identity.store.begin().await?;
        tx.insert_membership(
            &link.account,
            &second,
            Role::ContentManager,
            identity.clock.now(),
        )
        .await?;
        tx.commit().await?;
    }
    if let Some(secret) = person
        .totp_secret
        .and_then(|bytes| TotpSecret::from_bytes(bytes))
    {
        identity.plant_second_factor(&link.account, &secret).await?;
    }
    if person.state == DemoState::Locked {
        let account = identity.manager(&Email::parse(person.email)?).await?;
        identity.set_locked(&account, true).await?;
    }
    if person.state == DemoState::Leaving {
        leave(identity, person).await?;
    }
    Ok(())
}

/// Signs in and asks for the account to be deleted, as its owner would.
async fn leave(identity: &Identity, person: &Person) -> anyhow::Result<()> {
    let password = person.password.unwrap_or_default();
    let credentials = Credentials {
        email: person.email,
        password,
        next: None,
        stay: false,
    };
    let client = Client {
        network: "192.0.2.17".to_owned(),
        device: "Firefox, Linux".to_owned(),
        ..Client::default()
    };
    let signed_in = identity
        .sign_in(&Realm::BackOffice, credentials, &client)
        .await?;
    let Progress::SignedIn(opened) = signed_in else {
        bail!("whoever leaves has no second factor");
    };
    let who = identity
        .signed_in(&Realm::BackOffice, &opened.token)
        .await?;
    let who = who.context("nobody is signed in")?;
    let proof = identity.prove(&who, password, &client).await?;
    identity.ask_deletion(&who, proof, &client).await?;
    identity.sign_out(&who, &client).await?;
    Ok(())
}

async fn participant(identity: &Identity, person: &Person, slug: &str) -> anyhow::Result<()> {
    let organisation = identity.store.organisation_by_slug(slug).await?;
    let organisation = organisation.context("the participant's town is missing")?;
    let planted = identity.plant_participant(NewParticipant {
        organisation: organisation.id,
        email: Email::parse(person.email)?,
        name: DisplayName::parse(person.name)?,
        locale: person.locale,
        password: person.password.unwrap_or_default(),
        confirmed: person.state == DemoState::Participant,
    });
    planted.await?;
    Ok(())
}
