//! Runs another program, quietly: what it says is kept, and shown only when it fails.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::progress::Ticker;

/// Of a program that failed, this many lines are shown.
const LAST_LINES: usize = 60;
/// And of each line so many characters: generated code stands in one line.
const LINE_WIDTH: usize = 300;

/// What a program left behind.
pub struct Finished {
    /// Whether it said that all is well.
    pub ok: bool,
    /// What it wrote to its standard output.
    pub stdout: String,
    /// Everything it wrote, in the order in which it arrived.
    pub log: String,
}

impl Finished {
    /// The end of the log, where programs say why they gave up.
    pub fn tail(&self) -> String {
        let lines: Vec<&str> = self.log.lines().collect();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        let cut: Vec<String> = last
            .iter()
            .map(|line| line.chars().take(LINE_WIDTH).collect())
            .collect();
        cut.join("\n")
    }
}

/// A line, and whether it came from the standard output.
type Line = (bool, String);

/// Runs a program to its end; a failure of the program is an answer, not an error.
pub fn run(command: &mut Command, ticker: &Ticker) -> Result<Finished> {
    let name = name(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{name}` could not be started"))?;
    let (sender, lines) = channel();
    forward(child.stdout.take(), true, sender.clone());
    forward(child.stderr.take(), false, sender);

    let (mut stdout, mut log, mut last) = (String::new(), String::new(), String::new());
    loop {
        match lines.recv_timeout(Duration::from_secs(1)) {
            Ok((from_stdout, line)) => {
                if from_stdout {
                    stdout.push_str(&line);
                    stdout.push('\n');
                }
                log.push_str(&line);
                log.push('\n');
                // What a program says to another one tells a person nothing.
                if !line.starts_with('{') {
                    last = line;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        ticker.tick(&last);
    }
    let ok = child
        .wait()
        .with_context(|| format!("`{name}` was lost"))?
        .success();
    Ok(Finished { ok, stdout, log })
}

/// Runs a program that has to succeed; when it does not, the error carries the end of what it said.
pub fn must(command: &mut Command, ticker: &Ticker) -> Result<Finished> {
    let finished = run(command, ticker)?;
    if !finished.ok {
        bail!("{}\n\n`{}` failed", finished.tail(), name(command));
    }
    Ok(finished)
}

/// Whether a program exists and is content with these arguments. Its first line, if so.
pub fn probe(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Some(text.lines().next().unwrap_or_default().trim().to_owned())
}

fn forward(stream: Option<impl Read + Send + 'static>, from_stdout: bool, lines: Sender<Line>) {
    let Some(stream) = stream else { return };
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|read| read > 0)
        {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if lines.send((from_stdout, line)).is_err() {
                return;
            }
        }
    });
}

/// The command as one would type it, without the folders of its program.
fn name(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut name = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        name.push(' ');
        name.push_str(&argument.to_string_lossy());
    }
    name
}
