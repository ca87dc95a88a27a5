//! Mailed links in the model, and the mails that carry them.

use super::model::{Letter, Link, Model};
use domain::{Duration, Timestamp, token::Purpose};

impl Model {
    /// The same, and every link that could still choose a password or an address is dead.
    pub fn close_other_ways(&mut self, who: usize, keep: Option<usize>) {
        self.end_ways_in(who, keep);
        for purpose in [
            Purpose::AccountSetup,
            Purpose::PasswordReset,
            Purpose::EmailChange,
        ] {
            self.void(who, purpose);
        }
    }

    pub fn void(&mut self, who: usize, purpose: Purpose) {
        self.void_since(who, purpose, Timestamp::from_millis(0));
    }

    pub fn void_since(&mut self, who: usize, purpose: Purpose, since: Timestamp) {
        let own = self.links.iter_mut();
        for link in own.filter(|link| link.who == who && link.purpose == purpose) {
            link.live &= link.created < since;
        }
    }

    /// Makes a link; its secret comes with a mail.
    pub fn link(&mut self, who: usize, purpose: Purpose, address: &str) -> usize {
        let own = self.links.iter();
        let newest = own
            .filter(|link| link.who == who && link.purpose == purpose)
            .map(|link| link.created)
            .max();
        let created = match newest {
            // Undo links have an order that no clock decides.
            Some(newest) if purpose == Purpose::EmailUndo && newest >= self.now => {
                newest.plus(Duration::from_millis(1))
            }
            _ => self.now,
        };
        self.links.push(Link {
            who,
            purpose,
            live: true,
            created,
            expires: self.now.plus(purpose.lifetime()),
            address: address.to_owned(),
        });
        self.links.len() - 1
    }

    pub fn is_usable(&self, link: usize, purpose: Purpose) -> bool {
        let link = &self.links[link];
        link.live
            && link.purpose == purpose
            && link.expires > self.now
            && !self.people[link.who].locked
    }

    pub fn use_up(&mut self, link: usize) {
        self.links[link].live = false;
    }

    /// A mail, and the link that it carries.
    pub fn write(&mut self, to: &str, kind: &'static str, link: Option<usize>) {
        let to = to.to_owned();
        self.letters.push(Letter { to, kind, link });
    }

    /// A notice to the present address, with its "this was not me".
    pub fn notice(&mut self, who: usize, kind: &'static str) {
        let to = self.people[who].email.clone();
        self.notice_to(who, &to, kind);
    }

    pub fn notice_to(&mut self, who: usize, to: &str, kind: &'static str) {
        let link = self.link(who, Purpose::NotMe, to);
        self.write(to, kind, Some(link));
    }

    /// Whether an address is somebody else's, or may still be taken back by somebody else.
    pub fn is_taken(&self, who: usize, address: &str) -> bool {
        let door = self.people[who].door;
        let other = |other: usize| other != who && self.people[other].door == door;
        let owned =
            (0..self.people.len()).any(|place| other(place) && self.people[place].email == address);
        let reserved = self.links.iter().any(|link| {
            link.purpose == Purpose::EmailUndo
                && other(link.who)
                && link.live
                && link.expires > self.now
                && link.address == address
        });
        owned || reserved
    }
}
