//! Chance as an argument.

/// Where random bytes come from: the operating system in the program, a seed in tests.
pub trait Entropy: Send + Sync {
    /// Fills `buffer` with bytes that nobody can guess.
    ///
    /// A program that cannot get random bytes must not go on; implementations end the process
    /// rather than answer with something weaker.
    fn fill(&self, buffer: &mut [u8]);
}

/// `N` random bytes.
pub fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut buffer = [0; N];
    entropy.fill(&mut buffer);
    buffer
}
