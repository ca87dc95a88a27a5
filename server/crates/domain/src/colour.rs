//! The colour of an organisation: readable as text and behind text, in light and in dark pages.
//!
//! Readable is a contrast of 4.5 to 1 (WCAG 2.2, success criterion 1.4.3). Shades are looked for in Oklch, where
//! lightness changes alone and the hue stays what people see.

use palette::{
    Clamp as _, FromColor as _, IsWithinBounds as _, Oklch, Srgb,
    color_difference::Wcag21RelativeContrast as _,
};
use std::fmt;

/// The least contrast of text.
const READABLE: f32 = 4.5;
/// The grounds on which links and buttons stand in light pages: `style/tokens.css`, `--paper`, `--surface`, `--tint`.
const LIGHT: [Colour; 3] = [
    Colour([0xfb, 0xf8, 0xf3]),
    Colour([0xff, 0xff, 0xff]),
    Colour([0xef, 0xe9, 0xdf]),
];
/// The same in dark pages.
const DARK: [Colour; 3] = [
    Colour([0x14, 0x18, 0x1d]),
    Colour([0x1d, 0x23, 0x2a]),
    Colour([0x29, 0x31, 0x3a]),
];
/// The text on a button in light pages.
const WHITE: Colour = Colour([0xff, 0xff, 0xff]);
/// The text on a button in dark pages.
const NIGHT: Colour = Colour([0x14, 0x18, 0x1d]);
/// The steps of lightness in which a shade is looked for, of 0 to 1.
const STEP: f32 = 0.004;
/// How much a button changes under the pointer.
const HOVER: f32 = 0.07;

/// A colour of the screen: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// Parses six hexadecimal digits, with or without `#`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let is_hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// The contrast with another colour, from 1 to 21.
    pub fn contrast(self, other: Self) -> f32 {
        self.linear().relative_contrast(other.linear())
    }

    /// Whether links of this colour and white text on it can be read in light pages.
    pub fn is_readable(self) -> bool {
        self.least_contrast(LIGHT, WHITE) >= READABLE
    }

    /// The shade nearest to this colour that can be read in light pages: itself, or a darker one.
    #[must_use]
    pub fn nearest_readable(self) -> Self {
        self.shade(-STEP, Self::is_readable)
    }

    /// The shade for dark pages: itself, or a lighter one.
    #[must_use]
    pub fn for_dark(self) -> Self {
        self.shade(STEP, |shade| shade.least_contrast(DARK, NIGHT) >= READABLE)
    }

    /// A style sheet that gives links and buttons this colour, readable in light and in dark pages whatever it is.
    pub fn style_sheet(self) -> String {
        let (light, dark) = (self.nearest_readable(), self.for_dark());
        format!(
            ":root{{--action:{light};--action-hover:{};--on-action:{WHITE}}}\
             @media (prefers-color-scheme:dark){{:root{{--action:{dark};--action-hover:{};--on-action:{NIGHT}}}}}",
            light.moved(-HOVER),
            dark.moved(HOVER),
        )
    }

    /// The least contrast with the grounds, and of the text on it.
    fn least_contrast(self, grounds: [Self; 3], text: Self) -> f32 {
        let contrasts = grounds.map(|ground| self.contrast(ground));
        contrasts.into_iter().fold(self.contrast(text), f32::min)
    }

    /// The first shade that fits, in steps of lightness. Black and white fit in the end.
    fn shade(self, step: f32, fits: impl Fn(Self) -> bool) -> Self {
        let mut shade = self;
        let mut moved = 0.0;
        while !fits(shade) && f32::abs(moved) <= 1.0 {
            moved += step;
            shade = self.moved(moved);
        }
        shade
    }

    /// The same hue in another lightness, with as much of its strength as screens can show.
    fn moved(self, by: f32) -> Self {
        let Self([red, green, blue]) = self;
        let rgb = Srgb::new(red, green, blue).into_format::<f32>();
        let mut oklch = Oklch::from_color(rgb);
        oklch.l = (oklch.l + by).clamp(0.0, 1.0);
        while oklch.chroma > 0.0 && !Srgb::from_color(oklch).is_within_bounds() {
            oklch.chroma -= STEP;
        }
        let rgb: Srgb<u8> = Srgb::from_color(oklch).clamp().into_format();
        Self([rgb.red, rgb.green, rgb.blue])
    }

    fn linear(self) -> palette::LinSrgb {
        let Self([red, green, blue]) = self;
        Srgb::new(red, green, blue).into_linear()
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).expect("a colour")
    }

    #[test]
    fn colours_are_six_digits() {
        assert_eq!(colour("#0b5c63").to_string(), "#0b5c63");
        assert_eq!(colour("0B5C63").to_string(), "#0b5c63");
        for odd in ["", "#fff", "#0b5c6", "+b5c63", "#0b5c63;", "##0b5c6", "red"] {
            assert_eq!(Colour::parse(odd), None, "{odd}");
        }
    }

    /// The figures of the definition: black on white is 21, a colour on itself 1.
    #[test]
    fn the_contrast_is_that_of_the_guidelines() {
        let (black, white) = (colour("#000000"), colour("#ffffff"));
        assert!((black.contrast(white) - 21.0).abs() < 0.01);
        assert!((white.contrast(white) - 1.0).abs() < 0.01);
        assert!((colour("#767676").contrast(white) - 4.54).abs() < 0.01);
    }

    #[test]
    fn the_nearest_readable_shade_keeps_the_hue_and_no_more_distance_than_needed() {
        let own = colour("#0b5c63");
        assert!(own.is_readable());
        assert_eq!(own.nearest_readable(), own);
        let yellow = colour("#ffcc00");
        assert!(!yellow.is_readable());
        let shade = yellow.nearest_readable();
        assert!(shade.is_readable());
        let Colour([red, green, blue]) = shade;
        assert!(red > green && green > blue, "{shade}");
        assert!(!shade.moved(2.0 * STEP).is_readable(), "{shade}");
    }

    /// Red when any of 4 096 colours gives a page that cannot be read.
    #[test]
    fn every_colour_gives_readable_pages() {
        let levels = || (0..16_u8).map(|level| level * 17);
        for red in levels() {
            for green in levels() {
                for blue in levels() {
                    let colour = Colour([red, green, blue]);
                    assert!(colour.nearest_readable().is_readable(), "{colour}");
                    let dark = colour.for_dark();
                    assert!(dark.least_contrast(DARK, NIGHT) >= READABLE, "{colour}");
                }
            }
        }
    }
}
