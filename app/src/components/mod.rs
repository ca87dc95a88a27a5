//! Building blocks: what every page is made of.
//!
//! A block is a native element with its label, its states and its place in the stylesheet. It is
//! drawn on the server, works without a script, and takes ready words, never translation keys. What
//! needs the browser is an island (`crate::islands`); a block may place one, and still works when
//! it never wakes.
//!
//! What a block does not do: ask a port, know an address, choose a language.
//!
//! Where to start: [`Main`], [`PageTitle`] and [`Panel`] frame a page; [`Form`], [`Field`] and
//! [`Button`] fill it; [`ErrorSummary`] and [`Notice`] answer. All of them stand together, with
//! their states, on the page of the demo that `crate::pages::components` draws.

mod button;
mod choice;
mod codes;
mod error_summary;
mod field;
mod footer;
mod form;
mod header;
mod icon;
mod labelled;
mod layout;
mod letter;
mod navigation;
mod new_password;
mod notice;
mod prose;
mod provider;
mod scene;
mod section;
mod session_watch;
mod start_script;
mod table;
mod text;
mod textarea;
mod vote;

pub use button::{Button, ButtonKind, ButtonLink};
pub use choice::{Checkbox, Choice, RadioGroup, Select};
pub use codes::{CodeActions, CodeSheet, QrFigure, SecretKey};
pub use error_summary::{ErrorSummary, FieldError};
pub use field::{CodeField, Field, PasswordField};
pub use footer::{FooterLink, SiteFooter};
pub use form::{Actions, Carried, Carry, Divider, Fieldset, Form, Hidden};
pub use header::{LanguageLink, MenuLink, MenuPost, ProfileMenu, SiteHeader};
pub use icon::{BrandMark, Glyph, Icon};
pub use layout::{Main, PageTitle, Panel, SkipLink, Width};
pub use letter::Letter;
pub use navigation::{Breadcrumb, Contents, ContentsItem};
pub use new_password::{NewPasswordField, NewPasswordWords, Strength};
pub use notice::{Demo, EmptyState, Notice, Tag};
pub use prose::{Prose, Step, Steps};
pub use provider::{ProviderButton, ProviderLink};
pub use scene::StreetScene;
pub use section::{Dialog, DialogButton, Disclosure, Section, SettingRow};
pub use session_watch::{SessionEnds, SessionLine, SessionWatch, SessionWatchWords};
pub use start_script::StartScript;
pub use table::{DescriptionList, Table};
pub use text::{Maybe, Text, Tone};
pub use textarea::TextArea;
pub use vote::{Vote, VoteButtons};
