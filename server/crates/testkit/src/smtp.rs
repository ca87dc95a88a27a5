//! An SMTP server that takes every mail and keeps it, unless it was asked to answer otherwise.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{self, AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// What came in.
#[derive(Debug, Clone)]
pub struct Received {
    /// The sender of the envelope.
    pub sender: String,
    /// The recipient of the envelope.
    pub recipient: String,
    /// The mail with its headers.
    pub mail: String,
}

#[derive(Default)]
struct State {
    mails: Mutex<Vec<Received>>,
    answers: Mutex<VecDeque<&'static str>>,
    data_answers: Mutex<VecDeque<&'static str>>,
    greetings: Mutex<Vec<String>>,
}

/// The server; it listens until the test's process ends.
pub struct Sink {
    address: SocketAddr,
    state: Arc<State>,
}

impl Sink {
    /// Starts to listen.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("a port has a number");
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    /// What the operator writes into the settings.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The next recipients are answered like this, one each; later ones are accepted.
    pub fn answer(&self, answers: &[&'static str]) {
        lock(&self.state.answers).extend(answers);
    }

    /// The next mails are answered like this after their last line, one each; those are not kept.
    pub fn answer_data(&self, answers: &[&'static str]) {
        lock(&self.state.data_answers).extend(answers);
    }

    /// Everything that came in, the oldest first.
    pub fn mails(&self) -> Vec<Received> {
        lock(&self.state.mails).clone()
    }

    /// What clients called themselves, the oldest first.
    pub fn greetings(&self) -> Vec<String> {
        lock(&self.state.greetings).clone()
    }

    /// The recipients of everything that came in.
    pub fn recipients(&self) -> Vec<String> {
        let mails = self.mails().into_iter();
        mails.map(|mail| mail.recipient).collect()
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One conversation; it ends when the client hangs up.
async fn talk(stream: TcpStream, state: Arc<State>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut sender, mut recipient) = (String::new(), String::new());
    stream.write_all(b"220 sink\r\n").await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let command = line.trim_end().to_owned();
        line.clear();
        let answer = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => {
                let name = command.split_whitespace().nth(1).unwrap_or_default();
                lock(&state.greetings).push(name.to_owned());
                "250 fine"
            }
            "MAIL" => {
                sender = address_in(&command);
                "250 fine"
            }
            "RCPT" => {
                recipient = address_in(&command);
                let next = lock(&state.answers).pop_front();
                next.unwrap_or("250 fine")
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mail = read_mail(&mut stream).await?;
                let refusal = lock(&state.data_answers).pop_front();
                if refusal.is_none() {
                    lock(&state.mails).push(Received {
                        sender: sender.clone(),
                        recipient: recipient.clone(),
                        mail,
                    });
                }
                refusal.unwrap_or("250 taken")
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// The address between the angle brackets of a command.
fn address_in(command: &str) -> String {
    let address = command.split_once('<').map_or("", |(_, rest)| rest);
    let address = address
        .split_once('>')
        .map_or(address, |(address, _)| address);
    address.to_owned()
}

async fn read_mail(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut mail = String::new();
    while !mail.ends_with("\r\n.\r\n") {
        if stream.read_line(&mut mail).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(mail)
}
