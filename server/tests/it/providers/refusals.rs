//! What a provider says instead of a code, told in words.

use crate::support::{
    Visitor, log,
    providers::{Stage, assert_turned_away, come_back, once_with_providers},
};
use contract::{Block, Provider, RefusedBecause as Why};
use testkit::{OpenId, openid::Kind};

once_with_providers! {
    b38_each_error_has_its_reason,
    what_a_stranger_types_is_no_line_of_the_log,
}

/// Sets out, and comes back with this error: the page must say why. Gives the browser.
async fn refused(
    stage: &Stage,
    provider: &OpenId,
    (error, description): (&str, &str),
    why: Why,
) -> Visitor {
    let mut visitor = stage.visitor();
    let location = stage.set_out(&mut visitor, provider).await;
    let back = provider.refuse(&location, error, description);
    let page = come_back(&mut visitor, &back).await;
    let named = match provider.kind {
        Kind::Google => Provider::Google,
        Kind::Microsoft => Provider::Microsoft,
    };
    assert_turned_away(&page, named, why);
    visitor
}

/// Red when an error of the table has no words, or a generic page.
async fn b38_each_error_has_its_reason(stage: &Stage) {
    let blocked = Why::BlockedByOrganisation;
    for (error, description, why) in [
        ("access_denied", "", Why::Cancelled),
        ("access_denied", "65004", Why::Cancelled),
        ("consent_required", "65001", blocked(Block::ConsentNeeded)),
        (
            "access_denied",
            "90094",
            blocked(Block::AdministratorMustApprove),
        ),
        (
            "unauthorized_client",
            "7000112",
            blocked(Block::ApplicationBlocked),
        ),
        ("interaction_required", "50105", blocked(Block::NotAssigned)),
        ("access_denied", "53003", blocked(Block::ConditionalAccess)),
        ("invalid_request", "500200", Why::PersonalNotAllowed),
        ("server_error", "", Why::Unavailable),
    ] {
        let description = match description {
            "" => String::new(),
            number => format!("AADSTS{number}: …"),
        };
        let said = (error, description.as_str());
        let mut visitor = refused(stage, &stage.microsoft, said, why).await;
        assert!(!visitor.is_in().await);
    }
}

/// Red when the log holds what a browser brings.
async fn what_a_stranger_types_is_no_line_of_the_log(stage: &Stage) {
    log::listen();
    let planted = "planted\n{\"level\":\"ERROR\"}";
    refused(stage, &stage.google, (planted, planted), Why::Unavailable).await;
    let lines = log::lines();
    let heard = lines.iter().any(|line| line.contains("refused"));
    assert!(heard, "this refusal is a line: {lines:?}");
    assert!(lines.iter().all(|line| !line.contains("planted")));
}
