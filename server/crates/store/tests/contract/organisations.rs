use crate::{at, manager};
use domain::{Locale, OrganisationId, ProjectId, Role};
use store::{Organisation, Project, Store};

both!(
    organisations_have_projects_and_people,
    slugs_are_unique,
    an_organisation_decides_on_the_factors_of_providers,
);

fn organisation(slug: &str) -> Organisation {
    Organisation {
        id: OrganisationId::from(format!("id-{slug}")),
        slug: slug.to_owned().into(),
        name: format!("Town of {slug}"),
        accepts_provider_factor: slug == "west",
        takes_part_first: false,
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
