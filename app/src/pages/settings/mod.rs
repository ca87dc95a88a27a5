//! One's own account.

pub mod activity;
pub mod activity_words;
pub mod codes;
pub mod data_words;
pub mod delete;
pub mod delete_stop;
pub mod details;
pub mod email;
pub mod email_confirm;
pub mod email_undo;
pub mod enrol;
pub mod overview;
pub mod own_data;
pub mod profile;
pub mod provider;
pub mod sessions;
pub mod two_factor;

use crate::{
    components::{Breadcrumb, Text},
    context::PageContext,
    paths,
};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The way back from a page of the settings.
fn crumbs(context: &PageContext, current: &'static str) -> impl IntoView + use<> {
    let t = context.texts();
    let settings: (Text, Text) = (
        context.own(paths::SETTINGS).into(),
        td_string!(t, account.settings_title).into(),
    );
    view! { <Breadcrumb label=td_string!(t, common.you_are_here) items=vec![settings] current=current /> }
}
