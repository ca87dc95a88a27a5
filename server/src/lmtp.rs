//! LMTP (RFC 2033): a mail server hands over the mails that come back, without starting a program for each.
//!
//! Each recipient is answered on its own after the mail. Addresses that are not ours are refused before the mail is read.

use axum::serve::Listener;
use identity::{Identity, Received};
use smtp_proto::{
    Error, Request,
    request::receiver::{DataReceiver, RequestReceiver},
};
use std::{
    borrow::Cow,
    fmt,
    fs::Permissions,
    io,
    net::SocketAddr,
    os::unix::fs::{FileTypeExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, UnixListener, UnixStream},
    sync::Semaphore,
    task::{JoinHandle, JoinSet},
    time::timeout,
};

/// Connections at a time; a mail server keeps what waits and comes again.
const CONNECTIONS: usize = 16;
/// Recipients of one mail (RFC 5321, section 4.5.3.1.8).
const RECIPIENTS: usize = 100;
/// Lines that are not understood, of one connection.
const FAULTS: usize = 20;
/// How long a client may be silent (RFC 5321, section 4.5.3.2.7).
const SILENCE: Duration = Duration::from_mins(5);
/// Bytes read at a time.
const PART: usize = 8 * 1024;

/// Where mails are handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Socket {
    /// An address and a port.
    Tcp(SocketAddr),
    /// A socket in the file system.
    Unix(PathBuf),
}

impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// Listens until the task is aborted. A mail that is being handed over then is handed over again by the mail server.
///
/// # Errors
/// When the socket cannot be used.
pub async fn listen(socket: &Socket, identity: Arc<Identity>) -> io::Result<JoinHandle<()>> {
    Ok(match socket {
        Socket::Tcp(address) => tokio::spawn(serve(TcpListener::bind(address).await?, identity)),
        Socket::Unix(path) => {
            // A process that was killed leaves its socket behind.
            if is_socket(path) && UnixStream::connect(path).await.is_err() {
                tokio::fs::remove_file(path).await?;
            }
            let listener = UnixListener::bind(path)?;
            // Who may connect is decided by the folder: the mail server is another user, and connecting needs the right to write.
            std::fs::set_permissions(path, Permissions::from_mode(0o666))?;
            tokio::spawn(serve(listener, identity))
        }
    })
}

fn is_socket(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
}

async fn serve(mut listener: impl Listener, identity: Arc<Identity>) {
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let (stream, _) = listener.accept().await;
        let identity = Arc::clone(&identity);
        connections.spawn(async move {
            let session = Session::new(stream, identity);
            if let Err(error) = session.run().await {
                tracing::debug!(%error, "LMTP connection ended");
            }
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
}

/// What is answered to a line.
enum Reply {
    /// This, and the next line is read.
    Say(Cow<'static, str>),
    /// This, and a mail is read.
    Data,
    /// This, and the connection ends.
    Quit,
}

struct Session<S> {
    stream: S,
    identity: Arc<Identity>,
    /// The recipients so far, once a sender was named.
    recipients: Option<Vec<String>>,
    was_greeted: bool,
    /// What was read and not yet looked at.
    unread: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    fn new(stream: S, identity: Arc<Identity>) -> Self {
        Self {
            stream,
            identity,
            recipients: None,
            was_greeted: false,
            unread: Vec::new(),
        }
    }

    async fn run(mut self) -> io::Result<()> {
        self.say("220 bpart LMTP").await?;
        let mut lines = RequestReceiver::default();
        let mut faults = 0;
        loop {
            let unread = std::mem::take(&mut self.unread);
            let mut bytes = unread.iter();
            let request = lines.ingest(&mut bytes).map(Request::into_owned);
            self.unread = bytes.as_slice().to_vec();
            let reply = match request {
                Ok(request) => self.reply(request),
                Err(Error::NeedsMoreData { .. }) => {
                    self.unread.clear();
                    if !self.read_more().await? {
                        return Ok(());
                    }
                    continue;
                }
                Err(Error::ResponseTooLong) => {
                    return self.say("500 5.5.2 The line is too long").await;
                }
                Err(_) if faults < FAULTS => {
                    faults += 1;
                    Reply::Say("500 5.5.2 Not understood".into())
                }
                Err(_) => return self.say("421 4.7.0 Too many errors").await,
            };
            match reply {
                Reply::Say(line) => self.say(&line).await?,
                Reply::Data => {
                    self.say("354 End with a dot").await?;
                    if !self.take_mail().await? {
                        return Ok(());
                    }
                }
                Reply::Quit => return self.say("221 2.0.0 Goodbye").await,
            }
        }
    }

    fn reply(&mut self, request: Request<String>) -> Reply {
        let line = match request {
            Request::Lhlo { .. } => {
                (self.was_greeted, self.recipients) = (true, None);
                "250-bpart\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME"
            }
            Request::Quit => return Reply::Quit,
            Request::Noop { .. } => "250 2.0.0 Ok",
            Request::Rset => {
                self.recipients = None;
                "250 2.0.0 Ok"
            }
            Request::Mail { .. } if self.was_greeted && self.recipients.is_none() => {
                self.recipients = Some(Vec::new());
                "250 2.1.0 Ok"
            }
            Request::Rcpt { to } => self.recipient(to.address),
            Request::Data => match &self.recipients {
                Some(recipients) if !recipients.is_empty() => return Reply::Data,
                // No valid recipient: RFC 2033, section 4.2.
                _ => "503 5.5.1 No valid recipients",
            },
            Request::Ehlo { .. } | Request::Helo { .. } => "500 5.5.1 This is LMTP: say LHLO",
            _ => "503 5.5.1 Not now",
        };
        Reply::Say(line.into())
    }

    fn recipient(&mut self, address: String) -> &'static str {
        let Some(recipients) = &mut self.recipients else {
            return "503 5.5.1 First MAIL";
        };
        if recipients.len() >= RECIPIENTS {
            return "452 4.5.3 Too many recipients";
        }
        if !self.identity.receives(&address) {
            return "550 5.1.1 Not an address of ours";
        }
        recipients.push(address);
        "250 2.1.5 Ok"
    }

    /// Reads the mail and answers for each recipient; false when the client has gone.
    async fn take_mail(&mut self) -> io::Result<bool> {
        let mut data = DataReceiver::new();
        // A mail may be empty: its first line may be the dot.
        data.ingest(&mut b"\r\n".iter(), &mut Vec::new());
        let mut mail = Vec::new();
        loop {
            let unread = std::mem::take(&mut self.unread);
            let mut bytes = unread.iter();
            let is_whole = data.ingest(&mut bytes, &mut mail);
            self.unread = bytes.as_slice().to_vec();
            // Of a longer mail the start is enough.
            mail.truncate(incoming::LONGEST);
            if is_whole {
                break;
            }
            if !self.read_more().await? {
                return Ok(false);
            }
        }
        // It is read once, however many recipients it has, and where it holds up no other connection.
        let incoming = tokio::task::spawn_blocking(move || incoming::read(&mail)).await?;
        for recipient in self.recipients.take().unwrap_or_default() {
            let line = match self.identity.receive_mail(&recipient, &incoming).await {
                Ok(Received::NotOurs) => "550 5.1.1 Not an address of ours",
                Ok(_) => "250 2.0.0 Taken",
                Err(_) => "451 4.3.0 The database does not answer",
            };
            self.say(line).await?;
        }
        Ok(true)
    }

    /// Reads what the client says next; false when it has gone.
    async fn read_more(&mut self) -> io::Result<bool> {
        let mut part = [0; PART];
        let read = timeout(SILENCE, self.stream.read(&mut part)).await??;
        self.unread.extend_from_slice(&part[..read]);
        Ok(read > 0)
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        let line = format!("{line}\r\n");
        timeout(SILENCE, self.stream.write_all(line.as_bytes())).await?
    }
}
