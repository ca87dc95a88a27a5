//! What a provider says instead of a code, told in words.

use crate::support::{
    log,
    providers::{Stage, assert_turned_away, come_back, once_with_providers},
};
use contract::{Block, Provider, RefusedBecause as Why};

once_with_providers! {
    b38_each_error_has_its_reason,
    what_a_stranger_types_is_no_line_of_the_log,
}

/// Red when an error of the table has no words, or a generic page.
async fn b38_each_error_has_its_reason(stage: &Stage) {
    for (error, description, why) in [
        ("access_denied", "", Why::Cancelled),
        ("access_denied", "AADSTS65004: …", Why::Cancelled),
        (
            "consent_required",
            "AADSTS65001: …",
            Why::BlockedByOrganisation(Block::ConsentNeeded),
        ),
        (
            "access_denied",
            "AADSTS90094: …",
            Why::BlockedByOrganisation(Block::AdministratorMustApprove),
        ),
        (
            "unauthorized_client",
            "AADSTS7000112: …",
            Why::BlockedByOrganisation(Block::ApplicationBlocked),
        ),
        (
            "interaction_required",
            "AADSTS50105: …",
            Why::BlockedByOrganisation(Block::NotAssigned),
        ),
        (
            "access_denied",
            "AADSTS53003: …",
            Why::BlockedByOrganisation(Block::ConditionalAccess),
        ),
        (
            "invalid_request",
            "AADSTS500200: …",
            Why::PersonalNotAllowed,
        ),
        ("server_error", "", Why::Unavailable),
    ] {
        let mut visitor = stage.visitor();
        let location = stage.set_out(&mut visitor, &stage.microsoft).await;
        let back = stage.microsoft.refuse(&location, error, description);
        let page = come_back(&mut visitor, &back).await;
        assert_turned_away(&page, Provider::Microsoft, why);
        assert!(!visitor.is_in().await);
    }
}

/// Red when the log holds what a browser brings.
async fn what_a_stranger_types_is_no_line_of_the_log(stage: &Stage) {
    log::listen();
    let mut visitor = stage.visitor();
    let location = stage.set_out(&mut visitor, &stage.google).await;
    let planted = "planted\n{\"level\":\"ERROR\"}";
    let back = stage.google.refuse(&location, planted, planted);
    let page = come_back(&mut visitor, &back).await;
    assert_turned_away(&page, Provider::Google, Why::Unavailable);
    assert!(log::lines().iter().all(|line| !line.contains("planted")));
}
