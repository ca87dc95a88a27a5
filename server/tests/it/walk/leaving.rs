//! What comes of leaving: seven days in which it can be stopped, and the end of an account.

use super::{
    deeds::Proof,
    model::{End, Model, Someone},
};
use domain::{Duration, token::Purpose};

/// Until an account is deleted, and until an address that it had is not told any more.
const WEEK: Duration = Duration::from_hours(7 * 24);
const MONTH: Duration = Duration::from_hours(30 * 24);

impl Model {
    pub fn leave(&mut self, window: usize, door: usize, proof: Proof) -> End {
        let session = self.inside(window, door)?;
        let who = self.sessions[session].who;
        self.judge(window, who, proof)?;
        if self.people[who].due.is_some() {
            return Err("unchanged");
        }
        self.spend_proof(session, proof);
        self.people[who].due = Some(self.now.plus(WEEK));
        self.close_other_ways(who, Some(session));
        for address in self.addresses(who) {
            let link = self.link(who, Purpose::DeletionStop, &address);
            self.write(&address, "deletion_asked", Some(link));
        }
        Ok(())
    }

    pub fn stay(&mut self, window: usize, door: usize) -> End {
        let session = self.inside(window, door)?;
        if self.stop(self.sessions[session].who) {
            Ok(())
        } else {
            Err("unchanged")
        }
    }

    pub fn stop_by_link(&mut self, link: usize) -> End {
        self.use_up(link);
        if self.stop(self.links[link].who) {
            Ok(())
        } else {
            Err("dead_link")
        }
    }

    /// Keeps an account, if it was to be deleted.
    pub fn stop(&mut self, who: usize) -> bool {
        let stopped = self.people[who].due.take().is_some();
        if stopped {
            self.void(who, Purpose::DeletionStop);
            self.notice(who, "deletion_stopped");
        }
        stopped
    }

    /// Nothing is left of whoever's time has come; her address is not known yet of whoever takes her
    /// place.
    pub fn delete_due(&mut self) {
        for who in 0..self.people.len() {
            if self.people[who].due.is_some_and(|due| due <= self.now) {
                self.delete(who);
            }
        }
    }

    fn delete(&mut self, who: usize) {
        for address in self.addresses(who) {
            self.write(&address, "account_deleted", None);
        }
        self.forgive_all(who);
        self.end_ways_in(who, None);
        self.delete_devices(who, None);
        for link in self.links.iter_mut().filter(|link| link.who == who) {
            link.live = false;
        }
        let (door, email) = (self.people[who].door, self.people[who].email.clone());
        self.digests.remove(&who);
        for bucket in [
            "code",
            "proof checked",
            "address request",
            "sign-in",
            "begun",
            "device mail",
            "mail known",
        ] {
            self.fill(&format!("{bucket} {who}"));
        }
        self.fill(&format!("mail {door} {email}"));
        self.new_devices
            .retain(|(recipient, _), _| *recipient != who);
        self.people[who] = Someone::newcomer(door, String::new());
        self.deleted += 1;
    }

    /// The address of an account, and those that it had in the last month.
    fn addresses(&self, who: usize) -> Vec<String> {
        let mut all = vec![self.people[who].email.clone()];
        let since = self.now.minus(MONTH);
        let given_up = self.links.iter().filter(|link| {
            let undo = link.who == who && link.purpose == Purpose::EmailUndo;
            undo && link.live && link.expires > since
        });
        for link in given_up {
            if !all.contains(&link.address) {
                all.push(link.address.clone());
            }
        }
        all
    }
}
