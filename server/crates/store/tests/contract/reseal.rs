use crate::{at, hash, manager, sessions::signed_in};
use domain::{JobId, job::Priority, token::Purpose};
use store::{NewJob, Sealed, Store, TotpEnrolment, TotpFactor, UnsavedCodes};
use testkit::rows;

both!(every_sealed_value_is_read_and_sealed_anew,);

/// One sealed value of each kind.
async fn furnish(store: &Store) {
    let ada = manager(store, "ada").await;
    let session = signed_in(store, &ada, 1).await.id;
    let mut tx = store.begin().await.unwrap();
    let secret_sealed = vec![1];
    let enrolment = TotpEnrolment {
        account_id: ada.clone(),
        session_id: session.clone(),
        secret_sealed: secret_sealed.clone(),
        created_at: at(1),
    };
    tx.put_totp_enrolment(&enrolment).await.unwrap();
    let factor = TotpFactor {
        account_id: ada.clone(),
        secret_sealed,
        confirmed_at: at(1),
        last_step: 0,
        last_used_at: at(1),
    };
    tx.insert_totp_factor(&factor).await.unwrap();
    tx.replace_recovery_codes(&ada, "salt", &[vec![1]], at(1))
        .await
        .unwrap();
    let unsaved = UnsavedCodes {
        sealed: vec![1],
        created_at: at(10),
    };
    tx.put_unsaved_codes(&ada, &session, &unsaved)
        .await
        .unwrap();
    let token = rows::token("t", Purpose::PasswordReset, &ada, at(1));
    tx.insert_token(&token, &hash(1)).await.unwrap();
    tx.set_token_code(&token.id, &[1], &hash(2)).await.unwrap();
    let mail = rows::mail("m", Some(&ada), at(1));
    tx.insert_mail(&mail).await.unwrap();
    tx.commit().await.unwrap();
    for kind in ["answer_reset_request", "tell_new_devices", "sweep"] {
        let job = NewJob {
            id: JobId::from(kind.to_owned()),
            kind,
            payload: &[1],
            priority: Priority::Waiting,
            not_before: at(1),
            created_at: at(1),
            unique_key: None,
            lane: None,
            destination: None,
        };
        store.insert_job(&job).await.unwrap();
    }
}

async fn every_sealed_value_is_read_and_sealed_anew(store: Store) {
    furnish(&store).await;
    for which in Sealed::ALL {
        let rows = store.sealed(which, "", 9).await.unwrap();
        assert_eq!(rows.len(), 1, "{which:?}");
        let mut tx = store.begin().await.unwrap();
        tx.reseal(which, &rows[0], &[2, 2]).await.unwrap();
        // What is another value by now stays.
        tx.reseal(which, &rows[0], &[3]).await.unwrap();
        tx.commit().await.unwrap();
        let again = store.sealed(which, "", 9).await.unwrap();
        assert_eq!(again[0].sealed, [2, 2], "{which:?}");
        let after = store.sealed(which, &rows[0].key, 9).await.unwrap();
        assert!(after.is_empty(), "{which:?}");
    }
}
