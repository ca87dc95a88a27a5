//! How many jobs one process does at once, and which of them may not take the places of others.

use domain::job::Priority;
use std::collections::HashMap;
use store::DueJob;
use tokio::task;

/// How many jobs may run at once in one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// Jobs of any priority.
    pub all: usize,
    /// Notices and bulk together: the rest is reserved for jobs that somebody waits for.
    pub notices: usize,
    /// Bulk: the rest is reserved for what is earlier.
    pub bulk: usize,
    /// Jobs for one destination, among those of the same or an earlier priority. At least a
    /// [`store::LEFT_OUT`]th of all.
    pub per_destination: usize,
}

impl Default for Slots {
    fn default() -> Self {
        Self {
            all: 8,
            notices: 5,
            bulk: 4,
            per_destination: 2,
        }
    }
}

/// A job that runs.
pub(crate) struct Running {
    pub(crate) kind: usize,
    pub(crate) priority: Priority,
    pub(crate) destination: Option<String>,
}

/// The jobs that run, by their task.
#[derive(Default)]
pub(crate) struct RunningJobs(HashMap<task::Id, Running>);

impl RunningJobs {
    pub(crate) fn insert(&mut self, task: task::Id, job: Running) {
        self.0.insert(task, job);
    }

    pub(crate) fn remove(&mut self, task: task::Id) -> Option<Running> {
        self.0.remove(&task)
    }

    /// How many more jobs of this priority may begin.
    pub(crate) fn free(&self, slots: Slots, priority: Priority) -> usize {
        let left = |from: Priority, most: usize| {
            let running = self.0.values().filter(|job| job.priority >= from).count();
            most.saturating_sub(running)
        };
        let limits = [
            (Priority::Waiting, slots.all),
            (Priority::Notice, slots.notices),
            (Priority::Bulk, slots.bulk),
        ];
        let own = limits.into_iter().filter(|(from, _)| *from <= priority);
        own.map(|(from, most)| left(from, most)).min().unwrap_or(0)
    }

    /// The destinations for which no further job of this priority may begin.
    pub(crate) fn full(&self, slots: Slots, priority: Priority) -> Vec<String> {
        let burdened = self.burdened(priority).into_iter();
        let full = burdened.filter(|(_, running)| *running >= slots.per_destination);
        full.map(|(destination, _)| destination.to_owned())
            .collect()
    }

    /// Those of the due jobs whose destination has room for them.
    pub(crate) fn with_room(
        &self,
        due: &[DueJob],
        slots: Slots,
        priority: Priority,
    ) -> Vec<DueJob> {
        let mut burdened = self.burdened(priority);
        let mut room = Vec::new();
        for job in due {
            if let Some(destination) = &job.destination {
                let running = burdened.entry(destination.as_str()).or_default();
                *running += 1;
                if *running > slots.per_destination {
                    continue;
                }
            }
            room.push(job.clone());
        }
        room
    }

    /// How many jobs run for each destination, among those that this priority counts.
    fn burdened(&self, priority: Priority) -> HashMap<&str, usize> {
        let mut running = HashMap::new();
        for job in self.0.values().filter(|job| job.priority <= priority) {
            if let Some(destination) = &job.destination {
                *running.entry(destination.as_str()).or_default() += 1;
            }
        }
        running
    }
}
