//! What comes of deeds of somebody who is signed in, and of whoever holds a mailed link.

use super::{
    deeds::{Code, Proof},
    model::{End, Factor, Model, OF_CODES, OF_PASSWORDS},
};
use domain::{
    Duration, Timestamp,
    limit::{
        ADDRESS_WISHES_PER_ACCOUNT, MAILS_PER_ADDRESS, PROOFS_CHECKED_PER_ACCOUNT,
        WISHES_PER_ADDRESS,
    },
    token::Purpose,
};

impl Model {
    /// A proof that is always asked for.
    pub fn judge(&mut self, window: usize, who: usize, proof: Proof) -> End {
        let is_code = matches!(proof, Proof::Code(code) if code != Code::Rubbish);
        let what = if is_code && self.people[who].factor.is_some() {
            "factor"
        } else {
            "proof"
        };
        self.judge_as(window, who, what, proof)
    }

    fn judge_as(&mut self, window: usize, who: usize, what: &str, proof: Proof) -> End {
        let checked = match self.settled_device(window, who) {
            Some(device) => format!("proof checked device {device}"),
            None => format!("proof checked {who}"),
        };
        let was = self.bucket(&checked);
        self.take(checked.clone(), PROOFS_CHECKED_PER_ACCOUNT)?;
        let (key, number) = match self.guess_proof(window, who, what) {
            Ok(guess) => guess,
            Err(refused) => {
                self.put_back(checked, was);
                return Err(refused);
            }
        };
        let right = match proof {
            Proof::Password => true,
            Proof::Code(code) => self.is_right(who, code),
            Proof::None | Proof::WrongPassword => false,
        };
        if !right {
            self.tell_of_guesses(who, number, "proof_guess");
            return Err("proof_rejected");
        }
        self.forgive(&key);
        Ok(())
    }

    /// A proof that a recent one stands for; `false` when that was enough.
    fn judge_unless_recent(
        &mut self,
        window: usize,
        session: usize,
        proof: Proof,
    ) -> Result<bool, &'static str> {
        if self.is_proved(session) {
            return Ok(false);
        }
        if proof == Proof::None {
            return Err("proof_needed");
        }
        let who = self.sessions[session].who;
        self.judge(window, who, proof).map(|()| true)
    }

    pub fn spend_proof(&mut self, session: usize, proof: Proof) {
        if let Proof::Code(code) = proof {
            self.spend(self.sessions[session].who, code);
        }
        self.prove(session);
    }

    pub fn enable(&mut self, window: usize, door: usize, right: bool, proof: Proof) -> End {
        let session = self.inside(window, door)?;
        let who = self.sessions[session].who;
        let replaces = self.people[who].factor.is_some();
        let proved = if replaces {
            if proof == Proof::None {
                return Err("empty");
            }
            self.judge_with_factor(window, session, proof)?;
            true
        } else {
            self.judge_unless_recent(window, session, proof)?
        };
        if proved {
            self.spend_proof(session, proof);
        }
        if !right {
            return Err("code_rejected");
        }
        let last_step = self.now.as_seconds() / 30;
        let fresh = Factor {
            confirmed_at: self.now,
            last_step,
            codes_made: self.now,
            used: [false; 10],
        };
        let factor = match self.people[who].factor.take() {
            Some(before) => Factor {
                codes_made: before.codes_made,
                used: before.used,
                ..fresh
            },
            None => fresh,
        };
        self.people[who].factor = Some(factor);
        self.forgive_counts(who, OF_CODES);
        if !replaces {
            let here = self.device(window, who);
            self.delete_devices(who, here);
        }
        self.end_ways_in(who, Some(session));
        self.notice(
            who,
            if replaces {
                "phone_replaced"
            } else {
                "two_factor_enabled"
            },
        );
        Ok(())
    }

    /// A proof for a change to the second factor.
    fn judge_with_factor(&mut self, window: usize, session: usize, proof: Proof) -> End {
        let is_code = matches!(proof, Proof::Code(code) if code != Code::Rubbish);
        let who = self.sessions[session].who;
        if !is_code && !self.takes_password(session) {
            return Err("proof_code_needed");
        }
        self.judge(window, who, proof)
    }

    pub fn disable(&mut self, window: usize, door: usize, proof: Proof) -> End {
        let session = self.inside(window, door)?;
        let who = self.sessions[session].who;
        self.judge_with_factor(window, session, proof)?;
        if self.people[who].factor.is_none() {
            return Err("unchanged");
        }
        self.spend_proof(session, proof);
        self.people[who].factor = None;
        self.end_ways_in(who, Some(session));
        self.notice(who, "two_factor_disabled");
        Ok(())
    }

    pub fn renew(&mut self, window: usize, door: usize, proof: Proof) -> End {
        let session = self.inside(window, door)?;
        let who = self.sessions[session].who;
        self.judge_with_factor(window, session, proof)?;
        if self.people[who].factor.is_none() {
            return Err("unchanged");
        }
        self.spend_proof(session, proof);
        if let Some(factor) = &mut self.people[who].factor {
            factor.used = [false; 10];
            factor.codes_made = self.now;
        }
        self.notice(who, "recovery_codes_made");
        Ok(())
    }

    pub fn change(&mut self, window: usize, door: usize, right: bool) -> End {
        let session = self.inside(window, door)?;
        let who = self.sessions[session].who;
        let proof = if right {
            Proof::Password
        } else {
            Proof::WrongPassword
        };
        self.judge_as(window, who, "proof", proof)
            .map_err(|code| match code {
                "proof_rejected" => "password_wrong_present",
                other => other,
            })?;
        self.prove(session);
        self.forgive_counts(who, OF_PASSWORDS);
        if self.takes_password(session) {
            self.forgive_counts(who, OF_CODES);
        }
        self.close_other_ways(who, Some(session));
        self.notice(who, "password_changed");
        Ok(())
    }

    pub fn ask_reset(&mut self, window: usize, door: usize, who: usize) -> End {
        self.arrive(window, door);
        let to = self.people[who].email.clone();
        let known = self.settled_device(window, who);
        let bucket = match known.filter(|_| self.people[who].door == door) {
            Some(_) => format!("mail known {who}"),
            None => format!("mail {door} {to}"),
        };
        self.take(bucket, MAILS_PER_ADDRESS)?;
        if self.people[who].door != door {
            // A user without an account here is told where there is one, but not too often; the page says nothing.
            if self
                .take(format!("stranger {to}"), MAILS_PER_ADDRESS)
                .is_ok()
            {
                self.write(&to, "account_elsewhere", None);
            }
        } else if self.people[who].locked {
            self.write(&to, "account_closed", None);
        } else {
            self.mail_reset(who, "password_reset");
        }
        Ok(())
    }

    fn mail_reset(&mut self, who: usize, mail: &'static str) {
        self.void(who, Purpose::PasswordReset);
        let to = self.people[who].email.clone();
        let link = self.link(who, Purpose::PasswordReset, &to);
        self.write(&to, mail, Some(link));
    }

    pub fn ask_address(&mut self, window: usize, door: usize, to: &str, proof: Proof) -> End {
        let session = self.inside(window, door)?;
        let who = self.sessions[session].who;
        if self.people[who].email == to {
            return Err("details_same_address");
        }
        let proved = self.judge_unless_recent(window, session, proof)?;
        self.take(format!("address request {who}"), ADDRESS_WISHES_PER_ACCOUNT)?;
        let requested = format!("requests for {door} {to}");
        self.take(requested.clone(), WISHES_PER_ADDRESS)?;
        if let Err(code) = self.take(format!("mail {door} {to}"), MAILS_PER_ADDRESS) {
            self.fill(&requested);
            return Err(code);
        }
        if proved {
            self.spend_proof(session, proof);
        }
        self.void(who, Purpose::EmailChange);
        let link = self.link(who, Purpose::EmailChange, to);
        let owner = self.people.iter();
        let owner = owner
            .enumerate()
            .any(|(place, other)| place != who && other.door == door && other.email == to);
        if owner {
            self.write(to, "email_taken", None);
        } else {
            self.write(to, "email_confirm", Some(link));
        }
        self.notice(who, "email_asked");
        Ok(())
    }

    pub fn press(
        &mut self,
        (window, door): (usize, usize),
        link: usize,
        at: Purpose,
        code: Code,
    ) -> End {
        let here = self.arrive(window, door);
        if self.people[self.links[link].who].door != door || !self.is_usable(link, at) {
            return Err("dead_link");
        }
        match at {
            Purpose::PasswordReset => self.reset((window, here), link, code),
            Purpose::EmailChange => self.confirm(link, here),
            Purpose::EmailUndo => self.undo(link),
            Purpose::NotMe => self.not_me((window, here), link),
            Purpose::DeletionStop => self.stop_by_link(link),
            Purpose::AccountSetup | Purpose::AddressConfirmation => Err("dead_link"),
        }
    }

    fn reset(&mut self, (window, here): (usize, Option<usize>), link: usize, code: Code) -> End {
        let who = self.links[link].who;
        if self.people[who].factor.is_some() {
            if code == Code::Rubbish {
                return Err("code_malformed");
            }
            let (_, number) = self.guess_code(window, who)?;
            if !self.is_right(who, code) {
                self.tell_of_guesses(who, number, "second_factor_guess");
                return Err("code_rejected");
            }
            self.spend(who, code);
        }
        self.use_up(link);
        self.people[who].password = true;
        self.forgive_all(who);
        self.close_other_ways(who, None);
        self.delete_devices(who, None);
        self.leave_if_hers((window, here), who);
        self.notice(who, "password_changed");
        Ok(())
    }

    fn confirm(&mut self, link: usize, here: Option<usize>) -> End {
        let (who, new) = (self.links[link].who, self.links[link].address.clone());
        if self.is_taken(who, &new) {
            return Err("details_address_unusable");
        }
        self.use_up(link);
        let keep = here.filter(|session| self.sessions[*session].who == who);
        let old = std::mem::replace(&mut self.people[who].email, new.clone());
        self.close_other_ways(who, keep);
        let undo = self.link(who, Purpose::EmailUndo, &old);
        self.write(&old, "email_changed", Some(undo));
        self.write(&new, "email_new", None);
        Ok(())
    }

    fn undo(&mut self, link: usize) -> End {
        let (who, old) = (self.links[link].who, self.links[link].address.clone());
        if self.is_taken(who, &old) {
            return Err("details_address_unusable");
        }
        self.use_up(link);
        let since = self.links[link].created;
        let lost = std::mem::replace(&mut self.people[who].email, old.clone());
        self.close_other_ways(who, None);
        self.people[who].password = false;
        self.delete_devices(who, None);
        self.undo_factor(who, since);
        self.void_since(who, Purpose::EmailUndo, since);
        self.void_since(who, Purpose::NotMe, since);
        self.notice_to(who, &old, "email_restored");
        self.write(&lost, "email_lost", None);
        self.stop(who);
        Ok(())
    }

    fn not_me(&mut self, (window, here): (usize, Option<usize>), link: usize) -> End {
        let who = self.links[link].who;
        if self.links[link].address != self.people[who].email {
            return Err("dead_link");
        }
        self.use_up(link);
        self.people[who].password = false;
        self.delete_devices(who, None);
        self.close_other_ways(who, None);
        self.void(who, Purpose::NotMe);
        self.undo_factor(who, self.now);
        self.leave_if_hers((window, here), who);
        self.stop(who);
        self.mail_reset(who, "account_safe");
        Ok(())
    }

    /// A second factor, or recovery codes, of less than a day when somebody noticed are a stranger's,
    /// whatever the notice told.
    fn undo_factor(&mut self, who: usize, noticed: Timestamp) {
        let is_young = |since: Timestamp| noticed.since(since) < Duration::from_hours(24);
        let own = &mut self.people[who].factor;
        own.take_if(|factor| is_young(factor.confirmed_at));
        if let Some(factor) = own.as_mut().filter(|factor| is_young(factor.codes_made)) {
            factor.used = [true; 10];
        }
    }

    /// Whoever was signed in there with this account is not any more; half a sign-in goes with it.
    /// Somebody else stays.
    fn leave_if_hers(&mut self, (window, here): (usize, Option<usize>), who: usize) {
        if here.is_some_and(|session| self.sessions[session].who == who) {
            self.forget(window, self.people[who].door);
        }
    }
}
