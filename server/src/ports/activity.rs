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
        let until = match &wanted(query).before {
            Some(line) => {
                let at = self.answer(identity.own_line_at(who, line)).await?;
                // After a line that is not this account's nothing is shown.
                Some(at.map_or(Timestamp::from_seconds(0), calendar::day_begins))
            }
            None => None,
        };
        let span = Span {
            until,
            is_oldest: !more,
        };
        Ok(ActivityPage {
            days: self.days(lines, &refused, span, &chain),
            older,
            state: state(&chain),
        })
    }
}

/// What part of the log a page shows.
#[derive(Clone, Copy)]
struct Span {
    /// The day on which the page before it ended; none for the first page.
    until: Option<Timestamp>,
    /// Whether no page follows.
    is_oldest: bool,
}

impl RequestContext {
    /// The lines of a page by day, with the refused tries of its days. A day that two pages share stands whole at its
    /// newest lines; days without a line belong to the page of the older lines next to them.
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
        let oldest = days.keys().next().copied();
        for RefusedDay { day, tries } in refused {
            let is_before = oldest.is_some_and(|oldest| *day < oldest);
            let is_after = span.until.is_some_and(|until| *day >= until);
            if !is_after && (span.is_oldest || !is_before) {
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
