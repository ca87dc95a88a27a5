use crate::at;
use domain::{Email, MailState, OrganisationId, Timestamp, funnel::Step};
use store::{NewMail, Organisation, RegistrationCount, Store};
use testkit::rows;

both!(
    a_journey_shows_each_mail_and_the_first_opening,
    a_count_only_grows,
    familiar_domains_are_those_of_many_confirmed_addresses,
);

async fn a_journey_shows_each_mail_and_the_first_opening(store: Store) {
    let registration = store::Registration {
        answered_at: Some(at(5)),
        ..rows::registration("r", at(5))
    };
    let id = &registration.id;
    let mail = |number| NewMail {
        registration_id: Some(id.clone()),
        ..rows::mail(number, None, at(5))
    };
    let (first, second) = (mail("m"), mail("n"));
    let mut tx = store.begin().await.unwrap();
    tx.insert_registration(&registration).await.unwrap();
    tx.insert_registration(&rows::registration("s", at(6)))
        .await
        .unwrap();
    tx.insert_mail(&first).await.unwrap();
    tx.insert_mail(&second).await.unwrap();
    tx.commit().await.unwrap();
    store.mark_registration_opened(id, at(7)).await.unwrap();
    store.mark_registration_opened(id, at(8)).await.unwrap();
    store.mark_mail_sent(&first.id, at(6)).await.unwrap();
    let bounced = store.mark_mail_bounced(&first.id, "550", at(6)).await;
    assert!(bounced.unwrap());
    let mut found = store.journeys(at(5), at(6)).await.unwrap();
    found.sort_by_key(|journey| journey.mail == Some(MailState::Queued));
    let mails: Vec<_> = found.iter().map(|journey| journey.mail).collect();
    assert_eq!(mails, [Some(MailState::Sent), Some(MailState::Queued)]);
    for journey in &found {
        assert_eq!((&journey.id, &journey.email), (id, &registration.email));
        assert_eq!(journey.recipient.as_ref(), Some(&first.recipient));
        assert_eq!(journey.opened_at, Some(at(7)));
        let said = journey.bounced_with.as_deref();
        assert_eq!(
            said,
            (journey.mail == Some(MailState::Sent)).then_some("550")
        );
    }
    let others = store.journeys(at(6), at(9)).await.unwrap();
    assert_eq!((others.len(), others[0].mail), (1, None));
    // Nobody opened the link to the new address yet.
    let email = Email::parse("right@home.example").unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.correct_registration(id, &email, 5).await.unwrap());
    tx.commit().await.unwrap();
    let found = store.journeys(at(5), at(6)).await.unwrap();
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|journey| journey.opened_at.is_none()));
    assert!(found.iter().all(|journey| journey.recipient.is_some()));
}

fn organisation() -> Organisation {
    Organisation {
        id: OrganisationId::from("east".to_owned()),
        slug: "east".to_owned().into(),
        name: "East".to_owned(),
        accepts_provider_factor: false,
        takes_part_first: false,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: at(0),
    }
}

/// Red when a deleted registration makes a past day smaller.
async fn a_count_only_grows(store: Store) {
    let organisation = organisation();
    let count = |day: Timestamp, count| RegistrationCount {
        day,
        organisation_id: organisation.id.clone(),
        project: "park".to_owned(),
        domain: "home.example".to_owned(),
        step: Step::HandedOver,
        count,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&organisation).await.unwrap();
    for number in [3, 5, 4] {
        tx.raise_registration_count(&count(at(10), number))
            .await
            .unwrap();
    }
    tx.raise_registration_count(&count(at(20), 1))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let found = store.registration_counts(&organisation.id, at(10)).await;
    assert_eq!(found.unwrap(), [count(at(10), 5), count(at(20), 1)]);
    let found = store.registration_counts(&organisation.id, at(11)).await;
    assert_eq!(found.unwrap(), [count(at(20), 1)]);
}

/// Red when a domain becomes familiar by registrations that nobody confirmed, or by those of long ago.
async fn familiar_domains_are_those_of_many_confirmed_addresses(store: Store) {
    let organisation = organisation();
    let count = |domain: &str, day: i64, step, count| RegistrationCount {
        day: at(day),
        organisation_id: organisation.id.clone(),
        project: "park".to_owned(),
        domain: domain.to_owned(),
        step,
        count,
    };
    let counts = [
        count("one.example", 10, Step::Confirmed, 2),
        count("one.example", 11, Step::Confirmed, 3),
        count("two.example", 10, Step::Confirmed, 9),
        count("few.example", 10, Step::Confirmed, 4),
        count("old.example", 9, Step::Confirmed, 99),
        count("typo.example", 10, Step::Started, 99),
    ];
    let mut tx = store.begin().await.unwrap();
    tx.insert_organisation(&organisation).await.unwrap();
    for count in &counts {
        tx.raise_registration_count(count).await.unwrap();
    }
    tx.commit().await.unwrap();
    let found = store.familiar_domains(at(10), 5, 10).await.unwrap();
    assert_eq!(found, ["two.example", "one.example"]);
    let found = store.familiar_domains(at(10), 5, 1).await.unwrap();
    assert_eq!(found, ["two.example"]);
}
