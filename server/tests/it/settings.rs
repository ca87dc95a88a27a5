//! What the program says of its settings, and what it refuses to serve.

use crate::support::write_key_file;
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A folder of one test.
struct Place(PathBuf);

impl Place {
    fn make(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("bpart-{name}-{}", std::process::id()));
        fs::remove_dir_all(&path).ok();
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Runs the program with nothing but these variables, in this folder.
fn run(
    arguments: &[&str],
    folder: &Path,
    variables: &[(&str, &str)],
) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_bpart"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

/// Red when a look makes the database or the key file, or a setting is shown otherwise than it would be written.
#[test]
fn settings_are_shown_as_they_would_be_written_and_nothing_is_made() {
    let place = Place::make("shown");
    fs::write(
        place.0.join("bpart.toml"),
        "# ours\nbrand_name = \"Quai\"\nsmtp_url = \"smtp://me:hush@mail.example.org:587\"\n",
    )
    .unwrap();
    let variables = [
        ("BPART_DATABASE_URL", "sqlite:data/our.db"),
        ("BPART_PUBLIC_URL", "https://door.example.org"),
        ("BPART_TRUSTED_PROXIES", "10.0.0.0/8"),
        ("BPART_GOOGLE_CLIENT_ID", "door"),
        ("BPART_GOOGLE_CLIENT_SECRET", "hush"),
    ];
    let arguments = ["--config", "bpart.toml", "check-config"];
    let (code, said, error) = run(&arguments, &place.0, &variables);
    assert_eq!(code, Some(0), "{said}{error}");
    for line in [
        "database_url = \"sqlite:data/our.db\"  # environment",
        "listen = \"127.0.0.1:3000\"  # default",
        "brand_name = \"Quai\"  # bpart.toml, line 2",
        "smtp_url = \"smtp://me:…@mail.example.org:587\"  # bpart.toml, line 3",
        "google_client_secret = \"…\"  # environment",
        "argon2 = \"m=19456,t=2,p=1\"  # default",
        "# mail_from is not set",
        "There is no key file yet: it is made at the first start.",
        "There is no database yet: it is made at the first start.",
        "The settings can be used.",
    ] {
        assert!(said.lines().any(|said| said == line), "{line} in {said}");
    }
    assert!(!said.contains("hush"), "{said}");
    assert_eq!(place.names(), ["bpart.toml"]);
    // What was shown can be written.
    let listed = said.lines().filter(|line| line.contains(" = "));
    let again: Vec<&str> = listed.filter(|line| !line.contains('…')).collect();
    fs::write(place.0.join("again.toml"), again.join("\n")).unwrap();
    let arguments = ["--config", "again.toml", "check-config"];
    let smtp = ("BPART_SMTP_URL", "smtp://localhost");
    let secret = ("BPART_GOOGLE_CLIENT_SECRET", "hush");
    let (code, said, error) = run(&arguments, &place.0, &[smtp, secret]);
    assert_eq!(code, Some(0), "{said}{error}");
}

/// Red when one of them starts, or is refused only once it serves.
#[test]
fn what_cannot_be_used_is_refused_by_name_and_line() {
    let place = Place::make("refused");
    let folder = place.0.join("folder");
    fs::create_dir(&folder).unwrap();
    fs::write(place.0.join("rubbish"), "rubbish").unwrap();
    write_key_file(&place.0.join("rubbish.key"), "rubbish");
    symlink(place.0.join("nothing"), place.0.join("dangling")).unwrap();
    let latin = "postgres://u:p#w@localhost/bpart";
    for (name, value, told) in [
        ("BPART_DATABASE_URL", "sqlite:b.db?mode=rwc", "without"),
        ("BPART_DATABASE_URL", "sqlite:file:/b.db", "without"),
        ("BPART_DATABASE_URL", "sqlite:", "expected a path"),
        ("BPART_DATABASE_URL", "sqlite:folder", "it is a folder"),
        ("BPART_DATABASE_URL", "sqlite:dangling", "leads nowhere"),
        ("BPART_DATABASE_URL", "sqlite:rubbish/b.db", "is no folder"),
        ("BPART_DATABASE_URL", latin, "write # as %23"),
        (
            "BPART_SECRET_KEY_FILE",
            "folder",
            "BPART_SECRET_KEY_FILE folder",
        ),
        ("BPART_SECRET_KEY_FILE", "rubbish.key", "damaged in line 1"),
        ("BPART_LOG", "in fo=:,", "expected off"),
        ("BPART_LOG", "debgu", "expected off"),
        ("BPART_LISTEN", "127.0.0.1:3000\r", "a line end"),
        ("BPART_BRAND_NAME", " Quai", "a space"),
        (
            "BPART_SMTP_URL",
            "smtp://u:p@ss#word@host:587",
            "write # as %23",
        ),
        (
            "BPART_PUBLIC_URL",
            "http://localhost/#here",
            "without a path",
        ),
        ("BPART_PUBLIC_URL", "http://me:@localhost", "without a path"),
        (
            "BPART_PUBLIC_URL",
            "http://localhost/town",
            "without a path",
        ),
        ("BPART_ALLOW_HTTP", "perhaps", "yes or no"),
    ] {
        for command in ["check-config", "serve"] {
            let (code, said, error) = run(&[command], &place.0, &[(name, value)]);
            assert_eq!(code, Some(1), "{command} {name}={value}: {said}");
            assert!(
                error.contains(name) && error.contains(told),
                "{value}: {error}"
            );
        }
    }
    for (text, told) in [
        (
            "brand_name = \"Quai\"\nlisten = 3000\n",
            "listen in bpart.toml, line 2, is wrong: write it in quotes",
        ),
        (
            "\n\nlisten = \"3000\"\n",
            "listen in bpart.toml, line 3, is wrong: expected an address",
        ),
        (
            "listn = \"127.0.0.1:3000\"\n",
            "listn in bpart.toml, line 1, is no setting",
        ),
        (
            "listen = \"127.0.0.1:3000\n",
            "bpart.toml is wrong in line 1",
        ),
    ] {
        fs::write(place.0.join("bpart.toml"), text).unwrap();
        let (code, _, error) = run(&["--config", "bpart.toml", "check-config"], &place.0, &[]);
        assert_eq!(code, Some(1));
        assert!(error.contains(told), "{told}: {error}");
    }
}

/// Red when a second fault is told only after the first one was mended.
#[test]
fn every_fault_of_the_settings_is_told_at_once() {
    let place = Place::make("faults");
    fs::create_dir(place.0.join("folder")).unwrap();
    let variables = [
        ("BPART_DATABASE_URL", "sqlite:folder"),
        ("BPART_SECRET_KEY_FILE", "folder"),
        ("BPART_SMTP_URL", "imap://mail.example.org"),
        ("BPART_MAIL_FROM", "nobody"),
    ];
    let (code, _, error) = run(&["check-config"], &place.0, &variables);
    assert_eq!(code, Some(1));
    assert!(error.contains("4 faults:"), "{error}");
    for (name, _) in variables {
        assert!(error.contains(&format!("- {name}")), "{name}: {error}");
    }
}

/// Red when a slip in an address makes a new town, in which nobody is found.
#[test]
fn what_looks_at_data_makes_none() {
    let place = Place::make("looked");
    for command in [
        &["session", "end", "--all"][..],
        &["job", "list"],
        &["audit", "verify"],
        &["backup", "copy.db"],
    ] {
        let slip = [("BPART_DATABASE_URL", "sqlite:slip.db")];
        let (code, said, error) = run(command, &place.0, &slip);
        assert_eq!(code, Some(1), "{command:?}: {said}");
        assert!(error.contains("BPART_DATABASE_URL"), "{command:?}: {error}");
        assert_eq!(place.names(), <[&str; 0]>::default(), "{command:?}");
    }
}

/// Red when a town can be served without a mail server, or in clear, by mistake.
#[test]
fn only_this_machine_is_served_without_a_mail_server_or_in_clear() {
    let place = Place::make("served");
    let public = ("BPART_PUBLIC_URL", "https://door.example.org");
    let clear = ("BPART_PUBLIC_URL", "http://door.example.org");
    let smtp = ("BPART_SMTP_URL", "smtp://localhost");
    let everywhere = ("BPART_LISTEN", "0.0.0.0:3000");
    let allowed = ("BPART_ALLOW_HTTP", "yes");
    for (variables, told) in [
        (&[public][..], "BPART_SMTP_URL is not set"),
        (&[everywhere], "BPART_SMTP_URL is not set"),
        (&[clear, smtp], "BPART_PUBLIC_URL is wrong"),
    ] {
        for command in ["check-config", "serve", "demo"] {
            let (code, said, error) = run(&[command], &place.0, variables);
            assert_eq!(code, Some(1), "{command} {variables:?}: {said}");
            let on_loopback = command == "demo" && error.contains("loopback");
            assert!(error.contains(told) || on_loopback, "{command}: {error}");
        }
    }
    for (variables, warned) in [
        (&[][..], false),
        (&[public, smtp], true),
        (&[clear, smtp, allowed], false),
        (&[everywhere, smtp], false),
    ] {
        let (code, said, error) = run(&["check-config"], &place.0, variables);
        assert_eq!(code, Some(0), "{variables:?}: {said}{error}");
        let warning = said.contains("BPART_TRUSTED_PROXIES is not set");
        assert_eq!(warning, warned, "{said}");
    }
}
