//! Ten thousand random steps of several people with several browsers at two doors, and a model that
//! says after each what must have come of it: who is signed in where, which code of refusal, which
//! mails (Keycloak CVE-2026-18963, CVE-2026-94218, authentik CVE-2026-49448).
//!
//! The seeds are fixed, so that the gate always takes the same walks. `BPART_WALK_SEEDS=7` takes one
//! again, `BPART_WALK_SEEDS=1000-1999` takes others, and `BPART_WALK_STEPS` says how long they are.
//!
//! Red when a change of password or a lock leaves the sessions, the begun sign-ins, the remembered
//! browsers or the mailed links alive; when a TOTP step is not used up; when a wrong code is not counted
//! on its sign-in; when signing out leaves the session's row; when a deletion is stopped and goes on, or
//! leaves a session, a link or a count to whoever comes next.

mod choice;
mod deeds;
mod hands;
mod inside;
mod leaving;
mod links;
mod model;
mod world;

use crate::support::{Engine, PROXY, TestServer, run};
use std::collections::BTreeMap;
use world::World;

/// Steps of one walk.
const STEPS: usize = 500;

/// What must come about on the fixed walks, or they prove less than they seem to.
const ENDS: [&str; 47] = [
    "AskAddress details_same_address",
    "AskAddress done",
    "AskAddress proof_needed",
    "AskAddress proof_rejected",
    "AskReset done",
    "AskReset too_many_tries",
    "Change done",
    "Change password_wrong_present",
    "Change sign_in_first",
    "Code code_malformed",
    "Code code_rejected",
    "Code done",
    "Code sign_in_expired",
    "Code too_many_tries",
    "Disable done",
    "Disable proof_code_needed",
    "Disable proof_rejected",
    "Disable unchanged",
    "Enable code_rejected",
    "Enable done",
    "Enable proof_needed",
    "Enable proof_rejected",
    "Enable proof_code_needed",
    "EndOne done",
    "EndOne unchanged",
    "EndOthers done",
    "Job deleted",
    "Job done",
    "Leave done",
    "Leave proof_rejected",
    "Leave unchanged",
    "Lock done",
    "Password done",
    "Password sign_in_bad_credentials",
    "Password sign_in_locked",
    "Password too_many_tries",
    "Press code_rejected",
    "Press dead_link",
    "Press done",
    "Press of a stop done",
    "Renew done",
    "Renew proof_code_needed",
    "Renew proof_rejected",
    "Renew unchanged",
    "SignOut done",
    "Stay done",
    "Stay unchanged",
];

/// The seeds of further walks, where the usual ones have not met every end.
const MORE: std::ops::Range<u64> = 1_000..1_008;

/// How often each deed ended how.
type Tally = BTreeMap<String, usize>;

/// The first number after `BPART_WALK_SEEDS`, and the last.
fn seeds(fixed: std::ops::RangeInclusive<u64>) -> std::ops::RangeInclusive<u64> {
    let Ok(wanted) = std::env::var("BPART_WALK_SEEDS") else {
        return fixed;
    };
    let (first, last) = wanted.split_once('-').unwrap_or((&wanted, &wanted));
    first.parse().unwrap()..=last.parse().unwrap()
}

async fn walk(server: &TestServer, seed: u64, steps: usize, tally: &mut Tally) {
    let mut world = World::new(server, seed).await;
    for _ in 0..steps {
        let deed = choice::next(&mut world);
        world.step(deed).await;
    }
    world.close().await;
    for (end, times) in world.tally {
        *tally.entry(end).or_default() += times;
    }
}

async fn walks(engine: Engine, fixed: std::ops::RangeInclusive<u64>) {
    let steps = std::env::var("BPART_WALK_STEPS").map(|steps| steps.parse().unwrap());
    let steps = steps.unwrap_or(STEPS);
    let mut tally = Tally::new();
    for seed in seeds(fixed) {
        let test = async |server: &TestServer| walk(server, seed, steps, &mut tally).await;
        run(engine, &[PROXY], test).await;
    }
    let free = ["BPART_WALK_SEEDS", "BPART_WALK_STEPS"];
    if free.iter().any(|name| std::env::var(name).is_ok()) {
        eprintln!("{tally:#?}");
        return;
    }
    // A rule that changes sends every walk elsewhere. Until each end was met, a few more are taken.
    let unseen = |tally: &Tally| -> Vec<&str> {
        let missing = ENDS.into_iter().filter(|end| !tally.contains_key(*end));
        missing.collect()
    };
    for seed in MORE {
        if unseen(&tally).is_empty() {
            break;
        }
        let test = async |server: &TestServer| walk(server, seed, steps, &mut tally).await;
        run(engine, &[PROXY], test).await;
    }
    let missing = unseen(&tally);
    assert!(missing.is_empty(), "never seen: {missing:?} in {tally:#?}");
}

mod on_sqlite {
    use super::{Engine, walks};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_step_leaves_everybody_where_the_model_says() {
        walks(Engine::Sqlite, 21..=28).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn other_steps_leave_everybody_where_the_model_says() {
        walks(Engine::Sqlite, 9..=16).await;
    }
}

mod on_postgres {
    use super::{Engine, walks};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_step_leaves_everybody_where_the_model_says() {
        walks(Engine::Postgres, 17..=20).await;
    }
}
