//! Randomness as an argument.

/// Where random bytes come from: the operating system in the program, a seed in tests.
pub trait Entropy: Send + Sync {
    /// Fills `buffer` with unpredictable bytes.
    ///
    /// A program without random bytes must not go on: implementations end the process rather than
    /// return something weaker.
    fn fill(&self, buffer: &mut [u8]);
}

/// `N` random bytes.
pub fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut buffer = [0; N];
    entropy.fill(&mut buffer);
    buffer
}
