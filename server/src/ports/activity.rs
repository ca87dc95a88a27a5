//! The activity log of one's own account.

use super::RequestContext;
use async_trait::async_trait;
use contract::{
    ActivityChange, ActivityDay, ActivityGroup, ActivityLine, ActivityPage, ActivityPort,
    ActivityQuery, Actor, Answer, ChangedField, LogFault, LogState,
};
use domain::{ActivityId, EventGroup, Timestamp, calendar};
use identity::{Chain, Change, Fault, OwnLine, Wanted};
use std::collections::BTreeMap;
use store::RefusedDay;

#[async_trait]
impl ActivityPort for RequestContext {
    async fn activity(&self, query: &ActivityQuery) -> Answer<ActivityPage> {
        let who = self.who()?;
        let identity = &self.state.identity;
        let (lines, more) = self
            .answer(identity.own_activity(who, &wanted(query)))
            .await?;
        let chain = self
            .answer(identity.check_newest_activity(&who.account))
            .await?;
        let older = lines
            .last()
            .filter(|_| more)
            .map(|line| line.id.to_string());
        let refused = match query.group {
            None | Some(ActivityGroup::SignIns) => self.answer(identity.refused_tries(who)).await?,
            Some(_) => Vec::new(),
        };
        let span = Span {
            is_newest: query.before.is_none(),
            is_oldest: !more,
        };
        Ok(ActivityPage {
            days: self.days(lines, &refused, span, &chain),
            older,
            state: state(&chain),
        })
    }
}

/// Which ends of the log a page has.
#[derive(Clone, Copy)]
struct Span {
    is_newest: bool,
    is_oldest: bool,
}

impl RequestContext {
    /// The lines of a page by day, with the refused tries of its days. Days without a line belong to the page that has
    /// the lines around them.
    fn days(
        &self,
        lines: Vec<OwnLine>,
        refused: &[RefusedDay],
        span: Span,
        chain: &Chain,
    ) -> Vec<ActivityDay> {
        let mut days: BTreeMap<Timestamp, (u32, Vec<ActivityLine>)> = BTreeMap::new();
        for line in lines {
            let day = days.entry(calendar::day_begins(line.at)).or_default();
            day.1.push(self.line(line, chain));
        }
        let (oldest, newest) = (days.keys().next().copied(), days.keys().last().copied());
        for RefusedDay { day, tries } in refused {
            let is_before = oldest.is_some_and(|oldest| *day < oldest);
            // The newest day of a page begins on the page before it.
            let is_after = newest.is_none_or(|newest| *day >= newest);
            if (span.is_newest || !is_after) && (span.is_oldest || !is_before) {
                days.entry(*day).or_default().0 = *tries;
            }
        }
        let day = |(day, (refused, lines))| ActivityDay {
            day: self.day(day),
            refused,
            lines,
        };
        days.into_iter().rev().map(day).collect()
    }

    fn line(&self, line: OwnLine, chain: &Chain) -> ActivityLine {
        let altered = line
            .number
            .is_some_and(|line| chain.faults.contains(&Fault::Changed { line }));
        ActivityLine {
            what: line.event,
            who: actor(line.by),
            at: self.time(line.at),
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
        Fault::OlderKey { line } => LogFault::OlderKey { line },
        Fault::RetiredKey => LogFault::RetiredKey,
        Fault::Unnumbered => LogFault::Unnumbered,
        Fault::NoChain => LogFault::NoChain,
    };
    LogState {
        lines: chain.lines,
        earlier: chain.earlier,
        older: chain.older,
        faults: chain.faults.iter().map(fault).collect(),
    }
}
