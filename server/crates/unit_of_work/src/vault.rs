//! Encrypts what must be read again: TOTP secrets, mails that wait, messages for the next page.
//!
//! XChaCha20-Poly1305 with a random nonce and the place of use as associated data: what was
//! sealed for one account or mail cannot be opened as another's. The key file holds one key a
//! line, `ID BASE64`, and the numbers rise; the last one seals, all of them open. A key that is followed by the word
//! `retired` opens nothing any more and ends no log; it only verifies lines that a later key covers. The server makes
//! the file on its first start, and `bpart key rotate` adds a key and retires the others.
//!
//! The same keys sign the lines of the activity log: a second key is derived from each, by HMAC-SHA-256
//! over a name of its own, so that neither use can stand in for the other.

use chacha20poly1305::{
    Key as CipherKey, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use data_encoding::{BASE32_NOPAD, BASE64};
use domain::{Entropy, MailId, chance};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::{collections::HashSet, fs, io, io::Write as _, iter, path::Path};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

const FORMAT: u8 = 1;
const NONCE: usize = 24;
const HEADER: usize = 1 + 4 + NONCE;
/// What stands behind a key that opens nothing any more.
const RETIRED: &str = "retired";
/// What the second key of each key is derived for.
const CHAIN: &[u8] = b"bpart: the chain of the activity log";

/// The keys of the key file.
pub struct Vault {
    /// Encrypts and signs.
    newest: Key,
    /// Decrypt what was encrypted before.
    older: Vec<Key>,
}

struct Key {
    id: u32,
    retired: bool,
    cipher: XChaCha20Poly1305,
    chain: Hmac<Sha256>,
}

impl Key {
    /// A line of the key file.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let (id, key) = (words.next()?, words.next()?);
        let retired = match (words.next(), words.next()) {
            (None, _) => false,
            (Some(RETIRED), None) => true,
            _ => return None,
        };
        let bytes = Zeroizing::new(BASE64.decode(key.as_bytes()).ok()?);
        let cipher = XChaCha20Poly1305::new(&CipherKey::try_from(bytes.as_slice()).ok()?);
        let mut derive = Hmac::<Sha256>::new_from_slice(&bytes).ok()?;
        derive.update(CHAIN);
        let derived = Zeroizing::new(<[u8; 32]>::from(derive.finalize().into_bytes()));
        Some(Self {
            id: id.parse().ok()?,
            retired,
            cipher,
            chain: Hmac::new_from_slice(&*derived).ok()?,
        })
    }

    fn mac(&self, text: &[u8]) -> Vec<u8> {
        let mut hmac = self.chain.clone();
        hmac.update(text);
        let mut tag = vec![FORMAT];
        tag.extend(self.id.to_be_bytes());
        tag.extend(hmac.finalize().into_bytes());
        tag
    }
}

/// Why the key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It cannot be read or made.
    #[error("the key file cannot be read or made")]
    Io(#[from] io::Error),
    /// It holds something else than keys.
    #[error("the key file is damaged in line {line}")]
    Damaged {
        /// The line, counted from one.
        line: usize,
    },
    /// It holds nothing.
    #[error("the key file is empty")]
    Empty,
    /// Two keys have one number, so that nobody can tell which of them made what is to be opened.
    #[error("the key file names key {id} twice")]
    Doubled {
        /// The number.
        id: u32,
    },
    /// The number of a key is not above that of the key before it.
    #[error("the key file names key {id} after a key with a higher number")]
    Falling {
        /// The number.
        id: u32,
    },
    /// The last key seals, so it cannot be a retired one.
    #[error("the last key of the key file is retired, and there is none to seal with")]
    Retired,
    /// Everybody on the machine can read it.
    #[error("the key file can be read or written by everybody: run chmod o-rwx on it")]
    Open,
}

impl Vault {
    /// Reads the key file; makes one with a new key, readable by its owner only, when there is none.
    ///
    /// # Errors
    /// A file that cannot be read or made, holds something else than keys, or lies open to everybody.
    pub fn open_or_create(path: &Path, entropy: &dyn Entropy) -> Result<Self, VaultError> {
        match Self::from_file(path)? {
            Some(vault) => Ok(vault),
            None => Self::create(path, entropy),
        }
    }

    /// Reads the key file, if there is one.
    ///
    /// # Errors
    /// As [`Self::open_or_create`].
    pub fn from_file(path: &Path) -> Result<Option<Self>, VaultError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        #[cfg(unix)]
        {
            // A group may read it, as files of secrets in containers are made.
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path)?.permissions());
            if mode & 0o027 != 0 {
                return Err(VaultError::Open);
            }
        }
        Self::parse(&text).map(Some)
    }

    fn create(path: &Path, entropy: &dyn Entropy) -> Result<Self, VaultError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let key = Zeroizing::new(chance::bytes::<32>(entropy));
        let text = Zeroizing::new(format!("1 {}\n", BASE64.encode(&*key)));
        // Written beside and moved into place: two servers that start at once agree on one file.
        let draft = path.with_extension(format!("new-{}", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        let placed = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        match placed {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error.into()),
            _ => Self::parse(&Zeroizing::new(fs::read_to_string(path)?)),
        }
    }

    /// Reads the text of a key file.
    pub(crate) fn parse(text: &str) -> Result<Self, VaultError> {
        let key = |(index, line): (usize, &str)| {
            let damaged = VaultError::Damaged { line: index + 1 };
            Key::parse(line).ok_or(damaged)
        };
        let lines = text.lines().enumerate();
        let mut older = lines
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
            .map(key)
            .collect::<Result<Vec<_>, _>>()?;
        let mut seen = HashSet::new();
        if let Some(doubled) = older.iter().find(|key| !seen.insert(key.id)) {
            return Err(VaultError::Doubled { id: doubled.id });
        }
        if let Some([_, fallen]) = older.array_windows().find(|[one, next]| next.id < one.id) {
            return Err(VaultError::Falling { id: fallen.id });
        }
        let newest = older.pop().ok_or(VaultError::Empty)?;
        if newest.retired {
            return Err(VaultError::Retired);
        }
        Ok(Self { newest, older })
    }

    fn key(&self, id: u32) -> Option<&Key> {
        let mut keys = iter::once(&self.newest).chain(&self.older);
        keys.find(|key| key.id == id)
    }

    /// Encrypts `plain` for one place of use.
    pub fn seal(&self, place: &str, plain: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let nonce = chance::bytes::<NONCE>(entropy);
        let key = &self.newest;
        let payload = Payload {
            msg: plain,
            aad: place.as_bytes(),
        };
        let sealed = key
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("only a text of 256 GiB cannot be encrypted");
        let mut out = Vec::with_capacity(HEADER + sealed.len());
        out.push(FORMAT);
        out.extend(key.id.to_be_bytes());
        out.extend(nonce);
        out.extend(sealed);
        out
    }

    /// Decrypts what was sealed for the same place; `None` when it was not.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (header, body) = sealed.split_at_checked(HEADER)?;
        let (format, rest) = header.split_first()?;
        let (id, nonce) = rest.split_at_checked(4)?;
        let id = u32::from_be_bytes(id.try_into().ok()?);
        let key = self.key(id).filter(|key| !key.retired)?;
        let payload = Payload {
            msg: body,
            aad: place.as_bytes(),
        };
        let nonce = XNonce::try_from(nonce).ok()?;
        (*format == FORMAT)
            .then(|| key.cipher.decrypt(&nonce, payload).ok())
            .flatten()
            .map(Zeroizing::new)
    }

    /// The message authentication code of a text under the newest key: format, id of the key,
    /// HMAC-SHA-256.
    pub fn mac(&self, text: &[u8]) -> Vec<u8> {
        self.newest.mac(text)
    }

    /// The codes of a text under the key that made the code `like`, and under each later one.
    pub fn macs_since(&self, like: &[u8], text: &[u8]) -> Vec<Vec<u8>> {
        let Some(first) = key_id(like).filter(|id| self.key(*id).is_some()) else {
            return Vec::new();
        };
        let keys = self.older.iter().chain(iter::once(&self.newest));
        let later = keys.filter(|key| key.id >= first);
        later.map(|key| key.mac(text)).collect()
    }

    /// Whether a code was made with a key that is retired since.
    pub fn is_retired(&self, mac: &[u8]) -> bool {
        let key = key_id(mac).and_then(|id| self.key(id));
        key.is_some_and(|key| key.retired)
    }

    /// Whether something was sealed, or a code made, with another key than the newest.
    pub fn is_outdated(&self, sealed: &[u8]) -> bool {
        key_id(sealed) != Some(self.newest.id)
    }

    /// The code of a text under the key that made the code `like`; `None` when the key file does not hold
    /// that key.
    pub fn mac_with_key_of(&self, like: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        Some(self.key(key_id(like)?)?.mac(text))
    }

    /// The tag of the envelope address of a mail: 80 bits of the code of its number, as small letters and digits. Mail
    /// servers may change the case of an address.
    pub fn bounce_tag(&self, mail: &MailId) -> String {
        bounce_tag(&self.newest, mail)
    }

    /// Whether it is the tag of this mail, under whichever key that is not retired.
    pub fn is_bounce_tag(&self, mail: &MailId, tag: &str) -> bool {
        let keys = iter::once(&self.newest).chain(&self.older);
        let tag = tag.to_ascii_lowercase();
        keys.filter(|key| !key.retired).any(|key| {
            bounce_tag(key, mail)
                .as_bytes()
                .ct_eq(tag.as_bytes())
                .into()
        })
    }

    /// The text of the key file with a new key behind the others.
    ///
    /// # Errors
    /// What the file holds is no key file.
    pub fn with_new_key(text: &str, entropy: &dyn Entropy) -> Result<String, VaultError> {
        let id = Self::parse(text)?.newest.id + 1;
        let key = Zeroizing::new(chance::bytes::<32>(entropy));
        let text = text.trim_end();
        Ok(format!("{text}\n{id} {}\n", BASE64.encode(&*key)))
    }

    /// The text of the key file with every key but the last one retired.
    ///
    /// # Errors
    /// What the file holds is no key file.
    pub fn with_retired_keys(text: &str) -> Result<String, VaultError> {
        let newest = Self::parse(text)?.newest.id;
        let line = |line: &str| match Key::parse(line) {
            Some(key) if key.id != newest && !key.retired => format!("{line} {RETIRED}\n"),
            _ => format!("{line}\n"),
        };
        Ok(text.lines().map(line).collect())
    }

    /// Puts a text in the place of the key file in one step, readable by those who could read it before.
    ///
    /// # Errors
    /// The file cannot be written; it is as it was then.
    pub fn replace_file(path: &Path, text: &str) -> Result<(), VaultError> {
        // A link to the file stays one.
        let path = &fs::canonicalize(path)?;
        let draft = path.with_extension(format!("new-{}", std::process::id()));
        let placed = Self::write_draft(path, &draft, text).and_then(|()| fs::rename(&draft, path));
        if placed.is_err() {
            let _ = fs::remove_file(&draft);
        }
        placed?;
        // What is sealed with a new key must not be on the disk before the key is.
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            fs::File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    fn write_draft(path: &Path, draft: &Path, text: &str) -> io::Result<()> {
        let before = fs::metadata(path)?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(draft)?;
        #[cfg(unix)]
        {
            let (user, group) = {
                use std::os::unix::fs::MetadataExt as _;
                (before.uid(), before.gid())
            };
            std::os::unix::fs::fchown(&file, Some(user), Some(group))?;
        }
        file.set_permissions(before.permissions())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({} keys)", 1 + self.older.len())
    }
}

/// The number of the key that sealed something or made a code: both begin with the format and the number.
pub(crate) fn key_id(made: &[u8]) -> Option<u32> {
    let (format, rest) = made.split_first()?;
    let (id, _) = rest.split_first_chunk::<4>()?;
    (*format == FORMAT).then(|| u32::from_be_bytes(*id))
}

/// The place of use of a mail in the outbox.
pub fn mail_place(mail: &MailId) -> String {
    format!("mail:{mail}")
}

/// The bytes of a tag, out of those of a code.
const TAG: usize = 10;

fn bounce_tag(key: &Key, mail: &MailId) -> String {
    let code = key.mac(format!("bounce:{mail}").as_bytes());
    let tag = code.get(code.len() - TAG..).unwrap_or_default();
    BASE32_NOPAD.encode(tag).to_ascii_lowercase()
}

impl mail::Seal for Vault {
    fn open(&self, mail: &MailId, sealed: &[u8]) -> Option<Vec<u8>> {
        Self::open(self, &mail_place(mail), sealed).map(|plain| plain.to_vec())
    }

    fn bounce_tag(&self, mail: &MailId) -> String {
        Self::bounce_tag(self, mail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);
    impl Entropy for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            for byte in buffer {
                *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    fn chance() -> Counting {
        Counting(std::sync::atomic::AtomicU8::new(7))
    }

    fn key(id: u32, byte: u8) -> String {
        format!("{id} {}\n", BASE64.encode(&[byte; 32]))
    }

    fn vault(text: &str) -> Vault {
        Vault::parse(text).expect("keys of the right form")
    }

    #[test]
    fn what_was_sealed_opens_only_in_its_place() {
        let vault = vault(&key(1, 1));
        let sealed = vault.seal("totp:a", b"secret", &chance());
        let opened = vault.open("totp:a", &sealed);
        assert_eq!(
            opened.as_ref().map(|plain| plain.as_slice()),
            Some(&b"secret"[..])
        );
        assert_eq!(vault.open("totp:b", &sealed), None);
        assert_eq!(vault.open("totp:a", &sealed[..10]), None);
        assert_eq!(vault.open("totp:a", b""), None);
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn an_older_key_still_opens() {
        let sealed = vault(&key(1, 1)).seal("x", b"kept", &chance());
        let rotated = vault(&(key(1, 1) + &key(2, 2)));
        assert!(rotated.open("x", &sealed).is_some());
        let renewed = rotated.seal("x", b"kept", &chance());
        assert_eq!(renewed[1..5], 2_u32.to_be_bytes());
        assert!(vault(&key(2, 2)).open("x", &sealed).is_none());
    }

    /// Red when the key of a tag is not looked up by its id, or the tag does not depend on it.
    #[test]
    fn a_tag_is_made_again_with_its_own_key_only() {
        let (first, second) = (vault(&key(1, 1)), vault(&key(2, 2)));
        let rotated = vault(&(key(1, 1) + &key(2, 2)));
        let tag = first.mac(b"line");
        assert_eq!(tag.len(), 37);
        assert_eq!(rotated.mac_with_key_of(&tag, b"line"), Some(tag.clone()));
        assert_ne!(rotated.mac_with_key_of(&tag, b"another"), Some(tag.clone()));
        assert_eq!(rotated.mac(b"line"), second.mac(b"line"));
        assert_eq!(second.mac_with_key_of(&tag, b"line"), None);
        assert_eq!(first.mac_with_key_of(&tag[..4], b"line"), None);
        // Another key under the same id is another key.
        assert_ne!(vault(&key(1, 9)).mac_with_key_of(&tag, b"line"), Some(tag));
    }

    #[test]
    fn a_damaged_file_is_named_by_line() {
        let damaged = Vault::parse(&(key(1, 1) + "2 rubbish\n"));
        assert!(matches!(damaged, Err(VaultError::Damaged { line: 2 })));
        assert!(matches!(Vault::parse("\n"), Err(VaultError::Empty)));
        let doubled = Vault::parse(&(key(3, 1) + &key(1, 2) + &key(3, 3)));
        assert!(matches!(doubled, Err(VaultError::Doubled { id: 3 })));
    }

    /// Red when the order of the keys or the state of the last one is not looked at: the last key seals and signs, so it
    /// must be the newest, and one that opens.
    #[test]
    fn the_last_key_is_the_newest_and_not_retired() {
        let falling = Vault::parse(&(key(1, 1) + &key(3, 3) + &key(2, 2)));
        assert!(matches!(falling, Err(VaultError::Falling { id: 2 })));
        let gone = format!("{} {RETIRED}\n", key(2, 2).trim_end());
        let retired = Vault::parse(&(key(1, 1) + &gone));
        assert!(matches!(retired, Err(VaultError::Retired)));
        assert!(matches!(Vault::parse(&gone), Err(VaultError::Retired)));
        assert!(Vault::parse(&(gone + &key(3, 3))).is_ok());
    }

    /// Red when the mode is not looked at.
    #[cfg(unix)]
    #[test]
    fn a_file_that_everybody_can_read_is_refused() -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let path = std::env::temp_dir().join(format!("bpart-key-{}", std::process::id()));
        assert!(matches!(Vault::from_file(&path), Ok(None)));
        fs::write(&path, key(1, 1))?;
        for (mode, is_fit) in [
            (0o600, true),
            (0o400, true),
            (0o440, true),
            (0o644, false),
            (0o604, false),
            (0o660, false),
        ] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
            let read = Vault::from_file(&path);
            let refused = matches!(read, Err(VaultError::Open));
            assert_eq!((read.is_ok(), refused), (is_fit, !is_fit), "{mode:o}");
        }
        fs::remove_file(path)
    }
}
