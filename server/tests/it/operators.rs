//! What an operator does with the command line while the server runs.

use crate::{
    audit::bpart,
    permissions::join,
    support::{TestServer, both, once, write_key_file},
};
use data_encoding::{BASE64, HEXLOWER};
use domain::{Clock as _, OrganisationId, Realm, Role, Subject, chain::end_text};
use identity::{Fault, Vault};
use server::system::SystemClock;
use std::{fs, os::unix::fs::PermissionsExt as _, process::Command};
use testkit::{rows, tamper};

both! {
    sessions_are_ended_and_everybody_can_sign_in_again,
    a_changed_policy_is_mailed_to_the_organisation_managers,
    rotated_keys_open_everything_and_old_ones_forge_nothing,
    the_funnel_of_one_organisation_or_all_is_shown_in_both_languages,
}

once! {
    a_copy_made_under_load_is_restored_with_its_key_file,
}

/// Red when somebody else is signed out, a participant is not found, the account is closed by it,
/// or a line is written where no session ended.
async fn sessions_are_ended_and_everybody_can_sign_in_again(server: &TestServer) {
    let people = server.people().await;
    let mut inside = Vec::new();
    for person in &people {
        inside.push(server.visitor().sign_in(person).await);
    }
    let mut other = server.manager().await;
    for (person, visitor) in people.iter().zip(&mut inside) {
        let mut arguments = vec!["session", "end", "--email", &person.email];
        if !person.door.is_back_office() {
            arguments.extend(["--participant-of", "bellerive"]);
        }
        let output = bpart(server, &arguments);
        assert_eq!(output.stdout, b"1 sessions were ended.\n", "{output:?}");
        assert!(!visitor.is_in().await);
        assert!(other.is_in().await);
        let log = server.log_of(&person.id).await;
        assert_eq!(log[0].kind, "other_sessions_ended");
        let again = bpart(server, &arguments);
        assert_eq!(again.stdout, b"0 sessions were ended.\n");
        assert_eq!(server.log_of(&person.id).await.len(), log.len());
    }
    let mut back = server.visitor().sign_in(&people[0]).await;
    assert!(back.is_in().await);
    let everybody = bpart(server, &["session", "end", "--all"]);
    assert_eq!(
        everybody.stdout, b"2 sessions were ended.\n",
        "{everybody:?}"
    );
    assert!(!back.is_in().await && !other.is_in().await);
    for arguments in [
        &["session", "end"][..],
        &["session", "end", "--all", "--email", "a@town.example"],
        &["session", "end", "--all", "--participant-of", "bellerive"],
        &["session", "end", "--email", "nobody@town.example"],
    ] {
        assert!(!bpart(server, arguments).status.success(), "{arguments:?}");
    }
}

/// Red when the second factor of an organisation is weakened and none of its managers hears of it, or when others do.
async fn a_changed_policy_is_mailed_to_the_organisation_managers(server: &TestServer) {
    // Makes the organisation.
    server.participant("bellerive").await;
    let (manager, locked) = (server.person().await, server.person().await);
    let other = server.person().await;
    for (person, role) in [
        (&manager, Role::OrganisationManager),
        (&locked, Role::OrganisationManager),
        (&other, Role::ContentManager),
    ] {
        join(server, &person.id, role).await;
    }
    let account = server.account(&locked).await;
    server.identity().set_locked(&account, true).await.unwrap();
    for (choice, said) in [
        ("yes", "is not asked for a code here any more"),
        ("no", "is asked for a code here again"),
    ] {
        let change = ["organisation", "policy", "--slug", "bellerive"];
        let change = [&change[..], &["--accept-provider-factor", choice]].concat();
        for _ in 0..2 {
            assert!(bpart(server, &change).status.success());
        }
        let mail = server.mail_to(&manager.email).await;
        assert_eq!(mail.kind, "policy_changed");
        assert!(mail.text.contains(said), "{}", mail.text);
        assert!(mail.text.contains("Town of bellerive"), "{}", mail.text);
    }
    let mails = server.identity().store.mailbox(100).await.unwrap();
    let told = mails.iter().filter(|mail| mail.kind == "policy_changed");
    assert_eq!(
        told.count(),
        2,
        "nobody else, and nothing when nothing changes"
    );
}

/// Red when the copy is taken of the file alone: what stands in the write-ahead log is missing, or half of it is there.
async fn a_copy_made_under_load_is_restored_with_its_key_file(server: &TestServer) {
    let person = server.secured().await;
    server.visitor().sign_in(&person).await;
    let crowd = server.people().await;
    let file = server
        .state
        .config
        .secret_key_file
        .with_file_name("copy.db");
    let name = file.display().to_string();
    let mut copying = Command::new(env!("CARGO_BIN_EXE_bpart"))
        .args(["backup", &name])
        .env_clear()
        .env("BPART_DATABASE_URL", &server.database_url)
        .spawn()
        .unwrap();
    let status = loop {
        for person in &crowd {
            server.visitor().sign_in(person).await.sign_out().await;
        }
        if let Some(status) = copying.try_wait().unwrap() {
            break status;
        }
    };
    assert!(status.success());
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = bpart(server, &["backup", &name]);
    assert!(
        !again.status.success(),
        "an older copy is never written over"
    );

    let restored = server.another_on(format!("sqlite:{name}")).await;
    // The account, the secret of its second factor and the log are there and can be read.
    server.clock.advance_secs(30);
    assert!(restored.visitor().sign_in(&person).await.is_in().await);
    let account = restored.account(&person).await;
    let chain = restored.identity().check_activity(&account).await.unwrap();
    assert!(chain.holds(), "{chain:?}");
    restored.stop().await;
    // Beside another key file, or without one, the copy is of little use.
    let key_file = &server.state.config.secret_key_file;
    let [foreign, rotated, missing] =
        ["foreign.key", "rotated.key", "missing.key"].map(|name| key_file.with_file_name(name));
    let other_key = BASE64.encode(&[9; 32]);
    write_key_file(&foreign, &format!("1 {other_key}\n"));
    // The copy is older than this one: nothing of the copy can be opened any more.
    let now_retired = fs::read_to_string(key_file).unwrap();
    let now_retired = now_retired.trim_end();
    write_key_file(&rotated, &format!("{now_retired} retired\n2 {other_key}\n"));
    for (file, refused) in [
        (key_file, None),
        (&rotated, Some("signed with other keys")),
        (&foreign, Some("signed with other keys")),
        (&missing, Some("there is no such file")),
    ] {
        let fits = refused.is_none();
        let looked = Command::new(env!("CARGO_BIN_EXE_bpart"))
            .arg("check-config")
            .env_clear()
            .env("BPART_DATABASE_URL", format!("sqlite:{name}"))
            .env("BPART_SECRET_KEY_FILE", file)
            .output()
            .unwrap();
        assert_eq!(looked.status.success(), fits, "{looked:?}");
        let error = String::from_utf8(looked.stderr).unwrap();
        assert!(error.contains(refused.unwrap_or_default()), "{error}");
        if !fits {
            // A rotation changes nothing about a file that is not its own.
            let before = fs::read_to_string(file).ok();
            let rotated = Command::new(env!("CARGO_BIN_EXE_bpart"))
                .args(["key", "rotate"])
                .env_clear()
                .env("BPART_DATABASE_URL", format!("sqlite:{name}"))
                .env("BPART_SECRET_KEY_FILE", file)
                .env("BPART_LISTEN", "127.0.0.1:9")
                .output()
                .unwrap();
            assert!(!rotated.status.success(), "{rotated:?}");
            assert_eq!(fs::read_to_string(file).ok(), before);
        }
        for (allow, code) in [("no", i32::from(!fits)), ("yes", 0)] {
            let ended = Command::new(env!("CARGO_BIN_EXE_bpart"))
                .args(["session", "end", "--all"])
                .env_clear()
                .env("BPART_DATABASE_URL", format!("sqlite:{name}"))
                .env("BPART_SECRET_KEY_FILE", file)
                .env("BPART_ALLOW_OTHER_KEYS", allow)
                .output()
                .unwrap();
            // Nothing is done without a key file, and none is made.
            let code = if file.exists() { code } else { 1 };
            assert_eq!(ended.status.code(), Some(code), "{ended:?}");
        }
        assert!(!missing.exists());
    }
    for person in &crowd {
        server.new_device_mails(&person.email).await;
    }
}

/// Red when a value stays sealed with the old key; when the old key still makes an end that is believed.
async fn rotated_keys_open_everything_and_old_ones_forge_nothing(server: &TestServer) {
    let path = server.state.config.secret_key_file.clone();
    let person = server.secured().await;
    server.visitor().sign_in(&person).await;
    let begun = server.manager().await.scan(server).await;
    let old = path.with_file_name("old.key");
    fs::copy(&path, &old).unwrap();
    let done = bpart(server, &["key", "rotate"]);
    assert!(done.status.success(), "{done:?}");
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() == 2 && lines[0].ends_with(" retired") && lines[1].starts_with("2 "));
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let after = server.another_on(server.database_url.clone()).await;
    server.clock.advance_secs(30);
    assert!(after.visitor().sign_in(&person).await.is_in().await);
    let account = after.account(&person).await;
    let check = async || after.identity().check_activity(&account).await.unwrap();
    assert!(check().await.holds(), "{:?}", check().await);
    let left = after.identity().seal_and_sign_anew().await.unwrap();
    assert_eq!((left.sealed, left.left), (0, Vec::new()));
    drop(begun);

    // Somebody with the old key cuts the log off and makes an end that fits.
    let stolen = Vault::from_file(&old).unwrap().unwrap();
    let subject = Subject::Account(person.id.clone());
    let (_, lines) = after
        .identity()
        .store
        .activity_chain(&subject, 0, 1)
        .await
        .unwrap()
        .unwrap();
    let first = lines[0].link.clone().unwrap();
    let end = stolen.mac(&end_text(&subject, first.number, &first.tag));
    let end = HEXLOWER.encode(&end);
    let end = if server.database_url.starts_with("sqlite:") {
        format!("x'{end}'")
    } else {
        format!("'\\x{end}'::bytea")
    };
    let forge = format!(
        "delete from activity where account_id = '{id}' and line > 1;
        update accounts set activity_lines = 1, activity_tag = {end} where id = '{id}'",
        id = person.id,
    );
    tamper(&server.database_url, &forge).await;
    assert_eq!(check().await.faults, [Fault::RetiredKey]);
    assert!(!bpart(server, &["audit", "verify"]).status.success());
    // Neither the next line nor another rotation covers it up.
    server.clock.advance_secs(30);
    after.visitor().sign_in(&person).await;
    assert!(check().await.faults.contains(&Fault::Changed { line: 2 }));
    let again = bpart(server, &["key", "rotate"]);
    assert!(!again.status.success(), "{again:?}");
    assert!(!check().await.holds());
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.lines().count() == 3 && text.matches("retired").count() == 1);
    let anyway = bpart(server, &["key", "rotate", "--retire-anyway"]);
    assert!(anyway.status.success(), "{anyway:?}");
    assert!(!bpart(server, &["audit", "verify"]).status.success());
    after.stop().await;
}

/// A registration of an organisation whose mail came back, made at the time of the program that is started.
async fn come_back(server: &TestServer, id: &str, organisation: &OrganisationId, email: &str) {
    let now = SystemClock.now();
    let mail = store::NewMail {
        organisation_id: Some(organisation.clone()),
        registration_id: Some(id.to_owned().into()),
        recipient: email.to_owned(),
        ..rows::mail(id, None, now)
    };
    let registration = store::Registration {
        realm: Realm::Organisation(organisation.clone()),
        email: email.to_owned(),
        mail_id: Some(mail.id.clone()),
        ..rows::registration(id, now)
    };
    let store = &server.identity().store;
    let mut tx = store.begin().await.unwrap();
    tx.insert_registration(&registration).await.unwrap();
    tx.insert_mail(&mail).await.unwrap();
    tx.commit().await.unwrap();
    store.mark_mail_sent(&mail.id, now).await.unwrap();
    let bounced = store.mark_mail_bounced(&mail.id, "5.1.1", now).await;
    assert!(bounced.unwrap());
}

/// Red when an organisation sees the counts or the refused mails of another one, when all of them are not added up, or when
/// an address is printed.
async fn the_funnel_of_one_organisation_or_all_is_shown_in_both_languages(server: &TestServer) {
    let mut organisations = Vec::new();
    for slug in ["bellerive", "montclair"] {
        server.platform(slug).await;
        let found = server.identity().store.organisation_by_slug(slug).await;
        organisations.push(found.unwrap().unwrap().id);
    }
    for (number, id) in ["a", "b", "c", "d", "e"].iter().enumerate() {
        let email = format!("{id}@refusing.example");
        come_back(server, id, &organisations[number / 3], &email).await;
    }
    let funnel = |arguments: &[&str]| {
        let output = bpart(server, &[&["registration", "funnel"], arguments].concat());
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains('@'), "{text}");
        text
    };
    let all = funnel(&[]);
    let lines: Vec<&str> = all.lines().collect();
    let row =
        |slug, of| format!("\t{slug}\tquay\trefusing.example\t{of}\t{of}\t{of}\t0\t0\t0\t{of}\t0");
    assert!(lines[1].ends_with(&row("bellerive", 3)), "{all}");
    assert!(lines[2].ends_with(&row("montclair", 2)), "{all}");
    let english = ", 5 of 5 emails to refusing.example did not arrive: ";
    assert!(lines[3].contains(english), "{all}");
    assert_eq!(lines.len(), 4, "{all}");
    let french = "5\u{a0}e-mails sur 5 envoyés à refusing.example ne sont pas arrivés depuis le ";
    assert!(funnel(&["--language", "fr"]).contains(french));
    // Five mails are needed, and none of these organisations wrote as many.
    let one = funnel(&["--organisation", "bellerive"]);
    let lines: Vec<&str> = one.lines().collect();
    assert!(lines[1].ends_with(&row("bellerive", 3)), "{one}");
    assert_eq!(lines.len(), 2, "{one}");
    let unknown = ["registration", "funnel", "--organisation", "nowhere"];
    assert!(!bpart(server, &unknown).status.success());
}
