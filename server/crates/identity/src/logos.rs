//! Logos of organisations: PNG files, drawn anew before they are stored.
//!
//! What is stored holds pixels alone: no text, no place where a picture was taken, and nothing behind its end that another
//! program could read as a page or a script (OWASP File Upload).

use data_encoding::HEXLOWER;
use domain::Logo;
use png::{
    BitDepth, ColorType, Compression, Decoder, DecodingError, Encoder, Limits, Transformations,
};
use sha2::{Digest as _, Sha256};
use std::io::Cursor;

/// The largest file, in bytes: every page of the organisation loads it.
pub const MOST_BYTES: usize = 256 * 1024;
/// As much memory is used at most while a file is read.
const MEMORY: usize = 16 * 1024 * 1024;

/// Why a file is no logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// It is no PNG file.
    #[error("a logo is a PNG file")]
    NotPng,
    /// It has too many bytes or pixels.
    #[error("a logo has at most 256 KiB and 1,200 by 600 pixels")]
    TooLarge,
}

/// A logo as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnLogo {
    /// Its name.
    pub name: Logo,
    /// The PNG file.
    pub(crate) content: Vec<u8>,
}

impl DrawnLogo {
    /// Draws the picture of a PNG file anew.
    ///
    /// # Errors
    /// [`LogoError`].
    pub fn of_png(file: &[u8]) -> Result<Self, LogoError> {
        if file.len() > MOST_BYTES {
            return Err(LogoError::TooLarge);
        }
        let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: MEMORY });
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let (width, height) = reader.info().size();
        if width > Logo::MOST_WIDTH || height > Logo::MOST_HEIGHT {
            return Err(LogoError::TooLarge);
        }
        let size = reader.output_buffer_size().ok_or(LogoError::TooLarge)?;
        let mut pixels = vec![0; size];
        let frame = reader.next_frame(&mut pixels)?;
        pixels.truncate(frame.buffer_size());
        let content = encoded(&pixels, (width, height), frame.color_type)?;
        if content.len() > MOST_BYTES {
            return Err(LogoError::TooLarge);
        }
        let hash = HEXLOWER.encode(&Sha256::digest(&content));
        Ok(Self {
            name: Logo::new(&hash, width, height),
            content,
        })
    }
}

impl From<DecodingError> for LogoError {
    fn from(error: DecodingError) -> Self {
        match error {
            DecodingError::LimitsExceeded => Self::TooLarge,
            _ => Self::NotPng,
        }
    }
}

fn encoded(
    pixels: &[u8],
    (width, height): (u32, u32),
    colours: ColorType,
) -> Result<Vec<u8>, LogoError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(colours);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    written.map_err(|_| LogoError::NotPng)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A red picture, and whatever follows its end.
    fn picture(width: u32, height: u32, rest: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, width, height);
        encoder.set_color(ColorType::Rgb);
        encoder
            .add_text_chunk("Comment".to_owned(), "Taken at home".to_owned())
            .expect("a picture is drawn");
        let pixels = [200, 30, 30].repeat((width * height) as usize);
        let mut writer = encoder.write_header().expect("a picture is drawn");
        writer
            .write_image_data(&pixels)
            .expect("a picture is drawn");
        writer.finish().expect("a picture is drawn");
        file.extend_from_slice(rest);
        file
    }

    /// Red when something of a file is stored that no eye sees.
    #[test]
    fn a_logo_is_stored_as_pixels_alone() {
        let file = picture(12, 4, b"<script>alert(1)</script>");
        let drawn = DrawnLogo::of_png(&file).expect("a picture is drawn");
        assert_eq!((drawn.name.width, drawn.name.height), (12, 4));
        for hidden in ["Taken at home", "<script>"] {
            let hidden = hidden.as_bytes();
            assert!(
                !drawn
                    .content
                    .windows(hidden.len())
                    .any(|part| part == hidden)
            );
        }
        assert_eq!(DrawnLogo::of_png(&drawn.content), Ok(drawn));
    }

    #[test]
    fn what_is_no_logo_is_refused() {
        let whole = picture(12, 4, b"");
        for other in [&b"GIF89a"[..], b"<svg/>", b"", &whole[..40]] {
            assert_eq!(DrawnLogo::of_png(other), Err(LogoError::NotPng));
        }
        let wide = picture(Logo::MOST_WIDTH + 1, 1, b"");
        assert_eq!(DrawnLogo::of_png(&wide), Err(LogoError::TooLarge));
        let heavy = vec![0; MOST_BYTES + 1];
        assert_eq!(DrawnLogo::of_png(&heavy), Err(LogoError::TooLarge));
    }
}
