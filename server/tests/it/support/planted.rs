//! Who has an account on a test server: back office and participants, made for a test before it
//! begins.

use super::{Manager, Person, TestServer, words};
use app::paths;
use contract::{Door, PlatformDoor};
use domain::{
    AccountId, DisplayName, Email, Locale, OrganisationId, PlatformRole, ProjectId, ProposalId,
    totp::TotpSecret,
};
use identity::{Client, NewAccount, NewParticipant};
use std::sync::atomic::Ordering;
use store::{Account, ActivityEntry, Organisation, Project, Proposal};
use testkit::Phone;

impl TestServer {
    /// A manager with a password and without two-factor.
    pub async fn person(&self) -> Person {
        self.person_with(Locale::En, None).await
    }

    /// A manager with two-factor on. Her codes begin to count now: none was used yet.
    pub async fn secured(&self) -> Person {
        self.secure(self.person().await).await
    }

    /// The same person with two-factor on.
    pub async fn secure(&self, mut person: Person) -> Person {
        let secret = TotpSecret::generate(&*self.identity().entropy);
        self.identity()
            .plant_second_factor(&person.id, &secret)
            .await
            .unwrap();
        person.phone = Some(Phone::with_secret(&secret.to_base32(), &self.clock));
        person
    }

    /// The door of a project of an organisation; both are created when they do not exist yet.
    pub async fn platform(&self, slug: &str) -> Door {
        let identity = self.identity();
        let (clock, entropy) = (&*identity.clock, &*identity.entropy);
        if let Some(organisation) = identity.store.organisation_by_slug(slug).await.unwrap() {
            return platform_door(&organisation);
        }
        let organisation = Organisation {
            id: OrganisationId::new(clock, entropy),
            slug: slug.to_owned().into(),
            name: format!("Town of {slug}"),
            accepts_provider_factor: false,
            takes_part_first: false,
            colour: None,
            logo: None,
            sender_name: None,
            reply_to: None,
            created_at: clock.now(),
        };
        let mut tx = identity.store.begin().await.unwrap();
        tx.insert_organisation(&organisation).await.unwrap();
        for (slug, name_en, name_fr) in [
            ("quay", "The quay", "Le quai"),
            ("mill", "The mill", "Le moulin"),
        ] {
            tx.insert_project(&Project {
                id: ProjectId::new(clock, entropy),
                organisation_id: organisation.id.clone(),
                slug: slug.to_owned().into(),
                name_en: name_en.to_owned(),
                name_fr: name_fr.to_owned(),
                description_en: format!("What {name_en} is about.\n\nUntil spring."),
                description_fr: format!("De quoi parle {name_fr}.\n\nJusqu’au printemps."),
                takes_registrations: true,
                takes_sign_ins: true,
                is_private: false,
            })
            .await
            .unwrap();
        }
        let projects = tx.projects(&organisation.id).await.unwrap();
        let quay = projects
            .into_iter()
            .find(|project| *project.slug == *"quay");
        let proposal = Proposal {
            id: ProposalId::from(format!("{}-quay", organisation.slug)),
            project_id: quay.unwrap().id,
            title_en: "Benches in the shade".to_owned(),
            title_fr: "Des bancs à l’ombre".to_owned(),
            text_en: "Twenty of them.\n\nUnder the trees.".to_owned(),
            text_fr: "Une vingtaine.\n\nSous les arbres.".to_owned(),
            created_at: clock.now(),
        };
        tx.insert_proposal(&proposal).await.unwrap();
        tx.commit().await.unwrap();
        platform_door(&organisation)
    }

    /// A participant of an organisation.
    pub async fn participant(&self, slug: &str) -> Person {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let email = format!("citizen{number}@home.example");
        self.participant_with(slug, &email, true).await
    }

    /// A participant of an organisation whose address is not confirmed.
    pub async fn newcomer(&self, slug: &str) -> Person {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let email = format!("newcomer{number}@home.example");
        self.participant_with(slug, &email, false).await
    }

    /// A participant of an organisation with this address, confirmed or not.
    pub async fn participant_with(&self, slug: &str, email: &str, confirmed: bool) -> Person {
        let door = self.platform(slug).await;
        let store = &self.identity().store;
        let organisation = store.organisation_by_slug(slug).await.unwrap().unwrap();
        let password = format!("herons walk through {slug} at dawn");
        let planted = self.identity().plant_participant(NewParticipant {
            organisation: organisation.id,
            email: Email::parse(email).unwrap(),
            name: DisplayName::parse("Citizen of the Town").unwrap(),
            locale: Locale::Fr,
            password: &password,
            confirmed,
        });
        Person {
            id: planted.await.unwrap(),
            email: email.to_owned(),
            name: "Citizen of the Town".to_owned(),
            password,
            phone: None,
            door,
        }
    }

    /// A manager and a participant: most of what holds at one door holds at the other.
    pub async fn people(&self) -> [Person; 2] {
        [self.person().await, self.participant("bellerive").await]
    }

    /// The same, just signed in.
    pub async fn signed_in_people(&self) -> [Manager; 2] {
        let [manager, participant] = self.people().await;
        [
            self.visitor().sign_in(&manager).await,
            self.visitor().sign_in(&participant).await,
        ]
    }

    /// Somebody with a password, of this language and role.
    pub async fn person_with(&self, locale: Locale, role: Option<PlatformRole>) -> Person {
        let (mut person, link) = self.invited(locale, role).await;
        let token = link.rsplit_once('=').unwrap().1;
        let client = Client {
            network: "192.0.2.1".to_owned(),
            ..Client::default()
        };
        "four lanterns cross the river".clone_into(&mut person.password);
        self.identity()
            .set_up_account(token, &person.password, &client)
            .await
            .unwrap();
        person
    }

    /// Somebody who was invited and has not chosen a password, with the link from her mail.
    pub async fn invited(&self, locale: Locale, role: Option<PlatformRole>) -> (Person, String) {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let email = format!("person{number}@town.example");
        let name = format!("Person Number {number}");
        self.invited_as(&email, &name, (locale, role)).await
    }

    /// The same with this address and name.
    pub async fn invited_as(
        &self,
        email: &str,
        name: &str,
        (locale, role): (Locale, Option<PlatformRole>),
    ) -> (Person, String) {
        let new = NewAccount {
            email: Email::parse(email).unwrap(),
            name: DisplayName::parse(name).unwrap(),
            locale,
            membership: None,
            platform_role: role,
        };
        let id = self.identity().create_account(new).await.unwrap().account;
        let mail = self.mail_to(email).await;
        assert_eq!(mail.kind, "account_setup");
        let link = mail.link(&self.state.config.origin());
        (
            Person {
                id,
                email: email.to_owned(),
                name: name.to_owned(),
                password: String::new(),
                phone: None,
                door: Door::BackOffice,
            },
            link,
        )
    }

    /// Goes the way of a forgotten password to its end, at the person's own door.
    pub async fn choose_new_password(&self, person: &mut Person, password: &str) {
        let mut visitor = self.visitor().through(&person.door);
        let path = person.door.entrance(paths::FORGOT_PASSWORD);
        let page = visitor.open(&path).await;
        let form = page
            .form("/api/forgot_password")
            .fill("email", &person.email);
        visitor.submit(form).await;
        let mail = self.mail_to(&person.email).await;
        assert_eq!(mail.kind, "password_reset");
        let page = visitor.open(&mail.link(&self.state.config.origin())).await;
        let form = page.form("/api/reset_password").fill("password", password);
        let page = visitor.submit(form).await;
        words::assert_says(&page, "password", "reset_done");
        assert_eq!(self.mail_to(&person.email).await.kind, "password_changed");
        password.clone_into(&mut person.password);
    }

    /// A manager who has just signed in.
    pub async fn manager(&self) -> Manager {
        let person = self.person().await;
        self.visitor().sign_in(&person).await
    }

    /// The lines of the log of an account, the newest first.
    pub async fn log_of(&self, id: &AccountId) -> Vec<ActivityEntry> {
        self.identity().store.activity(id, 99).await.unwrap()
    }

    /// The stored account of somebody.
    pub async fn account(&self, person: &Person) -> Account {
        self.identity()
            .store
            .account(&person.id)
            .await
            .unwrap()
            .unwrap()
    }
}

fn platform_door(organisation: &Organisation) -> Door {
    Door::Platform(PlatformDoor {
        organisation: organisation.slug.to_string(),
        organisation_name: organisation.name.clone(),
        project: "quay".to_owned(),
        project_name: "The quay".to_owned(),
        takes_registrations: true,
        takes_sign_ins: true,
        colour: None,
        logo: None,
    })
}
