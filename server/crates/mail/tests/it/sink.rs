//! An SMTP server that takes every mail and keeps it, unless it was told to answer otherwise.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// What came in: the recipient of the envelope and the mail with its headers.
#[derive(Clone)]
pub struct Received {
    pub recipient: String,
    pub mail: String,
}

#[derive(Clone, Default)]
struct State {
    mails: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
}

pub struct Sink {
    address: SocketAddr,
    state: State,
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = State::default();
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, shared.clone()));
            }
        });
        Self { address, state }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The next recipients are answered like this, one each; then all is well again.
    pub fn answer(&self, answers: &[&'static str]) {
        self.state.answers.lock().unwrap().extend(answers);
    }

    pub fn mails(&self) -> Vec<Received> {
        self.state.mails.lock().unwrap().clone()
    }

    pub fn recipients(&self) -> Vec<String> {
        self.mails()
            .into_iter()
            .map(|mail| mail.recipient)
            .collect()
    }
}

async fn talk(stream: TcpStream, state: State) {
    let mut stream = BufReader::new(stream);
    let mut recipient = String::new();
    stream.write_all(b"220 sink\r\n").await.unwrap();
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
        let command = line.trim_end().to_owned();
        line.clear();
        let answer = match command.split([' ', ':']).next().unwrap() {
            "RCPT" => {
                recipient = command["RCPT TO:<".len()..]
                    .trim_end_matches('>')
                    .to_owned();
                state
                    .answers
                    .lock()
                    .unwrap()
                    .pop_front()
                    .unwrap_or("250 fine")
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.unwrap();
                let mail = read_mail(&mut stream).await;
                let recipient = recipient.clone();
                state
                    .mails
                    .lock()
                    .unwrap()
                    .push(Received { recipient, mail });
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        if stream
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
            .is_err()
        {
            return;
        }
    }
}

async fn read_mail(stream: &mut BufReader<TcpStream>) -> String {
    let mut mail = String::new();
    while !mail.ends_with("\r\n.\r\n") {
        assert!(
            stream.read_line(&mut mail).await.unwrap() > 0,
            "the client hung up"
        );
    }
    mail
}
