//! The five attacks that prepare an account before its owner comes (Sudhodanan & Paverd, USENIX
//! Security 2022), each by two paths: by the invitation, and by choosing a password anew.
//!
//! In each the attacker is first, with all that he can do; then the owner of the address arrives; then
//! he tries whatever he has kept. A participant's account is no way in either: it is another realm.
//!
//! Red when an invitation, or a password that was chosen anew, leaves alive what was there before.

use crate::support::{
    Manager, Person, Visitor,
    providers::{
        Stage, TENANT, come_back, google_account, leads_to, microsoft_account, once_with_providers,
    },
    resets,
};
use app::routes::paths;
use contract::Door;
use domain::Locale;
use testkit::wire::Reply;

once_with_providers! {
    none_of_five_attacks_on_two_paths_succeeds,
}

/// What the attacker has kept.
enum Kept {
    /// A password, for the address.
    Password(String),
    /// A browser that is signed in, or was about to be.
    Browser(Box<Visitor>),
    /// An account at a provider: he signs in with it.
    Google,
    /// A link in a mail to an address of his.
    Link(String),
}

/// How the owner arrives.
#[derive(Debug, Clone, Copy)]
enum Path {
    /// By her invitation, with her own account at Google.
    Invitation,
    /// By "Forgot your password?".
    Recovery,
}

const HIS: &str = "attacker@evil.example";
const HIS_PASSWORD: &str = "nine crows wait for the owner";

async fn none_of_five_attacks_on_two_paths_succeeds(stage: &Stage) {
    let mut succeeded = 0;
    let mut tried = 0;
    for path in [Path::Invitation, Path::Recovery] {
        for attack in ATTACKS {
            let (owner, kept) = prepare(stage, path, attack).await;
            arrive(stage, path, &owner).await;
            let inside = try_all(stage, &owner, kept).await;
            eprintln!(
                "{path:?}, {attack:?}: {}",
                if inside { "INSIDE" } else { "outside" }
            );
            succeeded += usize::from(inside);
            tried += 1;
            for address in [owner.person.email.as_str(), HIS] {
                stage.ignore_mail_to(address).await;
            }
        }
    }
    eprintln!("pre-hijacking: {succeeded} of {tried} succeeded");
    assert_eq!((succeeded, tried), (0, 10));
}

#[derive(Debug, Clone, Copy)]
enum Attack {
    ClassicFederatedMerge,
    UnexpiredSession,
    TrojanIdentifier,
    UnexpiredEmailChange,
    NonVerifyingProvider,
}

const ATTACKS: [Attack; 5] = [
    Attack::ClassicFederatedMerge,
    Attack::UnexpiredSession,
    Attack::TrojanIdentifier,
    Attack::UnexpiredEmailChange,
    Attack::NonVerifyingProvider,
];

/// Whose address it is, and her invitation where there is one.
struct Owner {
    person: Person,
    link: String,
}

/// The account as the attacker finds it. On the path of recovery he was in it: he knows its password.
async fn prepare(stage: &Stage, path: Path, attack: Attack) -> (Owner, Vec<Kept>) {
    let (mut person, link) = stage.invited(Locale::En, None).await;
    let owner = |person: &Person| Owner {
        person: person.clone(),
        link: link.clone(),
    };
    if matches!(path, Path::Invitation) {
        // He has no link. He does what a stranger can, with her address.
        let mut browser = stage.visitor();
        let kept = match attack {
            Attack::ClassicFederatedMerge => vec![Kept::Password(HIS_PASSWORD.to_owned())],
            Attack::UnexpiredSession | Attack::UnexpiredEmailChange => {
                browser.give_password(&person.email, HIS_PASSWORD).await;
                vec![Kept::Browser(Box::new(browser))]
            }
            Attack::TrojanIdentifier | Attack::NonVerifyingProvider => {
                unvouched(stage, &person);
                stage.through(&mut browser, &stage.google).await;
                vec![Kept::Google, Kept::Browser(Box::new(browser))]
            }
        };
        return (owner(&person), kept);
    }
    let token = link.rsplit_once('=').unwrap().1;
    let client = identity::Client::default();
    let set_up = stage
        .identity()
        .set_up_account(token, HIS_PASSWORD, &client);
    set_up.await.unwrap();
    HIS_PASSWORD.clone_into(&mut person.password);
    let mut thief = stage.visitor().sign_in(&person).await;
    let mut kept = vec![Kept::Password(HIS_PASSWORD.to_owned())];
    match attack {
        // The password, and the browser, are enough.
        Attack::ClassicFederatedMerge | Attack::UnexpiredSession => {}
        Attack::TrojanIdentifier => {
            stage.google.is(google_account(HIS, "his-subject"));
            stage.link(&mut thief, &stage.google).await;
            kept.push(Kept::Google);
        }
        Attack::UnexpiredEmailChange => {
            ask_for_his_address(&mut thief).await;
            stage.ignore_mail_to(&person.email).await;
            let mail = stage.mail_to(HIS).await;
            kept.push(Kept::Link(mail.link(&stage.origin())));
        }
        Attack::NonVerifyingProvider => {
            unvouched(stage, &person);
            stage.through(&mut stage.visitor(), &stage.google).await;
            kept.push(Kept::Google);
        }
    }
    kept.push(Kept::Browser(Box::new(thief.outside())));
    (owner(&person), kept)
}

/// An account at Google with her address, which nobody has verified.
fn unvouched(stage: &Stage, person: &Person) {
    let mut account = google_account(&person.email, "his-subject");
    account["email_verified"] = serde_json::json!(false);
    stage.google.is(account);
}

async fn ask_for_his_address(thief: &mut Manager) {
    let page = thief.open(paths::EMAIL).await;
    let form = page.form("/api/ask_for_email").fill("email", HIS);
    let form = if form.names().contains(&"proof") {
        form.fill("proof", HIS_PASSWORD)
    } else {
        form
    };
    thief.submit(form).await;
}

/// The owner of the mailbox comes.
async fn arrive(stage: &Stage, path: Path, owner: &Owner) {
    match path {
        Path::Invitation => {
            stage.microsoft.is(microsoft_account(
                TENANT,
                &owner.person.email.replace('@', "-"),
                "a@b.example",
            ));
            let mut visitor = stage.visitor();
            let token = owner.link.rsplit_once('=').unwrap().1;
            let reply = press(&mut visitor, token).await;
            let back = stage.microsoft.consent(&leads_to(&reply));
            let page = come_back(&mut visitor, &back).await;
            assert_eq!(page.url, "/back-office", "{}", page.text());
        }
        Path::Recovery => {
            stage.ignore_mail_to(&owner.person.email).await;
            let mut person = owner.person.clone();
            let mut visitor = resets::ask(stage, &person).await;
            let link = resets::link(stage, &resets::mail(stage, &person).await);
            resets::choose(&mut visitor, &link, resets::NEW).await;
            resets::NEW.clone_into(&mut person.password);
            let mut manager = stage.visitor().sign_in(&person).await;
            assert!(manager.is_in().await);
        }
    }
}

async fn press(visitor: &mut Visitor, token: &str) -> Reply {
    let door = Door::BackOffice.tag();
    let fields = [
        ("provider", "microsoft"),
        ("token", token),
        ("door", &door),
        ("locale", "en"),
    ];
    visitor.post("/api/accept_invitation_with", &fields).await
}

/// Everything that the attacker has; whether anything lets him in.
async fn try_all(stage: &Stage, owner: &Owner, kept: Vec<Kept>) -> bool {
    let mut inside = false;
    for way in kept {
        inside |= match way {
            Kept::Password(password) => {
                let mut visitor = stage.visitor();
                visitor.give_password(&owner.person.email, &password).await;
                visitor.is_in().await
            }
            Kept::Browser(mut browser) => browser.is_in().await,
            Kept::Google => {
                let mut visitor = stage.visitor();
                let page = stage.through(&mut visitor, &stage.google).await;
                page.url == paths::CODE || visitor.is_in().await
            }
            Kept::Link(link) => {
                let mut visitor = stage.visitor();
                let page = visitor.open(&link).await;
                if page.has_form("/api/confirm_email") {
                    visitor.submit(page.form("/api/confirm_email")).await;
                }
                let account = stage.account(&owner.person).await;
                account.email == HIS
            }
        };
    }
    inside
}
