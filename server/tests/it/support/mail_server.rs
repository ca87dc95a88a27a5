//! The mail server of `server/tests/mail`, which shares no code with the program.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// A running mail server. It ends with the test.
pub struct MailServer {
    child: Child,
    port: u16,
}

impl MailServer {
    /// Starts it. What comes back is handed over by LMTP at the socket, which needs not be there yet.
    ///
    /// # Panics
    /// Where `cargo xtask test` has not installed it.
    pub fn start(lmtp: &Path) -> Self {
        let python = python();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/server.py");
        let mut child = Command::new(&python)
            .arg(program)
            .arg(lmtp)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                let python = python.display();
                panic!("{python}: {error}. `cargo xtask setup` installs the mail server.")
            });
        let mut line = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        Self { child, port }
    }

    /// What the operator writes into the settings.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The Python that has the mail server, in the target folder: the tests run from `target/PROFILE/deps`.
fn python() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let target = own.ancestors().nth(3).unwrap();
    target.join("mail-server/bin/python")
}
