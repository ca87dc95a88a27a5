//! Names that are stored and must stay: what happened, what was changed, what is exported, and the
//! fields of forms.
//!
//! A new event, changed value, exported value or form field is one line here; the words of each are
//! exhaustive in `app/src/words/names.rs`.

use serde::{Deserialize, Serialize};

/// Makes an enum whose variants have a stored name each.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$more:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $type {
            $($(#[$more])* $variant,)+
        }

        impl $type {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stored name, which never changes.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// Reads a stored name; one of a newer version is none.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|name| name.as_str() == text)
            }
        }
    };
}

names! {
    /// What a part of the data that is stored about a person is about.
    #[expect(missing_docs, reason = "the stored name says it, and the page has the words")]
    DataGroup {
        Account = "account",
        Organisations = "organisations",
        SecondFactor = "second_factor",
        LinkedAccounts = "linked_accounts",
        Sessions = "sessions",
        SignIns = "begun_sign_ins",
        Flows = "begun_round_trips",
        Devices = "devices",
        Supports = "supports",
        PrivateProjects = "private_projects",
        Registrations = "registrations",
        Links = "mailed_links",
        Mails = "mails",
        Tries = "counted_tries",
        Activity = "activity",
        Others = "activity_of_others",
    }
}

names! {
    /// What a value of that data is.
    #[expect(missing_docs, reason = "the stored name says it, and the page has the words")]
    DataField {
        About = "about",
        At = "at",
        By = "by",
        Change = "changed_field",
        ConfirmedAt = "email_confirmed_at",
        Count = "count",
        CreatedAt = "created_at",
        DeletionAt = "deletion_at",
        DoubtedAt = "email_doubted_at",
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

names! {
    /// A part of an account that an activity entry names as changed.
    ChangedField {
        /// The name.
        Name = "name",
        /// The language of the mails; the values are tags.
        Language = "mail_language",
        /// The e-mail address.
        Email = "email",
        /// The linked Google account; the values are its addresses.
        LinkedGoogle = "linked_google",
        /// The linked Microsoft account; the values are its addresses.
        LinkedMicrosoft = "linked_microsoft",
    }
}

names! {
    /// A form field that a problem can point at: the name and id of its input.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Field {
        /// An e-mail address.
        Email = "email",
        /// A password.
        Password = "password",
        /// A code of the authenticator app, or a recovery code.
        Code = "code",
        /// A password or code that confirms a sensitive action.
        Proof = "proof",
        /// The current password, where a new one is chosen.
        Present = "present",
        /// A free text.
        Comment = "comment",
        /// The name of a person.
        Name = "name",
    }
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventGroup {
    /// Signing in and out.
    SignIns,
    /// What protects the account.
    Security,
    /// The account itself.
    Account,
}

/// Makes [`EventKind`]: each event with its group.
macro_rules! events {
    ($($(#[$doc:meta])* $event:ident: $group:ident = $text:literal,)+) => {
        names! {
            /// What happened to an account.
            EventKind { $($(#[$doc])* $event = $text,)+ }
        }

        impl EventKind {
            /// What the event is about.
            pub const fn group(self) -> EventGroup {
                match self {
                    $(Self::$event => EventGroup::$group,)+
                }
            }
        }
    };
}

events! {
    /// It was made by an administrator.
    AccountCreated: Account = "account_created",
    /// Its first password was chosen through the set-up link.
    AccountSetUp: Account = "account_set_up",
    /// A password reset was requested.
    ResetAsked: Security = "reset_asked",
    /// A new password was chosen through a mailed link or code.
    PasswordReset: Security = "password_reset",
    /// The password was changed with the current one.
    PasswordChanged: Security = "password_changed",
    /// The password was removed with the second factor: it was too short to stand alone.
    PasswordTaken: Security = "password_taken",
    /// The owner reported that it was not them: all sessions ended, the password was removed.
    NotMe: Security = "not_me",
    /// Somebody signed in.
    SignedIn: SignIns = "signed_in",
    /// Somebody signed out.
    SignedOut: SignIns = "signed_out",
    /// Somebody signed in with a new browser.
    NewDevice: SignIns = "new_device",
    /// Its owner ended a session from another one.
    SessionEnded: SignIns = "session_ended",
    /// Its owner ended all sessions except the current one.
    OtherSessionsEnded: SignIns = "other_sessions_ended",
    /// Its owner chose that this browser is not asked for codes for a while.
    DeviceRemembered: Security = "device_remembered",
    /// Its owner asked for codes again in a browser.
    DeviceForgotten: Security = "device_forgotten",
    /// Five wrong codes followed a correct password.
    CodesGuessed: SignIns = "codes_guessed",
    /// Five wrong proofs followed each other inside a session.
    ProofsGuessed: Security = "proofs_guessed",
    /// A second factor was enabled.
    TwoFactorEnabled: Security = "two_factor_enabled",
    /// Another authenticator application replaced the one before.
    PhoneReplaced: Security = "phone_replaced",
    /// The second factor was disabled by its owner, in the settings or by a mailed link.
    TwoFactorDisabled: Security = "two_factor_disabled",
    /// The second factor was removed by an administrator.
    TwoFactorReset: Security = "two_factor_reset",
    /// New recovery codes were made.
    RecoveryCodesMade: Security = "recovery_codes_made",
    /// A recovery code was used to sign in.
    RecoveryCodeUsed: SignIns = "recovery_code_used",
    /// It was locked by an administrator.
    Locked: Account = "locked",
    /// It was unlocked by an administrator.
    Unlocked: Account = "unlocked",
    /// The name was changed.
    NameChanged: Account = "name_changed",
    /// The language of the mails was changed.
    LanguageChanged: Account = "language_changed",
    /// Its owner confirmed the address, and signed in for the first time.
    AddressConfirmed: Security = "address_confirmed",
    /// The domain of the address took no mail for too long: the address is no proof until it is confirmed again.
    AddressDoubted: Security = "address_doubted",
    /// A change of address was requested; nothing has changed yet.
    EmailAsked: Security = "email_asked",
    /// The requested change of address was withdrawn.
    EmailWithdrawn: Security = "email_withdrawn",
    /// The new address was confirmed.
    EmailChanged: Security = "email_changed",
    /// The change was undone from the previous address.
    EmailChangeUndone: Security = "email_change_undone",
    /// An account at a provider was linked to it.
    ProviderLinked: Security = "provider_linked",
    /// It was unlinked.
    ProviderUnlinked: Security = "provider_unlinked",
    /// Everything that is stored about its owner was downloaded.
    DataDownloaded: Security = "data_downloaded",
    /// Its owner requested its deletion.
    DeletionAsked: Account = "deletion_asked",
    /// The deletion was stopped.
    DeletionStopped: Account = "deletion_stopped",
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when a stored name changes: in the activity log, the file that people download, or a form.
    #[test]
    fn stored_names_stay() {
        let groups = DataGroup::ALL.iter().map(|group| group.as_str());
        assert_eq!(groups.collect::<Vec<_>>().join(" "), GROUPS);
        let fields = DataField::ALL.iter().map(|field| field.as_str());
        assert_eq!(fields.collect::<Vec<_>>().join(" "), FIELDS);
        let events = EventKind::ALL.iter().map(|event| event.as_str());
        assert_eq!(events.collect::<Vec<_>>().join(" "), EVENTS);
        let changed = ChangedField::ALL.iter().map(|field| field.as_str());
        assert_eq!(changed.collect::<Vec<_>>().join(" "), CHANGED);
        let inputs = Field::ALL.iter().map(|field| field.as_str());
        assert_eq!(inputs.collect::<Vec<_>>().join(" "), INPUTS);
    }

    const GROUPS: &str = "account organisations second_factor linked_accounts sessions begun_sign_ins \
        begun_round_trips devices supports private_projects registrations mailed_links mails counted_tries activity \
        activity_of_others";
    const FIELDS: &str = "about at by changed_field email_confirmed_at count created_at deletion_at email_doubted_at device \
        email ended_at event expires_at finished_at issuer kind language last_seen_at \
        last_used_at limit linked_at line method name network new_value old_value on_since \
        organisation password_is_enough password_set_at platform_role project proved_at \
        provider purpose reason recipient recovery_codes_left recovery_codes_made_at \
        remembered_until role second_step set_up_begun_at state status subject used_at \
        void_at wrong_codes";
    const EVENTS: &str = "account_created account_set_up reset_asked password_reset password_changed \
        password_taken not_me signed_in signed_out new_device session_ended \
        other_sessions_ended device_remembered device_forgotten codes_guessed \
        proofs_guessed \
        two_factor_enabled phone_replaced two_factor_disabled two_factor_reset recovery_codes_made \
        recovery_code_used locked unlocked name_changed language_changed address_confirmed address_doubted email_asked \
        email_withdrawn email_changed email_change_undone provider_linked provider_unlinked \
        data_downloaded deletion_asked deletion_stopped";
    const CHANGED: &str = "name mail_language email linked_google linked_microsoft";
    const INPUTS: &str = "email password code proof present comment name";
}
