use crate::{at, expire, hash, manager};
use domain::{AccountId, Email, MailDomain, MailId, MailState, Realm, RegistrationId};
use store::{Expired, Registration, Store};
use testkit::rows;

both!(
    a_registration_is_found_by_its_browser_and_its_address,
    an_answer_is_written_once,
    mails_are_asked_for_up_to_a_number,
    a_corrected_address_waits_for_its_mail,
    suggestions_belong_to_one_address,
    a_confirmed_registration_forgets_what_it_held,
    a_denied_registration_gets_no_mail_until_its_address_is_corrected,
    registrations_leave_an_account,
    the_states_of_many_are_read_at_once,
    registrations_are_swept,
);

fn registration(number: u8, email: &str) -> Registration {
    Registration {
        email: email.to_owned(),
        browser_hash: hash(number).to_vec(),
        next: Some("/settings".to_owned()),
        ..rows::registration(&format!("registration-{number}"), at(i64::from(number)))
    }
}

async fn insert(store: &Store, number: u8, email: &str) -> Registration {
    let new = registration(number, email);
    let mut tx = store.begin().await.unwrap();
    tx.insert_registration(&new).await.unwrap();
    tx.commit().await.unwrap();
    new
}

async fn answer(store: &Store, found: &Registration, account: Option<&AccountId>) -> bool {
    let mut tx = store.begin().await.unwrap();
    let mail = MailId::from("mail".to_owned());
    let done = tx.answer_registration(&found.id, account, &mail, at(50));
    let done = done.await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn read(store: &Store, number: u8) -> Option<Registration> {
    let hash = hash(number);
    let found = store.registration_of_browser(&Realm::BackOffice, &hash);
    found.await.unwrap()
}

async fn a_registration_is_found_by_its_browser_and_its_address(store: Store) {
    let first = insert(&store, 1, "ada@town.example").await;
    let second = insert(&store, 2, "Ada@Town.example").await;
    assert_eq!(read(&store, 1).await, Some(first.clone()));
    assert_eq!(store.registration(&first.id).await.unwrap(), Some(first));
    let newest =
        |since| store.newest_registration(&Realm::BackOffice, "ada@town.example", at(since));
    assert_eq!(newest(0).await.unwrap(), Some(second.clone()));
    assert_eq!(newest(2).await.unwrap(), None);
    assert!(!format!("{second:?}").contains("Ada"));
    let mut tx = store.begin().await.unwrap();
    tx.delete_registrations_of_address(&Realm::BackOffice, "ada@town.example")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(newest(0).await.unwrap(), None);
}

async fn an_answer_is_written_once(store: Store) {
    let ada = manager(&store, "ada").await;
    let first = insert(&store, 1, "ada@town.example").await;
    assert!(answer(&store, &first, Some(&ada)).await);
    assert!(!answer(&store, &first, None).await);
    let found = read(&store, 1).await.unwrap();
    assert_eq!((found.account_id, found.mails), (Some(ada), 1));
    assert_eq!(found.answered_at, Some(at(50)));
    let fate = store.mail_fate(&found.mail_id.unwrap()).await.unwrap();
    assert!(fate.is_none() && MailState::Queued != MailState::Sent);
}

async fn mails_are_asked_for_up_to_a_number(store: Store) {
    let first = insert(&store, 1, "ada@town.example").await;
    let ask = async || {
        let mut tx = store.begin().await.unwrap();
        let asked = tx.ask_registration_mail(&first.id, 2).await.unwrap();
        tx.commit().await.unwrap();
        asked
    };
    assert!(!ask().await, "one is to be written already");
    let mut tx = store.begin().await.unwrap();
    tx.give_up_registration(&first.id, at(40)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(read(&store, 1).await.unwrap().answered_at, Some(at(40)));
    assert!(ask().await, "after it was given up");
    answer(&store, &first, None).await;
    assert!(ask().await);
    answer(&store, &first, None).await;
    assert!(!ask().await, "there were two");
}

async fn a_corrected_address_waits_for_its_mail(store: Store) {
    let ada = manager(&store, "ada").await;
    let first = insert(&store, 1, "aad@town.example").await;
    let email = Email::parse("Ada@town.example").unwrap();
    let correct = async || {
        let mut tx = store.begin().await.unwrap();
        let done = tx.correct_registration(&first.id, &email, 2).await.unwrap();
        tx.commit().await.unwrap();
        done
    };
    assert!(!correct().await, "a mail is being written");
    answer(&store, &first, Some(&ada)).await;
    assert!(correct().await);
    let found = read(&store, 1).await.unwrap();
    assert_eq!(found.email, "Ada@town.example");
    assert_eq!(
        (found.account_id, found.mail_id, found.answered_at),
        (None, None, None)
    );
}

async fn suggest(store: &Store, found: &Registration, email: &str) {
    let mut tx = store.begin().await.unwrap();
    let domains = ["gmail.com".to_owned(), "gmx.com".to_owned()];
    tx.suggest_domains(&found.id, email, MailDomain::DoesNotExist, &domains)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Red when an answer that comes late is shown for the corrected address, or stays after the correction.
async fn suggestions_belong_to_one_address(store: Store) {
    let first = insert(&store, 1, "ada@gmial.com").await;
    assert!(answer(&store, &first, None).await);
    suggest(&store, &first, "ada@other.example").await;
    assert_eq!(read(&store, 1).await.unwrap().suggestions, None);
    suggest(&store, &first, "ada@gmial.com").await;
    let found = read(&store, 1).await.unwrap();
    assert_eq!(found.domain_answer, Some(MailDomain::DoesNotExist));
    assert_eq!(found.suggestions.as_deref(), Some("gmail.com gmx.com"));
    let states = store.registration_states(std::slice::from_ref(&first.id));
    let states = states.await.unwrap();
    assert_eq!(states[0].suggestions, found.suggestions);
    let mut tx = store.begin().await.unwrap();
    let email = Email::parse("ada@gmail.com").unwrap();
    assert!(tx.correct_registration(&first.id, &email, 5).await.unwrap());
    tx.commit().await.unwrap();
    let found = read(&store, 1).await.unwrap();
    assert_eq!((found.domain_answer, found.suggestions), (None, None));
}

async fn a_confirmed_registration_forgets_what_it_held(store: Store) {
    let first = insert(&store, 1, "ada@town.example").await;
    let (ada, other) = (manager(&store, "ada").await, manager(&store, "bea").await);
    answer(&store, &first, Some(&ada)).await;
    let mut tx = store.begin().await.unwrap();
    let id = &first.id;
    assert!(!tx.confirm_registration(id, &other, at(8)).await.unwrap());
    assert!(tx.confirm_registration(id, &ada, at(9)).await.unwrap());
    assert!(!tx.confirm_registration(id, &ada, at(10)).await.unwrap());
    tx.commit().await.unwrap();
    let found = read(&store, 1).await.unwrap();
    assert_eq!(found.confirmed_at, Some(at(9)));
    assert_eq!(
        [found.name, found.password_hash, found.device, found.network],
        ["", "", "", ""]
    );
    let newest = store.newest_registration(&Realm::BackOffice, "ada@town.example", at(0));
    assert_eq!(newest.await.unwrap(), None);
    insert(&store, 2, "ada@town.example").await;
    let confirmed = store.confirmed_registrations(&Realm::BackOffice, "ada@town.example");
    let confirmed = confirmed.await.unwrap().into_iter().map(|found| found.id);
    assert_eq!(confirmed.collect::<Vec<_>>(), [first.id]);
}

async fn registrations_leave_an_account(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut all = Vec::new();
    for number in [1, 2, 3] {
        let one = insert(&store, number, "ada@town.example").await;
        answer(&store, &one, Some(&ada)).await;
        all.push(one);
    }
    let mut tx = store.begin().await.unwrap();
    let newest = tx.newest_registration_of(&ada).await.unwrap();
    assert_eq!(newest.map(|found| found.id), Some(all[2].id.clone()));
    tx.deny_registration(&all[2].id, at(9)).await.unwrap();
    let newest = tx.newest_registration_of(&ada).await.unwrap();
    assert_eq!(newest.map(|found| found.id), Some(all[1].id.clone()));
    tx.release_registrations(&ada).await.unwrap();
    assert_eq!(tx.newest_registration_of(&ada).await.unwrap(), None);
}

/// Red when the owner of an address who said "it was not me" gets another mail, or when a corrected address gets none.
async fn a_denied_registration_gets_no_mail_until_its_address_is_corrected(store: Store) {
    let one = insert(&store, 1, "ada@town.example").await;
    answer(&store, &one, None).await;
    let mut tx = store.begin().await.unwrap();
    tx.deny_registration(&one.id, at(9)).await.unwrap();
    assert!(!tx.ask_registration_mail(&one.id, 5).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(read(&store, 1).await.unwrap().denied_at, Some(at(9)));
    let newest = store.newest_registration(&one.realm, "ada@town.example", at(0));
    assert_eq!(newest.await.unwrap(), None);
    let states = store
        .registration_states(std::slice::from_ref(&one.id))
        .await;
    assert_eq!(states.unwrap()[0].denied_at, Some(at(9)));
    let mut tx = store.begin().await.unwrap();
    let right = Email::parse("right@town.example").unwrap();
    assert!(tx.correct_registration(&one.id, &right, 5).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!read(&store, 1).await.unwrap().is_denied());
}

async fn the_states_of_many_are_read_at_once(store: Store) {
    let (first, second) = (
        insert(&store, 1, "ada@town.example").await,
        insert(&store, 2, "bea@town.example").await,
    );
    let mail = rows::mail("mail", None, at(1));
    let mut tx = store.begin().await.unwrap();
    tx.insert_mail(&mail).await.unwrap();
    tx.commit().await.unwrap();
    answer(&store, &first, None).await;
    store.mark_mail_postponed(&mail.id, "451").await.unwrap();
    let gone = RegistrationId::from("gone".to_owned());
    let all = [first.id.clone(), second.id.clone(), gone];
    let mut states = store.registration_states(&all).await.unwrap();
    states.sort_by(|a, b| a.id.cmp(&b.id));
    let [one, two] = &states[..] else {
        panic!("{states:?}");
    };
    assert_eq!((&one.id, &two.id), (&first.id, &second.id));
    assert_eq!((one.answered_at, two.answered_at), (Some(at(50)), None));
    assert_eq!((one.mail, two.mail), (Some(MailState::Queued), None));
    assert_eq!(one.last_error.as_deref(), Some("451"));
    assert_eq!(store.registration_states(&[]).await.unwrap(), []);
}

async fn registrations_are_swept(store: Store) {
    for number in [1, 2, 3] {
        insert(&store, number, "ada@town.example").await;
    }
    assert_eq!(expire(&store, Expired::Registrations, 3).await, 2);
    assert!(read(&store, 3).await.is_some());
}
