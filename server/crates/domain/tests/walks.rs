//! Random walks through the rules of a sign-in, beside a reference that counts everything anew from a
//! diary of what happened.
//!
//! The rules keep as little as they can (two numbers for a count, one step for a telephone); the
//! reference keeps all of it and looks back. The seed is fixed; with `PROPTEST_CASES` there are more walks than
//! in the gate. A failing one is made shorter and printed.
//!
//! Red when a step is accepted that is not greater than the last; when `is_open` does not look at the
//! number of wrong codes, at the lifetime, at the password or at the link; when a code is judged too soon; when the
//! hundred-and-first password is judged; when links are ordered by the clock alone; when a clock that was
//! set back makes thirty days longer.
#![expect(clippy::unwrap_used, reason = "in a test a surprise is a failure")]

use domain::{
    AccountStatus, Duration, Timestamp,
    device::{REMEMBERED, is_remembered},
    guess::{CODES, Count, PASSWORDS},
    provider::Provider,
    session::{FirstStep, Method, SecondStep},
    sign_in::{AccountState, AfterFirst, First, FirstStepProof, Linked, Pending, after_first},
    token::made_after,
    totp::{Step, TotpCode, TotpSecret},
};
use proptest::{prelude::*, test_runner::RngSeed};
use totp_rs::{Algorithm, Builder};

const SECRET: &[u8; 20] = b"12345678901234567890";
/// A noon, long after the epoch and at the beginning of a step.
const START: Timestamp = Timestamp::from_seconds(1_779_364_800);

/// One step of a walk.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// A password, right or wrong.
    Password(bool),
    /// Back from Microsoft, whose own factor is accepted or not.
    Provider(bool),
    /// The account at Microsoft is linked anew, or unlinked.
    Link(bool),
    /// The code of the step that lies so many steps from now; whether to remember the browser.
    Code(i64, bool),
    WrongCode,
    Wait(u64),
    Locked(bool),
    NewPassword,
    Factor(bool),
    Confirmed(bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => any::<bool>().prop_map(Deed::Password),
        4 => Just(Deed::Password(true)),
        4 => prop::bool::weighted(0.2).prop_map(Deed::Provider),
        2 => prop::bool::weighted(0.7).prop_map(Deed::Link),
        8 => (-2_i64..=1, any::<bool>()).prop_map(|(away, remember)| Deed::Code(away, remember)),
        3 => Just(Deed::WrongCode),
        4 => (1_u64..90).prop_map(Deed::Wait),
        2 => (90_u64..4_000).prop_map(Deed::Wait),
        1 => (1_u64..3_000_000).prop_map(Deed::Wait),
        1 => any::<bool>().prop_map(Deed::Locked),
        1 => Just(Deed::NewPassword),
        2 => any::<bool>().prop_map(Deed::Factor),
        1 => any::<bool>().prop_map(Deed::Confirmed),
    ]
}

/// Single deeds, and stretches of somebody who guesses: at codes, with the password at hand, and at
/// passwords, patiently.
fn walk() -> impl Strategy<Value = Vec<Deed>> {
    let codes = (1_usize..8).prop_map(|times| {
        let mut deeds = vec![Deed::Password(true)];
        deeds.extend(vec![Deed::WrongCode; times]);
        deeds.push(Deed::Code(0, false));
        deeds
    });
    let passwords = (1_usize..130, 0_u64..4_000)
        .prop_map(|(times, wait)| [Deed::Password(false), Deed::Wait(wait)].repeat(times));
    let stretch = prop_oneof![
        30 => deed().prop_map(|deed| vec![deed]),
        4 => codes,
        1 => passwords,
    ];
    prop::collection::vec(stretch, 1..100).prop_map(|stretches| stretches.concat())
}

/// The rules, put together as the use cases do.
struct Rules {
    secret: TotpSecret,
    account: AccountState,
    last_step: Option<Step>,
    remembered: Option<Timestamp>,
    codes: Option<Count>,
    guesses: Option<Count>,
    pending: Option<Pending>,
}

impl Rules {
    fn new() -> Self {
        Self {
            secret: TotpSecret::from_bytes(SECRET).unwrap(),
            account: AccountState {
                status: AccountStatus::Active,
                password_set_at: Some(START),
                linked: Linked::NONE,
                confirmed: true,
                second_factor: true,
            },
            last_step: None,
            remembered: None,
            codes: None,
            guesses: None,
            pending: None,
        }
    }

    fn password(&mut self, right: bool, now: Timestamp) -> Option<Method> {
        self.guesses = Some(PASSWORDS.take(self.guesses, now).ok()?);
        let after = self.first(First::Password { right }, now);
        if !matches!(after, AfterFirst::Refused) {
            self.guesses = None;
        }
        is_in(after)
    }

    fn provider(&mut self, own_factor: bool, now: Timestamp) -> Option<Method> {
        let provider = Provider::Microsoft;
        is_in(self.first(
            First::Provider {
                provider,
                own_factor,
            },
            now,
        ))
    }

    fn first(&mut self, first: First, now: Timestamp) -> AfterFirst {
        let remembered = is_remembered(now, self.remembered);
        let after = after_first(first, self.account, remembered);
        if matches!(after, AfterFirst::AskCode) {
            let (first, since) = (first.step(), self.account.since(first.step()).unwrap());
            self.pending = Some(Pending {
                created_at: now,
                proof: FirstStepProof { first, since },
                wrong_codes: 0,
            });
        }
        after
    }

    fn code(&mut self, code: &TotpCode, remember: bool, now: Timestamp) -> Option<Method> {
        let pending = self.pending.filter(|it| it.is_open(now, self.account))?;
        self.codes = Some(CODES.take(self.codes, now).ok()?);
        let Some(step) = self.secret.check(code, now, self.last_step) else {
            self.pending = Some(Pending {
                wrong_codes: pending.wrong_codes + 1,
                ..pending
            });
            return None;
        };
        self.last_step = Some(step);
        self.pending = None;
        self.codes = None;
        if remember {
            self.remembered = Some(now.plus(REMEMBERED));
        }
        Some(Method {
            first: pending.proof.first,
            second: Some(SecondStep::Code),
        })
    }
}

const fn is_in(after: AfterFirst) -> Option<Method> {
    match after {
        AfterFirst::SignedIn(method) => Some(method),
        AfterFirst::AskCode
        | AfterFirst::Refused
        | AfterFirst::Unconfirmed
        | AfterFirst::Locked => None,
    }
}

/// A sign-in that was begun, as the diary has it.
#[derive(Clone, Copy)]
struct Begun {
    at: Timestamp,
    first: FirstStep,
    /// The number of the password, or of the link.
    number: u32,
    wrong: u32,
}

/// Everything that happened.
struct Diary {
    locked: bool,
    confirmed: bool,
    factor: bool,
    /// How many passwords there were.
    passwords: u32,
    /// How many links there were, and the number of the one that is.
    links: u32,
    link: Option<u32>,
    begun: Option<Begun>,
    used_steps: Vec<i64>,
    remembered_at: Option<Timestamp>,
    /// Tries of codes since one was right, and of passwords.
    code_tries: Vec<Timestamp>,
    guesses: Vec<Timestamp>,
}

impl Diary {
    const fn new() -> Self {
        Self {
            locked: false,
            confirmed: true,
            factor: true,
            passwords: 1,
            links: 0,
            link: None,
            begun: None,
            used_steps: Vec::new(),
            remembered_at: None,
            code_tries: Vec::new(),
            guesses: Vec::new(),
        }
    }

    fn password(&mut self, right: bool, now: Timestamp) -> Option<Method> {
        let wait = match self.guesses.len() {
            0..10 => 0,
            10..20 => 60,
            20..30 => 300,
            30..50 => 900,
            50..100 => 3600,
            _ => return None,
        };
        let last = self.guesses.last();
        if last.is_some_and(|last| now.since(*last).as_secs() < wait) {
            return None;
        }
        self.guesses.push(now);
        if !right {
            return None;
        }
        self.guesses.clear();
        if self.locked {
            return None;
        }
        self.goes_on(FirstStep::Password, self.passwords, now)
    }

    fn provider(&mut self, own_factor: bool, now: Timestamp) -> Option<Method> {
        let number = self.link.filter(|_| !self.locked)?;
        let first = FirstStep::Provider(Provider::Microsoft);
        if own_factor && self.factor && self.confirmed {
            let second = Some(SecondStep::ProvidersOwn);
            return Some(Method { first, second });
        }
        self.goes_on(first, number, now)
    }

    fn goes_on(&mut self, first: FirstStep, number: u32, now: Timestamp) -> Option<Method> {
        if !self.confirmed {
            return None;
        }
        let fresh = |at: Timestamp| now.since(at).as_secs() < 30 * 24 * 3600;
        if !self.factor {
            let second = None;
            Some(Method { first, second })
        } else if self.remembered_at.is_some_and(fresh) {
            let second = Some(SecondStep::RememberedDevice);
            Some(Method { first, second })
        } else {
            self.begun = Some(Begun {
                at: now,
                first,
                number,
                wrong: 0,
            });
            None
        }
    }

    /// A code of this step, or of none.
    fn code(&mut self, step: Option<i64>, remember: bool, now: Timestamp) -> Option<Method> {
        let begun = self.begun?;
        let open = now.since(begun.at).as_secs() < 600
            && begun.wrong < 5
            && match begun.first {
                FirstStep::Password => begun.number == self.passwords,
                FirstStep::Provider(_) => self.link == Some(begun.number),
            }
            && self.factor
            && self.confirmed
            && !self.locked;
        let wait = match self.code_tries.len() {
            0..5 => 0,
            5..10 => 180,
            10..20 => 300,
            20..50 => 900,
            50..100 => 3600,
            _ => return None,
        };
        let last = self.code_tries.last();
        let too_soon = last.is_some_and(|last| now.since(*last).as_secs() < wait);
        if !open || too_soon {
            return None;
        }
        self.code_tries.push(now);
        let here = now.as_seconds() / 30;
        let newest = self.used_steps.iter().max();
        let right = step
            .filter(|step| *step == here || *step == here - 1)
            .filter(|step| newest.is_none_or(|newest| step > newest));
        let Some(step) = right else {
            self.begun = Some(Begun {
                wrong: begun.wrong + 1,
                ..begun
            });
            return None;
        };
        self.used_steps.push(step);
        self.code_tries.clear();
        self.begun = None;
        if remember {
            self.remembered_at = Some(now);
        }
        Some(Method {
            first: begun.first,
            second: Some(SecondStep::Code),
        })
    }
}

/// What a telephone shows in a step.
fn shown(step: i64) -> TotpCode {
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(SECRET.to_vec())
        .build_noncompliant();
    let time = u64::try_from(step * 30).unwrap();
    TotpCode::parse(&totp.generate(time).to_string()).unwrap()
}

/// Six digits that it shows in no step near this one.
fn never_shown(step: i64) -> TotpCode {
    let near: Vec<TotpCode> = (-2..=2).map(|away| shown(step + away)).collect();
    let mut codes = (0..10).map(|number| TotpCode::parse(&format!("{number:06}")).unwrap());
    codes.find(|code| !near.contains(code)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// Whoever is in is in for the same reason in both, and nobody else is.
    #[test]
    fn rules_and_diary_never_differ(deeds in walk()) {
        let (mut rules, mut diary, mut now) = (Rules::new(), Diary::new(), START);
        for (number, deed) in deeds.into_iter().enumerate() {
            // Nothing happens at the very same moment as something else.
            now = now.plus(Duration::from_millis(1));
            let here = now.as_seconds() / 30;
            let (is_in, may_be_in) = match deed {
                Deed::Password(right) => (rules.password(right, now), diary.password(right, now)),
                Deed::Provider(own) => (rules.provider(own, now), diary.provider(own, now)),
                Deed::Code(away, remember) => (
                    rules.code(&shown(here + away), remember, now),
                    diary.code(Some(here + away), remember, now),
                ),
                Deed::WrongCode => (
                    rules.code(&never_shown(here), false, now),
                    diary.code(None, false, now),
                ),
                ref other => {
                    change(&mut rules, &mut diary, other, &mut now);
                    (None, None)
                }
            };
            prop_assert_eq!(is_in, may_be_in, "step {} {:?}", number, deed);
            let open = rules.pending.is_some_and(|it| it.is_open(now, rules.account));
            prop_assert!(!open || diary.begun.is_some(), "step {} {:?}", number, deed);
            let guesses = rules.guesses.map_or(0, |count| count.wrong);
            prop_assert_eq!(usize::try_from(guesses).unwrap(), diary.guesses.len());
            prop_assert!(guesses <= 100);
        }
    }

    /// Links of one account keep the order in which they were made, wherever the clocks go.
    #[test]
    fn links_keep_their_order(jumps in prop::collection::vec(-90_000_i64..90_000, 1..200)) {
        let (mut clock, mut newest) = (START.as_millis(), None);
        for jump in jumps {
            clock += jump;
            let made = made_after(newest, Timestamp::from_millis(clock));
            prop_assert!(newest.is_none_or(|newest| made > newest));
            prop_assert!(made.as_millis() >= clock);
            newest = Some(made);
        }
    }

    /// A browser is remembered from the moment on for thirty days, and never before: a clock that was
    /// set back does not make them longer.
    #[test]
    fn nobody_is_remembered_for_longer(later in -5_000_000_i64..5_000_000) {
        let until = Some(START.plus(REMEMBERED));
        let now = Timestamp::from_seconds(START.as_seconds() + later);
        prop_assert_eq!(is_remembered(now, until), (0..2_592_000).contains(&later));
    }
}

/// What changes without anybody being at the door.
fn change(rules: &mut Rules, diary: &mut Diary, deed: &Deed, now: &mut Timestamp) {
    match *deed {
        Deed::Wait(seconds) => *now = now.plus(Duration::from_secs(seconds)),
        Deed::Locked(locked) => {
            diary.locked = locked;
            rules.account.status = if locked {
                AccountStatus::Locked
            } else {
                AccountStatus::Active
            };
        }
        Deed::NewPassword => {
            diary.passwords += 1;
            rules.account.password_set_at = Some(*now);
        }
        Deed::Link(on) => {
            diary.links += u32::from(on);
            diary.link = on.then_some(diary.links);
            rules.account.linked = if on {
                Linked::NONE.with(Provider::Microsoft, *now)
            } else {
                Linked::NONE
            };
        }
        Deed::Factor(on) => {
            diary.factor = on;
            rules.account.second_factor = on;
        }
        Deed::Confirmed(confirmed) => {
            diary.confirmed = confirmed;
            rules.account.confirmed = confirmed;
        }
        Deed::Password(_) | Deed::Provider(_) | Deed::Code(..) | Deed::WrongCode => {}
    }
}
