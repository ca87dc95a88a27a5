//! The mail server of `server/tests/mail`, which shares no code with the program.

use super::{Engine, PROXY, TestServer};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::SystemTime,
};

/// A running mail server. It ends with the test.
pub struct MailServer {
    child: Child,
    port: u16,
    mails: PathBuf,
}

impl MailServer {
    /// Starts it. What comes back is handed over by LMTP at the socket, which needs not be there yet.
    ///
    /// # Panics
    /// Where `cargo xtask test` has not installed it.
    pub fn start(lmtp: &Path) -> Self {
        let python = python();
        let mails = lmtp.with_file_name("mails");
        fs::create_dir_all(&mails).unwrap();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/server.py");
        let mut child = Command::new(&python)
            .arg(program)
            .arg(lmtp)
            .arg(&mails)
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
        Self { child, port, mails }
    }

    /// What the operator writes into the settings.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The text of the newest mail to somebody; empty when it was refused.
    pub fn text(&self, recipient: &str) -> String {
        fs::read_to_string(self.mails.join(recipient)).unwrap()
    }

    /// When it last answered about a recipient, if ever.
    pub fn answered_at(&self, recipient: &str) -> Option<SystemTime> {
        let file = fs::metadata(self.mails.join(recipient)).ok()?;
        file.modified().ok()
    }
}

/// A server whose mails go to a mail server, which hands over what comes back.
pub async fn with_mail_server(server: &TestServer) -> (MailServer, TestServer) {
    let socket = server.folder().join("lmtp");
    let mails = MailServer::start(&socket);
    let leaked = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let settings = [
        ("BPART_SMTP_URL", leaked(mails.url())),
        ("BPART_MAIL_BOUNCES", "bounces@town.example"),
        (
            "BPART_LMTP_LISTEN",
            leaked(format!("unix:{}", socket.display())),
        ),
        PROXY[0],
    ];
    let engine = if server.database_url.starts_with("postgres") {
        Engine::Postgres
    } else {
        Engine::Sqlite
    };
    let other = TestServer::start(engine, &settings).await;
    other.platform("bellerive").await;
    (mails, other)
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
