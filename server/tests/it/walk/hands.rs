//! Does the deeds of a walk over HTTP, as a script would.

use super::{
    deeds::{Act, Code, Deed, Proof},
    world::{WINDOWS, World},
};
use crate::support::{SAVED, codes_of, secret_of};
use app::paths;
use domain::{
    Realm,
    token::{Purpose, Secret},
};
use http::Method;
use identity::{TELL_NEW_DEVICES, token_hash};
use testkit::{
    Page, Phone, dump,
    wire::{Reply, Request},
};

/// A browser, and the door that it stands at.
type At = (usize, usize);

impl World<'_> {
    /// Does it; gives the code of the refusal.
    pub async fn perform(&mut self, deed: &Deed) -> Result<(), String> {
        match *deed {
            Deed::Wait(seconds) => {
                self.server.clock.advance_secs(seconds);
                self.settle_digests().await;
                Ok(())
            }
            Deed::Lock(who, locked) => {
                let account = self.server.account(&self.people[who]).await;
                let done = self.server.identity().set_locked(&account, locked).await;
                done.map_err(|error| error.to_string())
            }
            Deed::Job => {
                let deleted = self.server.identity().delete_due_accounts().await;
                deleted.map_err(|error| error.to_string())?;
                self.welcome().await;
                Ok(())
            }
            Deed::Act(window, door, ref act) => self.act((window, door), act).await,
        }
    }

    /// Waits until the mails are written that were due: what comes after them is told on its own again.
    async fn settle_digests(&mut self) {
        let now = self.model.now.as_millis();
        let due = format!(
            "jobs where kind = '{TELL_NEW_DEVICES}' and (leased_until is not null or not_before <= {now})"
        );
        for _ in 0..2000 {
            if dump::count(&self.server.database_url, &due).await == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        self.fail("many new devices are not told");
    }

    async fn act(&mut self, at: At, act: &Act) -> Result<(), String> {
        match *act {
            Act::Password(who, right, stay) => self.password(at, who, right, stay).await,
            Act::Code(code, remember) => self.code(at, code, remember).await,
            Act::SignOut => self.post(at, "/api/sign_out", &[]).await,
            Act::Enable(right, proof) => self.enable(at, right, proof).await,
            Act::Disable(proof) => self.prove(at, "/api/disable_two_factor", proof).await,
            Act::Renew(proof) => {
                self.prove(at, "/api/renew_recovery_codes", proof).await?;
                self.take_codes(at).await;
                Ok(())
            }
            Act::Change(right) => self.change(at, right).await,
            Act::AskReset(who) => {
                let email = self.model.people[who].email.clone();
                self.post(at, "/api/forgot_password", &[("email", &email)])
                    .await
            }
            Act::AskAddress(ref to, proof) => {
                let who = self.who(at);
                let proof = who.map_or(String::new(), |who| self.proof(who, proof));
                let fields = [("email", to.as_str()), ("proof", &proof)];
                self.post(at, "/api/ask_for_email", &fields).await
            }
            Act::Press(link, place, code) => self.press(at, link, place, code).await,
            Act::EndOthers => self.post(at, "/api/end_other_sessions", &[]).await,
            Act::EndOne(session) => {
                let id = self.id_of(session).await;
                self.post(at, "/api/end_session", &[("id", &id)]).await
            }
            Act::Leave(proof) => self.prove(at, "/api/delete_account", proof).await,
            Act::Stay => self.post(at, "/api/keep_account", &[]).await,
        }
    }

    /// Somebody new takes the place of everybody who has gone.
    async fn welcome(&mut self) {
        for who in 0..self.people.len() {
            if !self.model.people[who].email.is_empty() {
                continue;
            }
            let store = &self.server.identity().store;
            let gone = store.account(&self.people[who].id).await.unwrap();
            if gone.is_some() {
                self.fail(&format!("{:?} is still there", self.people[who]));
            }
            let person = match self.model.people[who].door {
                0 => self.server.person().await,
                _ => self.server.participant("bellerive").await,
            };
            self.model.people[who].email.clone_from(&person.email);
            self.codes[who].clear();
            self.people[who] = person;
        }
    }

    async fn password(
        &mut self,
        at: At,
        who: usize,
        right: bool,
        stay: bool,
    ) -> Result<(), String> {
        let email = self.model.people[who].email.clone();
        let mut password = self.people[who].password.clone();
        if !right {
            password.push('?');
        }
        let fields = [
            ("email", email.as_str()),
            ("password", &password),
            ("stay", if stay { "true" } else { "" }),
        ];
        self.post(at, "/api/sign_in", &fields).await
    }

    async fn code(&mut self, at: At, code: Code, remember: bool) -> Result<(), String> {
        // After a right code the model holds no sign-in any more, but a session.
        let sign_in = self.model.windows[at.0].at[at.1].sign_in;
        let who = sign_in.map(|place| self.model.sign_ins[place].who);
        let who = who.or_else(|| self.who(at));
        let code = who.map_or("123456".to_owned(), |who| self.typed(who, code));
        let remember = if remember { "true" } else { "" };
        let fields = [("code", code.as_str()), ("remember", remember)];
        self.post(at, "/api/give_code", &fields).await
    }

    /// Whose session a browser holds, alive or dead.
    fn who(&self, (window, door): At) -> Option<usize> {
        let session = self.model.windows[window].at[door].session?;
        Some(self.model.sessions[session].who)
    }

    async fn enable(&mut self, at: At, right: bool, proof: Proof) -> Result<(), String> {
        let who = self.who(at);
        let proof = who.map_or(String::new(), |who| self.proof(who, proof));
        self.post(at, "/api/begin_two_factor", &[("proof", &proof)])
            .await?;
        let who = who.unwrap();
        let page = self.two_factor(at).await;
        let phone = Phone::with_secret(&secret_of(&page), &self.server.clock);
        let code = if right {
            phone.code()
        } else {
            off_by_one(&phone.code())
        };
        let fields = [("code", code.as_str())];
        self.post(at, "/api/enable_two_factor", &fields).await?;
        self.people[who].phone = Some(phone);
        // A phone that replaces another one brings no codes.
        if self.two_factor(at).await.has_form(SAVED) {
            self.take_codes(at).await;
        }
        Ok(())
    }

    /// Reads the new recovery codes off the page that shows them, and has saved them.
    async fn take_codes(&mut self, at: At) {
        let page = self.two_factor(at).await;
        let who = self.who(at).unwrap();
        self.codes[who] = codes_of(&page);
        assert_eq!(self.codes[who].len(), 10);
        let mark = page.first("[name=mark]");
        let mark = ("mark", mark.attribute("value").unwrap());
        self.post(at, SAVED, &[mark]).await.unwrap();
    }

    async fn prove(&mut self, at: At, action: &str, proof: Proof) -> Result<(), String> {
        let who = self.who(at);
        let proof = who.map_or("nothing".to_owned(), |who| self.proof(who, proof));
        self.post(at, action, &[("proof", &proof)]).await
    }

    async fn change(&mut self, at: At, right: bool) -> Result<(), String> {
        let who = self.who(at);
        let mut present = who.map_or("nothing".to_owned(), |who| {
            self.people[who].password.clone()
        });
        if !right {
            present.push('?');
        }
        let new = self.new_password();
        let fields = [("present", present.as_str()), ("password", &new)];
        self.post(at, "/api/change_password", &fields).await?;
        self.people[who.unwrap()].password = new;
        Ok(())
    }

    async fn press(
        &mut self,
        at: At,
        link: usize,
        place: Purpose,
        code: Code,
    ) -> Result<(), String> {
        let action = match place {
            Purpose::PasswordReset => "/api/reset_password",
            Purpose::AddressConfirmation => "/api/confirm_address",
            Purpose::EmailChange => "/api/confirm_email",
            Purpose::EmailUndo => "/api/undo_email",
            Purpose::NotMe => "/api/say_not_me",
            Purpose::DeletionStop => "/api/stop_deletion",
            Purpose::AccountSetup => "/api/accept_invitation",
        };
        let who = self.model.links[link].who;
        let (token, new) = (self.secrets[&link].clone(), self.new_password());
        let address = self.model.links[link].address.clone();
        let code = self.typed(who, code);
        let fields = [
            ("token", token.as_str()),
            ("password", &new),
            ("code", &code),
            ("email", &address),
        ];
        self.post(at, action, &fields).await?;
        if place == Purpose::PasswordReset {
            self.people[who].password = new;
        }
        Ok(())
    }

    /// The id of a session, if somebody still holds it.
    async fn id_of(&self, session: usize) -> String {
        for window in 0..WINDOWS {
            for (door, at) in self.model.windows[window].at.iter().enumerate() {
                if at.session != Some(session) {
                    continue;
                }
                let token = self.session_cookie(window, door).unwrap();
                let hash = token_hash(&Secret::present(&token).unwrap());
                let realm = match door {
                    0 => Realm::BackOffice,
                    _ => self.server.account(&self.people[2]).await.realm,
                };
                let store = &self.server.identity().store;
                let found = store.session_by_token(&realm, &hash).await.unwrap();
                return found.map_or("0".to_owned(), |found| found.id.to_string());
            }
        }
        "0".to_owned()
    }

    fn new_password(&mut self) -> String {
        let number = self.number();
        format!("eleven barges under the moon {number}")
    }

    /// What is typed for a code.
    fn typed(&self, who: usize, code: Code) -> String {
        let person = &self.people[who];
        let recovery = |number: usize| self.codes[who].get(number).cloned();
        match (code, &person.phone) {
            (Code::Recovery(number), _) => recovery(number).unwrap_or_default() + " ",
            (Code::Invented, _) => "ABCD-EFGH-IJKL-MNOP".to_owned(),
            (Code::Rubbish, _) => "12345".to_owned(),
            (_, None) => "123456".to_owned(),
            (Code::Now, Some(phone)) => phone.code(),
            (Code::Before, Some(phone)) => phone.off_by(-30).code(),
            (Code::Soon, Some(phone)) => phone.off_by(30).code(),
            (Code::Wrong, Some(phone)) => off_by_one(&phone.code()),
        }
    }

    fn proof(&self, who: usize, proof: Proof) -> String {
        match proof {
            Proof::None => String::new(),
            Proof::Password => self.people[who].password.clone(),
            Proof::WrongPassword => "ten swans on the lake".to_owned(),
            Proof::Code(code) => self.typed(who, code),
        }
    }

    async fn two_factor(&mut self, (window, door): At) -> Page {
        let path = self.doors[door].own(paths::TWO_FACTOR);
        self.windows[window].open(&path).await
    }

    /// Posts a form as a script does, from another network each time: limits by network are other
    /// tests'. Gives the code of the refusal.
    pub async fn post(
        &mut self,
        (window, door): At,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), String> {
        let tag = self.doors[door].tag();
        let mut all = fields.to_vec();
        all.extend([("door", tag.as_str()), ("locale", "en")]);
        let [_, a, b, c] = self.number().to_be_bytes();
        let request = Request::new(Method::POST, action)
            .with_form(&all)
            .with("x-forwarded-for", &format!("10.{a}.{b}.{c}"))
            .with("accept", "application/json");
        ended(&self.windows[window].exchange(request).await)
    }
}

/// How a form was answered.
fn ended(reply: &Reply) -> Result<(), String> {
    if reply.status == 303 {
        // A dead link may lead back to its own page, which says so.
        let dead = reply.header("location").contains("token=");
        return if dead {
            Err("dead_link".to_owned())
        } else {
            Ok(())
        };
    }
    let json: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    Err(code(&json["Refused"]).unwrap_or_else(|| "nothing at all".to_owned()))
}

/// The code of a problem: one of all areas, or the area and its own code.
fn code(problem: &serde_json::Value) -> Option<String> {
    if let Some(code) = problem.as_str() {
        return Some(code.to_owned());
    }
    let (code, inner) = problem.as_object()?.iter().next()?;
    // Numbers and fields say more about a problem; an area holds a code.
    let inner = match inner {
        serde_json::Value::String(inner) => Some(inner),
        serde_json::Value::Object(inner) => {
            let mut codes = inner.iter().filter(|(_, more)| more.is_object());
            codes.next().map(|(code, _)| code)
        }
        _ => None,
    };
    Some(inner.map_or_else(|| code.clone(), |inner| format!("{code}_{inner}")))
}

/// Six digits that are not these.
fn off_by_one(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}
