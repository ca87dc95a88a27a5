//! One's own data: a page and a file of the same, without a secret and without anybody else.

use crate::support::{
    Manager, Person, Town, both, codes_of,
    email::{ask as ask_for_email, token_of},
    secret_of,
    words::{assert_refused, assert_says, text, too_many},
};
use app::{locale::texts, pages::settings::data_words, routes::paths};
use contract::{DataField, DataGroup, Locale, Problem};
use data_encoding::{BASE64, HEXLOWER};
use domain::{
    AccountStatus, Duration, PlatformRole, Provider, Role,
    session::{FirstStep, SecondStep},
    token::{Purpose, Secret},
};
use http::Method;
use identity::token_hash;
use serde_json::Value;
use std::collections::BTreeSet;
use testkit::{
    Page, dump,
    wire::{Reply, Request},
};

both! {
    the_page_and_the_file_hold_the_same,
    the_file_is_a_file_and_nothing_keeps_it,
    no_secret_is_in_it,
    nobody_elses_data_is_in_it,
    it_does_not_tell_whether_an_address_is_taken,
    it_takes_a_proof_unless_one_was_just_given,
    a_code_is_a_proof_for_it_once,
    taking_it_is_written_down_and_told,
    it_is_taken_three_times_and_then_every_twenty_minutes,
    nothing_is_left_of_whoever_has_gone,
}

/// Somebody at each door.
async fn people(town: &Town) -> [Person; 2] {
    [town.person().await, town.participant("bellerive").await]
}

/// Opens the page, with a proof where one is asked for.
async fn see(person: &mut Manager) -> Page {
    let path = person.own(paths::OWN_DATA);
    let page = person.open(&path).await;
    if page.has_form("/api/show_data") {
        let proof = person.person.password.clone();
        let form = page.form("/api/show_data").fill("proof", &proof);
        return person.submit(form).await;
    }
    page
}

/// Takes the file.
async fn take(town: &Town, person: &mut Manager) -> (Reply, Value) {
    let page = see(person).await;
    let answer = person.send(page.form("/api/download_data")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let email = town.account(&person.person).await.email;
    assert_eq!(town.mail_to(&email).await.kind, "data_downloaded");
    let json = serde_json::from_str(&answer.text()).unwrap();
    (answer, json)
}

/// Red when the mail to a wanted address is listed or counted: who has an account would be read off
/// one's own data.
async fn it_does_not_tell_whether_an_address_is_taken(town: &Town) {
    for [one, other, owner] in [
        [
            town.person().await,
            town.person().await,
            town.person().await,
        ],
        [
            town.participant("bellerive").await,
            town.participant("bellerive").await,
            town.participant("bellerive").await,
        ],
    ] {
        let mut seen = Vec::new();
        for (person, wanted) in [(one, "free@home.example"), (other, owner.email.as_str())] {
            let mut manager = town.visitor().sign_in(&person).await;
            ask_for_email(&mut manager, wanted, "").await;
            town.mail_to(&person.email).await;
            town.mail_to(wanted).await;
            let path = manager.own(paths::DELETE);
            let preview = manager.open(&path).await.text();
            let preview = preview.replace(&person.name, "").replace(&person.email, "");
            let (_, json) = take(town, &mut manager).await;
            let mails = json["mails"].as_array().unwrap();
            assert!(mails.iter().all(|mail| mail["recipient"] != wanted));
            let kinds = mails.iter().map(|mail| mail["kind"].to_string());
            // Those of one moment stand in no order.
            let kinds: BTreeSet<_> = kinds.collect();
            seen.push((preview, mails.len(), kinds));
        }
        assert_eq!(seen[0], seen[1]);
    }
}

/// Somebody about whom something is stored in every group.
async fn well_known(town: &Town, person: &Person) -> Manager {
    let mut manager = town.visitor().sign_in(person).await;
    manager.enable_two_factor(town).await;
    town.clock.advance_secs(60);
    ask_for_email(&mut manager, "wanted@home.example", "").await;
    town.mail_to("wanted@home.example").await;
    town.mail_to(&person.email).await;
    let known = manager.person.clone();
    let mut half = town.visitor();
    half.begin(&known).await;
    half.give_code("000000").await;
    let mut stranger = town.visitor().through(&person.door);
    stranger.give_password(&person.email, "wrong one").await;
    let path = manager.own(paths::DELETE);
    let page = manager.open(&path).await;
    let form = page.form("/api/delete_account");
    manager.submit(form.fill("proof", &person.password)).await;
    town.mail_to(&person.email).await;
    manager
}

/// Red when a group, a row or a field is drawn in one of them only.
async fn the_page_and_the_file_hold_the_same(town: &Town) {
    for person in people(town).await {
        let mut manager = well_known(town, &person).await;
        let (_, json) = take(town, &mut manager).await;
        let path = manager.own(paths::OWN_DATA);
        let page = manager.open(&path).await;
        let seen = page.text();
        assert_eq!(json["format"], "bpart-own-data");
        assert_eq!(json["version"], 1);
        for group in DataGroup::ALL {
            let words = data_words::group(texts(Locale::En), *group);
            assert!(seen.contains(words), "{words}");
            let records = match &json[group.as_str()] {
                Value::Array(records) => records.clone(),
                one @ Value::Object(_) => vec![one.clone()],
                other => panic!("{group:?}: {other}"),
            };
            // What is linked has a story in `providers`.
            let empty = [
                DataGroup::Organisations,
                DataGroup::SignIns,
                DataGroup::LinkedAccounts,
                DataGroup::Flows,
            ];
            assert!(!records.is_empty() || empty.contains(group), "{group:?}");
            for (name, value) in records.iter().filter_map(Value::as_object).flatten() {
                let field = DataField::parse(name).unwrap();
                assert_shown(&seen, field, value);
            }
        }
        assert_eq!(json["account"]["email"], person.email.as_str());
        assert_eq!(json["account"]["name"], person.name.as_str());
        assert!(json["account"]["deletion_at"].is_string());
        assert_eq!(json["second_factor"]["recovery_codes_left"], 10);
        let lines = town
            .identity()
            .store
            .activity(&person.id, 99)
            .await
            .unwrap();
        assert_eq!(json["activity"].as_array().unwrap().len(), lines.len());
        let wanted = json["mailed_links"].as_array().unwrap().iter();
        let wanted: Vec<_> = wanted
            .filter(|link| link["about"] == "wanted@home.example")
            .collect();
        assert_eq!(wanted.len(), 1, "the address that waited");
        assert!(wanted[0]["void_at"].is_string(), "leaving gave it up");
    }
}

fn assert_shown(seen: &str, field: DataField, value: &Value) {
    let times = value
        .as_str()
        .is_some_and(|text| text.len() > 19 && text.ends_with('Z') && text.as_bytes()[10] == b'T');
    let shown = match value {
        Value::Null => return,
        // The page writes moments in its own language.
        Value::String(_) if times => "2026".to_owned(),
        // The words of events have a story of their own.
        Value::String(_) if field == DataField::Event => return,
        Value::String(text) => data_words::words(texts(Locale::En), field, text)
            .map_or_else(|| text.clone(), str::to_owned),
        value => value.to_string(),
    };
    assert!(seen.contains(&shown), "{field:?} {shown}: {seen}");
}

async fn the_file_is_a_file_and_nothing_keeps_it(town: &Town) {
    for person in people(town).await {
        let mut manager = town.visitor().sign_in(&person).await;
        let (answer, _) = take(town, &mut manager).await;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(
            answer.header("content-disposition"),
            "attachment; filename=\"bpart-2026-05-21.json\""
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(manager.is_in().await, "the session goes on");
        // There is no address that a link, a prefetch or a history could open.
        let request = Request::new(Method::GET, "/api/download_data");
        assert_ne!(manager.exchange(request).await.status, 200);
        let door = person.door.tag();
        let fields = [("door", door.as_str()), ("locale", "en")];
        let request = Request::new(Method::POST, "/api/download_data").with_form(&fields);
        let answer = town.visitor().exchange(request).await;
        assert_eq!(answer.status, 303, "a stranger is led to the door");
    }
}

/// Red when a hash, a token or a sealed content is collected.
async fn no_secret_is_in_it(town: &Town) {
    let person = town.person().await;
    let mut manager = town.visitor().sign_in(&person).await;
    let phone = manager.scan(town).await;
    let page = manager.open(paths::TWO_FACTOR).await;
    let key = secret_of(&page).replace(' ', "");
    let page = manager.confirm(&phone.code()).await;
    let codes = codes_of(&page);
    assert_eq!(codes.len(), 10);
    town.mail_to(&person.email).await;
    ask_for_email(&mut manager, "wanted@home.example", "").await;
    let link = town.mail_to("wanted@home.example").await;
    town.mail_to(&person.email).await;
    let (answer, _) = take(town, &mut manager).await;
    let page = manager.open(paths::OWN_DATA).await;
    let account = town.account(&person).await;
    let store = &town.identity().store;
    let factor = store.totp_factor(&person.id).await.unwrap().unwrap();
    let mut secrets = vec![
        account.password_hash.unwrap(),
        "argon2".to_owned(),
        person.password.clone(),
        key,
        token_of(&link),
    ];
    secrets.extend(codes);
    let cookies = ["back-office", "device"].map(|name| manager.jar.get(name).unwrap().to_owned());
    for cookie in cookies {
        let hash = token_hash(&Secret::present(&cookie).unwrap());
        secrets.extend([HEXLOWER.encode(&hash), BASE64.encode(&hash), cookie]);
    }
    let link = token_hash(&Secret::present(&token_of(&link)).unwrap());
    for bytes in [link.as_slice(), factor.secret_sealed.as_slice()] {
        secrets.extend([HEXLOWER.encode(bytes), BASE64.encode(bytes)]);
    }
    for secret in &secrets {
        assert!(!answer.text().contains(secret), "{secret} is in the file");
        assert!(!page.text().contains(secret), "{secret} is on the page");
    }
    for word in ["hash", "sealed", "tag", "token", "secret"] {
        assert!(!answer.text().contains(&format!("{word}\":")), "{word}");
    }
}

/// Red when a statement forgets whose rows it reads.
async fn nobody_elses_data_is_in_it(town: &Town) {
    for person in people(town).await {
        let other = if person.door.is_back_office() {
            town.person().await
        } else {
            town.participant("bellerive").await
        };
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0) AppleWebKit/605 Safari/604.1";
        let there = town.visitor().saying("user-agent", phone);
        let mut there = there.sign_in(&other).await;
        ask_for_email(&mut there, "other-wanted@home.example", "").await;
        town.mail_to("other-wanted@home.example").await;
        town.mail_to(&other.email).await;
        let mut manager = town.visitor().sign_in(&person).await;
        let (answer, json) = take(town, &mut manager).await;
        for strange in [
            other.email.as_str(),
            "iPhone",
            "other-wanted",
            other.id.as_str(),
        ] {
            assert!(!answer.text().contains(strange), "{strange}");
        }
        assert_eq!(json["sessions"].as_array().unwrap().len(), 1);
        assert_eq!(json["devices"].as_array().unwrap().len(), 1);
    }
}

/// Red when a session that was left open is enough, for the page or for the file.
async fn it_takes_a_proof_unless_one_was_just_given(town: &Town) {
    for person in people(town).await {
        let mut manager = town.visitor().sign_in(&person).await;
        let path = manager.own(paths::OWN_DATA);
        let open = manager.open(&path).await;
        town.clock.advance_secs(5 * 60);
        let page = manager.open(&path).await;
        let title = text(Locale::En, "data", "group_activity");
        assert!(open.text().contains(&title) && !page.text().contains(&title));
        assert!(!page.has_form("/api/download_data"));
        // The page that was left open sends its form in vain.
        let page = manager.submit(open.form("/api/download_data")).await;
        assert_refused(&page, &Problem::ProofNeeded);
        let give = async |manager: &mut Manager, proof: &str| {
            let page = manager.open(&path).await;
            let form = page.form("/api/show_data").fill("proof", proof);
            manager.submit(form).await
        };
        let page = give(&mut manager, "").await;
        assert_refused(&page, &Problem::ProofNeeded);
        let page = give(&mut manager, "not hers").await;
        assert_refused(&page, &Problem::ProofRejected);
        assert!(!page.text().contains(&title));
        let page = give(&mut manager, &person.password).await;
        assert_eq!(page.url, path);
        assert!(page.text().contains(&title), "{}", page.text());
        take(town, &mut manager).await;
    }
}

/// Red when the code that was given stays good for a second time.
async fn a_code_is_a_proof_for_it_once(town: &Town) {
    let person = town.secured().await;
    let mut manager = town.visitor().sign_in(&person).await;
    let token = manager.jar.get("back-office").unwrap().to_owned();
    town.clock.advance_secs(5 * 60);
    let code = person.code();
    let give = async |manager: &mut Manager| {
        let page = manager.open(paths::OWN_DATA).await;
        let form = page.form("/api/show_data").fill("proof", &code);
        manager.submit(form).await
    };
    let page = give(&mut manager).await;
    assert!(page.has_form("/api/download_data"), "{}", page.text());
    assert_ne!(manager.jar.get("back-office"), Some(token.as_str()));
    let mut elsewhere = town.visitor();
    elsewhere.begin(&person).await;
    let page = elsewhere.give_code(&code).await;
    assert_refused(&page, &Problem::CodeRejected);
}

async fn taking_it_is_written_down_and_told(town: &Town) {
    for person in people(town).await {
        let mut manager = town.visitor().sign_in(&person).await;
        let path = manager.own(paths::OWN_DATA);
        manager.open(&path).await;
        let store = &town.identity().store;
        let taken = async || {
            let lines = store.activity(&person.id, 99).await.unwrap();
            lines
                .iter()
                .filter(|line| line.kind == "data_downloaded")
                .count()
        };
        assert_eq!(taken().await, 0, "reading is not taking");
        let (_, json) = take(town, &mut manager).await;
        assert_eq!(taken().await, 1);
        assert_eq!(json["activity"][0]["event"], "data_downloaded");
        let path = manager.own(paths::ACTIVITY);
        let page = manager.open(&path).await;
        assert_says(&page, "activity", "data_downloaded");
    }
}

/// Red when the file has no limit of its own: each one reads the whole log, writes a line of it and
/// a mail.
async fn it_is_taken_three_times_and_then_every_twenty_minutes(town: &Town) {
    for person in people(town).await {
        let mut manager = town.visitor().sign_in(&person).await;
        let refused = async |manager: &mut Manager| {
            let page = see(manager).await;
            manager.submit(page.form("/api/download_data")).await
        };
        for _ in 0..3 {
            take(town, &mut manager).await;
        }
        let page = refused(&mut manager).await;
        assert_refused(&page, &too_many(Duration::from_mins(20)));
        assert_says(&page, "data", "limit_data_files");
        town.clock.advance(Duration::from_secs(20 * 60 - 1));
        let page = refused(&mut manager).await;
        assert_refused(&page, &too_many(Duration::from_secs(1)));
        town.clock.advance_secs(1);
        take(town, &mut manager).await;
        let store = &town.identity().store;
        let lines = store.activity(&person.id, 99).await.unwrap();
        let taken = lines.iter().filter(|line| line.kind == "data_downloaded");
        assert_eq!(taken.count(), 4, "what was refused is not written down");
    }
}

/// Red when the mails, the counted tries or the file of the database outlive the account.
async fn nothing_is_left_of_whoever_has_gone(town: &Town) {
    let person = town.participant("bellerive").await;
    let name = "Zebulon Quirke";
    let mut manager = well_known(town, &person).await;
    let path = manager.own(paths::NAME);
    let page = manager.open(&path).await;
    manager
        .submit(page.form("/api/change_name").fill("name", name))
        .await;
    let identity = town.identity();
    town.clock.advance_secs(7 * 24 * 3600);
    assert_eq!(identity.delete_due_accounts().await.unwrap(), 1);
    let last = identity.store.mailbox(99).await.unwrap();
    assert_eq!(last.len(), 1, "her other mails are gone");
    assert_eq!(town.mail_to(&person.email).await.kind, "account_deleted");
    let tables = [
        "sessions",
        "devices",
        "tokens",
        "activity",
        "totp_factors",
        "recovery_codes",
    ];
    for table in tables {
        assert_eq!(dump::count(&town.database_url, table).await, 0, "{table}");
    }
    let now = identity.clock.now();
    identity
        .store
        .mark_mail_sent(&last[0].id, now)
        .await
        .unwrap();
    // What stays for a while goes as well.
    let later = now
        .plus(domain::retention::DELETIONS)
        .plus(Duration::from_secs(1));
    server::jobs::sweep_once(&identity.store, later, false)
        .await
        .unwrap();
    identity.store.close().await;
    let all = dump::everything(&town.database_url).await;
    for trace in [
        name,
        person.email.as_str(),
        person.id.as_str(),
        "wanted@home",
    ] {
        assert!(!dump::holds(&all, trace.as_bytes()), "{trace} is left");
    }
}

/// Red when a stored word has no words on the page.
#[test]
fn every_stored_word_has_words() {
    let purposes = [
        Purpose::AccountSetup,
        Purpose::PasswordReset,
        Purpose::EmailChange,
        Purpose::EmailUndo,
        Purpose::NotMe,
        Purpose::DeletionStop,
    ];
    let mut words: Vec<(DataField, &str)> = Vec::new();
    words.extend(purposes.map(|purpose| (DataField::Purpose, purpose.as_str())));
    words.extend(FirstStep::ALL.map(|step| (DataField::Method, step.as_str())));
    words.extend(SecondStep::ALL.map(|step| (DataField::SecondStep, step.as_str())));
    words.extend(Provider::ALL.map(|provider| (DataField::Provider, provider.as_str())));
    words.extend([
        (DataField::Role, Role::OrganisationManager.as_str()),
        (DataField::Role, Role::ContentManager.as_str()),
        (DataField::PlatformRole, PlatformRole::Agent.as_str()),
        (
            DataField::PlatformRole,
            PlatformRole::Administrator.as_str(),
        ),
        (DataField::Status, AccountStatus::Active.as_str()),
        (DataField::Status, AccountStatus::Locked.as_str()),
    ]);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../locales/en/mail");
    let frames = ["layout", "notice"];
    let files = std::fs::read_dir(folder).unwrap();
    let kinds: Vec<String> = files
        .map(|file| file.unwrap().path())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .filter(|kind| !frames.contains(&kind.as_str()))
        .collect();
    assert!(kinds.len() > 20);
    words.extend(kinds.iter().map(|kind| (DataField::Kind, kind.as_str())));
    for (field, code) in words {
        for locale in [Locale::En, Locale::Fr] {
            let found = data_words::words(texts(locale), field, code);
            assert!(found.is_some(), "{field:?} {code}");
        }
    }
    assert!(!text(Locale::Fr, "data", "title").is_empty());
}
