//! The day on which the text of an article last changed.

use std::fmt;

/// A calendar day, shown as `23/05/2024` in both languages.
///
/// Only what an article needs: the front matter is TOML, whose reader has already refused the thirtieth of
/// February.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Reads the day of a TOML date; a date with a time of day is refused.
    pub(crate) fn from_toml(datetime: &toml::value::Datetime) -> Option<Self> {
        if datetime.time.is_some() {
            return None;
        }
        datetime.date.map(|date| Self {
            year: date.year,
            month: date.month,
            day: date.day,
        })
    }

    /// The machine's form, `2024-05-23`, for `<time datetime>`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}/{:04}", self.day, self.month, self.year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Date> {
        text.parse().ok().as_ref().and_then(Date::from_toml)
    }

    #[test]
    fn a_day_is_shown_day_first_and_given_to_machines_year_first() {
        let date = read("2024-05-23");
        assert_eq!(date.map(|d| d.to_string()).as_deref(), Some("23/05/2024"));
        assert_eq!(date.map(Date::iso).as_deref(), Some("2024-05-23"));
    }

    #[test]
    fn a_time_of_day_or_an_impossible_day_is_refused() {
        assert_eq!(read("2024-05-23T10:00:00"), None);
        assert_eq!(read("2024-02-30"), None);
    }
}
