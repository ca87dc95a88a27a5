//! The name of an organisation's logo: a hash of the file, so that browsers keep it for ever, and its size in pixels, so that
//! a page leaves room for it.

use std::fmt;

/// The name of a logo, `0123456789abcdef-120x40`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    hash: String,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Logo {
    /// The most pixels from left to right.
    pub const MOST_WIDTH: u32 = 1_200;
    /// The most pixels from top to bottom.
    pub const MOST_HEIGHT: u32 = 600;
    const DIGITS: usize = 16;

    /// The name of a file with this SHA-256 hash, in hexadecimal digits.
    pub fn new(hash: &str, width: u32, height: u32) -> Self {
        Self {
            hash: hash.chars().take(Self::DIGITS).collect(),
            width,
            height,
        }
    }

    /// Parses a name; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (hash, size) = text.split_once('-')?;
        let (width, height) = size.split_once('x')?;
        let is_hash = hash.len() == Self::DIGITS && hash.bytes().all(|c| c.is_ascii_hexdigit());
        is_hash.then_some(Self {
            hash: hash.to_owned(),
            width: width.parse().ok()?,
            height: height.parse().ok()?,
        })
    }
}

impl fmt::Display for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}x{}", self.hash, self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::Logo;

    #[test]
    fn a_name_is_parsed_as_it_was_written() {
        let logo = Logo::new("0123456789abcdef0123", 120, 40);
        assert_eq!(logo.to_string(), "0123456789abcdef-120x40");
        assert_eq!(Logo::parse(&logo.to_string()), Some(logo));
        for other in [
            "",
            "0123456789abcdef",
            "../../etc-1x1",
            "0123456789abcdef-1",
        ] {
            assert_eq!(Logo::parse(other), None, "{other}");
        }
    }
}
