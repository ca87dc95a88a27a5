//! Queues a bulk of mails, then asks for one password reset, and says when its mail left.
//!
//! `cargo run --release --example bulk 50000 [DATABASE_URL]`; `cargo xtask bench bulk` starts it too. The mail server
//! stands beside it and takes 20 ms for each mail.

use domain::{Duration, Email, Locale, MailId, Realm, job::Priority};
use identity::{Client, NewAccount};
use mail::{AccountClosed, Message};
use server::{
    AppState, Config, jobs,
    state::{Outside, open_identity},
};
use std::{
    collections::HashMap,
    io::Write as _,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Instant,
};
use store::NewMail;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    time::sleep,
};

const READER: &str = "ada@town.example";
/// Mail domains of the bulk: a large one and some small ones.
const DOMAINS: [&str; 6] = ["big", "big", "big", "one", "two", "three"];
const TAKES: Duration = Duration::from_millis(20);

/// When the server took the mails of each recipient.
type Taken = Arc<Mutex<HashMap<String, Instant>>>;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().unwrap_or_default().parse()?;
    let folder = std::env::temp_dir().join(format!("bpart-bulk-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = format!("sqlite:{}", folder.join("bpart.db").display());
    let url = arguments.next().unwrap_or(file);
    let taken = Taken::default();
    let smtp = listen(Arc::clone(&taken)).await?;
    let key = folder.join("secret.key").display().to_string();
    let settings = [
        ("BPART_DATABASE_URL", url),
        ("BPART_SECRET_KEY_FILE", key),
        ("BPART_SMTP_URL", format!("smtp://{smtp}")),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value));
    let config = Config::from_parts(None, settings.into_iter())?;
    let identity = open_identity(&config, Outside::default()).await?;
    let email = Email::parse(READER)?;
    identity
        .create_account(NewAccount {
            email: email.clone(),
            name: domain::DisplayName::parse("Ada")?,
            locale: Locale::En,
            membership: None,
            platform_role: None,
        })
        .await?;
    let state = AppState::new(config, Arc::clone(&identity), Vec::new())?;
    queue(&state, count).await?;
    let running = tokio::spawn(jobs::run(Arc::clone(&state), std::future::pending()));
    sleep(Duration::from_secs(5)).await;
    taken.lock().expect("no thread panicked").clear();
    let asked = Instant::now();
    identity
        .ask_for_reset(&Realm::BackOffice, &email, Locale::En, &Client::default())
        .await?;
    let left = loop {
        sleep(Duration::from_millis(1)).await;
        let taken = taken.lock().expect("no thread panicked");
        if let Some(at) = taken.get(READER) {
            break at.duration_since(asked);
        }
    };
    sleep(Duration::from_secs(5)).await;
    let sent = taken.lock().expect("no thread panicked").len();
    let rate = f64::from(u32::try_from(sent)?) / asked.elapsed().as_secs_f64();
    running.abort();
    let mut out = std::io::stdout();
    writeln!(out, "reset left after {} ms", left.as_millis())?;
    writeln!(out, "bulk mails a second {rate:.1}")?;
    identity.store.close().await;
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

async fn queue(state: &AppState, count: usize) -> anyhow::Result<()> {
    let identity = &state.identity;
    let message = Message::AccountClosed(AccountClosed {
        name: "Somebody".to_owned(),
        link: "http://localhost:3000/help".to_owned(),
    });
    for part in (0..count).collect::<Vec<_>>().chunks(1000) {
        let mut tx = identity.store.begin().await?;
        for number in part {
            let id = MailId::new(&*identity.clock, &*identity.entropy);
            let place = format!("mail:{id}");
            let plain = message.to_json();
            let domain = DOMAINS[number % DOMAINS.len()];
            tx.insert_mail(&NewMail {
                organisation_id: None,
                registration_id: None,
                account_id: None,
                recipient: format!("p{number}@{domain}.example"),
                locale: Locale::En,
                kind: message.kind(),
                sealed: identity.vault.seal(&place, &plain, &*identity.entropy),
                priority: Priority::Bulk,
                created_at: identity.clock.now(),
                id,
            })
            .await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// A mail server that takes everything, slowly.
async fn listen(taken: Taken) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, Arc::clone(&taken)));
        }
    });
    Ok(address)
}

async fn talk(stream: TcpStream, taken: Taken) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut line, mut recipient, mut is_data) = (String::new(), String::new(), false);
    stream.write_all(b"220 bulk\r\n").await?;
    while stream.read_line(&mut line).await? > 0 {
        let said = std::mem::take(&mut line);
        let answer = if is_data {
            if said != ".\r\n" {
                continue;
            }
            is_data = false;
            sleep(TAKES).await;
            let mut taken = taken.lock().expect("no thread panicked");
            taken.entry(recipient.clone()).or_insert_with(Instant::now);
            "250 taken"
        } else if let Some(to) = said.strip_prefix("RCPT TO:<") {
            to.split('>')
                .next()
                .unwrap_or_default()
                .clone_into(&mut recipient);
            "250 fine"
        } else if said.starts_with("DATA") {
            is_data = true;
            "354 go on"
        } else {
            "250 fine"
        };
        stream.write_all(answer.as_bytes()).await?;
        stream.write_all(b"\r\n").await?;
    }
    Ok(())
}
