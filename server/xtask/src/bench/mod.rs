//! `cargo xtask bench`: the release build against its bars.
//!
//! Every figure is measured in this one run on this one machine. Where a figure depends on the machine, its bar is
//! a ratio to something bare that was measured seconds before, so that a slow machine is judged like a fast one.
//! The figures are printed beside their bars and written to `target/bench.json`.

mod bulk;
mod enumeration;
mod http;
mod idle;
mod overload;
mod page_rate;
mod ranks;
mod server;
mod sign_in;
mod size;
mod sweep;
mod waiting;

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;

use crate::progress::{Progress, Ticker};
use crate::project::Project;
use crate::{release, setup};

/// One measured value and what it must reach.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// What was measured, in words.
    pub name: String,
    /// How much of it.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
    /// The bar, if there is one.
    pub bar: Option<Bar>,
    /// Whether the value is on the right side of its bar.
    pub ok: bool,
}

/// The side of a value on which it has to be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// Less is better.
    AtMost(f64),
    /// More is better.
    AtLeast(f64),
}

impl Figure {
    /// A value with a bar.
    pub fn judged(name: &str, value: f64, unit: &'static str, bar: Bar) -> Self {
        let ok = match bar {
            Bar::AtMost(most) => value <= most,
            Bar::AtLeast(least) => value >= least,
        };
        Self {
            name: name.to_owned(),
            value,
            unit,
            bar: Some(bar),
            ok,
        }
    }

    /// A value that explains another.
    pub fn plain(name: &str, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            value,
            unit,
            bar: None,
            ok: true,
        }
    }

    fn line(&self) -> String {
        let bar = match self.bar {
            None => String::new(),
            Some(Bar::AtMost(most)) => format!("at most {most} {}", self.unit),
            Some(Bar::AtLeast(least)) => format!("at least {least} {}", self.unit),
        };
        let verdict = match (self.bar, self.ok) {
            (None, _) => "",
            (_, true) => "ok",
            (_, false) => "MISSED",
        };
        let value = format!("{:.1} {}", self.value, self.unit);
        format!("  {:<58} {value:>18}  {bar:<26} {verdict}", self.name)
            .trim_end()
            .to_owned()
    }
}

/// What the measurements share.
pub struct Bench<'a> {
    /// Where things are.
    pub project: &'a Project,
    /// The release build of the server.
    pub program: PathBuf,
    /// Answers for each state, where states are compared.
    pub samples: usize,
}

/// A group of figures: its name on the command line, what it is at, and how it is measured.
type Measurement = (
    &'static str,
    &'static str,
    fn(&Bench, &Ticker) -> Result<Vec<Figure>>,
);

const MEASUREMENTS: [Measurement; 9] = [
    ("size", "What signing in weighs", size::measure),
    ("idle", "Start and idle memory", idle::measure),
    (
        "page-rate",
        "Pages for each second of a processor",
        page_rate::measure,
    ),
    ("sign-in", "Sign-ins beside bare hashes", sign_in::measure),
    (
        "overload",
        "More sign-ins than can be hashed",
        overload::measure,
    ),
    (
        "bulk",
        "A password reset behind 50 000 mails",
        bulk::measure,
    ),
    (
        "enumeration",
        "What the time of an answer tells of an address",
        enumeration::measure,
    ),
    (
        "sweep",
        "Signing in while a million rows are swept",
        sweep::measure,
    ),
    (
        "waiting",
        "Registrations, and 2 000 pages that wait for their mails",
        waiting::measure,
    ),
];

/// What stands behind `cargo xtask bench`.
struct Options {
    wanted: Vec<String>,
    samples: usize,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            wanted: Vec::new(),
            samples: enumeration::SAMPLES,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if argument == "--samples" {
                let number = arguments.next().context("--samples wants a number")?;
                options.samples = number.parse().context("--samples wants a number")?;
                ensure!(options.samples > 0, "--samples wants a number above zero");
            } else {
                options.wanted.push(argument.clone());
            }
        }
        Ok(options)
    }
}

/// Measures everything, or what is named.
pub fn run(project: &Project, arguments: &[String]) -> Result<bool> {
    let Options { wanted, samples } = Options::parse(arguments)?;
    let known = |name: &String| MEASUREMENTS.iter().any(|(known, ..)| known == name);
    if let Some(unknown) = wanted.iter().find(|name| !known(name)) {
        let names: Vec<&str> = MEASUREMENTS.iter().map(|(name, ..)| *name).collect();
        bail!(
            "there is no measurement `{unknown}`; there are {}",
            names.join(", ")
        );
    }
    let chosen: Vec<&Measurement> = MEASUREMENTS
        .iter()
        .filter(|(name, ..)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name))
        .collect();

    let mut progress = Progress::new(chosen.len() + 4);
    let (program, _) = release::build(project, &mut progress)?;
    let missing = progress.step("Tools for the measurements", setup::for_bench)?;
    ensure!(missing.is_empty(), "{}", missing.join("\n"));
    let bench = Bench {
        project,
        program,
        samples,
    };
    let mut figures = Vec::new();
    for (_, what, measure) in chosen {
        figures.extend(progress.step(what, |ticker| measure(&bench, ticker))?);
    }
    let file = project.target.join("bench.json");
    std::fs::write(&file, serde_json::to_vec_pretty(&figures)?)?;
    println!();
    for figure in &figures {
        println!("{}", figure.line());
    }
    println!("\n{}", project.show(&file));
    Ok(figures.iter().all(|figure| figure.ok))
}

/// Runs the same work in many threads, each with its number, and hears whether one failed.
pub fn many(threads: usize, work: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = (0..threads)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        running
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| bail!("a client panicked")))
    })
}

/// A number as a figure has it.
#[expect(
    clippy::cast_precision_loss,
    reason = "what is counted here stays far below 2^52"
)]
pub fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_run_says_how_many_samples() -> Result<()> {
        let parse = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            Options::parse(&words)
        };
        let quick = parse(&["enumeration", "--samples", "300"])?;
        assert_eq!(
            (quick.wanted, quick.samples),
            (vec!["enumeration".to_owned()], 300)
        );
        assert_eq!(parse(&[])?.samples, enumeration::SAMPLES);
        assert!(parse(&["--samples"]).is_err() && parse(&["--samples", "0"]).is_err());
        Ok(())
    }

    #[test]
    fn a_value_on_the_wrong_side_is_not_ok() {
        assert!(Figure::judged("kB", 20.0, "kB", Bar::AtMost(20.0)).ok);
        assert!(!Figure::judged("kB", 20.1, "kB", Bar::AtMost(20.0)).ok);
        assert!(Figure::judged("rate", 80.0, "%", Bar::AtLeast(80.0)).ok);
        assert!(!Figure::judged("rate", 79.9, "%", Bar::AtLeast(80.0)).ok);
    }
}
