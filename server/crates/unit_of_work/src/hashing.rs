//! Hashing of passwords: argon2id on a few threads, from reused memory, behind a bounded queue.
//!
//! One hash costs a core for tens of milliseconds and some megabytes. So there is one thread a
//! core, each with its own memory that is filled again and again, and a queue in front of them:
//! past its bound the answer is [`Error::Busy`] at once, and the memory of the process depends on
//! the number of cores, not on the number of visitors. The threads run at a lower priority, so
//! that pages stay quick while passwords are checked.
//!
//! There are two queues ([`Lane`]): passwords that anybody can send wait in one, what needs a known
//! device, a mailed link or a session in the other, which is served first. So an owner can sign in
//! while strangers guess passwords.

mod kernel;

use crate::{Error, Result};
use argon2::{Params, PasswordHash, Version, password_hash::phc::Salt};
use domain::{Duration, Entropy, chance, password::Password};
use kernel::{Kernel, Trust};
use std::{
    collections::VecDeque,
    io,
    panic::{self, AssertUnwindSafe},
    str::FromStr,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};
use subtle::ConstantTimeEq as _;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

const OUTPUT: usize = 32;
const SALT: usize = 16;
/// How long a thread without work keeps its memory.
const KEEP_MEMORY: Duration = Duration::from_secs(10);
/// Foreign hashes may ask for other costs, but not for any cost.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 20;

/// What one hash costs (RFC 9106): memory in KiB, passes, lanes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    params: Params,
}

/// The text is not of the form `m=19456,t=2,p=1`, or asks for something out of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a cost like m=19456,t=2,p=1")]
pub struct CostError;

impl Cost {
    /// Memory of one hash in KiB.
    pub fn memory_kib(&self) -> u32 {
        self.params.m_cost()
    }
}

impl Default for Cost {
    /// OWASP's minimum: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            params: Params::DEFAULT,
        }
    }
}

impl FromStr for Cost {
    type Err = CostError;

    fn from_str(text: &str) -> std::result::Result<Self, CostError> {
        let mut values = [None; 3];
        for part in text.split(',') {
            let (name, value) = part.split_once('=').ok_or(CostError)?;
            let place = ["m", "t", "p"]
                .iter()
                .position(|known| *known == name.trim());
            values[place.ok_or(CostError)?] = value.trim().parse::<u32>().ok();
        }
        let [Some(m), Some(t), Some(p)] = values else {
            return Err(CostError);
        };
        if m > MAX_MEMORY_KIB || t > MAX_PASSES || p > 16 {
            return Err(CostError);
        }
        let params = Params::new(m, t, p, None).map_err(|_| CostError)?;
        Ok(Self { params })
    }
}

struct Job {
    params: Params,
    input: Zeroizing<Vec<u8>>,
    salt: Vec<u8>,
    reply: oneshot::Sender<Option<Zeroizing<[u8; OUTPUT]>>>,
}

/// The queue in which a hash waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// For devices that were known for a day, mailed links and sessions, each of which has a limit of its own. Served
    /// first, save that the other one has its turn after four.
    Reserved,
    /// For everybody else.
    Public,
}

/// After so many hashes of the reserved lane one of the other is made, if one waits: strangers are never shut out, and an
/// owner waits at most a quarter longer.
const RESERVED_IN_A_ROW: u32 = 4;

#[derive(Default)]
struct Jobs {
    reserved: VecDeque<Job>,
    public: VecDeque<Job>,
    /// How many of the reserved lane were taken since the last one of the other.
    in_a_row: u32,
    is_closed: bool,
}

impl Jobs {
    fn of(&mut self, lane: Lane) -> &mut VecDeque<Job> {
        match lane {
            Lane::Reserved => &mut self.reserved,
            Lane::Public => &mut self.public,
        }
    }

    fn next(&mut self) -> Option<Job> {
        let is_turn_of_public = self.in_a_row >= RESERVED_IN_A_ROW && !self.public.is_empty();
        if !is_turn_of_public && let Some(job) = self.reserved.pop_front() {
            self.in_a_row += 1;
            return Some(job);
        }
        self.in_a_row = 0;
        self.public.pop_front()
    }
}

#[derive(Default)]
struct Queue {
    jobs: Mutex<Jobs>,
    arrived: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why passwords could not be hashed at all.
#[derive(Debug, thiserror::Error)]
pub enum HasherError {
    /// The system gives no thread.
    #[error("a hashing thread could not be started")]
    Thread(#[from] io::Error),
    /// No hash can be written with this cost.
    #[error("the cost of a hash cannot be written down")]
    Cost(#[source] Error),
}

/// The threads that hash, and the queue in front of them.
pub struct Hasher {
    queue: Arc<Queue>,
    capacity: usize,
    cost: Cost,
    dummy: String,
    entropy: Arc<dyn Entropy>,
}

impl Hasher {
    /// Starts `threads` threads; in each [`Lane`] at most `capacity` hashes wait for them.
    ///
    /// # Errors
    /// When one of them cannot be started: a server that answers slower than it was measured to, or
    /// cannot check a single password, is better not started.
    pub fn start(
        cost: Cost,
        threads: usize,
        capacity: usize,
        entropy: Arc<dyn Entropy>,
    ) -> std::result::Result<Self, HasherError> {
        let dummy = dummy_hash(&cost.params, &*entropy).map_err(HasherError::Cost)?;
        // Made first: when it is dropped on the way, the threads that run already end.
        let hasher = Self {
            queue: Arc::default(),
            capacity,
            cost,
            dummy,
            entropy,
        };
        let trust = Arc::new(Trust::default());
        for number in 0..threads.max(1) {
            let (queue, trust) = (Arc::clone(&hasher.queue), Arc::clone(&trust));
            let cost = hasher.cost.params.clone();
            let thread = std::thread::Builder::new().name(format!("hash-{number}"));
            thread.spawn(move || work(&queue, &trust, &cost))?;
        }
        Ok(hasher)
    }

    /// Refuses with [`Error::Busy`] where a lane is full at this moment: then nothing need be counted and withdrawn, which
    /// under overload is most of the work of a refusal. It holds no place: [`Self::verify`] may still be refused.
    pub fn has_room(&self, lane: Lane) -> Result<()> {
        if self.queue.lock().of(lane).len() >= self.capacity {
            return Err(Error::Busy);
        }
        Ok(())
    }

    /// Hashes a new password into the string that is stored (PHC string format), in the reserved lane: only the owner of
    /// a link or of a session can set one.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let salt = chance::bytes::<SALT>(&*self.entropy);
        let output = self
            .run(
                &self.cost.params,
                password.as_bytes(),
                &salt,
                Lane::Reserved,
            )
            .await?;
        phc_string(&self.cost.params, &salt, &output[..])
    }

    /// Whether `password` is the one that was hashed into `stored`.
    ///
    /// Without a stored hash the same work is done against one that nothing fits, so that an
    /// unknown address takes as long as a known one (ASVS 6.3.8): at the present cost, so a hash that
    /// was stored at another one ([`Self::is_outdated`]) is told from it by time until its owner signs
    /// in. `docs/security.md` says why that is accepted.
    pub async fn verify(
        &self,
        password: &Password,
        stored: Option<&str>,
        lane: Lane,
    ) -> Result<bool> {
        let phc = PasswordHash::new(stored.unwrap_or(&self.dummy))
            .map_err(|_| Error::Broken("a stored password hash cannot be read"))?;
        let params = Params::try_from(&phc)
            .map_err(|_| Error::Broken("a stored password hash has odd parameters"))?;
        let (Some(salt), Some(expected)) = (phc.salt, phc.hash) else {
            return Err(Error::Broken("a stored password hash is incomplete"));
        };
        if params.m_cost() > MAX_MEMORY_KIB || params.t_cost() > MAX_PASSES {
            return Err(Error::Broken("a stored password hash is too costly"));
        }
        let output = self
            .run(&params, password.as_bytes(), salt.as_ref(), lane)
            .await?;
        let same: bool = output.as_slice().ct_eq(expected.as_bytes()).into();
        Ok(same && stored.is_some())
    }

    /// Whether a stored hash was made at another cost than the present one.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let params = PasswordHash::new(stored).ok();
        let params = params.and_then(|phc| Params::try_from(&phc).ok());
        params.is_none_or(|params| {
            (params.m_cost(), params.t_cost(), params.p_cost())
                != (
                    self.cost.params.m_cost(),
                    self.cost.params.t_cost(),
                    self.cost.params.p_cost(),
                )
        })
    }

    /// Parameters and salt for a new set of secrets that share them, as text to be stored.
    pub fn new_parameters(&self) -> Result<String> {
        let salt = chance::bytes::<SALT>(&*self.entropy);
        phc_string(&self.cost.params, &salt, &[0; OUTPUT])
    }

    /// Hashes one secret of a set with the set's parameters, in the reserved lane: codes are typed after a right first
    /// step, or made in a session.
    pub async fn hash_with(&self, parameters: &str, secret: &[u8]) -> Result<Vec<u8>> {
        let broken = Error::Broken("the parameters of a set of codes cannot be read");
        let phc = PasswordHash::new(parameters).map_err(|_| broken)?;
        let params = Params::try_from(&phc)
            .map_err(|_| Error::Broken("the parameters of a set of codes are odd"))?;
        let salt = phc
            .salt
            .ok_or(Error::Broken("a set of codes has no salt"))?;
        let output = self.run(&params, secret, salt.as_ref(), Lane::Reserved);
        Ok(output.await?.to_vec())
    }

    async fn run(
        &self,
        params: &Params,
        input: &[u8],
        salt: &[u8],
        lane: Lane,
    ) -> Result<Zeroizing<[u8; OUTPUT]>> {
        let (reply, answer) = oneshot::channel();
        let job = Job {
            params: params.clone(),
            input: Zeroizing::new(input.to_vec()),
            salt: salt.to_vec(),
            reply,
        };
        {
            let mut jobs = self.queue.lock();
            let jobs = jobs.of(lane);
            if jobs.len() >= self.capacity {
                return Err(Error::Busy);
            }
            jobs.push_back(job);
        }
        self.queue.arrived.notify_one();
        let output = answer
            .await
            .map_err(|_| Error::Broken("a hashing thread ended"))?;
        output.ok_or(Error::Broken("argon2 gave no result"))
    }
}

impl Drop for Hasher {
    fn drop(&mut self) {
        self.queue.lock().is_closed = true;
        self.queue.arrived.notify_all();
    }
}

fn work(queue: &Queue, trust: &Trust, cost: &Params) {
    // On Linux this concerns the calling thread only; elsewhere it is no harm.
    let _ = rustix::process::nice(10);
    let mut kernel = Kernel::default();
    // The present cost is compared before a request waits for it.
    unless_it_panics(|| Some(kernel.hash(trust, cost, b"", &[0; SALT], &mut [0; OUTPUT])));
    // Two memories were filled, and nobody signs in yet.
    kernel.release();
    while let Some(job) = next(queue, &mut kernel) {
        // The request may have gone away: a closed browser costs nothing.
        if job.reply.is_closed() {
            continue;
        }
        let output = unless_it_panics(|| {
            let mut output = Zeroizing::new([0; OUTPUT]);
            let done = kernel.hash(trust, &job.params, &job.input, &job.salt, &mut output[..]);
            done.then_some(output)
        });
        if output.is_none() {
            kernel.release();
        }
        let _ = job.reply.send(output);
    }
}

/// What was made of one secret; `None` after a panic, which must not take the thread away: nobody
/// would start another one, and with the last of them no password could be checked any more.
fn unless_it_panics<T>(hash: impl FnOnce() -> Option<T>) -> Option<T> {
    // The memory of a hash that ended so is given back, and every hash fills its memory anew.
    panic::catch_unwind(AssertUnwindSafe(hash)).unwrap_or_else(|_| {
        tracing::error!("A hash ended in a panic");
        None
    })
}

/// Waits for the next job; `None` when there will be none. After a while without one the memory
/// goes back to the system: it is worth keeping only from one hash to the next.
fn next(queue: &Queue, kernel: &mut Kernel) -> Option<Job> {
    let mut jobs = queue.lock();
    loop {
        if let Some(job) = jobs.next() {
            return Some(job);
        }
        if jobs.is_closed {
            return None;
        }
        let woken = queue.arrived.wait_timeout(jobs, KEEP_MEMORY);
        let (held, wait) = woken.unwrap_or_else(PoisonError::into_inner);
        jobs = held;
        if wait.timed_out() && jobs.reserved.is_empty() && jobs.public.is_empty() {
            kernel.release();
        }
    }
}

fn phc_string(params: &Params, salt: &[u8], output: &[u8]) -> Result<String> {
    let broken = |_| Error::Broken("a password hash cannot be written");
    Ok(PasswordHash {
        algorithm: argon2::ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: params
            .try_into()
            .map_err(|_| Error::Broken("argon2 parameters"))?,
        salt: Some(Salt::new(salt).map_err(broken)?),
        hash: Some(argon2::password_hash::phc::Output::new(output).map_err(broken)?),
    }
    .to_string())
}

/// A hash that no password fits: its output was never computed from anything.
fn dummy_hash(params: &Params, entropy: &dyn Entropy) -> Result<String> {
    let salt = chance::bytes::<SALT>(entropy);
    let output = chance::bytes::<OUTPUT>(entropy);
    phc_string(params, &salt, &output)
}

#[cfg(test)]
mod tests;
