//! The help centre, which stands behind every door: the same pages, and from each the way back to
//! the project that the user came from.

pub mod article;
pub mod category;
pub mod centre;
pub mod search;
pub mod vote;

use crate::{
    components::{Breadcrumb, Text},
    context::PageContext,
    paths,
};
use contract::Door;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Where a page of the help stands: below the project that it is read from, if it is, then below
/// the help centre and `between`. Nothing for the help centre itself when it stands below nothing.
fn trail(
    context: &PageContext,
    between: Vec<(Text, Text)>,
    current: Text,
) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let project = match &context.door {
        Door::BackOffice => None,
        Door::Platform(door) => Some((
            context.entrance("").into(),
            door.project_name.clone().into(),
        )),
    };
    let is_centre = context.path == context.door.entrance(paths::HELP);
    let centre = (!is_centre).then(|| {
        let title = td_string!(t, help.title);
        (context.entrance(paths::HELP).into(), title.into())
    });
    let above: Vec<(Text, Text)> = project.into_iter().chain(centre).chain(between).collect();
    let label = td_string!(t, common.you_are_here);
    (!above.is_empty()).then(|| view! { <Breadcrumb label=label items=above current=current /> })
}
