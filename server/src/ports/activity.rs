//! The activity log of one's own account.

use super::RequestContext;
use async_trait::async_trait;
use contract::{
    ActivityChange, ActivityGroup, ActivityLine, ActivityPage, ActivityPort, ActivityQuery, Actor,
    Answer, ChangedField, LogFault, LogState,
};
use domain::{ActivityId, EventGroup};
use identity::{Chain, Change, Fault, OwnLine, Wanted};

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
            what: line.event,
            who: actor(line.by),
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
        Some(ActivityGroup::SignIns) => Some(EventGroup::SignIns),
        Some(ActivityGroup::Security) => Some(EventGroup::Security),
        Some(ActivityGroup::Account) => Some(EventGroup::Account),
        Some(ActivityGroup::ByOthers) | None => None,
    };
    Wanted {
        group,
        by_others: query.group == Some(ActivityGroup::ByOthers),
        before: query.before.as_deref().and_then(ActivityId::presented),
    }
}

fn actor(by: identity::ShownActor) -> Actor {
    match by {
        identity::ShownActor::Owner => Actor::You,
        identity::ShownActor::CommandLine => Actor::CommandLine,
        identity::ShownActor::System => Actor::System,
        identity::ShownActor::Unknown => Actor::Unknown,
        identity::ShownActor::Named(name) => Actor::Named(name),
        identity::ShownActor::Removed => Actor::Deleted,
    }
}

fn change(change: Change) -> ActivityChange {
    ActivityChange {
        field: ChangedField::parse(&change.field),
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
