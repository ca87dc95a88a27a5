//! What must be true: a small copy of the house, without hashes, cookies, SQL or HTTP.
//!
//! Everything is a list that only grows, and a place in it is a name. The rules are written anew from
//! what the pages promise; of the product it borrows the two limits' arithmetic and the lifetimes.

use domain::{
    Duration, Timestamp,
    guess::{CODES, Count, PASSWORDS, PROOFS, Refused},
    limit::{DEVICE_MAILS_PER_ACCOUNT, Limit, PASSWORDS_PER_DEVICE, SIGN_INS_PER_ACCOUNT},
    session::{RECENT_PROOF, SEEN_RESOLUTION},
    sign_in::{LIFETIME, MAX_WRONG_CODES},
    token::Purpose,
};
use std::collections::BTreeMap;

/// What counts wrong codes.
pub const OF_CODES: &[&str] = &["code", "factor"];
/// What counts wrong passwords inside sessions.
pub const OF_PASSWORDS: &[&str] = &["proof"];

/// Somebody with an account.
#[derive(Debug)]
pub struct Someone {
    pub door: usize,
    pub email: String,
    /// Whether there is a password; which one, the walk knows.
    pub password: bool,
    pub locked: bool,
    pub factor: Option<Factor>,
    /// Whether she was ever signed in.
    pub known: bool,
    /// When her account is to be deleted.
    pub due: Option<Timestamp>,
}

impl Someone {
    /// Somebody with a password, of whom nothing else is known yet.
    pub fn newcomer(door: usize, email: String) -> Self {
        Self {
            door,
            email,
            password: true,
            locked: false,
            factor: None,
            known: false,
            due: None,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Factor {
    pub confirmed_at: Timestamp,
    pub last_step: i64,
    pub codes_made: Timestamp,
    /// Which of the ten recovery codes were used.
    pub used: [bool; 10],
}

/// A browser: what it holds at each of the two doors.
#[derive(Debug, Default)]
pub struct Window {
    pub at: [Held; 2],
}

#[derive(Debug, Default)]
pub struct Held {
    pub session: Option<usize>,
    pub sign_in: Option<usize>,
    pub devices: Vec<usize>,
}

#[derive(Debug)]
pub struct Session {
    pub who: usize,
    pub open: bool,
    /// Whether she chose to stay signed in.
    stay: bool,
    /// Whether a code was given at the sign-in.
    pub coded: bool,
    created: Timestamp,
    seen: Timestamp,
    proved: Timestamp,
}

#[derive(Debug)]
pub struct SignIn {
    pub who: usize,
    pub open: bool,
    pub stay: bool,
    created: Timestamp,
    wrong: u32,
}

#[derive(Debug)]
struct Device {
    who: usize,
    exists: bool,
    created: Timestamp,
    remembered: Option<Timestamp>,
}

/// A mailed link.
#[derive(Debug)]
pub struct Link {
    pub who: usize,
    pub purpose: Purpose,
    pub live: bool,
    pub created: Timestamp,
    pub expires: Timestamp,
    /// The address that it is about.
    pub address: String,
}

/// A mail that must have been written.
#[derive(Debug)]
pub struct Letter {
    pub to: String,
    pub kind: &'static str,
    /// The link that it carries.
    pub link: Option<usize>,
}

/// How a deed must end: done, or refused with this code.
pub type End = Result<(), &'static str>;

/// The whole house.
#[derive(Debug, Default)]
pub struct Model {
    pub now: Timestamp,
    pub people: Vec<Someone>,
    pub windows: Vec<Window>,
    pub sessions: Vec<Session>,
    pub sign_ins: Vec<SignIn>,
    devices: Vec<Device>,
    pub links: Vec<Link>,
    guesses: BTreeMap<String, Count>,
    buckets: BTreeMap<String, Timestamp>,
    /// The mails of the present deed.
    pub letters: Vec<Letter>,
    /// How many mails about new devices every account must have got at every address.
    pub new_devices: BTreeMap<(usize, String), usize>,
    /// When the mail is due that tells an account of further ones together.
    pub digests: BTreeMap<usize, Timestamp>,
    /// How many accounts were deleted.
    pub deleted: usize,
}

impl Model {
    /// A request comes in at a door: who is signed in there.
    pub fn arrive(&mut self, window: usize, door: usize) -> Option<usize> {
        let now = self.now;
        let place = self.windows[window].at[door].session?;
        if !self.is_alive(place) {
            return None;
        }
        let session = &mut self.sessions[place];
        if now.since(session.seen) >= SEEN_RESOLUTION {
            session.seen = now;
        }
        Some(place)
    }

    pub fn is_alive(&self, session: usize) -> bool {
        let session = &self.sessions[session];
        // Hours unused, and hours altogether.
        let (idle, absolute) = match (self.people[session.who].door, session.stay) {
            (0, false) => (1, 12),
            (0, true) => (3 * 24, 14 * 24),
            (_, false) => (2, 24),
            (_, true) => (14 * 24, 30 * 24),
        };
        session.open
            && self.now.since(session.created) < Duration::from_hours(absolute)
            && self.now.since(session.seen) < Duration::from_hours(idle)
            && !self.people[session.who].locked
    }

    /// The begun sign-in of a browser, while it can be finished.
    pub fn pending(&self, window: usize, door: usize) -> Option<usize> {
        let place = self.windows[window].at[door].sign_in?;
        let sign_in = &self.sign_ins[place];
        let person = &self.people[sign_in.who];
        let open = sign_in.open
            && sign_in.wrong < MAX_WRONG_CODES
            && self.now.since(sign_in.created) < LIFETIME
            && person.factor.is_some()
            && !person.locked;
        open.then_some(place)
    }

    /// Takes a try from a bucket.
    pub fn take(&mut self, bucket: String, limit: Limit) -> End {
        let taken = limit.take(self.buckets.get(&bucket).copied(), self.now);
        self.buckets
            .insert(bucket, taken.map_err(|_| "too_many_tries")?);
        Ok(())
    }

    /// What is in a bucket, to put it back.
    pub fn bucket(&self, bucket: &str) -> Option<Timestamp> {
        self.buckets.get(bucket).copied()
    }

    pub fn put_back(&mut self, bucket: String, was: Option<Timestamp>) {
        match was {
            Some(was) => self.buckets.insert(bucket, was),
            None => self.buckets.remove(&bucket),
        };
    }

    pub fn fill(&mut self, bucket: &str) {
        self.buckets.remove(bucket);
    }

    fn address_key(&self, door: usize, who: usize) -> String {
        format!("address {door} {}", self.people[who].email)
    }

    /// Counts a password as wrong; gives what takes the count away.
    pub fn guess(
        &mut self,
        window: usize,
        door: usize,
        who: usize,
    ) -> Result<String, &'static str> {
        // At another door the address is nobody's.
        let known = self.device(window, who);
        let key = match known.filter(|_| self.people[who].door == door) {
            Some(device) => {
                let checked = format!("password device {device}");
                self.take(checked, PASSWORDS_PER_DEVICE)?;
                format!("device {device}")
            }
            None => self.address_key(door, who),
        };
        let count = PASSWORDS.take(self.guesses.get(&key).copied(), self.now);
        let count = count.map_err(|refused| match refused {
            Refused::Wait(_) => "too_many_tries",
            Refused::Closed => "sign_in_reset_needed",
        })?;
        self.guesses.insert(key.clone(), count);
        Ok(key)
    }

    /// Counts a code as wrong; gives what takes the count away, and how many there are.
    pub fn guess_code(&mut self, window: usize, who: usize) -> Result<(String, u32), &'static str> {
        let key = match self.device(window, who) {
            Some(device) => format!("code device {device}"),
            None => format!("code {who}"),
        };
        let count = CODES.take(self.guesses.get(&key).copied(), self.now);
        let count = count.map_err(|refused| match refused {
            Refused::Wait(_) => "too_many_tries",
            Refused::Closed => "sign_in_codes_closed",
        })?;
        self.guesses.insert(key.clone(), count);
        Ok((key, count.wrong))
    }

    /// The same for a proof in a session.
    pub fn guess_proof(
        &mut self,
        window: usize,
        who: usize,
        what: &str,
    ) -> Result<(String, u32), &'static str> {
        let key = match self.settled_device(window, who) {
            Some(device) => format!("{what} device {device}"),
            None => format!("{what} {who}"),
        };
        let count = PROOFS.take(self.guesses.get(&key).copied(), self.now);
        let count = count.map_err(|refused| match refused {
            Refused::Wait(_) => "too_many_tries",
            Refused::Closed => "proof_closed",
        })?;
        self.guesses.insert(key.clone(), count);
        Ok((key, count.wrong))
    }

    /// The owner is told of some numbers of wrong codes or proofs in a row.
    pub fn tell_of_guesses(&mut self, who: usize, wrong: u32, mail: &'static str) {
        if [5, 10, 20, 50, 100].contains(&wrong) {
            self.notice(who, mail);
        }
    }

    /// Wrong codes and proofs for the account, and from its browsers, are forgotten.
    pub fn forgive_counts(&mut self, who: usize, kinds: &[&str]) {
        for what in kinds {
            self.guesses.remove(&format!("{what} {who}"));
            for (place, device) in self.devices.iter().enumerate() {
                if device.who == who && device.exists {
                    self.guesses.remove(&format!("{what} device {place}"));
                }
            }
        }
    }

    pub fn forgive(&mut self, key: &str) {
        self.guesses.remove(key);
    }

    /// The address is proved: wrong passwords for it, and from the account's browsers, are forgotten,
    /// and wrong codes.
    pub fn forgive_all(&mut self, who: usize) {
        self.forgive_counts(who, OF_CODES);
        self.forgive_counts(who, OF_PASSWORDS);
        let key = self.address_key(self.people[who].door, who);
        self.guesses.remove(&key);
        for (place, device) in self.devices.iter().enumerate() {
            if device.who == who && device.exists {
                self.guesses.remove(&format!("device {place}"));
            }
        }
    }

    /// The device that this browser is to an account.
    pub fn device(&self, window: usize, who: usize) -> Option<usize> {
        let held = &self.windows[window].at[self.people[who].door];
        let mut devices = held.devices.iter().copied();
        devices.find(|device| self.devices[*device].who == who && self.devices[*device].exists)
    }

    /// The device that this browser has been to an account for a day.
    pub fn settled_device(&self, window: usize, who: usize) -> Option<usize> {
        let is_settled = |device: &usize| {
            self.now.since(self.devices[*device].created) >= Duration::from_hours(24)
        };
        self.device(window, who).filter(is_settled)
    }

    /// Whether this browser is not asked for a code.
    pub fn is_remembered(&self, window: usize, who: usize) -> bool {
        let until = self
            .device(window, who)
            .and_then(|device| self.devices[device].remembered);
        until.is_some_and(|until| until > self.now)
    }

    pub fn remember(&mut self, window: usize, who: usize) {
        if let Some(device) = self.device(window, who) {
            let until = self.now.plus(Duration::from_hours(30 * 24));
            self.devices[device].remembered = Some(until);
        }
    }

    /// Somebody is signed in from now on, in a session that did not exist before.
    pub fn enter(&mut self, window: usize, who: usize, stay: bool, before: Option<usize>) -> End {
        let now = self.now;
        let bucket = match self.settled_device(window, who) {
            Some(device) => format!("sign-in device {device}"),
            None => format!("sign-in {who}"),
        };
        self.take(bucket, SIGN_INS_PER_ACCOUNT)?;
        self.recognise(window, who);
        self.void(who, Purpose::PasswordReset);
        if let Some(before) = before {
            self.sessions[before].open = false;
        }
        self.sessions.push(Session {
            who,
            open: true,
            stay,
            coded: false,
            created: now,
            seen: now,
            proved: now,
        });
        let door = self.people[who].door;
        self.windows[window].at[door].session = Some(self.sessions.len() - 1);
        Ok(())
    }

    fn recognise(&mut self, window: usize, who: usize) {
        let found = self.device(window, who);
        let device = found.unwrap_or(self.devices.len());
        if found.is_none() {
            self.devices.push(Device {
                who,
                exists: true,
                created: self.now,
                remembered: None,
            });
            if self.people[who].known {
                self.tell_new_device(who);
            }
            self.people[who].known = true;
        }
        let held = &mut self.windows[window].at[self.people[who].door];
        held.devices.retain(|known| *known != device);
        held.devices.insert(0, device);
        held.devices.truncate(4);
    }

    /// The owner is told of a new device at once, or of several together an hour later.
    fn tell_new_device(&mut self, who: usize) {
        let now = self.now;
        if self.digests.get(&who).is_some_and(|due| *due > now) {
            return;
        }
        if self
            .take(format!("device mail {who}"), DEVICE_MAILS_PER_ACCOUNT)
            .is_ok()
        {
            let recipient = (who, self.people[who].email.clone());
            *self.new_devices.entry(recipient).or_default() += 1;
        } else {
            self.digests.insert(who, now.plus(Duration::from_hours(1)));
        }
    }

    /// Nobody is in any more but this session, nobody half-way, and no browser is spared the code.
    pub fn end_ways_in(&mut self, who: usize, keep: Option<usize>) {
        for (place, session) in self.sessions.iter_mut().enumerate() {
            session.open &= session.who != who || keep == Some(place);
        }
        self.forget_devices(who);
        self.end_sign_ins(who);
    }

    pub fn end_sign_ins(&mut self, who: usize) {
        let own = self.sign_ins.iter_mut();
        for sign_in in own.filter(|sign_in| sign_in.who == who) {
            sign_in.open = false;
        }
    }

    pub fn forget_devices(&mut self, who: usize) {
        for device in self.devices.iter_mut().filter(|device| device.who == who) {
            device.remembered = None;
        }
    }

    pub fn delete_devices(&mut self, who: usize, keep: Option<usize>) {
        let devices = self.devices.iter_mut().enumerate();
        for (place, device) in devices.filter(|(_, device)| device.who == who) {
            device.exists &= keep == Some(place);
        }
        self.fill(&format!("sign-in {who}"));
        self.fill(&format!("begun {who}"));
    }

    pub fn is_proved(&self, session: usize) -> bool {
        self.now.since(self.sessions[session].proved) < RECENT_PROOF
    }

    /// Whether the password changes the second factor in this session.
    pub fn takes_password(&self, session: usize) -> bool {
        let session = &self.sessions[session];
        let factor = self.people[session.who].factor.as_ref();
        session.coded || factor.is_none_or(|factor| session.created <= factor.confirmed_at)
    }

    pub fn prove(&mut self, session: usize) {
        self.sessions[session].proved = self.now;
    }

    pub fn begin(&mut self, window: usize, who: usize, stay: bool) -> End {
        let bucket = match self.settled_device(window, who) {
            Some(device) => format!("begun device {device}"),
            None => format!("begun {who}"),
        };
        self.take(bucket, SIGN_INS_PER_ACCOUNT)?;
        self.sign_ins.push(SignIn {
            who,
            open: true,
            stay,
            created: self.now,
            wrong: 0,
        });
        let held = &mut self.windows[window].at[self.people[who].door];
        held.sign_in = Some(self.sign_ins.len() - 1);
        Ok(())
    }

    /// Counts a wrong code of a begun sign-in.
    pub fn wrong_code(&mut self, sign_in: usize) -> u32 {
        self.sign_ins[sign_in].wrong += 1;
        self.sign_ins[sign_in].wrong
    }
}
