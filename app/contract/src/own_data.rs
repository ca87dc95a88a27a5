//! Everything that is stored about one person, as she reads it and takes it away.

use crate::{Answer, Happened, Moment};
use async_trait::async_trait;

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the name says it, and the page has the words")]
        pub enum $type {
            $($variant,)+
        }

        impl $type {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in the file.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// Reads a name of the file.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|name| name.as_str() == text)
            }
        }
    };
}

names! {
    /// What a part of the data is about.
    DataGroup {
        Account = "account",
        Organisations = "organisations",
        SecondFactor = "second_factor",
        LinkedAccounts = "linked_accounts",
        Sessions = "sessions",
        SignIns = "begun_sign_ins",
        Flows = "begun_round_trips",
        Devices = "devices",
        Links = "mailed_links",
        Mails = "mails",
        Tries = "counted_tries",
        Activity = "activity",
        Others = "activity_of_others",
    }
}

names! {
    /// What a value is.
    DataField {
        About = "about",
        At = "at",
        By = "by",
        Change = "changed_field",
        ConfirmedAt = "email_confirmed_at",
        Count = "count",
        CreatedAt = "created_at",
        DeletionAt = "deletion_at",
        Device = "device",
        Email = "email",
        EndedAt = "ended_at",
        Event = "event",
        ExpiresAt = "expires_at",
        FinishedAt = "finished_at",
        Issuer = "issuer",
        Kind = "kind",
        Language = "language",
        LastSeenAt = "last_seen_at",
        LastUsedAt = "last_used_at",
        Limit = "limit",
        LinkedAt = "linked_at",
        Line = "line",
        Method = "method",
        Name = "name",
        Network = "network",
        New = "new_value",
        Old = "old_value",
        OnSince = "on_since",
        Organisation = "organisation",
        PasswordIsEnough = "password_is_enough",
        PasswordSetAt = "password_set_at",
        PlatformRole = "platform_role",
        Project = "project",
        ProvedAt = "proved_at",
        Provider = "provider",
        Purpose = "purpose",
        Reason = "reason",
        Recipient = "recipient",
        RecoveryCodesLeft = "recovery_codes_left",
        RecoveryCodesMadeAt = "recovery_codes_made_at",
        RememberedUntil = "remembered_until",
        Role = "role",
        SecondStep = "second_step",
        SetUpBegunAt = "set_up_begun_at",
        State = "state",
        Status = "status",
        Subject = "subject",
        UsedAt = "used_at",
        VoidAt = "void_at",
        WrongCodes = "wrong_codes",
    }
}

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataValue {
    /// Nothing, or nothing yet.
    None,
    /// A text as it is stored.
    Text(String),
    /// One of a few words, as it is stored: which, the field says.
    Code(String),
    /// What happened.
    Event(Happened),
    /// A number.
    Number(u64),
    /// A moment.
    Time(Moment),
}

/// One thing, field by field.
pub type DataRecord = Vec<(DataField, DataValue)>;

/// Everything, group by group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnData {
    /// When it was read.
    pub at: Moment,
    /// The groups; an empty one is there too.
    pub groups: Vec<(DataGroup, Vec<DataRecord>)>,
}

/// Reading and taking one's own data: both show everything at once, so both ask for a recent proof.
/// Refuses with [`crate::Problem::SignInFirst`].
#[async_trait]
pub trait OwnDataPort: Send + Sync {
    /// Everything that is stored about whoever is signed in; none while the last proof is too old.
    async fn own_data(&self) -> Answer<Option<OwnData>>;

    /// Takes the proof for it.
    async fn prove_for_data(&self, proof: &str) -> Answer<()>;

    /// Answers the form with the same as a file. Refuses with [`crate::Problem::ProofNeeded`] as well.
    async fn download_data(&self) -> Answer<()>;
}
