//! The demo server: the program with people of every state, with its data under the target folder.
//!
//! The folder stays between runs, so that what one tried yesterday is still there today. Removing it starts anew.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::project::Project;

const LISTEN: &str = "127.0.0.1:3000";

/// The command that serves the demo, with settings that a developer may override from the environment.
pub fn command(project: &Project, program: &Path) -> Result<Command> {
    let folder = project.target.join("demo");
    std::fs::create_dir_all(&folder)?;
    let mut command = Command::new(program);
    command.arg("demo").current_dir(&project.root);
    for (name, value) in [
        (
            "BPART_DATABASE_URL",
            format!("sqlite:{}", folder.join("bpart.db").display()),
        ),
        (
            "BPART_SECRET_KEY_FILE",
            folder.join("secret.key").display().to_string(),
        ),
        ("BPART_PUBLIC_URL", origin()),
        ("BPART_LISTEN", listen()),
    ] {
        if std::env::var_os(name).is_none() {
            command.env(name, value);
        }
    }
    Ok(command)
}

/// Where its pages are read.
pub fn origin() -> String {
    std::env::var("BPART_PUBLIC_URL").unwrap_or_else(|_| {
        let listen = listen();
        let port = listen.rsplit(':').next().unwrap_or_default();
        format!("http://localhost:{port}")
    })
}

fn listen() -> String {
    std::env::var("BPART_LISTEN").unwrap_or_else(|_| LISTEN.to_owned())
}
