//! The path of recovery: somebody else was first in the account, and its owner takes it back.
//!
//! She can do that in three ways: with "Forgot your password?"; with "This was not me" in a mail that
//! told her of a sign-in; and, when he has changed the address, by taking that back from her mailbox.
//! The last two sign everybody out before she has chosen a password: he tries then, and again when she
//! is in. Each attack is told for all three, and succeeds when it does with one of them.

use super::{
    Attack, Attacker, HIS_PASSWORD,
    kept::{Kept, try_all},
};
use crate::support::{
    Manager, Person, Visitor, email,
    providers::{Stage, leads_to},
    resets,
};
use contract::Provider;
use domain::Locale;

/// How the owner takes her account back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Forgotten,
    NotMe,
    Undo,
}

/// An account that somebody else is in.
struct Taken {
    owner: Person,
    him: Attacker,
    /// His browser, which wants to stay signed in.
    thief: Manager,
    /// The link in a mail that she has: empty where she only has her address.
    link: String,
}

/// Tells one attack to its end; whether it lets him in.
pub(super) async fn succeeds(stage: &Stage, attack: Attack) -> bool {
    let mut inside = false;
    for way in [Way::Forgotten, Way::NotMe, Way::Undo] {
        // Tries from one network are other tests'.
        stage.clock.advance_secs(3600);
        let mut taken = take(stage, way).await;
        let kept = prepare(stage, attack, &mut taken).await;
        let got_in = take_back(stage, way, &taken, &kept).await;
        eprintln!("  {way:?}: {}", if got_in { "INSIDE" } else { "outside" });
        inside |= got_in;
        for address in [&taken.owner.email, &taken.him.email] {
            stage.ignore_mail_to(address).await;
        }
    }
    inside
}

/// He has seen her invitation, and has chosen the password.
async fn take(stage: &Stage, way: Way) -> Taken {
    let (mut owner, link) = stage.invited(Locale::En, None).await;
    let (_, token) = link.rsplit_once('=').unwrap();
    let client = identity::Client::default();
    let set_up = stage
        .identity()
        .set_up_account(token, HIS_PASSWORD, &client);
    set_up.await.unwrap();
    HIS_PASSWORD.clone_into(&mut owner.password);
    let him = Attacker::of(&owner.email);
    // She hears of the second browser.
    stage.visitor().sign_in(&owner).await;
    let mut thief = stage.visitor().staying().sign_in(&owner).await;
    let link = match way {
        Way::Forgotten => String::new(),
        Way::NotMe => {
            let mails = stage.new_device_mails(&owner.email).await;
            let origin = stage.origin();
            let mut links = mails.iter().flat_map(|mail| mail.links(&origin));
            let found = links.find(|link| link.contains("/not-me?"));
            found.unwrap().to_owned()
        }
        Way::Undo => {
            let mail = email::change(stage, &mut thief, &him.email).await;
            mail.link(&stage.origin())
        }
    };
    Taken {
        owner,
        him,
        thief,
        link,
    }
}

/// What he does in it, and what he has afterwards.
///
/// Red, each by itself:
/// - the merge, when "This was not me" and taking an address back leave the password (`clear_password`);
/// - the session, when one of the three ways ends no session (its `close_other_ways`);
/// - the identifier, when choosing a password leaves what is linked (`unlink_all`), or the other two do
///   (`unlink_silently`);
/// - the change of address, when a wish outlives one of them (`EmailChange` missing among `links::KEYS`);
/// - the provider, when Google is believed about every address (`providers::google::claims`).
async fn prepare(stage: &Stage, attack: Attack, taken: &mut Taken) -> Vec<Kept> {
    let (owner, him, thief) = (&taken.owner, &taken.him, &mut taken.thief);
    match attack {
        Attack::ClassicFederatedMerge => vec![Kept::Password(HIS_PASSWORD.to_owned())],
        Attack::UnexpiredSession => vec![Kept::Browser(Box::new(thief.clone().outside()))],
        Attack::TrojanIdentifier => {
            stage.google.is(him.google());
            stage.link(thief, &stage.google).await;
            // The other one is linked but for the last step.
            let reply = stage
                .begin_link(thief, &stage.microsoft, HIS_PASSWORD)
                .await;
            stage.microsoft.is(him.microsoft());
            let back = stage.microsoft.consent(&leads_to(&reply));
            let browser: Visitor = thief.clone().outside();
            vec![
                Kept::RoundTrip(Box::new(browser), back),
                Kept::Account(Provider::Google, him.google()),
                Kept::Account(Provider::Microsoft, him.microsoft()),
            ]
        }
        Attack::UnexpiredEmailChange => {
            let wanted = format!("next-{}", him.email);
            email::ask(thief, &wanted, HIS_PASSWORD).await;
            let wish = stage.mail_to(&wanted).await;
            assert_eq!(wish.kind, "email_confirm");
            vec![Kept::Link(wish.link(&stage.origin()))]
        }
        Attack::NonVerifyingProvider => {
            let with_hers = him.google_with(&owner.email);
            stage.google.is(with_hers[1].clone());
            let mut browser = stage.visitor();
            let back = stage.agree(&mut browser, &stage.google).await;
            let mut kept = vec![Kept::RoundTrip(Box::new(browser), back)];
            let accounts = with_hers.map(|account| Kept::Account(Provider::Google, account));
            kept.extend(accounts);
            let account = him.microsoft_with(&owner.email);
            kept.push(Kept::Account(Provider::Microsoft, account));
            kept
        }
    }
}

/// She takes it back and chooses a password; whether he gets in meanwhile or afterwards.
async fn take_back(stage: &Stage, way: Way, taken: &Taken, kept: &[Kept]) -> bool {
    let (owner, him) = (&taken.owner, &taken.him);
    stage.ignore_mail_to(&owner.email).await;
    let mut visitor = stage.visitor();
    if way != Way::Forgotten {
        let action = match way {
            Way::Undo => "/api/undo_email",
            _ => "/api/say_not_me",
        };
        let page = visitor.open(&taken.link).await;
        visitor.submit(page.form(action)).await;
        if try_all(stage, owner, him, kept).await {
            return true;
        }
    }
    let link = if way == Way::NotMe {
        let mail = stage.mail_to(&owner.email).await;
        assert_eq!(mail.kind, "account_safe");
        mail.link(&stage.origin())
    } else {
        stage.ignore_mail_to(&owner.email).await;
        visitor = resets::ask(stage, owner).await;
        resets::link(stage, &resets::mail(stage, owner).await)
    };
    resets::choose(&mut visitor, &link, resets::NEW).await;
    let mut owner = owner.clone();
    resets::NEW.clone_into(&mut owner.password);
    let mut manager = stage.visitor().sign_in(&owner).await;
    assert!(manager.is_in().await);
    try_all(stage, &owner, him, kept).await
}
