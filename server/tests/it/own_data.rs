//! One's own data: a page and a file of the same, without a secret and without anybody else.

use crate::support::{
    TestServer, both, codes_of,
    email::ask as ask_for_email,
    own_data::{see, take, well_known},
    secret_of,
    words::text,
};
use app::{locale::texts, pages::settings::data_words, paths, words::names};
use contract::{DataField, DataGroup, Locale};
use data_encoding::{BASE64, HEXLOWER};
use domain::{
    AccountStatus, PlatformRole, Provider, Role,
    session::{FirstStep, SecondStep},
    token::{Purpose, Secret},
};
use identity::token_hash;
use serde_json::Value;
use std::collections::BTreeSet;

both! {
    the_page_and_the_file_hold_the_same,
    what_is_empty_is_named_in_one_list,
    no_secret_is_in_it,
    nobody_elses_data_is_in_it,
    it_does_not_tell_whether_an_address_is_taken,
}

/// Red when a group, a row or a field is drawn in one of them only.
async fn the_page_and_the_file_hold_the_same(server: &TestServer) {
    for person in server.people().await {
        let mut manager = well_known(server, &person).await;
        let (_, json) = take(server, &mut manager).await;
        let path = manager.own(paths::OWN_DATA);
        let page = manager.open(&path).await;
        let seen = page.text();
        assert_eq!(json["format"], "bpart-own-data");
        assert_eq!(json["version"], 1);
        for group in DataGroup::ALL {
            let words = names::data_group(texts(Locale::En), *group);
            assert!(seen.contains(words), "{words}");
            let records = match &json[group.as_str()] {
                Value::Array(records) => records.clone(),
                one @ Value::Object(_) => vec![one.clone()],
                other => panic!("{group:?}: {other}"),
            };
            // What is linked has a test in `providers`.
            let empty = [
                DataGroup::Organisations,
                DataGroup::SignIns,
                DataGroup::LinkedAccounts,
                DataGroup::Flows,
                DataGroup::Supports,
                DataGroup::PrivateProjects,
                DataGroup::Registrations,
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
        let lines = server.log_of(&person.id).await;
        assert_eq!(json["activity"].as_array().unwrap().len(), lines.len());
        let wanted = json["mailed_links"].as_array().unwrap().iter();
        let wanted: Vec<_> = wanted
            .filter(|link| link["about"] == "wanted@home.example")
            .collect();
        assert_eq!(wanted.len(), 1, "the address that waited");
        assert!(wanted[0]["void_at"].is_string(), "leaving gave it up");
    }
}

/// Red when a group in which nothing is stored has a section of its own, or is not named at all.
async fn what_is_empty_is_named_in_one_list(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let page = see(&mut manager).await;
        let nothing = text(Locale::En, "data", "nothing");
        let headings = page.all("main h2").into_iter();
        let headings = headings.filter(|heading| heading.text == nothing);
        assert_eq!(headings.count(), 1);
        for group in DataGroup::ALL {
            let id = group.as_str();
            let places = page.all(&format!("main #{id}"));
            assert_eq!(places.len(), 1, "{id}");
            let shown = page.all(&format!("main #{id} table, main #{id} dl"));
            assert_eq!(shown.len(), usize::from(places[0].name != "li"), "{id}");
        }
        let empty = [
            DataGroup::LinkedAccounts,
            DataGroup::SignIns,
            DataGroup::Flows,
        ];
        for group in empty {
            let name = page.text_of(&format!("main li#{}", group.as_str()));
            assert_eq!(name, names::data_group(texts(Locale::En), group));
        }
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
        // The words of events have a test of their own.
        Value::String(_) if field == DataField::Event => return,
        Value::String(text) => data_words::words(texts(Locale::En), field, text)
            .map_or_else(|| text.clone(), str::to_owned),
        value => value.to_string(),
    };
    assert!(seen.contains(&shown), "{field:?} {shown}: {seen}");
}

/// Red when a hash, a token or a sealed content is collected.
async fn no_secret_is_in_it(server: &TestServer) {
    let person = server.person().await;
    let mut manager = server.visitor().sign_in(&person).await;
    let phone = manager.scan(server).await;
    let page = manager.open(paths::TWO_FACTOR).await;
    let key = secret_of(&page).replace(' ', "");
    let page = manager.confirm(&phone.code()).await;
    let codes = codes_of(&page);
    assert_eq!(codes.len(), 10);
    server.mail_to(&person.email).await;
    ask_for_email(&mut manager, "wanted@home.example", "").await;
    let link = server.mail_to("wanted@home.example").await;
    server.mail_to(&person.email).await;
    let (answer, _) = take(server, &mut manager).await;
    let page = manager.open(paths::OWN_DATA).await;
    let account = server.account(&person).await;
    let store = &server.identity().store;
    let factor = store.totp_factor(&person.id).await.unwrap().unwrap();
    let mut secrets = vec![
        account.password_hash.unwrap(),
        "argon2".to_owned(),
        person.password.clone(),
        key,
        link.token(),
    ];
    secrets.extend(codes);
    let cookies = ["back-office", "device"].map(|name| manager.jar.get(name).unwrap().to_owned());
    for cookie in cookies {
        let hash = token_hash(&Secret::present(&cookie).unwrap());
        secrets.extend([HEXLOWER.encode(&hash), BASE64.encode(&hash), cookie]);
    }
    let link = token_hash(&Secret::present(&link.token()).unwrap());
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
async fn nobody_elses_data_is_in_it(server: &TestServer) {
    for person in server.people().await {
        let other = if person.door.is_back_office() {
            server.person().await
        } else {
            server.participant("bellerive").await
        };
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0) AppleWebKit/605 Safari/604.1";
        let there = server.visitor().saying("user-agent", phone);
        let mut there = there.sign_in(&other).await;
        ask_for_email(&mut there, "other-wanted@home.example", "").await;
        server.mail_to("other-wanted@home.example").await;
        server.mail_to(&other.email).await;
        let mut manager = server.visitor().sign_in(&person).await;
        let (answer, json) = take(server, &mut manager).await;
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

/// Red when the mail to a wanted address is listed or counted: who has an account would be read off
/// one's own data.
async fn it_does_not_tell_whether_an_address_is_taken(server: &TestServer) {
    for [one, other, owner] in [
        [
            server.person().await,
            server.person().await,
            server.person().await,
        ],
        [
            server.participant("bellerive").await,
            server.participant("bellerive").await,
            server.participant("bellerive").await,
        ],
    ] {
        let mut seen = Vec::new();
        for (person, wanted) in [(one, "free@home.example"), (other, owner.email.as_str())] {
            let mut manager = server.visitor().sign_in(&person).await;
            ask_for_email(&mut manager, wanted, "").await;
            server.mail_to(&person.email).await;
            server.mail_to(wanted).await;
            let path = manager.own(paths::DELETE);
            let preview = manager.open(&path).await.text();
            let preview = preview.replace(&person.name, "").replace(&person.email, "");
            let (_, json) = take(server, &mut manager).await;
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

/// Red when a stored word has no words on the page.
#[test]
fn every_stored_word_has_words() {
    let purposes = [
        Purpose::AccountSetup,
        Purpose::PasswordReset,
        Purpose::AddressConfirmation,
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
