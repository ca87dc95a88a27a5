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

/// A time of day: `14:05`, `14 h 05`.
pub fn time(at: Timestamp, locale: Locale) -> String {
    let time = zoned(at);
    let (hour, minute) = (time.hour(), time.minute());
    match locale {
        Locale::En => format!("{hour:02}:{minute:02}"),
        // The hour keeps together: U+00A0 on both sides of the h.
        Locale::Fr => format!("{hour}\u{a0}h\u{a0}{minute:02}"),
    }
}

/// When the day of a moment begins.
pub fn day_begins(at: Timestamp) -> Timestamp {
    let begins = zoned(at).start_of_day();
    begins.map_or(at, |begins| {
        Timestamp::from_millis(begins.timestamp().as_millisecond())
    })
}

/// A moment: `3 May 2026 at 14:05`, `3 mai 2026 à 14 h 05`.
pub fn moment(at: Timestamp, locale: Locale) -> String {
    let (day, time) = (day(at, locale), time(at, locale));
    match locale {
        Locale::En => format!("{day} at {time}"),
        Locale::Fr => format!("{day} à {time}"),
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

    /// Red when a day begins at midnight of another zone, or has 24 hours on the day on which clocks change.
    #[test]
    fn a_day_begins_at_midnight_in_the_zone_of_the_platform() {
        let midnight = Timestamp::from_seconds(1_795_215_600);
        assert_eq!(machine(midnight), "2026-11-20T23:00:00Z");
        assert_eq!(day_begins(EVENING), midnight);
        assert_eq!(day_begins(midnight), midnight);
        // 2026-10-25 has 25 hours.
        let last_hour = Timestamp::from_seconds(1_792_879_200 + 24 * 3600);
        assert_eq!(machine(day_begins(last_hour)), "2026-10-24T22:00:00Z");
    }

    #[test]
    fn the_first_of_a_month_is_ordinal_in_french() {
        let first_of_may = Timestamp::from_seconds(1_777_629_600);
        assert_eq!(day(first_of_may, Locale::Fr), "1er mai 2026");
    }
}
