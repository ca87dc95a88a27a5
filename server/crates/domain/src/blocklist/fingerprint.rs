//! What is kept of a password of the blocklist.
//!
//! This file is compiled twice, here and in `cargo xtask blocklist`, which makes the list: both
//! must agree to the bit. So it needs nothing but the standard library.

/// Bytes kept of each password. With a quarter of a million of them, a password that is not on
/// the list is taken for one that is once in four million times; it is then refused in vain, and
/// no harm is done.
pub const WIDTH: usize = 5;

/// The fingerprint of a password in NFC, letter case apart: FNV-1a over its small letters, stirred
/// by the last step of `MurmurHash3`, so that the bytes that are kept depend on all others.
///
/// Speed and evenness are all that is asked of it. The list is no secret, so that nothing is gained
/// by finding another password with the same fingerprint: it is refused, that is all.
pub fn fingerprint(password: &str) -> [u8; WIDTH] {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut utf8 = [0; 4];
    // Letter by letter, so that no copy of the password is made.
    for letter in password.chars().flat_map(char::to_lowercase) {
        for byte in letter.encode_utf8(&mut utf8).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    let [_, _, _, kept @ ..] = (hash ^ (hash >> 33)).to_be_bytes();
    kept
}
