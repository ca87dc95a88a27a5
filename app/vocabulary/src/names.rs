//! Names that are stored and must stay.

/// Makes an enum whose variants have a stored name each.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the stored name says it, and the page has the words")]
        pub enum $type {
            $($variant,)+
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
    /// What a value of that data is.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when a name of the file that people download changes.
    #[test]
    fn stored_names_stay() {
        let groups = DataGroup::ALL.iter().map(|group| group.as_str());
        assert_eq!(groups.collect::<Vec<_>>().join(" "), GROUPS);
        let fields = DataField::ALL.iter().map(|field| field.as_str());
        assert_eq!(fields.collect::<Vec<_>>().join(" "), FIELDS);
    }

    const GROUPS: &str = "account organisations second_factor linked_accounts sessions begun_sign_ins \
        begun_round_trips devices mailed_links mails counted_tries activity \
        activity_of_others";
    const FIELDS: &str = "about at by changed_field email_confirmed_at count created_at deletion_at device \
        email ended_at event expires_at finished_at issuer kind language last_seen_at \
        last_used_at limit linked_at line method name network new_value old_value on_since \
        organisation password_is_enough password_set_at platform_role project proved_at \
        provider purpose reason recipient recovery_codes_left recovery_codes_made_at \
        remembered_until role second_step set_up_begun_at state status subject used_at \
        void_at wrong_codes";
}
