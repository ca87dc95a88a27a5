//! What a page may ask: one port per area, and its plain data.
//!
//! This crate is the whole conversation between the pages (`app`) and the server. A security
//! review starts here: what no port offers, no page can do. The server implements every port for
//! one request at a time, already bound to its user, and checks there what the user may do.
//!
//! Deliberately absent: words (problems are codes, see [`Problem`]), secrets, any server crate.

mod account;
mod activity;
mod desk;
mod details;
mod door;
mod funnel;
mod help;
mod invitation;
mod leaving;
mod mailbox;
mod own_data;
mod password;
mod platform;
mod problem;
mod providers;
mod registration;
mod responder;
mod sessions;
mod sign_in;
mod two_factor;
mod viewer;

pub use account::{AccountPort, Home, OrganisationCard};
pub use activity::{
    ActivityChange, ActivityDay, ActivityGroup, ActivityLine, ActivityPage, ActivityPort,
    ActivityQuery, Actor, LogFault, LogState,
};
pub use desk::{DeskPort, VoteCount, VoteRow};
pub use details::{DetailsDone, DetailsPort, EmailSettings, Profile};
pub use door::{Door, Logo, PlatformDoor};
pub use funnel::MailTrouble;
pub use help::{
    ArticleCard, ArticlePage, CategoryPage, ContentsEntry, HelpDone, HelpPort, SearchHit, Snippet,
    VoteForm,
};
pub use invitation::{Accepted, Invitation, InvitationPort};
pub use leaving::{Deleted, Leaving, LeavingDone, LeavingPort, Retained, StopDeletion};
pub use mailbox::{MailRow, MailView, MailboxPort, PlayedFate};
pub use own_data::{DataRecord, DataValue, OwnData, OwnDataPort};
pub use password::{NotMe, PasswordDone, PasswordPort, PasswordReset, PasswordResetForm, Verdict};
pub use platform::{
    Organisation, OrganisationText, ParticipationDone, ParticipationPort, PlatformPort,
    ProjectLink, ProjectPage, Proposal, Support,
};
pub use problem::{
    Answer, Block, CodeProblem, DetailsProblem, LeavingProblem, PasswordProblem, Problem,
    ProofProblem, ProviderProblem, ProviderRefusal, RefusedBecause, RegistrationProblem,
    SignInProblem,
};
pub use providers::{
    AskedProof, IctFacts, LinkedAccount, ProviderDone, ProviderState, ProvidersPort,
};
pub use registration::{
    Confirmation, Confirmed, OpenConfirmation, RegistrationDone, RegistrationForm,
    RegistrationPort, Suggestion, Waiting, WaitingMail,
};
pub use responder::{Done, Flash, Responder};
pub use sessions::{RememberedRow, SessionRow, Sessions, SessionsDone, SessionsPort};
pub use sign_in::{
    CodeForm, DemoAccount, DemoState, EndedBy, PendingCode, SessionEnd, SignInDone, SignInForm,
    SignInPort, SignInStep, StayOffer,
};
pub use two_factor::{
    Enrolment, FirstCode, TwoFactorDone, TwoFactorPort, TwoFactorState, UnsavedCodes,
};
pub use viewer::{Moment, SessionLeft, Span, Viewer};
pub use vocabulary::{
    ChangedField, DataField, DataGroup, EventKind, Field, FirstStep, Locale, MailCause, Provider,
    SecondStep, SignInMethod, paths,
};

/// Every port together, bound to one request.
pub trait Backend:
    SignInPort
    + RegistrationPort
    + InvitationPort
    + PasswordPort
    + AccountPort
    + ActivityPort
    + DetailsPort
    + TwoFactorPort
    + OwnDataPort
    + LeavingPort
    + SessionsPort
    + HelpPort
    + MailboxPort
    + DeskPort
    + PlatformPort
    + ParticipationPort
    + ProvidersPort
    + Responder
{
}

impl<T> Backend for T where
    T: SignInPort
        + RegistrationPort
        + InvitationPort
        + PasswordPort
        + AccountPort
        + ActivityPort
        + DetailsPort
        + TwoFactorPort
        + OwnDataPort
        + LeavingPort
        + SessionsPort
        + HelpPort
        + MailboxPort
        + DeskPort
        + PlatformPort
        + ParticipationPort
        + ParticipationPort
        + ProvidersPort
        + Responder
{
}
