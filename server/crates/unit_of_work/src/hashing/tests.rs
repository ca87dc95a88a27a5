#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use super::*;

struct Zeros;
impl Entropy for Zeros {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(9);
    }
}

fn hasher(cost: &str, capacity: usize) -> Hasher {
    Hasher::start(cost.parse().unwrap(), 2, capacity, Arc::new(Zeros)).unwrap()
}

#[tokio::test]
async fn a_password_fits_its_own_hash_only() {
    let hasher = hasher("m=64,t=1,p=1", 8);
    let password = Password::parse("le pont bleu").unwrap();
    let other = Password::parse("le pont vert").unwrap();
    let stored = hasher.hash(&password).await.unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"),
        "{stored}"
    );
    assert!(
        hasher
            .verify(&password, Some(&stored), Lane::Public)
            .await
            .unwrap()
    );
    assert!(
        !hasher
            .verify(&other, Some(&stored), Lane::Public)
            .await
            .unwrap()
    );
    assert!(!hasher.verify(&password, None, Lane::Public).await.unwrap());
}

#[tokio::test]
async fn the_reused_memory_gives_the_published_result() {
    // The reference implementation's test vector for argon2id v19, m = 256 KiB, t = 2, p = 1.
    let stored =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    let hasher = hasher("m=64,t=1,p=1", 8);
    let password = Password::parse("password").unwrap();
    for _ in 0..3 {
        assert!(
            hasher
                .verify(&password, Some(stored), Lane::Public)
                .await
                .unwrap()
        );
    }
    assert!(hasher.is_outdated(stored));
}

#[tokio::test]
async fn past_the_bound_the_answer_is_busy_at_once() {
    let hasher = Arc::new(hasher("m=16384,t=3,p=1", 2));
    let password = Password::parse("le pont bleu").unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (hasher, password) = (Arc::clone(&hasher), password.clone());
        tries.spawn(async move { hasher.verify(&password, None, Lane::Public).await });
    }
    let results = tries.join_all().await;
    let busy = results
        .iter()
        .filter(|r| matches!(r, Err(Error::Busy)))
        .count();
    let done = results.iter().filter(|r| matches!(r, Ok(false))).count();
    assert!(
        busy >= 10 && done >= 2 && busy + done == 20,
        "{busy} busy, {done} done"
    );
}

/// Red when a full lane is said to have room, or fills the other one.
#[tokio::test]
async fn a_full_lane_is_known_before_anything_is_counted() {
    let hasher = Arc::new(hasher("m=65536,t=3,p=1", 2));
    let password = Password::parse("le pont bleu").unwrap();
    assert!(hasher.has_room(Lane::Public).is_ok());
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (hasher, password) = (Arc::clone(&hasher), password.clone());
        tries.spawn(async move { hasher.verify(&password, None, Lane::Public).await });
    }
    // The first that ends was refused: hashes take far longer.
    let first = tries.join_next().await.unwrap().unwrap();
    assert!(matches!(first, Err(Error::Busy)));
    assert!(matches!(hasher.has_room(Lane::Public), Err(Error::Busy)));
    assert!(hasher.has_room(Lane::Reserved).is_ok());
    tries.join_all().await;
    assert!(hasher.has_room(Lane::Public).is_ok());
}

/// Red when the owner of a known device waits behind strangers, or finds their queue full.
#[tokio::test]
async fn the_reserved_lane_has_places_of_its_own_and_is_served_first() {
    let hasher = Arc::new(hasher("m=16384,t=3,p=1", 8));
    let password = Password::parse("le pont bleu").unwrap();
    let ended = Arc::new(Mutex::new(Vec::new()));
    let mut tries = tokio::task::JoinSet::new();
    for lane in [&[Lane::Public; 20][..], &[Lane::Reserved]].concat() {
        let (hasher, password) = (Arc::clone(&hasher), password.clone());
        let ended = Arc::clone(&ended);
        tries.spawn(async move {
            if hasher.verify(&password, None, lane).await.is_ok() {
                ended.lock().unwrap().push(lane);
            }
        });
    }
    tries.join_all().await;
    let ended = ended.lock().unwrap();
    let reserved = ended.iter().position(|lane| *lane == Lane::Reserved);
    // Two threads may have begun two hashes each before it came.
    assert!(reserved.is_some_and(|place| place <= 4), "{ended:?}");
    assert!(ended.len() >= 9, "the others are served too: {ended:?}");
}

/// Red when the reserved lane shuts everybody else out.
#[test]
fn the_public_lane_has_its_turn() {
    let job = |number: u8| Job {
        params: Params::DEFAULT,
        input: Zeroizing::new(vec![number]),
        salt: Vec::new(),
        reply: oneshot::channel().0,
    };
    let mut jobs = Jobs::default();
    jobs.reserved.extend((0..10).map(job));
    jobs.public.extend((100..102).map(job));
    let order: Vec<u8> = std::iter::from_fn(|| Some(jobs.next()?.input[0])).collect();
    assert_eq!(order, [0, 1, 2, 3, 100, 4, 5, 6, 7, 101, 8, 9]);
}

/// Red when a panic ends the thread that it happened in: the next hash would wait for ever.
#[test]
fn a_panic_while_hashing_is_an_answer() {
    let none: Option<u8> = unless_it_panics(|| panic!("as a fault of argon2 would"));
    assert_eq!(none, None);
    assert_eq!(unless_it_panics(|| Some(7)), Some(7));
}

#[test]
fn costs_are_read_and_bounded() {
    assert_eq!("m=19456,t=2,p=1".parse(), Ok(Cost::default()));
    assert_eq!("m=19456, t=2, p=1".parse(), Ok(Cost::default()));
    for wrong in [
        "",
        "m=1",
        "m=19456,t=2",
        "m=x,t=2,p=1",
        "m=9999999,t=2,p=1",
        "m=8,t=0,p=1",
    ] {
        assert_eq!(wrong.parse::<Cost>(), Err(CostError), "{wrong}");
    }
}
