//! The settings as they are written, each with the place where it stands.

use super::{ConfigError, environment, error::wrong, providers};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt, fs,
    path::{Path, PathBuf},
};
use toml::{Spanned, Value};

/// What may be shown of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// All of it.
    Whole,
    /// All but the password in an address.
    WithoutPassword,
    /// Nothing.
    Nothing,
}

/// A setting that the program knows.
#[derive(Debug)]
pub(super) struct Known {
    /// Its name in the file; in the environment it is in capitals, with `BPART_` before it.
    pub(super) name: &'static str,
    /// What it is when nobody sets it.
    pub(super) default: Option<&'static str>,
    /// What may be shown of it.
    pub(super) shown: Shown,
}

const fn known(name: &'static str, default: Option<&'static str>) -> Known {
    let shown = Shown::Whole;
    Known {
        name,
        default,
        shown,
    }
}

/// Every setting, in the order in which they are shown.
pub(super) const KNOWN: [Known; 25] = [
    Known {
        name: "database_url",
        default: Some("sqlite:data/bpart.db"),
        shown: Shown::WithoutPassword,
    },
    known("listen", Some("127.0.0.1:3000")),
    known("metrics_listen", None),
    known("public_url", Some("http://localhost:3000")),
    known("allow_http", Some("no")),
    known("allow_other_keys", Some("no")),
    known("secret_key_file", Some("data/secret.key")),
    Known {
        name: "smtp_url",
        default: None,
        shown: Shown::WithoutPassword,
    },
    known("mail_from", None),
    known("mail_bounces", None),
    known("lmtp_listen", None),
    known("support_email", Some("support@bpart.be")),
    known("brand_name", Some("Bpart")),
    known("trusted_proxies", None),
    known("argon2", Some("m=19456,t=2,p=1")),
    known("breach_check_url", None),
    known("check_mail_domains", Some("yes")),
    known("google_client_id", None),
    Known {
        name: "google_client_secret",
        default: None,
        shown: Shown::Nothing,
    },
    known("google_issuer", Some(providers::GOOGLE)),
    known("microsoft_client_id", None),
    Known {
        name: "microsoft_client_secret",
        default: None,
        shown: Shown::Nothing,
    },
    known("microsoft_authority", Some(providers::MICROSOFT)),
    known("microsoft_tenants", None),
    known("log", Some("info")),
];

/// Where the value of a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// The program.
    Default,
    /// A line of the settings file, counted from one.
    File(PathBuf, usize),
    /// A variable of the environment.
    Variable,
}

/// Values of settings, by their names.
#[derive(Clone)]
pub(super) struct Written(BTreeMap<&'static str, (String, Source)>);

impl Written {
    /// Reads the file, if one is named, and the environment, which wins.
    ///
    /// # Errors
    /// A file that is not of text in TOML, a name that nobody knows, a value that is not text or holds signs that nobody
    /// sees.
    pub(super) fn read(
        file: Option<&Path>,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let defaults = KNOWN.iter().filter_map(|known| {
            let value = known.default?.to_owned();
            Some((known.name, (value, Source::Default)))
        });
        let mut written = Self(defaults.collect());
        if let Some(path) = file {
            written.add_file(path)?;
        }
        for (name, value) in environment::settings(variables)? {
            let place = variable(&name);
            let name = name_of(&name).ok_or_else(|| ConfigError::Unknown(place.clone()))?;
            written.add(name, value, Source::Variable)?;
        }
        Ok(written)
    }

    fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let text = fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        let line_at = |offset: usize| text.as_bytes()[..offset].split(|b| *b == b'\n').count();
        let table: BTreeMap<Spanned<String>, Value> =
            toml::from_str(&text).map_err(|error| ConfigError::Syntax {
                path: path.to_owned(),
                line: error.span().map_or(1, |span| line_at(span.start)),
                why: error.message().to_owned(),
            })?;
        for (name, value) in table {
            let line = line_at(name.span().start);
            let place = in_file(name.get_ref(), path, line);
            let known =
                name_of(name.get_ref()).ok_or_else(|| ConfigError::Unknown(place.clone()))?;
            let Value::String(value) = value else {
                let expected = format!("write it in quotes, like {known} = \"…\"");
                return Err(wrong(place, &expected));
            };
            // As in the environment, nothing is no value.
            if !value.is_empty() {
                self.add(known, value, Source::File(path.to_owned(), line))?;
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        name: &'static str,
        value: String,
        source: Source,
    ) -> Result<(), ConfigError> {
        if value.contains(char::is_control) {
            // A file of variables with the line ends of another system, most often.
            let why = "it holds a line end or another sign that nobody sees";
            return Err(wrong(place(name, &source), why));
        }
        if value.trim() != value {
            let why = "it begins or ends with a space";
            return Err(wrong(place(name, &source), why));
        }
        self.0.insert(name, (value, source));
        Ok(())
    }

    /// The value of a setting, unless there is none.
    pub(super) fn get(&self, name: &'static str) -> Option<&str> {
        self.0.get(name).map(|(value, _)| value.as_str())
    }

    /// The value of a setting, unless it is the default.
    pub(super) fn unless_default(&self, name: &'static str) -> Option<String> {
        let default = KNOWN.iter().find(|known| known.name == name)?.default;
        let set = self.get(name).filter(|value| Some(*value) != default);
        set.map(str::to_owned)
    }

    /// The value of a setting that has a default.
    pub(super) fn text(&self, name: &'static str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The same, as its own text.
    pub(super) fn owned(&self, name: &'static str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// Names the place where a value stands that was found wrong: checks know it by its variable.
    pub(super) fn placed(&self, error: ConfigError) -> ConfigError {
        let ConfigError::Value { name, why } = error else {
            return error;
        };
        let known = KNOWN.iter().find(|known| variable(known.name) == name);
        let source = known.and_then(|known| Some((known.name, &self.0.get(known.name)?.1)));
        match source {
            Some((known, source)) => wrong(place(known, source), &why),
            None => ConfigError::Value { name, why },
        }
    }

    /// Each setting as it would stand in the file, and where its value comes from.
    pub(super) fn lines(&self) -> impl Iterator<Item = (Option<&Source>, String)> {
        KNOWN.iter().map(|known| match self.0.get(known.name) {
            None => (None, format!("# {} is not set", known.name)),
            Some((value, source)) => {
                let value = Value::String(known.shown.apply(value));
                (Some(source), format!("{} = {value}", known.name))
            }
        })
    }
}

impl Shown {
    fn apply(self, value: &str) -> String {
        match self {
            Self::Whole => value.to_owned(),
            Self::WithoutPassword => without_password(value),
            Self::Nothing => "…".to_owned(),
        }
    }
}

/// An address without the password in it, and without a query, which may hold one too. Whatever stands before the last
/// `@` counts as user and password: signs that belong there are often written as they are.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        let is_path = address.starts_with("sqlite:");
        return if is_path { address } else { "…" }.to_owned();
    };
    let (user, host) = rest
        .rsplit_once('@')
        .map_or((None, rest), |(user, host)| (Some(user), host));
    let host = match host.split_once('?') {
        Some((before, _)) => format!("{before}?…"),
        None => host.to_owned(),
    };
    match user.map(|user| {
        user.split_once(':')
            .map_or((user, ""), |(name, _)| (name, ":…"))
    }) {
        Some((name, password)) => format!("{scheme}://{name}{password}@{host}"),
        None => format!("{scheme}://{host}"),
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => write!(f, "{}, line {line}", path.display()),
            Self::Variable => f.write_str("environment"),
        }
    }
}

fn name_of(written: &str) -> Option<&'static str> {
    let known = KNOWN.iter().find(|known| known.name == written);
    known.map(|known| known.name)
}

/// What a setting is called in the environment.
fn variable(name: &str) -> String {
    format!("{}{}", environment::PREFIX, name.to_uppercase())
}

fn in_file(name: &str, path: &Path, line: usize) -> String {
    format!("{name} in {}, line {line},", path.display())
}

fn place(name: &str, source: &Source) -> String {
    match source {
        Source::File(path, line) => in_file(name, path, *line),
        Source::Default | Source::Variable => variable(name),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    /// Red when a sign that nobody encoded cuts the password in two.
    #[test]
    fn no_part_of_a_password_is_shown() {
        for (address, shown) in [
            ("sqlite:data/bpart.db", "sqlite:data/bpart.db"),
            ("postgres://db/bpart", "postgres://db/bpart"),
            ("postgres://me@db/bpart", "postgres://me@db/bpart"),
            ("postgres://me:hu?sh@db/bpart", "postgres://me:…@db/bpart"),
            ("postgres://me:hu/s@h@db/bpart", "postgres://me:…@db/bpart"),
            ("postgres://me:hu:sh@db?a=b", "postgres://me:…@db?…"),
            ("postgres://db/bpart?password=hush", "postgres://db/bpart?…"),
            ("postgres://me:hush@db?options=a@b", "postgres://me:…@b"),
            ("smtp:me:hush@mail.example.org", "…"),
        ] {
            assert_eq!(without_password(address), shown, "{address}");
        }
    }
}
