use crate::{at, manager};
use domain::{Locale, OrganisationId, ProjectId, Role, organisation_text::TextKind};
use store::{Organisation, OrganisationText, Project, Store};

both!(
    organisations_have_projects_and_people,
    slugs_are_unique,
    a_project_keeps_what_it_lets_people_do,
    a_private_project_has_a_list_of_addresses,
    an_organisation_has_a_look,
    an_organisation_has_one_logo,
    an_organisation_has_a_text_for_each_purpose_and_language,
    an_organisation_decides_on_the_factors_of_providers,
);

fn organisation(slug: &str) -> Organisation {
    Organisation {
        id: OrganisationId::from(format!("id-{slug}")),
        slug: slug.to_owned().into(),
        name: format!("Town of {slug}"),
        accepts_provider_factor: slug == "west",
        takes_part_first: false,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: at(0),
    }
}

fn project(organisation: &Organisation, slug: &str) -> Project {
    Project {
        id: ProjectId::from(format!("{}-{slug}", organisation.slug)),
        organisation_id: organisation.id.clone(),
        slug: slug.to_owned().into(),
        name_en: "The square".to_owned(),
        name_fr: "La place".to_owned(),
        description_en: "Trees, or cars?".to_owned(),
        description_fr: "Des arbres ou des voitures ?".to_owned(),
        takes_registrations: true,
        takes_sign_ins: true,
        is_private: false,
    }
}

async fn organisations_have_projects_and_people(store: Store) {
    let ada = manager(&store, "ada").await;
    let (east, west) = (organisation("east"), organisation("west"));
    let mut tx = store.begin().await.unwrap();
    for organisation in [&west, &east] {
        tx.insert_organisation(organisation).await.unwrap();
        tx.insert_membership(&ada, &organisation.id, Role::ContentManager, at(1))
            .await
            .unwrap();
    }
    for slug in ["square", "park"] {
        tx.insert_project(&project(&west, slug)).await.unwrap();
    }
    tx.insert_project(&project(&east, "park")).await.unwrap();
    assert_eq!(
        tx.organisation_by_slug("east").await.unwrap().as_ref(),
        Some(&east)
    );
    tx.commit().await.unwrap();

    assert_eq!(
        store.organisation_by_slug("west").await.unwrap(),
        Some(west.clone())
    );
    assert_eq!(store.organisation_by_slug("north").await.unwrap(), None);
    assert_eq!(
        store.organisation(&west.id).await.unwrap(),
        Some(west.clone())
    );
    assert_eq!(
        store.organisations().await.unwrap(),
        [east.clone(), west.clone()]
    );
    let all = store.all_projects().await.unwrap();
    assert_eq!(all.len(), 3);
    assert_eq!(all[0], project(&east, "park"));
    let memberships = store.memberships(&ada).await.unwrap();
    assert_eq!(memberships[0].organisation, east);
    assert_eq!(
        (&memberships[1].organisation, memberships[1].role),
        (&west, Role::ContentManager)
    );
    let projects = store.projects(&west.id).await.unwrap();
    assert_eq!(projects, [project(&west, "park"), project(&west, "square")]);
    assert_eq!(projects[0].name(Locale::Fr), "La place");
    assert_eq!(projects[0].description(Locale::En), "Trees, or cars?");
}

async fn slugs_are_unique(store: Store) {
    let east = organisation("east");
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&east).await.unwrap();
    tx.insert_project(&project(&east, "park")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let again = Organisation {
        id: OrganisationId::from("other".to_owned()),
        ..organisation("east")
    };
    assert!(
        tx.insert_organisation(&again)
            .await
            .unwrap_err()
            .is_conflict()
    );
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    let again = Project {
        id: ProjectId::from("other".to_owned()),
        ..project(&east, "park")
    };
    assert!(tx.insert_project(&again).await.unwrap_err().is_conflict());
}

/// Red when the decision is not kept, or is another organisation's too.
async fn an_organisation_decides_on_the_factors_of_providers(store: Store) {
    let (east, west) = (organisation("east"), organisation("west"));
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&east).await.unwrap();
    tx.insert_organisation(&west).await.unwrap();
    assert!(
        !tx.set_accepts_provider_factor(&east.id, false)
            .await
            .unwrap()
    );
    assert!(
        tx.set_accepts_provider_factor(&east.id, true)
            .await
            .unwrap()
    );
    assert!(
        !tx.set_accepts_provider_factor(&east.id, true)
            .await
            .unwrap()
    );
    assert!(
        tx.set_accepts_provider_factor(&west.id, false)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let accepts: Vec<bool> = store
        .organisations()
        .await
        .unwrap()
        .iter()
        .map(|organisation| organisation.accepts_provider_factor)
        .collect();
    assert_eq!(accepts, [true, false]);
}

async fn a_project_keeps_what_it_lets_people_do(store: Store) {
    let east = organisation("east");
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&east).await.unwrap();
    for slug in ["park", "square"] {
        tx.insert_project(&project(&east, slug)).await.unwrap();
    }
    let changed = Project {
        takes_registrations: false,
        takes_sign_ins: false,
        is_private: true,
        ..project(&east, "park")
    };
    tx.set_project_access(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let found = store.projects(&east.id).await.unwrap();
    assert_eq!(found, [changed, project(&east, "square")]);
}

/// Red when a list reaches another organisation, or an address is on it twice after a change.
async fn a_private_project_has_a_list_of_addresses(store: Store) {
    let (east, west) = (organisation("east"), organisation("west"));
    let (old, new) = ("ada@town.example", "ada@home.example");
    let mut tx = store.begin().await.unwrap();
    for organisation in [&east, &west] {
        tx.insert_organisation(organisation).await.unwrap();
        for slug in ["park", "square"] {
            let project = project(organisation, slug);
            tx.insert_project(&project).await.unwrap();
            let id = &project.id;
            assert!(tx.insert_project_reader(id, old, at(1)).await.unwrap());
            assert!(!tx.insert_project_reader(id, old, at(2)).await.unwrap());
        }
    }
    let park = project(&east, "park").id;
    assert!(tx.insert_project_reader(&park, new, at(3)).await.unwrap());
    tx.move_readings(&east.id, old, new).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.is_project_reader(&park, new).await.unwrap());
    assert!(!store.is_project_reader(&park, old).await.unwrap());
    let listed = async |organisation: &Organisation, key: &str| -> Vec<(String, i64)> {
        let found = store
            .readable_projects(&organisation.id, key)
            .await
            .unwrap();
        let row =
            |one: store::ReadableProject| (one.project.slug.to_string(), one.listed_at.as_millis());
        found.into_iter().map(row).collect()
    };
    let both = [
        ("park".to_owned(), at(3).as_millis()),
        ("square".to_owned(), at(1).as_millis()),
    ];
    assert_eq!(listed(&east, new).await, both);
    assert_eq!(listed(&east, old).await, []);
    assert_eq!(listed(&west, old).await.len(), 2);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.delete_project_reader(&park, new).await.unwrap());
    assert!(!tx.delete_project_reader(&park, new).await.unwrap());
    tx.delete_readings(&west.id, old).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listed(&east, new).await.len(), 1);
    assert_eq!(listed(&west, old).await, []);
}

async fn an_organisation_has_a_look(store: Store) {
    let (east, west) = (organisation("east"), organisation("west"));
    let changed = Organisation {
        colour: Some("#0b5c63".to_owned()),
        sender_name: Some("Town of the east".to_owned()),
        reply_to: Some("info@east.example".to_owned()),
        ..east.clone()
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&east).await.unwrap();
    tx.insert_organisation(&west).await.unwrap();
    tx.set_organisation_look(&changed).await.unwrap();
    for (id, organisation) in [("m1", Some(&east)), ("m2", None)] {
        let mail = store::NewMail {
            organisation_id: organisation.map(|found| found.id.clone()),
            ..testkit::rows::mail(id, None, at(1))
        };
        tx.insert_mail(&mail).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(
        store.organisations().await.unwrap(),
        [changed.clone(), west]
    );
    let mail = async |id: &str| {
        store
            .mail_by_id(&id.to_owned().into())
            .await
            .unwrap()
            .unwrap()
    };
    let own = mail("m1").await;
    assert_eq!(
        (own.sender_name, own.reply_to),
        (changed.sender_name, changed.reply_to)
    );
    assert_eq!(mail("m2").await.sender_name, None);
}

async fn an_organisation_has_one_logo(store: Store) {
    let (east, west) = (organisation("east"), organisation("west"));
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&east).await.unwrap();
    tx.insert_organisation(&west).await.unwrap();
    for name in ["one", "two"] {
        let logo = Some((name, name.as_bytes()));
        tx.set_logo(&east.id, logo).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(store.logo("one").await.unwrap(), None);
    assert_eq!(store.logo("two").await.unwrap(), Some(b"two".to_vec()));
    let named = |slug: &'static str| {
        let found = store.organisation_by_slug(slug);
        async { found.await.unwrap().unwrap().logo }
    };
    assert_eq!(named("east").await.as_deref(), Some("two"));
    assert_eq!(named("west").await, None);
    let mut tx = store.begin().await.unwrap();
    tx.set_logo(&east.id, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.logo("two").await.unwrap(), None);
    assert_eq!(named("east").await, None);
}

async fn an_organisation_has_a_text_for_each_purpose_and_language(store: Store) {
    let (east, west) = (organisation("east"), organisation("west"));
    let text = |kind, locale, words: &str| OrganisationText {
        organisation_id: east.id.clone(),
        kind,
        locale,
        text: words.to_owned(),
        changed_at: at(2),
    };
    let (welcome, privacy) = (TextKind::Welcome, TextKind::Privacy);
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&east).await.unwrap();
    tx.insert_organisation(&west).await.unwrap();
    for (kind, locale, words) in [
        (welcome, Locale::Fr, "Bonjour"),
        (welcome, Locale::En, "Hello"),
        (welcome, Locale::En, "Good day"),
        (privacy, Locale::En, "Kept"),
        (privacy, Locale::En, ""),
    ] {
        let text = text(kind, locale, words);
        tx.set_organisation_text(&text).await.unwrap();
    }
    tx.commit().await.unwrap();
    let all = [
        text(welcome, Locale::En, "Good day"),
        text(welcome, Locale::Fr, "Bonjour"),
    ];
    assert_eq!(
        store.organisation_texts(&east.id, welcome).await.unwrap(),
        all
    );
    assert_eq!(
        store.organisation_texts(&east.id, privacy).await.unwrap(),
        []
    );
    assert_eq!(
        store.organisation_texts(&west.id, welcome).await.unwrap(),
        []
    );
}
