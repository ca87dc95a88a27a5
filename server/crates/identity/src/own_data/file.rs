//! The data as a file: JSON of a documented, stable form (`docs/own-data.md`).
//!
//! `format` and `version` come first; a field that is added does not change the version, one that
//! means something else or goes does. Times are UTC as in RFC 3339; what is not there is `null`.

use super::{Group, OwnData, Record, Value};
use domain::calendar;
use serde::{Serialize, Serializer, ser::SerializeMap as _};

/// What the file is.
const FORMAT: &str = "bpart-own-data";
/// Which form of it.
const VERSION: u32 = 1;

impl Serialize for OwnData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", FORMAT)?;
        map.serialize_entry("version", &VERSION)?;
        map.serialize_entry("made_at", &calendar::machine(self.at))?;
        for (group, records) in &self.groups.0 {
            let records: Vec<Fields<'_>> = records.iter().map(Fields).collect();
            match records.as_slice() {
                [one] if is_one(*group) => map.serialize_entry(group.as_str(), one)?,
                many => map.serialize_entry(group.as_str(), many)?,
            }
        }
        map.end()
    }
}

/// Whether an account has exactly one of these: an object, where others are lists.
const fn is_one(group: Group) -> bool {
    matches!(group, Group::Account | Group::SecondFactor | Group::Others)
}

struct Fields<'a>(&'a Record);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, value) in self.0 {
            map.serialize_entry(field.as_str(), value)?;
        }
        map.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Text(text) | Self::Code(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Time(at) => serializer.serialize_str(&calendar::machine(*at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own_data::{Field, Groups};
    use domain::Timestamp;

    #[test]
    fn the_file_says_what_it_is_and_keeps_its_order() {
        let at = Timestamp::from_seconds(1_795_293_900);
        let account = vec![
            (Field::Name, Value::Text("Zoë".to_owned())),
            (Field::ConfirmedAt, Value::None),
        ];
        let device = vec![(Field::LastSeenAt, Value::Time(at))];
        let data = OwnData {
            at,
            groups: Groups(vec![
                (Group::Account, vec![account]),
                (Group::Devices, vec![device]),
                (Group::Mails, Vec::new()),
            ]),
            left_out: 0,
        };
        let json = serde_json::to_string(&data).expect("texts and numbers");
        assert_eq!(
            json,
            "{\"format\":\"bpart-own-data\",\"version\":1,\"made_at\":\"2026-11-21T20:45:00Z\",\
            \"account\":{\"name\":\"Zoë\",\"email_confirmed_at\":null},\
            \"devices\":[{\"last_seen_at\":\"2026-11-21T20:45:00Z\"}],\"mails\":[]}"
        );
    }
}
