use crate::{all_at_once, at, manager, winners};
use domain::{AccountId, OrganisationId, ProjectId, ProposalId};
use store::{Organisation, Project, Proposal, Registration, ShownProposal, Store};
use testkit::rows;

both!(
    proposals_are_read_with_their_supports,
    fifty_supports_at_once_count_once,
    a_waiting_support_is_counted_for_its_account,
    a_waiting_support_goes_with_its_registration,
);

async fn quay(store: &Store) -> (ProjectId, Proposal) {
    let organisation = Organisation {
        id: OrganisationId::from("town".to_owned()),
        slug: "town".to_owned().into(),
        name: "Town".to_owned(),
        accepts_provider_factor: false,
        takes_part_first: true,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: at(0),
    };
    let project = Project {
        id: ProjectId::from("quay".to_owned()),
        organisation_id: organisation.id.clone(),
        slug: "quay".to_owned().into(),
        name_en: "The quay".to_owned(),
        name_fr: "Le quai".to_owned(),
        description_en: String::new(),
        description_fr: String::new(),
        takes_registrations: true,
        takes_sign_ins: true,
        is_private: false,
    };
    let proposal = Proposal {
        id: ProposalId::from("benches".to_owned()),
        project_id: project.id.clone(),
        title_en: "Benches".to_owned(),
        title_fr: "Des bancs".to_owned(),
        text_en: "Benches in the shade.".to_owned(),
        text_fr: "Des bancs à l’ombre.".to_owned(),
        created_at: at(1),
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&organisation).await.unwrap();
    tx.insert_project(&project).await.unwrap();
    tx.insert_proposal(&proposal).await.unwrap();
    tx.commit().await.unwrap();
    (project.id, proposal)
}

async fn support(store: &Store, proposal: &ProposalId, account: &AccountId) -> bool {
    let mut tx = store.begin().await.unwrap();
    let counted = tx.insert_support(proposal, account, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    counted
}

async fn shown(store: &Store, project: &ProjectId, account: &AccountId) -> ShownProposal {
    let mut found = store.proposals(project, Some(account), None).await.unwrap();
    found.remove(0)
}

async fn proposals_are_read_with_their_supports(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    let (project, proposal) = quay(&store).await;
    assert_eq!(
        store.proposal(&proposal.id).await.unwrap(),
        Some(proposal.clone())
    );
    assert!(support(&store, &proposal.id, &ada).await);
    assert!(!support(&store, &proposal.id, &ada).await);
    let seen = shown(&store, &project, &ada).await;
    assert_eq!(
        (seen.supports, seen.supported, seen.waits),
        (1, true, false)
    );
    assert_eq!(seen.proposal, proposal);
    assert!(!shown(&store, &project, &bea).await.supported);
    let own = store.supports_of(&ada).await.unwrap();
    assert_eq!(
        (own[0].title_en.as_str(), own[0].created_at),
        ("Benches", at(5))
    );
    let mut tx = store.begin().await.unwrap();
    assert!(tx.delete_support(&proposal.id, &ada).await.unwrap());
    assert!(!tx.delete_support(&proposal.id, &ada).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(shown(&store, &project, &ada).await.supports, 0);
    let mut tx = store.begin().await.unwrap();
    let town = OrganisationId::from("town".to_owned());
    assert!(tx.set_takes_part_first(&town, false).await.unwrap());
    assert!(!tx.set_takes_part_first(&town, false).await.unwrap());
}

async fn fifty_supports_at_once_count_once(store: Store) {
    let ada = manager(&store, "ada").await;
    let (project, proposal) = quay(&store).await;
    let results = all_at_once(50, |_| {
        let (store, id, ada) = (store.clone(), proposal.id.clone(), ada.clone());
        async move { support(&store, &id, &ada).await }
    })
    .await;
    assert_eq!(winners(&results), 1);
    assert_eq!(shown(&store, &project, &ada).await.supports, 1);
}

async fn wait(store: &Store, registration: &Registration, proposal: &ProposalId) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_registration(registration).await.unwrap();
    for _ in 0..2 {
        tx.insert_waiting_support(&registration.id, proposal, at(4))
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}

async fn a_waiting_support_is_counted_for_its_account(store: Store) {
    let ada = manager(&store, "ada").await;
    let (project, proposal) = quay(&store).await;
    let registration = rows::registration("r", at(3));
    wait(&store, &registration, &proposal.id).await;
    let seen = store
        .proposals(&project, None, Some(&registration.id))
        .await
        .unwrap();
    assert_eq!((seen[0].supports, seen[0].waits), (0, true));
    let waiting = store.waiting_supports(&registration.id).await.unwrap();
    assert_eq!(waiting, [proposal]);
    for _ in 0..2 {
        let mut tx = store.begin().await.unwrap();
        tx.count_waiting_supports(&registration.id, &ada, at(6))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let seen = shown(&store, &project, &ada).await;
    assert_eq!((seen.supports, seen.supported), (1, true));
    assert_eq!(store.waiting_supports(&registration.id).await.unwrap(), []);
}

async fn a_waiting_support_goes_with_its_registration(store: Store) {
    let (_, proposal) = quay(&store).await;
    let registration = rows::registration("r", at(3));
    wait(&store, &registration, &proposal.id).await;
    crate::expire(&store, store::Expired::Registrations, 4).await;
    assert_eq!(store.waiting_supports(&registration.id).await.unwrap(), []);
}
