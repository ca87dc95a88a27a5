//! What the table of routes asks of the table of permissions.

use app::routes::Access;
use domain::permission::{Action, Target};

/// What a user must be permitted to see a page with this access.
pub const fn needed(access: Access) -> (Action, Target) {
    match access {
        Access::Public => (Action::ReadPublicPages, Target::Site),
        Access::Own => (Action::UseAccount, Target::OwnAccount),
        Access::BackOffice => (Action::OpenBackOffice, Target::Site),
        Access::Agent => (Action::ReadFeedback, Target::Platform),
        Access::Demo => (Action::ReadDemo, Target::Site),
    }
}
