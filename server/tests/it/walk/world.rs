//! Does the deeds of a walk over HTTP, and compares what comes of them with the model.

use super::{
    deeds::{Act, Deed},
    model::{End, Model, Someone, Window},
};
use crate::support::{Mail, Person, TestServer, Visitor};
use app::{
    paths,
    routes::{Access, ROUTES},
};
use contract::Door;
use domain::{Clock as _, Entropy as _, token::Purpose};
use http::Method;
use std::collections::BTreeMap;
use testkit::{
    SeededEntropy,
    wire::{Reply, Request},
};

/// Browsers, all of them used at both doors.
pub const WINDOWS: usize = 4;
/// What a failure tells of the past.
const TOLD: usize = 25;

/// A walk under way.
pub struct World<'a> {
    pub server: &'a TestServer,
    pub model: Model,
    seed: u64,
    chance: SeededEntropy,
    pub doors: [Door; 2],
    pub people: Vec<Person>,
    pub windows: Vec<Visitor>,
    /// The recovery codes of everybody.
    pub codes: Vec<Vec<String>>,
    /// What the links of the model hold.
    pub secrets: BTreeMap<usize, String>,
    /// Session cookies that are worth nothing any more.
    dead: Vec<(usize, String)>,
    past: Vec<String>,
    numbers: u32,
    /// Who is guessing just now.
    pub attack: Option<Attack>,
    /// How often each deed ended how.
    pub tally: BTreeMap<String, usize>,
}

/// Somebody who guesses, with which browser and for how many steps more.
pub struct Attack {
    pub window: usize,
    pub who: usize,
    /// At codes, and not at passwords.
    pub codes: bool,
    pub left: usize,
}

impl<'a> World<'a> {
    /// Two managers, two participants of one organisation, and their browsers.
    pub async fn new(server: &'a TestServer, seed: u64) -> Self {
        let participant = server.participant("bellerive").await;
        let doors = [Door::BackOffice, participant.door.clone()];
        let another = server.participant("bellerive").await;
        let people = vec![
            server.person().await,
            server.person().await,
            participant,
            another,
        ];
        let mut model = Model::default();
        model.now = server.clock.now();
        for person in &people {
            let door = usize::from(!person.door.is_back_office());
            let someone = Someone::newcomer(door, person.email.clone());
            model.people.push(someone);
        }
        model.windows.resize_with(WINDOWS, Window::default);
        Self {
            server,
            model,
            seed,
            chance: SeededEntropy::new(seed),
            doors,
            codes: vec![Vec::new(); people.len()],
            people,
            windows: (0..WINDOWS).map(|_| server.visitor()).collect(),
            secrets: BTreeMap::new(),
            dead: Vec::new(),
            past: Vec::new(),
            numbers: 0,
            attack: None,
            tally: BTreeMap::new(),
        }
    }

    /// A number below `limit`.
    pub fn roll(&mut self, limit: usize) -> usize {
        let mut bytes = [0; 8];
        self.chance.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % limit as u64).unwrap()
    }

    /// A number that was not given before.
    pub fn number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// Does one thing, and looks whether the house is as the model says.
    pub async fn step(&mut self, deed: Deed) {
        let step = self.past.len() + 1;
        self.past.push(format!("{step:>5} {deed:?}"));
        let touched = match deed {
            Deed::Act(window, door, _) => Some((window, door)),
            Deed::Wait(_) | Deed::Lock(..) | Deed::Job => None,
        };
        let before = touched.map(|(window, door)| self.held(window, door));
        let expected = self.model.expect(&deed);
        let ended = self.perform(&deed).await;
        if ended != expected.map_err(str::to_owned) {
            self.fail(&format!("it ended with {ended:?} instead of {expected:?}"));
        }
        self.count(&deed, expected);
        self.read_letters().await;
        if let (Some((window, door)), Some(before)) = (touched, before) {
            self.bury(window, door, before);
            self.probe(window, door).await;
        }
        if step.is_multiple_of(50) {
            for window in 0..WINDOWS {
                for door in 0..2 {
                    self.look(window, door).await;
                }
            }
        }
    }

    fn count(&mut self, deed: &Deed, end: End) {
        let name = match deed {
            Deed::Act(_, _, act) => format!("{act:?}"),
            other => format!("{other:?}"),
        };
        let name = name.split('(').next().unwrap_or_default();
        let end = end.err().unwrap_or("done");
        *self.tally.entry(format!("{name} {end}")).or_default() += 1;
        if let Deed::Act(_, _, Act::Press(_, Purpose::DeletionStop, _)) = deed {
            let stopped = format!("Press of a stop {end}");
            *self.tally.entry(stopped).or_default() += 1;
        }
    }

    /// The session of a browser: its place in the model, and its cookie.
    fn held(&self, window: usize, door: usize) -> (Option<usize>, Option<String>) {
        let cookie = self.session_cookie(window, door);
        (self.model.windows[window].at[door].session, cookie)
    }

    pub fn session_cookie(&self, window: usize, door: usize) -> Option<String> {
        let jar = &self.windows[window].jar;
        let names = jar.names();
        let name = names.into_iter().find(|name| match door {
            0 => *name == "back-office",
            _ => name.starts_with("p-"),
        });
        jar.get(name?).map(str::to_owned)
    }

    /// A cookie that was replaced or taken away is worth nothing, unless its session goes on.
    fn bury(&mut self, window: usize, door: usize, before: (Option<usize>, Option<String>)) {
        let (session, cookie) = self.held(window, door);
        if let (Some(place), Some(old)) = before
            && cookie.as_ref() != Some(&old)
            && (session == Some(place) || !self.model.is_alive(place))
        {
            self.dead.push((door, old));
        }
    }

    /// Every mail of the deed must be there, and its links are taken note of.
    async fn read_letters(&mut self) {
        let mut letters = std::mem::take(&mut self.model.letters);
        while let Some(first) = letters.first() {
            // Those of one moment to one address come in no order that matters.
            let to = first.to.clone();
            let mail = self.server.mail_to(&to).await;
            // It comes an hour after what it tells of.
            if mail.kind == "new_devices" {
                continue;
            }
            let mut waiting = letters.iter();
            let found = waiting.position(|letter| letter.to == to && letter.kind == mail.kind);
            let Some(found) = found else {
                self.fail(&format!("{} to {to} instead of {letters:?}", mail.kind));
            };
            if let Some(link) = letters.remove(found).link {
                self.secrets.insert(link, token_in(&mail));
            }
        }
    }

    /// Looks whether somebody is signed in with a browser at a door, and now and then who, whether a
    /// code is awaited, and what else a stranger could try.
    async fn probe(&mut self, window: usize, door: usize) {
        let session = self.model.arrive(window, door);
        // A function of one's own account that changes nothing: far cheaper than a page.
        let inside = self
            .post((window, door), "/api/cancel_two_factor", &[])
            .await;
        if inside.is_ok() != session.is_some() {
            self.fail(&format!("window {window} at door {door}: {inside:?}"));
        }
        match self.roll(8) {
            0 | 1 => self.look(window, door).await,
            2 => {
                let code = self.doors[door].entrance(paths::CODE);
                let open = self.get(window, &code).await.status.is_success();
                if open != self.model.pending(window, door).is_some() {
                    self.fail(&format!(
                        "window {window}: the code page at door {door}: {open}"
                    ));
                }
            }
            3 if session.is_none() => self.knock(window, door).await,
            4 if !self.dead.is_empty() => {
                let number = self.roll(self.dead.len());
                self.try_dead(number).await;
            }
            _ => {}
        }
    }

    /// Looks who is signed in with a browser at a door.
    async fn look(&mut self, window: usize, door: usize) {
        let session = self.model.arrive(window, door);
        let expected: Vec<usize> = session
            .map(|session| self.model.sessions[session].who)
            .into_iter()
            .collect();
        let profile = self.doors[door].own(paths::PROFILE);
        let answer = self.get(window, &profile).await;
        let shown = answer.text();
        let seen: Vec<usize> = (0..self.people.len())
            .filter(|who| shown.contains(&self.model.people[*who].email))
            .collect();
        if answer.status.is_success() == expected.is_empty() || seen != expected {
            self.fail(&format!(
                "window {window} is {} and shows {seen:?} at door {door}, not {expected:?}",
                answer.status
            ));
        }
    }

    /// Tries a protected address, where nobody is signed in.
    async fn knock(&mut self, window: usize, door: usize) {
        let behind = |path: &str| path.starts_with("/p/") == (door == 1);
        let protected: Vec<&str> = ROUTES
            .iter()
            .filter(|route| {
                matches!(
                    route.access,
                    Access::Own | Access::BackOffice | Access::Agent
                )
            })
            .map(|route| route.path)
            .filter(|path| behind(path))
            .collect();
        let path = protected[self.roll(protected.len())]
            .replace("{organisation}", "bellerive")
            .replace("{provider}", "google");
        let answer = self.get(window, &path).await;
        if answer.status != 303 || !answer.body.is_empty() {
            self.fail(&format!(
                "{path} answers window {window} with {}",
                answer.status
            ));
        }
    }

    /// Brings a cookie that must be worth nothing.
    async fn try_dead(&mut self, number: usize) {
        let (door, value) = self.dead[number].clone();
        let name = match door {
            0 => "back-office".to_owned(),
            _ => format!("p-{}", self.server.account(&self.people[2]).await.realm),
        };
        let mut thief = self.server.visitor();
        thief.jar.plant(&name, &value);
        let profile = Request::new(Method::GET, &self.doors[door].own(paths::PROFILE));
        let answer = thief.exchange(profile).await;
        if answer.status != 303 {
            self.fail(&format!("a dead session of door {door} is alive"));
        }
    }

    async fn get(&mut self, window: usize, path: &str) -> Reply {
        let request = Request::new(Method::GET, path);
        self.windows[window].exchange(request).await
    }

    /// The end of the walk: the logs are whole, and nobody was told more or less than she had to be.
    pub async fn close(&mut self) {
        for person in &self.people {
            let account = self.server.account(person).await;
            let chain = self
                .server
                .identity()
                .check_activity(&account)
                .await
                .unwrap();
            if !chain.holds() {
                self.fail(&format!("the log of {} does not hold", account.email));
            }
        }
        if self.model.deleted > 0 {
            self.tally
                .insert("Job deleted".to_owned(), self.model.deleted);
        }
        let mut expected_of: BTreeMap<String, usize> = BTreeMap::new();
        for ((_, address), devices) in self.model.new_devices.clone() {
            *expected_of.entry(address).or_default() += devices;
        }
        for (address, expected) in expected_of {
            let mails = self.server.new_device_mails(&address).await.len();
            if mails != expected {
                self.fail(&format!(
                    "{mails} new devices told to {address}, not {expected}"
                ));
            }
        }
    }

    pub fn fail(&self, what: &str) -> ! {
        let past = self.past.iter().rev().take(TOLD).rev();
        let past = past.cloned().collect::<Vec<_>>().join("\n");
        panic!(
            "seed {}, step {}: {what}\nagain: BPART_WALK_SEEDS={}\n{past}",
            self.seed,
            self.past.len(),
            self.seed
        )
    }
}

/// The token of the one link of a mail that has one.
fn token_in(mail: &Mail) -> String {
    let (_, rest) = mail.text.split_once("?token=").unwrap();
    rest[..43].to_owned()
}
