//! Chance that comes out the same every time.

use domain::Entropy;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes from a seed (SplitMix64): well mixed and never repeated within a test, worthless as
/// secrets.
///
/// Which caller gets which bytes depends on the order of the calls, so a test may rely on its
/// secrets being different, not on what they are.
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// The bytes of one seed. Servers that share a database need different ones, or they would
    /// make the same ids.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed.wrapping_mul(0xA076_1D64_78BD_642F)))
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::chance;

    #[test]
    fn a_seed_gives_the_same_bytes_and_another_seed_others() {
        let draw = |seed| chance::bytes::<20>(&SeededEntropy::new(seed));
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let one = SeededEntropy::new(1);
        assert_ne!(chance::bytes::<20>(&one), chance::bytes::<20>(&one));
    }
}
