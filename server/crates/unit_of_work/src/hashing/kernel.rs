//! One hash of argon2id, in memory that is used again.
//!
//! `argon2-rust` fills the memory with wider instructions and needs half the time of `argon2`, which keeps the
//! parameters and strings. Neither had an independent audit (`docs/decisions/0017-argon2-kernel.md`), so the first is
//! trusted only where it gives what the second gives: its known answers are tried once, and each cost once before it is
//! used at that cost. Where they differ, `argon2` computes.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use argon2_rust::params::{Memory, TagLen};
use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock, PoisonError},
};

/// Memory, passes and lanes.
type CostKey = (u32, u32, u32);

/// At which costs the faster kernel gives the right result; shared by the threads.
#[derive(Debug, Default)]
pub(super) struct Trust(Mutex<HashMap<CostKey, bool>>);

impl Trust {
    fn get(&self, key: CostKey) -> Option<bool> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&key).copied()
    }

    fn set(&self, key: CostKey, same: bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, same);
    }
}

/// The memory of one thread.
#[derive(Default)]
pub(super) struct Kernel {
    fast: Option<argon2_rust::Hasher>,
    plain: Vec<Block>,
}

impl Kernel {
    /// Computes one hash; false when argon2 refuses it. The caller has bounded the cost: the memory grows to the largest
    /// that was asked for, until [`Self::release`].
    pub(super) fn hash(
        &mut self,
        trust: &Trust,
        params: &Params,
        input: &[u8],
        salt: &[u8],
        output: &mut [u8],
    ) -> bool {
        (self.is_trusted(trust, params) && self.fast(params, input, salt, output))
            || self.plain(params, input, salt, output)
    }

    /// Gives the memory back to the system.
    pub(super) fn release(&mut self) {
        *self = Self::default();
    }

    /// Whether both kernels give the same at this cost.
    fn is_trusted(&mut self, trust: &Trust, params: &Params) -> bool {
        let key = (params.m_cost(), params.t_cost(), params.p_cost());
        if let Some(same) = trust.get(key) {
            return same;
        }
        let (mut fast, mut plain) = ([0; 32], [1; 32]);
        let (input, salt) = (b"compared before it is used", b"sixteen or more bytes");
        let same = known_answers_hold()
            && self.fast(params, input, salt, &mut fast)
            && self.plain(params, input, salt, &mut plain)
            && fast == plain;
        self.plain = Vec::new();
        if !same {
            tracing::warn!(
                argon2.cost = ?key,
                "The faster argon2 gives another result on this machine and is not used"
            );
        }
        trust.set(key, same);
        same
    }

    fn fast(&mut self, params: &Params, input: &[u8], salt: &[u8], output: &mut [u8]) -> bool {
        let Some(argon2) = translated(params, output.len()) else {
            return false;
        };
        let hasher = self.fast.get_or_insert_with(|| argon2.hasher());
        hasher.set_argon2(argon2);
        let done = hasher.hash_into_with_ad(input, salt, &[], params.data(), output);
        done.is_ok()
    }

    fn plain(&mut self, params: &Params, input: &[u8], salt: &[u8], output: &mut [u8]) -> bool {
        let blocks = params.block_count();
        if self.plain.len() < blocks {
            self.plain.resize(blocks, Block::default());
        }
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let memory = &mut self.plain[..blocks];
        let done = argon2.hash_password_into_with_memory(input, salt, output, memory);
        done.is_ok()
    }
}

/// The same parameters for the faster kernel, on this thread alone.
fn translated(params: &Params, output: usize) -> Option<argon2_rust::Argon2> {
    let params = argon2_rust::Params::builder()
        .memory(Memory::kib(params.m_cost().into()))
        .passes(params.t_cost())
        .lanes(params.p_cost())
        .threads(1)
        .tag_len(TagLen::bytes(u64::try_from(output).ok()?))
        .build()
        .ok()?;
    let (id, version) = (
        argon2_rust::Algorithm::Argon2id,
        argon2_rust::Version::V0x13,
    );
    Some(argon2_rust::Argon2::new(id, version, params))
}

/// Whether the faster kernel gives the test vector of RFC 9106, section 5.3, on this processor.
fn known_answers_hold() -> bool {
    static HOLD: OnceLock<bool> = OnceLock::new();
    const TAG: [u8; 32] = [
        0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53,
        0xc9, 0xd0, 0x1e, 0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01,
        0xe6, 0x59,
    ];
    *HOLD.get_or_init(|| {
        let Some(argon2) = Params::new(32, 3, 4, None)
            .ok()
            .and_then(|params| translated(&params, TAG.len()))
        else {
            return false;
        };
        let mut output = [0; TAG.len()];
        let done =
            argon2
                .hasher()
                .hash_into_with_ad(&[1; 32], &[2; 16], &[3; 8], &[4; 12], &mut output);
        done.is_ok() && output == TAG
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(memory_kib: u32, passes: u32, lanes: u32) -> Params {
        Params::new(memory_kib, passes, lanes, None).expect("an allowed cost")
    }

    /// Red when the faster kernel computes something else on this processor.
    #[test]
    fn the_vector_of_the_rfc_holds() {
        assert!(known_answers_hold());
    }

    /// One memory after the other, growing and shrinking, around the borders of segments and of the mapping of 2 MiB.
    /// Red when what an earlier hash left in the memory gets into a later one.
    #[test]
    fn both_kernels_give_the_same_at_every_allowed_cost() {
        let mut kernel = Kernel::default();
        let memories = [8, 9, 31, 64, 127, 256, 19_456, 513, 2047, 2048, 2049, 16];
        for (number, memory) in memories.into_iter().enumerate() {
            for passes in [1, 2, 3] {
                for lanes in [1, 2, 4, 16] {
                    if memory < 8 * lanes || (memory > 4096 && passes > 1) {
                        continue;
                    }
                    let params = params(memory, passes, lanes);
                    let input = vec![0x61; number * 37];
                    let salt = vec![0x62; 8 + number * 5];
                    for length in [16, 32, 64, 65] {
                        let (mut fast, mut plain) = (vec![0; length], vec![1; length]);
                        assert!(kernel.fast(&params, &input, &salt, &mut fast));
                        assert!(kernel.plain(&params, &input, &salt, &mut plain));
                        assert_eq!(fast, plain, "{memory} {passes} {lanes} {length}");
                    }
                }
            }
        }
    }

    /// Red when a kernel that gives another result is used.
    #[test]
    fn where_they_differ_the_slower_one_computes() {
        let (mut kernel, trust, params) = (Kernel::default(), Trust::default(), params(64, 1, 1));
        let hash = |kernel: &mut Kernel, trust: &Trust| {
            let mut output = [0; 32];
            assert!(kernel.hash(trust, &params, b"secret", b"some salt", &mut output));
            output
        };
        let right = hash(&mut kernel, &trust);
        assert_eq!(trust.get((64, 1, 1)), Some(true));
        assert!(kernel.fast.is_some() && kernel.plain.is_empty());
        kernel.release();
        trust.set((64, 1, 1), false);
        assert_eq!(hash(&mut kernel, &trust), right);
        assert!(kernel.fast.is_none() && !kernel.plain.is_empty());
    }

    /// Red when the two disagree on what is allowed, or data that belongs to a hash is left out.
    #[test]
    fn what_one_refuses_the_other_refuses_and_data_counts() {
        let mut kernel = Kernel::default();
        let cost = params(64, 1, 1);
        let mut output = [0; 32];
        assert!(!kernel.fast(&cost, b"secret", b"short", &mut output));
        assert!(!kernel.plain(&cost, b"secret", b"short", &mut output));
        let mut builder = argon2::ParamsBuilder::new();
        let data = argon2::AssociatedData::new(b"data").expect("short enough");
        builder.m_cost(64).t_cost(1).p_cost(1).data(data);
        let with_data = builder.build().expect("an allowed cost");
        let (mut fast, mut plain, mut without) = ([0; 32], [1; 32], [2; 32]);
        assert!(kernel.fast(&with_data, b"secret", b"some salt", &mut fast));
        assert!(kernel.plain(&with_data, b"secret", b"some salt", &mut plain));
        assert!(kernel.fast(&cost, b"secret", b"some salt", &mut without));
        assert_eq!(fast, plain);
        assert_ne!(fast, without);
    }
}
