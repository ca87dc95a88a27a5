//! Dates and times in the reader's form.
//!
//! Times are stored in UTC and shown in the zone of the platform, which serves organisations
//! of one country. Both languages are here, so that pages and mails agree.

use crate::{Locale, Timestamp};
use jiff::{Zoned, tz::TimeZone};

/// The zone in which times are shown.
const ZONE: &str = "Europe/Brussels";

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

fn zoned(at: Timestamp) -> Zoned {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    jiff::Timestamp::from_millisecond(at.as_millis())
        .unwrap_or_default()
        .to_zoned(zone)
}

/// A day: `3 May 2026`, `3 mai 2026`, `1er mai 2026`.
pub fn day(at: Timestamp, locale: Locale) -> String {
    let at = zoned(at);
    let month = usize::try_from(at.month() - 1).unwrap_or(0);
    match (locale, at.day()) {
        (Locale::En, day) => format!("{day} {} {}", MONTHS_EN[month], at.year()),
        (Locale::Fr, 1) => format!("1er {} {}", MONTHS_FR[month], at.year()),
        (Locale::Fr, day) => format!("{day} {} {}", MONTHS_FR[month], at.year()),
    }
}

/// A moment: `3 May 2026 at 14:05`, `3 mai 2026 à 14 h 05`.
pub fn moment(at: Timestamp, locale: Locale) -> String {
    let time = zoned(at);
    let (hour, minute) = (time.hour(), time.minute());
    match locale {
        Locale::En => format!("{} at {hour:02}:{minute:02}", day(at, locale)),
        // The hour keeps together: U+00A0 on both sides of the h.
        Locale::Fr => format!("{} à {hour}\u{a0}h\u{a0}{minute:02}", day(at, locale)),
    }
}

/// A moment for machines, as in `<time datetime>` (RFC 3339, UTC).
pub fn machine(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .unwrap_or_default()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-21T20:45:00Z, winter time.
    const EVENING: Timestamp = Timestamp::from_seconds(1_795_293_900);

    #[test]
    fn each_language_has_its_form() {
        assert_eq!(moment(EVENING, Locale::En), "21 November 2026 at 21:45");
        assert_eq!(
            moment(EVENING, Locale::Fr),
            "21 novembre 2026 à 21\u{a0}h\u{a0}45"
        );
        assert_eq!(machine(EVENING), "2026-11-21T20:45:00Z");
    }

    #[test]
    fn the_first_of_a_month_is_ordinal_in_french() {
        let first_of_may = Timestamp::from_seconds(1_777_629_600);
        assert_eq!(day(first_of_may, Locale::Fr), "1er mai 2026");
    }
}
