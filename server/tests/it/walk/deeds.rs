//! What people do, and what must come of it.

use super::model::{End, Model};
use domain::{Duration, sign_in::MAX_WRONG_CODES, token::Purpose};

/// One step of a walk. Windows, people, sessions and links are places in the model's lists.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Time goes by.
    Wait(u64),
    /// An administrator locks an account, or opens it again.
    Lock(usize, bool),
    /// The job runs that deletes accounts. Whoever has gone is followed by a newcomer.
    Job,
    /// Somebody does something with a browser at a door.
    Act(usize, usize, Act),
}

/// What is done with a browser at a door.
#[derive(Debug, Clone)]
pub enum Act {
    /// Whose password, whether it is right, and whether she wants to stay signed in.
    Password(usize, bool, bool),
    /// A code, and whether this browser is to be remembered.
    Code(Code, bool),
    SignOut,
    /// Whether the code is right, and the proof beside it.
    Enable(bool, Proof),
    Disable(Proof),
    Renew(Proof),
    /// Whether the present password is right.
    Change(bool),
    /// Whose.
    AskReset(usize),
    AskAddress(String, Proof),
    /// Presses the button of this purpose with a link that may be of another.
    Press(usize, Purpose, Code),
    EndOthers,
    EndOne(usize),
    /// Has her account deleted in seven days.
    Leave(Proof),
    /// Keeps it after all, signed in.
    Stay,
}

/// A code as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// What the telephone shows.
    Now,
    /// What it showed in the step before.
    Before,
    /// What it will show.
    Soon,
    /// Six digits that it does not show.
    Wrong,
    /// One of the ten recovery codes.
    Recovery(usize),
    /// A recovery code of nobody.
    Invented,
    /// Not of the form of a code.
    Rubbish,
}

/// A proof inside a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    None,
    Password,
    WrongPassword,
    Code(Code),
}

impl Model {
    /// Does it, and says how it must end.
    pub fn expect(&mut self, deed: &Deed) -> End {
        match *deed {
            Deed::Wait(seconds) => {
                self.now = self.now.plus(Duration::from_secs(seconds));
                Ok(())
            }
            Deed::Lock(who, locked) => {
                self.people[who].locked = locked;
                self.close_other_ways(who, None);
                if locked {
                    self.stop(who);
                } else {
                    self.forgive_all(who);
                }
                Ok(())
            }
            Deed::Job => {
                self.delete_due();
                Ok(())
            }
            Deed::Act(window, door, ref act) => self.act(window, door, act),
        }
    }

    fn act(&mut self, window: usize, door: usize, act: &Act) -> End {
        match *act {
            Act::Password(who, right, stay) => self.password((window, door), who, right, stay),
            Act::Code(code, remember) => self.code(window, door, code, remember),
            Act::SignOut => {
                self.sign_out(window, door);
                Ok(())
            }
            Act::Enable(right, proof) => self.enable(window, door, right, proof),
            Act::Disable(proof) => self.disable(window, door, proof),
            Act::Renew(proof) => self.renew(window, door, proof),
            Act::Change(right) => self.change(window, door, right),
            Act::AskReset(who) => self.ask_reset(window, door, who),
            Act::AskAddress(ref to, proof) => self.ask_address(window, door, to, proof),
            Act::Press(link, at, code) => self.press((window, door), link, at, code),
            Act::EndOthers => self.end_others(window, door),
            Act::EndOne(session) => self.end_one(window, door, session),
            Act::Leave(proof) => self.leave(window, door, proof),
            Act::Stay => self.stay(window, door),
        }
    }

    fn sign_out(&mut self, window: usize, door: usize) {
        if let Some(session) = self.arrive(window, door) {
            self.sessions[session].open = false;
        }
        self.forget(window, door);
    }

    /// A browser loses its cookies of a door.
    pub fn forget(&mut self, window: usize, door: usize) {
        let held = &mut self.windows[window].at[door];
        (held.session, held.sign_in) = (None, None);
    }

    fn end_others(&mut self, window: usize, door: usize) -> End {
        let own = self.inside(window, door)?;
        if !self.is_proved(own) {
            return Err("proof_needed");
        }
        let who = self.sessions[own].who;
        for (place, other) in self.sessions.iter_mut().enumerate() {
            other.open &= other.who != who || place == own;
        }
        self.end_sign_ins(who);
        Ok(())
    }

    fn end_one(&mut self, window: usize, door: usize, session: usize) -> End {
        let own = self.inside(window, door)?;
        if !self.is_proved(own) {
            return Err("proof_needed");
        }
        let same = self.sessions[own].who == self.sessions[session].who;
        if !same || !self.sessions[session].open {
            return Err("unchanged");
        }
        self.sessions[session].open = false;
        Ok(())
    }

    pub fn inside(&mut self, window: usize, door: usize) -> Result<usize, &'static str> {
        self.arrive(window, door).ok_or("sign_in_first")
    }

    fn password(
        &mut self,
        (window, door): (usize, usize),
        who: usize,
        right: bool,
        stay: bool,
    ) -> End {
        let before = self.arrive(window, door);
        let key = self.guess(window, door, who)?;
        if self.people[who].door != door {
            return Err("sign_in_bad_credentials");
        }
        let person = &self.people[who];
        if !right || !person.password {
            return Err("sign_in_bad_credentials");
        }
        if person.locked {
            self.forgive(&key);
            return Err("sign_in_locked");
        }
        let ended = if person.factor.is_some() && !self.is_remembered(window, who) {
            self.begin(window, who, stay)
        } else {
            self.enter(window, who, stay, before)
        };
        // The right password is no guess, even where too many signed in.
        self.forgive(&key);
        ended
    }

    fn code(&mut self, window: usize, door: usize, code: Code, remember: bool) -> End {
        let before = self.arrive(window, door);
        let sign_in = self.pending(window, door).ok_or("sign_in_expired")?;
        let who = self.sign_ins[sign_in].who;
        if code == Code::Rubbish {
            return Err("code_malformed");
        }
        let (key, number) = self.guess_code(window, who)?;
        if !self.is_right(who, code) {
            self.tell_of_guesses(who, number, "second_factor_guess");
            let closed = self.wrong_code(sign_in) >= MAX_WRONG_CODES;
            return Err(if closed {
                "sign_in_expired"
            } else {
                "code_rejected"
            });
        }
        let stay = self.sign_ins[sign_in].stay;
        if let Err(refused) = self.enter(window, who, stay, before) {
            self.forgive(&key);
            return Err(refused);
        }
        self.spend(who, code);
        if let Some(entered) = self.sessions.last_mut() {
            entered.coded = true;
        }
        self.sign_ins[sign_in].open = false;
        self.windows[window].at[door].sign_in = None;
        if remember && !matches!(code, Code::Recovery(_)) {
            self.remember(window, who);
        }
        self.forgive(&key);
        Ok(())
    }

    /// Whether a code opens, now.
    pub fn is_right(&self, who: usize, code: Code) -> bool {
        let Some(factor) = &self.people[who].factor else {
            return false;
        };
        let step = self.now.as_seconds() / 30;
        match code {
            Code::Now => step > factor.last_step,
            Code::Before => step - 1 > factor.last_step,
            Code::Recovery(number) => !factor.used[number],
            Code::Soon | Code::Wrong | Code::Invented | Code::Rubbish => false,
        }
    }

    pub fn spend(&mut self, who: usize, code: Code) {
        let step = self.now.as_seconds() / 30;
        let Some(factor) = &mut self.people[who].factor else {
            return;
        };
        match code {
            Code::Now => factor.last_step = step,
            Code::Before => factor.last_step = step - 1,
            Code::Recovery(number) => {
                factor.used[number] = true;
                self.forget_devices(who);
                self.notice(who, "recovery_code_used");
            }
            Code::Soon | Code::Wrong | Code::Invented | Code::Rubbish => {}
        }
    }
}
