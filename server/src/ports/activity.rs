//! The log of one's own account.

use super::RequestContext;
use async_trait::async_trait;
use contract::{
    ActivityChange, ActivityGroup, ActivityLine, ActivityPage, ActivityPort, ActivityQuery, Answer,
    ChangedField, Doer, Happened, LogFault, LogState,
};
use domain::ActivityId;
use identity::{Chain, Change, Event, Fault, Group, OwnLine, Wanted};

#[async_trait]
impl ActivityPort for RequestContext {
    async fn activity(&self, query: &ActivityQuery) -> Answer<ActivityPage> {
        let who = self.who()?;
        let identity = &self.state.identity;
        let (lines, more) = self
            .answer(identity.own_activity(who, &wanted(query)))
            .await?;
        let chain = self.answer(identity.check_activity(&who.account)).await?;
        let older = lines
            .last()
            .filter(|_| more)
            .map(|line| line.id.to_string());
        let lines = lines.into_iter().map(|line| self.line(line, &chain));
        Ok(ActivityPage {
            lines: lines.collect(),
            older,
            state: state(&chain),
        })
    }
}

impl RequestContext {
    fn line(&self, line: OwnLine, chain: &Chain) -> ActivityLine {
        let altered = line
            .number
            .is_some_and(|line| chain.faults.contains(&Fault::Changed { line }));
        ActivityLine {
            number: line.number,
            what: line.event.map_or(Happened::Unknown, happened),
            who: doer(line.by),
            at: self.moment(line.at),
            network: line.network,
            device: line.device,
            change: line.change.map(change),
            reason: line.reason,
            altered,
        }
    }
}

fn wanted(query: &ActivityQuery) -> Wanted {
    let group = match query.group {
        Some(ActivityGroup::SignIns) => Some(Group::SignIns),
        Some(ActivityGroup::Security) => Some(Group::Security),
        Some(ActivityGroup::Account) => Some(Group::Account),
        Some(ActivityGroup::ByOthers) | None => None,
    };
    Wanted {
        group,
        by_others: query.group == Some(ActivityGroup::ByOthers),
        before: query.before.as_deref().and_then(ActivityId::presented),
    }
}

/// An event of the log as pages know it.
pub(super) const fn happened(event: Event) -> Happened {
    match event {
        Event::ProviderLinked => Happened::ProviderLinked,
        Event::ProviderUnlinked => Happened::ProviderUnlinked,
        Event::DataDownloaded => Happened::DataDownloaded,
        Event::DeletionAsked => Happened::DeletionAsked,
        Event::DeletionStopped => Happened::DeletionStopped,
        Event::AccountCreated => Happened::AccountCreated,
        Event::EmailChangeUndone => Happened::EmailChangeUndone,
        Event::EmailChanged => Happened::EmailChanged,
        Event::EmailWithdrawn => Happened::EmailWithdrawn,
        Event::EmailAsked => Happened::EmailAsked,
        Event::LanguageChanged => Happened::LanguageChanged,
        Event::NameChanged => Happened::NameChanged,
        Event::DeviceForgotten => Happened::DeviceForgotten,
        Event::DeviceRemembered => Happened::DeviceRemembered,
        Event::OtherSessionsEnded => Happened::OtherSessionsEnded,
        Event::SessionEnded => Happened::SessionEnded,
        Event::NewDevice => Happened::NewDevice,
        Event::PasswordTaken => Happened::PasswordTaken,
        Event::NotMe => Happened::NotMe,
        Event::PasswordChanged => Happened::PasswordChanged,
        Event::PasswordReset => Happened::PasswordReset,
        Event::ResetAsked => Happened::ResetAsked,
        Event::AccountSetUp => Happened::AccountSetUp,
        Event::SignedIn => Happened::SignedIn,
        Event::SignedOut => Happened::SignedOut,
        Event::CodesGuessed => Happened::CodesGuessed,
        Event::TwoFactorEnabled => Happened::TwoFactorEnabled,
        Event::TwoFactorDisabled => Happened::TwoFactorDisabled,
        Event::TwoFactorReset => Happened::TwoFactorReset,
        Event::RecoveryCodesMade => Happened::RecoveryCodesMade,
        Event::RecoveryCodeUsed => Happened::RecoveryCodeUsed,
        Event::Locked => Happened::Locked,
        Event::Unlocked => Happened::Unlocked,
    }
}

fn doer(by: identity::Doer) -> Doer {
    match by {
        identity::Doer::Owner => Doer::You,
        identity::Doer::Administrator => Doer::Administrator,
        identity::Doer::Stranger => Doer::Stranger,
        identity::Doer::Named(name) => Doer::Named(name),
        identity::Doer::Gone => Doer::Gone,
    }
}

fn change(change: Change) -> ActivityChange {
    ActivityChange {
        field: match change.field.as_str() {
            "name" => ChangedField::Name,
            "mail_language" => ChangedField::Language,
            "email" => ChangedField::Email,
            "linked_google" => ChangedField::LinkedAccount(contract::Provider::Google),
            "linked_microsoft" => ChangedField::LinkedAccount(contract::Provider::Microsoft),
            _ => ChangedField::Other,
        },
        old: change.old,
        new: change.new,
    }
}

fn state(chain: &Chain) -> LogState {
    let fault = |fault: &Fault| match *fault {
        Fault::Changed { line } => LogFault::Changed { line },
        Fault::Missing { from, to } => LogFault::Missing { from, to },
        Fault::End => LogFault::End,
        Fault::UnknownKey { line } => LogFault::UnknownKey { line },
        Fault::Unnumbered => LogFault::Unnumbered,
        Fault::NoChain => LogFault::NoChain,
    };
    LogState {
        lines: chain.lines,
        older: chain.older,
        faults: chain.faults.iter().map(fault).collect(),
    }
}
