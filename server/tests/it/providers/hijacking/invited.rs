//! The path of the invitation: an account that was made for its owner, and that she has not entered
//! yet.
//!
//! What can be done about it by somebody else? A stranger knows her address, and can have an account
//! with it wherever accounts are open to everybody. A mail filter or a colleague at the printer has
//! seen the link of the invitation, and does not want to be noticed by using it up. Another manager can
//! wish for her address. All of it happens before she presses the button of her invitation; she comes
//! with an account at Microsoft.

use super::{
    Attack, Attacker,
    kept::{Kept, confirm, try_all},
};
use crate::{
    providers::invitation::{press, token},
    support::{
        Person, Visitor,
        email::ask,
        providers::{Stage, TENANT, come_back, leads_to, microsoft_account},
    },
};
use contract::Provider;
use domain::Locale;
use testkit::OpenId;

/// What the attacker makes her do, before she presses the button of her invitation.
enum Lure {
    /// A link that he sends her: the last step of a round trip of his.
    Answer(String),
    /// The link of a mail that came to her.
    Wish(String),
}

/// An invited account, and who waits for its owner.
struct Invited {
    owner: Person,
    link: String,
    him: Attacker,
    kept: Vec<Kept>,
    lure: Option<Lure>,
}

/// Tells one attack to its end; whether it lets him in.
pub(super) async fn succeeds(stage: &Stage, attack: Attack) -> bool {
    // Tries from one network are other tests'.
    stage.clock.advance_secs(3600);
    let invited = match attack {
        Attack::ClassicFederatedMerge => account_of_another_realm(stage).await,
        Attack::UnexpiredSession => begun_and_kept_open(stage).await,
        Attack::TrojanIdentifier => round_trip_for_her_to_finish(stage).await,
        Attack::UnexpiredEmailChange => wish_for_her_address(stage).await,
        Attack::NonVerifyingProvider => accounts_with_her_address(stage).await,
    };
    arrive(stage, &invited).await;
    let inside = try_all(stage, &invited.owner, &invited.him, &invited.kept).await;
    for address in [&invited.owner.email, &invited.him.email] {
        stage.ignore_mail_to(address).await;
    }
    inside
}

/// He registers as a participant, with her address and a password of his. When her account of the back
/// office is there, his password and the cookie of his session are shown to its door.
///
/// Red when a session is looked up without its realm (`SESSION_BY_TOKEN`).
async fn account_of_another_realm(stage: &Stage) -> Invited {
    let email = "mayor@town.example";
    let participant = stage.participant_with("bellerive", email, true).await;
    let (owner, link) = invited_as(stage, email).await;
    let manager = stage.visitor().sign_in(&participant).await;
    let names = manager.jar.names().into_iter();
    let session = names.clone().find(|name| name.starts_with("p-")).unwrap();
    let session = manager.jar.get(session).unwrap().to_owned();
    let mut browser = stage.visitor();
    browser.jar.plant("back-office", &session);
    Invited {
        him: Attacker::of(email),
        kept: vec![
            Kept::Password(participant.password.clone()),
            Kept::Browser(Box::new(browser)),
        ],
        lure: None,
        owner,
        link,
    }
}

/// He has seen the link. He opens its page and leaves it open; he sets out for both providers from it,
/// agrees there, and does not come back before she has set up her account.
///
/// Red when a link can be used again (`Identity::linked` and `CONSUME_TOKEN` without looking whether it
/// was). The round trips are guarded twice: they end with the set-up as well (`delete_provider_flows`).
async fn begun_and_kept_open(stage: &Stage) -> Invited {
    let (owner, link) = stage.invited(Locale::En, None).await;
    let him = Attacker::of(&owner.email);
    stage.google.is(him.google());
    stage.microsoft.is(him.microsoft());
    let mut page = stage.visitor();
    page.open(&link).await;
    let mut kept = vec![Kept::Page(Box::new(page), token(&link).to_owned())];
    for provider in [&stage.google, &stage.microsoft] {
        let (browser, back) = agreed(stage, provider, &link).await;
        kept.push(Kept::RoundTrip(Box::new(browser), back));
    }
    Invited {
        owner,
        link,
        him,
        kept,
        lure: None,
    }
}

/// He has seen the link, agrees at Google with an account of his, and sends her the address that he
/// would come back to. She opens it in the browser in which she has just set out for Google herself:
/// her account would have his for a way in, and she would be signed in and never know.
///
/// Red when a round trip is taken in whatever browser (`TAKE_PROVIDER_FLOW` without its
/// `browser_hash`).
async fn round_trip_for_her_to_finish(stage: &Stage) -> Invited {
    let (owner, link) = stage.invited(Locale::En, None).await;
    let him = Attacker::of(&owner.email);
    stage.google.is(him.google());
    let (_, back) = agreed(stage, &stage.google, &link).await;
    Invited {
        kept: vec![Kept::Account(Provider::Google, him.google())],
        lure: Some(Lure::Answer(back)),
        owner,
        link,
        him,
    }
}

/// He is a manager, and wishes for her address before she is invited. The link that confirms it is in
/// her own mailbox, beside that of the invitation: she presses it, and so does he, who has seen it.
///
/// Red when two accounts of a realm can have one address (`unique (realm, email_key)`).
async fn wish_for_her_address(stage: &Stage) -> Invited {
    let email = "treasurer@town.example";
    let mut thief = stage.manager().await;
    let own = thief.person.clone();
    ask(&mut thief, email, &own.password).await;
    stage.ignore_mail_to(&own.email).await;
    let mail = stage.mail_to(email).await;
    assert_eq!(mail.kind, "email_confirm");
    assert_eq!(mail.token().len(), 43);
    let wish = mail.link(&stage.origin());
    let (owner, link) = invited_as(stage, email).await;
    Invited {
        him: Attacker::of(email),
        kept: vec![
            Kept::Link(wish.clone()),
            Kept::Password(own.password.clone()),
            Kept::Own(Box::new(own)),
        ],
        lure: Some(Lure::Wish(wish)),
        owner,
        link,
    }
}

/// He has accounts at both providers that say her address. He tries them before she comes, when nothing
/// but her address says whose the account is; he has agreed before, and comes back afterwards; and he
/// tries them once more.
///
/// Red when Google is believed about every address (`providers::google::claims`).
async fn accounts_with_her_address(stage: &Stage) -> Invited {
    let (owner, link) = stage.invited(Locale::En, None).await;
    let him = Attacker::of(&owner.email);
    let mut kept = Vec::new();
    for account in him.google_with(&owner.email) {
        kept.push(Kept::Account(Provider::Google, account));
    }
    let account = him.microsoft_with(&owner.email);
    kept.push(Kept::Account(Provider::Microsoft, account.clone()));
    let before = try_all(stage, &owner, &him, &kept).await;
    assert!(!before, "nobody has proved that the address is hers");
    stage.google.is(him.google_with(&owner.email)[1].clone());
    stage.microsoft.is(account);
    for provider in [&stage.google, &stage.microsoft] {
        let mut browser = stage.visitor();
        let back = stage.agree(&mut browser, provider).await;
        kept.push(Kept::RoundTrip(Box::new(browser), back));
    }
    Invited {
        owner,
        link,
        him,
        kept,
        lure: None,
    }
}

/// The account that is made for her, once others have had to do with her address.
async fn invited_as(stage: &Stage, email: &str) -> (Person, String) {
    let english = (Locale::En, None);
    stage
        .invited_as(email, "Officer of the Town", english)
        .await
}

/// A browser that has set out from the page of an invitation and agreed at the provider, and the
/// address that it is sent back to.
async fn agreed(stage: &Stage, provider: &OpenId, link: &str) -> (Visitor, String) {
    let mut browser = stage.visitor();
    let reply = press(&mut browser, provider, token(link)).await;
    (browser, provider.consent(&leads_to(&reply)))
}

/// She comes, with her own account at Microsoft.
async fn arrive(stage: &Stage, invited: &Invited) {
    let owner = &invited.owner;
    let mut visitor = stage.visitor();
    match &invited.lure {
        Some(Lure::Answer(back)) => {
            press(&mut visitor, &stage.google, token(&invited.link)).await;
            come_back(&mut visitor, back).await;
        }
        Some(Lure::Wish(link)) => confirm(&mut visitor, link).await,
        None => {}
    }
    if !visitor.is_in().await {
        let object = owner.email.replace('@', "-");
        let own = microsoft_account(TENANT, &object, "a@b.example");
        stage.microsoft.is(own);
        let reply = press(&mut visitor, &stage.microsoft, token(&invited.link)).await;
        let back = stage.microsoft.consent(&leads_to(&reply));
        let page = come_back(&mut visitor, &back).await;
        assert_eq!(page.url, "/back-office", "{}", page.text());
    }
    assert!(visitor.is_in().await);
}
